//! Verification of files: chains, replayed rows, commitments, and the bytes on the disk.

use std::collections::HashMap;

use kernel::evidence::Commitment;
use kernel::id::{CityId, FileId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::model::{File, FileEvent, Stage, evolve, place_bytes, start};
use super::serve::{find, find_many};
use super::store::{copy, original};
use super::tables::{self as file, Model, READY, RECEIVED, REFUSED};
use crate::ctx::Ctx;
use crate::db::Fault;
use crate::journal::{
    self, Entry, Finding, Flaw, JournalEvent, check_stream, keeps, read_stream, streams_of,
};
use crate::secrets::digest;

/// Files checked at once.
const PAGE: u64 = 500;

type Wrong = (Flaw, String);

/// Checks every file of a city: its chain, its row against its replayed events, the commitments, and that the bytes
/// on the disk have the hash of their name.
///
/// # Errors
/// What the database or the store says; what is wrong with the data is in the findings.
pub async fn verify(ctx: &Ctx, city: CityId) -> Result<Vec<Finding>, Fault> {
    let mut findings = Vec::new();
    let mut after = i64::MIN;
    loop {
        let ids = row_ids(ctx, city, after).await?;
        let Some(last) = ids.last() else { break };
        after = last.0;
        let mut histories = histories(ctx, city, &ids).await?;
        let mut rows = rows(ctx, city, &ids).await?;
        for id in ids {
            let entries = histories.remove(&id).unwrap_or_default();
            let wrong = match rows.remove(&id) {
                Some(row) if wrong_with(ctx, &row, &entries).await?.is_none() => None,
                // A running server may have written between our reads: look once more.
                Some(_) => again(ctx, city, id).await?,
                None => Some((Flaw::RowDiffers, "the row cannot be read".to_owned())),
            };
            findings.extend(wrong.map(|(flaw, place)| finding(city, id, flaw, place)));
        }
    }
    findings.extend(without_rows(ctx, city).await?);
    Ok(findings)
}

fn finding(city: CityId, id: FileId, flaw: Flaw, place: String) -> Finding {
    Finding { city, record: FileEvent::STREAM.to_owned(), name: id.to_string(), flaw, place }
}

async fn row_ids(ctx: &Ctx, city: CityId, after: i64) -> Result<Vec<FileId>, Fault> {
    let ids = file::Entity::find()
        .select_only()
        .column(file::Column::Id)
        .filter(file::Column::CityId.eq(city.0))
        .filter(file::Column::Id.gt(after))
        .order_by_asc(file::Column::Id)
        .limit(PAGE)
        .into_tuple::<i64>()
        .all(ctx.db.reader())
        .await?;
    Ok(ids.into_iter().map(FileId).collect())
}

/// The rows that can be read. One that somebody filled with nonsense must not hide the others.
async fn rows(ctx: &Ctx, city: CityId, ids: &[FileId]) -> Result<HashMap<FileId, Model>, Fault> {
    let conn = ctx.db.reader();
    if let Ok(rows) = find_many(conn, city, ids).await {
        return Ok(rows.into_iter().map(|row| (row.file(), row)).collect());
    }
    let mut readable = HashMap::new();
    for id in ids {
        match find(conn, city, *id).await {
            Ok(row) => readable.extend(row.map(|row| (*id, row))),
            Err(fault) => tracing::warn!(%fault, file = id.0, "a row cannot be read"),
        }
    }
    Ok(readable)
}

async fn histories(ctx: &Ctx, city: CityId, ids: &[FileId]) -> Result<HashMap<FileId, Vec<Entry>>, Fault> {
    let entries = journal::Entity::find()
        .filter(journal::Column::CityId.eq(city.0))
        .filter(journal::Column::Stream.eq(FileEvent::STREAM))
        .filter(journal::Column::StreamId.is_in(ids.iter().map(|id| id.0)))
        .order_by_asc(journal::Column::StreamId)
        .order_by_asc(journal::Column::Version)
        .all(ctx.db.reader())
        .await?;
    let mut histories: HashMap<FileId, Vec<Entry>> = HashMap::new();
    for entry in entries {
        histories.entry(FileId(entry.stream_id)).or_default().push(entry);
    }
    Ok(histories)
}

/// Streams whose row is gone: fine when the last event says so.
async fn without_rows(ctx: &Ctx, city: CityId) -> Result<Vec<Finding>, Fault> {
    let conn = ctx.db.reader();
    let mut findings = Vec::new();
    let mut after = i64::MIN;
    loop {
        let ids = streams_of(conn, city, FileEvent::STREAM, after, PAGE).await?;
        let Some(last) = ids.last() else { return Ok(findings) };
        after = *last;
        let ids: Vec<FileId> = ids.into_iter().map(FileId).collect();
        let known = rows(ctx, city, &ids).await?;
        let gone: Vec<FileId> = ids.into_iter().filter(|id| !known.contains_key(id)).collect();
        for (id, entries) in histories(ctx, city, &gone).await? {
            let wrong = match (check_stream(&entries), replay(&entries)) {
                (Err((flaw, version)), _) => Some((flaw, format!("version {version}"))),
                (Ok(_), None) => Some((Flaw::EventChanged, "unreadable body".to_owned())),
                (Ok(_), Some(file)) if file.stage == Stage::Removed => None,
                // The reader of rows says so already when the row is there but cannot be read.
                (Ok(_), Some(_)) if find(conn, city, id).await.is_err() => None,
                (Ok(_), Some(_)) => Some((Flaw::RowMissing, "platform_file".to_owned())),
            };
            findings.extend(wrong.map(|(flaw, place)| finding(city, id, flaw, place)));
        }
    }
}

fn replay(entries: &[Entry]) -> Option<File> {
    let first = entries.first()?;
    let file = start(&first.event().ok()?, first.at())?;
    entries[1..].iter().try_fold(file, |file, entry| Some(evolve(file, &entry.event().ok()?)))
}

async fn wrong_with(ctx: &Ctx, row: &Model, entries: &[Entry]) -> Result<Option<Wrong>, Fault> {
    let file = match history_of(row, entries) {
        Ok(file) => file,
        Err(wrong) => return Ok(Some(wrong)),
    };
    if let Some(wrong) = row_differs(row, &file).or_else(|| commitment_broken(row, &file)) {
        return Ok(Some(wrong));
    }
    bytes_differ(ctx, row).await
}

async fn again(ctx: &Ctx, city: CityId, id: FileId) -> Result<Option<Wrong>, Fault> {
    let conn = ctx.db.reader();
    let Some(row) = find(conn, city, id).await? else { return Ok(None) };
    let entries = read_stream(conn, city, FileEvent::STREAM, id.0).await?;
    wrong_with(ctx, &row, &entries).await
}

fn history_of(row: &Model, entries: &[Entry]) -> Result<File, Wrong> {
    let head = check_stream(entries).map_err(|(flaw, version)| (flaw, format!("version {version}")))?;
    if entries.is_empty() {
        return Err((Flaw::RowUnexplained, "platform_file".to_owned()));
    }
    if head != row.head() {
        return Err((Flaw::HeadDiffers, "version, head_hash".to_owned()));
    }
    replay(entries).ok_or((Flaw::EventChanged, "unreadable body".to_owned()))
}

/// What stands in the events in plain.
fn row_differs(row: &Model, file: &File) -> Option<Wrong> {
    let (state, refused, taken_at) = match &file.stage {
        Stage::Received => (RECEIVED, None, None),
        Stage::Ready { taken_at, .. } => (READY, None, taken_at.map(|at| at.0)),
        Stage::Refused { code } => (REFUSED, Some(code.as_str()), None),
        Stage::Removed => return Some((Flaw::RowUnexplained, "removed".to_owned())),
    };
    let copies = matches!(file.stage, Stage::Ready { .. });
    let columns = [
        ("state", row.state == state),
        ("refused", row.refused.as_deref() == refused),
        ("taken_at", row.taken_at == taken_at),
        ("media_type", row.media_type == file.media_type),
        ("original_bytes", row.original_bytes == file.bytes),
        ("width", row.width == file.width),
        ("height", row.height == file.height),
        ("attached", row.attached == file.attached),
        ("received_at", row.received_at == file.received_at.0),
        ("view_sha256", row.view_sha256.is_some() == copies),
        ("thumb_sha256", row.thumb_sha256.is_some() == copies),
        ("taken_lng, taken_lat", row.taken_lng.is_some() == row.taken_lat.is_some()),
    ];
    columns.iter().find(|(_, same)| !same).map(|(column, _)| (Flaw::RowDiffers, (*column).to_owned()))
}

/// What the events only commit to.
fn commitment_broken(row: &Model, file: &File) -> Option<Wrong> {
    let mut committed: Vec<(&str, &Commitment, Vec<u8>)> = vec![
        ("original_sha256", &file.original, row.original_sha256.clone()),
        ("token_hash", &file.token, row.token_hash.clone()),
    ];
    let mut place = None;
    if let Stage::Ready { view, thumb, place: at, .. } = &file.stage {
        committed.push(("view_sha256", view, row.view_sha256.clone().unwrap_or_default()));
        committed.push(("thumb_sha256", thumb, row.thumb_sha256.clone().unwrap_or_default()));
        place = at.as_ref();
    }
    match (place, row.taken_lng.zip(row.taken_lat)) {
        (Some(at), Some((lng, lat))) => committed.push(("taken_lng, taken_lat", at, place_bytes(lng, lat))),
        (None, None) => {}
        (Some(_), None) | (None, Some(_)) => {
            return Some((Flaw::PersonalChanged, "taken_lng, taken_lat".to_owned()));
        }
    }
    committed
        .iter()
        .find(|(_, commitment, content)| !keeps(commitment, &row.salt, content))
        .map(|(column, _, _)| (Flaw::PersonalChanged, (*column).to_owned()))
}

async fn bytes_differ(ctx: &Ctx, row: &Model) -> Result<Option<Wrong>, Fault> {
    let (city, id) = (row.city(), row.file());
    let mut expected: Vec<(object_store::path::Path, &[u8])> = Vec::new();
    if row.state == RECEIVED {
        expected.push((original(city, id), &row.original_sha256));
    }
    for sha256 in [&row.view_sha256, &row.thumb_sha256].into_iter().flatten() {
        expected.push((copy(city, id, sha256), sha256));
    }
    for (key, sha256) in expected {
        match ctx.files.get(&key).await? {
            None => return Ok(Some((Flaw::FileMissing, key.to_string()))),
            Some(bytes) if digest(&bytes) != *sha256 => {
                return Ok(Some((Flaw::FileChanged, key.to_string())));
            }
            Some(_) => {}
        }
    }
    Ok(None)
}
