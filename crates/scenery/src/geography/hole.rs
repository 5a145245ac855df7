//! The planted hole: a patch at the 云亭/周庄 border that belongs to no cell of the third level.
//!
//! Such patches are what the page of holes and overlaps must find: each town thought that the other one looks
//! after it. The patch is a hexagon some 400 m across on the border, over as few cells as possible.

use super::data::{GeographyError, Inputs};
use super::divide::Leaf;
use super::mesh::{Ring, edges};
use super::plane::{polygon_in_metres, ring_of};
use geo::{Area, BooleanOps, Coord, Intersects, LineString, MultiPolygon, Polygon};
use std::collections::BTreeSet;

const YUNTING: &str = "320281005";
const ZHOUZHUANG: &str = "320281108";

/// A hexagon of 420 m by 364 m, as metres from its middle.
const HEXAGON: [(f64, f64); 6] =
    [(210.0, 0.0), (105.0, 182.0), (-105.0, 182.0), (-210.0, 0.0), (-105.0, -182.0), (105.0, -182.0)];

/// Cuts the hole out of the cells; returns the pieces cut out as (index of the cell, ring).
pub(crate) fn plant(inputs: &Inputs, leaves: &mut [Leaf]) -> Result<Vec<(usize, Ring)>, GeographyError> {
    let polygons: Vec<Polygon<f64>> =
        leaves.iter().map(|leaf| polygon_in_metres(std::slice::from_ref(&leaf.ring))).collect();
    let missing = || GeographyError::Mismatch { what: "no room for the hole at 云亭/周庄".to_owned() };
    let along = places(inputs, leaves);
    let middle = along.get(along.len() / 2).copied().ok_or_else(missing)?;
    let in_both_towns_only = |touched: &[usize]| {
        touched.iter().all(|&i| [YUNTING, ZHOUZHUANG].contains(&inputs.towns[leaves[i].town].code9.as_str()))
    };
    let (hexagon, touched) = along
        .into_iter()
        .map(hexagon_at)
        .map(|hexagon| {
            let touched: Vec<usize> =
                (0..leaves.len()).filter(|&i| polygons[i].intersects(&hexagon)).collect();
            (hexagon, touched)
        })
        .filter(|(hexagon, touched)| in_both_towns_only(touched) && room(hexagon, touched, &polygons))
        .min_by_key(|(hexagon, touched)| (touched.len(), metres_between(hexagon, middle)))
        .ok_or_else(missing)?;
    let mut pieces = Vec::new();
    for index in touched {
        let inside = polygons[index].intersection(&hexagon);
        let Some(rest) = largest(polygons[index].difference(&hexagon)) else { continue };
        leaves[index].ring = ring_of(&rest);
        pieces.extend(largest(inside).map(|piece| (index, ring_of(&piece))));
    }
    Ok(pieces)
}

/// Places along the border of the two towns, every 40 m.
fn places(inputs: &Inputs, leaves: &[Leaf]) -> Vec<Coord<f64>> {
    let of = |code: &str| -> Vec<Polygon<f64>> {
        leaves
            .iter()
            .filter(|leaf| inputs.towns[leaf.town].code9 == code)
            .map(|leaf| polygon_in_metres(std::slice::from_ref(&leaf.ring)))
            .collect()
    };
    let (one, other) = (of(YUNTING), of(ZHOUZHUANG));
    // By latitude first: the middle of the list is the middle of a border that runs north to south.
    let mut found = BTreeSet::new();
    for polygon in &one {
        for (a, b) in edges(&ring_of(polygon)) {
            let (a, b) = (super::plane::node_to_metres(a), super::plane::node_to_metres(b));
            let length = ((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y)).sqrt();
            let steps = (length / 40.0).ceil().max(1.0) as usize;
            for step in 0..steps {
                let place = a + (b - a) * ((step as f64 + 0.5) / steps as f64);
                if other.iter().any(|p| p.intersects(&around(place, 2.0))) {
                    let (lng, lat) = super::plane::to_node(super::plane::to_degrees(place));
                    found.insert((lat, lng));
                }
            }
        }
    }
    found.into_iter().map(|(lat, lng)| super::plane::node_to_metres((lng, lat))).collect()
}

fn hexagon_at(middle: Coord<f64>) -> Polygon<f64> {
    let corners =
        HEXAGON.iter().map(|&(x, y)| Coord { x: middle.x + x, y: middle.y + y }).collect::<Vec<_>>();
    Polygon::new(LineString::new(corners), Vec::new())
}

/// Whole metres from the first corner of a hexagon to a place: enough to tell which one is nearer to the middle.
fn metres_between(hexagon: &Polygon<f64>, place: Coord<f64>) -> i64 {
    hexagon.exterior().coords().next().map_or(i64::MAX, |&c| {
        let d = c - place;
        (d.x * d.x + d.y * d.y).sqrt() as i64
    })
}

fn around(middle: Coord<f64>, half: f64) -> geo::Rect<f64> {
    let reach = Coord { x: half, y: half };
    geo::Rect::new(middle - reach, middle + reach)
}

/// Whether the hexagon lies wholly on cells, takes a good part of each that it touches, and leaves each in one
/// piece with more than half of its area.
fn room(hexagon: &Polygon<f64>, touched: &[usize], polygons: &[Polygon<f64>]) -> bool {
    let mut covered = 0.0;
    for polygon in touched.iter().filter_map(|&i| polygons.get(i)) {
        let rest: MultiPolygon<f64> = polygon.difference(hexagon);
        let taken = polygon.intersection(hexagon);
        if rest.0.len() != 1 || taken.0.len() != 1 || rest.0.iter().any(|p| !p.interiors().is_empty()) {
            return false;
        }
        if rest.unsigned_area() < 0.5 * polygon.unsigned_area() || taken.unsigned_area() < 4_000.0 {
            return false;
        }
        covered += taken.unsigned_area();
    }
    (covered / hexagon.unsigned_area() - 1.0).abs() < 1e-3
}

fn largest(parts: MultiPolygon<f64>) -> Option<Polygon<f64>> {
    parts.0.into_iter().max_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()))
}
