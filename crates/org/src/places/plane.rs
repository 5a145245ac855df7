//! Degrees and metres on a flat plane.

use geo::{Area, Coord, LinesIter, MapCoords, MultiPolygon};

/// Metres of one degree of latitude (WGS84, at 32° N).
const METRES_PER_LAT: f64 = 110_889.0;
/// Metres of one degree of longitude at the equator (WGS84).
const METRES_PER_LNG: f64 = 111_320.0;

/// A flat plane that touches the earth at one latitude.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plane {
    metres_per_lng: f64,
}

impl Plane {
    /// The plane at a latitude in degrees.
    pub(crate) fn at(lat: f64) -> Self {
        // Towards the poles a degree of longitude vanishes; a floor keeps divisions finite on bad input.
        Self { metres_per_lng: (METRES_PER_LNG * lat.to_radians().cos()).max(1.0) }
    }

    /// How many degrees of longitude and latitude are `metres`.
    pub(crate) fn degrees(self, metres: f64) -> (f64, f64) {
        (metres / self.metres_per_lng, metres / METRES_PER_LAT)
    }

    /// Degrees to metres.
    pub(crate) fn metres(self, at: Coord<f64>) -> Coord<f64> {
        Coord { x: at.x * self.metres_per_lng, y: at.y * METRES_PER_LAT }
    }

    /// Polygons in metres.
    pub(crate) fn project(self, polygons: &MultiPolygon<f64>) -> MultiPolygon<f64> {
        polygons.map_coords(|at| self.metres(at))
    }

    /// Polygons back in degrees.
    pub(crate) fn unproject(self, polygons: &MultiPolygon<f64>) -> MultiPolygon<f64> {
        polygons.map_coords(|at| Coord { x: at.x / self.metres_per_lng, y: at.y / METRES_PER_LAT })
    }

    /// Metres from a point to the nearest border of polygons, from inside or outside.
    pub(crate) fn distance_to_border_m(self, at: Coord<f64>, polygons: &MultiPolygon<f64>) -> f64 {
        let squared = |from: Coord<f64>, to: Coord<f64>| {
            // Relative to the point, so that differences of degrees keep their digits.
            let a = self.metres(from - at);
            let along = self.metres(to - from);
            let length = along.x * along.x + along.y * along.y;
            let t =
                if length > 0.0 { (-(a.x * along.x + a.y * along.y) / length).clamp(0.0, 1.0) } else { 0.0 };
            let (x, y) = (a.x + t * along.x, a.y + t * along.y);
            x * x + y * y
        };
        polygons.lines_iter().map(|line| squared(line.start, line.end)).fold(f64::INFINITY, f64::min).sqrt()
    }
}

/// Area of polygons in square metres.
pub(crate) fn area_m2(polygons: &MultiPolygon<f64>) -> f64 {
    let lat = polygons.0.first().and_then(|p| p.exterior().0.first()).map_or(0.0, |c| c.y);
    let plane = Plane::at(lat);
    plane.project(polygons).unsigned_area()
}
