//! The demo city: ground, people, texts and pictures, all made from one seed.
//!
//! Nothing here reads a clock, the environment or the network, and equal seeds give equal bytes. Names of places
//! are official names of Jiangyin; borders inside the city, persons, telephone numbers, landmarks, reports and
//! pictures are invented and marked 演示 (demo) wherever they are shown.

mod cast;
mod create;
pub mod dice;
mod duties;
pub mod geography;
mod ground;
mod people;
pub mod phrases;
pub mod pictures;
mod plan;
mod play;
mod waiting;

pub use cast::{CITY, PASSWORD, PERSONAS, Persona, TOUR_TOWN};
pub use create::{DemoError, Made, create, create_if_empty, demo_key, is_demo, made};
pub use duties::{PLANTED_HOLES, PLANTED_OVERLAPS};
pub use plan::{BadDay, Plan, Scale};
pub use play::{Progress, Story};
