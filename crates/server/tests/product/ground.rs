//! The ground as the maps get it, and where a point lies on it by plain ray casting: no index, no geometry library.

use serde_json::Value;

use crate::api::Api;

/// Degrees east and north.
pub type Point = (f64, f64);
type Ring = Vec<Point>;

/// A cell of the third level.
pub struct Cell {
    /// Its id.
    pub id: String,
    /// 16 digits.
    pub code: String,
    polygons: Vec<Vec<Ring>>,
}

/// The polygons of a city.
pub struct Ground {
    /// The cells, by id.
    pub cells: Vec<Cell>,
    towns: Vec<(String, Vec<Vec<Ring>>)>,
    outline: Vec<Vec<Ring>>,
}

/// Where a point lies.
#[derive(Debug, PartialEq, Eq)]
pub enum Where {
    /// In the cell of this id, whose area has this code.
    Cell(String, String),
    /// In no cell, but in the town of this code.
    Hole(String),
}

impl Ground {
    /// Fetches the polygons.
    pub async fn read(api: &Api) -> Self {
        let base = api.get("/api/v1/geo/base").await;
        let cells = api.get("/api/v1/geo/cells").await;
        let property = |feature: &Value, name: &str| feature["properties"][name].as_str().unwrap().to_owned();
        let features = |collection: &Value| collection["features"].as_array().expect("features").clone();
        let cell = |feature: &Value| Cell {
            id: property(feature, "id"),
            code: property(feature, "code"),
            polygons: polygons(&feature["geometry"]),
        };
        let town = |feature: &Value| (property(feature, "code"), polygons(&feature["geometry"]));
        let ground = Self {
            cells: features(&cells).iter().map(cell).collect(),
            towns: features(&base["towns"]).iter().map(town).collect(),
            outline: polygons(&base["outline"]),
        };
        assert_eq!((ground.cells.len(), ground.towns.len()), (1_372, 17));
        ground
    }

    /// Does the point lie in the city?
    pub fn in_city(&self, point: Point) -> bool {
        inside(&self.outline, point)
    }

    /// West, south, east, north.
    pub fn bounds(&self) -> (Point, Point) {
        let all = self.outline.iter().flatten().flatten();
        all.fold(((180.0, 90.0), (-180.0, -90.0)), |(low, high), &(x, y)| {
            ((low.0.min(x), low.1.min(y)), (high.0.max(x), high.1.max(y)))
        })
    }

    /// Where a point of the city lies; `None` for a point on the very border of two cells.
    pub fn find(&self, point: Point) -> Option<Where> {
        let holding: Vec<&Cell> = self.cells.iter().filter(|cell| inside(&cell.polygons, point)).collect();
        if let [cell] = holding[..] {
            return Some(Where::Cell(cell.id.clone(), cell.code.clone()));
        }
        let nearest = self.cells.iter().map(|cell| (cell.border_m(point), cell));
        let (distance_m, nearest) = nearest.min_by(|a, b| a.0.total_cmp(&b.0)).expect("cells");
        let town = self.towns.iter().find(|(_, town)| inside(town, point));
        match town {
            _ if !holding.is_empty() => None,
            // Less than two metres of nothing beside a cell are a slip of the pen.
            _ if distance_m < 2.0 => Some(Where::Cell(nearest.id.clone(), nearest.code.clone())),
            Some((code, _)) => Some(Where::Hole(code.clone())),
            None => None,
        }
    }
}

impl Cell {
    /// Metres to the nearest border of the cell, from inside or outside.
    pub fn border_m(&self, point: Point) -> f64 {
        let edges = self.rings().flat_map(|ring| ring.windows(2));
        edges.map(|edge| edge_m(point, edge[0], edge[1])).fold(f64::INFINITY, f64::min)
    }

    /// Outer and inner rings, each closed.
    pub fn rings(&self) -> impl Iterator<Item = &Ring> {
        self.polygons.iter().flatten()
    }
}

/// Metres per degree at a latitude, east and north (the sphere of WGS84's major axis: 0.3 % too much at the most).
pub fn metres(lat: f64) -> Point {
    let north = 6_378_137.0_f64.to_radians();
    (north * lat.to_radians().cos(), north)
}

fn edge_m(point: Point, a: Point, b: Point) -> f64 {
    let (east, north) = metres(point.1);
    let flat = |p: Point| ((p.0 - point.0) * east, (p.1 - point.1) * north);
    let ((ax, ay), (bx, by)) = (flat(a), flat(b));
    let (dx, dy) = (bx - ax, by - ay);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    (ax + along * dx).hypot(ay + along * dy)
}

/// Even-odd over all rings, so that holes are outside.
fn inside(polygons: &[Vec<Ring>], (x, y): Point) -> bool {
    let edges = polygons.iter().flatten().flat_map(|ring| ring.windows(2));
    let crossed = edges.filter(|edge| {
        let ((ax, ay), (bx, by)) = (edge[0], edge[1]);
        (ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax)
    });
    crossed.count() % 2 == 1
}

fn polygons(geometry: &Value) -> Vec<Vec<Ring>> {
    let list = |value: &Value| value.as_array().expect("a list").clone();
    let point = |value: &Value| (value[0].as_f64().expect("degrees"), value[1].as_f64().expect("degrees"));
    let ring = |value: &Value| list(value).iter().map(point).collect::<Ring>();
    let polygon = |value: &Value| list(value).iter().map(ring).collect::<Vec<Ring>>();
    let coordinates = &geometry["coordinates"];
    match geometry["type"].as_str() {
        Some("Polygon") => vec![polygon(coordinates)],
        Some("MultiPolygon") => list(coordinates).iter().map(polygon).collect(),
        other => panic!("a geometry of another type: {other:?}"),
    }
}
