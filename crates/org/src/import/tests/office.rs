//! What office programs make of a list: codes that became dates, numbers that are shown otherwise than they are kept, rows
//! that only look empty, what is hidden.

use kernel::text::TextError;

use super::*;
use crate::import::cell::{Content, Shape, date_of, looks_empty, number_shown};
use crate::import::hidden::{Hidden, hidden};

fn of_file(kind: ImportKind, bytes: &[u8]) -> Vec<(String, &'static str)> {
    let (plan, sheet) = planned(kind, bytes).unwrap();
    let cell = |name: String| name.rsplit('!').next().unwrap_or_default().to_owned();
    plan.faults.iter().map(|fault| (cell(fault.at.name(sheet.kind_name)), fault.code)).collect()
}

fn at<'a>(found: &'a [(String, &'static str)], cell: &str) -> Vec<&'a str> {
    found.iter().filter(|(name, _)| name == cell).map(|(_, code)| *code).collect()
}

#[test]
fn workbooks_that_failed_are_told_at_their_cells() {
    let units = ImportKind::Units;
    let date = of_file(units, include_bytes!("../../../tests/faults/units-code-became-date.xlsx"));
    assert_eq!(at(&date, "A2"), ["org/became-date"], "{date:?}");
    let zero = of_file(units, include_bytes!("../../../tests/faults/units-validity-zero.xlsx"));
    assert_eq!(at(&zero, "G2"), ["org/date-out-of-range"], "{zero:?}");
    let twins = of_file(units, include_bytes!("../../../tests/faults/units-twins-by-case.xlsx"));
    assert_eq!(twins, [("A3".to_owned(), "org/code-taken")]);
    let short = of_file(units, include_bytes!("../../../tests/faults/units-derived-short-name.xlsx"));
    assert_eq!(short, [("B2".to_owned(), "org/short-name-needed")]);
    let phone =
        of_file(ImportKind::People, include_bytes!("../../../tests/faults/people-phone-signs-only.xlsx"));
    assert_eq!(at(&phone, "D2"), ["org/unknown-unit"], "{phone:?}");
    let (plan, _) = planned(units, include_bytes!("../../../tests/faults/units-shown-0007.xlsx")).unwrap();
    assert_eq!(plan.changes[0].shown.as_ref().unwrap().key, "0007", "the code as it is shown");
    let (plan, _) =
        planned(units, include_bytes!("../../../tests/faults/units-blank-looking-rows.xlsx")).unwrap();
    assert_eq!((plan.row_count, plan.faults.len(), plan.counts()), (1, 0, [1, 0, 0]));
}

#[test]
fn a_number_is_what_its_cell_shows() {
    let text = |text: &str| Content::Text(text.to_owned());
    let other = Content::Bad("org/shown-otherwise");
    for (number, id, format, expected) in [
        (7.0, None, "General", text("7")),
        (7.0, None, "G/通用格式", text("7")),
        (7.0, Some(49), "@", text("7")),
        (7.0, None, "0000", text("0007")),
        (12_345.0, None, "0000", text("12345")),
        (7.0, None, "0_ ", text("7")),
        (7.0, None, "0_);[Red]\\(0\\)", text("7")),
        (7.0, None, "[红色]000", text("007")),
        (320_281_101_201.0, None, "#", text("320281101201")),
        (7.0, Some(10), "0.00%", other.clone()),
        (7.0, None, "0.0", other.clone()),
        (320_281.0, None, "#,##0", other.clone()),
        (320_281_101_201.0, None, "0.00E+00", other.clone()),
        (7.0, None, "\"第\"0\"行\"", other.clone()),
        (7.0, None, "000-000", other),
        (7.5, None, "0000", Content::Bad("org/not-whole")),
        (1e15, None, "0", Content::Bad("org/number-too-long")),
        (46_357.0, Some(58), "General", Content::Date("2026-12-01".parse().unwrap())),
        (46_357.0, Some(31), "General", Content::Date("2026-12-01".parse().unwrap())),
        (46_357.0, None, "yyyy\"年\"m\"月\"d\"日\"", Content::Date("2026-12-01".parse().unwrap())),
    ] {
        assert_eq!(number_shown(number, Shape::of(id, format), false), expected, "{number} as {format}");
    }
}

#[test]
fn days_of_a_workbook_are_dates_of_our_time_or_none() {
    let date = |text: &str| Content::Date(text.parse().unwrap());
    let none = Content::Bad("org/date-out-of-range");
    for (days, expected) in [
        (46_023.0, date("2026-01-01")),
        (46_023.75, date("2026-01-01")),
        (36_526.0, date("2000-01-01")),
        (0.0, none.clone()),
        (-1.0, none.clone()),
        (60.0, none.clone()),
        (99_999_999.0, none.clone()),
        (1e300, none.clone()),
        (f64::NAN, none.clone()),
        (f64::INFINITY, none),
    ] {
        assert_eq!(date_of(days, false), expected, "{days}");
    }
    assert_eq!(date_of(44_561.0, true), date("2026-01-01"), "counted from 1904");
}

#[test]
fn what_looks_empty_is() {
    for text in [
        "",
        " ",
        "\u{3000}",
        "\t\r\n",
        "\u{200b}",
        "\u{feff}",
        "\u{200e}\u{202a}",
        "\u{a0}",
        "\u{3164}",
        "\u{2800}",
    ] {
        assert!(looks_empty(text), "{text:?}");
    }
    for text in ["0", "-", "一", " a ", "\u{200b}x", "👩\u{200d}🌾"] {
        assert!(!looks_empty(text), "{text:?}");
    }
    assert_eq!(kernel::text::clean_line("\u{200b}", 9), Err(TextError::Empty), "the cleaner agrees");
}

#[test]
fn numbers_of_rows_are_digits() {
    let kind = ImportKind::Matrix;
    let bytes = book(kind, |sheet| {
        for (line, number) in (1..).zip(["+5", "-5", "５", "5.0", "5e0", "0x5", "7"]) {
            let cells =
                [("行号", number), ("类别编码", "E01"), ("区域编码", "320281"), ("责任单位编码", "CGJ")];
            fill(sheet, kind, line, &cells);
        }
    });
    let found = of_file(kind, &bytes);
    let bad: Vec<&str> = found.iter().map(|(cell, _)| cell.as_str()).collect();
    assert_eq!(bad, ["A2", "A3", "A4", "A5", "A6", "A7"], "{found:?}");
}

#[test]
fn a_phone_has_digits_and_a_login_one_owner() {
    let kind = ImportKind::People;
    let bytes = book(kind, |sheet| {
        for (line, (code, phone, login)) in (1..).zip([
            ("P1", "+-  +-", ""),
            ("P2", "1-2-3-4", ""),
            ("P3", "+86 138-0000-0000", ""),
            ("P4", "", "zhang"),
            ("P5", "", "zhang"),
        ]) {
            let cells =
                [("编号", code), ("姓名", "张试用"), ("单位编码", "CGJ"), ("手机", phone), ("登录名", login)];
            fill(sheet, kind, line, &cells);
        }
    });
    let found = of_file(kind, &bytes);
    assert_eq!(at(&found, "C2"), ["org/bad-phone"]);
    assert_eq!(at(&found, "C3"), ["org/bad-phone"]);
    assert_eq!(at(&found, "C4"), Vec::<&str>::new());
    assert!(!at(&found, "F5").is_empty() || !at(&found, "F6").is_empty(), "{found:?}");
    assert!(
        found.iter().filter(|(_, code)| *code == "org/login-taken").all(|(cell, _)| cell.starts_with('F'))
    );
}

#[test]
fn choices_say_what_may_be_chosen() {
    let kind = ImportKind::Units;
    let bytes = book(kind, |sheet| {
        fill(sheet, kind, 1, &[("单位编码", "X1"), ("单位名称", "试用"), ("类型", "局"), ("状态", "停")]);
    });
    let (plan, _) = planned(kind, &bytes).unwrap();
    let words: Vec<_> = plan.faults.iter().filter_map(|fault| fault.params.get("words")).collect();
    assert_eq!(words, ["部门、镇街、村社区、企业、园区、机构", "在用、撤销"]);
}

#[test]
fn what_is_hidden_is_found() {
    let kind = ImportKind::Units;
    let bytes = book(kind, |sheet| {
        fill(sheet, kind, 1, &[("单位编码", "X1"), ("单位名称", "试用"), ("类型", "部门")]);
        fill(sheet, kind, 2, &[("单位编码", "X2"), ("单位名称", "藏着"), ("类型", "部门")]);
        sheet.set_row_hidden(2).unwrap();
        sheet.set_row_hidden(9).unwrap();
        sheet.set_column_hidden(2).unwrap();
    });
    let found = hidden(&bytes, kind.sheet_name());
    assert_eq!(found, Hidden { sheet: false, rows: vec![3, 10], row_count: 2, columns: vec![(3, 3)] });
    let (_, sheet) = planned(kind, &bytes).unwrap();
    let notes = crate::import::notes::hidden(&sheet);
    let codes: Vec<_> = notes.iter().map(|note| (note.at.name("单位"), note.code)).collect();
    assert_eq!(
        codes,
        [("单位!C1".to_owned(), "org/hidden-column"), ("单位!A3".to_owned(), "org/hidden-row")]
    );
    assert_eq!(hidden(b"nothing", "单位"), Hidden::default());
}

#[test]
fn what_stands_comes_back_unchanged() {
    let city = city();
    for kind in ImportKind::ALL {
        let bytes =
            crate::import::export::workbook(&city, kind, &Default::default(), &Default::default()).unwrap();
        let (plan, _) = planned(kind, &bytes).unwrap();
        assert_eq!((plan.faults.len(), plan.counts()), (0, [0, 0, 0]), "{kind:?} {:?}", plan.faults);
        assert_eq!(plan.row_count == 0, kind == ImportKind::People, "{kind:?}");
    }
}
