//! What stands, as the workbook that can be imported again unchanged: the template's headings, filled.

use std::collections::{BTreeMap, HashMap};

use kernel::id::UserId;
use kernel::time::Date;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};

use super::sheet::Facts;
use super::template::form_of;
use super::{Form, ImportKind, matrix, people, units};
use crate::city::City;
use crate::model::PersonId;

/// A row by its headings.
pub(super) type Texts = BTreeMap<String, String>;

/// The workbook of a kind. `staff` are names and phones, `logins` those of people who have one.
pub(crate) fn workbook(
    city: &City,
    kind: ImportKind,
    staff: &HashMap<PersonId, (String, Option<String>)>,
    logins: &HashMap<UserId, String>,
) -> Result<Vec<u8>, XlsxError> {
    let by_login = logins.iter().map(|(user, login)| (login.clone(), *user)).collect();
    let facts = Facts { people: staff.clone(), logins: by_login, ..Facts::of(city, UserId(0)) };
    let rows: Vec<Texts> = match kind {
        ImportKind::Units => units::exported(&facts),
        ImportKind::People => people::exported(&facts),
        ImportKind::Matrix => matrix::exported(city),
    };
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name(kind.sheet_name())?;
    form_of(sheet, kind.columns())?;
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let text = Format::new().set_num_format("@").set_quote_prefix();
    for (line, row) in (1_u32..).zip(&rows) {
        for (at, column) in (0_u16..).zip(kind.columns()) {
            let Some(value) = row.get(column.name).filter(|value| !value.is_empty()) else { continue };
            match (column.form, value.parse::<Date>()) {
                (Form::Date, Ok(day)) => {
                    let day = ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.day() as u8)?;
                    sheet.write_datetime_with_format(line, at, &day, &date)?;
                }
                // A text whatever it begins with: no program takes `=…` for a formula, nor a code for a number.
                (Form::Date | Form::Text | Form::Words(_), _) => {
                    sheet.write_string_with_format(line, at, value, &text)?;
                }
            }
        }
    }
    book.save_to_buffer()
}
