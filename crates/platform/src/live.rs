//! The signal that something was committed: wakes readers of the journal (live screens, reactions). It carries only
//! the last seq of a city; what happened is read from the journal, so nobody can miss an event.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use kernel::id::CityId;
use tokio::sync::watch;

/// One watch per city. Cheap to clone.
#[derive(Clone, Default)]
pub struct Live(Arc<Mutex<HashMap<CityId, watch::Sender<i64>>>>);

impl Live {
    /// Nothing has happened yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells the readers of each city how far its journal now reaches.
    pub(crate) fn committed(&self, seqs: &[(CityId, i64)]) {
        for (city, seq) in seqs {
            self.sender(*city).send_replace(*seq);
        }
    }

    /// Watches a city. The value is the last seq committed by this process, 0 before the first.
    pub fn watch(&self, city: CityId) -> watch::Receiver<i64> {
        self.sender(city).subscribe()
    }

    fn sender(&self, city: CityId) -> watch::Sender<i64> {
        let mut all = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        all.entry(city).or_insert_with(|| watch::channel(0).0).clone()
    }
}
