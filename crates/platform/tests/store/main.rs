//! The store on both engines: lanes, journal, counters, reactions, migrations.

#![cfg(test)]

use platform::db::migrate::{MIGRATIONS, Migrations};

mod batch;
mod checks;
mod faults;
mod gate;
mod histories;
mod leases;
mod ledger;
mod odd;
mod reactions;
mod schema;
mod servers;
mod tampering;
mod upkeep;

/// The platform's own tables and those of the test's small context.
const SETS: &[Migrations] = &[MIGRATIONS, ledger::MIGRATIONS];
