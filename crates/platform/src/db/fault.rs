//! Faults: what can go wrong below the rules. Logged once where they are met. A full disk and a database that
//! is away have names (507, 503) and pass; everything else is shown as a bare 500 with the request id.

use std::sync::Arc;

use kernel::problem::{Problem, ToProblem};
use sea_orm::{DbErr, SqlErr};

use super::trouble::{self, Trouble};

/// After how many seconds it is worth trying again.
const WAIT_S: u32 = 5;

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
    /// The writer has stopped, because the process is shutting down.
    #[error("the writer has stopped")]
    Stopped,
    /// The database let us wait for too long.
    #[error("the database says nothing")]
    Silent,
}

impl Fault {
    /// A full disk, or a database that is away?
    pub fn trouble(&self) -> Option<Trouble> {
        match self {
            Self::Database(error) => trouble::of_database(error),
            Self::Files(words) => trouble::of_words(words),
            Self::Silent => Some(Trouble::Away),
            Self::Duplicate(_)
            | Self::Stale
            | Self::LostRace
            | Self::Unreadable(_)
            | Self::Edited(_)
            | Self::Panicked(_)
            | Self::Stopped => None,
        }
    }

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
        if let Some(trouble) = self.trouble() {
            tracing::error!(error = %self, ?trouble, "trouble");
            let (status, code) = match trouble {
                Trouble::Full => (507, "platform/disk-full"),
                Trouble::Away => (503, "platform/database-away"),
            };
            return Problem::new(status, code).with("wait_s", WAIT_S);
        }
        match self {
            Self::LostRace | Self::Stale => Problem::conflict("platform/stale"),
            Self::Duplicate(_) => Problem::conflict("platform/duplicate"),
            Self::Stopped => Problem::new(503, "platform/stopping").with("wait_s", WAIT_S),
            Self::Database(_)
            | Self::Silent
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
