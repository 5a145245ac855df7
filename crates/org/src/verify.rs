//! Verification of the hall: chains, replay = row, and the commitments to what is personal.

use std::collections::{BTreeMap, BTreeSet};

use kernel::id::CityId;
use platform::Ctx;
use platform::db::Fault;
use platform::journal::{Entry, Finding, Flaw, check_stream, keeps, read_stream, streams_of};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::document::{Document, KINDS, Kind};
use crate::store::{person, record};

/// How many streams are read at once.
const PAGE: u64 = 500;

/// Checks every record of a city. A person who was erased has no personal row, which is as it should be; one whose
/// row is gone without that event is reported.
///
/// # Errors
/// What the database says; what is wrong with the data is in the findings.
pub async fn verify(ctx: &Ctx, city: CityId) -> Result<Vec<Finding>, Fault> {
    let conn = ctx.db.reader();
    let mut personal: BTreeMap<i64, person::Model> = BTreeMap::new();
    for row in person::Entity::find().filter(person::Column::CityId.eq(city.0)).all(conn).await? {
        personal.insert(row.id, row);
    }
    let mut findings = Vec::new();
    for kind in KINDS {
        let rows = record::Entity::find()
            .filter(record::Column::CityId.eq(city.0))
            .filter(record::Column::Kind.eq(kind.word()))
            .order_by_asc(record::Column::Id)
            .all(conn)
            .await?;
        let mut streams: BTreeSet<i64> = BTreeSet::new();
        // Ids begin at 1, days since 1970 may lie before it.
        let mut after = i64::MIN;
        loop {
            let page = streams_of(conn, city, kind.stream(), after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = *last;
            streams.extend(page);
        }
        for row in &rows {
            let known = streams.remove(&row.id);
            let entries =
                if known { read_stream(conn, city, kind.stream(), row.id).await? } else { Vec::new() };
            // Ids are unique within a kind only: another kind's record must not take a person's row.
            let seal = if *kind == Kind::Person { personal.remove(&row.id) } else { None };
            if let Err((flaw, place)) = check(ctx, *kind, row, &entries, seal.as_ref()) {
                let name = row.code.clone().unwrap_or_else(|| row.id.to_string());
                findings.push(Finding { city, record: kind.word().to_owned(), name, flaw, place });
            }
        }
        let missing = streams.into_iter().map(|id| Finding {
            city,
            record: kind.word().to_owned(),
            name: id.to_string(),
            flaw: Flaw::RowMissing,
            place: "org_record".to_owned(),
        });
        findings.extend(missing);
    }
    findings.extend(personal.into_keys().map(|id| Finding {
        city,
        record: Kind::Person.word().to_owned(),
        name: id.to_string(),
        flaw: Flaw::RowUnexplained,
        place: "org_person".to_owned(),
    }));
    findings.extend(unknown_kinds(ctx, city).await?);
    Ok(findings)
}

/// Rows whose kind was changed to a word that is no kind.
async fn unknown_kinds(ctx: &Ctx, city: CityId) -> Result<Vec<Finding>, Fault> {
    let rows = record::Entity::find()
        .filter(record::Column::CityId.eq(city.0))
        .filter(record::Column::Kind.is_not_in(KINDS.iter().map(|kind| kind.word())))
        .all(ctx.db.reader())
        .await?;
    let finding = |row: record::Model| Finding {
        city,
        record: row.kind,
        name: row.id.to_string(),
        flaw: Flaw::RowUnexplained,
        place: "org_record".to_owned(),
    };
    Ok(rows.into_iter().map(finding).collect())
}

fn check(
    ctx: &Ctx,
    kind: Kind,
    row: &record::Model,
    entries: &[Entry],
    seal: Option<&person::Model>,
) -> Result<(), (Flaw, String)> {
    let flaw = |flaw: Flaw, place: &str| Err((flaw, place.to_owned()));
    let head = check_stream(entries).map_err(|(flaw, version)| (flaw, format!("version {version}")))?;
    let Some(last) = entries.last() else { return flaw(Flaw::RowUnexplained, "org_record") };
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
    let erased = last.kind == "erased";
    match (&document, seal) {
        (Document::Person(_), None) if !erased => flaw(Flaw::PersonalMissing, "org_person"),
        (Document::Person(person), Some(row)) => {
            let name = ctx.secrets.open(&row.name_sealed).unwrap_or_default();
            let phone = row.phone_sealed.as_ref().map(|sealed| ctx.secrets.open(sealed).unwrap_or_default());
            if !keeps(&person.name, &row.salt, name.as_bytes()) {
                return flaw(Flaw::PersonalChanged, "name");
            }
            let kept = match (&person.phone, &phone) {
                (None, None) => true,
                (Some(proof), Some(phone)) => keeps(proof, &row.salt, phone.as_bytes()),
                (Some(_), None) | (None, Some(_)) => false,
            };
            if kept { Ok(()) } else { flaw(Flaw::PersonalChanged, "phone") }
        }
        (_, None | Some(_)) => Ok(()),
    }
}
