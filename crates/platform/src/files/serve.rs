//! Reading files: the row behind an uploader's token, and the bytes of a copy.

use std::collections::HashSet;

use bytes::Bytes;
use kernel::id::{CityId, FileId};
use kernel::time::{HOUR_MS, Time};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use utoipa::ToSchema;

use super::store::copy;
use super::sweep::UNATTACHED_MS;
use super::tables::{self as file, Model, READY};
use crate::ctx::Ctx;
use crate::db::Fault;
use crate::secrets::digest;

/// How long an uploader may attach his file: an hour less than it is kept without a record.
pub const TOKEN_MS: i64 = UNATTACHED_MS - HOUR_MS;

/// Which copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CopySize {
    /// At most 1,600 pixels a side.
    View,
    /// At most 320 pixels a side.
    Thumb,
}

/// A copy on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// JPEG without metadata.
    pub bytes: Bytes,
    /// Their hash.
    pub sha256: Vec<u8>,
}

/// The row of a file.
///
/// # Errors
/// What the database says.
pub async fn find(conn: &impl ConnectionTrait, city: CityId, id: FileId) -> Result<Option<Model>, Fault> {
    let row = file::Entity::find()
        .filter(file::Column::CityId.eq(city.0))
        .filter(file::Column::Id.eq(id.0))
        .one(conn)
        .await?;
    Ok(row)
}

/// The rows of some files, in no order; unknown ids are left out.
///
/// # Errors
/// What the database says.
pub async fn find_many(
    conn: &impl ConnectionTrait,
    city: CityId,
    ids: &[FileId],
) -> Result<Vec<Model>, Fault> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = file::Entity::find()
        .filter(file::Column::CityId.eq(city.0))
        .filter(file::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .all(conn)
        .await?;
    Ok(rows)
}

/// Which of some files may be served now.
///
/// # Errors
/// What the database says.
pub async fn ready(
    conn: &impl ConnectionTrait,
    city: CityId,
    ids: &[FileId],
) -> Result<HashSet<FileId>, Fault> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let rows: Vec<i64> = file::Entity::find()
        .select_only()
        .column(file::Column::Id)
        .filter(file::Column::CityId.eq(city.0))
        .filter(file::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .filter(file::Column::State.eq(READY))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(FileId).collect())
}

/// The row of a file for the one who uploaded it. `None` for a wrong token, for a file that is gone, and for one that
/// was left lying longer than [`TOKEN_MS`]: the caller cannot tell which.
///
/// # Errors
/// What the database says.
pub async fn by_token(
    conn: &impl ConnectionTrait,
    city: CityId,
    id: FileId,
    token: &str,
    now: Time,
) -> Result<Option<Model>, Fault> {
    let row = find(conn, city, id).await?;
    let right = |row: &Model| bool::from(row.token_hash.ct_eq(&digest(token.as_bytes())));
    let in_time = |row: &Model| row.attached || now.0 - row.received_at <= TOKEN_MS;
    Ok(row.filter(|row| right(row) && in_time(row)))
}

/// The bytes of a copy; `None` unless the file is ready. The bytes are checked against their hash: a photo that was
/// changed on the disk is never shown as evidence.
///
/// # Errors
/// [`Fault::Elsewhere`] when the bytes are not here, [`Fault::Unreadable`] when they are changed, or what the database or the store says.
pub async fn serve(ctx: &Ctx, city: CityId, id: FileId, size: CopySize) -> Result<Option<Served>, Fault> {
    let Some(row) = find(ctx.db.reader(), city, id).await?.filter(Model::is_ready) else { return Ok(None) };
    let sha256 = match size {
        CopySize::View => row.view_sha256,
        CopySize::Thumb => row.thumb_sha256,
    };
    let unreadable = || Fault::Unreadable(format!("file {id} of city {city}: its copy is changed").into());
    let sha256 = sha256.ok_or_else(unreadable)?;
    let bytes = ctx.files.get(&copy(city, id, &sha256)).await?;
    let bytes = bytes.ok_or_else(|| Fault::Elsewhere(id.to_string().into()))?;
    if digest(&bytes) != sha256 {
        return Err(unreadable());
    }
    Ok(Some(Served { bytes, sha256 }))
}
