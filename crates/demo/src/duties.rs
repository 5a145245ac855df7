//! The demo's responsibility list (责任清单), with twelve planted faults: six holes, five overlaps, and one hole in the
//! grid itself (`geography::hole`). A list of a real city has such faults; the page of findings must show exactly these.

use kernel::class::{ClassCode, GroupCode};
use kernel::id::{MatrixRowId, UnitId};
use org::{AreaSelector, ClassSelector, Dates, MatrixRow, Window};

use crate::cast::{Cast, FIRE, GAS, HOUSING, MARKETS, PARKS, POLICE, POWER, TRANSPORT, URBAN, WATER};
use crate::geography::Geography;

/// Rows left out on purpose: (town, group). 璜土, 顾山, 长泾, 月城, 利港.
const HOLES: [(&str, &str); 5] = [
    ("320281100", "E06"),
    ("320281111", "E02"),
    ("320281110", "E06"),
    ("320281102", "E03"),
    ("320281008", "E02"),
];
/// Rows given a second time to the town itself: 周庄, 云亭, 祝塘, 华士.
const OVERLAPS: [(&str, &str); 4] =
    [("320281108", "E02"), ("320281005", "E06"), ("320281112", "E03"), ("320281107", "E02")];
/// Findings that the page must show for the list (the sixth hole is 其他部件, which no row names; the fifth overlap is
/// 交通设施, claimed twice) and for the grid.
pub const PLANTED_HOLES: usize = HOLES.len() + 1;
/// See [`PLANTED_HOLES`].
pub const PLANTED_OVERLAPS: usize = OVERLAPS.len() + 1;

struct List {
    rows: Vec<MatrixRow>,
}

/// The rows, numbered from 1.
pub(crate) fn rows(ground: &Geography, cast: &Cast) -> Vec<MatrixRow> {
    let mut list = List { rows: Vec::new() };
    for town in &ground.towns {
        let code = town.code9.as_str();
        let (office, force, sweepers) = (cast.town(code), cast.enforcement(code), cast.sanitation(code));
        for (group, unit) in
            [("E01", sweepers), ("E02", force), ("E03", office), ("E04", force), ("E06", force)]
        {
            if !HOLES.contains(&(code, group)) {
                list.add(group, code, Window::ALWAYS, unit, &[]);
            }
            if OVERLAPS.contains(&(code, group)) {
                let rival = if unit == office { force } else { office };
                list.add(group, code, Window::ALWAYS, rival, &[]);
            }
        }
        list.add("E0498", code, Window::ALWAYS, MARKETS, &[force]);
        list.add("E0496", code, Window::ALWAYS, FIRE, &[office]);
        // 商业噪音 at night is the police's, by day the town's enforcement.
        let night = Window::new(0x7F, 22 * 60, 6 * 60).unwrap_or(Window::ALWAYS);
        list.add("E0128", code, night, POLICE, &[force]);
        list.add("E0128", code, Window::ALWAYS, force, &[]);
    }
    for (class, unit, helpers) in city_rows() {
        list.add(class, "320281", Window::ALWAYS, unit, helpers);
    }
    list.rows
}

fn city_rows() -> [(&'static str, UnitId, &'static [UnitId]); 16] {
    [
        ("E05", HOUSING, &[]),
        ("E0501", WATER, &[]),
        ("E0502", GAS, &[FIRE]),
        ("E0503", WATER, &[]),
        ("E0506", WATER, &[URBAN]),
        ("E0508", POWER, &[]),
        ("P01", URBAN, &[]),
        ("P0101", WATER, &[]),
        ("P0102", WATER, &[]),
        ("P0103", WATER, &[]),
        ("P0111", GAS, &[]),
        ("P0154", POWER, &[]),
        ("P02", TRANSPORT, &[]),
        ("P02", URBAN, &[]),
        ("P03", URBAN, &[]),
        ("P04", PARKS, &[]),
    ]
}

impl List {
    fn add(&mut self, class: &str, area: &str, window: Window, unit: UnitId, helpers: &[UnitId]) {
        let row_no = self.rows.len() as u32 + 1;
        self.rows.push(MatrixRow {
            id: MatrixRowId(i64::from(row_no)),
            row_no,
            class: selector(class),
            area: AreaSelector::Area(area.parse().unwrap_or_default()),
            owner: None,
            window,
            valid: Dates::ALWAYS,
            unit,
            helpers: helpers.to_vec(),
            note: "演示责任清单".to_owned(),
        });
    }
}

/// `E01` is a group, `E0110` a class.
fn selector(code: &str) -> Option<ClassSelector> {
    let class = code.parse::<ClassCode>().ok().map(ClassSelector::Class);
    class.or_else(|| code.parse::<GroupCode>().ok().map(ClassSelector::Group))
}
