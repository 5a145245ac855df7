//! Throwing away: uploads that no record ever named, originals and copies that no row knows.

use std::collections::HashMap;

use kernel::id::{CityId, FileId};
use kernel::time::{Clock, DAY_MS, MINUTE_MS, SystemClock, Time};
use object_store::path::Path as Key;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::commands::Remove;
use super::store::{Part, copy, id_of, original};
use super::tables::{self as file, Model, RECEIVED};
use crate::ctx::Ctx;
use crate::db::Fault;
use crate::journal::lags;

/// A file that no record names is removed this long after its upload.
pub const UNATTACHED_MS: i64 = DAY_MS;
/// The name of the reaction that attaches files to the records naming them. While it lags, nothing is removed.
pub const ATTACH_REACTION: &str = "files.attach";
/// How far that reaction may be behind before the sweep waits for it.
const LAG_MS: i64 = 10 * MINUTE_MS;
/// Objects without a row are left alone for this long, by the machine's clock: an upload may be under way.
const ORPHAN_MS: i64 = DAY_MS;
/// Rows looked up at once.
const PAGE: usize = 500;

/// What a sweep threw away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Files that no record named within a day.
    pub files: usize,
    /// Originals and copies that no row knows.
    pub objects: usize,
}

/// Removes what nobody needs in a city. Safe beside a running server.
///
/// # Errors
/// What the database or the store says.
pub async fn sweep(ctx: &Ctx, city: CityId) -> Result<Swept, Fault> {
    let files = unattached(ctx, city).await?;
    let objects = clear_quarantine(ctx, city).await? + clear_ready(ctx, city).await?;
    Ok(Swept { files, objects })
}

async fn unattached(ctx: &Ctx, city: CityId) -> Result<usize, Fault> {
    let now = ctx.now();
    if lags(ctx.db.reader(), city, ATTACH_REACTION, now.plus_ms(-LAG_MS)).await? {
        tracing::warn!(consumer = ATTACH_REACTION, "uploads are not swept while their reaction lags");
        return Ok(0);
    }
    let mut removed = 0;
    loop {
        let old = file::Entity::find()
            .filter(file::Column::CityId.eq(city.0))
            .filter(file::Column::Attached.eq(false))
            .filter(file::Column::ReceivedAt.lt(now.plus_ms(-UNATTACHED_MS).0))
            .limit(PAGE as u64)
            .all(ctx.db.reader())
            .await?;
        if old.is_empty() {
            return Ok(removed);
        }
        for row in old {
            if ctx.db.write(Remove { city, id: row.file(), at: now }).await? {
                removed += 1;
                for key in objects_of(&row) {
                    ctx.files.delete(&key).await?;
                }
            }
        }
    }
}

/// Everything that may lie in the store for a row.
fn objects_of(row: &Model) -> Vec<Key> {
    let copies = [&row.view_sha256, &row.thumb_sha256];
    let copies = copies.into_iter().flatten().map(|sha256| copy(row.city(), row.file(), sha256));
    copies.chain([original(row.city(), row.file())]).collect()
}

/// Deletes originals whose file is settled, at once; originals and half uploads that no row knows, after a day.
pub(super) async fn clear_quarantine(ctx: &Ctx, city: CityId) -> Result<usize, Fault> {
    let before = SystemClock.now().plus_ms(-ORPHAN_MS);
    let needless = |row: Option<&Model>, _key: &Key, changed: Time| match row {
        Some(row) => row.state != RECEIVED,
        None => changed < before,
    };
    let deleted = clear(ctx, city, Part::Quarantine, needless).await?;
    let parts = ctx.files.stale_parts(city, before);
    for part in &parts {
        std::fs::remove_file(part).map_err(|error| Fault::Files(error.to_string().into()))?;
    }
    Ok(deleted + parts.len())
}

/// Deletes copies that no row names, after a day.
async fn clear_ready(ctx: &Ctx, city: CityId) -> Result<usize, Fault> {
    let before = SystemClock.now().plus_ms(-ORPHAN_MS);
    let needless = |row: Option<&Model>, key: &Key, changed: Time| {
        let named = row.is_some_and(|row| row.state == RECEIVED || objects_of(row).contains(key));
        !named && changed < before
    };
    clear(ctx, city, Part::Ready, needless).await
}

async fn clear(
    ctx: &Ctx,
    city: CityId,
    part: Part,
    needless: impl Fn(Option<&Model>, &Key, Time) -> bool,
) -> Result<usize, Fault> {
    let mut deleted = 0;
    // Objects first, rows after: a row that appears between the two saves its object.
    for objects in ctx.files.list(part, city).await?.chunks(PAGE) {
        let ids: Vec<FileId> = objects.iter().filter_map(|(key, _)| id_of(part, key)).collect();
        let rows = rows_of(ctx, city, &ids).await?;
        for (key, changed) in objects {
            let row = id_of(part, key).and_then(|id| rows.get(&id));
            if needless(row, key, *changed) {
                ctx.files.delete(key).await?;
                deleted += 1;
            }
        }
    }
    Ok(deleted)
}

async fn rows_of(ctx: &Ctx, city: CityId, ids: &[FileId]) -> Result<HashMap<FileId, Model>, Fault> {
    let rows = file::Entity::find()
        .filter(file::Column::CityId.eq(city.0))
        .filter(file::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .all(ctx.db.reader())
        .await?;
    Ok(rows.into_iter().map(|row| (row.file(), row)).collect())
}
