//! The demo city: people, texts and half a year of cases on a ground and with pictures of `scenery`, all from one seed.
//!
//! Nothing here reads a clock, the environment or the network, and equal seeds give equal bytes. Names of places
//! are official names of Jiangyin; borders inside the city, persons, telephone numbers, landmarks, reports and
//! pictures are invented and marked 演示 (demo) wherever they are shown.

mod cast;
mod create;
mod duties;
mod ground;
mod people;
pub mod phrases;
mod plan;
mod play;
mod waiting;

use scenery::{dice, geography, pictures};

pub use cast::{CITY, PASSWORD, PERSONAS, Persona, TOUR_TOWN};
pub use create::{DemoError, Made, create, create_if_empty, demo_key, is_demo, made};
pub use duties::{PLANTED_HOLES, PLANTED_OVERLAPS};
pub use plan::{BadDay, Plan, Scale};
pub use play::{Progress, Story};
