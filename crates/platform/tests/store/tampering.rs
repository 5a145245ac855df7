//! Whoever changes history by SQL is found: any byte of any column of any event.

use std::collections::BTreeMap;

use kernel::chance::{Chance, SeededChance};
use kernel::id::CityId;
use platform::Ctx;
use platform::journal::{Entry, Flaw, Head, check_stream, read_stream, verify_sequence};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, Value};
use testkit::World;

use crate::SETS;
use crate::checks::journal;
use crate::ledger::{Move, Open, Stop, accounts};

testkit::stories!(SETS: a_changed_byte_is_found, a_removed_event_is_found);

/// Changes tried.
const CHANGES: u32 = 200;

/// One column of one event with another value.
#[derive(Debug)]
struct Change {
    column: &'static str,
    before: Value,
    after: Value,
}

/// Flips one bit of a number; a high one, so that no other key is met.
fn number(column: &'static str, value: i64, chance: &dyn Chance) -> Change {
    let after = value ^ (1 << (20 + chance.below(11)));
    Change { column, before: value.into(), after: after.into() }
}

fn small(column: &'static str, value: i32, chance: &dyn Chance) -> Change {
    Change { column, before: value.into(), after: (value ^ (1 << chance.below(30))).into() }
}

/// Replaces one byte of an ASCII text by another letter.
fn text(column: &'static str, value: &str, chance: &dyn Chance) -> Change {
    let mut bytes = value.as_bytes().to_vec();
    let at = chance.below(bytes.len() as u64) as usize;
    bytes[at] = if bytes[at] == b'q' { b'z' } else { b'q' };
    Change { column, before: value.into(), after: String::from_utf8(bytes).unwrap().into() }
}

fn bytes(column: &'static str, value: &[u8], chance: &dyn Chance) -> Change {
    let mut after = value.to_vec();
    let at = chance.below(after.len() as u64) as usize;
    after[at] ^= 1 << chance.below(8);
    Change { column, before: value.to_vec().into(), after: after.into() }
}

fn change(entry: &Entry, chance: &dyn Chance) -> Change {
    match chance.below(13) {
        0 => number("city_id", entry.city_id, chance),
        1 => number("seq", entry.seq, chance),
        2 => text("stream", &entry.stream, chance),
        3 => number("stream_id", entry.stream_id, chance),
        4 => number("version", entry.version, chance),
        5 => text("kind", &entry.kind, chance),
        6 => small("v", entry.v, chance),
        7 => number("at", entry.at, chance),
        8 => text("actor", &entry.actor, chance),
        9 => text("body", &entry.body, chance),
        10 => small("alg", entry.alg, chance),
        11 => bytes("prev_hash", &entry.prev_hash, chance),
        _hash => bytes("hash", &entry.hash, chance),
    }
}

/// What verification says of a city: streams with flaws (with the version where it shows), streams that are not
/// accounts' or do not end where the account says, and whether the order is whole.
async fn findings(ctx: &Ctx, city: CityId) -> Vec<String> {
    let mut streams: BTreeMap<(String, i64), Vec<Entry>> = BTreeMap::new();
    for entry in journal(&ctx.db, city).await {
        streams.entry((entry.stream.clone(), entry.stream_id)).or_default().push(entry);
    }
    let rows = accounts(ctx.db.reader(), city).await;
    let mut found = Vec::new();
    for ((stream, id), mut entries) in streams {
        entries.sort_by_key(|entry| entry.version);
        match check_stream(&entries) {
            Err((flaw, version)) => found.push(format!("{stream} {id}: {flaw:?} at {version}")),
            Ok(_) if stream != "account" => found.push(format!("{stream} {id}: no row")),
            Ok(head) => {
                let ends = |row: &&crate::ledger::account::Model| {
                    row.id == id && head == Head { version: row.version, hash: row.head_hash.clone() }
                };
                if !rows.iter().any(|row| ends(&row)) {
                    found.push(format!("{stream} {id}: head differs"));
                }
            }
        }
    }
    for row in rows {
        if read_stream(ctx.db.reader(), city, "account", row.id).await.unwrap().is_empty() {
            found.push(format!("account {}: no events", row.id));
        }
    }
    let order = verify_sequence(ctx, city).await.unwrap();
    found.extend(order.into_iter().map(|finding| finding.place));
    found
}

async fn set(raw: &DatabaseConnection, column: &str, value: &Value, key: [Value; 2]) {
    let sql = format!("UPDATE platform_journal SET {column} = $1 WHERE city_id = $2 AND seq = $3");
    let [city, seq] = key;
    let set = Statement::from_sql_and_values(raw.get_database_backend(), sql, [value.clone(), city, seq]);
    assert_eq!(raw.execute_raw(set).await.unwrap().rows_affected(), 1);
}

async fn write_history(world: &World) {
    for id in 1..=12 {
        world.db().write(Open::new(world.city, id)).await.unwrap();
    }
    for step in 0..36 {
        let add =
            Move { city: world.city, id: step % 12 + 1, line: step, amount: step * 7, stop: Stop::Never };
        world.db().write(add).await.unwrap();
    }
    assert!(findings(&world.ctx, world.city).await.is_empty());
}

async fn a_changed_byte_is_found(world: World) {
    let city = world.city;
    write_history(&world).await;
    let raw = world.database.raw().await;
    let entries = journal(world.db(), city).await;
    let chance = SeededChance::new(20_260_302);
    let mut columns: BTreeMap<&str, u32> = BTreeMap::new();
    for _change in 0..CHANGES {
        let entry = &entries[chance.below(entries.len() as u64) as usize];
        let change = change(entry, &chance);
        *columns.entry(change.column).or_default() += 1;
        set(&raw, change.column, &change.after, [city.0.into(), entry.seq.into()]).await;
        let found = findings(&world.ctx, city).await;
        assert!(!found.is_empty(), "{change:?} of {entry:?}");
        // A change inside an event is found in its stream alone, and names its place.
        if !["city_id", "seq", "stream", "stream_id", "version"].contains(&change.column) {
            let stream = read_stream(world.db().reader(), city, "account", entry.stream_id).await.unwrap();
            let (flaw, version) = check_stream(&stream).unwrap_err();
            assert!(matches!(flaw, Flaw::EventChanged | Flaw::ChainBroken), "{flaw:?}");
            assert_eq!(version, entry.version, "{change:?} of {entry:?}");
        }
        let key = match change.column {
            "city_id" => [change.after.clone(), entry.seq.into()],
            "seq" => [city.0.into(), change.after.clone()],
            _elsewhere => [city.0.into(), entry.seq.into()],
        };
        set(&raw, change.column, &change.before, key).await;
    }
    assert!(findings(&world.ctx, city).await.is_empty());
    assert_eq!(columns.len(), 13, "{columns:?}");
}

/// Also the newest one, as long as the lane and the account remember it.
async fn a_removed_event_is_found(world: World) {
    write_history(&world).await;
    let raw = world.database.raw().await;
    let last = journal(world.db(), world.city).await.len() as i64;
    for seq in [last, 20, 1] {
        let sql = "DELETE FROM platform_journal WHERE city_id = $1 AND seq = $2";
        let values = [world.city.0.into(), seq.into()];
        let delete = Statement::from_sql_and_values(raw.get_database_backend(), sql, values);
        assert_eq!(raw.execute_raw(delete).await.unwrap().rows_affected(), 1);
        let found = findings(&world.ctx, world.city).await;
        // Its stream and the order of the whole journal both show it.
        assert!(found.len() >= 2, "{found:?}");
    }
}
