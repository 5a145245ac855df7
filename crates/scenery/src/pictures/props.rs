//! Things that stand in more than one scene.

use super::backdrop::choose;
use super::canvas::{Canvas, Spot, ring};
use super::ink::{Ink, SHADOW};
use crate::dice::Dice;

const LEAVES: [u32; 5] = [0x5E8F57, 0x6F9E5C, 0x4F8560, 0x7FA85F, 0x5C9470];
const LACQUERS: [u32; 7] = [0xC0453B, 0x2F6FA6, 0xE8E6E0, 0x3A3F45, 0x3F8F74, 0xD9A23A, 0x7B5EA7];

/// Places turned around a pivot by an angle (radians, clockwise) and then moved there.
pub(crate) fn turned(places: &[Spot], angle: f32, to: Spot) -> Vec<Spot> {
    let (sin, cos) = angle.sin_cos();
    places.iter().map(|&(x, y)| (to.0 + x * cos - y * sin, to.1 + x * sin + y * cos)).collect()
}

/// A lump with an uneven outline.
pub(crate) fn lump(dice: &mut Dice, middle: Spot, radius_x: f32, radius_y: f32, roughness: f32) -> Vec<Spot> {
    ring(middle, radius_x, radius_y)
        .into_iter()
        .step_by(2)
        .map(|(x, y)| {
            let k = 1.0 + dice.between_f32(-roughness, roughness);
            (middle.0 + (x - middle.0) * k, middle.1 + (y - middle.1) * k)
        })
        .collect()
}

/// A tree standing on a foot.
pub(crate) fn tree(canvas: &mut Canvas, dice: &mut Dice, foot: Spot, height: f32) {
    let leaf = choose(dice, &LEAVES);
    let (x, y) = foot;
    canvas.ellipse((x + height * 0.08, y + 1.0), height * 0.26, height * 0.035, SHADOW);
    let trunk = Ink::hex(0x7A6250);
    let half = height * 0.022 + 0.8;
    canvas.fill(
        &[
            (x - half, y),
            (x + half, y),
            (x + half * 0.6, y - height * 0.6),
            (x - half * 0.6, y - height * 0.6),
        ],
        trunk,
    );
    for (dx, dy, size, shade) in [
        (-0.13, -0.56, 0.2, 0.2),
        (0.14, -0.6, 0.2, 0.12),
        (0.0, -0.76, 0.24, 0.0),
        (-0.06, -0.84, 0.14, -0.15),
    ] {
        let middle = (x + dx * height, y + dy * height);
        let ink = if shade >= 0.0 { leaf.darker(shade) } else { leaf.lighter(-shade) };
        canvas.fill(&lump(dice, middle, size * height, size * height * 0.86, 0.07), ink);
    }
}

/// A round bush standing on a foot.
pub(crate) fn bush(canvas: &mut Canvas, dice: &mut Dice, foot: Spot, width: f32) {
    let leaf = choose(dice, &LEAVES);
    canvas.ellipse((foot.0, foot.1 + 1.0), width * 0.56, width * 0.07, SHADOW);
    for (dx, size) in [(-0.26, 0.25), (0.26, 0.24), (0.0, 0.33)] {
        let middle = (foot.0 + dx * width, foot.1 - size * width * 0.8);
        canvas.fill(
            &lump(dice, middle, size * width, size * width * 0.9, 0.08),
            leaf.darker(0.12 - dx.abs() * 0.2),
        );
    }
}

/// A filled rubbish bag with its knot; the spot is the middle of its foot.
pub(crate) fn bag(canvas: &mut Canvas, dice: &mut Dice, foot: Spot, size: f32, ink: Ink) {
    let (x, y) = foot;
    canvas.ellipse((x + size * 0.1, y), size * 0.62, size * 0.12, SHADOW);
    canvas.fill(&lump(dice, (x, y - size * 0.4), size * 0.52, size * 0.44, 0.08), ink);
    canvas.fill(
        &[
            (x - size * 0.1, y - size * 0.78),
            (x + size * 0.12, y - size * 0.78),
            (x + size * 0.2, y - size),
            (x, y - size * 0.9),
            (x - size * 0.18, y - size),
        ],
        ink.darker(0.12),
    );
    canvas.ellipse((x - size * 0.18, y - size * 0.52), size * 0.13, size * 0.19, ink.lighter(0.35).thin(0.5));
    canvas.bow(
        (x + size * 0.05, y - size * 0.74),
        (x + size * 0.3, y - size * 0.5),
        (x + size * 0.2, y - size * 0.12),
        1.5,
        ink.darker(0.35).thin(0.6),
    );
}

/// A cardboard box; the spot is the middle of its foot.
pub(crate) fn carton(canvas: &mut Canvas, foot: Spot, width: f32, height: f32, open: bool) {
    let (x, y) = (foot.0 - width / 2.0, foot.1 - height);
    let card = Ink::hex(0xC49A6C);
    canvas.ellipse((foot.0 + 6.0, foot.1), width * 0.6, width * 0.1, SHADOW);
    canvas.rect_fade(x, y, width, height, (card.lighter(0.1), card.darker(0.08)));
    canvas.fill(
        &[
            (x + width, y),
            (x + width * 1.24, y - height * 0.16),
            (x + width * 1.24, y + height * 0.8),
            (x + width, y + height),
        ],
        card.darker(0.25),
    );
    canvas.rect(x + width * 0.44, y, width * 0.12, height, card.lighter(0.35).thin(0.7));
    if open {
        canvas.fill(
            &[
                (x, y),
                (x + width, y),
                (x + width * 1.24, y - height * 0.16),
                (x + width * 0.24, y - height * 0.16),
            ],
            card.darker(0.45),
        );
        canvas.fill(
            &[
                (x, y),
                (x + width * 0.24, y - height * 0.16),
                (x - width * 0.1, y - height * 0.42),
                (x - width * 0.3, y - height * 0.2),
            ],
            card.lighter(0.2),
        );
    } else {
        canvas.fill(
            &[
                (x, y),
                (x + width, y),
                (x + width * 1.24, y - height * 0.16),
                (x + width * 0.24, y - height * 0.16),
            ],
            card.lighter(0.25),
        );
    }
}

/// A bicycle of a size (1.0 is some 120 px long), leaning by an angle; the spot is between its wheels on the ground.
pub(crate) fn bicycle(canvas: &mut Canvas, dice: &mut Dice, foot: Spot, size: f32, angle: f32) {
    let frame = choose(dice, &LACQUERS);
    let dark = Ink::hex(0x2E3338);
    let at = |x: f32, y: f32| turned(&[(x * size, y * size)], angle, foot)[0];
    let shadow = turned(
        &[(-52.0 * size, 0.0), (56.0 * size, 0.0), (62.0 * size, 6.0), (-48.0 * size, 6.0)],
        angle * 0.4,
        foot,
    );
    canvas.fill(&shadow, SHADOW);
    for x in [-33.0, 33.0] {
        let hub = at(x, -21.0);
        canvas.hoop(hub, 20.0 * size, 3.6 * size, dark);
        canvas.hoop(hub, 16.6 * size, 1.0 * size, Ink::hex(0xB9BFC4));
        for (dx, dy) in [(0.0, 16.0), (14.0, 8.0), (14.0, -8.0)] {
            canvas.line(
                at(x - dx, -21.0 - dy),
                at(x + dx, -21.0 + dy),
                0.8 * size,
                Ink::hex(0xC5CACE).thin(0.8),
            );
        }
    }
    let (seat, crank, head) = (at(-13.0, -50.0), at(-2.0, -20.0), at(22.0, -50.0));
    for (from, to) in [
        (seat, crank),
        (crank, head),
        (seat, head),
        (at(-33.0, -21.0), crank),
        (at(-33.0, -21.0), seat),
        (at(33.0, -21.0), at(20.0, -60.0)),
    ] {
        canvas.line(from, to, 3.8 * size, frame);
    }
    canvas.line(at(-22.0, -55.0), at(-5.0, -54.0), 5.0 * size, dark);
    canvas.line(at(13.0, -63.0), at(26.0, -60.0), 3.4 * size, dark);
    canvas.fill(
        &[at(21.0, -57.0), at(41.0, -57.0), at(38.0, -43.0), at(24.0, -43.0)],
        Ink::hex(0x4B5258).thin(0.9),
    );
}

/// An electric scooter (电动自行车) seen from the side; the spot is between its wheels on the ground.
pub(crate) fn scooter(canvas: &mut Canvas, dice: &mut Dice, foot: Spot, size: f32, angle: f32) {
    let body = choose(dice, &LACQUERS);
    let dark = Ink::hex(0x2B2F34);
    let at = |x: f32, y: f32| turned(&[(x * size, y * size)], angle, foot)[0];
    let shape = |places: &[Spot]| {
        turned(&places.iter().map(|p| (p.0 * size, p.1 * size)).collect::<Vec<_>>(), angle, foot)
    };
    canvas.fill(
        &turned(
            &[(-60.0 * size, 0.0), (60.0 * size, 0.0), (66.0 * size, 6.0), (-56.0 * size, 6.0)],
            angle * 0.4,
            foot,
        ),
        SHADOW,
    );
    for x in [-38.0, 40.0] {
        canvas.ellipse(at(x, -15.0), 15.0 * size, 15.0 * size, dark);
        canvas.ellipse(at(x, -15.0), 7.0 * size, 7.0 * size, Ink::hex(0xAEB4B8));
    }
    canvas.fill(
        &shape(&[
            (-56.0, -34.0),
            (-30.0, -48.0),
            (-4.0, -44.0),
            (0.0, -24.0),
            (22.0, -22.0),
            (26.0, -12.0),
            (-22.0, -12.0),
            (-26.0, -30.0),
        ]),
        body,
    );
    canvas.fill(
        &shape(&[(20.0, -66.0), (28.0, -68.0), (44.0, -22.0), (36.0, -14.0), (24.0, -14.0)]),
        body.darker(0.12),
    );
    canvas.fill(&shape(&[(-52.0, -46.0), (-2.0, -50.0), (0.0, -43.0), (-50.0, -38.0)]), dark);
    canvas.line(at(12.0, -78.0), at(28.0, -70.0), 4.0 * size, dark);
    canvas.ellipse(at(31.0, -58.0), 4.5 * size, 5.5 * size, Ink::hex(0xFBF3D0));
    canvas.rect(at(10.0, -92.0).0, at(10.0, -92.0).1, 3.0 * size, 12.0 * size, dark);
}

/// A car seen from the side; the spot is the middle of its foot, the width is its length.
pub(crate) fn car(canvas: &mut Canvas, dice: &mut Dice, foot: Spot, width: f32) {
    let paint = choose(dice, &LACQUERS);
    let at = |x: f32, y: f32| (foot.0 + x * width, foot.1 + y * width);
    canvas.ellipse(at(0.01, 0.0), width * 0.54, width * 0.04, SHADOW.thin(0.4));
    canvas.fade(
        &[
            at(-0.5, -0.07),
            at(-0.49, -0.17),
            at(-0.42, -0.2),
            at(-0.27, -0.33),
            at(0.12, -0.33),
            at(0.29, -0.2),
            at(0.46, -0.17),
            at(0.5, -0.07),
        ],
        paint.lighter(0.15),
        paint.darker(0.12),
    );
    let glass = Ink::hex(0x55707F);
    canvas.fill(&[at(-0.35, -0.205), at(-0.245, -0.305), at(-0.09, -0.305), at(-0.09, -0.205)], glass);
    canvas
        .fill(&[at(-0.06, -0.205), at(-0.06, -0.305), at(0.1, -0.305), at(0.22, -0.205)], glass.lighter(0.1));
    canvas.rect(at(-0.5, -0.13).0, at(-0.5, -0.13).1, width * 0.04, width * 0.035, Ink::hex(0xC9453B));
    canvas.rect(at(0.455, -0.14).0, at(0.455, -0.14).1, width * 0.04, width * 0.035, Ink::hex(0xF8EEC4));
    canvas.line(at(-0.075, -0.19), at(-0.075, -0.08), 1.2, paint.darker(0.4));
    for x in [-0.29, 0.3] {
        canvas.ellipse(at(x, -0.065), width * 0.078, width * 0.078, Ink::hex(0x23272B));
        canvas.ellipse(at(x, -0.065), width * 0.042, width * 0.042, Ink::hex(0xB9BFC3));
    }
}

/// A striped traffic cone.
pub(crate) fn cone(canvas: &mut Canvas, foot: Spot, height: f32) {
    let (x, y) = foot;
    let orange = Ink::hex(0xE8742C);
    canvas.ellipse((x + 3.0, y), height * 0.42, height * 0.09, SHADOW);
    canvas.rect(x - height * 0.32, y - height * 0.1, height * 0.64, height * 0.1, orange.darker(0.25));
    canvas.fill(
        &[
            (x - height * 0.23, y - height * 0.1),
            (x - height * 0.05, y - height),
            (x + height * 0.05, y - height),
            (x + height * 0.23, y - height * 0.1),
        ],
        orange,
    );
    canvas.fill(
        &[
            (x - height * 0.165, y - height * 0.42),
            (x - height * 0.11, y - height * 0.66),
            (x + height * 0.11, y - height * 0.66),
            (x + height * 0.165, y - height * 0.42),
        ],
        Ink::hex(0xF8F4EC),
    );
}

/// A park bench; with `broken` the slats hang and one is missing.
pub(crate) fn bench(canvas: &mut Canvas, foot: Spot, width: f32, broken: bool) {
    let (x, y) = (foot.0 - width / 2.0, foot.1);
    let (wood, iron) = (Ink::hex(0xB07D4F), Ink::hex(0x3F464B));
    canvas.ellipse((foot.0 + 6.0, y), width * 0.56, 9.0, SHADOW);
    for leg in [0.08, 0.9] {
        canvas.line((x + width * leg, y), (x + width * leg, y - width * 0.26), 6.0, iron);
        canvas.line(
            (x + width * leg, y - width * 0.22),
            (x + width * (leg - 0.03), y - width * 0.5),
            6.0,
            iron,
        );
    }
    for (index, height) in [0.22, 0.27, 0.36, 0.43, 0.5].into_iter().enumerate() {
        let left = (x - 4.0, y - width * height);
        let right = (x + width + 4.0, y - width * height);
        let ink = if index < 2 { wood.lighter(0.14) } else { wood };
        match (broken, index) {
            (true, 3) => {}
            (true, 1) => {
                canvas.line(left, (x + width * 0.62, y - width * 0.02), width * 0.05, ink.darker(0.2))
            }
            (true, 4) => {
                canvas.line(left, (x + width * 0.46, y - width * 0.44), width * 0.05, ink);
                canvas.line((x + width * 0.6, y - width * 0.36), right, width * 0.05, ink);
            }
            _ => canvas.line(left, right, width * 0.05, ink),
        }
    }
}

/// Small litter: papers, bottles, leaves, spread over a patch of ground.
pub(crate) fn litter(canvas: &mut Canvas, dice: &mut Dice, from: Spot, to: Spot, count: usize) {
    for _ in 0..count {
        let place = (dice.between_f32(from.0, to.0), dice.between_f32(from.1, to.1));
        let size = dice.between_f32(7.0, 17.0);
        let angle = dice.between_f32(0.0, 3.0);
        let ink = choose(dice, &[0xF2EFE6, 0xE7C54F, 0x5D9BC9, 0xD8604E, 0xF7F4EE, 0xB58A5A]);
        let paper =
            [(-size, -size * 0.3), (size * 0.4, -size * 0.55), (size, size * 0.2), (-size * 0.3, size * 0.5)];
        canvas.fill(&turned(&paper, angle * 0.5, (place.0 + 2.0, place.1 + 3.0)), SHADOW);
        canvas.fill(&turned(&paper, angle * 0.5, place), ink);
    }
}
