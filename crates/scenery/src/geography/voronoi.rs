//! Seeded sites in a polygon and their Voronoi regions, clipped to it. All in metres.
//!
//! A region is a big box cut by one half-plane for each other site. Among at most some forty siblings this is as
//! fast as a triangulation, and it has no special case for two sites or for sites in one line, which
//! `geo::Voronoi` refuses.

use crate::dice::Dice;
use geo::{
    Area, BooleanOps, BoundingRect, Centroid, Contains, Coord, LineString, MultiPolygon, Point, Polygon,
};

/// How many places are tried for each new site; the one with the most room wins.
const CANDIDATES: usize = 10;

/// Scatters `count` sites in a polygon, wider apart where `density` is low, then evens them out with
/// `lloyd_rounds` of moving each site to the centre of its region.
///
/// Every site lies inside the polygon, and no two are equal.
pub(crate) fn scatter(
    parent: &Polygon<f64>,
    count: usize,
    lloyd_rounds: usize,
    density: impl Fn(Coord<f64>) -> f64,
    dice: &mut Dice,
) -> Vec<Coord<f64>> {
    let mut sites: Vec<Coord<f64>> = Vec::with_capacity(count);
    for _ in 0..count {
        let mut best = (f64::MIN, random_coord_in(parent, dice));
        for _ in 0..CANDIDATES {
            let candidate = random_coord_in(parent, dice);
            let room = sites.iter().map(|&s| squared(candidate, s)).fold(1e12, f64::min);
            let score = room * density(candidate);
            if score > best.0 {
                best = (score, candidate);
            }
        }
        sites.push(best.1);
    }
    for _ in 0..lloyd_rounds {
        relax(parent, &mut sites);
    }
    sites
}

/// One round of Lloyd: each site moves to the centre of its region, unless that lies outside of the polygon.
fn relax(parent: &Polygon<f64>, sites: &mut [Coord<f64>]) {
    let centres: Vec<Option<Point<f64>>> = (0..sites.len())
        .map(|i| region(parent, sites, i).centroid().filter(|c| parent.contains(c)))
        .collect();
    for (site, centre) in sites.iter_mut().zip(centres) {
        if let Some(centre) = centre {
            *site = centre.0;
        }
    }
}

/// What of the polygon is nearer to site `index` than to any other site; more than one part where the polygon is
/// not convex.
pub(crate) fn region(parent: &Polygon<f64>, sites: &[Coord<f64>], index: usize) -> MultiPolygon<f64> {
    let (Some(&site), Some(bounds)) = (sites.get(index), parent.bounding_rect()) else {
        return MultiPolygon::new(Vec::new());
    };
    let margin = 1_000.0;
    let (low, high) = (bounds.min(), bounds.max());
    let mut corners = vec![
        Coord { x: low.x - margin, y: low.y - margin },
        Coord { x: high.x + margin, y: low.y - margin },
        Coord { x: high.x + margin, y: high.y + margin },
        Coord { x: low.x - margin, y: high.y + margin },
    ];
    for (other_index, &other) in sites.iter().enumerate() {
        if other_index != index {
            corners = nearer_half(&corners, site, other);
        }
    }
    let convex = Polygon::new(LineString::new(corners), Vec::new());
    let mut parts = convex.intersection(parent).0;
    // Rounding inside the overlay can leave needles of some square millimetres.
    parts.retain(|part| part.unsigned_area() > 1.0);
    MultiPolygon::new(parts)
}

/// Cuts a convex ring by the line half-way between two sites and keeps the side of `site` (Sutherland–Hodgman).
fn nearer_half(ring: &[Coord<f64>], site: Coord<f64>, other: Coord<f64>) -> Vec<Coord<f64>> {
    let middle = (site + other) / 2.0;
    let across = other - site;
    let side = |p: Coord<f64>| (p.x - middle.x) * across.x + (p.y - middle.y) * across.y;
    let mut kept = Vec::with_capacity(ring.len() + 1);
    for (&from, &to) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let (a, b) = (side(from), side(to));
        if a <= 0.0 {
            kept.push(from);
        }
        if (a < 0.0 && b > 0.0) || (a > 0.0 && b < 0.0) {
            kept.push(from + (to - from) * (a / (a - b)));
        }
    }
    kept
}

/// A random point strictly inside a polygon, evenly spread over its area.
///
/// Any unit of length. An empty polygon gives (0, 0).
pub fn random_point_in(polygon: &Polygon<f64>, dice: &mut Dice) -> Point<f64> {
    Point(random_coord_in(polygon, dice))
}

fn random_coord_in(polygon: &Polygon<f64>, dice: &mut Dice) -> Coord<f64> {
    let Some(bounds) = polygon.bounding_rect() else { return Coord { x: 0.0, y: 0.0 } };
    let (low, high) = (bounds.min(), bounds.max());
    // A cell fills at least a tenth of its box, so 400 tries practically always hit; the rest is for bad input.
    for _ in 0..400 {
        let place = Coord { x: dice.between(low.x, high.x), y: dice.between(low.y, high.y) };
        if polygon.contains(&place) {
            return place;
        }
    }
    polygon.centroid().map_or(low, |c| c.0)
}

fn squared(a: Coord<f64>, b: Coord<f64>) -> f64 {
    let d = a - b;
    d.x * d.x + d.y * d.y
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::polygon;

    fn bent() -> Polygon<f64> {
        polygon![(x: 0.0, y: 0.0), (x: 900.0, y: 0.0), (x: 900.0, y: 300.0), (x: 300.0, y: 300.0), (x: 300.0, y: 900.0), (x: 0.0, y: 900.0)]
    }

    #[test]
    fn regions_cover_the_polygon_without_overlap() {
        let parent = bent();
        for count in [1, 2, 3, 17] {
            let sites = scatter(&parent, count, 2, |_| 1.0, &mut Dice::new(count as u64));
            let regions: Vec<_> = (0..count).map(|i| region(&parent, &sites, i)).collect();
            let sum: f64 = regions.iter().map(Area::unsigned_area).sum();
            assert!((sum / parent.unsigned_area() - 1.0).abs() < 1e-6, "{count} sites: {sum}");
            for (i, &site) in sites.iter().enumerate() {
                assert!(regions[i].contains(&Point(site)), "site {i} of {count} lies in its region");
            }
        }
    }

    #[test]
    fn sites_in_one_line_are_no_special_case() {
        let parent = bent();
        let sites = [100.0, 200.0, 250.0].map(|x| Coord { x, y: 100.0 });
        let areas: Vec<f64> = (0..3).map(|i| region(&parent, &sites, i).unsigned_area()).collect();
        assert!((areas[0] - 150.0 * 900.0).abs() < 1.0 && (areas[1] - 75.0 * 900.0).abs() < 1.0, "{areas:?}");
    }

    #[test]
    fn random_points_lie_inside() {
        let mut dice = Dice::new(5);
        assert!((0..2_000).all(|_| bent().contains(&random_point_in(&bent(), &mut dice))));
    }
}
