//! The HTTP face of the cases: bodies, handlers, and for each route the right that it needs. Whose case it is, is a
//! rule; what a caller may not see does not exist for him (404).

mod acts;
mod board;
mod body;
mod catalogue;
mod erase;
mod intake;
mod params;
mod public;
mod receipts;
mod schemas;
mod staff;

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use kernel::problem::Lang;
use kernel::rights::Right;
use platform::web::{Caller, Need, Slice};
use utoipa_axum::routes;

use crate::house::Cases;
use crate::queries::Viewer;

/// The routes of this room.
pub fn routes() -> Slice<Cases> {
    let read = Need::Right(Right::CaseRead);
    Slice::new()
        .route(Need::Public, routes!(public::city))
        .route(Need::Public, routes!(public::kinds))
        .route(Need::Public, routes!(public::areas))
        .route(Need::Public, routes!(public::locate))
        .route(Need::Public, routes!(public::report))
        .route(Need::Public, routes!(receipts::show))
        .route(Need::Public, routes!(receipts::verdict))
        .route(Need::Public, routes!(receipts::photo))
        .route(Need::SignedIn, routes!(catalogue::classes))
        .route(Need::SignedIn, routes!(catalogue::refusal_reasons))
        .route(read, routes!(staff::list))
        .route(Need::Right(Right::CaseReport), routes!(intake::report))
        .route(read, routes!(staff::counts))
        .route(read, routes!(staff::show))
        .route(read, routes!(staff::proposal))
        .route(read, routes!(staff::verify))
        .route(read, routes!(staff::photo))
        .route(Need::Right(Right::ReporterUnmask), routes!(staff::reporter))
        .route(Need::Right(Right::ReporterUnmask), routes!(erase::erase))
        .route(Need::Right(Right::CasePreVerify), routes!(acts::pre_verify))
        .route(Need::Right(Right::CaseFile), routes!(acts::file))
        .route(Need::Right(Right::CaseFile), routes!(acts::refuse))
        .route(Need::Right(Right::CaseDispatch), routes!(acts::dispatch))
        .route(Need::Right(Right::CaseHandle), routes!(acts::handle))
        .route(Need::Right(Right::CaseCheck), routes!(acts::check))
        .route(Need::Right(Right::CaseClose), routes!(acts::close))
        .route(Need::Right(Right::BoardRead), routes!(board::board))
        .route(read, routes!(board::live))
}

/// What a demo city has besides.
pub fn demo_routes() -> Slice<Cases> {
    Slice::new().route(Need::SignIn, routes!(board::demo_board))
}

/// The language in which the caller reads.
pub(crate) struct Speaks(pub(crate) Lang);

impl<S: Send + Sync> FromRequestParts<S> for Speaks {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let header = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Ok(Self(Lang::from_header(header.unwrap_or_default())))
    }
}

/// A reader of cases.
fn reader(caller: &Caller, Speaks(lang): Speaks) -> Viewer<'_> {
    Viewer { caller, lang, right: Right::CaseRead }
}
