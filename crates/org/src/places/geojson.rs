//! Polygons as GeoJSON geometry texts (RFC 7946).

use geo::orient::Direction;
use geo::{Coord, LineString, MultiPolygon, Orient, Polygon};
use kernel::place::looks_swapped;
use serde::Deserialize;

/// Most points that one geometry may have: a county's statutory border at survey density has some ten thousand.
pub(crate) const POINTS_MAX: usize = 200_000;

/// Why a text is not a polygon on earth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadGeometry {
    /// Not JSON, or not a geometry of type Polygon or MultiPolygon.
    #[error("not a GeoJSON Polygon or MultiPolygon")]
    NotPolygon,
    /// No polygon, or a polygon without an outer ring.
    #[error("empty")]
    Empty,
    /// A ring with fewer than three different corners.
    #[error("a ring with fewer than three corners")]
    ShortRing,
    /// A ring whose last point is not its first.
    #[error("a ring that is not closed")]
    OpenRing,
    /// A point that is not on earth.
    #[error("a point that is not on earth")]
    OffEarth,
    /// Longitude and latitude exchanged.
    #[error("longitude and latitude are exchanged")]
    Swapped,
    /// More than [`POINTS_MAX`] points.
    #[error("too many points")]
    TooManyPoints,
}

impl BadGeometry {
    /// The stable code of the problem.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotPolygon => "org/geometry-not-polygon",
            Self::Empty => "org/geometry-empty",
            Self::ShortRing => "org/geometry-short-ring",
            Self::OpenRing => "org/geometry-open-ring",
            Self::OffEarth => "org/geometry-off-earth",
            Self::Swapped => "org/geometry-swapped",
            Self::TooManyPoints => "org/geometry-too-many-points",
        }
    }
}

type Ring = Vec<Vec<f64>>;

#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    Polygon(Vec<Ring>),
    MultiPolygon(Vec<Vec<Ring>>),
}

/// Reads a GeoJSON geometry text. A third coordinate (height) is left out.
///
/// # Errors
/// [`BadGeometry`]
pub fn read_geometry(text: &str) -> Result<MultiPolygon<f64>, BadGeometry> {
    let polygons = match serde_json::from_str(text).map_err(|_| BadGeometry::NotPolygon)? {
        Geometry::Polygon(rings) => vec![rings],
        Geometry::MultiPolygon(polygons) => polygons,
    };
    if polygons.is_empty() {
        return Err(BadGeometry::Empty);
    }
    let points: usize = polygons.iter().flatten().map(Vec::len).sum();
    if points > POINTS_MAX {
        return Err(BadGeometry::TooManyPoints);
    }
    polygons.into_iter().map(polygon).collect::<Result<Vec<_>, _>>().map(MultiPolygon)
}

fn polygon(rings: Vec<Ring>) -> Result<Polygon<f64>, BadGeometry> {
    let mut rings = rings.into_iter().map(ring);
    let exterior = rings.next().ok_or(BadGeometry::Empty)??;
    // Unions cancel rings that run against each other, and files come with either direction.
    Ok(Polygon::new(exterior, rings.collect::<Result<_, _>>()?).orient(Direction::Default))
}

fn ring(points: Ring) -> Result<LineString<f64>, BadGeometry> {
    let coords = points.iter().map(|p| coord(p)).collect::<Result<Vec<_>, _>>()?;
    if coords.len() < 4 {
        return Err(BadGeometry::ShortRing);
    }
    if coords.first() != coords.last() {
        return Err(BadGeometry::OpenRing);
    }
    Ok(LineString(coords))
}

fn coord(numbers: &[f64]) -> Result<Coord<f64>, BadGeometry> {
    let [lng, lat, ..] = *numbers else { return Err(BadGeometry::NotPolygon) };
    if looks_swapped(lng, lat) {
        return Err(BadGeometry::Swapped);
    }
    if !(-180.0..=180.0).contains(&lng) || !(-90.0..=90.0).contains(&lat) {
        return Err(BadGeometry::OffEarth);
    }
    Ok(Coord { x: lng, y: lat })
}

/// Writes polygons as a GeoJSON MultiPolygon with 7 decimals (about a centimetre).
pub fn geometry_text(polygons: &MultiPolygon<f64>) -> String {
    let mut out = String::from(r#"{"type":"MultiPolygon","coordinates":["#);
    for (i, polygon) in polygons.iter().enumerate() {
        out.push_str(if i == 0 { "[" } else { ",[" });
        let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        for (j, ring) in rings.enumerate() {
            out.push_str(if j == 0 { "[" } else { ",[" });
            for (k, at) in ring.coords().enumerate() {
                let comma = if k == 0 { "" } else { "," };
                out.push_str(&format!("{comma}[{},{}]", decimals(at.x), decimals(at.y)));
            }
            out.push(']');
        }
        out.push(']');
    }
    out.push_str("]}");
    out
}

/// A number with at most 7 decimals.
fn decimals(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}
