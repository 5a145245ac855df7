//! A refusal on its way out. The words are put in by the outermost layer, which knows the caller's language.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::problem::{Problem, ToProblem};

/// What a handler returns instead of an answer.
#[derive(Debug, Clone)]
pub struct Refusal(pub Problem);

impl<E: ToProblem> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self(error.problem())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self.0);
        response
    }
}
