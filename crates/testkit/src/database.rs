//! Migrated databases: made once per test binary and set of migrations, then copied (SQLite, a few milliseconds) or
//! shared and cloned (PostgreSQL).

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use platform::db::migrate::{Migrations, migrate};
use platform::db::{Db, DbOptions};
use sea_orm::{ConnectionTrait, DatabaseConnection};

use crate::engines::Engine;
use crate::postgres;

/// A database that a test may open as often as it likes: several handles are several servers.
#[derive(Debug, Clone)]
pub struct Database {
    /// `sqlite://…` or `postgres://…`.
    pub url: String,
    /// What speaks there.
    pub engine: Engine,
    /// The file of a SQLite database.
    pub file: Option<PathBuf>,
}

impl Database {
    /// Opens it without waiting for the disk.
    ///
    /// # Panics
    /// When it does not open.
    pub async fn open(&self) -> Db {
        let options = DbOptions { readers: 3, durable: false, ..DbOptions::default() };
        Db::open(&self.url, &options).await.expect("the test database opens")
    }

    /// A bare connection beside [`Db`]: for faking what nobody may do through it (changing history, ending backends).
    ///
    /// # Panics
    /// When it does not open.
    pub async fn raw(&self) -> DatabaseConnection {
        let mut options = sea_orm::ConnectOptions::new(&self.url);
        options.max_connections(1).sqlx_logging(false);
        sea_orm::Database::connect(options).await.expect("the test database opens")
    }

    /// The database that all stories of this binary share on PostgreSQL; on SQLite a copy of its own in `dir`.
    pub(crate) fn for_story(engine: Engine, sets: &'static [Migrations], dir: &Path) -> Self {
        match engine {
            Engine::Sqlite => Self::own(engine, sets, dir),
            Engine::Postgres => Self::postgres(&template(sets)),
        }
    }

    /// A migrated database for nobody else; a SQLite file is made in `dir`.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn own(engine: Engine, sets: &'static [Migrations], dir: &Path) -> Self {
        let name = fresh_name();
        match engine {
            Engine::Sqlite => {
                let file = dir.join(format!("{name}.db"));
                std::fs::write(&file, sqlite_image(sets)).expect("the test folder can be written");
                Self::sqlite(file)
            }
            Engine::Postgres => {
                admin(format!("CREATE DATABASE {name} TEMPLATE {}", pristine(sets)));
                Self::postgres(&name)
            }
        }
    }

    /// A database without tables.
    pub(crate) fn empty(engine: Engine, dir: &Path) -> Self {
        let name = fresh_name();
        match engine {
            Engine::Sqlite => Self::sqlite(dir.join(format!("{name}.db"))),
            Engine::Postgres => {
                admin(format!("CREATE DATABASE {name}"));
                Self::postgres(&name)
            }
        }
    }

    fn sqlite(file: PathBuf) -> Self {
        Self { url: format!("sqlite://{}", file.display()), engine: Engine::Sqlite, file: Some(file) }
    }

    fn postgres(name: &str) -> Self {
        Self { url: postgres::server().url(name), engine: Engine::Postgres, file: None }
    }
}

fn fresh_name() -> String {
    static LAST: AtomicU32 = AtomicU32::new(0);
    format!("own_{}", LAST.fetch_add(1, Ordering::Relaxed))
}

/// A migrated PostgreSQL database that nobody ever opens again, so that it can be cloned.
fn pristine(sets: &'static [Migrations]) -> String {
    static MADE: Mutex<Option<HashMap<String, String>>> = Mutex::new(None);
    once(&MADE, sets, |number| {
        let name = format!("template_{number}");
        admin(format!("CREATE DATABASE {name}"));
        migrated(Database::postgres(&name), sets);
        name
    })
}

/// The clone of [`pristine`] in which all stories of this binary live side by side.
fn template(sets: &'static [Migrations]) -> String {
    static MADE: Mutex<Option<HashMap<String, String>>> = Mutex::new(None);
    let source = pristine(sets);
    once(&MADE, sets, |number| {
        let name = format!("stories_{number}");
        admin(format!("CREATE DATABASE {name} TEMPLATE {source}"));
        name
    })
}

/// The bytes of a migrated SQLite file.
fn sqlite_image(sets: &'static [Migrations]) -> Vec<u8> {
    static MADE: Mutex<Option<HashMap<String, Vec<u8>>>> = Mutex::new(None);
    once(&MADE, sets, |_number| {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let file = dir.path().join("template.db");
        migrated(Database::sqlite(file.clone()), sets);
        std::fs::read(&file).expect("the migrated file")
    })
}

/// Makes a value once per set of migrations; the others wait.
fn once<T: Clone>(
    made: &Mutex<Option<HashMap<String, T>>>,
    sets: &'static [Migrations],
    make: impl FnOnce(usize) -> T,
) -> T {
    let key: Vec<&str> = sets.iter().flat_map(|set| set.files).map(|(name, _sql)| *name).collect();
    let mut made = made.lock().unwrap_or_else(PoisonError::into_inner);
    let made = made.get_or_insert_default();
    let number = made.len();
    made.entry(key.join(" ")).or_insert_with(|| make(number)).clone()
}

fn migrated(database: Database, sets: &'static [Migrations]) {
    aside(async move {
        let db = database.open().await;
        migrate(&db, sets).await.expect("the migrations apply");
        db.close().await.expect("the migrated database closes");
    });
}

fn admin(statement: String) {
    aside(async move {
        let conn = Database::postgres("postgres").raw().await;
        conn.execute_unprepared(&statement).await.expect("PostgreSQL makes the database");
        conn.close().await.expect("the connection closes");
    });
}

/// Runs on a thread and a runtime of its own: what is shared by stories must not hang on the runtime of one of them.
fn aside(work: impl Future<Output = ()> + Send + 'static) {
    let thread = std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(work);
    });
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}
