//! The hall: places, grid, responsibility, people. See README.md.

mod model;
mod places;
mod responsibility;

pub use model::*;
pub use places::*;
pub use responsibility::*;
