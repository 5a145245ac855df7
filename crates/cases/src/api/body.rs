//! Bodies that several routes share: places, photos, people.

use kernel::area::{AreaKey, Level};
use kernel::class::ClassCode;
use kernel::id::{CellId, CityId};
use kernel::place::{Crs, Incoming, Point};
use kernel::problem::{Problem, ToProblem};
use kernel::time::Time;
use org::City;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::commands::{ActError, Attachment, NewReport, line, lines, photos};
use crate::errors::CaseError;
use crate::house::Cases;
use crate::model::Source;

/// Where a problem lies: a point with its coordinate system, or the code of a town, a village or a cell where there is
/// no point.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlaceBody {
    /// Degrees east.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lng: Option<f64>,
    /// Degrees north.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lat: Option<f64>,
    /// The coordinate system of the two: `wgs84`, `cgcs2000` or `gcj02`. There is no default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    crs: Option<String>,
    /// Radius of the error in metres, as the device states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accuracy_m: Option<f64>,
    /// 9, 12 or 16 digits, instead of a point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    area_code: Option<String>,
}

/// A place that was found in the city.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FoundPlace {
    pub(crate) point: Option<(Point, Option<f64>)>,
    pub(crate) area: AreaKey,
    pub(crate) cell: Option<CellId>,
    pub(crate) border_m: Option<f64>,
    pub(crate) in_hole: bool,
}

impl PlaceBody {
    /// Finds the place. In every body it stands under `/place`.
    ///
    /// # Errors
    /// A problem that points at what is wrong.
    pub(crate) fn find(&self, city: &City) -> Result<FoundPlace, ActError> {
        match (self.lng, self.lat, self.crs.as_deref(), self.area_code.as_deref()) {
            (Some(lng), Some(lat), Some(crs), None) => self.find_point(city, (lng, lat), crs),
            (None, None, None, Some(code)) if self.accuracy_m.is_none() => find_area(city, code),
            _neither => Err(CaseError::PlaceMissing.into()),
        }
    }

    fn find_point(&self, city: &City, (lng, lat): (f64, f64), crs: &str) -> Result<FoundPlace, ActError> {
        let crs = Crs::parse(crs).map_err(|error| pointed(&error, "/place/crs"))?;
        let incoming = Incoming { lng, lat, crs, accuracy_m: self.accuracy_m };
        let point = incoming.to_point().map_err(|error| pointed(&error, "/place"))?;
        let located = city.locate(point);
        if located.outside {
            return Err(CaseError::OutsideCity.into());
        }
        Ok(FoundPlace {
            point: Some((point, self.accuracy_m)),
            area: located.area,
            cell: located.cell.map(|cell| cell.id),
            border_m: located.border_m,
            in_hole: located.in_hole,
        })
    }
}

/// An area that stands today, below the city itself.
fn find_area(city: &City, code: &str) -> Result<FoundPlace, ActError> {
    let unknown = || CaseError::AreaUnknown { code: code.chars().take(20).collect() };
    let area: AreaKey = code.parse().map_err(|_| unknown())?;
    let known = city.place(area).is_some() || city.cell_at(area).is_some();
    if !known || area.level() == Level::City || !city.key().range().holds(area) {
        return Err(unknown().into());
    }
    let cell = city.cell_at(area).filter(|_| area.level() == Level::Cell).map(|cell| cell.id);
    Ok(FoundPlace { point: None, area, cell, border_m: None, in_hole: false })
}

/// A refusal that says where in the body the mistake is.
fn pointed(error: &impl ToProblem, pointer: &str) -> ActError {
    let mut problem: Problem = error.problem();
    let (code, params) = (problem.code.clone(), problem.params.clone());
    problem = problem.at_with(pointer, code, params);
    ActError::Input(problem)
}

/// Who reports, or for whom: both may be left out.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PersonBody {
    /// Name.
    #[serde(default)]
    pub(crate) name: Option<String>,
    /// Phone number.
    #[serde(default)]
    pub(crate) phone: Option<String>,
}

/// What every report has, whoever sends it.
pub(crate) struct Sent<'a> {
    pub(crate) source: Source,
    pub(crate) class_code: &'a str,
    pub(crate) place: &'a PlaceBody,
    pub(crate) address: Option<&'a str>,
    pub(crate) description: &'a str,
    pub(crate) photos: &'a [Attachment],
    pub(crate) person: &'a PersonBody,
    /// Where the person stands in the body: `/reporter` or `/caller`.
    pub(crate) person_at: &'static str,
    pub(crate) device_at: Option<i64>,
}

impl Cases {
    /// The class of this code, if the catalogue has it.
    ///
    /// # Errors
    /// [`CaseError::ClassUnknown`].
    pub(crate) fn class(&self, code: &str) -> Result<ClassCode, CaseError> {
        let known = code.parse().ok().filter(|class| self.catalogue().class(*class).is_some());
        known.ok_or_else(|| CaseError::ClassUnknown { class: code.chars().take(20).collect() })
    }

    /// Finds place, class and photos of a report and cleans its texts. After this the types are right.
    ///
    /// # Errors
    /// A problem that points at what is wrong.
    pub(crate) async fn new_report(&self, city: CityId, sent: Sent<'_>) -> Result<NewReport, ActError> {
        let snapshot = self.snapshot(city).await?;
        let class = self.class(sent.class_code)?;
        let place = sent.place.find(&snapshot.city)?;
        let person = |field: &str| format!("{}/{field}", sent.person_at);
        Ok(NewReport {
            source: sent.source,
            class,
            area: place.area,
            cell: place.cell,
            point: place.point,
            device_at: sent.device_at.map(Time),
            description: lines(sent.description, "/description")?,
            address: line(sent.address, "/address")?,
            name: line(sent.person.name.as_deref(), &person("name"))?,
            phone: line(sent.person.phone.as_deref(), &person("phone"))?,
            photos: photos(&self.ctx, city, sent.photos).await?,
        })
    }
}

