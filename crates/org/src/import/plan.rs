//! What a workbook would change.

use std::collections::{BTreeMap, HashMap};

use kernel::id::UserId;
use kernel::problem::{Lang, Problem};
use platform::web::Dictionary;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::cell::At;
use super::sheet::{ERRORS_MAX, Facts, Row, Sheet};
use super::{ImportKind, matrix, people, units};
use crate::city::City;
use crate::commands::{Change, Edit, after, unfit};
use crate::document::Kind;
use crate::rights::{locks_out, widens};

/// Something wrong with a cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fault {
    pub(crate) at: At,
    pub(crate) code: &'static str,
    pub(crate) params: BTreeMap<&'static str, Value>,
}

/// An error of a cell in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellError {
    /// `责任清单!C14`.
    pub cell: String,
    /// Code of the problem.
    pub code: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// What a change looks like to whoever reads the preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Row of the sheet from 1; 0 for a record that the sheet no longer has.
    pub row: u32,
    /// `add`, `change` or `remove`.
    pub change: String,
    /// What people call the record.
    pub key: String,
    /// Heading → text, as it stands.
    pub before: BTreeMap<String, String>,
    /// Heading → text, as it would be.
    pub after: BTreeMap<String, String>,
}

/// A change of the workbook.
#[derive(Debug, Clone)]
pub(crate) struct Planned {
    pub(crate) edit: Edit,
    /// What undoing would set again; `None` when the record is new.
    pub(crate) before: Option<Change>,
    /// For the preview; `None` where another change of the same row tells it.
    pub(crate) shown: Option<Shown>,
}

/// Everything that a workbook would change, and everything that is wrong with it.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) row_count: usize,
    pub(crate) changes: Vec<Planned>,
    pub(crate) faults: Vec<Fault>,
    /// Row of the sheet by record.
    pub(crate) origin: HashMap<(Kind, i64), u32>,
}

impl Plan {
    /// Holds a sheet against what stands. `next_id` gives the ids of new records.
    pub(crate) fn of(
        kind: ImportKind,
        sheet: &Sheet,
        facts: &mut Facts<'_>,
        next_id: &dyn Fn() -> i64,
    ) -> Self {
        let mut plan = Self { row_count: sheet.row_count(), faults: sheet.faults.clone(), ..Self::default() };
        if sheet.has_headings(kind.columns()) {
            match kind {
                ImportKind::Units => units::plan(&mut plan, sheet, facts, next_id),
                ImportKind::People => people::plan(&mut plan, sheet, facts, next_id),
                ImportKind::Matrix => matrix::plan(&mut plan, sheet, facts, next_id),
            }
            plan.judge(kind, sheet, facts);
        }
        plan.faults.sort_by_key(|fault| fault.at);
        plan.faults.dedup();
        plan.faults.truncate(ERRORS_MAX);
        plan
    }

    /// Takes over what is wrong with a row; true when nothing is.
    pub(crate) fn settle(&mut self, row: Row<'_>) -> bool {
        let good = row.faults.is_empty();
        self.faults.extend(row.faults);
        good
    }

    /// Adds a change of a row.
    pub(crate) fn push(&mut self, row: u32, planned: Planned) {
        self.origin.insert(planned.edit.change.target(), row);
        self.changes.push(planned);
    }

    /// Judges the state that would come out, and puts what is wrong at the cells it comes from.
    fn judge(&mut self, kind: ImportKind, sheet: &Sheet, facts: &Facts<'_>) {
        let edits: Vec<Edit> = self.changes.iter().map(|planned| planned.edit.clone()).collect();
        if kind == ImportKind::People {
            let after = after(facts.city.records(), &edits).0;
            let mut at_himself = |code| {
                let at = sheet.at(self.row_of(facts.city, facts.by), "角色");
                self.faults.push(Fault { at, code, params: BTreeMap::new() });
            };
            if locks_out(facts.city, &after, facts.by) {
                at_himself("org/own-rights");
            }
            if widens(facts.city, &after, facts.by, &facts.held) {
                at_himself("org/own-rights-wider");
            }
        }
        for unfit in unfit(facts.city, &edits) {
            let row = self.origin.get(&(unfit.kind, unfit.id)).copied().unwrap_or(0);
            let column = kind.columns().iter().find(|column| column.field == unfit.field);
            let heading = column.or(kind.columns().first()).map_or("", |column| column.name);
            // What is wrong with a value that was taken from another cell is told at the cell that was filled.
            let derived =
                super::DERIVED.iter().find(|(name, ..)| *name == heading && sheet.is_blank(row, name));
            let (heading, code) = derived.map_or((heading, unfit.code), |(_, from, code)| (*from, *code));
            self.faults.push(Fault { at: sheet.at(row, heading), code, params: unfit.params });
        }
    }

    /// The row that speaks of the person who has this login, or would have it.
    fn row_of(&self, city: &City, user: UserId) -> u32 {
        let told = self.changes.iter().filter_map(|planned| match &planned.edit.change {
            Change::Person(input) => Some((input.id, input.user)),
            Change::Set(_) | Change::Remove(..) | Change::Erase(_) => None,
        });
        let standing = city.persons().map(|view| (view.person.id, view.person.user));
        let his = told.chain(standing).filter(|(_, login)| *login == Some(user));
        his.filter_map(|(person, _)| self.origin.get(&(Kind::Person, person.0)).copied()).next().unwrap_or(0)
    }

    /// The errors in words of both languages.
    pub(crate) fn errors(&self, sheet: &Sheet, words: &Dictionary) -> Vec<CellError> {
        told(&self.faults, sheet, words)
    }

    /// How many records would be added, changed and removed.
    pub(crate) fn counts(&self) -> [usize; 3] {
        let count = |word: &str| {
            self.changes.iter().filter_map(|c| c.shown.as_ref()).filter(|shown| shown.change == word).count()
        };
        [count("add"), count("change"), count("remove")]
    }
}

/// What is said of cells, in words of both languages.
pub(crate) fn told(faults: &[Fault], sheet: &Sheet, words: &Dictionary) -> Vec<CellError> {
    let told = |fault: &Fault| {
        let mut problem = Problem::unprocessable(fault.code);
        problem.params.clone_from(&fault.params);
        let text = |lang: Lang| {
            let body = words.body(lang, &problem, "");
            let part = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
            let (title, detail) = (part("title"), part("detail"));
            match (detail.is_empty(), lang) {
                (true, _) => title,
                (false, Lang::Zh) => format!("{title}：{detail}"),
                (false, Lang::En) => format!("{title}: {detail}"),
            }
        };
        CellError {
            cell: fault.at.name(sheet.kind_name),
            code: fault.code.to_owned(),
            zh: text(Lang::Zh),
            en: text(Lang::En),
        }
    };
    faults.iter().map(told).collect()
}

/// A line of the preview. Of a change only what differs is shown.
pub(crate) fn shown(
    row: u32,
    key: String,
    before: Option<BTreeMap<String, String>>,
    after: Option<BTreeMap<String, String>>,
) -> Shown {
    let change = match (&before, &after) {
        (None, _) => "add",
        (Some(_), Some(_)) => "change",
        (Some(_), None) => "remove",
    };
    let (mut before, mut after) = (before.unwrap_or_default(), after.unwrap_or_default());
    if change == "change" {
        let same: Vec<String> = before
            .iter()
            .filter(|(name, text)| after.get(*name) == Some(text))
            .map(|(name, _)| name.clone())
            .collect();
        for name in same {
            before.remove(&name);
            after.remove(&name);
        }
    }
    before.retain(|_, text| !text.is_empty() || change == "change");
    after.retain(|_, text| !text.is_empty() || change == "change");
    Shown { row, change: change.to_owned(), key, before, after }
}

/// Headings with their texts.
pub(crate) fn texts<const N: usize>(pairs: [(&str, String); N]) -> BTreeMap<String, String> {
    pairs.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()
}

/// 有效期起 and 有效期止 as texts.
pub(crate) fn date_texts(dates: crate::model::Dates) -> [(&'static str, String); 2] {
    let text = |date: Option<kernel::time::Date>| date.map_or_else(String::new, |date| date.to_string());
    [("有效期起", text(dates.valid_from)), ("有效期止", text(dates.valid_to))]
}
