//! What staff read: lists, counts, one case.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use kernel::id::{CaseId, FileId};
use kernel::problem::Problem;
use kernel::text::fold;
use platform::files::{self, CopySize};
use platform::web::{At, Caller, Paging, Params, Refusal, Speaks, etag};
use serde::Serialize;
use utoipa::ToSchema;

use super::params::{CaseParams, after};
use super::reader;
use crate::house::Cases;
use crate::queries::views::{CaseCounts, CasePage, CaseView, Identity, ProposalView};
use crate::queries::{Filter, shows};
use crate::verify::{Judged, verify_case};

/// What verification says about one case.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Verification {
    ok: bool,
    /// Events in its history.
    events: usize,
    findings: Vec<FlawView>,
}

/// One thing that does not hold.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlawView {
    /// The kind of flaw.
    what: String,
    /// Version, field or column.
    #[serde(rename = "where")]
    place: String,
    message: &'static str,
}

/// Cases that the caller may see, filtered. What burns comes first where only live cases are asked for, otherwise the newest.
#[utoipa::path(get, path = "/api/v1/cases", tag = "cases", operation_id = "listCases", params(CaseParams, Paging),
    responses((status = 200, description = "a page", body = CasePage), (status = 400, description = "platform/bad-query, platform/bad-cursor")))]
pub(crate) async fn list(
    State(cases): State<Cases>,
    caller: Caller,
    speaks: Speaks,
    Params(params): Params<CaseParams>,
    Params(paging): Params<Paging>,
) -> Result<Json<CasePage>, Refusal> {
    let (filter, after, size) = (filter(&cases, &caller, &params).await?, after(&paging)?, paging.size()?);
    Ok(Json(cases.list(&reader(&caller, speaks), &filter, after, size).await?))
}

/// How many cases the same filter gives, by state.
#[utoipa::path(get, path = "/api/v1/cases/counts", tag = "cases", operation_id = "countCases", params(CaseParams),
    responses((status = 200, description = "counts", body = CaseCounts), (status = 400, description = "platform/bad-query")))]
pub(crate) async fn counts(
    State(cases): State<Cases>,
    caller: Caller,
    speaks: Speaks,
    Params(params): Params<CaseParams>,
) -> Result<Json<CaseCounts>, Refusal> {
    let filter = filter(&cases, &caller, &params).await?;
    Ok(Json(cases.counts(&reader(&caller, speaks), &filter).await?))
}

/// What is asked for. A number without its letters is one of this city's.
async fn filter(cases: &Cases, caller: &Caller, params: &CaseParams) -> Result<Filter, Refusal> {
    let mut filter = params.filter()?;
    if let Some(number) =
        filter.number.as_mut().filter(|number| fold(number).starts_with(|c: char| c.is_ascii_digit()))
    {
        let snapshot = cases.snapshot(caller.city).await?;
        number.insert_str(0, snapshot.city.number_prefix());
    }
    Ok(filter)
}

/// One case with its history and the steps that the caller may take.
#[utoipa::path(get, path = "/api/v1/cases/{id}", tag = "cases", operation_id = "showCase",
    params(("id" = String, Path, description = "the case")),
    responses((status = 200, description = "the case; ETag is its version", body = CaseView), (status = 404, description = "cases/not-found")))]
pub(crate) async fn show(
    State(cases): State<Cases>,
    caller: Caller,
    speaks: Speaks,
    At(id): At<CaseId>,
) -> Result<Response, Refusal> {
    shown(&cases, &caller, speaks, id).await
}

/// The page of a case as an answer, with its version.
pub(crate) async fn shown(
    cases: &Cases,
    caller: &Caller,
    speaks: Speaks,
    id: CaseId,
) -> Result<Response, Refusal> {
    let view = cases.show(&reader(caller, speaks), id).await?;
    Ok(([etag(view.row_view.version)], Json(view)).into_response())
}

/// The unit that the responsibility list proposes now, and why.
#[utoipa::path(get, path = "/api/v1/cases/{id}/proposal", tag = "cases", operation_id = "proposeUnit",
    params(("id" = String, Path, description = "the case")),
    responses((status = 200, description = "the proposal", body = ProposalView), (status = 404, description = "cases/not-found")))]
pub(crate) async fn proposal(
    State(cases): State<Cases>,
    caller: Caller,
    speaks: Speaks,
    At(id): At<CaseId>,
) -> Result<Json<ProposalView>, Refusal> {
    Ok(Json(cases.propose(&reader(&caller, speaks), id).await?))
}

/// Unmask the reporter: his name and phone. Every look is an event of the case, so no link and no foreign page can cause it.
#[utoipa::path(post, path = "/api/v1/cases/{id}/reporter", tag = "cases", operation_id = "showReporter",
    params(("id" = String, Path, description = "the case")),
    responses((status = 200, description = "the reporter, unmasked", body = Identity), (status = 403, description = "cases/reporter-hidden, cases/not-allowed"),
        (status = 404, description = "cases/not-found"), (status = 409, description = "cases/no-reporter")))]
pub(crate) async fn reporter(
    State(cases): State<Cases>,
    caller: Caller,
    speaks: Speaks,
    At(id): At<CaseId>,
) -> Result<Json<Identity>, Refusal> {
    let viewer = reader(&caller, speaks);
    cases.seen(&viewer, id).await?;
    cases.show_reporter(&caller, id).await?;
    Ok(Json(cases.identity(&viewer, id).await?))
}

/// Does the history of a case hold, down to every row beside it?
#[utoipa::path(get, path = "/api/v1/cases/{id}/verify", tag = "cases", operation_id = "verifyCase",
    params(("id" = String, Path, description = "the case")),
    responses((status = 200, description = "what was found", body = Verification), (status = 404, description = "cases/not-found")))]
pub(crate) async fn verify(
    State(cases): State<Cases>,
    caller: Caller,
    speaks: Speaks,
    At(id): At<CaseId>,
) -> Result<Json<Verification>, Refusal> {
    cases.seen(&reader(&caller, speaks), id).await?;
    let Judged { events, wrong, .. } = verify_case(&cases.ctx, caller.city, id).await?;
    let findings: Vec<FlawView> = wrong
        .into_iter()
        .map(|(flaw, place)| FlawView { what: format!("{flaw:?}"), place, message: flaw.words() })
        .collect();
    Ok(Json(Verification { ok: findings.is_empty(), events, findings }))
}

/// A photo of a case.
#[utoipa::path(get, path = "/api/v1/cases/{id}/photos/{file}/{size}", tag = "cases", operation_id = "casePhoto",
    params(("id" = String, Path, description = "the case"), ("file" = String, Path, description = "the photo"),
        ("size" = String, Path, description = "thumb or view")),
    responses((status = 200, description = "the photo", content_type = "image/jpeg", body = Vec<u8>),
        (status = 404, description = "cases/not-found, platform/no-such-record")))]
pub(crate) async fn photo(
    State(cases): State<Cases>,
    caller: Caller,
    speaks: Speaks,
    At((id, file, size)): At<(CaseId, FileId, CopySize)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    cases.seen(&reader(&caller, speaks), id).await?;
    let none = || Refusal(Problem::not_found("platform/no-such-record"));
    if !shows(&cases.ctx, caller.city, id, file).await? {
        return Err(none());
    }
    let served = files::serve(&cases.ctx, caller.city, file, size).await?.ok_or_else(none)?;
    Ok(files::answer(served, &headers))
}
