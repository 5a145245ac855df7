//! Histories for verification: whole streams, of many records at once, with whatever in them can still be read.

use std::collections::HashMap;

use kernel::id::CityId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::verify::{Flaw, check_stream};
use super::{Column, Entity, Entry, Head, JournalEvent};
use crate::db::{Fault, stored_rows};

/// The history of one record.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The entries that can be read, oldest first.
    pub entries: Vec<Entry>,
    /// Where the first one stands that cannot.
    unreadable: Option<String>,
}

impl History {
    /// Is there nothing at all?
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.unreadable.is_none()
    }

    /// Checks the chain and gives its true head.
    ///
    /// # Errors
    /// The first flaw, and where it shows.
    pub fn check(&self) -> Result<Head, (Flaw, String)> {
        match &self.unreadable {
            Some(place) => Err((Flaw::EventChanged, place.clone())),
            None => {
                check_stream(&self.entries).map_err(|(flaw, version)| (flaw, format!("version {version}")))
            }
        }
    }

    /// The events, if every one can be read.
    pub fn events<E: JournalEvent>(&self) -> Option<Vec<E>> {
        if self.unreadable.is_some() {
            return None;
        }
        self.entries.iter().map(|entry| entry.event().ok()).collect()
    }
}

/// The histories of some records of one kind; none for those without events. A record's row is read on the same
/// connection, one picture of the database (`db::still`), or its newest event may be missing on either side.
///
/// # Errors
/// What the database says; an entry that cannot be read is no error.
pub async fn histories(
    conn: &impl ConnectionTrait,
    city: CityId,
    stream: &str,
    ids: &[i64],
) -> Result<HashMap<i64, History>, Fault> {
    let query = Entity::find()
        .filter(Column::CityId.eq(city.0))
        .filter(Column::Stream.eq(stream))
        .filter(Column::StreamId.is_in(ids.iter().copied()))
        .order_by_asc(Column::StreamId)
        .order_by_asc(Column::Version);
    let mut histories: HashMap<i64, History> = HashMap::new();
    for row in stored_rows(conn, query).await? {
        match row {
            Ok(entry) => histories.entry(entry.stream_id).or_default().entries.push(entry),
            // Found by its stream id, so that one can be read.
            Err(row) => {
                let history = histories.entry(row.number(&Column::StreamId).unwrap_or_default()).or_default();
                let version = row.number(&Column::Version).map_or_else(|| "?".to_owned(), |n| n.to_string());
                history.unreadable.get_or_insert(format!("version {version}, {}: unreadable", row.column));
            }
        }
    }
    Ok(histories)
}
