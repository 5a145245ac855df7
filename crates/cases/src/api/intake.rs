//! Staff bring problems in: inspectors on their round, the centre for a caller, and every channel that somebody types in.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use platform::idempotency::{OnceKey, once};
use platform::journal::Stamp;
use platform::web::{Body, Caller, IdempotencyKey, Refusal, Speaks, etag};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{PersonBody, PlaceBody, Sent};
use super::reader;
use crate::commands::{ActError, Attachment, staff};
use crate::house::Cases;
use crate::model::Source;
use crate::queries::views::CaseView;

/// A report by staff.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StaffReportBody {
    source: Source,
    class_code: String,
    place: PlaceBody,
    #[serde(default)]
    address: Option<String>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    photos: Vec<Attachment>,
    /// For whom, where somebody called.
    #[serde(default)]
    caller: PersonBody,
    /// When the device took it down, if it was offline then.
    #[serde(default)]
    device_at: Option<i64>,
}

/// The new case, and the receipt code where its channel gives one: to be told to the caller, shown once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewCaseView {
    #[serde(flatten)]
    case: CaseView,
    receipt_code: Option<String>,
}

/// Report a problem as staff. The same key never makes a second case.
#[utoipa::path(post, path = "/api/v1/cases", tag = "cases", operation_id = "reportAsStaff", request_body = StaffReportBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "any unique text of at most 64 characters")),
    responses((status = 201, description = "reported; ETag is the version", body = NewCaseView),
        (status = 403, description = "cases/not-allowed, cases/source-not-yours"),
        (status = 422, description = "cases/…, place/…, platform/bad-text, platform/idempotency-reused")))]
pub(crate) async fn report(
    State(cases): State<Cases>,
    caller: Caller,
    speaks: Speaks,
    IdempotencyKey(key): IdempotencyKey,
    Body(body): Body<StaffReportBody>,
) -> Result<Response, Refusal> {
    let ctx = &cases.ctx;
    let city = caller.city;
    let key = key.map(|key| {
        let content = serde_json::to_vec(&body).unwrap_or_default();
        OnceKey::new(ctx, city, &format!("case:user:{}", caller.user), &key, &content)
    });
    let stamp = Stamp { at: ctx.now(), actor: caller.actor() };
    let sent = Sent {
        source: body.source,
        class_code: &body.class_code,
        place: &body.place,
        address: body.address.as_deref(),
        description: &body.description,
        photos: &body.photos,
        person: &body.caller,
        person_at: "/caller",
        device_at: body.device_at,
    };
    let act = async {
        let new = cases.new_report(city, sent).await?;
        cases.report(city, staff(&caller), stamp, new, key.clone()).await
    };
    let done = once::<_, ActError>(ctx, key.as_ref(), act).await?;
    let case = cases.show(&reader(&caller, speaks), done.case).await?;
    let place = format!("/api/v1/cases/{}", done.case);
    let version = etag(case.row_view.version);
    let view = NewCaseView { case, receipt_code: done.code };
    Ok((StatusCode::CREATED, [version], [(header::LOCATION, place)], Json(view)).into_response())
}
