//! Durable timers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use kernel::id::CityId;
use kernel::time::{HOUR_MS, Time};
use platform::Ctx;
use platform::db::{Command, Fault, Tx};
use platform::timers::{Due, Round, TimerHandler, Timers};
use testkit::World;
use tokio::sync::watch;

use super::SETS;

testkit::stories!(SETS:
    due_timers_go_off_in_order_and_once,
    a_failing_timer_stays_and_blocks_nobody,
    two_servers_act_once,
    a_timer_noted_in_the_same_batch_can_be_deleted,
    more_timers_than_a_page_at_one_moment,
    the_loop_wakes_by_itself_and_ends_when_told,
);

/// Notes timers.
struct SetTimers(CityId, Vec<(&'static str, i64, Time)>);

impl Command for SetTimers {
    type Done = ();
    type Error = Fault;

    fn city(&self) -> CityId {
        self.0
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), Fault> {
        for (kind, id, due_at) in &self.1 {
            tx.timer(*due_at, kind, *id);
        }
        Ok(())
    }
}

/// Deletes a timer and says whether it was there.
struct Delete(&'static str, Due);

impl Command for Delete {
    type Done = bool;
    type Error = Fault;

    fn city(&self) -> CityId {
        self.1.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<bool, Fault> {
        tx.delete_timer(self.0, self.1.stream_id, self.1.due_at).await
    }
}

/// What went off, in order.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<(&'static str, i64)>>>);

impl Log {
    fn told(&self) -> Vec<(&'static str, i64)> {
        self.0.lock().unwrap().clone()
    }

    /// A handler that deletes its timer and notes that it was the one to do so.
    fn handler(&self, kind: &'static str) -> TimerHandler {
        let log = self.clone();
        let act = move |ctx: Ctx, due: Due| {
            let log = log.clone();
            async move {
                if ctx.db.write(Delete(kind, due)).await? {
                    log.0.lock().unwrap().push((kind, due.stream_id));
                }
                Ok(())
            }
            .boxed()
        };
        TimerHandler { kind, act: Arc::new(act) }
    }
}

fn at(world: &World, hours: i64) -> Time {
    world.ctx.now().plus_ms(hours * HOUR_MS)
}

async fn set(world: &World, timers: Vec<(&'static str, i64, Time)>) {
    world.db().write(SetTimers(world.city, timers)).await.unwrap();
}

async fn due_timers_go_off_in_order_and_once(world: World) {
    let log = Log::default();
    let timers = Timers::new(world.ctx.clone(), vec![log.handler("due"), log.handler("late")]);
    set(
        &world,
        vec![
            ("late", 1, at(&world, 3)),
            ("due", 2, at(&world, 1)),
            ("due", 1, at(&world, 2)),
            ("other", 9, at(&world, 1)),
        ],
    )
    .await;
    set(&world, vec![("due", 2, at(&world, 1))]).await;
    assert_eq!(timers.run_due(world.ctx.now()).await.unwrap(), Round::default());
    assert_eq!(timers.run_due(at(&world, 2)).await.unwrap(), Round { done: 2, failed: 0 });
    assert_eq!(log.told(), [("due", 2), ("due", 1)]);
    assert_eq!(timers.run_due(at(&world, 9)).await.unwrap(), Round { done: 1, failed: 0 });
    assert_eq!(timers.run_due(at(&world, 9)).await.unwrap(), Round::default());
    assert_eq!(log.told(), [("due", 2), ("due", 1), ("late", 1)], "unknown kinds stay");
    let newer = Timers::new(world.ctx.clone(), vec![log.handler("other")]);
    assert_eq!(newer.run_due(at(&world, 9)).await.unwrap().done, 1);
}

async fn a_failing_timer_stays_and_blocks_nobody(world: World) {
    let log = Log::default();
    let fails = TimerHandler { kind: "bad", act: Arc::new(|_ctx, _due| async { Err(Fault::Stale) }.boxed()) };
    let timers = Timers::new(world.ctx.clone(), vec![fails, log.handler("good")]);
    set(&world, vec![("bad", 1, at(&world, 1)), ("good", 2, at(&world, 2))]).await;
    assert_eq!(timers.run_due(at(&world, 3)).await.unwrap(), Round { done: 1, failed: 1 });
    assert_eq!(log.told(), [("good", 2)]);
    let mended = Timers::new(world.ctx.clone(), vec![log.handler("bad")]);
    assert_eq!(mended.run_due(at(&world, 3)).await.unwrap(), Round { done: 1, failed: 0 });
    assert_eq!(log.told(), [("good", 2), ("bad", 1)]);
}

async fn two_servers_act_once(world: World) {
    let log = Log::default();
    set(&world, (0..40).map(|id| ("due", id, at(&world, 1))).collect()).await;
    let one = Timers::new(world.ctx.clone(), vec![log.handler("due")]);
    let two = Timers::new(world.second_server().await, vec![log.handler("due")]);
    let now = at(&world, 2);
    let (first, second) = tokio::join!(one.run_due(now), two.run_due(now));
    assert_eq!((first.unwrap().failed, second.unwrap().failed), (0, 0));
    let mut told: Vec<i64> = log.told().into_iter().map(|(_, id)| id).collect();
    told.sort_unstable();
    assert_eq!(told, (0..40).collect::<Vec<i64>>());
}

/// Notes a timer and deletes it at once, as two commands of one batch would.
struct NoteAndDelete(CityId, Time);

impl Command for NoteAndDelete {
    type Done = (bool, bool, bool);
    type Error = Fault;

    fn city(&self) -> CityId {
        self.0
    }

    async fn run(&self, tx: &mut Tx) -> Result<(bool, bool, bool), Fault> {
        tx.timer(self.1, "due", 1);
        tx.timer(self.1, "due", 2);
        let there = tx.delete_timer("due", 1, self.1).await?;
        let again = tx.delete_timer("due", 1, self.1).await?;
        let other = tx.delete_timer("late", 2, self.1).await?;
        Ok((there, again, other))
    }
}

async fn a_timer_noted_in_the_same_batch_can_be_deleted(world: World) {
    let done = world.db().write(NoteAndDelete(world.city, at(&world, 1))).await.unwrap();
    assert_eq!(done, (true, false, false));
    let log = Log::default();
    let timers = Timers::new(world.ctx.clone(), vec![log.handler("due")]);
    timers.run_due(at(&world, 2)).await.unwrap();
    assert_eq!(log.told(), [("due", 2)]);
}

async fn more_timers_than_a_page_at_one_moment(world: World) {
    let log = Log::default();
    let all =
        (0..450).map(|id| (if id % 2 == 0 { "due" } else { "late" }, id / 2, at(&world, 1 + id % 3 / 2)));
    set(&world, all.collect()).await;
    // Handlers that leave their timers: each is called once per round all the same.
    let count = Arc::new(Mutex::new(0));
    let counter = count.clone();
    let act: platform::timers::TimerAct = Arc::new(move |_ctx, _due| {
        *counter.lock().unwrap() += 1;
        async { Ok(()) }.boxed()
    });
    let lazy = ["due", "late"].map(|kind| TimerHandler { kind, act: act.clone() });
    let timers = Timers::new(world.ctx.clone(), lazy.to_vec());
    assert_eq!(timers.run_due(at(&world, 5)).await.unwrap().done, 450);
    assert_eq!(*count.lock().unwrap(), 450);
    let timers = Timers::new(world.ctx.clone(), vec![log.handler("due"), log.handler("late")]);
    assert_eq!(timers.run_due(at(&world, 5)).await.unwrap().done, 450);
    assert_eq!(log.told().len(), 450);
}

async fn the_loop_wakes_by_itself_and_ends_when_told(world: World) {
    let log = Log::default();
    let timers = Timers::new(world.ctx.clone(), vec![log.handler("due")]);
    set(&world, vec![("due", 1, at(&world, 0)), ("due", 2, at(&world, 0).plus_ms(300))]).await;
    let (stop, stopped) = watch::channel(false);
    let running = tokio::spawn(timers.run(stopped));
    for wanted in 1..=2 {
        for _ in 0..500 {
            if log.told().len() >= wanted {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(log.told().len(), wanted, "not before its time, and not never");
        world.clock.advance_ms(300);
    }
    stop.send_replace(true);
    tokio::time::timeout(Duration::from_secs(5), running).await.expect("it ends").unwrap();
}
