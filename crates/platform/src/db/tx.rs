//! The transaction as a command sees it: reads go straight through, everything to be added is noted and written once
//! per batch (architecture §4: statement by statement costs a factor of three).

use std::collections::BTreeMap;

use kernel::id::CityId;
use kernel::time::Time;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DeleteMany, EntityTrait,
    IntoActiveModel, QueryFilter, QuerySelect, Set, UpdateMany,
};

use super::conn::Conn;
use super::fault::Fault;
use super::pending::{Pending, insert_all, rows_per_insert};
use super::tables::{counter, lane, timer, told};
use crate::journal::{self, Head, JournalEvent, Stamp, Stream};

/// What a lane knows of a city within one batch.
#[derive(Debug, Clone, Default)]
struct CityState {
    seq: i64,
    policy_version: i64,
    policy_bumped: bool,
    counters: BTreeMap<String, i64>,
    counters_changed: bool,
}

/// Where a transaction stood before a command, so that a refusal leaves no trace.
pub(super) struct Mark {
    notes: usize,
    timers: usize,
    cities: BTreeMap<CityId, CityState>,
}

/// The transaction of a batch, as handed to one command after the other.
pub struct Tx {
    conn: Conn,
    pending: Pending,
    notes: Vec<journal::Note>,
    timers: Vec<timer::ActiveModel>,
    cities: BTreeMap<CityId, CityState>,
    city: CityId,
    /// The present command changed something that cannot be taken back without a rollback.
    written: bool,
    lock_rows: bool,
}

impl Tx {
    pub(super) fn new(conn: DatabaseTransaction, lock_rows: bool) -> Self {
        Self {
            conn: Conn::new(conn),
            pending: Pending::default(),
            notes: Vec::new(),
            timers: Vec::new(),
            cities: BTreeMap::new(),
            city: CityId(0),
            written: false,
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

    /// The state before the next command.
    pub(super) fn mark(&mut self) -> Mark {
        self.written = false;
        self.pending.mark();
        Mark { notes: self.notes.len(), timers: self.timers.len(), cities: self.cities.clone() }
    }

    /// Forgets what the command since `mark` noted. False if that is not enough, because it changed something in the
    /// database, or a statement failed: then the batch must be replayed.
    pub(super) fn rewind(&mut self, mark: Mark) -> bool {
        if self.written || self.conn.failure().is_some() {
            return false;
        }
        self.pending.rewind();
        self.notes.truncate(mark.notes);
        self.timers.truncate(mark.timers);
        // A city first met by this command is forgotten as well, with the numbers it took there.
        self.cities = mark.cities;
        true
    }

    /// The fault after which this transaction must not be committed, whatever its commands made of it.
    pub(super) fn failure(&self) -> Option<Fault> {
        self.conn.failure()
    }

    pub(super) fn into_conn(self) -> DatabaseTransaction {
        self.conn.into_inner()
    }

    /// Notes a new row. It is written with all others of the batch; a duplicate key then refuses this command only.
    pub fn insert<A>(&mut self, row: A)
    where
        A: ActiveModelTrait + Send + Sync + 'static,
    {
        self.pending.push(row);
    }

    /// Notes a new row from a model.
    pub fn insert_model<A, M>(&mut self, model: M)
    where
        M: IntoActiveModel<A>,
        A: ActiveModelTrait + Send + Sync + 'static,
    {
        self.insert(model.into_active_model());
    }

    /// The connection, for reads. Rows noted so far are written first, so that a command sees its predecessors; their
    /// events and timers are not yet there, so the head of a stream is read from the row that it belongs to.
    ///
    /// # Errors
    /// The fault of writing those rows.
    pub async fn conn(&mut self) -> Result<&Conn, Fault> {
        self.flush_rows().await?;
        Ok(&self.conn)
    }

    /// The connection, for a write that the other doors do not offer (an upsert). Rows noted so far go first.
    ///
    /// # Errors
    /// The fault of writing those rows.
    pub async fn conn_for_write(&mut self) -> Result<&Conn, Fault> {
        self.flush_rows().await?;
        self.written = true;
        Ok(&self.conn)
    }

    /// Runs an UPDATE and says how many rows it changed.
    ///
    /// # Errors
    /// What the database says.
    pub async fn update<E: EntityTrait>(&mut self, query: UpdateMany<E>) -> Result<u64, Fault> {
        self.flush_rows().await?;
        let changed = query.exec(&self.conn).await?.rows_affected;
        self.written |= changed > 0;
        Ok(changed)
    }

    /// Runs a DELETE and says how many rows it removed.
    ///
    /// # Errors
    /// What the database says.
    pub async fn delete<E: EntityTrait>(&mut self, query: DeleteMany<E>) -> Result<u64, Fault> {
        self.flush_rows().await?;
        let changed = query.exec(&self.conn).await?.rows_affected;
        self.written |= changed > 0;
        Ok(changed)
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
        let unnoted = self.timers.len() < noted;
        self.written |= unnoted;
        let query = timer::Entity::delete_many()
            .filter(timer::Column::CityId.eq(city))
            .filter(timer::Column::Kind.eq(kind))
            .filter(timer::Column::StreamId.eq(stream_id))
            .filter(timer::Column::DueAt.eq(due_at.0));
        let deleted = self.delete(query).await?;
        Ok(deleted > 0 || unnoted)
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
            let row = match self.lane_row(city).await? {
                Some(row) => row,
                None => {
                    // Another server may make the row of a new city at the same moment.
                    let row = lane::ActiveModel { city_id: Set(city.0), seq: Set(0), policy_version: Set(1) };
                    let nothing = OnConflict::column(lane::Column::CityId).do_nothing().to_owned();
                    let insert = lane::Entity::insert(row).on_conflict(nothing);
                    insert.exec_without_returning(&self.conn).await?;
                    let missing = || Fault::Unreadable(format!("lane of city {city}").into());
                    self.lane_row(city).await?.ok_or_else(missing)?
                }
            };
            let state =
                CityState { seq: row.seq, policy_version: row.policy_version, ..CityState::default() };
            self.cities.insert(city, state);
        }
        Ok(self.cities.entry(city).or_default())
    }

    async fn lane_row(&self, city: CityId) -> Result<Option<lane::Model>, Fault> {
        let mut query = lane::Entity::find_by_id(city.0);
        if self.lock_rows {
            query = query.lock_exclusive();
        }
        Ok(query.one(&self.conn).await?)
    }

    async fn flush_rows(&mut self) -> Result<(), Fault> {
        // Rows of the commands before are no reason to replay when the present one says no.
        self.written |= self.pending.any_since_mark();
        self.pending.flush(&self.conn).await
    }

    /// Writes everything that was noted: rows, events with their seq, timers, counters, the lane itself.
    /// Returns for every city with new events its last seq.
    pub(super) async fn flush(&mut self) -> Result<Vec<(CityId, i64)>, Fault> {
        self.flush_rows().await?;
        let notes = std::mem::take(&mut self.notes);
        let mut rows = Vec::with_capacity(notes.len());
        let mut tellings = Vec::new();
        let mut touched: BTreeMap<CityId, i64> = BTreeMap::new();
        for note in notes {
            self.city = note.city();
            let state = self.city_state().await?;
            state.seq += 1;
            touched.insert(note.city(), state.seq);
            if note.told() {
                tellings.push(told::ActiveModel { city_id: Set(note.city().0), seq: Set(state.seq) });
            }
            rows.push(note.into_row(state.seq));
        }
        insert_all(rows, &self.conn).await?;
        insert_all(tellings, &self.conn).await?;
        let timers = std::mem::take(&mut self.timers);
        for chunk in timers.chunks(rows_per_insert(4)) {
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

/// The policy version of a city outside of any batch: is a snapshot in memory still the newest? 0 before the first write.
///
/// # Errors
/// What the database says.
pub async fn policy_version(conn: &impl ConnectionTrait, city: CityId) -> Result<i64, Fault> {
    let row = lane::Entity::find_by_id(city.0).one(conn).await?;
    Ok(row.map_or(0, |row| row.policy_version))
}
