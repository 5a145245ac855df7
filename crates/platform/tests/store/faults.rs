//! When the database itself says no: nobody is told "done" for what is not stored, nothing is done twice, and the
//! writer goes on afterwards.

use platform::db::Fault;
use sea_orm::ConnectionTrait;
use testkit::World;

use crate::SETS;
use crate::checks::{chains_are_whole, seqs_without_gaps};
use crate::gate::{together, write};
use crate::ledger::{No, Open, accounts};
use crate::odd::{
    Abandon, BadRead, Counted, EndTransaction, Fill, Hangup, Kamikaze, Rename, Runs, SameNote, Swallow,
};

testkit::stories!(SETS:
    a_swallowed_fault_is_answered_as_that_fault,
    a_failed_read_does_not_undo_the_neighbours,
    an_abandoned_statement_harms_nobody,
    a_panic_before_the_future_harms_nobody,
    a_dead_lane_is_replaced,
);
// On PostgreSQL a full disk is one failing statement, as above.
testkit::stories!(SETS, only sqlite:
    a_full_disk_loses_nothing_and_passes,
    a_transaction_that_ends_by_itself_does_not_stop_the_writer,
);
// SQLite commits in this process: there is no server that can vanish.
testkit::stories!(SETS, only postgres:
    a_commit_that_fails_is_not_tried_again,
    a_lost_connection_loses_nothing,
);

/// A command that meets a duplicate, ignores it and says "done" must not be believed: on PostgreSQL the transaction
/// is dead by then, and the commit would silently undo the neighbours.
async fn a_swallowed_fault_is_answered_as_that_fault(world: World) {
    let (db, city) = (world.db(), world.city);
    for id in 1..=3 {
        db.write(Open::new(city, id)).await.unwrap();
    }
    let batch = vec![
        write(db, Rename { city, id: 1, name: "one" }),
        write(db, Swallow(Rename { city, id: 2, name: "account 3" })),
        write(db, Rename { city, id: 3, name: "three" }),
    ];
    let answers = together(db, city, batch).await;
    assert!(
        matches!(answers.as_slice(), [Ok(()), Err(No::Fault(Fault::Duplicate(_))), Ok(())]),
        "{answers:?}"
    );
    assert_eq!(names(&world).await, ["one", "account 2", "three"]);
}

/// A command whose read fails and that refuses in words of its own, in the middle and at the end of a batch in which
/// nothing was noted: on PostgreSQL the commit would undo the others without an error.
async fn a_failed_read_does_not_undo_the_neighbours(world: World) {
    let (db, city) = (world.db(), world.city);
    for id in 1..=2 {
        db.write(Open::new(city, id)).await.unwrap();
    }
    let batch = vec![
        write(db, Rename { city, id: 1, name: "one" }),
        write(db, BadRead { city }),
        write(db, Rename { city, id: 2, name: "two" }),
        write(db, BadRead { city }),
    ];
    let answers = together(db, city, batch).await;
    let [Ok(()), Err(No::Refused), Ok(()), Err(No::Refused)] = answers.as_slice() else {
        panic!("{answers:?}")
    };
    assert_eq!(names(&world).await, ["one", "two"]);
    let batch = vec![write(db, Rename { city, id: 1, name: "uno" }), write(db, BadRead { city })];
    let answers = together(db, city, batch).await;
    let [Ok(()), Err(No::Refused)] = answers.as_slice() else { panic!("{answers:?}") };
    assert_eq!(names(&world).await, ["uno", "two"]);
}

async fn names(world: &World) -> Vec<String> {
    accounts(world.db().reader(), world.city).await.into_iter().map(|row| row.name).collect()
}

/// A command that stops waiting for its own statement cannot know whether it was carried out: it is refused.
async fn an_abandoned_statement_harms_nobody(world: World) {
    let (db, city) = (world.db(), world.city);
    for id in 1..=3 {
        db.write(Open::new(city, id)).await.unwrap();
    }
    let batch = vec![
        write(db, Rename { city, id: 1, name: "one" }),
        write(db, Abandon(Rename { city, id: 2, name: "gone" })),
        write(db, Rename { city, id: 3, name: "three" }),
    ];
    let answers = together(db, city, batch).await;
    assert!(matches!(answers.as_slice(), [Ok(()), Err(No::Fault(_)), Ok(())]), "{answers:?}");
    assert_eq!(names(&world).await, ["one", "account 2", "three"]);
}

async fn a_panic_before_the_future_harms_nobody(world: World) {
    let (db, city) = (world.db(), world.city);
    let batch = vec![
        write(db, Counted { city, runs: Runs::default(), then: Open::new(city, 1) }),
        write(db, Kamikaze { city, in_run: true }),
        write(db, Counted { city, runs: Runs::default(), then: Open::new(city, 2) }),
    ];
    let answers = together(db, city, batch).await;
    assert!(matches!(answers.as_slice(), [Ok(1), Err(No::Fault(Fault::Panicked(_))), Ok(2)]), "{answers:?}");
}

/// The one thing that a lane cannot catch is a value that panics while it is dropped. The next command starts anew.
async fn a_dead_lane_is_replaced(world: World) {
    let (db, city) = (world.db(), world.city);
    assert!(db.write(Kamikaze { city, in_run: false }).await.is_ok());
    for id in 1..=20 {
        // The first of these may still have met the dying lane.
        let answer = db.write(Open::new(city, id)).await;
        assert!(matches!(answer, Ok(_) | Err(No::Fault(Fault::Stopped))), "{answer:?}");
    }
    assert!(db.write(Open::new(city, 21)).await.is_ok());
    chains_are_whole(db, city).await;
}

/// A full disk makes SQLite end the whole transaction by itself. What was answered is there, what was not is not,
/// and when there is room again the same writer goes on.
async fn a_full_disk_loses_nothing_and_passes(world: World) {
    let (db, city) = (world.db(), world.city);
    let batch = (1..=30).map(|id| write(db, Fill { city, id, pages_max: 250 })).collect();
    let answers = together(db, city, batch).await;
    let stored: Vec<i64> = accounts(db.reader(), city).await.into_iter().map(|row| row.id).collect();
    let told: Vec<i64> =
        answers.iter().zip(1..).filter(|(answer, _)| answer.is_ok()).map(|(_, id)| id).collect();
    assert_eq!(stored, told);
    assert!(told.len() < 30, "the disk was never full");
    db.write(Fill { city, id: 77, pages_max: 1_000_000 }).await.unwrap();
    assert!(accounts(db.reader(), city).await.iter().any(|row| row.id == 77));
}

/// SQLite ends a transaction by itself when a write fails deep down. The driver does not see it and would never begin
/// another on that connection.
async fn a_transaction_that_ends_by_itself_does_not_stop_the_writer(world: World) {
    let (db, city) = (world.db(), world.city);
    for round in 0..3 {
        let batch = vec![write(db, Open::new(city, round * 10 + 1)), write(db, EndTransaction { city })];
        let answers = together(db, city, batch).await;
        assert!(answers.iter().all(Result::is_err), "{answers:?}");
        db.write(Open::new(city, round * 10 + 2)).await.unwrap();
    }
}

/// After a failed COMMIT nobody knows whether it happened, so nothing is run again: everybody is told.
async fn a_commit_that_fails_is_not_tried_again(world: World) {
    let (city, database) = (world.city, world.own_database());
    let raw = database.raw().await;
    raw.execute_unprepared("ALTER TABLE ledger_line ADD UNIQUE (note) DEFERRABLE INITIALLY DEFERRED")
        .await
        .unwrap();
    let db = database.open().await;
    let (bad, neighbour) = (Runs::default(), Runs::default());
    let batch = vec![
        write(&db, SameNote { city, runs: bad.clone() }),
        write(&db, Counted { city, runs: neighbour.clone(), then: Open::new(city, 1) }),
    ];
    let answers = together(&db, city, batch).await;
    assert!(matches!(answers[0], Err(No::Fault(_))), "{answers:?}");
    assert_eq!((bad.count(), neighbour.count()), (1, 1));
    // On a slow machine the neighbour may have come into a batch of its own.
    assert_eq!(accounts(db.reader(), city).await.len(), usize::from(answers[1].is_ok()));
    assert!(db.write(Open::new(city, 2)).await.is_ok());
    chains_are_whole(&db, city).await;
}

/// The server's connection is ended in the middle of a batch: the batch is run again on another one.
async fn a_lost_connection_loses_nothing(world: World) {
    let (db, city) = (world.db(), world.city);
    for round in 0..3 {
        let runs = Runs::default();
        let mut writes: Vec<_> = (1..=40).map(|at| write(db, Open::new(city, round * 100 + at))).collect();
        writes.insert(round as usize * 20, write(db, Hangup { city, runs: runs.clone() }));
        for answer in together(db, city, writes).await {
            answer.unwrap();
        }
        assert_eq!(runs.count(), 2);
    }
    assert_eq!(accounts(db.reader(), city).await.len(), 120);
    seqs_without_gaps(db, city).await;
    chains_are_whole(db, city).await;
}
