//! The working calendar: what is worked, and changing a day.

use axum::Json;
use axum::extract::State;
use kernel::calendar::DayKind;
use kernel::rights::Right;
use kernel::time::Date;
use platform::web::{At, Body, Caller, Params, Refusal};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{bad_query, need_everywhere};
use crate::city::City;
use crate::commands::{Change, Edit};
use crate::document::Kind;
use crate::model::{Day, Record};
use crate::state::Org;

/// Which year.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct YearQuery {
    /// For example 2026; this year when left out.
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
    /// Is the table of the year filled in? If not, deadlines take its holidays for working days.
    known: bool,
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
            known: city.calendar().known_years().contains(&year),
            hours: city.calendar().hours().iter().map(|(from, to)| [clock(*from), clock(*to)]).collect(),
            days: days.collect(),
        }
    }
}

/// The working calendar of a year.
#[utoipa::path(get, path = "/api/v1/org/calendar", tag = "org", operation_id = "calendarYear", params(YearQuery),
    responses((status = 200, description = "the year", body = YearView)))]
pub(super) async fn year(
    State(org): State<Org>,
    caller: Caller,
    Params(query): Params<YearQuery>,
) -> Result<Json<YearView>, Refusal> {
    let city = org.city(caller.city).await?;
    let year = query.year.unwrap_or_else(|| org.ctx.now().date().year());
    if !(2000..=2100).contains(&year) {
        return Err(bad_query("year", &year.to_string(), "org/date-out-of-range"));
    }
    Ok(Json(YearView::of(&city, year)))
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
}

/// Says what a date is. Deadlines that are computed from now on follow it.
#[utoipa::path(put, path = "/api/v1/org/calendar/{date}", tag = "org", operation_id = "setCalendarDay",
    params(("date" = String, Path, description = "for example 2026-10-01")), request_body = SetDay,
    responses((status = 200, description = "its year", body = YearView), (status = 422, description = "does not fit")))]
pub(super) async fn set_day(
    State(org): State<Org>,
    caller: Caller,
    At(date): At<String>,
    Body(body): Body<SetDay>,
) -> Result<Json<YearView>, Refusal> {
    need_everywhere(&caller, Right::OrgEdit)?;
    let date: Date = date.parse().map_err(|_| bad_query("date", &date, "org/bad-date"))?;
    let city = org.city(caller.city).await?;
    // The first change of a city makes the seeded table its own; from then on it stands in the records.
    let mut days: Vec<Day> =
        if city.records().days.is_empty() { crate::city::seeded_days() } else { Vec::new() };
    days.retain(|day| day.date != date);
    let set = |kind: DayKind| Day { date, kind, name: body.name.trim().to_owned() };
    let mut edits: Vec<Edit> = days.into_iter().map(Edit::from).collect();
    match body.kind {
        DaySetting::Holiday => edits.push(set(DayKind::Holiday).into()),
        DaySetting::Workday => edits.push(set(DayKind::Workday).into()),
        DaySetting::Default => {
            let id = set(DayKind::Holiday).id();
            if city.records().days.iter().any(|day| day.date == date) {
                edits.push(Edit { change: Change::Remove(Kind::Day, id), expected: None });
            }
        }
    }
    let city = org.edit(caller.city, caller.actor(), edits).await?;
    Ok(Json(YearView::of(&city, date.year())))
}
