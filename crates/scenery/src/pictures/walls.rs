//! Scenes on walls: stickers, posters, wires.

use super::Stage;
use super::backdrop::{choose, park, pavement, shops};
use super::canvas::{Canvas, Spot};
use super::ink::{Ink, SHADOW};
use super::props::{scooter, turned};
use crate::dice::Dice;

const PLASTERS: [u32; 5] = [0xD8CDBB, 0xC9D0CE, 0xDDC9B6, 0xCBC4D0, 0xD3D3C2];

/// A wall near by, from the top to y 390, with a plinth, a pipe and a meter box; pavement below.
fn near_wall(canvas: &mut Canvas, dice: &mut Dice) {
    let wall = choose(dice, &PLASTERS);
    canvas.rect_fade(-40.0, -40.0, 720.0, 440.0, (wall.lighter(0.12), wall.darker(0.05)));
    if dice.chance(0.5) {
        let joint = wall.darker(0.25).thin(0.4);
        for row in 0..19 {
            let y = row as f32 * 21.0 - 10.0;
            canvas.rect(-40.0, y, 720.0, 1.6, joint);
            for column in 0..16 {
                let x = column as f32 * 46.0 - 40.0 + if row % 2 == 0 { 0.0 } else { 23.0 };
                canvas.rect(x, y, 1.6, 21.0, joint);
            }
        }
    } else {
        for _ in 0..60 {
            let place = (dice.between_f32(0.0, 640.0), dice.between_f32(0.0, 370.0));
            canvas.ellipse(
                place,
                dice.between_f32(10.0, 50.0),
                dice.between_f32(4.0, 14.0),
                wall.darker(0.3).thin(0.05),
            );
        }
    }
    canvas.rect_fade(-40.0, 340.0, 720.0, 56.0, (Ink::hex(0x8E8B86), Ink::hex(0x76736E)));
    let pipe = dice.between_f32(560.0, 596.0);
    canvas.rect_fade(pipe, -40.0, 18.0, 420.0, (Ink::hex(0xB9BDBE), Ink::hex(0x9EA3A5)));
    canvas.rect(pipe + 18.0, -40.0, 5.0, 430.0, SHADOW.thin(0.16));
    for y in [60.0, 220.0] {
        canvas.rect(pipe - 4.0, y, 26.0, 8.0, Ink::hex(0x878C8F));
    }
    pavement(canvas, dice, 392.0, 500.0);
    canvas.rect(-40.0, 392.0, 720.0, 8.0, SHADOW);
}

/// 非法小广告.
pub(super) fn stickers(stage: &mut Stage) {
    near_wall(&mut stage.canvas, &mut stage.place);
    let (canvas, dice) = (&mut stage.canvas, &mut stage.trouble);
    let mut door = stage.place.fork("door");
    let left = door.between_f32(40.0, 90.0);
    let paint = choose(&mut door, &[0x5C7F8C, 0x7C8A6C, 0x8A6F63]);
    canvas.rect_fade(left, 96.0, 150.0, 298.0, (paint.lighter(0.1), paint.darker(0.1)));
    canvas.rect(left + 72.0, 100.0, 4.0, 290.0, paint.darker(0.4));
    canvas.ellipse((left + 86.0, 250.0), 6.0, 6.0, Ink::hex(0xD9CFA8));
    for index in 0..34 {
        let place = (dice.between_f32(40.0, 540.0), dice.between_f32(56.0, 330.0));
        let (width, height) = (dice.between_f32(36.0, 66.0), dice.between_f32(40.0, 78.0));
        let angle = dice.between_f32(-0.22, 0.22);
        let ink = choose(dice, &[0xF7F3E6, 0xF4D94E, 0xF29CB2, 0x8FD0E8, 0xFFFFFF, 0xF28B3C, 0xA8DC8B]);
        let red = dice.chance(0.4);
        if stage.before {
            sticker(canvas, place, (width, height), angle, (ink, red));
        } else if index % 4 == 0 {
            let (w, h) = (width / 2.0, height / 2.0);
            canvas.fill(
                &turned(&[(-w, -h), (w, -h), (w, h), (-w, h)], angle, place),
                Ink::hex(0xFFFFFF).thin(0.13),
            );
        }
    }
}

fn sticker(
    canvas: &mut Canvas,
    place: Spot,
    (width, height): (f32, f32),
    angle: f32,
    (ink, red): (Ink, bool),
) {
    let (w, h) = (width / 2.0, height / 2.0);
    let part = |canvas: &mut Canvas, x: f32, y: f32, wide: f32, high: f32, ink: Ink| {
        canvas
            .fill(&turned(&[(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)], angle, place), ink);
    };
    part(canvas, -w + 2.0, -h + 3.0, width, height, SHADOW);
    part(canvas, -w, -h, width, height, ink);
    let text = if red { Ink::hex(0xC23A30) } else { Ink::hex(0x333A40) };
    part(canvas, -w * 0.8, -h * 0.82, width * 0.8, height * 0.18, text);
    for line in 0..3 {
        part(
            canvas,
            -w * 0.8,
            -h * 0.36 + line as f32 * height * 0.13,
            width * (0.8 - 0.12 * line as f32),
            2.4,
            text.thin(0.6),
        );
    }
    part(canvas, -w * 0.8, h * 0.52, width * 0.8, height * 0.13, text);
}

/// 公益广告、宣传栏破损.
pub(super) fn poster(stage: &mut Stage) {
    if stage.place.chance(0.5) {
        near_wall(&mut stage.canvas, &mut stage.place);
    } else {
        park(&mut stage.canvas, &mut stage.place);
    }
    let mut frame = stage.place.fork("frame");
    let shown = frame.below(3);
    let (canvas, dice) = (&mut stage.canvas, &mut stage.trouble);
    let steel = Ink::hex(0x6A5F55);
    canvas.ellipse((330.0, 440.0), 240.0, 12.0, SHADOW);
    for x in [128.0, 496.0] {
        canvas.rect(x, 70.0, 16.0, 368.0, steel);
    }
    canvas.fill(&[(96.0, 78.0), (544.0, 78.0), (516.0, 46.0), (124.0, 46.0)], Ink::hex(0x8E3B33));
    canvas.rect(116.0, 78.0, 408.0, 276.0, steel.darker(0.15));
    canvas.rect(128.0, 90.0, 384.0, 252.0, Ink::hex(0xA9A59C));
    let faded = if stage.before { 0.66 } else { 0.0 };
    artwork(canvas, shown, faded);
    if !stage.before {
        canvas.fill(&[(128.0, 90.0), (230.0, 90.0), (128.0, 250.0)], Ink::hex(0xFFFFFF).thin(0.1));
        return;
    }
    tear(canvas, dice);
}

/// Tears, cracks and stains over the poster.
fn tear(canvas: &mut Canvas, dice: &mut Dice) {
    let corner = dice.between_f32(0.0, 60.0);
    let bare = Ink::hex(0x8B877E);
    canvas.fill(
        &[
            (512.0, 90.0),
            (512.0, 260.0),
            (430.0, 210.0),
            (446.0, 170.0),
            (380.0, 150.0),
            (330.0 - corner, 90.0),
        ],
        bare,
    );
    canvas.fill(
        &[
            (330.0 - corner, 90.0),
            (380.0, 150.0),
            (446.0, 170.0),
            (420.0, 236.0),
            (350.0, 210.0),
            (296.0 - corner, 150.0),
        ],
        Ink::hex(0xF1EDE2),
    );
    canvas.fill(
        &[(128.0, 342.0), (128.0, 286.0), (166.0, 300.0), (190.0, 328.0), (242.0, 342.0)],
        bare.darker(0.1),
    );
    for _ in 0..5 {
        let x = dice.between_f32(150.0, 480.0);
        let mut places = vec![(x, dice.between_f32(96.0, 130.0))];
        for step in 1..6 {
            places.push((
                x + dice.between_f32(-20.0, 20.0),
                110.0 + step as f32 * dice.between_f32(22.0, 38.0),
            ));
        }
        canvas.strokes(&places, 2.4, Ink::hex(0x6F6A60).thin(0.8));
    }
    for _ in 0..12 {
        let place = (dice.between_f32(140.0, 480.0), dice.between_f32(110.0, 330.0));
        canvas.ellipse(
            place,
            dice.between_f32(8.0, 30.0),
            dice.between_f32(6.0, 18.0),
            Ink::hex(0x5E564A).thin(0.22),
        );
    }
}

/// What the poster shows: hills and sun, a house under a tree, or doves; `faded` towards grey.
fn artwork(canvas: &mut Canvas, shown: usize, faded: f32) {
    let pale = |code: u32| Ink::hex(code).mixed(Ink::hex(0xCFC9BC), faded);
    canvas.rect_fade(
        132.0,
        94.0,
        376.0,
        244.0,
        (pale([0xFBE3A2, 0xBFE3F2, 0xF7C8B4][shown % 3]), pale(0xFFF6DF)),
    );
    canvas.ellipse((420.0, 150.0), 36.0, 36.0, pale(0xE4483A));
    canvas.fill(
        &[
            (132.0, 300.0),
            (210.0, 206.0),
            (290.0, 272.0),
            (372.0, 196.0),
            (508.0, 296.0),
            (508.0, 338.0),
            (132.0, 338.0),
        ],
        pale(0x4F9A6A),
    );
    canvas.fill(
        &[(132.0, 318.0), (260.0, 262.0), (400.0, 312.0), (508.0, 284.0), (508.0, 338.0), (132.0, 338.0)],
        pale(0x86BF6B),
    );
    match shown {
        0 => {
            for x in [170.0, 200.0, 230.0] {
                canvas.line((x, 334.0), (x + 16.0, 250.0), 4.0, pale(0xD9A227));
                for grain in 0..5 {
                    canvas.ellipse((x + 16.0, 246.0 + grain as f32 * 12.0), 9.0, 5.0, pale(0xE8B93B));
                }
            }
        }
        1 => {
            canvas.rect(196.0, 250.0, 76.0, 60.0, pale(0xFFF9EC));
            canvas.fill(&[(182.0, 254.0), (286.0, 254.0), (234.0, 212.0)], pale(0xB5473C));
            canvas.rect(226.0, 274.0, 20.0, 36.0, pale(0x7A5B40));
        }
        _ => {
            for (x, y) in [(220.0, 150.0), (290.0, 188.0), (180.0, 206.0)] {
                canvas.fill(
                    &[
                        (x, y),
                        (x + 34.0, y - 22.0),
                        (x + 22.0, y + 2.0),
                        (x + 50.0, y + 8.0),
                        (x + 14.0, y + 16.0),
                    ],
                    pale(0xFFFFFF),
                );
            }
        }
    }
    canvas.rect(132.0, 94.0, 376.0, 22.0, pale(0xC8352B));
    for mark in 0..8 {
        canvas.rect(172.0 + mark as f32 * 38.0, 99.0, 24.0, 12.0, pale(0xFDF1C4));
    }
}

/// 飞线充电.
pub(super) fn wires(stage: &mut Stage) {
    shops_or_flats(stage);
    let (canvas, dice) = (&mut stage.canvas, &mut stage.trouble);
    let mut vehicles = stage.place.fork("vehicles");
    let feet: Vec<f32> = (0..4).map(|i| 96.0 + i as f32 * 150.0 + dice.between_f32(-16.0, 16.0)).collect();
    if !stage.before {
        canvas.rect(30.0, 262.0, 580.0, 12.0, Ink::hex(0x3F7FA6));
        canvas.rect_fade(20.0, 246.0, 600.0, 18.0, (Ink::hex(0x79B2CF), Ink::hex(0x5B98B8)));
        for x in [44.0, 320.0, 590.0] {
            canvas.rect(x, 272.0, 9.0, 156.0, Ink::hex(0x7E878C));
        }
        for x in &feet {
            canvas.round_rect(x + 30.0, 304.0, 32.0, 46.0, 4.0, Ink::hex(0xF4F6F4));
            canvas.rect(x + 36.0, 310.0, 20.0, 12.0, Ink::hex(0x2E8B57));
            canvas.ellipse((x + 46.0, 336.0), 5.0, 5.0, Ink::hex(0x3CC46B));
            canvas.bow((x + 46.0, 348.0), (x + 40.0, 400.0), (x - 4.0, 398.0), 3.0, Ink::hex(0x2B2F33));
        }
    }
    for (index, &x) in feet.iter().enumerate() {
        scooter(canvas, &mut vehicles, (x, 440.0), 1.02, 0.0);
        if stage.before {
            hanging_wire(canvas, dice, index, x);
        }
    }
}

fn shops_or_flats(stage: &mut Stage) {
    let (canvas, dice) = (&mut stage.canvas, &mut stage.place);
    if dice.chance(0.4) {
        shops(canvas, dice);
        return;
    }
    let wall = choose(dice, &PLASTERS);
    canvas.rect_fade(-40.0, -40.0, 720.0, 400.0, (wall.lighter(0.15), wall.darker(0.04)));
    for row in 0..3 {
        for column in 0..4 {
            let (x, y) = (24.0 + column as f32 * 162.0, 14.0 + row as f32 * 112.0);
            canvas.rect(x - 5.0, y - 5.0, 116.0, 76.0, wall.lighter(0.5));
            canvas.rect_fade(x, y, 106.0, 66.0, (Ink::hex(0x6D8796), Ink::hex(0xA9BEC7)));
            canvas.rect(x + 51.0, y, 4.0, 66.0, wall.lighter(0.5));
            canvas.rect(x - 9.0, y + 70.0, 124.0, 7.0, wall.darker(0.22));
        }
    }
    pavement(canvas, dice, 352.0, 500.0);
}

fn hanging_wire(canvas: &mut Canvas, dice: &mut Dice, index: usize, x: f32) {
    let ink = choose(dice, &[0xF2F0EA, 0xD8432F, 0x1F2226, 0xE9B22C]);
    let from = (x + dice.between_f32(-60.0, 90.0), if index.is_multiple_of(2) { 30.0 } else { 146.0 });
    let socket = (x + dice.between_f32(10.0, 36.0), 344.0);
    canvas.bow(
        (from.0 + 2.0, from.1 + 4.0),
        (from.0 - 44.0, 300.0),
        (socket.0 + 2.0, socket.1 + 4.0),
        4.0,
        SHADOW,
    );
    canvas.bow(from, (from.0 - 48.0, 296.0), socket, 4.6, ink);
    canvas.round_rect(socket.0 - 20.0, socket.1 - 6.0, 46.0, 16.0, 3.0, Ink::hex(0xF7F5EF));
    canvas.ellipse((socket.0 - 8.0, socket.1 + 2.0), 3.0, 3.0, Ink::hex(0xD8432F));
    canvas.bow(socket, (socket.0 + 30.0, 400.0), (x + 6.0, 404.0), 4.4, Ink::hex(0x1F2226));
}
