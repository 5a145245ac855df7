//! Photos as bytes: what is taken, what is refused and why, and the copies that are served. Pure, like the kernel:
//! bytes in, bytes out, no files, no clock, no async.
//!
//! A crate of its own, because it is the one place whose own code runs over every pixel: it is always built optimised
//! (a phone's photo takes 0.1 s instead of 3), while everything around it stays quick to build.

mod copies;
mod facts;
mod head;
mod jpeg;
mod refusal;
mod seen;

pub use copies::{Copies, THUMB_SIDE_PX, VIEW_SIDE_PX, make_copies};
pub use facts::PhotoFacts;
pub use head::{PhotoHead, PhotoKind, PhotoScan, inspect_head};
pub use jpeg::encode_jpeg;
pub use refusal::{PHOTO_BYTES_MAX, PHOTO_PIXELS_MAX, PHOTO_SIDE_MAX, PhotoRefusal};
pub use seen::{PRINT_BITS, Seen, pixels_sha256, print_distance};
