//! Degrees, metres and the rounding grid.
//!
//! Dividing is done in metres on a flat plane around the middle of the city (an equirectangular projection: over
//! 60 km the error is below 0.1 %, and only the shape of invented cells depends on it). Results are kept on an
//! integer grid of 10⁻⁷ degrees (about 1 cm), so that a border has the very same numbers on both of its sides.

use geo::{Coord, LineString, Polygon};

const CENTRE_LNG: f64 = 120.29;
const CENTRE_LAT: f64 = 31.84;
/// Metres in one degree of longitude at 31.84° N.
const METRES_PER_LNG: f64 = 94_630.0;
/// Metres in one degree of latitude at 31.84° N.
const METRES_PER_LAT: f64 = 110_873.0;
const STEPS_PER_DEGREE: f64 = 1e7;

/// A point of the rounding grid: longitude and latitude in units of 10⁻⁷ degrees.
pub(crate) type Node = (i64, i64);

/// Degrees to metres.
pub(crate) fn to_metres(degrees: Coord<f64>) -> Coord<f64> {
    Coord { x: (degrees.x - CENTRE_LNG) * METRES_PER_LNG, y: (degrees.y - CENTRE_LAT) * METRES_PER_LAT }
}

/// Metres to degrees, not rounded.
pub(crate) fn to_degrees(metres: Coord<f64>) -> Coord<f64> {
    Coord { x: metres.x / METRES_PER_LNG + CENTRE_LNG, y: metres.y / METRES_PER_LAT + CENTRE_LAT }
}

/// Degrees rounded to 7 decimals.
pub(crate) fn round_degrees(degrees: Coord<f64>) -> Coord<f64> {
    node_to_degrees(to_node(degrees))
}

/// The grid point next to a place given in degrees.
pub(crate) fn to_node(degrees: Coord<f64>) -> Node {
    ((degrees.x * STEPS_PER_DEGREE).round() as i64, (degrees.y * STEPS_PER_DEGREE).round() as i64)
}

/// A grid point in degrees: the double nearest to its 7 decimals.
pub(crate) fn node_to_degrees(node: Node) -> Coord<f64> {
    Coord { x: node.0 as f64 / STEPS_PER_DEGREE, y: node.1 as f64 / STEPS_PER_DEGREE }
}

/// A grid point in metres.
pub(crate) fn node_to_metres(node: Node) -> Coord<f64> {
    to_metres(node_to_degrees(node))
}

/// The exterior of a polygon in metres as grid points, without the closing repeat.
pub(crate) fn ring_of(metres: &Polygon<f64>) -> Vec<Node> {
    let mut ring: Vec<Node> = metres.exterior().coords().map(|&c| to_node(to_degrees(c))).collect();
    ring.pop();
    ring
}

/// A polygon in degrees from rings of grid points: the exterior first, then its holes.
pub(crate) fn polygon_in_degrees(rings: &[Vec<Node>]) -> Polygon<f64> {
    polygon_by(rings, node_to_degrees)
}

/// A polygon in metres from rings of grid points: the exterior first, then its holes.
pub(crate) fn polygon_in_metres(rings: &[Vec<Node>]) -> Polygon<f64> {
    polygon_by(rings, node_to_metres)
}

fn polygon_by(rings: &[Vec<Node>], convert: fn(Node) -> Coord<f64>) -> Polygon<f64> {
    let mut lines = rings.iter().map(|ring| LineString::new(ring.iter().map(|&n| convert(n)).collect()));
    let exterior = lines.next().unwrap_or_else(|| LineString::new(Vec::new()));
    Polygon::new(exterior, lines.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_point_survives_the_way_through_metres() {
        for node in [(1_205_907_200, 317_405_680), (1_199_854_850, 318_566_290), (1_203_672_720, 319_959_320)]
        {
            assert_eq!(to_node(to_degrees(node_to_metres(node))), node);
        }
    }
}
