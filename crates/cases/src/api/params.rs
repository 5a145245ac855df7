//! What a list is asked for, read from the query of its address.

use std::str::FromStr;

use kernel::page::{Cursor, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX};
use kernel::problem::{Lang, Problem};
use kernel::text::fold_code;
use platform::web::Refusal;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::queries::Filter;

/// Filters of lists and counts. Several values of one filter are apart by commas.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
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
    /// The cursor that the page before gave as `next`. Lists only.
    after: Option<String>,
    /// Rows on a page, at most 100. Lists only.
    size: Option<u32>,
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
            None | Some("") => Ok(None),
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
            area: codes("area", self.area.as_deref())?.pop(),
            cell: one("cell", self.cell.as_deref())?,
            open: self.open.unwrap_or(false),
            overdue: self.overdue.unwrap_or(false),
            due_on: one("due_on", self.due_on.as_deref())?,
            reported_on: one("reported_on", self.reported_on.as_deref())?,
            closed_on: one("closed_on", self.closed_on.as_deref())?,
            mine: self.mine.unwrap_or(false),
            number: self.number.clone().filter(|number| !number.is_empty()),
        })
    }

    /// Where the page begins.
    ///
    /// # Errors
    /// 400 `platform/bad-cursor`.
    pub(crate) fn after(&self) -> Result<Option<Cursor>, Refusal> {
        let Some(text) = self.after.as_deref().filter(|text| !text.is_empty()) else { return Ok(None) };
        let bad = || Refusal(Problem::bad_request("platform/bad-cursor").at("?after", "platform/bad-cursor"));
        text.parse().map(Some).map_err(|_| bad())
    }

    /// How long it is.
    ///
    /// # Errors
    /// 400 `platform/bad-query` for none or more than there may be.
    pub(crate) fn size(&self) -> Result<u32, Refusal> {
        match self.size.unwrap_or(PAGE_SIZE_DEFAULT) {
            size @ 1..=PAGE_SIZE_MAX => Ok(size),
            size => Err(bad("size", &size.to_string())),
        }
    }
}

fn one<T: FromStr>(name: &str, text: Option<&str>) -> Result<Option<T>, Refusal> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| bad(name, text))
}

fn several<T: FromStr>(name: &str, text: Option<&str>) -> Result<Vec<T>, Refusal> {
    let words = text.unwrap_or_default().split(',').filter(|word| !word.is_empty());
    words.map(|word| word.parse().map_err(|_| bad(name, word))).collect()
}

/// Codes that people type, in any form.
fn codes<T: FromStr>(name: &str, text: Option<&str>) -> Result<Vec<T>, Refusal> {
    let words = text.unwrap_or_default().split([',', '，', '、']).filter(|word| !word.is_empty());
    words.map(|word| fold_code(word).parse().map_err(|_| bad(name, word))).collect()
}

fn bad(name: &str, value: &str) -> Refusal {
    let value: String = value.chars().take(40).collect();
    let problem = Problem::bad_request("platform/bad-query").with("said", format!("{name}={value}"));
    Refusal(problem.at(format!("?{name}"), "platform/bad-value"))
}
