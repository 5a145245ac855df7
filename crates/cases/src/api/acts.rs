//! The acts on a case. Each takes the version that the caller has seen (`If-Match`) and answers with the case as it is
//! right afterwards; sent again with the same `Idempotency-Key`, it is not done again and answers the same.

use std::future::Future;

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use kernel::id::{CaseId, UnitId};
use kernel::problem::Lang;
use platform::idempotency::{OnceKey, once};
use platform::web::{At, Body, Caller, IdempotencyKey, IfMatch, Refusal, Speaks, etag};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::reader;
use crate::commands::{ActError, Attachment, Changed, On, Words};
use crate::house::Cases;
use crate::model::{ReasonCode, StandardId};
use crate::queries::views::CaseView;

/// The result of a look on the spot.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreVerifyBody {
    found: bool,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    photos: Vec<Attachment>,
}

/// The standard row to file under.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileBody {
    standard_id: String,
}

/// Why it is refused.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefuseBody {
    reason_code: String,
    #[serde(default)]
    note: Option<String>,
}

/// Where it is sent.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DispatchBody {
    #[schema(value_type = String)]
    unit_id: UnitId,
    /// The row of the responsibility list that the screen showed; the server finds the row that holds now by itself.
    #[serde(default)]
    row_id: Option<String>,
    /// Needed when the unit is not the one proposed.
    #[serde(default)]
    note: Option<String>,
}

/// What the unit feeds back.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandleBody {
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    photos: Vec<Attachment>,
}

/// The result of a check.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckBody {
    passed: bool,
    /// Needed when it did not pass.
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    photos: Vec<Attachment>,
}

/// Closing.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CloseBody {
    #[serde(default)]
    note: Option<String>,
}

/// An act under way: who, on what, as he saw it. A case that he may not see does not exist for him.
pub(crate) struct Act {
    cases: Cases,
    caller: Caller,
    lang: Lang,
    id: CaseId,
    seen: i64,
    path: String,
    key: Option<String>,
}

impl FromRequestParts<Cases> for Act {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, cases: &Cases) -> Result<Self, Refusal> {
        let caller = <Caller as FromRequestParts<Cases>>::from_request_parts(parts, cases).await?;
        let Ok(Speaks(lang)) = Speaks::from_request_parts(parts, cases).await;
        let At(id) = At::from_request_parts(parts, cases).await?;
        let IfMatch(seen) = IfMatch::from_request_parts(parts, cases).await?;
        let IdempotencyKey(key) = IdempotencyKey::from_request_parts(parts, cases).await?;
        cases.seen(&reader(&caller, Speaks(lang)), id).await?;
        let path = parts.uri.path().to_owned();
        Ok(Self { cases: cases.clone(), caller, lang, id, seen, path, key })
    }
}

impl Act {
    /// The key under which this act is done once, if the request has one. It stands for the address and what was sent,
    /// whichever version was seen: who sends again after a lost answer may have looked at the case meanwhile.
    fn once(&self, body: &impl Serialize) -> Option<OnceKey> {
        let key = self.key.as_deref()?;
        let (city, scope) = (self.caller.city, format!("case-act:user:{}", self.caller.user));
        let content = serde_json::to_string(body).unwrap_or_default();
        let content = format!("{}\n{content}", self.path);
        Some(OnceKey::new(&self.cases.ctx, city, &scope, key, content.as_bytes()))
    }

    fn on<'a>(&'a self, once: &'a Option<OnceKey>) -> On<'a> {
        On { caller: &self.caller, case: self.id, seen: self.seen, once: once.as_ref() }
    }

    /// Acts, or finds that it was done before: the case as it was right afterwards.
    async fn answer(
        &self,
        key: &Option<OnceKey>,
        doing: impl Future<Output = Result<Changed, ActError>>,
    ) -> Result<Response, Refusal> {
        let doing = async { doing.await.map(|done| done.acted) };
        let acted = once::<_, ActError>(&self.cases.ctx, key.as_ref(), doing).await?;
        let viewer = reader(&self.caller, Speaks(self.lang));
        let view = self.cases.show_after(&viewer, self.id, acted).await?;
        Ok(([etag(acted.version)], Json(view)).into_response())
    }
}

/// 核实: say whether the problem is there.
#[utoipa::path(post, path = "/api/v1/cases/{id}/pre-verify", tag = "cases", operation_id = "preVerifyCase", request_body = PreVerifyBody,
    params(("id" = String, Path, description = "the case"), ("If-Match" = String, Header, description = "the version seen"),
        ("Idempotency-Key" = Option<String>, Header, description = "any unique text of at most 64 characters")),
    responses((status = 200, description = "done", body = CaseView), (status = 403, description = "cases/…"), (status = 404, description = "cases/not-found"),
        (status = 409, description = "cases/wrong-phase, platform/stale"), (status = 422, description = "platform/idempotency-reused, cases/photo-…"), (status = 428, description = "platform/version-required"),
        (status = 503, description = "cases/photo-not-ready")))]
pub(crate) async fn pre_verify(act: Act, Body(body): Body<PreVerifyBody>) -> Result<Response, Refusal> {
    let once = act.once(&body);
    act.answer(&once, act.cases.pre_verify(act.on(&once), body.found, &Words(body.note), &body.photos)).await
}

/// 立案: take it on under a row of the standard.
#[utoipa::path(post, path = "/api/v1/cases/{id}/file", tag = "cases", operation_id = "fileCase", request_body = FileBody,
    params(("id" = String, Path, description = "the case"), ("If-Match" = String, Header, description = "the version seen"),
        ("Idempotency-Key" = Option<String>, Header, description = "any unique text of at most 64 characters")),
    responses((status = 200, description = "done", body = CaseView), (status = 403, description = "cases/…"), (status = 404, description = "cases/not-found"),
        (status = 409, description = "cases/wrong-phase, cases/not-found-on-site, platform/stale"), (status = 422, description = "platform/idempotency-reused, cases/standard-…"), (status = 428, description = "platform/version-required")))]
pub(crate) async fn file(act: Act, Body(body): Body<FileBody>) -> Result<Response, Refusal> {
    let once = act.once(&body);
    act.answer(&once, act.cases.file(act.on(&once), StandardId(body.standard_id))).await
}

/// 不予受理: turn it down with a reason.
#[utoipa::path(post, path = "/api/v1/cases/{id}/refuse", tag = "cases", operation_id = "refuseCase", request_body = RefuseBody,
    params(("id" = String, Path, description = "the case"), ("If-Match" = String, Header, description = "the version seen"),
        ("Idempotency-Key" = Option<String>, Header, description = "any unique text of at most 64 characters")),
    responses((status = 200, description = "done", body = CaseView), (status = 403, description = "cases/…"), (status = 404, description = "cases/not-found"),
        (status = 409, description = "cases/wrong-phase, platform/stale"), (status = 422, description = "platform/idempotency-reused, cases/reason-unknown, cases/note-missing"), (status = 428, description = "platform/version-required")))]
pub(crate) async fn refuse(act: Act, Body(body): Body<RefuseBody>) -> Result<Response, Refusal> {
    let once = act.once(&body);
    act.answer(&once, act.cases.refuse(act.on(&once), ReasonCode(body.reason_code), &Words(body.note))).await
}

/// 派遣: send it to the unit that answers for it.
#[utoipa::path(post, path = "/api/v1/cases/{id}/dispatch", tag = "cases", operation_id = "dispatchCase", request_body = DispatchBody,
    params(("id" = String, Path, description = "the case"), ("If-Match" = String, Header, description = "the version seen"),
        ("Idempotency-Key" = Option<String>, Header, description = "any unique text of at most 64 characters")),
    responses((status = 200, description = "done", body = CaseView), (status = 403, description = "cases/…"), (status = 404, description = "cases/not-found"),
        (status = 409, description = "cases/wrong-phase, platform/stale"), (status = 422, description = "platform/idempotency-reused, cases/unit-unknown, cases/note-missing"), (status = 428, description = "platform/version-required")))]
pub(crate) async fn dispatch(act: Act, Body(body): Body<DispatchBody>) -> Result<Response, Refusal> {
    let once = act.once(&body);
    act.answer(&once, act.cases.dispatch(act.on(&once), body.unit_id, &Words(body.note))).await
}

/// 处置反馈: say that it is put right, with proof.
#[utoipa::path(post, path = "/api/v1/cases/{id}/handle", tag = "cases", operation_id = "handleCase", request_body = HandleBody,
    params(("id" = String, Path, description = "the case"), ("If-Match" = String, Header, description = "the version seen"),
        ("Idempotency-Key" = Option<String>, Header, description = "any unique text of at most 64 characters")),
    responses((status = 200, description = "done", body = CaseView), (status = 403, description = "cases/…"), (status = 404, description = "cases/not-found"),
        (status = 409, description = "cases/wrong-phase, platform/stale"), (status = 422, description = "platform/idempotency-reused, cases/photos-missing, cases/photo-reused, cases/photo-…"), (status = 428, description = "platform/version-required"),
        (status = 503, description = "cases/photo-not-ready")))]
pub(crate) async fn handle(act: Act, Body(body): Body<HandleBody>) -> Result<Response, Refusal> {
    let once = act.once(&body);
    act.answer(&once, act.cases.handle(act.on(&once), &Words(body.note), &body.photos)).await
}

/// 核查: say whether it is.
#[utoipa::path(post, path = "/api/v1/cases/{id}/check", tag = "cases", operation_id = "checkCase", request_body = CheckBody,
    params(("id" = String, Path, description = "the case"), ("If-Match" = String, Header, description = "the version seen"),
        ("Idempotency-Key" = Option<String>, Header, description = "any unique text of at most 64 characters")),
    responses((status = 200, description = "done", body = CaseView), (status = 403, description = "cases/fixer-never-checks, …"), (status = 404, description = "cases/not-found"),
        (status = 409, description = "cases/wrong-phase, platform/stale"), (status = 422, description = "platform/idempotency-reused, cases/note-missing, cases/photo-…"), (status = 428, description = "platform/version-required"),
        (status = 503, description = "cases/photo-not-ready")))]
pub(crate) async fn check(act: Act, Body(body): Body<CheckBody>) -> Result<Response, Refusal> {
    let once = act.once(&body);
    act.answer(&once, act.cases.check(act.on(&once), body.passed, &Words(body.note), &body.photos)).await
}

/// 结案: close the file.
#[utoipa::path(post, path = "/api/v1/cases/{id}/close", tag = "cases", operation_id = "closeCase", request_body = CloseBody,
    params(("id" = String, Path, description = "the case"), ("If-Match" = String, Header, description = "the version seen"),
        ("Idempotency-Key" = Option<String>, Header, description = "any unique text of at most 64 characters")),
    responses((status = 200, description = "done", body = CaseView), (status = 403, description = "cases/fixer-never-closes, …"), (status = 404, description = "cases/not-found"),
        (status = 409, description = "cases/wrong-phase, platform/stale"), (status = 422, description = "platform/idempotency-reused"), (status = 428, description = "platform/version-required")))]
pub(crate) async fn close(act: Act, Body(body): Body<CloseBody>) -> Result<Response, Refusal> {
    let once = act.once(&body);
    act.answer(&once, act.cases.close(act.on(&once), &Words(body.note))).await
}
