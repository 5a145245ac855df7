//! Durable timers: what must happen when time alone passes (a deadline is missed, a pause ends).
//!
//! A command notes a timer with `Tx::timer`; when it is due, the handler of its kind is called and writes through a
//! command of its own, which also deletes the timer (`Tx::delete_timer`). So the effect and the end of the timer are one
//! commit: after a crash the timer is still there, and with several servers only one of them deletes it. A handler that
//! fails is called again later.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use kernel::id::CityId;
use kernel::time::Time;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use tokio::sync::watch;

use crate::ctx::Ctx;
use crate::db::Fault;
use crate::db::tables::timer;

/// Timers read at once.
const PAGE: u64 = 200;
/// The longest sleep: a timer noted meanwhile, here or on another server, is at most this late.
const SLEEP_MAX: Duration = Duration::from_secs(30);
/// The shortest sleep, so that a handler which forgets its timer does not keep a core busy.
const SLEEP_MIN: Duration = Duration::from_millis(50);
/// The pause after a handler failed.
const RETRY: Duration = Duration::from_secs(10);

/// A timer that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The tenant.
    pub city: CityId,
    /// The record whose timer it is.
    pub stream_id: i64,
    /// When it was to go off; the present may be later.
    pub due_at: Time,
}

/// What a handler does: it writes a command that acts and deletes the timer, even when there is nothing left to do.
pub type TimerAct = Arc<dyn Fn(Ctx, Due) -> BoxFuture<'static, Result<(), Fault>> + Send + Sync>;

/// The handler of one kind of timer.
#[derive(Clone)]
pub struct TimerHandler {
    /// The kind, as `Tx::timer` was given it.
    pub kind: &'static str,
    /// What it does.
    pub act: TimerAct,
}

/// The timers of all contexts, for the home city of a server.
#[derive(Clone)]
pub struct Timers {
    ctx: Ctx,
    handlers: Arc<[TimerHandler]>,
}

/// What a round over the due timers did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Round {
    /// Handlers that went through.
    pub done: usize,
    /// Handlers that failed; their timers stay.
    pub failed: usize,
}

impl Timers {
    /// Collects what the contexts declared.
    pub fn new(ctx: Ctx, handlers: Vec<TimerHandler>) -> Self {
        Self { ctx, handlers: handlers.into() }
    }

    /// Calls the handler of every timer that is due at `now`, earliest first, each at most once.
    ///
    /// # Errors
    /// What the database says; a failing handler is logged and counted, and its timer stays.
    pub async fn run_due(&self, now: Time) -> Result<Round, Fault> {
        let mut round = Round::default();
        let mut last: Option<timer::Model> = None;
        loop {
            let page = self.page(now, last.as_ref()).await?;
            let ends = (page.len() as u64) < PAGE;
            last = page.last().cloned();
            for row in page {
                match self.act(&row).await {
                    Ok(()) => round.done += 1,
                    Err(fault) => {
                        tracing::error!(kind = row.kind, stream_id = row.stream_id, %fault, "a timer failed");
                        round.failed += 1;
                    }
                }
            }
            if ends {
                return Ok(round);
            }
        }
    }

    /// Runs until `stopped` says so, asleep until the next timer is due.
    pub async fn run(self, mut stopped: watch::Receiver<bool>) {
        loop {
            let round = self.run_due(self.ctx.now()).await;
            let pause = match round {
                Ok(round) if round.failed > 0 => RETRY,
                Ok(_) => self.until_next().await.unwrap_or(RETRY),
                Err(fault) => {
                    tracing::error!(%fault, "timers stopped for a while");
                    RETRY
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = stopped.wait_for(|stop| *stop) => return,
            }
        }
    }

    async fn act(&self, row: &timer::Model) -> Result<(), Fault> {
        let due = Due { city: CityId(row.city_id), stream_id: row.stream_id, due_at: Time(row.due_at) };
        match self.handlers.iter().find(|handler| handler.kind == row.kind) {
            Some(handler) => (handler.act)(self.ctx.clone(), due).await,
            None => Ok(()),
        }
    }

    /// Timers of kinds that nobody handles stay where they are, for the release that knows them.
    async fn page(&self, now: Time, after: Option<&timer::Model>) -> Result<Vec<timer::Model>, Fault> {
        use timer::Column::{DueAt, Kind, StreamId};
        let mut query = self.of_city().filter(DueAt.lte(now.0));
        if let Some(last) = after {
            let same_kind = Kind.eq(&last.kind).and(StreamId.gt(last.stream_id));
            let same_time = DueAt.eq(last.due_at).and(Kind.gt(&last.kind).or(same_kind));
            query = query.filter(DueAt.gte(last.due_at)).filter(DueAt.gt(last.due_at).or(same_time));
        }
        let rows = query
            .order_by_asc(DueAt)
            .order_by_asc(Kind)
            .order_by_asc(StreamId)
            .limit(PAGE)
            .all(self.ctx.db.reader())
            .await?;
        Ok(rows)
    }

    async fn until_next(&self) -> Result<Duration, Fault> {
        let next =
            self.of_city().order_by_asc(timer::Column::DueAt).limit(1).one(self.ctx.db.reader()).await?;
        let wait_ms = next.map_or(i64::MAX, |row| row.due_at.saturating_sub(self.ctx.now().0));
        Ok(Duration::from_millis(u64::try_from(wait_ms).unwrap_or(0)).clamp(SLEEP_MIN, SLEEP_MAX))
    }

    fn of_city(&self) -> Select<timer::Entity> {
        let kinds = self.handlers.iter().map(|handler| handler.kind);
        timer::Entity::find()
            .filter(timer::Column::CityId.eq(self.ctx.home_city.0))
            .filter(timer::Column::Kind.is_in(kinds))
    }
}
