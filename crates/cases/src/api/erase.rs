//! Erasing what a report holds about a person.

use axum::extract::State;
use axum::response::Response;
use kernel::id::CaseId;
use platform::journal::Stamp;
use platform::web::{At, Body, Caller, Refusal, Speaks};
use serde::Deserialize;
use utoipa::ToSchema;

use super::reader;
use super::staff::shown;
use crate::commands::by_staff;
use crate::house::Cases;
use crate::model::PersonalField;

/// What is to be erased.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EraseBody {
    fields: Vec<PersonalField>,
}

/// 删除个人信息: destroy fields of the report for good, photos also on the disk. The history says that it was done, and an
/// erased photo still cannot be offered as proof.
#[utoipa::path(post, path = "/api/v1/cases/{id}/erase", tag = "cases", operation_id = "eraseReporter", request_body = EraseBody,
    params(("id" = String, Path, description = "the case")),
    responses((status = 200, description = "the case without them", body = crate::queries::views::CaseView), (status = 403, description = "cases/not-allowed"),
        (status = 404, description = "cases/not-found"), (status = 409, description = "cases/nothing-to-erase")))]
pub(crate) async fn erase(
    State(cases): State<Cases>,
    caller: Caller,
    speaks: Speaks,
    At(id): At<CaseId>,
    Body(body): Body<EraseBody>,
) -> Result<Response, Refusal> {
    cases.seen(&reader(&caller, Speaks(speaks.0)), id).await?;
    let stamp = Stamp { at: cases.ctx.now(), actor: caller.actor() };
    cases.erase(caller.city, id, stamp, by_staff(&caller), body.fields).await?;
    shown(&cases, &caller, speaks, id).await
}
