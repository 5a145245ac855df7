//! Server numbers: ten bits of every id. Each running server leases one, so that no two make the same id.

use kernel::id::CityId;
use kernel::time::{MINUTE_MS, Time};
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, QueryOrder, Set};

use super::tables::server;
use super::{Command, Db, Fault, Tx};

/// A lease holds this long without being renewed.
pub const LEASE_MS: i64 = 10 * MINUTE_MS;
/// Server numbers are 0..=1023.
const NUMBERS: i64 = 1_024;

/// Takes the lowest free number, or renews the one that `holder` has already.
///
/// # Errors
/// [`Fault::Unreadable`] when all 1,024 numbers are taken; otherwise what the database says.
pub async fn lease(db: &Db, holder: &str, now: Time) -> Result<u16, Fault> {
    db.write(Lease { holder: holder.to_owned(), now }).await
}

struct Lease {
    holder: String,
    now: Time,
}

impl Command for Lease {
    type Done = u16;
    type Error = Fault;

    fn city(&self) -> CityId {
        CityId(0)
    }

    async fn run(&self, tx: &mut Tx) -> Result<u16, Fault> {
        // On PostgreSQL the lane of city 0 is locked for this batch, so two servers never choose at once.
        let taken = server::Entity::find().order_by_asc(server::Column::Number).all(tx.conn().await?).await?;
        let mine = taken.iter().find(|row| row.holder == self.holder).map(|row| row.number);
        let held = |number: i64| taken.iter().any(|row| row.number == number && row.until_at > self.now.0);
        let number = mine.or_else(|| (0..NUMBERS).find(|number| !held(*number)));
        let Some(number) = number else {
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
