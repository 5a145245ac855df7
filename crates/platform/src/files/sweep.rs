//! Throwing away: uploads that no record ever named, originals and copies that no row knows.

#![expect(
    clippy::disallowed_types,
    reason = "objects carry times of the machine, so their age is by its clock"
)]

use std::collections::HashMap;

use futures_util::StreamExt;
use kernel::id::{CityId, FileId};
use kernel::time::{Clock, DAY_MS, HOUR_MS, MINUTE_MS, SystemClock, Time};
use object_store::path::Path as Key;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};

use super::commands::Remove;
use super::store::{Shelf, copy, id_of, original};
use super::tables::{self as file, Model, RECEIVED};
use crate::ctx::Ctx;
use crate::db::Fault;
use crate::journal::{lags, parked_times};

/// A file that no record names is removed this long after its upload.
pub const UNATTACHED_MS: i64 = DAY_MS;
/// The name of the reaction that attaches files to the records naming them. While it lags, nothing is removed.
pub const ATTACH_REACTION: &str = "files.attach";
/// How far that reaction may be behind before the sweep waits for it.
const LAG_MS: i64 = 10 * MINUTE_MS;
/// An event names uploads of its last days: of the last one, or of more where the sweep waited for the reaction.
const NAMED_MS: i64 = 7 * DAY_MS;
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

/// Removes what nobody needs in a city. Safe beside a running server. Of the 256 folders of copies it looks through
/// one, another in each hour: a stray copy harms nobody for eleven days, and the disk has other work.
///
/// # Errors
/// What the database or the store says.
pub async fn sweep(ctx: &Ctx, city: CityId) -> Result<Swept, Fault> {
    let files = unattached(ctx, city).await?;
    let folder = ctx.now().0.div_euclid(HOUR_MS).rem_euclid(256);
    let folder = u8::try_from(folder).unwrap_or_default();
    let objects = clear_quarantine(ctx, city).await? + clear_ready(ctx, city, folder).await?;
    Ok(Swept { files, objects })
}

async fn unattached(ctx: &Ctx, city: CityId) -> Result<usize, Fault> {
    let now = ctx.now();
    if lags(ctx.db.reader(), city, ATTACH_REACTION, now.plus_ms(-LAG_MS)).await? {
        tracing::warn!(consumer = ATTACH_REACTION, "uploads are not swept while their reaction lags");
        return Ok(0);
    }
    // What a parked event names is not attached yet, and the event may still be handled. It names uploads that were
    // there when it happened.
    let mut spared = Condition::all();
    for at in parked_times(ctx.db.reader(), city, ATTACH_REACTION).await? {
        spared = spared.add(file::Column::ReceivedAt.not_between(at.plus_ms(-NAMED_MS).0, at.0));
    }
    let mut removed = 0;
    loop {
        let old = file::Entity::find()
            .filter(file::Column::CityId.eq(city.0))
            .filter(file::Column::Attached.eq(false))
            .filter(file::Column::ReceivedAt.lt(now.plus_ms(-UNATTACHED_MS).0))
            .filter(spared.clone())
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

/// Deletes the bytes of files whose rows were removed, of those that stood as `rows` before. What fails here, and what a job
/// was making in the meantime, goes with a sweep.
pub async fn discard(ctx: &Ctx, city: CityId, rows: &[Model]) {
    let ids: Vec<FileId> = rows.iter().map(Model::file).collect();
    let standing = match rows_of(ctx, city, &ids).await {
        Ok(standing) => standing,
        Err(fault) => return tracing::warn!(%fault, "removed files wait for the sweep"),
    };
    for row in rows.iter().filter(|row| !standing.contains_key(&row.file())) {
        for key in objects_of(row) {
            if let Err(fault) = ctx.files.delete(&key).await {
                tracing::warn!(%fault, file = row.id, "a removed file waits for the sweep");
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
    let deleted = clear(ctx, city, Shelf::Quarantine, needless).await?;
    let parts = ctx.files.stale_parts(city, before);
    for part in &parts {
        std::fs::remove_file(part).map_err(|error| Fault::Files(error.to_string().into()))?;
    }
    Ok(deleted + parts.len())
}

/// Deletes copies of one folder that no row names, after a day.
async fn clear_ready(ctx: &Ctx, city: CityId, folder: u8) -> Result<usize, Fault> {
    let before = SystemClock.now().plus_ms(-ORPHAN_MS);
    let needless = |row: Option<&Model>, key: &Key, changed: Time| {
        let named = row.is_some_and(|row| row.state == RECEIVED || objects_of(row).contains(key));
        !named && changed < before
    };
    clear(ctx, city, Shelf::Ready(folder), needless).await
}

async fn clear(
    ctx: &Ctx,
    city: CityId,
    shelf: Shelf,
    needless: impl Fn(Option<&Model>, &Key, Time) -> bool,
) -> Result<usize, Fault> {
    let (mut deleted, part) = (0, shelf.part());
    let mut pages = std::pin::pin!(ctx.files.list(shelf, city).chunks(PAGE));
    while let Some(page) = pages.next().await {
        // Objects first, rows after: a row that appears between the two saves its object.
        let objects: Vec<(Key, Time)> = page.into_iter().collect::<Result<_, _>>()?;
        let ids: Vec<FileId> = objects.iter().filter_map(|(key, _)| id_of(part, key)).collect();
        let rows = rows_of(ctx, city, &ids).await?;
        for (key, changed) in &objects {
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
