//! Verification: every case against its own history. The chain of hashes, the state row against the replayed
//! aggregate, every erasable row against the commitment in its event. What was erased is said by an event and is no
//! finding; what is gone without one is.
//!
//! What this cannot see needs a seal kept elsewhere: a newest event that was deleted together with its row's change, a
//! whole case that was deleted, a chain that an insider computed again (docs/operations.md).

mod rows;

use std::collections::{BTreeSet, HashMap};

use kernel::id::{CaseId, CityId};
use kernel::problem::Lang;
use platform::Ctx;
use platform::db::{Fault, Stored, still, stored_numbers, stored_rows};
use platform::journal::{
    Entry, Erased, Finding, Flaw, History, JournalEvent, events_of_kind, histories, stream_ids,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::model::{Case, Event};
use crate::rules;
use crate::store::{case, erased_photo, photo, receipt, text};
use rows::Beside;

/// Cases checked at once.
const PAGE: usize = 200;

/// The journal's word for an event that erased personal data.
const ERASED: &str = "reporter_erased";

/// What is wrong with a case, and where.
pub(crate) type Wrong = (Flaw, String);

/// What verification says about one case.
pub(crate) struct Judged {
    /// The case as people know it.
    pub(crate) name: String,
    /// Events in its history.
    pub(crate) events: usize,
    /// What is wrong.
    pub(crate) wrong: Vec<Wrong>,
}

/// Checks every case of a city.
///
/// # Errors
/// What the database says; a case that cannot be read is a finding, not an error.
pub async fn verify(ctx: &Ctx, city: CityId) -> Result<Vec<Finding>, Fault> {
    let (ids, unreadable) = all_ids(ctx, city).await?;
    let nameless = |place| finding(city, "?".to_owned(), (Flaw::RowUnexplained, place));
    let mut findings: Vec<Finding> = unreadable.into_iter().map(nameless).collect();
    let ids: Vec<CaseId> = ids.into_iter().map(CaseId).collect();
    for page in ids.chunks(PAGE) {
        findings.extend(verify_cases(ctx, city, page).await?);
    }
    Ok(findings)
}

/// Checks some cases.
///
/// # Errors
/// As [`verify`].
pub async fn verify_cases(ctx: &Ctx, city: CityId, ids: &[CaseId]) -> Result<Vec<Finding>, Fault> {
    let judged = judge(ctx, city, ids).await?;
    let findings = judged.into_iter().flat_map(|Judged { name, wrong, .. }| {
        wrong.into_iter().map(move |wrong| finding(city, name.clone(), wrong))
    });
    Ok(findings.collect())
}

/// What was erased of cases, by their events.
///
/// # Errors
/// What the database says.
pub async fn erased(ctx: &Ctx, city: CityId) -> Result<Vec<Erased>, Fault> {
    let conn = ctx.db.reader();
    let entries = events_of_kind(conn, city, Event::STREAM, ERASED).await?;
    let ids: BTreeSet<i64> = entries.iter().map(|entry| entry.stream_id).collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let mut numbers = HashMap::new();
    for page in ids.chunks(PAGE) {
        let rows = rows_of(conn, city, page).await?.into_iter();
        numbers.extend(rows.filter_map(|(id, row)| Some((id, row.ok()?.number))));
    }
    let told = |entry: &Entry| {
        let Ok(Event::ReporterErased(event)) = entry.event() else { return None };
        let names = |lang| event.fields.iter().map(|field| field.name(lang)).collect::<Vec<_>>();
        Some(Erased {
            record: Event::STREAM.to_owned(),
            name: numbers.get(&entry.stream_id).cloned().unwrap_or_else(|| entry.stream_id.to_string()),
            what: format!("{} ({})", names(Lang::Zh).join("、"), names(Lang::En).join(", ")),
            at: entry.at(),
        })
    };
    Ok(entries.iter().filter_map(told).collect())
}

/// Checks one case.
///
/// # Errors
/// What the database says.
pub(crate) async fn verify_case(ctx: &Ctx, city: CityId, id: CaseId) -> Result<Judged, Fault> {
    let nothing = Judged { name: id.to_string(), events: 0, wrong: Vec::new() };
    Ok(judge(ctx, city, &[id]).await?.pop().unwrap_or(nothing))
}

fn finding(city: CityId, name: String, (flaw, place): Wrong) -> Finding {
    Finding { city, record: Event::STREAM.to_owned(), name, flaw, place }
}

async fn judge(ctx: &Ctx, city: CityId, ids: &[CaseId]) -> Result<Vec<Judged>, Fault> {
    // One picture of row, history and everything beside: an act between the reads must not look like a change.
    let conn = still(ctx.db.reader()).await?;
    let plain: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let mut histories = histories(&conn, city, Event::STREAM, &plain).await?;
    let mut rows = rows_of(&conn, city, &plain).await?;
    let mut beside = Beside::load(&conn, city, &plain).await?;
    let mut judged = Vec::with_capacity(ids.len());
    for id in plain {
        let history = histories.remove(&id).unwrap_or_default();
        let beside = beside.remove(&id).unwrap_or_default();
        judged.push(judge_one(ctx, city, id, &history, rows.remove(&id), beside)?);
    }
    Ok(judged)
}

fn judge_one(
    ctx: &Ctx,
    city: CityId,
    id: i64,
    history: &History,
    row: Option<Stored<case::Entity>>,
    beside: Beside,
) -> Result<Judged, Fault> {
    let events: Option<Vec<Event>> = history.events();
    let replayed = events.as_deref().and_then(rules::replay);
    let number = match (&replayed, &row) {
        (Some(case), _) => Some(case.number.0.clone()),
        (None, Some(Ok(row))) => Some(row.number.clone()),
        (None, Some(Err(row))) => row.text(&case::Column::Number),
        (None, None) => None,
    };
    let mut wrong: Vec<Wrong> = history.check().err().into_iter().collect();
    match (&replayed, events) {
        (Some(case), Some(events)) => {
            wrong.extend(against_row(city, case, &events, &history.entries, row)?);
            wrong.extend(beside.against(ctx, &events));
        }
        // Nothing replays: the chain says why, unless there is no history at all.
        (None, _) | (_, None) if wrong.is_empty() => {
            let flaw = if history.is_empty() { Flaw::RowUnexplained } else { Flaw::EventChanged };
            wrong.push((flaw, "no readable history".to_owned()));
        }
        (None, _) | (_, None) => {}
    }
    Ok(Judged { name: number.unwrap_or_else(|| id.to_string()), events: history.entries.len(), wrong })
}

/// The state row against the replayed aggregate, column by column.
fn against_row(
    city: CityId,
    case: &Case,
    events: &[Event],
    entries: &[Entry],
    row: Option<Stored<case::Entity>>,
) -> Result<Option<Wrong>, Fault> {
    let row = match row {
        Some(Ok(row)) => row,
        Some(Err(row)) => return Ok(Some((Flaw::RowDiffers, format!("{}: unreadable", row.column)))),
        None => return Ok(Some((Flaw::RowMissing, "cases_case".to_owned()))),
    };
    let Some(last) = entries.last() else { return Ok(None) };
    if (row.version, &row.head_hash) != (last.version, &last.hash) {
        return Ok(Some((Flaw::HeadDiffers, "version, head_hash".to_owned())));
    }
    let photo = first_photo(events, case);
    let expected = case::Model::of(city, case, &row.head(), photo)?;
    let differing = differing(&expected, &row);
    Ok((!differing.is_empty()).then(|| (Flaw::RowDiffers, differing.join(", "))))
}

/// The first photo of the problem that stands: of the report, unless those were erased, or of the look before filing.
fn first_photo(events: &[Event], case: &Case) -> Option<i64> {
    let held = case.held.contains(&crate::model::PersonalField::Photos);
    let first = events.iter().find_map(|event| match event {
        Event::Reported(reported) if held => reported.photos.first(),
        Event::PreVerified(look) => look.photos.first(),
        _other => None,
    });
    first.map(|mark| mark.file.0)
}

/// The columns in which two rows differ.
fn differing(expected: &case::Model, found: &case::Model) -> Vec<&'static str> {
    let case::Model {
        city_id,
        id,
        number,
        state,
        source,
        class,
        area,
        town,
        cell_id,
        unit_id,
        clock,
        due_at,
        overran,
        reported_at,
        closed_at,
        verdict,
        photo_id,
        body,
        version,
        head_hash,
    } = expected;
    let columns = [
        ("city_id", *city_id == found.city_id),
        ("id", *id == found.id),
        ("number", *number == found.number),
        ("state", *state == found.state),
        ("source", *source == found.source),
        ("class", *class == found.class),
        ("area", *area == found.area),
        ("town", *town == found.town),
        ("cell_id", *cell_id == found.cell_id),
        ("unit_id", *unit_id == found.unit_id),
        ("clock", *clock == found.clock),
        ("due_at", *due_at == found.due_at),
        ("overran", *overran == found.overran),
        ("reported_at", *reported_at == found.reported_at),
        ("closed_at", *closed_at == found.closed_at),
        ("verdict", *verdict == found.verdict),
        ("photo_id", *photo_id == found.photo_id),
        ("body", *body == found.body),
        ("version", *version == found.version),
        ("head_hash", *head_hash == found.head_hash),
    ];
    columns.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
}

async fn rows_of(
    conn: &impl ConnectionTrait,
    city: CityId,
    ids: &[i64],
) -> Result<HashMap<i64, Stored<case::Entity>>, Fault> {
    let query = case::Entity::find()
        .filter(case::Column::CityId.eq(city.0))
        .filter(case::Column::Id.is_in(ids.iter().copied()));
    let mut rows = HashMap::new();
    for row in stored_rows(conn, query).await? {
        // Found by its id, so that can be read.
        let id = match &row {
            Ok(row) => row.id,
            Err(row) => row.number(&case::Column::Id).unwrap_or_default(),
        };
        rows.insert(id, row);
    }
    Ok(rows)
}

/// Every case that any table or the journal knows of, so that a row without a history is found too; and the columns
/// in which an id cannot be read.
async fn all_ids(ctx: &Ctx, city: CityId) -> Result<(BTreeSet<i64>, Vec<String>), Fault> {
    let conn = ctx.db.reader();
    let mut ids = stream_ids(conn, city, Event::STREAM).await?;
    let mut strange = Vec::new();
    let mut add = |table: &str, (found, unreadable): (BTreeSet<i64>, usize)| {
        ids.extend(found);
        if unreadable > 0 {
            strange.push(format!("{table}: {unreadable} unreadable"));
        }
    };
    let rows = case::Entity::find().filter(case::Column::CityId.eq(city.0));
    add("cases_case.id", stored_numbers(conn, rows, case::Column::Id).await?);
    let texts = text::Entity::find().filter(text::Column::CityId.eq(city.0));
    add("cases_text.case_id", stored_numbers(conn, texts, text::Column::CaseId).await?);
    let photos = photo::Entity::find().filter(photo::Column::CityId.eq(city.0));
    add("cases_photo.case_id", stored_numbers(conn, photos, photo::Column::CaseId).await?);
    let remains = erased_photo::Entity::find().filter(erased_photo::Column::CityId.eq(city.0));
    add("cases_erased_photo.case_id", stored_numbers(conn, remains, erased_photo::Column::CaseId).await?);
    let receipts = receipt::Entity::find().filter(receipt::Column::CityId.eq(city.0));
    add("cases_receipt.case_id", stored_numbers(conn, receipts, receipt::Column::CaseId).await?);
    Ok((ids, strange))
}
