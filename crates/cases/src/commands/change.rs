//! Every act on an existing case: load its row, decide, evolve, save on the version that was read, chain the events.

use kernel::id::{CaseId, CityId};
use kernel::time::Time;
use platform::db::{Command as Write, Fault, Tx};
use platform::idempotency::OnceKey;
use platform::journal::{Stamp, Stream};
use serde::{Deserialize, Serialize};

use super::ActError;
use crate::errors::CaseError;
use crate::house::Snapshot;
use crate::model::{Case, ClockKind, Event, PersonalField};
use crate::rules::{self, By, Command, OfferedPhoto};
use crate::store::{self, Held, NewPhoto, NewText, case};

/// A timer that woke this command and must not wake it again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fired {
    pub(crate) kind: &'static str,
    pub(crate) due_at: Time,
}

/// An act on a case.
pub(crate) struct ChangeCase {
    pub(crate) city: CityId,
    pub(crate) case: CaseId,
    /// The version that the caller has seen; any, where the act does not depend on what was seen.
    pub(crate) seen: Option<i64>,
    pub(crate) stamp: Stamp,
    pub(crate) by: By,
    pub(crate) snapshot: Snapshot,
    pub(crate) command: Command,
    pub(crate) texts: Vec<NewText>,
    pub(crate) photos: Vec<NewPhoto>,
    pub(crate) fired: Option<Fired>,
    pub(crate) once: Option<OnceKey>,
}

/// What an act left behind.
#[derive(Debug, Clone)]
pub struct Changed {
    /// The case after it.
    pub case: Case,
    /// Which act it was.
    pub acted: Acted,
}

/// An act that was done: all that is remembered under its idempotency key. What it was answered with is told from the
/// history again, so that no personal data is kept beside it, and what was erased since stays erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acted {
    /// The version of the case right after it.
    pub version: i64,
    /// When it was done.
    pub at: Time,
}

impl Write for ChangeCase {
    type Done = Changed;
    type Error = ActError;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<Changed, ActError> {
        tx.expect_policy(self.snapshot.policy_version()).await?;
        if let Some(fired) = self.fired {
            tx.delete_timer(fired.kind, self.case.0, fired.due_at).await?;
        }
        let row = store::held(tx, self.city, self.case).await?.ok_or(CaseError::NotFound)?;
        if self.seen.is_some_and(|seen| seen != row.version) {
            return Err(Fault::LostRace.into());
        }
        let before = row.case()?;
        let command = self.with_uses(tx).await?;
        let facts = self.snapshot.facts(self.stamp.at, &self.by);
        let events = match rules::decide(Some(&before), &command, &facts) {
            Ok(events) => events,
            // The clock of a fired timer may have stopped meanwhile: then there is nothing to record, and the timer is gone.
            Err(CaseError::ClockStopped { .. } | CaseError::OverrunRecorded { .. })
                if self.fired.is_some() =>
            {
                let acted = Acted { version: row.version, at: self.stamp.at };
                return Ok(Changed { case: before, acted });
            }
            Err(error) => return Err(error.into()),
        };
        self.save(tx, &row, before, &events).await
    }
}

impl ChangeCase {
    async fn save(
        &self,
        tx: &mut Tx,
        row: &Held,
        before: Case,
        events: &[Event],
    ) -> Result<Changed, ActError> {
        let clock_before = before.phase.clock().map(|clock| (clock.kind, clock.due_at));
        let class_before = before.class;
        let after = events.iter().fold(before, rules::evolve);
        let head = tx.journal(Stream::of::<Event>(self.case.0), &row.head(), &self.stamp, events);
        let first = row.version + 1;
        store::note_texts(tx, self.city, self.case, first, &self.texts);
        let role = events.first().map_or("", Event::kind);
        store::note_photos(tx, self.city, self.case, first, role, self.stamp.at, &self.photos);
        for event in events {
            if let Event::ReporterErased(erased) = event {
                store::erase(tx, self.city, self.case, erased.fields.iter().copied(), &self.stamp).await?;
            }
        }
        let photo = self.face(tx, row, events).await?;
        self.wind(tx, clock_before, after.phase.clock().map(|clock| (clock.kind, clock.due_at))).await?;
        let new = case::Model::of(self.city, &after, &head, photo)?;
        store::save_change(tx, row.version, after.class != class_before, new).await?;
        let acted = Acted { version: head.version, at: self.stamp.at };
        if let Some(once) = &self.once {
            once.remember(tx, &acted)?;
        }
        Ok(Changed { case: after, acted })
    }

    /// The photo that lists show of the case, after these events. A call brings none: then it is the first one of whoever
    /// looked before filing.
    async fn face(&self, tx: &mut Tx, row: &Held, events: &[Event]) -> Result<Option<i64>, Fault> {
        let mut face = row.photo_id;
        for event in events {
            if let Event::PreVerified(_) = event {
                face = face.or(self.photos.first().map(|photo| photo.file.0));
            } else if let Event::ReporterErased(erased) = event
                && erased.fields.contains(&PersonalField::Photos)
            {
                face = store::face_of(tx, self.city, self.case).await?;
            }
        }
        Ok(face)
    }

    /// The timer goes with its clock: one that stopped takes its timer along, so that the table holds what still runs and
    /// nobody is woken for nothing; a new one gets its own.
    async fn wind(
        &self,
        tx: &mut Tx,
        before: Option<(ClockKind, Time)>,
        after: Option<(ClockKind, Time)>,
    ) -> Result<(), Fault> {
        if before == after {
            return Ok(());
        }
        if let Some((kind, due_at)) = before {
            tx.delete_timer(timer_kind(kind), self.case.0, timer_at(due_at)).await?;
        }
        if let Some((kind, due_at)) = after {
            tx.timer(timer_at(due_at), timer_kind(kind), self.case.0);
        }
        Ok(())
    }

    /// The command with what the database knows about the photos offered in it: where the same originals were used.
    async fn with_uses(&self, tx: &mut Tx) -> Result<Command, Fault> {
        let mut command = self.command.clone();
        let offered: &mut [OfferedPhoto] = match &mut command {
            Command::PreVerify(act) => &mut act.photos,
            Command::Handle(act) => &mut act.photos,
            Command::Check(act) => &mut act.photos,
            Command::Report(_)
            | Command::File(_)
            | Command::Refuse(_)
            | Command::Dispatch(_)
            | Command::Close(_)
            | Command::GiveVerdict(_)
            | Command::Overrun(_)
            | Command::ShowReporter(_)
            | Command::EraseReporter(_) => &mut [],
        };
        for (photo, new) in offered.iter_mut().zip(&self.photos) {
            photo.used = store::uses_of(tx, self.city, &new.original_sha256).await?;
        }
        Ok(command)
    }
}

/// The timer kind of a clock.
pub(crate) const fn timer_kind(clock: ClockKind) -> &'static str {
    match clock {
        ClockKind::Intake => "case.intake",
        ClockKind::Dispatch => "case.dispatch",
        ClockKind::Unit => "case.unit",
        ClockKind::Check => "case.check",
    }
}

/// When the timer of a deadline fires: the last millisecond of a deadline is still on time.
pub(crate) const fn timer_at(due_at: Time) -> Time {
    Time(due_at.0.saturating_add(1))
}
