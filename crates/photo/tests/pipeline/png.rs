//! Every kind of PNG gives its own picture: depths, palettes, transparency, interlacing, moving ones.

use image::{Rgb, RgbImage};
use photo::make_copies;

use crate::fixtures::chunk;

/// Colour types of the standard (ISO/IEC 15948, 11.2.2) with the depths that each may have.
const KINDS: [(u8, &[u8]); 5] =
    [(0, &[1, 2, 4, 8, 16]), (2, &[8, 16]), (3, &[1, 2, 4, 8]), (4, &[8, 16]), (6, &[8, 16])];
/// The seven passes of interlacing: first column and row, steps.
const PASSES: [(u32, u32, u32, u32); 7] =
    [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

/// The level of a pixel among `levels`, as large blocks, so that one bit still shows it.
fn level(x: u32, y: u32, levels: u32) -> u32 {
    ((x / 8) * 3 + (y / 8) * 5 + 1) % levels
}

/// What the pixel is, as samples, and as it should be seen.
fn pixel(kind: u8, depth: u8, x: u32, y: u32) -> (Vec<u32>, [u8; 3]) {
    let most = if depth == 16 { 65_535 } else { (1 << depth) - 1 };
    let levels = (most + 1).min(16);
    let step = most / (levels - 1);
    let grey = level(x, y, levels) * step;
    let seen = |sample: u32| (f64::from(sample) * 255.0 / f64::from(most)).round() as u8;
    let colour = [grey, most - grey, level(y, x, levels) * step];
    let clear = (x / 8 + y / 8).is_multiple_of(3);
    let shown = |rgb: [u32; 3]| if clear { [255; 3] } else { rgb.map(seen) };
    match kind {
        0 => (vec![grey], [seen(grey); 3]),
        2 => (colour.to_vec(), colour.map(seen)),
        3 => {
            let at = level(x, y, levels.min(1 << depth));
            (vec![at], palette(at as u8))
        }
        4 => (vec![grey, if clear { 0 } else { most }], shown([grey; 3])),
        _ => (vec![colour[0], colour[1], colour[2], if clear { 0 } else { most }], shown(colour)),
    }
}

fn palette(at: u8) -> [u8; 3] {
    [at.wrapping_mul(53), 255 - at.wrapping_mul(17), at.wrapping_mul(101)]
}

fn rows(kind: u8, depth: u8, (width, height): (u32, u32), pass: (u32, u32, u32, u32)) -> Vec<u8> {
    let (x0, y0, dx, dy) = pass;
    let mut out = Vec::new();
    if x0 >= width {
        return out;
    }
    for y in (y0..height).step_by(dy as usize) {
        out.push(0);
        let (mut held, mut bits) = (0_u32, 0);
        for x in (x0..width).step_by(dx as usize) {
            for sample in pixel(kind, depth, x, y).0 {
                match depth {
                    16 => out.extend((sample as u16).to_be_bytes()),
                    8 => out.push(sample as u8),
                    _ => {
                        held = held << depth | sample;
                        bits += depth;
                        if bits == 8 {
                            out.push(held as u8);
                            (held, bits) = (0, 0);
                        }
                    }
                }
            }
        }
        if bits > 0 {
            out.push((held << (8 - bits)) as u8);
        }
    }
    out
}

/// A zlib stream that compresses nothing.
fn stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let parts: Vec<&[u8]> = data.chunks(60_000).collect();
    for (at, part) in parts.iter().enumerate() {
        out.push(u8::from(at + 1 == parts.len()));
        out.extend((part.len() as u16).to_le_bytes());
        out.extend((!(part.len() as u16)).to_le_bytes());
        out.extend(*part);
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in data {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    out.extend((b << 16 | a).to_be_bytes());
    out
}

fn write(kind: u8, depth: u8, size: (u32, u32), interlaced: bool, moving: bool) -> Vec<u8> {
    let mut out = vec![0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A];
    let head = [size.0.to_be_bytes(), size.1.to_be_bytes()].concat();
    out.extend(chunk(b"IHDR", &[head.as_slice(), &[depth, kind, 0, 0, u8::from(interlaced)]].concat()));
    if kind == 3 {
        let colours: Vec<u8> = (0..1_u32 << depth).flat_map(|at| palette(at as u8)).collect();
        out.extend(chunk(b"PLTE", &colours));
    }
    if moving {
        // Two frames, the first of which is the picture that a still reader shows.
        out.extend(chunk(b"acTL", &[2_u32.to_be_bytes(), 0_u32.to_be_bytes()].concat()));
        out.extend(frame(0, size));
    }
    let passes = if interlaced { &PASSES[..] } else { &[(0, 0, 1, 1)][..] };
    let data: Vec<u8> = passes.iter().flat_map(|pass| rows(kind, depth, size, *pass)).collect();
    out.extend(chunk(b"IDAT", &stored(&data)));
    if moving {
        out.extend(frame(1, size));
        let dark = vec![0; data.len()];
        out.extend(chunk(b"fdAT", &[&2_u32.to_be_bytes()[..], &stored(&dark)].concat()));
    }
    out.extend(chunk(b"IEND", &[]));
    out
}

fn frame(number: u32, size: (u32, u32)) -> Vec<u8> {
    let words = [number, size.0, size.1, 0, 0].map(u32::to_be_bytes).concat();
    chunk(b"fcTL", &[words.as_slice(), &[0, 1, 0, 10, 0, 0]].concat())
}

#[test]
fn every_kind_of_png_gives_its_own_picture() {
    for (kind, depths) in KINDS {
        for depth in depths.iter().copied() {
            for (interlaced, moving) in [(false, false), (true, false), (false, true)] {
                for size in [(1, 1), (33, 47), (40, 24)] {
                    let what = format!("type {kind}, {depth} bits, {interlaced}, {moving}, {size:?}");
                    let file = write(kind, depth, size, interlaced, moving);
                    let copies = make_copies(&file).unwrap_or_else(|error| panic!("{what}: {error}"));
                    let seen = RgbImage::from_fn(size.0, size.1, |x, y| Rgb(pixel(kind, depth, x, y).1));
                    let hash = photo::pixels_sha256(&seen);
                    assert_eq!(copies.seen.sha256, hash, "{what}");
                }
            }
        }
    }
}

/// One colour that counts as transparent (tRNS): what is behind it is paper.
#[test]
fn a_colour_that_counts_as_transparent_is_white() {
    for (kind, depth, clear) in [(0_u8, 8_u8, vec![0_u8, 17]), (3, 8, vec![255, 0])] {
        let plain = write(kind, depth, (40, 24), false, false);
        let at = plain.windows(4).position(|part| part == b"IDAT").unwrap() - 4;
        let file = [&plain[..at], &chunk(b"tRNS", &clear), &plain[at..]].concat();
        let seen = RgbImage::from_fn(40, 24, |x, y| {
            let (samples, colour) = pixel(kind, depth, x, y);
            let gone = if kind == 0 { samples[0] == 17 } else { samples[0] == 1 };
            Rgb(if gone { [255; 3] } else { colour })
        });
        assert!(seen.pixels().any(|pixel| pixel.0 == [255; 3]));
        assert_eq!(make_copies(&file).unwrap().seen.sha256, photo::pixels_sha256(&seen), "type {kind}");
    }
}
