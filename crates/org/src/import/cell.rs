//! One cell: where it is and what stands in it.

use kernel::time::Date;

/// A position in a sheet, both from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct At {
    pub(crate) row: u32,
    pub(crate) column: u32,
}

impl At {
    /// As people name it: `责任清单!C14`.
    pub(crate) fn name(self, sheet: &str) -> String {
        let mut letters = Vec::new();
        let mut rest = self.column + 1;
        while rest > 0 {
            rest -= 1;
            letters.push(char::from(b'A' + (rest % 26) as u8));
            rest /= 26;
        }
        let letters: String = letters.into_iter().rev().collect();
        format!("{sheet}!{letters}{}", self.row + 1)
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content {
    /// Text, or a whole number as its digits.
    Text(String),
    /// A date of the workbook.
    Date(Date),
    /// Something that no column takes: the code says what.
    Bad(&'static str),
}

/// A number as text. Excel keeps fifteen digits, so a longer code that was typed as a number is no longer true.
pub(crate) fn number_text(number: f64) -> Content {
    if number.fract() != 0.0 || !number.is_finite() {
        return Content::Bad("org/not-whole");
    }
    if number.abs() >= 1e15 {
        return Content::Bad("org/number-too-long");
    }
    Content::Text(format!("{number:.0}"))
}
