//! What is seen on a photo, whatever file it came in: a hash of its upright pixels, and a print by which pictures that
//! look alike are found.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{ResizeAlg, ResizeOptions, Resizer};
use image::RgbImage;
use image::metadata::Orientation;
use sha2::{Digest, Sha256};

use super::refusal::PhotoRefusal;

/// Bits of a print.
pub const PRINT_BITS: u32 = 64;
/// Pixels a side of the small picture that the print is taken from.
const SMALL: usize = 32;
/// Waves a side of which the print tells more or less than usual.
const WAVES: usize = 8;

/// What is seen. Two files with the same pixels have the same hash, however they are coded and whatever they say beside.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// SHA-256 of width, height and the upright pixels as red, green, blue, what is transparent on white.
    pub sha256: Vec<u8>,
    /// The print: pictures that look alike differ in few of its bits. `None` where there is nothing to tell by (one colour).
    pub print: Option<u64>,
}

/// In how many bits two prints differ: 0 to 10 of the same picture, coded anew or smaller; about 32 of any two.
pub const fn print_distance(one: u64, other: u64) -> u32 {
    (one ^ other).count_ones()
}

/// The hash of an upright picture: what [`Seen::sha256`] is of every file that shows it.
pub fn pixels_sha256(picture: &RgbImage) -> Vec<u8> {
    turned_sha256(picture.as_raw(), picture.dimensions(), Orientation::NoTransforms)
}

/// The hash of the pixels, turned upright as they are read.
pub(crate) fn turned_sha256(rgb: &[u8], (width, height): (u32, u32), turn: Orientation) -> Vec<u8> {
    let mut hash = Sha256::new();
    let turned = matches!(
        turn,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    );
    let (across, down) = if turned { (height, width) } else { (width, height) };
    hash.update(across.to_be_bytes());
    hash.update(down.to_be_bytes());
    if turn == Orientation::NoTransforms {
        hash.update(rgb);
        return hash.finalize().to_vec();
    }
    let mut row = Vec::with_capacity(across as usize * 3);
    for y in 0..down {
        row.clear();
        for x in 0..across {
            let (from_x, from_y) = source(turn, (x, y), (width, height));
            let at = (from_y as usize * width as usize + from_x as usize) * 3;
            row.extend_from_slice(rgb.get(at..at + 3).unwrap_or_default());
        }
        hash.update(&row);
    }
    hash.finalize().to_vec()
}

/// Where the stored pixel stands that is seen at a place of the upright picture.
fn source(turn: Orientation, (x, y): (u32, u32), (width, height): (u32, u32)) -> (u32, u32) {
    let (right, bottom) = (width - 1, height - 1);
    match turn {
        Orientation::NoTransforms => (x, y),
        Orientation::FlipHorizontal => (right - x, y),
        Orientation::Rotate180 => (right - x, bottom - y),
        Orientation::FlipVertical => (x, bottom - y),
        Orientation::Rotate90FlipH => (y, x),
        Orientation::Rotate90 => (y, bottom - x),
        Orientation::Rotate270FlipH => (right - y, bottom - x),
        Orientation::Rotate270 => (right - y, x),
    }
}

/// The print of an upright picture: the lowest waves of its brightness (a discrete cosine transform of 32 × 32), each more
/// or less than the middle one.
pub(crate) fn print(picture: &RgbImage) -> Result<Option<u64>, PhotoRefusal> {
    let side = u32::try_from(SMALL).unwrap_or_default();
    let source = TypedImageRef::<U8x3>::from_buffer(picture.width(), picture.height(), picture.as_raw());
    let source = source.map_err(|_| PhotoRefusal::Unreadable)?;
    let mut small = vec![0; SMALL * SMALL * 3];
    let target = TypedImage::<U8x3>::from_buffer(side, side, &mut small);
    let mut target = target.map_err(|_| PhotoRefusal::Unreadable)?;
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(Default::default()));
    Resizer::new().resize_typed(&source, &mut target, &options).map_err(|_| PhotoRefusal::Unreadable)?;
    let grey: Vec<f64> = small
        .chunks_exact(3)
        .map(|p| 0.299 * f64::from(p[0]) + 0.587 * f64::from(p[1]) + 0.114 * f64::from(p[2]))
        .collect();
    Ok(waves(&grey).map(|waves| bits(&waves)))
}

/// The lowest waves, without the evenness of the whole; `None` where there are none worth telling.
fn waves(grey: &[f64]) -> Option<Vec<f64>> {
    let wave = |at: usize, which: usize| {
        ((2 * at + 1) as f64 * which as f64 * std::f64::consts::PI / (2 * SMALL) as f64).cos()
    };
    let mut lowest = Vec::with_capacity(WAVES * WAVES);
    for v in 1..=WAVES {
        for u in 1..=WAVES {
            let mut sum = 0.0;
            for (y, row) in grey.chunks_exact(SMALL).enumerate() {
                let along: f64 = row.iter().enumerate().map(|(x, value)| value * wave(x, u)).sum();
                sum += along * wave(y, v);
            }
            lowest.push(sum);
        }
    }
    let strength = lowest.iter().map(|value| value.abs()).sum::<f64>() / (WAVES * WAVES) as f64;
    // A fiftieth of a level of brightness: what coding alone does to an even picture.
    (strength > (SMALL * SMALL) as f64 / 50.0).then_some(lowest)
}

fn bits(waves: &[f64]) -> u64 {
    let mut sorted = waves.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let middle = sorted.get(waves.len() / 2).copied().unwrap_or_default();
    waves.iter().fold(0, |bits, wave| bits << 1 | u64::from(*wave > middle))
}
