//! Deadlines follow the working calendar: when its table changes, whichever way and on whichever server, the open clocks of
//! all live cases are held against it once, and each deadline that is another now is moved by an event of its case.
//!
//! There is nothing to lose: a bookmark says up to which version of the calendar all clocks were counted, and it is moved
//! after the last of them. Whoever is killed in the middle begins again, and what was moved already is passed over.

use futures_util::{StreamExt, TryStreamExt, stream};
use kernel::id::{CaseId, CityId};
use platform::db::Fault;
use platform::journal::{Actor, Stamp};

use crate::commands::ActError;
use crate::errors::CaseError;
use crate::house::{Cases, Snapshot};
use crate::rules::{self, By};
use crate::store::{self, Listed, MarkRecounted};

/// Cases read at once.
const PAGE: usize = 200;
/// Acts that wait for the lane at once: residents' reports shall not stand behind a thousand of them.
const AT_ONCE: usize = 16;

impl Cases {
    /// Counts the deadlines of live cases anew, if the calendar is another one than when they were counted last. Answers of
    /// how many cases it moved one.
    ///
    /// Each case is a command of its own, so that others come between.
    ///
    /// # Errors
    /// What the database says; then it is begun again at the next call.
    pub async fn recount(&self, city: CityId) -> Result<usize, ActError> {
        let snapshot = self.snapshot(city).await?;
        let calendar = snapshot.city.versions().calendar;
        // Another server may have counted by a newer one than this one knows.
        if store::recounted_to(self.ctx.db.reader(), city).await?.is_some_and(|done| done >= calendar) {
            return Ok(0);
        }
        // The ids first: a row moves within the list of live cases when its deadline does.
        let ids = store::live_ids(self.ctx.db.reader(), city).await?;
        let mut moved = 0;
        for page in ids.chunks(PAGE) {
            let rows = store::listed(self.ctx.db.reader(), city, page).await?;
            let wanted = rows.into_iter().filter(|row| self.moves(&snapshot, row));
            moved += stream::iter(wanted)
                .map(|row| self.recount_one(city, CaseId(row.id)))
                .buffer_unordered(AT_ONCE)
                .try_fold(0, |sum, moved| async move { Ok(sum + usize::from(moved)) })
                .await?;
        }
        self.ctx.db.write(MarkRecounted { city, calendar }).await?;
        Ok(moved)
    }

    /// Would an open clock of the case be moved? A row that cannot be read is verification's to name.
    fn moves(&self, snapshot: &Snapshot, row: &Listed) -> bool {
        match row.case() {
            Ok(case) => !rules::moved(&case, &snapshot.facts(self.ctx.now(), &By::Timer)).is_empty(),
            Err(fault) => {
                tracing::error!(case = row.id, %fault, "its deadline was not counted anew");
                false
            }
        }
    }

    async fn recount_one(&self, city: CityId, case: CaseId) -> Result<bool, ActError> {
        let stamp = Stamp { at: self.ctx.now(), actor: Actor::System("calendar") };
        match self.recount_case(city, case, stamp).await {
            Ok(_) => Ok(true),
            // Somebody acted meanwhile, or another server counted.
            Err(ActError::Case(CaseError::DeadlineStands | CaseError::NotFound)) => Ok(false),
            Err(ActError::Fault(Fault::LostRace)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
