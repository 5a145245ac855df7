//! What is said of cells: signs that nobody sees, and values in every sentence.

use super::*;

/// The errors of a workbook of people or rows, in Chinese, by cell.
fn told(kind: ImportKind, rows: &[&[(&str, &str)]]) -> Vec<(String, String, String)> {
    let bytes = book(kind, |sheet| {
        for (at, cells) in (1..).zip(rows) {
            fill(sheet, kind, at, cells);
        }
    });
    let (plan, sheet) = planned(kind, &bytes).unwrap();
    let words = platform::web::Dictionary::read(&[platform::web::PROBLEMS, crate::PROBLEMS]).unwrap();
    plan.errors(&sheet, &words).into_iter().map(|error| (error.cell, error.zh, error.en)).collect()
}

const PERSON: [(&str, &str); 3] = [("编号", "R001"), ("姓名", "张示例"), ("单位编码", "CGJ")];

/// The row of a person with other cells.
fn person_with<'a>(cells: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = PERSON.into_iter().filter(|(heading, _)| cells.iter().all(|(other, _)| other != heading));
    kept.chain(cells.iter().copied()).collect()
}

#[test]
fn signs_that_nobody_sees_are_taken_out_of_cells() {
    let clean = [
        [("姓名", "\u{202D}张示例\u{202C}")],
        [("手机", "\u{202D}13800000000\u{202C}")],
        [("手机", "\u{200E}\u{200B}")],
        [("职务", "副\u{200B}主任\u{FEFF}")],
        [("单位编码", "ｃｇｊ")],
        [("单位编码", "c-gj")],
        [("编号", "R001\u{200E}")],
    ];
    for cells in clean {
        assert_eq!(told(ImportKind::People, &[&person_with(&cells)]), [], "{cells:?}");
    }
    for (cells, cell, sign) in [
        ([("姓名", "张\u{202E}示例")], "人员!B2", "文字反向符（U+202E）"),
        ([("姓名", "张\n示例")], "人员!B2", "换行符 U+000A"),
        ([("职务", "副\u{B}主任")], "人员!E2", "换行符 U+000B"),
        ([("职务", "副\u{1}主任")], "人员!E2", "控制字符（U+0001）"),
        ([("手机", "138\t0000")], "人员!C2", "制表符（U+0009）"),
    ] {
        let errors = told(ImportKind::People, &[&person_with(&cells)]);
        let named = errors.iter().any(|(at, zh, _)| at == cell && zh.contains(sign));
        assert!(named, "{cells:?}: {errors:?}");
    }
    let required = told(ImportKind::People, &[&person_with(&[("姓名", "\u{200B}\u{202C}")])]);
    assert_eq!(required.len(), 1);
    assert_eq!((required[0].0.as_str(), required[0].1.as_str()), ("人员!B2", "必填：这一格不能为空。"));
}

#[test]
fn every_error_of_a_cell_is_said_with_its_values() {
    let long = "长".repeat(61);
    let people = [
        vec![("姓名", long.as_str())],
        vec![("职务", long.as_str())],
        vec![("手机", "电话")],
        vec![("单位编码", "没有")],
        vec![("登录名", "没有")],
        vec![("角色", "皇帝"), ("区域编码", "320281")],
        vec![("角色", "核查员"), ("区域编码", "999999")],
        vec![("状态", "在")],
        vec![("编号", "编号")],
        vec![("职务", "电话13812341234")],
    ];
    let matrix = [
        vec![("时段", "随时")],
        vec![("时段", "08:00-08:00")],
        vec![("星期", "月月")],
        vec![("行号", "零")],
        vec![("类别编码", "什么")],
        vec![("类别编码", "E0999")],
        vec![("区域编码", "什么")],
        vec![("区域名称", "别处")],
        vec![("责任单位编码", "没有")],
        vec![("协办单位编码", "没有")],
        vec![("权属条件", "养护")],
        vec![("权属条件", "什么")],
        vec![("备注", long.as_str())],
    ];
    let row = [("行号", "1"), ("类别编码", "E01"), ("区域编码", "320281"), ("责任单位编码", "CGJ")];
    let mut all = Vec::new();
    for cells in &people {
        all.extend(told(ImportKind::People, &[&person_with(cells)]));
    }
    for cells in &matrix {
        let kept = row.into_iter().filter(|(heading, _)| cells.iter().all(|(other, _)| other != heading));
        all.extend(told(ImportKind::Matrix, &[&kept.chain(cells.iter().copied()).collect::<Vec<_>>()]));
    }
    assert!(all.len() >= people.len() + matrix.len() - 2, "{all:#?}");
    for (cell, zh, en) in &all {
        let inner = |text: &str| text.is_empty() || text.contains(['{', '}']) || text.contains("user:");
        assert!(!inner(zh) && !inner(en), "{cell}: {zh} {en}");
    }
    let said = |part: &str| all.iter().any(|(_, zh, _)| zh.contains(part));
    assert!(said("最多 30 个字，现有 61 个"), "{all:#?}");
    assert!(said("“08:00-08:00”无法识别"), "{all:#?}");
}
