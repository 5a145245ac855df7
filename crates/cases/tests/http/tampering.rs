//! Whoever changes a byte behind the product's back is found: in events, state rows, texts, photos and receipts.

use std::collections::BTreeMap;

use kernel::chance::{Chance, SeededChance};
use sea_orm::{ConnectionTrait, Statement, Value};
use serde_json::json;
use testkit::World;

use super::SETS;
use super::city::Town;

testkit::stories!(SETS: every_kind_of_change_is_named, random_changes_are_found, a_page_says_that_its_history_broke);

/// Changes rows behind the product's back.
pub(crate) async fn tamper(town: &Town, sql: &str) {
    assert!(run(town, sql).await > 0, "{sql}");
}

/// Runs SQL and says how many rows it changed.
pub(crate) async fn run(town: &Town, sql: &str) -> u64 {
    let raw = town.world.database.raw().await;
    let sql = sql.replace("CITY", &town.world.city.to_string());
    raw.execute_raw(Statement::from_string(raw.get_database_backend(), sql)).await.unwrap().rows_affected()
}

async fn every_kind_of_change_is_named(world: World) {
    let town = Town::open(world).await;
    let (case, _) = town.closed(2).await;
    let told = town.report("另一件", &[7]).await;
    assert_eq!(told["number"], "CB20260302-0002");
    assert_eq!(town.verify().await, Vec::<String>::new());

    let of = format!("city_id = CITY and case_id = {case}");
    tamper(&town, &format!("update cases_text set content = salt where {of} and field = 'description'"))
        .await;
    tamper(&town, &format!("update cases_text set content = salt where {of} and field = 'phone'")).await;
    tamper(&town, &format!("delete from cases_text where {of} and field = 'address'")).await;
    tamper(
        &town,
        &format!("update cases_text set salt = content where {of} and field = 'note' and version = 5"),
    )
    .await;
    tamper(&town, &format!("update cases_photo set original_sha256 = salt where {of}")).await;
    tamper(&town, &format!("update cases_receipt set code_hash = salt where {of}")).await;
    let other = told["case_id"].as_str().unwrap();
    tamper(&town, &format!("delete from cases_case where city_id = CITY and id = {other}")).await;
    tamper(&town, &format!("delete from cases_photo where city_id = CITY and case_id = {other}")).await;
    tamper(&town, &format!("delete from cases_receipt where city_id = CITY and case_id = {other}")).await;
    let mut found = town.verify().await;
    found.sort();
    let photo_of = |finding: &String| finding.split(" [").next().unwrap().to_owned();
    assert_eq!(
        found.iter().map(photo_of).collect::<Vec<_>>(),
        [
            "PersonalChanged CB20260302-0001",
            "PersonalChanged CB20260302-0001",
            "PersonalChanged CB20260302-0001",
            "PersonalChanged CB20260302-0001",
            "PersonalMissing CB20260302-0001",
            "PersonalMissing CB20260302-0002",
            "ReceiptChanged CB20260302-0001",
            "ReceiptChanged CB20260302-0002",
            "RowMissing CB20260302-0002",
        ],
        "{found:#?}"
    );
    tamper(&town, &format!("update platform_journal set body = replace(body, 'E0110-1', 'E0110-2') where city_id = CITY and stream_id = {case} and version = 3")).await;
    let found = town.verify().await;
    assert!(found.iter().any(|finding| finding == "EventChanged CB20260302-0001 [version 3]"), "{found:#?}");
}

/// One value in the database, found again by its key.
struct Cell {
    table: &'static str,
    column: &'static str,
    /// SQL after `where`.
    key: String,
    /// The case as its number says it.
    number: String,
    value: Value,
}

/// The text and byte columns of everything that belongs to a case.
const COLUMNS: [(&str, &str, &[&str]); 11] = [
    ("platform_journal", "body", &["stream_id", "seq"]),
    ("platform_journal", "actor", &["stream_id", "seq"]),
    ("platform_journal", "hash", &["stream_id", "seq"]),
    ("cases_case", "body", &["id"]),
    ("cases_case", "number", &["id"]),
    ("cases_case", "state", &["id"]),
    ("cases_case", "head_hash", &["id"]),
    ("cases_text", "content", &["case_id", "version", "field"]),
    ("cases_text", "salt", &["case_id", "version", "field"]),
    ("cases_photo", "original_sha256", &["case_id", "file_id"]),
    ("cases_receipt", "code_hash", &["case_id"]),
];

/// Two hundred random changes of one byte, each found under the number of its case, each mended again.
async fn random_changes_are_found(world: World) {
    let town = Town::open(world).await;
    let mut numbers = BTreeMap::new();
    numbers.insert(town.closed(2).await.0, "CB20260302-0001");
    numbers.insert(town.handled(3).await.0, "CB20260302-0002");
    let told = town.report("三", &[5]).await;
    numbers.insert(told["case_id"].as_str().unwrap().to_owned(), "CB20260302-0003");
    let cells = cells(&town, &numbers).await;
    let chance = SeededChance::new(7);
    for _ in 0..200 {
        let cell = &cells[chance.below(cells.len() as u64) as usize];
        let changed = changed(&cell.value, &chance);
        write(&town, cell, changed.clone()).await;
        let found = town.verify().await;
        let name = format!(" {} ", cell.number);
        assert!(
            found.iter().any(|finding| finding.contains(&name)),
            "{}.{} {changed:?}: {found:?}",
            cell.table,
            cell.column
        );
        write(&town, cell, cell.value.clone()).await;
    }
    assert_eq!(town.verify().await, Vec::<String>::new(), "all mended");
}

async fn cells(town: &Town, numbers: &BTreeMap<String, &str>) -> Vec<Cell> {
    let raw = town.world.database.raw().await;
    let mut cells = Vec::new();
    for (table, column, key) in COLUMNS {
        let only = if table == "platform_journal" { " and stream = 'case'" } else { "" };
        let keys = key.join(", ");
        let sql = format!("select {keys}, {column} from {table} where city_id = {}{only}", town.world.city);
        for row in raw.query_all_raw(Statement::from_string(raw.get_database_backend(), sql)).await.unwrap() {
            let number = numbers[&row.try_get::<i64>("", key[0]).unwrap().to_string()].to_owned();
            let part = |name: &&str| match row.try_get::<i64>("", name) {
                Ok(id) => format!("{name} = {id}"),
                Err(_) => format!("{name} = '{}'", row.try_get::<String>("", name).unwrap()),
            };
            let key: Vec<String> = key.iter().map(part).collect();
            let value = match row.try_get::<Vec<u8>>("", column) {
                Ok(bytes) if !matches!(column, "body" | "actor" | "number" | "state") => Value::from(bytes),
                _text => Value::from(row.try_get::<String>("", column).unwrap()),
            };
            cells.push(Cell { table, column, key: key.join(" and "), number, value });
        }
    }
    cells
}

/// The value with one byte or character replaced by another.
fn changed(value: &Value, chance: &SeededChance) -> Value {
    match value {
        Value::Bytes(Some(bytes)) => {
            let mut bytes = bytes.to_vec();
            let at = chance.below(bytes.len() as u64) as usize;
            bytes[at] ^= 1 + chance.below(255) as u8;
            Value::from(bytes)
        }
        Value::String(Some(text)) => {
            let mut chars: Vec<char> = text.chars().collect();
            let at = chance.below(chars.len() as u64) as usize;
            chars[at] = if chars[at] == '7' { '8' } else { '7' };
            Value::from(chars.into_iter().collect::<String>())
        }
        other => panic!("{other:?}"),
    }
}

async fn write(town: &Town, cell: &Cell, value: Value) {
    let raw = town.world.database.raw().await;
    let Cell { table, column, key, .. } = cell;
    let sql = format!("update {table} set {column} = $1 where city_id = {} and {key}", town.world.city);
    let update = Statement::from_sql_and_values(raw.get_database_backend(), sql, [value]);
    assert_eq!(raw.execute_raw(update).await.unwrap().rows_affected(), 1);
}

async fn a_page_says_that_its_history_broke(world: World) {
    let town = Town::open(world).await;
    let (case, code) = town.handled(2).await;
    tamper(&town, &format!("update platform_journal set actor = 'user:1' where city_id = CITY and stream_id = {case} and version = 2")).await;
    let page = town.get("李", &format!("/api/v1/cases/{case}")).await.expect(200);
    assert_eq!(page.at("/chain/ok"), false);
    let receipt = town.look(&format!("/api/v1/public/receipts/{code}")).await.expect(200);
    assert_eq!(receipt.at("/chain/ok"), false);
    let verified = town.get("李", &format!("/api/v1/cases/{case}/verify")).await.expect(200);
    assert_eq!(verified.at("/ok"), false);
    let finding = json!({ "what": "EventChanged", "where": "version 2", "message": "事件内容与其校验值不符 (event changed)" });
    assert_eq!(verified.at("/findings/0"), finding);
}
