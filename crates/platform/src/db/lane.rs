//! Lanes: one task that runs commands in order, many in one transaction (architecture §4).
//!
//! A batch has no savepoints. A command that says no before its first write is simply rewound. If one fails after a
//! write, panics, or the flush fails, the whole batch is rolled back and replayed one by one under savepoints, so
//! exactly the good ones land. Nothing is answered before the commit.

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
        let taken = match self.together(jobs).await {
            Ok((taken, seqs)) => {
                self.live.committed(&seqs);
                taken
            }
            Err(Torn { taken, fault }) => {
                tracing::debug!(%fault, taken, "batch replayed one by one");
                if let Err(fault) = self.one_by_one(&mut jobs[..taken]).await {
                    for job in &mut jobs[..taken] {
                        job.fail(fault.clone());
                    }
                }
                taken
            }
        };
        for job in &mut jobs[..taken] {
            job.answer();
        }
        jobs.drain(..taken);
    }

    #[expect(clippy::disallowed_methods, reason = "measures the batch itself, not domain time")]
    async fn together(&self, jobs: &mut [BoxedJob]) -> Result<(usize, Vec<(CityId, i64)>), Torn> {
        let all = jobs.len();
        let torn = |taken| move |fault| Torn { taken, fault };
        let mut tx = self.begin().await.map_err(torn(all))?;
        let started = Instant::now();
        let mut taken = 0;
        for job in jobs.iter_mut() {
            taken += 1;
            let mark = tx.mark();
            tx.enter(job.city()).await.map_err(torn(taken))?;
            let clean = match job.run(&mut tx).await {
                Ran::Done => true,
                Ran::Refused => tx.rewind(mark),
                Ran::Panicked => false,
            };
            if !clean {
                drop(tx.into_conn().rollback().await);
                return Err(Torn { taken, fault: Fault::LostRace });
            }
            if started.elapsed() > BATCH_TIME {
                break;
            }
        }
        let seqs = tx.flush().await.map_err(torn(taken))?;
        tx.into_conn().commit().await.map_err(|error| Torn { taken, fault: error.into() })?;
        Ok((taken, seqs))
    }

    async fn one_by_one(&self, jobs: &mut [BoxedJob]) -> Result<(), Fault> {
        let outer = self.begin().await?.into_conn();
        let mut all: Vec<(CityId, i64)> = Vec::new();
        for job in jobs.iter_mut() {
            let mut tx = Tx::new(outer.begin().await?, self.engine == Engine::Postgres);
            tx.enter(job.city()).await?;
            let ran = job.run(&mut tx).await;
            let flushed = if ran == Ran::Done { Some(tx.flush().await) } else { None };
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
        outer.commit().await?;
        self.live.committed(&all);
        Ok(())
    }

    async fn begin(&self) -> Result<Tx, Fault> {
        let options = TransactionOptions {
            sqlite_transaction_mode: (self.engine == Engine::Sqlite)
                .then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let conn: DatabaseTransaction = self.writer.begin_with_options(options).await?;
        Ok(Tx::new(conn, self.engine == Engine::Postgres))
    }
}

/// A batch that could not be committed as a whole: its first `taken` commands are to be replayed.
struct Torn {
    taken: usize,
    fault: Fault,
}
