//! The served copies of a photo: turned upright, made small, and free of every metadata, because they are drawn anew
//! from the pixels (architecture §9). Pure: bytes in, bytes out.
//!
//! Colour profiles go too: a wide-gamut photo looks a little paler, and nothing in a copy can identify a device.

use std::io::Cursor;

use exif::Exif;
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{PixelType, Resizer};
use image::error::ImageError;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::facts::{PhotoFacts, facts, find_exif, orientation, read_exif};
use super::head::{PhotoHead, PhotoKind, PhotoScan, within_riff};
use super::refusal::{PHOTO_SIDE_MAX, PhotoRefusal};

/// Longest side of the copy that is looked at, in pixels.
pub const VIEW_SIDE_PX: u32 = 1_600;
/// Longest side of the copy in lists, in pixels.
pub const THUMB_SIDE_PX: u32 = 320;
/// Quality of the copies on JPEG's scale of 100.
const VIEW_QUALITY: u8 = 82;
const THUMB_QUALITY: u8 = 76;
/// Memory for the decoded picture, at most, in bytes: 50 million pixels of four bytes. Pictures of 16 bits reach it sooner.
const DECODED_BYTES_MAX: u64 = 200_000_000;

/// What is kept of a photo.
#[derive(Debug, Clone, PartialEq)]
pub struct Copies {
    /// JPEG, at most 1,600 pixels a side.
    pub view_jpeg: Vec<u8>,
    /// JPEG, at most 320 pixels a side.
    pub thumb_jpeg: Vec<u8>,
    /// When and where it was taken, as the device claims.
    pub facts: PhotoFacts,
}

/// Makes the served copies. Takes about 0.1 s and 50 MB for a phone's photo: call it off the async threads.
///
/// # Errors
/// Why there are no copies of this photo.
pub fn make_copies(original: &[u8]) -> Result<Copies, PhotoRefusal> {
    let mut scan = PhotoScan::default();
    scan.feed(original)?;
    let head = scan.finish()?;
    let (picture, exif) = decode(original, head)?;
    let exif = exif.or_else(|| find_exif(original));
    let turn = exif.as_ref().and_then(orientation).and_then(Orientation::from_exif);
    let mut view = DynamicImage::ImageRgb8(shrink(&picture, VIEW_SIDE_PX)?);
    drop(picture);
    view.apply_orientation(turn.unwrap_or(Orientation::NoTransforms));
    let thumb = shrink(&view, THUMB_SIDE_PX)?;
    Ok(Copies {
        view_jpeg: encode(&view.into_rgb8(), VIEW_QUALITY)?,
        thumb_jpeg: encode(&thumb, THUMB_QUALITY)?,
        facts: exif.as_ref().map(facts).unwrap_or_default(),
    })
}

/// The pixels as stored, and the EXIF data that the decoder met.
fn decode(original: &[u8], head: PhotoHead) -> Result<(DynamicImage, Option<Exif>), PhotoRefusal> {
    let (format, original) = match head.kind {
        PhotoKind::Jpeg => (ImageFormat::Jpeg, original),
        PhotoKind::Png => (ImageFormat::Png, original),
        PhotoKind::Webp => (ImageFormat::WebP, within_riff(original)),
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

/// The picture with its longest side at most `side_px`, as opaque RGB; what was transparent becomes white.
fn shrink(picture: &DynamicImage, side_px: u32) -> Result<RgbImage, PhotoRefusal> {
    let (width, height) = fitted(picture.width(), picture.height(), side_px);
    let (pixels, kind) = match picture {
        DynamicImage::ImageRgb8(rgb) => {
            (resize(rgb, picture, PixelType::U8x3, width, height)?, PixelType::U8x3)
        }
        DynamicImage::ImageLuma8(grey) => {
            (resize(grey, picture, PixelType::U8, width, height)?, PixelType::U8)
        }
        DynamicImage::ImageRgba8(rgba) => {
            (resize(rgba, picture, PixelType::U8x4, width, height)?, PixelType::U8x4)
        }
        // Grey with transparency, 16 bits and the like: rare enough to be converted first.
        other => (resize(&other.to_rgba8(), picture, PixelType::U8x4, width, height)?, PixelType::U8x4),
    };
    let rgb = match kind {
        PixelType::U8 => pixels.iter().flat_map(|grey| [*grey; 3]).collect(),
        PixelType::U8x4 => {
            pixels.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]].map(|c| on_white(c, p[3]))).collect()
        }
        _rgb => pixels,
    };
    RgbImage::from_raw(width, height, rgb).ok_or(PhotoRefusal::Unreadable)
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

fn resize(
    pixels: &[u8],
    of: &DynamicImage,
    kind: PixelType,
    width: u32,
    height: u32,
) -> Result<Vec<u8>, PhotoRefusal> {
    if (of.width(), of.height()) == (width, height) {
        return Ok(pixels.to_vec());
    }
    let source =
        ImageRef::new(of.width(), of.height(), pixels, kind).map_err(|_| PhotoRefusal::Unreadable)?;
    let mut target = Image::new(width, height, kind);
    Resizer::new().resize(&source, &mut target, None).map_err(|_| PhotoRefusal::Unreadable)?;
    Ok(target.into_vec())
}

fn encode(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, PhotoRefusal> {
    let side = |length: u32| u16::try_from(length).map_err(|_| PhotoRefusal::Unreadable);
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, quality);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder
        .encode(picture.as_raw(), side(picture.width())?, side(picture.height())?, ColorType::Rgb)
        .map_err(|_| PhotoRefusal::Unreadable)?;
    Ok(jpeg)
}
