//! Reactions: what happens elsewhere because of an event. Each has a cursor; its effect and its cursor are one command
//! on the same lane. A failing one is tried again at once, then parked in a table, so that it never blocks the events
//! behind it; from there it is tried again, after a minute, later by the hour, at every start, until it is done or the
//! operator mends what is wrong.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use kernel::id::CityId;
use kernel::time::{Clock, HOUR_MS, MINUTE_MS, Time};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};

use super::Entry;
use super::read::events_after;
use crate::db::{Command, Db, Fault, Tx};
use tables::{cursor, parked};

/// Events handled in one command.
const BATCH: u64 = 100;
/// How often a failing event is tried before it is parked.
const TRIES: u32 = 3;
/// Parked events looked at in one round.
const PARKED_AT_ONCE: u64 = 500;

/// How long a parked event rests after so many tries: minutes while it may be a passing trouble, then an hour.
const fn rest_ms(tries: i64) -> i64 {
    match tries - TRIES as i64 {
        ..=0 => MINUTE_MS,
        1 => 5 * MINUTE_MS,
        2 => 15 * MINUTE_MS,
        3.. => HOUR_MS,
    }
}

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
            let mut after = cursor_of(self.db.reader(), city, reaction.name).await?;
            loop {
                let entries = events_after(self.db.reader(), city, after, BATCH).await?;
                let Some(last) = entries.last().map(|entry| entry.seq) else { break };
                let count = entries.len() as u64;
                handled += count;
                self.step(city, reaction, entries, last).await?;
                if count < BATCH {
                    break;
                }
                after = last;
            }
        }
        Ok(handled)
    }

    /// Tries parked events again: those that have rested long enough, or all of them at the start. Returns how many
    /// were done.
    ///
    /// # Errors
    /// What the database says; a reaction's own failure is noted beside its event.
    pub async fn retry(&self, city: CityId, all: bool) -> Result<u64, Fault> {
        let now = self.clock.now();
        let parked = parked::Entity::find()
            .filter(parked::Column::CityId.eq(city.0))
            .order_by_asc(parked::Column::At)
            .limit(PARKED_AT_ONCE)
            .all(self.db.reader())
            .await?;
        let mut done = 0;
        for row in parked.into_iter().filter(|row| all || row.at + rest_ms(row.tries) <= now.0) {
            // One that this release does not know any more stays for the operator.
            let Some(reaction) = self.all.iter().find(|one| one.name == row.consumer) else { continue };
            let entry = events_after(self.db.reader(), city, row.seq - 1, 1).await?.pop();
            let Some(entry) = entry.filter(|entry| entry.seq == row.seq) else { continue };
            let again = Retry { city, reaction: reaction.clone(), entry, failed: None };
            match self.db.write(again.clone()).await {
                Ok(()) => {
                    tracing::info!(consumer = row.consumer, seq = row.seq, "a parked reaction was done");
                    done += 1;
                }
                Err(Fault::Stopped) => return Err(Fault::Stopped),
                Err(fault) => {
                    let failed = Some((row.tries + 1, fault.to_string(), now));
                    self.db.write(Retry { failed, ..again }).await?;
                }
            }
        }
        Ok(done)
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

/// Does a reaction lag: has it not yet handled an event that happened before `before`? What it parked counts as handled
/// here; [`parked_times`] tells of that.
///
/// # Errors
/// What the database says.
pub async fn lags(
    conn: &impl ConnectionTrait,
    city: CityId,
    consumer: &str,
    before: Time,
) -> Result<bool, Fault> {
    let waiting = events_after(conn, city, cursor_of(conn, city, consumer).await?, 1).await?;
    Ok(waiting.first().is_some_and(|entry| entry.at < before.0))
}

/// When the events happened that a reaction has parked.
///
/// # Errors
/// What the database says.
pub async fn parked_times(
    conn: &impl ConnectionTrait,
    city: CityId,
    consumer: &str,
) -> Result<Vec<Time>, Fault> {
    let seqs: Vec<i64> = parked::Entity::find()
        .select_only()
        .column(parked::Column::Seq)
        .filter(parked::Column::CityId.eq(city.0))
        .filter(parked::Column::Consumer.eq(consumer))
        .into_tuple()
        .all(conn)
        .await?;
    let times: Vec<i64> = super::Entity::find()
        .select_only()
        .column(super::Column::At)
        .filter(super::Column::CityId.eq(city.0))
        .filter(super::Column::Seq.is_in(seqs))
        .distinct()
        .into_tuple()
        .all(conn)
        .await?;
    Ok(times.into_iter().map(Time).collect())
}

/// How many events of a city are parked, for the operator.
///
/// # Errors
/// What the database says.
pub async fn parked_count(conn: &impl ConnectionTrait, city: CityId) -> Result<u64, Fault> {
    Ok(parked::Entity::find().filter(parked::Column::CityId.eq(city.0)).count(conn).await?)
}

async fn cursor_of(conn: &impl ConnectionTrait, city: CityId, consumer: &str) -> Result<i64, Fault> {
    let row = cursor::Entity::find()
        .filter(cursor::Column::CityId.eq(city.0))
        .filter(cursor::Column::Consumer.eq(consumer))
        .one(conn)
        .await?;
    Ok(row.map_or(0, |row| row.seq))
}

/// Does a parked event and takes it off the table, or notes that it failed again.
#[derive(Clone)]
struct Retry {
    city: CityId,
    reaction: Reaction,
    entry: Entry,
    /// Tries so far, what was said, and when.
    failed: Option<(i64, String, Time)>,
}

impl Command for Retry {
    type Done = ();
    type Error = Fault;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), Fault> {
        if let Some((tries, error, at)) = &self.failed {
            let update = parked::Entity::update_many()
                .col_expr(parked::Column::Tries, Expr::value(*tries))
                .col_expr(parked::Column::Error, Expr::value(error.as_str()))
                .col_expr(parked::Column::At, Expr::value(at.0))
                .filter(parked::Column::CityId.eq(self.city.0))
                .filter(parked::Column::Consumer.eq(self.reaction.name))
                .filter(parked::Column::Seq.eq(self.entry.seq));
            tx.update(update).await?;
            return Ok(());
        }
        let off = parked::Entity::delete_many()
            .filter(parked::Column::CityId.eq(self.city.0))
            .filter(parked::Column::Consumer.eq(self.reaction.name))
            .filter(parked::Column::Seq.eq(self.entry.seq));
        // Another server may have been faster.
        if tx.delete(off).await? == 1 {
            (self.reaction.act)(tx, &self.entry).await?;
        }
        Ok(())
    }
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
