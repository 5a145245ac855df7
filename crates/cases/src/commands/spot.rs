//! Where a problem lies, as it was said, and which area that is. The second is looked up in the very picture of the
//! city by which the report is judged: borders may move while it waits.

use kernel::area::{AreaKey, Level};
use kernel::id::CellId;
use kernel::place::Point;
use org::City;

use crate::errors::CaseError;

/// Where a report says that its problem lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spot {
    /// A point, and how exact it is, in metres.
    Point(Point, Option<f64>),
    /// A town, a village or a cell, where there is no point.
    Area(AreaKey),
}

/// A place that was found in the city.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FoundPlace {
    /// The lowest area that holds it.
    pub(crate) area: AreaKey,
    /// The responsibility cell, where there is one.
    pub(crate) cell: Option<CellId>,
    pub(crate) border_m: Option<f64>,
    pub(crate) in_hole: bool,
}

impl Spot {
    /// The point, where there is one.
    pub(crate) fn point(self) -> Option<(Point, Option<f64>)> {
        match self {
            Self::Point(point, accuracy_m) => Some((point, accuracy_m)),
            Self::Area(_) => None,
        }
    }

    /// Finds it among the areas that stand today.
    ///
    /// # Errors
    /// [`CaseError::OutsideCity`], [`CaseError::AreaUnknown`].
    pub(crate) fn find(self, city: &City) -> Result<FoundPlace, CaseError> {
        match self {
            Self::Point(point, _) => find_point(city, point),
            Self::Area(area) => find_area(city, area),
        }
    }
}

fn find_point(city: &City, point: Point) -> Result<FoundPlace, CaseError> {
    let located = city.locate(point);
    if located.outside {
        return Err(CaseError::OutsideCity);
    }
    Ok(FoundPlace {
        area: located.area,
        cell: located.cell.map(|cell| cell.id),
        border_m: located.border_m,
        in_hole: located.in_hole,
    })
}

/// An area that stands today, below the city itself.
fn find_area(city: &City, area: AreaKey) -> Result<FoundPlace, CaseError> {
    let known = city.place(area).is_some() || city.cell_at(area).is_some();
    if !known || area.level() == Level::City || !city.key().range().holds(area) {
        return Err(CaseError::AreaUnknown { code: area.code() });
    }
    let cell = city.cell_at(area).filter(|_| area.level() == Level::Cell).map(|cell| cell.id);
    Ok(FoundPlace { area, cell, border_m: None, in_hole: false })
}
