//! Places, functional areas, cells, units and what they are to each other.

use std::collections::BTreeMap;

use kernel::area::{AreaKey, Level};
use kernel::calendar::WorkCalendar;
use kernel::id::UnitId;
use kernel::problem::ToProblem;
use serde_json::Value;

use super::{About, Judge, NAME_CHARS};
use crate::document::Kind;
use crate::model::{Cell, Place, Record, Unit};
use crate::places::read_geometry;

impl Judge<'_> {
    pub(super) fn ground(&mut self) {
        let after = self.after;
        for place in &after.places {
            self.place(place);
        }
        for zone in &after.zones {
            let about = About { kind: Kind::Zone, id: zone.id.0 };
            self.code(about, &zone.code);
            // A code of digits only would be read as an official one.
            self.need(about, "code", "org/bad-code", !zone.code.bytes().all(|b| b.is_ascii_digit()));
            self.line(about, "name", &zone.name, NAME_CHARS);
            self.need(about, "parts", "org/zone-empty", !zone.parts.is_empty());
            let city = self.city.range();
            for part in &zone.parts {
                let good = part.range.from < part.range.to && city.covers(&part.range);
                self.need(about, "parts", "org/outside-city", good);
                self.dates(about, part.valid);
            }
        }
        self.unique(Kind::Zone, after.zones.iter().map(|zone| (zone.id.0, zone.code.clone())));
        for cell in &after.cells {
            self.cell(cell);
        }
        self.unique(Kind::Cell, after.cells.iter().map(|cell| (cell.id.0, cell.key.code())));
    }

    fn place(&mut self, place: &Place) {
        let about = About { kind: Kind::Place, id: place.key.0 };
        let level = place.key.level();
        self.need(about, "code", "org/bad-level", level != Level::Cell);
        self.need(about, "code", "org/outside-city", self.city.range().holds(place.key));
        self.line(about, "name", &place.name, NAME_CHARS);
        self.dates(about, place.valid);
        self.outline(about, "outline", place.outline.as_deref());
        if let Some(unit) = place.backstop {
            self.unit(about, "backstop", unit);
        }
        match level {
            // Without it there would be places for which nobody at all is accountable.
            Level::City => {
                self.need(about, "backstop", "org/no-backstop", place.backstop.is_some());
                self.last_resort(about, place.backstop);
            }
            Level::Town => self.place_stands(about, place.key.at(Level::City)),
            Level::Village | Level::Cell => self.place_stands(about, place.key.at(Level::Town)),
        }
    }

    /// The place under whose code something stands. A cell of the same code is no place.
    fn place_stands(&mut self, about: About, key: AreaKey) {
        let stands = self.places.contains_key(&key);
        self.reference(about, "code", Kind::Place, key.0, stands);
    }

    /// The one upper cell in which a cell lies, on every day on which the cell exists. Whichever was touched is at fault
    /// for days on which it does not.
    fn upper_cell(&mut self, about: About, cell: &Cell, level: Level) {
        let key = cell.key.at(level);
        let upper = self.cells.get(&key).map(|upper| (upper.id.0, upper.valid));
        let id = self.cell_ids.get(&key).copied().unwrap_or(key.0);
        self.reference(about, "code", Kind::Cell, id, upper.is_some());
        if let Some((id, valid)) = upper
            && !valid.covers(&cell.valid)
        {
            self.unfit(about, "valid_to", "org/outlives-upper-cell");
            self.unfit(About { kind: Kind::Cell, id }, "valid_to", "org/outlives-upper-cell");
        }
    }

    /// The unit behind all others exists today and has no last day. Whichever was touched is at fault: the place that
    /// names it, or the unit that gets dates.
    fn last_resort(&mut self, place: About, backstop: Option<UnitId>) {
        let Some(unit) = backstop.and_then(|id| self.units.get(&id)) else { return };
        let (id, valid) = (unit.id, unit.valid);
        if valid.valid_to.is_some() || !valid.holds(self.today) {
            self.unfit(place, "backstop", "org/backstop-ends");
            let field = if valid.valid_to.is_some() { "valid_to" } else { "valid_from" };
            self.unfit(About { kind: Kind::Unit, id: id.0 }, field, "org/backstop-ends");
        }
    }

    fn cell(&mut self, cell: &Cell) {
        let about = About { kind: Kind::Cell, id: cell.id.0 };
        self.need(about, "code", "org/outside-city", self.city.range().holds(cell.key));
        self.line(about, "name", &cell.name, NAME_CHARS);
        self.dates(about, cell.valid);
        self.outline(about, "polygon", cell.polygon.as_deref());
        match cell.level() {
            Level::City => self.place_stands(about, cell.key),
            Level::Town => {
                self.place_stands(about, cell.key);
                self.upper_cell(about, cell, Level::City);
            }
            Level::Village => self.unfit(about, "code", "org/bad-level"),
            Level::Cell => {
                self.place_stands(about, cell.key.at(Level::Village));
                self.upper_cell(about, cell, Level::Town);
            }
        }
        for person in &cell.persons {
            self.person(about, "persons", person.person);
            self.dates(about, person.valid);
        }
        if let Some(unit) = cell.supporting_unit {
            self.unit(about, "supporting_unit", unit);
        }
        if let Some(leader) = cell.linked_leader {
            self.person(about, "linked_leader", leader);
        }
    }

    fn outline(&mut self, about: About, field: &'static str, text: Option<&str>) {
        // Reading a polygon costs more than everything else together: only where it may have changed.
        if !self.touched.contains(&(about.kind, about.id)) {
            return;
        }
        if let Some(Err(why)) = text.map(read_geometry) {
            self.unfit(about, field, why.code());
        }
    }

    pub(super) fn units(&mut self) {
        let after = self.after;
        for unit in &after.units {
            let about = About { kind: Kind::Unit, id: unit.id.0 };
            self.code(about, &unit.code);
            self.line(about, "name", &unit.name, NAME_CHARS);
            self.line(about, "short_name", &unit.short_name, 20);
            self.dates(about, unit.valid);
            if let Some(area) = unit.area {
                self.area(about, "area", area);
            }
            if let Some(parent) = unit.parent {
                self.unit(about, "parent", parent);
                let circle = self.circles(unit);
                self.need(about, "parent", "org/unit-circle", !circle);
            }
        }
        self.unique(Kind::Unit, after.units.iter().map(|unit| (unit.id.0, unit.code.clone())));
        for relation in &after.relations {
            let about = About { kind: Kind::Relation, id: relation.id() };
            self.unit(about, "unit", relation.unit);
            self.selector(about, "area", relation.area);
            self.dates(about, relation.valid);
        }
        for body in &after.bodies {
            let about = About { kind: Kind::Body, id: body.id.0 };
            self.line(about, "name", &body.name, NAME_CHARS);
            self.dates(about, body.valid);
            if let Some(office) = body.office {
                self.unit(about, "office", office);
            }
            for member in &body.members {
                self.line(about, "seat", &member.seat, NAME_CHARS);
                self.impersonal(about, "seat", &member.seat);
                self.need(
                    about,
                    "members",
                    "org/empty-seat",
                    member.unit.is_some() || member.person.is_some(),
                );
                self.dates(about, member.valid);
                if let Some(unit) = member.unit {
                    self.unit(about, "members", unit);
                }
                if let Some(person) = member.person {
                    self.person(about, "members", person);
                }
            }
        }
    }

    /// Does a unit stand above itself?
    fn circles(&self, unit: &Unit) -> bool {
        let mut above = unit.parent;
        for _ in 0..self.units.len() {
            match above {
                None => return false,
                Some(id) if id == unit.id => return true,
                Some(id) => above = self.units.get(&id).and_then(|unit| unit.parent),
            }
        }
        // A circle further up; it is reported at the units that form it.
        false
    }

    pub(super) fn calendar(&mut self) {
        let after = self.after;
        for day in &after.days {
            let about = About { kind: Kind::Day, id: day.id() };
            self.line(about, "name", &day.name, 20);
            self.need(about, "date", "org/date-out-of-range", (2000..=2100).contains(&day.date.year()));
        }
        for one in &after.years {
            let about = About { kind: Kind::CompleteYear, id: one.id() };
            self.need(about, "year", "org/date-out-of-range", (2000..=2100).contains(&one.year));
            // A year without any holiday is one that nobody has typed in.
            let typed = after.days.iter().any(|day| day.date.year() == one.year);
            self.need(about, "year", "org/empty-year", typed);
        }
        if let Some(backdrop) = &after.backdrop {
            let about = About { kind: Kind::Backdrop, id: backdrop.id() };
            let features = serde_json::from_str::<Value>(&backdrop.neighbours).ok();
            let good = features
                .is_some_and(|value| value["type"] == "FeatureCollection" && value["features"].is_array());
            self.need(about, "neighbours", "org/bad-backdrop", good);
        }
        let Some(profile) = &after.profile else { return };
        let about = About { kind: Kind::Profile, id: profile.id() };
        self.need(about, "city", "org/outside-city", profile.city == self.city);
        for (field, text) in [
            ("name", &profile.name),
            ("system_title", &profile.system_title),
            ("map_credit", &profile.map_credit),
        ] {
            self.line(about, field, text, NAME_CHARS);
        }
        self.optional_line(about, "hotline", &profile.hotline, 20);
        let letters = profile.number_prefix.bytes().all(|b| b.is_ascii_uppercase());
        self.need(about, "number_prefix", "org/bad-code", letters && profile.number_prefix.len() <= 6);
        if profile.hours.is_empty() {
            return;
        }
        let calendar = WorkCalendar::new(profile.hours.clone(), BTreeMap::new(), [].into());
        if let Err(error) = calendar {
            self.unfit_with(about, "hours", error.code(), error.problem().params);
        }
    }
}
