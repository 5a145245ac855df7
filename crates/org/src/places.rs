//! Where a point lies: an index in memory over the polygons of cells, towns and the city.
//!
//! Polygons are WGS84/CGCS2000 degrees. Distances are metres on a flat plane around the point, exact enough for what
//! is asked here (a few hundred metres: the error is far below a centimetre).

mod findings;
mod geojson;
mod plane;

use geo::{BoundingRect, Centroid, Coord, InteriorPoint, Intersects, MultiPolygon};
use kernel::area::{AreaKey, Level};
use kernel::id::CellId;
use kernel::place::Point;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

pub use findings::{GridFinding, GridFindingKind};
pub use geojson::{BadGeometry, geometry_text, read_geometry};

use crate::model::{Cell, Place};
use plane::Plane;

/// A point this close to a cell belongs to it when no cell holds it: neighbours that were drawn apart leave slivers.
pub const SLIVER_M: f64 = 2.0;

/// A cell with its polygon, as the index holds it.
#[derive(Debug, Clone)]
pub struct Shape {
    /// The cell; 0 for the outline of a place.
    pub id: CellId,
    /// Its area.
    pub key: AreaKey,
    /// Its polygons in degrees.
    pub polygons: MultiPolygon<f64>,
}

/// Where a point lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Located {
    /// The village-level cell, if one holds the point.
    pub cell: Option<CellRef>,
    /// The narrowest area that is known: the cell's, else the town's, else the city's.
    pub area: AreaKey,
    /// Metres to the nearest border of the cell; `None` without a cell. Below some 20 m one should ask.
    pub border_m: Option<f64>,
    /// Inside a town or the city, but in no village-level cell: a hole in the grid.
    pub in_hole: bool,
    /// Outside of the city; `area` is then the city's key and says nothing.
    pub outside: bool,
}

/// A cell by id and area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellRef {
    /// Its id.
    pub id: CellId,
    /// Its area; town and village are its upper levels.
    pub key: AreaKey,
}

impl Located {
    /// The town in which the point lies, if it is known.
    pub fn town(&self) -> Option<AreaKey> {
        (self.area.level() != Level::City).then(|| self.area.at(Level::Town))
    }

    /// The village, known when a cell holds the point.
    pub fn village(&self) -> Option<AreaKey> {
        self.cell.map(|cell| cell.key.at(Level::Village))
    }
}

/// Why polygons make no index.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("the polygon of {area} cannot be read: {why}")]
pub struct BadShape {
    /// Whose polygon.
    pub area: AreaKey,
    /// What is wrong with it.
    pub why: BadGeometry,
}

/// The index. Built anew on every change of the grid, which takes milliseconds (stack.md §4).
#[derive(Debug)]
pub struct Places {
    city: AreaKey,
    cells: Vec<Shape>,
    towns: Vec<Shape>,
    outline: Option<Shape>,
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
}

impl Places {
    /// Builds the index of `city` from the standing cells and places. Village-level cells without a polygon are known
    /// by code only and hold no point.
    ///
    /// # Errors
    /// [`BadShape`] names the first polygon that cannot be read; records are checked when they are set, so this
    /// means that a row was changed behind the product's back.
    pub fn build<'a>(
        city: AreaKey,
        cells: impl IntoIterator<Item = &'a Cell>,
        places: impl IntoIterator<Item = &'a Place>,
    ) -> Result<Self, BadShape> {
        let mut shapes = Vec::new();
        let mut towns = Vec::new();
        let mut outline = None;
        for cell in cells {
            let Some(shape) = shape(cell.id, cell.key, cell.polygon.as_deref())? else { continue };
            match cell.level() {
                Level::City => outline = Some(shape),
                Level::Town => towns.push(shape),
                Level::Village | Level::Cell => shapes.push(shape),
            }
        }
        for place in places {
            let Some(shape) = shape(CellId(0), place.key, place.outline.as_deref())? else { continue };
            match place.key.level() {
                Level::City if outline.is_none() => outline = Some(shape),
                Level::Town if !towns.iter().any(|town| town.key == shape.key) => towns.push(shape),
                Level::City | Level::Town | Level::Village | Level::Cell => {}
            }
        }
        // Shared borders go to the cell with the lowest id, so the order of shapes is the order of ids.
        shapes.sort_by_key(|shape| (shape.id, shape.key));
        towns.sort_by_key(|shape| shape.key);
        let boxes = shapes.iter().enumerate().filter_map(|(at, shape)| {
            let rect = shape.polygons.bounding_rect()?;
            let (min, max) = (rect.min(), rect.max());
            Some(GeomWithData::new(Rectangle::from_corners([min.x, min.y], [max.x, max.y]), at))
        });
        let tree = RTree::bulk_load(boxes.collect());
        Ok(Self { city, cells: shapes, towns, outline, tree })
    }

    /// Where `point` lies. A point on a border belongs to the cell with the lowest id; a point in a sliver of less
    /// than [`SLIVER_M`] to the nearest cell.
    pub fn locate(&self, point: Point) -> Located {
        let at = Coord { x: point.lng(), y: point.lat() };
        let plane = Plane::at(at.y);
        if let Some(shape) = self.cell_holding(at).or_else(|| self.cell_beside(at, plane)) {
            let cell = CellRef { id: shape.id, key: shape.key };
            let border_m = Some(plane.distance_to_border_m(at, &shape.polygons));
            return Located { cell: Some(cell), area: shape.key, border_m, in_hole: false, outside: false };
        }
        let town = self.towns.iter().find(|town| town.polygons.intersects(&at));
        let inside =
            town.is_some() || self.outline.as_ref().is_some_and(|city| city.polygons.intersects(&at));
        let area = town.map_or(self.city, |town| town.key);
        Located { cell: None, area, border_m: None, in_hole: inside, outside: !inside }
    }

    /// The village-level cell that holds a point, border included; of several the one with the lowest id.
    fn cell_holding(&self, at: Coord<f64>) -> Option<&Shape> {
        let near = self.tree.locate_in_envelope_intersecting(&AABB::from_point([at.x, at.y]));
        near.map(|entry| entry.data)
            .filter(|index| self.cells.get(*index).is_some_and(|shape| shape.polygons.intersects(&at)))
            .min()
            .and_then(|index| self.cells.get(index))
    }

    /// The nearest cell within [`SLIVER_M`].
    fn cell_beside(&self, at: Coord<f64>, plane: Plane) -> Option<&Shape> {
        let (dx, dy) = plane.degrees(SLIVER_M);
        let around = AABB::from_corners([at.x - dx, at.y - dy], [at.x + dx, at.y + dy]);
        self.tree
            .locate_in_envelope_intersecting(&around)
            .filter_map(|entry| Some((entry.data, self.cells.get(entry.data)?)))
            .map(|(index, shape)| (plane.distance_to_border_m(at, &shape.polygons), index, shape))
            .filter(|(distance_m, ..)| *distance_m < SLIVER_M)
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
            .map(|(.., shape)| shape)
    }

    /// The polygons of an area: of a cell, a town, or the city; `None` where none are known. A village has the cells
    /// that lie in it.
    pub fn polygons(&self, area: AreaKey) -> Option<MultiPolygon<f64>> {
        match area.level() {
            Level::City => self.outline.as_ref().map(|shape| shape.polygons.clone()),
            Level::Town => self.towns.iter().find(|town| town.key == area).map(|town| town.polygons.clone()),
            Level::Village | Level::Cell => {
                let range = area.range();
                let parts = self.cells.iter().filter(|shape| range.holds(shape.key));
                let parts: Vec<_> = parts.flat_map(|shape| shape.polygons.0.iter().cloned()).collect();
                (!parts.is_empty()).then_some(MultiPolygon(parts))
            }
        }
    }

    /// A point inside an area from which it can be labelled or opened on the map.
    pub fn point_of(&self, area: AreaKey) -> Option<Point> {
        point_in(&self.polygons(area)?)
    }

    /// Area in square kilometres, if the polygons are known.
    pub fn area_km2(&self, area: AreaKey) -> Option<f64> {
        self.polygons(area).map(|polygons| plane::area_m2(&polygons) / 1e6)
    }

    /// West, south, east and north of all that is known, in degrees.
    pub fn bounds(&self) -> Option<[f64; 4]> {
        let all = self.outline.iter().chain(&self.towns).chain(&self.cells);
        all.filter_map(|shape| shape.polygons.bounding_rect()).fold(None, |bounds, rect| {
            let (min, max) = (rect.min(), rect.max());
            let [w, s, e, n] = bounds.unwrap_or([min.x, min.y, max.x, max.y]);
            Some([w.min(min.x), s.min(min.y), e.max(max.x), n.max(max.y)])
        })
    }

    /// The village-level cells, by id.
    pub fn cells(&self) -> &[Shape] {
        &self.cells
    }

    /// The towns, by code.
    pub fn towns(&self) -> &[Shape] {
        &self.towns
    }

    /// The city's own outline.
    pub fn outline(&self) -> Option<&Shape> {
        self.outline.as_ref()
    }
}

/// A point inside of polygons, near their middle.
pub(crate) fn point_in(polygons: &MultiPolygon<f64>) -> Option<Point> {
    let middle = polygons.centroid().filter(|c| polygons.intersects(c));
    let point = middle.or_else(|| polygons.interior_point())?;
    Point::new(point.x(), point.y()).ok()
}

fn shape(id: CellId, key: AreaKey, text: Option<&str>) -> Result<Option<Shape>, BadShape> {
    let Some(text) = text else { return Ok(None) };
    let polygons = read_geometry(text).map_err(|why| BadShape { area: key, why })?;
    Ok(Some(Shape { id, key, polygons }))
}

#[cfg(test)]
mod tests;
