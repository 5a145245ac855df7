use proptest::prelude::*;

use super::*;
use crate::problem::ToProblem;

fn point(lng: f64, lat: f64) -> Point {
    Point::new(lng, lat).unwrap()
}

fn incoming(lng: f64, lat: f64, crs: Crs) -> Incoming {
    Incoming { lng, lat, crs, accuracy_m: None }
}

#[track_caller]
fn assert_near(a: Point, lng: f64, lat: f64, tolerance_deg: f64) {
    let off = (a.lng() - lng).abs().max((a.lat() - lat).abs());
    assert!(off < tolerance_deg, "{a:?} is not ({lng}, {lat}): {off} degrees off");
}

#[test]
fn published_pairs_of_wgs84_and_gcj02() {
    for (lng, lat, gcj_lng, gcj_lat) in [
        // The README of wandergis/coordtransform.
        (116.404, 39.915, 116.410_244_499_169_38, 39.916_404_281_501_64),
        // The tests of googollee/eviltransform: Shanghai, Shenzhen, Beijing.
        (121.527_210_6, 31.177_427_6, 121.531_541_859_215, 31.175_303_983_645_97),
        (113.912_316, 22.543_847, 113.917_176_480_836_3, 22.540_796_131_694_766),
        (116.377_817, 39.911_954, 116.384_047_224_554_57, 39.913_345_455_360_69),
    ] {
        assert_near(wgs84_to_gcj02(point(lng, lat)), gcj_lng, gcj_lat, 1e-11);
        assert_near(gcj02_to_wgs84(point(gcj_lng, gcj_lat)), lng, lat, 1e-9);
    }
}

#[test]
fn at_jiangyin_the_systems_are_half_a_kilometre_apart() {
    let wgs84 = point(120.285, 31.92);
    let gcj02 = wgs84_to_gcj02(wgs84);
    // web.md §5: +0.0046° E, −0.0018° N, about 480 m.
    assert_near(gcj02, 120.285 + 0.0046, 31.92 - 0.0018, 3e-4);
    let apart_m = distance_m(wgs84, gcj02);
    assert!((430.0..530.0).contains(&apart_m), "{apart_m}");
}

#[test]
fn outside_china_nothing_is_shifted() {
    for (lng, lat) in
        [(-104.9903, 39.7392), (139.7, 35.7), (72.0, 40.0), (100.0, 0.5), (0.0, 0.0), (180.0, -90.0)]
    {
        assert_eq!(wgs84_to_gcj02(point(lng, lat)), point(lng, lat));
        assert_eq!(gcj02_to_wgs84(point(lng, lat)), point(lng, lat));
    }
}

#[test]
fn points_that_are_nowhere_are_refused() {
    for (lng, lat) in [(f64::NAN, 31.0), (120.0, f64::INFINITY), (f64::NEG_INFINITY, f64::NAN)] {
        assert_eq!(Point::new(lng, lat), Err(PlaceError::NotFinite));
    }
    for (lng, lat) in [(180.1, 31.0), (-181.0, 31.0), (120.0, 90.5), (31.9, 120.3)] {
        assert_eq!(Point::new(lng, lat), Err(PlaceError::OutOfRange { lng, lat }));
    }
    assert!(Point::new(-180.0, 90.0).is_ok());
    assert!(serde_json::from_str::<Point>(r#"{"lng":120.3,"lat":31.9}"#).is_ok());
    assert!(serde_json::from_str::<Point>(r#"{"lng":220.3,"lat":31.9}"#).is_err());
}

#[test]
fn an_incoming_point_is_converted_once() {
    let wgs84 = point(120.285, 31.92);
    assert_eq!(incoming(120.285, 31.92, Crs::Wgs84).to_point(), Ok(wgs84));
    assert_eq!(incoming(120.285, 31.92, Crs::Cgcs2000).to_point(), Ok(wgs84));
    let gcj02 = wgs84_to_gcj02(wgs84);
    let back = incoming(gcj02.lng(), gcj02.lat(), Crs::Gcj02).to_point().unwrap();
    assert!(distance_m(back, wgs84) < 0.001);
}

#[test]
fn incoming_points_are_refused_by_name() {
    let bad =
        |lng, lat, crs, accuracy_m| Incoming { lng, lat, crs, accuracy_m }.to_point().unwrap_err().code();
    assert_eq!(bad(120.29, 31.92, Crs::Bd09, None), "place/bd09");
    assert_eq!(bad(31.92, 120.29, Crs::Wgs84, None), "place/swapped");
    assert_eq!(bad(31.92, 80.0, Crs::Gcj02, None), "place/swapped");
    assert_eq!(bad(200.0, 31.92, Crs::Wgs84, None), "place/out-of-range");
    assert_eq!(bad(f64::NAN, 31.92, Crs::Wgs84, None), "place/not-finite");
    assert_eq!(bad(120.29, 31.92, Crs::Wgs84, Some(-1.0)), "place/bad-accuracy");
    assert_eq!(bad(120.29, 31.92, Crs::Wgs84, Some(f64::NAN)), "place/bad-accuracy");
    let problem = incoming(31.92, 120.29, Crs::Wgs84).to_point().unwrap_err().problem();
    assert_eq!((problem.status, problem.params["lng"].as_f64()), (422, Some(31.92)));
}

#[test]
fn systems_are_read_in_their_usual_spellings() {
    for (name, crs) in [
        ("wgs84", Crs::Wgs84),
        ("WGS-84", Crs::Wgs84),
        ("EPSG:4326", Crs::Wgs84),
        ("cgcs2000", Crs::Cgcs2000),
        ("GCJ-02", Crs::Gcj02),
        ("gcj02", Crs::Gcj02),
        ("bd09ll", Crs::Bd09),
    ] {
        assert_eq!(Crs::parse(name), Ok(crs), "{name}");
    }
    assert_eq!(Crs::parse("西安80"), Err(PlaceError::UnknownCrs("西安80".to_owned())));
    let read: Incoming =
        serde_json::from_str(r#"{"lng":120.3,"lat":31.9,"crs":"gcj02","accuracy_m":12}"#).unwrap();
    assert_eq!((read.crs, read.accuracy_m), (Crs::Gcj02, Some(12.0)));
    assert!(serde_json::from_str::<Incoming>(r#"{"lng":120.3,"lat":31.9}"#).is_err(), "crs has no default");
    assert_eq!(serde_json::to_value(Crs::Cgcs2000).unwrap(), "cgcs2000");
}

#[test]
fn distances() {
    let jiangyin = point(120.285, 31.92);
    assert!(distance_m(jiangyin, jiangyin) < 1e-9);
    // A degree of latitude is 111.2 km on the sphere; at 31.92° N a degree of longitude is 94.4 km.
    assert!((distance_m(jiangyin, point(120.285, 32.92)) - 111_195.0).abs() < 5.0);
    assert!((distance_m(jiangyin, point(121.285, 31.92)) - 94_380.0).abs() < 50.0);
    // Shanghai to Beijing, published with eviltransform's tests.
    let far_m = distance_m(point(121.531_541_859_215, 31.175_303_983_645_97), point(116.384_047, 39.913_345));
    assert!((far_m - 1_078_164.0).abs() < 5_000.0, "{far_m}");
    // Half around the earth is a number, too.
    assert!((distance_m(point(0.0, 0.0), point(180.0, 0.0)) - 20_015_114.0).abs() < 10.0);
}

proptest! {
    #[test]
    fn gcj02_round_trips_within_a_millimetre(lng in 73.0..135.0_f64, lat in 3.0..54.0_f64) {
        let wgs84 = point(lng, lat);
        prop_assert!(distance_m(gcj02_to_wgs84(wgs84_to_gcj02(wgs84)), wgs84) < 0.001);
    }

    #[test]
    fn conversion_answers_everywhere(lng in -180.0..=180.0_f64, lat in -90.0..=90.0_f64) {
        for converted in [wgs84_to_gcj02(point(lng, lat)), gcj02_to_wgs84(point(lng, lat))] {
            prop_assert!(Point::new(converted.lng(), converted.lat()).is_ok());
            prop_assert!(distance_m(converted, point(lng, lat)) < 2_500.0);
        }
    }

    #[test]
    fn no_point_of_china_looks_swapped_but_its_exchange_does(lng in 73.0..=136.0_f64, lat in 3.0..=54.0_f64) {
        prop_assert!(!looks_swapped(lng, lat));
        prop_assert!(looks_swapped(lat, lng));
    }

    #[test]
    fn distance_has_no_direction(
        a in (-180.0..=180.0_f64, -90.0..=90.0_f64), b in (-180.0..=180.0_f64, -90.0..=90.0_f64),
    ) {
        let (a, b) = (point(a.0, a.1), point(b.0, b.1));
        prop_assert!((distance_m(a, b) - distance_m(b, a)).abs() < 1e-6);
        prop_assert!(distance_m(a, b) <= 20_015_115.0);
    }
}
