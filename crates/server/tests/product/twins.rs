//! Two runs of one plan give the same city: the same rows in every table and the same files, whatever engine keeps them.

use std::collections::BTreeMap;
use std::path::Path;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use crate::binary::{Place, place};
use crate::town::files_in;

const NO_TABLES: &[platform::db::migrate::Migrations] = &[];

testkit::stories!(NO_TABLES, only sqlite: two_runs_of_one_plan_give_the_same_rows_and_files);

/// Who runs now, under which process number: it says nothing about the city.
const OF_THE_PROCESS: &str = "platform_server";

const PLAN: [&str; 8] = ["demo", "--scale", "town", "--only-create", "--today", "2026-03-10", "--seed", "77"];

async fn two_runs_of_one_plan_give_the_same_rows_and_files(world: testkit::World) {
    let one = Place { data: world.folder("one"), database: None };
    // The twin lives on PostgreSQL where that is under test, so that the engines are compared as well.
    let engine = *testkit::engines().last().expect("an engine");
    let elsewhere = testkit::World::new(engine, NO_TABLES).await;
    let other = place(&elsewhere);
    let runs = [&one, &other].map(|place| place.youju(&PLAN).spawn().expect("the binary starts"));
    for run in runs {
        let ended = run.wait_with_output().expect("the binary ends");
        assert!(ended.status.success());
    }
    let (rows, twins) = (dump(&one).await, dump(&other).await);
    assert!(rows["cases_case"].len() > 300 && rows["platform_journal"].len() > 3_000, "a whole town");
    assert_eq!(rows.keys().collect::<Vec<_>>(), twins.keys().collect::<Vec<_>>());
    for (table, rows) in &rows {
        let differ = rows.iter().zip(&twins[table]).find(|(row, twin)| row != twin);
        assert_eq!(differ, None, "{table}");
        assert_eq!(rows.len(), twins[table].len(), "{table}");
    }
    let files = [&one.data, &other.data].map(|data| data.join("files"));
    let [files, twins] = files.map(|folder| contents(&folder));
    assert!(files.len() > 500, "{}", files.len());
    assert_eq!(files.keys().collect::<Vec<_>>(), twins.keys().collect::<Vec<_>>());
    assert!(files == twins, "some photo has other bytes");
    let markers =
        [&one, &other].map(|place| std::fs::read(place.data.join("demo.json")).expect("the marker"));
    assert!(markers[0] == markers[1]);
    println!(
        "{engine:?}: {} rows and {} files alike",
        rows.values().map(Vec::len).sum::<usize>(),
        files.len()
    );
}

fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let name = |path: &Path| path.strip_prefix(folder).expect("inside").display().to_string();
    files_in(folder).into_iter().map(|path| (name(&path), std::fs::read(&path).expect("a file"))).collect()
}

/// Every row of every table as one line of text, in order; the same line on both engines.
async fn dump(place: &Place) -> BTreeMap<String, Vec<String>> {
    let file = format!("sqlite://{}", place.data.join("youju.db").display());
    let conn =
        sea_orm::Database::connect(place.database.clone().unwrap_or(file)).await.expect("the database opens");
    let mut tables = BTreeMap::new();
    for table in names(&conn, tables_of(conn.get_database_backend())).await {
        if table == OF_THE_PROCESS {
            continue;
        }
        let columns = columns(&conn, &table).await;
        // Rows of no city are the process's own too.
        let of_city = columns.iter().any(|column| column.contains("city_id"));
        let filter = if of_city { " WHERE city_id = 320281" } else { "" };
        let line = columns.join(" || '|' || ");
        let mut rows = names(&conn, format!("SELECT {line} AS name FROM {table}{filter}")).await;
        rows.sort_unstable();
        tables.insert(table, rows);
    }
    tables
}

/// The column `name` of a query.
async fn names(conn: &DatabaseConnection, sql: String) -> Vec<String> {
    let rows = conn.query_all_raw(Statement::from_string(conn.get_database_backend(), sql.clone())).await;
    let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.iter().map(|row| row.try_get("", "name").expect("text")).collect()
}

fn tables_of(backend: DbBackend) -> String {
    match backend {
        DbBackend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
        _postgres => "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
    }
    .to_owned()
}

/// The columns of a table in order of their names, each as an expression that gives its text.
async fn columns(conn: &DatabaseConnection, table: &str) -> Vec<String> {
    if conn.get_database_backend() == DbBackend::Sqlite {
        let sql = format!("SELECT name FROM pragma_table_info('{table}')");
        let mut columns = names(conn, sql).await;
        columns.sort_unstable();
        let text = |name: &String| {
            format!(
                "CASE typeof({name}) WHEN 'blob' THEN hex({name}) WHEN 'null' THEN '-' ELSE CAST({name} AS TEXT) END"
            )
        };
        return columns.iter().map(text).collect();
    }
    let sql = format!(
        "SELECT column_name || ' ' || data_type AS name FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name = '{table}'"
    );
    let mut columns = names(conn, sql).await;
    columns.sort_unstable();
    let text = |column: &String| {
        let (name, kind) = column.split_once(' ').expect("name and type");
        let text = match kind {
            "bytea" => format!("upper(encode({name}, 'hex'))"),
            "boolean" => format!("({name}::int)::text"),
            _other => format!("{name}::text"),
        };
        format!("coalesce({text}, '-')")
    };
    columns.iter().map(text).collect()
}
