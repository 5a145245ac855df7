//! Morton codes (Z 序): a point as one number, whose leading bits name the square around it.
//!
//! Longitude and latitude are each cut into steps of 360° / 2³¹ (1.9 cm on the equator), and the bits of the two step
//! numbers are interleaved: longitude in the even bits, latitude in the odd ones. That makes 62 bits, never negative
//! in an `i64` column. At zoom `z` a cell is 360° / 2ᶻ wide and high, as wide as a map tile of that zoom, and all its
//! codes are neighbours, so that
//!
//! - `GROUP BY code >> shift(z)` counts per cell, for clusters and heat maps, and
//! - `code >= from AND code < to` of [`cell_range`] finds a cell by the index on the column.
//!
//! Only additions and multiplications are used: every machine computes the same code.

use std::ops::Range;

use crate::place::Point;

/// The finest zoom, at which every code is a cell of its own.
pub const MAX_ZOOM: u8 = 31;

/// Steps per degree.
const STEPS_PER_DEG: f64 = (1_u64 << MAX_ZOOM) as f64 / 360.0;
/// Largest step numbers: the whole turn of longitude, the half of latitude.
const MAX_X: u32 = (1 << MAX_ZOOM) - 1;
const MAX_Y: u32 = (1 << (MAX_ZOOM - 1)) - 1;

/// The code of a point: 0 to 2⁶² − 1.
pub fn encode(point: Point) -> i64 {
    // `as` cuts to the range of u32; 180° E and the north pole belong to the last step.
    let x = ((point.lng() + 180.0) * STEPS_PER_DEG) as u32;
    let y = ((point.lat() + 90.0) * STEPS_PER_DEG) as u32;
    (spread(x.min(MAX_X)) | spread(y.min(MAX_Y)) << 1).cast_signed()
}

/// The middle of the finest cell of a code, less than 1.5 cm from every point that has this code. Numbers that are
/// no code of a point are cut to 62 bits and to the poles.
pub fn decode(code: i64) -> Point {
    middle(code, MAX_ZOOM)
}

/// By how many bits to shift a code to get its cell at `zoom` (0 to [`MAX_ZOOM`]; more counts as [`MAX_ZOOM`]).
pub fn shift(zoom: u8) -> u32 {
    2 * u32::from(MAX_ZOOM - zoom.min(MAX_ZOOM))
}

/// The cell of a code at `zoom`, as `code >> shift(zoom)`.
pub fn cell_of(code: i64, zoom: u8) -> i64 {
    code >> shift(zoom)
}

/// All codes of a cell at `zoom`; for cells made by [`cell_of`] (others are cut to the bits that a cell has).
pub fn cell_range(cell: i64, zoom: u8) -> Range<i64> {
    let shift = shift(zoom);
    // The masked cell has 62 − shift bits, so that both ends fit.
    let cell = cell & (i64::MAX >> 1 >> shift);
    cell << shift..(cell + 1) << shift
}

/// The middle of a cell at `zoom`, where its number is drawn.
pub fn cell_middle(cell: i64, zoom: u8) -> Point {
    middle(cell_range(cell, zoom).start, zoom)
}

/// South-west and north-east corner of a cell at `zoom`.
pub fn cell_corners(cell: i64, zoom: u8) -> (Point, Point) {
    let (x, y) = steps(cell_range(cell, zoom).start);
    let width = steps_of_cell(zoom);
    (at_steps(x, y), at_steps(x + width, y + width))
}

fn middle(code: i64, zoom: u8) -> Point {
    let (x, y) = steps(code);
    let half = steps_of_cell(zoom) / 2.0;
    at_steps(x + half, y + half)
}

/// Width of a cell in steps.
fn steps_of_cell(zoom: u8) -> f64 {
    (1_u64 << (MAX_ZOOM - zoom.min(MAX_ZOOM))) as f64
}

fn steps(code: i64) -> (f64, f64) {
    let bits = code.cast_unsigned();
    (f64::from(gather(bits)), f64::from(gather(bits >> 1)))
}

fn at_steps(x: f64, y: f64) -> Point {
    Point::clamped(x / STEPS_PER_DEG - 180.0, y / STEPS_PER_DEG - 90.0)
}

/// Puts the 31 bits of `n` on the even places.
fn spread(n: u32) -> u64 {
    let mut bits = u64::from(n & MAX_X);
    for (by, mask) in [
        (16, 0x0000_FFFF_0000_FFFF),
        (8, 0x00FF_00FF_00FF_00FF),
        (4, 0x0F0F_0F0F_0F0F_0F0F),
        (2, 0x3333_3333_3333_3333),
        (1, 0x5555_5555_5555_5555),
    ] {
        bits = (bits | bits << by) & mask;
    }
    bits
}

/// Takes the 31 bits on the even places, the inverse of [`spread`].
fn gather(bits: u64) -> u32 {
    let mut bits = bits & 0x1555_5555_5555_5555;
    for (by, mask) in [
        (1, 0x3333_3333_3333_3333),
        (2, 0x0F0F_0F0F_0F0F_0F0F),
        (4, 0x00FF_00FF_00FF_00FF),
        (8, 0x0000_FFFF_0000_FFFF),
        (16, 0x0000_0000_FFFF_FFFF),
    ] {
        bits = (bits | bits >> by) & mask;
    }
    // 31 bits are left: nothing is cut.
    bits as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::place::distance_m;

    fn point() -> impl Strategy<Value = Point> {
        (-180.0..=180.0_f64, -90.0..=90.0_f64).prop_map(|(lng, lat)| Point::new(lng, lat).unwrap())
    }

    fn at(lng: f64, lat: f64) -> Point {
        Point::new(lng, lat).unwrap()
    }

    #[test]
    fn corners_of_the_world() {
        assert_eq!(encode(at(-180.0, -90.0)), 0);
        assert_eq!(encode(at(180.0, -90.0)), 0x1555_5555_5555_5555);
        assert_eq!(encode(at(-180.0, 90.0)), 0x0AAA_AAAA_AAAA_AAAA);
        assert_eq!(encode(at(180.0, 90.0)), 0x1FFF_FFFF_FFFF_FFFF);
        // The first step east and the first step north.
        assert_eq!(encode(at(-180.0 + 360.0 / 2_f64.powi(31), -90.0)), 1);
        assert_eq!(encode(at(-180.0, -90.0 + 360.0 / 2_f64.powi(31))), 2);
    }

    #[test]
    fn one_cell_at_the_first_zoom_two_by_one_at_the_next() {
        assert_eq!(cell_of(encode(at(120.3, 31.9)), 0), 0);
        assert_eq!(cell_of(encode(at(120.3, 31.9)), 1), 1);
        assert_eq!(cell_of(encode(at(-120.3, 31.9)), 1), 0);
        assert_eq!(cell_of(encode(at(120.3, 31.9)), 2), 0b111);
    }

    #[test]
    fn a_street_corner_and_the_next_are_one_cell_when_seen_from_afar() {
        let (a, b) = (encode(at(120.2800, 31.9100)), encode(at(120.2810, 31.9105)));
        assert_eq!(cell_of(a, 12), cell_of(b, 12));
        assert_ne!(cell_of(a, 20), cell_of(b, 20));
    }

    #[test]
    fn numbers_that_are_no_code_do_not_panic() {
        for code in [i64::MIN, -1, i64::MAX] {
            for zoom in [0, 31, 32, 255] {
                let range = cell_range(cell_of(code, zoom), zoom);
                assert!(range.start >= 0 && range.start < range.end);
                assert!(decode(code).lat() <= 90.0);
            }
        }
    }

    proptest! {
        #[test]
        fn a_code_leads_back_within_a_finger(point in point()) {
            let code = encode(point);
            prop_assert!((0..1_i64 << 62).contains(&code));
            prop_assert!(distance_m(decode(code), point) < 0.015);
            prop_assert_eq!(encode(decode(code)), code);
        }

        #[test]
        fn a_cell_is_a_range_of_codes_and_a_square(a in point(), b in point(), zoom in 0..=MAX_ZOOM) {
            let (code, other) = (encode(a), encode(b));
            let cell = cell_of(code, zoom);
            let range = cell_range(cell, zoom);
            prop_assert!(range.contains(&code));
            prop_assert_eq!(range.contains(&other), cell_of(other, zoom) == cell);
            let (sw, ne) = cell_corners(cell, zoom);
            prop_assert!(sw.lng() <= a.lng() && a.lng() <= ne.lng());
            prop_assert!(sw.lat() <= a.lat() && a.lat() <= ne.lat());
            prop_assert_eq!(cell_of(encode(cell_middle(cell, zoom)), zoom), cell);
        }

        #[test]
        fn a_cell_lies_in_one_cell_of_every_coarser_zoom(a in point(), zoom in 1..=MAX_ZOOM) {
            let fine = cell_range(cell_of(encode(a), zoom), zoom);
            let coarse = cell_range(cell_of(encode(a), zoom - 1), zoom - 1);
            prop_assert!(coarse.start <= fine.start && fine.end <= coarse.end);
        }
    }
}
