//! Scenes of what stands along a road: poles and railings.

use super::Stage;
use super::backdrop::{estate, park, shops};
use super::canvas::{Canvas, Spot};
use super::ink::{Ink, SHADOW};
use super::props::{cone, litter, turned};

/// 立杆倾斜.
pub(super) fn pole(stage: &mut Stage) {
    if stage.place.chance(0.5) {
        estate(&mut stage.canvas, &mut stage.place);
    } else {
        shops(&mut stage.canvas, &mut stage.place);
    }
    let (canvas, dice) = (&mut stage.canvas, &mut stage.trouble);
    let foot = (dice.between_f32(270.0, 350.0), 440.0);
    let fall = dice.between_f32(0.24, 0.34);
    let lean = if stage.before { fall } else { 0.0 };
    let at = |x: f32, y: f32| turned(&[(x, y)], lean, foot)[0];
    canvas.ellipse((foot.0 + 20.0, foot.1 + 2.0), 66.0, 9.0, SHADOW);
    let wire = Ink::hex(0x23282D);
    let sag = if stage.before { 150.0 } else { 34.0 };
    for arm in [-64.0, 64.0] {
        let from = at(arm, -388.0);
        canvas.bow((-60.0, 26.0), ((from.0 - 60.0) / 2.0, from.1 + sag), from, 3.4, wire);
        canvas.bow(from, ((from.0 + 700.0) / 2.0, from.1 * 0.5 + 30.0 + sag * 0.3), (700.0, 34.0), 3.4, wire);
    }
    let concrete = Ink::hex(0xA9A79F);
    canvas.fill(&[at(-13.0, 4.0), at(13.0, 4.0), at(8.0, -420.0), at(-8.0, -420.0)], concrete);
    canvas.fill(&[at(3.0, 4.0), at(13.0, 4.0), at(8.0, -420.0), at(2.0, -420.0)], concrete.darker(0.22));
    canvas.fill(
        &[at(-84.0, -392.0), at(84.0, -392.0), at(84.0, -382.0), at(-84.0, -382.0)],
        Ink::hex(0x6B5B4A),
    );
    for arm in [-64.0, -20.0, 20.0, 64.0] {
        canvas.ellipse(at(arm, -398.0), 5.0, 8.0, Ink::hex(0xE9E7DF));
    }
    for band in 0..4 {
        let y = -30.0 - band as f32 * 20.0;
        let ink = if band % 2 == 0 { Ink::hex(0xF2C230) } else { wire };
        canvas.fill(&[at(-13.0, y), at(13.0, y), at(13.0, y - 20.0), at(-13.0, y - 20.0)], ink);
    }
    if stage.before {
        canvas.ellipse((foot.0, foot.1 + 4.0), 62.0, 13.0, Ink::hex(0x6E5A40));
        canvas.ellipse((foot.0 - 12.0, foot.1), 30.0, 8.0, Ink::hex(0x4A3C2A));
        for x in [-130.0, 150.0] {
            cone(canvas, (foot.0 + x, foot.1 + 22.0), 70.0);
        }
        litter(canvas, dice, (foot.0 - 110.0, 438.0), (foot.0 + 120.0, 468.0), 6);
    } else {
        canvas.ellipse((foot.0, foot.1 + 3.0), 40.0, 9.0, Ink::hex(0xC9C6BC));
    }
}

/// 护栏缺损.
pub(super) fn railing(stage: &mut Stage) {
    if stage.place.chance(0.5) {
        park(&mut stage.canvas, &mut stage.place);
    } else {
        shops(&mut stage.canvas, &mut stage.place);
    }
    let (canvas, dice) = (&mut stage.canvas, &mut stage.trouble);
    let first_fallen = 1 + dice.below(2);
    for index in 0..6 {
        let foot = (-20.0 + index as f32 * 128.0, 440.0);
        let fallen = stage.before && (first_fallen..first_fallen + 3).contains(&index);
        canvas.rect(foot.0 - 7.0, foot.1 - 112.0, 14.0, 116.0, Ink::hex(0xD6DADB));
        canvas.ellipse((foot.0, foot.1 - 114.0), 10.0, 7.0, Ink::hex(0xF4F5F3));
        canvas.ellipse((foot.0 + 6.0, foot.1 + 4.0), 22.0, 5.0, SHADOW);
        match (fallen, index % 3) {
            (false, _) => panel(canvas, (foot.0 + 64.0, foot.1 - 14.0), 0.0, false),
            (true, 0) => {}
            (true, 1) => panel(canvas, (foot.0 + 70.0, foot.1 + 14.0), 0.5, true),
            (true, _) => panel(canvas, (foot.0 + 56.0, foot.1 + 20.0), -0.3, true),
        }
    }
    if stage.before {
        cone(canvas, (-20.0 + (first_fallen as f32 + 1.4) * 128.0, 466.0), 84.0);
        litter(canvas, dice, (120.0, 444.0), (520.0, 470.0), 10);
    }
}

/// One panel of a railing; the spot is the middle of its lower edge.
fn panel(canvas: &mut Canvas, foot: Spot, angle: f32, shabby: bool) {
    let ink = if shabby { Ink::hex(0x9DA3A2) } else { Ink::hex(0xF2F4F3) };
    let part = |canvas: &mut Canvas, x: f32, y: f32, w: f32, h: f32, ink: Ink| {
        canvas.fill(&turned(&[(x, y), (x + w, y), (x + w, y + h), (x, y + h)], angle, foot), ink);
    };
    for bar in 0..9 {
        let bend = if shabby && bar % 3 == 0 { 9.0 } else { 0.0 };
        part(canvas, -54.0 + bar as f32 * 13.0 + bend, -78.0, 4.5, 74.0, ink);
    }
    for y in [-84.0, -8.0] {
        part(canvas, -60.0, y, 120.0, 8.0, ink.darker(0.06));
    }
    part(canvas, -60.0, -52.0, 120.0, 12.0, if shabby { Ink::hex(0x8C7F7A) } else { Ink::hex(0x3D86B8) });
}
