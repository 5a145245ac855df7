//! Commands: the only way to write. A command is a value; the lane runs it inside a transaction that it shares with others.

use std::future::Future;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use kernel::id::CityId;
use sea_orm::{DeleteMany, EntityTrait};
use tokio::sync::oneshot;

use super::fault::Fault;
use super::tx::Tx;

/// Something to be written.
///
/// `run` may be called twice (when the batch around it had to be replayed), so it reads `self` and `tx` and nothing
/// else: ids, time and chance are values in the command. It should finish within 50 ms; long work is many commands.
pub trait Command: Send + Sync + 'static {
    /// What the caller gets after the commit.
    type Done: Send + 'static;
    /// What the caller gets instead.
    type Error: From<Fault> + Send + 'static;
    /// The tenant whose lane runs this.
    fn city(&self) -> CityId;
    /// Does the work. An error undoes everything that this command wrote, and nothing that others wrote.
    fn run(&self, tx: &mut Tx) -> impl Future<Output = Result<Self::Done, Self::Error>> + Send;
}

/// Deletes what a statement finds, as a command of its own: for sweeps. The statement names the city.
pub(crate) struct Clear<E: EntityTrait> {
    /// The tenant.
    pub(crate) city: CityId,
    /// What goes.
    pub(crate) rows: DeleteMany<E>,
}

impl<E: EntityTrait> Command for Clear<E> {
    type Done = u64;
    type Error = Fault;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<u64, Fault> {
        tx.delete(self.rows.clone()).await
    }
}

/// How a run ended, as far as the lane needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ran {
    /// It is fine; answer after the commit.
    Done,
    /// It said no.
    Refused,
    /// It panicked.
    Panicked,
}

/// A command with its type forgotten, waiting in a lane.
pub(super) trait Job: Send {
    fn city(&self) -> CityId;
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, Ran>;
    /// Sends the answer of the last run.
    fn answer(&mut self);
    /// Replaces the answer by a fault, without sending it yet.
    fn spoil(&mut self, fault: Fault);
}

/// A command and the one who waits for it.
pub(super) struct Waiting<C: Command> {
    /// Asked once, so that a command stays in the lane it was queued in.
    pub(super) city: CityId,
    pub(super) command: C,
    pub(super) outcome: Option<Result<C::Done, C::Error>>,
    pub(super) reply: Option<oneshot::Sender<Result<C::Done, C::Error>>>,
}

impl<C: Command> Job for Waiting<C> {
    fn city(&self) -> CityId {
        self.city
    }

    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, Ran> {
        Box::pin(async move {
            // Inside the guarded block, because `run` itself may panic before it gives a future.
            let guarded = AssertUnwindSafe(async { self.command.run(tx).await });
            match guarded.catch_unwind().await {
                Ok(outcome) => {
                    let ran = if outcome.is_ok() { Ran::Done } else { Ran::Refused };
                    self.outcome = Some(outcome);
                    ran
                }
                Err(panic) => {
                    let said = panic
                        .downcast_ref::<&str>()
                        .map(|text| (*text).to_owned())
                        .or_else(|| panic.downcast_ref::<String>().cloned())
                        .unwrap_or_else(|| "no message".to_owned());
                    tracing::error!(said, "a command panicked");
                    self.outcome = Some(Err(Fault::Panicked(said.into()).into()));
                    Ran::Panicked
                }
            }
        })
    }

    fn answer(&mut self) {
        if let (Some(reply), Some(outcome)) = (self.reply.take(), self.outcome.take()) {
            // The caller may have gone away; what was committed stays committed.
            drop(reply.send(outcome));
        }
    }

    fn spoil(&mut self, fault: Fault) {
        self.outcome = Some(Err(fault.into()));
    }
}
