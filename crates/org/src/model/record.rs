//! What all records have in common.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A noun of the hall as a document. Its journal stream is a chain of [`OrgEvent`]s, the last of which is the record.
pub trait Record: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The kind of record as its row names it, for example `unit`.
    const KIND: &'static str;
    /// The kind of its journal streams, for example `org.unit`.
    const STREAM: &'static str;
    /// Its id, which is also the id of its stream; unique among records of the kind.
    fn id(&self) -> i64;
    /// The code that people use for it; unique among the records of the kind that stand.
    fn code(&self) -> String;
}

/// A change of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrgEvent<R> {
    /// The record is now this.
    Set(R),
    /// The record no longer stands. What was said of it before remains in the journal.
    Removed,
    /// The record no longer stands, and what was personal about it was destroyed with its salt (删除个人信息).
    Erased,
}

impl<R> OrgEvent<R> {
    /// The name of the change in the journal.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Set(_) => "set",
            Self::Removed => "removed",
            Self::Erased => "erased",
        }
    }

    /// The record after the event; `None` when it was removed. Replaying a stream is taking its last event.
    pub fn after(self) -> Option<R> {
        match self {
            Self::Set(record) => Some(record),
            Self::Removed | Self::Erased => None,
        }
    }
}
