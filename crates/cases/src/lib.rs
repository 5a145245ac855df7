//! Cases (案件): a problem on its way from a report to a verdict.
//!
//! This file is the facade; README.md tells what the context is for, its words, states and tables.

mod api;
pub mod catalogue;
mod commands;
pub mod errors;
mod house;
mod jobs;
pub mod model;
mod port;
mod queries;
pub mod read;
mod receipt;
pub mod rules;
mod store;
mod verify;

pub use api::{demo_routes, routes};
pub use commands::{
    ActError, Acted, Attachment, Changed, NewReport, On, Receipted, SentPhoto, Spot, Words, by_staff,
};
pub use house::Cases;
pub use jobs::timers;
pub use port::ClassPort;
pub use verify::{erased, verify, verify_cases};

use platform::db::migrate::Migrations;

/// The tables of this room.
pub const MIGRATIONS: Migrations = Migrations {
    context: "cases",
    files: &[
        ("2026_11_23_0200_cases", include_str!("../migrations/2026_11_23_0200_cases.sql")),
        ("2026_11_24_0200_cases_erased", include_str!("../migrations/2026_11_24_0200_cases_erased.sql")),
        ("2026_11_28_0200_cases_face", include_str!("../migrations/2026_11_28_0200_cases_face.sql")),
    ],
};

/// The words of this room's problems.
pub const PROBLEMS: platform::web::Words =
    platform::web::Words { zh: include_str!("../i18n/zh.json"), en: include_str!("../i18n/en.json") };
