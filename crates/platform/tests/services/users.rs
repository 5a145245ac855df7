//! Users under verification: every change behind our back is named, and no act of ours is taken for one.

use kernel::area::AreaKey;
use kernel::id::{CityId, UnitId, UserId};
use kernel::rights::{Grant, Role};
use platform::auth::{AddUser, ChangeUser, Grants, UserChange, verify};
use platform::db::dialect::columns_query;
use platform::journal::{Actor, Flaw, Stamp, verify_sequence};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use testkit::{Engine, World};

use super::SETS;

testkit::stories!(SETS:
    every_changed_column_of_a_user_is_named,
    acts_beside_verification_are_no_changes,
);
testkit::stories!(SETS, only sqlite: what_cannot_be_read_is_named);

const USER: i64 = 7;

fn stamp(world: &World) -> Stamp {
    Stamp { at: world.ctx.now(), actor: Actor::System("test") }
}

fn grants(city: CityId, unit: i64) -> Grants {
    let area = AreaKey::of(city.0, 0, 0, 0).unwrap().range();
    [Grant { role: Role::Handler, area, unit: Some(UnitId(unit)) }].into()
}

async fn add(world: &World, id: i64) {
    let add = AddUser {
        city: world.city,
        id: UserId(id),
        login: format!("login{id}"),
        name: "周明".to_owned(),
        password: "no hash".to_owned(),
        unit: Some(UnitId(3)),
        grants: grants(world.city, 3),
        salt: vec![],
        name_sealed: vec![],
        stamp: stamp(world),
    };
    world.db().write(add.sealed(&world.ctx.secrets)).await.unwrap();
}

async fn change(world: &World, change: UserChange) {
    let change = ChangeUser { city: world.city, id: UserId(USER), change, stamp: stamp(world) };
    world.db().write(change).await.unwrap();
}

/// Columns and their types of a table, from the schema.
async fn columns(world: &World, raw: &DatabaseConnection, table: &str) -> Vec<(String, String)> {
    let query = Statement::from_string(raw.get_database_backend(), columns_query(world.engine));
    let rows = raw.query_all_raw(query).await.unwrap().into_iter();
    let text = |row: &sea_orm::QueryResult, name| row.try_get::<String>("", name).unwrap();
    rows.filter(|row| text(row, "table_name") == table)
        .map(|row| (text(&row, "column_name"), text(&row, "column_type").to_lowercase()))
        .collect()
}

/// Changes one column of the rows in `scope`, looks, and puts the rows back.
async fn with(world: &World, table: &str, scope: &str, set: &str, value: &str) -> Vec<(String, Flaw)> {
    let raw = world.database.raw().await;
    let run = async |sql: String| {
        let sql = sql.replace("CITY", &world.city.to_string());
        raw.execute_unprepared(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    };
    run(format!("CREATE TEMPORARY TABLE kept AS SELECT * FROM {table} WHERE {scope}")).await;
    run(format!("UPDATE {table} SET {set} = {value} WHERE {scope}")).await;
    let mut found = verify(&world.ctx, world.city).await.unwrap();
    found.extend(verify_sequence(&world.ctx, world.city).await.unwrap());
    // Where the key itself was changed, the row stands elsewhere by now.
    let moved = format!("{scope} OR {set} = {value}");
    let key = [
        "city_id",
        "id",
        "user_id",
        "unit_id",
        "role",
        "area_from",
        "area_to",
        "seq",
        "stream_id",
        "stream",
        "version",
    ];
    let gone = if key.contains(&set) { moved.as_str() } else { scope };
    run(format!("DELETE FROM {table} WHERE {gone}")).await;
    run(format!("INSERT INTO {table} SELECT * FROM kept")).await;
    run("DROP TABLE kept".to_owned()).await;
    found.into_iter().map(|finding| (format!("{} {}", finding.record, finding.name), finding.flaw)).collect()
}

fn names_the_user(found: &[(String, Flaw)], what: &str) {
    assert!(found.iter().any(|(name, _)| name == &format!("user {USER}")), "{what}: {found:?}");
}

async fn every_changed_column_of_a_user_is_named(world: World) {
    add(&world, USER).await;
    add(&world, 8).await;
    let raw = world.database.raw().await;
    let bytes = match world.engine {
        Engine::Sqlite => "x'abcd'",
        Engine::Postgres => "'\\xabcd'::bytea",
    };
    let tables = [
        ("platform_user", format!("city_id = CITY AND id = {USER}")),
        ("platform_grant", format!("city_id = CITY AND user_id = {USER}")),
    ];
    for (table, scope) in tables {
        for (column, kind) in columns(&world, &raw, table).await {
            let value = match kind.as_str() {
                "boolean" => "TRUE",
                "bigint" | "integer" => "987654321987",
                "text" => "'other'",
                _bytes => bytes,
            };
            let found = with(&world, table, &scope, &column, value).await;
            names_the_user(&found, &format!("{table}.{column}"));
            assert_eq!(verify(&world.ctx, world.city).await.unwrap(), [], "{table}.{column} is as before");
        }
    }
    raw.execute_unprepared(&format!("DELETE FROM platform_user WHERE city_id = {} AND id = 8", world.city))
        .await
        .unwrap();
    let found = verify(&world.ctx, world.city).await.unwrap();
    assert_eq!(
        found.iter().map(|f| (f.name.as_str(), f.flaw)).collect::<Vec<_>>(),
        [("8", Flaw::RowMissing)]
    );
}

/// SQLite stores any value anywhere: a text that is none, a number where a text should be, a fraction, a two for true.
async fn what_cannot_be_read_is_named(world: World) {
    add(&world, USER).await;
    add(&world, 8).await;
    change(&world, UserChange::Disable).await;
    let raw = world.database.raw().await;
    let user = format!("city_id = CITY AND id = {USER}");
    let grant = format!("city_id = CITY AND user_id = {USER}");
    let event = format!("city_id = CITY AND stream = 'user' AND stream_id = {USER} AND version = 2");
    for (table, scope) in [("platform_user", user), ("platform_grant", grant), ("platform_journal", event)] {
        for (column, kind) in columns(&world, &raw, table).await {
            let values: &[&str] = match kind.as_str() {
                "boolean" => &["2", "'yes'"],
                "bigint" | "integer" => &["'many'", "1.5", "x'07'"],
                "text" => &["CAST(x'ff41' AS TEXT)", "x'41'"],
                _bytes => &["'text'", "5"],
            };
            for value in values {
                let what = format!("{table}.{column} = {value}");
                let found = with(&world, table, &scope, &column, value).await;
                if table == "platform_journal" {
                    assert!(found.iter().any(|(name, _)| name.starts_with("journal ")), "{what}: {found:?}");
                }
                names_the_user(&found, &what);
                assert_eq!(verify(&world.ctx, world.city).await.unwrap(), [], "{what} is as before");
                assert_eq!(verify_sequence(&world.ctx, world.city).await.unwrap(), [], "{what} is as before");
            }
        }
    }
    let lane = format!("UPDATE platform_lane SET seq = 'x' WHERE city_id = {}", world.city);
    raw.execute_unprepared(&lane).await.unwrap();
    let found = verify_sequence(&world.ctx, world.city).await.unwrap();
    assert_eq!(found.iter().map(|finding| finding.flaw).collect::<Vec<_>>(), [Flaw::SeqBroken]);
}

/// Verification beside a server that goes on working finds nothing.
async fn acts_beside_verification_are_no_changes(world: World) {
    add(&world, USER).await;
    let acts = async {
        for unit in 1..=150 {
            change(&world, UserChange::Grants(grants(world.city, unit))).await;
        }
    };
    let looks = async {
        loop {
            assert_eq!(verify(&world.ctx, world.city).await.unwrap(), []);
            assert_eq!(verify_sequence(&world.ctx, world.city).await.unwrap(), []);
        }
    };
    tokio::select! {
        () = acts => {}
        () = looks => {}
    }
}
