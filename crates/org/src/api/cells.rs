//! Cells: list, counts, one cell's page.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use kernel::area::{AreaKey, AreaRange, Level};
use kernel::id::CellId;
use platform::web::{At, Caller, Page, Paging, Params, Refusal, etag};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{LngLat, Named, area_of, found, page};
use crate::city::City;
use crate::document::Kind;
use crate::errors::OrgError;
use crate::model::{Cell, DUTIES};
use crate::state::Org;

/// The level of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CellLevel {
    /// 市级.
    City,
    /// 镇级.
    Town,
    /// 村级.
    Cell,
}

impl CellLevel {
    const fn of(level: Level) -> Self {
        match level {
            Level::City => Self::City,
            Level::Town => Self::Town,
            Level::Village | Level::Cell => Self::Cell,
        }
    }
}

/// Filter of the list of cells.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CellQuery {
    /// Only cells of this level.
    level: Option<CellLevel>,
    /// Only cells in this area (code of 6, 9, 12 or 16 digits).
    area: Option<String>,
    /// Part of a name or code.
    q: Option<String>,
}

/// A cell in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CellRow {
    id: String,
    code: String,
    name: String,
    level: CellLevel,
    town_name: Option<String>,
    parent_id: Option<String>,
    /// How many people serve in it.
    persons: usize,
    /// The supporting unit.
    unit_name: Option<String>,
}

impl CellRow {
    fn of(city: &City, cell: &Cell) -> Self {
        let today = city.as_of();
        Self {
            id: cell.id.to_string(),
            code: cell.key.code(),
            name: cell.name.clone(),
            level: CellLevel::of(cell.level()),
            town_name: (cell.level() != Level::City).then(|| city.town_name(cell.key)),
            parent_id: city.parent_of(cell).map(|parent| parent.id.to_string()),
            persons: cell.persons.iter().filter(|person| person.valid.holds(today)).count(),
            unit_name: cell.supporting_unit.map(|unit| city.unit_name(unit).to_owned()),
        }
    }
}

/// The cells of the city, by code: the city, then town by town.
#[utoipa::path(get, path = "/api/v1/org/cells", tag = "org", operation_id = "listCells", params(CellQuery, Paging),
    responses((status = 200, description = "a page of cells", body = Page<CellRow>)))]
pub(super) async fn list(
    State(org): State<Org>,
    caller: Caller,
    Params(query): Params<CellQuery>,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<CellRow>>, Refusal> {
    let city = org.city(caller.city).await?;
    let area = area_of(query.area.as_deref())?.map(AreaKey::range);
    let after = area_of(paging.after.as_deref())?;
    let cells = city.cells().filter(|cell| {
        after.is_none_or(|after| after < cell.key)
            && query.level.is_none_or(|level| level == CellLevel::of(cell.level()))
            && meets(cell, area.as_ref(), query.q.as_deref())
    });
    Ok(Json(page(cells, paging.size()?, |cell| cell.key.code(), |cell| CellRow::of(&city, cell))))
}

/// Does the cell lie in the area, and do its name or code hold the words?
fn meets(cell: &Cell, area: Option<&AreaRange>, words: Option<&str>) -> bool {
    area.is_none_or(|area| area.holds(cell.key)) && found(words, &[&cell.name, &cell.key.code()])
}

/// Which cells are counted: those that the list gives under the same area and words.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CellCountQuery {
    /// Only cells in this area (code of 6, 9, 12 or 16 digits).
    area: Option<String>,
    /// Part of a name or code.
    q: Option<String>,
}

/// How many cells there are on each level.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CellCounts {
    /// 市级.
    city: usize,
    /// 镇级.
    town: usize,
    /// 村级.
    cell: usize,
    /// All of them.
    total: usize,
}

/// How many cells there are on each level, and their sum: as many as the list gives under the same filter.
#[utoipa::path(get, path = "/api/v1/org/cells/counts", tag = "org", operation_id = "countCells", params(CellCountQuery),
    responses((status = 200, description = "counts", body = CellCounts)))]
pub(super) async fn counts(
    State(org): State<Org>,
    caller: Caller,
    Params(query): Params<CellCountQuery>,
) -> Result<Json<CellCounts>, Refusal> {
    let city = org.city(caller.city).await?;
    let area = area_of(query.area.as_deref())?.map(AreaKey::range);
    let counted: Vec<CellLevel> = city
        .cells()
        .filter(|cell| meets(cell, area.as_ref(), query.q.as_deref()))
        .map(|cell| CellLevel::of(cell.level()))
        .collect();
    let count = |level: CellLevel| counted.iter().filter(|found| **found == level).count();
    let (of_city, town, cell) = (count(CellLevel::City), count(CellLevel::Town), count(CellLevel::Cell));
    Ok(Json(CellCounts { city: of_city, town, cell, total: of_city + town + cell }))
}

/// A person of a cell.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CellPersonView {
    duty: String,
    duty_name: &'static str,
    name: String,
    phone_masked: Option<String>,
}

/// The leader who is linked to a cell.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkedLeader {
    name: String,
    title: String,
}

/// A cell's page.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CellShow {
    id: String,
    code: String,
    name: String,
    level: CellLevel,
    parent: Option<Named>,
    children_count: usize,
    /// `null` where no polygon is known.
    area_km2: Option<f64>,
    /// A point inside; `null` where no polygon is known.
    centre: Option<LngLat>,
    persons: Vec<CellPersonView>,
    supporting_unit: Option<Named>,
    linked_leader: Option<LinkedLeader>,
    /// Who takes what nobody else is accountable for here (兜底).
    backstop_unit: Option<Named>,
    version: i64,
}

impl CellShow {
    fn of(city: &City, cell: &Cell) -> Self {
        let parent = city.parent_of(cell);
        let leader = cell.linked_leader.and_then(|id| city.person(id));
        Self {
            id: cell.id.to_string(),
            code: cell.key.code(),
            name: cell.name.clone(),
            level: CellLevel::of(cell.level()),
            parent: parent.map(|parent| Named { id: parent.id.to_string(), name: parent.name.clone() }),
            children_count: city.children_of(cell).count(),
            area_km2: city.places().area_km2(cell.key).map(|km2| (km2 * 1e4).round() / 1e4),
            centre: city.places().point_of(cell.key).map(LngLat::from),
            persons: persons(city, cell),
            supporting_unit: cell.supporting_unit.map(|unit| Named::unit(city, unit)),
            linked_leader: leader
                .map(|view| LinkedLeader { name: view.name.clone(), title: view.person.title.clone() }),
            backstop_unit: city.backstop_of(cell.key).map(|unit| Named::unit(city, unit)),
            version: city.record_version(Kind::Cell, cell.id.0),
        }
    }
}

/// Those who serve today, in order of their duties.
fn persons(city: &City, cell: &Cell) -> Vec<CellPersonView> {
    let mut persons = Vec::with_capacity(cell.persons.len());
    for duty in DUTIES {
        let serving = cell.persons.iter().filter(|p| p.duty == duty && p.valid.holds(city.as_of()));
        persons.extend(serving.filter_map(|p| city.person(p.person)).map(|view| CellPersonView {
            duty: duty.word().to_owned(),
            duty_name: duty.name(),
            name: view.name.clone(),
            phone_masked: view.phone_masked.clone(),
        }));
    }
    persons
}

/// One cell: its people, units and place in the grid.
#[utoipa::path(get, path = "/api/v1/org/cells/{id}", tag = "org", operation_id = "showCell",
    params(("id" = String, Path, description = "id of the cell")),
    responses((status = 200, description = "the cell", body = CellShow), (status = 404, description = "no such cell")))]
pub(super) async fn show(
    State(org): State<Org>,
    caller: Caller,
    At(id): At<CellId>,
) -> Result<([(HeaderName, HeaderValue); 1], Json<CellShow>), Refusal> {
    let city = org.city(caller.city).await?;
    let cell = city.cell(id).ok_or(OrgError::NoSuchRecord)?;
    let show = CellShow::of(&city, cell);
    Ok(([etag(show.version)], Json(show)))
}
