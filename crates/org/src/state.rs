//! The state of the context: the snapshots of all cities in memory, each loaded once and rebuilt after a change.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};

use kernel::id::{CityId, UnitId};
use kernel::time::Time;
use platform::Ctx;
use platform::db::{Fault, policy_version};
use tokio::sync::Mutex;

use crate::city::City;
use crate::model::ClassInfo;
use crate::store::load;

/// Computes where blocking is allowed: what takes more than some milliseconds would hold up everybody on an async
/// thread.
pub(crate) async fn computed<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Fault> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Fault::Panicked(error.to_string().into()))
}

/// For how long a snapshot is believed without asking whether another server changed the city.
const BELIEVED_MS: u64 = 5_000;

/// An answer of a port that reads the database.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The port through which the hall learns the catalogue of classes, which belongs to the cases.
pub trait Classes: Send + Sync {
    /// The classes of a city, by code.
    fn classes(&self, city: CityId) -> Arc<[ClassInfo]>;
}

/// The port through which the hall learns what a unit has open, which belongs to the cases.
pub trait OpenCases: Send + Sync {
    /// How many live cases each of these units answers for; units with none may be left out.
    fn open_cases<'a>(
        &'a self,
        city: CityId,
        units: &'a [UnitId],
    ) -> BoxFuture<'a, Result<BTreeMap<UnitId, i64>, Fault>>;
}

/// No cases at all.
struct NoCases;

impl OpenCases for NoCases {
    fn open_cases<'a>(
        &'a self,
        _city: CityId,
        _units: &'a [UnitId],
    ) -> BoxFuture<'a, Result<BTreeMap<UnitId, i64>, Fault>> {
        Box::pin(async { Ok(BTreeMap::new()) })
    }
}

/// No catalogue: class codes stand for themselves.
struct NoClasses;

impl Classes for NoClasses {
    fn classes(&self, _city: CityId) -> Arc<[ClassInfo]> {
        Arc::new([])
    }
}

#[derive(Default)]
struct Memory {
    cities: RwLock<HashMap<CityId, (Arc<City>, Time)>>,
    loading: Mutex<()>,
}

/// The hall. Cheap to clone; all clones share the snapshots.
#[derive(Clone)]
pub struct Org {
    pub(crate) ctx: Ctx,
    classes: Arc<dyn Classes>,
    pub(crate) open_cases: Arc<dyn OpenCases>,
    memory: Arc<Memory>,
    alone: bool,
}

impl Org {
    /// The hall over a context, without a catalogue of classes.
    pub fn new(ctx: Ctx) -> Self {
        Self {
            ctx,
            classes: Arc::new(NoClasses),
            open_cases: Arc::new(NoCases),
            memory: Arc::default(),
            alone: false,
        }
    }

    /// With the catalogue through this port. Call it before the first snapshot is taken.
    #[must_use]
    pub fn with_classes(mut self, classes: Arc<dyn Classes>) -> Self {
        self.classes = classes;
        self
    }

    /// With what units have open through this port.
    #[must_use]
    pub fn with_open_cases(mut self, open_cases: Arc<dyn OpenCases>) -> Self {
        self.open_cases = open_cases;
        self
    }

    /// For the one process that works on this database: nobody else's changes are looked for. The demo plays half a
    /// year within seconds, so that every look would come after five of them.
    #[must_use]
    pub fn alone(mut self) -> Self {
        self.alone = true;
        self
    }

    /// The present snapshot of a city, from memory where possible. A city without any records has an empty one.
    ///
    /// It is never older than five seconds on another server's changes; a command that must be sure passes
    /// `city.versions().policy` to `Tx::expect_policy` and calls [`Self::refresh`] on [`Fault::Stale`].
    ///
    /// # Errors
    /// What the database says; [`Fault::Unreadable`] for rows that were changed behind the product's back.
    pub async fn city(&self, id: CityId) -> Result<Arc<City>, Fault> {
        let now = self.ctx.now();
        match self.remembered(id) {
            Some((city, seen)) if city.is_current(now.date()) => {
                if self.alone || now.0.abs_diff(seen.0) < BELIEVED_MS {
                    return Ok(city);
                }
                if policy_version(self.ctx.db.reader(), id).await? == city.versions().policy {
                    self.remember(id, city.clone(), now);
                    return Ok(city);
                }
                self.load(id, Some(&city)).await
            }
            Some((old, _)) => self.load(id, Some(&old)).await,
            None => self.load(id, None).await,
        }
    }

    /// The snapshot as the database has it now, whatever is in memory.
    ///
    /// # Errors
    /// See [`Self::city`].
    pub async fn refresh(&self, id: CityId) -> Result<Arc<City>, Fault> {
        let old = self.remembered(id).map(|(city, _)| city);
        self.load(id, old.as_ref()).await
    }

    /// Loads a city, unless somebody else replaced `old` meanwhile.
    async fn load(&self, id: CityId, old: Option<&Arc<City>>) -> Result<Arc<City>, Fault> {
        let _turn = self.memory.loading.lock().await;
        let now = self.ctx.now();
        if let Some((newer, _)) = self.remembered(id)
            && !old.is_some_and(|old| Arc::ptr_eq(old, &newer))
            && policy_version(self.ctx.db.reader(), id).await? == newer.versions().policy
            && newer.is_current(now.date())
        {
            return Ok(newer);
        }
        let loaded = load(self.ctx.db.reader(), &self.ctx.secrets, id).await?;
        let classes = self.classes.classes(id);
        let unreadable = |error: String| Fault::Unreadable(format!("city {id}: {error}").into());
        // Reading some thousand polygons takes milliseconds of computing; the async threads have other work.
        let today = now.date();
        let build = tokio::task::spawn_blocking(move || {
            City::build(id, today, loaded.records, classes, loaded.versions)
                .map(|city| city.with_record_versions(loaded.record_versions))
        });
        let city = build.await.map_err(|error| unreadable(error.to_string()))?;
        let city = Arc::new(city.map_err(|error| unreadable(error.to_string()))?);
        self.remember(id, city.clone(), now);
        Ok(city)
    }

    fn remembered(&self, id: CityId) -> Option<(Arc<City>, Time)> {
        self.memory.cities.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    fn remember(&self, id: CityId, city: Arc<City>, now: Time) {
        self.memory.cities.write().unwrap_or_else(PoisonError::into_inner).insert(id, (city, now));
    }
}
