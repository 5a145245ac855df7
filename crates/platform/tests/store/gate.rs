//! Gets many commands into one batch: the lane is held by a command that waits until all others stand in the queue.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join_all};
use kernel::id::CityId;
use platform::db::{Command, Db, Fault, Tx};
use tokio::sync::Semaphore;

/// Holds its lane: says so on `held`, then waits until `gate` is closed.
struct Hold {
    city: CityId,
    held: Arc<Semaphore>,
    gate: Arc<Semaphore>,
}

impl Command for Hold {
    type Done = ();
    type Error = Fault;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, _tx: &mut Tx) -> Result<(), Fault> {
        self.held.add_permits(1);
        drop(self.gate.acquire().await);
        Ok(())
    }
}

/// A write that was not polled yet, its answer made comparable by the test.
pub type Write<T> = BoxFuture<'static, T>;

/// Makes a write of a command.
pub fn write<C: Command>(db: &Db, command: C) -> Write<Result<C::Done, C::Error>> {
    let db = db.clone();
    Box::pin(async move { db.write(command).await })
}

/// Queues all of them, in order, behind a held lane; then lets go and waits for every answer.
pub async fn together<T: Send + 'static>(db: &Db, city: CityId, writes: Vec<Write<T>>) -> Vec<T> {
    let (held, gate) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let hold = write(db, Hold { city, held: held.clone(), gate: gate.clone() });
    let mut all = Box::pin(join_all(writes));
    let queue = async {
        drop(held.acquire().await);
        // One poll sends every command to the queue, which is longer than any test.
        assert!((&mut all).now_or_never().is_none());
        gate.close();
    };
    let (holder, ()) = tokio::join!(hold, queue);
    holder.unwrap();
    all.await
}
