//! The ground as records of the hall: places with their outlines, and the cells of the three levels.

use geo::{MultiPolygon, Polygon};
use kernel::area::AreaKey;
use kernel::id::{CellId, UnitId};
use org::{Cell, CellPerson, Dates, PersonId, Place};

use crate::cast::{CITY_BACKSTOP, Cast};
use crate::geography::{DemoCell, Geography, Level};

/// Places: the city, its towns, its villages. Towns have a backstop (兜底) of their own.
pub(crate) fn places(ground: &Geography, cast: &Cast) -> Vec<Place> {
    let mut places = vec![place("320281", "江阴市", Some(CITY_BACKSTOP), Some(multi(&ground.outline)))];
    for town in &ground.towns {
        let outline = multi(&MultiPolygon(vec![town.polygon.clone()]));
        places.push(place(&town.code9, &town.name, Some(cast.town(&town.code9)), Some(outline)));
    }
    for village in &ground.villages {
        places.push(place(&village.code12, &village.name, None, None));
    }
    places
}

fn place(code: &str, name: &str, backstop: Option<UnitId>, outline: Option<String>) -> Place {
    let key = code.parse().unwrap_or_default();
    Place { key, name: name.to_owned(), valid: Dates::ALWAYS, backstop, outline }
}

/// Who serves in a cell.
#[derive(Debug, Clone, Default)]
pub(crate) struct Crew {
    pub(crate) persons: Vec<CellPerson>,
    pub(crate) supporting_unit: Option<UnitId>,
    pub(crate) linked_leader: Option<PersonId>,
}

/// Cells, each with its crew. City and town cells take the outline of their place.
pub(crate) fn cell(demo: &DemoCell, crew: Crew) -> Cell {
    let key = AreaKey(demo.area_key);
    let polygon = match demo.level {
        Level::City | Level::Town => None,
        Level::Village => Some(multi(&demo.polygon)),
    };
    Cell {
        // A cell never changes its key, so the key serves as its id.
        id: CellId(demo.area_key),
        key,
        name: demo.name.clone(),
        polygon,
        persons: crew.persons,
        supporting_unit: crew.supporting_unit,
        linked_leader: crew.linked_leader,
        valid: Dates::ALWAYS,
    }
}

/// A geometry as GeoJSON, seven decimals (about a centimetre).
pub(crate) fn multi(shape: &MultiPolygon<f64>) -> String {
    let polygons: Vec<String> = shape.0.iter().map(polygon).collect();
    format!("{{\"type\":\"MultiPolygon\",\"coordinates\":[{}]}}", polygons.join(","))
}

fn polygon(shape: &Polygon<f64>) -> String {
    let rings = std::iter::once(shape.exterior()).chain(shape.interiors());
    let rings: Vec<String> = rings
        .map(|ring| {
            let points: Vec<String> = ring.coords().map(|c| format!("[{:.7},{:.7}]", c.x, c.y)).collect();
            format!("[{}]", points.join(","))
        })
        .collect();
    format!("[{}]", rings.join(","))
}
