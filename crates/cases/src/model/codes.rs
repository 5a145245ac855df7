//! Codes that people read: the number of a case, of a standard row, of a reason.

use kernel::time::Time;
use serde::{Deserialize, Serialize};

/// Declares a code: a text that is compared and shown, never taken apart.
macro_rules! code {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
}

code!(
    /// The number of a case as people quote it (案件编号): prefix, day, serial of the day, `JY20260302-0017`.
    CaseNumber
);
code!(
    /// The code of a 立结案 standard row: its class and a running number, `E0113-2`.
    StandardId
);
code!(
    /// The code of a reason for refusing, a row of the catalogue: `out_of_scope`.
    ReasonCode
);

impl CaseNumber {
    /// The number of the `serial`-th case of the day of `at` (China Standard Time). `prefix` is the city's. The serial
    /// has at least four digits (domain.md §1.5); a day with more than 9,999 cases gets longer numbers.
    pub fn new(prefix: &str, at: Time, serial: i64) -> Self {
        Self(format!("{prefix}{}-{serial:04}", Self::day(at)))
    }

    /// The day as it stands in a number, which is also the counter of its serials: `20260302`.
    pub fn day(at: Time) -> String {
        let day = at.civil();
        format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_counts_within_the_chinese_day() {
        // 2026-03-01T16:00Z is midnight of 2 March in China.
        let midnight = Time(1_772_380_800_000);
        assert_eq!(CaseNumber::new("JY", midnight, 17).0, "JY20260302-0017");
        assert_eq!(CaseNumber::new("JY", midnight.plus_ms(-1), 1).0, "JY20260301-0001");
        assert_eq!(CaseNumber::new("", midnight, 12_345).0, "20260302-12345");
    }
}
