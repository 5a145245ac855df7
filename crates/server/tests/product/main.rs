//! The whole product as its users meet it: the true binary, over HTTP and the command line.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests stop at the first surprise"
)]
#![expect(
    clippy::disallowed_types,
    reason = "the true binary runs by the machine's clock, and so do those who watch it"
)]

mod accounts;
mod api;
mod binary;
mod clients;
mod commands;
mod connections;
mod document;
mod doors;
mod findings;
mod ground;
mod kill;
mod list;
mod points;
mod stories;
mod tampering;
mod town;
mod trouble;
mod twins;
