//! The served copies of a photo: turned upright, made small, and free of every metadata, because they are drawn anew
//! from the pixels (architecture §9). Pure: bytes in, bytes out.
//!
//! Colour profiles go too: a wide-gamut photo looks a little paler, and nothing in a copy can identify a device.

use std::io::Cursor;

use exif::Exif;
use fast_image_resize::Resizer;
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use image::error::ImageError;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};

use super::facts::{PhotoFacts, facts, find_exif, orientation, read_exif};
use super::head::{PhotoHead, PhotoKind, PhotoScan};
use super::jpeg::{self, encode_jpeg};
use super::refusal::{PHOTO_SIDE_MAX, PhotoRefusal};
use super::seen::{Seen, print, turned_sha256};

/// Longest side of the copy that is looked at, in pixels.
pub const VIEW_SIDE_PX: u32 = 1_600;
/// Longest side of the copy in lists, in pixels.
pub const THUMB_SIDE_PX: u32 = 320;
/// Quality of the copies on JPEG's scale of 100.
const VIEW_QUALITY: u8 = 82;
const THUMB_QUALITY: u8 = 76;
/// Memory for the decoded picture, at most, in bytes: 50 million pixels of four bytes. Pictures of 16 bits reach it sooner.
pub(crate) const DECODED_BYTES_MAX: u64 = 200_000_000;

/// What is kept of a photo.
#[derive(Debug, Clone, PartialEq)]
pub struct Copies {
    /// JPEG, at most 1,600 pixels a side.
    pub view_jpeg: Vec<u8>,
    /// JPEG, at most 320 pixels a side.
    pub thumb_jpeg: Vec<u8>,
    /// What is seen on it, by which it is known again.
    pub seen: Seen,
    /// When and where it was taken, as the device claims.
    pub facts: PhotoFacts,
}

/// Makes the served copies. Takes about 0.1 s and 50 MB for a phone's photo: call it off the async threads.
///
/// # Errors
/// Why there are no copies of this photo.
pub fn make_copies(original: &[u8]) -> Result<Copies, PhotoRefusal> {
    let mut scan = PhotoScan::default();
    let end = scan.feed(original)?;
    let head = scan.finish()?;
    // A decoder may read on behind the end, where nobody has looked.
    let original = original.get(..end).unwrap_or(original);
    let (picture, exif) = decode(original, head)?;
    let exif = exif.or_else(|| find_exif(original));
    let turn = exif.as_ref().and_then(orientation).and_then(Orientation::from_exif);
    let turn = turn.unwrap_or(Orientation::NoTransforms);
    let picture = opaque(picture);
    let sha256 = turned_sha256(picture.as_raw(), picture.dimensions(), turn);
    let mut view = DynamicImage::ImageRgb8(shrink(&picture, VIEW_SIDE_PX)?);
    drop(picture);
    view.apply_orientation(turn);
    let view = view.into_rgb8();
    let thumb = shrink(&view, THUMB_SIDE_PX)?;
    Ok(Copies {
        view_jpeg: encode(&view, VIEW_QUALITY)?,
        seen: Seen { sha256, print: print(&thumb)? },
        thumb_jpeg: encode(&thumb, THUMB_QUALITY)?,
        facts: exif.as_ref().map(facts).unwrap_or_default(),
    })
}

/// The pixels as stored, and the EXIF data that the decoder met.
fn decode(original: &[u8], head: PhotoHead) -> Result<(DynamicImage, Option<Exif>), PhotoRefusal> {
    let format = match head.kind {
        PhotoKind::Jpeg => return jpeg::decode(original, head),
        PhotoKind::Png => ImageFormat::Png,
        PhotoKind::Webp => ImageFormat::WebP,
    };
    let too_many = PhotoRefusal::TooManyPixels { width: head.width, height: head.height };
    let mut limits = Limits::default();
    limits.max_image_width = Some(PHOTO_SIDE_MAX);
    limits.max_image_height = Some(PHOTO_SIDE_MAX);
    limits.max_alloc = Some(2 * DECODED_BYTES_MAX);
    let mut reader = ImageReader::with_format(Cursor::new(original), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| refusal(&error, too_many))?;
    if decoder.total_bytes() > DECODED_BYTES_MAX {
        return Err(too_many);
    }
    // Unreadable metadata never refuse a photo whose pixels are fine.
    let exif = decoder.exif_metadata().ok().flatten().and_then(|raw| read_exif(&raw));
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| refusal(&error, too_many))?;
    Ok((picture, exif))
}

fn refusal(error: &ImageError, too_many: PhotoRefusal) -> PhotoRefusal {
    match error {
        ImageError::Limits(_) => too_many,
        ImageError::IoError(io) if io.kind() == std::io::ErrorKind::UnexpectedEof => PhotoRefusal::Truncated,
        _other => PhotoRefusal::Unreadable,
    }
}

/// The picture as it is seen: red, green and blue of 8 bits; what was transparent becomes white.
fn opaque(picture: DynamicImage) -> RgbImage {
    let size = (picture.width(), picture.height());
    let rgb = match picture {
        DynamicImage::ImageRgb8(rgb) => return rgb,
        DynamicImage::ImageRgba8(rgba) => on_paper(&rgba),
        // Grey, 16 bits and the like: rare enough to be converted first.
        other if other.has_alpha() => on_paper(&other.to_rgba8()),
        other => return other.into_rgb8(),
    };
    // Three bytes a pixel, as many pixels as before.
    RgbImage::from_raw(size.0, size.1, rgb).unwrap_or_default()
}

/// The picture with its longest side at most `side_px`.
fn shrink(picture: &RgbImage, side_px: u32) -> Result<RgbImage, PhotoRefusal> {
    let from = picture.dimensions();
    let to = fitted(from.0, from.1, side_px);
    RgbImage::from_raw(to.0, to.1, resize(picture.as_raw(), from, to)?).ok_or(PhotoRefusal::Unreadable)
}

/// Pixels with transparency as they look on white.
fn on_paper(rgba: &[u8]) -> Vec<u8> {
    rgba.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]].map(|c| on_white(c, p[3]))).collect()
}

fn on_white(colour: u8, alpha: u8) -> u8 {
    let (colour, alpha) = (u32::from(colour), u32::from(alpha));
    ((colour * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

/// Width and height that fit into a square of `side`, in the same proportion and never larger than before.
fn fitted(width: u32, height: u32, side: u32) -> (u32, u32) {
    let longest = width.max(height);
    if longest <= side {
        return (width, height);
    }
    let scaled = |length: u32| {
        let exact = (u64::from(length) * u64::from(side) + u64::from(longest) / 2) / u64::from(longest);
        u32::try_from(exact).unwrap_or(side).clamp(1, side)
    };
    (scaled(width), scaled(height))
}

/// The same picture in another size, `(width, height)` each. Of one kind of pixel only: for each kind that may be asked for
/// the library's code is built anew, optimised, in every cold build.
fn resize(rgb: &[u8], from: (u32, u32), to: (u32, u32)) -> Result<Vec<u8>, PhotoRefusal> {
    if from == to {
        return Ok(rgb.to_vec());
    }
    let source =
        TypedImageRef::<U8x3>::from_buffer(from.0, from.1, rgb).map_err(|_| PhotoRefusal::Unreadable)?;
    let mut small = vec![0; to.0 as usize * to.1 as usize * 3];
    let mut target =
        TypedImage::<U8x3>::from_buffer(to.0, to.1, &mut small).map_err(|_| PhotoRefusal::Unreadable)?;
    Resizer::new().resize_typed(&source, &mut target, None).map_err(|_| PhotoRefusal::Unreadable)?;
    Ok(small)
}

fn encode(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, PhotoRefusal> {
    encode_jpeg(picture.as_raw(), picture.width(), picture.height(), quality)
}
