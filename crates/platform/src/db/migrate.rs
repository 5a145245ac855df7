//! Migrations: raw SQL files of the slices, in the order of their stamps, each applied once and never edited afterwards.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, FromQueryResult, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};
use sha2::{Digest, Sha256};

use super::dialect::{column_types, columns_query, indexes_query, ledger_query, migration_lock, plain_type};
use super::{Db, Engine, Fault};

/// The migrations of one context: `(stamp_name, SQL)`; the stamp sorts (`2026_11_23_0100_org`).
#[derive(Debug, Clone, Copy)]
pub struct Migrations {
    /// Who they belong to; tables carry this prefix.
    pub context: &'static str,
    /// The files.
    pub files: &'static [(&'static str, &'static str)],
}

/// The platform's own.
pub const MIGRATIONS: Migrations = Migrations {
    context: "platform",
    files: &[
        ("2026_11_23_0001_platform", include_str!("../../migrations/2026_11_23_0001_platform.sql")),
        ("2026_11_27_0001_key_proof", include_str!("../../migrations/2026_11_27_0001_key_proof.sql")),
        ("2026_11_29_0010_audit", include_str!("../../migrations/2026_11_29_0010_audit.sql")),
        (
            "2026_11_29_0020_platform_photos",
            include_str!("../../migrations/2026_11_29_0020_platform_photos.sql"),
        ),
        (
            "2026_11_29_0030_platform_login_fold",
            include_str!("../../migrations/2026_11_29_0030_platform_login_fold.sql"),
        ),
    ],
};

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS platform_migration \
     (name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL)";

#[derive(FromQueryResult)]
struct Applied {
    name: String,
    checksum: String,
}

/// Applies what is missing, all contexts together in the order of the stamps, in one transaction: either the database
/// has the whole new shape afterwards or the old one. Of several servers that start at once, one does it.
///
/// # Errors
/// [`Fault::Edited`] when an applied file was edited; [`Fault::Database`] when a statement fails.
pub async fn migrate(db: &Db, sets: &[Migrations]) -> Result<(), Fault> {
    let options = TransactionOptions {
        sqlite_transaction_mode: (db.engine() == Engine::Sqlite).then_some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let tx = db.raw_writer().begin_with_options(options).await?;
    if let Some(lock) = migration_lock(db.engine()) {
        tx.execute_unprepared(lock).await?;
    }
    tx.execute_unprepared(LEDGER).await?;
    for (name, sql) in missing(&tx, sets).await? {
        apply(&tx, db.engine(), name, sql).await?;
    }
    Ok(tx.commit().await?)
}

/// How far a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was ever applied here: it is empty, or somebody else's.
    Foreign,
    /// These are still to be applied.
    Behind(Vec<&'static str>),
    /// It has the shape of this release.
    Current,
}

/// Looks how far a database is and changes nothing.
///
/// # Errors
/// As [`migrate`].
pub async fn standing(db: &Db, sets: &[Migrations]) -> Result<Standing, Fault> {
    let conn = db.reader();
    let query = Statement::from_string(conn.get_database_backend(), ledger_query(db.engine()));
    let ledger = conn.query_one_raw(query).await?.map_or(Ok(0), |row| row.try_get::<i64>("", "n"))?;
    if ledger == 0 {
        return Ok(Standing::Foreign);
    }
    let missing = missing(conn, sets).await?;
    if missing.is_empty() {
        return Ok(Standing::Current);
    }
    Ok(Standing::Behind(missing.into_iter().map(|(name, _sql)| name).collect()))
}

/// The files that were not applied yet, in the order of their stamps.
async fn missing(
    conn: &impl ConnectionTrait,
    sets: &[Migrations],
) -> Result<Vec<(&'static str, &'static str)>, Fault> {
    let query =
        Statement::from_string(conn.get_database_backend(), "SELECT name, checksum FROM platform_migration");
    let applied = Applied::find_by_statement(query).all(conn).await?;
    let mut files: Vec<(&str, &str)> = sets.iter().flat_map(|set| set.files).copied().collect();
    files.sort_unstable();
    let mut missing = Vec::new();
    for (name, sql) in files {
        match applied.iter().find(|row| row.name == name) {
            Some(row) if row.checksum == checksum(sql) => {}
            Some(_) => return Err(Fault::Edited(name)),
            None => missing.push((name, sql)),
        }
    }
    Ok(missing)
}

fn checksum(sql: &str) -> String {
    hex::encode(Sha256::digest(sql.as_bytes()))
}

async fn apply(tx: &DatabaseTransaction, engine: Engine, name: &str, sql: &str) -> Result<(), Fault> {
    for statement in column_types(engine, sql).split(";\n") {
        let text: String = statement
            .lines()
            .filter(|line| !line.trim_start().starts_with("--"))
            .collect::<Vec<_>>()
            .join("\n");
        if !text.trim().is_empty() {
            tx.execute_unprepared(&text).await?;
        }
    }
    let note = Statement::from_sql_and_values(
        tx.get_database_backend(),
        "INSERT INTO platform_migration (name, checksum) VALUES ($1, $2)",
        [name.into(), checksum(sql).into()],
    );
    tx.execute_raw(note).await?;
    tracing::info!(name, "migrated");
    Ok(())
}

#[derive(FromQueryResult)]
struct Column {
    table_name: String,
    column_name: String,
    column_type: String,
    nullable: String,
    key_position: i64,
}

#[derive(FromQueryResult)]
struct Index {
    kind: String,
    index_name: String,
    table_name: String,
    columns: String,
    predicate: Option<String>,
}

/// The schema in words that are the same on both engines: each table with its columns and its primary key, then the
/// indexes. Tests hold the two engines against each other and against docs/schema.txt.
///
/// # Errors
/// What the database says.
pub async fn schema_snapshot(db: &Db) -> Result<String, Fault> {
    let conn = db.reader();
    let backend = conn.get_database_backend();
    let columns = Column::find_by_statement(Statement::from_string(backend, columns_query(db.engine())))
        .all(conn)
        .await?;
    let indexes = Index::find_by_statement(Statement::from_string(backend, indexes_query(db.engine())))
        .all(conn)
        .await?;
    let mut out = String::new();
    for table in columns.chunk_by(|one, next| one.table_name == next.table_name) {
        let mut key = Vec::new();
        for (position, column) in table.iter().enumerate() {
            if position == 0 {
                out.push_str(&format!("{}\n", column.table_name));
            }
            let null = if column.nullable == "YES" { " null" } else { "" };
            out.push_str(&format!("    {} {}{null}\n", column.column_name, plain_type(&column.column_type)));
            if column.key_position > 0 {
                key.push((column.key_position, column.column_name.as_str()));
            }
        }
        key.sort_unstable();
        let key: Vec<&str> = key.into_iter().map(|(_position, name)| name).collect();
        out.push_str(&format!("    key {}\n", key.join(", ")));
    }
    for Index { kind, index_name, table_name, columns, predicate } in indexes {
        let only = predicate.map(|predicate| format!(" where {predicate}")).unwrap_or_default();
        out.push_str(&format!("{kind} {index_name} on {table_name} ({columns}){only}\n"));
    }
    Ok(out)
}
