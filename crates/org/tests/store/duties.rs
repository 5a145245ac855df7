//! 三员分立: managing, working on cases and auditing exclude each other, and nobody widens his own rights.

use kernel::id::UserId;
use kernel::rights::Role;
use platform::journal::{Actor, events_after};
use serde_json::json;
use testkit::World;

use crate::SETS;
use crate::fixture::*;
use crate::http::{ADMIN, Hall, cookie};
use crate::imports::{act, act_by, id_of, line, preview, preview_by};

testkit::stories!(SETS:
    managing_working_and_auditing_exclude_each_other,
    nobody_widens_his_own_rights,
);

/// A workbook whose days are days and no texts.
fn book(sheet: &str, headings: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet().set_name(sheet).unwrap();
    let day = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    let head: Vec<String> = headings.iter().map(|text| (*text).to_owned()).collect();
    for (row, cells) in (0_u32..).zip(std::iter::once(&head).chain(rows)) {
        for (column, text) in (0_u16..).zip(cells) {
            match rust_xlsxwriter::ExcelDateTime::parse_from_str(text) {
                Ok(date) if text.len() == 10 => {
                    page.write_datetime_with_format(row, column, &date, &day).unwrap()
                }
                _text => page.write_string(row, column, text).unwrap(),
            };
        }
    }
    book.save_to_buffer().unwrap()
}

/// 采集员 … 审计员 in pairs: which two one person may hold.
async fn managing_working_and_auditing_exclude_each_other(world: World) {
    let hall = Hall::open(world).await;
    let city = hall.world.city.to_string();
    let headings = ["编号", "姓名", "单位编码", "角色", "区域编码", "有效期起", "有效期止"];
    let row = |role, from, to| line(["R1", "欧阳示例", "CGJ", role, &city, from, to]);
    let errors = async |rows: &[Vec<String>]| {
        let shown = preview(&hall, "people", book("人员", &headings, rows)).await.expect(201);
        let errors = shown.at("/errors");
        let errors = errors.as_array().unwrap().iter();
        errors
            .map(|error| format!("{} {}", error["cell"].as_str().unwrap(), error["code"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    let works = ["采集员", "受理员", "派遣员", "责任单位经办人", "核查员", "领导", "文明办"];
    for work in works {
        for other in ["系统管理员", "审计员"] {
            let rows = [row(work, "", ""), row(other, "", "")];
            assert_eq!(errors(&rows).await, ["人员!D3 org/duties-joined"], "{work} {other}");
        }
        assert_eq!(errors(&[row("领导", "", ""), row("文明办", "", "")]).await, Vec::<String>::new());
    }
    assert_eq!(
        errors(&[row("系统管理员", "", ""), row("审计员", "", "")]).await,
        ["人员!D3 org/duties-joined"]
    );
    // One after the other is no joining, one day of both is.
    let after = [row("受理员", "", "2026-06-30"), row("系统管理员", "2026-07-01", "")];
    assert_eq!(errors(&after).await, Vec::<String>::new());
    let over = [row("受理员", "", "2026-07-01"), row("系统管理员", "2026-07-01", "")];
    assert_eq!(errors(&over).await, ["人员!D3 org/duties-joined"]);
    // A small city allows it by its settings, and the event says who did.
    let mut profile = hall.org.city(hall.world.city).await.unwrap().profile().unwrap().clone();
    profile.joined_duties = true;
    let by = Actor::User(UserId(501));
    hall.org.edit(hall.world.city, by, vec![profile.into()]).await.unwrap();
    assert_eq!(errors(&over).await, Vec::<String>::new());
    let events = events_after(hall.world.db().reader(), hall.world.city, 0, 10_000).await.unwrap();
    let set = events.iter().rfind(|entry| entry.stream == "org.profile").unwrap();
    assert!(
        set.actor == "user:501" && set.body.contains("\"joined_duties\":true"),
        "{} {}",
        set.actor,
        set.body
    );
}

/// By a workbook of his own, by a colleague's, by a longer time, another unit, another's login.
async fn nobody_widens_his_own_rights(world: World) {
    let hall = Hall::open(world).await;
    let city = hall.world.city.to_string();
    let town = format!("{city}101");
    let headings = ["编号", "姓名", "单位编码", "登录名", "角色", "区域编码", "有效期止"];
    let him = |role, area: &str, to| {
        book("人员", &headings, &[line(["A1", "司马示例", "CGJ", "login503", role, area, to])])
    };
    let first = async |bytes| {
        let shown = preview(&hall, "people", bytes).await.expect(201);
        (shown.at("/errors/0/cell"), shown.at("/errors/0/code"))
    };
    let id = id_of(&preview(&hall, "people", him("系统管理员", &city, "2026-12-31")).await.expect(201));
    act(&hall, &id, "apply").await.expect(200);
    assert_eq!(first(him("系统管理员", &city, "")).await, (json!("人员!E2"), json!("org/own-rights-wider")));
    assert_eq!(
        first(him("系统管理员", &city, "2027-12-31")).await,
        (json!("人员!E2"), json!("org/own-rights-wider"))
    );
    let less = preview(&hall, "people", him("系统管理员", &city, "2026-11-30")).await.expect(201);
    assert_eq!(less.at("/errors"), json!([]));
    let two = [
        line(["A1", "司马示例", "CGJ", "login503", "系统管理员", &city, "2026-12-31"]),
        line(["A1", "司马示例", "CGJ", "login503", "受理员", &town, ""]),
    ];
    let shown = preview(&hall, "people", book("人员", &headings, &two)).await.expect(201);
    let codes = shown.at("/errors").to_string();
    assert!(codes.contains("org/duties-joined") && codes.contains("org/own-rights-wider"), "{codes}");
    // A colleague reads a workbook in that gives him more; he cannot be the one who confirms it.
    let second = cookie(&hall.world, UserId(505), Role::Admin, key(hall.world.city, 0, 0, 0)).await;
    let wider = him("系统管理员", &city, "");
    let id = id_of(&preview_by(&hall, &second, "people", wider).await.expect(201));
    act(&hall, &id, "apply").await.expect_problem(409, "org/own-rights-wider");
    act_by(&hall, &second, &id, "apply").await.expect(200);
    // A post or a deputyship that he would give himself is refused below the workbooks as well.
    let area = hall.org.city(hall.world.city).await.unwrap().key();
    let person = hall.org.city(hall.world.city).await.unwrap();
    let person = person.persons().find(|view| view.person.code == "A1").unwrap().person.id;
    let always = org::Dates::ALWAYS;
    let narrower = org::Post {
        id: org::PostId(977),
        person,
        role: Role::Admin,
        area: key(hall.world.city, 101, 0, 0),
        unit: None,
        valid: always,
    };
    let by = Actor::User(ADMIN);
    hall.org.edit(hall.world.city, by, vec![narrower.into()]).await.unwrap();
    let leader =
        org::Post { id: org::PostId(978), person, role: Role::Leader, area, unit: None, valid: always };
    let refused = hall.org.edit(hall.world.city, by, vec![leader.into()]).await;
    assert!(refused.is_err(), "{refused:?}");
}
