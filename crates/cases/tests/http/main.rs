//! The room over HTTP and both engines: the true path of a case, what is refused and with which words, who sees what,
//! and whether verification finds every changed byte.

#![cfg(test)]

mod bad;
mod city;
mod columns;
mod erasure;
mod intake;
mod lists;
mod live;
mod once;
mod path;
mod photos;
mod privacy;
mod stale;
mod tampering;
mod unclassed;
mod units;

use platform::db::migrate::Migrations;

/// The tables of these stories.
pub(crate) const SETS: &[Migrations] =
    &[platform::db::migrate::MIGRATIONS, org::MIGRATIONS, cases::MIGRATIONS];
