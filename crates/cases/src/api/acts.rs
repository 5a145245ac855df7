//! The acts on a case. Each takes the version that the caller has seen (`If-Match`) and answers with the case as it is
//! afterwards. A case that the caller may not see does not exist for him.

use axum::extract::State;
use axum::response::Response;
use kernel::id::{CaseId, UnitId};
use platform::web::{At, Body, Caller, IfMatch, Refusal};
use serde::Deserialize;
use utoipa::ToSchema;

use super::staff::shown;
use super::{Speaks, reader};
use crate::commands::{ActError, Attachment, Changed, On, Words};
use crate::house::Cases;
use crate::model::{ReasonCode, StandardId};
use crate::queries::views::CaseView;

/// The result of a look on the spot.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreVerifyBody {
    found: bool,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    photos: Vec<Attachment>,
}

/// The standard row to file under.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileBody {
    standard_id: String,
}

/// Why it is refused.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefuseBody {
    reason_code: String,
    #[serde(default)]
    note: Option<String>,
}

/// Where it is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DispatchBody {
    #[schema(value_type = String)]
    unit_id: UnitId,
    /// The row of the responsibility list that the screen showed; the server finds the row that holds now by itself.
    #[serde(default)]
    #[expect(dead_code, reason = "part of the agreed body; what counts is the list as it stands now")]
    row_id: Option<String>,
    /// Needed when the unit is not the one proposed.
    #[serde(default)]
    note: Option<String>,
}

/// What the unit feeds back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandleBody {
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    photos: Vec<Attachment>,
}

/// The result of a check.
#[derive(Debug, Deserialize, ToSchema)]
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
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CloseBody {
    #[serde(default)]
    note: Option<String>,
}

/// An act under way: who, on what, as he saw it.
struct Act {
    cases: Cases,
    caller: Caller,
    speaks: Speaks,
    id: CaseId,
    seen: i64,
}

impl Act {
    /// Is there such a case for this caller?
    async fn begin(
        State(cases): State<Cases>,
        caller: Caller,
        speaks: Speaks,
        At(id): At<CaseId>,
        IfMatch(seen): IfMatch,
    ) -> Result<Self, Refusal> {
        cases.seen(&reader(&caller, Speaks(speaks.0)), id).await?;
        Ok(Self { cases, caller, speaks, id, seen })
    }

    fn on(&self) -> On<'_> {
        On { caller: &self.caller, case: self.id, seen: self.seen }
    }

    /// The case as it is afterwards.
    async fn end(self, done: Result<Changed, ActError>) -> Result<Response, Refusal> {
        done?;
        shown(&self.cases, &self.caller, self.speaks, self.id).await
    }
}

/// 核实: say whether the problem is there.
#[utoipa::path(post, path = "/api/v1/cases/{id}/pre-verify", tag = "cases", operation_id = "preVerifyCase", request_body = PreVerifyBody,
    params(("id" = String, Path, description = "the case"), ("If-Match" = String, Header, description = "the version seen")),
    responses((status = 200, description = "done", body = CaseView), (status = 403, description = "cases/…"), (status = 404, description = "cases/not-found"),
        (status = 409, description = "cases/wrong-phase, platform/stale"), (status = 422, description = "cases/photo-…"), (status = 428, description = "platform/version-required")))]
pub(crate) async fn pre_verify(
    cases: State<Cases>,
    caller: Caller,
    speaks: Speaks,
    id: At<CaseId>,
    seen: IfMatch,
    Body(body): Body<PreVerifyBody>,
) -> Result<Response, Refusal> {
    let act = Act::begin(cases, caller, speaks, id, seen).await?;
    let done = act.cases.pre_verify(act.on(), body.found, &Words(body.note), &body.photos).await;
    act.end(done).await
}

/// 立案: take it on under a row of the standard.
#[utoipa::path(post, path = "/api/v1/cases/{id}/file", tag = "cases", operation_id = "fileCase", request_body = FileBody,
    params(("id" = String, Path, description = "the case"), ("If-Match" = String, Header, description = "the version seen")),
    responses((status = 200, description = "done", body = CaseView), (status = 403, description = "cases/…"), (status = 404, description = "cases/not-found"),
        (status = 409, description = "cases/wrong-phase, cases/not-found-on-site, platform/stale"), (status = 422, description = "cases/standard-…"), (status = 428, description = "platform/version-required")))]
pub(crate) async fn file(
    cases: State<Cases>,
    caller: Caller,
    speaks: Speaks,
    id: At<CaseId>,
    seen: IfMatch,
    Body(body): Body<FileBody>,
) -> Result<Response, Refusal> {
    let act = Act::begin(cases, caller, speaks, id, seen).await?;
    let done = act.cases.file(act.on(), StandardId(body.standard_id)).await;
    act.end(done).await
}

/// 不予受理: turn it down with a reason.
#[utoipa::path(post, path = "/api/v1/cases/{id}/refuse", tag = "cases", operation_id = "refuseCase", request_body = RefuseBody,
    params(("id" = String, Path, description = "the case"), ("If-Match" = String, Header, description = "the version seen")),
    responses((status = 200, description = "done", body = CaseView), (status = 403, description = "cases/…"), (status = 404, description = "cases/not-found"),
        (status = 409, description = "cases/wrong-phase, platform/stale"), (status = 422, description = "cases/reason-unknown, cases/note-missing"), (status = 428, description = "platform/version-required")))]
pub(crate) async fn refuse(
    cases: State<Cases>,
    caller: Caller,
    speaks: Speaks,
    id: At<CaseId>,
    seen: IfMatch,
    Body(body): Body<RefuseBody>,
) -> Result<Response, Refusal> {
    let act = Act::begin(cases, caller, speaks, id, seen).await?;
    let done = act.cases.refuse(act.on(), ReasonCode(body.reason_code), &Words(body.note)).await;
    act.end(done).await
}

/// 派遣: send it to the unit that answers for it.
#[utoipa::path(post, path = "/api/v1/cases/{id}/dispatch", tag = "cases", operation_id = "dispatchCase", request_body = DispatchBody,
    params(("id" = String, Path, description = "the case"), ("If-Match" = String, Header, description = "the version seen")),
    responses((status = 200, description = "done", body = CaseView), (status = 403, description = "cases/…"), (status = 404, description = "cases/not-found"),
        (status = 409, description = "cases/wrong-phase, platform/stale"), (status = 422, description = "cases/unit-unknown, cases/note-missing"), (status = 428, description = "platform/version-required")))]
pub(crate) async fn dispatch(
    cases: State<Cases>,
    caller: Caller,
    speaks: Speaks,
    id: At<CaseId>,
    seen: IfMatch,
    Body(body): Body<DispatchBody>,
) -> Result<Response, Refusal> {
    let act = Act::begin(cases, caller, speaks, id, seen).await?;
    let done = act.cases.dispatch(act.on(), body.unit_id, &Words(body.note)).await;
    act.end(done).await
}

/// 处置反馈: say that it is put right, with proof.
#[utoipa::path(post, path = "/api/v1/cases/{id}/handle", tag = "cases", operation_id = "handleCase", request_body = HandleBody,
    params(("id" = String, Path, description = "the case"), ("If-Match" = String, Header, description = "the version seen")),
    responses((status = 200, description = "done", body = CaseView), (status = 403, description = "cases/…"), (status = 404, description = "cases/not-found"),
        (status = 409, description = "cases/wrong-phase, platform/stale"), (status = 422, description = "cases/photos-missing, cases/photo-reused, cases/photo-…"), (status = 428, description = "platform/version-required")))]
pub(crate) async fn handle(
    cases: State<Cases>,
    caller: Caller,
    speaks: Speaks,
    id: At<CaseId>,
    seen: IfMatch,
    Body(body): Body<HandleBody>,
) -> Result<Response, Refusal> {
    let act = Act::begin(cases, caller, speaks, id, seen).await?;
    let done = act.cases.handle(act.on(), &Words(body.note), &body.photos).await;
    act.end(done).await
}

/// 核查: say whether it is.
#[utoipa::path(post, path = "/api/v1/cases/{id}/check", tag = "cases", operation_id = "checkCase", request_body = CheckBody,
    params(("id" = String, Path, description = "the case"), ("If-Match" = String, Header, description = "the version seen")),
    responses((status = 200, description = "done", body = CaseView), (status = 403, description = "cases/fixer-never-checks, …"), (status = 404, description = "cases/not-found"),
        (status = 409, description = "cases/wrong-phase, platform/stale"), (status = 422, description = "cases/note-missing, cases/photo-…"), (status = 428, description = "platform/version-required")))]
pub(crate) async fn check(
    cases: State<Cases>,
    caller: Caller,
    speaks: Speaks,
    id: At<CaseId>,
    seen: IfMatch,
    Body(body): Body<CheckBody>,
) -> Result<Response, Refusal> {
    let act = Act::begin(cases, caller, speaks, id, seen).await?;
    let done = act.cases.check(act.on(), body.passed, &Words(body.note), &body.photos).await;
    act.end(done).await
}

/// 结案: close the file.
#[utoipa::path(post, path = "/api/v1/cases/{id}/close", tag = "cases", operation_id = "closeCase", request_body = CloseBody,
    params(("id" = String, Path, description = "the case"), ("If-Match" = String, Header, description = "the version seen")),
    responses((status = 200, description = "done", body = CaseView), (status = 403, description = "cases/fixer-never-closes, …"), (status = 404, description = "cases/not-found"),
        (status = 409, description = "cases/wrong-phase, platform/stale"), (status = 428, description = "platform/version-required")))]
pub(crate) async fn close(
    cases: State<Cases>,
    caller: Caller,
    speaks: Speaks,
    id: At<CaseId>,
    seen: IfMatch,
    Body(body): Body<CloseBody>,
) -> Result<Response, Refusal> {
    let act = Act::begin(cases, caller, speaks, id, seen).await?;
    let done = act.cases.close(act.on(), &Words(body.note)).await;
    act.end(done).await
}
