//! The store on both engines: lanes, journal, counters, reactions, migrations.

use platform::db::migrate::{MIGRATIONS, Migrations};

mod batch;
mod ledger;

/// The platform's own tables and those of the test's small context.
const SETS: &[Migrations] = &[MIGRATIONS, ledger::MIGRATIONS];
