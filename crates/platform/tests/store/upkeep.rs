//! What an engine does not do by itself so that lists stay quick.

use sea_orm::{ConnectionTrait, DatabaseConnection, FromQueryResult, Statement};
use testkit::{Engine, World};

use crate::SETS;

testkit::stories!(SETS:
    a_hollow_index_is_written_anew_once,
    what_an_interrupted_rebuilding_left_is_cleared_away,
);

/// 330 bytes in a name: 12,000 of them are four megabytes of index.
const FILL: &str = "INSERT INTO ledger_account (city_id, id, name, number, balance, version, head_hash) \
     SELECT 1, n, repeat(md5(n::text), 10) || n, n, 0, 1, '' FROM generate_series(1, 12000) n";
/// What is still open of a year: one in every twenty, everywhere.
const EMPTY: &str = "DELETE FROM ledger_account WHERE id % 20 <> 0";

#[derive(FromQueryResult)]
struct Counted {
    n: i64,
}

async fn count(conn: &DatabaseConnection, sql: &str) -> i64 {
    let statement = Statement::from_string(conn.get_database_backend(), sql);
    Counted::find_by_statement(statement).one(conn).await.unwrap().unwrap().n
}

const NAMES: &str = "SELECT pg_relation_size('ledger_account_name')::bigint AS n";
const ROWS: &str = "SELECT count(*) AS n FROM ledger_account";

async fn a_hollow_index_is_written_anew_once(world: World) {
    let database = world.own_database();
    let (db, raw) = (database.open().await, database.raw().await);
    if world.engine == Engine::Sqlite {
        // It joins such pages by itself, and asked to rebuild it does nothing.
        assert!(db.rebuild_hollow_indexes().await.unwrap().is_empty());
        return;
    }
    for sql in [FILL, EMPTY, "VACUUM ANALYZE ledger_account"] {
        raw.execute_unprepared(sql).await.unwrap();
    }
    let before = count(&raw, NAMES).await;

    assert_eq!(db.rebuild_hollow_indexes().await.unwrap(), ["ledger_account_name"]);

    let after = count(&raw, NAMES).await;
    assert!(after * 5 < before, "{before} bytes before, {after} after");
    assert_eq!(count(&raw, ROWS).await, 600);
    assert!(db.rebuild_hollow_indexes().await.unwrap().is_empty(), "it is whole now");
}

async fn what_an_interrupted_rebuilding_left_is_cleared_away(world: World) {
    let database = world.own_database();
    let (db, raw) = (database.open().await, database.raw().await);
    if world.engine == Engine::Sqlite {
        assert!(db.rebuild_hollow_indexes().await.unwrap().is_empty(), "nothing is interrupted there");
        return;
    }
    for sql in [
        "CREATE INDEX ledger_account_number_ccnew ON ledger_account (city_id, number)",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ledger_account_number_ccnew'::regclass",
    ] {
        raw.execute_unprepared(sql).await.unwrap();
    }
    assert!(db.rebuild_hollow_indexes().await.unwrap().is_empty(), "nothing of ours is hollow");
    let left = "SELECT count(*) AS n FROM pg_class WHERE relname = 'ledger_account_number_ccnew'";
    assert_eq!(count(&raw, left).await, 0);
}
