//! What an auditor is told: events that change rights or show something masked, newest first.

use kernel::id::CityId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Column, Entity, Entry};
use crate::db::Fault;
use crate::db::tables::told;

/// At most `limit` events of which an auditor is told, before `seq` (from the newest on where that is absent).
///
/// # Errors
/// What the database says.
pub async fn told_before(
    conn: &impl ConnectionTrait,
    city: CityId,
    seq: Option<i64>,
    limit: u64,
) -> Result<Vec<Entry>, Fault> {
    let mut query = told::Entity::find().filter(told::Column::CityId.eq(city.0));
    if let Some(seq) = seq {
        query = query.filter(told::Column::Seq.lt(seq));
    }
    let rows = query.order_by_desc(told::Column::Seq).limit(limit).all(conn).await?;
    let entries = Entity::find()
        .filter(Column::CityId.eq(city.0))
        .filter(Column::Seq.is_in(rows.into_iter().map(|row| row.seq)))
        .order_by_desc(Column::Seq)
        .all(conn)
        .await?;
    Ok(entries)
}
