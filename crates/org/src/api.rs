//! The routes of the hall.

mod calendar;
mod cells;
mod geo;
mod imports;
mod matrix;
mod units;

pub(crate) use geo::{Ground, base_of, cells_of};

use axum::extract::DefaultBodyLimit;
use kernel::area::AreaKey;
use kernel::id::UnitId;
use kernel::place::Point;
use kernel::problem::Problem;
use kernel::rights::{Right, Target, may_somewhere};
use kernel::text::{finds, fold_code};
use platform::web::{Caller, Need, Page, Refusal, Slice, bad_value};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::UtoipaMethodRouter;
use utoipa_axum::routes;

use crate::city::City;
use crate::import::WORKBOOK_BYTES_MAX;
use crate::state::Org;

const READ: Need = Need::Right(Right::OrgRead);
const EDIT: Need = Need::Right(Right::OrgEdit);

/// The routes with the right that each needs.
pub fn routes() -> Slice<Org> {
    Slice::new()
        .route(Need::Public, routes!(geo::base))
        .route(Need::Public, routes!(geo::cells))
        .route(READ, routes!(cells::list))
        .route(READ, routes!(cells::counts))
        .route(READ, routes!(cells::show))
        .route(READ, routes!(units::list))
        .route(READ, routes!(units::show))
        .route(READ, routes!(matrix::list))
        .route(READ, routes!(matrix::findings))
        .route(READ, routes!(matrix::resolve))
        .route(READ, routes!(calendar::year))
        .route(EDIT, routes!(calendar::set_day))
        .route(EDIT, routes!(calendar::set_year))
        .route(EDIT, routes!(imports::template))
        .route(EDIT, large(routes!(imports::preview)))
        .route(EDIT, routes!(imports::list))
        .route(EDIT, routes!(imports::show))
        .route(EDIT, routes!(imports::export))
        .route(EDIT, routes!(imports::discard))
        .route(EDIT, routes!(imports::apply))
        .route(EDIT, routes!(imports::undo))
}

/// A route that takes workbooks. A little more than the largest, so that the refusal is ours.
fn large((schemas, paths, methods): UtoipaMethodRouter<Org>) -> UtoipaMethodRouter<Org> {
    (schemas, paths, methods.layer(DefaultBodyLimit::max(WORKBOOK_BYTES_MAX + 1)))
}

/// Does a right reach over the whole city? Its list, units, people and calendar are one.
fn may_everywhere(caller: &Caller, right: Right) -> bool {
    let whole = AreaKey::of(caller.city.0, 0, 0, 0);
    whole.is_some_and(|area| caller.may(right, &Target { area, unit: None }))
}

/// Refuses whoever has a right in a part of the city only, or not at all.
fn need_everywhere(caller: &Caller, right: Right) -> Result<(), Refusal> {
    if may_everywhere(caller, right) {
        return Ok(());
    }
    let code = if may_somewhere(&caller.grants, right) { "org/whole-city" } else { "platform/not-allowed" };
    Err(Refusal(Problem::forbidden(code)))
}

/// A short reference: id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Named {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
}

impl Named {
    fn unit(city: &City, id: UnitId) -> Self {
        Self { id: id.to_string(), name: city.unit_name(id).to_owned() }
    }
}

/// A point in WGS84 degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub(crate) struct LngLat {
    /// Degrees east.
    lng: f64,
    /// Degrees north.
    lat: f64,
}

impl From<Point> for LngLat {
    fn from(point: Point) -> Self {
        Self { lng: point.lng(), lat: point.lat() }
    }
}

/// A value of a query that does not fit.
fn bad_query(name: &str, text: &str, code: &'static str) -> Refusal {
    Refusal(bad_value(name, text, code))
}

/// An area code of a query: 6, 9, 12 or 16 digits, in any form.
fn area_of(text: Option<&str>) -> Result<Option<AreaKey>, Refusal> {
    let read = |text: &str| fold_code(text).parse().map_err(|_| bad_query("area", text, "org/bad-area-code"));
    text.filter(|text| !text.is_empty()).map(read).transpose()
}

/// The next page of a list in memory: `rows` in order of their key, from after the last one seen.
fn page<T, V: ToSchema>(
    rows: impl Iterator<Item = T>,
    size: u32,
    key: impl Fn(&T) -> String,
    view: impl Fn(T) -> V,
) -> Page<V> {
    let mut rows = rows.peekable();
    let size = size as usize;
    let mut items = Vec::with_capacity(size);
    let mut last = None;
    while items.len() < size {
        let Some(row) = rows.next() else { break };
        last = Some(key(&row));
        items.push(view(row));
    }
    let next = if rows.peek().is_some() { last } else { None };
    Page { items, next }
}

/// Does a text hold what was typed into a search box, however it was typed? Empty finds everything.
fn found(query: Option<&str>, texts: &[&str]) -> bool {
    query.is_none_or(|query| finds(query, texts))
}
