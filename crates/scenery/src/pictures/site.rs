//! Scenes with works and equipment: a building site, a street lamp at night, a charging post.

use super::Stage;
use super::backdrop::{asphalt, choose, estate, pavement, shops, sky, skyline};
use super::canvas::{Canvas, Spot};
use super::ink::{Ink, SHADOW};
use super::props::{litter, lump, scooter, turned};
use crate::dice::Dice;

/// 施工围挡、扬尘.
pub(super) fn hoarding(stage: &mut Stage) {
    let (canvas, place) = (&mut stage.canvas, &mut stage.place);
    sky(canvas, place, 330.0);
    skyline(canvas, place, 300.0, 90.0);
    raw_building(canvas, place);
    crane(canvas, place);
    let dice = &mut stage.trouble;
    mound(canvas, dice, stage.before);
    for panel in 0..9 {
        let x = -50.0 + panel as f32 * 84.0;
        let fault = if stage.before { dice.below(4) } else { 3 };
        match fault {
            0 => {}
            1 => {
                let angle = dice.between_f32(0.1, 0.26);
                panel_at(canvas, (x + 40.0, 392.0), angle, stage.before);
            }
            _ => panel_at(canvas, (x + 40.0, 392.0), 0.0, stage.before),
        }
    }
    pavement(canvas, place, 392.0, 436.0);
    asphalt(canvas, place, 436.0);
    if stage.before {
        for _ in 0..7 {
            let spot = (dice.between_f32(40.0, 600.0), dice.between_f32(410.0, 470.0));
            let size = dice.between_f32(26.0, 62.0);
            canvas.fill(&lump(dice, spot, size, 10.0, 0.2), Ink::hex(0xA98B62).thin(0.9));
        }
        for _ in 0..26 {
            let spot = (dice.between_f32(0.0, 640.0), dice.between_f32(170.0, 420.0));
            let size = dice.between_f32(50.0, 130.0);
            canvas.ellipse(spot, size, size * 0.5, Ink::hex(0xD8BE93).thin(0.15));
        }
        litter(canvas, dice, (40.0, 400.0), (600.0, 450.0), 16);
    } else {
        for jet in 0..8 {
            let x = -10.0 + jet as f32 * 88.0;
            canvas.bow((x, 236.0), (x + 20.0, 196.0), (x + 54.0, 226.0), 6.0, Ink::hex(0xFFFFFF).thin(0.5));
        }
    }
}

/// One panel of the fence: blue steel above, a green band below; torn and stained before.
fn panel_at(canvas: &mut Canvas, foot: Spot, angle: f32, shabby: bool) {
    let part = |canvas: &mut Canvas, x: f32, y: f32, w: f32, h: f32, ink: Ink| {
        canvas.fill(&turned(&[(x, y), (x + w, y), (x + w, y + h), (x, y + h)], angle, foot), ink);
    };
    let steel = if shabby { Ink::hex(0x8FA2A8) } else { Ink::hex(0x3D86B8) };
    part(canvas, -42.0, -150.0, 84.0, 150.0, steel);
    for rib in 0..5 {
        part(canvas, -38.0 + rib as f32 * 17.0, -150.0, 3.0, 150.0, steel.darker(0.14));
    }
    if shabby {
        part(canvas, -30.0, -96.0, 46.0, 40.0, Ink::hex(0x7B6B58).thin(0.6));
        part(canvas, -42.0, -26.0, 84.0, 26.0, Ink::hex(0x9C7F59).thin(0.7));
    } else {
        part(canvas, -42.0, -118.0, 84.0, 78.0, Ink::hex(0xF4F6F0));
        canvas.fill(
            &turned(
                &[
                    (-42.0, -40.0),
                    (-42.0, -58.0),
                    (-10.0, -86.0),
                    (14.0, -62.0),
                    (42.0, -80.0),
                    (42.0, -40.0),
                ],
                angle,
                foot,
            ),
            Ink::hex(0x63AA63),
        );
        part(canvas, -30.0, -110.0, 60.0, 9.0, Ink::hex(0xC8352B));
        part(canvas, -42.0, -22.0, 84.0, 22.0, Ink::hex(0xE9B22C));
    }
    part(canvas, -42.0, -154.0, 84.0, 6.0, Ink::hex(0x55636B));
}

fn raw_building(canvas: &mut Canvas, dice: &mut Dice) {
    let (x, floors) = (dice.between_f32(330.0, 410.0), 6);
    let concrete = Ink::hex(0xB3B0A8);
    for floor in 0..floors {
        let y = 258.0 - floor as f32 * 40.0;
        canvas.rect(x, y - 36.0, 190.0, 36.0, Ink::hex(0x6C7278));
        canvas.rect(x - 8.0, y - 40.0, 206.0, 9.0, concrete);
        for post in 0..5 {
            canvas.rect(x + post as f32 * 45.0, y - 34.0, 10.0, 36.0, concrete.darker(0.1));
        }
    }
    canvas.rect(x + 110.0, 30.0, 90.0, 230.0, Ink::hex(0x5FA06E).thin(0.55));
}

fn crane(canvas: &mut Canvas, dice: &mut Dice) {
    let (x, yellow) = (dice.between_f32(130.0, 210.0), Ink::hex(0xE2A52E));
    canvas.line((x, 300.0), (x, 34.0), 8.0, yellow);
    canvas.line((x - 70.0, 52.0), (x + 270.0, 52.0), 6.0, yellow);
    canvas.line((x, 24.0), (x + 250.0, 50.0), 2.0, yellow.darker(0.2));
    canvas.line((x, 24.0), (x - 66.0, 50.0), 2.0, yellow.darker(0.2));
    canvas.rect(x - 78.0, 52.0, 26.0, 24.0, Ink::hex(0x6C7278));
    canvas.line((x + 200.0, 54.0), (x + 200.0, 128.0), 1.8, Ink::hex(0x3B4146));
}

/// The heap behind the fence: bare before, under a green net after.
fn mound(canvas: &mut Canvas, dice: &mut Dice, bare: bool) {
    let shape = [(-60.0, 330.0), (40.0, 236.0), (120.0, 214.0), (196.0, 240.0), (300.0, 330.0)];
    let (top, bottom) = if bare { (0xB08B58, 0x8A6A42) } else { (0x4F9A62, 0x3B7C4C) };
    canvas.fade(&shape, Ink::hex(top), Ink::hex(bottom));
    for _ in 0..26 {
        let spot = (dice.between_f32(30.0, 210.0), dice.between_f32(244.0, 320.0));
        if bare {
            canvas.ellipse(spot, dice.between_f32(4.0, 14.0), 4.0, Ink::hex(0x6E5232).thin(0.5));
        }
    }
}

/// 路灯不亮.
pub(super) fn lamp(stage: &mut Stage) {
    let (canvas, place) = (&mut stage.canvas, &mut stage.place);
    let lit = !stage.before;
    let night = choose(place, &[0x1B2740, 0x20263A, 0x18283A]);
    canvas.rect_fade(-40.0, -40.0, 720.0, 400.0, (night.darker(0.35), night.lighter(0.16)));
    for _ in 0..30 {
        let star = (place.between_f32(0.0, 640.0), place.between_f32(0.0, 150.0));
        canvas.ellipse(star, 1.1, 1.1, Ink::hex(0xFFFFFF).thin(0.5));
    }
    night_houses(canvas, place, night);
    canvas.rect_fade(-40.0, 330.0, 720.0, 60.0, (Ink::hex(0x3A4150), Ink::hex(0x454C5A)));
    canvas.rect_fade(-40.0, 388.0, 720.0, 140.0, (Ink::hex(0x2A303B), Ink::hex(0x222731)));
    for dash in 0..6 {
        canvas.rect(-20.0 + dash as f32 * 130.0, 432.0, 70.0, 6.0, Ink::hex(0x9AA0A8).thin(0.5));
    }
    let x = stage.trouble.between_f32(220.0, 310.0);
    for (away, size) in [(-150.0, 0.34), (-82.0, 0.24), (330.0, 0.4), (262.0, 0.3)] {
        post_lamp(canvas, (x + away, 356.0), size, true);
    }
    post_lamp(canvas, (x, 404.0), 1.32, lit);
}

fn night_houses(canvas: &mut Canvas, dice: &mut Dice, night: Ink) {
    let mut x = -30.0;
    while x < 660.0 {
        let (width, up) = (dice.between_f32(80.0, 150.0), dice.between_f32(120.0, 250.0));
        canvas.rect(x, 334.0 - up, width, up, night.darker(0.3).lighter(0.08));
        for row in 0..(up / 32.0) as usize {
            for column in 0..(width / 30.0) as usize {
                let (wx, wy) = (x + 10.0 + column as f32 * 30.0, 344.0 - up + row as f32 * 32.0);
                let ink = if dice.chance(0.3) { Ink::hex(0xF0CF86).thin(0.8) } else { night.lighter(0.1) };
                canvas.rect(wx, wy, 13.0, 16.0, ink);
            }
        }
        x += width + dice.between_f32(4.0, 26.0);
    }
}

/// A lamp of a size (1.0 is some 270 px high) on a post with its pool of light, or dark.
fn post_lamp(canvas: &mut Canvas, foot: Spot, size: f32, lit: bool) {
    let (x, y) = foot;
    let head = (x + 56.0 * size, y - 268.0 * size);
    if lit {
        let glow = Ink::hex(0xFFE3A0);
        for (reach, share) in [(150.0, 0.08), (100.0, 0.12), (56.0, 0.2)] {
            canvas.ellipse(head, reach * size, reach * size, glow.thin(share));
        }
        let cone = [
            (head.0 - 16.0 * size, head.1),
            (head.0 + 16.0 * size, head.1),
            (head.0 + 150.0 * size, y + 40.0 * size),
            (head.0 - 150.0 * size, y + 40.0 * size),
        ];
        canvas.fade(&cone, glow.thin(0.55), glow.thin(0.16));
        canvas.ellipse((head.0, y + 30.0 * size), 186.0 * size, 42.0 * size, glow.thin(0.4));
        canvas.ellipse((head.0, y + 26.0 * size), 116.0 * size, 26.0 * size, glow.thin(0.45));
    }
    let steel = if lit { Ink::hex(0x9AA0A7) } else { Ink::hex(0x4A515C) };
    canvas.line((x, y), (x, y - 250.0 * size), 8.0 * size, steel);
    canvas.bow((x, y - 248.0 * size), (x + 4.0, y - 282.0 * size), (head.0, head.1 - 4.0), 6.0 * size, steel);
    canvas.rect(x - 8.0 * size, y - 20.0 * size, 16.0 * size, 22.0 * size, steel.darker(0.2));
    let bulb = if lit { Ink::hex(0xFFF6D6) } else { Ink::hex(0x2F353F) };
    canvas.ellipse(head, 24.0 * size, 7.0 * size, bulb);
    let (wide, thick) = (26.0 * size, 12.0 * size);
    let shade = [
        (head.0 - wide, head.1 - 1.0),
        (head.0 + wide, head.1 - 1.0),
        (head.0 + thick, head.1 - thick),
        (head.0 - thick, head.1 - thick),
    ];
    canvas.fill(&shade, steel);
}

/// 充电桩损坏.
pub(super) fn charging_post(stage: &mut Stage) {
    if stage.place.chance(0.5) {
        estate(&mut stage.canvas, &mut stage.place);
    } else {
        shops(&mut stage.canvas, &mut stage.place);
    }
    let (canvas, dice) = (&mut stage.canvas, &mut stage.trouble);
    let foot = (dice.between_f32(300.0, 380.0), 446.0);
    let fall = dice.between_f32(0.2, 0.3);
    let lean = if stage.before { fall } else { 0.0 };
    scooter(canvas, dice, (foot.0 - 190.0, 452.0), 1.25, 0.0);
    canvas.ellipse((foot.0 + 10.0, foot.1), 84.0, 11.0, SHADOW);
    canvas.rect(foot.0 - 66.0, foot.1 - 10.0, 132.0, 14.0, Ink::hex(0x9DA2A3));
    let part = |canvas: &mut Canvas, x: f32, y: f32, w: f32, h: f32, ink: Ink| {
        canvas.fill(
            &turned(&[(x, y), (x + w, y), (x + w, y + h), (x, y + h)], lean, (foot.0, foot.1 - 8.0)),
            ink,
        );
    };
    let body = if stage.before { Ink::hex(0xB9C1C2) } else { Ink::hex(0xF2F5F3) };
    part(canvas, -52.0, -270.0, 104.0, 270.0, body);
    part(canvas, 40.0, -270.0, 12.0, 270.0, body.darker(0.15));
    part(canvas, -52.0, -270.0, 104.0, 28.0, Ink::hex(0x2E8B57));
    let (screen, light) = if stage.before { (0x23282C, 0xD8432F) } else { (0x9FE0C0, 0x36C46A) };
    part(canvas, -36.0, -226.0, 66.0, 48.0, Ink::hex(screen));
    part(canvas, -36.0, -160.0, 66.0, 12.0, Ink::hex(light));
    part(canvas, -30.0, -128.0, 54.0, 66.0, Ink::hex(0x4D565B));
    let plug = turned(&[(0.0, -90.0)], lean, (foot.0, foot.1 - 8.0))[0];
    let black = Ink::hex(0x202428);
    if stage.before {
        canvas.strokes(
            &turned(
                &[(-30.0, -222.0), (-4.0, -204.0), (-16.0, -190.0), (24.0, -180.0)],
                lean,
                (foot.0, foot.1 - 8.0),
            ),
            2.5,
            Ink::hex(0xE6ECEE),
        );
        canvas.bow(plug, (plug.0 + 130.0, plug.1 + 30.0), (foot.0 + 104.0, 468.0), 8.0, black);
        canvas.bow((foot.0 + 104.0, 468.0), (foot.0 + 20.0, 484.0), (foot.0 - 60.0, 470.0), 8.0, black);
        for stripe in 0..9 {
            let ink = if stripe % 2 == 0 { Ink::hex(0xF2C230) } else { black };
            canvas.rect(foot.0 - 130.0 + stripe as f32 * 32.0, 372.0 + stripe as f32 * 3.0, 33.0, 13.0, ink);
        }
        litter(canvas, dice, (foot.0 - 140.0, 440.0), (foot.0 + 160.0, 470.0), 9);
    } else {
        canvas.bow(plug, (plug.0 - 60.0, plug.1 + 130.0), (foot.0 - 152.0, 404.0), 7.0, black);
    }
}
