//! The responsibility matrix (责任清单): class × area × owner × time → exactly one accountable unit.
//!
//! Order of precedence (domain.md §12): the narrower area, then the narrower class, then a row that names an owner
//! (主管、权属、养护 …) before one that does not, then the shorter time window (fewer minutes of the week, then fewer
//! days), then the lower row number. Rows that differ in nothing but the number and name different units are an
//! overlap: the lower number answers, and the page of findings lists them. Where no row answers, the backstop (兜底)
//! of the village, town or city does, so that a case without an accountable unit cannot exist.

mod bits;
mod findings;
mod merge;
mod sweep;
mod when;

use std::collections::{BTreeMap, HashMap};

use kernel::area::{AreaKey, AreaRange, Level};
use kernel::class::ClassCode;
use kernel::id::{MatrixRowId, UnitId};
use kernel::time::{Date, Time};

pub use findings::{Finding, FindingKind};
pub use when::{When, window_text};

use crate::model::{AreaSelector, ClassSelector, Dates, MatrixRow, Relation, Window, Zone, ZoneId};

/// The list, indexed. Immutable: a change of any row builds a new one.
#[derive(Debug, Default)]
pub struct Matrix {
    /// By row number.
    rows: Vec<MatrixRow>,
    effective: Vec<Effective>,
    groups: Vec<Group>,
    /// First key of each stretch of keys that the same groups cover, rising.
    atom_starts: Vec<i64>,
    /// The groups over each stretch, narrowest first.
    atom_groups: Vec<Vec<u32>>,
    /// Backstop units with the days on which they exist.
    backstops: BTreeMap<AreaKey, (UnitId, Dates)>,
}

/// A row on one of the ranges that its area is made of.
#[derive(Debug, Clone, Copy)]
struct Effective {
    row: u32,
    /// Less is more specific: owner, minutes of the week, days.
    rank: (bool, u16, i64),
    first_day: i32,
    last_day: i32,
    window: Window,
}

/// The rows whose area is of one width, on one range.
#[derive(Debug)]
struct Group {
    /// How many keys the whole area of these rows has; the narrower area goes first.
    width: i64,
    range: AreaRange,
    /// Indices into `effective` by [`selector_number`], each list by rank and row number.
    classes: HashMap<i64, Vec<u32>>,
}

/// Who is accountable.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<'m> {
    /// The unit.
    pub unit: UnitId,
    /// The row that says so; `None` when the backstop answers.
    pub row: Option<&'m MatrixRow>,
    /// Rows of equal precedence that name another unit.
    pub contested: Vec<MatrixRowId>,
    /// The area whose backstop answered.
    pub backstop_of: Option<AreaKey>,
}

/// A moment as the rows see it.
#[derive(Debug, Clone, Copy)]
struct Moment {
    day: i32,
    weekday: u8,
    minute: u16,
}

impl Moment {
    fn of(at: Time) -> Self {
        let day = at.day_number();
        // 1970-01-01 was a Thursday.
        let weekday = (day + 3).rem_euclid(7) as u8;
        let minute = (at.ms_of_day() / kernel::time::MINUTE_MS) as u16;
        Self { day: day.clamp(i32::MIN.into(), i32::MAX.into()) as i32, weekday, minute }
    }
}

impl Effective {
    fn holds(&self, at: Moment) -> bool {
        self.first_day <= at.day && at.day <= self.last_day && self.window.holds(at.weekday, at.minute)
    }
}

impl Matrix {
    /// Indexes the rows.
    ///
    /// `zones` and `relations` say what the areas and owners of rows mean; a row of an unknown zone, or with an owner
    /// whose unit stands nowhere in that relation, holds nowhere. `backstops`: the unit that takes what nobody else
    /// is accountable for, by village, town or city. `limits`: the days on which units exist that do not always; a row
    /// holds no longer than its unit.
    pub fn build(
        mut rows: Vec<MatrixRow>,
        zones: &[Zone],
        relations: &[Relation],
        backstops: BTreeMap<AreaKey, UnitId>,
        limits: &HashMap<UnitId, Dates>,
    ) -> Self {
        rows.sort_by_key(|row| (row.row_no, row.id));
        let zones: HashMap<ZoneId, &Zone> = zones.iter().map(|zone| (zone.id, zone)).collect();
        let exists = |unit: UnitId| limits.get(&unit).copied().unwrap_or(Dates::ALWAYS);
        let backstops = backstops.into_iter().map(|(area, unit)| (area, (unit, exists(unit)))).collect();
        let mut matrix = Self { backstops, ..Self::default() };
        let mut group_of: HashMap<(i64, AreaRange), u32> = HashMap::new();
        for (at, row) in rows.iter().enumerate() {
            let width = width_of(row.area, &zones);
            for (range, valid) in parts(row, exists(row.unit), &zones, relations) {
                let (first_day, last_day) = valid.day_numbers();
                let days = row.valid.days().unwrap_or(i64::MAX);
                let rank = (row.owner.is_none(), row.window.week_minutes(), days);
                let index = matrix.effective.len() as u32;
                let window = row.window;
                matrix.effective.push(Effective { row: at as u32, rank, first_day, last_day, window });
                let group = *group_of.entry((width, range)).or_insert_with(|| {
                    matrix.groups.push(Group { width, range, classes: HashMap::new() });
                    matrix.groups.len() as u32 - 1
                });
                if let Some(group) = matrix.groups.get_mut(group as usize) {
                    group.classes.entry(selector_number(row.class)).or_default().push(index);
                }
            }
        }
        matrix.rows = rows;
        let effective = &matrix.effective;
        for list in matrix.groups.iter_mut().flat_map(|group| group.classes.values_mut()) {
            // Rows are numbered in order, so the index breaks ties by row number.
            list.sort_by_key(|index| effective.get(*index as usize).map(|e| (e.rank, e.row)));
        }
        matrix.index_atoms();
        matrix
    }

    /// Cuts the line of keys wherever a range begins or ends; between two cuts the same groups hold everywhere.
    fn index_atoms(&mut self) {
        let mut cuts: Vec<i64> = self.groups.iter().flat_map(|g| [g.range.from.0, g.range.to.0]).collect();
        cuts.push(i64::MIN);
        cuts.sort_unstable();
        cuts.dedup();
        let mut covering: Vec<Vec<u32>> = vec![Vec::new(); cuts.len()];
        for (index, group) in self.groups.iter().enumerate() {
            let first = cuts.partition_point(|cut| *cut < group.range.from.0);
            let end = cuts.partition_point(|cut| *cut < group.range.to.0);
            covering.iter_mut().take(end).skip(first).for_each(|list| list.push(index as u32));
        }
        for list in &mut covering {
            list.sort_by_key(|index| self.groups.get(*index as usize).map(|group| (group.width, *index)));
        }
        self.atom_starts = cuts;
        self.atom_groups = covering;
    }

    /// The stretch of keys that holds `area`.
    fn atom(&self, area: AreaKey) -> usize {
        self.atom_starts.partition_point(|start| *start <= area.0).saturating_sub(1)
    }

    /// The groups over a stretch of keys, in tiers of equal width, narrowest first.
    fn tiers(&self, atom: usize) -> impl Iterator<Item = &[u32]> {
        let groups = self.atom_groups.get(atom).map_or(&[][..], Vec::as_slice);
        let width = |index: &u32| self.groups.get(*index as usize).map(|group| group.width);
        groups.chunk_by(move |a, b| width(a) == width(b))
    }

    /// The rows of a tier with exactly this selector, as lists that are each in order of precedence.
    fn lists<'m>(&'m self, tier: &'m [u32], selector: i64) -> impl Iterator<Item = &'m [u32]> {
        tier.iter()
            .filter_map(move |group| self.groups.get(*group as usize)?.classes.get(&selector))
            .map(Vec::as_slice)
    }

    /// Who is accountable for `class` in `area` at the moment `at`; `None` only where not even a backstop is set.
    ///
    /// `area` may be of any level: a place in a hole of the grid has the key of its town or city.
    pub fn find(&self, class: ClassCode, area: AreaKey, at: Time) -> Option<Found<'_>> {
        let moment = Moment::of(at);
        for tier in self.tiers(self.atom(area)) {
            let found = selectors(class).into_iter().find_map(|one| self.find_among(tier, one, moment));
            if found.is_some() {
                return found;
            }
        }
        let (area, unit) = self.backstop_of(area, at.date())?;
        Some(Found { unit, row: None, contested: Vec::new(), backstop_of: Some(area) })
    }

    fn find_among(&self, tier: &[u32], selector: i64, moment: Moment) -> Option<Found<'_>> {
        let holding = || {
            let indices = self.lists(tier, selector).flatten();
            indices.filter_map(|index| self.effective.get(*index as usize)).filter(|e| e.holds(moment))
        };
        let best = holding().min_by_key(|e| (e.rank, e.row))?;
        let row = self.rows.get(best.row as usize)?;
        let equals = holding().filter(|e| e.rank == best.rank && e.row != best.row);
        let mut contested: Vec<u32> = equals.map(|e| e.row).collect();
        contested.sort_unstable();
        contested.dedup();
        let rivals = contested.into_iter().filter_map(|index| self.rows.get(index as usize));
        let contested = rivals.filter(|rival| rival.unit != row.unit).map(|rival| rival.id).collect();
        Some(Found { unit: row.unit, row: Some(row), contested, backstop_of: None })
    }

    /// The backstop of an area on a day: its own, or that of the nearest area above that has one which exists. The
    /// city's answers on every day, since nobody stands above it.
    pub fn backstop_of(&self, area: AreaKey, on: Date) -> Option<(AreaKey, UnitId)> {
        [Level::Cell, Level::Village, Level::Town, Level::City].into_iter().find_map(|level| {
            let area = area.at(level);
            let (unit, exists) = self.backstops.get(&area)?;
            (level == Level::City || exists.holds(on)).then_some((area, *unit))
        })
    }

    /// The rows, by number.
    pub fn rows(&self) -> &[MatrixRow] {
        &self.rows
    }

    /// A row by id.
    pub fn row(&self, id: MatrixRowId) -> Option<&MatrixRow> {
        self.rows.iter().find(|row| row.id == id)
    }
}

/// The number under which rows with this selector are found; 0 for every class.
fn selector_number(class: Option<ClassSelector>) -> i64 {
    class.map_or(0, ClassSelector::number)
}

/// The selectors that speak of a class, narrowest first: itself, its 大类, every class.
fn selectors(class: ClassCode) -> [i64; 3] {
    [ClassSelector::Class(class).number(), ClassSelector::Group(class.group()).number(), 0]
}

/// The ranges on which a row holds, and when: its area while its unit exists, cut to where the unit stands in the
/// relation it names.
fn parts(
    row: &MatrixRow,
    exists: Dates,
    zones: &HashMap<ZoneId, &Zone>,
    relations: &[Relation],
) -> Vec<(AreaRange, Dates)> {
    let Some(valid) = row.valid.and(&exists) else { return Vec::new() };
    let own = ranges(row.area, valid, zones);
    let Some(kind) = row.owner else { return own };
    let held = relations.iter().filter(|relation| relation.kind == kind && relation.unit == row.unit);
    let held: Vec<_> = held.flat_map(|relation| ranges(relation.area, relation.valid, zones)).collect();
    let mut both: Vec<(AreaRange, Dates)> = Vec::new();
    for (range, valid) in &own {
        both.extend(held.iter().filter_map(|(other, dates)| {
            let from = range.from.max(other.from);
            let to = range.to.min(other.to);
            (from < to).then_some(AreaRange { from, to }).zip(valid.and(dates))
        }));
    }
    both
}

/// The ranges of a selector within `valid`.
fn ranges(area: AreaSelector, valid: Dates, zones: &HashMap<ZoneId, &Zone>) -> Vec<(AreaRange, Dates)> {
    match area {
        AreaSelector::Area(key) => vec![(key.range(), valid)],
        AreaSelector::Zone(id) => zones
            .get(&id)
            .into_iter()
            .flat_map(|zone| &zone.parts)
            .filter_map(|part| Some((part.range, part.valid.and(&valid)?)))
            .collect(),
    }
}

/// How many keys an area has, for "the narrower goes first".
fn width_of(area: AreaSelector, zones: &HashMap<ZoneId, &Zone>) -> i64 {
    let width = |range: &AreaRange| range.to.0.saturating_sub(range.from.0);
    match area {
        AreaSelector::Area(key) => width(&key.range()),
        AreaSelector::Zone(id) => {
            let parts = zones.get(&id).into_iter().flat_map(|zone| &zone.parts);
            parts.map(|part| width(&part.range)).fold(0, i64::saturating_add)
        }
    }
}

#[cfg(test)]
mod tests;
