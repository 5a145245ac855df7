//! What the platform offers besides lanes and journal, told on both engines: photos, keys that act once, timers, live
//! streams.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "stories are async functions that tests tell"
)]

mod again;
mod damage;
mod http;
mod live;
mod logins;
mod notes;
mod once;
mod photos;
mod sessions;
mod sweeping;
mod timers;
mod uploads;
mod users;
mod words;

use platform::db::migrate::{MIGRATIONS, Migrations};

const SETS: &[Migrations] = &[MIGRATIONS];
