//! Photos in, copies out: pure tests of head, decoding, orientation, metadata.

#![cfg(test)]

mod again;
mod facts;
mod family;
mod fixtures;
mod png;
mod writer;

use std::io::Cursor;

use image::{DynamicImage, RgbImage};
use kernel::chance::{Chance, SeededChance};
use kernel::problem::ToProblem;
use proptest::prelude::*;

use fixtures::{Device, bomb, canvas, frame, jpeg, lossless, lossy, photo, png, quarters, riff, riff_chunk};
use photo::{PhotoHead, PhotoKind, PhotoRefusal, PhotoScan, inspect_head, make_copies};

const KINDS: [PhotoKind; 3] = [PhotoKind::Jpeg, PhotoKind::Png, PhotoKind::Webp];

fn read(jpeg: &[u8]) -> RgbImage {
    image::load_from_memory_with_format(jpeg, image::ImageFormat::Jpeg).unwrap().into_rgb8()
}

/// The nearest of the four colours of `quarters`.
fn colour(picture: &RgbImage, x: u32, y: u32) -> &'static str {
    match picture.get_pixel(x, y).0.map(|c| c > 128) {
        [true, false, false] => "red",
        [false, true, false] => "green",
        [false, false, true] => "blue",
        [true, true, true] => "white",
        _other => "?",
    }
}

fn corners(picture: &RgbImage) -> [&'static str; 4] {
    let (right, bottom) = (picture.width() - 3, picture.height() - 3);
    [
        colour(picture, 2, 2),
        colour(picture, right, 2),
        colour(picture, 2, bottom),
        colour(picture, right, bottom),
    ]
}

#[test]
fn the_head_is_read_whatever_the_kind() {
    for kind in KINDS {
        let bytes = photo(kind, &quarters(64, 40), &Device { mark: Some("x".into()), ..Device::default() });
        assert_eq!(inspect_head(&bytes), Ok(PhotoHead { kind, width: 64, height: 40 }), "{kind:?}");
    }
}

/// A7: what is not taken, and how the answer says so.
#[test]
fn bad_input_is_refused_by_its_head() {
    let heif = |brand: &str| [b"\0\0\0\x18ftyp", brand.as_bytes(), b"\0\0\0\0mif1heic"].concat();
    let rows: Vec<(&str, Vec<u8>, &str, u16)> = vec![
        ("nothing", vec![], "files/truncated", 422),
        ("a text", b"hello, this is no photo at all".to_vec(), "files/not-a-photo", 415),
        ("four letters", b"text".to_vec(), "files/not-a-photo", 415),
        ("a page", b"<!doctype html><html></html>".to_vec(), "files/not-a-photo", 415),
        ("a drawing", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(), "files/not-a-photo", 415),
        ("GIF", b"GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0".to_vec(), "files/not-a-photo", 415),
        ("PDF", b"%PDF-1.7 and more bytes".to_vec(), "files/not-a-photo", 415),
        ("a program", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec(), "files/not-a-photo", 415),
        ("a film", heif("mp42"), "files/not-a-photo", 415),
        ("HEIC", heif("heic"), "files/heic", 422),
        ("HEIF", heif("mif1"), "files/heic", 422),
        ("AVIF", heif("avif"), "files/heic", 422),
        ("moving AVIF", heif("avis"), "files/heic", 422),
        ("JPEG of 60,000 pixels", bomb(PhotoKind::Jpeg, 60_000, 60_000), "files/too-many-pixels", 422),
        ("PNG of 60,000 pixels", bomb(PhotoKind::Png, 60_000, 60_000), "files/too-many-pixels", 422),
        ("PNG of 4 billion", bomb(PhotoKind::Png, u32::MAX, u32::MAX), "files/too-many-pixels", 422),
        ("WebP of 16,000 pixels", bomb(PhotoKind::Webp, 16_000, 16_000), "files/too-many-pixels", 422),
        ("a long thin one", bomb(PhotoKind::Png, 20_001, 1), "files/too-many-pixels", 422),
        ("PNG without width", bomb(PhotoKind::Png, 0, 5), "files/unreadable", 422),
        ("a start alone", vec![0xFF, 0xD8, 0xFF], "files/truncated", 422),
        ("JPEG without a size", b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\0\0".to_vec(), "files/truncated", 422),
        ("JPEG without a picture", b"\xFF\xD8\xFF\xD9 and some more bytes".to_vec(), "files/unreadable", 422),
        (
            "arithmetic coding",
            b"\xFF\xD8\xFF\xC9\0\x11\x08\0\x10\0\x10\x03\x01\x22\0\x02\x11".to_vec(),
            "files/unreadable",
            422,
        ),
    ];
    for (what, bytes, code, status) in rows {
        let refusal = inspect_head(&bytes).expect_err(what);
        let problem = refusal.problem();
        assert_eq!((refusal.code(), problem.status), (code, status), "{what}");
        assert!(make_copies(&bytes).is_err(), "{what}");
    }
}

/// A canvas of 64 × 64 around a picture of a quarter of a thousand million pixels: a decoder believes the picture. Two
/// megabytes of zeros took 2.4 s and 400 MB where only the canvas was looked at.
#[test]
fn a_small_canvas_hides_no_large_picture() {
    let anim = || riff_chunk(b"ANIM", &[0; 6]);
    let large = || lossy(16_383, 16_383);
    let alpha = || riff_chunk(b"ALPH", &[0; 9]);
    // A chunk of a frame that claims to reach over the frame's end hides what follows from whoever believes it.
    let reaching = {
        let mut odd = riff_chunk(b"EXIF", &[0; 16]);
        odd[4] = 200;
        odd
    };
    let rows: Vec<(&str, Vec<u8>, &str)> = vec![
        ("in the middle", riff(&[canvas(64, 64, false), large()]), "files/too-many-pixels"),
        (
            "behind metadata",
            riff(&[canvas(64, 64, false), riff_chunk(b"ICCP", b"odd"), large()]),
            "files/too-many-pixels",
        ),
        (
            "behind a good one",
            riff(&[canvas(64, 64, false), lossy(64, 64), large()]),
            "files/too-many-pixels",
        ),
        ("lossless", riff(&[canvas(64, 64, false), lossless(16_384, 16_384)]), "files/too-many-pixels"),
        (
            "a frame",
            riff(&[canvas(64, 64, true), anim(), frame(16_383, 16_383, &[large()])]),
            "files/too-many-pixels",
        ),
        (
            "in a small frame",
            riff(&[canvas(64, 64, true), anim(), frame(64, 64, &[large()])]),
            "files/too-many-pixels",
        ),
        (
            "with transparency",
            riff(&[canvas(64, 64, true), anim(), frame(64, 64, &[alpha(), large()])]),
            "files/too-many-pixels",
        ),
        (
            "in the second frame",
            riff(&[canvas(64, 64, true), anim(), frame(64, 64, &[lossy(64, 64)]), frame(64, 64, &[large()])]),
            "files/too-many-pixels",
        ),
        (
            "hidden by a chunk that reaches over its frame",
            riff(&[canvas(64, 64, true), anim(), frame(64, 64, &[reaching]), frame(64, 64, &[large()])]),
            "files/unreadable",
        ),
        ("larger than its canvas", riff(&[canvas(64, 64, false), lossy(65, 64)]), "files/unreadable"),
        (
            "a frame beside its canvas",
            riff(&[canvas(64, 64, true), anim(), frame(64, 65, &[lossy(64, 64)])]),
            "files/unreadable",
        ),
        ("no picture", riff(&[canvas(64, 64, false), riff_chunk(b"EXIF", &[0; 4])]), "files/unreadable"),
        ("two canvases", riff(&[canvas(64, 64, false), canvas(64, 64, false)]), "files/unreadable"),
        ("no canvas", riff(&[riff_chunk(b"EXIF", &[0; 4]), lossy(64, 64)]), "files/unreadable"),
        ("without a size", riff(&[canvas(64, 64, false), riff_chunk(b"VP8 ", &[0; 4])]), "files/unreadable"),
    ];
    for (what, file, code) in rows {
        for size in [1, 7, file.len()] {
            let mut scan = PhotoScan::default();
            let fed = file.chunks(size).try_for_each(|part| scan.feed(part).map(drop));
            let refusal = fed.and_then(|()| scan.finish().map(drop)).expect_err(what);
            assert_eq!(refusal.code(), code, "{what}");
        }
        assert_eq!(make_copies(&file).expect_err(what).code(), code, "{what}");
    }
}

/// Behind the end that the file names, nothing is a picture: not for the scan, and not for the decoder.
#[test]
fn what_follows_the_end_of_a_webp_is_not_decoded() {
    let mut file = riff(&[canvas(64, 64, false), riff_chunk(b"EXIF", &[0; 4])]);
    file.extend(lossy(64, 64));
    assert_eq!(make_copies(&file), Err(PhotoRefusal::Unreadable));
    let mut file = photo(PhotoKind::Webp, &quarters(64, 40), &Device::default());
    let plain = make_copies(&file).unwrap();
    file.extend(lossy(16_383, 16_383));
    assert_eq!(make_copies(&file).unwrap(), plain);
}

/// Files as they are: plain, extended, moving; a padding byte that is missing at the end.
#[test]
fn webp_files_of_every_shape_are_taken() {
    let pixels = quarters(64, 40);
    let plain = photo(PhotoKind::Webp, &pixels, &Device::default());
    let picture = {
        let at = plain.windows(4).position(|part| part == b"VP8L").unwrap();
        let size = u32::from_le_bytes(plain[at + 4..at + 8].try_into().unwrap()) as usize;
        riff_chunk(b"VP8L", &plain[at + 8..at + 8 + size])
    };
    let anim = riff_chunk(b"ANIM", &[0; 6]);
    let moving = riff(&[
        canvas(64, 40, true),
        anim,
        frame(64, 40, std::slice::from_ref(&picture)),
        frame(64, 40, std::slice::from_ref(&picture)),
    ]);
    let alone = riff(std::slice::from_ref(&picture));
    let extended = riff(&[canvas(64, 40, false), picture]);
    for (what, file) in [("plain", plain), ("alone", alone), ("extended", extended), ("moving", moving)] {
        assert_eq!(inspect_head(&file), Ok(PhotoHead { kind: PhotoKind::Webp, width: 64, height: 40 }));
        let copies = make_copies(&file).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(corners(&read(&copies.view_jpeg)), ["red", "green", "blue", "white"], "{what}");
    }
}

#[test]
fn size_limits_stand_where_they_are_said() {
    for (width, height, taken) in
        [(20_000, 2_500, true), (20_000, 2_501, false), (7_071, 7_071, true), (7_072, 7_071, false)]
    {
        let found = inspect_head(&bomb(PhotoKind::Png, width, height));
        assert_eq!(found.is_ok(), taken, "{width} × {height}");
    }
}

#[test]
fn a_photo_may_arrive_byte_by_byte() {
    for kind in KINDS {
        let bytes =
            photo(kind, &quarters(40, 30), &Device { mark: Some("anything".into()), ..Device::default() });
        for size in [1, 2, 3, 7, 64, 1_000] {
            let mut scan = PhotoScan::default();
            for part in bytes.chunks(size) {
                scan.feed(part).unwrap();
            }
            assert_eq!(scan.finish(), Ok(PhotoHead { kind, width: 40, height: 30 }), "{kind:?} by {size}");
        }
    }
}

#[test]
fn a_photo_that_ends_early_is_refused_wherever_it_is_cut() {
    let pixels = quarters(160, 120);
    let plain = Device::default();
    let files = [
        jpeg(&pixels, &plain, false),
        jpeg(&pixels, &plain, true),
        png(&pixels, &plain, false),
        photo(PhotoKind::Webp, &pixels, &plain),
    ];
    for (which, file) in files.iter().enumerate() {
        assert!(make_copies(file).is_ok(), "file {which}");
        let cuts = (12..file.len()).step_by(file.len() / 60 + 1).chain([file.len() - 2, file.len() - 1]);
        for cut in cuts {
            let refusal = make_copies(&file[..cut]).expect_err("cut");
            assert_eq!(refusal, PhotoRefusal::Truncated, "file {which} cut at {cut} of {}", file.len());
        }
    }
}

#[test]
fn a_flood_of_scans_is_refused() {
    let file = jpeg(&quarters(16, 16), &Device::default(), false);
    let scan = file.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
    let mut many = file[..scan].to_vec();
    for _ in 0..200 {
        many.extend(&file[scan..file.len() - 2]);
    }
    many.extend([0xFF, 0xD9]);
    assert_eq!(make_copies(&many), Err(PhotoRefusal::Unreadable));
}

/// The table of the EXIF standard (tag 274): where the stored corners stand when the picture is upright.
#[test]
fn copies_stand_upright() {
    let rows: [(u16, [&str; 4]); 8] = [
        (1, ["red", "green", "blue", "white"]),
        (2, ["green", "red", "white", "blue"]),
        (3, ["white", "blue", "green", "red"]),
        (4, ["blue", "white", "red", "green"]),
        (5, ["red", "blue", "green", "white"]),
        (6, ["blue", "red", "white", "green"]),
        (7, ["white", "green", "blue", "red"]),
        (8, ["green", "white", "red", "blue"]),
    ];
    for kind in KINDS {
        for (number, upright) in rows {
            let device = Device { orientation: Some(number), ..Device::default() };
            let copies = make_copies(&photo(kind, &quarters(64, 32), &device)).unwrap();
            let view = read(&copies.view_jpeg);
            let turned = number >= 5;
            assert_eq!(view.dimensions(), if turned { (32, 64) } else { (64, 32) }, "{kind:?} {number}");
            assert_eq!(corners(&view), upright, "{kind:?} {number}");
            assert_eq!(corners(&read(&copies.thumb_jpeg)), upright, "{kind:?} {number}, thumb");
        }
    }
}

#[test]
fn copies_keep_the_proportion_and_never_grow() {
    for (width, height, view, thumb) in [
        (2_000, 1_500, (1_600, 1_200), (320, 240)),
        (600, 1_920, (500, 1_600), (100, 320)),
        (300, 200, (300, 200), (300, 200)),
        (1, 1, (1, 1), (1, 1)),
        (5_000, 2, (1_600, 1), (320, 1)),
    ] {
        let copies =
            make_copies(&photo(PhotoKind::Jpeg, &quarters(width, height), &Device::default())).unwrap();
        assert_eq!(read(&copies.view_jpeg).dimensions(), view);
        assert_eq!(read(&copies.thumb_jpeg).dimensions(), thumb);
    }
}

#[test]
fn pictures_of_every_depth_are_read_and_what_is_transparent_becomes_white() {
    let clear = image::RgbaImage::from_pixel(20, 20, image::Rgba([10, 10, 10, 0]));
    let pictures = [
        DynamicImage::ImageRgba8(clear.clone()),
        DynamicImage::ImageRgba16(DynamicImage::ImageRgba8(clear).into_rgba16()),
        DynamicImage::ImageLuma8(image::GrayImage::from_pixel(20, 20, image::Luma([250]))),
        DynamicImage::ImageLumaA8(image::GrayAlphaImage::from_pixel(20, 20, image::LumaA([0, 0]))),
        DynamicImage::ImageRgb16(
            DynamicImage::ImageRgb8(RgbImage::from_pixel(20, 20, image::Rgb([250; 3]))).into_rgb16(),
        ),
    ];
    for picture in pictures {
        let mut file = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut file, image::ImageFormat::Png).unwrap();
        let copies = make_copies(&file.into_inner()).unwrap();
        assert_eq!(colour(&read(&copies.view_jpeg), 10, 10), "white", "{:?}", picture.color());
    }
}

/// Every segment of a copy is one that a picture needs; none can hold metadata. The JFIF head is 16 fixed bytes.
fn assert_bare(jpeg: &[u8]) {
    assert_eq!(jpeg[..2], [0xFF, 0xD8]);
    let mut at = 2;
    loop {
        assert_eq!(jpeg[at], 0xFF);
        let marker = jpeg[at + 1];
        let length = usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        match marker {
            0xE0 => assert_eq!((length, &jpeg[at + 4..at + 9]), (16, &b"JFIF\0"[..])),
            0xDB | 0xC0 | 0xC4 => {}
            0xDA => break,
            other => panic!("segment {other:02X} in a copy"),
        }
        at += 2 + length;
    }
    assert!(jpeg.ends_with(&[0xFF, 0xD9]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn no_metadata_come_out(
        kind in prop::sample::select(&KINDS),
        mark in "[A-Za-z0-9]{12,40}",
        orientation in 1_u16..=8,
        lat in -80.0..80.0_f64,
        lng in -170.0..170.0_f64,
        size in (1_u32..400, 1_u32..400),
    ) {
        let device = Device {
            orientation: Some(orientation),
            taken: Some("2026:11:23 08:30:05".into()),
            zone: None,
            place: Some((lat, lng)),
            datum: None,
            mark: Some(mark.clone()),
        };
        let original = photo(kind, &quarters(size.0, size.1), &device);
        let found = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).any(|part| part == what);
        prop_assert!(found(&original, mark.as_bytes()), "the original must hold what is to be removed");
        let copies = make_copies(&original).unwrap();
        for copy in [&copies.view_jpeg, &copies.thumb_jpeg] {
            assert_bare(copy);
            for trace in [mark.as_bytes(), b"Exif", b"adobe", b"ICC_PROFILE", b"2026:11:23", b"Photoshop"] {
                prop_assert!(!found(copy, trace), "{}", String::from_utf8_lossy(trace));
            }
            let exif = exif::Reader::new().read_from_container(&mut Cursor::new(copy)).map(|_| ());
            prop_assert!(matches!(exif, Err(exif::Error::NotFound(_))), "none, not one that is damaged: {exif:?}");
        }
    }
}

/// Damage anywhere gives copies or a refusal, never a panic. The stream of damage is fixed, so a failure repeats.
#[test]
fn damaged_photos_never_panic() {
    let chance = SeededChance::new(20_261_123);
    let device = Device {
        orientation: Some(6),
        place: Some((31.9, 120.2)),
        mark: Some("mark".into()),
        ..Device::default()
    };
    let pixels = quarters(48, 36);
    let files = [
        jpeg(&pixels, &device, false),
        jpeg(&pixels, &device, true),
        png(&pixels, &device, false),
        photo(PhotoKind::Webp, &pixels, &device),
    ];
    let mut refused = 0;
    for file in &files {
        for _ in 0..150 {
            let mut damaged = file.clone();
            for _ in 0..=chance.below(4) {
                let at = chance.below(damaged.len() as u64) as usize;
                damaged[at] ^= 1 << chance.below(8);
            }
            refused += usize::from(make_copies(&damaged).is_err());
        }
    }
    assert!(refused > 50, "the damage must reach the decoder: {refused}");
}
