//! Everything impure that a decision needs, fetched before and passed in.

use kernel::calendar::WorkCalendar;
use kernel::id::{UnitId, UserId};
use kernel::rights::{Grant, Right, Target, may};
use kernel::tenure::Tenure;
use kernel::time::Time;

use crate::errors::CaseError;
use crate::model::{Act, Case, Catalogue, Policies, Snapshots};

/// The moment, the caller, and the city's rows as they stand in memory.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// When.
    pub at: Time,
    /// Who asks.
    pub by: &'a By,
    /// Working hours and holidays.
    pub calendar: &'a WorkCalendar,
    /// Classes, standards, reasons.
    pub catalogue: &'a Catalogue,
    /// How cases of each channel are treated.
    pub policies: &'a Policies,
    /// The versions of what the decision rests on.
    pub snapshots: Snapshots,
}

/// Who asks for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// A resident: whoever reports without an account, and later whoever holds the receipt code.
    Resident,
    /// Somebody with a login.
    Staff(Staff),
    /// The system itself, when a moment has come.
    Timer,
}

/// Somebody with a login, as far as rules care.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Who.
    pub user: UserId,
    /// The unit he belongs to at this moment.
    pub unit: Option<UnitId>,
    /// What he may do, where, and for which unit.
    pub grants: Vec<Grant>,
    /// The units to which he belonged, and when.
    pub past: Vec<Tenure>,
}

impl Staff {
    /// Does he belong to the unit, or act for it by any of his grants? Whoever does may never judge its work.
    pub fn acts_for(&self, unit: UnitId) -> bool {
        self.unit == Some(unit) || self.grants.iter().any(|grant| grant.unit == Some(unit))
    }
}

impl By {
    /// The member of staff who holds `right` over `target`.
    ///
    /// # Errors
    /// [`CaseError::NotAllowed`] for everybody else; `act` is what they asked for.
    pub(super) fn staff_with(&self, right: Right, target: &Target, act: Act) -> Result<&Staff, CaseError> {
        match self {
            Self::Staff(staff) if may(&staff.grants, right, target) => Ok(staff),
            Self::Staff(_) | Self::Resident | Self::Timer => Err(CaseError::NotAllowed { act }),
        }
    }

    /// Is it somebody of this unit?
    pub(super) fn acts_for(&self, unit: UnitId) -> bool {
        match self {
            Self::Staff(staff) => staff.acts_for(unit),
            Self::Resident | Self::Timer => false,
        }
    }

    /// Has he a part in the fixing of a case: because he belongs to the accountable unit now, belonged to it at any moment
    /// from its dispatch until it was handled (or until now, while it is not), or once handled it himself?
    pub(crate) fn fixed(&self, case: &Case, now: Time) -> bool {
        let (Self::Staff(staff), Some(task)) = (self, case.phase.task()) else { return false };
        let fixed_at = case.phase.feedback().map_or(now, |feedback| feedback.at);
        staff.acts_for(task.unit)
            || task.handlers.contains(&staff.user)
            || staff.past.iter().any(|tenure| tenure.meets(task.unit, task.dispatched_at, fixed_at))
    }
}
