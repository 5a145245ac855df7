//! Verification of users: chains, replayed rows, grants, and the commitments to names, logins and password hashes.

use std::collections::{BTreeSet, HashMap, HashSet};

use kernel::id::{CityId, UnitId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::tables::{grant, user};
use super::user::{Grants, User, UserEvent, evolve, start};
use crate::ctx::Ctx;
use crate::db::{Fault, Stored, still, stored_numbers, stored_rows};
use crate::journal::{Finding, Flaw, History, JournalEvent, histories, keeps, stream_ids};

/// Users checked at once.
const PAGE: usize = 200;

type Wrong = (Flaw, String);

/// Checks every user of a city.
///
/// # Errors
/// What the database says; what is wrong with the data is in the findings.
pub async fn verify(ctx: &Ctx, city: CityId) -> Result<Vec<Finding>, Fault> {
    let (ids, unreadable) = all_ids(ctx, city).await?;
    let mut findings: Vec<Finding> =
        unreadable.into_iter().map(|place| finding(city, "?", (Flaw::RowUnexplained, place))).collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    for page in ids.chunks(PAGE) {
        findings.extend(verify_users(ctx, city, page).await?);
    }
    Ok(findings)
}

/// Checks some users.
///
/// # Errors
/// As [`verify`].
pub async fn verify_users(ctx: &Ctx, city: CityId, ids: &[i64]) -> Result<Vec<Finding>, Fault> {
    // One picture of row, grants and history: an act between the reads must not look like a change.
    let conn = still(ctx.db.reader()).await?;
    let mut rows = rows(&conn, city, ids).await?;
    let folds = folds_beside(&conn, city, rows.values()).await?;
    let mut grants = grants(&conn, city, ids).await?;
    let mut histories = histories(&conn, city, UserEvent::STREAM, ids).await?;
    let mut findings = Vec::new();
    for id in ids {
        let history = histories.remove(id).unwrap_or_default();
        let grants = grants.remove(id).unwrap_or_default();
        let wrong = wrong_with(ctx, rows.remove(id), &folds, grants, &history);
        findings.extend(wrong.err().map(|wrong| finding(city, &id.to_string(), wrong)));
    }
    Ok(findings)
}

/// Every user that a row, a grant or an event knows of, and the places where an id cannot be read.
async fn all_ids(ctx: &Ctx, city: CityId) -> Result<(BTreeSet<i64>, Vec<String>), Fault> {
    let conn = ctx.db.reader();
    let users = user::Entity::find().filter(user::Column::CityId.eq(city.0));
    let (mut ids, strange_users) = stored_numbers(conn, users, user::Column::Id).await?;
    let grants = grant::Entity::find().filter(grant::Column::CityId.eq(city.0));
    let (held, strange_grants) = stored_numbers(conn, grants, grant::Column::UserId).await?;
    ids.extend(held);
    ids.extend(stream_ids(conn, city, UserEvent::STREAM).await?);
    let strange = [("platform_user.id", strange_users), ("platform_grant.user_id", strange_grants)];
    let strange = strange.into_iter().filter(|(_, rows)| *rows > 0);
    Ok((ids, strange.map(|(column, rows)| format!("{column}: {rows} unreadable")).collect()))
}

async fn rows(
    conn: &impl ConnectionTrait,
    city: CityId,
    ids: &[i64],
) -> Result<HashMap<i64, Stored<user::Entity>>, Fault> {
    let query = user::Entity::find()
        .filter(user::Column::CityId.eq(city.0))
        .filter(user::Column::Id.is_in(ids.iter().copied()));
    let rows = stored_rows(conn, query).await?.into_iter();
    let id = |row: &Stored<user::Entity>| match row {
        Ok(row) => Some(row.id),
        Err(row) => row.number(&user::Column::Id),
    };
    Ok(rows.filter_map(|row| Some((id(&row)?, row))).collect())
}

/// Folds that somebody has, of those that some rows lack.
async fn folds_beside(
    conn: &impl ConnectionTrait,
    city: CityId,
    rows: impl Iterator<Item = &Stored<user::Entity>>,
) -> Result<HashSet<String>, Fault> {
    let lacking = rows.filter_map(|row| row.as_ref().ok()).filter(|row| row.login_fold.is_none());
    let lacking: Vec<String> = lacking.map(|row| super::login_fold(&row.login)).collect();
    if lacking.is_empty() {
        return Ok(HashSet::new());
    }
    let query = user::Entity::find()
        .filter(user::Column::CityId.eq(city.0))
        .filter(user::Column::LoginFold.is_in(lacking));
    let found = stored_rows(conn, query).await?.into_iter();
    Ok(found.filter_map(|row| row.ok()?.login_fold).collect())
}

async fn grants(
    conn: &impl ConnectionTrait,
    city: CityId,
    ids: &[i64],
) -> Result<HashMap<i64, Vec<Stored<grant::Entity>>>, Fault> {
    let query = grant::Entity::find()
        .filter(grant::Column::CityId.eq(city.0))
        .filter(grant::Column::UserId.is_in(ids.iter().copied()));
    let mut grants: HashMap<i64, Vec<_>> = HashMap::new();
    for row in stored_rows(conn, query).await? {
        let user = match &row {
            Ok(row) => Some(row.user_id),
            Err(row) => row.number(&grant::Column::UserId),
        };
        grants.entry(user.unwrap_or_default()).or_default().push(row);
    }
    Ok(grants)
}

fn finding(city: CityId, name: &str, (flaw, place): Wrong) -> Finding {
    Finding { city, record: UserEvent::STREAM.to_owned(), name: name.to_owned(), flaw, place }
}

fn wrong_with(
    ctx: &Ctx,
    row: Option<Stored<user::Entity>>,
    folds: &HashSet<String>,
    grants: Vec<Stored<grant::Entity>>,
    history: &History,
) -> Result<(), Wrong> {
    let head = history.check()?;
    let row = match row {
        Some(Ok(row)) => row,
        Some(Err(row)) => return Err((Flaw::RowDiffers, format!("{}: unreadable", row.column))),
        None if history.is_empty() => return Err((Flaw::RowUnexplained, "platform_grant".to_owned())),
        None => return Err((Flaw::RowMissing, "platform_user".to_owned())),
    };
    if history.is_empty() {
        return Err((Flaw::RowUnexplained, "platform_user".to_owned()));
    }
    if head.version != row.version || head.hash != row.head_hash {
        return Err((Flaw::HeadDiffers, "version, head_hash".to_owned()));
    }
    let user = replay(history).ok_or((Flaw::EventChanged, "unreadable body".to_owned()))?;
    if user.unit != row.unit_id.map(UnitId) || user.disabled != row.disabled || user.id.0 != row.id {
        return Err((Flaw::RowDiffers, "unit_id, disabled".to_owned()));
    }
    let held: Option<Grants> = grants.into_iter().map(|row| row.ok()?.grant()).collect();
    // A name from before may have none, but only where another one that reads alike has it.
    let fold = super::login_fold(&row.login);
    if row.login_fold.as_ref().map_or(!folds.contains(&fold), |stored| *stored != fold) {
        return Err((Flaw::RowDiffers, "login_fold".to_owned()));
    }
    if held.as_ref() != Some(&user.grants) {
        return Err((Flaw::RowDiffers, "platform_grant".to_owned()));
    }
    let name = ctx.secrets.open(&row.name_sealed).unwrap_or_default();
    let committed = [
        ("login", &user.login, row.login.as_bytes()),
        ("password", &user.password, row.password.as_bytes()),
        ("name", &user.name, name.as_bytes()),
    ];
    let broken =
        committed.iter().find(|(_, commitment, content)| !keeps(commitment, &row.name_salt, content));
    broken.map_or(Ok(()), |(column, ..)| Err((Flaw::PersonalChanged, (*column).to_owned())))
}

fn replay(history: &History) -> Option<User> {
    let events = history.events::<UserEvent>()?;
    let first = start(events.first()?)?;
    Some(events[1..].iter().fold(first, evolve))
}
