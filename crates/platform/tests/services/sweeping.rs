//! Throwing away what nobody needs, and nothing else.

use futures_util::FutureExt;
use kernel::id::{CityId, FileId};
use kernel::time::HOUR_MS;
use platform::db::{Command, Fault, Tx};
use platform::files::{
    ATTACH_REACTION, Because, Swept, attach_in, find, process_pending, remove_in, sweep, verify,
};
use platform::journal::{Actor, Reaction, Reactions, Stamp, read_stream};
use std::sync::Arc;
use testkit::World;

use super::SETS;
use super::photos::{make_old, photo, row, stored, upload};

testkit::stories!(SETS:
    what_no_record_names_is_swept_after_a_day,
    nothing_is_swept_while_the_reaction_lags,
    what_a_parked_event_may_name_is_spared_and_nothing_else,
    one_folder_of_copies_is_looked_through_each_hour,
    stray_objects_go_after_a_day,
    an_erased_file_is_reported_as_erased,
);

struct Attach(CityId, FileId, Stamp);

impl Command for Attach {
    type Done = bool;
    type Error = Fault;

    fn city(&self) -> CityId {
        self.0
    }

    async fn run(&self, tx: &mut Tx) -> Result<bool, Fault> {
        attach_in(tx, self.0, self.1, &self.2).await
    }
}

struct Erase(CityId, FileId, Stamp);

impl Command for Erase {
    type Done = bool;
    type Error = Fault;

    fn city(&self) -> CityId {
        self.0
    }

    async fn run(&self, tx: &mut Tx) -> Result<bool, Fault> {
        remove_in(tx, self.0, self.1, Because::Erased, &self.2).await
    }
}

fn stamp(world: &World) -> Stamp {
    Stamp { at: world.ctx.now(), actor: Actor::System("test") }
}

/// Brings the attaching reaction up to date; it finds nothing to attach here.
pub(super) async fn react(world: &World) {
    let act: platform::journal::Reacting = Arc::new(|_tx, _entry| async { Ok(()) }.boxed());
    let all = vec![Reaction { name: ATTACH_REACTION, streams: &["case"], act }];
    Reactions::new(world.db().clone(), world.ctx.clock.clone(), all).catch_up(world.city).await.unwrap();
}

/// Sweeps until each folder of copies was looked through, at the same moment of each hour. Answers how many objects went.
async fn sweep_all(world: &World) -> usize {
    let mut objects = 0;
    for _ in 0..256 {
        objects += sweep(&world.ctx, world.city).await.unwrap().objects;
        world.clock.advance_ms(HOUR_MS);
    }
    objects
}

async fn what_no_record_names_is_swept_after_a_day(world: World) {
    let named = upload(&world.ctx, None, &photo(1, 64)).await.unwrap().id;
    let lying = upload(&world.ctx, None, &photo(2, 64)).await.unwrap().id;
    process_pending(&world.ctx, world.city).await.unwrap();
    let unread = upload(&world.ctx, None, &photo(3, 64)).await.unwrap().id;
    assert!(world.db().write(Attach(world.city, named, stamp(&world))).await.unwrap());
    assert!(
        world.db().write(Attach(world.city, named, stamp(&world))).await.unwrap(),
        "twice changes nothing"
    );
    assert!(!world.db().write(Attach(world.city, FileId(999_999), stamp(&world))).await.unwrap());
    react(&world).await;

    world.clock.advance_ms(23 * HOUR_MS);
    assert_eq!(sweep(&world.ctx, world.city).await.unwrap(), Swept::default());
    world.clock.advance_ms(2 * HOUR_MS);
    assert_eq!(sweep(&world.ctx, world.city).await.unwrap().files, 2);
    let conn = world.db().reader();
    assert!(find(conn, world.city, lying).await.unwrap().is_none());
    assert!(find(conn, world.city, unread).await.unwrap().is_none());
    assert!(row(&world, named).await.attached);
    assert_eq!(stored(&world, "ready").len(), 2, "the copies of the named one");
    assert_eq!(stored(&world, "quarantine").len(), 0);
    let kinds =
        |entries: Vec<platform::journal::Entry>| entries.into_iter().map(|e| e.kind).collect::<Vec<_>>();
    assert_eq!(
        kinds(read_stream(conn, world.city, "file", named.0).await.unwrap()),
        ["received", "ready", "attached"]
    );
    assert_eq!(
        kinds(read_stream(conn, world.city, "file", lying.0).await.unwrap()),
        ["received", "ready", "removed"]
    );
    assert_eq!(verify(&world.ctx, world.city).await.unwrap(), []);
}

async fn nothing_is_swept_while_the_reaction_lags(world: World) {
    upload(&world.ctx, None, &photo(4, 64)).await.unwrap();
    world.clock.advance_ms(25 * HOUR_MS);
    assert_eq!(sweep(&world.ctx, world.city).await.unwrap().files, 0, "perhaps an event names it");
    react(&world).await;
    assert_eq!(sweep(&world.ctx, world.city).await.unwrap().files, 1);
}

async fn what_a_parked_event_may_name_is_spared_and_nothing_else(world: World) {
    let named = upload(&world.ctx, None, &photo(4, 64)).await.unwrap().id;
    let act: platform::journal::Reacting =
        Arc::new(|_tx, _entry| async { Err(Fault::Unreadable("on purpose".into())) }.boxed());
    let all = vec![Reaction { name: ATTACH_REACTION, streams: &["file"], act }];
    Reactions::new(world.db().clone(), world.ctx.clock.clone(), all).catch_up(world.city).await.unwrap();
    world.clock.advance_ms(HOUR_MS);
    let later = upload(&world.ctx, None, &photo(5, 64)).await.unwrap().id;
    react(&world).await;
    world.clock.advance_ms(25 * HOUR_MS);
    assert_eq!(sweep(&world.ctx, world.city).await.unwrap().files, 1);
    let conn = world.db().reader();
    assert!(find(conn, world.city, named).await.unwrap().is_some(), "the parked event may name it");
    assert!(find(conn, world.city, later).await.unwrap().is_none());
}

async fn one_folder_of_copies_is_looked_through_each_hour(world: World) {
    let ready = world.dir.join(format!("files/ready/{}", world.city));
    let hour = world.ctx.now().0 / HOUR_MS % 256;
    let stray =
        |folder: i64| ready.join(format!("{folder:02x}/{}.777.jpg", format!("{folder:02x}").repeat(32)));
    let (now, next) = (stray(hour), stray((hour + 1) % 256));
    for path in [&now, &next] {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, b"left over").unwrap();
        make_old(path);
    }
    assert_eq!(sweep(&world.ctx, world.city).await.unwrap().objects, 1);
    assert!(!now.exists() && next.exists());
    world.clock.advance_ms(HOUR_MS);
    assert_eq!(sweep(&world.ctx, world.city).await.unwrap().objects, 1);
    assert!(!next.exists());
}

async fn stray_objects_go_after_a_day(world: World) {
    let kept = upload(&world.ctx, None, &photo(5, 64)).await.unwrap().id;
    process_pending(&world.ctx, world.city).await.unwrap();
    let waiting = upload(&world.ctx, None, &photo(6, 64)).await.unwrap().id;
    let base = world.dir.join("files");
    let (quarantine, ready) =
        (base.join(format!("quarantine/{}", world.city)), base.join(format!("ready/{}", world.city)));
    let copies = stored(&world, "ready");
    let strays = [
        quarantine.join("777"),
        quarantine.join("778#1"),
        quarantine.join("no number"),
        ready.join(format!("ab/{}.777.jpg", "ab".repeat(32))),
        ready.join(format!("ab/{}.{kept}.jpg", "cd".repeat(32))),
    ];
    std::fs::create_dir_all(ready.join("ab")).unwrap();
    for stray in &strays {
        std::fs::write(stray, b"left over").unwrap();
    }
    assert_eq!(sweep(&world.ctx, world.city).await.unwrap(), Swept::default(), "an upload may be under way");
    for path in strays.iter().chain(&copies).chain([&quarantine.join(waiting.to_string())]) {
        make_old(path);
    }
    assert_eq!(sweep_all(&world).await, strays.len());
    assert_eq!(stored(&world, "ready"), copies);
    assert_eq!(stored(&world, "quarantine").len(), 1, "the one that waits");
    assert_eq!(verify(&world.ctx, world.city).await.unwrap(), []);
}

async fn an_erased_file_is_reported_as_erased(world: World) {
    let id = upload(&world.ctx, None, &photo(7, 64)).await.unwrap().id;
    process_pending(&world.ctx, world.city).await.unwrap();
    world.db().write(Attach(world.city, id, stamp(&world))).await.unwrap();
    assert!(world.db().write(Erase(world.city, id, stamp(&world))).await.unwrap());
    assert!(!world.db().write(Erase(world.city, id, stamp(&world))).await.unwrap());
    assert_eq!(verify(&world.ctx, world.city).await.unwrap(), [], "erased is not changed");
    stored(&world, "ready").iter().for_each(|path| make_old(path));
    assert_eq!(sweep_all(&world).await, 2, "its bytes go too");
    assert_eq!(stored(&world, "ready").len(), 0);
}
