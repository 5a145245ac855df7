//! Reading workbooks in: what a city has on its first day are XLSX lists of units, people and responsibility.
//!
//! A workbook is read, held against what stands, and shown as a preview: what would be added, changed and removed,
//! row by row, and every error with its cell. Applying writes it in commands of some hundred records each, all or
//! nothing to everybody who looks: the snapshots change once, at the end, and no other change gets in between.
//! Undoing restores exactly what was before, unless somebody changed it since, or it is not kept any more.

mod cell;
mod content;
mod export;
mod hidden;
mod keep;
mod matrix;
mod notes;
mod people;
mod plan;
mod run;
mod sheet;
mod template;
mod units;

use kernel::rights::Right;
use serde::{Deserialize, Serialize};

use crate::city::City;

/// More removals than this are typed in before they are done …
const REMOVALS_UNASKED: usize = 10;
/// … or more than one in so many of what stands, from three on.
const REMOVALS_PART: usize = 20;

/// Must the number of removals be typed in? A part of a list that is uploaded for the whole would take the rest away.
pub(crate) fn removals_asked(city: &City, kind: ImportKind, removes: usize) -> bool {
    let standing = match kind {
        ImportKind::Units => city.units().count(),
        ImportKind::People => city.persons().count(),
        ImportKind::Matrix => city.matrix().rows().len(),
    };
    removes > REMOVALS_UNASKED || (removes > 2 && removes * REMOVALS_PART > standing)
}

pub(crate) use keep::{UNDO_DAYS, drop_all_of, undo_until};
pub use plan::{CellError, Shown};
pub(crate) use run::{Preview, Workbook};
pub(crate) use sheet::WORKBOOK_BYTES_MAX;

/// What a workbook holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    /// 单位.
    Units,
    /// 人员 with their roles.
    People,
    /// 责任清单: the whole list; rows that the workbook does not have are removed.
    Matrix,
}

impl ImportKind {
    /// Its word on the wire and in rows.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Units => "units",
            Self::People => "people",
            Self::Matrix => "matrix",
        }
    }

    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Units, Self::People, Self::Matrix];

    /// Reads [`Self::word`].
    pub fn by_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// What it takes to import it, over the whole city. People bring roles with them, and only who equips users may
    /// hand those out.
    pub(crate) const fn right(self) -> Right {
        match self {
            Self::Units | Self::Matrix => Right::OrgEdit,
            Self::People => Right::UserEdit,
        }
    }

    /// The sheet that is read.
    pub const fn sheet_name(self) -> &'static str {
        match self {
            Self::Units => "单位",
            Self::People => "人员",
            Self::Matrix => "责任清单",
        }
    }

    /// Its columns, in the order of the template.
    pub(crate) const fn columns(self) -> &'static [Column] {
        match self {
            Self::Units => units::COLUMNS,
            Self::People => people::COLUMNS,
            Self::Matrix => matrix::COLUMNS,
        }
    }
}

/// What a column holds, for templates and checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Text, and codes of any kind.
    Text,
    /// A date of the workbook, not a text that looks like one.
    Date,
    /// One of a few words.
    Words(&'static [&'static str]),
}

/// A column of a sheet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    /// Its heading.
    pub(crate) name: &'static str,
    /// Must the heading be there, and every row have a value?
    pub(crate) required: bool,
    /// What it holds.
    pub(crate) form: Form,
    /// What to write into it, for the template.
    pub(crate) hint: &'static str,
    /// Two examples.
    pub(crate) examples: [&'static str; 2],
    /// The field of the record whose faults belong here.
    pub(crate) field: &'static str,
}

/// Where a column is empty its value is taken from another: (column, the other, the code of a fault in what was taken).
pub(crate) const DERIVED: &[(&str, &str, &str)] = &[("简称", "单位名称", "org/short-name-needed")];

#[cfg(test)]
mod tests;
