//! The responsibility list: rows, findings, and who answers for a place.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel::area::{AreaKey, AreaRange};
use kernel::class::ClassCode;
use kernel::id::{CityId, UnitId};
use kernel::place::{Crs, Incoming};
use kernel::problem::ToProblem;
use kernel::time::Time;
use platform::web::{Caller, Page, Params, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use super::{LngLat, Named, area_of, bad_query, page, size_of};
use crate::city::{City, CityFinding};
use crate::document::Kind;
use crate::errors::OrgError;
use crate::model::{AreaSelector, ClassSelector, MatrixRow};
use crate::responsibility::window_text;
use crate::state::Org;

/// Filter of the responsibility list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MatrixQuery {
    /// Only rows that speak of this class, or of classes in this 大类.
    class: Option<String>,
    /// Only rows that hold somewhere in this area (code of 6, 9, 12 or 16 digits).
    area: Option<String>,
    /// Only rows with this unit, accountable or helping.
    unit: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows per page, at most 100.
    size: Option<u32>,
}

/// A row of the responsibility list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MatrixRowView {
    id: String,
    row_no: u32,
    /// Code of the 小类 or 大类; empty for all classes.
    class_code: String,
    class_name: String,
    area_code: String,
    area_name: String,
    /// 主管, 权属, 养护 …: the row holds only where its unit stands in this relation.
    owner_kind: Option<&'static str>,
    time_text: Option<String>,
    unit: Named,
    helpers: Vec<Named>,
    note: Option<String>,
    version: i64,
}

impl MatrixRowView {
    fn of(city: &City, row: &MatrixRow) -> Self {
        Self {
            id: row.id.to_string(),
            row_no: row.row_no,
            class_code: row.class.map_or_else(String::new, |class| class.to_string()),
            class_name: city.class_selector_name(row.class),
            area_code: city.selector_code(row.area),
            area_name: city.selector_name(row.area),
            owner_kind: row.owner.map(|kind| kind.name()),
            time_text: window_text(row.window, row.valid),
            unit: Named::unit(city, row.unit),
            helpers: row.helpers.iter().map(|unit| Named::unit(city, *unit)).collect(),
            note: (!row.note.is_empty()).then(|| row.note.clone()),
            version: city.record_version(Kind::MatrixRow, row.id.0),
        }
    }
}

/// The rows of the responsibility list, by number.
#[utoipa::path(get, path = "/api/v1/org/matrix", tag = "org", operation_id = "listMatrix", params(MatrixQuery),
    responses((status = 200, description = "a page of rows", body = Page<MatrixRowView>)))]
pub(super) async fn list(
    State(org): State<Org>,
    caller: Caller,
    Params(query): Params<MatrixQuery>,
) -> Result<Json<Page<MatrixRowView>>, Refusal> {
    let city = org.city(caller.city).await?;
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let class: Option<ClassSelector> = given(query.class)
        .map(|text| text.parse().map_err(|_| bad_query("class", &text, "org/bad-class-code")))
        .transpose()?;
    let unit: Option<UnitId> = given(query.unit)
        .map(|text| text.parse().map_err(|_| bad_query("unit", &text, "org/bad-id")))
        .transpose()?;
    let after: u32 = given(query.after)
        .map_or(Ok(0), |text| text.parse().map_err(|_| bad_query("after", &text, "platform/bad-cursor")))?;
    let area = area_of(query.area.as_deref())?.map(AreaKey::range);
    let rows = city.matrix().rows().iter().filter(|row| {
        row.row_no > after
            && class.is_none_or(|class| speaks_of(row, class))
            && area.is_none_or(|area| meets(&city, row, &area))
            && unit.is_none_or(|unit| row.unit == unit || row.helpers.contains(&unit))
    });
    let view = |row: &MatrixRow| MatrixRowView::of(&city, row);
    Ok(Json(page(rows, size_of(query.size), |row| row.row_no.to_string(), view)))
}

/// Does a row speak of a class, or of any class of a 大类?
fn speaks_of(row: &MatrixRow, asked: ClassSelector) -> bool {
    match (row.class, asked) {
        (None, _) => true,
        (Some(own), ClassSelector::Class(class)) => own.covers(class),
        (Some(ClassSelector::Group(own)), ClassSelector::Group(group)) => own == group,
        (Some(ClassSelector::Class(own)), ClassSelector::Group(group)) => own.group() == group,
    }
}

fn meets(city: &City, row: &MatrixRow, area: &AreaRange) -> bool {
    match row.area {
        AreaSelector::Area(key) => key.range().meets(area),
        AreaSelector::Zone(id) => {
            let zone = city.zones().get(&id);
            zone.is_some_and(|zone| zone.parts.iter().any(|part| part.range.meets(area)))
        }
    }
}

/// A row in a finding.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingRow {
    id: String,
    row_no: u32,
    unit_name: String,
}

/// A hole or an overlap.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingView {
    /// `hole`, `overlap`, `grid_hole` or `grid_overlap`.
    kind: &'static str,
    title: String,
    class_code: Option<String>,
    class_name: Option<String>,
    area_code: Option<String>,
    area_name: Option<String>,
    time_text: Option<String>,
    rows: Vec<FindingRow>,
    backstop_unit: Option<Named>,
    point: Option<LngLat>,
    /// GeoJSON geometry.
    #[schema(value_type = Option<Object>)]
    geometry: Option<Box<RawValue>>,
}

impl FindingView {
    fn of(city: &City, finding: &CityFinding) -> Self {
        let row = |(row, unit): &(crate::city::RowRef, UnitId)| FindingRow {
            id: row.id.to_string(),
            row_no: row.row_no,
            unit_name: city.unit_name(*unit).to_owned(),
        };
        Self {
            kind: finding.kind,
            title: finding.title.clone(),
            class_code: finding.class.map(|class| class.to_string()),
            class_name: finding.class_name.clone(),
            area_code: finding.area.map(AreaKey::code),
            area_name: Some(finding.area_name.clone()),
            time_text: finding.time_text.clone(),
            rows: finding.rows.iter().map(row).collect(),
            backstop_unit: finding.backstop.map(|unit| Named::unit(city, unit)),
            point: finding.point.map(LngLat::from),
            geometry: finding.geometry.clone().and_then(|text| RawValue::from_string(text).ok()),
        }
    }
}

/// Every hole and overlap of responsibility and grid.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingsView {
    holes: usize,
    overlaps: usize,
    items: Vec<FindingView>,
}

/// Every hole and overlap over the whole responsibility list and the whole grid.
#[utoipa::path(get, path = "/api/v1/org/matrix/findings", tag = "org", operation_id = "matrixFindings",
    responses((status = 200, description = "holes and overlaps", body = FindingsView)))]
pub(super) async fn findings(State(org): State<Org>, caller: Caller) -> Result<Json<FindingsView>, Refusal> {
    let city = org.city(caller.city).await?;
    let view = tokio::task::spawn_blocking(move || {
        let findings = city.findings();
        let items = findings.items.iter().map(|finding| FindingView::of(&city, finding)).collect();
        FindingsView { holes: findings.holes, overlaps: findings.overlaps, items }
    });
    let failed = |error: tokio::task::JoinError| platform::db::Fault::Panicked(error.to_string().into());
    Ok(Json(view.await.map_err(failed)?))
}

/// A place, a class and a moment.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ResolveQuery {
    /// Degrees east.
    lng: f64,
    /// Degrees north.
    lat: f64,
    /// Coordinate system; WGS84 when left out.
    crs: Option<String>,
    /// Code of the 小类.
    class_code: String,
    /// UTC milliseconds; now when left out.
    at: Option<i64>,
}

/// A cell by id, name and code.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CellNamed {
    id: String,
    name: String,
    code: String,
}

/// A row by id, number and words.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RowNamed {
    id: String,
    row_no: u32,
    text: String,
}

/// Who answers, and why.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResolvedView {
    cell: Option<CellNamed>,
    unit: Named,
    helpers: Vec<Named>,
    row: Option<RowNamed>,
    /// The deciding step.
    reason: String,
    backstop: bool,
    /// All steps, in order.
    steps: Vec<String>,
}

/// Who is accountable for a class at a place and a moment.
#[utoipa::path(get, path = "/api/v1/org/resolve", tag = "org", operation_id = "resolve", params(ResolveQuery),
    responses((status = 200, description = "the accountable unit", body = ResolvedView),
        (status = 422, description = "outside of the city")))]
pub(super) async fn resolve(
    State(org): State<Org>,
    caller: Caller,
    Params(query): Params<ResolveQuery>,
) -> Result<Json<ResolvedView>, Refusal> {
    let city = city_of(&org, caller.city).await?;
    let class: ClassCode = query
        .class_code
        .parse()
        .map_err(|_| bad_query("class_code", &query.class_code, "org/bad-class-code"))?;
    let crs = query.crs.as_deref().map_or(Ok(Crs::Wgs84), Crs::parse).map_err(|e| Refusal(e.problem()))?;
    let incoming = Incoming { lng: query.lng, lat: query.lat, crs, accuracy_m: None };
    let point = incoming.to_point().map_err(|error| Refusal(error.problem()))?;
    let at = match query.at {
        Some(ms) => Time::from_outside(ms)
            .ok_or_else(|| bad_query("at", &ms.to_string(), "platform/no-such-moment"))?,
        None => org.ctx.now(),
    };
    let (located, answer) = city.resolve_point(point, class, at)?;
    let cell = located.cell.and_then(|cell| city.cell(cell.id));
    let row = answer.row.and_then(|row| city.matrix().row(row.id));
    // Place and class are the first two steps, the deciding one is the third.
    let reason = answer.steps.get(2).cloned().unwrap_or_default();
    Ok(Json(ResolvedView {
        cell: cell.map(|cell| CellNamed {
            id: cell.id.to_string(),
            name: cell.name.clone(),
            code: cell.key.code(),
        }),
        unit: Named::unit(&city, answer.unit),
        helpers: answer.helpers.iter().map(|unit| Named::unit(&city, *unit)).collect(),
        row: row.map(|row| RowNamed { id: row.id.to_string(), row_no: row.row_no, text: city.row_text(row) }),
        reason,
        backstop: answer.backstop,
        steps: answer.steps,
    }))
}

async fn city_of(org: &Org, id: CityId) -> Result<Arc<City>, Refusal> {
    let city = org.city(id).await?;
    if city.backstop_of(city.key()).is_none() { Err(OrgError::NoBackstop.into()) } else { Ok(city) }
}
