//! Reading JPEG. The decoder is told what the colours are, by the rules that browsers and libjpeg follow, and a file whose
//! colours nobody can know is refused: a photo never becomes another picture.

use exif::Exif;
use image::{DynamicImage, GrayImage, RgbImage};
use jpeg_decoder::{ColorTransform, Decoder, Error, PixelFormat};

use crate::copies::DECODED_BYTES_MAX;
use crate::facts::read_exif;
use crate::head::PhotoHead;
use crate::refusal::PhotoRefusal;

/// The pixels as stored, and the EXIF data before them.
pub(crate) fn decode(file: &[u8], head: PhotoHead) -> Result<(DynamicImage, Option<Exif>), PhotoRefusal> {
    let too_many = PhotoRefusal::TooManyPixels { width: head.width, height: head.height };
    let mut decoder = Decoder::new(file);
    decoder.set_max_decoding_buffer_size(usize::try_from(DECODED_BYTES_MAX).unwrap_or(usize::MAX));
    decoder.set_color_transform(colours(file)?);
    let bytes = decoder.decode().map_err(|error| refusal(&error))?;
    let exif = decoder.exif_data().and_then(read_exif);
    let info = decoder.info().ok_or(PhotoRefusal::Unreadable)?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    if (width, height) != (head.width, head.height) {
        return Err(too_many);
    }
    let picture = match info.pixel_format {
        PixelFormat::L8 => GrayImage::from_raw(width, height, bytes).map(DynamicImage::ImageLuma8),
        PixelFormat::RGB24 => RgbImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8),
        PixelFormat::CMYK32 => RgbImage::from_raw(width, height, light(&bytes)).map(DynamicImage::ImageRgb8),
        PixelFormat::L16 => None,
    };
    Ok((picture.ok_or(PhotoRefusal::Unreadable)?, exif))
}

fn refusal(error: &Error) -> PhotoRefusal {
    match error {
        Error::Io(io) if io.kind() == std::io::ErrorKind::UnexpectedEof => PhotoRefusal::Truncated,
        Error::Io(_) | Error::Format(_) | Error::Unsupported(_) | Error::Internal(_) => {
            PhotoRefusal::Unreadable
        }
    }
}

/// Inks as light. The decoder gives them as Adobe means them: 255 is all of it.
fn light(inks: &[u8]) -> Vec<u8> {
    let light = |ink: u8, black: u8| {
        let product = (255 - u32::from(ink)) * (255 - u32::from(black));
        ((product + 127) / 255) as u8
    };
    inks.chunks_exact(4).flat_map(|p| [light(p[0], p[3]), light(p[1], p[3]), light(p[2], p[3])]).collect()
}

/// What the components are: the JFIF head says YCbCr, Adobe's marker says which, names may say RGB.
fn colours(file: &[u8]) -> Result<ColorTransform, PhotoRefusal> {
    let (mut jfif, mut adobe, mut names) = (false, None, Vec::new());
    for (marker, data) in Segments(file.get(2..).unwrap_or_default()) {
        match marker {
            0xE0 if data.starts_with(b"JFIF\0") => jfif = true,
            0xEE if data.starts_with(b"Adobe") => adobe = data.get(11).copied().or(adobe),
            0xC0..=0xC2 => names = data.get(6..).unwrap_or_default().chunks(3).map(|c| c[0]).collect(),
            _other => {}
        }
    }
    match (names.as_slice(), adobe) {
        ([_], _) => Ok(ColorTransform::Grayscale),
        ([_, _, _], _) if jfif => Ok(ColorTransform::YCbCr),
        ([_, _, _], Some(0)) | (b"RGB", None) => Ok(ColorTransform::RGB),
        ([_, _, _], _) => Ok(ColorTransform::YCbCr),
        ([_, _, _, _], Some(0)) => Ok(ColorTransform::CMYK),
        ([_, _, _, _], Some(2)) => Ok(ColorTransform::YCCK),
        _two_or_four_without_a_word => Err(PhotoRefusal::Unreadable),
    }
}

/// Markers with their data, up to the first scan.
struct Segments<'a>(&'a [u8]);

impl<'a> Iterator for Segments<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = self.0.strip_prefix(&[0xFF])?;
            let (&marker, rest) = rest.split_first()?;
            match marker {
                // Fill bytes before a marker.
                0xFF => self.0 = &self.0[1..],
                0x01 | 0xD0..=0xD8 => self.0 = rest,
                0xD9 | 0xDA => return None,
                _has_a_length => {
                    let length = usize::from(u16::from_be_bytes([*rest.first()?, *rest.get(1)?]));
                    let data = rest.get(2..length)?;
                    self.0 = &rest[length..];
                    return Some((marker, data));
                }
            }
        }
    }
}
