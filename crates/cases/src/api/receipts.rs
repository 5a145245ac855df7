//! Receipts: progress, photos and verdict for whoever holds the code.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use kernel::id::FileId;
use kernel::problem::Problem;
use platform::files::{self, CopySize};
use platform::web::{At, Body, Peer, Refusal};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Speaks;
use crate::commands::Words;
use crate::house::Cases;
use crate::model::Verdict;
use crate::queries::shows;
use crate::queries::views::ReceiptView;

/// Looks at receipts from one address in a minute. Sixty bits cannot be guessed anyway; this keeps guessing cheap for us.
const LOOKS_PER_MINUTE: u32 = 600;

/// The reporter's word.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerdictBody {
    verdict: Verdict,
    #[serde(default)]
    note: Option<String>,
}

/// Progress of a report.
#[utoipa::path(get, path = "/api/v1/public/receipts/{code}", tag = "public", operation_id = "showReceipt",
    params(("code" = String, Path, description = "the receipt code, however it is typed")),
    responses((status = 200, description = "the report", body = ReceiptView),
        (status = 404, description = "cases/receipt-unknown"), (status = 429, description = "platform/too-many")))]
pub(crate) async fn show(
    State(cases): State<Cases>,
    peer: Peer,
    Speaks(lang): Speaks,
    At(code): At<String>,
) -> Result<Json<ReceiptView>, Refusal> {
    cases.throttle(peer, "receipt", LOOKS_PER_MINUTE)?;
    Ok(Json(cases.receipt(cases.ctx.home_city, &code, lang).await?))
}

/// Say whether it is solved: once, within the days that the city gives.
#[utoipa::path(post, path = "/api/v1/public/receipts/{code}/verdict", tag = "public", operation_id = "giveVerdict",
    params(("code" = String, Path, description = "the receipt code, however it is typed")), request_body = VerdictBody,
    responses((status = 200, description = "noted", body = ReceiptView), (status = 404, description = "cases/receipt-unknown"),
        (status = 409, description = "cases/wrong-phase, cases/verdict-already, cases/verdict-too-late")))]
pub(crate) async fn verdict(
    State(cases): State<Cases>,
    peer: Peer,
    Speaks(lang): Speaks,
    At(code): At<String>,
    Body(body): Body<VerdictBody>,
) -> Result<Json<ReceiptView>, Refusal> {
    cases.throttle(peer, "receipt", LOOKS_PER_MINUTE)?;
    let city = cases.ctx.home_city;
    let case = cases.by_receipt(city, &code).await?;
    cases.give_verdict(city, case, body.verdict, &Words(body.note)).await?;
    Ok(Json(cases.receipt(city, &code, lang).await?))
}

/// A photo of the report or of its result.
#[utoipa::path(get, path = "/api/v1/public/receipts/{code}/photos/{id}/{size}", tag = "public", operation_id = "receiptPhoto",
    params(("code" = String, Path, description = "the receipt code"), ("id" = String, Path, description = "the photo"),
        ("size" = String, Path, description = "thumb or view")),
    responses((status = 200, description = "the photo", content_type = "image/jpeg", body = Vec<u8>),
        (status = 404, description = "platform/no-such-record")))]
pub(crate) async fn photo(
    State(cases): State<Cases>,
    peer: Peer,
    At((code, id, size)): At<(String, FileId, CopySize)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    cases.throttle(peer, "receipt", LOOKS_PER_MINUTE)?;
    let city = cases.ctx.home_city;
    let case = cases.by_receipt(city, &code).await?;
    let none = || Refusal(Problem::not_found("platform/no-such-record"));
    if !shows(&cases.ctx, city, case, id).await? {
        return Err(none());
    }
    let served = files::serve(&cases.ctx, city, id, size).await?.ok_or_else(none)?;
    Ok(files::answer(served, &headers))
}
