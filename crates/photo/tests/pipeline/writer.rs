//! A small writer of JPEGs of every shape that the standard (ITU-T T.81) allows and a camera, a scanner or a drawing
//! program may choose. It knows the picture that it writes, so that a decoder can be held to it.

use image::{Rgb, RgbImage};

/// How the coefficients are spread over scans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scans {
    /// One scan with everything.
    One,
    /// One scan per component.
    Each,
    /// One scan per component, the last component first.
    Backwards,
    /// The first component alone, the others together.
    LumaFirst,
}

/// Baseline or progressive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Baseline,
    /// Extended sequential (SOF1), which differs by its name alone where there are 8 bits.
    Extended,
    /// Bands of coefficients after each other.
    Spectral,
    /// The same, and the lowest bit in scans of its own.
    Refined,
}

/// What the components are, and how the file says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colour {
    Grey,
    /// YCbCr with a JFIF head.
    Jfif,
    /// YCbCr without a word.
    Silent,
    /// YCbCr, said by Adobe's marker.
    AdobeYcc,
    /// RGB, said by Adobe's marker.
    AdobeRgb,
    /// RGB, said by the names of the components.
    NamedRgb,
    /// Inverted CMYK with Adobe's marker.
    AdobeCmyk,
    /// Inverted YCCK with Adobe's marker.
    AdobeYcck,
    /// Four components without a word: nobody knows what they mean.
    SilentFour,
}

/// A shape of file.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) colour: Colour,
    /// Samplings, across and down, one per component.
    pub(crate) sampling: Vec<(u32, u32)>,
    pub(crate) scans: Scans,
    pub(crate) coding: Coding,
    /// Units between restart markers; 0 for none.
    pub(crate) restart: u16,
}

/// A smooth picture that differs in every direction and in every colour.
pub(crate) fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        // Gentle however small it is, so that half as many samples of colour still tell it.
        let (u, v) = (f64::from(x) / f64::from(width.max(40)), f64::from(y) / f64::from(height.max(40)));
        let level = |share: f64| (30.0 + 195.0 * share).round() as u8;
        Rgb([level(u), level(v), level(1.0 - (u + v) / 2.0)])
    })
}

struct Component {
    id: u8,
    h: u32,
    v: u32,
    /// Blocks across and down as they stand alone, and as they are padded to whole units.
    own: (u32, u32),
    padded: (u32, u32),
    blocks: Vec<[i32; 64]>,
}

/// The file.
pub(crate) fn write(shape: &Shape) -> Vec<u8> {
    let picture = picture(shape.width, shape.height);
    let components = components(shape, &picture);
    let mut out = vec![0xFF, 0xD8];
    if shape.colour == Colour::Jfif || shape.colour == Colour::Grey {
        segment(&mut out, 0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    }
    let transform = match shape.colour {
        Colour::AdobeYcc => Some(1),
        Colour::AdobeRgb | Colour::AdobeCmyk => Some(0),
        Colour::AdobeYcck => Some(2),
        Colour::Grey | Colour::Jfif | Colour::Silent | Colour::NamedRgb | Colour::SilentFour => None,
    };
    if let Some(transform) = transform {
        segment(&mut out, 0xEE, &[b"Adobe\0\x64\0\0\0\0".as_slice(), &[transform]].concat());
    }
    segment(&mut out, 0xDB, &[vec![0], vec![QUANT as u8; 64]].concat());
    let frame = match shape.coding {
        Coding::Baseline => 0xC0,
        Coding::Extended => 0xC1,
        Coding::Spectral | Coding::Refined => 0xC2,
    };
    let mut head = vec![8];
    head.extend((shape.height as u16).to_be_bytes());
    head.extend((shape.width as u16).to_be_bytes());
    head.push(components.len() as u8);
    for component in &components {
        head.extend([component.id, (component.h << 4 | component.v) as u8, 0]);
    }
    segment(&mut out, frame, &head);
    tables(&mut out);
    if shape.restart > 0 {
        segment(&mut out, 0xDD, &shape.restart.to_be_bytes());
    }
    for scan in plan(shape, components.len()) {
        let mut head = vec![scan.of.len() as u8];
        for at in &scan.of {
            head.extend([components[*at].id, 0]);
        }
        head.extend([scan.from, scan.to, scan.high << 4 | scan.low]);
        segment(&mut out, 0xDA, &head);
        code(&mut out, &components, &scan, shape);
    }
    out.extend([0xFF, 0xD9]);
    out
}

fn segment(out: &mut Vec<u8>, marker: u8, data: &[u8]) {
    out.extend([0xFF, marker]);
    out.extend((data.len() as u16 + 2).to_be_bytes());
    out.extend(data);
}

/// Codes of equal length: the plainest table that holds every symbol.
fn tables(out: &mut Vec<u8>) {
    let mut dc = vec![0x00, 0, 0, 0, 12];
    dc.resize(17, 0);
    dc.extend(0..12);
    segment(out, 0xC4, &dc);
    let mut ac = vec![0x10, 0, 0, 0, 0, 0, 0, 0, 255];
    ac.resize(17, 0);
    ac.extend(0..255);
    segment(out, 0xC4, &ac);
}

const QUANT: i32 = 4;

/// One scan.
struct Scan {
    of: Vec<usize>,
    from: u8,
    to: u8,
    high: u8,
    low: u8,
}

fn plan(shape: &Shape, count: usize) -> Vec<Scan> {
    let groups: Vec<Vec<usize>> = match shape.scans {
        Scans::One => vec![(0..count).collect()],
        Scans::Each => (0..count).map(|at| vec![at]).collect(),
        Scans::Backwards => (0..count).rev().map(|at| vec![at]).collect(),
        Scans::LumaFirst => [vec![0], (1..count).collect()]
            .into_iter()
            .filter(|group: &Vec<usize>| !group.is_empty())
            .collect(),
    };
    let scan = |of: &[usize], from, to, high, low| Scan { of: of.to_vec(), from, to, high, low };
    let refined = match shape.coding {
        Coding::Baseline | Coding::Extended => {
            return groups.iter().map(|of| scan(of, 0, 63, 0, 0)).collect();
        }
        Coding::Spectral => false,
        Coding::Refined => true,
    };
    let low = u8::from(refined);
    let singles: Vec<usize> = groups.concat();
    let mut scans: Vec<Scan> = groups.iter().map(|of| scan(of, 0, 0, 0, low)).collect();
    for at in &singles {
        scans.push(scan(&[*at], 1, 5, 0, low));
        scans.push(scan(&[*at], 6, 63, 0, low));
    }
    if refined {
        scans.extend(groups.iter().map(|of| scan(of, 0, 0, 1, 0)));
        scans.extend(singles.iter().map(|at| scan(&[*at], 1, 63, 1, 0)));
    }
    scans
}

/// The values of the components at a pixel.
fn values(colour: Colour, Rgb([r, g, b]): Rgb<u8>) -> Vec<f64> {
    let (r, g, b) = (f64::from(r), f64::from(g), f64::from(b));
    let luma = |r: f64, g: f64, b: f64| 0.299 * r + 0.587 * g + 0.114 * b;
    let ycc = |r: f64, g: f64, b: f64| {
        let y = luma(r, g, b);
        vec![y, 128.0 + (b - y) / 1.772, 128.0 + (r - y) / 1.402]
    };
    // Black ink of a quarter; 255 is no ink where the values stand inverted.
    const K: f64 = 240.0;
    let ink = |value: f64| value * 255.0 / K;
    match colour {
        Colour::Grey => vec![luma(r, g, b)],
        Colour::Jfif | Colour::Silent | Colour::AdobeYcc => ycc(r, g, b),
        Colour::AdobeRgb | Colour::NamedRgb => vec![r, g, b],
        Colour::AdobeCmyk | Colour::SilentFour => vec![ink(r), ink(g), ink(b), K],
        Colour::AdobeYcck => {
            let mut values = ycc(255.0 - ink(r), 255.0 - ink(g), 255.0 - ink(b));
            values.push(K);
            values
        }
    }
}

/// What a decoder should see at a pixel.
pub(crate) fn truth(shape: &Shape) -> RgbImage {
    let mut picture = picture(shape.width, shape.height);
    if shape.colour == Colour::Grey {
        for pixel in picture.pixels_mut() {
            let grey = values(Colour::Grey, *pixel)[0].round() as u8;
            *pixel = Rgb([grey; 3]);
        }
    }
    picture
}

fn components(shape: &Shape, picture: &RgbImage) -> Vec<Component> {
    let names: &[u8] = match shape.colour {
        Colour::NamedRgb => b"RGB",
        Colour::Grey
        | Colour::Jfif
        | Colour::Silent
        | Colour::AdobeYcc
        | Colour::AdobeRgb
        | Colour::AdobeCmyk
        | Colour::AdobeYcck
        | Colour::SilentFour => &[1, 2, 3, 4],
    };
    let most_h = shape.sampling.iter().map(|s| s.0).max().unwrap();
    let most_v = shape.sampling.iter().map(|s| s.1).max().unwrap();
    let units = (shape.width.div_ceil(8 * most_h), shape.height.div_ceil(8 * most_v));
    let mut components = Vec::new();
    for (at, (h, v)) in shape.sampling.iter().copied().enumerate() {
        let size = ((shape.width * h).div_ceil(most_h), (shape.height * v).div_ceil(most_v));
        let mut component = Component {
            id: names[at],
            h,
            v,
            own: (size.0.div_ceil(8), size.1.div_ceil(8)),
            padded: (units.0 * h, units.1 * v),
            blocks: Vec::new(),
        };
        let sample = |x: u32, y: u32| {
            let (x, y) = (x.min(size.0 - 1), y.min(size.1 - 1));
            let span = |at: u32, own: u32, most: u32, side: u32| {
                let from = (at * most / own).min(side - 1);
                from..((at + 1) * most).div_ceil(own).clamp(from + 1, side)
            };
            let (mut sum, mut count) = (0.0, 0.0);
            for py in span(y, v, most_v, shape.height) {
                for px in span(x, h, most_h, shape.width) {
                    sum += values(shape.colour, *picture.get_pixel(px, py))[at];
                    count += 1.0;
                }
            }
            sum / count - 128.0
        };
        for by in 0..component.padded.1 {
            for bx in 0..component.padded.0 {
                let mut block = [0.0; 64];
                for (at, value) in block.iter_mut().enumerate() {
                    *value = sample(bx * 8 + at as u32 % 8, by * 8 + at as u32 / 8);
                }
                component.blocks.push(transformed(&block));
            }
        }
        components.push(component);
    }
    components
}

/// Forward transform and quantisation, in the order of the zigzag.
fn transformed(block: &[f64; 64]) -> [i32; 64] {
    let wave = |x: usize, u: usize| {
        let scale = if u == 0 { std::f64::consts::FRAC_1_SQRT_2 } else { 1.0 };
        scale * ((2 * x + 1) as f64 * u as f64 * std::f64::consts::PI / 16.0).cos() / 2.0
    };
    let mut rows = [0.0; 64];
    for y in 0..8 {
        for u in 0..8 {
            rows[y * 8 + u] = (0..8).map(|x| block[y * 8 + x] * wave(x, u)).sum();
        }
    }
    let mut out = [0; 64];
    for (at, (u, v)) in zigzag().into_iter().enumerate() {
        let value: f64 = (0..8).map(|y| rows[y * 8 + u] * wave(y, v)).sum();
        out[at] = (value / f64::from(QUANT)).round() as i32;
    }
    out
}

/// Across and down of the 64 coefficients in the order in which they are written.
fn zigzag() -> Vec<(usize, usize)> {
    let mut order = Vec::new();
    for diagonal in 0..15_usize {
        let mut line: Vec<(usize, usize)> = (0..8)
            .filter(|v| diagonal.checked_sub(*v).is_some_and(|u| u < 8))
            .map(|v| (diagonal - v, v))
            .collect();
        if diagonal % 2 == 0 {
            line.reverse();
        }
        order.extend(line);
    }
    order
}

struct Bits<'a> {
    out: &'a mut Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits<'_> {
    fn put(&mut self, value: u32, length: u32) {
        for at in (0..length).rev() {
            self.held = self.held << 1 | (value >> at & 1);
            self.count += 1;
            if self.count == 8 {
                self.out.push(self.held as u8);
                if self.held as u8 == 0xFF {
                    self.out.push(0);
                }
                (self.held, self.count) = (0, 0);
            }
        }
    }

    fn dc_symbol(&mut self, symbol: u32) {
        self.put(symbol, 4);
    }

    fn ac_symbol(&mut self, symbol: u32) {
        self.put(symbol, 8);
    }

    /// The bits of a value of `size` bits, negative ones less one.
    fn value(&mut self, value: i32, size: u32) {
        let bits = if value < 0 { value - 1 } else { value };
        self.put(bits.cast_unsigned() & ((1 << size) - 1), size);
    }

    fn flush(&mut self) {
        while self.count > 0 {
            self.put(1, 1);
        }
    }
}

fn size_of(value: i32) -> u32 {
    32 - value.unsigned_abs().leading_zeros()
}

/// What stays of a coefficient when its lowest bits are left for later: rounded down for DC, towards zero for AC.
fn dropped(value: i32, low: u8) -> i32 {
    value.signum() * (value.abs() >> low)
}

fn code(out: &mut Vec<u8>, components: &[Component], scan: &Scan, shape: &Shape) {
    let mut bits = Bits { out, held: 0, count: 0 };
    let mut before = vec![0; components.len()];
    let mut run = 0;
    for (number, unit) in units(components, scan).into_iter().enumerate() {
        if shape.restart > 0 && number > 0 && number % usize::from(shape.restart) == 0 {
            end_run(&mut bits, &mut run);
            bits.flush();
            bits.out.extend([0xFF, 0xD0 + ((number / usize::from(shape.restart) - 1) % 8) as u8]);
            before.fill(0);
        }
        for (at, block) in unit {
            let block = &components[at].blocks[block];
            if scan.high > 0 {
                refine(&mut bits, block, scan);
                continue;
            }
            if scan.from == 0 {
                let value = block[0] >> scan.low;
                let step = value - std::mem::replace(&mut before[at], value);
                bits.dc_symbol(size_of(step));
                bits.value(step, size_of(step));
            }
            if scan.to > 0 {
                let progressive = matches!(shape.coding, Coding::Spectral | Coding::Refined);
                first(&mut bits, block, scan, progressive, &mut run);
            }
        }
    }
    end_run(&mut bits, &mut run);
    bits.flush();
}

/// The blocks of each unit of a scan, as component and index.
fn units(components: &[Component], scan: &Scan) -> Vec<Vec<(usize, usize)>> {
    let index = |component: &Component, x: u32, y: u32| (y * component.padded.0 + x) as usize;
    if let [at] = scan.of[..] {
        let component = &components[at];
        let (across, down) = component.own;
        return (0..across * down).map(|n| vec![(at, index(component, n % across, n / across))]).collect();
    }
    let first = &components[scan.of[0]];
    let (across, down) = (first.padded.0 / first.h, first.padded.1 / first.v);
    let unit = |n: u32| {
        let mut blocks = Vec::new();
        for at in &scan.of {
            let c = &components[*at];
            for b in 0..c.h * c.v {
                let (x, y) = ((n % across) * c.h + b % c.h, (n / across) * c.v + b / c.h);
                blocks.push((*at, index(c, x, y)));
            }
        }
        blocks
    };
    (0..across * down).map(unit).collect()
}

/// The coefficients of a band. Progressive files count blocks that have none, and say so later.
fn first(bits: &mut Bits<'_>, block: &[i32; 64], scan: &Scan, progressive: bool, run: &mut u32) {
    let mut zeros = 0;
    for at in scan.from.max(1)..=scan.to {
        let value = dropped(block[usize::from(at)], scan.low);
        if value == 0 {
            zeros += 1;
            continue;
        }
        end_run(bits, run);
        while zeros > 15 {
            bits.ac_symbol(0xF0);
            zeros -= 16;
        }
        bits.ac_symbol(zeros << 4 | size_of(value));
        bits.value(value, size_of(value));
        zeros = 0;
    }
    if zeros > 0 && progressive {
        *run += 1;
        if *run == 0x7FFF {
            end_run(bits, run);
        }
    } else if zeros > 0 {
        bits.ac_symbol(0);
    }
}

fn end_run(bits: &mut Bits<'_>, run: &mut u32) {
    if *run > 0 {
        let size = 31 - run.leading_zeros();
        bits.ac_symbol(size << 4);
        bits.put(*run & ((1 << size) - 1), size);
        *run = 0;
    }
}

/// The lowest bit of a band whose upper bits were written before.
fn refine(bits: &mut Bits<'_>, block: &[i32; 64], scan: &Scan) {
    if scan.from == 0 {
        bits.put(block[0].cast_unsigned() & 1, 1);
        return;
    }
    let (mut zeros, mut later) = (0, Vec::new());
    let last_new = (scan.from..=scan.to).rev().find(|at| block[usize::from(*at)].abs() == 1);
    for at in scan.from..=scan.to {
        let value = block[usize::from(at)];
        if value.abs() > 1 {
            later.push(value.unsigned_abs() & 1);
            continue;
        }
        if value == 0 {
            zeros += 1;
            if zeros == 16 && last_new.is_some_and(|last| at < last) {
                bits.ac_symbol(0xF0);
                later.drain(..).for_each(|bit| bits.put(bit, 1));
                zeros = 0;
            }
            continue;
        }
        bits.ac_symbol(zeros << 4 | 1);
        bits.put(u32::from(value > 0), 1);
        later.drain(..).for_each(|bit| bits.put(bit, 1));
        zeros = 0;
    }
    if zeros > 0 || !later.is_empty() {
        bits.ac_symbol(0);
        later.drain(..).for_each(|bit| bits.put(bit, 1));
    }
}
