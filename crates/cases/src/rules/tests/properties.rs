//! What holds for every history, whoever does whatever in whatever order.

use kernel::chance::Chance;
use kernel::id::UserId;
use proptest::prelude::*;

use super::people::URBAN;
use super::play::{Play, moment};
use crate::model::{Act, Case, Event, Phase, Source, State};
use crate::rules::{By, acts, decide, next_act, overdue, replay};

/// One attempt: who, what, how many minutes later; or the next step by somebody who may do it.
#[derive(Debug, Clone)]
enum Attempt {
    Any { who: usize, what: usize, minutes: i64 },
    Next { pass: bool, minutes: i64 },
}

/// Everything that the tables can say, once each.
const COMMANDS: &[&str] = &[
    "report E0110 photos=a holds=description,name,phone",
    "pre_verify found",
    "pre_verify not_found",
    "file E0110-1",
    "file E0112-1",
    "refuse duplicate",
    "refuse other",
    "dispatch",
    "dispatch backstop",
    "dispatch unit=12 note",
    "handle photos=NEW",
    "handle photos=old",
    "handle",
    "check passed",
    "check failed note",
    "close",
    "verdict resolved",
    "verdict not_resolved",
    "overrun RUNNING",
    "show",
    "erase name phone",
    "erase description photos",
    "report E9099 photos=a holds=description,name,phone",
];

fn attempt() -> impl Strategy<Value = Attempt> {
    let minutes = prop_oneof![0..40i64, 0..3_000i64];
    prop_oneof![
        (0..64usize, 0..COMMANDS.len(), minutes.clone()).prop_map(|(who, what, minutes)| Attempt::Any {
            who,
            what,
            minutes
        }),
        (any::<bool>(), minutes).prop_map(|(pass, minutes)| Attempt::Next { pass, minutes }),
    ]
}

/// The next step, and somebody who may do it.
fn next(case: &Case, pass: bool) -> Option<(&'static str, &'static str)> {
    Some(match next_act(case)? {
        Act::PreVerify if pass => ("采集员小陈", "pre_verify found"),
        Act::PreVerify => ("采集员小陈", "pre_verify not_found"),
        Act::File => ("受理员老吴", "file E0110-1"),
        Act::Refuse => ("受理员老吴", "refuse duplicate"),
        Act::Dispatch if pass => ("派遣员老许", "dispatch"),
        Act::Dispatch => ("派遣员老许", "dispatch backstop"),
        Act::Handle if pass || case.unit() != Some(URBAN) => (handler(case), "handle photos=NEW"),
        Act::Handle => ("借调小何", "handle photos=NEW"),
        Act::Check if pass => ("核查员老周", "check passed"),
        Act::Check => ("核查员老周", "check failed note"),
        Act::Close => ("受理员老吴", "close"),
        Act::Report | Act::GiveVerdict | Act::Overrun | Act::ShowReporter | Act::EraseReporter => {
            return None;
        }
    })
}

fn handler(case: &Case) -> &'static str {
    match case.unit().map(|unit| unit.0) {
        Some(11) => "城管小郑",
        Some(12) => "环卫小孙",
        _another => "镇里老马",
    }
}

/// Whoever of these people has handled the case, in any of his roles: checking and closing are not open to him.
fn nobody_judges_his_own_work(play: &Play, handlers: &[UserId]) {
    let Some(case) = &play.case else { return };
    for name in play.city.names() {
        let by = play.city.person(name);
        if !matches!(by, By::Staff(staff) if handlers.contains(&staff.user)) {
            continue;
        }
        let views = acts(case, &play.city.facts(moment("03-02 08:00"), by));
        let open = views.iter().filter(|view| matches!(view.act, Act::Check | Act::Close));
        assert!(open.into_iter().all(|view| view.blocked.is_some()), "{name} judges what he handled");
    }
}

/// Plays the attempts; `check` sees every event with the case before and after it and who did it.
fn play(attempts: &[Attempt], mut check: impl FnMut(&Play, Option<&Case>, &By, &Event)) -> Play {
    let mut play = Play::new();
    let names: Vec<&str> = play.city.names().collect();
    let mut at = moment("03-02 08:00");
    // Every other history begins with a report that does not know its class.
    let what = if attempts.len().is_multiple_of(2) { 0 } else { COMMANDS.len() - 1 };
    let first =
        Attempt::Any { who: names.iter().position(|name| *name == "小梅").unwrap(), what, minutes: 0 };
    for (index, attempt) in std::iter::once(&first).chain(attempts).enumerate() {
        let (who, what, minutes) = match attempt {
            Attempt::Any { who, what, minutes } => (names[who % names.len()], COMMANDS[*what], *minutes),
            Attempt::Next { pass, minutes } => match play.case.as_ref().and_then(|case| next(case, *pass)) {
                Some((who, what)) => (who, what, *minutes),
                None => continue,
            },
        };
        at = at.plus_ms(minutes * 60_000);
        let running = play.case.as_ref().and_then(|case| case.phase.clock());
        let running = running.map_or("intake due=01-01T00:00".to_owned(), |clock| {
            format!("{} due={}", clock.kind, clock.due_at.minute_text()[5..].replace(' ', "T"))
        });
        let what = what.replace("NEW", &format!("p{index}")).replace("RUNNING", &running);
        let before = play.case.clone();
        let by = play.city.person(who).clone();
        let command = play.command(&what);
        if let Ok(events) = decide(before.as_ref(), &command, &play.city.facts(at, &by)) {
            play.happen(&command, &events);
            events.iter().for_each(|event| check(&play, before.as_ref(), &by, event));
        }
    }
    play
}

/// A random history of a length up to `attempts`, for tests of what is built on the rules.
pub(crate) fn random(chance: &dyn Chance, attempts: u64) -> Play {
    let attempt = |_| {
        let minutes = if chance.below(2) == 0 { chance.below(40) } else { chance.below(3_000) } as i64;
        if chance.below(4) == 0 {
            let (who, what) = (chance.below(64) as usize, chance.below(COMMANDS.len() as u64) as usize);
            Attempt::Any { who, what, minutes }
        } else {
            Attempt::Next { pass: chance.below(4) > 0, minutes }
        }
    };
    let attempts: Vec<Attempt> = (0..chance.below(attempts + 1)).map(attempt).collect();
    play(&attempts, |_, _, _, _| {})
}

proptest! {
    // 400, or what PROPTEST_CASES says: `cargo xtask torture histories` asks for many more.
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(400), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_history_makes_its_case(attempts in prop::collection::vec(attempt(), 0..60)) {
        let play = play(&attempts, |_, _, _, _| {});
        prop_assert_eq!(replay(&play.events), play.case);
    }

    #[test]
    fn nothing_but_words_after_the_end(attempts in prop::collection::vec(attempt(), 0..60)) {
        play(&attempts, |_, before, _, event| {
            let Some(state) = before.map(Case::state) else { return };
            match event {
                Event::ReporterShown(_) | Event::ReporterErased(_) => {}
                Event::VerdictGiven(_) => assert_eq!(state, State::Closed),
                Event::Reported(_) => panic!("a second report"),
                Event::PreVerified(_) | Event::Filed(_) | Event::Refused(_) | Event::Dispatched(_)
                | Event::Handled(_) | Event::Checked(_) | Event::Closed(_) | Event::Overran(_) => {
                    assert!(state.is_live(), "{event:?} after {state}");
                }
            }
        });
    }

    #[test]
    fn the_fixer_neither_checks_nor_closes(attempts in prop::collection::vec(attempt(), 0..60)) {
        let mut handlers = Vec::new();
        play(&attempts, |play, before, by, event| {
            nobody_judges_his_own_work(play, &handlers);
            let unit = before.and_then(Case::unit);
            let By::Staff(staff) = by else {
                assert!(!matches!(event, Event::Handled(_) | Event::Checked(_) | Event::Closed(_)));
                return;
            };
            match event {
                Event::Handled(_) => {
                    assert!(staff.acts_for(unit.unwrap()));
                    handlers.push(staff.user);
                    nobody_judges_his_own_work(play, &handlers);
                }
                Event::Checked(_) | Event::Closed(_) => {
                    assert!(!staff.acts_for(unit.unwrap()) && !handlers.contains(&staff.user));
                }
                Event::Reported(_) | Event::PreVerified(_) | Event::Filed(_) | Event::Refused(_)
                | Event::Dispatched(_) | Event::VerdictGiven(_) | Event::Overran(_)
                | Event::ReporterShown(_) | Event::ReporterErased(_) => {}
            }
        });
    }

    #[test]
    fn one_unit_and_one_deadline_from_dispatch_on(attempts in prop::collection::vec(attempt(), 0..60)) {
        let mut first = None;
        play(&attempts, |play, _, _, event| {
            let case = play.case.as_ref().unwrap();
            let has_unit = matches!(
                case.state(),
                State::Handling | State::PendingCheck | State::PendingClose | State::Closed
            );
            assert_eq!(case.unit().is_some(), has_unit);
            if let Some(dims) = event.dims() {
                assert_eq!(*dims, case.dims(), "figures count it where it is");
            }
            if let Some(task) = case.phase.task() {
                let now = (task.unit, task.dispatched_at, task.clock.due_at);
                assert_eq!(*first.get_or_insert(now), now, "rework keeps unit and deadline");
            }
        });
    }

    #[test]
    fn on_time_is_the_moment_of_feedback_against_the_first_deadline(
        attempts in prop::collection::vec(attempt(), 0..60),
    ) {
        play(&attempts, |_, before, _, event| match event {
            Event::Handled(e) => {
                assert_eq!(e.on_time, e.at <= e.due_at);
                assert_eq!(e.on_time, !overdue(before.unwrap(), e.at));
            }
            Event::Closed(e) => assert_eq!(e.on_time, e.handled_at <= e.due_at),
            Event::Reported(_) | Event::PreVerified(_) | Event::Filed(_) | Event::Refused(_)
            | Event::Dispatched(_) | Event::Checked(_) | Event::VerdictGiven(_) | Event::Overran(_)
            | Event::ReporterShown(_) | Event::ReporterErased(_) => {}
        });
    }

    #[test]
    fn a_clock_overruns_once(attempts in prop::collection::vec(attempt(), 0..60)) {
        let play = play(&attempts, |_, _, _, _| {});
        let mut seen = std::collections::BTreeSet::new();
        for event in &play.events {
            if let Event::Overran(e) = event {
                prop_assert!(e.at > e.due_at);
                prop_assert!(seen.insert((e.clock, e.due_at)), "twice: {:?}", e);
            }
        }
    }

    #[test]
    fn a_button_and_a_refusal_never_disagree(
        attempts in prop::collection::vec(attempt(), 0..40),
        minutes in 0..30_000i64,
    ) {
        let play = play(&attempts, |_, _, _, _| {});
        let case = play.case.as_ref().unwrap();
        let at = play.events.last().unwrap().at().plus_ms(minutes * 60_000);
        let primary = next_act(case);
        prop_assert_eq!(primary.is_some(), case.state().is_live());
        for name in play.city.names() {
            let facts = play.city.facts(at, play.city.person(name));
            let views = acts(case, &facts);
            if matches!(facts.by, By::Staff(_)) {
                let next: Vec<_> = views.iter().filter(|view| view.primary).map(|view| view.act).collect();
                prop_assert_eq!(next, Vec::from_iter(primary), "{} sees one next step", name);
            }
            for view in views {
                let command = play.command(good(view.act));
                let decided = decide(Some(case), &command, &facts).map(|_| ());
                prop_assert_eq!(decided.err(), view.blocked, "{} {}", name, view.act);
            }
        }
    }

    #[test]
    fn sources_without_a_reporter_never_get_a_receipt(index in 0..Source::ALL.len()) {
        let source = Source::ALL[index];
        let mut play = Play::new();
        let who = if source == Source::Resident { "小梅" } else { "采集员小陈" };
        play.line(who, &format!("report E0110 photos=a source={source}"), moment("03-02 09:00"));
        let case = play.case.unwrap();
        let outside = matches!(source, Source::Resident | Source::Hotline);
        prop_assert_eq!(case.has_receipt, outside);
        prop_assert_eq!(matches!(case.phase, Phase::PendingPreVerify { .. }), outside);
    }
}

/// A command of this kind with nothing wrong in it.
fn good(act: Act) -> &'static str {
    match act {
        Act::Report => "report E0110",
        Act::PreVerify => "pre_verify found",
        Act::File => "file E0110-1",
        Act::Refuse => "refuse duplicate",
        Act::Dispatch => "dispatch",
        Act::Handle => "handle photos=fresh",
        Act::Check => "check passed",
        Act::Close => "close",
        Act::GiveVerdict => "verdict resolved",
        Act::Overrun => "overrun unit due=01-01T00:00",
        Act::ShowReporter => "show",
        Act::EraseReporter => "erase description address point name phone photos",
    }
}
