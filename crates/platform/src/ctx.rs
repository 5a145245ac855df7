//! The context of everything that acts: database, clock, ids, chance, secrets, files. Built once by the server (or a test).

use std::sync::Arc;

use kernel::chance::Chance;
use kernel::id::{CityId, IdSource};
use kernel::time::{Clock, Time};

use crate::auth::Posts;
use crate::db::Db;
use crate::files::Files;
use crate::secrets::Secrets;

/// What acts need from outside. Cheap to clone; rules never see it, only values taken from it.
#[derive(Clone)]
pub struct Ctx {
    /// The database.
    pub db: Db,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn IdSource>,
    /// Salts, tokens, draws.
    pub chance: Arc<dyn Chance>,
    /// Sealing of personal fields.
    pub secrets: Secrets,
    /// Photos.
    pub files: Files,
    /// Whose unit a login is of, and what it may do.
    pub posts: Posts,
    /// The city of callers without an account: the residents' page.
    pub home_city: CityId,
    /// A demo city: its data are marked on every screen, and `/tour` may switch persons.
    pub demo: bool,
}

impl Ctx {
    /// The present moment.
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// A fresh id of the wanted kind.
    pub fn id<T: From<i64>>(&self) -> T {
        T::from(self.ids.next())
    }
}
