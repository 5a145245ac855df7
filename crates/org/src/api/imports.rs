//! Workbooks: templates, previews, applying and undoing.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use kernel::problem::{Lang, Problem};
use kernel::rights::Right;
use kernel::text::clean_line;
use platform::idempotency::OnceKey;
use platform::web::{
    At, Caller, IdempotencyKey, Page, Paging, Params, Refusal, Speaks, bad_text, need_media,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{bad_query, may_everywhere, need_everywhere};
use crate::errors::OrgError;
use crate::import::{CellError, ImportKind, Preview, Workbook};
use crate::state::Org;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// An error of a cell.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CellErrorView {
    /// For example `责任清单!C14`.
    cell: String,
    code: String,
    /// In the caller's language.
    message: String,
}

/// A line of the preview.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DiffLine {
    /// Row of the sheet from 1; 0 for a record that the sheet no longer has.
    row: u32,
    /// `add`, `change` or `remove`.
    change: String,
    key: String,
    before: BTreeMap<String, String>,
    after: BTreeMap<String, String>,
}

/// An import: what a workbook would change or has changed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportView {
    id: String,
    /// `units`, `people` or `matrix`.
    kind: &'static str,
    file_name: String,
    /// `preview`, `applying`, `applied`, `undoing` or `undone`.
    state: String,
    rows: usize,
    adds: usize,
    changes: usize,
    removes: usize,
    errors: Vec<CellErrorView>,
    /// What is no error but should be known before it is applied: what is hidden in the sheet, what units that end leave
    /// behind.
    notes: Vec<CellErrorView>,
    /// Must the number of removals be sent along when it is applied?
    confirm_removals: bool,
    /// Empty in the list of imports, and where it is not kept any more.
    diff: Vec<DiffLine>,
    /// When and by whom it was read in.
    made_at: i64,
    made_by_name: String,
    /// When and by whom it came into its state.
    changed_at: i64,
    changed_by_name: String,
    /// Until when an applied import can be undone; then what was before is deleted.
    undo_until: Option<i64>,
}

impl ImportView {
    fn of(preview: Preview, lang: Lang) -> Self {
        let told = |error: CellError| CellErrorView {
            cell: error.cell,
            code: error.code,
            message: match lang {
                Lang::Zh => error.zh,
                Lang::En => error.en,
            },
        };
        let diff = preview.diff.into_iter().map(|line| DiffLine {
            row: line.row,
            change: line.change,
            key: line.key,
            before: line.before,
            after: line.after,
        });
        Self {
            id: preview.id.to_string(),
            kind: preview.kind.word(),
            file_name: preview.file_name,
            state: preview.state,
            rows: preview.rows,
            adds: preview.adds,
            changes: preview.changes,
            removes: preview.removes,
            errors: preview.errors.into_iter().map(told).collect(),
            notes: preview.notes.into_iter().map(told).collect(),
            confirm_removals: preview.confirm_removals,
            diff: diff.collect(),
            made_at: preview.made_at.0,
            made_by_name: preview.made_by_name,
            changed_at: preview.changed_at.0,
            changed_by_name: preview.changed_by_name,
            undo_until: preview.undo_until.map(|until| until.0),
        }
    }
}

fn kind_of(word: &str) -> Result<ImportKind, Refusal> {
    ImportKind::by_word(word).ok_or_else(|| OrgError::NoSuchRecord.into())
}

fn id_of(text: &str) -> Result<i64, Refusal> {
    kernel::id::parse(text).map_err(|_| OrgError::NoSuchRecord.into())
}

/// The import of this id, if the caller may import its kind; what he may not see does not exist for him.
async fn allowed(org: &Org, caller: &Caller, id: &str) -> Result<i64, Refusal> {
    need_everywhere(caller, Right::OrgEdit)?;
    let id = id_of(id)?;
    let kind = org.import_kind(caller.city, id).await?;
    if may_everywhere(caller, kind.right()) { Ok(id) } else { Err(OrgError::NoSuchRecord.into()) }
}

/// The workbook to fill in, with hints, examples and the city's codes.
#[utoipa::path(get, path = "/api/v1/org/imports/templates/{kind}", tag = "org", operation_id = "importTemplate",
    params(("kind" = String, Path, description = "units, people or matrix")),
    responses((status = 200, description = "an XLSX workbook", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>),
        (status = 404, description = "no such kind")))]
pub(super) async fn template(
    State(org): State<Org>,
    caller: Caller,
    At(kind): At<String>,
) -> Result<impl IntoResponse, Refusal> {
    let kind = kind_of(&kind)?;
    need_everywhere(&caller, kind.right())?;
    let bytes = org.import_template(caller.city, kind).await?;
    let name = format!("attachment; filename=\"{}-template.xlsx\"", kind.word());
    Ok(([(header::CONTENT_TYPE, XLSX.to_owned()), (header::CONTENT_DISPOSITION, name)], bytes))
}

/// What the file is called.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FileQuery {
    /// Shown in the list of imports.
    file_name: Option<String>,
}

/// Reads a workbook and shows what it would change. Changes nothing.
#[utoipa::path(post, path = "/api/v1/org/imports/{kind}", tag = "org", operation_id = "previewImport",
    params(("kind" = String, Path, description = "units, people or matrix"), FileQuery,
        ("Idempotency-Key" = Option<String>, Header, description = "any unique text of at most 64 characters")),
    request_body(content = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    responses((status = 201, description = "the preview", body = ImportView), (status = 413, description = "too large"),
        (status = 422, description = "not a workbook, or without the sheet")))]
pub(super) async fn preview(
    State(org): State<Org>,
    caller: Caller,
    At(kind): At<String>,
    Params(query): Params<FileQuery>,
    IdempotencyKey(key): IdempotencyKey,
    Speaks(lang): Speaks,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<ImportView>), Refusal> {
    let kind = kind_of(&kind)?;
    need_everywhere(&caller, kind.right())?;
    need_media(&headers, &[XLSX], "org/not-a-workbook")?;
    let bytes = bytes.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::from(OrgError::WorkbookTooLarge),
        _other => Refusal(Problem::bad_request("platform/body-unreadable")),
    })?;
    let file_name =
        query.file_name.filter(|name| !name.is_empty()).unwrap_or_else(|| format!("{}.xlsx", kind.word()));
    let file_name = clean_line(&file_name, 200).map_err(|error| Refusal(bad_text(&error, "?file_name")))?;
    let key = key.map(|key| {
        let scope = format!("import:{}:user:{}", kind.word(), caller.user);
        OnceKey::new(&org.ctx, caller.city, &scope, &key, &bytes)
    });
    let book = Workbook { kind, file_name, bytes: bytes.into() };
    let preview = org.import_preview(caller.city, caller.user, book, key).await?;
    Ok((StatusCode::CREATED, Json(ImportView::of(preview, lang))))
}

/// Imports, newest first, without their diffs; those of people only for who may import people.
#[utoipa::path(get, path = "/api/v1/org/imports", tag = "org", operation_id = "listImports", params(Paging),
    responses((status = 200, description = "a page", body = Page<ImportView>), (status = 400, description = "platform/bad-query")))]
pub(super) async fn list(
    State(org): State<Org>,
    caller: Caller,
    Params(paging): Params<Paging>,
    Speaks(lang): Speaks,
) -> Result<Json<Page<ImportView>>, Refusal> {
    need_everywhere(&caller, Right::OrgEdit)?;
    let mut kinds = ImportKind::ALL.to_vec();
    kinds.retain(|kind| may_everywhere(&caller, kind.right()));
    let cursor =
        |text: String| kernel::id::parse(&text).map_err(|_| bad_query("after", &text, "platform/bad-cursor"));
    let after = paging.after.clone().map(cursor).transpose()?;
    let (imports, next) = org.import_list(caller.city, &kinds, after, paging.size()? as usize).await?;
    let items = imports.into_iter().map(|preview| ImportView::of(preview, lang)).collect();
    Ok(Json(Page { items, next: next.map(|id| id.to_string()) }))
}

/// One import with its diff.
#[utoipa::path(get, path = "/api/v1/org/imports/{id}/preview", tag = "org", operation_id = "showImport",
    params(("id" = String, Path, description = "id of the import")),
    responses((status = 200, description = "the import", body = ImportView), (status = 404, description = "org/no-such-record")))]
pub(super) async fn show(
    State(org): State<Org>,
    caller: Caller,
    At(id): At<String>,
    Speaks(lang): Speaks,
) -> Result<Json<ImportView>, Refusal> {
    let id = allowed(&org, &caller, &id).await?;
    let preview = org.import_show(caller.city, id).await?;
    Ok(Json(ImportView::of(preview, lang)))
}

/// Throws away a preview that waits: nothing of it is kept.
#[utoipa::path(post, path = "/api/v1/org/imports/{id}/discard", tag = "org", operation_id = "discardImport",
    params(("id" = String, Path, description = "id of the import")),
    responses((status = 204, description = "it is gone"), (status = 404, description = "org/no-such-record"),
        (status = 409, description = "it does not wait any more")))]
pub(super) async fn discard(
    State(org): State<Org>,
    caller: Caller,
    At(id): At<String>,
) -> Result<StatusCode, Refusal> {
    let id = allowed(&org, &caller, &id).await?;
    org.import_discard(caller.city, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What stands, as the workbook that can be imported again unchanged. That of people holds names and phones.
#[utoipa::path(get, path = "/api/v1/org/imports/exports/{kind}", tag = "org", operation_id = "exportWorkbook",
    params(("kind" = String, Path, description = "units, people or matrix")),
    responses((status = 200, description = "an XLSX workbook", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>),
        (status = 404, description = "no such kind")))]
pub(super) async fn export(
    State(org): State<Org>,
    caller: Caller,
    At(kind): At<String>,
) -> Result<impl IntoResponse, Refusal> {
    let kind = kind_of(&kind)?;
    need_everywhere(&caller, kind.right())?;
    let bytes = org.import_export(caller.city, kind).await?;
    let name = format!("attachment; filename=\"{}-{}.xlsx\"", kind.word(), org.ctx.now().date());
    let head = [(header::CONTENT_TYPE, XLSX.to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((head, bytes))
}

/// What is asked before much is removed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ApplyQuery {
    /// How many records go, as whoever applies it has typed it in; needed where `confirm_removals` says so.
    removals: Option<usize>,
}

/// Writes what the preview says, all or nothing.
#[utoipa::path(post, path = "/api/v1/org/imports/{id}/apply", tag = "org", operation_id = "applyImport",
    params(("id" = String, Path, description = "id of the import"), ApplyQuery),
    responses((status = 200, description = "applied", body = ImportView),
        (status = 409, description = "it has errors, removals are not confirmed, or something changed since")))]
pub(super) async fn apply(
    State(org): State<Org>,
    caller: Caller,
    At(id): At<String>,
    Params(query): Params<ApplyQuery>,
    Speaks(lang): Speaks,
) -> Result<Json<ImportView>, Refusal> {
    let id = allowed(&org, &caller, &id).await?;
    let preview = org.import_apply(caller.city, caller.user, id, query.removals).await?;
    Ok(Json(ImportView::of(preview, lang)))
}

/// Restores exactly what was before.
#[utoipa::path(post, path = "/api/v1/org/imports/{id}/undo", tag = "org", operation_id = "undoImport",
    params(("id" = String, Path, description = "id of the import")),
    responses((status = 200, description = "undone", body = ImportView),
        (status = 409, description = "something changed since")))]
pub(super) async fn undo(
    State(org): State<Org>,
    caller: Caller,
    At(id): At<String>,
    Speaks(lang): Speaks,
) -> Result<Json<ImportView>, Refusal> {
    let id = allowed(&org, &caller, &id).await?;
    let preview = org.import_undo(caller.city, caller.user, id).await?;
    Ok(Json(ImportView::of(preview, lang)))
}
