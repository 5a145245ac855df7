//! Batches: whatever goes wrong in one command, exactly the good ones land and everybody is answered rightly.

use futures_util::FutureExt;
use kernel::chance::{Chance, SeededChance};
use platform::db::Fault;
use testkit::World;

use crate::SETS;
use crate::checks::{chains_are_whole, seqs_without_gaps, timers};
use crate::gate::{Write, together, write};
use crate::ledger::{Move, No, Open, SPOILED, Stop, accounts, lines};
use crate::odd::{Change, Counted, Judge, ManyLines, ReadThenRefuse, Runs, Wake};

testkit::stories!(SETS:
    poisoned_batch,
    a_refusal_leaves_nothing,
    a_refusal_after_a_read_does_not_disturb_the_batch,
    a_replay_keeps_the_order,
    the_caller_may_go_away,
    the_same_timer_twice_is_one_timer,
    many_rows_in_one_batch,
    facts_of_older_policies_are_refused,
);

/// Refusals before and after a write, a name taken by a noted row and by a stored row, panics before and after a
/// write, among good commands: in five orders. Exactly the good ones land.
async fn poisoned_batch(world: World) {
    let (db, city) = (world.db(), world.city);
    db.write(Open::new(city, 1).named("taken")).await.unwrap();
    let mut good: Vec<i64> = vec![1];
    for round in 1..=5 {
        let mut batch: Vec<Open> = (0..72).map(|at| poison(&world, round * 100 + at)).collect();
        shuffle(&mut batch, round);
        let answers = together(db, city, batch.iter().map(|open| write(db, open.clone())).collect()).await;
        for (open, answer) in batch.iter().zip(answers) {
            let kind = open.id % 9;
            match (kind, answer) {
                (0, Err(No::Refused)) | (1, Err(No::Refused)) | (2, Err(No::Refused)) => {}
                (3, Err(No::Fault(Fault::Duplicate(message)))) => {
                    assert!(message.contains("ledger_account"), "{message}");
                }
                (4 | 5, Err(No::Fault(Fault::Panicked(said)))) => {
                    assert!(said.contains("on purpose"), "{said}")
                }
                (6..=8, Ok(number)) => {
                    good.push(open.id);
                    // Numbers are given in the order in which commands stood in the queue.
                    assert_eq!(number, good.len() as i64, "account {}", open.id);
                }
                (kind, answer) => panic!("kind {kind}: {answer:?}"),
            }
        }
    }
    good.sort_unstable();
    let rows = accounts(db.reader(), city).await;
    assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), good);
    assert!(rows.iter().all(|row| row.balance != SPOILED));
    assert_eq!(seqs_without_gaps(db, city).await, good.len() as i64);
    assert_eq!(timers(db, city).await, good.len());
    chains_are_whole(db, city).await;
}

fn poison(world: &World, id: i64) -> Open {
    let open = Open::new(world.city, id);
    match id % 9 {
        0 => open.stop(Stop::RefuseFirst),
        1 => open.stop(Stop::RefuseNoted),
        2 => open.stop(Stop::RefuseSent),
        3 => open.named("taken"),
        4 => open.stop(Stop::PanicFirst),
        5 => open.stop(Stop::PanicSent),
        _good => open,
    }
}

fn shuffle<T>(all: &mut [T], seed: i64) {
    let chance = SeededChance::new(seed as u64);
    for at in (1..all.len()).rev() {
        all.swap(at, chance.below(at as u64 + 1) as usize);
    }
}

/// A command that refuses after noting rows, events, timers and a number gives all of it back, also when it is the
/// first that the batch hears of this city.
async fn a_refusal_leaves_nothing(world: World) {
    let (db, city) = (world.db(), world.city);
    for round in 0..3 {
        let id = round * 10;
        let batch = vec![
            Open::new(city, id).stop(Stop::RefuseNoted),
            Open::new(city, id + 1),
            Open::new(city, id + 2).stop(Stop::RefuseNoted),
            Open::new(city, id + 3),
            Open::new(city, id + 4).stop(Stop::RefuseNoted),
        ];
        let answers = together(db, city, batch.into_iter().map(|open| write(db, open)).collect()).await;
        let numbers: Vec<Option<i64>> = answers.into_iter().map(Result::ok).collect();
        let first = round * 2 + 1;
        assert_eq!(numbers, [None, Some(first), None, Some(first + 1), None]);
        assert_eq!(seqs_without_gaps(db, city).await, first + 1);
        assert_eq!(timers(db, city).await as i64, first + 1);
    }
    // Alone in its batch, nothing of it reaches the database either.
    assert!(db.write(Open::new(city, 90).stop(Stop::RefuseNoted)).await.is_err());
    assert_eq!(db.write(Open::new(city, 91)).await.unwrap(), 7);
    chains_are_whole(db, city).await;
}

/// A refusal after a read (which writes out what its predecessors noted) is no reason to run the batch again.
async fn a_refusal_after_a_read_does_not_disturb_the_batch(world: World) {
    let (db, city) = (world.db(), world.city);
    let runs = Runs::default();
    let batch = vec![
        write(db, Counted { city, runs: runs.clone(), then: Open::new(city, 1) }),
        write(db, ReadThenRefuse::of(city)),
        write(db, Move { city, id: 404, line: 1, amount: 1, stop: Stop::Never }),
        write(db, Move { city, id: 1, line: 2, amount: 5, stop: Stop::RefuseNoted }),
        write(db, Open::new(city, 2)),
    ];
    let answers = together(db, city, batch).await;
    assert!(matches!(
        answers.as_slice(),
        [Ok(1), Err(No::Refused), Err(No::Unknown), Err(No::Refused), Ok(2)]
    ));
    assert_eq!(runs.count(), 1);
    assert!(lines(db.reader(), city).await.is_empty());
    assert_eq!(seqs_without_gaps(db, city).await, 2);
}

/// Moves of one account stand in the journal in the order in which they were asked for, although one in the middle
/// forces a replay; each sees what its predecessors did.
async fn a_replay_keeps_the_order(world: World) {
    let (db, city) = (world.db(), world.city);
    db.write(Open::new(city, 1)).await.unwrap();
    let moves = (1..=64).map(|n| {
        let stop = if n == 40 { Stop::PanicSent } else { Stop::Never };
        write(db, Move { city, id: 1, line: n, amount: n, stop })
    });
    let answers = together(db, city, moves.collect()).await;
    let mut balance = 0;
    for (answer, n) in answers.into_iter().zip(1..) {
        if n == 40 {
            assert!(matches!(answer, Err(No::Fault(Fault::Panicked(_)))));
        } else {
            balance += n;
            assert_eq!(answer.unwrap(), balance);
        }
    }
    let amounts: Vec<i64> = lines(db.reader(), city).await.iter().map(|line| line.amount).collect();
    assert_eq!(amounts, (1..=64).filter(|n| *n != 40).collect::<Vec<_>>());
    assert_eq!(accounts(db.reader(), city).await[0].balance, balance);
    assert_eq!(seqs_without_gaps(db, city).await, 64);
    chains_are_whole(db, city).await;
}

/// Whoever stops waiting does not stop what he asked for, and not the others either.
async fn the_caller_may_go_away(world: World) {
    let (db, city) = (world.db(), world.city);
    for id in 1..=50 {
        let mut gone = write(db, Open::new(city, id));
        // One poll hands the command to the lane.
        drop((&mut gone).now_or_never());
        drop(gone);
    }
    assert_eq!(db.write(Open::new(city, 51)).await.unwrap(), 51);
    assert_eq!(accounts(db.reader(), city).await.len(), 51);
}

async fn the_same_timer_twice_is_one_timer(world: World) {
    let (db, city) = (world.db(), world.city);
    let wake = || write(db, Wake { city });
    for answer in together(db, city, vec![wake(), wake(), wake()]).await {
        answer.unwrap();
    }
    wake().await.unwrap();
    assert_eq!(timers(db, city).await, 1);
}

/// More rows than one INSERT may bind values for.
async fn many_rows_in_one_batch(world: World) {
    let (db, city) = (world.db(), world.city);
    db.write(ManyLines { city, lines: 20_000 }).await.unwrap();
    assert_eq!(lines(db.reader(), city).await.len(), 20_000);
    assert_eq!(seqs_without_gaps(db, city).await, 20_000);
}

/// Who judged by policies that changed meanwhile is told so, also within one batch; a refused change changes nothing.
async fn facts_of_older_policies_are_refused(world: World) {
    let (db, city) = (world.db(), world.city);
    assert_eq!(db.write(Change { city, refuse: false }).await.unwrap(), 2);
    assert!(db.write(Judge { city, policy: 2 }).await.is_ok());
    assert!(matches!(db.write(Judge { city, policy: 1 }).await, Err(Fault::Stale)));
    let judge = |policy| -> Write<Result<i64, Fault>> {
        let judged = write(db, Judge { city, policy });
        Box::pin(async move { judged.await.map(|()| 0) })
    };
    let change = |refuse| write(db, Change { city, refuse });
    let batch =
        vec![judge(2), change(true), judge(2), change(false), judge(2), judge(3), change(true), judge(3)];
    let answers: Vec<Option<i64>> = together(db, city, batch).await.into_iter().map(Result::ok).collect();
    assert_eq!(answers, [Some(0), None, Some(0), Some(3), None, Some(0), None, Some(0)]);
    let second = world.second_server().await.db;
    assert!(second.write(Judge { city, policy: 3 }).await.is_ok());
    assert_eq!(second.write(Change { city, refuse: false }).await.unwrap(), 4);
    assert!(matches!(db.write(Judge { city, policy: 3 }).await, Err(Fault::Stale)));
}
