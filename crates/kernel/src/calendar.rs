//! The working calendar (工作日历): which hours count, and when a limit (时限) runs out.
//!
//! A limit is a number of 紧急工作时, 工作时, 工作日 or 自然日 (domain.md §1.6), or of plain minutes for the stages of the
//! centre. A [`WorkCalendar`] is the city's working hours and its table of holidays and 调休; from both follows every
//! deadline. All arithmetic is pure, total and in China Standard Time.
//!
//! The holidays of 2023–2026 that come with the product ([`holidays`]) are only the first rows of a table which the
//! city edits: the State Council (国务院) announces a year in the autumn before, so the table of the next year is
//! missing until somebody adds it. [`WorkCalendar::is_year_known`] says so.

mod days;
mod holidays;
mod limit;
mod work;

#[cfg(test)]
mod tests;

pub use days::DayKind;
pub use holidays::holidays;
pub use limit::{Limit, LimitError, Measure};
pub use work::{CalendarError, Pause, WorkCalendar};
