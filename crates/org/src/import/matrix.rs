//! The sheet 责任清单: the whole list. Rows that the sheet does not have are removed.

use std::collections::{BTreeMap, HashMap, HashSet};

use kernel::id::{MatrixRowId, UnitId};
use kernel::text::{fold, fold_code};
use serde_json::Value;

use super::plan::{Plan, Planned, date_texts, shown, texts};
use super::sheet::{Facts, Row, Sheet};
use super::units::edit_of;
use super::{Column, Form};
use crate::city::City;
use crate::commands::Change;
use crate::document::{Document, Kind};
use crate::model::{AreaSelector, ClassSelector, MatrixRow, RelationKind, Window};

const ALL_CLASSES: &str = "全部";
const OWNER_WORDS: &[&str] = &["主管", "权属", "养护", "物业", "包保", "挂钩"];
const DAY_NAMES: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];

pub(super) const COLUMNS: &[Column] = &[
    Column {
        name: "行号",
        required: true,
        form: Form::Text,
        hint: "1–99999 的整数，全表唯一。案件上写的“责任清单 第14行”就是它；优先级相同时行号小的先用。",
        examples: ["1", "2"],
        field: "row_no",
    },
    Column {
        name: "类别编码",
        required: true,
        form: Form::Text,
        hint: "小类编码（如 E0113）、大类编码（如 E01），或“全部”。",
        examples: ["E01", "E0113"],
        field: "class",
    },
    Column {
        name: "类别名称",
        required: false,
        form: Form::Text,
        hint: "供核对：填了就必须与编码一致。",
        examples: ["市容环境", "道路破损"],
        field: "",
    },
    Column {
        name: "区域编码",
        required: true,
        form: Form::Text,
        hint: "市、镇街、村社区、网格的代码（6、9、12、16 位，单元格请设为文本），或功能区编码。",
        examples: ["320281", "320281108"],
        field: "area",
    },
    Column {
        name: "区域名称",
        required: false,
        form: Form::Text,
        hint: "供核对：填了就必须与编码一致。",
        examples: ["", ""],
        field: "",
    },
    Column {
        name: "权属条件",
        required: false,
        form: Form::Words(OWNER_WORDS),
        hint: "只在责任单位对该地点有这种关系时适用，如“养护”。系统里没有登记这种关系的单位，这里请留空。",
        examples: ["", ""],
        field: "owner",
    },
    Column {
        name: "星期",
        required: false,
        form: Form::Text,
        hint: "空着为每天；或“周一至周五”“周六、周日”。",
        examples: ["", "周一至周五"],
        field: "window",
    },
    Column {
        name: "时段",
        required: false,
        form: Form::Text,
        hint: "空着为全天；或“08:00-18:00”，跨夜写“18:00-02:00”。",
        examples: ["", "08:00-18:00"],
        field: "window",
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
        name: "责任单位编码",
        required: true,
        form: Form::Text,
        hint: "唯一的责任单位。",
        examples: ["CGJ", "GLZX"],
        field: "unit",
    },
    Column {
        name: "协办单位编码",
        required: false,
        form: Form::Text,
        hint: "可多个，用顿号或逗号分隔。",
        examples: ["", "CGJ"],
        field: "helpers",
    },
    Column {
        name: "备注",
        required: false,
        form: Form::Text,
        hint: "依据、说明，不超过 500 字。会永久记入日志，不要写人名、手机号、身份证号。",
        examples: ["", "依养护协议"],
        field: "note",
    },
];

fn text_of(city: &City, row: &MatrixRow) -> BTreeMap<String, String> {
    let code = |unit: UnitId| city.unit(unit).map_or_else(String::new, |unit| unit.code.clone());
    let class = row.class.map_or_else(|| ALL_CLASSES.to_owned(), |class| class.to_string());
    let helpers: Vec<String> = row.helpers.iter().map(|unit| code(*unit)).collect();
    let (days, hours) = window_texts(row.window);
    let mut all = texts([
        ("行号", row.row_no.to_string()),
        ("类别编码", class),
        ("类别名称", city.class_selector_name(row.class)),
        ("区域编码", city.selector_code(row.area)),
        ("区域名称", city.selector_name(row.area)),
        ("权属条件", row.owner.map_or_else(String::new, |kind| kind.name().to_owned())),
        ("星期", days),
        ("时段", hours),
        ("责任单位编码", code(row.unit)),
        ("协办单位编码", helpers.join("、")),
        ("备注", row.note.clone()),
    ]);
    all.extend(date_texts(row.valid).map(|(name, text)| (name.to_owned(), text)));
    all
}

/// Every row of the list, as the sheet writes it.
pub(super) fn exported(city: &City) -> Vec<BTreeMap<String, String>> {
    let mut rows: Vec<&MatrixRow> = city.matrix().rows().iter().collect();
    rows.sort_by_key(|row| row.row_no);
    rows.into_iter().map(|row| text_of(city, row)).collect()
}

/// 星期 and 时段 as the sheet writes them; empty for always.
pub(super) fn window_texts(window: Window) -> (String, String) {
    let days = match window.weekdays() {
        0x7F => String::new(),
        0x1F => "周一至周五".to_owned(),
        days => {
            let named = DAY_NAMES.iter().enumerate().filter(|(at, _)| days >> at & 1 == 1);
            named.map(|(_, name)| *name).collect::<Vec<_>>().join("、")
        }
    };
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let whole = window.from_minute() == 0 && window.to_minute() == Window::DAY_MINUTES;
    let hours = if whole {
        String::new()
    } else {
        format!("{}-{}", clock(window.from_minute()), clock(window.to_minute()))
    };
    (days, hours)
}

/// `周一至周五`, `周六、周日`, `每天`.
pub(super) fn weekdays(text: &str) -> Option<u8> {
    if text == "每天" {
        return Some(0x7F);
    }
    let index = |name: &str| {
        let name = name.trim().replace("星期", "周").replace("周天", "周日");
        DAY_NAMES.iter().position(|day| *day == name)
    };
    let mut days = 0_u8;
    for part in text.split(['、', ',', '，', ' ']).filter(|part| !part.trim().is_empty()) {
        let mut ends = part.split(['至', '-', '–', '—']);
        let from = index(ends.next()?)?;
        let to = ends.next().map_or(Some(from), index)?;
        if ends.next().is_some() || to < from {
            return None;
        }
        (from..=to).for_each(|day| days |= 1 << day);
    }
    (days != 0).then_some(days)
}

/// `08:00-18:00` as minutes since midnight; `全天`.
pub(super) fn hours(text: &str) -> Option<(u16, u16)> {
    if text == "全天" {
        return Some((0, Window::DAY_MINUTES));
    }
    let clock = |text: &str| -> Option<u16> {
        let text = text.trim().trim_start_matches("次日").replace('：', ":");
        let (hour, minute) = text.split_once(':')?;
        let digits =
            |part: &str| part.len() <= 2 && !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(hour) || !digits(minute) || minute.len() != 2 {
            return None;
        }
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (minute < 60 && hour * 60 + minute <= Window::DAY_MINUTES).then_some(hour * 60 + minute)
    };
    let (from, to) = text.split_once(['-', '–', '—', '~', '至'])?;
    Some((clock(from)?, clock(to)?))
}

/// The number of a row.
fn number_of(row: &mut Row<'_>) -> Option<u32> {
    row.required("行号");
    row.read("行号", "org/bad-row-no", |text| {
        // Digits and nothing else: a number that begins with a sign is something else.
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<u32>().ok().filter(|number| digits && (1..=99_999).contains(number))
    })
}

/// What a row speaks of: `None` inside for every class.
fn class_of(row: &mut Row<'_>, city: &City) -> Option<Option<ClassSelector>> {
    row.required("类别编码");
    let class = row.read("类别编码", "org/bad-class-code", |text| {
        if text == ALL_CLASSES { Some(None) } else { fold_code(text).parse::<ClassSelector>().ok().map(Some) }
    })?;
    let known = class.is_none_or(|class| city.classes().iter().any(|info| class.covers(info.code)));
    if !known && !city.classes().is_empty() {
        let code = class.map_or_else(String::new, |class| class.to_string());
        row.fault_with("类别编码", "org/unknown-class", BTreeMap::from([("code", Value::from(code))]));
    }
    Some(class)
}

/// The texts of one row as a record; `id` is that of the row with this number.
fn read(
    row: &mut Row<'_>,
    facts: &Facts<'_>,
    row_no: Option<u32>,
    id: &mut dyn FnMut(u32) -> MatrixRowId,
) -> Option<MatrixRow> {
    let city = facts.city;
    let class = class_of(row, city);
    row.required("区域编码");
    let area = row.read("区域编码", "org/unknown-area", |code| {
        let zone = city
            .zones()
            .values()
            .find(|zone| fold(&zone.code) == fold(code))
            .map(|zone| AreaSelector::Zone(zone.id));
        let known = |key| city.place(key).is_some() || city.cell_at(key).is_some();
        zone.or_else(|| fold_code(code).parse().ok().filter(|key| known(*key)).map(AreaSelector::Area))
    });
    if let Some(class) = class {
        same_name(row, "类别名称", &city.class_selector_name(class));
    }
    if let Some(area) = area {
        same_name(row, "区域名称", &city.selector_name(area));
    }
    let owner = row.word("权属条件", OWNER_WORDS, RelationKind::by_name);
    let days = row.read("星期", "org/bad-weekdays", weekdays).unwrap_or(0x7F);
    // Hours that no window can have are not read, so that the words say which.
    let window = |text: &str| hours(text).and_then(|(from, to)| Window::new(days, from, to).ok());
    let window = match row.text("时段") {
        Some(_) => row.read("时段", "org/bad-hours", window),
        None => Window::new(days, 0, Window::DAY_MINUTES).ok(),
    };
    let valid = row.dates();
    row.required("责任单位编码");
    let unit = row.unit("责任单位编码", facts);
    if let (Some(kind), Some(unit)) = (owner, unit) {
        stands_so(row, city, unit, kind);
    }
    let helpers = helpers(row, facts);
    let note = row.text("备注").unwrap_or_default();
    let row_no = row_no?;
    Some(MatrixRow {
        id: id(row_no),
        row_no,
        class: class?,
        area: area?,
        owner,
        window: window?,
        valid,
        unit: unit?,
        helpers,
        note,
    })
}

/// A row whose unit is nowhere in the relation that it names would hold nowhere, and nobody would see why.
fn stands_so(row: &mut Row<'_>, city: &City, unit: UnitId, kind: RelationKind) {
    if !city.relations().iter().any(|relation| relation.unit == unit && relation.kind == kind) {
        let params = BTreeMap::from([("text", Value::from(kind.name()))]);
        row.fault_with("权属条件", "org/no-relation", params);
    }
}

fn helpers(row: &mut Row<'_>, facts: &Facts<'_>) -> Vec<UnitId> {
    let mut helpers = Vec::new();
    for code in row.text("协办单位编码").unwrap_or_default().split(['、', ',', '，', ';', '；']) {
        let code = code.trim();
        match facts.unit(code) {
            _ if code.is_empty() => {}
            Some(unit) => helpers.push(unit),
            None => {
                row.fault_with(
                    "协办单位编码",
                    "org/unknown-unit",
                    BTreeMap::from([("text", Value::from(code))]),
                );
            }
        }
    }
    helpers
}

/// A name that stands beside a code for checking must be the name of that code.
fn same_name(row: &mut Row<'_>, column: &str, expected: &str) {
    let Some(text) = row.text(column) else { return };
    if fold(&text) != fold(expected) {
        let params = BTreeMap::from([("text", Value::from(text)), ("expected", Value::from(expected))]);
        row.fault_with(column, "org/name-differs", params);
    }
}

pub(super) fn plan(plan: &mut Plan, sheet: &Sheet, facts: &mut Facts<'_>, next_id: &dyn Fn() -> i64) {
    let facts = &*facts;
    let city = facts.city;
    let standing: HashMap<u32, &MatrixRow> =
        city.matrix().rows().iter().map(|row| (row.row_no, row)).collect();
    let mut seen: HashMap<u32, u32> = HashMap::new();
    let mut kept: HashSet<u32> = HashSet::new();
    for mut row in sheet.rows() {
        let mut id = |row_no: u32| standing.get(&row_no).map_or_else(|| MatrixRowId(next_id()), |row| row.id);
        let row_no = number_of(&mut row);
        let record = read(&mut row, facts, row_no, &mut id);
        let number = row.number;
        if let Some(row_no) = row_no {
            kept.insert(row_no);
            if let Some(first) = seen.insert(row_no, number) {
                row.fault_with("行号", "org/key-twice", BTreeMap::from([("row", (first + 1).into())]));
            }
        }
        let good = plan.settle(row);
        let Some(record) = record.filter(|_| good) else { continue };
        let before = standing.get(&record.row_no).copied();
        if before == Some(&record) {
            continue;
        }
        let key = format!("第{}行", record.row_no);
        let told = shown(number + 1, key, before.map(|row| text_of(city, row)), Some(text_of(city, &record)));
        let edit = edit_of(facts, Change::Set(Document::MatrixRow(record)));
        let before = before.map(|row| Change::Set(Document::MatrixRow(row.clone())));
        plan.push(number, Planned { edit, before, shown: Some(told) });
    }
    // A sheet with errors keeps nothing: what it says of other rows is not known yet.
    if !plan.faults.is_empty() {
        return;
    }
    for row in city.matrix().rows().iter().filter(|row| !kept.contains(&row.row_no)) {
        let told = shown(0, format!("第{}行", row.row_no), Some(text_of(city, row)), None);
        let edit = edit_of(facts, Change::Remove(Kind::MatrixRow, row.id.0));
        let before = Some(Change::Set(Document::MatrixRow(row.clone())));
        plan.push(0, Planned { edit, before, shown: Some(told) });
    }
}
