//! Scenes under a roof: a stairwell, a market hall, a washroom.

use super::Stage;
use super::backdrop::choose;
use super::canvas::{Canvas, Spot};
use super::ink::{Ink, SHADOW};
use super::props::{bag, bicycle, carton, litter, lump};
use crate::dice::Dice;

/// A room with one vanishing point: back wall 200..440 × 110..300.
fn room(canvas: &mut Canvas, wall: Ink, floor: Ink) {
    canvas.rect(-40.0, -40.0, 720.0, 580.0, wall.lighter(0.3));
    canvas.fade(
        &[(-60.0, -60.0), (200.0, 110.0), (200.0, 300.0), (-60.0, 520.0)],
        wall.lighter(0.05),
        wall.darker(0.12),
    );
    canvas.fade(
        &[(700.0, -60.0), (440.0, 110.0), (440.0, 300.0), (700.0, 520.0)],
        wall.darker(0.04),
        wall.darker(0.2),
    );
    canvas.rect_fade(200.0, 110.0, 240.0, 190.0, (wall.lighter(0.18), wall));
    canvas.fade(
        &[(200.0, 300.0), (440.0, 300.0), (720.0, 540.0), (-80.0, 540.0)],
        floor.darker(0.14),
        floor.lighter(0.1),
    );
}

/// Joints of floor tiles towards the vanishing point.
fn tiles(canvas: &mut Canvas, ink: Ink) {
    for column in -7..=7 {
        let x = 320.0 + column as f32 * 34.0;
        canvas.line((x, 300.0), (320.0 + column as f32 * 112.0, 540.0), 1.5, ink);
    }
    let mut y = 306.0;
    let mut step = 9.0;
    while y < 500.0 {
        canvas.rect(-60.0, y, 760.0, 1.5, ink);
        y += step;
        step *= 1.35;
    }
}

/// 楼道堆物.
pub(super) fn stairs(stage: &mut Stage) {
    let (canvas, place) = (&mut stage.canvas, &mut stage.place);
    let wall = choose(place, &[0xDDE3DC, 0xE4DDD0, 0xD5DEE4, 0xE3D8D8]);
    room(canvas, wall, Ink::hex(0xB9B4AA));
    canvas.fill(
        &[(-60.0, 250.0), (200.0, 216.0), (200.0, 300.0), (-60.0, 520.0)],
        choose(place, &[0x7FA894, 0x8FA7C0, 0xA99A86]).thin(0.6),
    );
    canvas.rect_fade(226.0, 128.0, 80.0, 82.0, (Ink::hex(0xEAF4F8), Ink::hex(0xCFE3EA)));
    canvas.rect(263.0, 128.0, 5.0, 82.0, Ink::hex(0x9AA4A8));
    canvas.rect(226.0, 166.0, 80.0, 4.0, Ink::hex(0x9AA4A8));
    for step in 0..8 {
        let (share, next) = (step as f32 / 8.0, (step + 1) as f32 / 8.0);
        let (near, far) =
            ((690.0 - 250.0 * share, 500.0 - 330.0 * share), (690.0 - 250.0 * next, 500.0 - 330.0 * next));
        let left = 470.0 - 120.0 * share;
        canvas.fill(
            &[(left, near.1), (near.0 + 60.0, near.1), (near.0 + 60.0, near.1 - 26.0), (left, near.1 - 26.0)],
            Ink::hex(0xA29D94).lighter(0.04 * step as f32),
        );
        canvas.fill(
            &[
                (left, near.1 - 26.0),
                (near.0 + 60.0, near.1 - 26.0),
                (far.0 + 60.0, far.1),
                (left - 15.0, far.1),
            ],
            Ink::hex(0xC9C4BA),
        );
    }
    canvas.line((476.0, 420.0), (352.0, 84.0), 7.0, Ink::hex(0x8A4B3A));
    for post in 0..7 {
        let share = post as f32 / 6.0;
        let top = (476.0 - 124.0 * share, 420.0 - 336.0 * share);
        canvas.line(top, (top.0, top.1 + 74.0 - 34.0 * share), 3.5, Ink::hex(0x5E6569));
    }
    let door = choose(place, &[0x8C5A3C, 0x6B7280, 0x7A3F36]);
    canvas.fade(
        &[(20.0, 60.0), (140.0, 130.0), (140.0, 352.0), (20.0, 452.0)],
        door.lighter(0.08),
        door.darker(0.12),
    );
    canvas.ellipse((122.0, 246.0), 5.0, 7.0, Ink::hex(0xE3D39A));
    if stage.before {
        clutter(canvas, &mut stage.trouble);
    } else {
        canvas.fill(
            &[(250.0, 330.0), (350.0, 330.0), (400.0, 450.0), (220.0, 450.0)],
            Ink::hex(0xFFFFFF).thin(0.16),
        );
    }
}

fn clutter(canvas: &mut Canvas, dice: &mut Dice) {
    for (x, y, size) in
        [(190.0, 336.0, 62.0), (246.0, 330.0, 56.0), (218.0, 292.0, 54.0), (300.0, 338.0, 50.0)]
    {
        carton(canvas, (x, y), size, size * 0.76, dice.chance(0.5));
    }
    let chair = Ink::hex(0x7B5B3E);
    canvas.fill(&[(330.0, 330.0), (404.0, 330.0), (420.0, 352.0), (340.0, 352.0)], chair);
    for (x, y) in [(342.0, 352.0), (416.0, 352.0), (336.0, 332.0)] {
        canvas.line((x, y), (x, y + 56.0), 6.0, chair.darker(0.2));
    }
    let lean = dice.between_f32(-0.12, 0.02);
    bicycle(canvas, dice, (232.0, 432.0), 1.6, lean);
    for _ in 0..5 {
        let place = (dice.between_f32(300.0, 430.0), dice.between_f32(410.0, 468.0));
        let ink = choose(dice, &[0x2B2E33, 0xEDEAE0, 0xB9463C, 0x4D7FB0]);
        let size = dice.between_f32(56.0, 84.0);
        bag(canvas, dice, place, size, ink);
    }
    carton(canvas, (440.0, 470.0), 92.0, 74.0, true);
    litter(canvas, dice, (150.0, 420.0), (420.0, 470.0), 8);
}

/// 农贸市场.
pub(super) fn market(stage: &mut Stage) {
    let (canvas, place) = (&mut stage.canvas, &mut stage.place);
    room(canvas, Ink::hex(0xD6DEDA), choose(place, &[0xB8BAB4, 0xC2B8A6, 0xAEB7BB]));
    for beam in 0..6 {
        let share = beam as f32 / 6.0;
        let y = -30.0 + 140.0 * share;
        canvas.rect(-60.0 + 260.0 * share, y, 760.0 - 520.0 * share, 7.0 - 4.0 * share, Ink::hex(0x7F8C90));
    }
    canvas.rect(250.0, 132.0, 140.0, 30.0, Ink::hex(0xB5473C));
    for mark in 0..4 {
        canvas.rect(264.0 + mark as f32 * 30.0, 139.0, 20.0, 16.0, Ink::hex(0xFBEFD2));
    }
    tiles(canvas, Ink::hex(0x7E7F7B).thin(0.5));
    for side in [-1.0, 1.0] {
        canvas.fill(
            &[
                (320.0 + side * 60.0, 300.0),
                (320.0 + side * 66.0, 300.0),
                (320.0 + side * 212.0, 540.0),
                (320.0 + side * 194.0, 540.0),
            ],
            Ink::hex(0xF2C230),
        );
        for depth in 0..4 {
            counter(canvas, place, side, depth);
        }
    }
    if !stage.before {
        canvas.fill(
            &[(292.0, 306.0), (348.0, 306.0), (420.0, 470.0), (220.0, 470.0)],
            Ink::hex(0xFFFFFF).thin(0.2),
        );
        return;
    }
    let dice = &mut stage.trouble;
    for _ in 0..5 {
        let spot = (dice.between_f32(220.0, 420.0), dice.between_f32(370.0, 460.0));
        canvas.fade(
            &lump(dice, spot, 70.0, 15.0, 0.15),
            Ink::hex(0x5A6A70).thin(0.55),
            Ink::hex(0x8899A0).thin(0.6),
        );
    }
    for (x, y, size) in [
        (262.0, 352.0, 46.0),
        (376.0, 352.0, 46.0),
        (228.0, 396.0, 70.0),
        (410.0, 400.0, 72.0),
        (180.0, 462.0, 96.0),
        (462.0, 462.0, 100.0),
        (330.0, 464.0, 84.0),
    ] {
        produce(canvas, dice, (x, y), size);
    }
    for _ in 0..40 {
        let spot = (dice.between_f32(190.0, 450.0), dice.between_f32(350.0, 470.0));
        let size = dice.between_f32(4.0, 12.0);
        let leaf = choose(dice, &[0x6FA048, 0x8FB85A, 0x557F3C]);
        canvas.fill(&lump(dice, spot, size, size * 0.5, 0.3), leaf);
    }
}

/// A counter with produce at one side of the hall; depth 0 is the farthest.
fn counter(canvas: &mut Canvas, dice: &mut Dice, side: f32, depth: usize) {
    let share = depth as f32 / 4.0;
    let next = (depth + 1) as f32 / 4.0;
    let at = |t: f32, out: f32, up: f32| -> Spot {
        let scale = 0.3 + t * 0.95;
        (320.0 + side * (80.0 + 210.0 * t + out * scale), 306.0 + 190.0 * t * t + 20.0 * t - up * scale)
    };
    let front =
        [at(share, 0.0, 0.0), at(next - 0.03, 0.0, 0.0), at(next - 0.03, 0.0, 90.0), at(share, 0.0, 90.0)];
    let top = [
        at(share, 0.0, 90.0),
        at(next - 0.03, 0.0, 90.0),
        at(next - 0.03, 150.0, 120.0),
        at(share, 150.0, 120.0),
    ];
    canvas.fade(&front, Ink::hex(0xE9EAE4), Ink::hex(0xBFC4C0));
    canvas.fill(&top, Ink::hex(0x9FB3A8));
    for heap in 0..4 {
        let t = share + (next - share) * (0.2 + 0.18 * heap as f32);
        for row in 0..3 {
            let ink = choose(dice, &[0x6FA048, 0xD9483B, 0xF0A330, 0xE8DEC8, 0x8C5A8F, 0xC9B35A]);
            let scale = 0.3 + t * 0.95;
            canvas.ellipse(
                at(t, 26.0 + row as f32 * 38.0, 104.0 + row as f32 * 8.0),
                19.0 * scale,
                15.0 * scale,
                ink,
            );
        }
    }
}

/// A basket with vegetables on the floor.
fn produce(canvas: &mut Canvas, dice: &mut Dice, foot: Spot, size: f32) {
    let (x, y) = foot;
    canvas.ellipse((x + 4.0, y), size * 0.6, size * 0.1, SHADOW);
    let ink = choose(dice, &[0x6FA048, 0xD9483B, 0xF0A330, 0x8FB85A, 0xE8DEC8]);
    for index in 0..7 {
        let dx = (index as f32 / 6.0 - 0.5) * size * 0.8;
        canvas.ellipse(
            (x + dx, y - size * 0.46 - dice.between_f32(0.0, size * 0.1)),
            size * 0.15,
            size * 0.15,
            ink.darker(dice.between_f32(0.0, 0.2)),
        );
    }
    let basket = choose(dice, &[0x3F6FB0, 0xB5473C, 0x3F8F5C]);
    canvas.fade(
        &[
            (x - size * 0.52, y - size * 0.42),
            (x + size * 0.52, y - size * 0.42),
            (x + size * 0.44, y),
            (x - size * 0.44, y),
        ],
        basket.lighter(0.1),
        basket.darker(0.15),
    );
    for bar in 1..5 {
        canvas.rect(
            x - size * 0.5 + bar as f32 * size * 0.2,
            y - size * 0.38,
            2.0,
            size * 0.34,
            basket.darker(0.35).thin(0.6),
        );
    }
}

/// 公厕不洁.
pub(super) fn toilet(stage: &mut Stage) {
    let (canvas, place) = (&mut stage.canvas, &mut stage.place);
    let wall = choose(place, &[0xCFE0E4, 0xDCE6DA, 0xE6DFD4, 0xD8DCE8]);
    room(canvas, wall, Ink::hex(0xC6CBCB));
    tiles(canvas, Ink::hex(0x8E9699).thin(0.5));
    let cabin = choose(place, &[0x6E9A8A, 0x8A7FA0, 0xA98463, 0x5F86A6]);
    for index in 0..3 {
        let (near, far) = (index as f32 / 3.0, (index as f32 + 0.86) / 3.0);
        let at = |t: f32, y: f32| (-20.0 + 215.0 * t, 320.0 + (y - 320.0) * (1.15 - 0.62 * t));
        canvas.fade(
            &[at(near, 60.0), at(far, 60.0), at(far, 480.0), at(near, 480.0)],
            cabin.lighter(0.12),
            cabin.darker(0.1),
        );
        canvas.ellipse(at(far - 0.04, 300.0), 3.5, 5.0, Ink::hex(0xEFEFEA));
    }
    canvas.rect_fade(236.0, 128.0, 168.0, 70.0, (Ink::hex(0xEAF3F6), Ink::hex(0xB7CBD3)));
    canvas.rect(220.0, 214.0, 200.0, 14.0, Ink::hex(0xF2F3F0));
    canvas.rect(226.0, 228.0, 188.0, 30.0, Ink::hex(0xB9BFC0));
    for x in [262.0, 320.0, 378.0] {
        canvas.ellipse((x, 219.0), 22.0, 5.0, Ink::hex(0x9FB0B6));
        canvas.line((x, 212.0), (x, 200.0), 4.0, Ink::hex(0x8D979B));
    }
    let dice = &mut stage.trouble;
    if !stage.before {
        for x in [210.0, 430.0] {
            canvas.fill(
                &[(x - 12.0, 300.0), (x + 12.0, 300.0), (x + 9.0, 330.0), (x - 9.0, 330.0)],
                Ink::hex(0xB9694A),
            );
            super::props::bush(canvas, dice, (x, 304.0), 44.0);
        }
        canvas.fill(
            &[(270.0, 316.0), (330.0, 316.0), (420.0, 460.0), (250.0, 460.0)],
            Ink::hex(0xFFFFFF).thin(0.3),
        );
        return;
    }
    for _ in 0..8 {
        let spot = (dice.between_f32(160.0, 500.0), dice.between_f32(340.0, 456.0));
        let wide = dice.between_f32(46.0, 100.0);
        canvas.fill(&lump(dice, spot, wide, wide * 0.2, 0.16), Ink::hex(0x7B6A45).thin(0.6));
    }
    for _ in 0..16 {
        let spot = (dice.between_f32(210.0, 430.0), dice.between_f32(120.0, 250.0));
        canvas.line(spot, (spot.0, spot.1 + dice.between_f32(20.0, 60.0)), 4.0, Ink::hex(0x8A7A52).thin(0.5));
    }
    litter(canvas, dice, (170.0, 340.0), (500.0, 464.0), 34);
    bag(canvas, dice, (440.0, 452.0), 92.0, Ink::hex(0x2B2E33));
}
