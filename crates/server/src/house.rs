//! Opening the house: the data folder with its lock and key, the database with its migrations, the context of all acts.
//!
//! There are three doors. [`House::found`] is for serving, and makes whatever is missing in a new place. [`House::enter`]
//! is for commands beside a server, [`House::look`] for verification: both only find, so that a mistyped folder or city
//! is said and never made. Whether it is a demo city is decided here, by its folder, for all of them.

#![expect(clippy::disallowed_types, reason = "the context of a running server is put together here")]

mod key;
mod refusal;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use kernel::chance::Chance;
use kernel::id::{CityId, ServerIds};
use kernel::time::{Clock, SystemClock};
use platform::Ctx;
use platform::db::lease::{Lease, lease};
use platform::db::migrate::{self, Migrations, Standing};
use platform::db::{Db, DbOptions, cities};
use platform::files::Files;
use platform::journal;
use platform::key_proof;
use platform::secrets::{MachineChance, Secrets};

pub(crate) use refusal::CannotOpen;

use crate::cli::Store;

/// The migrations of the whole product.
pub(crate) const MIGRATIONS: &[Migrations] = &[migrate::MIGRATIONS, org::MIGRATIONS, cases::MIGRATIONS];

/// How long to wait for connections that are in use when the house is closed.
const CLOSING: Duration = Duration::from_secs(5);

/// The opened house. The lock is held as long as it lives.
pub(crate) struct House {
    pub(crate) ctx: Ctx,
    /// The server number in use.
    pub(crate) lease: Lease,
    place: Place,
    _lock: Option<File>,
}

/// Where everything lies.
#[derive(Clone)]
struct Place {
    data: PathBuf,
    url: String,
    key: PathBuf,
    city: CityId,
}

/// What kind of city is to be founded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Founding {
    /// A city of its own, or the demo city if the folder holds one.
    Whatever,
    /// The same in a database that holds other cities.
    Beside,
    /// The demo city.
    Demo,
}

impl House {
    /// Opens the house for a server: takes the lock, and makes folder, tables and key where a city begins.
    pub(crate) async fn found(store: Store, founding: Founding) -> Result<Self, CannotOpen> {
        let place = Place::of(store);
        let folder = |error| CannotOpen::Folder(place.data.clone(), error);
        std::fs::create_dir_all(&place.data).map_err(folder)?;
        let lock = take_lock(&place.data)?;
        let db = Db::open(&place.url, &DbOptions::serving()).await?;
        let ours = migrate::standing(&db, MIGRATIONS).await? != Standing::Foreign;
        if ours && founding != Founding::Beside {
            place.is_the_only_new_one(&db).await?;
        }
        let begun = ours && journal::last_seq(db.reader(), place.city).await? > 0;
        let marked = demo::is_demo(&place.data);
        if marked != begun && (marked || founding == Founding::Demo) {
            return Err(if begun {
                CannotOpen::NotDemo(place.data)
            } else {
                CannotOpen::DemoGone(place.data)
            });
        }
        let demo = marked || founding == Founding::Demo;
        let key = match (demo, begun) {
            (true, _) => demo::demo_key(),
            (false, true) => key::find(&place.key)?.ok_or_else(|| CannotOpen::LostKey(place.key.clone()))?,
            (false, false) => key::find_or_make(&place.key)?,
        };
        migrate::migrate(&db, MIGRATIONS).await?;
        cities::begin(&db, place.city).await?;
        let secrets = Secrets::new(&key, Arc::new(MachineChance));
        if !key_proof::fits_or_begins(&db, place.city, &secrets).await? {
            return Err(CannotOpen::WrongKey(place.key));
        }
        let files = Files::open(&place.files())?;
        Self::settle(place, db, files, &key, demo, Some(lock)).await
    }

    /// Opens the house of a city that is there, for a command that writes through its lane. The lane keeps order with a
    /// running server, so no lock is taken.
    pub(crate) async fn enter(store: Store) -> Result<Self, CannotOpen> {
        let place = Place::of(store);
        let options = DbOptions { create: false, ..DbOptions::default() };
        let (db, key, demo) = place.find(&options).await?;
        let files = Files::look(&place.files())?;
        Self::settle(place, db, files, &key, demo, None).await
    }

    /// Opens what is there for looking only: nothing is made, no server number is taken, whatever writes fails.
    pub(crate) async fn look(store: Store) -> Result<Ctx, CannotOpen> {
        let place = Place::of(store);
        let options = DbOptions { create: false, read_only: true, ..DbOptions::default() };
        let (db, key, demo) = place.find(&options).await?;
        let files = Files::look(&place.files())?;
        // Whoever writes nothing makes no ids; the number is anybody's.
        Ok(place.ctx(db, files, &key, demo, 0))
    }

    async fn settle(
        place: Place,
        db: Db,
        files: Files,
        key: &[u8; 32],
        demo: bool,
        lock: Option<File>,
    ) -> Result<Self, CannotOpen> {
        let now = SystemClock.now();
        let lease = lease(&db, &holder(&place.data, now.0), now).await?;
        let ctx = place.ctx(db, files, key, demo, lease.number);
        Ok(Self { ctx, lease, place, _lock: lock })
    }

    /// The folder of its data.
    pub(crate) fn data(&self) -> &std::path::Path {
        &self.place.data
    }

    /// The same house without waiting for the disk: only to make demo data, which can be made again.
    pub(crate) async fn in_haste(&self) -> Result<Ctx, CannotOpen> {
        let db = Db::open(&self.place.url, &DbOptions { durable: false, ..DbOptions::default() }).await?;
        Ok(Ctx { db, files: Files::open_volatile(&self.place.files())?, ..self.ctx.clone() })
    }

    /// Gives the server number back and closes the database. What fails here costs nothing but ten minutes of a number.
    pub(crate) async fn close(self) {
        let Self { ctx, lease, .. } = self;
        if let Err(fault) = lease.give_back(&ctx.db, ctx.now()).await {
            tracing::warn!(%fault, "the server number was not given back");
        }
        // A request that was cut off may still hold a connection.
        match tokio::time::timeout(CLOSING, ctx.db.close()).await {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => tracing::warn!(%fault, "the database was not closed"),
            Err(_elapsed) => tracing::warn!("the database was left with connections in use"),
        }
    }
}

impl Place {
    fn of(store: Store) -> Self {
        let Store { data, database, key_file, city } = store;
        let url = database.unwrap_or_else(|| format!("sqlite://{}", data.join("youju.db").display()));
        Self { key: key_file.unwrap_or_else(|| data.join("key")), data, url, city: CityId(city) }
    }

    fn files(&self) -> PathBuf {
        self.data.join("files")
    }

    /// Finds the database of a city that was begun, and its key.
    async fn find(&self, options: &DbOptions) -> Result<(Db, [u8; 32], bool), CannotOpen> {
        if !self.data.is_dir() {
            return Err(CannotOpen::NoFolder(self.data.clone()));
        }
        if let Some(file) = sqlite_file(&self.url)
            && !file.is_file()
        {
            return Err(CannotOpen::NoDatabase(file));
        }
        let demo = demo::is_demo(&self.data);
        let db = Db::open(&self.url, options).await?;
        match migrate::standing(&db, MIGRATIONS).await? {
            Standing::Current => {}
            Standing::Foreign => return Err(CannotOpen::NoTables),
            Standing::Behind(missing) => return Err(CannotOpen::Behind(missing.join(", "))),
        }
        let begun = cities::begun(db.reader()).await?;
        if !begun.contains(&self.city) {
            return Err(CannotOpen::NoCity { city: self.city, begun: listed(&begun) });
        }
        let key = match demo {
            true => demo::demo_key(),
            false => key::find(&self.key)?.ok_or_else(|| CannotOpen::NoKey(self.key.clone()))?,
        };
        let secrets = Secrets::new(&key, Arc::new(MachineChance));
        if !key_proof::fits(db.reader(), self.city, &secrets).await? {
            return Err(CannotOpen::WrongKey(self.key.clone()));
        }
        Ok((db, key, demo))
    }

    /// A mistyped city must not begin another one beside the city that was meant.
    async fn is_the_only_new_one(&self, db: &Db) -> Result<(), CannotOpen> {
        let begun = cities::begun(db.reader()).await?;
        if begun.is_empty() || begun.contains(&self.city) {
            return Ok(());
        }
        Err(CannotOpen::OtherCity { city: self.city, begun: listed(&begun) })
    }

    fn ctx(&self, db: Db, files: Files, key: &[u8; 32], demo: bool, number: u16) -> Ctx {
        let chance: Arc<dyn Chance> = Arc::new(MachineChance);
        Ctx {
            db,
            clock: Arc::new(SystemClock),
            ids: Arc::new(ServerIds::new(SystemClock, number)),
            secrets: Secrets::new(key, chance.clone()),
            chance,
            files,
            home_city: self.city,
            demo,
        }
    }
}

fn listed(cities: &[CityId]) -> String {
    cities.iter().map(CityId::to_string).collect::<Vec<_>>().join(", ")
}

/// The file of an SQLite address: `sqlite://FILE?…` or `sqlite:FILE`.
fn sqlite_file(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
}

/// A name for the lease of the server number: process and start, so that a restarted server takes a fresh lease.
fn holder(data: &Path, started: i64) -> String {
    format!("{}:{}:{started}", data.display(), std::process::id())
}

fn take_lock(data: &Path) -> Result<File, CannotOpen> {
    let folder = |error| CannotOpen::Folder(data.to_owned(), error);
    let file =
        File::options().create(true).truncate(false).write(true).open(data.join("lock")).map_err(folder)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(CannotOpen::Locked(data.to_owned())),
        Err(std::fs::TryLockError::Error(error)) => Err(folder(error)),
    }
}

#[cfg(test)]
mod tests;
