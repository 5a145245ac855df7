//! The room's state: what every act of this context needs, and the facts that it reads from memory.

use std::sync::Arc;

use kernel::id::{CaseId, CityId};
use kernel::time::Time;
use platform::Ctx;
use platform::db::Fault;
use platform::sse::Feeds;
use platform::web::{Limits, Peer, Refusal};
use tokio::sync::watch;

use crate::catalogue::{self, CatalogueError};
use crate::model::{Case, Catalogue, ClockKind, Policies, Snapshots};
use crate::queries::CaseTelling;
use crate::rules::{By, Facts};

/// The cases of all cities of this server. Cheap to clone.
#[derive(Clone)]
pub struct Cases {
    pub(crate) ctx: Ctx,
    pub(crate) org: org::Org,
    tables: Arc<(Catalogue, Policies)>,
    limits: Limits,
    feeds: Feeds<CaseTelling>,
    // Held so that the feeds end when it says so, and not before.
    stop: Arc<watch::Sender<bool>>,
}

/// Everything about a city that a decision rests on, as it stands in memory. Immutable; cheap to clone.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub(crate) city: Arc<org::City>,
    tables: Arc<(Catalogue, Policies)>,
}

impl Cases {
    /// The room, with the catalogue that comes with the product.
    ///
    /// # Errors
    /// [`CatalogueError`] if the shipped tables are wrong, which a test excludes.
    pub fn new(ctx: Ctx, org: org::Org) -> Result<Self, CatalogueError> {
        let (catalogue, policies) = catalogue::standard()?;
        Ok(Self::with_tables(ctx, org, catalogue, policies))
    }

    /// The room with other tables: a city's own, or those of an earlier time.
    pub fn with_tables(ctx: Ctx, org: org::Org, catalogue: Catalogue, policies: Policies) -> Self {
        let (stop, stopped) = watch::channel(false);
        let feeds = Feeds::new(ctx.db.clone(), CaseTelling(ctx.db.clone()), stopped);
        let tables = Arc::new((catalogue, policies));
        Self { ctx, org, tables, limits: Limits::default(), feeds, stop: Arc::new(stop) }
    }

    /// With the server's own count of requests, instead of one of this room.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Ends every live stream, so that a server can stop in good order.
    pub fn hang_up(&self) {
        self.stop.send_replace(true);
    }

    /// What happens, as it happens.
    pub(crate) fn feeds(&self) -> &Feeds<CaseTelling> {
        &self.feeds
    }

    /// Counts a request without an account.
    ///
    /// # Errors
    /// 429 `platform/too-many`.
    pub(crate) fn throttle(&self, peer: Peer, purpose: &'static str, per_minute: u32) -> Result<(), Refusal> {
        self.limits.take_outside(peer, purpose, per_minute, self.ctx.now())
    }

    /// The city's snapshot.
    pub(crate) async fn snapshot(&self, city: CityId) -> Result<Snapshot, Fault> {
        Ok(Snapshot { city: self.org.city(city).await?, tables: self.tables.clone() })
    }

    /// Classes, standards, menu and reasons, for whoever plays or imports cases.
    pub fn tables(&self) -> &Catalogue {
        &self.tables.0
    }

    /// The present version of a case, as `On::seen` wants it; `None` if there is none.
    ///
    /// # Errors
    /// What the database says.
    pub async fn version(&self, city: CityId, id: CaseId) -> Result<Option<i64>, Fault> {
        crate::store::version(self.ctx.db.reader(), city, id).await
    }

    /// Classes, standards, menu and reasons.
    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.tables.0
    }
}

impl Snapshot {
    /// Classes, standards, reasons.
    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.tables.0
    }

    /// How each channel is treated.
    pub(crate) fn policies(&self) -> &Policies {
        &self.tables.1
    }

    /// The version that a batch compares with its own.
    pub(crate) fn policy_version(&self) -> i64 {
        self.city.versions().policy
    }

    /// The year whose holidays are missing and on which an open clock of a case rests ([`crate::rules::unknown_year`]).
    pub(crate) fn unknown_year(&self, case: &Case, clock: ClockKind, now: Time) -> Option<i16> {
        crate::rules::unknown_year(case, clock, self.city.calendar(), self.policies(), now)
    }

    /// The facts of a moment.
    pub(crate) fn facts<'a>(&'a self, at: Time, by: &'a By) -> Facts<'a> {
        let versions = self.city.versions();
        Facts {
            at,
            by,
            calendar: self.city.calendar(),
            catalogue: self.catalogue(),
            policies: self.policies(),
            snapshots: Snapshots {
                policies: versions.policy,
                places: versions.places,
                matrix: versions.matrix,
            },
        }
    }
}
