//! The demo city's ground: counts, nesting, sums, shared borders, the planted hole. Over several seeds.

use geo::{Area, BooleanOps, BoundingRect, Contains, Intersects, MultiPolygon, Point, Validation};
use scenery::dice::Dice;
use scenery::geography::{DemoCell, Geography, Level, geography, landmarks, random_point_in};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::OnceLock;

type Edge = ((i64, i64), (i64, i64));

const SEEDS: [u64; 3] = [1, 2026, 0xDEAD_BEEF];

fn grounds() -> &'static [Geography] {
    static GROUNDS: OnceLock<Vec<Geography>> = OnceLock::new();
    GROUNDS.get_or_init(|| SEEDS.iter().filter_map(|&seed| geography(seed).ok()).collect())
}

fn lowest(ground: &Geography) -> impl Iterator<Item = &DemoCell> {
    ground.cells.iter().filter(|c| c.level == Level::Village)
}

/// Corners in units of 10⁻⁷ degrees; every coordinate must be on that grid.
fn corners(polygon: &MultiPolygon<f64>) -> Vec<Vec<(i64, i64)>> {
    let step = |v: f64| {
        let rounded = (v * 1e7).round();
        assert!((v * 1e7 - rounded).abs() < 1e-4, "{v} has more than 7 decimals");
        rounded as i64
    };
    polygon
        .iter()
        .flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()))
        .map(|ring| ring.coords().map(|c| (step(c.x), step(c.y))).collect())
        .collect()
}

#[test]
fn there_are_1390_cells_on_three_levels() {
    assert_eq!(grounds().len(), SEEDS.len(), "every seed gives a city");
    for ground in grounds() {
        let count = |level| ground.cells.iter().filter(|c| c.level == level).count();
        assert_eq!((count(Level::City), count(Level::Town), count(Level::Village)), (1, 17, 1_372));
        assert_eq!((ground.towns.len(), ground.villages.len()), (17, 280));
        let with_cells: BTreeSet<_> = lowest(ground).filter_map(|c| c.village_code.clone()).collect();
        assert_eq!(with_cells.len(), 280, "every village has a cell");
    }
}

#[test]
fn keys_nest_and_are_unique() {
    for ground in grounds() {
        let keys: BTreeSet<i64> = ground.cells.iter().map(|c| c.area_key).collect();
        assert_eq!(keys.len(), 1_390);
        assert_eq!(ground.cells[0].area_key, 3_202_810_000_000_000);
        assert!(keys.contains(&3_202_810_010_000_000) && keys.contains(&3_202_810_010_010_001));
        for cell in lowest(ground) {
            let town: i64 = cell.town_code.as_ref().expect("town").parse().expect("digits");
            assert_eq!(cell.area_key / 10_000_000, town, "{} is under its town", cell.name);
            assert_eq!(cell.area_key % 10_000, i64::from(cell.seq));
            assert!((1..=40).contains(&cell.seq));
        }
        for cell in lowest(ground) {
            let (town, village) = (cell.town_code.as_deref(), cell.village_code.as_deref());
            assert_eq!(town, village.and_then(|v| v.get(..9)), "codes nest at {}", cell.name);
        }
        let folded: BTreeSet<&str> = ground
            .villages
            .iter()
            .filter(|v| v.code12.get(9..).is_some_and(|digits| digits >= "601"))
            .map(|v| v.town_code.as_str())
            .collect();
        assert_eq!(folded.into_iter().collect::<Vec<_>>(), ["320281102", "320281103"], "青阳园区, 月城园区");
    }
}

#[test]
fn names_are_as_people_say_them() {
    let ground = &grounds()[0];
    let names: Vec<&str> = ground.cells.iter().map(|c| c.name.as_str()).collect();
    assert!(["江阴市", "江阴高新区", "花园社区第三网格", "皮弄村第一网格"].iter().all(|n| names.contains(n)));
    assert!(names.iter().all(|n| !n.contains("委会") && !n.contains("虚拟")));
}

#[test]
fn areas_add_up_from_cell_to_city() {
    for ground in grounds() {
        let close = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-6;
        let city = ground.outline.unsigned_area();
        let towns: f64 = ground.towns.iter().map(|t| t.polygon.unsigned_area()).sum();
        let villages: f64 = ground.villages.iter().map(|v| v.polygon.unsigned_area()).sum();
        let cells: f64 = lowest(ground).map(|c| c.polygon.unsigned_area()).sum();
        let hole = ground.planted_hole().unsigned_area();
        assert!(close(towns, city) && close(villages, city) && close(cells + hole, city));
        for town in &ground.towns {
            let sum: f64 = ground
                .villages
                .iter()
                .filter(|v| v.town_code == town.code9)
                .map(|v| v.polygon.unsigned_area())
                .sum();
            assert!(close(sum, town.polygon.unsigned_area()), "{}", town.name);
        }
    }
}

#[test]
fn the_outline_is_the_published_one() {
    let text = include_str!("../data/jiangyin-outline.geojson");
    let parsed: serde_json::Value = serde_json::from_str(text).expect("json");
    let ring = &parsed["features"][0]["geometry"]["coordinates"][0][0];
    let points: Vec<geo::Coord<f64>> = ring
        .as_array()
        .expect("ring")
        .iter()
        .map(|p| geo::Coord { x: p[0].as_f64().expect("lng"), y: p[1].as_f64().expect("lat") })
        .collect();
    let published = MultiPolygon::new(vec![geo::Polygon::new(points.into(), vec![])]);
    for ground in grounds() {
        let differing = published.xor(&ground.outline).unsigned_area();
        assert!(differing / published.unsigned_area() < 1e-6, "{differing}");
    }
}

#[test]
fn every_border_is_the_same_on_both_sides() {
    for ground in grounds() {
        let mut seen: HashMap<Edge, usize> = HashMap::new();
        let hole = MultiPolygon::new(vec![ground.planted_hole().clone()]);
        for polygon in lowest(ground).map(|c| &c.polygon).chain([&hole]) {
            for ring in corners(polygon) {
                for pair in ring.windows(2) {
                    *seen.entry((pair[0], pair[1])).or_default() += 1;
                }
            }
        }
        assert!(seen.values().all(|&n| n == 1), "no edge twice in one direction");
        let unmatched: HashSet<_> =
            seen.keys().filter(|(a, b)| !seen.contains_key(&(*b, *a))).copied().collect();
        let outline: HashSet<_> = corners(&ground.outline)
            .iter()
            .flat_map(|r| r.windows(2).map(|p| (p[0], p[1])).collect::<Vec<_>>())
            .collect();
        assert_eq!(unmatched, outline, "edges with one side are exactly the outline");
        for (village, polygon) in ground.villages.iter().map(|v| (&v.name, &v.polygon)) {
            let multi = MultiPolygon::new(vec![polygon.clone()]);
            let middle = |(a, b): &Edge| Point::new((a.0 + b.0) as f64 / 2e7, (a.1 + b.1) as f64 / 2e7);
            // Inside the hole the border of a village runs where no cell is.
            let unknown = corners(&multi)
                .iter()
                .flat_map(|r| r.windows(2).map(|p| (p[0], p[1])).collect::<Vec<_>>())
                .filter(|e| !seen.contains_key(e) && !hole.contains(&middle(e)))
                .count();
            assert_eq!(unknown, 0, "the border of {village} is made of edges of cells");
        }
    }
}

#[test]
fn every_polygon_is_valid_and_in_one_piece() {
    for ground in grounds() {
        for cell in &ground.cells {
            assert!(cell.polygon.is_valid(), "{}", cell.name);
            assert_eq!(cell.polygon.0.len(), 1, "{}", cell.name);
            assert!(cell.polygon.0[0].interiors().is_empty(), "{}", cell.name);
        }
        for village in &ground.villages {
            assert!(
                village.polygon.is_valid() && village.polygon.contains(&village.centre),
                "{}",
                village.name
            );
        }
        for town in &ground.towns {
            assert!(town.polygon.contains(&town.centre), "{}", town.name);
        }
    }
}

#[test]
fn a_random_place_lies_in_one_cell_and_in_its_village_and_town() {
    for (ground, seed) in grounds().iter().zip(SEEDS) {
        let mut dice = Dice::new(seed);
        let boxes: Vec<_> = lowest(ground).map(|c| (c, c.polygon.bounding_rect().expect("box"))).collect();
        for _ in 0..2_000 {
            let place = random_point_in(&ground.outline.0[0], &mut dice);
            let hits: Vec<_> =
                boxes.iter().filter(|(c, b)| b.intersects(&place) && c.polygon.contains(&place)).collect();
            if ground.planted_hole().intersects(&place) {
                assert!(hits.is_empty());
                continue;
            }
            assert_eq!(hits.len(), 1, "{place:?}");
            let cell = hits[0].0;
            let village = ground.village(cell.village_code.as_deref().expect("village")).expect("village");
            let town = ground.town(cell.town_code.as_deref().expect("town")).expect("town");
            assert!(village.polygon.contains(&place) && town.polygon.contains(&place));
            assert_eq!(village.town_code, town.code9);
        }
    }
}

#[test]
fn the_hole_is_in_two_towns_but_in_no_cell() {
    for (ground, seed) in grounds().iter().zip(SEEDS) {
        let hole = ground.planted_hole();
        let bounds = hole.bounding_rect().expect("box");
        let (width_m, height_m) = (bounds.width() * 94_630.0, bounds.height() * 110_873.0);
        assert!((300.0..500.0).contains(&width_m) && (300.0..500.0).contains(&height_m));
        let mut dice = Dice::new(seed);
        let mut towns = BTreeSet::new();
        for _ in 0..200 {
            let place = random_point_in(hole, &mut dice);
            assert!(lowest(ground).all(|c| !c.polygon.contains(&place)));
            assert!(ground.outline.contains(&place));
            towns.extend(ground.towns.iter().filter(|t| t.polygon.contains(&place)).map(|t| t.name.clone()));
        }
        assert_eq!(towns.into_iter().collect::<Vec<_>>(), ["云亭街道", "周庄镇"]);
    }
}

#[test]
fn towns_lie_where_they_are() {
    for ground in grounds() {
        let by = |key: fn(&Point<f64>) -> f64| {
            let mut towns: Vec<_> = ground.towns.iter().collect();
            towns.sort_by(|a, b| key(&a.centre).total_cmp(&key(&b.centre)));
            towns.iter().map(|t| t.name.as_str()).collect::<Vec<_>>()
        };
        let west_to_east = by(|p| p.x());
        assert_eq!((west_to_east[0], west_to_east[16]), ("璜土镇", "顾山镇"));
        let east_end = |name: &str| {
            let town = ground.towns.iter().find(|t| t.name == name).expect("town");
            town.polygon.bounding_rect().expect("box").max().x
        };
        assert!(east_end("华士镇") > east_end("周庄镇"));
    }
}

#[test]
fn cells_are_smaller_in_the_old_town() {
    for ground in grounds() {
        let mean = |code: &str| {
            let areas: Vec<f64> = ground.cells_of_town(code).map(|c| c.polygon.unsigned_area()).collect();
            areas.iter().sum::<f64>() / areas.len() as f64
        };
        assert!(mean("320281001") * 2.0 < mean("320281100"), "澄江 against 璜土");
    }
}

#[test]
fn landmarks_lie_in_their_cell_and_have_names_of_their_own() {
    for (ground, seed) in grounds().iter().zip(SEEDS) {
        let mut by_village: BTreeMap<&str, HashSet<String>> = BTreeMap::new();
        let mut kinds = BTreeSet::new();
        for cell in lowest(ground) {
            let found = landmarks(seed, cell);
            assert!((6..=14).contains(&found.len()), "{} has {}", cell.name, found.len());
            assert_eq!(found, landmarks(seed, cell));
            for landmark in found {
                assert!(cell.polygon.contains(&landmark.point), "{} in {}", landmark.name, cell.name);
                kinds.insert(landmark.kind);
                let names = by_village.entry(cell.village_code.as_deref().expect("village")).or_default();
                assert!(names.insert(landmark.name.clone()), "{} twice around {}", landmark.name, cell.name);
            }
        }
        assert_eq!(kinds.len(), 12, "every kind but borders: {kinds:?}");
        assert!(landmarks(seed, &ground.cells[0]).is_empty());
    }
}

#[test]
fn border_landmarks_are_near_the_other_town() {
    for (ground, seed) in grounds().iter().zip(SEEDS) {
        let found = ground.border_landmarks(seed);
        assert!(found.len() > 100, "{}", found.len());
        for (cell, landmark) in &found {
            let cell = &ground.cells[*cell];
            assert!(cell.polygon.contains(&landmark.point), "{}", landmark.name);
            let reach = 16.0 / 94_630.0;
            let around = geo::Rect::new(
                landmark.point.0 - geo::Coord { x: reach, y: reach },
                landmark.point.0 + geo::Coord { x: reach, y: reach },
            )
            .to_polygon();
            let other = ground.towns.iter().filter(|t| Some(&t.code9) != cell.town_code.as_ref());
            assert!(other.into_iter().any(|t| t.polygon.intersects(&around)), "{}", landmark.name);
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_ground() {
    let again = geography(SEEDS[0]).expect("demo inputs");
    assert_eq!(format!("{:?}", again), format!("{:?}", grounds()[0]));
    assert_ne!(again.cells[40].polygon, grounds()[1].cells[40].polygon);
}
