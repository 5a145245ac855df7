//! Checking a whole journal: its numbers have no gap and end where the lane ends, and every entry is what was hashed.
//! The latter finds what no record's own check meets: an event whose stream was renamed, or whose record is gone.

use kernel::id::CityId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Column, Entity, Entry, Finding, Flaw};
use crate::ctx::Ctx;
use crate::db::tables::lane;
use crate::db::{Fault, Unreadable, stored_rows};

const PAGE: u64 = 2_000;

/// Walks the journal of a city. A deleted newest event shows here, because the lane remembers the last number; an
/// insider who changes both needs the daily seal to be found (docs/operations.md).
///
/// # Errors
/// What the database says; an entry that cannot be read is a finding.
pub async fn verify_sequence(ctx: &Ctx, city: CityId) -> Result<Vec<Finding>, Fault> {
    let conn = ctx.db.reader();
    let mut walk = Walk { city, seen: 0, findings: Vec::new() };
    let begun_at = walk.lane_end(ctx).await?;
    loop {
        let query = Entity::find()
            .filter(Column::CityId.eq(city.0))
            .filter(Column::Seq.gt(walk.seen))
            .order_by_asc(Column::Seq)
            .limit(PAGE);
        let page = stored_rows(conn, query).await?;
        let (size, before) = (page.len() as u64, walk.seen);
        for row in page {
            match row {
                Ok(entry) => walk.entry(&entry),
                Err(row) => walk.unreadable(&row),
            }
        }
        // Numbers that are none sort behind all others: they come once, on the last page.
        if size < PAGE || walk.seen == before {
            break;
        }
    }
    // A running server may have committed more since the walk began, but never less than what was walked.
    let ended_at = walk.lane_end(ctx).await?;
    let seen = walk.seen;
    if let (Some(begun_at), Some(ended_at)) = (begun_at, ended_at) {
        if seen < begun_at {
            walk.broken(format!("the journal ends at {seen}, the lane at {begun_at}"));
        } else if seen > ended_at {
            walk.broken(format!("the journal ends at {seen}, the lane at {ended_at}"));
        }
    } else {
        walk.broken("the lane cannot be read".to_owned());
    }
    Ok(walk.findings)
}

struct Walk {
    city: CityId,
    seen: i64,
    findings: Vec<Finding>,
}

impl Walk {
    /// The last number that the lane gave out; `None` when its row cannot be read.
    async fn lane_end(&self, ctx: &Ctx) -> Result<Option<i64>, Fault> {
        let rows = stored_rows(ctx.db.reader(), lane::Entity::find_by_id(self.city.0)).await?;
        Ok(rows.into_iter().next().map_or(Some(0), |row| row.ok().map(|row| row.seq)))
    }

    fn entry(&mut self, entry: &Entry) {
        self.step(entry.seq);
        if entry.computed_hash() != entry.hash {
            let Entry { seq, stream, stream_id, version, .. } = entry;
            self.changed(format!("seq {seq}: {stream} {stream_id}, version {version}"));
        }
    }

    fn unreadable(&mut self, row: &Unreadable) {
        let Some(seq) = row.number(&Column::Seq) else {
            return self.broken("an entry whose seq cannot be read".to_owned());
        };
        self.step(seq);
        let stream = row.text(&Column::Stream).unwrap_or_else(|| "?".to_owned());
        let id = row.number(&Column::StreamId).map_or_else(|| "?".to_owned(), |id| id.to_string());
        self.changed(format!("seq {seq}: {stream} {id}, {}: unreadable", row.column));
    }

    fn step(&mut self, seq: i64) {
        if seq != self.seen + 1 {
            self.broken(format!("seq {seq} follows {}", self.seen));
        }
        self.seen = seq;
    }

    fn broken(&mut self, place: String) {
        self.find(Flaw::SeqBroken, place);
    }

    fn changed(&mut self, place: String) {
        self.find(Flaw::EventChanged, place);
    }

    fn find(&mut self, flaw: Flaw, place: String) {
        let (record, name) = ("journal".to_owned(), self.city.to_string());
        self.findings.push(Finding { city: self.city, record, name, flaw, place });
    }
}
