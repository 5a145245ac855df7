//! The outside, met once for all contexts: database lanes, journal, web, sign-in, files, timers, secrets.
//!
//! Nothing here knows what a case or a grid cell is.

pub mod auth;
pub mod ctx;
pub mod db;
pub mod files;
pub mod idempotency;
pub mod journal;
pub mod key_proof;
pub mod live;
pub mod secrets;
pub mod sse;
pub mod timers;
pub mod web;

pub use ctx::Ctx;
