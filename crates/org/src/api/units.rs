//! Units.

use axum::Json;
use axum::extract::State;
use kernel::id::UnitId;
use platform::web::{At, Caller, Page, Paging, Params, Refusal};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{bad_query, found, page};
use crate::errors::OrgError;
use crate::model::{UNIT_KINDS, Unit, UnitKind};
use crate::state::Org;

/// Filter of the list of units.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UnitQuery {
    /// Part of a name or code.
    q: Option<String>,
    /// Only units of this kind.
    kind: Option<String>,
}

/// A unit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitView {
    id: String,
    code: String,
    name: String,
    short_name: String,
    kind: &'static str,
    kind_name: &'static str,
    area_code: Option<String>,
}

impl From<&Unit> for UnitView {
    fn from(unit: &Unit) -> Self {
        Self {
            id: unit.id.to_string(),
            code: unit.code.clone(),
            name: unit.name.clone(),
            short_name: unit.short_name.clone(),
            kind: unit.kind.word(),
            kind_name: unit.kind.name(),
            area_code: unit.area.map(|area| area.code()),
        }
    }
}

/// The units that stand, by code.
#[utoipa::path(get, path = "/api/v1/org/units", tag = "org", operation_id = "listUnits", params(UnitQuery, Paging),
    responses((status = 200, description = "a page of units", body = Page<UnitView>)))]
pub(super) async fn list(
    State(org): State<Org>,
    caller: Caller,
    Params(query): Params<UnitQuery>,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<UnitView>>, Refusal> {
    let city = org.city(caller.city).await?;
    let kind = match query.kind.as_deref() {
        None => None,
        Some(word) => Some(kind_of(word).ok_or_else(|| bad_query("kind", word, "org/unknown-kind"))?),
    };
    let after = paging.after.as_deref().unwrap_or_default();
    let mut units: Vec<&Unit> = city
        .units()
        .filter(|unit| kind.is_none_or(|kind| unit.kind == kind) && unit.valid.holds(city.as_of()))
        .filter(|unit| found(query.q.as_deref(), &[&unit.name, &unit.short_name, &unit.code]))
        .filter(|unit| after.is_empty() || unit.code.as_str() > after)
        .collect();
    units.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(Json(page(units.into_iter(), paging.size()?, |unit| unit.code.clone(), UnitView::from)))
}

fn kind_of(word: &str) -> Option<UnitKind> {
    UNIT_KINDS.into_iter().find(|kind| kind.word() == word)
}

/// One unit.
#[utoipa::path(get, path = "/api/v1/org/units/{id}", tag = "org", operation_id = "showUnit",
    params(("id" = String, Path, description = "id of the unit")),
    responses((status = 200, description = "the unit", body = UnitView), (status = 404, description = "no such unit")))]
pub(super) async fn show(
    State(org): State<Org>,
    caller: Caller,
    At(id): At<UnitId>,
) -> Result<Json<UnitView>, Refusal> {
    let city = org.city(caller.city).await?;
    let unit = city.unit(id).ok_or(OrgError::NoSuchRecord)?;
    Ok(Json(unit.into()))
}
