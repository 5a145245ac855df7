//! A row of the responsibility list (责任清单).

use kernel::id::{MatrixRowId, UnitId};
use serde::{Deserialize, Serialize};

use super::{AreaSelector, ClassSelector, Dates, Record, RelationKind};

/// At which hours of the week a row holds. Bit 0 of `weekdays` is Monday, bit 6 Sunday.
///
/// `from_minute..to_minute` counts from midnight; when it ends at or before its beginning it runs over midnight, and
/// belongs to the weekday on which it began (夜市 18:00–02:00 on Friday reaches into Saturday).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "RawWindow")]
pub struct Window {
    weekdays: u8,
    from_minute: u16,
    to_minute: u16,
}

#[derive(Deserialize)]
struct RawWindow {
    weekdays: u8,
    from_minute: u16,
    to_minute: u16,
}

impl TryFrom<RawWindow> for Window {
    type Error = BadWindow;

    fn try_from(raw: RawWindow) -> Result<Self, BadWindow> {
        Self::new(raw.weekdays, raw.from_minute, raw.to_minute)
    }
}

/// The numbers make no window: no weekday, more than seven, no minute, or an hour after 24:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a time window")]
pub struct BadWindow;

impl Default for Window {
    fn default() -> Self {
        Self::ALWAYS
    }
}

impl Window {
    /// Every hour of every day.
    pub const ALWAYS: Self = Self { weekdays: 0x7F, from_minute: 0, to_minute: Self::DAY_MINUTES };
    /// Minutes of a day.
    pub const DAY_MINUTES: u16 = 24 * 60;
    /// Minutes of a week.
    pub const WEEK_MINUTES: u16 = 7 * Self::DAY_MINUTES;

    /// A window; see the type for what the numbers mean.
    ///
    /// # Errors
    /// [`BadWindow`].
    pub const fn new(weekdays: u8, from_minute: u16, to_minute: u16) -> Result<Self, BadWindow> {
        let good = weekdays != 0
            && weekdays <= 0x7F
            && from_minute < Self::DAY_MINUTES
            && to_minute <= Self::DAY_MINUTES
            && from_minute != to_minute;
        if good { Ok(Self { weekdays, from_minute, to_minute }) } else { Err(BadWindow) }
    }

    /// The days, Monday in bit 0.
    pub const fn weekdays(self) -> u8 {
        self.weekdays
    }

    /// First minute of the day.
    pub const fn from_minute(self) -> u16 {
        self.from_minute
    }

    /// First minute after; at or before [`Self::from_minute`] when the window runs over midnight.
    pub const fn to_minute(self) -> u16 {
        self.to_minute
    }

    /// Does it hold at this minute (0..1440) of this weekday (0 = Monday)?
    pub const fn holds(self, weekday: u8, minute: u16) -> bool {
        let today = self.weekdays >> weekday & 1 == 1;
        if self.from_minute < self.to_minute {
            return today && self.from_minute <= minute && minute < self.to_minute;
        }
        let yesterday = self.weekdays >> ((weekday + 6) % 7) & 1 == 1;
        (today && self.from_minute <= minute) || (yesterday && minute < self.to_minute)
    }

    /// Minutes of the week in which it holds, for "the shorter window is the more specific one".
    pub const fn week_minutes(self) -> u16 {
        let of_a_day = if self.from_minute < self.to_minute {
            self.to_minute - self.from_minute
        } else {
            Self::DAY_MINUTES - self.from_minute + self.to_minute
        };
        of_a_day * self.weekdays.count_ones() as u16
    }

    /// The minutes of the week (from Monday 00:00) at which it begins or ends to hold.
    pub(crate) fn edges(self) -> impl Iterator<Item = u16> {
        let days = (0..7).filter(move |day| self.weekdays >> day & 1 == 1);
        let past_midnight = if self.from_minute < self.to_minute { 0 } else { Self::DAY_MINUTES };
        days.flat_map(move |day| {
            let start = day * Self::DAY_MINUTES;
            [start + self.from_minute, (start + self.to_minute + past_midnight) % Self::WEEK_MINUTES]
        })
    }
}

/// A row: this unit is accountable for these classes, there, then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatrixRow {
    /// Its id.
    pub id: MatrixRowId,
    /// 行号: what people call the row, and the last tie-break; unique in the list.
    pub row_no: u32,
    /// A 小类 or a 大类; `None` for every class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<ClassSelector>,
    /// Where.
    pub area: AreaSelector,
    /// Only where the accountable unit stands in this relation to the place: with 养护, the row holds on the roads that
    /// the unit maintains, wherever else it may say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<RelationKind>,
    /// At which hours of the week.
    #[serde(default)]
    pub window: Window,
    /// On which days.
    #[serde(flatten)]
    pub valid: Dates,
    /// 责任单位: the one accountable unit.
    pub unit: UnitId,
    /// 协办单位.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub helpers: Vec<UnitId>,
    /// 备注: ground and reference.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Record for MatrixRow {
    const KIND: &'static str = "row";
    const STREAM: &'static str = "org.row";
    fn id(&self) -> i64 {
        self.id.0
    }
    fn code(&self) -> String {
        self.row_no.to_string()
    }
}
