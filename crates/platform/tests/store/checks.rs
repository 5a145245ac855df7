//! What must hold after every story, whatever happened in it.

use std::collections::BTreeMap;

use kernel::id::CityId;
use platform::db::Db;
use platform::db::tables::{counter, timer};
use platform::journal::{Entry, Head, check_stream, events_after, last_seq};
use sea_orm::entity::prelude::*;

use crate::ledger::accounts;

/// The whole journal of a city, in commit order.
pub async fn journal(db: &Db, city: CityId) -> Vec<Entry> {
    events_after(db.reader(), city, 0, 1_000_000).await.unwrap()
}

/// Asserts that the seqs of a city are 1, 2, 3 … up to the lane's own, and gives the last.
pub async fn seqs_without_gaps(db: &Db, city: CityId) -> i64 {
    let seqs: Vec<i64> = journal(db, city).await.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, (1..=seqs.len() as i64).collect::<Vec<_>>());
    assert_eq!(last_seq(db.reader(), city).await.unwrap(), seqs.len() as i64);
    seqs.len() as i64
}

/// Asserts that every stream is a whole chain, that the accounts end where their streams end, and that their numbers
/// are 1, 2, 3 … up to the counter's own value.
pub async fn chains_are_whole(db: &Db, city: CityId) {
    let mut streams: BTreeMap<i64, Vec<Entry>> = BTreeMap::new();
    for entry in journal(db, city).await {
        streams.entry(entry.stream_id).or_default().push(entry);
    }
    let rows = accounts(db.reader(), city).await;
    assert_eq!(
        streams.keys().copied().collect::<Vec<_>>(),
        rows.iter().map(|row| row.id).collect::<Vec<_>>()
    );
    for row in &rows {
        let head = check_stream(&streams[&row.id]).unwrap();
        assert_eq!(head, Head { version: row.version, hash: row.head_hash.clone() }, "account {}", row.id);
    }
    let mut numbers: Vec<i64> = rows.iter().map(|row| row.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=rows.len() as i64).collect::<Vec<_>>());
    assert_eq!(counted(db, city).await, rows.len() as i64);
}

/// The stored value of the account counter.
pub async fn counted(db: &Db, city: CityId) -> i64 {
    let find = counter::Entity::find_by_id((city.0, "account".to_owned()));
    find.one(db.reader()).await.unwrap().map_or(0, |row| row.value)
}

/// Timers of a city.
pub async fn timers(db: &Db, city: CityId) -> usize {
    let find = timer::Entity::find().filter(timer::Column::CityId.eq(city.0));
    find.all(db.reader()).await.unwrap().len()
}
