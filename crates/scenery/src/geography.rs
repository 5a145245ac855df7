//! The ground of the demo city: Jiangyin's outline and official names, with invented borders inside.
//!
//! One pure function of a seed. Outline and neighbours are 天地图's published division layer (credit it), names
//! and codes are the statistics bureau's; everything between is made by nested Voronoi cells and is marked
//! 演示 (demo) wherever it is shown. All coordinates are degrees (CGCS2000, for our purpose WGS84), rounded to 7
//! decimals; common borders have identical points on both sides, so areas add up exactly from cell to city.

mod data;
mod divide;
mod hole;
mod landmarks;
mod mesh;
mod plane;
mod voronoi;

pub use data::{GeographyError, Neighbour, folded_town};
pub use landmarks::{Landmark, LandmarkKind, landmarks};
pub use voronoi::random_point_in;

use crate::dice::Dice;
use data::Inputs;
use divide::Leaf;
use geo::{Centroid, Contains, Coord, InteriorPoint, MultiPolygon, Point, Polygon};
use mesh::{Ring, dissolve, edges, knit};
use plane::{Node, node_to_degrees, polygon_in_degrees, round_degrees};
use std::collections::BTreeMap;

/// The level of a grid cell (市镇村三级网格).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 市: one cell, the whole city.
    City,
    /// 镇: one cell for each of the 17 towns and streets.
    Town,
    /// 村: 1 372 cells, each inside one village or community.
    Village,
}

/// A town or street (镇街园区).
#[derive(Debug, Clone)]
pub struct Town {
    /// Code of 9 digits (GB/T 10114), as `320281001`.
    pub code9: String,
    /// Name, as 澄江街道.
    pub name: String,
    /// Approximate centre, degrees; always inside the polygon.
    pub centre: Point<f64>,
    /// Invented border, degrees.
    pub polygon: Polygon<f64>,
}

/// A village or community (村/社区). One name stands twice in the city (街西村): key by code, never by name.
#[derive(Debug, Clone)]
pub struct Village {
    /// Official code of 12 digits; where a zone was folded, a demo code from 601 on under its town.
    pub code12: String,
    /// Name without 居委会/村委会, as 皮弄村 or 花园社区.
    pub name: String,
    /// Code of the town it lies in (9 digits), after folding.
    pub town_code: String,
    /// True for a 社区, false for a 村.
    pub is_community: bool,
    /// Invented border, degrees.
    pub polygon: Polygon<f64>,
    /// A point inside, degrees.
    pub centre: Point<f64>,
}

/// A cell of the responsibility grid (责任网格).
#[derive(Debug, Clone)]
pub struct DemoCell {
    /// Level of the cell.
    pub level: Level,
    /// Name: 江阴市, 澄江街道, 花园社区第三网格.
    pub name: String,
    /// Town (9 digits); none for the city.
    pub town_code: Option<String>,
    /// Village (12 digits, see [`Village::code12`]); only on the lowest level.
    pub village_code: Option<String>,
    /// Area key of 16 digits, 6 + 3 + 3 + 4: city 3202810000000000, town 3202810010000000, cell
    /// 3202810010010001. The town part is the folded town, so that "under a town" is one range of keys.
    pub area_key: i64,
    /// Number inside the village from 1, rows from the north, west to east; 0 on the upper levels.
    pub seq: u32,
    /// Border, degrees. A cell at the planted hole is less than its part of the village.
    pub polygon: MultiPolygon<f64>,
}

/// A stretch of border between two towns, as seen from the cell on one side.
#[derive(Debug, Clone)]
pub struct TownBorder {
    /// Index into [`Geography::cells`] of a village-level cell.
    pub cell: usize,
    /// The town on the other side (9 digits).
    pub other_town_code: String,
    /// The longest edge of that stretch, degrees.
    pub edge: (Point<f64>, Point<f64>),
}

/// The whole ground of the demo city.
#[derive(Debug, Clone)]
pub struct Geography {
    /// Outline of the city, degrees.
    pub outline: MultiPolygon<f64>,
    /// Counties and districts around, for the background of maps.
    pub neighbours: Vec<Neighbour>,
    /// The 17 towns and streets, ordered by code.
    pub towns: Vec<Town>,
    /// The 280 villages and communities, by town, inside a town in the order of the official list.
    pub villages: Vec<Village>,
    /// All 1 390 cells: the city, the towns in their order, then the village-level cells by village.
    pub cells: Vec<DemoCell>,
    /// A patch at the 云亭/周庄 border that no village-level cell covers.
    pub planted_hole: Polygon<f64>,
    /// Where cells of different towns meet.
    pub town_borders: Vec<TownBorder>,
}

impl Geography {
    /// The patch at the 云亭/周庄 border, about 400 m across, that lies in no village-level cell (a planted
    /// hole in the grid; it still lies in a town and in the city).
    pub fn planted_hole(&self) -> &Polygon<f64> {
        &self.planted_hole
    }

    /// The village-level cells of a town (9 digits).
    pub fn cells_of_town<'a>(&'a self, town_code: &'a str) -> impl Iterator<Item = &'a DemoCell> + 'a {
        self.cells
            .iter()
            .filter(move |c| c.level == Level::Village && c.town_code.as_deref() == Some(town_code))
    }

    /// The village with a code of 12 digits.
    pub fn village(&self, code12: &str) -> Option<&Village> {
        self.villages.iter().find(|v| v.code12 == code12)
    }

    /// The town with a code of 9 digits.
    pub fn town(&self, code9: &str) -> Option<&Town> {
        self.towns.iter().find(|t| t.code9 == code9)
    }
}

/// Makes the ground of the demo city from a seed. About 0.3 s in the dev profile.
///
/// # Errors
/// Only when the files in `data/` were changed so that they cannot be read or do not fit together.
pub fn geography(seed: u64) -> Result<Geography, GeographyError> {
    let inputs = data::inputs()?;
    let ground = Knitted::make(&inputs, seed)?;
    let city = MultiPolygon::new(vec![ground.union(|_| true)]);
    let towns: Vec<Town> = inputs
        .towns
        .iter()
        .enumerate()
        .map(|(t, row)| {
            let polygon = ground.union(|leaf| leaf.town == t);
            Town { code9: row.code9.clone(), name: row.name.clone(), centre: Point(row.centre), polygon }
        })
        .collect();
    let mut cells = upper_cells(&city, &towns);
    cells.extend(
        ground.leaves.iter().zip(&ground.faces).map(|(leaf, face)| village_cell(&inputs, leaf, face)),
    );
    Ok(Geography {
        outline: city,
        villages: villages(&inputs, &ground),
        cells,
        planted_hole: polygon_in_degrees(&dissolve(ground.faces.iter().skip(ground.leaves.len()))),
        town_borders: town_borders(&inputs, &ground),
        neighbours: inputs.neighbours,
        towns,
    })
}

/// All faces of the city with common borders: first the cells, then the pieces of the hole.
struct Knitted {
    leaves: Vec<Leaf>,
    faces: Vec<Ring>,
    /// For each face its cell; for a piece of the hole the cell that it was cut from.
    leaf_of: Vec<usize>,
}

impl Knitted {
    fn make(inputs: &Inputs, seed: u64) -> Result<Self, GeographyError> {
        let mut leaves = divide::leaves(inputs, &Dice::new(seed).fork("geography"))?;
        let pieces = hole::plant(inputs, &mut leaves)?;
        let leaf_of = (0..leaves.len()).chain(pieces.iter().map(|(leaf, _)| *leaf)).collect();
        let rings: Vec<Ring> = leaves
            .iter()
            .map(|leaf| leaf.ring.clone())
            .chain(pieces.into_iter().map(|(_, ring)| ring))
            .collect();
        Ok(Self { faces: knit(&rings), leaves, leaf_of })
    }

    /// The union of the wanted cells, with the pieces of the hole that were cut from them.
    fn union(&self, wanted: impl Fn(&Leaf) -> bool) -> Polygon<f64> {
        let own = self.faces.iter().zip(&self.leaf_of).filter(|(_, leaf)| wanted(&self.leaves[**leaf]));
        polygon_in_degrees(&dissolve(own.map(|(face, _)| face)))
    }
}

fn villages(inputs: &Inputs, ground: &Knitted) -> Vec<Village> {
    let mut villages = Vec::new();
    for (t, town) in inputs.towns.iter().enumerate() {
        for (v, row) in town.villages.iter().enumerate() {
            let polygon = ground.union(|leaf| leaf.town == t && leaf.village == v);
            villages.push(Village {
                code12: row.code12.clone(),
                name: row.name.clone(),
                town_code: town.code9.clone(),
                is_community: row.is_community,
                centre: point_inside(&polygon),
                polygon,
            });
        }
    }
    villages
}

/// The centre of a polygon where that lies inside, else some point inside; rounded to 7 decimals.
fn point_inside(polygon: &Polygon<f64>) -> Point<f64> {
    let centre = polygon.centroid().filter(|c| polygon.contains(c)).or_else(|| polygon.interior_point());
    centre.map_or(Point::new(0.0, 0.0), |c| Point(round_degrees(c.0)))
}

fn upper_cells(city: &MultiPolygon<f64>, towns: &[Town]) -> Vec<DemoCell> {
    let mut cells = vec![DemoCell {
        level: Level::City,
        name: "江阴市".to_owned(),
        town_code: None,
        village_code: None,
        area_key: 3_202_810_000_000_000,
        seq: 0,
        polygon: city.clone(),
    }];
    cells.extend(towns.iter().map(|town| DemoCell {
        level: Level::Town,
        name: town.name.clone(),
        town_code: Some(town.code9.clone()),
        village_code: None,
        area_key: digits(&town.code9) * 10_000_000,
        seq: 0,
        polygon: MultiPolygon::new(vec![town.polygon.clone()]),
    }));
    cells
}

fn village_cell(inputs: &Inputs, leaf: &Leaf, face: &Ring) -> DemoCell {
    let town = &inputs.towns[leaf.town];
    let village = &town.villages[leaf.village];
    let seq = leaf.number + 1;
    let village_digits = digits(village.code12.get(9..).unwrap_or_default());
    DemoCell {
        level: Level::Village,
        name: format!("{}第{}网格", village.name, chinese_number(seq)),
        town_code: Some(town.code9.clone()),
        village_code: Some(village.code12.clone()),
        area_key: (digits(&town.code9) * 1_000 + village_digits) * 10_000 + seq as i64,
        seq: seq as u32,
        polygon: MultiPolygon::new(vec![polygon_in_degrees(std::slice::from_ref(face))]),
    }
}

fn digits(code: &str) -> i64 {
    code.bytes().fold(0, |n, b| n * 10 + i64::from(b.wrapping_sub(b'0')))
}

/// A number from 1 to 99 in Chinese: 三, 十, 十二, 二十一.
pub(crate) fn chinese_number(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |n: usize| DIGITS.get(n).copied().unwrap_or_default();
    match (number / 10, number % 10) {
        (0, ones) => digit(ones).to_owned(),
        (1, ones) => format!("十{}", digit(ones)),
        (tens, ones) => format!("{}十{}", digit(tens), digit(ones)),
    }
}

/// For each cell at the border of another town, the longest common edge with it.
fn town_borders(inputs: &Inputs, ground: &Knitted) -> Vec<TownBorder> {
    let leaves = &ground.leaves;
    let upper_count = 1 + inputs.towns.len();
    let by_edge: BTreeMap<(Node, Node), usize> = ground
        .faces
        .iter()
        .take(leaves.len())
        .enumerate()
        .flat_map(|(i, ring)| edges(ring).map(move |e| (e, i)))
        .collect();
    let mut longest: BTreeMap<(usize, usize), (Node, Node)> = BTreeMap::new();
    for (&(a, b), &face) in &by_edge {
        let Some(&neighbour) = by_edge.get(&(b, a)) else { continue };
        let other_town = leaves[neighbour].town;
        if other_town != leaves[face].town {
            let edge = longest.entry((face, other_town)).or_insert((a, b));
            if squared_length((a, b)) > squared_length(*edge) {
                *edge = (a, b);
            }
        }
    }
    let degrees = |node: Node| -> Point<f64> { Point(node_to_degrees(node)) };
    longest
        .into_iter()
        .map(|((face, other), (a, b))| TownBorder {
            cell: upper_count + face,
            other_town_code: inputs.towns[other].code9.clone(),
            edge: (degrees(a), degrees(b)),
        })
        .collect()
}

fn squared_length((a, b): (Node, Node)) -> i128 {
    let (dx, dy) = (i128::from(b.0 - a.0), i128::from(b.1 - a.1));
    dx * dx + dy * dy
}

/// A coordinate pair as the demo writes it: 7 decimals.
pub(crate) fn rounded(place: Coord<f64>) -> Coord<f64> {
    round_degrees(place)
}
