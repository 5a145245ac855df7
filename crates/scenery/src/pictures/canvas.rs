//! A small rasteriser: filled shapes with smooth edges on a 640 × 480 picture.
//!
//! Shapes are given in the picture's own coordinates (0..640, 0..480, y down) and pass a *view* (zoom and shift),
//! so that the second photo of a scene can be taken from a slightly different spot.

use super::ink::Ink;

/// Width of every picture in pixels.
pub(crate) const WIDTH: usize = 640;
/// Height of every picture in pixels.
pub(crate) const HEIGHT: usize = 480;

/// A place on the picture.
pub(crate) type Spot = (f32, f32);

/// Lines per pixel row that are looked at for smooth edges; across a row coverage is exact.
const SUB_ROWS: usize = 4;

/// A picture being drawn.
pub(crate) struct Canvas {
    pixels: Vec<u8>,
    /// Coverage of one pixel row, as differences from pixel to pixel.
    row: Vec<f32>,
    zoom: f32,
    shift: Spot,
    mirrored: bool,
}

impl Canvas {
    /// A canvas of one colour, seen with a zoom around its middle and a shift in pixels.
    pub(crate) fn new(ground: Ink, zoom: f32, shift: Spot) -> Self {
        let one = [ground.r as u8, ground.g as u8, ground.b as u8];
        Self { pixels: one.repeat(WIDTH * HEIGHT), row: vec![0.0; WIDTH + 2], zoom, shift, mirrored: false }
    }

    /// Draws everything from now on with left and right exchanged, or no longer.
    pub(crate) fn mirror(&mut self, mirrored: bool) {
        self.mirrored = mirrored;
    }

    /// The pixels: rows from the top, three bytes (red, green, blue) each.
    pub(crate) fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    fn seen(&self, (x, y): Spot) -> Spot {
        let (middle_x, middle_y) = (WIDTH as f32 / 2.0, HEIGHT as f32 / 2.0);
        let x = if self.mirrored { WIDTH as f32 - x } else { x };
        (
            (x - middle_x) * self.zoom + middle_x + self.shift.0,
            (y - middle_y) * self.zoom + middle_y + self.shift.1,
        )
    }

    /// Fills a polygon (even-odd) with one ink.
    pub(crate) fn fill(&mut self, corners: &[Spot], ink: Ink) {
        self.fade(corners, ink, ink);
    }

    /// Fills a polygon (even-odd) with an ink that changes from its top to its bottom.
    pub(crate) fn fade(&mut self, corners: &[Spot], top: Ink, bottom: Ink) {
        let seen: Vec<Spot> = corners.iter().map(|&c| self.seen(c)).collect();
        let low = seen.iter().map(|c| c.1).fold(f32::MAX, f32::min);
        let high = seen.iter().map(|c| c.1).fold(f32::MIN, f32::max);
        let left = seen.iter().map(|c| c.0).fold(f32::MAX, f32::min).clamp(0.0, WIDTH as f32) as usize;
        let right =
            seen.iter().map(|c| c.0).fold(f32::MIN, f32::max).ceil().clamp(0.0, WIDTH as f32) as usize;
        let rows = low.max(0.0) as usize..(high.ceil().clamp(0.0, HEIGHT as f32)) as usize;
        let mut crossings: Vec<f32> = Vec::with_capacity(8);
        for y in rows {
            for sub in 0..SUB_ROWS {
                let line = y as f32 + (sub as f32 + 0.5) / SUB_ROWS as f32;
                crossings_at(&seen, line, &mut crossings);
                for span in crossings.chunks_exact(2) {
                    self.cover(span[0], span[1]);
                }
            }
            let share = ((y as f32 - low) / (high - low).max(1.0)).clamp(0.0, 1.0);
            self.paint_row(y, left..right, top.mixed(bottom, share));
        }
    }

    /// Adds a stretch of one sub-row to the coverage of its pixel row.
    fn cover(&mut self, from: f32, to: f32) {
        let (from, to) = (from.clamp(0.0, WIDTH as f32), to.clamp(0.0, WIDTH as f32));
        if to <= from {
            return;
        }
        let weight = 1.0 / SUB_ROWS as f32;
        for (x, sign) in [(from, weight), (to, -weight)] {
            let pixel = x as usize;
            let inside = 1.0 - (x - pixel as f32);
            self.row[pixel] += sign * inside;
            self.row[pixel + 1] += sign * (1.0 - inside);
        }
    }

    /// Lays the ink over a stretch of a row where it is covered, and clears the coverage.
    fn paint_row(&mut self, y: usize, columns: std::ops::Range<usize>, ink: Ink) {
        let mut covered = 0.0f32;
        let start = (y * WIDTH + columns.start) * 3;
        let line = &mut self.pixels[start..start + columns.len() * 3];
        let solid = (ink.a >= 1.0).then_some([ink.r, ink.g, ink.b].map(|colour| (colour + 0.5) as u8));
        for (pixel, change) in line.chunks_exact_mut(3).zip(self.row[columns.clone()].iter_mut()) {
            covered += *change;
            *change = 0.0;
            // Most of what is drawn is the inside of something opaque.
            if let Some(solid) = solid.filter(|_| covered > 0.998) {
                pixel.copy_from_slice(&solid);
            } else if covered > 0.004 {
                let share = covered.min(1.0) * ink.a;
                pixel[0] = (pixel[0] as f32 + (ink.r - pixel[0] as f32) * share + 0.5) as u8;
                pixel[1] = (pixel[1] as f32 + (ink.g - pixel[1] as f32) * share + 0.5) as u8;
                pixel[2] = (pixel[2] as f32 + (ink.b - pixel[2] as f32) * share + 0.5) as u8;
            }
        }
        // A stretch that ends on a pixel's border leaves its end in the next pixels.
        for rest in self.row.iter_mut().skip(columns.end).take(2) {
            *rest = 0.0;
        }
    }

    /// An upright rectangle from its left top corner.
    pub(crate) fn rect(&mut self, x: f32, y: f32, width: f32, height: f32, ink: Ink) {
        self.fill(&[(x, y), (x + width, y), (x + width, y + height), (x, y + height)], ink);
    }

    /// An upright rectangle that changes from top to bottom.
    pub(crate) fn rect_fade(&mut self, x: f32, y: f32, width: f32, height: f32, inks: (Ink, Ink)) {
        self.fade(&[(x, y), (x + width, y), (x + width, y + height), (x, y + height)], inks.0, inks.1);
    }

    /// An upright rectangle with round corners.
    pub(crate) fn round_rect(&mut self, x: f32, y: f32, width: f32, height: f32, radius: f32, ink: Ink) {
        let radius = radius.min(width / 2.0).min(height / 2.0);
        let middles = [
            (x + width - radius, y + radius, -1),
            (x + width - radius, y + height - radius, 0),
            (x + radius, y + height - radius, 1),
            (x + radius, y + radius, 2),
        ];
        let mut corners = Vec::with_capacity(24);
        for (cx, cy, quarter) in middles {
            for step in 0..=4 {
                let angle = (quarter as f32 + step as f32 / 4.0) * std::f32::consts::FRAC_PI_2;
                corners.push((cx + radius * angle.cos(), cy + radius * angle.sin()));
            }
        }
        self.fill(&corners, ink);
    }

    /// An upright ellipse.
    pub(crate) fn ellipse(&mut self, middle: Spot, radius_x: f32, radius_y: f32, ink: Ink) {
        self.fill(&ring(middle, radius_x, radius_y), ink);
    }

    /// An upright ellipse that changes from top to bottom.
    pub(crate) fn ellipse_fade(&mut self, middle: Spot, radius_x: f32, radius_y: f32, inks: (Ink, Ink)) {
        self.fade(&ring(middle, radius_x, radius_y), inks.0, inks.1);
    }

    /// A straight stroke of a width.
    pub(crate) fn line(&mut self, from: Spot, to: Spot, width: f32, ink: Ink) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = (dx * dx + dy * dy).sqrt().max(0.001);
        let (ox, oy) = (-dy / length * width / 2.0, dx / length * width / 2.0);
        self.fill(
            &[
                (from.0 + ox, from.1 + oy),
                (to.0 + ox, to.1 + oy),
                (to.0 - ox, to.1 - oy),
                (from.0 - ox, from.1 - oy),
            ],
            ink,
        );
    }

    /// Strokes through several places.
    pub(crate) fn strokes(&mut self, places: &[Spot], width: f32, ink: Ink) {
        for pair in places.windows(2) {
            self.line(pair[0], pair[1], width, ink);
        }
    }

    /// A stroke that bends towards a place between its ends (a hanging wire, a handle).
    pub(crate) fn bow(&mut self, from: Spot, pull: Spot, to: Spot, width: f32, ink: Ink) {
        let at = |t: f32| {
            let (a, b, c) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t);
            (a * from.0 + b * pull.0 + c * to.0, a * from.1 + b * pull.1 + c * to.1)
        };
        let places: Vec<Spot> = (0..=14).map(|i| at(i as f32 / 14.0)).collect();
        self.strokes(&places, width, ink);
    }

    /// A circle line.
    pub(crate) fn hoop(&mut self, middle: Spot, radius: f32, width: f32, ink: Ink) {
        let mut both = ring(middle, radius + width / 2.0, radius + width / 2.0);
        let first = both[0];
        both.push(first);
        let inner = ring(middle, radius - width / 2.0, radius - width / 2.0);
        both.extend(inner.iter().chain(inner.first()));
        self.fill(&both, ink);
    }

    /// Multiplies the whole picture by a colour (1.0 leaves as is) and lays a fine grain over it, as a camera does.
    pub(crate) fn finish(&mut self, light: [f32; 3], grain: f32, seed: u64) {
        let mut state = seed as u32 | 1;
        for pixel in self.pixels.chunks_exact_mut(3) {
            // xorshift32: a grain needs speed, not quality.
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            let noise = ((state >> 16) as f32 / 65_536.0 - 0.5) * grain;
            for (channel, factor) in pixel.iter_mut().zip(light) {
                *channel = (*channel as f32 * factor + noise) as u8;
            }
        }
    }
}

/// The corners of an ellipse.
pub(crate) fn ring((x, y): Spot, radius_x: f32, radius_y: f32) -> Vec<Spot> {
    let count = if radius_x.max(radius_y) < 12.0 { 14 } else { 36 };
    (0..count)
        .map(|i| {
            let angle = i as f32 / count as f32 * std::f32::consts::TAU;
            (x + radius_x * angle.cos(), y + radius_y * angle.sin())
        })
        .collect()
}

/// Where the edges of a polygon cross a horizontal line, from left to right.
fn crossings_at(corners: &[Spot], line: f32, crossings: &mut Vec<f32>) {
    crossings.clear();
    let Some(&last) = corners.last() else { return };
    let mut from = last;
    for &to in corners {
        if (from.1 <= line) != (to.1 <= line) {
            crossings.push(from.0 + (line - from.1) / (to.1 - from.1) * (to.0 - from.0));
        }
        from = to;
    }
    crossings.sort_unstable_by(f32::total_cmp);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(canvas: &Canvas, x: usize, y: usize) -> u8 {
        canvas.pixels()[(y * WIDTH + x) * 3]
    }

    #[test]
    fn a_half_covered_pixel_is_half_inked() {
        let mut canvas = Canvas::new(Ink::hex(0x000000), 1.0, (0.0, 0.0));
        canvas.rect(10.5, 20.0, 4.0, 2.5, Ink::hex(0xFFFFFF));
        assert_eq!((at(&canvas, 9, 20), at(&canvas, 12, 20), at(&canvas, 15, 20)), (0, 255, 0));
        assert!((120..136).contains(&at(&canvas, 10, 20)) && (120..136).contains(&at(&canvas, 12, 22)));
    }

    #[test]
    fn shapes_may_hang_over_every_border() {
        let mut canvas = Canvas::new(Ink::hex(0x000000), 1.0, (0.0, 0.0));
        canvas.ellipse((320.0, 240.0), 2_000.0, 2_000.0, Ink::hex(0xFFFFFF));
        canvas.rect(-50.0, -50.0, 20.0, 20.0, Ink::hex(0x00FF00));
        canvas.line((600.0, 470.0), (900.0, 700.0), 9.0, Ink::hex(0xFFFFFF));
        assert!(canvas.pixels().iter().all(|&p| p == 255));
    }

    #[test]
    fn a_hoop_is_open_in_the_middle() {
        let mut canvas = Canvas::new(Ink::hex(0x000000), 1.0, (0.0, 0.0));
        canvas.hoop((100.0, 100.0), 30.0, 6.0, Ink::hex(0xFFFFFF));
        assert_eq!((at(&canvas, 100, 100), at(&canvas, 130, 100), at(&canvas, 140, 100)), (0, 255, 0));
    }
}
