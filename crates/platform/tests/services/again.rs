//! Photos that come again, and stores that come instead of another.

use kernel::id::FileId;
use kernel::problem::ToProblem;
use platform::files::{
    Belongs, Files, alike, belongs_or_begins, find, make_copies, process_pending, seen_on, showing, sweep,
    verify,
};
use sea_orm::{ConnectionTrait, StatementBuilder};
use testkit::World;

use super::SETS;
use super::photos::{photo, row, stored, upload};

testkit::stories!(SETS:
    what_follows_the_end_of_a_picture_is_not_kept,
    the_same_picture_is_known_in_another_file,
    a_store_and_its_database_know_each_other,
    a_full_disk_takes_no_upload,
);

/// The film of a motion photo, one byte: the original is the picture, and the same picture is the same original.
async fn what_follows_the_end_of_a_picture_is_not_kept(world: World) {
    let picture = photo(60, 200);
    let film = [&picture[..], b"\0\0\0\x18ftypmp42", &[7; 100_000]].concat();
    let byte = [&picture[..], &[0]].concat();
    let mut ids = Vec::new();
    for file in [&picture, &film, &byte] {
        ids.push(upload(&world.ctx, None, file).await.unwrap().id);
    }
    for path in stored(&world, "quarantine") {
        assert_eq!(std::fs::read(path).unwrap(), picture);
    }
    let first = row(&world, ids[0]).await;
    for id in &ids[1..] {
        let row = row(&world, *id).await;
        assert_eq!(
            (row.original_sha256, row.original_bytes),
            (first.original_sha256.clone(), picture.len() as i64)
        );
    }
    assert_eq!(process_pending(&world.ctx, world.city).await.unwrap(), 3);
    assert_eq!(verify(&world.ctx, world.city).await.unwrap(), []);
}

async fn ids_showing(world: &World, sha256: &[u8]) -> Vec<i64> {
    let query = showing(world.city, sha256);
    let conn = world.db().reader();
    let rows =
        conn.query_all_raw(StatementBuilder::build(&query, &conn.get_database_backend())).await.unwrap();
    let mut ids: Vec<i64> = rows.iter().map(|row| row.try_get("", "id").unwrap()).collect();
    ids.sort_unstable();
    ids
}

async fn the_same_picture_is_known_in_another_file(world: World) {
    let conn = world.db().reader();
    let picture = photo(61, 200);
    // A comment in the middle of the file: other bytes, the same to see.
    let commented = [&picture[..2], &[0xFF, 0xFE, 0, 6, 1, 2, 3, 4], &picture[2..]].concat();
    let mut ids = Vec::new();
    for file in [&picture, &commented, &photo(62, 200)] {
        ids.push(upload(&world.ctx, None, file).await.unwrap().id);
    }
    assert_eq!(seen_on(conn, world.city, &ids).await.unwrap().len(), 0, "not seen before there are copies");
    process_pending(&world.ctx, world.city).await.unwrap();
    let seen = seen_on(conn, world.city, &ids).await.unwrap();
    assert_eq!(seen[&ids[0]], make_copies(&picture).unwrap().seen.sha256);
    assert_eq!(seen[&ids[0]], seen[&ids[1]]);
    assert_ne!(row(&world, ids[0]).await.original_sha256, row(&world, ids[1]).await.original_sha256);
    assert_eq!(ids_showing(&world, &seen[&ids[0]]).await, [ids[0].0, ids[1].0]);
    let near = alike(conn, world.city, &ids[..1]).await.unwrap();
    assert!(near.contains(&(ids[1], ids[0])), "{near:?}");
    assert!(!near.iter().any(|(other, _)| *other == ids[0]));
    assert_eq!(verify(&world.ctx, world.city).await.unwrap(), []);

    // Nobody named them: nothing of them stays.
    world.clock.advance_ms(2 * kernel::time::DAY_MS);
    super::sweeping::react(&world).await;
    sweep(&world.ctx, world.city).await.unwrap();
    assert!(find(conn, world.city, ids[0]).await.unwrap().is_none());
    assert_eq!(ids_showing(&world, &seen[&ids[0]]).await, Vec::<i64>::new());
    assert_eq!(alike(conn, world.city, &[FileId(ids[0].0)]).await.unwrap(), []);
    assert_eq!(verify(&world.ctx, world.city).await.unwrap(), []);
}

async fn a_store_and_its_database_know_each_other(world: World) {
    let (db, city) = (world.db(), world.city);
    let other = Files::open_volatile(&world.folder("other")).unwrap();
    let ours = &world.ctx.files;
    let belongs = async |files: &Files, fresh: &str| belongs_or_begins(db, files, city, fresh).await.unwrap();
    let id = upload(&world.ctx, None, &photo(63, 64)).await.unwrap().id;
    process_pending(&world.ctx, city).await.unwrap();
    assert_eq!(belongs(&other, "b").await, Belongs::Gone, "photos that the database names are not there");
    // Two servers begin at once, on one store.
    let (one, two) = tokio::join!(belongs(ours, "a"), belongs(ours, "c"));
    assert_eq!((one, two), (Belongs::Yes, Belongs::Yes));
    assert_eq!(belongs(ours, "d").await, Belongs::Yes);
    assert_eq!(belongs(&other, "b").await, Belongs::Empty, "an empty folder");
    std::fs::create_dir_all(world.dir.join("other/mark")).unwrap();
    std::fs::write(world.dir.join(format!("other/mark/{city}")), "of another").unwrap();
    assert_eq!(belongs(&other, "b").await, Belongs::Other);
    assert!(row(&world, id).await.is_ready());

    // A kill between the two halves of a beginning: the store has its mark, the database not yet.
    let begun = world.own_database();
    let ctx = world.ctx_on(&begun).await;
    let half = Files::open_volatile(&world.folder("half")).unwrap();
    std::fs::create_dir_all(world.dir.join("half/mark")).unwrap();
    std::fs::write(world.dir.join(format!("half/mark/{city}")), "half").unwrap();
    assert_eq!(belongs_or_begins(&ctx.db, &half, city, "z").await.unwrap(), Belongs::Yes);
    assert_eq!(belongs_or_begins(&ctx.db, ours, city, "z").await.unwrap(), Belongs::Other);
    assert_eq!(verify(&world.ctx, city).await.unwrap(), []);
}

async fn a_full_disk_takes_no_upload(world: World) {
    let mut ctx = world.ctx.clone();
    ctx.files = ctx.files.with_reserve(u64::MAX / 2);
    let problem = upload(&ctx, None, &photo(64, 64)).await.unwrap_err().problem();
    assert_eq!((problem.status, problem.code.as_ref()), (507, "files/no-room"));
    assert!(problem.params.contains_key("wait_s"), "it says when to try again");
    assert_eq!(stored(&world, "quarantine"), Vec::<std::path::PathBuf>::new());
    ctx.files = ctx.files.with_reserve(1);
    assert!(upload(&ctx, None, &photo(64, 64)).await.is_ok());
}
