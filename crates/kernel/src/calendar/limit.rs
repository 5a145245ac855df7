//! Limits (时限): how long somebody has, and the texts in which people write that down.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::problem::{Problem, ToProblem};

/// How long a stage may take (domain.md §1.6). On the wire `{"unit":"work_hours","value":4}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "unit", content = "value", rename_all = "snake_case")]
pub enum Limit {
    /// 紧急工作时: hours of the clock, by night and on holidays too.
    UrgentHours(u32),
    /// 工作时: hours inside the working hours of working days.
    WorkHours(u32),
    /// 工作日: as many working hours as the calendar's working day has (8 by default), not "the end of that day".
    WorkDays(u32),
    /// 自然日: calendar days of 24 hours each, to the same time of day.
    NaturalDays(u32),
    /// 分钟: minutes of the clock, for the stages of the centre (受理 15 分钟, 派遣 15 分钟).
    Minutes(u32),
}

/// What a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Every millisecond counts.
    Natural,
    /// Only working time counts.
    Working,
}

/// Why a text is not a limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// Nothing is written.
    #[error("no limit is given")]
    Empty,
    /// It does not begin with a number.
    #[error("a limit begins with a number: {0:?}")]
    NoNumber(String),
    /// The unit is missing or unknown; holds the unit as written.
    #[error("unknown unit of a limit: {0:?}")]
    UnknownUnit(String),
    /// A part of an hour or of a day; only half working days are used in the field.
    #[error("a limit is a whole number, or half a working day: {0:?}")]
    Fraction(String),
    /// Nobody can do anything in no time.
    #[error("a limit is more than nothing")]
    Zero,
    /// Longer than any limit of the field.
    #[error("a limit is at most {max}", max = Limit::MAX_VALUE)]
    TooLong,
}

impl LimitError {
    /// The stable code of the problem.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "calendar/limit-empty",
            Self::NoNumber(_) => "calendar/limit-no-number",
            Self::UnknownUnit(_) => "calendar/limit-unknown-unit",
            Self::Fraction(_) => "calendar/limit-fraction",
            Self::Zero => "calendar/limit-zero",
            Self::TooLong => "calendar/limit-too-long",
        }
    }
}

impl ToProblem for LimitError {
    fn problem(&self) -> Problem {
        let problem = Problem::unprocessable(self.code());
        match self {
            Self::NoNumber(text) | Self::UnknownUnit(text) | Self::Fraction(text) => {
                problem.with("text", text.as_str())
            }
            Self::TooLong => problem.with("max", Limit::MAX_VALUE),
            Self::Empty | Self::Zero => problem,
        }
    }
}

impl Limit {
    /// The largest number that [`Limit::parse`] takes, in any unit.
    pub const MAX_VALUE: u32 = 9_999;
    /// 1 工作日 = 8 工作时 (domain.md §1.6), used to read half days.
    const HOURS_OF_A_DAY: u32 = 8;

    /// What this limit counts: all time, or working time.
    pub fn measure(self) -> Measure {
        match self {
            Self::UrgentHours(_) | Self::NaturalDays(_) | Self::Minutes(_) => Measure::Natural,
            Self::WorkHours(_) | Self::WorkDays(_) => Measure::Working,
        }
    }

    /// Reads a limit as standards sheets (立结案标准) write it: `2紧急工作时`, `4小时`, `2天`, `1紧急工作日`,
    /// `0.5个工作日`, `15分钟`, with or without blanks and 个, in half- or full-width digits.
    ///
    /// In these sheets 小时 means 工作时 and 天 means 工作日, and 紧急工作日 is a calendar day (domain.md §1.4). The short
    /// forms of the same section are read as well: `4h`, `2d`, `2U`, `1UD`.
    ///
    /// # Errors
    /// [`LimitError`], which names what cannot be read. A season (`种植季节15工作日`) is not a limit.
    pub fn parse(text: &str) -> Result<Self, LimitError> {
        let plain: String = text.chars().filter(|c| !c.is_whitespace()).map(half_width).collect();
        if plain.is_empty() {
            return Err(LimitError::Empty);
        }
        let split = plain.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(plain.len());
        let (number, unit) = plain.split_at(split);
        if !number.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(LimitError::NoNumber(text.trim().to_owned()));
        }
        let unit = Unit::parse(unit.strip_prefix('个').unwrap_or(unit))?;
        let (whole, half) = match number.split_once('.') {
            None => (number, false),
            Some((whole, fraction)) if fraction.trim_end_matches('0').is_empty() => (whole, false),
            Some((whole, fraction)) if fraction.trim_end_matches('0') == "5" => (whole, true),
            Some(_) => return Err(LimitError::Fraction(number.to_owned())),
        };
        // Only digits are left, so that the one way to fail is to be too large.
        let whole = whole.parse().unwrap_or(u32::MAX);
        if whole > Self::MAX_VALUE {
            return Err(LimitError::TooLong);
        }
        match (half, unit) {
            (false, _) if whole == 0 => Err(LimitError::Zero),
            (false, _) => Ok(unit.limit(whole)),
            (true, Unit::WorkDay) => {
                Ok(Self::WorkHours(whole * Self::HOURS_OF_A_DAY + Self::HOURS_OF_A_DAY / 2))
            }
            (true, _) => Err(LimitError::Fraction(number.to_owned())),
        }
    }
}

impl FromStr for Limit {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, LimitError> {
        Self::parse(text)
    }
}

impl fmt::Display for Limit {
    /// `2紧急工作时`, `4工作时`, `1工作日`, `10自然日`, `15分钟`; [`Limit::parse`] reads it back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UrgentHours(n) => write!(f, "{n}紧急工作时"),
            Self::WorkHours(n) => write!(f, "{n}工作时"),
            Self::WorkDays(n) => write!(f, "{n}工作日"),
            Self::NaturalDays(n) => write!(f, "{n}自然日"),
            Self::Minutes(n) => write!(f, "{n}分钟"),
        }
    }
}

/// The unit of a written limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    UrgentHour,
    WorkHour,
    WorkDay,
    NaturalDay,
    Minute,
}

impl Unit {
    fn parse(text: &str) -> Result<Self, LimitError> {
        Ok(match text.to_ascii_lowercase().as_str() {
            "紧急工作时" | "紧急工作小时" | "紧急小时" | "u" => Self::UrgentHour,
            "工作时" | "工作小时" | "小时" | "h" => Self::WorkHour,
            "工作日" | "工作天" | "天" | "d" => Self::WorkDay,
            "自然日" | "自然天" | "紧急工作日" | "紧急工作天" | "ud" => Self::NaturalDay,
            "分钟" | "分" | "min" => Self::Minute,
            _ => return Err(LimitError::UnknownUnit(text.to_owned())),
        })
    }

    fn limit(self, value: u32) -> Limit {
        match self {
            Self::UrgentHour => Limit::UrgentHours(value),
            Self::WorkHour => Limit::WorkHours(value),
            Self::WorkDay => Limit::WorkDays(value),
            Self::NaturalDay => Limit::NaturalDays(value),
            Self::Minute => Limit::Minutes(value),
        }
    }
}

/// Full-width digits, letters and signs (`４`, `．`) as their ASCII twins; everything else unchanged.
fn half_width(c: char) -> char {
    match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}
