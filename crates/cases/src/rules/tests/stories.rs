//! Command tables: who, what, when, and what comes of it.

use super::play::{Play, moment};
use crate::errors::CaseError;
use crate::model::{Act, Event, State, Verdict};
use crate::rules::{acts, decide, next_act, overdue};

/// A filed and dispatched case of a resident, due on Monday at 15:40 (4 working hours from 09:40).
const DISPATCHED: &str = "
    小梅       | report E0110 photos=a holds=description,name,phone | 03-02 09:00 | reported pre_verify receipt photos=1 until=03-02 09:45
    采集员小陈 | pre_verify found photos=b | 03-02 09:20 | pre_verified found photos=1
    受理员老吴 | file E0110-1              | 03-02 09:30 | filed E0110-1 limit=4工作时 on_time until=03-02 09:45
    派遣员老许 | dispatch                  | 03-02 09:40 | dispatched unit=11 by=row14 on_time until=03-02 15:40
";

/// … which the unit has fed back in time.
const HANDLED: &str = "
    城管小郑   | handle photos=c           | 03-02 11:00 | handled on_time photos=1 until=03-02 15:00
";

const CLOSED: &str = "
    核查员老周 | check passed              | 03-02 14:10 | checked passed reworks=0
    受理员老吴 | close                     | 03-02 14:20 | closed on_time reworks=0 verdict_until=03-17 14:20
";

#[test]
fn a_residents_photo_becomes_a_closed_case() {
    let play = Play::new()
        .table(DISPATCHED)
        .table(HANDLED)
        .table(CLOSED)
        .table("小梅 | verdict resolved | 03-03 08:00 | verdict resolved");
    let case = play.case.unwrap();
    assert_eq!((case.state(), case.asks_attention()), (State::Closed, false));
    assert_eq!(
        case.verdict().map(|given| (given.verdict, given.at)),
        Some((Verdict::Resolved, moment("03-03 08:00")))
    );
}

#[test]
fn inspectors_reports_need_a_photo_but_no_look_beforehand_and_no_receipt() {
    Play::new().table(
        "
        采集员小陈 | report E0410 source=inspector            | 03-02 10:00 | ! cases/photos-missing
        采集员小陈 | report E0410 source=inspector photos=a   | 03-02 10:00 | reported photos=1 until=03-02 10:15
        采集员小陈 | pre_verify found                         | 03-02 10:01 | ! cases/wrong-phase
        受理员老吴 | file E0410-1                             | 03-02 10:15 | filed E0410-1 limit=2工作时 on_time until=03-02 10:30
        派遣员老许 | dispatch                                 | 03-02 10:31 | dispatched unit=11 by=row14 late until=03-02 14:31
        城管小郑   | handle photos=b                          | 03-02 14:31 | handled on_time photos=1 until=03-02 18:31
        核查员老周 | check passed                             | 03-02 15:00 | checked passed reworks=0
        受理员老吴 | close                                    | 03-02 15:10 | closed on_time reworks=0 verdict_until=none
        小梅       | verdict resolved                         | 03-02 16:00 | ! cases/no-receipt
        ",
    );
}

#[test]
fn who_does_not_know_the_kind_leaves_it_to_the_acceptor() {
    let play = Play::new().table(
        "
        小梅       | report E9099 photos=a   | 03-02 09:00 | reported pre_verify receipt photos=1 until=03-02 09:45
        采集员小陈 | pre_verify found photos=b | 03-02 09:20 | pre_verified found photos=1
        受理员老吴 | file E9099-1            | 03-02 09:30 | ! cases/standard-unknown
        受理员老吴 | file E0113-2            | 03-02 09:30 | filed E0113-2 limit=5工作日 on_time until=03-02 09:45
        ",
    );
    let filed: Vec<String> =
        play.events.iter().map(|event| event.dims().unwrap().class.to_string()).collect();
    assert_eq!(filed, ["E9099", "E9099", "E0113"], "from filing on every figure counts it under its class");
    let play = play
        .table("派遣员老许 | dispatch | 03-02 09:40 | dispatched unit=11 by=row14 on_time until=03-09 09:40");
    assert_eq!(play.case.unwrap().class.to_string(), "E0113");
    // Once it has a class, rows of others are refused as ever; and who is paid to know says it at once.
    Play::new().table(
        "
        小梅       | report E0110 photos=a   | 03-02 09:00 | reported pre_verify receipt photos=1 until=03-02 09:45
        采集员小陈 | pre_verify found photos=b | 03-02 09:20 | pre_verified found photos=1
        受理员老吴 | file E0113-2            | 03-02 09:30 | ! cases/standard-of-other-class
        ",
    );
    Play::new().table(
        "
        采集员小陈 | report E9099 source=inspector photos=a | 03-02 10:00 | ! cases/class-needed
        小梅       | report E9098 photos=a                  | 03-02 10:00 | ! cases/class-unknown
        ",
    );
}

#[test]
fn a_place_without_coordinates_needs_words() {
    for (holds, told) in [
        ("description", "! cases/place-words-missing"),
        ("name,phone", "! cases/place-words-missing"),
        ("description,address", "reported pre_verify receipt photos=1 until=03-02 09:45"),
        ("point", "reported pre_verify receipt photos=1 until=03-02 09:45"),
    ] {
        let line = format!("小梅 | report E0110 photos=a nowhere holds={holds} | 03-02 09:00 | {told}");
        Play::new().table(&line);
    }
    let staff = "采集员小陈 | report E0410 source=inspector photos=a nowhere | 03-02 10:00 | ! cases/place-words-missing";
    Play::new().table(staff);
}

#[test]
fn who_may_report_what() {
    Play::new().table(
        "
        小梅       | report E0110 source=inspector photos=a | 03-02 09:00 | ! cases/source-not-yours
        受理员老吴 | report E0110 source=resident           | 03-02 09:00 | ! cases/source-not-yours
        领导       | report E0110 source=leader             | 03-02 09:00 | ! cases/not-allowed
        邻镇采集员 | report E0110 source=inspector photos=a | 03-02 09:00 | ! cases/not-allowed
        计时器     | report E0110                           | 03-02 09:00 | ! cases/not-allowed
        小梅       | report E0199 holds=                    | 03-02 09:00 | ! cases/nothing-said
        小梅       | report E0999                           | 03-02 09:00 | ! cases/class-unknown
        小梅       | report E0110 photos=a,b,c,d,e,f,g,h,i,j | 03-02 09:00 | ! cases/too-many-photos
        小梅       | close                                  | 03-02 09:00 | ! cases/not-found
        小梅       | report E0110 holds= photos=a,b,c,d,e,f,g,h,i | 03-02 09:00 | reported pre_verify receipt photos=9 until=03-02 09:45
        小梅       | report E0110                           | 03-02 09:00 | ! cases/already-reported
        ",
    );
    Play::new().table("受理员老吴 | report E0110 source=hotline | 03-02 09:00 | reported pre_verify receipt photos=0 until=03-02 09:45");
    Play::new()
        .table("采集员小陈 | report E0110 source=media | 03-02 09:00 | reported photos=0 until=03-02 09:15");
}

#[test]
fn a_device_may_be_late_but_neither_ahead_nor_from_long_ago() {
    for (device, result) in [
        ("04-01T09:10", "reported"),
        ("04-01T09:11", "!"),
        ("03-02T09:00", "reported"),
        ("03-02T08:59", "!"),
        ("03-31T22:15", "reported"),
    ] {
        let mut play = Play::new();
        let told = play.line("小梅", &format!("report E0110 device={device}"), moment("04-01 09:00"));
        assert_eq!(told.split(' ').next(), Some(result), "{device}: {told}");
        if result == "!" {
            assert_eq!(told, "! cases/device-time");
        }
    }
}

#[test]
fn the_intake_clock_runs_by_night_and_from_the_receipt() {
    Play::new().table(
        "
        小梅       | report E0110      | 03-07 23:50 | reported pre_verify receipt photos=0 until=03-08 00:35
        采集员小陈 | pre_verify found  | 03-08 00:30 | pre_verified found photos=0
        受理员老吴 | file E0110-1      | 03-08 00:36 | filed E0110-1 limit=4工作时 late until=03-08 00:51
        # Sunday night: the unit's working hours start on Monday morning.
        派遣员老许 | dispatch          | 03-08 00:51 | dispatched unit=11 by=row14 on_time until=03-09 12:00
        ",
    );
}

#[test]
fn filing_needs_a_row_of_the_class_and_a_problem_that_is_there() {
    Play::new().table(
        "
        小梅       | report E0110            | 03-02 09:00 | reported pre_verify receipt photos=0 until=03-02 09:45
        受理员老吴 | file E0110-1            | 03-02 09:10 | ! cases/wrong-phase
        邻镇受理员 | refuse duplicate        | 03-02 09:10 | ! cases/not-allowed
        领导       | pre_verify found        | 03-02 09:10 | ! cases/not-allowed
        小梅       | pre_verify found        | 03-02 09:10 | ! cases/not-allowed
        采集员小陈 | pre_verify found photos=a,a | 03-02 09:10 | ! cases/photo-twice
        采集员小陈 | pre_verify found        | 03-02 09:20 | pre_verified found photos=0
        采集员小陈 | file E0110-1            | 03-02 09:30 | ! cases/not-allowed
        受理员老吴 | file E0110-9            | 03-02 09:30 | ! cases/standard-unknown
        受理员老吴 | file E0112-1            | 03-02 09:30 | ! cases/standard-of-other-class
        派遣员老许 | dispatch                | 03-02 09:30 | ! cases/wrong-phase
        受理员老吴 | file E0110-1            | 03-02 09:30 | filed E0110-1 limit=4工作时 on_time until=03-02 09:45
        受理员老吴 | file E0110-1            | 03-02 09:31 | ! cases/wrong-phase
        受理员老吴 | refuse duplicate        | 03-02 09:31 | ! cases/wrong-phase
        ",
    );
    Play::new().table(
        "
        小梅       | report E0110              | 03-02 09:00 | reported pre_verify receipt photos=0 until=03-02 09:45
        采集员小陈 | pre_verify not_found note | 03-02 09:20 | pre_verified not_found photos=0
        采集员小陈 | pre_verify found          | 03-02 09:21 | ! cases/wrong-phase
        受理员老吴 | file E0110-1              | 03-02 09:30 | ! cases/not-found-on-site
        受理员老吴 | refuse nonsense           | 03-02 09:46 | ! cases/reason-unknown
        受理员老吴 | refuse other              | 03-02 09:46 | ! cases/note-missing
        受理员老吴 | refuse not_found          | 03-02 09:46 | refused not_found late
        受理员老吴 | refuse not_found          | 03-02 09:46 | ! cases/wrong-phase
        小梅       | verdict not_resolved      | 03-02 10:00 | ! cases/wrong-phase
        ",
    );
    Play::new().table(
        "
        小梅       | report E0110              | 03-02 09:00 | reported pre_verify receipt photos=0 until=03-02 09:45
        受理员老吴 | refuse other note         | 03-02 09:45 | refused other on_time
        ",
    );
}

#[test]
fn a_standard_row_holds_from_its_day_on() {
    let mut play = Play::new();
    assert_eq!(play.line("小梅", "report E0110", moment("03-02 09:00")).split(' ').next(), Some("reported"));
    play.line("采集员小陈", "pre_verify found", moment("03-02 09:10"));
    let row = play.city.catalogue.standards.get_mut(&"E0110-1".into()).unwrap();
    row.validity.from = moment("03-02 10:00");
    row.validity.to = Some(moment("03-02 11:00"));
    for (at, result) in [
        ("03-02 09:59", "! cases/standard-not-in-force"),
        ("03-02 11:00", "! cases/standard-not-in-force"),
        ("03-02 10:00", "filed E0110-1 limit=4工作时 late until=03-02 10:15"),
    ] {
        assert_eq!(play.line("受理员老吴", "file E0110-1", moment(at)), result);
    }
}

#[test]
fn there_is_always_one_accountable_unit() {
    let filed = "
        采集员小陈 | report E0110 source=inspector photos=a | 03-02 09:00 | reported photos=1 until=03-02 09:15
        受理员老吴 | dispatch      | 03-02 09:10 | ! cases/wrong-phase
        受理员老吴 | file E0110-1  | 03-02 09:10 | filed E0110-1 limit=4工作时 on_time until=03-02 09:25
        受理员老吴 | dispatch      | 03-02 09:12 | ! cases/not-allowed
    ";
    let by_backstop = Play::new().table(filed).table(
        "派遣员老许 | dispatch backstop | 03-02 09:25 | dispatched unit=50 by=backstop on_time until=03-02 15:25",
    );
    let case = by_backstop.case.unwrap();
    let task = case.phase.task().unwrap();
    assert_eq!((task.unit.0, task.backstop, task.helpers.len(), task.row), (50, true, 0, None));

    let by_hand = Play::new().table(filed).table(
        "
        派遣员老许 | dispatch unit=12      | 03-02 09:20 | ! cases/note-missing
        派遣员老许 | dispatch unit=12 note | 03-02 09:20 | dispatched unit=12 by=hand on_time until=03-02 15:20
        派遣员老许 | dispatch              | 03-02 09:21 | ! cases/wrong-phase
        城管小郑   | handle photos=b       | 03-02 10:00 | ! cases/not-accountable-unit
        环卫小孙   | handle photos=b       | 03-02 10:00 | handled on_time photos=1 until=03-02 14:00
        ",
    );
    let task = by_hand.case.as_ref().and_then(|case| case.phase.task()).cloned().unwrap();
    assert_eq!((task.unit.0, task.backstop, task.helpers.len(), task.row), (12, false, 0, None));
    let Some(Event::Dispatched(event)) = by_hand.events.get(2) else { panic!("no dispatch") };
    assert_eq!((event.proposed.0, event.dims.unit.map(|unit| unit.0)), (11, Some(12)));
}

#[test]
fn only_the_accountable_unit_handles_and_shows_new_proof() {
    let play = Play::new().table(DISPATCHED).table(
        "
        环卫小孙   | handle photos=c       | 03-02 10:00 | ! cases/not-accountable-unit
        小梅       | handle photos=c       | 03-02 10:00 | ! cases/not-accountable-unit
        计时器     | handle photos=c       | 03-02 10:00 | ! cases/not-accountable-unit
        城管文员   | handle photos=c       | 03-02 10:00 | ! cases/not-allowed
        城管小郑   | handle note           | 03-02 10:00 | ! cases/photos-missing
        城管小郑   | handle photos=a       | 03-02 10:00 | ! cases/photo-reused
        城管小郑   | handle photos=b       | 03-02 10:00 | ! cases/photo-reused
        城管小郑   | handle photos=c,old   | 03-02 10:00 | ! cases/photo-reused
        城管小郑   | handle photos=c,d,c   | 03-02 10:00 | ! cases/photo-twice
        城管小郑   | check passed          | 03-02 10:00 | ! cases/wrong-phase
        城管小郑   | close                 | 03-02 10:00 | ! cases/wrong-phase
        借调小何   | handle photos=c,d     | 03-02 15:40 | handled on_time photos=2 until=03-02 19:40
        城管小郑   | handle photos=e       | 03-02 15:41 | ! cases/wrong-phase
        借调小何   | check passed          | 03-02 15:50 | ! cases/fixer-never-checks
        ",
    );
    let facts = play.city.facts(moment("03-02 10:00"), play.city.person("城管小郑"));
    let before = crate::rules::replay(&play.events[..4]).unwrap();
    let reused = decide(Some(&before), &play.command("handle photos=x,old"), &facts);
    let (number, used_at) = ("JY20260212-0007".into(), moment("02-12 09:30"));
    assert_eq!(reused, Err(CaseError::PhotoReused { position: 2, number, used_at }));
    let twice = decide(Some(&before), &play.command("handle photos=x,y,y"), &facts);
    assert_eq!(twice, Err(CaseError::PhotoTwice { first: 2, second: 3 }));
    let none = decide(Some(&before), &play.command("handle"), &facts);
    assert_eq!(none, Err(CaseError::PhotosMissing { least: 1, got: 0 }));
    let many = decide(Some(&before), &play.command("handle photos=1,2,3,4,5,6,7,8,9,10"), &facts);
    assert_eq!(many, Err(CaseError::TooManyPhotos { most: 9, got: 10 }));
}

#[test]
fn noise_needs_no_photo() {
    Play::new().table(
        "
        采集员小陈 | report E0128 source=inspector photos=a | 03-02 22:00 | reported photos=1 until=03-02 22:15
        受理员老吴 | file E0128-1  | 03-02 22:05 | filed E0128-1 limit=2紧急工作时 on_time until=03-02 22:20
        派遣员老许 | dispatch      | 03-02 22:10 | dispatched unit=11 by=row14 on_time until=03-03 00:10
        城管小郑   | handle note   | 03-03 00:11 | handled late photos=0 until=03-03 04:11
        ",
    );
}

#[test]
fn the_fixer_never_checks_and_never_closes() {
    Play::new().table(DISPATCHED).table(HANDLED).table(
        "
        城管小郑       | check passed      | 03-02 14:00 | ! cases/fixer-never-checks
        城管核查员     | check passed      | 03-02 14:00 | ! cases/fixer-never-checks
        调任核查的小郑 | check passed      | 03-02 14:00 | ! cases/fixer-never-checks
        借调小何       | check passed      | 03-02 14:00 | ! cases/fixer-never-checks
        受理员老吴     | check passed      | 03-02 14:00 | ! cases/not-allowed
        小梅           | check passed      | 03-02 14:00 | ! cases/not-allowed
        受理员老吴     | close             | 03-02 14:00 | ! cases/wrong-phase
        核查员老周     | check passed photos=c | 03-02 14:05 | ! cases/photo-reused
        核查员老周     | check passed photos=d | 03-02 14:10 | checked passed reworks=0
        城管受理员     | close             | 03-02 14:15 | ! cases/fixer-never-closes
        调任受理的小郑 | close             | 03-02 14:15 | ! cases/fixer-never-closes
        城管小郑       | close             | 03-02 14:15 | ! cases/fixer-never-closes
        核查员老周     | close             | 03-02 14:15 | ! cases/not-allowed
        计时器         | close             | 03-02 14:15 | ! cases/not-allowed
        受理员老吴     | close note        | 03-02 14:20 | closed on_time reworks=0 verdict_until=03-17 14:20
        受理员老吴     | close             | 03-02 14:20 | ! cases/wrong-phase
        ",
    );
}

#[test]
fn who_fixed_it_once_never_judges_it_later() {
    let play = Play::new().table(DISPATCHED).table(HANDLED).table(
        "
        核查员老周     | check failed note       | 03-02 14:00 | checked failed reworks=1
        # Somebody else of the unit does it the second time; 小郑 has moved to another unit meanwhile.
        借调小何       | handle photos=e         | 03-02 15:00 | handled on_time photos=1 until=03-02 19:00
        调任核查的小郑 | check passed            | 03-02 15:10 | ! cases/fixer-never-checks
        借调小何       | check passed            | 03-02 15:10 | ! cases/fixer-never-checks
        核查员老周     | check failed note       | 03-02 15:20 | checked failed reworks=2
        城管小郑       | handle photos=f         | 03-02 15:30 | handled on_time photos=1 until=03-02 19:30
        回原单位的小何 | check passed            | 03-02 15:35 | ! cases/fixer-never-checks
        核查员老周     | check passed            | 03-02 15:40 | checked passed reworks=2
        调任受理的小郑 | close                   | 03-02 15:50 | ! cases/fixer-never-closes
        受理员老吴     | close                   | 03-02 16:00 | closed on_time reworks=2 verdict_until=03-17 16:00
        ",
    );
    let task = play.case.as_ref().and_then(|case| case.phase.task()).cloned().unwrap();
    assert_eq!(task.handlers.iter().map(|user| user.0).collect::<Vec<_>>(), [105, 115]);
}

#[test]
fn rework_keeps_the_first_deadline() {
    let play = Play::new().table(DISPATCHED).table(HANDLED).table(
        "
        核查员老周 | check failed            | 03-02 14:00 | ! cases/note-missing
        核查员老周 | check failed note       | 03-02 14:00 | checked failed reworks=1
        # The same proof does not do a second time, nor does the checker's.
        城管小郑   | handle photos=c         | 03-02 15:00 | ! cases/photo-reused
        环卫小孙   | handle photos=e         | 03-02 15:00 | ! cases/not-accountable-unit
        城管小郑   | handle photos=e         | 03-02 15:00 | handled on_time photos=1 until=03-02 19:00
        核查员老周 | check failed note       | 03-02 15:30 | checked failed reworks=2
        城管小郑   | handle photos=f         | 03-02 15:41 | handled late photos=1 until=03-02 19:41
        核查员老周 | check passed            | 03-02 16:00 | checked passed reworks=2
        受理员老吴 | close                   | 03-02 16:10 | closed late reworks=2 verdict_until=03-17 16:10
        ",
    );
    let task = play.case.as_ref().and_then(|case| case.phase.task()).cloned().unwrap();
    assert_eq!((task.dispatched_at, task.clock.due_at), (moment("03-02 09:40"), moment("03-02 15:40")));
}

#[test]
fn slow_checking_never_makes_a_unit_late() {
    Play::new().table(DISPATCHED).table(HANDLED).table(
        "
        核查员老周 | check passed | 03-05 09:00 | checked passed reworks=0
        受理员老吴 | close        | 03-06 09:00 | closed on_time reworks=0 verdict_until=03-21 09:00
        ",
    );
}

#[test]
fn one_verdict_in_time_by_the_reporter_alone() {
    let closed = || Play::new().table(DISPATCHED).table(HANDLED).table(CLOSED);
    let play = closed().table(
        "
        受理员老吴 | verdict resolved          | 03-03 08:00 | ! cases/only-reporter
        计时器     | verdict resolved          | 03-03 08:00 | ! cases/only-reporter
        小梅       | verdict not_resolved note | 03-17 14:20 | verdict not_resolved
        小梅       | verdict resolved          | 03-17 14:20 | ! cases/verdict-already
        ",
    );
    assert!(play.case.unwrap().asks_attention());
    let play = closed().table("小梅 | verdict partly | 03-03 08:00 | verdict partly");
    assert!(!play.case.unwrap().asks_attention());
    closed().table("小梅 | verdict resolved | 03-17 14:21 | ! cases/verdict-too-late");
}

#[test]
fn a_clock_that_ran_out_is_recorded_once_by_the_timer() {
    let play = Play::new().table(
        "
        小梅       | report E0110                       | 03-02 09:00 | reported pre_verify receipt photos=0 until=03-02 09:45
        受理员老吴 | overrun intake due=03-02T09:45     | 03-02 09:46 | ! cases/only-timer
        小梅       | overrun intake due=03-02T09:45     | 03-02 09:46 | ! cases/only-timer
        计时器     | overrun intake due=03-02T09:45     | 03-02 09:45 | ! cases/not-yet-due
        计时器     | overrun intake due=03-02T09:44     | 03-02 09:46 | ! cases/clock-stopped
        计时器     | overrun dispatch due=03-02T09:45   | 03-02 09:46 | ! cases/clock-stopped
        计时器     | overrun intake due=03-02T09:45     | 03-02 09:46 | overran intake
        计时器     | overrun intake due=03-02T09:45     | 03-02 09:47 | ! cases/overrun-recorded
        采集员小陈 | pre_verify found                   | 03-02 09:50 | pre_verified found photos=0
        # It is the same clock before and after the look on the spot.
        计时器     | overrun intake due=03-02T09:45     | 03-02 09:51 | ! cases/overrun-recorded
        受理员老吴 | file E0110-1                       | 03-02 10:00 | filed E0110-1 limit=4工作时 late until=03-02 10:15
        计时器     | overrun intake due=03-02T09:45     | 03-02 10:01 | ! cases/clock-stopped
        计时器     | overrun dispatch due=03-02T10:15   | 03-02 10:16 | overran dispatch
        派遣员老许 | dispatch                           | 03-02 10:20 | dispatched unit=11 by=row14 late until=03-02 16:20
        计时器     | overrun unit due=03-02T16:20       | 03-02 16:21 | overran unit
        城管小郑   | handle photos=b                    | 03-02 17:00 | handled late photos=1 until=03-02 21:00
        核查员老周 | check failed note                  | 03-02 17:10 | checked failed reworks=1
        # Rework keeps the deadline, and with it what was recorded.
        计时器     | overrun unit due=03-02T16:20       | 03-02 17:11 | ! cases/overrun-recorded
        城管小郑   | handle photos=c                    | 03-02 17:20 | handled late photos=1 until=03-02 21:20
        计时器     | overrun check due=03-02T21:20      | 03-02 21:21 | overran check
        核查员老周 | check passed                       | 03-03 11:30 | checked passed reworks=1
        计时器     | overrun check due=03-02T21:20      | 03-03 11:31 | ! cases/overrun-recorded
        受理员老吴 | close                              | 03-03 11:40 | closed late reworks=1 verdict_until=03-18 11:40
        计时器     | overrun check due=03-02T21:20      | 03-03 11:41 | ! cases/clock-stopped
        ",
    );
    assert!(!overdue(play.case.as_ref().unwrap(), moment("12-31 00:00")), "closed is never overdue");
    let live = crate::rules::replay(&play.events[..1]).unwrap();
    assert!(!overdue(&live, moment("03-02 09:45")) && overdue(&live, moment("03-02 09:46")));
}

#[test]
fn the_reporter_is_shown_to_few_and_can_be_forgotten() {
    let play = Play::new().table(DISPATCHED).table(
        "
        城管小郑   | show                   | 03-02 10:00 | ! cases/reporter-hidden
        城管受理员 | show                   | 03-02 10:00 | ! cases/reporter-hidden
        派遣员老许 | show                   | 03-02 10:00 | ! cases/not-allowed
        小梅       | show                   | 03-02 10:00 | ! cases/not-allowed
        受理员老吴 | show                   | 03-02 10:00 | shown name,phone
        派遣员老许 | erase name             | 03-02 10:00 | ! cases/not-allowed
        小梅       | erase name point       | 03-02 10:00 | erased name
        小梅       | erase name             | 03-02 10:00 | ! cases/nothing-to-erase
        受理员老吴 | show                   | 03-02 10:01 | shown phone
        计时器     | erase phone photos     | 03-02 10:02 | erased phone,photos
        受理员老吴 | show                   | 03-02 10:03 | ! cases/no-reporter
        受理员老吴 | erase description      | 03-02 10:04 | erased description
        受理员老吴 | erase description      | 03-02 10:05 | ! cases/nothing-to-erase
        ",
    );
    assert_eq!(play.case.unwrap().state(), State::Handling);
}

/// The buttons of a viewer: `*` before the next step, `(code)` behind a blocked one.
fn buttons(play: &Play, who: &str, at: &str) -> String {
    let views = acts(play.case.as_ref().unwrap(), &play.city.facts(moment(at), play.city.person(who)));
    let shown = views.iter().map(|view| {
        let star = if view.primary { "*" } else { "" };
        let blocked = view.blocked.as_ref().map(|error| format!("({})", &error.code()["cases/".len()..]));
        format!("{star}{}{}", view.act, blocked.unwrap_or_default())
    });
    shown.collect::<Vec<_>>().join(" ")
}

#[test]
fn buttons_say_what_is_next_and_why_not() {
    let play = Play::new().table(DISPATCHED);
    let at = "03-02 10:00";
    assert_eq!(
        buttons(&play, "城管小郑", at),
        "*handle show_reporter(reporter-hidden) erase_reporter(not-allowed)"
    );
    assert_eq!(
        buttons(&play, "受理员老吴", at),
        "*handle(not-accountable-unit) show_reporter erase_reporter"
    );
    assert_eq!(buttons(&play, "小梅", at), "erase_reporter");
    assert_eq!(buttons(&play, "计时器", at), "");
    let play = play.table(HANDLED);
    let fixer = "*check(fixer-never-checks) show_reporter(reporter-hidden) erase_reporter(not-allowed)";
    assert_eq!(buttons(&play, "城管小郑", at), fixer);
    let play = play.table(CLOSED);
    assert_eq!(next_act(play.case.as_ref().unwrap()), None);
    assert_eq!(buttons(&play, "小梅", at), "give_verdict erase_reporter");
    assert_eq!(buttons(&play, "小梅", "04-01 10:00"), "give_verdict(verdict-too-late) erase_reporter");
    assert_eq!(buttons(&play, "受理员老吴", at), "show_reporter erase_reporter");

    let mut play = Play::new();
    play.line("小梅", "report E0110", moment("03-02 09:00"));
    let waiting = "*pre_verify(not-allowed) refuse show_reporter(no-reporter) erase_reporter";
    assert_eq!(buttons(&play, "受理员老吴", at), waiting);
    play.line("采集员小陈", "pre_verify not_found", moment("03-02 09:10"));
    let refused = "file(not-found-on-site) *refuse show_reporter(no-reporter) erase_reporter";
    assert_eq!(buttons(&play, "受理员老吴", at), refused);
    assert_eq!(next_act(play.case.as_ref().unwrap()), Some(Act::Refuse));
}
