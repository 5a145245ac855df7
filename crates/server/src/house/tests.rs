//! The schema of the whole product, held against docs/schema.txt on both engines.

use std::path::Path;
use std::time::Duration;

use platform::db::migrate::schema_snapshot;
use sea_orm::ConnectionTrait;
use testkit::World;

use super::{Founding, House, MIGRATIONS, sqlite_file};
use crate::cli::Store;

testkit::stories!(MIGRATIONS: the_schema_is_the_one_in_the_documents);

/// `YOUJU_BLESS=1` writes the file again (`make bless`).
#[expect(clippy::disallowed_methods, reason = "the switch of `make bless`")]
async fn the_schema_is_the_one_in_the_documents(world: World) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema.txt");
    let schema = schema_snapshot(world.db()).await.unwrap();
    assert!(!schema.contains("NOT ALLOWED"), "a column type outside docs/sql-floor.md:\n{schema}");
    if std::env::var("YOUJU_BLESS").is_ok() {
        std::fs::write(&file, &schema).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    let differing = schema.lines().zip(written.lines()).find(|(here, there)| here != there);
    assert!(schema == written, "docs/schema.txt differs ({differing:?}); run `make bless` and look at it");
}

#[test]
fn the_file_of_an_sqlite_address_is_found() {
    for url in ["sqlite:///a/b.db", "sqlite:///a/b.db?mode=ro", "sqlite:/a/b.db"] {
        assert_eq!(sqlite_file(url), Some("/a/b.db".into()), "{url}");
    }
    assert_eq!(sqlite_file("sqlite://data/b.db"), Some("data/b.db".into()));
    assert_eq!(sqlite_file("postgres://u@h/b"), None);
}

/// Another server that took the number makes this one stop, before both make the same id.
#[tokio::test]
async fn a_server_number_that_is_lost_ends_its_renewal() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_owned();
    let store = Store { data: data.clone(), database: None, key_file: None, files: None, city: 320_281 };
    let house = House::found(store, Founding::Whatever).await.unwrap();
    let conn =
        sea_orm::Database::connect(format!("sqlite://{}", data.join("youju.db").display())).await.unwrap();
    conn.execute_unprepared("UPDATE platform_server SET holder = 'another'").await.unwrap();
    let renewal = crate::wiring::renew(&house, Duration::from_millis(1));
    tokio::time::timeout(Duration::from_secs(60), renewal).await.expect("it ends");
    house.close().await;
}
