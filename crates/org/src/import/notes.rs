//! What whoever reads a preview should know although it is no error: what is hidden in the sheet, and what units that end
//! leave behind.

use std::collections::BTreeMap;

use kernel::id::UnitId;
use kernel::time::Date;
use serde_json::Value;

use super::cell::At;
use super::plan::{Fault, Plan};
use super::sheet::Sheet;
use crate::city::City;
use crate::commands::Change;
use crate::document::{Document, Kind};

/// What is read although nobody sees it.
pub(crate) fn hidden(sheet: &Sheet) -> Vec<Fault> {
    let mut notes = Vec::new();
    let hidden = &sheet.hidden;
    if hidden.sheet {
        notes.push(Fault { at: At { row: 0, column: 0 }, code: "org/hidden-sheet", params: BTreeMap::new() });
    }
    for (first, _) in &hidden.columns {
        let at = At { row: 0, column: first.saturating_sub(1) };
        if sheet.has_column_within(at.column, hidden.columns.iter().map(|(_, last)| *last).max().unwrap_or(0))
        {
            notes.push(Fault { at, code: "org/hidden-column", params: BTreeMap::new() });
        }
    }
    let rows: Vec<u32> =
        hidden.rows.iter().copied().filter(|row| sheet.has_row(row.saturating_sub(1))).collect();
    if let Some(first) = rows.first() {
        let names: Vec<String> = rows.iter().map(u32::to_string).collect();
        let params = BTreeMap::from([
            ("count", Value::from(hidden.row_count.min(sheet.row_count()).max(rows.len()))),
            ("rows", Value::from(names.join("、"))),
        ]);
        let at = At { row: first.saturating_sub(1), column: 0 };
        notes.push(Fault { at, code: "org/hidden-row", params });
    }
    notes
}

/// The units that would end or go, with the cell that says so.
pub(crate) fn ending(plan: &Plan, sheet: &Sheet, city: &City) -> Vec<(UnitId, At)> {
    let ends = |change: &Change| match change {
        Change::Set(Document::Unit(unit)) => {
            let before: Option<Date> = city.unit(unit.id)?.valid.valid_to;
            let earlier = unit.valid.valid_to.is_some_and(|to| before.is_none_or(|before| to < before));
            earlier.then_some((unit.id, "有效期止"))
        }
        Change::Remove(Kind::Unit, id) => Some((UnitId(*id), "状态")),
        Change::Set(_) | Change::Remove(..) | Change::Person(_) | Change::Erase(_) => None,
    };
    let told = plan.changes.iter().filter_map(|planned| {
        let (unit, heading) = ends(&planned.edit.change)?;
        let row = plan.origin.get(&(Kind::Unit, unit.0)).copied().unwrap_or(0);
        Some((unit, sheet.at(row, heading)))
    });
    told.collect()
}

/// What they leave without a unit.
pub(crate) fn left(city: &City, ending: &[(UnitId, At)], open: &BTreeMap<UnitId, i64>) -> Vec<Fault> {
    let all: Vec<UnitId> = ending.iter().map(|(unit, _)| *unit).collect();
    let of = |(unit, at): &(UnitId, At)| {
        let unit = *unit;
        let cases = open.get(&unit).copied().unwrap_or_default();
        let people = city.persons().filter(|view| view.person.unit == Some(unit)).count();
        let rows = city.matrix().rows();
        let rows = rows.iter().filter(|row| row.unit == unit || row.helpers.contains(&unit)).count();
        let units =
            city.units().filter(|lower| lower.parent == Some(unit) && !all.contains(&lower.id)).count();
        let params = BTreeMap::from([
            ("cases", Value::from(cases)),
            ("people", Value::from(people)),
            ("rows", Value::from(rows)),
            ("units", Value::from(units)),
        ]);
        (cases > 0 || people + rows + units > 0).then_some(Fault { at: *at, code: "org/unit-left", params })
    };
    ending.iter().filter_map(of).collect()
}
