//! Holes and overlaps that are planted by seed, and exactly those that are listed.

use super::*;

const TOWNS: i64 = 17;
const VILLAGES: i64 = 16;
const CELLS: i64 = 5;
const CITY: i64 = 320_281;

fn key(town: i64, village: i64, cell: i64) -> AreaKey {
    AreaKey::of(CITY, town, village, cell).unwrap()
}

/// 17 towns, 272 villages, 1,360 cells.
fn leaves() -> Vec<AreaKey> {
    let towns =
        (101..=100 + TOWNS).flat_map(|town| (201..=200 + VILLAGES).map(move |village| (town, village)));
    towns.flat_map(|(town, village)| (1..=CELLS).map(move |cell| key(town, village, cell))).collect()
}

/// Ten 大类 of twelve classes.
fn classes() -> Vec<ClassInfo> {
    let one = |group: i64, n: i64| ClassInfo {
        code: class(&format!("E{group:02}{n:02}")),
        name: format!("小类{group}-{n}"),
        group_name: format!("大类{group}"),
    };
    (1..=10).flat_map(|group| (1..=12).map(move |n| one(group, n))).collect()
}

/// A list as it is written: each 大类 in each town, with a narrower row here and there.
struct Sheet {
    rows: Vec<MatrixRow>,
}

impl Sheet {
    fn complete() -> Self {
        let mut sheet = Self { rows: Vec::new() };
        for group in 1..=10 {
            for town in 101..=100 + TOWNS {
                sheet.add(&format!("E{group:02}"), key(town, 0, 0), group * 1_000 + town);
            }
        }
        for n in 1..=8 {
            sheet.add(&format!("E{n:02}03"), key(100 + n, 0, 0), 50 + n);
            sheet.add(&format!("E{n:02}"), key(110, 200 + n, 0), 60 + n);
        }
        sheet
    }

    fn add(&mut self, code: &str, place: AreaKey, unit: i64) -> &mut MatrixRow {
        let row_no = self.rows.len() as u32 + 1;
        self.rows
            .push(MatrixRow { area: AreaSelector::Area(place), ..row(row_no, Some(code), "320281", unit) });
        self.rows.last_mut().unwrap()
    }

    /// Takes the row of a 大类 in a town out and returns its unit.
    fn take(&mut self, group: i64, town: i64) -> i64 {
        let code = format!("E{group:02}").parse().unwrap();
        let at = self
            .rows
            .iter()
            .position(|r| r.class == Some(code) && r.area == AreaSelector::Area(key(town, 0, 0)));
        self.rows.remove(at.unwrap()).unit.0
    }

    fn row_of(&mut self, group: i64, town: i64) -> &mut MatrixRow {
        let code = format!("E{group:02}").parse().unwrap();
        let found =
            |r: &&mut MatrixRow| r.class == Some(code) && r.area == AreaSelector::Area(key(town, 0, 0));
        self.rows.iter_mut().find(found).unwrap()
    }

    fn renumber(&mut self) {
        // Rows that were taken out leave their numbers unused, as in life.
        let mut seen = std::collections::BTreeSet::new();
        for row in &mut self.rows {
            while !seen.insert(row.row_no) {
                row.row_no += 5_000;
                row.id = MatrixRowId(1_000 + i64::from(row.row_no));
            }
        }
    }
}

/// What a finding says, without the ids that planting cannot know.
type Told = (FindingKind, Option<String>, Vec<String>, Option<String>);

fn told(finding: &Finding) -> Told {
    let areas = finding.areas.iter().map(|a| a.code()).collect();
    (finding.kind, finding.selector.map(|c| c.to_string()), areas, finding.when.text())
}

/// Plants one thing into the row of (group, town) and says how it must be told.
fn plant(sheet: &mut Sheet, kind: u64, group: i64, town: i64, chance: &SeededChance) -> Told {
    let pick = |n: i64| chance.below(n as u64) as i64;
    let group_code = format!("E{group:02}");
    let town_key = key(town, 0, 0);
    let village = 201 + pick(VILLAGES);
    let hole = |selector: String, areas: Vec<AreaKey>, when: Option<&str>| {
        (FindingKind::Hole, Some(selector), areas.iter().map(|a| a.code()).collect(), when.map(str::to_owned))
    };
    match kind {
        0 => {
            sheet.take(group, town);
            hole(group_code, vec![town_key], None)
        }
        1 => {
            let (unit, gap) = (sheet.take(group, town), 1 + pick(12));
            (1..=12).filter(|n| *n != gap).for_each(|n| {
                sheet.add(&format!("{group_code}{n:02}"), town_key, unit);
            });
            hole(format!("{group_code}{gap:02}"), vec![town_key], None)
        }
        2 => {
            let unit = sheet.take(group, town);
            (201..=200 + VILLAGES).filter(|v| *v != village).for_each(|v| {
                sheet.add(&group_code, key(town, v, 0), unit);
            });
            hole(group_code, vec![key(town, village, 0)], None)
        }
        3 => {
            let unit = sheet.take(group, town);
            (201..=200 + VILLAGES).filter(|v| *v != village).for_each(|v| {
                sheet.add(&group_code, key(town, v, 0), unit);
            });
            // Two neighbouring cells of five are missing.
            let first = 1 + pick(CELLS - 1);
            (1..=CELLS).filter(|c| *c != first && *c != first + 1).for_each(|c| {
                sheet.add(&group_code, key(town, village, c), unit);
            });
            hole(group_code, vec![key(town, village, first), key(town, village, first + 1)], None)
        }
        4 => {
            sheet.row_of(group, town).window = Window::new(0x1F, 0, 1440).unwrap();
            hole(group_code, vec![town_key], Some("周六、周日全天"))
        }
        5 => {
            sheet.row_of(group, town).window = Window::new(0x7F, 360, 1320).unwrap();
            hole(group_code, vec![town_key], Some("每天 00:00–06:00、每天 22:00–24:00"))
        }
        6 => {
            sheet.row_of(group, town).valid.valid_to = Some(Date::constant(2026, 6, 30));
            hole(group_code, vec![town_key], Some("2026-07-01 起"))
        }
        7 => {
            sheet.add(&group_code, town_key, 70);
            (FindingKind::Overlap, Some(group_code), vec![town_key.code()], None)
        }
        8 => {
            // Two night shifts that share two hours; by day the row of the town answers.
            sheet.add(&group_code, key(town, village, 0), 71).window = Window::new(0x7F, 1080, 1320).unwrap();
            sheet.add(&group_code, key(town, village, 0), 72).window = Window::new(0x7F, 1200, 1440).unwrap();
            let code = key(town, village, 0).code();
            (FindingKind::Overlap, Some(group_code), vec![code], Some("每天 20:00–22:00".into()))
        }
        _ => {
            let n = 4 + pick(8);
            sheet.add(&format!("{group_code}{n:02}"), town_key, 73);
            sheet.add(&format!("{group_code}{n:02}"), town_key, 74);
            (FindingKind::Overlap, Some(format!("{group_code}{n:02}")), vec![town_key.code()], None)
        }
    }
}

fn listed(sheet: &Sheet) -> Vec<Finding> {
    let matrix = Matrix::build(sheet.rows.clone(), &[], &[], backstops(), &HashMap::new());
    matrix.findings(&leaves(), &classes(), Date::constant(2026, 3, 3), Date::constant(2027, 3, 2))
}

#[test]
fn a_complete_list_has_no_findings() {
    assert_eq!(listed(&Sheet::complete()), []);
}

#[test]
fn exactly_the_twelve_that_were_planted_are_listed() {
    for seed in 1..=25 {
        let chance = SeededChance::new(seed);
        let mut sheet = Sheet::complete();
        let mut taken = std::collections::BTreeSet::new();
        let mut planted: Vec<Told> = Vec::new();
        while planted.len() < 12 {
            // Town 110 and the 大类 9 and 10 have no narrower rows; 9 and 10 are used in every town, 1–8 above 110.
            let (group, town) = (1 + chance.below(10) as i64, 111 + chance.below(7) as i64);
            if taken.insert((group, town)) {
                planted.push(plant(&mut sheet, chance.below(10), group, town, &chance));
            }
        }
        sheet.renumber();
        let mut found: Vec<Told> = listed(&sheet).iter().map(told).collect();
        planted.sort();
        found.sort();
        assert_eq!(found, planted, "seed {seed}");
    }
}

#[test]
fn a_narrower_row_hides_an_overlap_and_fills_a_hole() {
    let mut sheet = Sheet::complete();
    sheet.take(1, 111);
    sheet.add("E01", key(111, 0, 0), 70);
    sheet.add("E01", key(111, 0, 0), 71);
    for v in 201..=200 + VILLAGES {
        sheet.add("E01", key(111, v, 0), 72);
    }
    sheet.renumber();
    assert_eq!(listed(&sheet), []);
}

#[test]
fn what_is_missing_everywhere_is_one_finding() {
    let mut sheet = Sheet::complete();
    sheet.rows.retain(|row| !row.class.unwrap().to_string().starts_with("E04"));
    assert_eq!(
        listed(&sheet).iter().map(told).collect::<Vec<_>>(),
        [(FindingKind::Hole, Some("E04".into()), vec!["320281".into()], None)]
    );
    assert_eq!(
        listed(&Sheet { rows: vec![] }).iter().map(told).collect::<Vec<_>>(),
        [(FindingKind::Hole, None, vec!["320281".into()], None)]
    );
}

#[test]
fn bare_ground_of_a_town_is_told_apart_from_its_cells() {
    let mut sheet = Sheet::complete();
    let unit = sheet.take(2, 112);
    (201..=200 + VILLAGES).for_each(|v| {
        sheet.add("E02", key(112, v, 0), unit);
    });
    sheet.renumber();
    assert_eq!(listed(&sheet), []);
    let matrix = Matrix::build(sheet.rows, &[], &[], backstops(), &HashMap::new());
    let mut ground = leaves();
    ground.push(key(112, 0, 0));
    let found = matrix.findings(&ground, &classes(), Date::constant(2026, 3, 3), Date::constant(2026, 3, 3));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].bare, &found[0].areas), (true, &vec![key(112, 0, 0)]));
}
