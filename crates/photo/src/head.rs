//! The head of a photo: its kind and size in pixels, read from the bytes as they arrive and never by decoding.
//!
//! [`PhotoScan`] walks the frame of the file (segments of JPEG, chunks of PNG and WebP) and keeps only what
//! it still needs, so an upload costs no memory, a bomb is refused by its head, and a file whose end is missing is
//! refused before it is acknowledged. What follows the end of the picture (motion photos append a film) is no part of it.

mod webp;

use super::refusal::{PHOTO_PIXELS_MAX, PHOTO_SIDE_MAX, PhotoRefusal};

/// Scans of one JPEG, at most. Cameras write one, progressive ones about ten; thousands make a small file decode for minutes.
const JPEG_SCANS_MAX: u32 = 100;
/// Brands of the ISO media container (ISO/IEC 14496-12, `ftyp`) that hold HEIC, HEIF and AVIF pictures.
const HEIF_BRANDS: [&[u8; 4]; 11] =
    [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1", b"avif"];
const PNG_MAGIC: [u8; 8] = [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A];

/// The kinds of photo that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhotoKind {
    /// JPEG, baseline or progressive, 8 bits.
    Jpeg,
    /// PNG.
    Png,
    /// WebP, lossy or lossless; of a moving one the first picture.
    Webp,
}

impl PhotoKind {
    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }
}

/// What the head says. `width` and `height` are pixels as stored, before the orientation is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhotoHead {
    /// By its first bytes, whatever the sender declared.
    pub kind: PhotoKind,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// Reads the head of a photo from its first bytes; the rest may be missing.
///
/// # Errors
/// Why the photo is not taken; [`PhotoRefusal::Truncated`] when the bytes end before the size in pixels.
pub fn inspect_head(bytes: &[u8]) -> Result<PhotoHead, PhotoRefusal> {
    let mut scan = PhotoScan::default();
    let refused = scan.feed(bytes).err();
    match (scan.head, refused) {
        (Some(head), _) => Ok(head),
        (None, Some(refusal)) => Err(refusal),
        (None, None) => Err(scan.finish().err().unwrap_or(PhotoRefusal::Truncated)),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum At {
    #[default]
    Start,
    JpegSegment,
    JpegData,
    PngChunk,
    WebpChunk,
    /// After the end of the picture.
    Beyond,
}

/// How many bytes the scan is done with, or that it needs more to go on.
enum Step {
    Past(u64),
    More,
}

/// Checks a photo while it arrives.
#[derive(Debug, Default)]
pub struct PhotoScan {
    at: At,
    /// Bytes read but not understood yet: less than one segment's head.
    kept: Vec<u8>,
    /// Bytes still to be passed over.
    skip: u64,
    head: Option<PhotoHead>,
    jpeg_scans: u32,
    png_data: bool,
    riff: webp::Riff,
}

impl PhotoScan {
    /// Takes the next bytes, and says how many of them are of the picture: fewer than came once its end was seen.
    ///
    /// # Errors
    /// Why the photo is not taken, as soon as that is certain.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<usize, PhotoRefusal> {
        let came = bytes.len();
        let passed = (came as u64).min(self.skip);
        self.skip -= passed;
        let bytes = &bytes[passed as usize..];
        if self.at == At::Beyond {
            return Ok(passed as usize);
        }
        if bytes.is_empty() {
            return Ok(came);
        }
        let mut kept = std::mem::take(&mut self.kept);
        kept.extend_from_slice(bytes);
        let mut rest: &[u8] = &kept;
        while !rest.is_empty() && self.at != At::Beyond {
            match self.step(rest)? {
                Step::More => break,
                Step::Past(n) => {
                    let within = n.min(rest.len() as u64);
                    rest = &rest[within as usize..];
                    self.skip = n - within;
                }
            }
        }
        if self.at == At::Beyond {
            return Ok(came - rest.len().min(came));
        }
        self.kept = rest.to_vec();
        Ok(came)
    }

    /// The head, as soon as it was seen.
    pub fn head(&self) -> Option<PhotoHead> {
        self.head
    }

    /// Says that no more bytes come.
    ///
    /// # Errors
    /// [`PhotoRefusal::Truncated`] when the end of the picture was not seen, [`PhotoRefusal::NotAPhoto`] when the few
    /// bytes that came do not begin one.
    pub fn finish(self) -> Result<PhotoHead, PhotoRefusal> {
        match (self.at, self.head) {
            (At::Beyond, Some(head)) if self.skip == 0 => Ok(head),
            (At::Start, _) if !may_begin_a_photo(&self.kept) => Err(PhotoRefusal::NotAPhoto),
            _ended_early => Err(PhotoRefusal::Truncated),
        }
    }

    fn step(&mut self, rest: &[u8]) -> Result<Step, PhotoRefusal> {
        match self.at {
            At::Start => self.start(rest),
            At::JpegSegment => self.jpeg_segment(rest),
            At::JpegData => Ok(self.jpeg_data(rest)),
            At::PngChunk => self.png_chunk(rest),
            At::WebpChunk => self.webp_chunk(rest),
            At::Beyond => Ok(Step::Past(rest.len() as u64)),
        }
    }

    fn start(&mut self, rest: &[u8]) -> Result<Step, PhotoRefusal> {
        if rest.len() < 12 {
            return Ok(Step::More);
        }
        if rest.starts_with(&[0xFF, 0xD8, 0xFF]) {
            self.at = At::JpegSegment;
            return Ok(Step::Past(2));
        }
        if rest.starts_with(&PNG_MAGIC) {
            self.at = At::PngChunk;
            return Ok(Step::Past(8));
        }
        if &rest[4..8] == b"ftyp" {
            let heif = HEIF_BRANDS.iter().any(|brand| &rest[8..12] == *brand) || &rest[8..12] == b"avis";
            return Err(if heif { PhotoRefusal::Heic } else { PhotoRefusal::NotAPhoto });
        }
        if rest.starts_with(b"RIFF") && &rest[8..12] == b"WEBP" {
            return self.webp(rest);
        }
        Err(PhotoRefusal::NotAPhoto)
    }

    fn found(&mut self, kind: PhotoKind, width: u32, height: u32) -> Result<(), PhotoRefusal> {
        if width == 0 || height == 0 || self.head.is_some() {
            return Err(PhotoRefusal::Unreadable);
        }
        if too_many(width, height) {
            return Err(PhotoRefusal::TooManyPixels { width, height });
        }
        self.head = Some(PhotoHead { kind, width, height });
        Ok(())
    }

    /// At a marker of JPEG (ITU-T T.81, annex B).
    fn jpeg_segment(&mut self, rest: &[u8]) -> Result<Step, PhotoRefusal> {
        if rest[0] != 0xFF {
            return Err(PhotoRefusal::Unreadable);
        }
        let Some(&marker) = rest.get(1) else { return Ok(Step::More) };
        match marker {
            0xFF => return Ok(Step::Past(1)),
            0x01 | 0xD0..=0xD8 => return Ok(Step::Past(2)),
            0xD9 if self.jpeg_scans == 0 => return Err(PhotoRefusal::Unreadable),
            0xD9 => {
                self.at = At::Beyond;
                return Ok(Step::Past(2));
            }
            _has_a_length => {}
        }
        let Some(length) = be16(rest, 2) else { return Ok(Step::More) };
        if length < 2 {
            return Err(PhotoRefusal::Unreadable);
        }
        match marker {
            0xC0..=0xC2 => {
                let (Some(height), Some(width)) = (be16(rest, 5), be16(rest, 7)) else {
                    return Ok(Step::More);
                };
                if rest[4] != 8 {
                    return Err(PhotoRefusal::Unreadable);
                }
                self.found(PhotoKind::Jpeg, width, height)?;
            }
            // Lossless, hierarchical and arithmetic coding: no camera writes them, our decoder does not read them.
            0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => return Err(PhotoRefusal::Unreadable),
            0xDA => {
                self.jpeg_scans += 1;
                if self.head.is_none() || self.jpeg_scans > JPEG_SCANS_MAX {
                    return Err(PhotoRefusal::Unreadable);
                }
                self.at = At::JpegData;
            }
            _tables_and_metadata => {}
        }
        Ok(Step::Past(2 + u64::from(length)))
    }

    /// In the coded data of a scan: up to the next marker that does not belong to it.
    fn jpeg_data(&mut self, rest: &[u8]) -> Step {
        let Some(at) = rest.iter().position(|byte| *byte == 0xFF) else {
            return Step::Past(rest.len() as u64);
        };
        if at > 0 {
            return Step::Past(at as u64);
        }
        match rest.get(1) {
            None => Step::More,
            // A stuffed zero, or a restart marker.
            Some(0x00 | 0xD0..=0xD7) => Step::Past(2),
            Some(_marker) => {
                self.at = At::JpegSegment;
                Step::Past(0)
            }
        }
    }

    /// At a chunk of PNG (length, type, data, checksum).
    fn png_chunk(&mut self, rest: &[u8]) -> Result<Step, PhotoRefusal> {
        let (Some(length), Some(kind)) = (be32(rest, 0), rest.get(4..8)) else { return Ok(Step::More) };
        if length > i32::MAX as u32 || !kind.iter().all(u8::is_ascii_alphabetic) {
            return Err(PhotoRefusal::Unreadable);
        }
        match kind {
            b"IHDR" => {
                let (Some(width), Some(height)) = (be32(rest, 8), be32(rest, 12)) else {
                    return Ok(Step::More);
                };
                self.found(PhotoKind::Png, width, height)?;
            }
            b"IDAT" => self.png_data = true,
            b"IEND" if !self.png_data => return Err(PhotoRefusal::Unreadable),
            b"IEND" => self.at = At::Beyond,
            _other => {}
        }
        if self.head.is_none() {
            return Err(PhotoRefusal::Unreadable);
        }
        Ok(Step::Past(12 + u64::from(length)))
    }
}

/// More than a side or a picture may have?
fn too_many(width: u32, height: u32) -> bool {
    width.max(height) > PHOTO_SIDE_MAX || u64::from(width) * u64::from(height) > PHOTO_PIXELS_MAX
}

/// Could these few bytes (fewer than 12) be the beginning of a photo whose rest was lost? Nothing at all could.
fn may_begin_a_photo(bytes: &[u8]) -> bool {
    let starts = [&[0xFF, 0xD8, 0xFF][..], &PNG_MAGIC, b"RIFF"];
    starts.iter().any(|magic| bytes.starts_with(&magic[..magic.len().min(bytes.len())]))
}

fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 2).map(|b| u32::from(b[0]) << 8 | u32::from(b[1]))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(be16(bytes, at)? << 16 | be16(bytes, at + 2)?)
}

fn le16(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 2).map(|b| u32::from(b[1]) << 8 | u32::from(b[0]))
}

fn le24(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(*bytes.get(at + 2)?) << 16 | le16(bytes, at)?)
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(le16(bytes, at + 2)? << 16 | le16(bytes, at)?)
}
