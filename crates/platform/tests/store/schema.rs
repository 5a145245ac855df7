//! Migrations and the one schema of both engines.

use platform::db::Fault;
use platform::db::migrate::{Migrations, migrate, schema_snapshot};
use sea_orm::{ConnectionTrait, Statement};
use testkit::{Database, Engine, World};

use crate::SETS;

testkit::stories!(SETS:
    migrating_twice_is_migrating_once,
    an_edited_migration_is_refused,
    a_migration_that_fails_leaves_nothing,
    a_later_migration_is_added,
    servers_that_start_at_once_migrate_once,
    both_engines_have_the_same_schema,
);

const ONE: &[Migrations] = &[Migrations {
    context: "some",
    files: &[("2030_01_01_0001_some", "CREATE TABLE some_a (id BIGINT NOT NULL PRIMARY KEY);\n")],
}];
const EDITED: &[Migrations] = &[Migrations {
    context: "some",
    files: &[("2030_01_01_0001_some", "CREATE TABLE some_a (id TEXT NOT NULL PRIMARY KEY);\n")],
}];
const LATER: &[Migrations] = &[Migrations {
    context: "some",
    files: &[
        ("2030_01_01_0001_some", "CREATE TABLE some_a (id BIGINT NOT NULL PRIMARY KEY);\n"),
        (
            "2030_01_02_0001_some",
            "-- a word; and another\nCREATE TABLE some_b (\n    id BIGINT NOT NULL PRIMARY KEY,\n    raw {bytes}\n);\nCREATE INDEX some_b_raw ON some_b (raw, id DESC) WHERE raw IS NOT NULL;\n",
        ),
    ],
}];
const BROKEN: &[Migrations] = &[Migrations {
    context: "some",
    files: &[(
        "2030_01_01_0001_some",
        "CREATE TABLE some_a (id BIGINT NOT NULL PRIMARY KEY);\nCREATE NONSENSE;\n",
    )],
}];

async fn migrating_twice_is_migrating_once(world: World) {
    let before = schema_snapshot(world.db()).await.unwrap();
    let db = world.own_database().open().await;
    migrate(&db, SETS).await.unwrap();
    migrate(&db, SETS).await.unwrap();
    assert_eq!(schema_snapshot(&db).await.unwrap(), before);
    let count =
        Statement::from_string(db.reader().get_database_backend(), "SELECT COUNT(*) FROM platform_migration");
    let row = db.reader().query_one_raw(count).await.unwrap().unwrap();
    let files: usize = SETS.iter().map(|set| set.files.len()).sum();
    assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), files as i64);
}

async fn an_edited_migration_is_refused(world: World) {
    let db = world.empty_database().open().await;
    migrate(&db, ONE).await.unwrap();
    let before = schema_snapshot(&db).await.unwrap();
    let refused = migrate(&db, EDITED).await.unwrap_err();
    assert!(matches!(refused, Fault::Edited("2030_01_01_0001_some")), "{refused:?}");
    assert_eq!(schema_snapshot(&db).await.unwrap(), before);
}

async fn a_migration_that_fails_leaves_nothing(world: World) {
    let db = world.empty_database().open().await;
    assert!(migrate(&db, BROKEN).await.is_err());
    assert_eq!(schema_snapshot(&db).await.unwrap().lines().filter(|line| line.contains("some_")).count(), 0);
    // Mended, it goes through.
    migrate(&db, ONE).await.unwrap();
}

async fn a_later_migration_is_added(world: World) {
    let db = world.empty_database().open().await;
    migrate(&db, ONE).await.unwrap();
    migrate(&db, LATER).await.unwrap();
    let schema = schema_snapshot(&db).await.unwrap();
    assert!(schema.contains("some_b\n    id BIGINT\n    raw {bytes} null\n    key id\n"), "{schema}");
    assert!(schema.contains("index some_b_raw on some_b (raw, id desc) where raw IS NOT NULL\n"), "{schema}");
}

async fn servers_that_start_at_once_migrate_once(world: World) {
    let database = world.empty_database();
    let servers = [database.open().await, database.open().await, database.open().await];
    let all = servers.iter().map(|db| migrate(db, SETS));
    for migrated in futures_util::future::join_all(all).await {
        migrated.unwrap();
    }
    assert_eq!(schema_snapshot(&servers[0]).await.unwrap(), schema_snapshot(world.db()).await.unwrap());
}

/// Each engine's snapshot is the same text; it is asked of a file made here, whichever engine tells the story.
async fn both_engines_have_the_same_schema(world: World) {
    let here = schema_snapshot(world.db()).await.unwrap();
    assert!(!here.contains("NOT ALLOWED"), "{here}");
    assert!(here.contains(
        "unique platform_journal_stream on platform_journal (city_id, stream, stream_id, version)"
    ));
    let other = Database::own(Engine::Sqlite, SETS, &world.dir).open().await;
    assert_eq!(here, schema_snapshot(&other).await.unwrap());
}
