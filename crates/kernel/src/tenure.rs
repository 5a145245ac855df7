//! For how long somebody belonged to a unit.

use serde::{Deserialize, Serialize};

use crate::id::UnitId;
use crate::time::Time;

/// Somebody belonged to a unit, or acted for it, between two moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tenure {
    /// The unit.
    pub unit: UnitId,
    /// Since when.
    pub from: Time,
    /// Until when; `None` while it lasts.
    pub until: Option<Time>,
}

impl Tenure {
    /// Did he belong to the unit at any moment from `from` to `until`, both included?
    pub fn meets(&self, unit: UnitId, from: Time, until: Time) -> bool {
        self.unit == unit && self.from <= until && self.until.is_none_or(|end| end >= from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenure_meets_what_it_touches() {
        let tenure =
            |from, until: Option<i64>| Tenure { unit: UnitId(1), from: Time(from), until: until.map(Time) };
        let rows = [
            (tenure(0, Some(9)), false),
            (tenure(0, Some(10)), true),
            (tenure(0, None), true),
            (tenure(12, Some(13)), true),
            (tenure(20, None), true),
            (tenure(21, None), false),
        ];
        for (tenure, met) in rows {
            assert_eq!(tenure.meets(UnitId(1), Time(10), Time(20)), met, "{tenure:?}");
            assert!(!tenure.meets(UnitId(2), Time(10), Time(20)));
        }
    }
}
