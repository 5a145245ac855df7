//! Writing JPEG.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::refusal::PhotoRefusal;

/// A JPEG of these pixels (red, green, blue, row by row), colours at half the resolution. `quality` is of JPEG's scale of 100.
///
/// # Errors
/// [`PhotoRefusal::Unreadable`] for sides of more than 65,535 pixels, or fewer pixels than the sides say.
pub fn encode_jpeg(rgb: &[u8], width: u32, height: u32, quality: u8) -> Result<Vec<u8>, PhotoRefusal> {
    let side = |length: u32| u16::try_from(length).map_err(|_| PhotoRefusal::Unreadable);
    let mut jpeg = Vec::with_capacity(64 * 1024);
    let mut encoder = Encoder::new(&mut jpeg, quality);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.encode(rgb, side(width)?, side(height)?, ColorType::Rgb).map_err(|_| PhotoRefusal::Unreadable)?;
    Ok(jpeg)
}
