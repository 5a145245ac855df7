//! Tests of the rules: command tables that an official can read, properties over random histories, the complete
//! table of states × commands, and the shape of every event.

mod events;
pub(crate) mod people;
pub(crate) mod play;
pub(crate) mod properties;
mod recount;
mod states;
mod stories;
