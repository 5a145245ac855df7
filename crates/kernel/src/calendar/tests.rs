use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::holidays::CSV;
use super::*;
use crate::problem::ToProblem;
use crate::time::{DAY_MS, HOUR_MS, MINUTE_MS, Time};

/// `2026-02-13 17:00` in China Standard Time.
fn at(text: &str) -> Time {
    let (day, clock) = text.split_once(' ').unwrap();
    let (hour, minute) = clock.split_once(':').unwrap();
    let minutes = hour.parse::<i64>().unwrap() * 60 + minute.parse::<i64>().unwrap();
    Time::start_of(day.parse().unwrap()).plus_ms(minutes * MINUTE_MS)
}

fn due(start: &str, limit: &str) -> String {
    WorkCalendar::standard().due_at(at(start), limit.parse().unwrap()).minute_text()
}

#[test]
fn clock_vectors_of_the_domain() {
    // domain.md §10, on the table of 2026.
    for (start, limit, expected) in [
        ("2026-02-13 17:00", "4工作时", "2026-02-14 11:00"),
        ("2026-02-14 16:00", "1工作日", "2026-02-24 16:00"),
        ("2026-02-14 16:00", "2紧急工作时", "2026-02-14 18:00"),
        ("2026-04-30 17:30", "2工作时", "2026-05-06 09:30"),
        ("2026-09-30 17:00", "1工作日", "2026-10-08 17:00"),
        ("2026-06-18 15:00", "3工作日", "2026-06-24 15:00"),
    ] {
        assert_eq!(due(start, limit), expected, "{start} + {limit}");
    }
}

#[test]
fn limits_at_the_edges_of_the_working_day() {
    for (start, limit, expected) in [
        // Work that fills the day is due at its end, not the next morning.
        ("2026-03-02 14:00", "4工作时", "2026-03-02 18:00"),
        ("2026-03-02 08:00", "1工作日", "2026-03-02 18:00"),
        ("2026-03-02 11:00", "1工作时", "2026-03-02 12:00"),
        // Over lunch, over night, from the night, from a weekend.
        ("2026-03-02 11:30", "1工作时", "2026-03-02 14:30"),
        ("2026-03-02 12:30", "1工作时", "2026-03-02 15:00"),
        ("2026-03-02 23:10", "1工作时", "2026-03-03 09:00"),
        ("2026-03-07 03:00", "2天", "2026-03-10 18:00"),
        // Natural time takes no notice.
        ("2026-02-14 23:00", "30自然日", "2026-03-16 23:00"),
        ("2026-02-14 23:50", "15分钟", "2026-02-15 00:05"),
        ("2026-10-01 20:00", "1紧急工作日", "2026-10-02 20:00"),
    ] {
        assert_eq!(due(start, limit), expected, "{start} + {limit}");
    }
}

#[test]
fn limits_are_read_as_the_sheets_write_them() {
    for (text, expected) in [
        ("2紧急工作时", Limit::UrgentHours(2)),
        ("2 紧急工作小时", Limit::UrgentHours(2)),
        ("4工作时", Limit::WorkHours(4)),
        ("4小时", Limit::WorkHours(4)),
        (" ４ 个 小时 ", Limit::WorkHours(4)),
        ("2天", Limit::WorkDays(2)),
        ("15个工作日", Limit::WorkDays(15)),
        ("2.0工作日", Limit::WorkDays(2)),
        ("0.5工作日", Limit::WorkHours(4)),
        ("1.5天", Limit::WorkHours(12)),
        ("1紧急工作日", Limit::NaturalDays(1)),
        ("10自然日", Limit::NaturalDays(10)),
        ("15分钟", Limit::Minutes(15)),
        ("4h", Limit::WorkHours(4)),
        ("15d", Limit::WorkDays(15)),
        ("2U", Limit::UrgentHours(2)),
        ("2UD", Limit::NaturalDays(2)),
        ("9999天", Limit::WorkDays(9999)),
    ] {
        assert_eq!(Limit::parse(text), Ok(expected), "{text}");
    }
}

#[test]
fn texts_that_are_no_limit_are_refused_by_name() {
    for (text, error) in [
        ("", LimitError::Empty),
        ("  ", LimitError::Empty),
        ("立即", LimitError::NoNumber("立即".to_owned())),
        ("-2天", LimitError::NoNumber("-2天".to_owned())),
        (".5天", LimitError::NoNumber(".5天".to_owned())),
        ("种植季节15工作日", LimitError::NoNumber("种植季节15工作日".to_owned())),
        ("3", LimitError::UnknownUnit(String::new())),
        ("3日", LimitError::UnknownUnit("日".to_owned())),
        ("3周", LimitError::UnknownUnit("周".to_owned())),
        ("2天内", LimitError::UnknownUnit("天内".to_owned())),
        ("2.3天", LimitError::Fraction("2.3".to_owned())),
        ("0.5小时", LimitError::Fraction("0.5".to_owned())),
        ("0天", LimitError::Zero),
        ("10000天", LimitError::TooLong),
        ("99999999999999999999小时", LimitError::TooLong),
    ] {
        assert_eq!(Limit::parse(text), Err(error), "{text}");
    }
    let problem = Limit::parse("3周").unwrap_err().problem();
    assert_eq!((problem.status, problem.code.as_ref()), (422, "calendar/limit-unknown-unit"));
    assert_eq!(problem.params["text"], "周");
}

#[test]
fn a_limit_on_the_wire_names_its_unit() {
    let json = serde_json::to_string(&Limit::WorkHours(4)).unwrap();
    assert_eq!(json, r#"{"unit":"work_hours","value":4}"#);
    assert_eq!(serde_json::from_str::<Limit>(&json).unwrap(), Limit::WorkHours(4));
    assert!(serde_json::from_str::<Limit>(r#"{"unit":"work_hours","value":-4}"#).is_err());
}

#[test]
fn every_seeded_holiday_is_read_and_every_extra_workday_is_a_weekend() {
    let table = holidays();
    assert_eq!(table.len(), CSV.lines().count() - 1, "a line of holidays.csv cannot be read");
    assert!(table.windows(2).all(|w| w[0].0 < w[1].0), "in order of date, none twice");
    // Numbers of days per year as the notices of the State Council give them (2023 without 2022-12-31).
    for (year, off, worked) in [(2023, 26, 7), (2024, 28, 8), (2025, 28, 5), (2026, 33, 6)] {
        let count = |kind| table.iter().filter(|(date, k, _)| date.year() == year && *k == kind).count();
        assert_eq!((count(DayKind::Holiday), count(DayKind::Workday)), (off, worked), "{year}");
    }
    for (date, kind, name) in table {
        let weekend = date.weekday().to_monday_zero_offset() >= 5;
        assert!(weekend || kind == DayKind::Holiday, "{date} {name}");
    }
}

#[test]
fn days_off_and_days_worked() {
    let calendar = WorkCalendar::standard();
    for (day, worked) in [
        (date(2026, 2, 13), true),
        (date(2026, 2, 14), true),
        (date(2026, 2, 16), false),
        (date(2026, 2, 28), true),
        (date(2026, 3, 1), false),
        (date(2023, 10, 7), true),
        (date(2024, 6, 10), false),
        (date(2030, 10, 1), true),
    ] {
        assert_eq!(calendar.is_working_day(day), worked, "{day}");
    }
    for (text, worked) in [
        ("2026-03-02 07:59", false),
        ("2026-03-02 08:00", true),
        ("2026-03-02 12:00", false),
        ("2026-03-02 17:59", true),
        ("2026-03-02 18:00", false),
        ("2026-03-01 09:00", false),
    ] {
        assert_eq!(calendar.is_working_time(at(text)), worked, "{text}");
    }
}

#[test]
fn a_year_without_table_is_known_to_be_unknown() {
    let calendar = WorkCalendar::standard();
    assert!(calendar.is_year_known(date(2023, 1, 1)) && calendar.is_year_known(date(2026, 12, 31)));
    assert!(!calendar.is_year_known(date(2022, 12, 31)) && !calendar.is_year_known(date(2027, 1, 1)));
}

#[test]
fn a_deadline_that_runs_through_an_unknown_year_says_so() {
    let calendar = WorkCalendar::standard();
    for (start, limit, expected) in [
        ("2026-12-31 15:00", "3工作时", None),
        ("2026-12-31 15:00", "4工作时", Some(2027)),
        ("2026-12-31 20:00", "1工作时", Some(2027)),
        ("2026-12-25 09:00", "1工作日", None),
        ("2026-12-25 09:00", "10工作日", Some(2027)),
        ("2027-03-01 09:00", "1工作时", Some(2027)),
        // Every hour counts: no holiday moves it.
        ("2026-12-31 23:00", "2紧急工作时", None),
        ("2026-12-31 15:00", "5自然日", None),
        ("2027-03-01 09:00", "15分钟", None),
        // From a year before the first table into a known one, and over the end of the calendar.
        ("2022-12-30 09:00", "3工作日", Some(2022)),
        ("2026-12-31 09:00", "9999工作日", Some(2027)),
    ] {
        assert_eq!(calendar.unknown_year(at(start), limit.parse().unwrap()), expected, "{start} + {limit}");
    }
    let far = Time(i64::MAX);
    assert_eq!(calendar.unknown_year(far, Limit::WorkDays(1)), Some(2100));
    assert_eq!(calendar.unknown_year(Time(i64::MIN), Limit::WorkDays(1)), Some(2000));
}

#[test]
fn working_hours_that_make_no_calendar_are_refused() {
    let build = |hours: &[(u16, u16)]| {
        WorkCalendar::new(hours.to_vec(), BTreeMap::new(), BTreeSet::new()).map(|c| c.day_ms())
    };
    assert_eq!(build(&[]), Err(CalendarError::NoHours));
    assert_eq!(build(&[(480, 480)]), Err(CalendarError::BadSpan { index: 0 }));
    assert_eq!(build(&[(480, 720), (900, 840)]), Err(CalendarError::BadSpan { index: 1 }));
    assert_eq!(build(&[(480, 1441)]), Err(CalendarError::BadSpan { index: 0 }));
    assert_eq!(build(&[(480, 720), (700, 900)]), Err(CalendarError::Overlap { index: 1 }));
    assert_eq!(build(&[(840, 1080), (480, 720)]), Err(CalendarError::Overlap { index: 1 }));
    assert_eq!(build(&[(0, 1440)]), Ok(DAY_MS));
    assert_eq!(build(&[(480, 720), (720, 1080)]), Ok(10 * HOUR_MS));
    assert_eq!(CalendarError::NoHours.problem().code, "calendar/no-hours");
}

#[test]
fn a_working_day_is_as_long_as_the_city_works() {
    // A city in summer time: 08:30-12:00, 14:30-18:00.
    let summer = WorkCalendar::new(vec![(510, 720), (870, 1080)], BTreeMap::new(), BTreeSet::new()).unwrap();
    assert_eq!(summer.day_ms(), 7 * HOUR_MS);
    let due = summer.due_at(at("2026-07-06 09:30"), Limit::WorkDays(1));
    assert_eq!(due.minute_text(), "2026-07-07 09:30");
}

#[test]
fn a_pause_moves_the_deadline_by_the_working_time_it_covers() {
    let calendar = WorkCalendar::standard();
    let start = at("2026-03-02 09:00"); // a Monday
    let pause = |from, to: &str| Pause { from: at(from), to: (!to.is_empty()).then(|| at(to)) };
    let due = |limit: &str, pauses: &[Pause]| {
        let due = calendar.due_with_pauses(start, limit.parse().unwrap(), pauses);
        due.map_or("stands still".to_owned(), Time::minute_text)
    };
    assert_eq!(due("1工作日", &[]), "2026-03-03 09:00");
    // One working hour; a whole night (nothing); a day; over the weekend.
    assert_eq!(due("1工作日", &[pause("2026-03-02 10:00", "2026-03-02 11:00")]), "2026-03-03 10:00");
    assert_eq!(due("1工作日", &[pause("2026-03-02 18:00", "2026-03-03 08:00")]), "2026-03-03 09:00");
    assert_eq!(due("1工作日", &[pause("2026-03-02 10:00", "2026-03-09 10:00")]), "2026-03-10 09:00");
    // The same night counts for a limit in natural time.
    assert_eq!(due("20紧急工作时", &[pause("2026-03-02 18:00", "2026-03-03 08:00")]), "2026-03-03 19:00");
    // Overlapping ones count once; order does not matter; what was before the start does not count.
    let overlapping =
        [pause("2026-03-02 10:30", "2026-03-02 11:30"), pause("2026-03-02 08:00", "2026-03-02 11:00")];
    assert_eq!(due("1工作日", &overlapping), "2026-03-03 11:30");
    // After the deadline nothing moves; but a pause may reach another one by moving the deadline.
    assert_eq!(due("1工作日", &[pause("2026-03-03 09:00", "")]), "2026-03-03 09:00");
    let chained =
        [pause("2026-03-02 10:00", "2026-03-02 11:00"), pause("2026-03-03 09:30", "2026-03-03 10:30")];
    assert_eq!(due("1工作日", &chained), "2026-03-03 11:00");
    // While the clock stands still, nothing is due; a pause that ends before it begins is none.
    assert_eq!(due("1工作日", &[pause("2026-03-02 10:00", "")]), "stands still");
    assert_eq!(due("1工作日", &[chained[0], pause("2026-03-02 10:30", "")]), "stands still");
    assert_eq!(due("1工作日", &[pause("2026-03-02 11:00", "2026-03-02 10:00")]), "2026-03-03 09:00");
}

#[test]
fn what_is_left_of_a_limit() {
    let calendar = WorkCalendar::standard();
    let start = at("2026-03-02 09:00");
    let pauses = [Pause { from: at("2026-03-02 10:00"), to: None }];
    let left =
        |now, pauses: &[Pause]| calendar.left_ms(start, Limit::WorkHours(4), pauses, at(now)) / HOUR_MS;
    assert_eq!(left("2026-03-02 08:00", &[]), 4);
    assert_eq!(left("2026-03-02 11:00", &[]), 2);
    assert_eq!(left("2026-03-02 15:00", &[]), 0);
    assert_eq!(left("2026-03-02 17:00", &[]), -2, "overdue");
    assert_eq!(left("2026-03-09 17:00", &pauses), 3, "still paused");
}

#[test]
fn warnings_count_back_from_the_deadline() {
    let calendar = WorkCalendar::standard();
    let back = |from, hours: i64| calendar.add_working_ms(at(from), -hours * HOUR_MS).minute_text();
    assert_eq!(back("2026-03-03 09:00", 2), "2026-03-02 17:00");
    assert_eq!(back("2026-03-02 18:00", 4), "2026-03-02 14:00");
    assert_eq!(back("2026-02-24 16:00", 8), "2026-02-14 16:00");
}

#[test]
fn the_bounds_of_the_calendar() {
    let calendar = WorkCalendar::standard();
    let first = Time::start_of(date(2000, 1, 1));
    let last = Time::start_of(date(2101, 1, 1)).plus_ms(-1);
    assert_eq!(calendar.due_at(Time(i64::MIN), Limit::Minutes(0)), first);
    assert_eq!(calendar.due_at(at("2026-03-02 09:00"), Limit::WorkDays(u32::MAX)), last);
    assert_eq!(calendar.due_at(Time(i64::MAX), Limit::WorkHours(1)), Time(i64::MAX));
    assert_eq!(
        calendar.working_ms_between(Time(i64::MIN), Time(i64::MAX)),
        calendar.working_ms_between(first, last)
    );
}

/// Counts working time the slow way: minute by minute.
fn working_minutes(calendar: &WorkCalendar, from: Time, to: Time) -> i64 {
    (from.0..to.0)
        .step_by(usize::try_from(MINUTE_MS).unwrap())
        .filter(|ms| calendar.is_working_time(Time(*ms)))
        .count()
        .try_into()
        .unwrap()
}

fn moment() -> impl Strategy<Value = Time> {
    let (first, last) = (Time::start_of(date(2022, 12, 1)), Time::start_of(date(2027, 2, 1)));
    (first.0..last.0).prop_map(Time)
}

fn limit() -> impl Strategy<Value = Limit> {
    prop_oneof![
        (0..200_u32).prop_map(Limit::UrgentHours),
        (0..200_u32).prop_map(Limit::WorkHours),
        (0..60_u32).prop_map(Limit::WorkDays),
        (0..60_u32).prop_map(Limit::NaturalDays),
        (0..5000_u32).prop_map(Limit::Minutes),
    ]
}

/// Any table: random hours, random exceptions around 2026.
fn calendar() -> impl Strategy<Value = WorkCalendar> {
    let cuts = prop::collection::btree_set(0..=1440_u16, 2..7);
    let table = prop::collection::btree_map(0..500_i64, any::<bool>(), 0..60);
    (cuts, table).prop_map(|(cuts, table)| {
        let cuts: Vec<_> = cuts.into_iter().collect();
        let hours = cuts.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        let base: Date = date(2025, 10, 1);
        let table = table.into_iter().map(|(offset, worked)| {
            let kind = if worked { DayKind::Workday } else { DayKind::Holiday };
            (Time(Time::start_of(base).0 + offset * DAY_MS).date(), kind)
        });
        WorkCalendar::new(hours, table.collect(), BTreeSet::new()).unwrap()
    })
}

proptest! {
    #[test]
    fn a_deadline_is_never_before_its_start(start in any::<i64>(), limit in limit()) {
        let calendar = WorkCalendar::standard();
        prop_assert!(calendar.due_at(Time(start), limit) >= Time(start));
        let none = Limit::WorkHours(0);
        prop_assert_eq!(calendar.due_at(Time(start), none), Time(start));
    }

    #[test]
    fn a_deadline_never_moves_back_when_hours_are_added(
        calendar in calendar(), start in moment(), hours in 0..500_u32, more in 0..50_u32,
    ) {
        let due = calendar.due_at(start, Limit::WorkHours(hours));
        prop_assert!(calendar.due_at(start, Limit::WorkHours(hours + more)) >= due);
        let days = calendar.due_at(start, Limit::WorkDays(hours % 90));
        prop_assert!(calendar.due_at(start, Limit::WorkDays(hours % 90 + more)) >= days);
    }

    #[test]
    fn a_later_start_is_never_due_earlier(start in moment(), wait in 0..(30 * DAY_MS), limit in limit()) {
        let calendar = WorkCalendar::standard();
        prop_assert!(calendar.due_at(start.plus_ms(wait), limit) >= calendar.due_at(start, limit));
    }

    #[test]
    fn measuring_is_the_inverse_of_adding(
        calendar in calendar(), start in moment(), ms in -(300 * DAY_MS)..(300 * DAY_MS),
    ) {
        let ms = ms % (300 * calendar.day_ms());
        let moved = calendar.add_working_ms(start, ms);
        prop_assert_eq!(calendar.working_ms_between(start, moved), ms);
        // The earliest such moment: a millisecond before, less was worked (backwards: the latest one).
        if ms != 0 {
            let beyond = moved.plus_ms(if ms > 0 { -1 } else { 1 });
            prop_assert_eq!(calendar.working_ms_between(start, beyond), ms - ms.signum());
        }
    }

    #[test]
    fn a_pause_of_x_working_hours_moves_the_deadline_by_x(
        start in moment(), hours in 1..200_u32, from in 0.0..1.0_f64, length in 0..(40 * DAY_MS),
    ) {
        let calendar = WorkCalendar::standard();
        let limit = Limit::WorkHours(hours);
        let due = calendar.due_at(start, limit);
        let span = (due.0 - start.0 - 1) as f64;
        let from = start.plus_ms((span * from) as i64);
        let pause = Pause { from, to: Some(from.plus_ms(length)) };
        let x = calendar.working_ms_between(from, from.plus_ms(length));
        let paused = calendar.due_with_pauses(start, limit, &[pause]);
        prop_assert_eq!(paused, Some(calendar.add_working_ms(due, x)));
        prop_assert_eq!(calendar.left_ms(start, limit, &[pause], paused.unwrap()), 0);
    }

    #[test]
    fn pauses_count_once_in_any_order(
        start in moment(), limit in limit(),
        pauses in prop::collection::vec((-(5 * DAY_MS)..(20 * DAY_MS), 0..(5 * DAY_MS)), 0..6),
    ) {
        let calendar = WorkCalendar::standard();
        let mut pauses: Vec<_> = pauses
            .into_iter()
            .map(|(from, ms)| Pause { from: start.plus_ms(from), to: Some(start.plus_ms(from + ms)) })
            .collect();
        let due = calendar.due_with_pauses(start, limit, &pauses).unwrap();
        prop_assert!(due >= calendar.due_at(start, limit));
        prop_assert_eq!(calendar.left_ms(start, limit, &pauses, due), 0);
        pauses.reverse();
        pauses.extend_from_within(..);
        prop_assert_eq!(calendar.due_with_pauses(start, limit, &pauses), Some(due));
    }

    #[test]
    fn a_written_limit_reads_back(limit in limit()) {
        let read = Limit::parse(&limit.to_string());
        if value_of(limit) == 0 {
            prop_assert_eq!(read, Err(LimitError::Zero));
        } else {
            prop_assert_eq!(read, Ok(limit));
        }
    }

    #[test]
    fn no_text_makes_the_reader_fall(text in "\\PC{0,12}|[0-9.]{0,12}(个)?(天|小时|分钟)?") {
        let _ = Limit::parse(&text);
    }
}

fn value_of(limit: Limit) -> u32 {
    match limit {
        Limit::UrgentHours(n)
        | Limit::WorkHours(n)
        | Limit::WorkDays(n)
        | Limit::NaturalDays(n)
        | Limit::Minutes(n) => n,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn arithmetic_agrees_with_counting_minutes(calendar in calendar(), offset in 0..500_i64, days in 0..40_i64) {
        let from = Time::start_of(date(2025, 9, 20)).plus_ms(offset * DAY_MS);
        let to = from.plus_ms(days * DAY_MS + 11 * HOUR_MS);
        let counted = working_minutes(&calendar, from, to) * MINUTE_MS;
        prop_assert_eq!(calendar.working_ms_between(from, to), counted);
    }
}
