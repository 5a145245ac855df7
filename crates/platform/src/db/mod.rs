//! The database: one [`Db`] for SQLite and PostgreSQL, opened by URL. Everybody reads through a pool; everybody writes
//! through lanes ([`Db::write`]).

pub mod cities;
mod command;
mod conn;
pub mod dialect;
mod fault;
mod lane;
pub mod lease;
pub mod migrate;
mod pending;
mod probe;
mod still;
mod stored;
pub mod tables;
mod trouble;
mod tx;
mod upkeep;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kernel::id::CityId;
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use tokio::sync::{mpsc, oneshot};

pub(crate) use command::Clear;
pub use command::Command;
pub use conn::Conn;
pub use fault::Fault;
pub use still::still;
pub use stored::{Stored, Unreadable, stored_numbers, stored_rows};
pub use trouble::Trouble;
pub use tx::{Tx, policy_version};

use crate::live::Live;
use lane::{BoxedJob, Lane};

/// Pages (of 4 KiB) in SQLite's log before they are carried into the file. Carrying over waits for the disk, and a page
/// that was written several times meanwhile is carried once. SQLite's own number is 1,000 (docs/decisions/0012).
const SQLITE_LOG_PAGES: &str = "4000";
/// Memory for pages of the writing connection and of each reading one, as SQLite counts it: negative, in KiB. A writer
/// touches every index; a reader a page of one list.
const SQLITE_CACHES: [&str; 2] = ["-49152", "-16384"];

/// What takes longer is given up, on PostgreSQL.
const STATEMENT_TIMEOUT: &str = "30s";

/// Commands waiting in one lane before callers are held back.
const QUEUE: usize = 4_096;

/// Which database is underneath. Only `db::dialect` and the lanes may care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The embedded default.
    Sqlite,
    /// PostgreSQL, or what speaks its protocol and dialect (docs/sql-floor.md).
    Postgres,
}

/// How to open a database.
#[derive(Debug, Clone)]
pub struct DbOptions {
    /// Connections for reading.
    pub readers: u32,
    /// Create the SQLite file when it is missing.
    pub create: bool,
    /// Set false only in throw-away tests: a commit then does not wait for the disk.
    pub durable: bool,
    /// Only look: nothing is created, and whatever tries to write fails.
    pub read_only: bool,
    /// How long a free connection is waited for. While people wait they should hear soon that the database is away.
    pub patience: Duration,
}

impl DbOptions {
    /// For serving: an act waits for one connection that reads (who is it?) and one that writes, in two seconds.
    pub fn serving() -> Self {
        Self { patience: Duration::from_millis(900), ..Self::default() }
    }
}

impl Default for DbOptions {
    fn default() -> Self {
        Self { readers: 4, create: true, durable: true, read_only: false, patience: Duration::from_secs(20) }
    }
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    /// How to open one more connection for [`upkeep`].
    upkeep: ConnectOptions,
    live: Live,
    lanes: Mutex<HashMap<CityId, mpsc::Sender<BoxedJob>>>,
}

impl Db {
    /// Opens `sqlite://FILE` or `postgres://…`.
    ///
    /// # Errors
    /// [`Fault::Database`] when the URL is of another kind or nothing answers there.
    pub async fn open(url: &str, options: &DbOptions) -> Result<Self, Fault> {
        let engine = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Engine::Postgres
        } else {
            Engine::Sqlite
        };
        let writers = if engine == Engine::Sqlite { 1 } else { 8 };
        let only_look = options.read_only;
        let connect = |connections, timeout, read_only| {
            connect_options(url, engine, (connections, timeout), options, read_only)
        };
        let writer = Database::connect(connect(writers, STATEMENT_TIMEOUT, only_look)).await?;
        let reader = Database::connect(connect(options.readers, STATEMENT_TIMEOUT, true)).await?;
        let upkeep = connect(1, upkeep::STATEMENT_TIMEOUT, only_look);
        let inner = Inner { engine, reader, writer, upkeep, live: Live::new(), lanes: Mutex::default() };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Which engine is underneath.
    pub fn engine(&self) -> Engine {
        self.inner.engine
    }

    /// The pool for reading. Writing through it fails on SQLite and is a bug on PostgreSQL.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.inner.reader
    }

    /// The connection for migrations, before the first command runs.
    pub(crate) fn raw_writer(&self) -> &DatabaseConnection {
        &self.inner.writer
    }

    /// The signal of committed events.
    pub fn live(&self) -> &Live {
        &self.inner.live
    }

    /// Runs a command in the lane of its city and answers after the commit.
    ///
    /// # Errors
    /// The refusal of the command, or a [`Fault`] turned into its error.
    pub async fn write<C: Command>(&self, command: C) -> Result<C::Done, C::Error> {
        let (reply, answer) = oneshot::channel();
        let city = command.city();
        let job: BoxedJob = Box::new(command::Waiting { city, command, outcome: None, reply: Some(reply) });
        if self.lane(city).send(job).await.is_err() {
            return Err(Fault::Stopped.into());
        }
        answer.await.unwrap_or_else(|_gone| Err(Fault::Stopped.into()))
    }

    /// Closes both pools. What waits in a lane is answered with a fault; call it when nobody writes any more.
    ///
    /// # Errors
    /// What the database says.
    pub async fn close(&self) -> Result<(), Fault> {
        self.inner.reader.close_by_ref().await?;
        self.inner.writer.close_by_ref().await?;
        Ok(())
    }

    fn lane(&self, city: CityId) -> mpsc::Sender<BoxedJob> {
        // SQLite has one writer, hence one lane for all cities.
        let key = if self.inner.engine == Engine::Sqlite { CityId(0) } else { city };
        let mut lanes = self.inner.lanes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match lanes.get(&key) {
            Some(lane) if !lane.is_closed() => lane.clone(),
            // The first command of this city, or its lane died (of a value that panics while it is dropped, or with
            // the runtime it ran on).
            Some(_) | None => {
                let lane = self.new_lane();
                lanes.insert(key, lane.clone());
                lane
            }
        }
    }

    fn new_lane(&self) -> mpsc::Sender<BoxedJob> {
        let (sender, queue) = mpsc::channel(QUEUE);
        let Inner { engine, writer, live, .. } = &*self.inner;
        let lane = Lane { writer: writer.clone(), engine: *engine, live: live.clone() };
        tokio::spawn(lane.run(queue));
        sender
    }
}

fn connect_options(
    url: &str,
    engine: Engine,
    (connections, statement_timeout): (u32, &'static str),
    options: &DbOptions,
    read_only: bool,
) -> ConnectOptions {
    let mut connect = ConnectOptions::new(url);
    let (create, durable) = (options.create && !read_only, options.durable);
    let [writing, reading] = SQLITE_CACHES;
    // A copy that was made for keeping may have another mode, and whoever only looks leaves it.
    let set_mode = !options.read_only;
    connect
        .max_connections(connections)
        .min_connections(1)
        .sqlx_logging(false)
        .test_before_acquire(engine == Engine::Postgres)
        .acquire_timeout(options.patience)
        .map_sqlx_sqlite_opts(move |sqlite| {
            let sqlite = if set_mode { sqlite.pragma("journal_mode", "WAL") } else { sqlite };
            let sqlite = sqlite
                .create_if_missing(create)
                .busy_timeout(Duration::from_secs(10))
                .pragma("synchronous", if durable { "FULL" } else { "OFF" })
                .pragma("foreign_keys", "ON")
                .pragma("cache_size", if read_only { reading } else { writing })
                .pragma("wal_autocheckpoint", SQLITE_LOG_PAGES)
                .pragma("temp_store", "MEMORY");
            if read_only { sqlite.pragma("query_only", "ON") } else { sqlite }
        })
        .map_sqlx_postgres_opts(move |postgres| {
            postgres
                .options([("lock_timeout", "15s"), ("statement_timeout", statement_timeout)])
                .options([("default_transaction_isolation", "read committed")])
                .options([("default_transaction_read_only", if read_only { "on" } else { "off" })])
        });
    connect
}
