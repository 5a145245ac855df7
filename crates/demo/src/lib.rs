//! The demo city: ground, people, texts and pictures, all made from one seed.
//!
//! Nothing here reads a clock, the environment or the network, and equal seeds give equal bytes. Names of places
//! are official names of Jiangyin; borders inside the city, persons, telephone numbers, landmarks, reports and
//! pictures are invented and marked 演示 (demo) wherever they are shown.

pub mod dice;
pub mod geography;
pub mod phrases;
pub mod pictures;
