//! Where the bytes lie: originals in quarantine until their copies are made, copies under the hash of their content.
//!
//! `quarantine/CITY/ID` and `ready/CITY/ab/SHA256.ID.jpg`. The id in the name of a copy keeps two uploads of the same
//! picture apart, so that removing one never touches the other; the hash before it is what `verify` computes again.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use kernel::id::{CityId, FileId};
use kernel::time::Time;
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions};
use photo::Copies;
use tokio::sync::Notify;

use super::mark::mark_key;
use super::turns::Turns;
use crate::db::Fault;
use crate::secrets::digest;

/// Photos decoded at the same time: each takes up to 200 MB.
const DECODING_MAX: usize = 2;
/// Bytes of an upload held in memory before they go to the disk.
const UPLOAD_BUFFER: usize = 256 * 1024;

/// The file store. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    inner: Arc<Inner>,
}

struct Inner {
    store: Arc<dyn ObjectStore>,
    dir: PathBuf,
    arrived: Notify,
    turns: Turns,
    reserve_bytes: u64,
    foreseen: Mutex<HashMap<Vec<u8>, Copies>>,
}

impl Files {
    /// Opens the store in a folder, which is made when it is missing. What was written is on the disk (fsync) before
    /// anybody hears of it.
    ///
    /// # Errors
    /// [`Fault::Files`] when the folder cannot be made or read.
    pub fn open(dir: &Path) -> Result<Self, Fault> {
        Self::open_as(dir, true)
    }

    /// Opens the store without waiting for the disk: for tests, and for demo data that can be made again.
    ///
    /// # Errors
    /// [`Fault::Files`] when the folder cannot be made or read.
    pub fn open_volatile(dir: &Path) -> Result<Self, Fault> {
        Self::open_as(dir, false)
    }

    /// Opens the store only to look: a folder that is missing is not made, and nothing lies in it.
    ///
    /// # Errors
    /// [`Fault::Files`] when the folder cannot be read.
    pub fn look(dir: &Path) -> Result<Self, Fault> {
        let store: Arc<dyn ObjectStore> = match dir.is_dir() {
            true => Arc::new(LocalFileSystem::new_with_prefix(dir).map_err(fault)?),
            false => Arc::new(InMemory::new()),
        };
        Ok(Self::over(store, dir))
    }

    fn open_as(dir: &Path, durable: bool) -> Result<Self, Fault> {
        let io = |error: std::io::Error| Fault::Files(format!("{}: {error}", dir.display()).into());
        std::fs::create_dir_all(dir.join("quarantine")).map_err(io)?;
        std::fs::create_dir_all(dir.join("ready")).map_err(io)?;
        let store = LocalFileSystem::new_with_prefix(dir).map_err(fault)?.with_fsync(durable);
        Ok(Self::over(Arc::new(store), dir))
    }

    fn over(store: Arc<dyn ObjectStore>, dir: &Path) -> Self {
        let (arrived, turns) = (Notify::new(), Turns::new(DECODING_MAX));
        let (foreseen, reserve_bytes) = (Mutex::default(), 0);
        let dir = dir.to_owned();
        Self { inner: Arc::new(Inner { store, dir, arrived, turns, reserve_bytes, foreseen }) }
    }

    /// The copies of an original that is about to be uploaded, made already, exactly as `photo::make_copies` makes them:
    /// for a demo city, which draws its photos while its history is played. They are used once.
    pub fn foresee(&self, original: &[u8], copies: Copies) {
        self.foreseen().insert(digest(original), copies);
    }

    /// Takes the copies that were made before their original arrived.
    pub(super) fn take_foreseen(&self, original_sha256: &[u8]) -> Option<Copies> {
        self.foreseen().remove(original_sha256)
    }

    fn foreseen(&self) -> MutexGuard<'_, HashMap<Vec<u8>, Copies>> {
        self.inner.foreseen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A writer into the quarantine. Nothing is visible there before it is shut down.
    pub(super) fn upload(&self, city: CityId, id: FileId) -> BufWriter {
        BufWriter::with_capacity(self.inner.store.clone(), original(city, id), UPLOAD_BUFFER)
            .with_max_concurrency(2)
    }

    /// Writes a whole object and waits for the disk.
    pub(super) async fn put(&self, key: &Key, bytes: Vec<u8>) -> Result<(), Fault> {
        self.inner.store.put(key, bytes.into()).await.map_err(fault)?;
        Ok(())
    }

    /// Reads a whole object; `None` when there is none.
    pub(super) async fn get(&self, key: &Key) -> Result<Option<Bytes>, Fault> {
        match self.inner.store.get(key).await {
            Ok(found) => Ok(Some(found.bytes().await.map_err(fault)?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(fault(error)),
        }
    }

    /// Deletes an object; one that is gone already is fine.
    pub(super) async fn delete(&self, key: &Key) -> Result<(), Fault> {
        match self.inner.store.delete(key).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(fault(error)),
        }
    }

    /// The objects of a shelf of a city, as they are read, with the moment of their last change by the machine's clock.
    pub(super) fn list(
        &self,
        shelf: Shelf,
        city: CityId,
    ) -> impl Stream<Item = Result<(Key, Time), Fault>> + Send + use<> {
        let objects = self.inner.store.list(Some(&shelf.prefix(city)));
        objects.filter_map(|object| {
            std::future::ready(match object {
                Ok(object) => Some(Ok((object.location, Time(object.last_modified.timestamp_millis())))),
                // Deleted by another server while the list was read.
                Err(object_store::Error::NotFound { .. }) => None,
                Err(error) => Some(Err(fault(error))),
            })
        })
    }

    /// Half-written uploads (`ID#1`) of a city that nobody has touched since `before`. The store never lists them.
    pub(super) fn stale_parts(&self, city: CityId, before: Time) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(self.inner.dir.join("quarantine").join(city.to_string())) else {
            return Vec::new();
        };
        let old = |path: &PathBuf| {
            let changed = std::fs::metadata(path).and_then(|meta| meta.modified()).ok();
            let age = changed.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
            age.is_some_and(|since| i64::try_from(since.as_millis()).is_ok_and(|ms| ms < before.0))
        };
        entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().contains('#')))
            .filter(old)
            .collect()
    }

    pub(super) fn arrived(&self) -> &Notify {
        &self.inner.arrived
    }

    pub(super) fn turns(&self) -> &Turns {
        &self.inner.turns
    }

    /// The mark of the store for a city; `None` where it has none.
    pub(super) async fn mark(&self, city: CityId) -> Result<Option<String>, Fault> {
        let bytes = self.get(&mark_key(city)).await?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned()))
    }

    /// Marks the store, unless another server was faster; answers the mark that stands.
    pub(super) async fn begin_mark(&self, city: CityId, fresh: &str) -> Result<String, Fault> {
        let options = PutOptions::from(PutMode::Create);
        match self.inner.store.put_opts(&mark_key(city), fresh.to_owned().into(), options).await {
            Ok(_) => Ok(fresh.to_owned()),
            Err(object_store::Error::AlreadyExists { .. }) => {
                Ok(self.mark(city).await?.unwrap_or_else(|| fresh.to_owned()))
            }
            Err(error) => Err(fault(error)),
        }
    }

    /// The same store, which takes no upload when less than so many bytes would be left on its disk: the database beside
    /// it has to go on writing.
    #[must_use]
    pub fn with_reserve(self, bytes: u64) -> Self {
        let Inner { store, dir, .. } = &*self.inner;
        let mut inner = Self::over(store.clone(), dir);
        if let Some(inner) = Arc::get_mut(&mut inner.inner) {
            inner.reserve_bytes = bytes;
        }
        inner
    }

    /// Is there room for an upload of this size? Where the disk does not say how full it is, there is.
    pub(super) fn has_room(&self, bytes: u64) -> bool {
        self.inner.reserve_bytes == 0
            || free_bytes(&self.inner.dir)
                .is_none_or(|free| free.saturating_sub(bytes) >= self.inner.reserve_bytes)
    }
}

/// Bytes that are free on the disk of a folder.
#[cfg(unix)]
fn free_bytes(dir: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(dir).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Bytes that are free on the disk of a folder: not known here.
#[cfg(not(unix))]
fn free_bytes(_dir: &Path) -> Option<u64> {
    None
}

/// The two parts of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Originals that nobody has judged yet. Never served.
    Quarantine,
    /// Copies that may be served.
    Ready,
}

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Self::Quarantine => "quarantine",
            Self::Ready => "ready",
        }
    }
}

/// What is looked through at once: the copies of a city are in 256 folders, and a city has a million of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shelf {
    /// The whole quarantine, where little lies.
    Quarantine,
    /// One folder of copies.
    Ready(u8),
}

impl Shelf {
    pub(super) const fn part(self) -> Part {
        match self {
            Self::Quarantine => Part::Quarantine,
            Self::Ready(_) => Part::Ready,
        }
    }

    fn prefix(self, city: CityId) -> Key {
        let part = self.part().name();
        match self {
            Self::Quarantine => Key::from(format!("{part}/{city}")),
            Self::Ready(folder) => Key::from(format!("{part}/{city}/{folder:02x}")),
        }
    }
}

/// Where the original of a file waits.
pub(super) fn original(city: CityId, id: FileId) -> Key {
    Key::from(format!("quarantine/{city}/{id}"))
}

/// Where a copy lies.
pub(super) fn copy(city: CityId, id: FileId, sha256: &[u8]) -> Key {
    // 256 folders keep each small; a second level would cost two more waits for the disk at nearly every copy.
    let hash = hex::encode(sha256);
    let (folder, _) = hash.split_at_checked(2).unwrap_or_default();
    Key::from(format!("ready/{city}/{folder}/{hash}.{id}.jpg"))
}

/// The file that an object belongs to, by its name.
pub(super) fn id_of(part: Part, key: &Key) -> Option<FileId> {
    let name = key.filename()?;
    match part {
        Part::Quarantine => name.parse().ok(),
        Part::Ready => name.strip_suffix(".jpg")?.split_once('.')?.1.parse().ok(),
    }
}

pub(super) fn fault(error: object_store::Error) -> Fault {
    Fault::Files(error.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_whose_they_are() {
        let (city, id) = (CityId(320_281), FileId(77));
        let key = copy(city, id, &[0xAB; 32]);
        assert_eq!(key.to_string(), format!("ready/320281/ab/{}.77.jpg", "ab".repeat(32)));
        assert_eq!(id_of(Part::Ready, &key), Some(id));
        assert_eq!(id_of(Part::Quarantine, &original(city, id)), Some(id));
        for strange in ["ready/1/a", "ready/1/a.jpg", "ready/1/a.x.jpg", "quarantine/1/x"] {
            assert_eq!(id_of(Part::Ready, &Key::from(strange)), None, "{strange}");
        }
    }

    #[tokio::test]
    async fn the_durable_store_keeps_lists_and_deletes() {
        let dir = tempfile::tempdir().unwrap();
        let files = Files::open(dir.path()).unwrap();
        let (city, id) = (CityId(320_281), FileId(5));
        let key = copy(city, id, &[1; 32]);
        assert_eq!(files.get(&key).await.unwrap(), None);
        files.put(&key, b"bytes".to_vec()).await.unwrap();
        assert_eq!(Files::open(dir.path()).unwrap().get(&key).await.unwrap().as_deref(), Some(&b"bytes"[..]));
        let listed = async |folder: u8, city: CityId| -> Vec<Key> {
            let objects = files.list(Shelf::Ready(folder), city);
            objects.map(|object| object.unwrap().0).collect().await
        };
        assert_eq!(listed(1, city).await.as_slice(), std::slice::from_ref(&key));
        assert_eq!(listed(2, city).await, [], "one folder at a time");
        assert_eq!(listed(1, CityId(32_028)).await, [], "a city is no prefix of another");
        files.delete(&key).await.unwrap();
        files.delete(&key).await.unwrap();
        assert_eq!(files.get(&key).await.unwrap(), None);
    }
}
