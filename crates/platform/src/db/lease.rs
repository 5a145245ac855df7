//! Server numbers: ten bits of every id. Each running server leases one, so that no two make the same id.

use kernel::id::CityId;
use kernel::time::{MINUTE_MS, Time};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use super::tables::server;
use super::{Command, Db, Fault, Tx};

/// A lease holds this long without being renewed.
pub const LEASE_MS: i64 = 10 * MINUTE_MS;
/// A number that was given back rests this long, for the clocks of other machines may be behind.
pub const REST_MS: i64 = 5_000;
/// Server numbers are 0..=1023.
const NUMBERS: i64 = 1_024;

/// A server number, and under which name it is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// 0..=1023.
    pub number: u16,
    holder: String,
}

/// Takes the lowest free number. `holder` names this process and no other, before or after it.
///
/// # Errors
/// [`Fault::Unreadable`] when all 1,024 numbers are taken; otherwise what the database says.
pub async fn lease(db: &Db, holder: &str, now: Time) -> Result<Lease, Fault> {
    let number = db.write(Take { holder: holder.to_owned(), now }).await?;
    Ok(Lease { number, holder: holder.to_owned() })
}

impl Lease {
    /// Holds the number for longer. False when somebody else has it meanwhile: whoever goes on making ids then makes
    /// some that are there already.
    ///
    /// # Errors
    /// What the database says.
    pub async fn renew(&self, db: &Db, now: Time) -> Result<bool, Fault> {
        db.write(Hold { lease: self.clone(), until: now.plus_ms(LEASE_MS) }).await
    }

    /// Gives the number back. No id may be made with it afterwards.
    ///
    /// # Errors
    /// What the database says.
    pub async fn give_back(self, db: &Db, now: Time) -> Result<(), Fault> {
        // One that somebody else has already is his.
        db.write(Hold { lease: self, until: now.plus_ms(REST_MS) }).await.map(|_still_ours| ())
    }
}

struct Take {
    holder: String,
    now: Time,
}

impl Command for Take {
    type Done = u16;
    type Error = Fault;

    fn city(&self) -> CityId {
        CityId(0)
    }

    async fn run(&self, tx: &mut Tx) -> Result<u16, Fault> {
        // On PostgreSQL the lane of city 0 is locked for this batch, so two servers never choose at once.
        let taken = server::Entity::find().order_by_asc(server::Column::Number).all(tx.conn().await?).await?;
        let held = |number: i64| taken.iter().any(|row| row.number == number && row.until_at > self.now.0);
        let Some(number) = (0..NUMBERS).find(|number| !held(*number)) else {
            return Err(Fault::Unreadable("all server numbers are leased".into()));
        };
        let mut upsert = OnConflict::column(server::Column::Number);
        upsert.update_columns([server::Column::Holder, server::Column::UntilAt]);
        let row = server::ActiveModel {
            number: Set(number),
            holder: Set(self.holder.clone()),
            until_at: Set(self.now.0 + LEASE_MS),
        };
        server::Entity::insert(row)
            .on_conflict(upsert)
            .exec_without_returning(tx.conn_for_write().await?)
            .await?;
        u16::try_from(number).map_err(|_| Fault::Unreadable("a server number is out of range".into()))
    }
}

/// Sets the end of a lease that is still ours.
struct Hold {
    lease: Lease,
    until: Time,
}

impl Command for Hold {
    type Done = bool;
    type Error = Fault;

    fn city(&self) -> CityId {
        CityId(0)
    }

    async fn run(&self, tx: &mut Tx) -> Result<bool, Fault> {
        let update = server::Entity::update_many()
            .col_expr(server::Column::UntilAt, Expr::value(self.until.0))
            .filter(server::Column::Number.eq(i64::from(self.lease.number)))
            .filter(server::Column::Holder.eq(&self.lease.holder));
        Ok(tx.update(update).await? == 1)
    }
}
