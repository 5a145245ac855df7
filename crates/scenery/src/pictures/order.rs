//! Scenes of street order in front of shops.

use super::Stage;
use super::backdrop::{choose, shops};
use super::canvas::{Canvas, Spot};
use super::ink::{Ink, SHADOW};
use super::props::{bicycle, carton, litter, scooter};
use crate::dice::Dice;

const FRUIT: [u32; 6] = [0xD9483B, 0xF0A330, 0x7FA843, 0xE8C63F, 0x8C4F8F, 0xD97A4A];

/// 非机动车乱停放.
pub(super) fn bicycles(stage: &mut Stage) {
    shops(&mut stage.canvas, &mut stage.place);
    let (canvas, dice) = (&mut stage.canvas, &mut stage.trouble);
    if stage.before {
        let mut places: Vec<(Spot, f32)> = (0..9)
            .map(|i| {
                let x = 30.0 + i as f32 * 72.0 + dice.between_f32(-20.0, 20.0);
                let angle =
                    if i % 3 == 1 { dice.between_f32(0.9, 1.4) } else { dice.between_f32(-0.5, 0.35) };
                ((x, dice.between_f32(386.0, 468.0)), angle)
            })
            .collect();
        places.sort_by(|a, b| a.0.1.total_cmp(&b.0.1));
        for (index, (foot, angle)) in places.into_iter().enumerate() {
            let size = 0.8 + (foot.1 - 380.0) / 190.0;
            if index % 3 == 2 {
                scooter(canvas, dice, foot, size, angle * 0.5);
            } else {
                bicycle(canvas, dice, foot, size, angle);
            }
        }
        return;
    }
    let white = Ink::hex(0xFAF8F0);
    canvas
        .fill(&[(40.0, 352.0), (600.0, 352.0), (616.0, 404.0), (24.0, 404.0)], Ink::hex(0x8FA7B3).thin(0.35));
    canvas.strokes(
        &[(40.0, 352.0), (600.0, 352.0), (616.0, 404.0), (24.0, 404.0), (40.0, 352.0)],
        4.5,
        white,
    );
    for index in 1..8 {
        let x = 40.0 + index as f32 * 70.0;
        canvas.line((x, 352.0), (x + (x - 320.0) * 0.055, 404.0), 3.0, white.thin(0.8));
    }
    for index in 0..8 {
        let x = 75.0 + index as f32 * 70.0;
        bicycle(canvas, dice, (x, 394.0), 0.56, 0.0);
    }
}

/// A crate with goods in heaps.
fn crate_of(canvas: &mut Canvas, dice: &mut Dice, foot: Spot, width: f32) {
    let (x, y) = (foot.0 - width / 2.0, foot.1);
    let goods = choose(dice, &FRUIT);
    for row in 0..3 {
        for column in 0..5 {
            let place = (x + width * (0.14 + column as f32 * 0.18), y - width * (0.3 + row as f32 * 0.09));
            canvas.ellipse(place, width * 0.105, width * 0.1, goods.darker(0.12 * row as f32));
        }
    }
    let wood = Ink::hex(0xC39A63);
    canvas.rect_fade(x, y - width * 0.32, width, width * 0.32, (wood, wood.darker(0.2)));
    canvas.rect(x, y - width * 0.2, width, 2.5, wood.darker(0.4));
}

/// A table with three crates on it.
fn stall(canvas: &mut Canvas, dice: &mut Dice, foot: Spot, width: f32) {
    let (x, y) = foot;
    canvas.ellipse((x + 8.0, y), width * 0.56, 9.0, SHADOW);
    for leg in [-0.44, 0.44] {
        canvas.line((x + width * leg, y), (x + width * leg, y - 46.0), 5.0, Ink::hex(0x5B5148));
    }
    canvas.rect(x - width / 2.0, y - 50.0, width, 8.0, Ink::hex(0x8A6A4A));
    canvas.rect(
        x - width / 2.0,
        y - 44.0,
        width,
        22.0,
        choose(dice, &[0x2F6FA6, 0xB5473C, 0x3F8F74]).thin(0.85),
    );
    for index in 0..3 {
        crate_of(canvas, dice, (x + (index as f32 - 1.0) * width * 0.32, y - 48.0), width * 0.3);
    }
}

fn parasol(canvas: &mut Canvas, foot: Spot, size: f32, ink: Ink) {
    let (x, y) = foot;
    canvas.ellipse((x + 10.0, y), size * 0.5, 8.0, SHADOW);
    canvas.line((x, y), (x, y - size * 1.36), 5.0, Ink::hex(0x8B8F92));
    let top = (x, y - size * 1.6);
    for panel in 0..6 {
        let left = x - size + panel as f32 * size / 3.0;
        let edge = |px: f32| y - size * 1.16 - ((px - x) / size).powi(2) * -12.0;
        let shade = if panel % 2 == 0 { ink } else { Ink::hex(0xF7F1E4) };
        canvas.fill(&[top, (left, edge(left)), (left + size / 3.0, edge(left + size / 3.0))], shade);
    }
}

/// A rail with clothes.
fn clothes(canvas: &mut Canvas, dice: &mut Dice, foot: Spot, width: f32) {
    let (x, y) = foot;
    let steel = Ink::hex(0x9AA1A6);
    for side in [0.0, width] {
        canvas.line((x + side, y), (x + side, y - 120.0), 4.5, steel);
    }
    canvas.line((x, y - 118.0), (x + width, y - 118.0), 4.5, steel);
    for index in 0..(width / 24.0) as usize {
        let left = x + 8.0 + index as f32 * 23.0;
        let cloth = choose(dice, &[0xC2605A, 0x5B86A8, 0xD9B25C, 0x7C9A74, 0x9A7BA6, 0x46525C]);
        canvas.fade(
            &[
                (left + 4.0, y - 112.0),
                (left + 16.0, y - 112.0),
                (left + 22.0, y - 98.0),
                (left + 20.0, y - 38.0),
                (left, y - 38.0),
                (left - 2.0, y - 98.0),
            ],
            cloth.lighter(0.15),
            cloth,
        );
    }
}

/// 店外经营.
pub(super) fn shop_overflow(stage: &mut Stage) {
    shops(&mut stage.canvas, &mut stage.place);
    let (canvas, dice) = (&mut stage.canvas, &mut stage.trouble);
    canvas.rect(-40.0, 350.0, 720.0, 5.0, Ink::hex(0xF0C23A));
    if !stage.before {
        for x in [34.0, 590.0] {
            canvas.fade(
                &[(x - 24.0, 352.0), (x + 24.0, 352.0), (x + 17.0, 392.0), (x - 17.0, 392.0)],
                Ink::hex(0xB9694A),
                Ink::hex(0x97513A),
            );
            super::props::bush(canvas, dice, (x, 356.0), 66.0);
        }
        return;
    }
    let ink = choose(dice, &[0xC8483C, 0x2F6FA6, 0x3F8F5C]);
    let (rail, table) = (dice.between_f32(390.0, 420.0), dice.between_f32(250.0, 280.0));
    clothes(canvas, dice, (rail, 424.0), 190.0);
    stall(canvas, dice, (135.0, 424.0), 216.0);
    parasol(canvas, (160.0, 428.0), 150.0, ink);
    stall(canvas, dice, (table, 462.0), 236.0);
    for (x, y) in [(440.0, 466.0), (512.0, 458.0), (580.0, 468.0), (490.0, 430.0)] {
        carton(canvas, (x, y), 58.0, 44.0, dice.chance(0.5));
    }
    for x in [40.0, 82.0] {
        canvas.round_rect(x, 436.0, 32.0, 28.0, 5.0, Ink::hex(0xD6533F));
        canvas.ellipse((x + 16.0, 437.0), 16.0, 5.0, Ink::hex(0xE97B62));
    }
    litter(canvas, dice, (60.0, 440.0), (580.0, 472.0), 10);
}

/// 无照游商.
pub(super) fn vendor(stage: &mut Stage) {
    shops(&mut stage.canvas, &mut stage.place);
    let (canvas, dice) = (&mut stage.canvas, &mut stage.trouble);
    if !stage.before {
        return;
    }
    let x = dice.between_f32(220.0, 400.0);
    let y = 448.0;
    let body = choose(dice, &[0x3F7FA6, 0xB5473C, 0x4B8A63]);
    canvas.ellipse((x + 12.0, y), 190.0, 14.0, SHADOW);
    for side in [-1.0, 1.0] {
        canvas.line((x + side * 118.0, y - 96.0), (x + side * 118.0, y - 250.0), 6.0, Ink::hex(0x8B8F92));
    }
    for strip in 0..8 {
        let left = x - 168.0 + strip as f32 * 42.0;
        let shade = if strip % 2 == 0 { body.lighter(0.1) } else { Ink::hex(0xF5EEDD) };
        canvas.fill(
            &[
                (left + 10.0, y - 290.0),
                (left + 52.0, y - 290.0),
                (left + 42.0, y - 240.0),
                (left + 21.0, y - 230.0),
                (left, y - 240.0),
            ],
            shade,
        );
    }
    canvas.rect_fade(x - 160.0, y - 112.0, 300.0, 78.0, (body, body.darker(0.2)));
    for index in 0..4 {
        crate_of(canvas, dice, (x - 122.0 + index as f32 * 74.0, y - 110.0), 68.0);
    }
    for wheel in [-104.0, 92.0] {
        canvas.hoop((x + wheel, y - 32.0), 30.0, 7.0, Ink::hex(0x2B2F33));
        canvas.ellipse((x + wheel, y - 32.0), 7.0, 7.0, Ink::hex(0x9AA1A6));
    }
    canvas.line((x + 138.0, y - 84.0), (x + 196.0, y - 110.0), 7.0, Ink::hex(0x4A4F54));
    for (dx, width) in [(-230.0, 62.0), (214.0, 66.0)] {
        crate_of(canvas, dice, (x + dx, y + 10.0), width);
    }
    litter(canvas, dice, (x - 220.0, y - 4.0), (x + 220.0, y + 22.0), 16);
}
