//! The journal: the one courtyard where every event of every context stands, in commit order (architecture §5).
//!
//! State rows answer queries; the journal is the legal trail, the audit log, the outbox and the source of every
//! reaction. Per stream the events form a hash chain. Event bodies hold no personal data: only commitments to it.

mod chain;
mod history;
mod react;
mod read;
mod row;
mod sequence;
mod told;
mod verify;

use kernel::id::{CityId, UserId};
use kernel::time::Time;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use chain::{ALG_SHA256, GENESIS, commit, event_hash, keeps};
pub use history::{History, histories};
pub use react::{Reacting, Reaction, Reactions, lags, parked_count, parked_times};
pub use read::{events_after, events_of_kind, head_of, last_seq, read_stream, stream_ids};
pub use row::{Entry, Model as JournalRow, Note};
pub use sequence::verify_sequence;
pub use told::told_before;
pub use verify::{Erased, Finding, Flaw, check_stream};

pub(crate) use row::{Column, Entity};

/// An event of one kind of stream. The enum of a context implements it once for all its variants.
pub trait JournalEvent: Serialize + DeserializeOwned + Send + Sync {
    /// The kind of stream, such as `case`.
    const STREAM: &'static str;
    /// The kind of event, such as `dispatched`: the serde tag.
    fn kind(&self) -> &'static str;
    /// Is an auditor told of it on a page of his own: because somebody's rights change, or something masked was seen?
    fn told(&self) -> bool {
        false
    }
    /// The version of the body's shape; stays 1 until the first tagged release.
    fn v(&self) -> i32 {
        1
    }
}

/// One stream: the history of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stream {
    /// The kind of record.
    pub kind: &'static str,
    /// Its id.
    pub id: i64,
}

impl Stream {
    /// The stream of the record `id` whose events are `E`.
    pub const fn of<E: JournalEvent>(id: i64) -> Self {
        Self { kind: E::STREAM, id }
    }
}

/// Where a stream ends: its version (number of events) and the hash of its last event. Stored on the state row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Head {
    /// Number of events so far.
    pub version: i64,
    /// Hash of the last one; [`GENESIS`] when there is none.
    pub hash: Vec<u8>,
}

impl Default for Head {
    fn default() -> Self {
        Self { version: 0, hash: GENESIS.to_vec() }
    }
}

/// Who did something, as the journal names him: never by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// Somebody signed in.
    User(UserId),
    /// A resident without an account.
    Resident,
    /// The product itself: a timer, a job, an import.
    System(&'static str),
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::User(id) => write!(f, "user:{id}"),
            Self::Resident => f.write_str("resident"),
            Self::System(what) => write!(f, "system:{what}"),
        }
    }
}

/// When and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// When it happened.
    pub at: Time,
    /// Who did it.
    pub actor: Actor,
}

/// One city and one stream in it, for messages.
pub(crate) fn name_of(city: CityId, stream: &str, id: i64) -> String {
    format!("{stream} {id} of city {city}")
}
