//! Can the database be written? Asked by whoever watches over the server.

use std::time::Duration;

use kernel::id::CityId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::tables::server;
use super::{Command, Db, Fault, Tx};

/// Whoever watches has not much patience either.
const PATIENCE: Duration = Duration::from_millis(1_800);

/// Touches the row of one server number and leaves it as it is. Nothing of it is in the journal.
struct Probe {
    number: u16,
}

impl Command for Probe {
    type Done = ();
    type Error = Fault;

    fn city(&self) -> CityId {
        CityId(0)
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), Fault> {
        let update = server::Entity::update_many()
            .col_expr(server::Column::UntilAt, Expr::col(server::Column::UntilAt))
            .filter(server::Column::Number.eq(i64::from(self.number)));
        tx.update(update).await?;
        Ok(())
    }
}

impl Db {
    /// Writes, through a lane and durably, something that changes nothing: the lease of this server number.
    ///
    /// # Errors
    /// What the database says, or [`Fault::Silent`] when it says nothing for two seconds.
    pub async fn probe(&self, number: u16) -> Result<(), Fault> {
        tokio::time::timeout(PATIENCE, self.write(Probe { number })).await.unwrap_or(Err(Fault::Silent))
    }
}
