//! The connection as commands see it: it remembers that a statement failed.
//!
//! PostgreSQL ends a transaction with its first failing statement, and a later COMMIT then undoes everything without
//! a word; SQLite ends it by itself when the disk is full and afterwards writes without one. So whatever a command
//! makes of an error, the lane hears of it: after the first failure nothing more is sent, and the batch is not
//! committed but replayed.

use std::sync::{Mutex, MutexGuard, PoisonError};

use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement};

use super::fault::Fault;

/// The transaction of a batch, for reading and writing through SeaORM.
pub struct Conn {
    inner: DatabaseTransaction,
    health: Mutex<Health>,
}

/// What is known of the statements so far.
#[derive(Default)]
struct Health {
    /// A statement was sent and its answer is not here. When that stays so, its future was dropped.
    underway: bool,
    /// The first failure.
    failed: Option<DbErr>,
}

impl Conn {
    pub(super) fn new(inner: DatabaseTransaction) -> Self {
        Self { inner, health: Mutex::default() }
    }

    pub(super) fn into_inner(self) -> DatabaseTransaction {
        self.inner
    }

    /// The fault after which this transaction must not be committed.
    pub(super) fn failure(&self) -> Option<Fault> {
        self.health().error().map(Fault::from)
    }

    fn health(&self) -> MutexGuard<'_, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self) -> Result<(), DbErr> {
        let mut health = self.health();
        match health.error() {
            Some(error) => Err(error),
            None => {
                health.underway = true;
                Ok(())
            }
        }
    }

    fn end<T>(&self, outcome: Result<T, DbErr>) -> Result<T, DbErr> {
        let mut health = self.health();
        health.underway = false;
        if let Err(error) = &outcome {
            health.failed = Some(error.clone());
        }
        outcome
    }
}

impl Health {
    fn error(&self) -> Option<DbErr> {
        let abandoned = || DbErr::Custom("a statement was abandoned while it was carried out".to_owned());
        self.failed.clone().or_else(|| self.underway.then(abandoned))
    }
}

#[async_trait]
impl ConnectionTrait for Conn {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.begin()?;
        self.end(self.inner.execute_raw(statement).await)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.begin()?;
        self.end(self.inner.execute_unprepared(sql).await)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.begin()?;
        self.end(self.inner.query_one_raw(statement).await)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.begin()?;
        self.end(self.inner.query_all_raw(statement).await)
    }
}
