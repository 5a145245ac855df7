//! WebP (RFC 9649): the length of the whole stands first, then chunks. A plain file has one picture; an extended one
//! (`VP8X`) names a canvas and holds a picture, or frames (`ANMF`) that hold pictures. Every picture says its own size,
//! and a decoder believes that one, so each is held to the limits and to the canvas.

use super::{At, PhotoKind, PhotoRefusal, PhotoScan, Step, le16, le24, le32, too_many};

/// Bytes of the head of a chunk: its name and the length of what follows.
const CHUNK_HEAD: u64 = 8;
/// Bytes of the head of a frame, before its chunks.
const FRAME_HEAD: u64 = 16;

/// What is still to come of a WebP file.
#[derive(Debug, Default)]
pub(super) struct Riff {
    /// Bytes of the whole.
    left: u64,
    /// Bytes of the frame that is being read; 0 outside of frames.
    frame_left: u64,
    /// Has the first chunk been seen?
    begun: bool,
    /// Has a picture been seen?
    pictured: bool,
}

impl PhotoScan {
    /// At the first twelve bytes, which are `RIFF`, a length, `WEBP`.
    pub(super) fn webp(&mut self, rest: &[u8]) -> Result<Step, PhotoRefusal> {
        let length = le32(rest, 4).map_or(0, u64::from);
        self.riff = Riff { left: length.saturating_sub(4), ..Riff::default() };
        self.at = At::WebpChunk;
        Ok(Step::Past(12 + self.webp_rest()?))
    }

    /// At a chunk, of the whole or of a frame.
    pub(super) fn webp_chunk(&mut self, rest: &[u8]) -> Result<Step, PhotoRefusal> {
        let in_frame = self.riff.frame_left > 0;
        let room = if in_frame { self.riff.frame_left } else { self.riff.left };
        let (Some(kind), Some(size)) = (rest.get(..4), le32(rest, 4).map(u64::from)) else {
            return Ok(Step::More);
        };
        let needed = needed(kind);
        if CHUNK_HEAD + size > room || size < needed as u64 {
            return Err(PhotoRefusal::Unreadable);
        }
        let Some(data) = rest.get(8..8 + needed) else { return Ok(Step::More) };
        self.webp_data(kind, data, in_frame)?;
        // Lengths are padded to whole pairs; a padding byte that is missing at the very end is forgiven.
        let whole = (CHUNK_HEAD + size + size % 2).min(room);
        let past = if kind == b"ANMF" { CHUNK_HEAD + FRAME_HEAD } else { whole };
        self.riff.left -= past;
        self.riff.frame_left = match kind {
            b"ANMF" => whole - past,
            _inner if in_frame => self.riff.frame_left - past,
            _outer => 0,
        };
        Ok(Step::Past(past + self.webp_rest()?))
    }

    /// Bytes behind the last chunk of a frame or of the whole, which are too few for another.
    fn webp_rest(&mut self) -> Result<u64, PhotoRefusal> {
        let mut rest = 0;
        if self.riff.frame_left < CHUNK_HEAD {
            rest = std::mem::take(&mut self.riff.frame_left);
            self.riff.left -= rest;
        }
        if self.riff.frame_left == 0 && self.riff.left < CHUNK_HEAD {
            if !self.riff.pictured {
                return Err(PhotoRefusal::Unreadable);
            }
            rest += std::mem::take(&mut self.riff.left);
            self.at = At::Beyond;
        }
        Ok(rest)
    }

    fn webp_data(&mut self, kind: &[u8], data: &[u8], in_frame: bool) -> Result<(), PhotoRefusal> {
        let first = !std::mem::replace(&mut self.riff.begun, true);
        match kind {
            b"VP8X" if first => {
                let (Some(width), Some(height)) = (le24(data, 4), le24(data, 7)) else {
                    return Err(PhotoRefusal::Unreadable);
                };
                self.found(PhotoKind::Webp, width + 1, height + 1)
            }
            b"VP8 " => {
                let (Some(width), Some(height)) = (le16(data, 6), le16(data, 8)) else {
                    return Err(PhotoRefusal::Unreadable);
                };
                if data[3..6] != [0x9D, 0x01, 0x2A] {
                    return Err(PhotoRefusal::Unreadable);
                }
                self.webp_picture(width & 0x3FFF, height & 0x3FFF)
            }
            b"VP8L" => {
                let bits = le32(data, 1).filter(|_| data[0] == 0x2F).ok_or(PhotoRefusal::Unreadable)?;
                self.webp_picture((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1)
            }
            b"ANMF" if !first && !in_frame => self.webp_frame(data),
            // A frame in a frame, a second canvas, a file that begins with neither a picture nor a canvas.
            b"ANMF" | b"VP8X" => Err(PhotoRefusal::Unreadable),
            _metadata if first => Err(PhotoRefusal::Unreadable),
            _metadata => Ok(()),
        }
    }

    /// A picture: the only one, or one of an extended file, which must fit onto its canvas.
    fn webp_picture(&mut self, width: u32, height: u32) -> Result<(), PhotoRefusal> {
        self.riff.pictured = true;
        let Some(canvas) = self.head else { return self.found(PhotoKind::Webp, width, height) };
        if too_many(width, height) {
            return Err(PhotoRefusal::TooManyPixels { width, height });
        }
        let fits = (1..=canvas.width).contains(&width) && (1..=canvas.height).contains(&height);
        if fits { Ok(()) } else { Err(PhotoRefusal::Unreadable) }
    }

    /// The head of a frame: where on the canvas it stands, in pairs of pixels, and its size.
    fn webp_frame(&self, data: &[u8]) -> Result<(), PhotoRefusal> {
        let (Some(x), Some(y), Some(width), Some(height), Some(canvas)) =
            (le24(data, 0), le24(data, 3), le24(data, 6), le24(data, 9), self.head)
        else {
            return Err(PhotoRefusal::Unreadable);
        };
        let (width, height) = (width + 1, height + 1);
        if too_many(width, height) {
            return Err(PhotoRefusal::TooManyPixels { width, height });
        }
        let fits = 2 * x + width <= canvas.width && 2 * y + height <= canvas.height;
        if fits { Ok(()) } else { Err(PhotoRefusal::Unreadable) }
    }
}

/// How many bytes of a chunk's data say its size in pixels.
fn needed(kind: &[u8]) -> usize {
    match kind {
        b"VP8X" | b"VP8 " => 10,
        b"VP8L" => 5,
        b"ANMF" => FRAME_HEAD as usize,
        _metadata => 0,
    }
}
