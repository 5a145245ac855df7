//! The complete table of states × commands, and who may take the next step, written into the docs.

use std::fmt::Write as _;
use std::path::Path;

use kernel::problem::Lang;
use kernel::time::MINUTE_MS;

use super::play::{Play, moment};
use crate::model::{Act, Event, State};
use crate::rules::{By, decide};

const REPORT: (&str, &str) = ("小梅", "report E0110 photos=a holds=description,name");
const FOUND: (&str, &str) = ("采集员小陈", "pre_verify found");
const MISSING: (&str, &str) = ("采集员小陈", "pre_verify not_found");
const FILE: (&str, &str) = ("受理员老吴", "file E0110-1");
const REFUSE: (&str, &str) = ("受理员老吴", "refuse duplicate");
const DISPATCH: (&str, &str) = ("派遣员老许", "dispatch");
const HANDLE: (&str, &str) = ("城管小郑", "handle photos=b");
const FAIL: (&str, &str) = ("核查员老周", "check failed note");
const AGAIN: (&str, &str) = ("借调小何", "handle photos=c");
const PASS: (&str, &str) = ("核查员老周", "check passed");
const CLOSE: (&str, &str) = ("受理员老吴", "close");
const VERDICT: (&str, &str) = ("小梅", "verdict resolved");

type Step = (&'static str, &'static str);

/// Every state, with how to get there; states in which it matters what happened before stand there twice.
const STATES: &[(&str, Option<State>, &[Step])] = &[
    ("（尚无案件）", None, &[]),
    ("待核实", Some(State::PendingPreVerify), &[REPORT]),
    ("待受理", Some(State::PendingFile), &[REPORT, FOUND]),
    ("待受理（核实未发现）", Some(State::PendingFile), &[REPORT, MISSING]),
    ("待派遣", Some(State::PendingDispatch), &[REPORT, FOUND, FILE]),
    ("处置中", Some(State::Handling), &[REPORT, FOUND, FILE, DISPATCH]),
    ("待核查", Some(State::PendingCheck), &[REPORT, FOUND, FILE, DISPATCH, HANDLE]),
    ("待结案", Some(State::PendingClose), &[REPORT, FOUND, FILE, DISPATCH, HANDLE, PASS]),
    ("已办结", Some(State::Closed), &[REPORT, FOUND, FILE, DISPATCH, HANDLE, PASS, CLOSE]),
    ("已办结（已评价）", Some(State::Closed), &[REPORT, FOUND, FILE, DISPATCH, HANDLE, PASS, CLOSE, VERDICT]),
    ("不予受理", Some(State::NotAccepted), &[REPORT, REFUSE]),
    (
        "待核查（小何返工后）",
        Some(State::PendingCheck),
        &[REPORT, FOUND, FILE, DISPATCH, HANDLE, FAIL, AGAIN],
    ),
    (
        "待结案（小何返工后）",
        Some(State::PendingClose),
        &[REPORT, FOUND, FILE, DISPATCH, HANDLE, FAIL, AGAIN, PASS],
    ),
];

/// Each command as the right person gives it, with nothing wrong in it.
const fn rightly(act: Act) -> Step {
    match act {
        Act::Report => REPORT,
        Act::PreVerify => FOUND,
        Act::File => FILE,
        Act::Refuse => REFUSE,
        Act::Dispatch => DISPATCH,
        Act::Handle => ("城管小郑", "handle photos=c"),
        Act::Check => PASS,
        Act::Close => CLOSE,
        Act::GiveVerdict => VERDICT,
        Act::Overrun => ("计时器", "overrun"),
        Act::Recount => ("计时器", "recount"),
        Act::ShowReporter => ("受理员老吴", "show"),
        Act::EraseReporter => ("小梅", "erase description name"),
    }
}

fn at(steps: &[Step]) -> Play {
    let mut play = Play::new();
    for (minutes, (who, what)) in (0..).zip(steps) {
        let told = play.line(who, what, moment("03-02 09:00").plus_ms(minutes * MINUTE_MS));
        assert!(!told.starts_with('!'), "{who} {what}: {told}");
    }
    play
}

/// What a command comes to: the event, or the code of the refusal.
fn cell(play: &Play, (who, what): Step) -> String {
    let running = play.case.as_ref().and_then(|case| case.phase.clock());
    let mut now = moment("03-02 09:30");
    let what = if what == "overrun" {
        let due_at = running.map_or(now, |clock| clock.due_at);
        now = due_at.plus_ms(1);
        let kind = running.map_or("unit", |clock| clock.kind.code());
        format!("overrun {kind} due={}", due_at.minute_text()[5..].replace(' ', "T"))
    } else {
        what.to_owned()
    };
    let by = play.city.person(who);
    match decide(play.case.as_ref(), &play.command(&what), &play.city.facts(now, by)) {
        Ok(events) => {
            let kinds: Vec<_> = events.iter().map(Event::kind).collect();
            format!("**{}**", kinds.join(" + "))
        }
        Err(error) => error.code().trim_start_matches("cases/").to_owned(),
    }
}

fn header(first: &str, columns: impl Iterator<Item = String> + Clone) -> String {
    let names: Vec<String> = columns.collect();
    format!("| {first} | {} |\n|{}\n", names.join(" | "), "---|".repeat(names.len() + 1))
}

fn states_and_commands() -> String {
    let acts = Act::ALL.iter().map(|act| format!("{} `{act}`", act.name(Lang::Zh)));
    let mut out = header("状态 \\ 命令", acts);
    for (name, state, steps) in STATES {
        let play = at(steps);
        assert_eq!(play.case.as_ref().map(|case| case.state()), *state, "{name}");
        let cells: Vec<_> = Act::ALL.iter().map(|act| cell(&play, rightly(*act))).collect();
        let _ = writeln!(out, "| {name} | {} |", cells.join(" | "));
    }
    out
}

/// Who may do what where it is the right time for it.
fn people_and_commands() -> String {
    const STEPS: &[(Act, usize)] = &[
        (Act::PreVerify, 1),
        (Act::File, 2),
        (Act::Refuse, 2),
        (Act::Dispatch, 4),
        (Act::Handle, 5),
        (Act::Check, 6),
        (Act::Close, 7),
        (Act::Check, 11),
        (Act::Close, 12),
        (Act::GiveVerdict, 8),
        (Act::ShowReporter, 5),
        (Act::EraseReporter, 5),
    ];
    let step = |(act, state): &(Act, usize)| {
        let again = if *state > 10 { "（返工后）" } else { "" };
        format!("{}{again} `{act}`", act.name(Lang::Zh))
    };
    let mut out = header("谁 \\ 命令", STEPS.iter().map(step));
    let plays: Vec<_> = STEPS.iter().map(|(act, state)| (at(STATES[*state].2), rightly(*act).1)).collect();
    for (who, by) in Play::new().city.names().map(|name| (name, Play::new().city.person(name).clone())) {
        let role = match &by {
            By::Resident => "市民，凭回执".to_owned(),
            By::Timer => "系统".to_owned(),
            By::Staff(staff) => {
                let roles: Vec<_> = staff.grants.iter().map(|grant| format!("{:?}", grant.role)).collect();
                format!("{}，单位 {}", roles.join("+"), staff.unit.map_or(0, |unit| unit.0))
            }
        };
        let cells: Vec<_> = plays.iter().map(|(play, what)| cell(play, (who, what))).collect();
        let _ = writeln!(out, "| {who}（{role}） | {} |", cells.join(" | "));
    }
    out
}

fn page() -> String {
    format!(
        "# 案件：状态 × 命令 (cases: states × commands)\n\n\
         This page is written by a test of `crates/cases` and fails when it is not up to date; \
         `YOUJU_BLESS=1 cargo test -p cases states` rewrites it.\n\n\
         ## What a command comes to in each state\n\n\
         Each command is given by the right person and has nothing wrong in it. A cell is the **event** that \
         happens, or the code of the refusal without its `cases/`.\n\n{}\n\
         ## Who may take a step when its time has come\n\n\
         Unit 11 is the accountable unit of the case, and 小郑 is who handled it; 返工后 (after it was sent back) 小何 did. \
         核查 and 结案 are never open to the unit, nor to anybody who handled it in any round.\n\n{}",
        states_and_commands(),
        people_and_commands()
    )
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests are blessed by an environment variable")]
fn the_page_of_states_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/cases-states.md");
    let page = page();
    if std::env::var("YOUJU_BLESS").is_ok() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "docs/cases-states.md is not up to date: YOUJU_BLESS=1 cargo test -p cases states"
    );
}

#[test]
fn every_state_has_its_row() {
    for state in State::ALL {
        assert!(STATES.iter().any(|(_, listed, _)| listed == &Some(*state)), "{state}");
    }
}
