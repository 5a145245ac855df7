//! The transaction as a command sees it: reads go straight through, everything to be added is noted and written once
//! per batch (architecture §4: statement by statement costs a factor of three).

use std::any::{Any, TypeId};
use std::collections::BTreeMap;

use futures_util::future::BoxFuture;
use kernel::id::CityId;
use kernel::time::Time;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DeleteMany, EntityTrait,
    IntoActiveModel, Iterable, QueryFilter, QuerySelect, Set, UpdateMany,
};

use super::fault::Fault;
use super::tables::{counter, lane, timer};
use crate::journal::{self, Head, JournalEvent, Stamp, Stream};

/// Values bound in one INSERT, below the limits of both engines (32,766 on SQLite).
const VALUES_PER_INSERT: usize = 30_000;

/// What a lane knows of a city within one batch.
#[derive(Debug, Clone, Default)]
struct CityState {
    seq: i64,
    policy_version: i64,
    policy_bumped: bool,
    counters: BTreeMap<String, i64>,
    counters_changed: bool,
}

/// Rows of one table waiting to be written.
trait Pending: Send {
    fn len(&self) -> usize;
    fn truncate(&mut self, len: usize);
    fn flush<'a>(&'a mut self, conn: &'a DatabaseTransaction) -> BoxFuture<'a, Result<(), Fault>>;
    fn as_any(&mut self) -> &mut dyn Any;
}

struct PendingRows<A: ActiveModelTrait>(Vec<A>);

impl<A> Pending for PendingRows<A>
where
    A: ActiveModelTrait + Send + Sync + 'static,
{
    fn len(&self) -> usize {
        self.0.len()
    }

    fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }

    fn flush<'a>(&'a mut self, conn: &'a DatabaseTransaction) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(async move {
            let mut rows = std::mem::take(&mut self.0).into_iter();
            let per_insert = VALUES_PER_INSERT / <A::Entity as EntityTrait>::Column::iter().count().max(1);
            loop {
                let chunk: Vec<A> = rows.by_ref().take(per_insert).collect();
                if chunk.is_empty() {
                    return Ok(());
                }
                <A::Entity as EntityTrait>::insert_many(chunk).exec_without_returning(conn).await?;
            }
        })
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

/// Where a transaction stood before a command, so that a refusal leaves no trace.
pub(super) struct Mark {
    rows: BTreeMap<TypeId, usize>,
    notes: usize,
    timers: usize,
    cities: BTreeMap<CityId, CityState>,
    writes: u64,
}

/// The transaction of a batch, as handed to one command after the other.
pub struct Tx {
    conn: DatabaseTransaction,
    pending: BTreeMap<TypeId, Box<dyn Pending>>,
    notes: Vec<journal::Note>,
    timers: Vec<timer::ActiveModel>,
    cities: BTreeMap<CityId, CityState>,
    city: CityId,
    writes: u64,
    lock_rows: bool,
}

impl Tx {
    pub(super) fn new(conn: DatabaseTransaction, lock_rows: bool) -> Self {
        Self {
            conn,
            pending: BTreeMap::new(),
            notes: Vec::new(),
            timers: Vec::new(),
            cities: BTreeMap::new(),
            city: CityId(0),
            writes: 0,
            lock_rows,
        }
    }

    /// Turns to the city of the next command. On PostgreSQL its lane row is locked first, so that the batches of
    /// several servers follow one another.
    pub(super) async fn enter(&mut self, city: CityId) -> Result<(), Fault> {
        self.city = city;
        if self.lock_rows {
            self.city_state().await?;
        }
        Ok(())
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            rows: self.pending.iter().map(|(table, rows)| (*table, rows.len())).collect(),
            notes: self.notes.len(),
            timers: self.timers.len(),
            cities: self.cities.clone(),
            writes: self.writes,
        }
    }

    /// Forgets what was noted since `mark`. False if something was already written, so the batch must be replayed.
    pub(super) fn rewind(&mut self, mark: Mark) -> bool {
        if self.writes != mark.writes {
            return false;
        }
        for (table, rows) in &mut self.pending {
            rows.truncate(mark.rows.get(table).copied().unwrap_or(0));
        }
        self.notes.truncate(mark.notes);
        self.timers.truncate(mark.timers);
        for (city, before) in mark.cities {
            self.cities.insert(city, before);
        }
        true
    }

    pub(super) fn into_conn(self) -> DatabaseTransaction {
        self.conn
    }

    /// Notes a new row. It is written with all others of the batch; a duplicate key then refuses this command only.
    pub fn insert<A>(&mut self, row: A)
    where
        A: ActiveModelTrait + Send + Sync + 'static,
    {
        let rows =
            self.pending.entry(TypeId::of::<A>()).or_insert_with(|| Box::new(PendingRows::<A>(Vec::new())));
        if let Some(rows) = rows.as_any().downcast_mut::<PendingRows<A>>() {
            rows.0.push(row);
        }
    }

    /// Notes a new row from a model.
    pub fn insert_model<A, M>(&mut self, model: M)
    where
        M: IntoActiveModel<A>,
        A: ActiveModelTrait + Send + Sync + 'static,
    {
        self.insert(model.into_active_model());
    }

    /// The connection, for reads. Rows noted so far are written first, so that a command sees its predecessors.
    ///
    /// # Errors
    /// The fault of writing those rows.
    pub async fn conn(&mut self) -> Result<&DatabaseTransaction, Fault> {
        self.flush_rows().await?;
        Ok(&self.conn)
    }

    /// The connection, for a write that the other doors do not offer (an upsert). Rows noted so far go first.
    ///
    /// # Errors
    /// The fault of writing those rows.
    pub async fn conn_for_write(&mut self) -> Result<&DatabaseTransaction, Fault> {
        self.flush_rows().await?;
        self.writes += 1;
        Ok(&self.conn)
    }

    /// Runs an UPDATE and says how many rows it changed.
    ///
    /// # Errors
    /// What the database says.
    pub async fn update<E: EntityTrait>(&mut self, query: UpdateMany<E>) -> Result<u64, Fault> {
        self.flush_rows().await?;
        self.writes += 1;
        Ok(query.exec(&self.conn).await?.rows_affected)
    }

    /// Runs a DELETE and says how many rows it removed.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete<E: EntityTrait>(&mut self, query: DeleteMany<E>) -> Result<u64, Fault> {
        self.flush_rows().await?;
        self.writes += 1;
        Ok(query.exec(&self.conn).await?.rows_affected)
    }

    /// Appends events to a stream and returns its new head, to be stored on the aggregate's row.
    pub fn journal<E: JournalEvent>(
        &mut self,
        stream: Stream,
        before: &Head,
        stamp: &Stamp,
        events: &[E],
    ) -> Head {
        let mut head = before.clone();
        for event in events {
            let note = journal::Note::chain(self.city, &stream, &head, stamp, event);
            head = note.head();
            self.notes.push(note);
        }
        head
    }

    /// The next number of a counter of this city, from 1. A refused command gives it back.
    ///
    /// # Errors
    /// What the database says.
    pub async fn next_number(&mut self, name: &str) -> Result<i64, Fault> {
        if !self.city_state().await?.counters.contains_key(name) {
            let found = counter::Entity::find()
                .filter(counter::Column::CityId.eq(self.city.0))
                .filter(counter::Column::Name.eq(name))
                .one(&self.conn)
                .await?;
            let value = found.map_or(0, |row| row.value);
            self.city_state().await?.counters.insert(name.to_owned(), value);
        }
        let state = self.city_state().await?;
        state.counters_changed = true;
        let value = state.counters.entry(name.to_owned()).or_insert(0);
        *value += 1;
        Ok(*value)
    }

    /// Notes a durable timer: at `due_at`, the handler of `kind` is woken for `stream_id`.
    pub fn timer(&mut self, due_at: Time, kind: &'static str, stream_id: i64) {
        self.timers.push(timer::ActiveModel {
            city_id: Set(self.city.0),
            kind: Set(kind.to_owned()),
            stream_id: Set(stream_id),
            due_at: Set(due_at.0),
        });
    }

    /// Deletes a timer. False when it was not there: it went off already, here or on another server.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete_timer(
        &mut self,
        kind: &'static str,
        stream_id: i64,
        due_at: Time,
    ) -> Result<bool, Fault> {
        let city = self.city.0;
        let kind_is = Set(kind.to_owned());
        let is_it = |row: &timer::ActiveModel| {
            row.city_id == Set(city)
                && row.stream_id == Set(stream_id)
                && row.due_at == Set(due_at.0)
                && row.kind == kind_is
        };
        // A command before this one, in the same batch, may have noted it.
        let noted = self.timers.len();
        self.timers.retain(|row| !is_it(row));
        let query = timer::Entity::delete_many()
            .filter(timer::Column::CityId.eq(city))
            .filter(timer::Column::Kind.eq(kind))
            .filter(timer::Column::StreamId.eq(stream_id))
            .filter(timer::Column::DueAt.eq(due_at.0));
        let deleted = self.delete(query).await?;
        Ok(deleted > 0 || self.timers.len() < noted)
    }

    /// The version of this city's policies, places and responsibility list, as the batch sees it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn policy_version(&mut self) -> Result<i64, Fault> {
        Ok(self.city_state().await?.policy_version)
    }

    /// Refuses with [`Fault::Stale`] when the facts of the caller are of another policy version.
    ///
    /// # Errors
    /// [`Fault::Stale`], or what the database says.
    pub async fn expect_policy(&mut self, version: i64) -> Result<(), Fault> {
        if self.policy_version().await? == version { Ok(()) } else { Err(Fault::Stale) }
    }

    /// Marks that policies, places or responsibility changed; snapshots in memory are rebuilt. Returns the new version.
    ///
    /// # Errors
    /// What the database says.
    pub async fn bump_policy_version(&mut self) -> Result<i64, Fault> {
        let state = self.city_state().await?;
        state.policy_version += 1;
        state.policy_bumped = true;
        Ok(state.policy_version)
    }

    async fn city_state(&mut self) -> Result<&mut CityState, Fault> {
        let city = self.city;
        if !self.cities.contains_key(&city) {
            let mut query = lane::Entity::find_by_id(city.0);
            if self.lock_rows {
                query = query.lock_exclusive();
            }
            let found = query.one(&self.conn).await?;
            let state = match found {
                Some(row) => {
                    CityState { seq: row.seq, policy_version: row.policy_version, ..CityState::default() }
                }
                None => {
                    let row = lane::ActiveModel { city_id: Set(city.0), seq: Set(0), policy_version: Set(1) };
                    lane::Entity::insert(row).exec_without_returning(&self.conn).await?;
                    CityState { policy_version: 1, ..CityState::default() }
                }
            };
            self.cities.insert(city, state);
        }
        Ok(self.cities.entry(city).or_default())
    }

    async fn flush_rows(&mut self) -> Result<(), Fault> {
        for rows in self.pending.values_mut() {
            if rows.len() > 0 {
                self.writes += 1;
                rows.flush(&self.conn).await?;
            }
        }
        Ok(())
    }

    /// Writes everything that was noted: rows, events with their seq, timers, counters, the lane itself.
    /// Returns for every city with new events its last seq.
    pub(super) async fn flush(&mut self) -> Result<Vec<(CityId, i64)>, Fault> {
        self.flush_rows().await?;
        let notes = std::mem::take(&mut self.notes);
        let mut rows = Vec::with_capacity(notes.len());
        let mut touched: BTreeMap<CityId, i64> = BTreeMap::new();
        for note in notes {
            self.city = note.city();
            let state = self.city_state().await?;
            state.seq += 1;
            touched.insert(note.city(), state.seq);
            rows.push(note.into_row(state.seq));
        }
        PendingRows(rows).flush(&self.conn).await?;
        let timers = std::mem::take(&mut self.timers);
        for chunk in timers.chunks(VALUES_PER_INSERT / 4) {
            let insert = timer::Entity::insert_many(chunk.to_vec())
                .on_conflict(OnConflict::new().do_nothing().to_owned());
            insert.exec_without_returning(&self.conn).await?;
        }
        self.flush_cities(&touched).await?;
        Ok(touched.into_iter().collect())
    }

    async fn flush_cities(&mut self, touched: &BTreeMap<CityId, i64>) -> Result<(), Fault> {
        let mut counters = Vec::new();
        for (city, state) in &mut self.cities {
            if touched.contains_key(city) || state.policy_bumped {
                lane::Entity::update_many()
                    .col_expr(lane::Column::Seq, Expr::value(state.seq))
                    .col_expr(lane::Column::PolicyVersion, Expr::value(state.policy_version))
                    .filter(lane::Column::CityId.eq(city.0))
                    .exec(&self.conn)
                    .await?;
            }
            if state.counters_changed {
                counters.extend(state.counters.iter().map(|(name, value)| counter::ActiveModel {
                    city_id: Set(city.0),
                    name: Set(name.clone()),
                    value: Set(*value),
                }));
            }
            state.policy_bumped = false;
            state.counters_changed = false;
        }
        if !counters.is_empty() {
            let mut upsert = OnConflict::columns([counter::Column::CityId, counter::Column::Name]);
            upsert.update_column(counter::Column::Value);
            counter::Entity::insert_many(counters)
                .on_conflict(upsert)
                .exec_without_returning(&self.conn)
                .await?;
        }
        Ok(())
    }
}

/// Does the connection answer? Used by `/readyz`.
///
/// # Errors
/// What the database says.
pub async fn ping(conn: &impl ConnectionTrait) -> Result<(), Fault> {
    conn.execute_unprepared("SELECT 1").await?;
    Ok(())
}

/// The policy version of a city outside of any batch: is a snapshot in memory still the newest? 0 before the first write.
///
/// # Errors
/// What the database says.
pub async fn policy_version(conn: &impl ConnectionTrait, city: CityId) -> Result<i64, Fault> {
    let row = lane::Entity::find_by_id(city.0).one(conn).await?;
    Ok(row.map_or(0, |row| row.policy_version))
}
