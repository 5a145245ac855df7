//! Writes the map of the demo city as SVG, to look at: `cargo run -p demo --example map -- [FILE] [SEED]`.

use geo::{Coord, MultiPolygon};
use scenery::geography::{Geography, Level, geography, landmarks};
use std::error::Error;
use std::fmt::Write as _;

const SCALE: f64 = 2_600.0;

fn place(c: Coord<f64>) -> (f64, f64) {
    ((c.x - 119.95) * SCALE * 0.8495, (32.03 - c.y) * SCALE)
}

fn path(polygon: &MultiPolygon<f64>) -> String {
    let mut d = String::new();
    for ring in polygon.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors())) {
        for (i, &c) in ring.coords().enumerate() {
            let (x, y) = place(c);
            let _ = write!(d, "{}{x:.2} {y:.2}", if i == 0 { 'M' } else { 'L' });
        }
        d.push('Z');
    }
    d
}

fn svg(ground: &Geography, seed: u64) -> String {
    let mut out = String::from(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1500 960' width='1500' height='960' font-family='Noto Sans CJK SC'>\n<rect width='1500' height='960' fill='#dfe8ee'/>\n",
    );
    for neighbour in &ground.neighbours {
        let _ = writeln!(out, "<path d='{}' fill='#f1f1ec' stroke='#c6c6bd'/>", path(&neighbour.polygon));
    }
    for (i, town) in ground.towns.iter().enumerate() {
        let polygon = MultiPolygon::new(vec![town.polygon.clone()]);
        let _ = writeln!(out, "<path d='{}' fill='hsl({},38%,80%)'/>", path(&polygon), i * 137 % 360);
    }
    for cell in ground.cells.iter().filter(|c| c.level == Level::Village) {
        let _ =
            writeln!(out, "<path d='{}' fill='none' stroke='#fff' stroke-width='.7'/>", path(&cell.polygon));
        for landmark in landmarks(seed, cell).iter().take(1) {
            let (x, y) = place(landmark.point.0);
            let _ = writeln!(out, "<circle cx='{x:.1}' cy='{y:.1}' r='.8' fill='#345'/>");
        }
    }
    for village in &ground.villages {
        let polygon = MultiPolygon::new(vec![village.polygon.clone()]);
        let _ = writeln!(out, "<path d='{}' fill='none' stroke='#789' stroke-width='.8'/>", path(&polygon));
    }
    for town in &ground.towns {
        let polygon = MultiPolygon::new(vec![town.polygon.clone()]);
        let (x, y) = place(town.centre.0);
        let _ = writeln!(out, "<path d='{}' fill='none' stroke='#223' stroke-width='2'/>", path(&polygon));
        let _ = writeln!(
            out,
            "<text x='{x:.0}' y='{y:.0}' font-size='17' text-anchor='middle'>{}</text>",
            town.name
        );
    }
    let hole = MultiPolygon::new(vec![ground.planted_hole().clone()]);
    let _ = writeln!(out, "<path d='{}' fill='#d22'/>", path(&hole));
    out.push_str("<text x='12' y='948' font-size='14'>演示数据 · 轮廓 © 天地图</text></svg>\n");
    out
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().unwrap_or_else(|| "map.svg".to_owned());
    let seed = arguments.next().and_then(|s| s.parse().ok()).unwrap_or(1);
    std::fs::write(file, svg(&geography(seed)?, seed))?;
    Ok(())
}
