//! Every column of every table of this room is held against the history, as the schema lists them; and a case that
//! somebody works on is never called broken.

use platform::db::dialect::columns_query;
use sea_orm::{ConnectionTrait, QueryResult, Statement};
use serde_json::json;
use testkit::{Engine, World};

use super::SETS;
use super::city::Town;
use super::tampering::{run, tamper};

testkit::stories!(SETS: every_column_is_held, acts_beside_looks_break_nothing);
testkit::stories!(SETS, only sqlite: what_cannot_be_read_is_named);

const NUMBER: &str = "CB20260302-0001";

/// The tables of a case and the column that names it there.
const TABLES: [(&str, &str); 4] = [
    ("cases_case", "id"),
    ("cases_text", "case_id"),
    ("cases_photo", "case_id"),
    ("cases_receipt", "case_id"),
];

/// A column as the schema tells it.
struct Column {
    name: String,
    kind: String,
    key: bool,
}

async fn columns(town: &Town, table: &str) -> Vec<Column> {
    let raw = town.world.database.raw().await;
    let query = Statement::from_string(raw.get_database_backend(), columns_query(town.world.engine));
    let text = |row: &QueryResult, name| row.try_get::<String>("", name).unwrap();
    let rows = raw.query_all_raw(query).await.unwrap().into_iter();
    rows.filter(|row| text(row, "table_name") == table)
        .map(|row| Column {
            name: text(&row, "column_name"),
            kind: text(&row, "column_type").to_lowercase(),
            key: row.try_get::<i64>("", "key_position").unwrap() > 0,
        })
        .collect()
}

/// Sets one column of the rows of a case, says what verification finds, and puts the rows back.
async fn with(
    town: &Town,
    (table, id): (&str, &str),
    case: &str,
    column: &Column,
    value: &str,
) -> Vec<String> {
    let (name, scope) = (&column.name, format!("city_id = CITY and {id} = {case}"));
    // One row where there are many: a key must not meet itself.
    let one = match table {
        "cases_text" => format!("{scope} and version = 1 and field = 'description'"),
        _other => scope,
    };
    run(town, &format!("create table kept_CITY as select * from {table} where {one}")).await;
    tamper(town, &format!("update {table} set {name} = {value} where {one}")).await;
    let found = town.verify().await;
    let gone = if column.key || name == id || matches!(name.as_str(), "version" | "field") {
        format!("{one} or {name} = {value}")
    } else {
        one
    };
    tamper(town, &format!("delete from {table} where {gone}")).await;
    tamper(town, &format!("insert into {table} select * from kept_CITY")).await;
    run(town, "drop table kept_CITY").await;
    assert_eq!(town.verify().await, Vec::<String>::new(), "{table}.{name} is as before");
    found
}

async fn every_column_is_held(world: World) {
    let town = Town::open(world).await;
    let (case, _) = town.closed(2).await;
    assert_eq!(town.verify().await, Vec::<String>::new());
    let bytes = match town.world.engine {
        Engine::Sqlite => "x'abcd'",
        Engine::Postgres => "'\\xabcd'::bytea",
    };
    let mut held = 0;
    for table in TABLES {
        for column in columns(&town, table.0).await {
            let value = match column.kind.as_str() {
                "boolean" => "true",
                "bigint" => "987654321987",
                "integer" => "77",
                "text" => "'other'",
                _bytes => bytes,
            };
            let found = with(&town, table, &case, &column, value).await;
            let what = format!("{}.{}", table.0, column.name);
            assert!(found.iter().any(|finding| finding.contains(NUMBER)), "{what}: {found:#?}");
            if table.0 == "cases_case" && !matches!(column.name.as_str(), "city_id" | "id") {
                let (flaw, place) = match column.name.as_str() {
                    "version" | "head_hash" => ("HeadDiffers", "version, head_hash"),
                    name => ("RowDiffers", name),
                };
                assert_eq!(found, [format!("{flaw} {NUMBER} [{place}]")], "{what}");
            }
            held += 1;
        }
    }
    assert!(held >= 19 + 6 + 9 + 4, "{held}");
}

/// SQLite stores any value anywhere: the case is named by its number, and verification goes on.
async fn what_cannot_be_read_is_named(world: World) {
    let town = Town::open(world).await;
    let (case, _) = town.closed(2).await;
    for table in TABLES {
        for column in columns(&town, table.0).await {
            let values: &[&str] = match column.kind.as_str() {
                "boolean" => &["2", "'yes'"],
                "bigint" | "integer" => &["'many'", "1.5"],
                "text" => &["cast(x'ff41' as text)", "x'41'"],
                _bytes => &["'text'", "5"],
            };
            for value in values {
                let found = with(&town, table, &case, &column, value).await;
                let what = format!("{}.{} = {value}", table.0, column.name);
                assert!(found.iter().any(|finding| finding.contains(NUMBER)), "{what}: {found:#?}");
            }
        }
    }
    let event = format!("city_id = CITY and stream = 'case' and stream_id = {case} and version = 3");
    tamper(&town, &format!("update platform_journal set body = cast(x'ff' as text) where {event}")).await;
    let found = town.verify().await;
    // The body cannot be read, so the row gives the number.
    assert_eq!(found, [format!("EventChanged {NUMBER} [version 3, body: unreadable]")]);
    // The page cannot be made, but the check of the case answers and says where.
    let verified = town.get("李", &format!("/api/v1/cases/{case}/verify")).await.expect(200);
    assert_eq!(verified.at("/findings/0/where"), "version 3, body: unreadable");
}

/// Every look at a reporter is an event; in between, pages and verification find the case whole.
async fn acts_beside_looks_break_nothing(world: World) {
    let town = Town::open(world).await;
    let (case, code) = town.dispatched(&[]).await;
    let (page, receipt) = (format!("/api/v1/cases/{case}"), format!("/api/v1/public/receipts/{code}"));
    let acts = async {
        for _look in 0..60 {
            town.post("吴", &format!("{page}/reporter"), json!({})).await.expect(200);
        }
    };
    let looks = async {
        loop {
            assert_eq!(town.get("李", &page).await.expect(200).at("/chain/ok"), true);
            assert_eq!(town.look(&receipt).await.expect(200).at("/chain/ok"), true);
            assert_eq!(town.get("李", &format!("{page}/verify")).await.expect(200).at("/ok"), true);
            assert_eq!(town.verify().await, Vec::<String>::new());
        }
    };
    tokio::select! {
        () = acts => {}
        () = looks => {}
    }
}
