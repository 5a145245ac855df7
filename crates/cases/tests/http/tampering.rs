//! Whoever changes a byte behind the product's back is found: in events, state rows, texts, photos and receipts.

use kernel::chance::{Chance, SeededChance};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use testkit::World;

use super::SETS;
use super::city::Town;

testkit::stories!(SETS: every_kind_of_change_is_named, random_changes_are_found, a_page_says_that_its_history_broke);

/// Runs SQL behind the product's back.
async fn tamper(town: &Town, sql: &str) {
    let raw = town.world.database.raw().await;
    let sql = sql.replace("CITY", &town.world.city.to_string());
    let done = raw.execute_raw(Statement::from_string(raw.get_database_backend(), sql.clone())).await.unwrap();
    assert!(done.rows_affected() > 0, "{sql}");
}

async fn every_kind_of_change_is_named(world: World) {
    let town = Town::open(world).await;
    let (case, _) = town.closed(2).await;
    let told = town.report("另一件", &[7]).await;
    assert_eq!(told["number"], "CB20260302-0002");
    assert_eq!(town.verify().await, Vec::<String>::new());
    let bytes = if town.world.engine == testkit::Engine::Postgres { "'\\x00'::bytea" } else { "x'00'" };
    let rows = [
        ("cases_case", "state = 'handling'", "RowDiffers CB20260302-0001 [state]"),
        ("cases_case", "due_at = 1", "RowDiffers CB20260302-0001 [due_at]"),
        ("cases_case", "verdict = 'resolved'", "RowDiffers CB20260302-0001 [verdict]"),
        ("cases_case", "body = replace(body, '\"reworks\":0', '\"reworks\":1')", "RowDiffers CB20260302-0001 [body]"),
        ("cases_case", "version = version + 1", "HeadDiffers CB20260302-0001 [version, head_hash]"),
    ];
    let scope = format!("city_id = CITY and id = {case}");
    for (table, change, expected) in rows {
        let column = change.split(' ').next().unwrap();
        let keep = format!("create table kept_CITY as select id, {column} from {table} where {scope}");
        tamper_any(&town, &keep).await;
        tamper(&town, &format!("update {table} set {change} where {scope}")).await;
        assert_eq!(town.verify().await, [expected], "{change}");
        let back = format!("update {table} set {column} = (select {column} from kept_CITY) where {scope}");
        tamper(&town, &back).await;
        tamper_any(&town, "drop table kept_CITY").await;
    }
    assert_eq!(town.verify().await, Vec::<String>::new(), "mended");

    let of = format!("city_id = CITY and case_id = {case}");
    tamper(&town, &format!("update cases_text set content = {bytes} where {of} and field = 'description'")).await;
    tamper(&town, &format!("update cases_text set content = {bytes} where {of} and field = 'phone'")).await;
    tamper(&town, &format!("delete from cases_text where {of} and field = 'address'")).await;
    tamper(&town, &format!("update cases_text set salt = {bytes} where {of} and field = 'note' and version = 5")).await;
    tamper(&town, &format!("update cases_photo set original_sha256 = {bytes} where {of}")).await;
    tamper(&town, &format!("update cases_receipt set code_hash = {bytes} where {of}")).await;
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

async fn tamper_any(town: &Town, sql: &str) {
    let raw = town.world.database.raw().await;
    let sql = sql.replace("CITY", &town.world.city.to_string());
    raw.execute_raw(Statement::from_string(raw.get_database_backend(), sql)).await.unwrap();
}

/// Sixty random changes of one character or byte, each found with the name of its case, each mended again.
async fn random_changes_are_found(world: World) {
    let town = Town::open(world).await;
    let mut cases = vec![town.closed(2).await.0, town.handled(3).await.0];
    cases.push(town.report("三", &[5]).await["case_id"].as_str().unwrap().to_owned());
    assert_eq!(town.verify().await, Vec::<String>::new());
    let chance = SeededChance::new(town.world.city.0.unsigned_abs());
    let columns: [(&str, &str, &[&str], bool); 5] = [
        ("platform_journal", "stream_id", &["body"], false),
        ("cases_case", "id", &["body", "number", "state", "class"], false),
        ("cases_text", "case_id", &["content", "salt"], true),
        ("cases_photo", "case_id", &["original_sha256", "salt"], true),
        ("cases_receipt", "case_id", &["code_hash", "salt"], true),
    ];
    let postgres = town.world.engine == testkit::Engine::Postgres;
    for _ in 0..60 {
        let case = &cases[chance.below(3) as usize];
        let (table, key, fields, binary) = columns[chance.below(5) as usize];
        let field = fields[chance.below(fields.len() as u64) as usize];
        let scope = format!("city_id = CITY and {key} = {case}");
        let scope = if table == "platform_journal" { format!("{scope} and stream = 'case' and version = 1") } else { scope };
        let at = 1 + chance.below(8);
        let keep = format!("create table kept_CITY as select {field} as value from {table} where {scope}");
        tamper_any(&town, &keep).await;
        let change = match (binary, postgres) {
            // One byte becomes another: the complement cannot be the same.
            (true, true) => format!("overlay({field} placing decode(lpad(to_hex(255 - get_byte({field}, 0)), 2, '0'), 'hex') from 1 for 1)"),
            (true, false) => format!("cast(x'01' || substr({field}, 2) as blob)"),
            (false, _) => format!("substr({field}, 1, {at}) || case substr({field}, {}, 1) when 'x' then 'y' else 'x' end || substr({field}, {})", at + 1, at + 2),
        };
        let had = rows_of(&town, "kept_CITY").await;
        tamper_any(&town, &format!("update {table} set {field} = {change} where {scope}")).await;
        let found = town.verify().await;
        let number = format!("CB20260302-000{}", cases.iter().position(|one| one == case).unwrap() + 1);
        let named = |finding: &String| finding.contains(&number) || finding.contains(case.as_str());
        if had > 0 && !unchanged(&town, table, field, &scope).await {
            assert!(found.iter().any(named), "{table}.{field} at {at}: {found:?}");
        }
        // Several rows share a scope (texts, photos): take everything back by their own values.
        restore(&town, table, field, &scope).await;
        tamper_any(&town, "drop table kept_CITY").await;
    }
}

async fn rows_of(town: &Town, table: &str) -> i64 {
    let raw = town.world.database.raw().await;
    let sql = format!("select count(*) as n from {table}").replace("CITY", &town.world.city.to_string());
    let row = raw.query_one_raw(Statement::from_string(raw.get_database_backend(), sql)).await.unwrap();
    row.unwrap().try_get("", "n").unwrap()
}
