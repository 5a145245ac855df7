//! Photos made for tests: every kind, with every metadata that a device may write, and the wrecks of them.

use std::io::Cursor;

use exif::experimental::Writer;
use exif::{Field, In, Rational, Tag, Value};
use image::{DynamicImage, ImageEncoder, Rgb, RgbImage};
use jpeg_encoder::{ColorType, Encoder};

use photo::PhotoKind;

/// What a device says about itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Device {
    /// EXIF orientation, 1 to 8.
    pub(crate) orientation: Option<u16>,
    /// `2026:11:23 08:30:00`.
    pub(crate) taken: Option<String>,
    /// `+08:00`.
    pub(crate) zone: Option<String>,
    /// Degrees north and east.
    pub(crate) place: Option<(f64, f64)>,
    /// The system of `place`, if the device names one.
    pub(crate) datum: Option<String>,
    /// A text that must never come out again: maker, comment, XMP, profile.
    pub(crate) mark: Option<String>,
}

/// A picture whose left half is red and right half green above, blue and white below.
pub(crate) fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => Rgb([250, 0, 0]),
        (false, true) => Rgb([0, 250, 0]),
        (true, false) => Rgb([0, 0, 250]),
        (false, false) => Rgb([250, 250, 250]),
    })
}

/// Raw EXIF data.
pub(crate) fn exif_of(device: &Device) -> Vec<u8> {
    let ascii = |text: &str| Value::Ascii(vec![text.as_bytes().to_vec()]);
    let field = |tag, value| Field { tag, ifd_num: In::PRIMARY, value };
    let mut fields = vec![field(Tag::Software, ascii("none"))];
    if let Some(number) = device.orientation {
        fields.push(field(Tag::Orientation, Value::Short(vec![number])));
    }
    if let Some(taken) = &device.taken {
        fields.push(field(Tag::DateTimeOriginal, ascii(taken)));
    }
    if let Some(zone) = &device.zone {
        fields.push(field(Tag::OffsetTimeOriginal, ascii(zone)));
    }
    if let Some(mark) = &device.mark {
        fields.push(field(Tag::Make, ascii(mark)));
        fields.push(field(Tag::BodySerialNumber, ascii(mark)));
        fields.push(field(Tag::MakerNote, Value::Undefined(mark.as_bytes().to_vec(), 0)));
    }
    if let Some((lat, lng)) = device.place {
        fields.push(field(Tag::GPSLatitude, Value::Rational(dms(lat))));
        fields.push(field(Tag::GPSLatitudeRef, ascii(if lat < 0.0 { "S" } else { "N" })));
        fields.push(field(Tag::GPSLongitude, Value::Rational(dms(lng))));
        fields.push(field(Tag::GPSLongitudeRef, ascii(if lng < 0.0 { "W" } else { "E" })));
    }
    if let Some(datum) = &device.datum {
        fields.push(field(Tag::GPSMapDatum, ascii(datum)));
    }
    let mut writer = Writer::new();
    for field in &fields {
        writer.push_field(field);
    }
    let mut out = Cursor::new(Vec::new());
    writer.write(&mut out, false).unwrap();
    out.into_inner()
}

fn dms(degrees: f64) -> Vec<Rational> {
    let degrees = degrees.abs();
    let minutes = degrees.fract() * 60.0;
    let whole = |value: f64| Rational { num: value as u32, denom: 1 };
    vec![
        whole(degrees),
        whole(minutes),
        Rational { num: (minutes.fract() * 60.0 * 10_000.0).round() as u32, denom: 10_000 },
    ]
}

fn xmp(mark: &str) -> Vec<u8> {
    format!("<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><dc:creator>{mark}</dc:creator></x:xmpmeta>").into_bytes()
}

/// A photo of this kind with these pixels and everything that `device` says, in every place where the kind allows it.
pub(crate) fn photo(kind: PhotoKind, pixels: &RgbImage, device: &Device) -> Vec<u8> {
    match kind {
        PhotoKind::Jpeg => jpeg(pixels, device, false),
        PhotoKind::Png => png(pixels, device, false),
        PhotoKind::Webp => webp(pixels, device),
    }
}

pub(crate) fn jpeg(pixels: &RgbImage, device: &Device, progressive: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, 90);
    encoder.set_progressive(progressive);
    encoder.add_exif_metadata(&exif_of(device)).unwrap();
    if let Some(mark) = &device.mark {
        let mut packet = b"http://ns.adobe.com/xap/1.0/\0".to_vec();
        packet.extend(xmp(mark));
        encoder.add_app_segment(1, packet).unwrap();
        encoder.add_icc_profile(mark.repeat(20).as_bytes()).unwrap();
        encoder.add_app_segment(13, format!("Photoshop 3.0\0{mark}").into_bytes()).unwrap();
    }
    let (width, height) = (pixels.width() as u16, pixels.height() as u16);
    encoder.encode(pixels.as_raw(), width, height, ColorType::Rgb).unwrap();
    if let Some(mark) = &device.mark {
        // A comment right after the start, and something behind the end.
        let mut comment = vec![0xFF, 0xFE];
        comment.extend((mark.len() as u16 + 2).to_be_bytes());
        comment.extend(mark.as_bytes());
        out.splice(2..2, comment);
        out.extend(mark.as_bytes());
    }
    out
}

/// With `late`, the metadata stand behind the pixels.
pub(crate) fn png(pixels: &RgbImage, device: &Device, late: bool) -> Vec<u8> {
    let mut plain = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(pixels.clone()).write_to(&mut plain, image::ImageFormat::Png).unwrap();
    let mut out = plain.into_inner();
    let mut extra = chunk(b"eXIf", &exif_of(device));
    if let Some(mark) = &device.mark {
        extra.extend(chunk(b"tEXt", format!("Comment\0{mark}").as_bytes()));
        let packet = xmp(mark);
        extra.extend(chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", packet.as_slice()].concat()));
    }
    let at = if late { out.len() - 12 } else { 33 };
    out.splice(at..at, extra);
    out
}

/// A chunk of PNG.
pub(crate) fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut crc = u32::MAX;
    for byte in kind.iter().chain(data) {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    [&(data.len() as u32).to_be_bytes()[..], kind, data, &(!crc).to_be_bytes()].concat()
}

pub(crate) fn webp(pixels: &RgbImage, device: &Device) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut out);
    encoder.set_exif_metadata(exif_of(device)).unwrap();
    if let Some(mark) = &device.mark {
        encoder.set_icc_profile(mark.repeat(20).into_bytes()).unwrap();
    }
    let (width, height) = pixels.dimensions();
    encoder.write_image(pixels.as_raw(), width, height, image::ExtendedColorType::Rgb8).unwrap();
    if let Some(mark) = &device.mark {
        let mut packet = xmp(mark);
        packet.resize(packet.len().next_multiple_of(2), b' ');
        out.extend(b"XMP ");
        out.extend((packet.len() as u32).to_le_bytes());
        out.extend(packet);
        let length = (out.len() - 8) as u32;
        out[4..8].copy_from_slice(&length.to_le_bytes());
        out[20] |= 0x04;
    }
    out
}

/// A head that claims this size and holds nothing.
pub(crate) fn bomb(kind: PhotoKind, width: u32, height: u32) -> Vec<u8> {
    match kind {
        PhotoKind::Jpeg => {
            let (w, h) = ((width as u16).to_be_bytes(), (height as u16).to_be_bytes());
            vec![
                0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, h[0], h[1], w[0], w[1], 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11,
                1,
            ]
        }
        PhotoKind::Png => {
            let mut out = vec![0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A];
            let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
            header.extend([8, 2, 0, 0, 0]);
            out.extend(chunk(b"IHDR", &header));
            out
        }
        PhotoKind::Webp => {
            let mut out = b"RIFF\x16\0\0\0WEBPVP8X\x0A\0\0\0\0\0\0\0".to_vec();
            out.extend(&(width - 1).to_le_bytes()[..3]);
            out.extend(&(height - 1).to_le_bytes()[..3]);
            out
        }
    }
}

/// A chunk of WebP, padded.
pub(crate) fn riff_chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut out = [&kind[..], &(data.len() as u32).to_le_bytes(), data].concat();
    out.resize(out.len().next_multiple_of(2), 0);
    out
}

/// A WebP file of these chunks.
pub(crate) fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
    let inside = [&b"WEBP"[..], &chunks.concat()].concat();
    [&b"RIFF"[..], &(inside.len() as u32).to_le_bytes(), &inside].concat()
}

/// The canvas of an extended WebP file; `moving` says that frames follow.
pub(crate) fn canvas(width: u32, height: u32, moving: bool) -> Vec<u8> {
    let mut data = vec![if moving { 0x02 } else { 0 }, 0, 0, 0];
    data.extend(&(width - 1).to_le_bytes()[..3]);
    data.extend(&(height - 1).to_le_bytes()[..3]);
    riff_chunk(b"VP8X", &data)
}

/// The start of a lossy picture that claims this size, and some zeros, which decode to grey.
pub(crate) fn lossy(width: u16, height: u16) -> Vec<u8> {
    let mut data = vec![0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A];
    data.extend(width.to_le_bytes());
    data.extend(height.to_le_bytes());
    data.resize(600, 0);
    riff_chunk(b"VP8 ", &data)
}

/// The start of a lossless picture that claims this size.
pub(crate) fn lossless(width: u32, height: u32) -> Vec<u8> {
    let bits = (width - 1) | (height - 1) << 14;
    riff_chunk(b"VP8L", &[&[0x2F][..], &bits.to_le_bytes(), &[0; 40]].concat())
}

/// A frame of a moving picture that claims this size and holds these chunks.
pub(crate) fn frame(width: u32, height: u32, chunks: &[Vec<u8>]) -> Vec<u8> {
    let mut data = vec![0; 6];
    data.extend(&(width - 1).to_le_bytes()[..3]);
    data.extend(&(height - 1).to_le_bytes()[..3]);
    data.extend([0; 4]);
    data.extend(chunks.concat());
    riff_chunk(b"ANMF", &data)
}
