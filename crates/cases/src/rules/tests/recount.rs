//! 重算时限: what moves when the working calendar changes, and what stands.

use kernel::calendar::WorkCalendar;

use super::play::{Play, moment};
use crate::model::ClockKind;
use crate::rules::{overdue, unknown_year};

/// Dispatched on the last afternoon of March 2026 with four working hours: due on the next working day.
const DISPATCHED: &str = "
    小梅       | report E0110 photos=a holds=description | 03-31 16:00 | reported pre_verify receipt photos=1 until=03-31 16:45
    采集员小陈 | pre_verify found photos=b | 03-31 16:10 | pre_verified found photos=1
    受理员老吴 | file E0110-1              | 03-31 16:20 | filed E0110-1 limit=4工作时 on_time until=03-31 16:35
    派遣员老许 | dispatch                  | 03-31 16:30 | dispatched unit=11 by=row14 on_time until=04-01 10:30
";

fn dispatched() -> Play {
    Play::new().table(DISPATCHED)
}

#[test]
fn a_running_clock_follows_the_calendar_both_ways() {
    let mut play = dispatched();
    play.holiday("2026-04-01");
    let plain = WorkCalendar::standard();
    let mut play = play.table(
        "计时器 | recount | 04-01 09:00 | recounted unit 04-01 10:30 → 04-02 10:30
         计时器 | recount | 04-01 09:01 | ! cases/deadline-stands",
    );
    assert!(!overdue(play.case.as_ref().unwrap(), moment("04-02 10:30")));
    assert!(overdue(play.case.as_ref().unwrap(), moment("04-02 10:31")));
    play.city.calendar = plain;
    play.table("计时器 | recount | 04-01 10:00 | recounted unit 04-02 10:30 → 04-01 10:30");
}

#[test]
fn what_ran_out_stays_and_nobody_becomes_late_afterwards() {
    let mut late = dispatched();
    late.holiday("2026-04-01");
    // Past its deadline, whether the timer has recorded it or not.
    let late = late.table(
        "计时器 | recount                         | 04-01 10:31 | ! cases/deadline-stands
         计时器 | overrun unit due=04-01T10:30    | 04-01 10:31 | overran unit
         计时器 | recount                         | 04-01 10:32 | ! cases/deadline-stands",
    );
    drop(late);
    let mut play = dispatched();
    play.holiday("2026-04-01");
    let mut play = play.table("计时器 | recount | 04-01 09:00 | recounted unit 04-01 10:30 → 04-02 10:30");
    play.city.calendar = WorkCalendar::standard();
    play.table("计时器 | recount | 04-01 11:00 | ! cases/deadline-stands");
}

#[test]
fn the_clock_of_work_that_awaits_its_check_follows_too() {
    let mut play = dispatched()
        .table("城管小郑 | handle photos=c | 03-31 17:00 | handled on_time photos=1 until=03-31 21:00");
    play.holiday("2026-04-01");
    let play = play.table(
        "计时器     | recount           | 03-31 17:30 | recounted unit 04-01 10:30 → 04-02 10:30
         核查员老周 | check failed note | 03-31 18:00 | checked failed reworks=1
         城管小郑   | handle photos=d   | 04-02 10:00 | handled on_time photos=1 until=04-02 14:00
         核查员老周 | check passed      | 04-02 11:00 | checked passed reworks=1
         受理员老吴 | close             | 04-02 11:10 | closed on_time reworks=1 verdict_until=04-17 11:10",
    );
    let mut play = play;
    play.city.calendar = WorkCalendar::standard();
    play.table("计时器 | recount | 04-02 11:20 | ! cases/deadline-stands");
}

#[test]
fn only_the_product_counts_anew() {
    dispatched().table(
        "小梅       | recount | 03-31 17:00 | ! cases/only-timer
         受理员老吴 | recount | 03-31 17:00 | ! cases/only-timer",
    );
    Play::new().table("计时器 | recount | 03-31 17:00 | ! cases/not-found");
}

#[test]
fn a_deadline_rests_on_a_year_that_nobody_entered_until_it_is_over() {
    let table = DISPATCHED.replace("03-31", "12-31").replace("04-01 10:30", "01-01 10:30");
    let play = Play::new().table(&table);
    let year = |at: &str| {
        let (city, case) = (&play.city, play.case.as_ref().unwrap());
        unknown_year(case, ClockKind::Unit, &city.calendar, &city.policies, moment(at))
    };
    assert_eq!(year("12-31 17:00"), Some(2027));
    let (city, case) = (&play.city, play.case.as_ref().unwrap());
    let after = moment("12-31 23:59").plus_ms(24 * 3_600_000);
    assert_eq!(
        unknown_year(case, ClockKind::Unit, &city.calendar, &city.policies, after),
        None,
        "it ran out"
    );
    assert_eq!(
        unknown_year(case, ClockKind::Check, &city.calendar, &city.policies, after),
        None,
        "no such clock"
    );
    let known = dispatched();
    let (city, case) = (&known.city, known.case.as_ref().unwrap());
    let told = unknown_year(case, ClockKind::Unit, &city.calendar, &city.policies, moment("03-31 17:00"));
    assert_eq!(told, None);
}
