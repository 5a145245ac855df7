//! Faults: what can go wrong below the rules. Logged once where they are met, shown as a bare 500 with the request id.

use std::sync::Arc;

use kernel::problem::{Problem, ToProblem};
use sea_orm::{DbErr, SqlErr};

/// Something below the rules failed. Cheap to clone, because one failed batch answers many callers.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Fault {
    /// The database refused or was lost.
    #[error("database: {0}")]
    Database(Arc<DbErr>),
    /// A unique key was already there; `0` is the engine's own message, which names the table.
    #[error("duplicate key: {0}")]
    Duplicate(Arc<str>),
    /// The facts in memory were older than the policies in the database; the caller rebuilds them and tries again.
    #[error("facts are older than the policies")]
    Stale,
    /// The stored record changed between reading and writing.
    #[error("somebody else was faster")]
    LostRace,
    /// A stored value cannot be read back. `0` names the record.
    #[error("unreadable record: {0}")]
    Unreadable(Arc<str>),
    /// A migration is not the one that was applied here: the database is of another development version.
    #[error("migration {0} was edited after it was applied")]
    Edited(&'static str),
    /// A command panicked. The batch around it was not harmed.
    #[error("a command panicked: {0}")]
    Panicked(Arc<str>),
    /// The file store failed.
    #[error("file store: {0}")]
    Files(Arc<str>),
    /// The bytes of a file are not in the store of this server. `0` is its id.
    #[error("file {0} does not lie in this photo store")]
    Elsewhere(Arc<str>),
    /// There is no room for more on the disk of the photo store.
    #[error("the disk of the photo store is full")]
    NoRoom,
    /// The writer has stopped, because the process is shutting down.
    #[error("the writer has stopped")]
    Stopped,
}

impl Fault {
    /// Did a unique key of `table` refuse?
    pub fn is_duplicate_of(&self, table: &str) -> bool {
        matches!(self, Self::Duplicate(message) if message.contains(table))
    }
}

impl From<DbErr> for Fault {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(message)) => Self::Duplicate(message.into()),
            _other => Self::Database(Arc::new(error)),
        }
    }
}

impl ToProblem for Fault {
    fn problem(&self) -> Problem {
        match self {
            Self::LostRace | Self::Stale => Problem::conflict("platform/stale"),
            Self::Duplicate(_) => Problem::conflict("platform/duplicate"),
            Self::Stopped => Problem::new(503, "platform/stopping"),
            Self::Elsewhere(file) => {
                tracing::error!(error = %self, "a photo lies elsewhere");
                Problem::new(503, "files/elsewhere").with("file", file.as_ref()).with("wait_s", 60)
            }
            Self::NoRoom => {
                tracing::error!(error = %self, "no upload is taken");
                Problem::new(507, "files/no-room").with("wait_s", 600)
            }
            Self::Database(_)
            | Self::Unreadable(_)
            | Self::Edited(_)
            | Self::Panicked(_)
            | Self::Files(_) => {
                tracing::error!(error = %self, "fault");
                Problem::new(500, "platform/fault")
            }
        }
    }
}
