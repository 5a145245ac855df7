//! Turns at the decoder: few photos are decoded at once, and whoever sent sixty heavy ones waits behind those who sent one.
//! Senders take turns, each with his oldest photo first.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel::id::FileId;
use tokio::sync::oneshot;

/// Who is counted as one sender: a member of staff, or whoever shares an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Sender(pub u64);

/// Senders of photos that wait are remembered, at most: the photos of others count as one sender's.
const REMEMBERED: usize = 20_000;

/// The turns. Cheap to clone.
#[derive(Clone)]
pub(super) struct Turns {
    state: Arc<Mutex<State>>,
}

struct State {
    free: usize,
    /// Senders in the order of their next turn, and what each waits for.
    order: VecDeque<Sender>,
    waiting: HashMap<Sender, VecDeque<oneshot::Sender<Turn>>>,
    senders: HashMap<FileId, Sender>,
}

/// A turn; the next one begins when it is dropped.
pub(super) struct Turn {
    turns: Option<Turns>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(turns) = self.turns.take() {
            turns.pass_on();
        }
    }
}

impl Turns {
    /// So many at once.
    pub(super) fn new(at_once: usize) -> Self {
        let state =
            State { free: at_once, order: VecDeque::new(), waiting: HashMap::new(), senders: HashMap::new() };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    /// Remembers who sent a photo, until it is settled or the process ends.
    pub(super) fn sent(&self, file: FileId, by: Sender) {
        let mut state = self.state();
        if state.senders.len() < REMEMBERED {
            state.senders.insert(file, by);
        }
    }

    /// Who sent a photo; nobody in particular where that is not known.
    pub(super) fn sender(&self, file: FileId) -> Sender {
        self.state().senders.get(&file).copied().unwrap_or_default()
    }

    /// Forgets who sent a photo.
    pub(super) fn settled(&self, file: FileId) {
        self.state().senders.remove(&file);
    }

    /// Waits for a turn of this sender.
    pub(super) async fn take(&self, by: Sender) -> Turn {
        let (give, wait) = oneshot::channel();
        {
            let mut state = self.state();
            if state.free > 0 {
                state.free -= 1;
                return Turn { turns: Some(self.clone()) };
            }
            let line = state.waiting.entry(by).or_default();
            line.push_back(give);
            if line.len() == 1 {
                state.order.push_back(by);
            }
        }
        // The other end is never dropped while somebody waits; if it were, one more at once harms less than none.
        wait.await.unwrap_or_else(|_| Turn { turns: Some(self.clone()) })
    }

    /// Gives a free turn to whoever is next; those who gave up waiting are passed over.
    fn pass_on(&self) {
        loop {
            let next = {
                let mut state = self.state();
                let Some(sender) = state.order.pop_front() else {
                    state.free += 1;
                    return;
                };
                let Some(line) = state.waiting.get_mut(&sender) else { continue };
                let next = line.pop_front();
                if line.is_empty() {
                    state.waiting.remove(&sender);
                } else {
                    state.order.push_back(sender);
                }
                next
            };
            let Some(next) = next else { continue };
            match next.send(Turn { turns: Some(self.clone()) }) {
                Ok(()) => return,
                // Its waiter is gone: this turn goes to the next one here, and not by being dropped.
                Err(mut turn) => turn.turns = None,
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sixty of one sender, then one of another: he waits for one, not for sixty.
    #[tokio::test]
    async fn senders_take_turns() {
        let turns = Turns::new(1);
        let held = turns.take(Sender(0)).await;
        let done = Arc::new(Mutex::new(Vec::new()));
        let mut all = Vec::new();
        for (sender, count) in [(1, 60), (2, 1), (3, 2)] {
            for _ in 0..count {
                let (turns, done) = (turns.clone(), done.clone());
                all.push(tokio::spawn(async move {
                    let _turn = turns.take(Sender(sender)).await;
                    done.lock().unwrap().push(sender);
                }));
                tokio::task::yield_now().await;
            }
        }
        drop(held);
        for one in all {
            one.await.unwrap();
        }
        let done = done.lock().unwrap();
        assert_eq!(done[..5], [1, 2, 3, 1, 3], "{done:?}");
        assert_eq!(done.len(), 63);
    }

    #[tokio::test]
    async fn who_gave_up_costs_no_turn() {
        let turns = Turns::new(2);
        let held = (turns.take(Sender(1)).await, turns.take(Sender(1)).await);
        {
            let waiting = turns.take(Sender(2));
            let gave_up = tokio::time::timeout(std::time::Duration::from_millis(1), waiting).await;
            assert!(gave_up.is_err());
        }
        drop(held);
        let both = (turns.take(Sender(3)).await, turns.take(Sender(4)).await);
        assert_eq!(turns.state().free, 0);
        drop(both);
        assert_eq!(turns.state().free, 2);
        turns.sent(FileId(7), Sender(9));
        assert_eq!((turns.sender(FileId(7)), turns.sender(FileId(8))), (Sender(9), Sender(0)));
        turns.settled(FileId(7));
        assert_eq!(turns.sender(FileId(7)), Sender(0));
    }
}
