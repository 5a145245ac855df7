//! Invented places with names: where trouble happens and what reports call it.
//!
//! Which cells have a market, a school or a building site follows from the village and the number of the cell, not
//! from a free draw, so a name never stands twice in one village and trouble gathers where its place is.

use super::voronoi::random_point_in;
use super::{DemoCell, Geography, Level, rounded};
use crate::dice::{Dice, hash_text};
use geo::{Area, Contains, Coord, Point, Polygon};

/// What kind of place a landmark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LandmarkKind {
    /// 农贸市场.
    Market,
    /// 学校, 幼儿园.
    School,
    /// 公交站.
    Station,
    /// 小区, 自然村.
    Residential,
    /// 道路, with a house number.
    Street,
    /// 口袋公园, 绿地.
    Park,
    /// 工地.
    Construction,
    /// 公共厕所.
    Toilet,
    /// 卫生服务站.
    Clinic,
    /// 沿街商铺.
    Shops,
    /// 河岸.
    Riverside,
    /// 停车场.
    Parking,
    /// 镇街交界处.
    Border,
}

/// A named place inside one cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Landmark {
    /// Kind of place.
    pub kind: LandmarkKind,
    /// Name as people say it, as 花园菜场 or 虹桥路126号.
    pub name: String,
    /// Degrees, 7 decimals, inside the cell.
    pub point: Point<f64>,
}

const WORDS: [&str; 46] = [
    "滨江", "暨阳", "春申", "澄北", "长安", "文昌", "迎宾", "朝阳", "东盛", "西苑", "南菁", "新民", "和平",
    "光明", "建设", "兴业", "富民", "安康", "福泰", "锦绣", "金桂", "香樟", "银杏", "绿杨", "梅香", "兰亭",
    "竹韵", "荷塘", "枫林", "柳岸", "望江", "听涛", "映月", "清河", "白屈", "应天", "青山", "凤凰", "鹤鸣",
    "鲥鱼", "芙蓉", "环溪", "通运", "永泰", "嘉和", "景观",
];
const STREET_ENDS: [&str; 5] = ["路", "街", "中路", "巷", "东路"];
const ESTATE_ENDS: [&str; 6] = ["花苑", "新村", "小区", "家园", "雅苑", "公寓"];
const HAMLET_ENDS: [&str; 6] = ["巷上", "桥头", "浜里", "家村", "岸上", "塘下"];
const MARKET_ENDS: [&str; 4] = ["菜场", "农贸市场", "生鲜市场", "便民菜市"];
const SCHOOL_ENDS: [&str; 5] = ["小学", "幼儿园", "实验小学", "初级中学", "第二幼儿园"];
const SITE_ENDS: [&str; 4] = ["府工地", "广场工地", "大厦工地", "安置房工地"];
const STATION_SIDES: [&str; 8] = ["东", "西", "南", "北", "路口", "桥", "新村", "中"];

/// The stable facts from which all names of one cell follow.
struct Naming {
    /// Village or community as it stands in names: 花园 (社区), 皮弄村.
    stem: String,
    is_community: bool,
    /// Turns the lists, so that neighbouring villages use different words.
    turn: usize,
    /// Number of the cell in its village, from 0.
    number: usize,
}

impl Naming {
    fn of(cell: &DemoCell) -> Self {
        let village = cell.name.rsplit_once('第').map_or(cell.name.as_str(), |(village, _)| village);
        let turn = hash_text(cell.village_code.as_deref().unwrap_or(village));
        Self {
            stem: stem(village),
            is_community: village.ends_with("社区"),
            turn: (turn % 1_000_003) as usize,
            number: cell.seq.saturating_sub(1) as usize,
        }
    }

    /// A word that no other cell of the village gets for the same `use_index` (0 or 1).
    fn word(&self, use_index: usize) -> &'static str {
        let index = self.turn + self.number * 2 + use_index;
        WORDS.get(index % WORDS.len()).copied().unwrap_or_default()
    }

    fn end<'a>(&self, ends: &[&'a str], step: usize) -> &'a str {
        ends.get((self.turn / 7 + step) % ends.len().max(1)).copied().unwrap_or_default()
    }

    /// True for every `every`-th cell of the village, beginning at an `offset` that the village turns.
    fn falls_on(&self, every: usize, offset: usize) -> bool {
        (self.turn + self.number + offset).is_multiple_of(every)
    }
}

/// The name of a village as it stands in names of places: without 社区; of a very long name the last six characters.
fn stem(village: &str) -> String {
    let base = village.strip_suffix("社区").unwrap_or(village);
    let length = base.chars().count();
    if length > 6 { base.chars().skip(length - 6).collect() } else { base.to_owned() }
}

/// The landmarks of a village-level cell: six to twelve, each strictly inside, all names different.
///
/// Depends on the seed and on the cell alone. Cells of upper levels have none: ask for those under them.
pub fn landmarks(seed: u64, cell: &DemoCell) -> Vec<Landmark> {
    if cell.level != Level::Village {
        return Vec::new();
    }
    let mut dice = Dice::new(seed).fork("landmarks").fork_number(cell.area_key as u64);
    let naming = Naming::of(cell);
    let Some(polygon) = largest_part(cell) else { return Vec::new() };
    names(&naming, &mut dice)
        .into_iter()
        .map(|(kind, name)| Landmark { kind, name, point: place_in(polygon, &mut dice) })
        .collect()
}

fn names(naming: &Naming, dice: &mut Dice) -> Vec<(LandmarkKind, String)> {
    use LandmarkKind::{
        Clinic, Construction, Market, Park, Parking, Residential, Riverside, School, Shops, Station, Street,
        Toilet,
    };
    let stem = &naming.stem;
    let (one, two, number) = (naming.word(0), naming.word(1), naming.number);
    let street = format!("{one}{}", naming.end(&STREET_ENDS, number));
    let side_street = format!("{two}{}", naming.end(&STREET_ENDS, number + 1));
    let mut names = vec![
        (Street, format!("{street}{}号", 2 * dice.below(150) + 1)),
        (Street, format!("{side_street}{}号", 2 * dice.below(90) + 2)),
        (Residential, home(naming, one, number)),
        (Residential, home(naming, two, number + 1)),
        (Station, station(naming)),
        (Toilet, format!("{street}公厕")),
    ];
    let mut add = |here: bool, kind: LandmarkKind, name: String| {
        if here {
            names.push((kind, name));
        }
    };
    let dense = if naming.is_community { 1 } else { 2 };
    add(
        naming.falls_on(3 * dense, 0),
        Market,
        format!("{stem}{}", naming.end(&MARKET_ENDS, number / (3 * dense))),
    );
    add(naming.falls_on(4, 1), School, format!("{stem}{}", naming.end(&SCHOOL_ENDS, number / 4)));
    add(naming.falls_on(2 * dense, 1), Shops, format!("{side_street}沿街商铺"));
    add(naming.falls_on(2, 0), Park, format!("{two}口袋公园"));
    add(naming.falls_on(5, 3), Construction, format!("{one}{}", naming.end(&SITE_ENDS, number / 5)));
    add(
        naming.falls_on(6, 2),
        Clinic,
        format!("{stem}{}卫生服务站", ["", "第二", "第三", "第四"][number / 6 % 4]),
    );
    add(naming.falls_on(3, 2), Riverside, format!("{two}河岸"));
    add(naming.falls_on(4, 3), Parking, format!("{side_street}停车场"));
    names
}

/// 花园东公交站; from the ninth cell of a village on the stop is called after a street.
fn station(naming: &Naming) -> String {
    let side = naming.end(&STATION_SIDES, naming.number);
    let called = if naming.number < STATION_SIDES.len() { naming.stem.as_str() } else { naming.word(0) };
    format!("{called}{side}公交站")
}

fn home(naming: &Naming, word: &str, step: usize) -> String {
    let ends = if naming.is_community { &ESTATE_ENDS } else { &HAMLET_ENDS };
    format!("{word}{}", naming.end(ends, step))
}

fn largest_part(cell: &DemoCell) -> Option<&Polygon<f64>> {
    cell.polygon.0.iter().max_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()))
}

/// A random place that is still inside after rounding to 7 decimals.
fn place_in(polygon: &Polygon<f64>, dice: &mut Dice) -> Point<f64> {
    let draw = |dice: &mut Dice| Point(rounded(random_point_in(polygon, dice).0));
    let mut place = draw(dice);
    for _ in 0..20 {
        if polygon.contains(&place) {
            break;
        }
        place = draw(dice);
    }
    place
}

impl Geography {
    /// Places within 15 m of the border between two towns, one for each cell and town on the other side.
    ///
    /// Returns the index of the cell with the landmark. This is where two units each say that it is the other's.
    pub fn border_landmarks(&self, seed: u64) -> Vec<(usize, Landmark)> {
        let dice = Dice::new(seed).fork("borders");
        let mut found = Vec::new();
        for (index, border) in self.town_borders.iter().enumerate() {
            let Some(cell) = self.cells.get(border.cell) else { continue };
            let own_town = cell.town_code.as_deref().and_then(|code| self.town(code));
            let (Some(own), Some(other)) = (own_town, self.town(&border.other_town_code)) else { continue };
            let mut dice = dice.fork_number(index as u64);
            let Some(point) = beside(border.edge, cell, &mut dice) else { continue };
            let naming = Naming::of(cell);
            let street = format!("{}{}", naming.word(0), naming.end(&STREET_ENDS, naming.number));
            let name = format!("{street}{}{}交界处", short_town(&own.name), short_town(&other.name));
            found.push((border.cell, Landmark { kind: LandmarkKind::Border, name, point }));
        }
        found
    }
}

/// A place 3 to 12 m inside the cell, beside the middle part of an edge; none when the cell is too narrow there.
fn beside((a, b): (Point<f64>, Point<f64>), cell: &DemoCell, dice: &mut Dice) -> Option<Point<f64>> {
    let (a, b) = (super::plane::to_metres(a.0), super::plane::to_metres(b.0));
    let along = b - a;
    let length = (along.x * along.x + along.y * along.y).sqrt();
    if length < 5.0 {
        return None;
    }
    // Faces run counter-clockwise, so their inside is on the left of each edge.
    let inward = Coord { x: -along.y / length, y: along.x / length };
    let place = a + along * dice.between(0.35, 0.65) + inward * dice.between(3.0, 12.0);
    let place = Point(rounded(super::plane::to_degrees(place)));
    cell.polygon.contains(&place).then_some(place)
}

/// 云亭街道 → 云亭, 江阴高新区 → 高新区.
fn short_town(name: &str) -> &str {
    let name = name.strip_prefix("江阴").unwrap_or(name);
    name.strip_suffix("街道").or_else(|| name.strip_suffix("镇")).unwrap_or(name)
}
