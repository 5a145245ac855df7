//! Plain CSV: one line a row, values apart by commas, no quotes. Every value is read with the name of its column, so
//! that an error says where it is.

use std::str::FromStr;

use jiff::civil::Date;
use kernel::calendar::Limit;
use kernel::time::Time;

use super::{CatalogueError, CatalogueFault};

/// The rows of a table whose header is `columns`; empty lines are passed over.
///
/// # Errors
/// A wrong header, or a row with another number of values.
pub(super) fn rows<'a>(
    table: &'static str,
    columns: &'static [&'static str],
    text: &'a str,
) -> Result<Vec<Row<'a>>, CatalogueError> {
    let mut lines = text.lines().map(str::trim_end).enumerate();
    let header = columns.join(",");
    if lines.next().map(|(_, line)| line) != Some(header.as_str()) {
        let fault = CatalogueFault::Header { expected: header };
        return Err(CatalogueError { table, line: 1, fault });
    }
    let filled = lines.filter(|(_, line)| !line.is_empty());
    filled
        .map(|(index, line)| {
            let values: Vec<&str> = line.split(',').map(str::trim).collect();
            let row = Row { table, line: index + 1, columns, values };
            if row.values.len() == columns.len() {
                Ok(row)
            } else {
                let (expected, got) = (columns.len(), row.values.len());
                Err(row.error(CatalogueFault::Columns { expected, got }))
            }
        })
        .collect()
}

/// A row with as many values as its table has columns.
pub(super) struct Row<'a> {
    table: &'static str,
    line: usize,
    columns: &'static [&'static str],
    values: Vec<&'a str>,
}

impl<'a> Row<'a> {
    /// An error in this row.
    pub(super) fn error(&self, fault: CatalogueFault) -> CatalogueError {
        CatalogueError { table: self.table, line: self.line, fault }
    }

    /// A value that must not be empty.
    pub(super) fn text(&self, column: &'static str) -> Result<&'a str, CatalogueError> {
        let value = self.columns.iter().position(|name| *name == column).and_then(|at| self.values.get(at));
        match value {
            Some(text) if !text.is_empty() => Ok(text),
            Some(_) | None => Err(self.error(CatalogueFault::Empty { column })),
        }
    }

    /// A value of a type that reads itself.
    pub(super) fn parse<T: FromStr>(
        &self,
        column: &'static str,
        expected: &'static str,
    ) -> Result<T, CatalogueError> {
        let value = self.text(column)?;
        value.parse().map_err(|_| self.unreadable(column, value, expected))
    }

    /// `yes` or `no`.
    pub(super) fn yes(&self, column: &'static str) -> Result<bool, CatalogueError> {
        match self.text(column)? {
            "yes" => Ok(true),
            "no" => Ok(false),
            other => Err(self.unreadable(column, other, "yes or no")),
        }
    }

    /// A limit as standards sheets write it.
    pub(super) fn limit(&self, column: &'static str) -> Result<Limit, CatalogueError> {
        let fault = |source| self.error(CatalogueFault::Limit { column, source });
        Limit::parse(self.text(column)?).map_err(fault)
    }

    /// A date, as the moment at which it begins.
    pub(super) fn date(&self, column: &'static str) -> Result<Time, CatalogueError> {
        self.parse::<Date>(column, "a date").map(Time::start_of)
    }

    fn unreadable(&self, column: &'static str, value: &str, expected: &'static str) -> CatalogueError {
        self.error(CatalogueFault::Unreadable { column, value: value.to_owned(), expected })
    }
}
