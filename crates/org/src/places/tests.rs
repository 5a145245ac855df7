use kernel::chance::{Chance, SeededChance};
use proptest::prelude::*;

use super::*;
use crate::model::Dates;

const CITY: &str = "320281";
/// One side of a test cell in degrees: about 95 m by 111 m.
const SIDE: f64 = 0.001;

fn ring_text(corners: &[(f64, f64)]) -> String {
    let points: Vec<String> =
        corners.iter().chain(corners.first()).map(|(x, y)| format!("[{x},{y}]")).collect();
    format!(r#"{{"type":"Polygon","coordinates":[[{}]]}}"#, points.join(","))
}

fn square_text(west: f64, south: f64, east: f64, north: f64) -> String {
    ring_text(&[(west, south), (east, south), (east, north), (west, north)])
}

fn cell(id: i64, key: &str, polygon: String) -> Cell {
    Cell {
        id: CellId(id),
        key: key.parse().unwrap(),
        name: format!("网格{id}"),
        polygon: Some(polygon),
        persons: vec![],
        supporting_unit: None,
        linked_leader: None,
        valid: Dates::ALWAYS,
    }
}

fn place(key: &str, outline: String) -> Place {
    Place {
        key: key.parse().unwrap(),
        name: key.to_owned(),
        valid: Dates::ALWAYS,
        backstop: None,
        outline: Some(outline),
    }
}

/// Corner (column, row) of a mesh whose inner corners are shaken, so that borders slant and are shared exactly.
fn corner(column: usize, row: usize, size: usize) -> (f64, f64) {
    let inner = |n: usize| n > 0 && n < size;
    let shake = |seed: usize| ((seed * 7_919 + 13) % 101) as f64 / 101.0 * 0.4 - 0.2;
    let (dx, dy) = if inner(column) && inner(row) {
        (shake(column * 31 + row), shake(column + row * 57))
    } else {
        (0.0, 0.0)
    };
    (120.0 + SIDE * (column as f64 + dx), 31.0 + SIDE * (row as f64 + dy))
}

/// `size` × `size` cells in two towns (lower and upper half); `skip` leaves cells out.
fn mesh(size: usize, skip: &[usize]) -> (Vec<Cell>, Vec<Place>) {
    let mut cells = Vec::new();
    for n in (0..size * size).filter(|n| !skip.contains(n)) {
        let (column, row) = (n % size, n / size);
        let corners = [(0, 0), (1, 0), (1, 1), (0, 1)].map(|(dx, dy)| corner(column + dx, row + dy, size));
        let town = if row < size / 2 { 101 } else { 102 };
        let key = format!("{CITY}{town}2{:02}{:04}", row % 100, column + 1);
        cells.push(cell(n as i64 + 1, &key, ring_text(&corners)));
    }
    let border: Vec<_> = (0..=size).map(|column| corner(column, size / 2, size)).collect();
    let upper = [corner(size, size, size), corner(0, size, size)];
    let lower = [corner(size, 0, size), corner(0, 0, size)];
    let town = |key: &str, far: [(f64, f64); 2]| {
        place(key, ring_text(&border.iter().copied().chain(far).collect::<Vec<_>>()))
    };
    let end = size as f64 * SIDE;
    let places = vec![
        place(CITY, square_text(120.0, 31.0, 120.0 + end, 31.0 + end)),
        town("320281101", lower),
        town("320281102", upper),
    ];
    (cells, places)
}

fn index(cells: &[Cell], places: &[Place]) -> Places {
    Places::build(CITY.parse().unwrap(), cells, places).unwrap()
}

fn point(lng: f64, lat: f64) -> Point {
    Point::new(lng, lat).unwrap()
}

/// A cell and the corners of its ring.
type Corners = (CellId, Vec<(f64, f64)>);

fn corners_of(cells: &[Cell]) -> Vec<Corners> {
    let read = |cell: &Cell| {
        let value: serde_json::Value = serde_json::from_str(cell.polygon.as_ref().unwrap()).unwrap();
        let ring = value["coordinates"][0].as_array().unwrap().iter();
        (cell.id, ring.map(|p| (p[0].as_f64().unwrap(), p[1].as_f64().unwrap())).collect())
    };
    cells.iter().map(read).collect()
}

/// Ray casting, written without any geometry library: the independent answer.
fn cast(cells: &[Corners], lng: f64, lat: f64) -> Option<CellId> {
    let inside = |(_, ring): &&Corners| {
        ring.windows(2).fold(false, |odd, edge| {
            let ((x1, y1), (x2, y2)) = (edge[0], edge[1]);
            let crosses = (y1 > lat) != (y2 > lat) && lng < (x2 - x1) * (lat - y1) / (y2 - y1) + x1;
            odd != crosses
        })
    };
    cells.iter().find(inside).map(|(id, _)| *id)
}

#[test]
fn random_points_lie_where_ray_casting_says() {
    let (cells, places) = mesh(12, &[30, 77]);
    let index = index(&cells, &places);
    let corners = corners_of(&cells);
    let chance = SeededChance::new(20_260_217);
    let mut holes = 0;
    for _ in 0..4_000 {
        let at = |from: f64| from - SIDE + chance.below(1_000_000) as f64 / 1e6 * SIDE * 14.0;
        let (lng, lat) = (at(120.0), at(31.0));
        let located = index.locate(point(lng, lat));
        let inside = (120.0..120.012).contains(&lng) && (31.0..31.012).contains(&lat);
        // Within the sliver tolerance of a hole or of the edge the two may differ by design.
        let at = Coord { x: lng, y: lat };
        let near = |s: &Shape| Plane::at(lat).distance_to_border_m(at, &s.polygons) < SLIVER_M;
        if index.cells().iter().any(near) {
            continue;
        }
        let expected = cast(&corners, lng, lat);
        assert_eq!(located.cell.map(|c| c.id), expected, "{lng} {lat}");
        assert_eq!(
            (located.outside, located.in_hole),
            (!inside, inside && expected.is_none()),
            "{lng} {lat}"
        );
        holes += usize::from(located.in_hole);
    }
    assert!(holes > 20, "only {holes} points fell into the two holes");
}

#[test]
fn a_border_belongs_to_the_lower_id_and_corners_too() {
    let (cells, places) = mesh(4, &[]);
    let index = index(&cells, &places);
    // Corners as the index read them: reading a decimal may move its last bit.
    let ring = index.cells()[0].polygons.0[0].exterior().0.clone();
    let Coord { x, y } = ring[2];
    assert_eq!(index.locate(point(x, y)).cell.unwrap().id, CellId(1));
    let Coord { x: x1, y: y1 } = ring[1];
    let on_border = index.locate(point((x + x1) / 2.0, (y + y1) / 2.0));
    assert_eq!(on_border.cell.unwrap().id, CellId(1));
    assert!(on_border.border_m.unwrap() < 0.01);
    // The outer edge of the city is inside.
    assert!(!index.locate(point(120.0, 31.0)).outside);
}

#[test]
fn distance_to_the_border_is_in_metres() {
    let cells = [cell(1, "3202811012000001", square_text(120.0, 31.0, 120.01, 31.01))];
    let located = index(&cells, &[]).locate(point(120.005, 31.001));
    // 0.001 degrees of latitude are about 110.9 m.
    assert!((located.border_m.unwrap() - 110.9).abs() < 0.2, "{located:?}");
    assert_eq!(located.village().unwrap().code(), "320281101200");
}

#[test]
fn a_sliver_goes_to_the_nearest_cell_and_a_gap_is_a_hole() {
    // 1.5 m and 9.5 m of longitude at 31° N.
    for (gap_deg, sliver) in [(1.57e-5, true), (1e-4, false)] {
        let cells = [
            cell(1, "3202811012000001", square_text(120.0, 31.0, 120.01, 31.01)),
            cell(2, "3202811012000002", square_text(120.01 + gap_deg, 31.0, 120.02, 31.01)),
        ];
        let town = place("320281101", square_text(120.0, 31.0, 120.02, 31.01));
        let index = index(&cells, &[town]);
        let nearer_to_two = index.locate(point(120.01 + gap_deg * 0.7, 31.005));
        if sliver {
            assert_eq!(nearer_to_two.cell.unwrap().id, CellId(2));
            assert!(index.grid_findings().is_empty());
        } else {
            assert_eq!((nearer_to_two.cell, nearer_to_two.in_hole), (None, true));
            assert_eq!(nearer_to_two.area.code(), "320281101");
            assert_eq!(index.grid_findings().len(), 1);
        }
    }
}

#[test]
fn holes_and_overlaps_of_the_grid_are_listed_once_each() {
    let (mut cells, places) = mesh(10, &[22, 44, 54]);
    // 44 and 54 lie on both sides of the towns' border: one hole over two towns.
    let (x, y) = corner(8, 8, 10);
    let extra = square_text(x + 0.2 * SIDE, y + 0.2 * SIDE, x + 0.6 * SIDE, y + 0.6 * SIDE);
    cells.push(cell(500, "3202811022990001", extra));
    let found = index(&cells, &places).grid_findings();
    let seen: Vec<(GridFindingKind, Vec<String>, usize)> =
        found.iter().map(|f| (f.kind, f.areas.iter().map(|a| a.code()).collect(), f.cells.len())).collect();
    let codes = |all: &[&str]| all.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        seen,
        [
            (GridFindingKind::Hole, codes(&["320281101"]), 0),
            (GridFindingKind::Hole, codes(&["320281101", "320281102"]), 0),
            (GridFindingKind::Overlap, codes(&["3202811022080009", "3202811022990001"]), 2),
        ]
    );
    for finding in &found {
        let inside = finding.point.unwrap();
        assert!(finding.polygons.intersects(&Coord { x: inside.lng(), y: inside.lat() }));
    }
    let (clean, places) = mesh(10, &[]);
    assert!(index(&clean, &places).grid_findings().is_empty());
}

#[test]
fn an_outline_of_a_place_serves_where_no_cell_is_drawn() {
    let places = [
        place(CITY, square_text(120.0, 31.0, 120.02, 31.02)),
        place("320281101", square_text(120.0, 31.0, 120.01, 31.02)),
    ];
    let index = index(&[], &places);
    let town = index.locate(point(120.005, 31.01));
    assert_eq!((town.area.code(), town.in_hole), ("320281101".to_owned(), true));
    assert_eq!(town.town().unwrap().code(), "320281101");
    let city = index.locate(point(120.015, 31.01));
    assert_eq!((city.area.code(), city.in_hole, city.town()), (CITY.to_owned(), true, None));
    assert!(index.locate(point(121.0, 31.0)).outside);
    assert!(index.grid_findings().is_empty(), "a city without cells is not one hole");
    assert_eq!(index.bounds(), Some([120.0, 31.0, 120.02, 31.02]));
}

#[test]
fn geometry_texts_are_judged_one_by_one() {
    for (text, why) in [
        ("", BadGeometry::NotPolygon),
        (r#"{"type":"Point","coordinates":[120,31]}"#, BadGeometry::NotPolygon),
        (r#"{"type":"MultiPolygon","coordinates":[]}"#, BadGeometry::Empty),
        (r#"{"type":"Polygon","coordinates":[]}"#, BadGeometry::Empty),
        (r#"{"type":"Polygon","coordinates":[[[120,31],[121,31],[120,31]]]}"#, BadGeometry::ShortRing),
        (
            r#"{"type":"Polygon","coordinates":[[[120,31],[121,31],[121,32],[120,32]]]}"#,
            BadGeometry::OpenRing,
        ),
        (r#"{"type":"Polygon","coordinates":[[[31,120],[31,121],[32,121],[31,120]]]}"#, BadGeometry::Swapped),
        (
            r#"{"type":"Polygon","coordinates":[[[220,31],[121,31],[121,32],[220,31]]]}"#,
            BadGeometry::OffEarth,
        ),
        (r#"{"type":"Polygon","coordinates":[[[120],[121],[121],[120]]]}"#, BadGeometry::NotPolygon),
        (
            r#"{"type":"Polygon","coordinates":[[[1e999,31],[121,31],[121,32],[120,31]]]}"#,
            BadGeometry::NotPolygon,
        ),
    ] {
        assert_eq!(read_geometry(text).unwrap_err(), why, "{text}");
    }
    let text = square_text(120.0, 31.0, 120.01, 31.01);
    let polygons = read_geometry(&text).unwrap();
    assert_eq!(read_geometry(&geometry_text(&polygons)).unwrap(), polygons);
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in r#"\{"type":"(Multi)?Polygon","coordinates":[\[\]0-9,.]{0,40}\}"#) {
        let _ = read_geometry(&text);
    }
}
