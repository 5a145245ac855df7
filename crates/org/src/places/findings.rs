//! What is wrong with a grid: ground without a cell, and ground with two.

use geo::{Area, BooleanOps, BoundingRect, Euclidean, Length, MultiPolygon, Polygon, unary_union};
use kernel::area::AreaKey;
use kernel::place::Point;
use rstar::AABB;

use super::plane::Plane;
use super::{CellRef, Places, SLIVER_M, point_in};

/// Smaller differences are rounding, not ground.
const SPOT_M2: f64 = 100.0;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GridFindingKind {
    /// Ground of a town in none of its cells (or of the city in none of its towns).
    Hole,
    /// Ground in two cells.
    Overlap,
}

/// A place where the grid is wrong.
#[derive(Debug, Clone)]
pub struct GridFinding {
    /// What is wrong.
    pub kind: GridFindingKind,
    /// Where: the towns of a hole (or the city), the areas of the two cells of an overlap.
    pub areas: Vec<AreaKey>,
    /// The two cells of an overlap, lowest id first; empty for a hole.
    pub cells: Vec<CellRef>,
    /// The ground in question, in degrees.
    pub polygons: MultiPolygon<f64>,
    /// A point in it.
    pub point: Option<Point>,
    /// Its size.
    pub area_m2: f64,
}

impl Places {
    /// Every hole and overlap of the village-level grid that is wider than [`SLIVER_M`] and larger than 100 m², by
    /// kind, area and size. Takes up to a second for a county: ask once per snapshot.
    pub fn grid_findings(&self) -> Vec<GridFinding> {
        let Some([_, south, _, north]) = self.bounds() else { return Vec::new() };
        let plane = Plane::at((south + north) / 2.0);
        let flat: Vec<MultiPolygon<f64>> = self.cells().iter().map(|s| plane.project(&s.polygons)).collect();
        let mut findings = self.holes(plane, &flat);
        findings.extend(self.overlaps(plane, &flat));
        findings.sort_by(|a, b| {
            (a.kind, &a.areas).cmp(&(b.kind, &b.areas)).then(b.area_m2.total_cmp(&a.area_m2))
        });
        findings
    }

    /// Ground of the city that no cell covers. A town whose cells are not drawn yet is not one huge hole: it counts as
    /// covered.
    fn holes(&self, plane: Plane, flat: &[MultiPolygon<f64>]) -> Vec<GridFinding> {
        let towns: Vec<(AreaKey, MultiPolygon<f64>)> =
            self.towns().iter().map(|town| (town.key, plane.project(&town.polygons))).collect();
        let has_cells = |key: AreaKey| self.cells().iter().any(|cell| key.range().holds(cell.key));
        let (drawn, bare): (Vec<_>, Vec<_>) = towns.iter().partition(|(key, _)| has_cells(*key));
        let outline = self.outline().filter(|_| !flat.is_empty()).map(|city| plane.project(&city.polygons));
        let ground = unary_union(drawn.iter().map(|(_, polygons)| polygons).chain(&outline));
        let covered = unary_union(bare.iter().map(|(_, polygons)| polygons).chain(flat));
        let holes = ground.difference(&covered).into_iter();
        holes
            .filter_map(|polygon| {
                let mut found = finding(GridFindingKind::Hole, plane, polygon)?;
                let flat = plane.project(&found.polygons);
                let in_towns =
                    towns.iter().filter(|(_, town)| town.intersection(&flat).unsigned_area() >= SPOT_M2);
                found.areas = in_towns.map(|(key, _)| *key).collect();
                if found.areas.is_empty() {
                    found.areas.extend(self.outline().map(|city| city.key));
                }
                Some(found)
            })
            .collect()
    }

    fn overlaps(&self, plane: Plane, flat: &[MultiPolygon<f64>]) -> Vec<GridFinding> {
        // Where the sum of the parts is the whole, nothing lies twice, and no pair needs a look.
        let sum: f64 = flat.iter().map(Area::unsigned_area).sum();
        if sum - unary_union(flat).unsigned_area() < SPOT_M2 {
            return Vec::new();
        }
        let mut findings = Vec::new();
        for (at, shape) in self.cells().iter().enumerate() {
            let Some(rect) = shape.polygons.bounding_rect() else { continue };
            for other in
                self.near(rect.min().into(), rect.max().into()).into_iter().filter(|other| *other > at)
            {
                let (Some(one), Some(two), Some(neighbour)) =
                    (flat.get(at), flat.get(other), self.cells().get(other))
                else {
                    continue;
                };
                let shared = one.intersection(two);
                findings.extend(shared.into_iter().filter_map(|polygon| {
                    let mut found = finding(GridFindingKind::Overlap, plane, polygon)?;
                    found.areas = vec![shape.key, neighbour.key];
                    found.cells = [shape, neighbour].map(|s| CellRef { id: s.id, key: s.key }).to_vec();
                    Some(found)
                }));
            }
        }
        findings
    }

    /// Indices of the cells whose box meets this box, in order.
    fn near(&self, min: [f64; 2], max: [f64; 2]) -> Vec<usize> {
        let found = self.tree.locate_in_envelope_intersecting(&AABB::from_corners(min, max));
        let mut found: Vec<usize> = found.map(|entry| entry.data).collect();
        found.sort_unstable();
        found
    }
}

/// A finding, unless the ground is a sliver or a spot. `polygon` is in metres.
fn finding(kind: GridFindingKind, plane: Plane, polygon: Polygon<f64>) -> Option<GridFinding> {
    let area_m2 = polygon.unsigned_area();
    let border_m: f64 =
        std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(|r| Euclidean.length(r)).sum();
    // A long strip of width w has about 2 · area / border = w.
    if area_m2 < SPOT_M2 || 2.0 * area_m2 / border_m.max(1.0) < SLIVER_M {
        return None;
    }
    let polygons = plane.unproject(&MultiPolygon(vec![polygon]));
    Some(GridFinding {
        kind,
        areas: Vec::new(),
        cells: Vec::new(),
        point: point_in(&polygons),
        polygons,
        area_m2,
    })
}
