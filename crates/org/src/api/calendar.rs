//! The working calendar: what is worked, and changing a day.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use kernel::calendar::DayKind;
use kernel::problem::Problem;
use kernel::rights::Right;
use kernel::time::Date;
use platform::db::Fault;
use platform::web::{At, Body, Caller, IfMatch, Params, Refusal, etag};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{bad_query, need_everywhere};
use crate::city::City;
use crate::commands::{Change, Edit};
use crate::document::Document;
use crate::model::{CompleteYear, Day, Record};
use crate::state::Org;

/// Which year.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct YearQuery {
    /// For example 2026; this year when left out.
    #[param(minimum = 2000, maximum = 2100)]
    year: Option<i16>,
}

/// A date that differs from its weekday.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DayView {
    /// `2026-10-01`.
    date: String,
    /// `holiday` or `workday`.
    kind: &'static str,
    name: String,
}

/// A year of the working calendar.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct YearView {
    year: i16,
    /// Is the table of the year complete? If not, deadlines take its holidays for working days.
    known: bool,
    /// Of the whole calendar; for `If-Match`.
    version: i64,
    /// Working hours of a working day as `["08:00", "12:00"]`.
    hours: Vec<[String; 2]>,
    days: Vec<DayView>,
}

impl YearView {
    fn of(city: &City, year: i16) -> Self {
        let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        let days = city.days().values().filter(|day| day.date.year() == year).map(|day| DayView {
            date: day.date.to_string(),
            kind: match day.kind {
                DayKind::Holiday => "holiday",
                DayKind::Workday => "workday",
            },
            name: day.name.clone(),
        });
        Self {
            year,
            version: city.versions().calendar,
            known: city.calendar().known_years().contains(&year),
            hours: city.calendar().hours().iter().map(|(from, to)| [clock(*from), clock(*to)]).collect(),
            days: days.collect(),
        }
    }

    /// With the version as ETag.
    fn answer(city: &City, year: i16) -> Answered {
        let view = Self::of(city, year);
        ([etag(view.version)], Json(view))
    }
}

/// A year with its version as ETag.
type Answered = ([(HeaderName, HeaderValue); 1], Json<YearView>);

/// The working calendar of a year.
#[utoipa::path(get, path = "/api/v1/org/calendar", tag = "org", operation_id = "calendarYear", params(YearQuery),
    responses((status = 200, description = "the year", body = YearView)))]
pub(super) async fn year(
    State(org): State<Org>,
    caller: Caller,
    Params(query): Params<YearQuery>,
) -> Result<Answered, Refusal> {
    let city = org.city(caller.city).await?;
    let year = query.year.unwrap_or_else(|| org.ctx.now().date().year());
    if !(2000..=2100).contains(&year) {
        return Err(bad_query("year", &year.to_string(), "org/date-out-of-range"));
    }
    Ok(YearView::answer(&city, year))
}

/// What a date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DaySetting {
    /// 放假.
    Holiday,
    /// 调休上班.
    Workday,
    /// As its weekday says.
    Default,
}

/// A change of a date.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetDay {
    kind: DaySetting,
    /// Why, for example 春节; may be empty for `default`.
    #[serde(default)]
    name: String,
    /// The last day, where it is several in a row: 国庆 from 10-01 to 10-07 in one entry.
    #[serde(default)]
    to: Option<String>,
}

/// Says what a date is, or several in a row. Deadlines follow it: running ones that are not over are counted anew.
#[utoipa::path(put, path = "/api/v1/org/calendar/{date}", tag = "org", operation_id = "setCalendarDay",
    params(("date" = String, Path, description = "for example 2026-10-01"),
        ("If-Match" = String, Header, description = "version of the calendar that the caller has seen")),
    request_body = SetDay,
    responses((status = 200, description = "its year", body = YearView),
        (status = 409, description = "somebody changed the calendar since"), (status = 422, description = "does not fit")))]
pub(super) async fn set_day(
    State(org): State<Org>,
    caller: Caller,
    At(date): At<String>,
    seen: IfMatch,
    Body(body): Body<SetDay>,
) -> Result<Answered, Refusal> {
    let date: Date = date.parse().map_err(|_| bad_query("date", &date, "org/bad-date"))?;
    let city = seen_by(&org, &caller, seen).await?;
    let kind = match body.kind {
        DaySetting::Workday => DayKind::Workday,
        DaySetting::Holiday | DaySetting::Default => DayKind::Holiday,
    };
    let mut edits = own_table(&city);
    for date in span(date, body.to.as_deref())? {
        let day = Day { date, kind, name: body.name.trim().to_owned() };
        edits.retain(|edit| edit.change.target().1 != day.id());
        edits.extend(turned(&city, day.into(), body.kind != DaySetting::Default));
    }
    changed(&org, &caller, edits, date.year()).await
}

/// Most days that are set at once.
const DAYS_MAX: usize = 31;

/// The days from the first to the last, both included.
fn span(first: Date, last: Option<&str>) -> Result<Vec<Date>, Refusal> {
    let refused = |code: &'static str| {
        Refusal(Problem::unprocessable(code).with("max", DAYS_MAX).at_with(
            "/to",
            code,
            [("max", DAYS_MAX.into())],
        ))
    };
    let last: Date = match last.map(str::trim).filter(|text| !text.is_empty()) {
        None => return Ok(vec![first]),
        Some(text) => text.parse().map_err(|_| refused("org/bad-date"))?,
    };
    if last < first {
        return Err(refused("org/dates-reversed"));
    }
    let days: Vec<Date> = std::iter::successors(Some(first), |day| day.tomorrow().ok())
        .take_while(|day| *day <= last)
        .take(DAYS_MAX + 1)
        .collect();
    if days.len() > DAYS_MAX { Err(refused("org/range-too-long")) } else { Ok(days) }
}

/// A word on a year.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetYear {
    /// Are all its holidays and 调休 in the table?
    complete: bool,
}

/// Says whether the table of a year is complete; until then deadlines in it are marked as guesses. The years that the
/// product comes with are complete.
#[utoipa::path(put, path = "/api/v1/org/calendar/years/{year}", tag = "org", operation_id = "setCalendarYear",
    params(("year" = String, Path, description = "for example 2027"),
        ("If-Match" = String, Header, description = "version of the calendar that the caller has seen")),
    request_body = SetYear,
    responses((status = 200, description = "the year", body = YearView),
        (status = 409, description = "somebody changed the calendar since"), (status = 422, description = "it has no dates yet")))]
pub(super) async fn set_year(
    State(org): State<Org>,
    caller: Caller,
    At(year): At<String>,
    seen: IfMatch,
    Body(body): Body<SetYear>,
) -> Result<Answered, Refusal> {
    let year: i16 = year.parse().map_err(|_| bad_query("year", &year, "org/bad-date"))?;
    let city = seen_by(&org, &caller, seen).await?;
    let mut edits = if body.complete { own_table(&city) } else { Vec::new() };
    edits.extend(turned(&city, CompleteYear { year }.into(), body.complete));
    changed(&org, &caller, edits, year).await
}

/// The city, for whoever may change its calendar and has seen it as it is.
async fn seen_by(org: &Org, caller: &Caller, IfMatch(seen): IfMatch) -> Result<Arc<City>, Refusal> {
    need_everywhere(caller, Right::OrgEdit)?;
    let city = org.city(caller.city).await?;
    if city.versions().calendar == seen { Ok(city) } else { Err(Fault::LostRace.into()) }
}

/// The first change of a city makes the seeded table its own; from then on it stands in the records.
fn own_table(city: &City) -> Vec<Edit> {
    if city.records().days.is_empty() {
        crate::city::seeded_days().into_iter().map(Edit::from).collect()
    } else {
        Vec::new()
    }
}

/// The change after which a record stands so, or does not stand; none where there is nothing to remove. It expects the
/// record as the snapshot has it: somebody else may be faster after all.
fn turned(city: &City, document: Document, stand: bool) -> Option<Edit> {
    let (kind, id) = (document.kind(), document.id());
    let stands = city.records().stands(kind, id);
    let expected = Some(if stands { city.record_version(kind, id) } else { 0 });
    let change = if stand { Change::Set(document) } else { Change::Remove(kind, id) };
    (stand || stands).then_some(Edit { change, expected })
}

/// Makes the changes, and answers with the year as it is then.
async fn changed(org: &Org, caller: &Caller, edits: Vec<Edit>, year: i16) -> Result<Answered, Refusal> {
    let city = org.edit(caller.city, caller.actor(), edits).await?;
    Ok(YearView::answer(&city, year))
}
