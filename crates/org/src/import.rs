//! Reading workbooks in: what a city has on its first day are XLSX lists of units, people and responsibility.
//!
//! A workbook is read, held against what stands, and shown as a preview: what would be added, changed and removed,
//! row by row, and every error with its cell. Applying writes it in commands of some hundred records each, all or
//! nothing to everybody who looks: the snapshots change once, at the end, and no other change gets in between.
//! Undoing restores exactly what was before, unless somebody changed it since, or it is not kept any more.

mod cell;
mod content;
mod keep;
mod matrix;
mod people;
mod plan;
mod run;
mod sheet;
mod template;
mod units;

use kernel::rights::Right;
use serde::{Deserialize, Serialize};

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

    /// Reads [`Self::word`].
    pub fn by_word(word: &str) -> Option<Self> {
        [Self::Units, Self::People, Self::Matrix].into_iter().find(|kind| kind.word() == word)
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

#[cfg(test)]
mod tests;
