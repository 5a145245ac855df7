//! Checking the order of a whole journal: its numbers have no gap and end where the lane ends.

use kernel::id::CityId;

use super::read::{events_after, last_seq};
use super::{Finding, Flaw};
use crate::ctx::Ctx;
use crate::db::Fault;

const PAGE: u64 = 2_000;

/// Walks the journal of a city. A deleted newest event shows here, because the lane remembers the last number; an
/// insider who changes both needs the daily seal to be found (docs/operations.md).
///
/// # Errors
/// What the database says.
pub async fn verify_sequence(ctx: &Ctx, city: CityId) -> Result<Vec<Finding>, Fault> {
    let conn = ctx.db.reader();
    let end = last_seq(conn, city).await?;
    let mut findings = Vec::new();
    let mut seen = 0;
    loop {
        let entries = events_after(conn, city, seen, PAGE).await?;
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            if entry.seq != seen + 1 {
                findings.push(broken(city, format!("seq {} follows {seen}", entry.seq)));
            }
            seen = entry.seq;
        }
    }
    // A running server may have committed more since `end` was read.
    if seen < end {
        findings.push(broken(city, format!("the journal ends at {seen}, the lane at {end}")));
    }
    Ok(findings)
}

fn broken(city: CityId, place: String) -> Finding {
    Finding { city, record: "journal".to_owned(), name: city.to_string(), flaw: Flaw::SeqBroken, place }
}
