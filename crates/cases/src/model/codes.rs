//! Codes that people read: the number of a case, of a standard row, of a reason.

use kernel::text::{confused_digit, fold_code};
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

/// Digits of the day in a number.
const DAY_DIGITS: usize = 8;

impl CaseNumber {
    /// The number of the `serial`-th case of the day of `at` (China Standard Time). `prefix` is the city's. The serial
    /// has at least four digits (domain.md §1.5); a day with more than 9,999 cases gets longer numbers.
    pub fn new(prefix: &str, at: Time, serial: i64) -> Self {
        Self(format!("{prefix}{}-{serial:04}", Self::day(at)))
    }

    /// The beginning of numbers as it is stored, from one that somebody typed: of any width and case, with any dash or
    /// none, with letters for digits behind the prefix (`ｊｙ2O260302—0017`). Nothing where no letter or digit is left.
    pub fn begin(typed: &str) -> Option<String> {
        let plain = fold_code(typed);
        let prefix = plain.find(|c: char| c.is_ascii_digit()).unwrap_or(plain.len());
        let (prefix, rest) = plain.split_at(prefix);
        let digits: String = rest.chars().map(confused_digit).collect();
        let begin = match digits.split_at_checked(DAY_DIGITS) {
            Some((day, serial)) if !serial.is_empty() => format!("{prefix}{day}-{serial}"),
            _day_at_most => format!("{prefix}{digits}"),
        };
        (!begin.is_empty()).then_some(begin)
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

    #[test]
    fn the_beginning_of_a_number_is_read_however_it_is_typed() {
        for (typed, begin) in [
            ("JY20260302-0017", Some("JY20260302-0017")),
            ("jy202603020017", Some("JY20260302-0017")),
            ("ＪＹ２０２６０３０２－００１７", Some("JY20260302-0017")),
            ("JY 20260302 — 0017", Some("JY20260302-0017")),
            ("JY2026O3O2-OO17", Some("JY20260302-0017")),
            ("jy20260302-ool7", Some("JY20260302-0017")),
            ("JY20260302-", Some("JY20260302")),
            ("JY202603", Some("JY202603")),
            ("jy", Some("JY")),
            ("20260302-0017", Some("20260302-0017")),
            ("\u{202D}JY20260302-0017\u{202C}", Some("JY20260302-0017")),
            (" — ", None),
            ("%", None),
            ("", None),
        ] {
            assert_eq!(CaseNumber::begin(typed).as_deref(), begin, "{typed}");
        }
    }
}
