//! City → towns → villages → cells: three times the same cut, then one knitting over everything.

use super::data::{GeographyError, Inputs, TownRow};
use super::mesh::{Ring, absorb_strays, dissolve, knit};
use super::plane::{Node, polygon_in_metres, ring_of, to_metres, to_node};
use super::voronoi::{region, scatter};
use crate::dice::Dice;
use geo::{Area, Centroid, Coord, MapCoords, Polygon};

/// Cells of the third level in the whole city (issue 13 of the bulletin: 1 390 = 1 + 17 + 1 372).
pub(crate) const VILLAGE_LEVEL_CELLS: usize = 1_372;

/// A cell before the last knitting.
pub(crate) struct Leaf {
    /// Index into the towns of the inputs.
    pub(crate) town: usize,
    /// Index into the villages of that town.
    pub(crate) village: usize,
    /// Number inside the village, from 0; rows from the north, west to east (CJ/T 349 numbers cells so).
    pub(crate) number: usize,
    pub(crate) ring: Ring,
}

/// Patches that towns are put together from, so that borders of towns wind instead of running straight for miles.
const PATCHES: usize = 620;

/// Cuts a polygon (metres) into one ring for each site.
fn cut(parent: &Polygon<f64>, sites: &[Coord<f64>]) -> Vec<Ring> {
    let owners: Vec<usize> = (0..sites.len()).collect();
    cut_for(parent, sites, &owners, sites.len())
}

/// Cuts a polygon (metres) into regions of sites and joins those with the same owner; one ring for each owner.
fn cut_for(parent: &Polygon<f64>, sites: &[Coord<f64>], owner_of_site: &[usize], owners: usize) -> Vec<Ring> {
    let mut faces = Vec::new();
    let mut face_owners = Vec::new();
    for (index, &owner) in owner_of_site.iter().enumerate() {
        for part in region(parent, sites, index) {
            faces.push(ring_of(&part));
            face_owners.push(owner);
        }
    }
    let faces = knit(&faces);
    absorb_strays(&faces, &mut face_owners);
    (0..owners)
        .map(|owner| {
            let own = faces.iter().zip(&face_owners).filter(|(_, o)| **o == owner).map(|(face, _)| face);
            dissolve(own).into_iter().next().unwrap_or_default()
        })
        .collect()
}

/// The towns: each takes the patches whose middle is nearest to its centre.
fn cut_city(inputs: &Inputs, dice: &Dice) -> Vec<Ring> {
    let outline = inputs.outline.map_coords(to_metres);
    let centres: Vec<Coord<f64>> = inputs.towns.iter().map(|t| to_metres(t.centre)).collect();
    let sites = scatter(&outline, PATCHES, 1, |_| 1.0, &mut dice.fork("patches"));
    let nearest = |site: &Coord<f64>| {
        let away = |i: &usize| {
            let d = centres[*i] - *site;
            d.x * d.x + d.y * d.y
        };
        (0..centres.len()).min_by(|a, b| away(a).total_cmp(&away(b))).unwrap_or(0)
    };
    let owners: Vec<usize> = sites.iter().map(nearest).collect();
    cut_for(&outline, &sites, &owners, centres.len())
}

/// All 1 372 cells, town by town and village by village, not yet knitted to each other.
pub(crate) fn leaves(inputs: &Inputs, dice: &Dice) -> Result<Vec<Leaf>, GeographyError> {
    let mut villages = Vec::new();
    for (town_index, town_ring) in cut_city(inputs, dice).into_iter().enumerate() {
        let polygon = polygon_in_metres(&[town_ring]);
        let dice = dice.fork("villages").fork_number(town_index as u64);
        let rings = cut_town(&polygon, &inputs.towns[town_index], dice);
        villages.extend(rings.into_iter().enumerate().map(|(village, ring)| (town_index, village, ring)));
    }
    let polygons: Vec<Polygon<f64>> =
        villages.iter().map(|(_, _, ring)| polygon_in_metres(std::slice::from_ref(ring))).collect();
    let weights: Vec<f64> = villages
        .iter()
        .zip(&polygons)
        .map(|(&(town, village, _), polygon)| weight(&inputs.towns[town], village, polygon))
        .collect();
    let mut leaves = Vec::with_capacity(VILLAGE_LEVEL_CELLS);
    for ((&(town, village, _), polygon), count) in
        villages.iter().zip(&polygons).zip(apportion(VILLAGE_LEVEL_CELLS, &weights))
    {
        let mut dice = dice.fork("cells").fork_number((town * 1_000 + village) as u64);
        let sites = scatter(polygon, count, 2, |_| 1.0, &mut dice);
        let rings = in_reading_order(cut(polygon, &sites));
        leaves.extend(rings.into_iter().enumerate().map(|(number, ring)| Leaf {
            town,
            village,
            number,
            ring,
        }));
    }
    match leaves.iter().find(|leaf| leaf.ring.len() < 3) {
        Some(leaf) => Err(GeographyError::Mismatch {
            what: format!("a cell of {} has no area", inputs.towns[leaf.town].villages[leaf.village].name),
        }),
        None => Ok(leaves),
    }
}

/// The villages of a town, in the order of the inputs: dense and communities first around the centre, wider
/// villages outside.
fn cut_town(polygon: &Polygon<f64>, town: &TownRow, mut dice: Dice) -> Vec<Ring> {
    let centre = to_metres(town.centre);
    let density = |place: Coord<f64>| {
        let kilometres = (place - centre) / 1_000.0;
        0.4 + 2.0 / (1.0 + kilometres.x * kilometres.x + kilometres.y * kilometres.y)
    };
    let mut sites = scatter(polygon, town.villages.len(), 1, density, &mut dice);
    let mut keyed: Vec<(f64, Coord<f64>)> = sites
        .drain(..)
        .map(|site| {
            let away = site - centre;
            ((away.x * away.x + away.y * away.y) * dice.between(0.6, 1.5), site)
        })
        .collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut order: Vec<usize> = (0..town.villages.len()).collect();
    order.sort_by_key(|&i| !town.villages[i].is_community);
    let mut by_village = vec![centre; town.villages.len()];
    for (village, (_, site)) in order.into_iter().zip(keyed) {
        by_village[village] = site;
    }
    cut(polygon, &by_village)
}

/// How many cells a village gets, in proportion: by the root of its area, so that cells are smaller where
/// villages are small, and more for communities, where more people live.
fn weight(town: &TownRow, village: usize, polygon: &Polygon<f64>) -> f64 {
    let people = if town.villages.get(village).is_some_and(|v| v.is_community) { 1.7 } else { 1.0 };
    (polygon.unsigned_area() / 1e6).sqrt() * people
}

/// Splits `total` by weights, at least one each, with the largest remainders rounded up.
fn apportion(total: usize, weights: &[f64]) -> Vec<usize> {
    let sum: f64 = weights.iter().sum();
    let spare = total.saturating_sub(weights.len());
    let exact: Vec<f64> = weights.iter().map(|w| w / sum * spare as f64).collect();
    let mut counts: Vec<usize> = exact.iter().map(|e| 1 + e.floor() as usize).collect();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by(|&a, &b| exact[b].fract().total_cmp(&exact[a].fract()).then(a.cmp(&b)));
    let missing = total.saturating_sub(counts.iter().sum());
    for index in by_remainder.into_iter().take(missing) {
        counts[index] += 1;
    }
    counts
}

/// Sorts rings by rows from north to south, inside a row from west to east.
fn in_reading_order(rings: Vec<Ring>) -> Vec<Ring> {
    let centre = |ring: &Ring| -> Node {
        let polygon = super::plane::polygon_in_degrees(std::slice::from_ref(ring));
        polygon.centroid().map_or((0, 0), |c| to_node(c.0))
    };
    let mut keyed: Vec<(Node, Ring)> = rings.into_iter().map(|ring| (centre(&ring), ring)).collect();
    let north = keyed.iter().map(|(c, _)| c.1).max().unwrap_or(0);
    let south = keyed.iter().map(|(c, _)| c.1).min().unwrap_or(0);
    let rows = (keyed.len() as f64).sqrt().round().max(1.0) as i64;
    let row_height = (north - south) / rows + 1;
    keyed.sort_by_key(|((lng, lat), _)| ((north - lat) / row_height, *lng));
    keyed.into_iter().map(|(_, ring)| ring).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apportion_gives_all_and_at_least_one_each() {
        let counts = apportion(20, &[0.01, 1.0, 1.0, 4.0]);
        assert_eq!(counts.iter().sum::<usize>(), 20);
        assert_eq!(counts[0], 1);
        assert!(counts[3] > 2 * counts[1], "{counts:?}");
    }

    #[test]
    fn rings_are_numbered_from_the_north_west() {
        let square = |x: i64, y: i64| vec![(x, y), (x + 10, y), (x + 10, y + 10), (x, y + 10)];
        let sorted = in_reading_order(vec![square(10, 0), square(0, 0), square(10, 11), square(0, 10)]);
        assert_eq!(sorted, [square(0, 10), square(10, 11), square(0, 0), square(10, 0)]);
    }
}
