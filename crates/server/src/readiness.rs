//! Is this server ready for people? Asked by whoever watches over it.

use std::path::PathBuf;
use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use platform::Ctx;
use platform::db::Trouble;

/// What is looked at beside the database.
#[derive(Clone)]
pub(crate) struct Watch {
    /// The number of this server, whose row is touched.
    pub(crate) number: u16,
    /// The folder of photos (and of the SQLite file).
    pub(crate) folder: PathBuf,
    /// Free space below which people should not be sent here.
    pub(crate) least_free_mb: u64,
}

/// Ready while the database can be written and the photo folder has room. Parked reactions stop nobody, but somebody
/// should look at them.
pub(crate) async fn readyz(ctx: Ctx, watch: Arc<Watch>) -> impl IntoResponse {
    let answer = match trouble(&ctx, &watch).await {
        Some(words) => (StatusCode::SERVICE_UNAVAILABLE, words),
        None => match platform::journal::parked_count(ctx.db.reader(), ctx.home_city).await {
            Ok(0) => (StatusCode::OK, "ready".to_owned()),
            Ok(parked) => (StatusCode::OK, format!("ready; parked reactions: {parked}")),
            Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer".to_owned()),
        },
    };
    ([(header::CACHE_CONTROL, "no-store")], answer)
}

async fn trouble(ctx: &Ctx, watch: &Watch) -> Option<String> {
    if let Some(free_mb) = free_mb(&watch.folder)
        && free_mb < watch.least_free_mb
    {
        return Some(format!("{free_mb} MiB free in the data folder, less than {}", watch.least_free_mb));
    }
    let fault = ctx.db.probe(watch.number).await.err()?;
    tracing::error!(%fault, "not ready");
    Some(match fault.trouble() {
        Some(Trouble::Full) => "the disk of the database is full".to_owned(),
        Some(Trouble::Away) => "the database does not answer".to_owned(),
        None => "the database cannot be written".to_owned(),
    })
}

/// Free space that this program may use.
#[cfg(unix)]
fn free_mb(folder: &std::path::Path) -> Option<u64> {
    let found = rustix::fs::statvfs(folder).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize) / (1024 * 1024))
}

#[cfg(not(unix))]
fn free_mb(_folder: &std::path::Path) -> Option<u64> {
    None
}
