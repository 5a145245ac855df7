//! Opening the house: the data folder with its lock and key, the database with its migrations, the context of all acts.

#![expect(clippy::disallowed_types, reason = "the context of a running server is put together here")]

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kernel::chance::Chance;
use kernel::id::{CityId, ServerIds};
use kernel::time::{Clock, SystemClock};
use platform::Ctx;
use platform::db::lease::lease;
use platform::db::migrate::{self, Migrations};
use platform::db::{Db, DbOptions};
use platform::files::Files;
use platform::secrets::{MachineChance, Secrets};

use crate::cli::Store;

/// The migrations of the whole product.
pub(crate) const MIGRATIONS: &[Migrations] = &[migrate::MIGRATIONS, org::MIGRATIONS, cases::MIGRATIONS];

/// The opened house. The lock is held as long as it lives.
pub(crate) struct House {
    pub(crate) ctx: Ctx,
    url: String,
    files: PathBuf,
    /// What the server number is leased under.
    pub(crate) holder: String,
    _lock: Option<File>,
}

/// Why the house could not be opened; said on standard error, exit code 2.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CannotOpen {
    #[error("数据目录 {0} 无法使用 (the data folder cannot be used): {1}")]
    Folder(PathBuf, std::io::Error),
    #[error(
        "数据目录 {0} 已被另一个 youju 进程使用，请先停止它 (the folder is served by another youju process; stop it first)"
    )]
    Locked(PathBuf),
    #[error("密钥文件 {0} 应为 64 位十六进制数字 (the key file must hold 64 hexadecimal digits)")]
    BadKey(PathBuf),
    #[error("数据库无法打开 (the database cannot be opened): {0}")]
    Database(#[from] platform::db::Fault),
}

/// How the house is opened.
pub(crate) struct Opening {
    pub(crate) store: Store,
    /// A demo city, with the fixed key of demo data.
    pub(crate) demo: bool,
    /// Take the lock of the data folder: everything that writes files does.
    pub(crate) lock: bool,
}

impl Opening {
    /// Opens the house for a running server.
    pub(crate) async fn open(self) -> Result<House, CannotOpen> {
        let data = self.store.data.clone();
        let folder = |error| CannotOpen::Folder(data.clone(), error);
        std::fs::create_dir_all(&data).map_err(folder)?;
        let lock = if self.lock { Some(take_lock(&data)?) } else { None };
        let key = if self.demo { demo_key() } else { key_of(&self.store)? };
        let url = match &self.store.database {
            Some(url) => url.clone(),
            None => format!("sqlite://{}", data.join("youju.db").display()),
        };
        let db = Db::open(&url, &DbOptions::default()).await?;
        migrate::migrate(&db, MIGRATIONS).await?;
        let clock = SystemClock;
        let holder = holder(&data, clock.now().0);
        let server = lease(&db, &holder, clock.now()).await?;
        let chance: Arc<dyn Chance> = Arc::new(MachineChance);
        let ctx = Ctx {
            db,
            clock: Arc::new(clock),
            ids: Arc::new(ServerIds::new(clock, server)),
            secrets: Secrets::new(&key, chance.clone()),
            chance,
            files: Files::open(&data.join("files"))?,
            home_city: CityId(self.store.city),
            demo: self.demo,
        };
        Ok(House { ctx, url, files: data.join("files"), holder, _lock: lock })
    }
}

impl House {
    /// The same house without waiting for the disk: only to make demo data, which can be made again.
    pub(crate) async fn in_haste(&self) -> Result<Ctx, CannotOpen> {
        let db = Db::open(&self.url, &DbOptions { durable: false, ..DbOptions::default() }).await?;
        Ok(Ctx { db, files: Files::open_volatile(&self.files)?, ..self.ctx.clone() })
    }
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

/// Demo data are no secrets: a fixed key makes two demo cities of one seed equal to the byte.
pub(crate) fn demo_key() -> [u8; 32] {
    let mut key = [0; 32];
    key.copy_from_slice(&platform::secrets::digest("演示数据，密钥公开".as_bytes()));
    key
}

/// Reads the key file, or makes one that only its owner may read.
fn key_of(store: &Store) -> Result<[u8; 32], CannotOpen> {
    let path = store.key_file.clone().unwrap_or_else(|| store.data.join("key"));
    let folder = |error| CannotOpen::Folder(path.clone(), error);
    if !path.exists() {
        let mut key = [0_u8; 32];
        MachineChance.fill(&mut key);
        let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut options = File::options();
        options.create_new(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).map_err(folder)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(folder)?;
        return Ok(key);
    }
    let text = std::fs::read_to_string(&path).map_err(folder)?;
    parse_key(text.trim()).ok_or(CannotOpen::BadKey(path))
}

fn parse_key(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut key = [0_u8; 32];
    for (index, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[index * 2..index * 2 + 2], 16).ok()?;
    }
    Some(key)
}

#[cfg(test)]
mod tests;
