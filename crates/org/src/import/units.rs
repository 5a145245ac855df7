//! The sheet 单位.

use std::collections::{BTreeMap, HashMap};

use kernel::id::UnitId;

use super::plan::{Plan, Planned, date_texts, shown, texts};
use super::sheet::{Facts, Sheet};
use super::{Column, Form};
use crate::commands::{Change, Edit};
use crate::document::{Document, Kind};
use crate::judge::is_code;
use crate::model::{Unit, UnitKind};

/// 撤销 in the column 状态 removes the record.
pub(super) const GONE: &str = "撤销";
/// The words of the column 状态.
pub(super) const STATES: &[&str] = &["在用", GONE];
const KIND_WORDS: &[&str] = &["部门", "镇街", "村社区", "企业", "园区", "机构"];

pub(super) const COLUMNS: &[Column] = &[
    Column {
        name: "单位编码",
        required: true,
        form: Form::Text,
        hint: "1–20 位字母、数字或短横线，全市唯一。已有的编码表示修改，新的编码表示新增。",
        examples: ["CGJ", "ZZ-01"],
        field: "code",
    },
    Column {
        name: "单位名称",
        required: true,
        form: Form::Text,
        hint: "全称，不超过 60 字。",
        examples: ["示例市城市管理局", "示例镇人民政府"],
        field: "name",
    },
    Column {
        name: "简称",
        required: false,
        form: Form::Text,
        hint: "列表和地图上的名称，不超过 20 字；空着则用全称。",
        examples: ["城管局", "示例镇"],
        field: "short_name",
    },
    Column {
        name: "类型",
        required: true,
        form: Form::Words(KIND_WORDS),
        hint: "部门、镇街、村社区、企业、园区、机构之一。",
        examples: ["部门", "镇街"],
        field: "kind",
    },
    Column {
        name: "所在区域编码",
        required: false,
        form: Form::Text,
        hint: "镇街、村社区、园区的行政区划代码（9 位或 12 位），单元格请设为文本。",
        examples: ["", "320281108"],
        field: "area",
    },
    Column {
        name: "上级单位编码",
        required: false,
        form: Form::Text,
        hint: "上级单位的单位编码；可以是本表中的新单位。",
        examples: ["", ""],
        field: "parent",
    },
    Column {
        name: "有效期起",
        required: false,
        form: Form::Date,
        hint: "日期格式；空着表示一直有效。",
        examples: ["", ""],
        field: "valid_from",
    },
    Column {
        name: "有效期止",
        required: false,
        form: Form::Date,
        hint: "最后有效的一天；空着表示长期有效。",
        examples: ["", ""],
        field: "valid_to",
    },
    Column {
        name: "状态",
        required: false,
        form: Form::Words(STATES),
        hint: "空着或“在用”；填“撤销”则删除该单位（仍被引用的单位不能删除）。",
        examples: ["在用", "在用"],
        field: "",
    },
];

fn text_of(unit: &Unit, code_of: &dyn Fn(UnitId) -> String) -> BTreeMap<String, String> {
    let mut all = texts([
        ("单位编码", unit.code.clone()),
        ("单位名称", unit.name.clone()),
        ("简称", unit.short_name.clone()),
        ("类型", unit.kind.name().to_owned()),
        ("所在区域编码", unit.area.map_or_else(String::new, |area| area.code())),
        ("上级单位编码", unit.parent.map_or_else(String::new, code_of)),
    ]);
    all.extend(date_texts(unit.valid).map(|(name, text)| (name.to_owned(), text)));
    all
}

/// Every unit that stands, as the sheet writes it.
pub(super) fn exported(facts: &Facts<'_>) -> Vec<BTreeMap<String, String>> {
    let city = facts.city;
    let code_of = |id: UnitId| city.unit(id).map_or_else(String::new, |unit| unit.code.clone());
    city.units().map(|unit| text_of(unit, &code_of)).collect()
}

pub(super) fn plan(plan: &mut Plan, sheet: &Sheet, facts: &mut Facts<'_>, next_id: &dyn Fn() -> i64) {
    // Codes of the sheet first, since a parent may stand below its child.
    for mut row in sheet.rows() {
        if let Some(code) = row.text("单位编码").filter(|code| is_code(code)) {
            facts.units.entry(code).or_insert_with(|| UnitId(next_id()));
        }
    }
    let codes: HashMap<UnitId, String> = facts.units.iter().map(|(code, id)| (*id, code.clone())).collect();
    let code_of = |id: UnitId| codes.get(&id).cloned().unwrap_or_default();
    let mut seen: HashMap<UnitId, u32> = HashMap::new();
    for mut row in sheet.rows() {
        let code = row.required("单位编码");
        let id = code.as_ref().and_then(|code| facts.units.get(code).copied());
        if code.is_some() && id.is_none() {
            row.fault("单位编码", "org/bad-code");
        }
        if let Some(first) = id.and_then(|id| seen.insert(id, row.number)) {
            row.fault_with("单位编码", "org/key-twice", BTreeMap::from([("row", (first + 1).into())]));
        }
        let gone = row.word("状态", STATES, |word| STATES.contains(&word).then(|| word == GONE));
        let before = id.and_then(|id| facts.city.unit(id)).cloned();
        if gone == Some(true) {
            if before.is_none() {
                row.fault("状态", "org/nothing-to-remove");
            }
            let number = row.number;
            if let (true, Some(unit)) = (plan.settle(row), before) {
                let told = shown(number + 1, unit.code.clone(), Some(text_of(&unit, &code_of)), None);
                let edit = edit_of(facts, Change::Remove(Kind::Unit, unit.id.0));
                let before = Some(Change::Set(Document::Unit(unit)));
                plan.push(number, Planned { edit, before, shown: Some(told) });
            }
            continue;
        }
        let name = row.required("单位名称");
        let short_name = row.text("简称");
        row.required("类型");
        let kind = row.word("类型", KIND_WORDS, UnitKind::by_name);
        let area = row.area("所在区域编码", facts);
        let parent = row.unit("上级单位编码", facts);
        let valid = row.dates();
        let number = row.number;
        if !plan.settle(row) {
            continue;
        }
        let (Some(id), Some(code), Some(name), Some(kind)) = (id, code, name, kind) else { continue };
        let short_name = short_name.unwrap_or_else(|| name.clone());
        let unit = Unit { id, code, name, short_name, kind, area, parent, valid };
        if before.as_ref() == Some(&unit) {
            continue;
        }
        let old = before.as_ref().map(|unit| text_of(unit, &code_of));
        let told = shown(number + 1, unit.code.clone(), old, Some(text_of(&unit, &code_of)));
        let edit = edit_of(facts, Change::Set(Document::Unit(unit)));
        let before = before.map(|unit| Change::Set(Document::Unit(unit)));
        plan.push(number, Planned { edit, before, shown: Some(told) });
    }
}

/// A change that expects the record as the snapshot has it.
pub(super) fn edit_of(facts: &Facts<'_>, change: Change) -> Edit {
    let (kind, id) = change.target();
    let expected = if facts.standing.contains(&(kind, id)) { facts.city.record_version(kind, id) } else { 0 };
    Edit { change, expected: Some(expected) }
}
