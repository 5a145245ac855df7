//! What can be asked for. A command carries what was sent and the facts that belong to it alone; texts and photos
//! are commitments already.

use std::collections::{BTreeMap, BTreeSet};

use kernel::area::AreaKey;
use kernel::class::ClassCode;
use kernel::evidence::Commitment;
use kernel::id::{CaseId, CellId, UnitId};
use kernel::time::Time;

use crate::model::{
    Act, CaseNumber, ClockKind, PersonalField, PhotoMark, ReasonCode, RowRef, Source, StandardId, Verdict,
};

/// A wish to change a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// 上报.
    Report(Report),
    /// 核实.
    PreVerify(PreVerify),
    /// 立案.
    File(File),
    /// 不予受理.
    Refuse(Refuse),
    /// 派遣.
    Dispatch(Dispatch),
    /// 处置反馈.
    Handle(Handle),
    /// 核查.
    Check(Check),
    /// 结案.
    Close(Close),
    /// 评价.
    GiveVerdict(GiveVerdict),
    /// 超期登记.
    Overrun(Overrun),
    /// 重算时限.
    Recount(Recount),
    /// Unmask the reporter.
    ShowReporter(ShowReporter),
    /// Erase personal data.
    EraseReporter(EraseReporter),
}

/// Bring a problem in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The id of the new case.
    pub case: CaseId,
    /// Its number.
    pub number: CaseNumber,
    /// The channel.
    pub source: Source,
    /// What kind of problem.
    pub class: ClassCode,
    /// The lowest area that holds the place.
    pub area: AreaKey,
    /// The responsibility cell, where there is one.
    pub cell: Option<CellId>,
    /// When the device says it was taken down, if it was offline then.
    pub device_at: Option<Time>,
    /// Commitments to what was written ([`PersonalField::Photos`] is not among them: photos stand below).
    pub personal: BTreeMap<PersonalField, Commitment>,
    /// Photos of the problem.
    pub photos: Vec<PhotoMark>,
    /// Commitment to the hash of the receipt code; dropped where the policy gives no receipt.
    pub receipt: Option<Commitment>,
}

/// Answer whether a problem is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreVerify {
    /// Is it there?
    pub found: bool,
    /// Photos from the spot.
    pub photos: Vec<OfferedPhoto>,
    /// Words.
    pub note: Option<Commitment>,
}

/// Take a problem on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Under which row.
    pub standard: StandardId,
}

/// Turn a problem down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refuse {
    /// Why.
    pub reason: ReasonCode,
    /// Words.
    pub note: Option<Commitment>,
}

/// What the responsibility list says about a place, a class and a moment: always exactly one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The one accountable unit.
    pub unit: UnitId,
    /// Units that help.
    pub helpers: Vec<UnitId>,
    /// The row that answers; none where the backstop does.
    pub row: Option<RowRef>,
    /// Is it the backstop (兜底)?
    pub backstop: bool,
}

/// Send a problem to the unit that answers for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispatch {
    /// The unit chosen.
    pub unit: UnitId,
    /// What the responsibility list proposes.
    pub proposal: Proposal,
    /// Words; needed when the unit chosen is not the one proposed.
    pub note: Option<Commitment>,
}

/// Feed back that a problem is put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handle {
    /// Photos of the result.
    pub photos: Vec<OfferedPhoto>,
    /// Words.
    pub note: Option<Commitment>,
}

/// Say whether it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Is it done?
    pub passed: bool,
    /// Photos of the check.
    pub photos: Vec<OfferedPhoto>,
    /// Words; needed when it is not done.
    pub note: Option<Commitment>,
}

/// Close the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Close {
    /// Words.
    pub note: Option<Commitment>,
}

/// The reporter's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiveVerdict {
    /// What he says.
    pub verdict: Verdict,
    /// Words.
    pub note: Option<Commitment>,
}

/// A clock that was to run out at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overrun {
    /// Which clock.
    pub clock: ClockKind,
    /// Its deadline when the timer was set.
    pub due_at: Time,
}

/// The deadlines by the working calendar as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recount;

/// Unmask name and phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShowReporter;

/// Erase personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EraseReporter {
    /// Which; those that the case no longer holds are passed over.
    pub fields: BTreeSet<PersonalField>,
}

/// A photo offered as proof, with what is known about its original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedPhoto {
    /// File and commitment, as the event will carry it.
    pub mark: PhotoMark,
    /// SHA-256 of the original, which two uploads of the same file share.
    pub original: String,
    /// SHA-256 of what is seen on it, which all files with the same picture share; photos of before that was noted have none.
    pub seen: Option<String>,
    /// Where the same was used before.
    pub used: Option<PhotoUse>,
}

/// An earlier use of a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoUse {
    /// In which case.
    pub number: CaseNumber,
    /// When.
    pub at: Time,
}

impl Command {
    /// What is asked for, in one word.
    pub const fn act(&self) -> Act {
        match self {
            Self::Report(_) => Act::Report,
            Self::PreVerify(_) => Act::PreVerify,
            Self::File(_) => Act::File,
            Self::Refuse(_) => Act::Refuse,
            Self::Dispatch(_) => Act::Dispatch,
            Self::Handle(_) => Act::Handle,
            Self::Check(_) => Act::Check,
            Self::Close(_) => Act::Close,
            Self::GiveVerdict(_) => Act::GiveVerdict,
            Self::Overrun(_) => Act::Overrun,
            Self::Recount(_) => Act::Recount,
            Self::ShowReporter(_) => Act::ShowReporter,
            Self::EraseReporter(_) => Act::EraseReporter,
        }
    }
}
