//! The seed of the holiday table.

use jiff::civil::Date;

use super::DayKind;

/// Rows `date,kind,name,source`; the source is the number of the State Council notice (国务院办公厅通知).
pub(super) const CSV: &str = include_str!("../../data/holidays.csv");

/// Public holidays and 调休 workdays of 2023–2026 with their names, in order of date (domain.md §10).
///
/// This is seed data for a table that the city edits, not a rule: later years are added there by people. A line that
/// cannot be read is left out (a test holds that there is none).
pub fn holidays() -> Vec<(Date, DayKind, &'static str)> {
    CSV.lines().skip(1).filter_map(row).collect()
}

fn row(line: &'static str) -> Option<(Date, DayKind, &'static str)> {
    let mut fields = line.split(',');
    let date = fields.next()?.parse().ok()?;
    let kind = match fields.next()? {
        "holiday" => DayKind::Holiday,
        "workday" => DayKind::Workday,
        _ => return None,
    };
    Some((date, kind, fields.next()?))
}
