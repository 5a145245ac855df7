//! GCJ-02 (火星坐标): the published approximation of the shift, and its inverse.

use std::f64::consts::PI;

use super::Point;

/// Krasovsky 1940, the ellipsoid on which the shift is defined: semi-major axis in metres.
const SEMI_MAJOR_M: f64 = 6_378_245.0;
/// … and square of its eccentricity.
const ECCENTRICITY_2: f64 = 0.006_693_421_622_965_943;

/// The inverse stops when it is this near, in degrees (about 0.1 mm).
const NEAR_DEG: f64 = 1e-9;
/// Every turn gains more than two digits, so that five do; the rest is for the jump at the border of the box.
const TURNS: usize = 12;

/// WGS84 to GCJ-02, for maps of 高德 and 腾讯. Outside the box around China (72.004–137.8347° E, 0.8293–55.8271° N)
/// these services show unshifted points, so that there nothing is changed.
pub fn wgs84_to_gcj02(wgs84: Point) -> Point {
    let (lng, lat) = shifted(wgs84.lng(), wgs84.lat());
    Point::clamped(lng, lat)
}

/// GCJ-02 to WGS84: searches the point whose shift leads here. Round trips within 1 mm inside the box.
pub fn gcj02_to_wgs84(gcj02: Point) -> Point {
    let (mut lng, mut lat) = (gcj02.lng(), gcj02.lat());
    for _ in 0..TURNS {
        let (shifted_lng, shifted_lat) = shifted(lng, lat);
        let (miss_lng, miss_lat) = (gcj02.lng() - shifted_lng, gcj02.lat() - shifted_lat);
        lng += miss_lng;
        lat += miss_lat;
        if miss_lng.abs().max(miss_lat.abs()) < NEAR_DEG {
            break;
        }
    }
    Point::clamped(lng, lat)
}

fn shifted(lng: f64, lat: f64) -> (f64, f64) {
    if !(72.004..=137.8347).contains(&lng) || !(0.8293..=55.8271).contains(&lat) {
        return (lng, lat);
    }
    let (east_m, north_m) = shift_m(lng - 105.0, lat - 35.0);
    let phi = lat.to_radians();
    let w2 = 1.0 - ECCENTRICITY_2 * phi.sin().powi(2);
    let meridian_radius_m = SEMI_MAJOR_M * (1.0 - ECCENTRICITY_2) / (w2 * w2.sqrt());
    let parallel_radius_m = SEMI_MAJOR_M / w2.sqrt() * phi.cos();
    (lng + (east_m / parallel_radius_m).to_degrees(), lat + (north_m / meridian_radius_m).to_degrees())
}

/// The shift in metres (east, north), `x` degrees east of 105° E and `y` degrees north of 35° N.
fn shift_m(x: f64, y: f64) -> (f64, f64) {
    // Σ amplitude · sin(π · frequency · t), two thirds of it.
    let waves = |t: f64, terms: &[(f64, f64)]| -> f64 {
        terms.iter().map(|(amplitude, frequency)| amplitude * (PI * frequency * t).sin()).sum::<f64>() * 2.0
            / 3.0
    };
    let root = x.abs().sqrt();
    let common = waves(x, &[(20.0, 6.0), (20.0, 2.0)]);
    let east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root;
    let north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root;
    (
        east + common + waves(x, &[(20.0, 1.0), (40.0, 1.0 / 3.0), (150.0, 1.0 / 12.0), (300.0, 1.0 / 30.0)]),
        north
            + common
            + waves(y, &[(20.0, 1.0), (40.0, 1.0 / 3.0), (160.0, 1.0 / 12.0), (320.0, 1.0 / 30.0)]),
    )
}
