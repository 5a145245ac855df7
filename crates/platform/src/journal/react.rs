//! Reactions: what happens elsewhere because of an event. Each has a cursor; its effect and its cursor are one command
//! on the same lane. A failing one is retried with a pause, then parked in a table for the operator; it never blocks
//! the events behind it.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use kernel::id::CityId;
use kernel::time::{Clock, Time};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set};

use super::Entry;
use super::read::events_after;
use crate::db::{Command, Db, Fault, Tx};
use tables::{cursor, parked};

/// Events handled in one command.
const BATCH: u64 = 100;
/// How often a failing event is tried before it is parked.
const TRIES: u32 = 3;

/// What a reaction does with one event, inside the transaction that also moves its cursor.
pub type Reacting =
    Arc<dyn for<'a> Fn(&'a mut Tx, &'a Entry) -> BoxFuture<'a, Result<(), Fault>> + Send + Sync>;

/// A named reaction. The name is its cursor's key: never change it.
#[derive(Clone)]
pub struct Reaction {
    /// Key of the cursor.
    pub name: &'static str,
    /// Kinds of stream it wants to see.
    pub streams: &'static [&'static str],
    /// What it does.
    pub act: Reacting,
}

/// The running reactions of a city.
pub struct Reactions {
    db: Db,
    clock: Arc<dyn Clock>,
    all: Vec<Reaction>,
}

impl Reactions {
    /// Collects what `wiring` declared.
    pub fn new(db: Db, clock: Arc<dyn Clock>, all: Vec<Reaction>) -> Self {
        Self { db, clock, all }
    }

    /// Brings every reaction up to the present end of the journal. Returns how many events were handled.
    ///
    /// # Errors
    /// What the database says; a reaction's own failure is parked, not returned.
    pub async fn catch_up(&self, city: CityId) -> Result<u64, Fault> {
        let mut handled = 0;
        for reaction in &self.all {
            loop {
                let after = cursor_of(self.db.reader(), city, reaction.name).await?;
                let entries = events_after(self.db.reader(), city, after, BATCH).await?;
                let Some(last) = entries.last().map(|entry| entry.seq) else { break };
                handled += entries.len() as u64;
                self.step(city, reaction, entries, last).await?;
            }
        }
        Ok(handled)
    }

    /// All of a batch in one command; if that fails, one by one with retries, and what still fails is parked.
    async fn step(
        &self,
        city: CityId,
        reaction: &Reaction,
        entries: Vec<Entry>,
        last: i64,
    ) -> Result<(), Fault> {
        let wanted: Vec<Entry> =
            entries.into_iter().filter(|entry| reaction.streams.contains(&entry.stream.as_str())).collect();
        let all = React { city, reaction: reaction.clone(), entries: wanted.clone(), seq: last, park: None };
        if self.db.write(all).await.is_ok() {
            return Ok(());
        }
        for entry in wanted {
            self.step_one(city, reaction, entry).await?;
        }
        let rest = React { city, reaction: reaction.clone(), entries: Vec::new(), seq: last, park: None };
        self.db.write(rest).await
    }

    async fn step_one(&self, city: CityId, reaction: &Reaction, entry: Entry) -> Result<(), Fault> {
        let seq = entry.seq;
        let mut said = String::new();
        for attempt in 0..TRIES {
            let one =
                React { city, reaction: reaction.clone(), entries: vec![entry.clone()], seq, park: None };
            match self.db.write(one).await {
                Ok(()) => return Ok(()),
                Err(fault) => said = fault.to_string(),
            }
            tokio::time::sleep(Duration::from_millis(50 << attempt)).await;
        }
        tracing::error!(consumer = reaction.name, seq, said, "reaction parked");
        let park = Some((said, self.clock.now()));
        self.db.write(React { city, reaction: reaction.clone(), entries: Vec::new(), seq, park }).await
    }
}

/// Does a reaction lag: has it parked an event, or not yet handled one that happened before `before`?
///
/// # Errors
/// What the database says.
pub async fn lags(
    conn: &impl ConnectionTrait,
    city: CityId,
    consumer: &str,
    before: Time,
) -> Result<bool, Fault> {
    let parked = parked::Entity::find()
        .filter(parked::Column::CityId.eq(city.0))
        .filter(parked::Column::Consumer.eq(consumer))
        .limit(1)
        .one(conn)
        .await?;
    if parked.is_some() {
        return Ok(true);
    }
    let waiting = events_after(conn, city, cursor_of(conn, city, consumer).await?, 1).await?;
    Ok(waiting.first().is_some_and(|entry| entry.at < before.0))
}

async fn cursor_of(conn: &impl ConnectionTrait, city: CityId, consumer: &str) -> Result<i64, Fault> {
    let row = cursor::Entity::find()
        .filter(cursor::Column::CityId.eq(city.0))
        .filter(cursor::Column::Consumer.eq(consumer))
        .one(conn)
        .await?;
    Ok(row.map_or(0, |row| row.seq))
}

struct React {
    city: CityId,
    reaction: Reaction,
    entries: Vec<Entry>,
    seq: i64,
    park: Option<(String, Time)>,
}

impl Command for React {
    type Done = ();
    type Error = Fault;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), Fault> {
        // Another server, or another round here, may have been faster since the cursor was read outside.
        let done = cursor_of(tx.conn().await?, self.city, self.reaction.name).await?;
        if done >= self.seq {
            return Ok(());
        }
        for entry in self.entries.iter().filter(|entry| entry.seq > done) {
            (self.reaction.act)(tx, entry).await?;
        }
        if let Some((error, at)) = &self.park {
            tx.insert(parked::ActiveModel {
                city_id: Set(self.city.0),
                consumer: Set(self.reaction.name.to_owned()),
                seq: Set(self.seq),
                tries: Set(i64::from(TRIES)),
                error: Set(error.clone()),
                at: Set(at.0),
            });
        }
        let mut upsert = OnConflict::columns([cursor::Column::CityId, cursor::Column::Consumer]);
        upsert.update_column(cursor::Column::Seq);
        let row = cursor::ActiveModel {
            city_id: Set(self.city.0),
            consumer: Set(self.reaction.name.to_owned()),
            seq: Set(self.seq),
        };
        cursor::Entity::insert(row)
            .on_conflict(upsert)
            .exec_without_returning(tx.conn_for_write().await?)
            .await?;
        Ok(())
    }
}

mod tables {
    pub(super) mod cursor {
        use sea_orm::entity::prelude::*;

        #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
        #[sea_orm(table_name = "platform_cursor")]
        pub struct Model {
            #[sea_orm(primary_key, auto_increment = false)]
            pub city_id: i64,
            #[sea_orm(primary_key, auto_increment = false)]
            pub consumer: String,
            pub seq: i64,
        }

        #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
        pub enum Relation {}

        impl ActiveModelBehavior for ActiveModel {}
    }

    pub(super) mod parked {
        use sea_orm::entity::prelude::*;

        #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
        #[sea_orm(table_name = "platform_parked")]
        pub struct Model {
            #[sea_orm(primary_key, auto_increment = false)]
            pub city_id: i64,
            #[sea_orm(primary_key, auto_increment = false)]
            pub consumer: String,
            #[sea_orm(primary_key, auto_increment = false)]
            pub seq: i64,
            pub tries: i64,
            pub error: String,
            pub at: i64,
        }

        #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
        pub enum Relation {}

        impl ActiveModelBehavior for ActiveModel {}
    }
}
