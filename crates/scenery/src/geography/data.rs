//! The inputs in `data/`, and how 21 town-level units become the 17 of the demo.
//!
//! Five of the 21 units are statistical zones (codes 400 to 406). The high-tech zone 江阴高新区 (400) is a unit of
//! its own. The others are folded into a town: 青阳园区 (405) → 青阳镇, 月城园区 (406) → 月城镇, 临港 (404) → 申港街道
//! (where the seat of the zone is), 靖江园区 (403, a zone on the other bank of the river) → 澄江街道 (the seat of
//! the city). 403 and 404 hold nothing but one 虚拟社区 (virtual community) each; these are dropped, so the last
//! two rows only say where old records of those zones belong.

use geo::{Coord, LineString, MultiPolygon, Polygon};
use serde::Deserialize;

const OUTLINE: &str = include_str!("../../data/jiangyin-outline.geojson");
const NEIGHBOURS: &str = include_str!("../../data/neighbours.geojson");
const DIVISIONS: &str = include_str!("../../data/jiangyin-divisions.json");
const CENTRES: &str = include_str!("../../data/jiangyin-town-centres.tsv");

const FOLDED_ZONES: [(&str, &str); 4] = [
    ("320281403", "320281001"),
    ("320281404", "320281007"),
    ("320281405", "320281103"),
    ("320281406", "320281102"),
];

/// The town that a statistical zone is folded into; the code itself when it is not one of them.
///
/// `code9` is a town-level code of 9 digits (GB/T 10114), for example `320281405` (青阳园区) → `320281103` (青阳镇).
pub fn folded_town(code9: &str) -> &str {
    FOLDED_ZONES.iter().find(|(zone, _)| *zone == code9).map_or(code9, |(_, town)| town)
}

/// Why the demo's own inputs could not be read. With the files as committed this does not happen; a test says so.
#[derive(Debug, thiserror::Error)]
pub enum GeographyError {
    /// A file of `data/` is not the JSON that its reader expects.
    #[error("demo input {file} cannot be read: {source}")]
    Json {
        /// Which file.
        file: &'static str,
        /// What the parser said.
        source: serde_json::Error,
    },
    /// A row of the town centres has not four readable columns.
    #[error("demo input jiangyin-town-centres.tsv cannot be read at line {line}")]
    Centres {
        /// Line number, counted from 1.
        line: usize,
    },
    /// The inputs contradict each other: a town without villages, an outline without a ring.
    #[error("demo inputs do not fit together: {what}")]
    Mismatch {
        /// What does not fit.
        what: String,
    },
}

/// A county or district beside Jiangyin, for the background of maps. From 天地图; credit it.
#[derive(Debug, Clone)]
pub struct Neighbour {
    /// Code of 6 digits (GB/T 2260).
    pub code6: String,
    /// Name, as 张家港市.
    pub name: String,
    /// Outline in degrees (CGCS2000), 4 decimals.
    pub polygon: MultiPolygon<f64>,
}

pub(crate) struct TownRow {
    pub(crate) code9: String,
    pub(crate) name: String,
    /// Degrees.
    pub(crate) centre: Coord<f64>,
    pub(crate) villages: Vec<VillageRow>,
}

pub(crate) struct VillageRow {
    pub(crate) code12: String,
    pub(crate) name: String,
    /// True for a 社区 (community with 居委会), false for a 村.
    pub(crate) is_community: bool,
}

pub(crate) struct Inputs {
    /// One ring, degrees.
    pub(crate) outline: Polygon<f64>,
    pub(crate) neighbours: Vec<Neighbour>,
    pub(crate) towns: Vec<TownRow>,
}

#[derive(Deserialize)]
struct Collection {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Properties,
    geometry: Geometry,
}

#[derive(Deserialize)]
struct Properties {
    code: String,
    name: String,
}

#[derive(Deserialize)]
struct Geometry {
    coordinates: Vec<Vec<Vec<[f64; 2]>>>,
}

#[derive(Deserialize)]
struct Division {
    code: String,
    name: String,
    #[serde(default)]
    villages: Vec<Division>,
}

/// Reads all inputs.
pub(crate) fn inputs() -> Result<Inputs, GeographyError> {
    let outline = collection("jiangyin-outline.geojson", OUTLINE)?
        .into_iter()
        .flat_map(|(_, _, polygon)| polygon)
        .next()
        .ok_or_else(|| GeographyError::Mismatch { what: "the outline has no ring".to_owned() })?;
    let neighbours = collection("neighbours.geojson", NEIGHBOURS)?
        .into_iter()
        .map(|(code6, name, polygon)| Neighbour { code6, name, polygon })
        .collect();
    Ok(Inputs { outline, neighbours, towns: towns()? })
}

fn collection(
    file: &'static str,
    text: &str,
) -> Result<Vec<(String, String, MultiPolygon<f64>)>, GeographyError> {
    let parsed: Collection =
        serde_json::from_str(text).map_err(|source| GeographyError::Json { file, source })?;
    Ok(parsed
        .features
        .into_iter()
        .map(|f| (f.properties.code, f.properties.name, multi_polygon(&f.geometry)))
        .collect())
}

fn multi_polygon(geometry: &Geometry) -> MultiPolygon<f64> {
    let ring = |points: &Vec<[f64; 2]>| {
        LineString::new(points.iter().map(|p| Coord { x: p[0], y: p[1] }).collect::<Vec<_>>())
    };
    MultiPolygon::new(
        geometry
            .coordinates
            .iter()
            .map(|rings| {
                let mut rings = rings.iter().map(ring);
                let exterior = rings.next().unwrap_or_else(|| LineString::new(Vec::new()));
                Polygon::new(exterior, rings.collect())
            })
            .collect(),
    )
}

fn towns() -> Result<Vec<TownRow>, GeographyError> {
    let divisions: Vec<Division> = serde_json::from_str(DIVISIONS)
        .map_err(|source| GeographyError::Json { file: "jiangyin-divisions.json", source })?;
    let mut towns = centres()?;
    for division in &divisions {
        let town_code = folded_town(&division.code);
        let Some(town) = towns.iter_mut().find(|t| t.code9 == town_code) else {
            return Err(GeographyError::Mismatch { what: format!("no centre for {}", division.name) });
        };
        let folded = town_code != division.code;
        for (number, v) in division.villages.iter().filter(|v| !v.name.contains("虚拟社区")).enumerate() {
            let name = short_name(&v.name);
            // Codes nest: a village of a folded zone gets one of its town, from 601 on, which CJ/T 349 keeps for
            // communities made of others. Demo only.
            let code12 = if folded { format!("{town_code}{:03}", 601 + number) } else { v.code.clone() };
            town.villages.push(VillageRow { code12, is_community: name.ends_with("社区"), name });
        }
    }
    match towns.iter().find(|t| t.villages.is_empty()) {
        Some(empty) => Err(GeographyError::Mismatch { what: format!("{} has no village", empty.name) }),
        None => Ok(towns),
    }
}

fn centres() -> Result<Vec<TownRow>, GeographyError> {
    let mut towns = Vec::new();
    for (index, line) in CENTRES.lines().enumerate() {
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        let broken = || GeographyError::Centres { line: index + 1 };
        let columns: Vec<&str> = line.split('\t').collect();
        let [code, name, lng, lat] = columns.as_slice() else { return Err(broken()) };
        let x = lng.parse().map_err(|_| broken())?;
        let y = lat.parse().map_err(|_| broken())?;
        towns.push(TownRow {
            code9: (*code).to_owned(),
            name: (*name).to_owned(),
            centre: Coord { x, y },
            villages: Vec::new(),
        });
    }
    Ok(towns)
}

/// The name of a village or community without the name of its committee: 皮弄村村委会 → 皮弄村.
fn short_name(official: &str) -> String {
    ["居民委员会", "村民委员会", "居委会", "村委会"]
        .iter()
        .find_map(|suffix| official.strip_suffix(suffix))
        .unwrap_or(official)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inputs_give_17_towns_and_280_villages() {
        let inputs = inputs().expect("committed files");
        assert_eq!(inputs.towns.len(), 17);
        assert_eq!(inputs.towns.iter().map(|t| t.villages.len()).sum::<usize>(), 280);
        assert_eq!(inputs.neighbours.len(), 12);
        assert_eq!(inputs.outline.exterior().coords().count(), 87);
        let names: Vec<&str> =
            inputs.towns.iter().flat_map(|t| t.villages.iter().map(|v| v.name.as_str())).collect();
        assert!(names.iter().all(|n| !n.contains("委会") && !n.contains("委员会") && !n.contains("虚拟")));
        assert!(["皮弄村", "花园社区", "普惠苑社区", "篁村村"].iter().all(|n| names.contains(n)));
    }

    #[test]
    fn zones_are_folded_and_one_name_stands_twice() {
        assert_eq!(folded_town("320281405"), "320281103");
        assert_eq!(folded_town("320281406"), "320281102");
        assert_eq!(folded_town("320281400"), "320281400");
        let inputs = inputs().expect("committed files");
        let qingyang = inputs.towns.iter().find(|t| t.code9 == "320281103").expect("青阳镇");
        let twice: Vec<&str> =
            qingyang.villages.iter().filter(|v| v.name == "街西村").map(|v| v.code12.as_str()).collect();
        assert_eq!(twice, ["320281103200", "320281103607"]);
    }
}
