//! Scenes on the ground: roads, shafts, water, lanes.

use super::Stage;
use super::backdrop::{choose, estate, road};
use super::canvas::{Canvas, Spot, ring};
use super::ink::{Ink, SHADOW};
use super::props::{bicycle, car, cone, litter, lump};
use crate::dice::Dice;

/// 道路破损.
pub(super) fn pothole(stage: &mut Stage) {
    road(&mut stage.canvas, &mut stage.place);
    let (canvas, dice) = (&mut stage.canvas, &mut stage.trouble);
    let middle = (dice.between_f32(250.0, 390.0), dice.between_f32(372.0, 396.0));
    let (wide, high) = (dice.between_f32(140.0, 190.0), dice.between_f32(46.0, 62.0));
    if !stage.before {
        let lean = wide * 0.16;
        let (x, y) = middle;
        let patch = [
            (x - wide, y - high),
            (x + wide, y - high),
            (x + wide + lean, y + high),
            (x - wide - lean, y + high),
        ];
        canvas.fade(&patch, Ink::hex(0x686D73), Ink::hex(0x5F646A));
        canvas.strokes(&[patch[0], patch[1], patch[2], patch[3], patch[0]], 2.5, Ink::hex(0x4A4F55));
        return;
    }
    let black = Ink::hex(0x3C3B3A);
    for _ in 0..11 {
        crack(canvas, dice, middle, wide, high, black);
    }
    canvas.fill(&lump(dice, middle, wide * 1.08, high * 1.12, 0.12), Ink::hex(0xB4AEA0));
    canvas.fade(&lump(dice, middle, wide, high, 0.13), Ink::hex(0x352E27), Ink::hex(0x6E5C46));
    canvas.fade(
        &lump(dice, (middle.0 + wide * 0.08, middle.1 + high * 0.2), wide * 0.55, high * 0.42, 0.1),
        Ink::hex(0xA8B7BD),
        Ink::hex(0x7D8C92),
    );
    for _ in 0..46 {
        let angle = dice.between_f32(0.0, 6.3);
        let reach = dice.between_f32(0.55, 1.35);
        let place = (middle.0 + angle.cos() * wide * reach, middle.1 + angle.sin() * high * reach);
        let size = dice.between_f32(3.0, 9.0);
        let stone = Ink::hex(0x8C877E).mixed(Ink::hex(0x5C5853), dice.between_f32(0.0, 1.0));
        canvas.fill(&lump(dice, place, size, size * 0.6, 0.2), stone);
    }
    cone(canvas, (middle.0 - wide - 42.0, middle.1 + 22.0), 84.0);
    cone(canvas, (middle.0 + wide * 0.8, middle.1 - high - 6.0), 62.0);
}

/// A crack running outwards.
fn crack(canvas: &mut Canvas, dice: &mut Dice, middle: Spot, wide: f32, high: f32, ink: Ink) {
    let angle = dice.between_f32(0.0, 6.3);
    let mut places = Vec::new();
    for step in 0..6 {
        let reach = 0.9 + step as f32 * 0.15;
        let bend = angle + dice.between_f32(-0.12, 0.12);
        places.push((middle.0 + bend.cos() * wide * reach, middle.1 + bend.sin() * high * reach * 1.15));
    }
    canvas.strokes(&places, 3.2, ink);
}

/// 井盖缺失.
pub(super) fn manhole(stage: &mut Stage) {
    road(&mut stage.canvas, &mut stage.place);
    let (canvas, dice) = (&mut stage.canvas, &mut stage.trouble);
    let middle = (dice.between_f32(250.0, 390.0), dice.between_f32(372.0, 394.0));
    let (wide, high) = (112.0, 45.0);
    canvas.ellipse(middle, wide * 1.16, high * 1.18, Ink::hex(0x8F9092));
    canvas.ellipse(middle, wide * 1.05, high * 1.06, Ink::hex(0x4D5154));
    if !stage.before {
        cover(canvas, middle, wide, high);
        return;
    }
    canvas.ellipse_fade(middle, wide, high, (Ink::hex(0x0E1013), Ink::hex(0x3A3733)));
    canvas.ellipse((middle.0, middle.1 + high * 0.26), wide * 0.84, high * 0.68, Ink::hex(0x0A0B0D));
    for step in 0..3 {
        let y = middle.1 - high * 0.5 + step as f32 * 15.0;
        canvas.line((middle.0 - 24.0, y), (middle.0 + 24.0, y), 3.5, Ink::hex(0x6E6257));
    }
    let side = if middle.0 > 320.0 { -1.0 } else { 1.0 };
    let aside = (middle.0 + side * 205.0, middle.1 + 28.0);
    canvas.ellipse((aside.0 + 5.0, aside.1 + 12.0), wide * 0.9, high * 0.95, SHADOW.thin(0.4));
    canvas.ellipse((aside.0, aside.1 + 7.0), wide * 0.86, high * 0.9, Ink::hex(0x3B3E41));
    cover(canvas, aside, wide * 0.86, high * 0.9);
    canvas.line(
        (aside.0 - side * 20.0, aside.1 - 34.0),
        (aside.0 - side * 62.0, aside.1 + 26.0),
        4.0,
        Ink::hex(0x2A2C2E),
    );
    cone(canvas, (middle.0 - side * 178.0, middle.1 + 30.0), 92.0);
    cone(canvas, (middle.0 - side * 60.0, middle.1 - 46.0), 64.0);
}

/// A shaft cover with its pattern.
fn cover(canvas: &mut Canvas, middle: Spot, wide: f32, high: f32) {
    canvas.ellipse_fade(middle, wide, high, (Ink::hex(0x8C9194), Ink::hex(0x6C7174)));
    for share in [0.84, 0.54, 0.26] {
        canvas.ellipse(middle, wide * share, high * share, Ink::hex(0x595E61));
        canvas.ellipse(middle, wide * (share - 0.06), high * (share - 0.06), Ink::hex(0x83888B));
    }
    for (x, y) in ring(middle, wide * 0.7, high * 0.7).into_iter().step_by(3) {
        canvas.ellipse((x, y), 6.0, 2.8, Ink::hex(0x52575A));
    }
}

/// 道路积水.
pub(super) fn flood(stage: &mut Stage) {
    road(&mut stage.canvas, &mut stage.place);
    let (canvas, dice) = (&mut stage.canvas, &mut stage.trouble);
    let length = dice.between_f32(150.0, 200.0);
    let foot = (dice.between_f32(215.0, 300.0), 345.0);
    if !stage.before {
        canvas.fill(&lump(dice, (330.0, 400.0), 250.0, 62.0, 0.08), Ink::hex(0x4A5058).thin(0.32));
        canvas.ellipse((250.0, 398.0), 70.0, 6.0, Ink::hex(0xDDE7EA).thin(0.3));
        canvas.rect(470.0, 436.0, 84.0, 20.0, Ink::hex(0x3F4549));
        for bar in 0..8 {
            canvas.rect(475.0 + bar as f32 * 10.0, 439.0, 4.0, 14.0, Ink::hex(0x95A0A5));
        }
        return;
    }
    car(canvas, dice, foot, length);
    let water = (Ink::hex(0xC4D8E0).thin(0.93), Ink::hex(0x6D8C9C).thin(0.96));
    let mut edge =
        vec![(-60.0, 345.0), (60.0, 330.0), (200.0, 326.0), (360.0, 327.0), (520.0, 333.0), (700.0, 348.0)];
    for corner in &mut edge {
        corner.1 += dice.between_f32(-5.0, 5.0);
    }
    edge.extend([(700.0, 470.0), (560.0, 492.0), (300.0, 486.0), (90.0, 494.0), (-60.0, 474.0)]);
    canvas.fade(&edge, water.0, water.1);
    canvas.rect_fade(
        foot.0 - length * 0.4,
        348.0,
        length * 0.8,
        30.0,
        (Ink::hex(0x3D5562).thin(0.45), Ink::hex(0x3D5562).thin(0.0)),
    );
    for _ in 0..34 {
        let (x, y) = (dice.between_f32(0.0, 640.0), dice.between_f32(345.0, 470.0));
        let reach = dice.between_f32(12.0, 46.0);
        canvas.ellipse((x, y), reach, 1.7, Ink::hex(0xF4FAFB).thin(0.5));
    }
    for reach in [30.0, 52.0] {
        canvas.ellipse((foot.0 + length * 0.3, 350.0), reach, reach * 0.14, Ink::hex(0xFFFFFF).thin(0.3));
    }
    litter(canvas, dice, (380.0, 380.0), (580.0, 450.0), 5);
}

/// 道路不洁.
pub(super) fn dirty_road(stage: &mut Stage) {
    road(&mut stage.canvas, &mut stage.place);
    let (canvas, dice) = (&mut stage.canvas, &mut stage.trouble);
    if !stage.before {
        for _ in 0..5 {
            let x = dice.between_f32(140.0, 500.0);
            canvas.ellipse((x, dice.between_f32(350.0, 450.0)), 90.0, 5.0, Ink::hex(0xFFFFFF).thin(0.1));
        }
        return;
    }
    let mud = Ink::hex(0x8B6B45);
    for lane in [190.0, 420.0] {
        let middle = 320.0 + (lane - 320.0) * 0.25;
        canvas.fade(
            &[(middle - 5.0, 262.0), (middle + 5.0, 262.0), (lane + 46.0, 490.0), (lane - 34.0, 490.0)],
            mud.thin(0.35),
            mud.thin(0.9),
        );
    }
    for _ in 0..16 {
        let y = dice.between_f32(320.0, 460.0);
        let size = (y - 280.0) * 0.2;
        let place = (dice.between_f32(90.0, 560.0), y);
        canvas.fill(&lump(dice, place, size, size * 0.36, 0.2), mud.darker(0.12).thin(0.85));
    }
    for _ in 0..110 {
        let y = dice.between_f32(300.0, 470.0);
        let size = 2.0 + (y - 280.0) * 0.025;
        let leaf = choose(dice, &[0xC58A3A, 0xA8652E, 0xD5B05A, 0x7C5A34]);
        let place = (dice.between_f32(10.0, 630.0), y);
        canvas.fill(&lump(dice, place, size * 1.5, size * 0.8, 0.25), leaf);
    }
    litter(canvas, dice, (80.0, 350.0), (560.0, 460.0), 18);
}

/// 占用消防通道.
pub(super) fn fire_lane(stage: &mut Stage) {
    estate(&mut stage.canvas, &mut stage.place);
    let (canvas, dice) = (&mut stage.canvas, &mut stage.trouble);
    canvas.fade(
        &[(-60.0, 372.0), (700.0, 372.0), (760.0, 474.0), (-120.0, 474.0)],
        Ink::hex(0x767B80),
        Ink::hex(0x686D72),
    );
    let yellow = Ink::hex(0xF2C230);
    for stripe in -3..18 {
        let x = stripe as f32 * 44.0;
        canvas.fill(&[(x, 380.0), (x + 12.0, 380.0), (x - 26.0, 466.0), (x - 40.0, 466.0)], yellow);
    }
    for y in [374.0, 464.0] {
        canvas.rect(-50.0, y, 740.0, 8.0, yellow);
    }
    if stage.before {
        let x = dice.between_f32(165.0, 205.0);
        car(canvas, dice, (x, 452.0), 282.0);
        let second = x + dice.between_f32(285.0, 310.0);
        car(canvas, dice, (second, 450.0), 268.0);
        bicycle(canvas, dice, (x + 150.0, 474.0), 0.7, 0.1);
    }
}
