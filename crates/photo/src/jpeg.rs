//! JPEG: reading what is sent, writing what is served.

mod decode;
mod encode;

pub(crate) use decode::decode;
pub use encode::encode_jpeg;
