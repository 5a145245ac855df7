mod words;

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use kernel::area::AreaKey;
use kernel::id::{CityId, MatrixRowId, UnitId, UserId};
use kernel::time::Date;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::plan::Plan;
use super::sheet::{Facts, read};
use super::*;
use crate::city::{City, PersonView, Records, Versions};
use crate::errors::OrgError;
use crate::model::{
    AreaSelector, ClassInfo, Dates, MatrixRow, Place, Relation, RelationId, RelationKind, Unit, UnitKind,
    Window, Zone, ZoneId, ZonePart,
};

const CITY: CityId = CityId(320_281);

fn key(text: &str) -> AreaKey {
    text.parse().unwrap()
}

fn unit(id: i64, code: &str, name: &str) -> Unit {
    Unit {
        id: UnitId(id),
        code: code.into(),
        name: name.into(),
        short_name: name.into(),
        kind: UnitKind::Department,
        area: None,
        parent: None,
        valid: Dates::ALWAYS,
    }
}

fn row(row_no: u32, class: &str, unit: i64) -> MatrixRow {
    MatrixRow {
        id: MatrixRowId(i64::from(row_no)),
        row_no,
        class: Some(class.parse().unwrap()),
        area: AreaSelector::Area(key("320281")),
        owner: None,
        window: Window::ALWAYS,
        valid: Dates::ALWAYS,
        unit: UnitId(unit),
        helpers: vec![],
        note: String::new(),
    }
}

fn city() -> City {
    let place = |code: &str, name: &str, backstop| Place {
        key: key(code),
        name: name.into(),
        valid: Dates::ALWAYS,
        backstop,
        outline: None,
    };
    let part = ZonePart { range: key("320281101").range(), valid: Dates::ALWAYS };
    let records = Records {
        places: vec![
            place("320281", "示例市", Some(UnitId(1))),
            place("320281101", "东镇", None),
            place("320281101201", "一村", None),
        ],
        zones: vec![Zone { id: ZoneId(9), code: "G01".into(), name: "商圈".into(), parts: vec![part] }],
        units: vec![unit(1, "CGJ", "城管局"), unit(2, "ZJJ", "住建局")],
        relations: vec![Relation {
            id: RelationId(1),
            unit: UnitId(2),
            kind: RelationKind::Maintains,
            area: AreaSelector::Zone(ZoneId(9)),
            valid: Dates::ALWAYS,
        }],
        persons: Vec::<PersonView>::new(),
        rows: vec![row(1, "E01", 1), row(2, "E0410", 2)],
        ..Records::default()
    };
    let info = |code: &str, name: &str, group_name: &str| ClassInfo {
        code: code.parse().unwrap(),
        name: name.into(),
        group_name: group_name.into(),
    };
    let classes: Arc<[ClassInfo]> =
        [info("E0110", "暴露生活垃圾", "市容环境"), info("E0410", "非机动车乱停放", "街面秩序")].into();
    City::build(CITY, Date::constant(2026, 3, 2), records, classes, Versions::default()).unwrap()
}

/// A workbook with one sheet; `write` fills it.
fn book(kind: ImportKind, write: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name(kind.sheet_name()).unwrap();
    for (at, column) in (0_u16..).zip(kind.columns()) {
        sheet.write_string(0, at, column.name).unwrap();
    }
    write(sheet);
    book.save_to_buffer().unwrap()
}

/// Writes a row by headings.
fn fill(sheet: &mut rust_xlsxwriter::Worksheet, kind: ImportKind, row: u32, cells: &[(&str, &str)]) {
    for (heading, text) in cells {
        let at = kind.columns().iter().position(|column| column.name == *heading).unwrap() as u16;
        sheet.write_string(row, at, *text).unwrap();
    }
}

fn planned(kind: ImportKind, bytes: &[u8]) -> Result<(Plan, Sheet), OrgError> {
    let city = city();
    let sheet = read(bytes, kind)?;
    let mut facts = Facts::of(&city, UserId(1));
    facts.logins.insert("zhang".into(), UserId(7));
    let next = std::cell::Cell::new(1_000);
    let next_id = || {
        next.set(next.get() + 1);
        next.get()
    };
    Ok((Plan::of(kind, &sheet, &mut facts, &next_id), sheet))
}

use super::sheet::Sheet;

/// The errors as (cell, code).
fn faults(kind: ImportKind, bytes: &[u8]) -> Vec<(String, &'static str)> {
    let (plan, sheet) = planned(kind, bytes).unwrap();
    plan.faults.iter().map(|fault| (fault.at.name(sheet.kind_name), fault.code)).collect()
}

mod office;

#[test]
fn cells_are_named_as_people_name_them() {
    for (column, name) in
        [(0, "单位!A1"), (25, "单位!Z1"), (26, "单位!AA1"), (701, "单位!ZZ1"), (702, "单位!AAA1")]
    {
        assert_eq!(cell::At { row: 0, column }.name("单位"), name);
    }
}

#[test]
fn a_template_is_read_without_faults_and_its_examples_are_not() {
    let city = city();
    for kind in [ImportKind::Units, ImportKind::People, ImportKind::Matrix] {
        let bytes = template::workbook(&city, kind).unwrap();
        let sheet = read(&bytes, kind).unwrap();
        assert_eq!((sheet.faults.len(), sheet.row_count()), (0, 0), "{kind:?}");
        assert!(sheet.has_headings(kind.columns()));
    }
    // The whole list is replaced, so that an empty sheet removes it.
    let empty = template::workbook(&city, ImportKind::Matrix).unwrap();
    assert_eq!(planned(ImportKind::Matrix, &empty).unwrap().0.counts(), [0, 0, 2]);
}

#[test]
fn the_list_is_held_against_what_stands() {
    let kind = ImportKind::Matrix;
    let bytes = book(kind, |sheet| {
        let one = [
            ("行号", "1"),
            ("类别编码", "E01"),
            ("类别名称", "市容环境"),
            ("区域编码", "320281"),
            ("责任单位编码", "CGJ"),
        ];
        fill(sheet, kind, 1, &one);
        let two = [
            ("行号", "3"),
            ("类别编码", "全部"),
            ("区域编码", "G01"),
            ("权属条件", "养护"),
            ("星期", "周一至周五、周日"),
        ];
        fill(sheet, kind, 2, &two);
        let two = [
            ("时段", "18:00-次日02：00"),
            ("责任单位编码", "ZJJ"),
            ("协办单位编码", "CGJ"),
            ("备注", "夜间"),
        ];
        fill(sheet, kind, 2, &two);
        let date = Format::new().set_num_format("yyyy-mm-dd");
        let day = ExcelDateTime::from_ymd(2026, 10, 1).unwrap();
        sheet.write_datetime_with_format(2, 8, &day, &date).unwrap();
    });
    let (plan, _) = planned(kind, &bytes).unwrap();
    assert_eq!(plan.faults, []);
    assert_eq!(plan.counts(), [1, 0, 1], "row 1 stays, row 2 goes, row 3 comes");
    let crate::commands::Change::Set(crate::document::Document::MatrixRow(new)) =
        &plan.changes[0].edit.change
    else {
        panic!("{:?}", plan.changes[0])
    };
    assert_eq!(new.window, Window::new(0x5F, 1080, 120).unwrap());
    assert_eq!(
        (new.area, new.unit, new.helpers.clone()),
        (AreaSelector::Zone(ZoneId(9)), UnitId(2), vec![UnitId(1)])
    );
    assert_eq!((new.class, new.valid.valid_from), (None, Some(Date::constant(2026, 10, 1))));
    let gone = plan.changes[1].shown.as_ref().unwrap();
    assert_eq!((gone.change.as_str(), gone.key.as_str(), gone.row), ("remove", "第2行", 0));
}

#[test]
fn a_row_that_would_hold_nowhere_is_told() {
    let kind = ImportKind::Matrix;
    let bytes = book(kind, |sheet| {
        for (line, unit, owner) in [(1, "ZJJ", "养护"), (2, "CGJ", "养护"), (3, "ZJJ", "物业")] {
            let number = line.to_string();
            let cells = [("行号", number.as_str()), ("类别编码", "E01"), ("区域编码", "320281")];
            fill(sheet, kind, line, &cells);
            fill(sheet, kind, line, &[("责任单位编码", unit), ("权属条件", owner)]);
        }
    });
    let expected = [("F3", "org/no-relation"), ("F4", "org/no-relation")];
    assert_eq!(faults(kind, &bytes), expected.map(|(cell, code)| (format!("责任清单!{cell}"), code)));
}

/// A list with one of everything that can be wrong with a cell.
fn broken_list() -> Vec<u8> {
    let kind = ImportKind::Matrix;
    book(kind, |sheet| {
        let good = [("行号", "1"), ("类别编码", "E01"), ("区域编码", "320281"), ("责任单位编码", "CGJ")];
        fill(sheet, kind, 1, &good);
        let codes = [("行号", "1"), ("类别编码", "E0999"), ("区域编码", "320299"), ("责任单位编码", "GAJ")];
        fill(sheet, kind, 2, &codes);
        let texts = [
            ("行号", "4"),
            ("类别编码", "道路"),
            ("区域编码", "320281101 "),
            ("星期", "周八"),
            ("时段", "25:00-26:00"),
        ];
        fill(sheet, kind, 3, &texts);
        fill(
            sheet,
            kind,
            3,
            &[("有效期起", "2026-10-01"), ("责任单位编码", "CGJ"), ("协办单位编码", "CGJ、ABC")],
        );
        fill(
            sheet,
            kind,
            4,
            &[("行号", "5.5"), ("类别编码", "E0110"), ("类别名称", "道路破损"), ("权属条件", "拥有")],
        );
        sheet.write_formula(4, 3, Formula::new("=A1")).unwrap();
        sheet.write_number(5, 0, 6.5).unwrap();
        sheet.write_number(5, 3, 3_202_811_012_010_001.0).unwrap();
        fill(sheet, kind, 5, &[("类别编码", "E01"), ("责任单位编码", "CGJ")]);
        let unknown = [("行号", "7"), ("类别编码", "E0111"), ("区域编码", "320281"), ("责任单位编码", "CGJ")];
        fill(sheet, kind, 6, &unknown);
        // What no cell alone shows is judged in rows that can be read.
        fill(
            sheet,
            kind,
            9,
            &[("行号", "9"), ("类别编码", "E01"), ("区域编码", "320281"), ("责任单位编码", "CGJ")],
        );
        fill(sheet, kind, 9, &[("协办单位编码", "CGJ")]);
        sheet.merge_range(7, 0, 8, 0, "8", &Format::new()).unwrap();
    })
}

#[test]
fn every_error_names_its_cell() {
    let (kind, bytes) = (ImportKind::Matrix, broken_list());
    let expected = [
        ("A3", "org/key-twice"),
        ("A5", "org/bad-row-no"),
        ("A6", "org/not-whole"),
        ("A8", "org/merged-cells"),
        ("B3", "org/unknown-class"),
        ("B4", "org/bad-class-code"),
        ("B7", "org/unknown-class"),
        ("B8", "org/required"),
        ("C5", "org/name-differs"),
        ("D3", "org/unknown-area"),
        ("D4", "org/untrimmed"),
        ("D5", "org/formula"),
        ("D6", "org/number-too-long"),
        ("D8", "org/required"),
        ("F5", "org/unknown-word"),
        ("G4", "org/bad-weekdays"),
        ("H4", "org/bad-hours"),
        ("I4", "org/date-as-text"),
        ("K3", "org/unknown-unit"),
        ("K5", "org/required"),
        ("K8", "org/required"),
        ("L10", "org/helper-twice"),
        ("L4", "org/unknown-unit"),
    ];
    let mut found = faults(kind, &bytes);
    found.sort();
    let expected: Vec<(String, &str)> =
        expected.iter().map(|(cell, code)| (format!("责任清单!{cell}"), *code)).collect();
    assert_eq!(found, expected);
}

#[test]
fn headings_are_checked_before_rows() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("单位").unwrap();
    for (at, heading) in (0_u16..).zip(["单位编码*", "单位名称", "单位名称", "电话"]) {
        sheet.write_string(0, at, heading).unwrap();
    }
    sheet.write_string(1, 0, "!!").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let found = faults(ImportKind::Units, &bytes);
    let cell = |name: &str, code| (format!("单位!{name}"), code);
    assert_eq!(
        found,
        [cell("A1", "org/missing-column"), cell("C1", "org/column-twice"), cell("D1", "org/unknown-column")]
    );
}

#[test]
fn units_may_name_a_parent_below_and_are_removed_by_a_word() {
    let kind = ImportKind::Units;
    let bytes = book(kind, |sheet| {
        fill(
            sheet,
            kind,
            1,
            &[("单位编码", "ZZ1"), ("单位名称", "东镇中队"), ("类型", "部门"), ("上级单位编码", "ZZ")],
        );
        fill(
            sheet,
            kind,
            2,
            &[("单位编码", "ZZ"), ("单位名称", "东镇政府"), ("类型", "镇街"), ("所在区域编码", "320281101")],
        );
        fill(
            sheet,
            kind,
            3,
            &[("单位编码", "CGJ"), ("单位名称", "综合执法局"), ("简称", "城管局"), ("类型", "部门")],
        );
        fill(
            sheet,
            kind,
            4,
            &[("单位编码", "ZJJ"), ("单位名称", "住建局"), ("类型", "部门"), ("状态", "撤销")],
        );
        fill(sheet, kind, 5, &[("单位编码", "NO"), ("单位名称", "无"), ("类型", "部门"), ("状态", "撤销")]);
    });
    let (plan, sheet) = planned(kind, &bytes).unwrap();
    let found: Vec<_> =
        plan.faults.iter().map(|fault| (fault.at.name(sheet.kind_name), fault.code)).collect();
    // ZJJ is accountable by row 2 of the list, and maintains an area.
    let expected = [("I5", "org/in-use"), ("I5", "org/in-use"), ("I6", "org/nothing-to-remove")];
    assert_eq!(found, expected.map(|(cell, code)| (format!("单位!{cell}"), code)));
    assert_eq!(plan.counts(), [2, 1, 1]);
    let changed = plan.changes[2].shown.as_ref().unwrap();
    let only = |text: &str| BTreeMap::from([("单位名称".to_owned(), text.to_owned())]);
    assert_eq!((&changed.before, &changed.after), (&only("城管局"), &only("综合执法局")));
}

#[test]
fn a_person_may_have_several_roles_and_only_one_name() {
    let kind = ImportKind::People;
    let person = [
        ("编号", "R1"),
        ("姓名", "张三丰"),
        ("手机", "13800000000"),
        ("单位编码", "CGJ"),
        ("登录名", "zhang"),
    ];
    let bytes = book(kind, |sheet| {
        for line in 1..=3 {
            fill(sheet, kind, line, &person);
        }
        fill(sheet, kind, 1, &[("角色", "责任单位经办人"), ("区域编码", "320281")]);
        fill(sheet, kind, 2, &[("角色", "核查员"), ("区域编码", "320281101")]);
        fill(sheet, kind, 3, &[("角色", "核查员"), ("区域编码", "320281101")]);
        fill(sheet, kind, 4, &[("编号", "R1"), ("姓名", "张三"), ("单位编码", "CGJ"), ("角色", "局长")]);
        fill(
            sheet,
            kind,
            5,
            &[
                ("编号", "R2"),
                ("姓名", "李\u{202e}四"),
                ("手机", "电话"),
                ("单位编码", "CGJ"),
                ("角色", "领导"),
            ],
        );
        fill(sheet, kind, 6, &[("编号", "R3"), ("姓名", "王五"), ("单位编码", "CGJ"), ("登录名", "nobody")]);
    });
    let found = faults(kind, &bytes);
    let cell = |name: &str, code| (format!("人员!{name}"), code);
    let expected = [
        cell("G4", "org/role-twice"),
        cell("A5", "org/person-differs"),
        cell("G5", "org/unknown-word"),
        cell("B6", "text/direction-mark"),
        cell("C6", "org/bad-phone"),
        cell("H6", "org/required"),
        cell("F7", "org/unknown-login"),
    ];
    assert_eq!(found, expected);
    let good = book(kind, |sheet| {
        fill(sheet, kind, 1, &person);
        fill(sheet, kind, 1, &[("角色", "责任单位经办人"), ("区域编码", "320281")]);
        fill(sheet, kind, 2, &person);
        fill(sheet, kind, 2, &[("角色", "核查员"), ("区域编码", "320281101")]);
    });
    let (plan, _) = planned(kind, &good).unwrap();
    assert_eq!((plan.faults.len(), plan.changes.len(), plan.counts()), (0, 3, [1, 0, 0]));
    let shown = plan.changes[0].shown.as_ref().unwrap();
    assert_eq!(shown.after["角色"], "责任单位经办人 示例市；核查员 东镇");
}

#[test]
fn what_is_no_workbook_is_refused() {
    let kind = ImportKind::Units;
    assert_eq!(read(b"hello", kind).unwrap_err(), OrgError::NotAWorkbook);
    assert_eq!(
        read(&vec![0; super::sheet::WORKBOOK_BYTES_MAX + 1], kind).unwrap_err(),
        OrgError::WorkbookTooLarge
    );
    let other = book(ImportKind::People, |_| {});
    assert_eq!(read(&other, kind).unwrap_err(), OrgError::NoSheet("单位".into()));
    let mut cut = book(kind, |_| {});
    cut.truncate(cut.len() / 2);
    assert_eq!(read(&cut, kind).unwrap_err(), OrgError::NotAWorkbook);
    // A cell at the far end of the sheet is not a table of seventeen billion cells.
    let far = book(kind, |sheet| {
        sheet.write_string(1_048_575, 16_383, "x").unwrap();
    });
    assert_eq!(read(&far, kind).unwrap_err(), OrgError::WorkbookTooLarge);
    // 130 MB of nothing in a small file.
    let mut bomb = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    bomb.start_file("xl/worksheets/sheet1.xml", zip::write::SimpleFileOptions::default()).unwrap();
    let zeros = vec![0_u8; 1_000_000];
    (0..130).for_each(|_| bomb.write_all(&zeros).unwrap());
    let bomb = bomb.finish().unwrap().into_inner();
    assert!(bomb.len() < 1_000_000);
    assert_eq!(read(&bomb, kind).unwrap_err(), OrgError::WorkbookTooLarge);
}

#[test]
fn weekdays_and_hours_are_read_in_their_usual_forms() {
    for (text, days) in
        [("每天", 0x7F), ("周一至周五", 0x1F), ("星期六,星期日", 0x60), ("周天", 0x40), ("周一、周三", 5)]
    {
        assert_eq!(matrix::weekdays(text), Some(days), "{text}");
    }
    for text in ["", "周八", "周五至周一", "一", "周一至周二至周三"] {
        assert_eq!(matrix::weekdays(text), None, "{text}");
    }
    for (text, hours) in [
        ("08:00-18:00", (480, 1080)),
        ("8:00–24:00", (480, 1440)),
        ("18：00至次日02:00", (1080, 120)),
        ("全天", (0, 1440)),
    ] {
        assert_eq!(matrix::hours(text), Some(hours), "{text}");
    }
    for text in ["8-18", "08:60-09:00", "24:01-25:00", "08:00", "上午", "08:0-09:00"] {
        assert_eq!(matrix::hours(text), None, "{text}");
    }
}
