//! The demo city's pictures: same place before and after, told apart at thumbnail size, different by seed.

use image::RgbImage;
use image::imageops::{FilterType, resize};
use scenery::pictures::{Moment, SCENES, SceneKind, draw};
use std::error::Error;

/// A picture at 80 × 60; fails where it is not drawn or is not a JPEG of 640 × 480.
fn thumbnail(kind: SceneKind, seed: u64, moment: Moment) -> Result<RgbImage, Box<dyn Error>> {
    let jpeg = draw(kind, seed, moment)?;
    let picture = image::load_from_memory_with_format(&jpeg, image::ImageFormat::Jpeg)?.to_rgb8();
    assert_eq!(picture.dimensions(), (640, 480));
    Ok(resize(&picture, 80, 60, FilterType::Triangle))
}

/// For each pixel the largest difference of a channel.
fn differences(a: &RgbImage, b: &RgbImage) -> Vec<u8> {
    a.pixels().zip(b.pixels()).map(|(p, q)| (0..3).map(|c| p[c].abs_diff(q[c])).max().unwrap_or(0)).collect()
}

/// The share of pixels that differ by more than a limit.
fn changed(a: &RgbImage, b: &RgbImage, limit: u8) -> f64 {
    let differing = differences(a, b);
    differing.iter().filter(|&&d| d > limit).count() as f64 / differing.len() as f64
}

#[test]
fn before_and_after_are_told_apart_at_thumbnail_size() {
    for kind in SCENES {
        for seed in [1, 2, 3] {
            let before = thumbnail(kind, seed, Moment::Before).expect("a picture");
            let after = thumbnail(kind, seed, Moment::After).expect("a picture");
            let share = changed(&before, &after, 40);
            assert!(share > 0.05, "{kind:?} with seed {seed}: only {share:.3} of the thumbnail changes");
        }
    }
}

#[test]
fn before_and_after_show_the_same_place() {
    for kind in SCENES {
        for seed in [1, 2, 3] {
            let before = thumbnail(kind, seed, Moment::Before).expect("a picture");
            let after = thumbnail(kind, seed, Moment::After).expect("a picture");
            let mut differing = differences(&before, &after);
            differing.sort_unstable();
            let median = differing[differing.len() / 2];
            assert!(median <= 34, "{kind:?} with seed {seed}: half of the pixels differ by {median}");
        }
    }
}

#[test]
fn seeds_differ_visibly() {
    for kind in SCENES {
        let pictures: Vec<RgbImage> =
            (10..14).map(|seed| thumbnail(kind, seed, Moment::Before).expect("a picture")).collect();
        for (i, one) in pictures.iter().enumerate() {
            for other in &pictures[i + 1..] {
                let share = changed(one, other, 24);
                assert!(share > 0.1, "{kind:?}: two seeds differ in {share:.3} only");
            }
        }
    }
}

#[test]
fn equal_arguments_give_equal_bytes_of_a_fair_size() {
    for kind in SCENES {
        for seed in [4, 5] {
            let before = draw(kind, seed, Moment::Before).expect("a picture");
            assert_eq!(before, draw(kind, seed, Moment::Before).expect("a picture"));
            let after = draw(kind, seed, Moment::After).expect("a picture");
            assert_ne!(before, after);
            for bytes in [before.len(), after.len()] {
                assert!((20_000..70_000).contains(&bytes), "{kind:?} has {bytes} bytes");
            }
        }
    }
}
