//! When and where a photo was taken, and what of it can be true.

use photo::{PhotoKind, make_copies};

use crate::KINDS;
use crate::fixtures::{Device, photo, png, quarters};

#[test]
fn time_and_place_are_kept_as_facts() {
    let device = Device {
        taken: Some("2026:11:23 08:30:05".into()),
        place: Some((31.913_25, 120.274_5)),
        ..Device::default()
    };
    for kind in KINDS {
        let facts = make_copies(&photo(kind, &quarters(30, 20), &device)).unwrap().facts;
        assert_eq!(facts.taken_at.unwrap().minute_text(), "2026-11-23 08:30", "{kind:?}");
        let point = facts.point.unwrap();
        assert!(
            (point.lat() - 31.913_25).abs() < 1e-6 && (point.lng() - 120.274_5).abs() < 1e-6,
            "{point:?}"
        );
    }
    let late = make_copies(&png(&quarters(30, 20), &device, true)).unwrap().facts;
    assert!(late.taken_at.is_some() && late.point.is_some(), "metadata behind the pixels");
}

#[test]
fn a_zone_is_respected_and_nonsense_is_absent() {
    let at = |taken: &str, zone: Option<&str>| {
        let device = Device { taken: Some(taken.into()), zone: zone.map(Into::into), ..Device::default() };
        make_copies(&photo(PhotoKind::Jpeg, &quarters(8, 8), &device))
            .unwrap()
            .facts
            .taken_at
            .map(|t| t.minute_text())
    };
    assert_eq!(at("2026:11:23 08:30:00", Some("+00:00")).as_deref(), Some("2026-11-23 16:30"));
    assert_eq!(at("2026:11:23 08:30:00", Some("-05:00")).as_deref(), Some("2026-11-23 21:30"));
    assert_eq!(at("2026:11:23 08:30:00", Some("nonsense")).as_deref(), Some("2026-11-23 08:30"));
    for nonsense in [
        "0000:00:00 00:00:00",
        "2026:13:01 00:00:00",
        "2026:02:30 00:00:00",
        "1970:01:01 00:00:00",
        "    :  :     :  :  ",
        "yesterday",
        "2026:11:23 25:00:00",
    ] {
        assert_eq!(at(nonsense, None), None, "{nonsense}");
    }
    for place in [(0.0, 0.0), (95.0, 10.0), (10.0, 200.0)] {
        let device = Device { place: Some(place), ..Device::default() };
        let facts = make_copies(&photo(PhotoKind::Jpeg, &quarters(8, 8), &device)).unwrap().facts;
        assert_eq!(facts.point, None, "{place:?}");
    }
    let south_west = Device { place: Some((-33.5, -70.25)), ..Device::default() };
    let point =
        make_copies(&photo(PhotoKind::Jpeg, &quarters(8, 8), &south_west)).unwrap().facts.point.unwrap();
    assert!((point.lat() + 33.5).abs() < 1e-6 && (point.lng() + 70.25).abs() < 1e-6);
}

/// What can be true of a photo that arrived on 29 November 2026 at nine: the edges of time and place.
#[test]
fn what_cannot_be_true_is_no_fact() {
    let arrived = kernel::time::Time(1_795_914_000_000);
    assert_eq!(arrived.minute_text(), "2026-11-29 09:00");
    let taken = |text: &str| {
        let device = Device { taken: Some(text.into()), ..Device::default() };
        let facts = make_copies(&photo(PhotoKind::Jpeg, &quarters(8, 8), &device)).unwrap().facts;
        facts.believed(arrived).taken_at.map(|at| at.minute_text())
    };
    for (text, fact) in [
        ("2026:11:29 08:59:59", Some("2026-11-29 08:59")),
        ("2026:11:29 09:00:00", Some("2026-11-29 09:00")),
        // A clock that is ahead by minutes: the moment of arrival.
        ("2026:11:29 09:09:59", Some("2026-11-29 09:00")),
        ("2026:11:29 09:10:01", None),
        ("2027:01:01 00:00:00", None),
        ("2099:12:31 23:59:59", None),
        ("9999:12:31 23:59:59", None),
        ("2007:01:01 00:00:00", Some("2007-01-01 00:00")),
        ("2006:12:31 23:59:59", None),
        ("2000:01:01 00:00:00", None),
        ("1980:01:01 00:00:00", None),
        ("1970:01:01 00:00:00", None),
        ("0001:01:01 00:00:00", None),
    ] {
        assert_eq!(taken(text).as_deref(), fact, "{text}");
    }
    let future = include_bytes!("photo-time-future.jpg");
    assert_eq!(make_copies(future).unwrap().facts.believed(arrived).taken_at, None);
    let placed = |lat: f64, lng: f64| {
        let device = Device { place: Some((lat, lng)), ..Device::default() };
        let facts = make_copies(&photo(PhotoKind::Jpeg, &quarters(8, 8), &device)).unwrap().facts;
        facts.believed(arrived).point.is_some()
    };
    for (lat, lng, fact) in [
        (31.91, 120.27, true),
        (3.5, 112.0, true),
        (0.0, 0.0, false),
        (0.000_1, 0.000_1, false),
        (0.0, 120.27, false),
        (31.91, 0.0, false),
        // Exchanged, mirrored, another continent, beyond the earth.
        (120.27, 31.91, false),
        (-31.91, 120.27, false),
        (31.91, -120.27, false),
        (48.85, 2.35, false),
        (91.0, 120.27, false),
        (31.91, 190.0, false),
    ] {
        assert_eq!(placed(lat, lng), fact, "{lat}, {lng}");
    }
}

#[test]
fn a_place_in_gcj02_is_converted_when_the_device_says_so() {
    let point = |datum: Option<&str>| {
        let device =
            Device { place: Some((31.9, 120.25)), datum: datum.map(Into::into), ..Device::default() };
        make_copies(&photo(PhotoKind::Jpeg, &quarters(8, 8), &device)).unwrap().facts.point.unwrap()
    };
    let moved_m = kernel::place::distance_m(point(None), point(Some("GCJ-02")));
    assert!((300.0..700.0).contains(&moved_m), "{moved_m} m");
    assert_eq!(point(None), point(Some("WGS-84")));
}
