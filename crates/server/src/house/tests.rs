//! The schema of the whole product, held against docs/schema.txt on both engines.

use std::path::Path;

use platform::db::migrate::schema_snapshot;
use testkit::World;

use super::{MIGRATIONS, parse_key};

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
fn a_key_is_64_hexadecimal_digits() {
    assert_eq!(parse_key(&"0f".repeat(32)), Some([0x0f; 32]));
    for bad in ["", "0f", &"zz".repeat(32), &"0f".repeat(33), &"０".repeat(64)] {
        assert_eq!(parse_key(bad), None, "{bad}");
    }
}
