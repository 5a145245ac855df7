//! Keys that act once.

use kernel::id::CityId;
use kernel::problem::ToProblem;
use kernel::time::DAY_MS;
use platform::db::{Command, Fault, Tx};
use platform::idempotency::{Once, OnceKey, once, sweep};
use platform::journal::last_seq;
use testkit::World;

use super::SETS;
use super::notes::MakeNote;

testkit::stories!(SETS:
    a_key_acts_once,
    a_refusal_frees_the_key,
    many_at_once_get_one_answer,
    keys_are_forgotten_after_thirty_days,
);

/// Makes a note and remembers its number; refuses numbers below 1.
struct MakeOnce {
    note: MakeNote,
    key: Option<OnceKey>,
}

impl Command for MakeOnce {
    type Done = i64;
    type Error = Fault;

    fn city(&self) -> CityId {
        self.note.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<i64, Fault> {
        if self.note.number < 1 {
            return Err(Fault::Stale);
        }
        self.note.run(tx).await?;
        if let Some(key) = &self.key {
            key.remember(tx, &self.note.number)?;
        }
        Ok(self.note.number)
    }
}

async fn make(world: &World, who: &str, key: &str, content: &str, number: i64) -> Result<i64, Once<Fault>> {
    let key = OnceKey::new(&world.ctx, world.city, &format!("note:{who}"), key, content.as_bytes());
    let note = MakeNote { city: world.city, number };
    once(&world.ctx, Some(&key), world.db().write(MakeOnce { note, key: Some(key.clone()) })).await
}

async fn a_key_acts_once(world: World) {
    assert_eq!(make(&world, "a", "k", "content", 1).await.unwrap(), 1);
    assert_eq!(make(&world, "a", "k", "content", 2).await.unwrap(), 1, "the first answer");
    let reused = make(&world, "a", "k", "other content", 2).await.unwrap_err().problem();
    assert_eq!((reused.status, reused.code.as_ref()), (422, "platform/idempotency-reused"));
    assert_eq!(make(&world, "b", "k", "other content", 2).await.unwrap(), 2, "somebody else's key");
    let note = MakeNote { city: world.city, number: 3 };
    let keyless = once(&world.ctx, None, world.db().write(MakeOnce { note, key: None })).await;
    assert_eq!(keyless.unwrap(), 3);
    assert_eq!(last_seq(world.db().reader(), world.city).await.unwrap(), 3);
}

async fn a_refusal_frees_the_key(world: World) {
    let refused = make(&world, "a", "k", "content", 0).await.unwrap_err();
    assert_eq!(refused.problem().code, "platform/stale", "the refusal of the act itself");
    assert_eq!(make(&world, "a", "k", "content", 1).await.unwrap(), 1);
}

async fn many_at_once_get_one_answer(world: World) {
    let all = (1..=20).map(|number| make(&world, "a", "k", "content", number));
    let answers: Vec<i64> =
        futures_util::future::join_all(all).await.into_iter().map(Result::unwrap).collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(last_seq(world.db().reader(), world.city).await.unwrap(), 1, "one note was made");
}

async fn keys_are_forgotten_after_thirty_days(world: World) {
    make(&world, "a", "old", "content", 1).await.unwrap();
    world.clock.advance_ms(29 * DAY_MS);
    make(&world, "a", "new", "content", 2).await.unwrap();
    assert_eq!(sweep(&world.ctx, world.city).await.unwrap(), 0);
    world.clock.advance_ms(2 * DAY_MS);
    assert_eq!(sweep(&world.ctx, world.city).await.unwrap(), 1);
    assert_eq!(make(&world, "a", "old", "other", 3).await.unwrap(), 3);
    assert_eq!(make(&world, "a", "new", "content", 4).await.unwrap(), 2);
}
