//! The hall: places, grid, responsibility, people. See README.md.

mod api;
mod city;
mod commands;
mod document;
mod errors;
mod import;
mod judge;
mod model;
mod places;
mod responsibility;
mod rights;
mod state;
mod store;
mod verify;

use platform::db::migrate::Migrations;
use platform::web::Words;

pub use api::routes;
pub use city::*;
pub use commands::{Change, Edit, EditError, NAME_CHARS_MAX, PersonInput};
pub use document::{Document, KINDS, Kind};
pub use errors::OrgError;
pub use import::{CellError, ImportKind, Shown};
pub use judge::Unfit;
pub use model::*;
pub use places::*;
pub use responsibility::*;
pub use state::{BoxFuture, Classes, OpenCases, Org};
pub use verify::{erased, verify, verify_records};

/// The tables of the hall.
pub const MIGRATIONS: Migrations = Migrations {
    context: "org",
    files: &[
        ("2026_11_23_0100_org", include_str!("../migrations/2026_11_23_0100_org.sql")),
        (
            "2026_11_29_0140_org_import_notes",
            include_str!("../migrations/2026_11_29_0140_org_import_notes.sql"),
        ),
    ],
};

/// The words of its problems.
pub const PROBLEMS: Words =
    Words { zh: include_str!("../i18n/zh.json"), en: include_str!("../i18n/en.json") };

#[cfg(test)]
mod tests;
