//! What screens read: lists, counts, the running map, one case. Views, never the aggregate; every text in them is in
//! the reader's language, every name as it stands today.

mod board;
mod counts;
mod expect;
mod filter;
mod list;
mod news;
mod photos;
mod receipt;
mod rows;
mod show;
#[cfg(test)]
mod tests;
mod timeline;
pub(crate) mod views;
mod words;

pub(crate) use filter::Filter;
pub(crate) use news::{CaseTelling, Told, line};
pub(crate) use photos::shows;

use kernel::problem::Lang;
use kernel::rights::Right;
use platform::db::Fault;
use platform::web::Caller;
use sea_orm::{AccessMode, DatabaseConnection, DatabaseTransaction, IsolationLevel, TransactionTrait};

/// Who reads, in which language, under which right.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Viewer<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) lang: Lang,
    pub(crate) right: Right,
}

/// One picture of the database for several statements, so that numbers and lists of one answer agree.
async fn still(conn: &DatabaseConnection) -> Result<DatabaseTransaction, Fault> {
    let postgres = conn.get_database_backend() == sea_orm::DatabaseBackend::Postgres;
    // On SQLite every read transaction is one picture already.
    let (level, mode) = if postgres {
        (Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly))
    } else {
        (None, None)
    };
    Ok(conn.begin_with_config(level, mode).await?)
}
