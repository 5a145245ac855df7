//! The ground and the pictures of the demo city: pure functions of a seed.
//!
//! Loops over millions of points and pixels, always built optimised, and therefore a crate of their own. Nothing here reads a clock,
//! the environment or the network, and equal seeds give equal bytes. Outline and names are official; borders inside the
//! city, landmarks and pictures are invented and marked 演示 (demo) wherever they are shown.

pub mod dice;
pub mod geography;
pub mod pictures;
