//! Lanes: one task that runs commands in order, many in one transaction (architecture §4).
//!
//! A batch has no savepoints. A command that says no before its first write is simply rewound. If one fails after a
//! write, panics, or a statement fails, the whole batch is rolled back and replayed one by one under savepoints, so
//! exactly the good ones land. Nothing is answered before the commit, and nothing is run again after a commit that
//! failed: it may have happened.

use std::time::{Duration, Instant};

use kernel::id::CityId;
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tokio::sync::mpsc;

use super::Engine;
use super::command::{Job, Ran};
use super::fault::Fault;
use super::tx::Tx;
use crate::live::Live;

/// Commands in one transaction, at most.
const BATCH_MAX: usize = 256;
/// How long a batch may run before it is committed with what it has.
const BATCH_TIME: Duration = Duration::from_millis(20);

pub(super) type BoxedJob = Box<dyn Job>;

/// The task of one lane: lives until every sender is gone.
pub(super) struct Lane {
    pub(super) writer: DatabaseConnection,
    pub(super) engine: Engine,
    pub(super) live: Live,
}

impl Lane {
    pub(super) async fn run(self, mut queue: mpsc::Receiver<BoxedJob>) {
        let mut jobs: Vec<BoxedJob> = Vec::with_capacity(BATCH_MAX);
        while queue.recv_many(&mut jobs, BATCH_MAX).await > 0 {
            while !jobs.is_empty() {
                self.batch(&mut jobs).await;
            }
        }
    }

    /// Runs a prefix of `jobs` (at least one) in one transaction, answers it and removes it.
    async fn batch(&self, jobs: &mut Vec<BoxedJob>) {
        let (taken, failed) = match self.together(jobs).await {
            Ok((taken, seqs)) => {
                self.live.committed(&seqs);
                (taken, None)
            }
            Err(Torn { taken, fault, replay: false }) => {
                tracing::error!(%fault, taken, "batch failed");
                (taken, Some(fault))
            }
            Err(Torn { taken, fault, replay: true }) => {
                tracing::debug!(%fault, taken, "batch replayed one by one");
                (taken, self.one_by_one(&mut jobs[..taken]).await.err())
            }
        };
        for job in &mut jobs[..taken] {
            if let Some(fault) = &failed {
                job.spoil(fault.clone());
            }
            job.answer();
        }
        jobs.drain(..taken);
    }

    async fn together(&self, jobs: &mut [BoxedJob]) -> Result<(usize, Seqs), Torn> {
        let mut tx = self.begin().await.map_err(|fault| {
            // Trying once more would let everybody wait twice as long to hear the same.
            Torn { taken: jobs.len(), fault, replay: false }
        })?;
        match run_all(&mut tx, jobs).await {
            Ok((taken, seqs)) => match self.commit(tx.into_conn()).await {
                Ok(()) => Ok((taken, seqs)),
                Err(fault) => Err(Torn { taken, fault, replay: false }),
            },
            Err(torn) => {
                self.give_up(tx.into_conn()).await;
                Err(torn)
            }
        }
    }

    async fn one_by_one(&self, jobs: &mut [BoxedJob]) -> Result<(), Fault> {
        let outer = self.begin().await?.into_conn();
        match self.replay(&outer, jobs).await {
            Ok(seqs) => {
                self.commit(outer).await?;
                self.live.committed(&seqs);
                Ok(())
            }
            Err(fault) => {
                self.give_up(outer).await;
                Err(fault)
            }
        }
    }

    async fn replay(&self, outer: &DatabaseTransaction, jobs: &mut [BoxedJob]) -> Result<Seqs, Fault> {
        let mut all = Seqs::new();
        for job in jobs {
            let mut tx = Tx::new(outer.begin().await?, self.engine == Engine::Postgres);
            tx.enter(job.city()).await?;
            let flushed = match (job.run(&mut tx).await, tx.failure()) {
                (Ran::Done, None) => Some(tx.flush().await),
                // It did not notice, or did not mind: its statements are undone all the same.
                (Ran::Done, Some(fault)) => Some(Err(fault)),
                (Ran::Refused | Ran::Panicked, _) => None,
            };
            let savepoint = tx.into_conn();
            match flushed {
                Some(Ok(seqs)) => {
                    savepoint.commit().await?;
                    all.extend(seqs);
                }
                Some(Err(fault)) => {
                    savepoint.rollback().await?;
                    job.spoil(fault);
                }
                None => savepoint.rollback().await?,
            }
        }
        Ok(all)
    }

    async fn begin(&self) -> Result<Tx, Fault> {
        let options = TransactionOptions {
            sqlite_transaction_mode: (self.engine == Engine::Sqlite)
                .then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        match self.writer.begin_with_options(options).await {
            Ok(conn) => Ok(Tx::new(conn, self.engine == Engine::Postgres)),
            Err(error) => {
                self.renew_connection().await;
                Err(error.into())
            }
        }
    }

    async fn commit(&self, conn: DatabaseTransaction) -> Result<(), Fault> {
        let outcome = conn.commit().await;
        if outcome.is_err() {
            self.renew_connection().await;
        }
        Ok(outcome?)
    }

    async fn give_up(&self, conn: DatabaseTransaction) {
        if let Err(error) = conn.rollback().await {
            tracing::warn!(%error, "rollback failed");
            self.renew_connection().await;
        }
    }

    /// Closes the writing connection of SQLite, so that the next batch opens another. After a transaction that SQLite
    /// ended by itself (disk full), the driver still counts it as open and would never begin one again. On PostgreSQL
    /// the pool tests a connection before it lends it.
    async fn renew_connection(&self) {
        if self.engine == Engine::Sqlite
            && let Ok(conn) = self.writer.get_sqlite_connection_pool().acquire().await
        {
            drop(conn.close().await);
        }
    }
}

/// For each city with new events, its last seq.
type Seqs = Vec<(CityId, i64)>;

/// Runs jobs until the time of the batch is over and writes out what they noted. Nothing is committed yet.
#[expect(clippy::disallowed_methods, reason = "measures the batch itself, not domain time")]
async fn run_all(tx: &mut Tx, jobs: &mut [BoxedJob]) -> Result<(usize, Seqs), Torn> {
    let started = Instant::now();
    let mut taken = 0;
    for job in jobs {
        taken += 1;
        tx.enter(job.city()).await.map_err(|fault| Torn::new(taken, fault))?;
        let mark = tx.mark();
        let clean = match job.run(tx).await {
            Ran::Done => tx.failure().is_none(),
            Ran::Refused => tx.rewind(mark),
            Ran::Panicked => false,
        };
        if !clean {
            return Err(Torn::new(taken, tx.failure().unwrap_or(Fault::LostRace)));
        }
        if started.elapsed() > BATCH_TIME {
            break;
        }
    }
    let seqs = tx.flush().await.map_err(|fault| Torn::new(taken, fault))?;
    Ok((taken, seqs))
}

/// A batch that could not be committed as a whole: its first `taken` commands have no answer yet.
struct Torn {
    taken: usize,
    fault: Fault,
    /// May they be run again, one by one? Not where the transaction never began, nor where the COMMIT itself failed:
    /// nobody knows whether it happened.
    replay: bool,
}

impl Torn {
    fn new(taken: usize, fault: Fault) -> Self {
        Self { taken, fault, replay: true }
    }
}
