//! Points on the ground: coordinate systems, their conversion at the edge, distances.
//!
//! Everything inside is WGS84, which equals CGCS2000 (国家大地坐标系) within centimetres. Chinese map services and the
//! phones of WeChat answer in GCJ-02 (火星坐标), about 480 m away at Jiangyin, which is more than half a grid cell: a point
//! taken for the wrong system lands in the wrong cell and nobody sees it (web.md §5). So every point that comes in
//! says its system, is converted once by [`Incoming::to_point`], and GCJ-02 is never stored.

mod gcj02;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use gcj02::{gcj02_to_wgs84, wgs84_to_gcj02};

use crate::problem::{Problem, ToProblem};

/// Mean radius of the earth in metres (IUGG), for distances on the sphere.
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A point in WGS84/CGCS2000 degrees: finite, −180 ≤ lng ≤ 180, −90 ≤ lat ≤ 90. On the wire `{"lng":…,"lat":…}`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Degrees")]
pub struct Point {
    lng: f64,
    lat: f64,
}

#[derive(Deserialize)]
struct Degrees {
    lng: f64,
    lat: f64,
}

impl TryFrom<Degrees> for Point {
    type Error = PlaceError;

    fn try_from(raw: Degrees) -> Result<Self, PlaceError> {
        Self::new(raw.lng, raw.lat)
    }
}

impl Point {
    /// A point from degrees that are already WGS84 or CGCS2000.
    ///
    /// # Errors
    /// [`PlaceError::NotFinite`], [`PlaceError::OutOfRange`].
    pub fn new(lng: f64, lat: f64) -> Result<Self, PlaceError> {
        if !lng.is_finite() || !lat.is_finite() {
            return Err(PlaceError::NotFinite);
        }
        if !(-180.0..=180.0).contains(&lng) || !(-90.0..=90.0).contains(&lat) {
            return Err(PlaceError::OutOfRange { lng, lat });
        }
        Ok(Self { lng, lat })
    }

    /// Degrees east (经度).
    pub fn lng(self) -> f64 {
        self.lng
    }

    /// Degrees north (纬度).
    pub fn lat(self) -> f64 {
        self.lat
    }

    /// A point from numbers brought into range; for results of arithmetic on points.
    pub(crate) fn clamped(lng: f64, lat: f64) -> Self {
        Self { lng: lng.clamp(-180.0, 180.0), lat: lat.clamp(-90.0, 90.0) }
    }
}

/// A coordinate system, named by whoever sends a point. Lower-case on the wire; `GCJ-02`, `gcj02` and the like are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", try_from = "String")]
pub enum Crs {
    /// GPS and 北斗 receivers, browsers.
    Wgs84,
    /// 国家大地坐标系 2000, official maps (天地图).
    Cgcs2000,
    /// 火星坐标: 高德, 腾讯, WeChat's `gcj02`.
    Gcj02,
    /// 百度. Known by name only to be refused by name: this release does not convert it.
    Bd09,
}

impl Crs {
    /// Reads the name of a system, in any case, with or without hyphens.
    ///
    /// # Errors
    /// [`PlaceError::UnknownCrs`].
    pub fn parse(name: &str) -> Result<Self, PlaceError> {
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        match plain.to_ascii_lowercase().as_str() {
            "wgs84" | "epsg4326" => Ok(Self::Wgs84),
            "cgcs2000" | "epsg4490" => Ok(Self::Cgcs2000),
            "gcj02" => Ok(Self::Gcj02),
            "bd09" | "bd09ll" | "bd09mc" => Ok(Self::Bd09),
            _ => Err(PlaceError::UnknownCrs(name.chars().take(40).collect())),
        }
    }
}

impl TryFrom<String> for Crs {
    type Error = PlaceError;

    fn try_from(name: String) -> Result<Self, PlaceError> {
        Self::parse(&name)
    }
}

/// A point as it comes in, before anything is known about it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Incoming {
    /// Degrees east in `crs`.
    pub lng: f64,
    /// Degrees north in `crs`.
    pub lat: f64,
    /// The system of the two numbers; there is no default, a guess would be wrong by 480 m.
    pub crs: Crs,
    /// Radius of the error in metres as the device states it, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
}

impl Incoming {
    /// The point in WGS84, the only form that goes further.
    ///
    /// # Errors
    /// [`PlaceError`]: a system that is not converted, exchanged or impossible degrees, an impossible accuracy.
    pub fn to_point(&self) -> Result<Point, PlaceError> {
        if let Some(accuracy_m) = self.accuracy_m
            && !(accuracy_m.is_finite() && accuracy_m >= 0.0)
        {
            return Err(PlaceError::BadAccuracy);
        }
        if looks_swapped(self.lng, self.lat) {
            return Err(PlaceError::Swapped { lng: self.lng, lat: self.lat });
        }
        let point = Point::new(self.lng, self.lat)?;
        match self.crs {
            Crs::Wgs84 | Crs::Cgcs2000 => Ok(point),
            Crs::Gcj02 => Ok(gcj02_to_wgs84(point)),
            Crs::Bd09 => Err(PlaceError::Bd09),
        }
    }
}

/// Why a point is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PlaceError {
    /// Not a number, or infinite.
    #[error("coordinates must be finite numbers")]
    NotFinite,
    /// No such place on earth.
    #[error("no such place: longitude {lng}, latitude {lat}")]
    OutOfRange {
        /// Longitude as sent.
        lng: f64,
        /// Latitude as sent.
        lat: f64,
    },
    /// Longitude and latitude are exchanged: see [`looks_swapped`].
    #[error("longitude and latitude look exchanged: longitude {lng}, latitude {lat}")]
    Swapped {
        /// Longitude as sent.
        lng: f64,
        /// Latitude as sent.
        lat: f64,
    },
    /// The accuracy is negative or not a number.
    #[error("accuracy_m must be a finite number of metres, 0 or more")]
    BadAccuracy,
    /// BD-09 (百度) is not converted in this release.
    #[error("BD-09 coordinates are not accepted; send WGS84, CGCS2000 or GCJ-02")]
    Bd09,
    /// The name of the coordinate system is unknown.
    #[error("unknown coordinate system {0:?}; known are wgs84, cgcs2000, gcj02")]
    UnknownCrs(String),
}

impl PlaceError {
    /// The stable code of the problem.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFinite => "place/not-finite",
            Self::OutOfRange { .. } => "place/out-of-range",
            Self::Swapped { .. } => "place/swapped",
            Self::BadAccuracy => "place/bad-accuracy",
            Self::Bd09 => "place/bd09",
            Self::UnknownCrs(_) => "place/unknown-crs",
        }
    }
}

impl ToProblem for PlaceError {
    fn problem(&self) -> Problem {
        let problem = Problem::unprocessable(self.code());
        match self {
            Self::OutOfRange { lng, lat } | Self::Swapped { lng, lat } => {
                problem.with("lng", *lng).with("lat", *lat)
            }
            Self::UnknownCrs(name) => problem.with("crs", name.as_str()),
            Self::NotFinite | Self::BadAccuracy | Self::Bd09 => problem,
        }
    }
}

/// Are longitude and latitude exchanged? True when the pair lies outside China (73–136° E, 3–54° N) and would lie
/// inside the other way round, which no point of the country itself can do.
pub fn looks_swapped(lng: f64, lat: f64) -> bool {
    in_china(lat, lng)
}

/// Can it be in China: between 73° and 136° E, 3° and 54° N?
pub fn in_china(lng: f64, lat: f64) -> bool {
    (73.0..=136.0).contains(&lng) && (3.0..=54.0).contains(&lat)
}

/// Distance on the sphere in metres (haversine); within 0.5 % of the ellipsoid, exact enough below a county's size.
pub fn distance_m(a: Point, b: Point) -> f64 {
    let half_lat = (b.lat - a.lat).to_radians() / 2.0;
    let half_lng = (b.lng - a.lng).to_radians() / 2.0;
    let h =
        half_lat.sin().powi(2) + a.lat.to_radians().cos() * b.lat.to_radians().cos() * half_lng.sin().powi(2);
    // Rounding can lift h a hair above 1 between antipodes, where asin would answer NaN.
    2.0 * EARTH_RADIUS_M * h.min(1.0).sqrt().asin()
}
