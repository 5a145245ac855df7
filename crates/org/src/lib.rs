//! The hall: places, grid, responsibility, people. See README.md.

mod model;
mod places;

pub use model::*;
pub use places::*;
