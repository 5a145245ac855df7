//! Where scenes play, in the open: a row of shops, a housing estate, a park, a road into the distance.

use super::canvas::{Canvas, Spot};
use super::ink::{Ink, SHADOW};
use super::props::{bush, tree};
use crate::dice::Dice;

const SKIES: [(u32, u32); 5] = [
    (0x8EC3E6, 0xE6F1F4),
    (0xA9CBE0, 0xF3EBDD),
    (0xB9C6CE, 0xE3E6E6),
    (0x86B4DC, 0xF6E3CF),
    (0x9FD0E0, 0xEEF5EC),
];
const WALLS: [u32; 8] = [0xE4D6C3, 0xD9C2B0, 0xCFD6D6, 0xE9DFCB, 0xC9B7A8, 0xD7DDD0, 0xE6CDBE, 0xBFC9D2];
const SIGNS: [u32; 8] = [0xB5473C, 0x2F6F8F, 0x3E7D5A, 0xC98A2B, 0x6B4E8C, 0x1F4E79, 0x9C3D54, 0x4C6A3A];
const PAVINGS: [u32; 4] = [0xCBC4B8, 0xC4C6C2, 0xD2C7B4, 0xBDBEB9];
const LAWNS: [u32; 4] = [0x8DB56B, 0x7FAE6A, 0x9ABB72, 0x86B07A];

/// One of some colours.
pub(crate) fn choose(dice: &mut Dice, colours: &[u32]) -> Ink {
    Ink::hex(colours.get(dice.below(colours.len())).copied().unwrap_or_default())
}

/// Sky with some clouds, down to a line.
pub(crate) fn sky(canvas: &mut Canvas, dice: &mut Dice, down_to: f32) {
    let (top, bottom) = SKIES[dice.below(SKIES.len())];
    canvas.rect_fade(-40.0, -40.0, 720.0, down_to + 45.0, (Ink::hex(top), Ink::hex(bottom)));
    for _ in 0..2 + dice.below(3) {
        let (x, y) = (dice.between_f32(0.0, 640.0), dice.between_f32(20.0, down_to * 0.55));
        let width = dice.between_f32(40.0, 90.0);
        let white = Ink::hex(0xFFFFFF).thin(0.38);
        canvas.ellipse((x, y), width, width * 0.17, white);
        canvas.ellipse((x + width * 0.3, y - width * 0.1), width * 0.5, width * 0.16, white);
    }
}

/// Far houses in the haze, standing on a line.
pub(crate) fn skyline(canvas: &mut Canvas, dice: &mut Dice, base: f32, height: f32) {
    let mut x = -30.0;
    while x < 670.0 {
        let (width, up) = (dice.between_f32(34.0, 80.0), dice.between_f32(0.25, 1.0) * height);
        let haze = Ink::hex(0xB4C2CC).mixed(Ink::hex(0x93A6B5), dice.between_f32(0.0, 1.0));
        canvas.rect_fade(x, base - up, width, up + 2.0, (haze, haze.lighter(0.3)));
        for row in 0..(up / 14.0) as usize {
            canvas.rect(
                x + 6.0,
                base - up + 8.0 + row as f32 * 14.0,
                width - 12.0,
                4.0,
                Ink::hex(0xFFFFFF).thin(0.16),
            );
        }
        x += width + dice.between_f32(-6.0, 16.0);
    }
}

/// A row of shops seen from across the road: pavement from y 330 to 412, road below.
pub(crate) fn shops(canvas: &mut Canvas, dice: &mut Dice) {
    sky(canvas, dice, 120.0);
    let mut x = -30.0 - dice.between_f32(0.0, 60.0);
    while x < 670.0 {
        let width = dice.between_f32(190.0, 280.0);
        house(canvas, dice, x, width);
        x += width;
    }
    pavement(canvas, dice, 330.0, 412.0);
    canvas.rect(-40.0, 412.0, 720.0, 8.0, Ink::hex(0xAFAFA9));
    asphalt(canvas, dice, 420.0);
    canvas.rect(-40.0, 462.0, 720.0, 5.0, Ink::hex(0xE8E4D4).thin(0.8));
}

fn house(canvas: &mut Canvas, dice: &mut Dice, x: f32, width: f32) {
    let wall = choose(dice, &WALLS);
    let top = dice.between_f32(8.0, 62.0);
    canvas.rect_fade(x, top, width, 330.0 - top, (wall.lighter(0.12), wall.darker(0.06)));
    canvas.rect(x, top, width, 7.0, wall.darker(0.25));
    canvas.rect(x + width - 3.0, top, 3.0, 330.0 - top, SHADOW.thin(0.18));
    let columns = (width / 52.0) as usize;
    let step = width / columns as f32;
    let glass = Ink::hex(0x6F8CA0).mixed(Ink::hex(0x9DB4C0), dice.between_f32(0.0, 1.0));
    let mut y = top + 22.0;
    while y < 160.0 {
        for column in 0..columns {
            let left = x + column as f32 * step + step * 0.2;
            canvas.rect(left - 2.0, y - 2.0, step * 0.6 + 4.0, 40.0, wall.lighter(0.45));
            canvas.rect_fade(left, y, step * 0.6, 36.0, (glass.darker(0.1), glass.lighter(0.25)));
            canvas.rect(left + step * 0.3 - 1.0, y, 2.0, 36.0, wall.lighter(0.45));
            if dice.chance(0.35) {
                canvas.rect(left + 3.0, y + 40.0, 20.0, 11.0, Ink::hex(0xEEF0EE));
                canvas.hoop((left + 10.0, y + 45.5), 3.2, 1.0, Ink::hex(0x8A9296));
            }
        }
        y += 62.0;
    }
    shop_front(canvas, dice, x, width);
}

fn shop_front(canvas: &mut Canvas, dice: &mut Dice, x: f32, width: f32) {
    let count = if width > 235.0 { 2 } else { 1 };
    let unit = width / count as f32;
    for index in 0..count {
        let left = x + index as f32 * unit;
        let sign = choose(dice, &SIGNS);
        canvas.rect_fade(left + 6.0, 232.0, unit - 12.0, 98.0, (Ink::hex(0x54646E), Ink::hex(0x8FA1A8)));
        for shelf in 0..3 {
            let y = 258.0 + shelf as f32 * 22.0;
            canvas.rect(left + 14.0, y, unit * 0.52, 2.0, Ink::hex(0x3F4A50));
            for item in 0..(unit * 0.5 / 11.0) as usize {
                let goods = choose(dice, &[0xD9A566, 0xC7705F, 0x7FA37A, 0xE3D3A3, 0x6E8FB0]);
                canvas.rect(left + 16.0 + item as f32 * 11.0, y - 9.0, 8.0, 9.0, goods.thin(0.6));
            }
        }
        canvas.rect(left + unit * 0.64, 246.0, unit * 0.26, 84.0, Ink::hex(0x5A4A42));
        canvas.rect_fade(
            left + unit * 0.66,
            250.0,
            unit * 0.22,
            76.0,
            (Ink::hex(0xA9BCC2), Ink::hex(0x7F949C)),
        );
        canvas.rect(left + 2.0, 204.0, unit - 4.0, 30.0, sign);
        canvas.rect(left + 2.0, 204.0, unit - 4.0, 3.0, sign.lighter(0.35));
        for mark in 0..4 {
            let place = left + unit * 0.2 + mark as f32 * unit * 0.16;
            canvas.rect(place, 212.0, unit * 0.1, 14.0, Ink::hex(0xF6EEDC).thin(0.85));
        }
        if dice.chance(0.6) {
            awning(canvas, left + 4.0, unit - 8.0, sign);
        }
    }
}

fn awning(canvas: &mut Canvas, left: f32, width: f32, ink: Ink) {
    let stripes = (width / 16.0) as usize;
    let step = width / stripes as f32;
    for stripe in 0..stripes {
        let x = left + stripe as f32 * step;
        let shade = if stripe % 2 == 0 { ink.lighter(0.15) } else { Ink::hex(0xF3EDE0) };
        canvas.fill(
            &[(x, 234.0), (x + step, 234.0), (x + step, 256.0), (x + step / 2.0, 261.0), (x, 256.0)],
            shade,
        );
    }
    canvas.rect(left, 257.0, width, 8.0, SHADOW.thin(0.14));
}

/// Paved ground between two heights, with joints.
pub(crate) fn pavement(canvas: &mut Canvas, dice: &mut Dice, top: f32, bottom: f32) {
    let ground = choose(dice, &PAVINGS);
    canvas.rect_fade(-40.0, top, 720.0, bottom - top + 1.0, (ground.darker(0.1), ground.lighter(0.08)));
    let joint = ground.darker(0.28).thin(0.5);
    let mut y = top + 6.0;
    let mut step = 9.0;
    while y < bottom {
        canvas.rect(-40.0, y, 720.0, 1.2, joint);
        y += step;
        step *= 1.22;
    }
    for column in -6..=30 {
        let x = column as f32 * 32.0 - 160.0;
        let lean = (x - 320.0) * 0.16;
        canvas.line((x, top), (x + lean, bottom), 1.1, joint);
    }
    for _ in 0..26 {
        let (x, y) = (dice.between_f32(0.0, 640.0), dice.between_f32(top + 6.0, bottom));
        canvas.ellipse((x, y), dice.between_f32(4.0, 16.0), 2.2, ground.darker(0.4).thin(0.12));
    }
}

/// Asphalt from a height down to the lower edge.
pub(crate) fn asphalt(canvas: &mut Canvas, dice: &mut Dice, top: f32) {
    let ground = Ink::hex(0x7C8085).mixed(Ink::hex(0x6A7077), dice.between_f32(0.0, 1.0));
    canvas.rect_fade(-40.0, top, 720.0, 540.0 - top, (ground.lighter(0.08), ground.darker(0.12)));
    speckle(canvas, dice, top, 220, ground);
}

/// Small lighter and darker grains on the ground.
pub(crate) fn speckle(canvas: &mut Canvas, dice: &mut Dice, top: f32, count: usize, ground: Ink) {
    for _ in 0..count {
        let y = dice.between_f32(top + 2.0, 482.0);
        let x = dice.between_f32(-10.0, 650.0);
        let ink = if dice.chance(0.5) { ground.lighter(0.35) } else { ground.darker(0.4) };
        canvas.rect(x, y, dice.between_f32(1.0, 3.5), 1.2, ink.thin(0.45));
    }
}

/// A housing estate: blocks behind, hedge and trees, a paved place from y 325 down.
pub(crate) fn estate(canvas: &mut Canvas, dice: &mut Dice) {
    sky(canvas, dice, 260.0);
    skyline(canvas, dice, 262.0, 90.0);
    let mut x = -20.0 - dice.between_f32(0.0, 50.0);
    while x < 640.0 {
        let width = dice.between_f32(150.0, 210.0);
        block(canvas, dice, x, width);
        x += width + dice.between_f32(24.0, 60.0);
    }
    let lawn = choose(dice, &LAWNS);
    canvas.rect_fade(-40.0, 292.0, 720.0, 40.0, (lawn.darker(0.18), lawn));
    for index in 0..7 {
        let x = index as f32 * 104.0 + dice.between_f32(-30.0, 30.0);
        if dice.chance(0.45) {
            let height = dice.between_f32(100.0, 150.0);
            tree(canvas, dice, (x, 318.0), height);
        } else {
            bush(canvas, dice, (x, 322.0), 46.0);
        }
    }
    canvas.rect(-40.0, 326.0, 720.0, 7.0, Ink::hex(0xB4B1A8));
    pavement(canvas, dice, 333.0, 500.0);
}

fn block(canvas: &mut Canvas, dice: &mut Dice, x: f32, width: f32) {
    let wall = choose(dice, &WALLS);
    let top = dice.between_f32(30.0, 90.0);
    canvas.rect_fade(x, top, width, 300.0 - top, (wall.lighter(0.1), wall.darker(0.08)));
    canvas.rect(x - 4.0, top - 6.0, width + 8.0, 8.0, wall.darker(0.3));
    let columns = 3;
    let step = width / columns as f32;
    let glass = Ink::hex(0x7E97A6);
    let mut y = top + 16.0;
    while y < 262.0 {
        for column in 0..columns {
            let left = x + column as f32 * step + step * 0.17;
            canvas.rect_fade(left, y, step * 0.66, 21.0, (glass.darker(0.15), glass.lighter(0.3)));
            canvas.rect(left - 3.0, y + 17.0, step * 0.66 + 6.0, 9.0, wall.lighter(0.4));
            canvas.rect(left + step * 0.33, y, 1.6, 20.0, wall.lighter(0.5));
        }
        y += 39.0;
    }
}

/// A park: a row of trees, lawn from y 250 down, a path across.
pub(crate) fn park(canvas: &mut Canvas, dice: &mut Dice) {
    sky(canvas, dice, 250.0);
    skyline(canvas, dice, 236.0, 70.0);
    let lawn = choose(dice, &LAWNS);
    for index in 0..9 {
        let x = index as f32 * 80.0 + dice.between_f32(-26.0, 26.0);
        let size = dice.between_f32(30.0, 54.0);
        let far = lawn.darker(dice.between_f32(0.2, 0.4)).mixed(Ink::hex(0x9FB7B4), 0.35);
        canvas.ellipse((x, 246.0 - size * 0.5), size * 1.1, size, far);
    }
    canvas.rect_fade(-40.0, 240.0, 720.0, 290.0, (lawn.darker(0.12), lawn.lighter(0.1)));
    for _ in 0..150 {
        let (x, y) = (dice.between_f32(0.0, 640.0), dice.between_f32(256.0, 478.0));
        let height = 3.0 + (y - 250.0) * 0.03;
        canvas.line((x, y), (x + 1.5, y - height), 1.3, lawn.darker(0.3).thin(0.5));
    }
    let path = Ink::hex(0xDCCFB6);
    let bend = dice.between_f32(-60.0, 60.0);
    canvas.fade(
        &[
            (300.0 + bend, 240.0),
            (322.0 + bend, 240.0),
            (470.0, 330.0),
            (690.0, 400.0),
            (690.0, 452.0),
            (400.0, 352.0),
        ],
        path.darker(0.1),
        path,
    );
    for x in [dice.between_f32(30.0, 110.0), dice.between_f32(520.0, 600.0)] {
        tree(canvas, dice, (x, 312.0), 190.0);
    }
    let bush_x = dice.between_f32(180.0, 260.0);
    bush(canvas, dice, (bush_x, 268.0), 44.0);
}

/// A road into the distance: it fills the lower half and meets the horizon at y 215.
pub(crate) fn road(canvas: &mut Canvas, dice: &mut Dice) {
    sky(canvas, dice, 215.0);
    skyline(canvas, dice, 217.0, 110.0);
    let verge = choose(dice, &LAWNS);
    canvas.rect_fade(-40.0, 213.0, 720.0, 320.0, (verge.darker(0.22), verge));
    let walk = choose(dice, &PAVINGS);
    let far = dice.between_f32(300.0, 340.0);
    canvas.fade(
        &[(far - 20.0, 214.0), (far + 20.0, 214.0), (1_000.0, 520.0), (-360.0, 520.0)],
        walk.darker(0.15),
        walk,
    );
    let tar = Ink::hex(0x7A7E84).mixed(Ink::hex(0x696F76), dice.between_f32(0.0, 1.0));
    canvas.fade(
        &[(far - 13.0, 214.0), (far + 13.0, 214.0), (790.0, 520.0), (-150.0, 520.0)],
        tar.lighter(0.2),
        tar.darker(0.08),
    );
    speckle(canvas, dice, 330.0, 160, tar);
    let white = Ink::hex(0xEFEDE4).thin(0.85);
    for (near, far_off) in [(-92.0, -11.0), (736.0, 11.0)] {
        canvas.fill(
            &[
                (far + far_off, 216.0),
                (far + far_off + 1.0, 216.0),
                (near + 12.0, 520.0),
                (near - 2.0, 520.0),
            ],
            white,
        );
    }
    for (near, far_away) in [(0.02, 0.06), (0.12, 0.2), (0.3, 0.43), (0.62, 0.86)] {
        let at =
            |t: f32, side: f32| -> Spot { (far + (320.0 - far) * t + side * t * 9.0, 214.0 + 300.0 * t) };
        canvas.fill(&[at(near, -1.0), at(near, 1.0), at(far_away, 1.0), at(far_away, -1.0)], white);
    }
    roadside(canvas, dice, far);
}

/// What stands along a road: trees, houses, or trees on one side and houses on the other.
fn roadside(canvas: &mut Canvas, dice: &mut Dice, far: f32) {
    for (side, houses) in [(-1.0, dice.chance(0.45)), (1.0, dice.chance(0.3))] {
        if houses {
            house_row(canvas, dice, far, side);
        }
        let depths: &[f32] = if houses { &[0.1, 0.21] } else { &[0.08, 0.14, 0.23, 0.37] };
        for depth in depths {
            let foot = (far + side * (26.0 + 640.0 * depth), 214.0 + 215.0 * depth);
            if foot.0 > -60.0 && foot.0 < 700.0 {
                tree(canvas, dice, foot, 60.0 + 340.0 * depth);
            }
        }
    }
}

/// House fronts along one side of a road, getting smaller towards the horizon.
fn house_row(canvas: &mut Canvas, dice: &mut Dice, far: f32, side: f32) {
    let at = |depth: f32, up: f32| -> Spot {
        let scale = depth * depth * 0.7 + depth * 0.3;
        (far + side * (44.0 + 330.0 * scale), 214.0 + 112.0 * scale - up * (0.12 + scale))
    };
    for house in 0..4 {
        let (from, to) = (house as f32 * 0.26, (house + 1) as f32 * 0.26);
        let wall = choose(dice, &WALLS).darker(0.08);
        let height = dice.between_f32(190.0, 290.0);
        let front = [at(from, 0.0), at(to, 0.0), at(to, height), at(from, height)];
        canvas.fade(&front, wall.lighter(0.1), wall.darker(0.1));
        let shop = choose(dice, &SIGNS);
        canvas.fill(&[at(from, 42.0), at(to, 42.0), at(to, 58.0), at(from, 58.0)], shop);
        canvas
            .fill(&[at(from, 4.0), at(to, 4.0), at(to, 42.0), at(from, 42.0)], Ink::hex(0x6E828C).thin(0.8));
        let mut floor = 76.0;
        while floor + 30.0 < height {
            for window in 0..3 {
                let (left, right) =
                    (from + 0.03 + window as f32 * 0.075, from + 0.075 + window as f32 * 0.075);
                let glass =
                    [at(left, floor), at(right, floor), at(right, floor + 26.0), at(left, floor + 26.0)];
                canvas.fill(&glass, Ink::hex(0x6F8CA0).lighter(0.15));
            }
            floor += 46.0;
        }
    }
}
