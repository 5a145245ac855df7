//! What wraps every request: its id, its caller, the words of a refusal, the headers that keep browsers careful.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use kernel::problem::{Lang, Problem};
use tower_http::catch_panic::CatchPanicLayer;

use super::caller::Sessions;
use super::refusal::Refusal;
use super::words::Dictionary;
use crate::ctx::Ctx;

/// Bodies of JSON requests, at most. Uploads count their own bytes.
const BODY_BYTES: usize = 512 * 1024;
const POLICY: &str = "default-src 'self'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; \
     frame-ancestors 'self'";

/// The number by which a request is found in the log, shown in every problem.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

#[derive(Clone)]
struct Outer {
    ctx: Ctx,
    sessions: Sessions,
    words: Arc<Dictionary>,
}

/// Wraps the finished router. `/api` paths that lead nowhere answer with a problem too.
pub fn finish(router: Router, ctx: Ctx, sessions: Sessions, words: Arc<Dictionary>) -> Router {
    let outer = Outer { ctx, sessions, words };
    router
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(CatchPanicLayer::custom(|_| Refusal(Problem::new(500, "platform/fault")).into_response()))
        .layer(from_fn_with_state(outer, around))
}

/// The answer for an API path that nobody serves.
pub async fn no_such_route() -> Response {
    Refusal(Problem::not_found("platform/no-such-route")).into_response()
}

async fn around(State(outer): State<Outer>, mut request: Request, next: Next) -> Response {
    let id = RequestId(format!("req-{}", outer.ctx.ids.next()));
    let language = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let lang = Lang::from_header(language.unwrap_or_default());
    let path = request.uri().path().to_owned();
    let response = match outer.sessions.caller(&outer.ctx, request.headers()).await {
        Ok(caller) => {
            if let Some(caller) = caller {
                request.extensions_mut().insert(caller);
            }
            request.extensions_mut().insert(id.clone());
            next.run(request).await
        }
        Err(fault) => Refusal::from(fault).into_response(),
    };
    let api = path.starts_with("/api/");
    headed(spoken(response, &outer.words, lang, &id, api), api)
}

/// Puts a refusal into words.
fn spoken(response: Response, words: &Dictionary, lang: Lang, id: &RequestId, api: bool) -> Response {
    let status = response.status();
    let problem = match response.extensions().get::<Problem>() {
        Some(problem) => problem.clone(),
        // Refusals of the HTTP layer itself, which know no codes.
        None if api && status == StatusCode::METHOD_NOT_ALLOWED => Problem::new(405, "platform/wrong-method"),
        None if api && status == StatusCode::NOT_FOUND && !has_body_type(&response) => {
            Problem::not_found("platform/no-such-route")
        }
        None if api && status == StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(413, "platform/body-too-large")
        }
        None => return response,
    };
    if status.is_server_error() {
        tracing::error!(request = id.0, code = %problem.code, "refused by a fault");
    } else {
        tracing::debug!(request = id.0, code = %problem.code, "refused");
    }
    let retry = problem.params.get("wait_s").map(ToString::to_string);
    let body = words.body(lang, &problem, &id.0).to_string();
    let mut spoken = (status, Body::from(body)).into_response();
    let headers = spoken.headers_mut();
    headers.extend(response.headers().clone());
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json; charset=utf-8"));
    let tongue = if lang == Lang::Zh { "zh-CN" } else { "en" };
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(tongue));
    if let Some(wait) = retry.and_then(|wait| HeaderValue::from_str(&wait).ok()) {
        headers.insert(header::RETRY_AFTER, wait);
    }
    spoken
}

fn has_body_type(response: &Response) -> bool {
    response.headers().contains_key(header::CONTENT_TYPE)
}

fn headed(mut response: Response, api: bool) -> Response {
    let headers = response.headers_mut();
    let mut put = |name: &'static str, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put("x-content-type-options", "nosniff");
    put("referrer-policy", "same-origin");
    put("content-security-policy", POLICY);
    put("cross-origin-opener-policy", "same-origin");
    if api {
        put("cache-control", "no-store");
    }
    response
}
