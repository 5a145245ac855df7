//! Scenes of litter and greenery.

use super::Stage;
use super::backdrop::{choose, estate, park, shops};
use super::canvas::{Canvas, Spot};
use super::ink::{Ink, SHADOW};
use super::props::{bag, bench, bush, carton, litter, lump, turned};
use crate::dice::Dice;

/// A wheeled bin; with `open` its lid stands up and it is too full.
fn wheeled_bin(canvas: &mut Canvas, dice: &mut Dice, foot: Spot, ink: Ink, open: bool) {
    let (x, y) = foot;
    canvas.ellipse((x + 8.0, y), 46.0, 9.0, SHADOW);
    if open {
        canvas.fill(
            &[(x - 38.0, y - 118.0), (x + 34.0, y - 122.0), (x + 44.0, y - 168.0), (x - 30.0, y - 166.0)],
            ink.darker(0.3),
        );
        for (dx, dy) in [(-22.0, -108.0), (16.0, -110.0), (-2.0, -122.0)] {
            let shade = choose(dice, &[0x2B2E33, 0xE9E6DD, 0x5B7FA6]);
            bag(canvas, dice, (x + dx, y + dy + 26.0), 46.0, shade);
        }
    }
    canvas.fade(
        &[(x - 38.0, y - 112.0), (x + 38.0, y - 112.0), (x + 31.0, y - 6.0), (x - 31.0, y - 6.0)],
        ink.lighter(0.14),
        ink.darker(0.16),
    );
    canvas.rect(x - 41.0, y - 116.0, 82.0, 9.0, ink.darker(0.2));
    if !open {
        canvas.fill(
            &[(x - 42.0, y - 114.0), (x + 42.0, y - 114.0), (x + 34.0, y - 130.0), (x - 32.0, y - 130.0)],
            ink.lighter(0.2),
        );
    }
    canvas.rect(x - 14.0, y - 78.0, 28.0, 28.0, Ink::hex(0xF4F4EC).thin(0.85));
    canvas.fill(&[(x, y - 74.0), (x + 10.0, y - 56.0), (x - 10.0, y - 56.0)], ink);
    for wheel in [-24.0, 24.0] {
        canvas.ellipse((x + wheel, y - 5.0), 8.0, 8.0, Ink::hex(0x24282B));
    }
}

/// 暴露垃圾.
pub(super) fn garbage(stage: &mut Stage) {
    if stage.place.chance(0.5) {
        estate(&mut stage.canvas, &mut stage.place);
    } else {
        shops(&mut stage.canvas, &mut stage.place);
    }
    let (canvas, dice) = (&mut stage.canvas, &mut stage.trouble);
    let left = dice.between_f32(96.0, 150.0);
    let inks = [Ink::hex(0x3F7F5B), Ink::hex(0x3B6EA5), Ink::hex(0x6C7278)];
    for (index, ink) in inks.into_iter().enumerate() {
        wheeled_bin(canvas, dice, (left + index as f32 * 92.0, 424.0), ink, stage.before && index != 1);
    }
    if !stage.before {
        canvas.ellipse((left + 210.0, 452.0), 190.0, 10.0, Ink::hex(0xFFFFFF).thin(0.14));
        return;
    }
    let middle = left + dice.between_f32(190.0, 250.0);
    canvas.fill(&lump(dice, (middle, 456.0), 230.0, 20.0, 0.1), Ink::hex(0x4A4335).thin(0.4));
    for (count, y, spread) in [(6, 408.0, 120.0), (8, 434.0, 175.0), (9, 462.0, 215.0)] {
        for index in 0..count {
            let share = index as f32 / (count - 1) as f32 * 2.0 - 1.0;
            let place =
                (middle + share * spread + dice.between_f32(-10.0, 10.0), y + dice.between_f32(-6.0, 6.0));
            match dice.below(9) {
                0 | 1 => carton(canvas, place, dice.between_f32(50.0, 70.0), 44.0, dice.chance(0.5)),
                n => {
                    let ink = Ink::hex(
                        [0x2B2E33, 0xEDEAE0, 0x35383E, 0xB9463C, 0x4D7FB0, 0x8FA38A, 0xE6D9B8][n - 2],
                    );
                    let size = dice.between_f32(54.0, 80.0);
                    bag(canvas, dice, place, size, ink);
                }
            }
        }
    }
    litter(canvas, dice, (middle - 230.0, 440.0), (middle + 230.0, 474.0), 26);
}

/// 绿地脏乱.
pub(super) fn green(stage: &mut Stage) {
    park(&mut stage.canvas, &mut stage.place);
    let (canvas, dice) = (&mut stage.canvas, &mut stage.trouble);
    if !stage.before {
        for row in 0..5 {
            let y = 296.0 + row as f32 * 38.0;
            canvas.rect(-40.0, y, 460.0 - row as f32 * 8.0, 17.0 + row as f32, Ink::hex(0xE8F5C8).thin(0.16));
        }
        let bed = (dice.between_f32(150.0, 210.0), 410.0);
        canvas.ellipse(bed, 118.0, 34.0, Ink::hex(0x7A5B40));
        for index in 0..60 {
            let (angle, reach) = (dice.between_f32(0.0, 6.3), dice.between_f32(0.1, 0.92));
            let place = (bed.0 + angle.cos() * 108.0 * reach, bed.1 - 5.0 + angle.sin() * 28.0 * reach);
            canvas.ellipse((place.0, place.1 + 5.0), 6.0, 4.0, Ink::hex(0x4F8A4C));
            let petal = [0xE8577A, 0xF4C542, 0xF7F3EA][index % 3];
            canvas.ellipse(place, 6.0, 5.0, Ink::hex(petal));
        }
        return;
    }
    for _ in 0..7 {
        let y = dice.between_f32(300.0, 450.0);
        let size = (y - 220.0) * 0.4;
        let place = (dice.between_f32(20.0, 420.0), y);
        canvas.fill(&lump(dice, place, size, size * 0.3, 0.18), Ink::hex(0x9C7B50));
        canvas.fill(
            &lump(dice, (place.0 + 6.0, place.1 + 3.0), size * 0.7, size * 0.2, 0.2),
            Ink::hex(0x84653F),
        );
    }
    for _ in 0..26 {
        let (x, y) = (dice.between_f32(0.0, 460.0), dice.between_f32(310.0, 470.0));
        for blade in -2..=2 {
            let tip = (x + blade as f32 * 8.0, y - dice.between_f32(14.0, 32.0));
            canvas.line((x, y), tip, 2.4, Ink::hex(0xA59A4B));
        }
    }
    for _ in 0..6 {
        let place = (dice.between_f32(40.0, 420.0), dice.between_f32(360.0, 460.0));
        let ink = choose(dice, &[0x2B2E33, 0xEDEAE0, 0xB9463C]);
        bag(canvas, dice, place, 58.0, ink);
    }
    litter(canvas, dice, (20.0, 320.0), (470.0, 465.0), 60);
}

/// 果皮箱.
pub(super) fn litter_bin(stage: &mut Stage) {
    if stage.place.chance(0.5) {
        park(&mut stage.canvas, &mut stage.place);
    } else {
        shops(&mut stage.canvas, &mut stage.place);
    }
    let (canvas, dice) = (&mut stage.canvas, &mut stage.trouble);
    let foot = (dice.between_f32(270.0, 370.0), 446.0);
    let lean = if stage.before { dice.between_f32(0.16, 0.24) } else { 0.0 };
    let place = |x: f32, y: f32, w: f32, h: f32| {
        turned(&[(x, y), (x + w, y), (x + w, y + h), (x, y + h)], lean, foot)
    };
    canvas.ellipse((foot.0 + 14.0, foot.1 + 2.0), 124.0, 13.0, SHADOW);
    let steel = Ink::hex(0x59636B);
    canvas.fill(&place(-104.0, -200.0, 10.0, 202.0), steel);
    canvas.fill(&place(94.0, -200.0, 10.0, 202.0), steel);
    for (x, ink) in [(-90.0, 0x3B6EA5), (4.0, 0x6C7278)] {
        let ink = Ink::hex(ink);
        canvas.fade(&place(x, -170.0, 86.0, 150.0), ink.lighter(0.15), ink.darker(0.1));
        canvas.fill(&place(x + 12.0, -152.0, 62.0, 26.0), Ink::hex(0x1D2226));
        canvas.fill(&place(x + 26.0, -96.0, 34.0, 34.0), Ink::hex(0xF2F2EA).thin(0.9));
    }
    canvas.fill(&place(-112.0, -208.0, 224.0, 16.0), steel.darker(0.25));
    if !stage.before {
        return;
    }
    for x in [-60.0, 20.0, 50.0] {
        let at = turned(&[(x, -124.0)], lean, foot)[0];
        let ink = choose(dice, &[0xEDEAE0, 0xE7C54F, 0xB9463C]);
        bag(canvas, dice, at, 44.0, ink);
    }
    for _ in 0..9 {
        let at = (foot.0 + dice.between_f32(-190.0, 190.0), foot.1 + dice.between_f32(-12.0, 22.0));
        let ink = choose(dice, &[0x2B2E33, 0xEDEAE0, 0x4D7FB0, 0xB9463C]);
        let size = dice.between_f32(40.0, 62.0);
        bag(canvas, dice, at, size, ink);
    }
    litter(canvas, dice, (foot.0 - 240.0, 420.0), (foot.0 + 240.0, 472.0), 38);
}

/// 座椅破损.
pub(super) fn bench_scene(stage: &mut Stage) {
    park(&mut stage.canvas, &mut stage.place);
    let (canvas, dice) = (&mut stage.canvas, &mut stage.trouble);
    let foot = (dice.between_f32(250.0, 330.0), 440.0);
    canvas.ellipse((foot.0, 446.0), 250.0, 24.0, Ink::hex(0xD9CDB6));
    bush(canvas, dice, (foot.0 - 216.0, 424.0), 84.0);
    bench(canvas, foot, 300.0, stage.before);
    if stage.before {
        for (x, angle) in [(-70.0, 0.15), (60.0, -0.3), (130.0, 0.5)] {
            let plank = [(-58.0, -7.0), (46.0, -7.0), (58.0, 7.0), (-50.0, 7.0)];
            canvas.fill(&turned(&plank, angle, (foot.0 + x, foot.1 + 18.0)), Ink::hex(0x8C6139));
        }
        litter(canvas, dice, (foot.0 - 200.0, 430.0), (foot.0 + 200.0, 470.0), 14);
    }
}
