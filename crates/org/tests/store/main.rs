//! The hall over both engines: filling a city, changing it, asking it, proving it.

#![cfg(test)]

mod damage;
mod duties;
mod fixture;
mod forgetting;
mod http;
mod imports;
mod records;
mod rights;
mod workbooks;

use platform::db::migrate::Migrations;

/// The tables of these stories.
pub(crate) const SETS: &[Migrations] = &[platform::db::migrate::MIGRATIONS, org::MIGRATIONS];
