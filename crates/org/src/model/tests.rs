use kernel::time::Date;

use super::*;

#[test]
fn a_selector_is_a_class_or_a_group_of_classes() {
    let read = |text: &str| text.parse::<ClassSelector>().unwrap();
    let class = "E0110".parse().unwrap();
    for (text, covers) in [("E0110", true), ("E01", true), ("E0111", false), ("E02", false), ("P01", false)] {
        assert_eq!((read(text).covers(class), read(text).to_string()), (covers, text.to_owned()));
    }
    assert_ne!(read("E01").number(), read("E0101").number());
    for bad in ["", "E", "E011", "01", "道路"] {
        assert!(bad.parse::<ClassSelector>().is_err(), "{bad:?}");
    }
}

#[test]
fn a_window_may_run_over_midnight() {
    // Friday 18:00 to Saturday 02:00.
    let night = Window::new(1 << 4, 18 * 60, 2 * 60).unwrap();
    assert!(night.holds(4, 18 * 60) && night.holds(5, 119) && !night.holds(5, 120) && !night.holds(4, 60));
    assert_eq!(night.week_minutes(), 8 * 60);
    let sunday = Window::new(1 << 6, 18 * 60, 2 * 60).unwrap();
    assert!(sunday.holds(0, 0) && !sunday.holds(1, 0));
    assert_eq!(sunday.edges().collect::<Vec<_>>(), [6 * 1440 + 1080, 120]);
    assert_eq!(Window::ALWAYS.week_minutes(), Window::WEEK_MINUTES);
    for (days, from, to) in [(0, 0, 60), (128, 0, 60), (1, 60, 60), (1, 1440, 60), (1, 0, 1441)] {
        assert_eq!(Window::new(days, from, to), Err(BadWindow));
    }
    assert!(serde_json::from_str::<Window>(r#"{"weekdays":0,"from_minute":0,"to_minute":1}"#).is_err());
}

#[test]
fn the_last_day_still_counts() {
    let day = |d| Date::constant(2026, 12, d);
    let dates = Dates { valid_from: Some(day(1)), valid_to: Some(day(31)) };
    assert!(dates.holds(day(31)) && dates.holds(day(1)) && !dates.holds(Date::constant(2027, 1, 1)));
    assert_eq!(dates.days(), Some(31));
    let late = Dates { valid_from: Some(day(31)), valid_to: None };
    assert_eq!(dates.and(&late), Some(Dates { valid_from: Some(day(31)), valid_to: Some(day(31)) }));
    let gone = Dates { valid_from: None, valid_to: Some(Date::constant(2025, 1, 1)) };
    assert_eq!(dates.and(&gone), None);
}

#[test]
fn a_record_is_read_back_as_it_was_written() {
    let row = MatrixRow {
        id: 7.into(),
        row_no: 14,
        class: Some("E0113".parse().unwrap()),
        area: AreaSelector::Area("320281108".parse().unwrap()),
        owner: Some(RelationKind::Maintains),
        window: Window::ALWAYS,
        valid: Dates { valid_from: Some(Date::constant(2026, 1, 1)), valid_to: None },
        unit: 3.into(),
        helpers: vec![],
        note: String::new(),
    };
    let event = OrgEvent::Set(row);
    let body = serde_json::to_string(&event).unwrap();
    assert_eq!(serde_json::from_str::<OrgEvent<MatrixRow>>(&body).unwrap(), event);
    assert!(body.contains(r#""area":{"area":"320281108"}"#), "{body}");
    assert_eq!(OrgEvent::<MatrixRow>::Removed.after(), None);
}
