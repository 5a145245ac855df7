//! Verification of the hall: chains, replay = row, and the commitments to what is personal.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernel::id::CityId;
use platform::Ctx;
use platform::db::{Fault, Stored, still, stored_numbers, stored_rows};
use platform::journal::{
    Entry, Erased, Finding, Flaw, History, events_of_kind, histories, keeps, stream_ids,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::document::{Document, KINDS, Kind};
use crate::model::Person;
use crate::store::{person, record};

/// How many records are read at once.
const PAGE: usize = 500;

/// The journal's word for an event that destroyed what was personal.
const ERASED: &str = "erased";

type Wrong = (Flaw, String);

/// Checks every record of a city. A person who was erased has no personal row, which is as it should be; one whose
/// row is gone without that event is reported.
///
/// # Errors
/// What the database says; what is wrong with the data is in the findings.
pub async fn verify(ctx: &Ctx, city: CityId) -> Result<Vec<Finding>, Fault> {
    let mut findings = Vec::new();
    for kind in KINDS {
        let ids: Vec<i64> = all_ids(ctx, city, *kind).await?.into_iter().collect();
        for page in ids.chunks(PAGE) {
            findings.extend(verify_records(ctx, city, *kind, page).await?);
        }
    }
    findings.extend(strangers(ctx, city).await?);
    Ok(findings)
}

/// The members of staff who were erased, by their events.
///
/// # Errors
/// What the database says.
pub async fn erased(ctx: &Ctx, city: CityId) -> Result<Vec<Erased>, Fault> {
    let kind = Kind::Person;
    let erased = events_of_kind(ctx.db.reader(), city, kind.stream(), ERASED).await?;
    let told = |entry: Entry| Erased {
        record: kind.word().to_owned(),
        name: entry.stream_id.to_string(),
        what: "姓名、手机 (name, phone)".to_owned(),
        at: entry.at(),
    };
    Ok(erased.into_iter().map(told).collect())
}

/// Checks some records of one kind.
///
/// # Errors
/// As [`verify`].
pub async fn verify_records(ctx: &Ctx, city: CityId, kind: Kind, ids: &[i64]) -> Result<Vec<Finding>, Fault> {
    // One picture of row, person and history: an edit between the reads must not look like a change.
    let conn = still(ctx.db.reader()).await?;
    let mut rows = records(&conn, city, kind, ids).await?;
    // Ids are unique within a kind only: another kind's record must not take a person's row.
    let mut seals = if kind == Kind::Person { seals(&conn, city, ids).await? } else { HashMap::new() };
    let mut histories = histories(&conn, city, kind.stream(), ids).await?;
    let mut findings = Vec::new();
    for id in ids {
        let row = rows.remove(id);
        let code = match &row {
            Some(Ok(row)) => row.code.clone(),
            Some(Err(row)) => row.text(&record::Column::Code),
            None => None,
        };
        let seen = Seen { row, seal: seals.remove(id), history: histories.remove(id).unwrap_or_default() };
        if let Err((flaw, place)) = check(ctx, kind, seen) {
            let name = code.unwrap_or_else(|| id.to_string());
            findings.push(Finding { city, record: kind.word().to_owned(), name, flaw, place });
        }
    }
    Ok(findings)
}

/// Every record of a kind that a row or an event knows of.
async fn all_ids(ctx: &Ctx, city: CityId, kind: Kind) -> Result<BTreeSet<i64>, Fault> {
    let conn = ctx.db.reader();
    let mut ids = stream_ids(conn, city, kind.stream()).await?;
    let rows = record::Entity::find()
        .filter(record::Column::CityId.eq(city.0))
        .filter(record::Column::Kind.eq(kind.word()));
    ids.extend(stored_numbers(conn, rows, record::Column::Id).await?.0);
    if kind == Kind::Person {
        let rows = person::Entity::find().filter(person::Column::CityId.eq(city.0));
        ids.extend(stored_numbers(conn, rows, person::Column::Id).await?.0);
    }
    Ok(ids)
}

async fn records(
    conn: &impl ConnectionTrait,
    city: CityId,
    kind: Kind,
    ids: &[i64],
) -> Result<HashMap<i64, Stored<record::Entity>>, Fault> {
    let query = record::Entity::find()
        .filter(record::Column::CityId.eq(city.0))
        .filter(record::Column::Kind.eq(kind.word()))
        .filter(record::Column::Id.is_in(ids.iter().copied()));
    let mut rows = HashMap::new();
    for row in stored_rows(conn, query).await? {
        // Found by its id, so that can be read.
        let id = match &row {
            Ok(row) => row.id,
            Err(row) => row.number(&record::Column::Id).unwrap_or_default(),
        };
        rows.insert(id, row);
    }
    Ok(rows)
}

async fn seals(
    conn: &impl ConnectionTrait,
    city: CityId,
    ids: &[i64],
) -> Result<HashMap<i64, Stored<person::Entity>>, Fault> {
    let query = person::Entity::find()
        .filter(person::Column::CityId.eq(city.0))
        .filter(person::Column::Id.is_in(ids.iter().copied()));
    let mut rows = HashMap::new();
    for row in stored_rows(conn, query).await? {
        let id = match &row {
            Ok(row) => row.id,
            Err(row) => row.number(&person::Column::Id).unwrap_or_default(),
        };
        rows.insert(id, row);
    }
    Ok(rows)
}

/// Rows that no kind and no id can claim: their kind was changed to a word that is none, or their id to no number.
async fn strangers(ctx: &Ctx, city: CityId) -> Result<Vec<Finding>, Fault> {
    let conn = ctx.db.reader();
    let known: BTreeMap<&str, Kind> = KINDS.iter().map(|kind| (kind.word(), *kind)).collect();
    let mut findings = Vec::new();
    for row in stored_rows(conn, record::Entity::find().filter(record::Column::CityId.eq(city.0))).await? {
        let (kind, id) = match row {
            Ok(row) => (Some(row.kind), Some(row.id)),
            Err(row) => (row.text(&record::Column::Kind), row.number(&record::Column::Id)),
        };
        if id.is_some() && kind.as_ref().is_some_and(|kind| known.contains_key(kind.as_str())) {
            continue;
        }
        findings.push(Finding {
            city,
            record: kind.unwrap_or_else(|| "?".to_owned()),
            name: id.map_or_else(|| "?".to_owned(), |id| id.to_string()),
            flaw: Flaw::RowUnexplained,
            place: "org_record".to_owned(),
        });
    }
    Ok(findings)
}

/// A record as one picture of the database shows it.
struct Seen {
    row: Option<Stored<record::Entity>>,
    seal: Option<Stored<person::Entity>>,
    history: History,
}

fn check(ctx: &Ctx, kind: Kind, seen: Seen) -> Result<(), Wrong> {
    let flaw = |flaw: Flaw, place: &str| Err((flaw, place.to_owned()));
    let Seen { row, seal, history } = seen;
    let head = history.check()?;
    let entries = &history.entries;
    let row = match (row, entries.last()) {
        (Some(Ok(row)), Some(_)) => row,
        (Some(Err(row)), _) => return Err((Flaw::RowDiffers, format!("{}: unreadable", row.column))),
        (Some(Ok(_)), None) => return flaw(Flaw::RowUnexplained, "org_record"),
        (None, Some(_)) => return flaw(Flaw::RowMissing, "org_record"),
        (None, None) if seal.is_some() => return flaw(Flaw::RowUnexplained, "org_person"),
        // Both went between listing and looking.
        (None, None) => return Ok(()),
    };
    let Some(last) = entries.last() else { return Ok(()) };
    if head != row.head() {
        return flaw(Flaw::HeadDiffers, "version, head_hash");
    }
    if row.changed_at != last.at {
        return flaw(Flaw::RowDiffers, "changed_at");
    }
    let Ok(replayed) = kind.replay(&last.body) else { return flaw(Flaw::EventChanged, "unreadable body") };
    if row.removed != replayed.is_none() {
        return flaw(Flaw::RowDiffers, "removed");
    }
    // A removed record keeps the text that it was last: that of the last event which set it.
    let texts = entries.iter().rev().find_map(|entry| kind.replay(&entry.body).ok().flatten());
    if texts.as_deref() != Some(row.doc.as_str()) {
        return flaw(Flaw::RowDiffers, "doc");
    }
    let Ok(document) = kind.read(&row.doc) else { return flaw(Flaw::RowDiffers, "doc") };
    let code = (!row.removed).then(|| document.code());
    if row.code != code || row.id != document.id() {
        return flaw(Flaw::RowDiffers, "code, id");
    }
    match &document {
        Document::Person(person) => check_seal(ctx, person, seal, last.kind == ERASED),
        _another => Ok(()),
    }
}

/// What is personal about a member of staff against the commitments in his record.
fn check_seal(
    ctx: &Ctx,
    person: &Person,
    seal: Option<Stored<person::Entity>>,
    erased: bool,
) -> Result<(), Wrong> {
    let flaw = |flaw: Flaw, place: &str| Err((flaw, place.to_owned()));
    let row = match (seal, erased) {
        (None, true) => return Ok(()),
        (None, false) => return flaw(Flaw::PersonalMissing, "org_person"),
        (Some(_), true) => return flaw(Flaw::RowUnexplained, "org_person: erased, but still there"),
        (Some(Err(row)), false) => {
            return Err((Flaw::PersonalChanged, format!("org_person.{}: unreadable", row.column)));
        }
        (Some(Ok(row)), false) => row,
    };
    let name = ctx.secrets.open(&row.name_sealed).unwrap_or_default();
    if !keeps(&person.name, &row.salt, name.as_bytes()) {
        return flaw(Flaw::PersonalChanged, "name");
    }
    let phone = row.phone_sealed.as_ref().map(|sealed| ctx.secrets.open(sealed).unwrap_or_default());
    let kept = match (&person.phone, &phone) {
        (None, None) => true,
        (Some(proof), Some(phone)) => keeps(proof, &row.salt, phone.as_bytes()),
        (Some(_), None) | (None, Some(_)) => false,
    };
    if kept { Ok(()) } else { flaw(Flaw::PersonalChanged, "phone") }
}
