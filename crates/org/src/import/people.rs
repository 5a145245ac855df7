//! The sheet 人员: one row for each role of a person. The roles of a person in the sheet are all his roles; people
//! whom the sheet does not have stay as they are.

use std::collections::{BTreeMap, HashMap};

use kernel::id::UserId;
use kernel::rights::{ROLES, Role};
use serde_json::Value;

use super::plan::{Plan, Planned, date_texts, shown, texts};
use super::sheet::{Facts, Row, Sheet};
use super::units::{GONE, STATES, edit_of};
use super::{Column, Form};
use crate::commands::{Change, PersonInput};
use crate::document::{Document, Kind};
use crate::model::{Dates, PersonId, Post, PostId, Record, role_name};

const ROLE_WORDS: &[&str] =
    &["采集员", "受理员", "派遣员", "责任单位经办人", "核查员", "领导", "文明办", "系统管理员", "审计员"];

pub(super) const COLUMNS: &[Column] = &[
    Column {
        name: "编号",
        required: true,
        form: Form::Text,
        hint: "1–20 位字母、数字或短横线，全市唯一，不要用身份证号。一人多个角色写多行，编号相同。",
        examples: ["R001", "R001"],
        field: "code",
    },
    Column {
        name: "姓名",
        required: true,
        form: Form::Text,
        hint: "加密保存，不写入日志。",
        examples: ["张示例", "张示例"],
        field: "name",
    },
    Column {
        name: "手机",
        required: false,
        form: Form::Text,
        hint: "加密保存，页面上遮盖中间四位。单元格请设为文本。",
        examples: ["13800000000", "13800000000"],
        field: "phone",
    },
    Column {
        name: "单位编码",
        required: true,
        form: Form::Text,
        hint: "所在单位。",
        examples: ["CGJ", "CGJ"],
        field: "unit",
    },
    Column {
        name: "职务",
        required: false,
        form: Form::Text,
        hint: "如 副主任。会永久记入日志，不要写姓名和号码。",
        examples: ["科员", "科员"],
        field: "title",
    },
    Column {
        name: "登录名",
        required: false,
        form: Form::Text,
        hint: "已开通的登录名；没有账号就空着。",
        examples: ["zhang", "zhang"],
        field: "user",
    },
    Column {
        name: "角色",
        required: false,
        form: Form::Words(ROLE_WORDS),
        hint: "采集员、受理员、派遣员、责任单位经办人、核查员、领导、文明办、系统管理员、审计员之一；没有角色就空着。",
        examples: ["责任单位经办人", "核查员"],
        field: "role",
    },
    Column {
        name: "区域编码",
        required: false,
        form: Form::Text,
        hint: "角色所辖的市、镇街、村社区或网格；有角色时必填。责任单位经办人只办本单位的案件。",
        examples: ["320281", "320281108"],
        field: "area",
    },
    Column {
        name: "有效期起",
        required: false,
        form: Form::Date,
        hint: "该角色从哪天起；日期格式。",
        examples: ["", ""],
        field: "valid_from",
    },
    Column {
        name: "有效期止",
        required: false,
        form: Form::Date,
        hint: "该角色最后一天。",
        examples: ["", ""],
        field: "valid_to",
    },
    Column {
        name: "状态",
        required: false,
        form: Form::Words(STATES),
        hint: "空着或“在用”；填“撤销”则此人及其角色一并撤销。",
        examples: ["在用", "在用"],
        field: "",
    },
];

fn role_by_name(name: &str) -> Option<Role> {
    ROLES.into_iter().find(|role| role_name(*role) == name)
}

/// A person of the sheet with all his rows.
struct Entry {
    row: u32,
    input: PersonInput,
    posts: Vec<(u32, Post)>,
    gone: bool,
}

/// What a row says, without ids.
struct Line {
    code: String,
    input: PersonInput,
    role: Option<(Role, kernel::area::AreaKey, Dates)>,
    gone: bool,
}

fn read(row: &mut Row<'_>, facts: &Facts<'_>) -> Option<Line> {
    let code = row.required("编号");
    let name = row.required("姓名");
    let phone = row.text("手机");
    row.required("单位编码");
    let unit = row.unit("单位编码", facts);
    let title = row.text("职务").unwrap_or_default();
    let user: Option<UserId> =
        row.read("登录名", "org/unknown-login", |login| facts.logins.get(login).copied());
    let role = row.word("角色", ROLE_WORDS, role_by_name);
    let area = row.area("区域编码", facts);
    let valid = row.dates();
    let gone = row.word("状态", STATES, |word| STATES.contains(&word).then(|| word == GONE));
    if role.is_some() && area.is_none() && row.text("区域编码").is_none() {
        row.fault("区域编码", "org/required");
    }
    let code = code?;
    let input = PersonInput {
        id: PersonId(0),
        code: code.clone(),
        name: name?,
        phone,
        unit: Some(unit?),
        title,
        user,
        valid: Dates::ALWAYS,
    };
    Some(Line {
        code,
        input,
        role: role.zip(area).map(|(role, area)| (role, area, valid)),
        gone: gone == Some(true),
    })
}

/// What stands, for looking up once for each row.
struct Staff<'a> {
    by_code: HashMap<&'a str, PersonId>,
    logins: HashMap<UserId, &'a str>,
    post_ids: HashMap<String, PostId>,
    posts: HashMap<PersonId, Vec<&'a Post>>,
}

impl<'a> Staff<'a> {
    fn of(facts: &'a Facts<'_>) -> Self {
        let mut posts: HashMap<PersonId, Vec<&Post>> = HashMap::new();
        for post in facts.city.posts() {
            posts.entry(post.person).or_default().push(post);
        }
        Self {
            by_code: facts.city.persons().map(|view| (view.person.code.as_str(), view.person.id)).collect(),
            logins: facts.logins.iter().map(|(login, user)| (*user, login.as_str())).collect(),
            post_ids: facts.city.posts().iter().map(|post| (post.code(), post.id)).collect(),
            posts,
        }
    }
}

fn text_of(
    facts: &Facts<'_>,
    staff: &Staff<'_>,
    input: &PersonInput,
    posts: &[Post],
) -> BTreeMap<String, String> {
    let code =
        input.unit.and_then(|unit| facts.city.unit(unit)).map_or_else(String::new, |unit| unit.code.clone());
    let login = input.user.map_or_else(String::new, |user| {
        staff.logins.get(&user).map_or_else(|| user.to_string(), |login| (*login).to_owned())
    });
    let roles: Vec<String> = posts
        .iter()
        .map(|post| {
            let dates: Vec<String> = date_texts(post.valid)
                .into_iter()
                .filter(|(_, date)| !date.is_empty())
                .map(|(n, d)| format!("{n}{d}"))
                .collect();
            format!("{} {}{}", role_name(post.role), facts.city.area_name(post.area), dates.join(" "))
        })
        .collect();
    texts([
        ("编号", input.code.clone()),
        ("姓名", input.name.clone()),
        ("手机", input.phone.clone().unwrap_or_default()),
        ("单位编码", code),
        ("职务", input.title.clone()),
        ("登录名", login),
        ("角色", roles.join("；")),
    ])
}

/// Everybody who stands, as the sheet writes him: a row for each of his roles, one where he has none.
pub(super) fn exported(facts: &Facts<'_>) -> Vec<BTreeMap<String, String>> {
    let staff = &Staff::of(facts);
    let mut rows = Vec::new();
    for view in facts.city.persons() {
        let Some(input) = standing(facts, view.person.id) else { continue };
        let mut base = text_of(facts, staff, &input, &[]);
        base.remove("角色");
        let posts = staff.posts.get(&input.id).map(Vec::as_slice).unwrap_or_default();
        if posts.is_empty() {
            rows.push(base.clone());
        }
        for post in posts {
            let mut row = base.clone();
            row.insert("角色".to_owned(), role_name(post.role).to_owned());
            row.insert("区域编码".to_owned(), post.area.code());
            row.extend(date_texts(post.valid).map(|(name, text)| (name.to_owned(), text)));
            rows.push(row);
        }
    }
    rows
}

/// A person who stands, as a form would show him.
fn standing(facts: &Facts<'_>, id: PersonId) -> Option<PersonInput> {
    let person = &facts.city.person(id)?.person;
    let (name, phone) = facts.people.get(&id).cloned().unwrap_or_default();
    Some(PersonInput {
        id,
        code: person.code.clone(),
        name,
        phone,
        unit: person.unit,
        title: person.title.clone(),
        user: person.user,
        valid: person.valid,
    })
}

fn entries(
    plan: &mut Plan,
    sheet: &Sheet,
    facts: &Facts<'_>,
    staff: &Staff<'_>,
    next_id: &dyn Fn() -> i64,
) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut index: HashMap<String, usize> = HashMap::new();
    for mut row in sheet.rows() {
        let line = read(&mut row, facts);
        let number = row.number;
        let Some(line) = line else {
            plan.settle(row);
            continue;
        };
        let at = *index.entry(line.code.clone()).or_insert_with(|| {
            let id = staff.by_code.get(line.code.as_str()).copied().unwrap_or_else(|| PersonId(next_id()));
            // Their dates stand in no column, so they stay.
            let valid = facts.city.person(id).map_or(Dates::ALWAYS, |view| view.person.valid);
            let input = PersonInput { id, valid, ..line.input.clone() };
            entries.push(Entry { row: number, input, posts: Vec::new(), gone: line.gone });
            entries.len() - 1
        });
        let Some(entry) = entries.get_mut(at) else { continue };
        let same = PersonInput { id: entry.input.id, valid: entry.input.valid, ..line.input.clone() };
        if same != entry.input || line.gone != entry.gone {
            row.fault_with(
                "编号",
                "org/person-differs",
                BTreeMap::from([("row", Value::from(entry.row + 1))]),
            );
        }
        if let Some((role, area, valid)) = line.role {
            let unit = entry.input.unit.filter(|_| role.bound_to_unit());
            let mut post = Post { id: PostId(0), person: entry.input.id, role, area, unit, valid };
            let code = post.code();
            post.id = staff.post_ids.get(&code).copied().unwrap_or_else(|| PostId(next_id()));
            if entry.posts.iter().any(|(_, other)| other.code() == code) {
                row.fault("角色", "org/role-twice");
            } else {
                entry.posts.push((number, post));
            }
        }
        plan.settle(row);
    }
    entries
}

pub(super) fn plan(plan: &mut Plan, sheet: &Sheet, facts: &mut Facts<'_>, next_id: &dyn Fn() -> i64) {
    let facts = &*facts;
    let staff = &Staff::of(facts);
    for entry in entries(plan, sheet, facts, staff, next_id) {
        // Also where only his posts change, what is wrong with him belongs to his row.
        plan.origin.insert((Kind::Person, entry.input.id.0), entry.row);
        let before = standing(facts, entry.input.id);
        let old_posts: Vec<Post> =
            staff.posts.get(&entry.input.id).into_iter().flatten().map(|post| (*post).clone()).collect();
        if entry.gone && before.is_none() {
            let at = sheet.at(entry.row, "状态");
            plan.faults.push(super::plan::Fault {
                at,
                code: "org/nothing-to-remove",
                params: BTreeMap::new(),
            });
            continue;
        }
        let posts: Vec<Post> = entry.posts.iter().map(|(_, post)| post.clone()).collect();
        let same_posts = {
            let sorted = |posts: &[Post]| {
                let mut posts = posts.to_vec();
                posts.sort_by_key(|post| post.id);
                posts
            };
            sorted(&posts) == sorted(&old_posts)
        };
        if !entry.gone && same_posts && before.as_ref() == Some(&entry.input) {
            continue;
        }
        let after = (!entry.gone).then(|| text_of(facts, staff, &entry.input, &posts));
        let old = before.as_ref().map(|input| text_of(facts, staff, input, &old_posts));
        let key = format!("{} {}", entry.input.code, entry.input.name);
        let mut told = Some(shown(entry.row + 1, key, old, after));
        // Posts that end come before the person, posts that begin after him.
        for post in &old_posts {
            if entry.gone || !posts.iter().any(|new| new.id == post.id) {
                let edit = edit_of(facts, Change::Remove(Kind::Post, post.id.0));
                let before = Some(Change::Set(Document::Post(post.clone())));
                plan.push(entry.row, Planned { edit, before, shown: told.take() });
            }
        }
        if entry.gone {
            let edit = edit_of(facts, Change::Remove(Kind::Person, entry.input.id.0));
            plan.push(entry.row, Planned { edit, before: before.map(Change::Person), shown: told.take() });
            continue;
        }
        if before.as_ref() != Some(&entry.input) {
            let edit = edit_of(facts, Change::Person(entry.input.clone()));
            plan.push(entry.row, Planned { edit, before: before.map(Change::Person), shown: told.take() });
        }
        for (row, post) in entry.posts {
            let old = old_posts.iter().find(|old| old.id == post.id);
            if old != Some(&post) {
                let before = old.map(|old| Change::Set(Document::Post(old.clone())));
                let edit = edit_of(facts, Change::Set(Document::Post(post)));
                plan.push(row, Planned { edit, before, shown: told.take() });
            }
        }
    }
}
