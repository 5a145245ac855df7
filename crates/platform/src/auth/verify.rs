//! Verification of users: chains, replayed rows, grants, and the commitments to names, logins and password hashes.

use kernel::id::{CityId, UnitId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::tables::{grant, user};
use super::user::{Grants, User, UserEvent, evolve, start};
use crate::ctx::Ctx;
use crate::db::Fault;
use crate::journal::{Entry, Finding, Flaw, check_stream, keeps, read_stream, streams_of};

/// Checks every user of a city.
///
/// # Errors
/// What the database says; what is wrong with the data is in the findings.
pub async fn verify(ctx: &Ctx, city: CityId) -> Result<Vec<Finding>, Fault> {
    let conn = ctx.db.reader();
    let rows = user::Entity::find()
        .filter(user::Column::CityId.eq(city.0))
        .order_by_asc(user::Column::Id)
        .all(conn)
        .await?;
    let mut findings = Vec::new();
    for row in &rows {
        let entries = read_stream(conn, city, "user", row.id).await?;
        let grants = grant::of(conn, city, row.id).await?;
        if let Some((flaw, place)) = flaw_of(ctx, row, &grants, &entries) {
            findings.push(finding(city, row.id, flaw, place));
        }
    }
    for id in streams_of(conn, city, "user", 0, u64::from(u32::MAX)).await? {
        if rows.binary_search_by_key(&id, |row| row.id).is_err() {
            findings.push(finding(city, id, Flaw::RowMissing, "platform_user".to_owned()));
        }
    }
    Ok(findings)
}

fn finding(city: CityId, id: i64, flaw: Flaw, place: String) -> Finding {
    Finding { city, record: "user".to_owned(), name: id.to_string(), flaw, place }
}

fn flaw_of(
    ctx: &Ctx,
    row: &user::Model,
    grants: &[grant::Model],
    entries: &[Entry],
) -> Option<(Flaw, String)> {
    let head = match check_stream(entries) {
        Ok(head) => head,
        Err((flaw, version)) => return Some((flaw, format!("version {version}"))),
    };
    if entries.is_empty() {
        return Some((Flaw::RowUnexplained, "platform_user".to_owned()));
    }
    if head.version != row.version || head.hash != row.head_hash {
        return Some((Flaw::HeadDiffers, "version, head_hash".to_owned()));
    }
    let Some(user) = replay(entries) else {
        return Some((Flaw::EventChanged, "unreadable body".to_owned()));
    };
    if user.unit != row.unit_id.map(UnitId) || user.disabled != row.disabled || user.id.0 != row.id {
        return Some((Flaw::RowDiffers, "unit_id, disabled".to_owned()));
    }
    let held: Option<Grants> = grants.iter().map(grant::Model::grant).collect();
    if held.as_ref() != Some(&user.grants) {
        return Some((Flaw::RowDiffers, "platform_grant".to_owned()));
    }
    let salt = &row.name_salt;
    if !keeps(&user.login, salt, row.login.as_bytes()) {
        return Some((Flaw::PersonalChanged, "login".to_owned()));
    }
    if !keeps(&user.password, salt, row.password.as_bytes()) {
        return Some((Flaw::PersonalChanged, "password".to_owned()));
    }
    let name = ctx.secrets.open(&row.name_sealed).unwrap_or_default();
    if !keeps(&user.name, salt, name.as_bytes()) {
        return Some((Flaw::PersonalChanged, "name".to_owned()));
    }
    None
}

fn replay(entries: &[Entry]) -> Option<User> {
    let mut events = entries.iter().map(|entry| entry.event::<UserEvent>().ok());
    let first = start(&events.next()??)?;
    events.try_fold(first, |user, event| Some(evolve(user, &event?)))
}
