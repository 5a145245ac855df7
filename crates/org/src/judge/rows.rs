//! The responsibility list.

use std::collections::{BTreeMap, BTreeSet};

use kernel::class::{ClassCode, GroupCode};
use serde_json::Value;

use super::{About, Judge, NOTE_CHARS};
use crate::document::Kind;
use crate::model::ClassSelector;

/// Most helpers of one row.
const HELPERS_MAX: usize = 10;

impl Judge<'_> {
    pub(super) fn rows(&mut self) {
        let after = self.after;
        let classes: BTreeSet<ClassCode> = self.classes.iter().map(|class| class.code).collect();
        let groups: BTreeSet<GroupCode> = classes.iter().map(|class| class.group()).collect();
        for row in &after.rows {
            let about = About { kind: Kind::MatrixRow, id: row.id.0 };
            self.need(about, "row_no", "org/bad-row-no", (1..=99_999).contains(&row.row_no));
            let known = match row.class {
                None => true,
                Some(ClassSelector::Class(class)) => classes.contains(&class),
                Some(ClassSelector::Group(group)) => groups.contains(&group),
            };
            // Without a catalogue nothing can be held against it.
            if !known && !classes.is_empty() {
                let code = row.class.map_or_else(String::new, |class| class.to_string());
                self.unfit_with(
                    about,
                    "class",
                    "org/unknown-class",
                    BTreeMap::from([("code", Value::from(code))]),
                );
            }
            self.selector(about, "area", row.area);
            self.unit(about, "unit", row.unit);
            for helper in &row.helpers {
                self.unit(about, "helpers", *helper);
            }
            let distinct: BTreeSet<_> = row.helpers.iter().chain([&row.unit]).collect();
            self.need(about, "helpers", "org/helper-twice", distinct.len() == row.helpers.len() + 1);
            self.need(about, "helpers", "org/too-many-helpers", row.helpers.len() <= HELPERS_MAX);
            self.optional_line(about, "note", &row.note, NOTE_CHARS);
            self.impersonal(about, "note", &row.note);
            self.dates(about, row.valid);
        }
        self.unique(Kind::MatrixRow, after.rows.iter().map(|row| (row.id.0, row.row_no.to_string())));
    }
}
