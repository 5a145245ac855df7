//! Verification of files: chains, replayed rows, commitments, and the bytes on the disk.

use std::collections::HashMap;

use kernel::evidence::Commitment;
use kernel::id::{CityId, FileId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::model::{Because, File, FileEvent, Stage, evolve, place_bytes, start};
use super::seen::table::seen;
use super::store::{copy, original};
use super::tables::{self as file, Model, READY, RECEIVED, REFUSED};
use crate::ctx::Ctx;
use crate::db::{Fault, Stored, still, stored_numbers, stored_rows};
use crate::journal::{
    Entry, Erased, Finding, Flaw, History, JournalEvent, events_of_kind, histories, keeps, stream_ids,
};
use crate::secrets::digest;

/// Files checked at once.
const PAGE: usize = 500;

type Wrong = (Flaw, String);

/// Checks every file of a city: its chain, its row against its replayed events, the commitments, and that the bytes
/// on the disk have the hash of their name.
///
/// # Errors
/// What the database or the store says; what is wrong with the data is in the findings.
pub async fn verify(ctx: &Ctx, city: CityId) -> Result<Vec<Finding>, Fault> {
    let (ids, unreadable) = all_ids(ctx, city).await?;
    let mut findings = Vec::new();
    if unreadable > 0 {
        let place = format!("platform_file.id: {unreadable} unreadable");
        findings.push(finding(city, "?", (Flaw::RowUnexplained, place)));
    }
    for page in ids.chunks(PAGE) {
        findings.extend(verify_files(ctx, city, page).await?);
    }
    Ok(findings)
}

/// Checks some files.
///
/// # Errors
/// As [`verify`].
pub async fn verify_files(ctx: &Ctx, city: CityId, ids: &[FileId]) -> Result<Vec<Finding>, Fault> {
    let mut findings = Vec::new();
    for seen in look(ctx, city, ids).await? {
        let id = seen.id;
        let wrong = match wrong_with(ctx, seen).await? {
            // A running server may have settled or removed the file while its bytes were read: look once more.
            Some((Flaw::FileMissing | Flaw::FileChanged, _)) => {
                let again = look(ctx, city, &[id]).await?.pop();
                match again {
                    Some(seen) => wrong_with(ctx, seen).await?,
                    None => None,
                }
            }
            wrong => wrong,
        };
        findings.extend(wrong.map(|wrong| finding(city, &id.to_string(), wrong)));
    }
    Ok(findings)
}

/// The files of a city that were erased, by their events.
///
/// # Errors
/// What the database says.
pub async fn erased(ctx: &Ctx, city: CityId) -> Result<Vec<Erased>, Fault> {
    let because = FileEvent::Removed { because: Because::Erased };
    let removed = events_of_kind(ctx.db.reader(), city, FileEvent::STREAM, because.kind()).await?;
    let erased =
        removed.iter().filter(|entry| entry.event::<FileEvent>().is_ok_and(|event| event == because));
    let told = |entry: &Entry| Erased {
        record: FileEvent::STREAM.to_owned(),
        name: entry.stream_id.to_string(),
        what: "照片 (photo)".to_owned(),
        at: entry.at(),
    };
    Ok(erased.map(told).collect())
}

fn finding(city: CityId, name: &str, (flaw, place): Wrong) -> Finding {
    Finding { city, record: FileEvent::STREAM.to_owned(), name: name.to_owned(), flaw, place }
}

/// Every file that a row or an event knows of, and how many ids of rows cannot be read.
async fn all_ids(ctx: &Ctx, city: CityId) -> Result<(Vec<FileId>, usize), Fault> {
    let conn = ctx.db.reader();
    let rows = file::Entity::find().filter(file::Column::CityId.eq(city.0));
    let (mut ids, unreadable) = stored_numbers(conn, rows, file::Column::Id).await?;
    let sights = seen::Entity::find().filter(seen::Column::CityId.eq(city.0));
    let (more, unreadable_sights) = stored_numbers(conn, sights, seen::Column::Id).await?;
    ids.extend(more);
    let unreadable = unreadable + unreadable_sights;
    ids.extend(stream_ids(conn, city, FileEvent::STREAM).await?);
    Ok((ids.into_iter().map(FileId).collect(), unreadable))
}

/// A file as one picture of the database shows it.
struct Seen {
    id: FileId,
    row: Option<Stored<file::Entity>>,
    seen: Option<Stored<seen::Entity>>,
    history: History,
}

async fn look(ctx: &Ctx, city: CityId, ids: &[FileId]) -> Result<Vec<Seen>, Fault> {
    let conn = still(ctx.db.reader()).await?;
    let plain: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let query = file::Entity::find()
        .filter(file::Column::CityId.eq(city.0))
        .filter(file::Column::Id.is_in(plain.iter().copied()));
    let mut rows = HashMap::new();
    for row in stored_rows(&conn, query).await? {
        let id = match &row {
            Ok(row) => row.id,
            Err(row) => row.number(&file::Column::Id).unwrap_or_default(),
        };
        rows.insert(id, row);
    }
    let query = seen::Entity::find()
        .filter(seen::Column::CityId.eq(city.0))
        .filter(seen::Column::Id.is_in(plain.iter().copied()));
    let mut sights = HashMap::new();
    for row in stored_rows(&conn, query).await? {
        let id = match &row {
            Ok(row) => row.id,
            Err(row) => row.number(&seen::Column::Id).unwrap_or_default(),
        };
        sights.insert(id, row);
    }
    let mut histories = histories(&conn, city, FileEvent::STREAM, &plain).await?;
    let seen = |id: &FileId| Seen {
        id: *id,
        row: rows.remove(&id.0),
        seen: sights.remove(&id.0),
        history: histories.remove(&id.0).unwrap_or_default(),
    };
    Ok(ids.iter().map(seen).collect())
}

async fn wrong_with(ctx: &Ctx, seen: Seen) -> Result<Option<Wrong>, Fault> {
    let Seen { row, seen, history, .. } = seen;
    let row = match row {
        Some(Ok(row)) => row,
        Some(Err(row)) => return Ok(Some((Flaw::RowDiffers, format!("{}: unreadable", row.column)))),
        None => return Ok(wrong_without_row(&history, seen)),
    };
    let file = match history_of(&row, &history) {
        Ok(file) => file,
        Err(wrong) => return Ok(Some(wrong)),
    };
    let wrong = row_differs(&row, &file).or_else(|| commitment_broken(&row, &file));
    if let Some(wrong) = wrong.or_else(|| seen_differs(&file, seen)) {
        return Ok(Some(wrong));
    }
    bytes_differ(ctx, &row).await
}

/// A stream whose row is gone: fine when the last event says so, and when both went between listing and looking.
fn wrong_without_row(history: &History, seen: Option<Stored<seen::Entity>>) -> Option<Wrong> {
    if history.is_empty() {
        return seen.map(|_| (Flaw::RowUnexplained, "platform_file_seen".to_owned()));
    }
    match (history.check(), replay(&history.entries)) {
        (Err(wrong), _) => Some(wrong),
        (Ok(_), None) => Some((Flaw::EventChanged, "unreadable body".to_owned())),
        (Ok(_), Some(file)) if file.stage == Stage::Removed => seen_differs(&file, seen),
        (Ok(_), Some(_)) => Some((Flaw::RowMissing, "platform_file".to_owned())),
    }
}

/// The hash of what is seen: there as long as the history says so, and kept to its commitment.
fn seen_differs(file: &File, row: Option<Stored<seen::Entity>>) -> Option<Wrong> {
    let place = |column: &str| format!("platform_file_seen.{column}");
    match (&file.seen, row) {
        (None, None) => None,
        (None, Some(_)) => Some((Flaw::RowUnexplained, "platform_file_seen".to_owned())),
        (Some(_), None) => Some((Flaw::RowMissing, "platform_file_seen".to_owned())),
        (Some(_), Some(Err(row))) => Some((Flaw::RowDiffers, format!("{}: unreadable", place(&row.column)))),
        (Some(commitment), Some(Ok(row))) => {
            let kept = keeps(commitment, &row.salt, &row.sha256);
            (!kept).then(|| (Flaw::PersonalChanged, place("sha256")))
        }
    }
}

fn replay(entries: &[Entry]) -> Option<File> {
    let first = entries.first()?;
    let file = start(&first.event().ok()?, first.at())?;
    entries[1..].iter().try_fold(file, |file, entry| Some(evolve(file, &entry.event().ok()?)))
}

fn history_of(row: &Model, history: &History) -> Result<File, Wrong> {
    let head = history.check()?;
    if history.is_empty() {
        return Err((Flaw::RowUnexplained, "platform_file".to_owned()));
    }
    if head != row.head() {
        return Err((Flaw::HeadDiffers, "version, head_hash".to_owned()));
    }
    replay(&history.entries).ok_or((Flaw::EventChanged, "unreadable body".to_owned()))
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
