//! Receipts: progress, photos and verdict for whoever holds the code.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use kernel::id::FileId;
use kernel::problem::Problem;
use platform::files::{self, CopySize};
use platform::idempotency::{OnceKey, once};
use platform::web::{At, Body, Caller, IdempotencyKey, Peer, Refusal, Speaks};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::commands::{ActError, Words};
use crate::house::Cases;
use crate::model::Verdict;
use crate::queries::shows;
use crate::queries::views::ReceiptView;

/// Looks at receipts from one address in a minute. Sixty bits cannot be guessed anyway; this keeps guessing cheap for us.
const LOOKS_PER_MINUTE: u32 = 600;
/// Photos of receipts: a look brings up to a dozen. Counted apart, so that sixty neighbours can look at once.
const PHOTOS_PER_MINUTE: u32 = 3_000;

/// The reporter's word.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
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

/// Say whether it is solved: once, within the days that the city gives. Sent again with the same key, it is answered the same.
#[utoipa::path(post, path = "/api/v1/public/receipts/{code}/verdict", tag = "public", operation_id = "giveVerdict",
    params(("code" = String, Path, description = "the receipt code, however it is typed"),
        ("Idempotency-Key" = Option<String>, Header, description = "any unique text of at most 64 characters")), request_body = VerdictBody,
    responses((status = 200, description = "noted", body = ReceiptView), (status = 404, description = "cases/receipt-unknown"),
        (status = 409, description = "cases/wrong-phase, cases/verdict-already, cases/verdict-too-late"),
        (status = 422, description = "platform/idempotency-reused, platform/bad-text"), (status = 429, description = "platform/too-many")))]
pub(crate) async fn verdict(
    State(cases): State<Cases>,
    peer: Peer,
    caller: Option<Caller>,
    Speaks(lang): Speaks,
    At(code): At<String>,
    IdempotencyKey(key): IdempotencyKey,
    Body(body): Body<VerdictBody>,
) -> Result<Json<ReceiptView>, Refusal> {
    cases.throttle(peer, "receipt", LOOKS_PER_MINUTE)?;
    let ctx = &cases.ctx;
    let city = ctx.home_city;
    let case = cases.by_receipt(city, &code).await?;
    if let Some(caller) = caller.filter(|caller| caller.city == city) {
        cases.may_judge(&caller, case).await?;
    }
    let key = key.map(|key| {
        let content = serde_json::to_vec(&body).unwrap_or_default();
        OnceKey::new(ctx, city, &format!("verdict:case:{case}"), &key, &content)
    });
    let words = Words(body.note);
    let doing = async {
        let done = cases.give_verdict(city, case, body.verdict, &words, key.as_ref()).await?;
        Ok(done.acted)
    };
    let acted = once::<_, ActError>(ctx, key.as_ref(), doing).await?;
    Ok(Json(cases.receipt_after(city, &code, lang, acted).await?))
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
    cases.throttle(peer, "receipt-photo", PHOTOS_PER_MINUTE)?;
    let city = cases.ctx.home_city;
    let case = cases.by_receipt(city, &code).await?;
    let none = || Refusal(Problem::not_found("platform/no-such-record"));
    if !shows(&cases.ctx, city, case, id).await? {
        return Err(none());
    }
    let served = files::serve(&cases.ctx, city, id, size).await?.ok_or_else(none)?;
    Ok(files::answer(served, &headers))
}
