//! The ground of every map: outline, towns, neighbours, cells. Public, and the same for everybody, so that it may be
//! cached by its content hash.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::area::Level;
use platform::secrets::digest;
use platform::web::{Caller, Refusal, has_already};
use serde_json::json;
use serde_json::value::RawValue;

use crate::city::City;
use crate::places::geometry_text;
use crate::state::Org;

/// A body with its hash.
#[derive(Debug, Clone)]
pub(crate) struct Ground {
    body: Bytes,
    hash: String,
}

impl Ground {
    fn of(body: String) -> Self {
        let hash = hex_of(&digest(body.as_bytes()));
        Self { body: Bytes::from(body), hash }
    }

    fn answer(&self, headers: &HeaderMap) -> Response {
        let etag = format!("\"{}\"", self.hash);
        let known = has_already(headers, &etag);
        // A changed grid is seen within minutes; until then no map asks at all, and afterwards mostly gets a 304.
        let cache = [(header::CACHE_CONTROL, "public, max-age=300".to_owned()), (header::ETAG, etag)];
        if known {
            return (StatusCode::NOT_MODIFIED, cache).into_response();
        }
        let kind = [(header::CONTENT_TYPE, "application/json")];
        (cache, kind, self.body.clone()).into_response()
    }
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// A raw text of JSON as a value, `null` where there is none.
fn raw(text: Option<String>) -> Option<Box<RawValue>> {
    text.and_then(|text| RawValue::from_string(text).ok())
}

/// Outline, neighbours and towns of a city.
pub(crate) fn base_of(city: &City) -> Ground {
    let outline = city.places().outline().map(|shape| geometry_text(&shape.polygons));
    let towns: Vec<_> = city
        .places()
        .towns()
        .iter()
        .map(|shape| {
            let label = city.places().point_of(shape.key).map(|point| [point.lng(), point.lat()]);
            json!({
                "type": "Feature",
                "properties": {"code": shape.key.code(), "name": city.area_name(shape.key), "label": label},
                "geometry": raw(Some(geometry_text(&shape.polygons))),
            })
        })
        .collect();
    let neighbours = raw(city.records().backdrop.as_ref().map(|backdrop| backdrop.neighbours.clone()));
    let none = json!({"type": "FeatureCollection", "features": []});
    let body = json!({
        "outline": raw(outline),
        "neighbours": neighbours.map_or(none, |text| json!(text)),
        "towns": {"type": "FeatureCollection", "features": towns},
        "credit": city.profile().map(|profile| profile.map_credit.as_str()).unwrap_or_default(),
    });
    let ground = Ground::of(body.to_string());
    let mut body = body;
    body["hash"] = json!(ground.hash);
    Ground { body: Bytes::from(body.to_string()), hash: ground.hash }
}

/// The village-level cells of a city.
pub(crate) fn cells_of(city: &City) -> Ground {
    let mut body = String::from(r#"{"type":"FeatureCollection","features":["#);
    for (n, shape) in city.places().cells().iter().enumerate() {
        let properties = json!({
            "id": shape.id.to_string(),
            "code": shape.key.code(),
            "name": city.area_name(shape.key),
            "town_code": shape.key.at(Level::Town).code(),
        });
        let comma = if n == 0 { "" } else { "," };
        let geometry = geometry_text(&shape.polygons);
        body.push_str(&format!(
            r#"{comma}{{"type":"Feature","properties":{properties},"geometry":{geometry}}}"#
        ));
    }
    body.push_str("]}");
    Ground::of(body)
}

/// Outline of the city, its neighbours and its towns, for drawing.
#[utoipa::path(get, path = "/api/v1/geo/base", tag = "geo", operation_id = "geoBase",
    responses((status = 200, description = "`{hash, outline, neighbours, towns, credit}`, geometries as GeoJSON", body = Object),
        (status = 304, description = "as you have it")))]
pub(super) async fn base(
    State(org): State<Org>,
    caller: Option<Caller>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let city = org.city(caller.map_or(org.ctx.home_city, |caller| caller.city)).await?;
    Ok(city.ground_base().answer(&headers))
}

/// The village-level cells, for drawing.
#[utoipa::path(get, path = "/api/v1/geo/cells", tag = "geo", operation_id = "geoCells",
    responses((status = 200, description = "a GeoJSON FeatureCollection", body = Object),
        (status = 304, description = "as you have it")))]
pub(super) async fn cells(
    State(org): State<Org>,
    caller: Option<Caller>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let city = org.city(caller.map_or(org.ctx.home_city, |caller| caller.city)).await?;
    Ok(city.ground_cells().answer(&headers))
}
