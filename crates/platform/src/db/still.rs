//! Several statements that see one picture of the database.

use sea_orm::{
    AccessMode, DatabaseBackend, DatabaseConnection, DatabaseTransaction, IsolationLevel, TransactionTrait,
};

use super::Fault;

/// One picture of the database for several statements: what is committed between them is not seen, so that a row and
/// its history, or a number and its list, always agree. Dropping it ends it.
///
/// # Errors
/// What the database says.
pub async fn still(conn: &DatabaseConnection) -> Result<DatabaseTransaction, Fault> {
    // On SQLite every read transaction is one picture already.
    let (level, mode) = match conn.get_database_backend() {
        DatabaseBackend::Postgres => (Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly)),
        _sqlite => (None, None),
    };
    Ok(conn.begin_with_config(level, mode).await?)
}
