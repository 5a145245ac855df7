//! Every shape of JPEG gives its own picture or a refusal, never another picture: held against the picture that was written
//! and against libjpeg, over a family of files that a small writer makes.

use image::RgbImage;
use photo::{PhotoRefusal, make_copies};

use crate::writer::{Coding, Colour, Scans, Shape, truth, write};

const SCANS: [Scans; 4] = [Scans::One, Scans::Each, Scans::Backwards, Scans::LumaFirst];
const CODINGS: [Coding; 4] = [Coding::Baseline, Coding::Extended, Coding::Spectral, Coding::Refined];
/// Samplings of three components: what cameras write, chroma finer than luma, thirds and quarters, and mixtures.
const THREE: [[(u32, u32); 3]; 16] = [
    [(1, 1), (1, 1), (1, 1)],
    [(2, 1), (1, 1), (1, 1)],
    [(1, 2), (1, 1), (1, 1)],
    [(2, 2), (1, 1), (1, 1)],
    [(4, 1), (1, 1), (1, 1)],
    [(1, 4), (1, 1), (1, 1)],
    [(3, 1), (1, 1), (1, 1)],
    [(2, 2), (2, 1), (2, 1)],
    [(2, 2), (1, 2), (1, 2)],
    [(2, 2), (2, 2), (2, 2)],
    [(1, 1), (2, 1), (2, 1)],
    [(1, 1), (2, 2), (2, 2)],
    [(1, 1), (2, 2), (1, 1)],
    [(2, 1), (1, 2), (1, 1)],
    [(2, 2), (1, 1), (2, 2)],
    [(2, 2), (2, 1), (1, 1)],
];

/// Mean difference per value that our own copy's compression and halved colours explain; another picture is far beyond it.
const MEAN_MAX: f64 = 6.0;

fn mean(one: &RgbImage, other: &RgbImage) -> f64 {
    assert_eq!(one.dimensions(), other.dimensions());
    let sum: u64 = one.as_raw().iter().zip(other.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / one.as_raw().len() as f64
}

fn view(file: &[u8]) -> Result<RgbImage, PhotoRefusal> {
    let jpeg = make_copies(file)?.view_jpeg;
    Ok(image::load_from_memory_with_format(&jpeg, image::ImageFormat::Jpeg).unwrap().into_rgb8())
}

/// As libjpeg reads it; `None` where it refuses, which its wrapper tells by unwinding.
fn second_opinion(file: &[u8], size: (u32, u32)) -> Option<RgbImage> {
    std::panic::catch_unwind(|| by_libjpeg(file, size)).ok().flatten()
}

fn by_libjpeg(file: &[u8], size: (u32, u32)) -> Option<RgbImage> {
    let decoder = mozjpeg::Decompress::new_mem(file).ok()?;
    let four = matches!(decoder.color_space(), mozjpeg::ColorSpace::JCS_CMYK | mozjpeg::ColorSpace::JCS_YCCK);
    let bytes: Vec<u8> = if four {
        let mut started = decoder.to_colorspace(mozjpeg::ColorSpace::JCS_CMYK).ok()?;
        let inks: Vec<[u8; 4]> = started.read_scanlines().ok()?;
        let light = |ink: u8, black: u8| (u32::from(ink) * u32::from(black) / 255) as u8;
        inks.iter().flat_map(|p| [light(p[0], p[3]), light(p[1], p[3]), light(p[2], p[3])]).collect()
    } else {
        let pixels: Vec<[u8; 3]> = decoder.rgb().ok()?.read_scanlines().ok()?;
        pixels.concat()
    };
    RgbImage::from_raw(size.0, size.1, bytes)
}

/// Holds one file to its picture. Answers false where it is refused.
fn holds(shape: &Shape) -> bool {
    let file = write(shape);
    let expected = truth(shape);
    let opinion = second_opinion(&file, (shape.width, shape.height));
    if let Some(opinion) = &opinion {
        assert!(mean(opinion, &expected) < MEAN_MAX, "the writer and libjpeg disagree: {shape:?}");
    }
    match view(&file) {
        Ok(view) => {
            let off = mean(&view, &expected);
            assert!(off < MEAN_MAX, "another picture, off by {off:.1}: {shape:?}");
            true
        }
        Err(refusal) => {
            assert_eq!(refusal, PhotoRefusal::Unreadable, "{shape:?}");
            false
        }
    }
}

/// May one scan hold all of it? Ten blocks a unit at most (T.81, B.2.3).
fn fits_one_scan(sampling: &[(u32, u32)]) -> bool {
    sampling.iter().map(|(h, v)| h * v).sum::<u32>() <= 10
}

fn family(
    colour: Colour,
    samplings: &[&[(u32, u32)]],
    codings: &[Coding],
    sizes: &[(u32, u32)],
) -> (u32, u32) {
    let (mut taken, mut refused) = (0, 0);
    for sampling in samplings {
        for scans in SCANS {
            // Two halves of a file may be too large for one scan as well.
            if !fits_one_scan(sampling) && matches!(scans, Scans::One | Scans::LumaFirst) {
                continue;
            }
            for coding in codings.iter().copied() {
                for restart in [0, 3] {
                    for (width, height) in sizes.iter().copied() {
                        let sampling = sampling.to_vec();
                        let shape = Shape { width, height, colour, sampling, scans, coding, restart };
                        if holds(&shape) {
                            taken += 1;
                        } else {
                            refused += 1;
                        }
                    }
                }
            }
        }
    }
    (taken, refused)
}

#[test]
fn every_shape_of_three_components_gives_its_own_picture() {
    let samplings: Vec<&[(u32, u32)]> = THREE.iter().map(|three| three.as_slice()).collect();
    let (taken, refused) = family(Colour::Jfif, &samplings, &CODINGS, &[(1, 1), (33, 47), (40, 24)]);
    assert!(taken > 1_000, "{taken} taken, {refused} refused");
    assert_eq!(refused, 0, "no sampling of these is beyond the decoder");
}

#[test]
fn every_way_to_name_colours_is_understood() {
    let halved: &[(u32, u32)] = &[(2, 2), (1, 1), (1, 1)];
    let whole: &[(u32, u32)] = &[(1, 1); 3];
    let codings = [Coding::Baseline, Coding::Refined];
    for colour in [Colour::Silent, Colour::AdobeYcc, Colour::AdobeRgb, Colour::NamedRgb] {
        let (_, refused) = family(colour, &[halved, whole], &codings, &[(3, 1), (33, 17)]);
        assert_eq!(refused, 0, "{colour:?}");
    }
    let one: [&[(u32, u32)]; 3] = [&[(1, 1)], &[(2, 2)], &[(1, 2)]];
    assert_eq!(family(Colour::Grey, &one, &codings, &[(3, 1), (33, 17)]).1, 0);
    let four: [&[(u32, u32)]; 2] = [&[(1, 1); 4], &[(2, 2), (1, 1), (1, 1), (2, 2)]];
    for colour in [Colour::AdobeCmyk, Colour::AdobeYcck] {
        assert_eq!(family(colour, &four, &codings, &[(3, 1), (33, 17)]).1, 0, "{colour:?}");
    }
    // Whether 255 is all of the ink or none of it is not said: whatever we showed might be the negative.
    assert_eq!(family(Colour::SilentFour, &four, &codings, &[(33, 17)]).0, 0);
}

/// Samplings that do not divide each other, and scans that are missing, are refused.
#[test]
fn what_cannot_be_read_right_is_refused() {
    let odd: [&[(u32, u32)]; 2] = [&[(3, 2), (2, 2), (1, 1)], &[(3, 1), (2, 1), (1, 1)]];
    assert_eq!(family(Colour::Jfif, &odd, &[Coding::Baseline], &[(33, 47)]).0, 0);
    let sampling = vec![(2, 2), (1, 1), (1, 1)];
    let (scans, coding) = (Scans::Each, Coding::Baseline);
    let shape = Shape { width: 64, height: 48, colour: Colour::Jfif, sampling, scans, coding, restart: 0 };
    let file = write(&shape);
    let last = file.windows(2).rposition(|pair| pair == [0xFF, 0xDA]).unwrap();
    let without = [&file[..last], &[0xFF, 0xD9]].concat();
    assert_eq!(make_copies(&without), Err(PhotoRefusal::Unreadable), "a component without its scan");
}

/// The files by which the fault was found: a red corner, a green one, and no stripes between them.
#[test]
fn photos_that_were_served_as_stripes_are_themselves() {
    for (what, file) in [
        ("one scan per component", &include_bytes!("photo-scans-420.jpg")[..]),
        ("chroma finer than luma", &include_bytes!("photo-chroma-larger.jpg")[..]),
        ("thirds", &include_bytes!("photo-3x1.jpg")[..]),
    ] {
        let seen = view(file).unwrap();
        let opinion = second_opinion(file, seen.dimensions()).unwrap();
        assert!(mean(&seen, &opinion) < MEAN_MAX, "{what}");
        let first = seen.get_pixel(2, 2).0;
        assert!(first[0] > 150 && first[1] < 90 && first[2] < 90, "{what}: {first:?}");
    }
}

/// What stands behind the end of the picture is no part of it: it is neither counted nor looked at.
#[test]
fn the_end_of_a_picture_is_known_to_the_byte() {
    use crate::fixtures::{Device, photo, quarters};
    use photo::{PhotoKind, PhotoScan};
    for kind in [PhotoKind::Jpeg, PhotoKind::Png, PhotoKind::Webp] {
        let file = photo(kind, &quarters(64, 40), &Device::default());
        let plain = make_copies(&file).unwrap();
        // A byte, a film as motion photos append it, another picture.
        for tail in [&b"\0"[..], b"\0\0\0\x18ftypmp42 and a film", &file] {
            let longer = [&file, tail].concat();
            assert_eq!(make_copies(&longer).unwrap(), plain, "{kind:?}");
            for size in [1, 2, 7, 64, longer.len()] {
                let mut scan = PhotoScan::default();
                let mine: usize = longer.chunks(size).map(|part| scan.feed(part).unwrap()).sum();
                assert_eq!(mine, file.len(), "{kind:?} by {size}");
            }
        }
    }
}
