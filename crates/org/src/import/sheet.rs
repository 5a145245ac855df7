//! Opening a workbook without trusting it: sizes before contents, sparse cells, named columns.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx};
use kernel::area::AreaKey;
use kernel::id::{UnitId, UserId};
use kernel::problem::ToProblem;
use kernel::text::{clean_query, fold, fold_code};
use kernel::time::Date;
use platform::auth::Grants;
use serde_json::Value;

use super::cell::{At, Content, Shape, date_of, number_shown};
use super::hidden::{Hidden, hidden};
use super::plan::Fault;
use super::{Column, ImportKind};
use crate::city::City;
use crate::document::Kind;
use crate::errors::OrgError;
use crate::model::{Dates, PersonId};

/// The largest workbook.
pub(crate) const WORKBOOK_BYTES_MAX: usize = 8 * 1024 * 1024;
/// The most that it may unpack to.
const UNPACKED_BYTES_MAX: u64 = 120 * 1024 * 1024;
/// Most rows below the headings.
pub(crate) const ROWS_MAX: u32 = 20_000;
/// Most columns.
const COLUMNS_MAX: u32 = 60;
/// Longest text of a cell, in characters.
const CELL_CHARS_MAX: usize = 2_000;
/// After so many errors the rest is not told: nobody reads on, and the workbook is of another kind.
pub(crate) const ERRORS_MAX: usize = 500;

/// A sheet as it was written.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) kind_name: &'static str,
    /// Column numbers by heading.
    headings: HashMap<String, u32>,
    /// Cells below the headings, by row.
    rows: BTreeMap<u32, BTreeMap<u32, Content>>,
    pub(crate) faults: Vec<Fault>,
    /// What of it is not seen when it is opened.
    pub(crate) hidden: Hidden,
}

/// What the readers of rows look things up in.
pub(crate) struct Facts<'a> {
    /// The city as it stands.
    pub(crate) city: &'a City,
    /// Units by code, standing and new.
    pub(crate) units: HashMap<String, UnitId>,
    /// The same by their folds, for references.
    pub(crate) folded: OnceCell<HashMap<String, UnitId>>,
    /// Logins of the workbook that exist.
    pub(crate) logins: HashMap<String, UserId>,
    /// Names and phones of people who stand.
    pub(crate) people: HashMap<PersonId, (String, Option<String>)>,
    /// Every record that stands.
    pub(crate) standing: HashSet<(Kind, i64)>,
    /// Who imports.
    pub(crate) by: UserId,
    /// What he holds as long as he is no member of staff.
    pub(crate) held: Grants,
}

impl<'a> Facts<'a> {
    pub(crate) fn of(city: &'a City, by: UserId) -> Self {
        let units = city.units().map(|unit| (unit.code.clone(), unit.id)).collect();
        let standing = city.records().standing();
        let (logins, people, folded) = (HashMap::new(), HashMap::new(), OnceCell::new());
        Self { city, units, folded, logins, people, standing, by, held: Grants::new() }
    }

    /// The unit of a code, however it is written. Call it when all codes of the sheet are known.
    pub(crate) fn unit(&self, code: &str) -> Option<UnitId> {
        let folded = || self.units.iter().map(|(code, unit)| (fold(code), *unit)).collect();
        let exact = self.units.get(code);
        exact.or_else(|| self.folded.get_or_init(folded).get(&fold(code))).copied()
    }
}

/// Reads the sheet of a kind.
///
/// # Errors
/// [`OrgError::WorkbookTooLarge`], [`OrgError::NotAWorkbook`], [`OrgError::NoSheet`]. Everything else that is wrong is
/// an error of a cell.
pub(crate) fn read(bytes: &[u8], kind: ImportKind) -> Result<Sheet, OrgError> {
    if bytes.len() > WORKBOOK_BYTES_MAX {
        return Err(OrgError::WorkbookTooLarge);
    }
    check_unpacked(bytes)?;
    let name = kind.sheet_name();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| OrgError::NotAWorkbook)?;
    if !book.sheet_names().iter().any(|sheet| sheet == name) {
        return Err(OrgError::NoSheet(name.to_owned()));
    }
    let mut sheet = Sheet { kind_name: name, ..Sheet::default() };
    let merged = book.merge_cells_by_sheet_name(name).unwrap_or_default();
    for region in merged.into_iter().take(ERRORS_MAX) {
        let at = At { row: region.start.0, column: region.start.1 };
        sheet.fault(at, "org/merged-cells");
    }
    sheet.hidden = hidden(bytes, name);
    let shapes = Shapes::of(&mut book, name)?;
    // Cells one by one: a dense table would be as large as the farthest cell says.
    let mut cells = book.worksheet_cells_reader(name).map_err(|_| OrgError::NotAWorkbook)?;
    let mut headings: BTreeMap<u32, Content> = BTreeMap::new();
    while let Some(cell) = cells.next_cell_with_formula().map_err(|_| OrgError::NotAWorkbook)? {
        let at = At { row: cell.pos.0, column: cell.pos.1 };
        let content = match cell.formula {
            Some(_) => Some(Content::Bad("org/formula")),
            None => content(&cell.value, shapes.at(at), shapes.epoch_1904),
        };
        let Some(content) = content else { continue };
        if at.row > ROWS_MAX || at.column >= COLUMNS_MAX {
            return Err(OrgError::WorkbookTooLarge);
        }
        if at.row == 0 {
            headings.insert(at.column, content);
        } else {
            sheet.rows.entry(at.row).or_default().insert(at.column, content);
        }
    }
    sheet.head(headings, kind.columns());
    // Rows that look empty are: a blank that was left behind is no record.
    sheet.rows.retain(|_, cells| !cells.values().all(Content::looks_empty));
    Ok(sheet)
}

/// Unpacks everything into nothing, up to a limit: a small file may unpack to any size.
fn check_unpacked(bytes: &[u8]) -> Result<(), OrgError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| OrgError::NotAWorkbook)?;
    let mut left = UNPACKED_BYTES_MAX;
    for at in 0..archive.len() {
        let file = archive.by_index(at).map_err(|_| OrgError::NotAWorkbook)?;
        let mut file = file.take(left + 1);
        let size = std::io::copy(&mut file, &mut std::io::sink()).map_err(|_| OrgError::NotAWorkbook)?;
        left = left.checked_sub(size).ok_or(OrgError::WorkbookTooLarge)?;
    }
    Ok(())
}

/// How the cells of a sheet show their numbers.
struct Shapes {
    /// By style of the workbook.
    by_style: Vec<Shape>,
    /// The style of each cell that has not the first one.
    styles: HashMap<At, usize>,
    /// Are days counted from 1904?
    epoch_1904: bool,
}

impl Shapes {
    fn of(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Self, OrgError> {
        let epoch_1904 = book.has_1904_epoch();
        let mut cells = book.worksheet_cells_reader(name).map_err(|_| OrgError::NotAWorkbook)?;
        let shape = |style: &calamine::Style| {
            style
                .number_format
                .as_ref()
                .map_or(Shape::Plain, |format| Shape::of(format.format_id, &format.format_code))
        };
        let by_style: Vec<Shape> = cells.styles().iter().map(shape).collect();
        let mut styles = HashMap::new();
        while let Some((row, column, style)) = cells.next_style_id().map_err(|_| OrgError::NotAWorkbook)? {
            if row <= ROWS_MAX && column < COLUMNS_MAX {
                styles.insert(At { row, column }, style);
            }
        }
        Ok(Self { by_style, styles, epoch_1904 })
    }

    fn at(&self, at: At) -> Shape {
        let style = self.styles.get(&at).copied().unwrap_or_default();
        self.by_style.get(style).copied().unwrap_or(Shape::Plain)
    }
}

fn content(value: &DataRef<'_>, shape: Shape, epoch_1904: bool) -> Option<Content> {
    let text = |text: &str| match text {
        "" => None,
        long if long.chars().count() > CELL_CHARS_MAX => Some(Content::Bad("org/cell-too-long")),
        short => Some(Content::Text(short.to_owned())),
    };
    match value {
        DataRef::Empty => None,
        DataRef::String(string) => text(string),
        DataRef::SharedString(string) => text(string),
        DataRef::Int(number) => Some(number_shown(*number as f64, shape, epoch_1904)),
        DataRef::Float(number) => Some(number_shown(*number, shape, epoch_1904)),
        DataRef::DateTime(moment) if moment.is_datetime() => Some(date_of(moment.as_f64(), epoch_1904)),
        DataRef::DateTimeIso(iso) => {
            let date = iso.get(..10).and_then(|date| date.parse().ok());
            Some(date.map_or(Content::Bad("org/bad-date"), Content::Date))
        }
        DataRef::DateTime(_) | DataRef::DurationIso(_) | DataRef::Bool(_) => {
            Some(Content::Bad("org/bad-content"))
        }
        DataRef::Error(_) => Some(Content::Bad("org/cell-error")),
    }
}

/// A text as it may be shown, whatever is in it.
fn seen(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect::<String>().trim().to_owned()
}

impl Sheet {
    fn fault(&mut self, at: At, code: &'static str) {
        self.faults.push(Fault { at, code, params: BTreeMap::new() });
    }

    /// Finds the columns by their headings.
    fn head(&mut self, headings: BTreeMap<u32, Content>, columns: &[Column]) {
        for (column, content) in headings {
            let at = At { row: 0, column };
            let heading = match content {
                Content::Text(heading) => heading,
                Content::Date(date) => date.to_string(),
                Content::Bad(code) => {
                    self.fault(at, code);
                    continue;
                }
            };
            // The template marks required columns with a star.
            let written = fold(&heading).trim_end_matches('*').to_owned();
            let Some(known) = columns.iter().find(|known| fold(known.name) == written) else {
                let params = BTreeMap::from([("name", Value::from(seen(&heading)))]);
                self.faults.push(Fault { at, code: "org/unknown-column", params });
                continue;
            };
            if self.headings.insert(known.name.to_owned(), column).is_some() {
                self.fault(at, "org/column-twice");
            }
        }
        for column in columns.iter().filter(|column| column.required) {
            if !self.headings.contains_key(column.name) {
                let params = BTreeMap::from([("name", Value::from(column.name))]);
                self.faults.push(Fault { at: At { row: 0, column: 0 }, code: "org/missing-column", params });
            }
        }
    }

    /// Can rows be read at all?
    pub(crate) fn has_headings(&self, columns: &[Column]) -> bool {
        columns.iter().filter(|column| column.required).all(|column| self.headings.contains_key(column.name))
    }

    /// Where a column is; its place in the template where the sheet does not have it.
    pub(crate) fn at(&self, row: u32, heading: &str) -> At {
        At { row, column: self.headings.get(heading).copied().unwrap_or(0) }
    }

    /// The rows that have anything in them, by number from 0.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(number, cells)| Row {
            sheet: self,
            number: *number,
            cells,
            faults: Vec::new(),
        })
    }

    /// Has a row anything in it?
    pub(crate) fn has_row(&self, row: u32) -> bool {
        self.rows.contains_key(&row)
    }

    /// Is one of the columns that are read among these, from 0?
    pub(crate) fn has_column_within(&self, first: u32, last: u32) -> bool {
        self.headings.values().any(|column| (first..=last).contains(column))
    }

    /// Is there nothing in a cell?
    pub(crate) fn is_blank(&self, row: u32, heading: &str) -> bool {
        let cell = self.headings.get(heading).and_then(|column| self.rows.get(&row)?.get(column));
        cell.is_none_or(Content::looks_empty)
    }

    /// How many rows have anything in them.
    pub(crate) fn row_count(&self) -> usize {
        self.rows.len()
    }
}

/// A row under reading; notes what is wrong with its cells.
pub(crate) struct Row<'a> {
    sheet: &'a Sheet,
    pub(crate) number: u32,
    cells: &'a BTreeMap<u32, Content>,
    pub(crate) faults: Vec<Fault>,
}

impl Row<'_> {
    pub(crate) fn fault(&mut self, column: &str, code: &'static str) {
        self.fault_with(column, code, BTreeMap::new());
    }

    pub(crate) fn fault_with(
        &mut self,
        column: &str,
        code: &'static str,
        params: BTreeMap<&'static str, Value>,
    ) {
        self.faults.push(Fault { at: self.sheet.at(self.number, column), code, params });
    }

    fn content(&self, column: &str) -> Option<&Content> {
        self.cells.get(self.sheet.headings.get(column)?)
    }

    /// The text of a cell without what nobody sees; blanks around it are an error, for they would make two codes out of
    /// one, and so is a sign that no text takes.
    pub(crate) fn text(&mut self, column: &str) -> Option<String> {
        match self.content(column)?.clone() {
            Content::Text(text) => match clean_query(&text) {
                Ok(clean) if clean.is_empty() => None,
                Ok(clean) => {
                    if text.trim() != text {
                        self.fault(column, "org/untrimmed");
                    }
                    Some(clean)
                }
                Err(error) => {
                    self.fault_with(column, error.code(), error.problem().params);
                    // The row goes on, so that everything else that is wrong with it is told too.
                    Some(text.trim().to_owned())
                }
            },
            // The office program made a date of what was typed, a code like 12-1; what it was nobody knows any more.
            Content::Date(date) => {
                let params = BTreeMap::from([("text", Value::from(date.to_string()))]);
                self.fault_with(column, "org/became-date", params);
                None
            }
            Content::Bad(code) => {
                self.fault(column, code);
                None
            }
        }
    }

    /// One of the words of a column; the error says which there are.
    pub(crate) fn word<T>(
        &mut self,
        column: &str,
        words: &[&str],
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(column)?;
        let value = read(&text);
        if value.is_none() {
            let params =
                BTreeMap::from([("text", Value::from(text)), ("words", Value::from(words.join("、")))]);
            self.fault_with(column, "org/unknown-word", params);
        }
        value
    }

    /// The text of a cell that must not be empty.
    pub(crate) fn required(&mut self, column: &str) -> Option<String> {
        let before = self.faults.len();
        let text = self.text(column);
        if text.is_none() && self.faults.len() == before {
            self.fault(column, "org/required");
        }
        text
    }

    /// A cell that is read by a function; `code` says what is wrong with other texts.
    pub(crate) fn read<T>(
        &mut self,
        column: &str,
        code: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(column)?;
        let value = read(&text);
        if value.is_none() {
            self.fault_with(column, code, BTreeMap::from([("text", Value::from(text))]));
        }
        value
    }

    fn date(&mut self, column: &str) -> Option<Date> {
        match self.content(column)? {
            Content::Date(date) => Some(*date),
            Content::Text(text) if clean_query(text).is_ok_and(|text| text.is_empty()) => None,
            Content::Text(_) => {
                self.fault(column, "org/date-as-text");
                None
            }
            Content::Bad(code) => {
                let code = *code;
                self.fault(column, code);
                None
            }
        }
    }

    /// 有效期起 and 有效期止.
    pub(crate) fn dates(&mut self) -> Dates {
        let dates = Dates { valid_from: self.date("有效期起"), valid_to: self.date("有效期止") };
        if dates.is_reversed() {
            self.fault("有效期止", "org/dates-reversed");
        }
        dates
    }

    /// A unit by its code.
    pub(crate) fn unit(&mut self, column: &str, facts: &Facts<'_>) -> Option<UnitId> {
        self.read(column, "org/unknown-unit", |code| facts.unit(code))
    }

    /// A place or cell by its official code.
    pub(crate) fn area(&mut self, column: &str, facts: &Facts<'_>) -> Option<AreaKey> {
        self.read(column, "org/unknown-area", |code| {
            let key: AreaKey = fold_code(code).parse().ok()?;
            (facts.city.place(key).is_some() || facts.city.cell_at(key).is_some()).then_some(key)
        })
    }
}
