//! The acts on an existing case, one method per verb. Each gathers its facts from memory and hands a value to the lane.

use kernel::evidence::Commitment;
use kernel::id::{CaseId, CityId, FileId, UnitId};
use kernel::time::Time;
use platform::db::Fault;
use platform::idempotency::OnceKey;
use platform::journal::{Actor, Stamp};
use platform::web::Caller;

use super::change::{ChangeCase, Changed, Fired, timer_at, timer_kind};
use super::gather::{Attachment, SentPhoto, Words, note, proofs, seated, staff};
use super::{ActError, FRESH_TRIES};
use crate::errors::CaseError;
use crate::house::{Cases, Snapshot};
use crate::model::{Case, ClockKind, PersonalField, ReasonCode, RowRef, StandardId, Verdict};
use crate::rules::{
    By, Check, Close, Command, Dispatch, EraseReporter, File, GiveVerdict, Handle, Overrun, PreVerify,
    Proposal, Refuse, ShowReporter,
};
use crate::store::{self, NewPhoto, NewText};

/// Who acts on which case, and which version he has seen.
#[derive(Clone, Copy)]
pub struct On<'a> {
    /// Who.
    pub caller: &'a Caller,
    /// Which case.
    pub case: CaseId,
    /// The version on his screen.
    pub seen: i64,
    /// The key under which the act is remembered, if the request has one.
    pub once: Option<&'a OnceKey>,
}

impl Cases {
    /// 核实: is the problem there?
    ///
    /// # Errors
    /// What the rules say, or a fault.
    pub async fn pre_verify(
        &self,
        on: On<'_>,
        found: bool,
        words: &Words,
        sent: &[Attachment],
    ) -> Result<Changed, ActError> {
        let photos = proofs(&self.ctx, on.caller.city, sent).await?;
        let note = note(&self.ctx, words, "/note")?;
        let offered = photos.iter().map(SentPhoto::offered).collect();
        let act = PreVerify { found, photos: offered, note: commitment(&note) };
        self.change(on, Command::PreVerify(act), note, photos).await
    }

    /// 立案 under a standard row.
    ///
    /// # Errors
    /// What the rules say, or a fault.
    pub async fn file(&self, on: On<'_>, standard: StandardId) -> Result<Changed, ActError> {
        self.change(on, Command::File(File { standard }), None, Vec::new()).await
    }

    /// 不予受理 with a reason.
    ///
    /// # Errors
    /// What the rules say, or a fault.
    pub async fn refuse(&self, on: On<'_>, reason: ReasonCode, words: &Words) -> Result<Changed, ActError> {
        let note = note(&self.ctx, words, "/note")?;
        let act = Refuse { reason, note: commitment(&note) };
        self.change(on, Command::Refuse(act), note, Vec::new()).await
    }

    /// 派遣 to a unit: the proposed one, or another with words that say why.
    ///
    /// # Errors
    /// What the rules say, or a fault.
    pub async fn dispatch(&self, on: On<'_>, unit: UnitId, words: &Words) -> Result<Changed, ActError> {
        let note = note(&self.ctx, words, "/note")?;
        let wanted = Wanted::Dispatch { unit, note: commitment(&note) };
        self.change(on, wanted, note, Vec::new()).await
    }

    /// 处置反馈 with proof.
    ///
    /// # Errors
    /// What the rules say, or a fault.
    pub async fn handle(&self, on: On<'_>, words: &Words, sent: &[Attachment]) -> Result<Changed, ActError> {
        let photos = proofs(&self.ctx, on.caller.city, sent).await?;
        let note = note(&self.ctx, words, "/note")?;
        let offered = photos.iter().map(SentPhoto::offered).collect();
        let act = Handle { photos: offered, note: commitment(&note) };
        self.change(on, Command::Handle(act), note, photos).await
    }

    /// 核查: is it done?
    ///
    /// # Errors
    /// What the rules say, or a fault.
    pub async fn check(
        &self,
        on: On<'_>,
        passed: bool,
        words: &Words,
        sent: &[Attachment],
    ) -> Result<Changed, ActError> {
        let photos = proofs(&self.ctx, on.caller.city, sent).await?;
        let note = note(&self.ctx, words, "/note")?;
        let offered = photos.iter().map(SentPhoto::offered).collect();
        let act = Check { passed, photos: offered, note: commitment(&note) };
        self.change(on, Command::Check(act), note, photos).await
    }

    /// 结案.
    ///
    /// # Errors
    /// What the rules say, or a fault.
    pub async fn close(&self, on: On<'_>, words: &Words) -> Result<Changed, ActError> {
        let note = note(&self.ctx, words, "/note")?;
        let act = Close { note: commitment(&note) };
        self.change(on, Command::Close(act), note, Vec::new()).await
    }

    /// Unmasks the reporter; that it was done is an event.
    ///
    /// # Errors
    /// What the rules say, or a fault.
    pub async fn show_reporter(&self, caller: &Caller, case: CaseId) -> Result<Changed, ActError> {
        let stamp = Stamp { at: self.ctx.now(), actor: caller.actor() };
        let wish = Wish::new(caller.city, case, stamp, staff(caller), Command::ShowReporter(ShowReporter));
        self.carry_out(wish).await
    }

    /// Erases what a report holds about a person; photos also from the disk.
    ///
    /// # Errors
    /// What the rules say, or a fault.
    pub async fn erase(
        &self,
        city: CityId,
        case: CaseId,
        stamp: Stamp,
        by: By,
        fields: impl IntoIterator<Item = PersonalField>,
    ) -> Result<Changed, ActError> {
        let act = EraseReporter { fields: fields.into_iter().collect() };
        // Afterwards no row tells which bytes were theirs.
        let photos = store::photos_of(self.ctx.db.reader(), city, case).await?;
        let photos: Vec<FileId> = photos.iter().map(|row| FileId(row.file_id)).collect();
        let files = platform::files::find_many(self.ctx.db.reader(), city, &photos).await?;
        let done = self.carry_out(Wish::new(city, case, stamp, by, Command::EraseReporter(act))).await?;
        platform::files::discard(&self.ctx, city, &files).await;
        Ok(done)
    }

    /// 评价 by whoever holds the receipt.
    ///
    /// # Errors
    /// What the rules say, or a fault.
    pub async fn give_verdict(
        &self,
        city: CityId,
        case: CaseId,
        verdict: Verdict,
        words: &Words,
        once: Option<&OnceKey>,
    ) -> Result<Changed, ActError> {
        let note = note(&self.ctx, words, "/note")?;
        let stamp = Stamp { at: self.ctx.now(), actor: Actor::Resident };
        let act = GiveVerdict { verdict, note: commitment(&note) };
        let mut wish = Wish::new(city, case, stamp, By::Resident, Command::GiveVerdict(act));
        wish.texts.extend(note);
        wish.once = once.cloned();
        self.carry_out(wish).await
    }

    /// May whoever is signed in on the page of a receipt give its verdict? Somebody who had a part in the fixing may not,
    /// however he came by the receipt; others are residents like everybody else.
    ///
    /// # Errors
    /// [`CaseError::OnlyReporter`], or a fault.
    pub(crate) async fn may_judge(&self, caller: &Caller, case: CaseId) -> Result<(), ActError> {
        let now = self.ctx.now();
        let snapshot = self.snapshot(caller.city).await?;
        let by = seated(&staff(caller), &snapshot.city, now);
        let case = self.case(caller.city, case).await?.ok_or(CaseError::NotFound)?;
        if by.fixed(&case, now) { Err(CaseError::OnlyReporter.into()) } else { Ok(()) }
    }

    /// 超期登记, when the timer of a clock fires. `fired_at` is the timer's own moment.
    ///
    /// # Errors
    /// A fault; a clock that has stopped meanwhile is no error.
    pub async fn overrun(
        &self,
        city: CityId,
        case: CaseId,
        clock: ClockKind,
        fired_at: Time,
    ) -> Result<(), ActError> {
        let due_at = fired_at.plus_ms(-1);
        debug_assert_eq!(timer_at(due_at), fired_at);
        let stamp = Stamp { at: self.ctx.now(), actor: Actor::System("timer") };
        let act = Overrun { clock, due_at };
        let mut wish = Wish::new(city, case, stamp, By::Timer, Command::Overrun(act));
        wish.fired = Some(Fired { kind: timer_kind(clock), due_at: fired_at });
        self.carry_out(wish).await.map(|_| ())
    }

    /// The aggregate, read outside of a transaction.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn case(&self, city: CityId, id: CaseId) -> Result<Option<Case>, Fault> {
        store::load(self.ctx.db.reader(), city, id).await?.map(|row| row.case()).transpose()
    }

    async fn change(
        &self,
        on: On<'_>,
        wanted: impl Into<Wanted>,
        note: Option<NewText>,
        photos: Vec<SentPhoto>,
    ) -> Result<Changed, ActError> {
        let stamp = Stamp { at: self.ctx.now(), actor: on.caller.actor() };
        let mut wish = Wish::new(on.caller.city, on.case, stamp, staff(on.caller), wanted);
        wish.seen = Some(on.seen);
        wish.texts.extend(note);
        wish.photos = photos.into_iter().map(|sent| sent.new).collect();
        wish.once = on.once.cloned();
        self.carry_out(wish).await
    }

    /// Hands a wish to the lane; facts that turn out too old are rebuilt, and it is tried again.
    async fn carry_out(&self, wish: Wish) -> Result<Changed, ActError> {
        for _ in 0..FRESH_TRIES {
            let wish = wish.clone();
            let snapshot = self.snapshot(wish.city).await?;
            let command = self.command(&wish, &snapshot).await?;
            let change = ChangeCase {
                city: wish.city,
                case: wish.case,
                seen: wish.seen,
                stamp: wish.stamp,
                by: seated(&wish.by, &snapshot.city, wish.stamp.at),
                snapshot,
                command,
                texts: wish.texts,
                photos: wish.photos,
                fired: wish.fired,
                once: wish.once,
            };
            match self.ctx.db.write(change).await {
                Err(error) if error.is_stale() => drop(self.org.refresh(wish.city).await?),
                answer => return answer,
            }
        }
        Err(Fault::Stale.into())
    }

    /// The command that a wish comes to under these facts, which are those that the lane will ask for.
    async fn command(&self, wish: &Wish, snapshot: &Snapshot) -> Result<Command, ActError> {
        match &wish.wanted {
            Wanted::Command(command) => Ok(command.clone()),
            Wanted::Dispatch { unit, note } => {
                let today = wish.stamp.at.date();
                if !snapshot.city.unit(*unit).is_some_and(|unit| unit.valid.holds(today)) {
                    return Err(CaseError::UnitUnknown.into());
                }
                let case = self.case(wish.city, wish.case).await?.ok_or(CaseError::NotFound)?;
                let proposal = proposal(snapshot, &case, wish.stamp.at)?;
                Ok(Command::Dispatch(Dispatch { unit: *unit, proposal, note: note.clone() }))
            }
        }
    }
}

/// What the responsibility list proposes for a case at a moment.
///
/// # Errors
/// What `org` says when the city has no backstop yet; [`CaseError::NotClassed`] while nobody has said what it is.
pub(crate) fn proposal(snapshot: &Snapshot, case: &Case, at: Time) -> Result<Proposal, ActError> {
    use kernel::problem::ToProblem;
    if snapshot.catalogue().unclassed(case.class).is_some() {
        return Err(CaseError::NotClassed.into());
    }
    let answer =
        snapshot.city.resolve(case.area, case.class, at).map_err(|error| ActError::Input(error.problem()))?;
    Ok(Proposal {
        unit: answer.unit,
        helpers: answer.helpers,
        row: answer.row.map(|row| RowRef { id: row.id, row_no: i64::from(row.row_no) }),
        backstop: answer.backstop,
    })
}

fn commitment(note: &Option<NewText>) -> Option<Commitment> {
    note.as_ref().map(NewText::commitment)
}

/// What is wanted: a command as it is, or one that says what the facts say and is made anew with them.
#[derive(Clone)]
enum Wanted {
    Command(Command),
    Dispatch { unit: UnitId, note: Option<Commitment> },
}

impl From<Command> for Wanted {
    fn from(command: Command) -> Self {
        Self::Command(command)
    }
}

/// An act before its facts: what is tried again when the facts were too old.
#[derive(Clone)]
struct Wish {
    city: CityId,
    case: CaseId,
    seen: Option<i64>,
    stamp: Stamp,
    by: By,
    wanted: Wanted,
    texts: Vec<NewText>,
    photos: Vec<NewPhoto>,
    fired: Option<Fired>,
    once: Option<OnceKey>,
}

impl Wish {
    fn new(city: CityId, case: CaseId, stamp: Stamp, by: By, wanted: impl Into<Wanted>) -> Self {
        Self {
            city,
            case,
            seen: None,
            stamp,
            by,
            wanted: wanted.into(),
            texts: Vec::new(),
            photos: Vec::new(),
            fired: None,
            once: None,
        }
    }
}
