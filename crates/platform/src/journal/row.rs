//! The rows of the journal, written and read.

use kernel::id::CityId;
use kernel::time::Time;
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use super::chain::{ALG_SHA256, Facts, event_hash};
use super::{Head, JournalEvent, Stamp, Stream};
use crate::db::Fault;

/// One event as stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "platform_journal")]
#[expect(missing_docs, reason = "columns are explained in architecture §5")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub city_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub stream: String,
    pub stream_id: i64,
    pub version: i64,
    pub kind: String,
    pub v: i32,
    pub at: i64,
    pub actor: String,
    pub body: String,
    pub alg: i32,
    pub prev_hash: Vec<u8>,
    pub hash: Vec<u8>,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// One event as read: the row, with helpers.
pub type Entry = Model;

impl Model {
    /// When it happened.
    pub fn at(&self) -> Time {
        Time(self.at)
    }

    /// The event itself.
    ///
    /// # Errors
    /// [`Fault::Unreadable`] when the body is not of the shape that `E` reads.
    pub fn event<E: JournalEvent>(&self) -> Result<E, Fault> {
        serde_json::from_str(&self.body).map_err(|error| {
            let name = super::name_of(CityId(self.city_id), &self.stream, self.stream_id);
            Fault::Unreadable(format!("{name}, version {}: {error}", self.version).into())
        })
    }

    /// The hash that the stored parts give.
    pub fn computed_hash(&self) -> Vec<u8> {
        let facts = Facts {
            city_id: self.city_id,
            stream: &self.stream,
            stream_id: self.stream_id,
            version: self.version,
            kind: &self.kind,
            v: self.v,
            at: self.at,
            actor: &self.actor,
        };
        event_hash(&facts, &self.prev_hash, &self.body)
    }
}

/// An event on its way: chained, but without its seq, which the lane gives at the flush.
#[derive(Debug, Clone)]
pub struct Note {
    row: Model,
    told: bool,
}

impl Note {
    /// Chains an event to `before`.
    pub fn chain<E: JournalEvent>(
        city: CityId,
        stream: &Stream,
        before: &Head,
        stamp: &Stamp,
        event: &E,
    ) -> Self {
        // Our events are plain structs and enums with string keys: they always become JSON.
        let body =
            serde_json::to_string(event).unwrap_or_else(|error| format!("{{\"unwritable\":\"{error}\"}}"));
        let mut row = Model {
            city_id: city.0,
            seq: 0,
            stream: stream.kind.to_owned(),
            stream_id: stream.id,
            version: before.version + 1,
            kind: event.kind().to_owned(),
            v: event.v(),
            at: stamp.at.0,
            actor: stamp.actor.to_string(),
            body,
            alg: ALG_SHA256,
            prev_hash: before.hash.clone(),
            hash: Vec::new(),
        };
        row.hash = row.computed_hash();
        Self { row, told: event.told() }
    }

    /// The tenant whose journal it goes to.
    pub fn city(&self) -> CityId {
        CityId(self.row.city_id)
    }

    /// Is an auditor told of it?
    pub(crate) const fn told(&self) -> bool {
        self.told
    }

    /// The head of the stream after this event.
    pub fn head(&self) -> Head {
        Head { version: self.row.version, hash: self.row.hash.clone() }
    }

    pub(crate) fn into_row(self, seq: i64) -> ActiveModel {
        let row = self.row;
        ActiveModel {
            city_id: Set(row.city_id),
            seq: Set(seq),
            stream: Set(row.stream),
            stream_id: Set(row.stream_id),
            version: Set(row.version),
            kind: Set(row.kind),
            v: Set(row.v),
            at: Set(row.at),
            actor: Set(row.actor),
            body: Set(row.body),
            alg: Set(row.alg),
            prev_hash: Set(row.prev_hash),
            hash: Set(row.hash),
        }
    }
}
