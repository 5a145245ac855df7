//! Judging records before they are written: every reference leads somewhere, every text can be shown, every date and
//! code makes sense. The whole state after the change is judged, so that nothing loses its ground unseen either.

mod ground;
mod people;
mod rows;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernel::area::{AreaKey, Level};
use kernel::id::UnitId;
use kernel::problem::{Lang, ToProblem};
use kernel::text::{clean_line, hide_personal_patterns};
use kernel::time::Date;
use serde_json::Value;

use crate::city::Records;
use crate::document::Kind;
use crate::model::{AreaSelector, Cell, ClassInfo, Dates, PersonId, Place, Unit, ZoneId};

/// Longest name of anything, in characters.
pub(crate) const NAME_CHARS: usize = 60;
/// Longest note, in characters.
pub(crate) const NOTE_CHARS: usize = 500;

/// Something about a record that cannot stay so.
#[derive(Debug, Clone, PartialEq)]
pub struct Unfit {
    /// The record.
    pub kind: Kind,
    /// Its id.
    pub id: i64,
    /// The field.
    pub field: &'static str,
    /// Code of the problem.
    pub code: &'static str,
    /// Values for its words.
    pub params: BTreeMap<&'static str, Value>,
}

/// Judges the state `after` a change that touched some records (set or removed); `before` tells what was removed.
pub(crate) fn judge(
    city: AreaKey,
    before: &Records,
    after: &Records,
    touched: &BTreeSet<(Kind, i64)>,
    classes: &[ClassInfo],
    today: Date,
) -> Vec<Unfit> {
    let mut judge = Judge { today, ..Judge::new(city, before, after, touched, classes) };
    judge.ground();
    judge.units();
    judge.people();
    judge.rows();
    judge.calendar();
    judge.found
}

/// A record under judgement.
#[derive(Debug, Clone, Copy)]
struct About {
    kind: Kind,
    id: i64,
}

struct Judge<'a> {
    city: AreaKey,
    today: Date,
    after: &'a Records,
    touched: &'a BTreeSet<(Kind, i64)>,
    classes: &'a [ClassInfo],
    places: HashMap<AreaKey, &'a Place>,
    cells: HashMap<AreaKey, &'a Cell>,
    /// Cells by area, also those that the change removed.
    cell_ids: HashMap<AreaKey, i64>,
    units: HashMap<UnitId, &'a Unit>,
    persons: BTreeSet<PersonId>,
    zones: BTreeSet<ZoneId>,
    found: Vec<Unfit>,
}

impl<'a> Judge<'a> {
    fn new(
        city: AreaKey,
        before: &Records,
        after: &'a Records,
        touched: &'a BTreeSet<(Kind, i64)>,
        classes: &'a [ClassInfo],
    ) -> Self {
        Self {
            city,
            today: Date::default(),
            after,
            touched,
            classes,
            places: after.places.iter().map(|place| (place.key, place)).collect(),
            cells: after.cells.iter().map(|cell| (cell.key, cell)).collect(),
            cell_ids: before.cells.iter().chain(&after.cells).map(|cell| (cell.key, cell.id.0)).collect(),
            units: after.units.iter().map(|unit| (unit.id, unit)).collect(),
            persons: after.persons.iter().map(|view| view.person.id).collect(),
            zones: after.zones.iter().map(|zone| zone.id).collect(),
            found: Vec::new(),
        }
    }

    /// Notes what is wrong with a field, if the record was touched at all.
    fn unfit(&mut self, about: About, field: &'static str, code: &'static str) {
        self.unfit_with(about, field, code, BTreeMap::new());
    }

    fn unfit_with(
        &mut self,
        about: About,
        field: &'static str,
        code: &'static str,
        params: BTreeMap<&'static str, Value>,
    ) {
        if self.touched.contains(&(about.kind, about.id)) {
            self.found.push(Unfit { kind: about.kind, id: about.id, field, code, params });
        }
    }

    fn need(&mut self, about: About, field: &'static str, code: &'static str, good: bool) {
        if !good {
            self.unfit(about, field, code);
        }
    }

    /// A reference from `about` to a record that must stand. Where it does not because the change removed it, the
    /// removal is at fault: it is told what still needs the record.
    fn reference(&mut self, about: About, field: &'static str, kind: Kind, id: i64, stands: bool) {
        if stands {
            return;
        }
        if self.touched.contains(&(kind, id)) {
            let by = BTreeMap::from([
                ("by_zh", Value::from(about.kind.name(Lang::Zh))),
                ("by_en", Value::from(about.kind.name(Lang::En))),
                ("code", Value::from(self.after.code_of(about.kind, about.id))),
            ]);
            self.found.push(Unfit { kind, id, field: "", code: "org/in-use", params: by });
        } else {
            let params = BTreeMap::from([
                ("kind_zh", Value::from(kind.name(Lang::Zh))),
                ("kind_en", Value::from(kind.name(Lang::En))),
            ]);
            self.unfit_with(about, field, "org/unknown-reference", params);
        }
    }

    fn unit(&mut self, about: About, field: &'static str, id: UnitId) {
        let stands = self.units.contains_key(&id);
        self.reference(about, field, Kind::Unit, id.0, stands);
    }

    fn person(&mut self, about: About, field: &'static str, id: PersonId) {
        let stands = self.persons.contains(&id);
        self.reference(about, field, Kind::Person, id.0, stands);
    }

    /// An area must be a place or a cell of this city.
    fn area(&mut self, about: About, field: &'static str, key: AreaKey) {
        let stands = self.places.contains_key(&key) || self.cells.contains_key(&key);
        if key.level() == Level::Cell {
            let id = self.cell_ids.get(&key).copied().unwrap_or(key.0);
            self.reference(about, field, Kind::Cell, id, stands);
        } else {
            self.reference(about, field, Kind::Place, key.0, stands);
        }
    }

    fn selector(&mut self, about: About, field: &'static str, area: AreaSelector) {
        match area {
            AreaSelector::Area(key) => self.area(about, field, key),
            AreaSelector::Zone(id) => {
                let stands = self.zones.contains(&id);
                self.reference(about, field, Kind::Zone, id.0, stands);
            }
        }
    }

    /// A line of text that may be shown anywhere.
    fn line(&mut self, about: About, field: &'static str, text: &str, max_chars: usize) {
        match clean_line(text, max_chars) {
            Ok(clean) => self.need(about, field, "org/untrimmed", clean == text),
            Err(error) => {
                let params = error.problem().params;
                self.unfit_with(about, field, error.code(), params);
            }
        }
    }

    /// A line that may be missing.
    fn optional_line(&mut self, about: About, field: &'static str, text: &str, max_chars: usize) {
        if !text.is_empty() {
            self.line(about, field, text, max_chars);
        }
    }

    /// A text that stands in events for ever, so it must not hold what belongs to a person: no mobile number, identity
    /// number or number plate (docs/decisions/0011-notes-of-the-hall-stand-in-events.md).
    fn impersonal(&mut self, about: About, field: &'static str, text: &str) {
        self.need(about, field, "org/personal-in-text", hide_personal_patterns(text) == text);
    }

    fn dates(&mut self, about: About, dates: Dates) {
        self.need(about, "valid_to", "org/dates-reversed", !dates.is_reversed());
    }

    /// A code that people write into lists: 1 to 20 ASCII letters, digits and hyphens.
    fn code(&mut self, about: About, code: &str) {
        self.need(about, "code", "org/bad-code", is_code(code));
    }

    /// No two records of a kind have the same code. Codes that differ by case only are the same to whoever reads them out.
    fn unique(&mut self, kind: Kind, codes: impl Iterator<Item = (i64, String)>) {
        // Two codes that differ by case only are one to whoever reads them.
        let codes = codes.map(|(id, code)| (id, code.to_ascii_lowercase()));
        for (fault, _, code) in self.twins(kind, codes) {
            let params = BTreeMap::from([("code", Value::from(code))]);
            self.unfit_with(About { kind, id: fault }, "code", "org/code-taken", params);
        }
    }

    /// Records that have a key in common: which of the two is at fault, the other, and the key.
    fn twins(&self, kind: Kind, keys: impl Iterator<Item = (i64, String)>) -> Vec<(i64, i64, String)> {
        let mut seen: HashMap<String, i64> = HashMap::new();
        let mut twins = Vec::new();
        for (id, key) in keys {
            let Some(other) = seen.insert(key.clone(), id) else { continue };
            // Whichever of the two was touched is at fault.
            let last = self.touched.contains(&(kind, id));
            twins.push(if last { (id, other, key) } else { (other, id, key) });
        }
        twins
    }
}

/// Is it a code as people write them into lists?
pub(crate) fn is_code(code: &str) -> bool {
    (1..=20).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[cfg(test)]
mod tests;
