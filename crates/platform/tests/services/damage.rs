//! Every change behind our back is named: columns, events, bytes on the disk.

use std::path::Path;

use kernel::chance::{Chance, SeededChance};
use kernel::id::FileId;
use platform::files::{process_pending, verify};
use platform::journal::Flaw;
use sea_orm::{ConnectionTrait, DatabaseConnection};
use testkit::World;

use super::SETS;
use super::photos::{photo, stored, upload};

testkit::stories!(SETS:
    every_changed_column_is_named,
    every_changed_sight_is_named,
    changed_events_are_named,
    changed_bytes_are_named,
);

/// One settled file and one that waits.
async fn two_files(world: &World) -> (FileId, FileId) {
    let ready = upload(&world.ctx, None, &photo(1, 80)).await.unwrap().id;
    process_pending(&world.ctx, world.city).await.unwrap();
    let waiting = upload(&world.ctx, None, &photo(2, 80)).await.unwrap().id;
    assert_eq!(verify(&world.ctx, world.city).await.unwrap(), []);
    (ready, waiting)
}

async fn names_only(world: &World, id: FileId, what: &str) -> Flaw {
    let findings = verify(&world.ctx, world.city).await.unwrap();
    assert_eq!(findings.len(), 1, "{what}: {findings:?}");
    assert_eq!((findings[0].record.as_str(), findings[0].name.clone()), ("file", id.to_string()), "{what}");
    findings[0].flaw
}

async fn run(conn: &DatabaseConnection, sql: &str) {
    conn.execute_unprepared(sql).await.unwrap();
}

async fn every_changed_column_is_named(world: World) {
    let (ready, waiting) = two_files(&world).await;
    let conn = world.database.raw().await;
    let bytes = |hex: &str| match world.engine {
        testkit::Engine::Sqlite => format!("x'{hex}'"),
        testkit::Engine::Postgres => format!("'\\x{hex}'::bytea"),
    };
    let hash = bytes(&"ab".repeat(32));
    let changes: Vec<(FileId, &str, String)> = vec![
        (ready, "state", "'received'".into()),
        (ready, "state", "'refused'".into()),
        (ready, "state", "'redy'".into()),
        (waiting, "state", "'ready'".into()),
        (ready, "token_hash", hash.clone()),
        (ready, "salt", bytes("00112233445566778899aabbccddeeff")),
        (ready, "original_sha256", hash.clone()),
        (waiting, "original_sha256", hash.clone()),
        (ready, "media_type", "'image/png'".into()),
        (ready, "original_bytes", "original_bytes + 1".into()),
        (ready, "width", "width + 1".into()),
        (ready, "height", "height - 1".into()),
        (ready, "view_sha256", "thumb_sha256".into()),
        (ready, "view_sha256", "NULL".into()),
        (ready, "thumb_sha256", hash.clone()),
        (waiting, "thumb_sha256", hash.clone()),
        (ready, "taken_at", "taken_at + 1".into()),
        (ready, "taken_at", "NULL".into()),
        (waiting, "taken_at", "5".into()),
        (ready, "taken_lng", "taken_lng + 0.0000001".into()),
        (ready, "taken_lat", "NULL".into()),
        (ready, "taken_lng", "NULL, taken_lat = NULL".into()),
        (waiting, "taken_lng", "120.0, taken_lat = 31.0".into()),
        (ready, "refused", "'files/lost'".into()),
        (ready, "attached", "NOT attached".into()),
        (ready, "received_at", "received_at - 1".into()),
        (ready, "version", "version + 1".into()),
        (ready, "head_hash", hash.clone()),
    ];
    let whole = "city_id, id, state, token_hash, salt, original_sha256, media_type, original_bytes, width, height, \
         view_sha256, thumb_sha256, taken_at, taken_lng, taken_lat, refused, attached, received_at, version, head_hash";
    let city = world.city;
    for (id, column, value) in changes {
        run(&conn, &format!("CREATE TEMPORARY TABLE kept AS SELECT {whole} FROM platform_file WHERE city_id = {city} AND id = {id}")).await;
        run(
            &conn,
            &format!("UPDATE platform_file SET {column} = {value} WHERE city_id = {city} AND id = {id}"),
        )
        .await;
        names_only(&world, id, &format!("{column} = {value}")).await;
        run(&conn, &format!("DELETE FROM platform_file WHERE city_id = {city} AND id = {id}")).await;
        assert_eq!(names_only(&world, id, "the row is gone").await, Flaw::RowMissing);
        run(&conn, &format!("INSERT INTO platform_file ({whole}) SELECT {whole} FROM kept")).await;
        run(&conn, "DROP TABLE kept").await;
    }
    assert_eq!(verify(&world.ctx, city).await.unwrap(), [], "all is as before");
    if world.engine == testkit::Engine::Sqlite {
        run(
            &conn,
            &format!("UPDATE platform_file SET width = 'nonsense' WHERE city_id = {city} AND id = {ready}"),
        )
        .await;
        names_only(&world, ready, "a row that cannot be read does not hide the others").await;
    }
}

async fn every_changed_sight_is_named(world: World) {
    let (ready, waiting) = two_files(&world).await;
    let conn = world.database.raw().await;
    let whole = "city_id, id, salt, sha256";
    let of = |id: FileId| format!("WHERE city_id = {} AND id = {id}", world.city);
    run(
        &conn,
        &format!("CREATE TEMPORARY TABLE kept AS SELECT {whole} FROM platform_file_seen {}", of(ready)),
    )
    .await;
    let restore = format!(
        "DELETE FROM platform_file_seen WHERE city_id = {}; INSERT INTO platform_file_seen ({whole}) SELECT {whole} FROM kept",
        world.city
    );
    for (change, id) in [
        (format!("UPDATE platform_file_seen SET sha256 = salt {}", of(ready)), ready),
        (format!("UPDATE platform_file_seen SET salt = sha256 {}", of(ready)), ready),
        (format!("DELETE FROM platform_file_seen {}", of(ready)), ready),
        (
            format!(
                "INSERT INTO platform_file_seen ({whole}) SELECT city_id, {waiting}, salt, sha256 FROM kept"
            ),
            waiting,
        ),
    ] {
        run(&conn, &change).await;
        names_only(&world, id, &change).await;
        run(&conn, &restore).await;
        assert_eq!(verify(&world.ctx, world.city).await.unwrap(), []);
    }
}

async fn changed_events_are_named(world: World) {
    let (ready, waiting) = two_files(&world).await;
    let conn = world.database.raw().await;
    let of = |id: FileId, version: i64| {
        format!(
            "WHERE city_id = {} AND stream = 'file' AND stream_id = {id} AND version = {version}",
            world.city
        )
    };
    run(
        &conn,
        &format!(
            "UPDATE platform_journal SET body = replace(body, '\"width\":80', '\"width\":81') {}",
            of(ready, 1)
        ),
    )
    .await;
    assert_eq!(names_only(&world, ready, "a body").await, Flaw::EventChanged);
    run(
        &conn,
        &format!(
            "UPDATE platform_journal SET body = replace(body, '\"width\":81', '\"width\":80') {}",
            of(ready, 1)
        ),
    )
    .await;
    assert_eq!(verify(&world.ctx, world.city).await.unwrap(), []);
    run(&conn, &format!("DELETE FROM platform_journal {}", of(ready, 2))).await;
    assert_eq!(names_only(&world, ready, "the newest event is gone").await, Flaw::HeadDiffers);
    run(&conn, &format!("DELETE FROM platform_journal {}", of(ready, 1))).await;
    assert_eq!(names_only(&world, ready, "all events are gone").await, Flaw::RowUnexplained);
    run(&conn, &format!("DELETE FROM platform_file WHERE city_id = {} AND id = {ready}", world.city)).await;
    assert_eq!(names_only(&world, ready, "what was seen is left").await, Flaw::RowUnexplained);
    run(&conn, &format!("DELETE FROM platform_file_seen WHERE city_id = {} AND id = {ready}", world.city))
        .await;
    assert_eq!(
        verify(&world.ctx, world.city).await.unwrap(),
        [],
        "row and events gone: only the order of the journal shows it"
    );
    let sequence = platform::journal::verify_sequence(&world.ctx, world.city).await.unwrap();
    assert!(!sequence.is_empty());
    run(&conn, &format!("UPDATE platform_journal SET at = at + 1 {}", of(waiting, 1))).await;
    names_only(&world, waiting, "a time").await;
}

async fn changed_bytes_are_named(world: World) {
    let (ready, waiting) = two_files(&world).await;
    let chance = SeededChance::new(7);
    let copies = stored(&world, "ready");
    let original = stored(&world, "quarantine").remove(0);
    assert_eq!(copies.len(), 2);
    for round in 0..30 {
        let (path, id): (&Path, FileId) =
            if round % 3 == 0 { (&original, waiting) } else { (&copies[round % 2], ready) };
        let before = std::fs::read(path).unwrap();
        let mut changed = before.clone();
        let at = chance.below(changed.len() as u64) as usize;
        changed[at] ^= 1 << chance.below(8);
        std::fs::write(path, changed).unwrap();
        assert_eq!(names_only(&world, id, "a byte").await, Flaw::FileChanged);
        if id == ready {
            let size =
                if path.metadata().unwrap().len() > 0 { platform::files::CopySize::View } else { continue };
            let served = platform::files::serve(&world.ctx, world.city, id, size).await;
            let other =
                platform::files::serve(&world.ctx, world.city, id, platform::files::CopySize::Thumb).await;
            assert!(served.is_err() || other.is_err(), "a changed copy is not shown");
        }
        std::fs::remove_file(path).unwrap();
        assert_eq!(names_only(&world, id, "a file").await, Flaw::FileMissing);
        std::fs::write(path, before).unwrap();
    }
    assert_eq!(verify(&world.ctx, world.city).await.unwrap(), []);
}
