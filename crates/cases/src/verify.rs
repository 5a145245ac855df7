//! Verification: every case against its own history. The chain of hashes, the state row against the replayed
//! aggregate, every erasable row against the commitment in its event. What was erased is said by an event and is no
//! finding; what is gone without one is.
//!
//! What this cannot see needs a seal kept elsewhere: a newest event that was deleted together with its row's change, a
//! whole case that was deleted, a chain that an insider computed again (docs/operations.md).

mod rows;

use std::collections::BTreeSet;

use kernel::id::{CaseId, CityId};
use platform::Ctx;
use platform::db::Fault;
use platform::journal::{Entry, Finding, Flaw, JournalEvent, check_stream, read_stream, streams_of};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::model::{Case, Event};
use crate::rules;
use crate::store::{self, case, photo, receipt, text};
use rows::Beside;

/// Cases checked at once.
const PAGE: u64 = 200;

/// What is wrong with a case, and where.
pub(crate) type Wrong = (Flaw, String);

/// Checks every case of a city.
///
/// # Errors
/// What the database says; a case that cannot be read is a finding, not an error.
pub async fn verify(ctx: &Ctx, city: CityId) -> Result<Vec<Finding>, Fault> {
    let mut findings = Vec::new();
    for id in all_ids(ctx, city).await? {
        findings.extend(verify_case(ctx, city, CaseId(id)).await?.into_iter().map(
            |(name, (flaw, place))| Finding { city, record: Event::STREAM.to_owned(), name, flaw, place },
        ));
    }
    Ok(findings)
}

/// Checks one case. Each finding comes with the name of the case as people know it.
///
/// # Errors
/// What the database says.
pub(crate) async fn verify_case(ctx: &Ctx, city: CityId, id: CaseId) -> Result<Vec<(String, Wrong)>, Fault> {
    let entries = match read_stream(ctx.db.reader(), city, Event::STREAM, id.0).await {
        Ok(entries) => entries,
        Err(_) => return Ok(vec![(id.to_string(), (Flaw::EventChanged, "unreadable entry".to_owned()))]),
    };
    let row = match store::load(ctx.db.reader(), city, id).await {
        Ok(row) => Ok(row),
        Err(_) => Err((Flaw::RowDiffers, "unreadable row".to_owned())),
    };
    let events: Option<Vec<Event>> = entries.iter().map(|entry| entry.event().ok()).collect();
    let replayed = events.as_deref().and_then(rules::replay);
    let number = replayed.as_ref().map(|case| case.number.0.clone());
    let number =
        number.or_else(|| row.as_ref().ok().and_then(|row| row.as_ref().map(|row| row.number.clone())));
    let name = number.unwrap_or_else(|| id.to_string());

    let mut wrong = Vec::new();
    if let Err((flaw, version)) = check_stream(&entries) {
        wrong.push((flaw, format!("version {version}")));
    }
    match (&replayed, events) {
        (Some(case), Some(events)) => {
            match row {
                Ok(row) => wrong.extend(against_row(city, case, &events, &entries, row)?),
                Err(unreadable) => wrong.push(unreadable),
            }
            let beside = Beside::load(ctx, city, id).await;
            wrong.extend(beside.map_or_else(|flaw| vec![flaw], |beside| beside.against(ctx, &events)));
        }
        // Nothing replays: the chain says why, unless there is no history at all.
        (None, _) | (_, None) if wrong.is_empty() => {
            let flaw = if entries.is_empty() { Flaw::RowUnexplained } else { Flaw::EventChanged };
            wrong.push((flaw, "no readable history".to_owned()));
        }
        (None, _) | (_, None) => {}
    }
    Ok(wrong.into_iter().map(|wrong| (name.clone(), wrong)).collect())
}

/// The state row against the replayed aggregate, column by column.
fn against_row(
    city: CityId,
    case: &Case,
    events: &[Event],
    entries: &[Entry],
    row: Option<case::Model>,
) -> Result<Option<Wrong>, Fault> {
    let Some(row) = row else { return Ok(Some((Flaw::RowMissing, "cases_case".to_owned()))) };
    let Some(last) = entries.last() else { return Ok(None) };
    if (row.version, &row.head_hash) != (last.version, &last.hash) {
        return Ok(Some((Flaw::HeadDiffers, "version, head_hash".to_owned())));
    }
    let photo = first_photo(events, case);
    let expected = case::Model::of(city, case, &row.head(), photo)?;
    let differing = differing(&expected, &row);
    Ok((!differing.is_empty()).then(|| (Flaw::RowDiffers, differing.join(", "))))
}

/// The first photo of the report, unless the photos were erased.
fn first_photo(events: &[Event], case: &Case) -> Option<i64> {
    let held = case.held.contains(&crate::model::PersonalField::Photos);
    match events.first() {
        Some(Event::Reported(reported)) if held => reported.photos.first().map(|mark| mark.file.0),
        Some(_) | None => None,
    }
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

/// Every case that any table or the journal knows of, so that a row without a history is found too.
async fn all_ids(ctx: &Ctx, city: CityId) -> Result<BTreeSet<i64>, Fault> {
    let conn = ctx.db.reader();
    let mut ids = BTreeSet::new();
    let mut after = i64::MIN;
    loop {
        let page = streams_of(conn, city, Event::STREAM, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = *last;
        ids.extend(page);
    }
    let rows =
        case::Entity::find().select_only().column(case::Column::Id).filter(case::Column::CityId.eq(city.0));
    ids.extend(rows.into_tuple::<i64>().all(conn).await?);
    let texts = text::Entity::find()
        .select_only()
        .column(text::Column::CaseId)
        .distinct()
        .filter(text::Column::CityId.eq(city.0))
        .order_by_asc(text::Column::CaseId);
    ids.extend(texts.into_tuple::<i64>().all(conn).await?);
    let photos = photo::Entity::find()
        .select_only()
        .column(photo::Column::CaseId)
        .distinct()
        .filter(photo::Column::CityId.eq(city.0))
        .order_by_asc(photo::Column::CaseId);
    ids.extend(photos.into_tuple::<i64>().all(conn).await?);
    let receipts = receipt::Entity::find()
        .select_only()
        .column(receipt::Column::CaseId)
        .distinct()
        .filter(receipt::Column::CityId.eq(city.0))
        .order_by_asc(receipt::Column::CaseId);
    ids.extend(receipts.into_tuple::<i64>().all(conn).await?);
    Ok(ids)
}
