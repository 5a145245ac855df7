//! The pure vocabulary of the house: ids, time, chance, places, areas, rights, problems.
//!
//! Nothing here awaits, reads a clock, opens a file or speaks SQL or HTTP. Everything above may use it.

pub mod area;
pub mod calendar;
pub mod chance;
pub mod class;
pub mod evidence;
pub mod id;
pub mod morton;
pub mod page;
pub mod place;
pub mod problem;
pub mod rights;
pub mod tenure;
pub mod text;
pub mod time;
