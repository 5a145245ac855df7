//! The catalogue that comes with the product: classes and 立结案 standards of domain.md §1.3–1.4, reasons for refusing,
//! and policies by channel, as dated CSV. It is the first content of tables that the city edits, not a rule.
//!
//! Events are complete as far as the source gives a limit; parts are the typical ones. Where the source gives several
//! limits for a class, each has its own row with its own filing condition.

mod csv;
mod read;

#[cfg(test)]
mod tests;

pub use read::{Tables, read};

use kernel::calendar::LimitError;

use crate::model::{Catalogue, Policies};

/// The tables that come with the product.
pub const STANDARD: Tables<'static> = Tables {
    groups: include_str!("../data/groups.csv"),
    classes: include_str!("../data/classes.csv"),
    standards: include_str!("../data/standards.csv"),
    menu: include_str!("../data/menu.csv"),
    unclassed: include_str!("../data/unclassed.csv"),
    words: include_str!("../data/words.csv"),
    reasons: include_str!("../data/reasons.csv"),
    policies: include_str!("../data/policies.csv"),
};

/// The catalogue and the policies that come with the product.
///
/// # Errors
/// [`CatalogueError`] if the shipped tables are wrong, which a test excludes.
pub fn standard() -> Result<(Catalogue, Policies), CatalogueError> {
    read(&STANDARD)
}

/// What is wrong in which line of which table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{table}.csv line {line}: {fault}")]
pub struct CatalogueError {
    /// The table, as the file is called.
    pub table: &'static str,
    /// The line, counted from 1 with the header; 0 for what concerns the whole table.
    pub line: usize,
    /// What is wrong.
    pub fault: CatalogueFault,
}

/// What can be wrong in a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueFault {
    /// The header is not the expected one.
    #[error("the header must be {expected:?}")]
    Header {
        /// The expected header.
        expected: String,
    },
    /// Too few or too many values. Texts hold no ASCII comma; Chinese ones write ，.
    #[error("{expected} values expected, got {got}")]
    Columns {
        /// How many columns there are.
        expected: usize,
        /// How many values stand there.
        got: usize,
    },
    /// A value is missing.
    #[error("{column} is empty")]
    Empty {
        /// Which column.
        column: &'static str,
    },
    /// A value cannot be read.
    #[error("{column}: {value:?} is not {expected}")]
    Unreadable {
        /// Which column.
        column: &'static str,
        /// What stands there.
        value: String,
        /// What should stand there.
        expected: &'static str,
    },
    /// A limit cannot be read.
    #[error("{column}: {source}")]
    Limit {
        /// Which column.
        column: &'static str,
        /// Why not.
        source: LimitError,
    },
    /// The same key stands in an earlier line.
    #[error("{key} stands there twice")]
    Twice {
        /// The key.
        key: String,
    },
    /// A row speaks of something that is in none of the tables.
    #[error("{key} is not in {table}.csv")]
    Dangling {
        /// What it speaks of.
        key: String,
        /// Where it should be.
        table: &'static str,
    },
    /// A class that nobody could file.
    #[error("class {class} has no standard row")]
    NoStandard {
        /// The class.
        class: String,
    },
    /// The code of the stand-in is a class's too.
    #[error("{code} is a class in classes.csv")]
    StandInIsClass {
        /// The code.
        code: String,
    },
    /// No row for channels without a row of their own.
    #[error("the row for source * is missing")]
    NoFallback,
}
