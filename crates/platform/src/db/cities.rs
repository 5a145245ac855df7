//! Which cities a database holds: a city is there from the moment a server began it.

use kernel::id::CityId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::tables::lane;
use super::{Command, Db, Fault, Tx};

/// Begins a city; one that is there already stays as it is.
///
/// # Errors
/// What the database says.
pub async fn begin(db: &Db, city: CityId) -> Result<(), Fault> {
    db.write(Begin(city)).await
}

/// The cities that were begun, by rising code.
///
/// # Errors
/// What the database says.
pub async fn begun(conn: &impl ConnectionTrait) -> Result<Vec<CityId>, Fault> {
    // Lane 0 belongs to the servers' own business.
    // tidy: all cities — the question is which there are
    let rows = lane::Entity::find()
        .filter(lane::Column::CityId.ne(0))
        .order_by_asc(lane::Column::CityId)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| CityId(row.city_id)).collect())
}

struct Begin(CityId);

impl Command for Begin {
    type Done = ();
    type Error = Fault;

    fn city(&self) -> CityId {
        self.0
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), Fault> {
        // Looking at a lane makes it.
        tx.policy_version().await?;
        Ok(())
    }
}
