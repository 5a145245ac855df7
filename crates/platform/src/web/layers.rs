//! What wraps every request: its id, its caller, the words of a refusal, the headers that keep browsers careful.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use kernel::problem::{Lang, Problem};
use tower_http::catch_panic::CatchPanicLayer;

use super::caller::Sessions;
use super::language::language_of;
use super::limit::Limits;
use super::methods::allowed;
use super::peer::Peer;
use super::refusal::Refusal;
use super::unread::Reading;
use super::words::Dictionary;
use crate::ctx::Ctx;

/// Bodies of JSON requests, at most. Uploads count their own bytes.
const BODY_BYTES: usize = 512 * 1024;
const POLICY: &str = "default-src 'self'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; \
     frame-ancestors 'self'; form-action 'self'";
/// Browsers ask this host by HTTPS only, for a year from their last visit. Only this host: others of the domain are not ours.
const HTTPS_ONLY: &str = "max-age=31536000";
/// Requests to the API without an account per address and minute, all together. Sixty phones of one street behind the one
/// address of a phone network need some 40 each in the minute in which all of them report; this is more than twice that.
const STRANGERS_PER_MINUTE: u32 = 6_000;

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

async fn around(State(outer): State<Outer>, request: Request, next: Next) -> Response {
    let id = RequestId(format!("req-{}", outer.ctx.ids.next()));
    let lang = language_of(request.headers());
    let api = request.uri().path().starts_with("/api/");
    let (method, version) = (request.method().clone(), request.version());
    let allowed = allowed(request.extensions());
    let (request, reading) = Reading::of(request);
    let response = match outer.welcome(request, &id, api).await {
        Ok(request) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    };
    let response = spoken(told(response, allowed, &method), &outer.words, lang, &id, api);
    let mut response = headed(response, outer.sessions.https());
    reading.close(&mut response, version);
    response
}

impl Outer {
    /// Who is it? Nobody in particular is counted by his address.
    async fn welcome(&self, mut request: Request, id: &RequestId, api: bool) -> Result<Request, Refusal> {
        if let Some(caller) = self.sessions.caller(&self.ctx, request.headers()).await? {
            let token = self.sessions.token(request.headers());
            request.extensions_mut().insert(caller);
            token.map(|token| request.extensions_mut().insert(token));
        } else if let Some(limits) = request.extensions().get::<Limits>().filter(|_| api) {
            let peer = Peer::of(request.extensions(), request.headers());
            limits.take_outside(peer, "stranger", STRANGERS_PER_MINUTE, self.ctx.now())?;
        }
        request.extensions_mut().insert(id.clone());
        Ok(request)
    }
}

/// Says which methods an address answers, to whoever asks or uses another. What browsers of other sites ask by `OPTIONS`
/// is not said: no.
fn told(mut response: Response, allowed: Option<HeaderValue>, method: &Method) -> Response {
    let Some(allowed) = allowed.filter(|_| response.status() == StatusCode::METHOD_NOT_ALLOWED) else {
        return response;
    };
    if method == Method::OPTIONS {
        *response.status_mut() = StatusCode::NO_CONTENT;
    } else {
        let methods = allowed.to_str().unwrap_or_default();
        let problem = Problem::new(405, "platform/wrong-method").with("allowed", methods);
        response.extensions_mut().insert(problem);
    }
    response.headers_mut().insert(header::ALLOW, allowed);
    response
}

/// Puts a refusal into words.
fn spoken(response: Response, words: &Dictionary, lang: Lang, id: &RequestId, api: bool) -> Response {
    let status = response.status();
    let problem = match response.extensions().get::<Problem>() {
        Some(problem) => problem.clone(),
        // Refusals of the HTTP layer itself, which know no codes.
        None if api && status == StatusCode::METHOD_NOT_ALLOWED => {
            Problem::new(405, "platform/wrong-method").with("allowed", "—")
        }
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

/// What browsers are told with every answer. Nothing is kept unless its route says otherwise: what somebody saw is not to be
/// found on the machine after him.
fn headed(mut response: Response, https: bool) -> Response {
    let headers = response.headers_mut();
    let mut put = |name: &'static str, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put("x-content-type-options", "nosniff");
    put("referrer-policy", "same-origin");
    put("content-security-policy", POLICY);
    put("cross-origin-opener-policy", "same-origin");
    put("cross-origin-resource-policy", "same-origin");
    put("cache-control", "no-store");
    if https {
        put("strict-transport-security", HTTPS_ONLY);
    }
    response
}
