//! Judging all of time at once for one class on one stretch of area.
//!
//! Time is cut wherever a row begins or ends to hold, by date and by minute of the week. Between two cuts nothing
//! changes, so that a set of segments ([`Bits`]) stands for any set of moments.

use std::collections::BTreeMap;

use kernel::class::ClassCode;

use super::bits::Bits;
use super::{Matrix, Moment, selectors};
use crate::model::Window;

/// The cuts of time within a horizon of days.
#[derive(Debug)]
pub(super) struct Timeline {
    /// First day of each stretch of days, and at the end the first day after the horizon.
    pub(super) days: Vec<i32>,
    /// First minute of the week of each stretch of minutes; the last one ends with the week.
    pub(super) minutes: Vec<u16>,
}

impl Timeline {
    /// Cuts the days `first..=last` for all rows of a matrix.
    pub(super) fn of(matrix: &Matrix, first: i32, last: i32) -> Self {
        let inside = |day: &i32| first < *day && *day <= last;
        let edges = |e: &super::Effective| [e.first_day, e.last_day.saturating_add(1)];
        let mut days: Vec<i32> = matrix.effective.iter().flat_map(edges).filter(inside).collect();
        days.extend([first, last.saturating_add(1)]);
        days.sort_unstable();
        days.dedup();
        let windows = matrix.effective.iter().map(|e| e.window);
        let partial = windows.filter(|window| window.week_minutes() < Window::WEEK_MINUTES);
        let mut minutes: Vec<u16> = partial.flat_map(Window::edges).collect();
        minutes.push(0);
        if days.windows(2).any(|pair| matches!(pair, [a, b] if b - a < 7)) {
            // A stretch shorter than a week lacks some weekdays, so every weekday needs segments of its own.
            minutes.extend((0..7).map(|day| day * Window::DAY_MINUTES));
        }
        minutes.sort_unstable();
        minutes.dedup();
        Self { days, minutes }
    }

    /// How many segments there are.
    pub(super) fn len(&self) -> usize {
        self.days.len().saturating_sub(1) * self.minutes.len()
    }

    /// The beginning of a segment, or `None` when its weekday does not occur in its stretch of days.
    fn start(&self, segment: usize) -> Option<Moment> {
        let stretch = segment / self.minutes.len();
        let (from, to) = (*self.days.get(stretch)?, *self.days.get(stretch + 1)?);
        let minute = *self.minutes.get(segment % self.minutes.len())?;
        let weekday = i64::from(minute / Window::DAY_MINUTES);
        let day = (from..to).take(7).find(|day| (i64::from(*day) + 3).rem_euclid(7) == weekday)?;
        Some(Moment { day, weekday: weekday as u8, minute: minute % Window::DAY_MINUTES })
    }

    /// The segments that occur.
    pub(super) fn all(&self) -> Bits {
        self.where_(|_| true)
    }

    /// The segments in which each effective row holds.
    pub(super) fn rows(&self, matrix: &Matrix) -> Vec<Bits> {
        matrix.effective.iter().map(|row| self.where_(|at| row.holds(at))).collect()
    }

    fn where_(&self, holds: impl Fn(Moment) -> bool) -> Bits {
        let mut bits = Bits::none(self.len());
        (0..self.len()).filter(|s| self.start(*s).is_some_and(&holds)).for_each(|s| bits.insert(s));
        bits
    }
}

/// What a sweep found: when nobody but the backstop answers, and which rows contest each other when.
#[derive(Debug)]
pub(super) struct Swept {
    pub(super) holes: Bits,
    /// By indices of rows, rising.
    pub(super) overlaps: BTreeMap<Vec<u32>, Bits>,
}

/// Judges all segments for one class on one stretch of area, in the order of precedence of [`Matrix::find`].
pub(super) fn sweep(matrix: &Matrix, rows: &[Bits], all: &Bits, atom: usize, class: ClassCode) -> Swept {
    let mut open = all.clone();
    let mut overlaps = BTreeMap::new();
    'tiers: for tier in matrix.tiers(atom) {
        for selector in selectors(class) {
            let mut list: Vec<u32> = matrix.lists(tier, selector).flatten().copied().collect();
            let key = |index: &u32| matrix.effective.get(*index as usize).map(|e| (e.rank, e.row));
            list.sort_by_key(key);
            for equals in list.chunk_by(|a, b| key(a).map(|k| k.0) == key(b).map(|k| k.0)) {
                contest(matrix, rows, equals, &open, &mut overlaps);
                equals
                    .iter()
                    .filter_map(|index| rows.get(*index as usize))
                    .for_each(|bits| open.remove(bits));
            }
            if open.is_empty() {
                break 'tiers;
            }
        }
    }
    Swept { holes: open, overlaps }
}

/// Notes the segments in which rows of equal precedence name different units.
fn contest(
    matrix: &Matrix,
    rows: &[Bits],
    equals: &[u32],
    open: &Bits,
    overlaps: &mut BTreeMap<Vec<u32>, Bits>,
) {
    let unit = |index: u32| {
        let row = matrix.effective.get(index as usize)?.row;
        Some((row, matrix.rows.get(row as usize)?.unit))
    };
    let mut units = equals.iter().filter_map(|index| unit(*index)).map(|(_, unit)| unit);
    let Some(first) = units.next() else { return };
    if units.all(|unit| unit == first) {
        return;
    }
    let holding: Vec<(u32, Bits)> = equals
        .iter()
        .filter_map(|index| Some((*index, rows.get(*index as usize)?.and(open))))
        .filter(|(_, bits)| !bits.is_empty())
        .collect();
    let mut any = Bits::none(0);
    if let Some((_, bits)) = holding.first() {
        any = bits.clone();
        holding.iter().for_each(|(_, bits)| any.add(bits));
    }
    for segment in any.iter() {
        let here = holding.iter().filter(|(_, bits)| bits.has(segment));
        let here: Vec<_> = here.filter_map(|(index, _)| unit(*index)).collect();
        if here.iter().any(|(_, unit)| here.first().is_some_and(|(_, first)| unit != first)) {
            let mut rivals: Vec<u32> = here.into_iter().map(|(row, _)| row).collect();
            rivals.sort_unstable();
            rivals.dedup();
            let len = open.capacity();
            overlaps.entry(rivals).or_insert_with(|| Bits::none(len)).insert(segment);
        }
    }
}
