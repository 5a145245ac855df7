//! What a list is asked for, read from the query of its address.

use std::str::FromStr;

use kernel::page::Cursor;
use kernel::problem::{Lang, Problem};
use kernel::text::fold_code;
use platform::web::{Paging, Refusal, bad_value};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::queries::Filter;

/// Filters of lists and counts. Several values of one filter are apart by commas. What is neither a filter nor of the page
/// is refused at the door.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CaseParams {
    /// States, such as `pending_file,handling`.
    state: Option<String>,
    /// Classes or groups, such as `E01,P0137`.
    class: Option<String>,
    /// One channel.
    source: Option<String>,
    /// One accountable unit.
    unit: Option<String>,
    /// Everything in an area: 6, 9, 12 or 16 digits.
    area: Option<String>,
    /// One cell.
    cell: Option<String>,
    /// Neither closed nor refused.
    open: Option<bool>,
    /// Overdue now.
    overdue: Option<bool>,
    /// Whose running clock ends on this day, `2026-03-02`.
    due_on: Option<String>,
    /// Reported on this day.
    reported_on: Option<String>,
    /// Closed on this day.
    closed_on: Option<String>,
    /// Whose next step is the caller's.
    mine: Option<bool>,
    /// Whose number begins with this, in any form, with or without its letters and hyphen.
    number: Option<String>,
}

/// What a live stream is asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct LiveParams {
    /// The language of the lines, `zh` or `en`: browsers send no header of ours with a stream. Without it, as
    /// `Accept-Language` says.
    lang: Option<String>,
}

impl LiveParams {
    /// The language.
    ///
    /// # Errors
    /// 400 `platform/bad-query` for any other.
    pub(crate) fn lang(&self) -> Result<Option<Lang>, Refusal> {
        match self.lang.as_deref() {
            None => Ok(None),
            Some("zh") => Ok(Some(Lang::Zh)),
            Some("en") => Ok(Some(Lang::En)),
            Some(other) => Err(bad("lang", other)),
        }
    }
}

impl CaseParams {
    /// The filter.
    ///
    /// # Errors
    /// 400 `platform/bad-query` that points at the value.
    pub(crate) fn filter(&self) -> Result<Filter, Refusal> {
        Ok(Filter {
            states: several("state", self.state.as_deref())?,
            classes: codes("class", self.class.as_deref())?,
            source: one("source", self.source.as_deref())?,
            unit: one("unit", self.unit.as_deref())?,
            area: code("area", self.area.as_deref())?,
            cell: one("cell", self.cell.as_deref())?,
            open: self.open.unwrap_or(false),
            overdue: self.overdue.unwrap_or(false),
            due_on: one("due_on", self.due_on.as_deref())?,
            reported_on: one("reported_on", self.reported_on.as_deref())?,
            closed_on: one("closed_on", self.closed_on.as_deref())?,
            mine: self.mine.unwrap_or(false),
            number: self.number.clone(),
        })
    }
}

/// Where the page begins.
///
/// # Errors
/// 400 `platform/bad-cursor`.
pub(crate) fn after(paging: &Paging) -> Result<Option<Cursor>, Refusal> {
    let bad = || Refusal(Problem::bad_request("platform/bad-cursor").at("?after", "platform/bad-cursor"));
    paging.after.as_deref().map(|text| text.parse().map_err(|_| bad())).transpose()
}

fn one<T: FromStr>(name: &str, text: Option<&str>) -> Result<Option<T>, Refusal> {
    text.map(|text| text.parse().map_err(|_| bad(name, text))).transpose()
}

fn several<T: FromStr>(name: &str, text: Option<&str>) -> Result<Vec<T>, Refusal> {
    // An empty word between two commas is none of them, and is refused with the rest.
    text.into_iter()
        .flat_map(|text| text.split(',').map(|word| word.parse().map_err(|_| bad(name, text))))
        .collect()
}

/// One code that people type, in any form.
fn code<T: FromStr>(name: &str, text: Option<&str>) -> Result<Option<T>, Refusal> {
    let text = text.filter(|text| !text.is_empty());
    text.map(|text| fold_code(text).parse().map_err(|_| bad(name, text))).transpose()
}

/// Codes that people type, in any form.
fn codes<T: FromStr>(name: &str, text: Option<&str>) -> Result<Vec<T>, Refusal> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(Vec::new()) };
    text.split([',', '，', '、']).map(|word| fold_code(word).parse().map_err(|_| bad(name, text))).collect()
}

fn bad(name: &str, value: &str) -> Refusal {
    Refusal(bad_value(name, value, "platform/bad-value"))
}
