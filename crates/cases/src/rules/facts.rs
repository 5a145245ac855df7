//! Everything impure that a decision needs, fetched before and passed in.

use kernel::calendar::WorkCalendar;
use kernel::id::{UnitId, UserId};
use kernel::rights::{Grant, Right, Target, may};
use kernel::time::Time;

use crate::errors::CaseError;
use crate::model::{Act, Catalogue, Policies, Snapshots, Task};

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
    /// The unit he belongs to.
    pub unit: Option<UnitId>,
    /// What he may do, where, and for which unit.
    pub grants: Vec<Grant>,
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

    /// Had he a part in the fixing: by his unit, or because he once handled it himself?
    pub(super) fn fixed(&self, task: &Task) -> bool {
        match self {
            Self::Staff(staff) => staff.acts_for(task.unit) || task.handlers.contains(&staff.user),
            Self::Resident | Self::Timer => false,
        }
    }
}
