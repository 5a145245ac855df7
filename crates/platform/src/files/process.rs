//! The job that turns originals into served copies. Safe to be killed anywhere and safe to be run twice: the copies of an
//! original are always the same bytes under the same names, the outcome is noted once, and the original goes last.

use std::collections::HashMap;

use futures_util::StreamExt;
use kernel::id::{CityId, FileId};
use photo::{Copies, PhotoRefusal, make_copies};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};
use tokio::sync::watch;

use super::commands::{Finish, Outcome};
use super::serve::find_many;
use super::store::{copy, original};
use super::sweep::clear_quarantine;
use super::tables::{self as file, Model, RECEIVED};
use super::turns::Sender;
use crate::ctx::Ctx;
use crate::db::Fault;
use crate::secrets::digest;

/// Originals looked up at once.
const PAGE: u64 = 512;
/// Files in work at once: while two are decoded, others wait for the disk.
const AT_ONCE: usize = 8;
/// How long the job sleeps when nobody wakes it: another server may have received, or a photo failed for a passing reason.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(30);

/// Makes the copies of everything that waits in a city. Returns how many originals were settled.
///
/// # Errors
/// What the database says; a photo that fails for a passing reason (a full disk) is logged and stays for the next time.
pub async fn process_pending(ctx: &Ctx, city: CityId) -> Result<usize, Fault> {
    let mut settled = 0;
    let mut after = (i64::MIN, 0);
    loop {
        let page = pending(ctx, city, after).await?;
        let Some(last) = page.last() else { return Ok(settled) };
        after = (last.received_at, last.id);
        settled += process(ctx, in_turns(ctx, page)).await;
    }
}

/// One of each sender, then the second of each: nobody's photo waits for all of another's.
fn in_turns(ctx: &Ctx, rows: Vec<Model>) -> Vec<Model> {
    let mut taken: HashMap<Sender, usize> = HashMap::new();
    let mut rounds: Vec<(usize, Model)> = rows
        .into_iter()
        .map(|row| {
            let count = taken.entry(ctx.files.turns().sender(row.file())).or_default();
            *count += 1;
            (*count, row)
        })
        .collect();
    rounds.sort_by_key(|(round, row)| (*round, row.received_at, row.id));
    rounds.into_iter().map(|(_, row)| row).collect()
}

/// Makes the copies of these files now, as far as they wait for it, and answers their rows as they stand then, in no
/// order: for an act that must know whether its photos can be seen, and cannot wait for the job. A photo that fails for a
/// passing reason (a full disk) is logged and answered as received.
///
/// # Errors
/// What the database says.
pub async fn settle(ctx: &Ctx, city: CityId, ids: &[FileId]) -> Result<Vec<Model>, Fault> {
    let found = find_many(ctx.db.reader(), city, ids).await?;
    let mut waiting: Vec<Model> = found.iter().filter(|row| row.state == RECEIVED).cloned().collect();
    if waiting.is_empty() {
        return Ok(found);
    }
    // As the engine finds them is no order: outcomes are noted oldest first.
    waiting.sort_unstable_by_key(|row| (row.received_at, row.id));
    process(ctx, waiting).await;
    find_many(ctx.db.reader(), city, ids).await
}

/// Judges originals several at once, and notes the outcomes in the given order: the journal does not depend on who was
/// faster. Returns how many were settled here.
async fn process(ctx: &Ctx, rows: Vec<Model>) -> usize {
    let mut settled = 0;
    let jobs = rows.into_iter().map(|row| {
        let ctx = ctx.clone();
        async move {
            let outcome = judge(&ctx, &row).await;
            (row, outcome)
        }
    });
    let mut judged = std::pin::pin!(futures_util::stream::iter(jobs).buffered(AT_ONCE));
    while let Some((row, outcome)) = judged.next().await {
        match note(ctx, &row, outcome).await {
            Ok(noted) => settled += usize::from(noted),
            Err(fault) => tracing::error!(%fault, file = row.id, "a photo waits for the next time"),
        }
    }
    settled
}

/// Runs [`process_pending`] for the home city whenever an upload arrives, until `stopped` says so. Begins with what a killed process left.
pub async fn work(ctx: Ctx, mut stopped: watch::Receiver<bool>) {
    if let Err(fault) = clear_quarantine(&ctx, ctx.home_city).await {
        tracing::error!(%fault, "the quarantine was not cleared");
    }
    loop {
        if let Err(fault) = process_pending(&ctx, ctx.home_city).await {
            tracing::error!(%fault, "photos wait");
        }
        tokio::select! {
            () = ctx.files.arrived().notified() => {}
            () = tokio::time::sleep(PAUSE) => {}
            _ = stopped.wait_for(|stop| *stop) => return,
        }
    }
}

/// The next rows that wait, oldest first.
async fn pending(ctx: &Ctx, city: CityId, (at, id): (i64, i64)) -> Result<Vec<Model>, Fault> {
    use file::Column::{Id, ReceivedAt, State};
    let rows = file::Entity::find()
        .filter(file::Column::CityId.eq(city.0))
        .filter(State.eq(RECEIVED))
        .filter(ReceivedAt.gte(at))
        .filter(ReceivedAt.gt(at).or(Id.gt(id)))
        .order_by_asc(ReceivedAt)
        .order_by_asc(Id)
        .limit(PAGE)
        .all(ctx.db.reader())
        .await?;
    Ok(rows)
}

/// Makes the copies of one file and puts them into the store, or says why there are none.
async fn judge(ctx: &Ctx, row: &Model) -> Result<Outcome, Fault> {
    let (city, id) = (row.city(), row.file());
    match copies_of(ctx, row).await? {
        Ok(copies) => {
            let (view_sha256, thumb_sha256) = (digest(&copies.view_jpeg), digest(&copies.thumb_jpeg));
            ctx.files.put(&copy(city, id, &view_sha256), copies.view_jpeg).await?;
            ctx.files.put(&copy(city, id, &thumb_sha256), copies.thumb_jpeg).await?;
            let facts = copies.facts.believed(row.received_at());
            Ok(Outcome::Ready { view_sha256, thumb_sha256, seen: copies.seen, facts })
        }
        Err(refusal) => {
            tracing::info!(file = id.0, code = refusal.code(), "no copies of a photo");
            Ok(Outcome::Refused(refusal))
        }
    }
}

/// Notes what became of one file. False when that was noted meanwhile.
async fn note(ctx: &Ctx, row: &Model, outcome: Result<Outcome, Fault>) -> Result<bool, Fault> {
    let (city, id) = (row.city(), row.file());
    let noted = ctx.db.write(Finish { city, id, outcome: outcome?, at: ctx.now() }).await?;
    ctx.files.turns().settled(id);
    delete_original(ctx, city, id).await;
    Ok(noted)
}

async fn delete_original(ctx: &Ctx, city: CityId, id: FileId) {
    if let Err(fault) = ctx.files.delete(&original(city, id)).await {
        tracing::warn!(%fault, file = id.0, "an original stays until the sweep");
    }
}

async fn copies_of(ctx: &Ctx, row: &Model) -> Result<Result<Copies, PhotoRefusal>, Fault> {
    if let Some(copies) = ctx.files.take_foreseen(&row.original_sha256) {
        return Ok(Ok(copies));
    }
    let turns = ctx.files.turns();
    let turn = turns.take(turns.sender(row.file())).await;
    // What is not here may lie elsewhere, or is being settled by another server: it waits, and is never given up for that.
    let bytes = ctx.files.get(&original(row.city(), row.file())).await?;
    let bytes = bytes.ok_or_else(|| Fault::Elsewhere(row.id.to_string().into()))?;
    if digest(&bytes) != row.original_sha256 {
        return Ok(Err(PhotoRefusal::Lost));
    }
    // The turn ends with the work: whoever waits for it may give up before.
    let made = tokio::task::spawn_blocking(move || {
        let made = make_copies(&bytes);
        drop(turn);
        made
    });
    let made = made.await;
    // A decoder that panics over a photo says that it cannot read it; the process goes on.
    Ok(made.unwrap_or_else(|panic| {
        tracing::error!(%panic, file = row.id, "the decoder failed over a photo");
        Err(PhotoRefusal::Unreadable)
    }))
}
