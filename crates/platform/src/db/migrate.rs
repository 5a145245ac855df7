//! Migrations: raw SQL files of the slices, in the order of their stamps, each applied once and never edited afterwards.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, FromQueryResult, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};
use sha2::{Digest, Sha256};

use super::dialect::{column_types, columns_query, indexes_query, migration_lock, plain_type};
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
    files: &[("2026_11_23_0001_platform", include_str!("../../migrations/2026_11_23_0001_platform.sql"))],
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
/// [`Fault::Unreadable`] when an applied file was edited; [`Fault::Database`] when a statement fails.
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
    let query =
        Statement::from_string(tx.get_database_backend(), "SELECT name, checksum FROM platform_migration");
    let applied = Applied::find_by_statement(query).all(&tx).await?;
    let mut files: Vec<&(&str, &str)> = sets.iter().flat_map(|set| set.files).collect();
    files.sort();
    for (name, sql) in files {
        let checksum = hex::encode(Sha256::digest(sql.as_bytes()));
        match applied.iter().find(|row| row.name == *name) {
            Some(row) if row.checksum == checksum => {}
            Some(_) => {
                return Err(Fault::Unreadable(
                    format!("migration {name} was edited after it was applied").into(),
                ));
            }
            None => apply(&tx, db.engine(), name, &checksum, sql).await?,
        }
    }
    Ok(tx.commit().await?)
}

async fn apply(
    tx: &DatabaseTransaction,
    engine: Engine,
    name: &str,
    checksum: &str,
    sql: &str,
) -> Result<(), Fault> {
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
        [name.into(), checksum.into()],
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
