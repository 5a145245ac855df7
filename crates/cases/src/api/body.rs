//! Bodies that several routes share: places, photos, people.

use kernel::class::ClassCode;
use kernel::id::CityId;
use kernel::place::{Crs, Incoming};
use kernel::problem::{Problem, ToProblem};
use kernel::time::Time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::commands::{ActError, Attachment, NewReport, Spot, line, lines, photos};
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

impl PlaceBody {
    /// The place as it was said. In every body it stands under `/place`.
    ///
    /// # Errors
    /// A problem that points at what is wrong.
    pub(crate) fn spot(&self) -> Result<Spot, ActError> {
        match (self.lng, self.lat, self.crs.as_deref(), self.area_code.as_deref()) {
            (Some(lng), Some(lat), Some(crs), None) => {
                let crs = Crs::parse(crs).map_err(|error| pointed(&error, "/place/crs"))?;
                let incoming = Incoming { lng, lat, crs, accuracy_m: self.accuracy_m };
                let point = incoming.to_point().map_err(|error| pointed(&error, "/place"))?;
                Ok(Spot::Point(point, self.accuracy_m))
            }
            (None, None, None, Some(code)) if self.accuracy_m.is_none() => {
                let unknown = |_| CaseError::AreaUnknown { code: code.chars().take(20).collect() };
                Ok(Spot::Area(code.parse().map_err(unknown)?))
            }
            _neither => Err(CaseError::PlaceMissing.into()),
        }
    }
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
    /// The class of this code, if the catalogue has it; also the stand-in for one that nobody has said yet.
    ///
    /// # Errors
    /// [`CaseError::ClassUnknown`].
    pub(crate) fn class(&self, code: &str) -> Result<ClassCode, CaseError> {
        let catalogue = self.catalogue();
        let is_known =
            |class: &ClassCode| catalogue.class(*class).is_some() || catalogue.unclassed(*class).is_some();
        let known = code.parse().ok().filter(is_known);
        known.ok_or_else(|| CaseError::ClassUnknown { class: code.chars().take(20).collect() })
    }

    /// Finds class and photos of a report and cleans its texts. After this the types are right.
    ///
    /// # Errors
    /// A problem that points at what is wrong.
    pub(crate) async fn new_report(&self, city: CityId, sent: Sent<'_>) -> Result<NewReport, ActError> {
        let class = self.class(sent.class_code)?;
        let person = |field: &str| format!("{}/{field}", sent.person_at);
        Ok(NewReport {
            source: sent.source,
            class,
            place: sent.place.spot()?,
            device_at: sent.device_at.map(Time),
            description: lines(sent.description, "/description")?,
            // "。" tells nobody where it is.
            address: line(sent.address, "/address")?.filter(|text| text.chars().any(char::is_alphanumeric)),
            name: line(sent.person.name.as_deref(), &person("name"))?,
            phone: line(sent.person.phone.as_deref(), &person("phone"))?,
            photos: photos(&self.ctx, city, sent.photos).await?,
        })
    }
}
