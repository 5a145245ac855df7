//! Reading the journal: a stream, everything after a seq, the head of a city.

use std::collections::BTreeSet;

use kernel::id::CityId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Column, Entity, Entry, Head};
use crate::db::{Fault, stored_numbers, stored_rows};

/// The events of one stream, oldest first.
///
/// # Errors
/// What the database says.
pub async fn read_stream(
    conn: &impl ConnectionTrait,
    city: CityId,
    stream: &str,
    id: i64,
) -> Result<Vec<Entry>, Fault> {
    let rows = Entity::find()
        .filter(Column::CityId.eq(city.0))
        .filter(Column::Stream.eq(stream))
        .filter(Column::StreamId.eq(id))
        .order_by_asc(Column::Version)
        .all(conn)
        .await?;
    Ok(rows)
}

/// At most `limit` events of the city after `seq`, in commit order.
///
/// # Errors
/// What the database says.
pub async fn events_after(
    conn: &impl ConnectionTrait,
    city: CityId,
    seq: i64,
    limit: u64,
) -> Result<Vec<Entry>, Fault> {
    let rows = Entity::find()
        .filter(Column::CityId.eq(city.0))
        .filter(Column::Seq.gt(seq))
        .order_by_asc(Column::Seq)
        .limit(limit)
        .all(conn)
        .await?;
    Ok(rows)
}

/// The last seq of the city, 0 when nothing has happened: the "as of" of an answer.
///
/// # Errors
/// What the database says.
pub async fn last_seq(conn: &impl ConnectionTrait, city: CityId) -> Result<i64, Fault> {
    let row = crate::db::tables::lane::Entity::find_by_id(city.0).one(conn).await?;
    Ok(row.map_or(0, |row| row.seq))
}

/// The head of a stream from the journal itself; `None` when it has no events.
///
/// # Errors
/// What the database says.
pub async fn head_of(
    conn: &impl ConnectionTrait,
    city: CityId,
    stream: &str,
    id: i64,
) -> Result<Option<Head>, Fault> {
    let row = Entity::find()
        .filter(Column::CityId.eq(city.0))
        .filter(Column::Stream.eq(stream))
        .filter(Column::StreamId.eq(id))
        .order_by_desc(Column::Version)
        .limit(1)
        .one(conn)
        .await?;
    Ok(row.map(|row| Head { version: row.version, hash: row.hash }))
}

/// Ids of all streams of a kind: how verification walks them. An entry whose id cannot be read is left out here and
/// named by the walk through the whole journal.
///
/// # Errors
/// What the database says.
pub async fn stream_ids(
    conn: &impl ConnectionTrait,
    city: CityId,
    stream: &str,
) -> Result<BTreeSet<i64>, Fault> {
    let query = Entity::find().distinct().filter(Column::CityId.eq(city.0)).filter(Column::Stream.eq(stream));
    let (ids, _unreadable) = stored_numbers(conn, query, Column::StreamId).await?;
    Ok(ids)
}

/// The events of one kind in all streams of a kind, in commit order. One that cannot be read is left out here and named
/// by the walk through the whole journal.
///
/// # Errors
/// What the database says.
pub async fn events_of_kind(
    conn: &impl ConnectionTrait,
    city: CityId,
    stream: &str,
    kind: &str,
) -> Result<Vec<Entry>, Fault> {
    let query = Entity::find()
        .filter(Column::CityId.eq(city.0))
        .filter(Column::Stream.eq(stream))
        .filter(Column::Kind.eq(kind))
        .order_by_asc(Column::Seq);
    Ok(stored_rows(conn, query).await?.into_iter().filter_map(Result::ok).collect())
}
