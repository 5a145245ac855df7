//! The index and the sweep against judging every row at every moment.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// Everything that ranks a row: width of the area, class, owner, minutes, days, number.
type Precedence = (i64, i64, bool, u16, i64, u32);

/// Who answers, judged row by row straight from the sentence in the module's head.
fn naive(
    rows: &[MatrixRow],
    relations: &[Relation],
    code: ClassCode,
    place: AreaKey,
    at: Time,
) -> Option<(UnitId, u32, Vec<u32>)> {
    let holds = |selector: AreaSelector| match selector {
        AreaSelector::Area(key) => key.range().holds(place),
        AreaSelector::Zone(_) => false,
    };
    let owned = |row: &MatrixRow| {
        row.owner.is_none_or(|kind| {
            relations
                .iter()
                .any(|r| r.kind == kind && r.unit == row.unit && r.valid.holds(at.date()) && holds(r.area))
        })
    };
    let weekday = (at.day_number() + 3).rem_euclid(7) as u8;
    let minute = (at.ms_of_day() / MINUTE_MS) as u16;
    let rank = |row: &MatrixRow| -> Precedence {
        let AreaSelector::Area(key) = row.area else { unreachable!() };
        let range = key.range();
        let class_width = row.class.map_or(0, |c| c.to_string().len() as i64);
        let days = row.valid.days().unwrap_or(i64::MAX);
        (
            range.to.0 - range.from.0,
            -class_width,
            row.owner.is_none(),
            row.window.week_minutes(),
            days,
            row.row_no,
        )
    };
    let mut matching: Vec<&MatrixRow> = rows
        .iter()
        .filter(|row| row.class.is_none_or(|c| code.to_string().starts_with(&c.to_string())))
        .filter(|row| holds(row.area) && row.valid.holds(at.date()) && row.window.holds(weekday, minute))
        .filter(|row| owned(row))
        .collect();
    matching.sort_by_key(|row| rank(row));
    let best = matching.first()?;
    let key = |row: &MatrixRow| {
        let (a, b, c, d, e, _) = rank(row);
        (a, b, c, d, e)
    };
    let rivals = matching.iter().filter(|row| key(row) == key(best) && row.unit != best.unit);
    Some((best.unit, best.row_no, rivals.map(|row| row.row_no).collect()))
}

const CODES: [&str; 6] = ["E0101", "E0102", "E0201", "P0101", "E01", "E02"];
const PLACES: [&str; 10] = [
    "320281",
    "320281101",
    "320281102",
    "320281101201",
    "320281101202",
    "320281102201",
    "3202811012010001",
    "3202811012010002",
    "3202811012020001",
    "3202811022010001",
];
const LEAVES: std::ops::Range<usize> = 6..10;

fn random_window() -> impl Strategy<Value = Window> {
    let hours = prop_oneof![Just((0, 1440)), Just((480, 1080)), Just((1080, 120)), Just((600, 720))];
    let days = prop_oneof![Just(0x7F), Just(0x1F), Just(0x60), 1..=0x7F_u8];
    (days, hours).prop_map(|(days, (from, to))| Window::new(days, from, to).unwrap())
}

fn random_dates() -> impl Strategy<Value = Dates> {
    let day = |n: i8| Date::constant(2026, 3, 1).checked_add(jiff::Span::new().days(i64::from(n))).unwrap();
    (proptest::option::of(0..12_i8), proptest::option::of(0..12_i8)).prop_map(move |(from, length)| Dates {
        valid_from: from.map(day),
        valid_to: length.map(|length| day(from.unwrap_or(0) + length)),
    })
}

fn random_rows() -> impl Strategy<Value = Vec<MatrixRow>> {
    let owner = prop_oneof![4 => Just(None), 1 => Just(Some(RelationKind::Maintains))];
    let code = proptest::option::of(0..CODES.len());
    let one = (code, 0..PLACES.len(), random_window(), random_dates(), 1..4_i64, owner);
    proptest::collection::vec(one, 0..14).prop_map(|all| {
        let numbered = all.into_iter().enumerate();
        numbered
            .map(|(n, (code, place, window, valid, unit, owner))| MatrixRow {
                window,
                valid,
                owner,
                ..row(n as u32 + 1, code.map(|c| CODES[c]), PLACES[place], unit)
            })
            .collect()
    })
}

fn classes() -> Vec<ClassInfo> {
    let info = |code: &str| ClassInfo { code: class(code), name: code.into(), group_name: code[..3].into() };
    CODES[..4].iter().map(|code| info(code)).collect()
}

fn relations() -> Vec<Relation> {
    vec![
        relation(1, RelationKind::Maintains, "320281101"),
        relation(2, RelationKind::Maintains, "320281102201"),
    ]
}

/// Every half hour of the days 2026-03-03 … 03-12.
fn moments() -> impl Iterator<Item = Time> {
    (0..10 * 48).map(|n| moment(0, 0, n * 30))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn the_index_answers_like_the_sentence(rows in random_rows()) {
        let relations = relations();
        let matrix = Matrix::build(rows.clone(), &[], &relations, backstops(), &HashMap::new());
        for (at, place) in moments().step_by(7).flat_map(|at| PLACES.map(|place| (at, area(place)))) {
            for code in CODES[..4].iter().map(|code| class(code)) {
                let found = matrix.find(code, place, at).unwrap();
                let told = found.row.map(|row| {
                    let mut rivals: Vec<u32> = found.contested.iter().map(|id| (id.0 - 1_000) as u32).collect();
                    rivals.sort_unstable();
                    (found.unit, row.row_no, rivals)
                });
                prop_assert_eq!(told, naive(&rows, &relations, code, place, at));
            }
        }
    }

    #[test]
    fn the_findings_are_what_every_moment_says(rows in random_rows()) {
        let (relations, classes) = (relations(), classes());
        let matrix = Matrix::build(rows.clone(), &[], &relations, backstops(), &HashMap::new());
        let leaves: Vec<AreaKey> = PLACES[LEAVES].iter().map(|place| area(place)).collect();
        let findings = matrix.findings(&leaves, &classes, Date::constant(2026, 3, 3), Date::constant(2026, 3, 12));
        for (at, leaf) in moments().flat_map(|at| leaves.iter().map(move |leaf| (at, *leaf))) {
            for code in classes.iter().map(|class| class.code) {
                let truth = naive(&rows, &relations, code, leaf, at);
                let here: Vec<&Finding> = findings
                    .iter()
                    .filter(|f| f.classes.contains(&code) && f.when.holds(at))
                    .filter(|f| f.areas.iter().any(|area| area.range().holds(leaf)))
                    .collect();
                let holes = here.iter().filter(|f| f.kind == FindingKind::Hole).count();
                prop_assert_eq!(holes, usize::from(truth.is_none()), "{} {} {:?}", code, leaf, at.minute_text());
                if let Some((_, best, rivals)) = truth.filter(|(_, _, rivals)| !rivals.is_empty()) {
                    let numbers: BTreeSet<u32> = rivals.into_iter().chain([best]).collect();
                    let told = here.iter().any(|f| {
                        f.kind == FindingKind::Overlap
                            && numbers.iter().all(|n| f.rows.contains(&MatrixRowId(1_000 + i64::from(*n))))
                    });
                    prop_assert!(told, "{} {} {} {:?}", code, leaf, at.minute_text(), numbers);
                }
            }
        }
    }
}

#[test]
fn a_hundred_thousand_random_questions_have_exactly_one_answer() {
    let chance = SeededChance::new(99);
    let pick = |n: usize| chance.below(n as u64) as usize;
    let place = || {
        let town = 101 + chance.below(17) as i64;
        let (village, cell) = (201 + chance.below(16) as i64, 1 + chance.below(5) as i64);
        match pick(4) {
            0 => AreaKey::of(320_281, town, 0, 0).unwrap(),
            1 => AreaKey::of(320_281, town, village, 0).unwrap(),
            _ => AreaKey::of(320_281, town, village, cell).unwrap(),
        }
    };
    let code = || format!("E{:02}{:02}", 1 + pick(10), 1 + pick(12));
    let rows: Vec<MatrixRow> = (1..=400)
        .map(|n| {
            let code = code();
            let window = if pick(3) == 0 { Window::new(0x1F, 480, 1080).unwrap() } else { Window::ALWAYS };
            let code = &code[..if pick(2) == 0 { 3 } else { 5 }];
            MatrixRow {
                area: AreaSelector::Area(place()),
                window,
                ..row(n, Some(code), "320281", 1 + pick(40) as i64)
            }
        })
        .collect();
    let matrix = Matrix::build(rows.clone(), &[], &[], backstops(), &HashMap::new());
    let mut by_row = 0;
    for n in 0..100_000 {
        let (code, place) = (class(&code()), place());
        let at = moment(pick(400) as i64, pick(24) as i64, pick(60) as i64);
        let found = matrix.find(code, place, at).expect("somebody is accountable");
        by_row += usize::from(found.row.is_some());
        // Judging row by row is slow: every fiftieth answer.
        if n % 50 == 0 {
            let expected = naive(&rows, &[], code, place, at).map(|(unit, no, _)| (unit, no));
            assert_eq!(found.row.map(|row| (found.unit, row.row_no)), expected);
        }
        assert_ne!(found.row.is_some(), found.backstop_of.is_some());
    }
    assert!((1_000..99_000).contains(&by_row), "rows answered {by_row} times");
}
