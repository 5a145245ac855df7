//! A photo is known again, whatever file it comes in.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};
use photo::{PhotoKind, Seen, make_copies, print_distance};

use crate::fixtures::{Device, exif_of, jpeg, photo, png};
use crate::writer::picture;

fn seen(file: &[u8]) -> Seen {
    make_copies(file).unwrap().seen
}

/// A picture with something on it.
fn scene(shift: u32) -> RgbImage {
    let mut pixels = picture(640, 480);
    for (x, y, pixel) in pixels.enumerate_pixels_mut() {
        let (x, y) = (x + shift * 37, y + shift * 91);
        if (x / 90 + y / 70) % 3 == 0 {
            pixel.0 = [(x % 251) as u8, (y % 241) as u8, 40];
        }
    }
    pixels
}

#[test]
fn the_same_pixels_are_the_same_whatever_the_file_says_beside() {
    let pixels = scene(0);
    let plain = photo(PhotoKind::Png, &pixels, &Device::default());
    let known = seen(&plain);
    let device = Device {
        taken: Some("2026:11:23 08:30:05".into()),
        place: Some((31.9, 120.2)),
        mark: Some("another".into()),
        ..Device::default()
    };
    for (what, file) in [
        ("a byte behind the end", [plain.as_slice(), &[0]].concat()),
        ("other metadata", png(&pixels, &device, false)),
        ("metadata behind the pixels", png(&pixels, &device, true)),
        ("WebP without loss", photo(PhotoKind::Webp, &pixels, &device)),
    ] {
        assert_eq!(seen(&file), known, "{what}");
    }
    // A JPEG, the same with other metadata, and what it shows saved as PNG.
    let file = jpeg(&pixels, &Device::default(), false);
    let known = seen(&file);
    assert_eq!(seen(&jpeg(&pixels, &device, false)), known, "EXIF, XMP and a profile");
    let shown = image::load_from_memory(&file).unwrap();
    let through_another_decoder = {
        let mut png = Cursor::new(Vec::new());
        shown.write_to(&mut png, ImageFormat::Png).unwrap();
        seen(&png.into_inner())
    };
    // Two decoders may round differently; then the print tells.
    assert!(print_distance(through_another_decoder.print.unwrap(), known.print.unwrap()) <= 2);
}

/// Turned in the file and turned back by its orientation: the same is seen.
#[test]
fn a_turn_that_the_orientation_undoes_changes_nothing() {
    let pixels = scene(1);
    let upright = DynamicImage::ImageRgb8(pixels.clone());
    let known = seen(&photo(PhotoKind::Png, &pixels, &Device::default()));
    assert_eq!(known.sha256, photo::pixels_sha256(&pixels));
    let stored = [
        (2, upright.fliph()),
        (3, upright.rotate180()),
        (4, upright.flipv()),
        (5, upright.rotate90().fliph()),
        (6, upright.rotate270()),
        (7, upright.rotate270().fliph()),
        (8, upright.rotate90()),
    ];
    for (orientation, stored) in stored {
        let device = Device { orientation: Some(orientation), ..Device::default() };
        let again = seen(&photo(PhotoKind::Png, &stored.into_rgb8(), &device));
        assert_eq!(again.sha256, known.sha256, "orientation {orientation}");
    }
    assert!(!exif_of(&Device::default()).is_empty());
}

/// The print: near for the same picture coded anew, smaller, or a little brighter; far for another one.
#[test]
fn what_looks_alike_has_a_near_print() {
    let pixels = scene(2);
    let print = |image: &RgbImage, quality: u8| {
        let mut file = Vec::new();
        let (width, height) = image.dimensions();
        jpeg_encoder::Encoder::new(&mut file, quality)
            .encode(image.as_raw(), width as u16, height as u16, jpeg_encoder::ColorType::Rgb)
            .unwrap();
        seen(&file).print.unwrap()
    };
    let known = print(&pixels, 92);
    let smaller = image::imageops::resize(&pixels, 400, 300, image::imageops::FilterType::Triangle);
    let mut brighter = pixels.clone();
    brighter.pixels_mut().for_each(|pixel| pixel.0 = pixel.0.map(|c| c.saturating_add(12)));
    for (what, near) in [
        ("coarser", print(&pixels, 40)),
        ("smaller", print(&smaller, 80)),
        ("brighter", print(&brighter, 90)),
    ] {
        assert!(print_distance(near, known) <= 6, "{what}: {}", print_distance(near, known));
    }
    for shift in [5, 9, 14, 23] {
        let far = print_distance(print(&scene(shift), 92), known);
        assert!(far > 6, "another picture: {far}");
    }
    let even = RgbImage::from_pixel(64, 48, image::Rgb([90, 120, 60]));
    assert_eq!(seen(&photo(PhotoKind::Jpeg, &even, &Device::default())).print, None, "nothing to tell by");
}
