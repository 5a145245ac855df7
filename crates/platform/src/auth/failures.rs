//! Failed sign-ins as an auditor reads them.

use kernel::id::{CityId, UserId};
use kernel::page::Cursor;
use kernel::time::{DAY_MS, Time};
use sea_orm::{ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

use super::guesses::{Account, Failures, Guesses};
use super::login_fold;
use super::tables::guess;
use crate::ctx::Ctx;
use crate::db::{Clear, Command, Fault, Tx};
use crate::secrets::{Secrets, digest};

/// Failures are kept for half a year (等保: at least six months).
const KEPT_MS: i64 = 183 * DAY_MS;

/// What is counted, logged and kept instead of a login: nobody reads it back without the key. However it is
/// typed it is the same account: nobody gets fresh guesses for a capital or a dash.
pub fn account_of(secrets: &Secrets, city: CityId, login: &str) -> Account {
    let folded = format!("{city}/{}", login_fold(login));
    hex::encode(&digest(&secrets.seal_repeatably(b"account", &folded))[..8])
}

/// Failed sign-ins of one account from one network within a minute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// Its place in the list.
    pub cursor: Cursor,
    /// The last one.
    pub at: Time,
    /// Whose account it is, where there is such a login.
    pub user: Option<UserId>,
    /// The account.
    pub account: Account,
    /// From where, shortened.
    pub network: String,
    /// How many.
    pub failures: i64,
}

struct Note {
    city: CityId,
    rows: Vec<guess::Model>,
}

impl Command for Note {
    type Done = ();
    type Error = Fault;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), Fault> {
        self.rows.iter().for_each(|row| tx.insert(row.clone().into_active_model()));
        Ok(())
    }
}

/// Writes what failed since the last time. Call it by the minute. Returns how many rows.
///
/// # Errors
/// What the database says.
pub async fn note_failures(ctx: &Ctx, guesses: &Guesses) -> Result<usize, Fault> {
    let mut noted = guesses.take_noted();
    noted.sort_by_key(|one| one.city);
    let row = |one: &Failures| guess::Model {
        city_id: one.city.0,
        id: ctx.ids.next(),
        at: one.at.0,
        user_id: one.user.map(UserId::get),
        account: one.account.clone(),
        network: one.network.clone(),
        failures: one.failures,
    };
    for of_city in noted.chunk_by(|one, next| one.city == next.city) {
        let Some(first) = of_city.first() else { continue };
        ctx.db.write(Note { city: first.city, rows: of_city.iter().map(row).collect() }).await?;
    }
    Ok(noted.len())
}

/// At most `limit` rows before a place in the list, newest first.
///
/// # Errors
/// What the database says.
pub async fn failed_before(
    ctx: &Ctx,
    city: CityId,
    before: Option<Cursor>,
    limit: u64,
) -> Result<Vec<Failed>, Fault> {
    let mut query = guess::Entity::find().filter(guess::Column::CityId.eq(city.0));
    if let Some(Cursor { key, id }) = before {
        let same = Condition::all().add(guess::Column::At.eq(key)).add(guess::Column::Id.lt(id));
        query = query
            .filter(guess::Column::At.lte(key))
            .filter(Condition::any().add(guess::Column::At.lt(key)).add(same));
    }
    let rows = query
        .order_by_desc(guess::Column::At)
        .order_by_desc(guess::Column::Id)
        .limit(limit)
        .all(ctx.db.reader())
        .await?;
    let failed = |row: guess::Model| Failed {
        cursor: Cursor { key: row.at, id: row.id },
        at: Time(row.at),
        user: row.user_id.map(UserId),
        account: row.account,
        network: row.network,
        failures: row.failures,
    };
    Ok(rows.into_iter().map(failed).collect())
}

/// Deletes what is older than half a year. Returns how many.
///
/// # Errors
/// What the database says.
pub async fn sweep_failures(ctx: &Ctx, city: CityId) -> Result<u64, Fault> {
    let rows = guess::Entity::delete_many()
        .filter(guess::Column::CityId.eq(city.0))
        .filter(guess::Column::At.lt(ctx.now().0 - KEPT_MS));
    ctx.db.write(Clear { city, rows }).await
}
