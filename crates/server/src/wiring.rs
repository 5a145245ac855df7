//! Wiring: which event wakes which reaction, which timer which command, which work runs in the background. The only
//! file that knows two rooms at once.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use kernel::id::CityId;
use platform::Ctx;
use platform::auth::Guesses;
use platform::journal::{Actor, Reaction, Reactions, Stamp};
use platform::web::Sessions;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::house::House;
use crate::router::Rooms;

/// How often the lease of the server number is renewed; a lease holds ten minutes.
pub(crate) const RENEW: Duration = Duration::from_secs(180);
/// How soon it is tried again when the database did not answer.
const RENEW_AGAIN: Duration = Duration::from_secs(5);
/// How long events gather before the reactions look at them: every look that finds something is a commit of its own, and
/// nobody waits for what they do.
const GATHER: Duration = Duration::from_millis(50);
/// How long after some change it is looked whether the calendar changed: nobody's deadline runs out within it.
const RECOUNT: Duration = Duration::from_secs(1);
/// How often old uploads, idempotency keys, sessions and imports are swept.
const SWEEP: Duration = Duration::from_secs(3_600);
/// The first time after a start: reactions catch up before it, and whoever waits for the first page has the disk.
const FIRST_SWEEP: Duration = Duration::from_secs(300);
/// How often used sessions are written, and parked reactions and imports without progress looked for.
const MINUTE: Duration = Duration::from_secs(60);
/// An import that nobody has brought forward for so long is finished here.
const IDLE_MS: i64 = 60_000;

/// Starts the background work of a server. It ends when the returned set is dropped or aborted.
pub(crate) fn start(rooms: &Rooms, stopped: &watch::Receiver<bool>) -> JoinSet<()> {
    let mut work = JoinSet::new();
    let ctx = rooms.ctx.clone();
    let city = ctx.home_city;
    work.spawn(react(ctx.clone(), city, stopped.clone()));
    work.spawn(recount(ctx.clone(), rooms.cases.clone(), city, stopped.clone()));
    work.spawn(again(ctx.clone(), city));
    work.spawn(sweep(ctx.clone(), rooms.org.clone()));
    work.spawn(hall(rooms.org.clone(), city));
    work.spawn(seen(ctx.clone(), rooms.sessions.clone(), rooms.guesses.clone()));
    work.spawn(platform::files::work(ctx.clone(), stopped.clone()));
    let timers = platform::timers::Timers::new(ctx, cases::timers(&rooms.cases));
    let until = stopped.clone();
    work.spawn(async move { timers.run(until).await });
    work
}

/// What happens elsewhere because of an event.
pub(crate) fn reactions() -> Vec<Reaction> {
    vec![Reaction {
        name: platform::files::ATTACH_REACTION,
        streams: &["case"],
        // A photo that a case names is kept; one that nobody names is swept after a day.
        act: Arc::new(|tx, entry| {
            async move {
                let stamp = Stamp { at: entry.at(), actor: Actor::System("files") };
                for file in cases::read::photos_of(entry)? {
                    platform::files::attach_in(tx, CityId(entry.city_id), file, &stamp).await?;
                }
                Ok(())
            }
            .boxed()
        }),
    }]
}

async fn react(ctx: Ctx, city: CityId, mut stopped: watch::Receiver<bool>) {
    let mut news = ctx.db.live().watch(city);
    let reactions = Reactions::new(ctx.db.clone(), ctx.clock.clone(), reactions());
    loop {
        if let Err(fault) = reactions.catch_up(city).await {
            tracing::error!(%fault, "reactions stopped for a while");
        }
        tokio::select! {
            _ = news.changed() => {}
            // Other servers on the same database write too.
            () = tokio::time::sleep(Duration::from_secs(5)) => {}
            _ = stopped.wait_for(|stop| *stop) => return,
        }
        tokio::time::sleep(GATHER).await;
    }
}

/// Lets deadlines follow the working calendar, whoever changed it: here, on another server, or while nobody served.
async fn recount(ctx: Ctx, cases: cases::Cases, city: CityId, mut stopped: watch::Receiver<bool>) {
    let mut news = ctx.db.live().watch(city);
    loop {
        match cases.recount(city).await {
            Ok(0) => {}
            Ok(moved) => tracing::info!(moved, "deadlines follow the calendar"),
            Err(error) => tracing::error!(%error, "deadlines were not counted anew; it is tried again"),
        }
        tokio::select! {
            _ = news.changed() => {}
            () = tokio::time::sleep(Duration::from_secs(5)) => {}
            _ = stopped.wait_for(|stop| *stop) => return,
        }
        tokio::time::sleep(RECOUNT).await;
    }
}

/// Tries parked reactions again: at the start all of them, since a new release may do what the last one could not.
async fn again(ctx: Ctx, city: CityId) {
    let reactions = Reactions::new(ctx.db.clone(), ctx.clock.clone(), reactions());
    let mut all = true;
    loop {
        match reactions.retry(city, all).await {
            Ok(_) => all = false,
            Err(fault) => tracing::error!(%fault, "parked reactions were not tried again"),
        }
        tokio::time::sleep(MINUTE).await;
    }
}

/// Keeps the server number. Returns when it is lost to another process: from then on ids would repeat.
pub(crate) async fn renew(house: &House, every: Duration) {
    let mut pause = every;
    loop {
        tokio::time::sleep(pause).await;
        pause = match house.lease.renew(&house.ctx.db, house.ctx.now()).await {
            Ok(true) => every,
            Ok(false) => return,
            Err(fault) => {
                tracing::error!(%fault, "the lease of the server number was not renewed");
                RENEW_AGAIN
            }
        };
    }
}

async fn sweep(ctx: Ctx, org: org::Org) {
    let mut pause = FIRST_SWEEP;
    loop {
        tokio::time::sleep(pause).await;
        pause = SWEEP;
        if let Err(fault) = ctx.db.renew_statistics().await {
            tracing::error!(%fault, "statistics of the tables were not renewed");
        }
        match ctx.db.rebuild_hollow_indexes().await {
            Ok(rebuilt) if rebuilt.is_empty() => {}
            Ok(rebuilt) => tracing::info!(?rebuilt, "indexes with nearly empty pages were written anew"),
            Err(fault) => tracing::error!(%fault, "indexes with nearly empty pages were not written anew"),
        }
        match platform::journal::parked_count(ctx.db.reader(), ctx.home_city).await {
            Ok(0) => {}
            Ok(parked) => tracing::error!(parked, "reactions are parked: see platform_parked"),
            Err(fault) => tracing::error!(%fault, "parked reactions were not counted"),
        }
        if let Err(fault) = platform::files::sweep(&ctx, ctx.home_city).await {
            tracing::error!(%fault, "old uploads were not swept");
        }
        if let Err(fault) = platform::idempotency::sweep(&ctx, ctx.home_city).await {
            tracing::error!(%fault, "old idempotency keys were not swept");
        }
        if let Err(fault) = platform::auth::sweep(&ctx, ctx.home_city).await {
            tracing::error!(%fault, "sessions that are over were not swept");
        }
        if let Err(fault) = platform::auth::sweep_failures(&ctx, ctx.home_city).await {
            tracing::error!(%fault, "failed sign-ins of long ago were not swept");
        }
        if let Err(fault) = org.sweep_imports(ctx.home_city).await {
            tracing::error!(%fault, "old imports were not swept");
        }
    }
}

/// Lets sessions live on that were used, and keeps what failed at the door.
async fn seen(ctx: Ctx, sessions: Sessions, guesses: Guesses) {
    loop {
        tokio::time::sleep(MINUTE).await;
        if let Err(fault) = sessions.flush(&ctx).await {
            tracing::error!(%fault, "used sessions were not renewed");
        }
        if let Err(fault) = platform::auth::note_failures(&ctx, &guesses).await {
            tracing::error!(%fault, "failed sign-ins were not kept");
        }
    }
}

/// Finishes imports that were left half done, and lets rights follow posts as days pass.
async fn hall(org: org::Org, city: CityId) {
    // At the start nobody is at work yet; later an import without progress was given up by whoever did it.
    let mut untouched_ms = 0;
    loop {
        if let Err(error) = org.resume_imports(city, untouched_ms).await {
            tracing::error!(%error, "an import was not finished");
        }
        untouched_ms = IDLE_MS;
        match org.sync_grants(city).await {
            Ok(0) => {}
            Ok(changed) => tracing::info!(changed, "units and rights follow posts"),
            Err(fault) => tracing::error!(%fault, "what posts give was not recorded"),
        }
        tokio::time::sleep(MINUTE).await;
    }
}
