//! Writes a sheet of all demo pictures, before beside after, to look at:
//! `cargo run -p demo --example contact_sheet -- [FILE] [SEED] [COLUMN_WIDTH]`.

use image::imageops::{FilterType, overlay, resize};
use image::{Rgb, RgbImage};
use scenery::pictures::{Moment, SCENES, draw};
use std::error::Error;

const COLUMNS: u32 = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().unwrap_or_else(|| "sheet.png".to_owned());
    let seed: u64 = arguments.next().and_then(|s| s.parse().ok()).unwrap_or(1);
    let width: u32 = arguments.next().and_then(|s| s.parse().ok()).unwrap_or(240);
    let height = width * 3 / 4;
    let rows = SCENES.len().div_ceil(COLUMNS as usize) as u32;
    let mut sheet = RgbImage::from_pixel(COLUMNS * (width * 2 + 18), rows * (height + 12), Rgb([255; 3]));
    for (index, kind) in SCENES.into_iter().enumerate() {
        for (side, moment) in [Moment::Before, Moment::After].into_iter().enumerate() {
            let jpeg = draw(kind, seed, moment)?;
            println!("{kind:?} {moment:?} {} bytes", jpeg.len());
            let picture = image::load_from_memory(&jpeg)?.to_rgb8();
            let small = resize(&picture, width, height, FilterType::Triangle);
            let x = (index as u32 % COLUMNS) * (width * 2 + 18) + side as u32 * (width + 4);
            let y = (index as u32 / COLUMNS) * (height + 12);
            overlay(&mut sheet, &small, i64::from(x), i64::from(y));
        }
    }
    sheet.save(file)?;
    Ok(())
}
