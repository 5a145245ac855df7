//! What tests share: the same story told on SQLite and on PostgreSQL, and a client for our own HTTP routes.
//!
//! ```ignore
//! const SETS: &[Migrations] = &[platform::db::migrate::MIGRATIONS, crate::MIGRATIONS];
//! testkit::stories!(SETS: a_report_is_stored, a_refusal_leaves_nothing);
//!
//! async fn a_report_is_stored(world: World) { … }
//! ```
//!
//! gives the tests `a_report_is_stored::sqlite` and `a_report_is_stored::postgres`. Each story has its own city (and
//! on SQLite its own file), so a statement that forgets its city is found by its neighbours.

// Everything in this crate runs in tests only: a fault here must stop the test with a clear word.
#![expect(clippy::expect_used, clippy::panic, reason = "test support: a broken set-up must fail the test")]

mod database;
mod engines;
mod http;
mod postgres;
mod story;
pub mod words;
mod world;

pub use database::Database;
pub use engines::{Engine, engines};
pub use http::{Answer, App, Request};
pub use postgres::durable_postgres;
pub use story::{STANDSTILL, tell};
pub use world::World;
