//! Records under verification: values that cannot be read are named, and no edit of ours is taken for damage.

use kernel::id::CellId;
use platform::db::dialect::columns_query;
use platform::journal::{Flaw, verify_sequence};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use testkit::World;

use crate::SETS;
use crate::fixture::*;

testkit::stories!(SETS: edits_beside_verification_are_no_changes);
testkit::stories!(SETS, only sqlite: what_cannot_be_read_is_named);

/// Columns and their types of a table, from the schema.
async fn columns(world: &World, raw: &DatabaseConnection, table: &str) -> Vec<(String, String)> {
    let query = Statement::from_string(raw.get_database_backend(), columns_query(world.engine));
    let rows = raw.query_all_raw(query).await.unwrap().into_iter();
    let text = |row: &sea_orm::QueryResult, name| row.try_get::<String>("", name).unwrap();
    rows.filter(|row| text(row, "table_name") == table)
        .map(|row| (text(&row, "column_name"), text(&row, "column_type").to_lowercase()))
        .collect()
}

/// SQLite stores any value anywhere.
async fn what_cannot_be_read_is_named(world: World) {
    drop(filled(&world).await);
    let raw = world.database.raw().await;
    let run = async |sql: String| {
        let sql = sql.replace("CITY", &world.city.to_string());
        raw.execute_unprepared(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    };
    let places = [
        ("org_record", "city_id = CITY AND kind = 'person' AND id = 951"),
        ("org_person", "city_id = CITY AND id = 951"),
        ("platform_journal", "city_id = CITY AND stream = 'org.person' AND stream_id = 951"),
    ];
    for (table, scope) in places {
        for (column, kind) in columns(&world, &raw, table).await {
            let values: &[&str] = match kind.as_str() {
                "boolean" => &["2", "'yes'"],
                "bigint" | "integer" => &["'many'", "1.5"],
                "text" => &["CAST(x'ff41' AS TEXT)", "x'41'"],
                _bytes => &["'text'", "5"],
            };
            for value in values {
                run(format!(
                    "CREATE TEMPORARY TABLE kept AS SELECT rowid AS was, * FROM {table} WHERE {scope}"
                ))
                .await;
                run(format!("UPDATE {table} SET {column} = {value} WHERE {scope}")).await;
                let found = org::verify(&world.ctx, world.city).await.unwrap();
                let named = |name: &str| {
                    found.iter().any(|finding| finding.record == "person" && finding.name == name)
                };
                assert!(named("P001") || named("951"), "{table}.{column} = {value}: {found:?}");
                drop(verify_sequence(&world.ctx, world.city).await.unwrap());
                let back = format!("(SELECT {column} FROM kept WHERE was = {table}.rowid)");
                run(format!("UPDATE {table} SET {column} = {back} WHERE rowid IN (SELECT was FROM kept)"))
                    .await;
                run("DROP TABLE kept".to_owned()).await;
                let found = org::verify(&world.ctx, world.city).await.unwrap();
                assert_eq!(found, [], "{table}.{column} = {value} is as before");
            }
        }
    }
    run("INSERT INTO org_person SELECT city_id, 4711, salt, name_sealed, phone_sealed FROM org_person WHERE city_id = CITY".to_owned()).await;
    let found = org::verify(&world.ctx, world.city).await.unwrap();
    assert_eq!(
        found.iter().map(|finding| (finding.name.as_str(), finding.flaw)).collect::<Vec<_>>(),
        [("4711", Flaw::RowUnexplained)]
    );
}

/// Verification beside people who go on editing finds nothing.
async fn edits_beside_verification_are_no_changes(world: World) {
    let hall = filled(&world).await;
    let acts = async {
        for round in 0..60 {
            let mut edited = cell(world.city, [0, 0, 0]);
            edited.id = CellId(1);
            edited.name = format!("第{round}次");
            let mut leader = person(LEADER, "P001", "周明");
            leader.title = format!("第{round}任");
            hall.edit(world.city, BUILDER, vec![edited.into(), leader.into()]).await.unwrap();
        }
    };
    let looks = async {
        loop {
            assert_eq!(org::verify(&world.ctx, world.city).await.unwrap(), []);
        }
    };
    tokio::select! {
        () = acts => {}
        () = looks => {}
    }
}
