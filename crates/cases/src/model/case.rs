//! The case and its phases.

use std::collections::BTreeSet;

use kernel::area::AreaKey;
use kernel::calendar::Limit;
use kernel::class::ClassCode;
use kernel::id::{CaseId, CellId, UnitId, UserId};
use kernel::rights::Target;
use kernel::time::Time;
use serde::{Deserialize, Serialize};

use super::{
    CaseNumber, ClockKind, Dims, PersonalField, ReasonCode, RowRef, Source, StandardId, State, Verdict,
};

/// One problem (案件), from report to verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// Its number, as people quote it.
    pub number: CaseNumber,
    /// The channel it came in by.
    pub source: Source,
    /// What kind of problem.
    pub class: ClassCode,
    /// The lowest area that holds the place.
    pub area: AreaKey,
    /// The responsibility cell; none in a hole of the grid.
    pub cell: Option<CellId>,
    /// When it was received.
    pub reported_at: Time,
    /// Has the reporter a receipt, with which he may look and give a verdict?
    pub has_receipt: bool,
    /// The personal fields that the report held and that nobody has erased.
    pub held: BTreeSet<PersonalField>,
    /// Where it stands.
    pub phase: Phase,
}

/// Where a case stands (阶段). What a later stage adds, such as 挂账 (suspended), will be one more variant, and the
/// compiler will ask every rule for its opinion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Phase {
    /// 待核实: somebody has to look before it is filed.
    PendingPreVerify {
        /// The intake clock.
        intake: Clock,
    },
    /// 待受理: to be filed or refused.
    PendingFile {
        /// The intake clock.
        intake: Clock,
        /// What the look on the spot gave; none where none was asked for.
        found: Option<bool>,
    },
    /// 待派遣: filed, and waiting for the dispatcher.
    PendingDispatch {
        /// Under which standard row.
        filing: Filing,
        /// The dispatch clock.
        dispatch: Clock,
    },
    /// 处置中: with the accountable unit.
    Handling {
        /// Who answers, until when.
        task: Task,
        /// Since when the unit has it: the dispatch, or the last check that failed.
        since: Time,
    },
    /// 待核查: the unit says that it is done.
    PendingCheck {
        /// Who answered.
        task: Task,
        /// What the unit fed back.
        feedback: Feedback,
        /// The check clock.
        check: Clock,
    },
    /// 待结案: checked and good.
    PendingClose {
        /// Who answered.
        task: Task,
        /// What the unit fed back.
        feedback: Feedback,
        /// The check clock, which runs until closing.
        check: Clock,
    },
    /// 已办结.
    Closed {
        /// Who answered.
        task: Task,
        /// What the unit fed back.
        feedback: Feedback,
        /// When, and what the reporter says.
        closing: Closing,
    },
    /// 不予受理.
    NotAccepted {
        /// When.
        at: Time,
        /// Why.
        reason: ReasonCode,
    },
}

/// A deadline and whether its passing has been recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// Until when; the last moment that is still on time.
    pub due_at: Time,
    /// Has the timer recorded that it ran out?
    pub overran: bool,
}

/// The clock that runs now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunningClock {
    /// Which one.
    pub kind: ClockKind,
    /// Until when.
    pub due_at: Time,
    /// Has the timer recorded that it ran out?
    pub overran: bool,
}

/// What filing fixed: the row of the 立结案 standard with the limit and the proof that it asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filing {
    /// The standard row.
    pub standard: StandardId,
    /// How long the unit has.
    pub limit: Limit,
    /// How many photos of the result the unit must show at least.
    pub after_photos_least: u8,
    /// When.
    pub at: Time,
}

/// What the accountable unit has to do: from the first dispatch on, every case has exactly one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// The one accountable unit.
    pub unit: UnitId,
    /// Units that help without being accountable.
    pub helpers: Vec<UnitId>,
    /// The row of the responsibility list that proposed the unit.
    pub row: Option<RowRef>,
    /// Is it the backstop (兜底) unit?
    pub backstop: bool,
    /// What filing fixed.
    pub filing: Filing,
    /// When it was dispatched first.
    pub dispatched_at: Time,
    /// The unit clock; rework keeps it (捆绑计时).
    pub clock: Clock,
    /// How often it was sent back (返工).
    pub reworks: u32,
    /// Everybody who has handled it, also before it was sent back; whatever becomes of them, they never judge it.
    pub handlers: BTreeSet<UserId>,
}

/// What the unit fed back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feedback {
    /// When; on-time is judged at this moment (domain.md §1.6).
    pub at: Time,
    /// Who.
    pub by: UserId,
    /// Within the unit's deadline?
    pub on_time: bool,
}

/// The end of a case that was put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// When.
    pub at: Time,
    /// Until when the reporter may give a verdict; none where nobody has a receipt.
    pub verdict_until: Option<Time>,
    /// What the reporter says.
    pub verdict: Option<GivenVerdict>,
}

/// A verdict and its moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenVerdict {
    /// What the reporter says.
    pub verdict: Verdict,
    /// When.
    pub at: Time,
}

impl Clock {
    /// A clock that has just been started.
    pub const fn until(due_at: Time) -> Self {
        Self { due_at, overran: false }
    }

    /// Is a moment still within the deadline? Its last millisecond is.
    pub fn on_time(&self, at: Time) -> bool {
        at <= self.due_at
    }

    const fn running(self, kind: ClockKind) -> RunningClock {
        RunningClock { kind, due_at: self.due_at, overran: self.overran }
    }
}

impl Phase {
    /// The phase without its details.
    pub const fn state(&self) -> State {
        match self {
            Self::PendingPreVerify { .. } => State::PendingPreVerify,
            Self::PendingFile { .. } => State::PendingFile,
            Self::PendingDispatch { .. } => State::PendingDispatch,
            Self::Handling { .. } => State::Handling,
            Self::PendingCheck { .. } => State::PendingCheck,
            Self::PendingClose { .. } => State::PendingClose,
            Self::Closed { .. } => State::Closed,
            Self::NotAccepted { .. } => State::NotAccepted,
        }
    }

    /// Who answers, from the first dispatch on.
    pub const fn task(&self) -> Option<&Task> {
        match self {
            Self::Handling { task, .. }
            | Self::PendingCheck { task, .. }
            | Self::PendingClose { task, .. }
            | Self::Closed { task, .. } => Some(task),
            Self::PendingPreVerify { .. }
            | Self::PendingFile { .. }
            | Self::PendingDispatch { .. }
            | Self::NotAccepted { .. } => None,
        }
    }

    /// What the unit fed back, if it did since it got the case last.
    pub const fn feedback(&self) -> Option<&Feedback> {
        match self {
            Self::PendingCheck { feedback, .. }
            | Self::PendingClose { feedback, .. }
            | Self::Closed { feedback, .. } => Some(feedback),
            Self::PendingPreVerify { .. }
            | Self::PendingFile { .. }
            | Self::PendingDispatch { .. }
            | Self::Handling { .. }
            | Self::NotAccepted { .. } => None,
        }
    }

    /// The clock that runs now; none once the case is closed or refused.
    pub const fn clock(&self) -> Option<RunningClock> {
        match self {
            Self::PendingPreVerify { intake } | Self::PendingFile { intake, .. } => {
                Some(intake.running(ClockKind::Intake))
            }
            Self::PendingDispatch { dispatch, .. } => Some(dispatch.running(ClockKind::Dispatch)),
            Self::Handling { task, .. } => Some(task.clock.running(ClockKind::Unit)),
            Self::PendingCheck { check, .. } | Self::PendingClose { check, .. } => {
                Some(check.running(ClockKind::Check))
            }
            Self::Closed { .. } | Self::NotAccepted { .. } => None,
        }
    }

    /// The clocks that are not over: the one that runs, and the unit's while its work awaits the check, since a check that
    /// fails sets it going again with the same deadline (捆绑计时).
    pub fn open_clocks(&self) -> impl Iterator<Item = RunningClock> {
        let waiting = match self {
            Self::PendingCheck { task, .. } | Self::PendingClose { task, .. } => {
                Some(task.clock.running(ClockKind::Unit))
            }
            Self::PendingPreVerify { .. }
            | Self::PendingFile { .. }
            | Self::PendingDispatch { .. }
            | Self::Handling { .. }
            | Self::Closed { .. }
            | Self::NotAccepted { .. } => None,
        };
        self.clock().into_iter().chain(waiting)
    }

    /// One of the [`Self::open_clocks`], to be moved.
    pub(crate) fn open_clock_mut(&mut self, kind: ClockKind) -> Option<&mut Clock> {
        match (self, kind) {
            (Self::PendingCheck { task, .. } | Self::PendingClose { task, .. }, ClockKind::Unit) => {
                Some(&mut task.clock)
            }
            (phase, kind) => {
                let runs = phase.clock().is_some_and(|clock| clock.kind == kind);
                phase.clock_mut().filter(|_| runs)
            }
        }
    }

    /// The clock that runs now, to be marked.
    pub(crate) const fn clock_mut(&mut self) -> Option<&mut Clock> {
        match self {
            Self::PendingPreVerify { intake } | Self::PendingFile { intake, .. } => Some(intake),
            Self::PendingDispatch { dispatch, .. } => Some(dispatch),
            Self::Handling { task, .. } => Some(&mut task.clock),
            Self::PendingCheck { check, .. } | Self::PendingClose { check, .. } => Some(check),
            Self::Closed { .. } | Self::NotAccepted { .. } => None,
        }
    }
}

impl Case {
    /// Where it stands, without details.
    pub const fn state(&self) -> State {
        self.phase.state()
    }

    /// The one accountable unit, from dispatch on.
    pub fn unit(&self) -> Option<UnitId> {
        self.phase.task().map(|task| task.unit)
    }

    /// The dimensions by which figures count it.
    pub fn dims(&self) -> Dims {
        Dims { source: self.source, class: self.class, area: self.area, cell: self.cell, unit: self.unit() }
    }

    /// What a right is asked for.
    pub fn target(&self) -> Target {
        Target { area: self.area, unit: self.unit() }
    }

    /// Under which standard row it was filed, from filing on.
    pub const fn filing(&self) -> Option<&Filing> {
        match &self.phase {
            Phase::PendingDispatch { filing, .. } => Some(filing),
            Phase::Handling { task, .. }
            | Phase::PendingCheck { task, .. }
            | Phase::PendingClose { task, .. }
            | Phase::Closed { task, .. } => Some(&task.filing),
            Phase::PendingPreVerify { .. } | Phase::PendingFile { .. } | Phase::NotAccepted { .. } => None,
        }
    }

    /// When it was closed.
    pub fn closed_at(&self) -> Option<Time> {
        self.closing().map(|closing| closing.at)
    }

    /// The reporter's word, once given.
    pub fn verdict(&self) -> Option<GivenVerdict> {
        self.closing().and_then(|closing| closing.verdict)
    }

    const fn closing(&self) -> Option<&Closing> {
        match &self.phase {
            Phase::Closed { closing, .. } => Some(closing),
            Phase::PendingPreVerify { .. }
            | Phase::PendingFile { .. }
            | Phase::PendingDispatch { .. }
            | Phase::Handling { .. }
            | Phase::PendingCheck { .. }
            | Phase::PendingClose { .. }
            | Phase::NotAccepted { .. } => None,
        }
    }

    /// Does somebody have to look at it although it is closed? True when the reporter says that it is not resolved;
    /// reopening comes with the whole process.
    pub fn asks_attention(&self) -> bool {
        self.verdict().is_some_and(|given| given.verdict == Verdict::NotResolved)
    }
}
