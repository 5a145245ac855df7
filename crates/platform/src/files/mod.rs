//! Files: photos from the upload to the served copies (architecture §9).

mod facts;
#[cfg(test)]
pub(crate) mod fixtures;
mod head;
mod photo;
mod refusal;
#[cfg(test)]
mod tests;

pub use facts::PhotoFacts;
pub use head::{PhotoHead, PhotoKind, PhotoScan, inspect_head};
pub use photo::{Copies, THUMB_SIDE_PX, VIEW_SIDE_PX, make_copies};
pub use refusal::{PHOTO_BYTES_MAX, PHOTO_PIXELS_MAX, PHOTO_SIDE_MAX, PhotoRefusal};
