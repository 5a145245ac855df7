//! One cell: where it is and what stands in it.

use kernel::text::{TextError, clean_line};
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

impl Content {
    /// Is it nothing to whoever looks at the sheet?
    pub(crate) fn looks_empty(&self) -> bool {
        match self {
            Self::Text(text) => looks_empty(text),
            Self::Date(_) | Self::Bad(_) => false,
        }
    }
}

/// How a cell shows its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// As it is (常规, 文本).
    Plain,
    /// Whole, with at least so many digits: `0000` shows 7 as 0007.
    Digits(usize),
    /// As a date.
    Date,
    /// In some other way: percent, thousands, scientific, with words around it.
    Other,
}

impl Shape {
    /// What a number format says; `id` is its number where the office programs know it without its text.
    pub(crate) fn of(id: Option<u32>, format: &str) -> Self {
        // Dates of the programs' own, among them those of Chinese settings (m月d日), which no file spells out.
        if matches!(id, Some(14..=22 | 27..=36 | 45..=47 | 50..=58)) {
            return Self::Date;
        }
        let first = format.split(';').next().unwrap_or_default();
        if matches!(first.trim(), "" | "@" | "G/通用格式") || first.trim().eq_ignore_ascii_case("general")
        {
            return Self::Plain;
        }
        let signs = bare(first);
        if !signs.is_empty() && signs.chars().all(|c| matches!(c, '0' | '#')) {
            Self::Digits(signs.chars().filter(|c| *c == '0').count())
        } else if signs.chars().any(|c| "ymdhsYMDHS".contains(c)) {
            Self::Date
        } else {
            Self::Other
        }
    }
}

/// A format without colours and conditions (`[红色]`), quoted words, escaped signs and room for signs (`_ `).
fn bare(format: &str) -> String {
    let mut out = String::new();
    let mut signs = format.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '[' => drop(signs.by_ref().find(|c| *c == ']')),
            '_' => drop(signs.next()),
            '"' => {
                let quoted: String = signs.by_ref().take_while(|c| *c != '"').collect();
                out.push_str(if quoted.is_empty() { "" } else { "字" });
            }
            '\\' | '*' => {
                signs.next();
                out.push('字');
            }
            ' ' => {}
            other => out.push(other),
        }
    }
    out
}

/// A number as its cell shows it, or what is wrong with it: what people see is what they mean, and a code that is shown as
/// 0007 is not the code 7.
pub(crate) fn number_shown(number: f64, shape: Shape, epoch_1904: bool) -> Content {
    match shape {
        Shape::Plain => number_text(number),
        Shape::Digits(least) => match number_text(number) {
            Content::Text(text) if number >= 0.0 => Content::Text(format!("{text:0>least$}")),
            other => other,
        },
        Shape::Date => date_of(number, epoch_1904),
        Shape::Other => Content::Bad("org/shown-otherwise"),
    }
}

/// A moment of a workbook as its date. Days are counted from 1900 or 1904; what lies outside of all lists is no date.
pub(crate) fn date_of(days: f64, epoch_1904: bool) -> Content {
    // 2000-01-01 and 2101-01-01 in days since 1899-12-30.
    let since_1900 = if epoch_1904 { days + 1_462.0 } else { days };
    if !(36_526.0..73_416.0).contains(&since_1900) {
        return Content::Bad("org/date-out-of-range");
    }
    let first = Date::constant(1899, 12, 30);
    let date = first.checked_add(jiff::Span::new().days(since_1900.floor() as i64));
    date.map_or(Content::Bad("org/bad-date"), Content::Date)
}

/// Does a text look empty: nothing but blanks and signs without width?
pub(crate) fn looks_empty(text: &str) -> bool {
    let nothing = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
            // Blanks that are letters to Unicode: Hangul fillers and the empty Braille cell; and variation selectors.
            || matches!(c, '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' | '\u{2800}' | '\u{FE00}'..='\u{FE0F}')
            || clean_line(c.encode_utf8(&mut [0; 4]), 4) == Err(TextError::Empty)
    };
    text.chars().all(nothing)
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
