//! Drawn street pictures: the same scene with its trouble and without it.
//!
//! Flat illustrations of 640 × 480, made from a seed by a small rasteriser: no photo, no asset, nobody's face.
//! Before and after share the background (same houses, same trees) and differ in the trouble, in the light and by
//! a small step of the camera, as two photos of one place do. A faked proof is simply the same file again.

mod backdrop;
mod canvas;
mod ground;
mod ink;
mod inside;
mod order;
mod props;
mod roadside;
mod site;
mod walls;
mod waste;

use crate::dice::Dice;
use canvas::{Canvas, HEIGHT, Spot, WIDTH};
use ink::Ink;
use photo::{PhotoRefusal, encode_jpeg};

/// What a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SceneKind {
    /// 暴露垃圾: a heap of bags beside the bins.
    ExposedGarbage,
    /// 道路不洁: mud, leaves and papers on a road.
    DirtyRoad,
    /// 道路破损: a pothole with cracks.
    BrokenRoad,
    /// 井盖缺失、破损: an open shaft.
    ManholeCover,
    /// 道路积水: a road under water.
    Flooding,
    /// 占用消防通道: cars on a yellow hatched lane.
    FireLane,
    /// 非机动车乱停放: bicycles across the pavement.
    BicycleMess,
    /// 店外经营、占道经营: goods on the pavement.
    ShopOverflow,
    /// 无照游商: a cart at the roadside.
    StreetVendor,
    /// 农贸市场: goods over the line, wet floor.
    MarketDisorder,
    /// 非法小广告: stickers all over a wall.
    StickyAds,
    /// 公益广告、宣传栏破损: a torn poster.
    TornPoster,
    /// 飞线充电: wires from windows to scooters.
    FlyingWires,
    /// 绿地脏乱: litter and bare patches on a lawn.
    DirtyGreen,
    /// 果皮箱满溢、破损.
    LitterBin,
    /// 座椅破损: a bench with broken slats.
    BrokenBench,
    /// 路灯不亮: a dark lamp in a night street.
    LampOff,
    /// 楼道堆物: things heaped in a stairwell.
    StairClutter,
    /// 施工围挡、扬尘: a broken hoarding in the dust.
    Hoarding,
    /// 公厕不洁: a dirty washroom.
    DirtyToilet,
    /// 充电桩损坏: a leaning post with a hanging cable.
    ChargingPost,
    /// 立杆倾斜: a leaning pole with its wires.
    LeaningPole,
    /// 护栏缺损: a railing with fallen panels.
    BrokenRailing,
}

/// Every kind, in the order of the type.
pub const SCENES: [SceneKind; 23] = [
    SceneKind::ExposedGarbage,
    SceneKind::DirtyRoad,
    SceneKind::BrokenRoad,
    SceneKind::ManholeCover,
    SceneKind::Flooding,
    SceneKind::FireLane,
    SceneKind::BicycleMess,
    SceneKind::ShopOverflow,
    SceneKind::StreetVendor,
    SceneKind::MarketDisorder,
    SceneKind::StickyAds,
    SceneKind::TornPoster,
    SceneKind::FlyingWires,
    SceneKind::DirtyGreen,
    SceneKind::LitterBin,
    SceneKind::BrokenBench,
    SceneKind::LampOff,
    SceneKind::StairClutter,
    SceneKind::Hoarding,
    SceneKind::DirtyToilet,
    SceneKind::ChargingPost,
    SceneKind::LeaningPole,
    SceneKind::BrokenRailing,
];

/// When the picture was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Moment {
    /// With the trouble: the report.
    Before,
    /// Without it: the proof of the fix.
    After,
}

/// A picture could not be encoded. Sizes are fixed, so this means a fault in the encoder.
#[derive(Debug, thiserror::Error)]
#[error("a demo picture could not be encoded: {0}")]
pub struct PictureError(#[from] PhotoRefusal);

/// JPEG quality: some 25 to 60 kB for 640 × 480.
const QUALITY: u8 = 82;

/// Everything that one scene draws with.
struct Stage {
    canvas: Canvas,
    /// For what stays: draws must be the same before and after.
    place: Dice,
    /// For what goes.
    trouble: Dice,
    before: bool,
}

/// Draws one picture and returns it as JPEG of 640 × 480.
///
/// The same three arguments give the same bytes; the same seed with the other moment gives the same place.
///
/// # Errors
/// Only if the encoder fails.
pub fn draw(kind: SceneKind, seed: u64, moment: Moment) -> Result<Vec<u8>, PictureError> {
    let pixels = paint(kind, seed, moment);
    Ok(encode_jpeg(pixels.pixels(), WIDTH as u32, HEIGHT as u32, QUALITY)?)
}

fn paint(kind: SceneKind, seed: u64, moment: Moment) -> Canvas {
    let dice = Dice::new(seed).fork("picture").fork_number(kind as u64);
    let before = moment == Moment::Before;
    let mut camera = dice.fork(if before { "camera before" } else { "camera after" });
    let shift = (camera.between_f32(-7.0, 7.0), camera.between_f32(-5.0, 5.0));
    let canvas = Canvas::new(Ink::hex(0xC9D3D6), camera.between_f32(1.03, 1.05), shift);
    let mut stage = Stage { canvas, place: dice.fork("place"), trouble: dice.fork("trouble"), before };
    stage.canvas.mirror(dice.fork("mirror").chance(0.5));
    scene(kind, &mut stage);
    stage.canvas.mirror(false);
    mark(&mut stage.canvas);
    stage.canvas.finish(light(kind, &dice, before), 7.0, camera.next_u64());
    stage.canvas
}

fn scene(kind: SceneKind, stage: &mut Stage) {
    match kind {
        SceneKind::ExposedGarbage => waste::garbage(stage),
        SceneKind::DirtyRoad => ground::dirty_road(stage),
        SceneKind::BrokenRoad => ground::pothole(stage),
        SceneKind::ManholeCover => ground::manhole(stage),
        SceneKind::Flooding => ground::flood(stage),
        SceneKind::FireLane => ground::fire_lane(stage),
        SceneKind::BicycleMess => order::bicycles(stage),
        SceneKind::ShopOverflow => order::shop_overflow(stage),
        SceneKind::StreetVendor => order::vendor(stage),
        SceneKind::MarketDisorder => inside::market(stage),
        SceneKind::StickyAds => walls::stickers(stage),
        SceneKind::TornPoster => walls::poster(stage),
        SceneKind::FlyingWires => walls::wires(stage),
        SceneKind::DirtyGreen => waste::green(stage),
        SceneKind::LitterBin => waste::litter_bin(stage),
        SceneKind::BrokenBench => waste::bench_scene(stage),
        SceneKind::LampOff => site::lamp(stage),
        SceneKind::StairClutter => inside::stairs(stage),
        SceneKind::Hoarding => site::hoarding(stage),
        SceneKind::DirtyToilet => inside::toilet(stage),
        SceneKind::ChargingPost => site::charging_post(stage),
        SceneKind::LeaningPole => roadside::pole(stage),
        SceneKind::BrokenRailing => roadside::railing(stage),
    }
}

/// The light of the hour: a little duller before than after, and its own for each scene.
fn light(kind: SceneKind, dice: &Dice, before: bool) -> [f32; 3] {
    let warmth = dice.fork("light").between_f32(-0.035, 0.045);
    let level = match (kind, before) {
        (SceneKind::LampOff, _) => 1.0,
        (_, true) => 0.95,
        (_, false) => 1.02,
    };
    [level * (1.0 + warmth), level, level * (1.0 - warmth)]
}

/// 演示 in strokes, at the lower right: nobody shall take a drawing of a demo for a record.
fn mark(canvas: &mut Canvas) {
    const YAN: [&[Spot]; 11] = [
        &[(1.0, 1.0), (2.0, 2.0)],
        &[(0.5, 4.0), (1.6, 5.0)],
        &[(0.5, 9.0), (2.2, 6.5)],
        &[(6.3, 0.0), (6.6, 1.1)],
        &[(3.2, 3.0), (3.2, 1.6), (9.6, 1.6), (9.4, 3.0)],
        &[(4.3, 3.4), (8.6, 3.4)],
        &[(4.2, 4.8), (8.6, 4.8), (8.6, 7.6), (4.2, 7.6), (4.2, 4.8)],
        &[(4.2, 6.2), (8.6, 6.2)],
        &[(6.4, 3.4), (6.4, 7.6)],
        &[(5.3, 8.1), (3.6, 9.8)],
        &[(7.5, 8.1), (9.4, 9.8)],
    ];
    const SHI: [&[Spot]; 5] = [
        &[(2.0, 1.5), (8.0, 1.5)],
        &[(0.8, 4.0), (9.2, 4.0)],
        &[(5.0, 4.0), (5.0, 9.3), (3.8, 8.7)],
        &[(2.8, 5.6), (1.0, 8.4)],
        &[(7.2, 5.6), (9.0, 8.2)],
    ];
    let (left, top, size) = (562.0, 444.0, 1.7);
    canvas.round_rect(left - 8.0, top - 5.0, 56.0, 27.0, 6.0, Ink::hex(0x1E2630).thin(0.5));
    for (strokes, x) in [(YAN.as_slice(), left), (SHI.as_slice(), left + 22.0)] {
        for stroke in strokes {
            let places: Vec<Spot> = stroke.iter().map(|p| (x + p.0 * size, top + p.1 * size)).collect();
            canvas.strokes(&places, 1.5, Ink::hex(0xFFFFFF).thin(0.95));
        }
    }
}
