//! What happened to a case. Events are the legal trail and the source of every figure, so each carries all that a
//! figure asks for (who answers, where, what kind, which channel, until when) and nothing personal.
//!
//! The shape is free until the first tagged release; afterwards `evolve` reads every older one.

use std::collections::{BTreeMap, BTreeSet};

use kernel::area::AreaKey;
use kernel::calendar::Limit;
use kernel::class::ClassCode;
use kernel::evidence::Commitment;
use kernel::id::{CaseId, CellId, FileId, MatrixRowId, UnitId, UserId};
use kernel::time::Time;
use serde::{Deserialize, Serialize};

use super::{CaseNumber, ClockKind, PersonalField, ReasonCode, Source, StandardId, Verdict};

/// The dimensions by which figures count: repeated in every event, so that no figure has to look back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dims {
    /// The channel it came in by.
    pub source: Source,
    /// What kind of problem.
    pub class: ClassCode,
    /// The lowest area that holds the place: a cell, or in a hole of the grid the village or town around it.
    pub area: AreaKey,
    /// The responsibility cell (责任网格); none in a hole of the grid.
    pub cell: Option<CellId>,
    /// The one accountable unit; none before dispatch.
    pub unit: Option<UnitId>,
}

/// A photo by its file and its commitment; the photo itself can be erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoMark {
    /// The stored file.
    pub file: FileId,
    /// SHA-256(salt ‖ SHA-256 of the original).
    pub commitment: Commitment,
}

/// A row of the responsibility list (责任清单), by id and by the number that people quote ("第14行").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowRef {
    /// Its id.
    pub id: MatrixRowId,
    /// Its number in the list.
    pub row_no: i64,
}

/// The versions of the snapshots that a decision rested on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Snapshots {
    /// Catalogue and policies.
    pub policies: i64,
    /// Places and cells.
    pub places: i64,
    /// The responsibility list.
    pub matrix: i64,
}

/// Something that happened to a case. In JSON the `kind` says which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// 上报: it came in. The first event of every case.
    Reported(Reported),
    /// 核实: somebody looked before it was filed.
    PreVerified(PreVerified),
    /// 立案: taken on under a standard row.
    Filed(Filed),
    /// 不予受理: turned down.
    Refused(Refused),
    /// 派遣: sent to the accountable unit.
    Dispatched(Dispatched),
    /// 处置反馈: the unit says that it is done.
    Handled(Handled),
    /// 核查: somebody else says whether it is.
    Checked(Checked),
    /// 结案.
    Closed(Closed),
    /// 评价: the reporter's word.
    VerdictGiven(VerdictGiven),
    /// 超期: a clock ran out.
    Overran(Overran),
    /// 重算时限: the working calendar changed, and a deadline with it.
    Recounted(Recounted),
    /// The reporter was unmasked; who did it is the actor of the journal entry.
    ReporterShown(ReporterShown),
    /// Personal data was erased.
    ReporterErased(ReporterErased),
}

/// 上报.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// When it was received; the intake clock starts here.
    pub at: Time,
    /// The new case.
    pub case: CaseId,
    /// Its number.
    pub number: CaseNumber,
    /// Its dimensions; no unit yet.
    pub dims: Dims,
    /// When the reporter's device says it was taken down, if it was offline then. A claim, not a fact.
    pub device_at: Option<Time>,
    /// Commitments to the personal fields that the report holds.
    pub personal: BTreeMap<PersonalField, Commitment>,
    /// Photos of the problem.
    pub photos: Vec<PhotoMark>,
    /// Commitment to the hash of the receipt code, where the policy gives the reporter a receipt.
    pub receipt: Option<Commitment>,
    /// Must somebody look before it is filed?
    pub pre_verify: bool,
    /// The limit of the intake clock.
    pub intake_limit: Limit,
    /// Until when it has to be filed or refused.
    pub intake_due_at: Time,
    /// What the decision rested on.
    pub snapshots: Snapshots,
}

/// 核实.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreVerified {
    /// When.
    pub at: Time,
    /// Its dimensions.
    pub dims: Dims,
    /// Is the problem there?
    pub found: bool,
    /// Photos from the spot.
    pub photos: Vec<PhotoMark>,
    /// Commitment to the inspector's note.
    pub note: Option<Commitment>,
}

/// 立案.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filed {
    /// When; the dispatch clock starts here.
    pub at: Time,
    /// Its dimensions.
    pub dims: Dims,
    /// The standard row under which it was filed.
    pub standard: StandardId,
    /// How long the unit will have.
    pub limit: Limit,
    /// How many photos the unit must show for it at least.
    pub after_photos_least: u8,
    /// Was it filed within the intake limit?
    pub on_time: bool,
    /// The limit of the dispatch clock.
    pub dispatch_limit: Limit,
    /// Until when it has to be dispatched.
    pub dispatch_due_at: Time,
    /// What the decision rested on.
    pub snapshots: Snapshots,
}

/// 不予受理.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// When.
    pub at: Time,
    /// Its dimensions.
    pub dims: Dims,
    /// Why, as a row of the catalogue.
    pub reason: ReasonCode,
    /// Was it refused within the intake limit?
    pub on_time: bool,
    /// Commitment to the acceptor's words.
    pub note: Option<Commitment>,
}

/// 派遣.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispatched {
    /// When; the unit clock starts here.
    pub at: Time,
    /// Its dimensions, from now on with the accountable unit.
    pub dims: Dims,
    /// The unit that the responsibility list proposed; another one than in `dims` when chosen by hand.
    pub proposed: UnitId,
    /// Units that help (协办) without being accountable.
    pub helpers: Vec<UnitId>,
    /// The row of the responsibility list that proposed the unit; none by backstop or by hand.
    pub row: Option<RowRef>,
    /// Is it the backstop (兜底) unit, because no row answers?
    pub backstop: bool,
    /// The standard row it was filed under.
    pub standard: StandardId,
    /// How long the unit has.
    pub limit: Limit,
    /// Until when; kept by every rework (捆绑计时).
    pub due_at: Time,
    /// Was it dispatched within the dispatch limit?
    pub on_time: bool,
    /// Commitment to the dispatcher's words.
    pub note: Option<Commitment>,
    /// What the decision rested on.
    pub snapshots: Snapshots,
}

/// 处置反馈.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handled {
    /// When; the unit clock is judged here, and the check clock starts.
    pub at: Time,
    /// Its dimensions.
    pub dims: Dims,
    /// Who handled it; he may not check it later.
    pub by: UserId,
    /// When it was dispatched first.
    pub dispatched_at: Time,
    /// The unit's deadline.
    pub due_at: Time,
    /// Was it handled within the unit's deadline?
    pub on_time: bool,
    /// How often it has been sent back so far.
    pub reworks: u32,
    /// Photos of the result.
    pub photos: Vec<PhotoMark>,
    /// Commitment to the unit's words.
    pub note: Option<Commitment>,
    /// The limit of the check clock.
    pub check_limit: Limit,
    /// Until when it has to be closed or sent back.
    pub check_due_at: Time,
}

/// 核查.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// When.
    pub at: Time,
    /// Its dimensions.
    pub dims: Dims,
    /// Is it done? If not, the same unit has it again (返工) with the same deadline.
    pub passed: bool,
    /// How often it has been sent back, this time included.
    pub reworks: u32,
    /// When the unit had fed back.
    pub handled_at: Time,
    /// Photos of the check.
    pub photos: Vec<PhotoMark>,
    /// Commitment to the checker's words.
    pub note: Option<Commitment>,
}

/// 结案.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// When.
    pub at: Time,
    /// Its dimensions.
    pub dims: Dims,
    /// The standard row whose closing condition is met.
    pub standard: StandardId,
    /// When it was reported.
    pub reported_at: Time,
    /// When the unit had fed back.
    pub handled_at: Time,
    /// The unit's deadline.
    pub due_at: Time,
    /// Had the unit handled it within its deadline? (按期结案 is this, not the moment of closing.)
    pub on_time: bool,
    /// How often it was sent back.
    pub reworks: u32,
    /// Until when the reporter may give a verdict; none where nobody has a receipt.
    pub verdict_until: Option<Time>,
    /// Commitment to the acceptor's words.
    pub note: Option<Commitment>,
}

/// 评价.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerdictGiven {
    /// When.
    pub at: Time,
    /// Its dimensions.
    pub dims: Dims,
    /// What the reporter says.
    pub verdict: Verdict,
    /// When it was closed.
    pub closed_at: Time,
    /// Commitment to the reporter's words.
    pub note: Option<Commitment>,
}

/// 超期.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overran {
    /// When it was recorded; the clock had run out at `due_at`.
    pub at: Time,
    /// Its dimensions.
    pub dims: Dims,
    /// Which clock.
    pub clock: ClockKind,
    /// When it ran out.
    pub due_at: Time,
}

/// 重算时限.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recounted {
    /// When it was counted anew.
    pub at: Time,
    /// Its dimensions.
    pub dims: Dims,
    /// Which clock; the unit's also while the check of its work is awaited, since a failed one sets it going again.
    pub clock: ClockKind,
    /// From when the clock counts.
    pub from: Time,
    /// How long.
    pub limit: Limit,
    /// Its deadline by the calendar as it was.
    pub was_due_at: Time,
    /// Its deadline by the calendar as it is.
    pub due_at: Time,
    /// What the decision rested on.
    pub snapshots: Snapshots,
}

/// Unmasking of the reporter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReporterShown {
    /// When.
    pub at: Time,
    /// What was shown.
    pub fields: BTreeSet<PersonalField>,
}

/// Erasure of personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReporterErased {
    /// When.
    pub at: Time,
    /// What was erased.
    pub fields: BTreeSet<PersonalField>,
}

impl Event {
    /// The kind, as it stands in JSON and in the journal.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Reported(_) => "reported",
            Self::PreVerified(_) => "pre_verified",
            Self::Filed(_) => "filed",
            Self::Refused(_) => "refused",
            Self::Dispatched(_) => "dispatched",
            Self::Handled(_) => "handled",
            Self::Checked(_) => "checked",
            Self::Closed(_) => "closed",
            Self::VerdictGiven(_) => "verdict_given",
            Self::Overran(_) => "overran",
            Self::Recounted(_) => "recounted",
            Self::ReporterShown(_) => "reporter_shown",
            Self::ReporterErased(_) => "reporter_erased",
        }
    }

    /// When it happened.
    pub const fn at(&self) -> Time {
        match self {
            Self::Reported(e) => e.at,
            Self::PreVerified(e) => e.at,
            Self::Filed(e) => e.at,
            Self::Refused(e) => e.at,
            Self::Dispatched(e) => e.at,
            Self::Handled(e) => e.at,
            Self::Checked(e) => e.at,
            Self::Closed(e) => e.at,
            Self::VerdictGiven(e) => e.at,
            Self::Overran(e) => e.at,
            Self::Recounted(e) => e.at,
            Self::ReporterShown(e) => e.at,
            Self::ReporterErased(e) => e.at,
        }
    }

    /// The dimensions it counts under; none for what happens to personal data only.
    pub const fn dims(&self) -> Option<&Dims> {
        match self {
            Self::Reported(e) => Some(&e.dims),
            Self::PreVerified(e) => Some(&e.dims),
            Self::Filed(e) => Some(&e.dims),
            Self::Refused(e) => Some(&e.dims),
            Self::Dispatched(e) => Some(&e.dims),
            Self::Handled(e) => Some(&e.dims),
            Self::Checked(e) => Some(&e.dims),
            Self::Closed(e) => Some(&e.dims),
            Self::VerdictGiven(e) => Some(&e.dims),
            Self::Overran(e) => Some(&e.dims),
            Self::Recounted(e) => Some(&e.dims),
            Self::ReporterShown(_) | Self::ReporterErased(_) => None,
        }
    }
}
