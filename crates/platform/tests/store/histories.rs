//! Random histories against a model in memory: whatever the order and whatever fails, the rows are the model's.

use std::collections::BTreeMap;

use kernel::id::CityId;
use platform::db::{Db, Fault};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use testkit::World;

use crate::SETS;
use crate::checks::{chains_are_whole, seqs_without_gaps, timers};
use crate::gate::{Write, together, write};
use crate::ledger::{Move, No, Open, Stop, accounts, lines};

testkit::stories!(SETS: random_histories_give_the_rows_of_the_model);

/// Histories tried on each engine.
const HISTORIES: u32 = 40;

/// One step of a history.
#[derive(Debug, Clone)]
enum Step {
    Open { id: i64, name: i64, stop: Stop },
    Move { id: i64, line: i64, amount: i64, stop: Stop },
}

fn stop() -> impl Strategy<Value = Stop> {
    prop_oneof![
        12 => Just(Stop::Never),
        2 => Just(Stop::RefuseFirst),
        2 => Just(Stop::RefuseNoted),
        1 => Just(Stop::RefuseSent),
        1 => Just(Stop::PanicFirst),
        1 => Just(Stop::PanicSent),
    ]
}

/// Few ids, names and lines, so that they meet: unknown accounts, duplicate keys, duplicate names, repeated moves.
fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (1..12_i64, 1..15_i64, stop()).prop_map(|(id, name, stop)| Step::Open { id, name, stop }),
        3 => (1..12_i64, 1..60_i64, -50..50_i64, stop())
            .prop_map(|(id, line, amount, stop)| Step::Move { id, line, amount, stop }),
    ]
}

/// Batches of steps; a batch is queued as a whole.
fn history() -> impl Strategy<Value = Vec<Vec<Step>>> {
    prop::collection::vec(prop::collection::vec(step(), 1..30), 1..5)
}

/// What the answer to a step must be.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    Number(i64),
    Refused,
    Unknown,
    Duplicate,
    Panicked,
}

/// The store as one would write it on a page.
#[derive(Debug, Default)]
struct Model {
    /// id → (name, number, balance, version)
    accounts: BTreeMap<i64, (i64, i64, i64, i64)>,
    /// line → (account, amount)
    lines: BTreeMap<i64, (i64, i64)>,
    events: i64,
}

impl Model {
    fn take(&mut self, step: &Step) -> Said {
        let (Step::Open { stop, .. } | Step::Move { stop, .. }) = step;
        match stop {
            Stop::RefuseFirst => return Said::Refused,
            Stop::PanicFirst => return Said::Panicked,
            Stop::Never | Stop::RefuseNoted | Stop::RefuseSent | Stop::PanicSent => {}
        }
        match step {
            Step::Open { id, name, stop } => self.open(*id, *name, *stop),
            Step::Move { id, line, amount, stop } => self.add(*id, *line, *amount, *stop),
        }
    }

    fn open(&mut self, id: i64, name: i64, stop: Stop) -> Said {
        let taken = self.accounts.contains_key(&id) || self.accounts.values().any(|row| row.0 == name);
        if let Some(said) = later(stop, taken, stop == Stop::RefuseNoted) {
            return said;
        }
        let number = self.accounts.len() as i64 + 1;
        self.accounts.insert(id, (name, number, 0, 1));
        self.events += 1;
        Said::Number(number)
    }

    fn add(&mut self, id: i64, line: i64, amount: i64, stop: Stop) -> Said {
        let taken = self.lines.contains_key(&line);
        let Some(row) = self.accounts.get_mut(&id) else { return Said::Unknown };
        if let Some(said) = later(stop, taken, stop == Stop::RefuseNoted) {
            return said;
        }
        row.2 += amount;
        row.3 += 1;
        self.lines.insert(line, (id, amount));
        self.events += 1;
        Said::Number(row.2)
    }
}

/// How a command ends that got as far as noting its rows: what was noted meets the duplicate when it is sent.
fn later(stop: Stop, taken: bool, nothing_sent: bool) -> Option<Said> {
    match stop {
        _noted_only if nothing_sent => Some(Said::Refused),
        _met if taken => Some(Said::Duplicate),
        Stop::RefuseSent => Some(Said::Refused),
        Stop::PanicSent => Some(Said::Panicked),
        Stop::Never | Stop::RefuseFirst | Stop::RefuseNoted | Stop::PanicFirst => None,
    }
}

fn said(answer: &Result<i64, No>) -> Said {
    match answer {
        Ok(number) => Said::Number(*number),
        Err(No::Refused) => Said::Refused,
        Err(No::Unknown) => Said::Unknown,
        Err(No::Fault(Fault::Duplicate(_))) => Said::Duplicate,
        Err(No::Fault(Fault::Panicked(_))) => Said::Panicked,
        Err(No::Fault(other)) => panic!("{other:?}"),
    }
}

fn queued(db: &Db, city: CityId, step: &Step) -> Write<Result<i64, No>> {
    match step.clone() {
        Step::Open { id, name, stop } => write(db, Open::new(city, id).named(&name.to_string()).stop(stop)),
        Step::Move { id, line, amount, stop } => write(db, Move { city, id, line, amount, stop }),
    }
}

async fn random_histories_give_the_rows_of_the_model(world: World) {
    let mut runner = TestRunner::new_with_rng(
        Config { failure_persistence: None, ..Config::default() },
        TestRng::from_seed(RngAlgorithm::ChaCha, &[42; 32]),
    );
    for number in 0..HISTORIES {
        let history = history().new_tree(&mut runner).unwrap().current();
        // Each in a city of its own, outside the six digits of the stories' cities.
        let city = CityId(world.city.0 * 1_000 + i64::from(number));
        let mut model = Model::default();
        for batch in &history {
            let wanted: Vec<Said> = batch.iter().map(|step| model.take(step)).collect();
            let writes = batch.iter().map(|step| queued(world.db(), city, step)).collect();
            let answers = together(world.db(), city, writes).await;
            let told: Vec<Said> = answers.iter().map(said).collect();
            assert_eq!(told, wanted, "history {number}, batch {batch:?}");
        }
        compare(world.db(), city, &model).await;
    }
}

async fn compare(db: &Db, city: CityId, model: &Model) {
    let rows: BTreeMap<i64, (i64, i64, i64, i64)> = accounts(db.reader(), city)
        .await
        .into_iter()
        .map(|row| (row.id, (row.name.parse().unwrap(), row.number, row.balance, row.version)))
        .collect();
    assert_eq!(rows, model.accounts);
    let stored = lines(db.reader(), city).await;
    let stored: BTreeMap<i64, (i64, i64)> =
        stored.into_iter().map(|line| (line.id, (line.account_id, line.amount))).collect();
    assert_eq!(stored, model.lines);
    assert_eq!(seqs_without_gaps(db, city).await, model.events);
    assert_eq!(timers(db, city).await, model.accounts.len());
    chains_are_whole(db, city).await;
}
