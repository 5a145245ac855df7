//! The world of one story: a city, a database, a clock that stands still, chance that repeats.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use kernel::chance::{Chance, SeededChance};
use kernel::id::{CityId, SequenceIds};
use kernel::time::{Date, FixedClock, HOUR_MS, Time};
use platform::Ctx;
use platform::db::Db;
use platform::db::migrate::Migrations;
use platform::files::Files;
use platform::secrets::Secrets;
use tempfile::TempDir;

use crate::database::Database;
use crate::engines::Engine;

/// Division codes are six digits from here on, so that area keys can be built under a story's city.
const FIRST_CITY: i64 = 100_001;

/// Everything that a story needs.
pub struct World {
    /// What acts take.
    pub ctx: Ctx,
    /// The clock of `ctx`: Monday 2026-03-02 09:00 in China, until the story moves it.
    pub clock: FixedClock,
    /// The tenant of this story and of no other in the same database.
    pub city: CityId,
    /// What runs underneath.
    pub engine: Engine,
    /// A folder of this story alone, deleted at its end.
    pub dir: PathBuf,
    /// The database behind `ctx.db`, to be opened again.
    pub database: Database,
    sets: &'static [Migrations],
    _folder: TempDir,
}

impl World {
    /// A new world over these migrations. On PostgreSQL its database is shared with the other stories of the binary.
    ///
    /// # Panics
    /// When the database cannot be made.
    pub async fn new(engine: Engine, sets: &'static [Migrations]) -> Self {
        static CITIES: AtomicI64 = AtomicI64::new(FIRST_CITY);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let city = CityId(CITIES.fetch_add(1, Ordering::Relaxed));
        let database = Database::for_story(engine, sets, folder.path());
        let clock = FixedClock::new(monday_morning());
        let dir = folder.path().to_owned();
        let ctx = ctx(database.open().await, &clock, city, &dir.join("files"));
        Self { ctx, clock, city, engine, dir, database, sets, _folder: folder }
    }

    /// The database handle of `ctx`.
    pub fn db(&self) -> &Db {
        &self.ctx.db
    }

    /// A second server on the same database and the same files: its own pools and its own lanes.
    ///
    /// # Panics
    /// When the database does not open.
    pub async fn second_server(&self) -> Ctx {
        ctx(self.database.open().await, &self.clock, self.city, &self.dir.join("files"))
    }

    /// A migrated database that no other story sees: for kills, migrations, and whatever looks at all cities.
    pub fn own_database(&self) -> Database {
        Database::own(self.engine, self.sets, &self.dir)
    }

    /// A database without tables.
    pub fn empty_database(&self) -> Database {
        Database::empty(self.engine, &self.dir)
    }

    /// A context over another database with files of its own, with this world's clock and city.
    ///
    /// # Panics
    /// When the database does not open.
    pub async fn ctx_on(&self, database: &Database) -> Ctx {
        let name = database.url.rsplit('/').next().unwrap_or_default();
        ctx(database.open().await, &self.clock, self.city, &self.dir.join(format!("files of {name}")))
    }

    /// A folder inside this story's own, made.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn folder(&self, name: &str) -> PathBuf {
        let path: &Path = &self.dir;
        let path = path.join(name);
        std::fs::create_dir_all(&path).expect("the test folder can be written");
        path
    }
}

fn monday_morning() -> Time {
    Time::start_of(Date::constant(2026, 3, 2)).plus_ms(9 * HOUR_MS)
}

fn ctx(db: Db, clock: &FixedClock, city: CityId, files: &Path) -> Ctx {
    // Seeded by the city: tokens are keys without a city, and several stories share a PostgreSQL database.
    let seed = u64::try_from(city.0).unwrap_or_default();
    let chance: Arc<dyn Chance> = Arc::new(SeededChance::new(seed));
    Ctx {
        db,
        clock: Arc::new(clock.clone()),
        ids: Arc::new(SequenceIds::default()),
        secrets: Secrets::new(&[7; 32], chance.clone()),
        chance,
        files: Files::open_volatile(files).expect("the test folder can be written"),
        posts: platform::auth::Posts::default(),
        home_city: city,
        demo: false,
    }
}
