//! Workbooks through the routes: preview, apply, undo.

use kernel::id::UnitId;
use kernel::rights::Role;
use org::{Edit, UnitKind};
use platform::journal::events_after;
use rust_xlsxwriter::Workbook;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use testkit::{Answer, World};

use crate::SETS;
use crate::fixture::*;
use crate::http::{ADMIN, Hall, XLSX};
use crate::rights::{add_login, held};

testkit::stories!(SETS:
    a_list_is_previewed_applied_and_taken_back,
    what_somebody_changed_since_is_not_overwritten,
    people_come_in_without_a_name_in_the_journal,
    people_who_are_taken_back_lose_their_rights,
    only_who_equips_users_hands_out_roles,
    nobody_takes_his_own_right_to_manage_people,
    a_workbook_with_errors_changes_nothing,
    a_half_done_import_is_finished,
    a_large_list_changes_at_once,
    an_import_goes_on_when_its_page_is_closed,
    two_runners_of_one_import_do_it_once,
);

/// A workbook of the kind's template with these rows below the headings.
pub(crate) fn book(sheet: &str, headings: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let page = book.add_worksheet().set_name(sheet).unwrap();
    let head: Vec<String> = headings.iter().map(|text| (*text).to_owned()).collect();
    for (row, cells) in (0_u32..).zip(std::iter::once(&head).chain(rows)) {
        for (column, text) in (0_u16..).zip(cells) {
            page.write_string(row, column, text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// A line of a sheet.
pub(crate) fn line<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}

pub(crate) fn list(rows: &[Vec<String>]) -> Vec<u8> {
    book("责任清单", &["行号", "类别编码", "区域编码", "责任单位编码"], rows)
}

/// Reads a workbook in, as an administrator.
pub(crate) async fn preview(hall: &Hall, kind: &str, bytes: Vec<u8>) -> Answer {
    preview_by(hall, &hall.admin, kind, bytes).await
}

pub(crate) async fn preview_by(hall: &Hall, cookie: &str, kind: &str, bytes: Vec<u8>) -> Answer {
    let path = format!("/api/v1/org/imports/{kind}?file_name=%E6%B8%85%E5%8D%95.xlsx");
    hall.app.post(&path).signed_in(cookie).bytes(XLSX, bytes).send().await
}

/// Applies or undoes an import, as an administrator.
pub(crate) async fn act(hall: &Hall, id: &str, act: &str) -> Answer {
    act_by(hall, &hall.admin, id, act).await
}

pub(crate) async fn act_by(hall: &Hall, cookie: &str, id: &str, act: &str) -> Answer {
    hall.app.post(&format!("/api/v1/org/imports/{id}/{act}")).signed_in(cookie).send().await
}

/// The id of an import in an answer.
pub(crate) fn id_of(answer: &Answer) -> String {
    answer.at("/id").as_str().unwrap().to_owned()
}

pub(crate) async fn matrix(hall: &Hall) -> Vec<(u64, String)> {
    let answer = hall.app.get("/api/v1/org/matrix").signed_in(&hall.office).send().await.expect(200);
    let rows = answer.at("/items").as_array().unwrap().clone();
    rows.iter()
        .map(|row| (row["row_no"].as_u64().unwrap(), row["unit"]["name"].as_str().unwrap().to_owned()))
        .collect()
}

async fn a_list_is_previewed_applied_and_taken_back(world: World) {
    let hall = Hall::open(world).await;
    let city = hall.world.city.to_string();
    let before = matrix(&hall).await;
    // Row 1 gets another unit, row 2 is gone, row 3 is new.
    let bytes = list(&[line(["1", "E01", &city, "T101"]), line(["3", "E0410", &city, "CGJ"])]);
    let shown = preview(&hall, "matrix", bytes.clone()).await.expect(201);
    assert_eq!(shown.at("/errors"), json!([]));
    let counts =
        ["rows", "adds", "changes", "removes"].map(|name| shown.at(&format!("/{name}")).as_u64().unwrap());
    assert_eq!(counts, [2, 1, 1, 1]);
    assert_eq!(shown.at("/diff/0/before/责任单位编码"), json!("CGJ"));
    assert_eq!(shown.at("/diff/0/after/责任单位编码"), json!("T101"));
    assert_eq!(matrix(&hall).await, before, "a preview changes nothing");
    let id = id_of(&shown);
    let applied = act(&hall, &id, "apply").await.expect(200);
    assert_eq!(applied.at("/state"), json!("applied"));
    assert_eq!(matrix(&hall).await, [(1, "东镇政府".to_owned()), (3, "城管局".to_owned())]);
    // Saying it twice does it once.
    let versions = hall.org.city(hall.world.city).await.unwrap().versions();
    act(&hall, &id, "apply").await.expect(200);
    assert_eq!(hall.org.refresh(hall.world.city).await.unwrap().versions(), versions);
    assert_eq!(org::verify(&hall.world.ctx, hall.world.city).await.unwrap(), []);
    let undone = act_by(&hall, &hall.office, &id, "undo").await.expect(200);
    assert_eq!(undone.at("/state"), json!("undone"));
    assert_eq!(matrix(&hall).await, before);
    assert_eq!(org::verify(&hall.world.ctx, hall.world.city).await.unwrap(), []);
    act(&hall, &id, "apply").await.expect_problem(409, "org/wrong-import-state");
    // The list of imports remembers it; another upload of the same workbook is a new import.
    let imports = hall.app.get("/api/v1/org/imports").signed_in(&hall.office).send().await.expect(200);
    assert_eq!(imports.at("/items/0/file_name"), json!("清单.xlsx"));
    let who = ["made_by_name", "changed_by_name"].map(|name| imports.at(&format!("/items/0/{name}")));
    assert_eq!(
        who,
        [json!("某人503"), json!("某人501")],
        "the administrator read it in, the 文明办 took it back"
    );
    let again = preview(&hall, "matrix", bytes).await.expect(201);
    assert_ne!(id_of(&again), id);
}

async fn what_somebody_changed_since_is_not_overwritten(world: World) {
    let hall = Hall::open(world).await;
    let city = hall.world.city;
    let rows = [line(["1", "E01", &city.to_string(), "T101"]), line(["2", "E04", &city.to_string(), "CGJ"])];
    let first = id_of(&preview(&hall, "matrix", list(&rows)).await.expect(201));
    let second = id_of(&preview(&hall, "matrix", list(&rows)).await.expect(201));
    act(&hall, &first, "apply").await.expect(200);
    let refused = act(&hall, &second, "apply").await.expect_problem(409, "org/changed-since");
    assert_eq!(refused.at("/params/names"), json!("第1行"));
    // Somebody changes row 1 by hand: undoing would lose that.
    let mut by_hand = row(1, "E01", key(city, 0, 0, 0), CITY_UNIT);
    by_hand.note = "手工".into();
    by_hand.id = hall.org.city(city).await.unwrap().matrix().rows()[0].id;
    hall.org.edit(city, BUILDER, vec![by_hand.into()]).await.unwrap();
    act(&hall, &first, "undo").await.expect_problem(409, "org/changed-since");
    assert_eq!(matrix(&hall).await[0], (1, "城管局".to_owned()));
    // A unit that came with a workbook and is used since cannot be taken back either.
    let units = book("单位", &["单位编码", "单位名称", "类型"], &[line(["ZJJ", "住建局", "部门"])]);
    let import = id_of(&preview(&hall, "units", units).await.expect(201));
    act(&hall, &import, "apply").await.expect(200);
    let new = hall.org.city(city).await.unwrap().units().find(|unit| unit.code == "ZJJ").unwrap().id;
    hall.org.edit(city, BUILDER, vec![row(9, "E04", key(city, 101, 0, 0), new).into()]).await.unwrap();
    let needed = act(&hall, &import, "undo").await.expect_problem(409, "org/changed-since");
    assert!(needed.at("/params/names").as_str().unwrap().contains("责任清单"), "{needed:?}");
}

async fn people_come_in_without_a_name_in_the_journal(world: World) {
    let hall = Hall::open(world).await;
    let city = hall.world.city;
    let headings = ["编号", "姓名", "手机", "单位编码", "角色", "区域编码"];
    let rows = [
        line(["R1", "欧阳示例", "13912345678", "CGJ", "责任单位经办人", &city.to_string()]),
        line(["R1", "欧阳示例", "13912345678", "CGJ", "核查员", &format!("{city}101")]),
        line(["P001", "周明", "13800001234", "T101", "", ""]),
    ];
    let shown = preview(&hall, "people", book("人员", &headings, &rows)).await.expect(201);
    assert_eq!((shown.at("/adds"), shown.at("/changes")), (json!(1), json!(1)), "{:?}", shown.json());
    let id = id_of(&shown);
    act(&hall, &id, "apply").await.expect(200);
    let snapshot = hall.org.city(city).await.unwrap();
    let person = snapshot.persons().find(|view| view.person.code == "R1").unwrap();
    assert_eq!((person.name.as_str(), person.phone_masked.as_deref()), ("欧阳示例", Some("139****5678")));
    assert_eq!(snapshot.posts().iter().filter(|post| post.person == person.person.id).count(), 2);
    // His only post ended with the sheet that names him without a role.
    assert_eq!(snapshot.posts().iter().filter(|post| post.person == LEADER).count(), 0);
    let events = events_after(hall.world.db().reader(), city, 0, 10_000).await.unwrap();
    assert!(events.iter().all(|e| !e.body.contains("欧阳") && !e.body.contains("139123")));
    act(&hall, &id, "undo").await.expect(200);
    let snapshot = hall.org.city(city).await.unwrap();
    assert!(snapshot.persons().all(|view| view.person.code != "R1"));
    let leader = snapshot.person(LEADER).unwrap();
    assert_eq!((leader.name.as_str(), leader.person.unit), ("周明", Some(CITY_UNIT)));
    assert_eq!(snapshot.posts().iter().filter(|post| post.person == LEADER).count(), 1);
    assert_eq!(org::verify(&hall.world.ctx, city).await.unwrap(), []);
}

async fn people_who_are_taken_back_lose_their_rights(world: World) {
    let hall = Hall::open(world).await;
    let world = &hall.world;
    add_login(world, 31).await;
    let headings = ["编号", "姓名", "单位编码", "登录名", "角色", "区域编码"];
    let city = world.city.to_string();
    let rows = [line(["R1", "欧阳示例", "CGJ", "login31", "受理员", &city])];
    let id = id_of(&preview(&hall, "people", book("人员", &headings, &rows)).await.expect(201));
    act(&hall, &id, "apply").await.expect(200);
    assert_eq!(held(world, 31).await[0].role, Role::Acceptor);
    act(&hall, &id, "undo").await.expect(200);
    assert_eq!(held(world, 31).await, []);
    assert_eq!(hall.org.sync_grants(world.city).await.unwrap(), 0);
    assert_eq!(platform::auth::verify(&world.ctx, world.city).await.unwrap(), []);
}

async fn only_who_equips_users_hands_out_roles(world: World) {
    let hall = Hall::open(world).await;
    let city = hall.world.city.to_string();
    add_login(&hall.world, 31).await;
    let headings = ["编号", "姓名", "单位编码", "登录名", "角色", "区域编码"];
    let people =
        |login, role| book("人员", &headings, &[line(["R1", "欧阳示例", "CGJ", login, role, &city])]);
    let sheet = people("login31", "系统管理员");
    let by_office = preview_by(&hall, &hall.office, "people", sheet.clone()).await;
    by_office.expect_problem(403, "platform/not-allowed");
    // Another's workbook of people does not exist for the 文明办, neither to apply nor to look at.
    let id = id_of(&preview(&hall, "people", sheet).await.expect(201));
    act_by(&hall, &hall.office, &id, "apply").await.expect_problem(404, "org/no-such-record");
    let listed = hall.app.get("/api/v1/org/imports").signed_in(&hall.office).send().await.expect(200);
    assert_eq!(listed.at("/items"), json!([]));
    act(&hall, &id, "apply").await.expect(200);
    act_by(&hall, &hall.office, &id, "undo").await.expect_problem(404, "org/no-such-record");
    assert_eq!(held(&hall.world, 31).await[0].role, Role::Admin);
    act(&hall, &id, "undo").await.expect(200);
    // The list is the whole city's: a town's 文明办 does not replace it.
    let list = list(&[line(["1", "E01", &city, "T101"])]);
    preview_by(&hall, &hall.town, "matrix", list.clone()).await.expect_problem(403, "org/whole-city");
    let id = id_of(&preview_by(&hall, &hall.office, "matrix", list).await.expect(201));
    act_by(&hall, &hall.town, &id, "apply").await.expect_problem(403, "org/whole-city");
    let listed = hall.app.get("/api/v1/org/imports").signed_in(&hall.town).send().await;
    listed.expect_problem(403, "org/whole-city");
    act_by(&hall, &hall.office, &id, "apply").await.expect(200);
}

async fn nobody_takes_his_own_right_to_manage_people(world: World) {
    let hall = Hall::open(world).await;
    let city = hall.world.city.to_string();
    let headings = ["编号", "姓名", "单位编码", "登录名", "角色", "区域编码"];
    let him = |role| book("人员", &headings, &[line(["A1", "司马示例", "CGJ", "login503", role, &city])]);
    let shown = preview(&hall, "people", him("受理员")).await.expect(201);
    assert_eq!(
        (shown.at("/errors/0/cell"), shown.at("/errors/0/code")),
        (json!("人员!E2"), json!("org/own-rights"))
    );
    let id = id_of(&preview(&hall, "people", him("系统管理员")).await.expect(201));
    act(&hall, &id, "apply").await.expect(200);
    assert_eq!(held(&hall.world, ADMIN.0).await[0].role, Role::Admin);
    let shown = preview(&hall, "people", him("受理员")).await.expect(201);
    assert_eq!(
        (shown.at("/errors/0/cell"), shown.at("/errors/0/code")),
        (json!("人员!E2"), json!("org/own-rights"))
    );
    // Undone, the login would be nobody's and have nothing.
    act(&hall, &id, "undo").await.expect_problem(409, "org/own-rights");
    assert_eq!(held(&hall.world, ADMIN.0).await[0].role, Role::Admin);
}

async fn a_workbook_with_errors_changes_nothing(world: World) {
    let hall = Hall::open(world).await;
    let city = hall.world.city.to_string();
    let bytes = list(&[line(["1", "E01", &city, "NOBODY"]), line(["2", "E04", &city, "CGJ "])]);
    let shown = preview(&hall, "matrix", bytes.clone()).await.expect(201);
    let listed = shown.at("/errors");
    let errors: Vec<(&str, &str)> = listed.as_array().unwrap().iter().map(two).collect();
    assert_eq!(
        errors,
        [
            ("责任清单!D2", "没有这个单位：“NOBODY”不是现有的单位编码。"),
            ("责任清单!D3", "文字前后有空格：请删除前后的空格。")
        ]
    );
    let id = id_of(&shown);
    act(&hall, &id, "apply").await.expect_problem(409, "org/preview-has-errors");
    let path = "/api/v1/org/imports/matrix";
    let english = hall
        .app
        .post(path)
        .signed_in(&hall.office)
        .language("en")
        .bytes(XLSX, bytes)
        .send()
        .await
        .expect(201);
    assert_eq!(english.at("/errors/0/message"), json!("Unknown unit: \"NOBODY\" is no unit code."));
    preview(&hall, "matrix", b"PK not really".to_vec()).await.expect_problem(422, "org/not-a-workbook");
    preview(&hall, "matrix", vec![0; 9 * 1024 * 1024]).await.expect_problem(413, "org/workbook-too-large");
    preview(&hall, "houses", vec![]).await.expect_problem(404, "org/no-such-record");
    act(&hall, "404", "apply").await.expect_problem(404, "org/no-such-record");
    act(&hall, "abc", "undo").await.expect_problem(404, "org/no-such-record");
    // The same key gives the same preview.
    let good = list(&[line(["1", "E01", &city, "CGJ"])]);
    let keyed = async |bytes: Vec<u8>| {
        hall.app.post(path).signed_in(&hall.office).idempotency_key("k1").bytes(XLSX, bytes).send().await
    };
    let (one, two) = (keyed(good.clone()).await.expect(201), keyed(good).await.expect(201));
    assert_eq!(one.at("/id"), two.at("/id"));
    keyed(list(&[])).await.expect_problem(422, "platform/idempotency-reused");
}

fn two(error: &Value) -> (&str, &str) {
    (error["cell"].as_str().unwrap(), error["message"].as_str().unwrap())
}

async fn a_half_done_import_is_finished(world: World) {
    let hall = Hall::open(world).await;
    let city = hall.world.city;
    let rows = [line(["1", "E01", &city.to_string(), "T101"]), line(["2", "E04", &city.to_string(), "CGJ"])];
    let id = id_of(&preview(&hall, "matrix", list(&rows)).await.expect(201));
    // As a server leaves it that is killed after the first word of applying.
    let set = async |state: &str| {
        let database = hall.world.database.raw().await;
        let sql = format!("UPDATE org_import SET state = '{state}' WHERE id = {id} AND city_id = {city}");
        database.execute_raw(Statement::from_string(database.get_database_backend(), sql)).await.unwrap();
    };
    set("applying").await;
    let edit: Edit = unit(UnitId(77), "NEW", "新单位", UnitKind::Company).into();
    let refused = hall.org.edit(city, BUILDER, vec![edit]).await.unwrap_err();
    assert_eq!(refused.to_string(), "an import is being applied");
    assert_eq!(hall.org.sync_grants(city).await.unwrap(), 0, "rights wait for its end");
    hall.org.resume_imports(city, 60_000).await.unwrap();
    assert_eq!(matrix(&hall).await[0], (1, "城管局".to_owned()), "perhaps somebody is at it");
    hall.org.resume_imports(city, 0).await.unwrap();
    assert_eq!(matrix(&hall).await[0], (1, "东镇政府".to_owned()));
    set("undoing").await;
    hall.org.resume_imports(city, 0).await.unwrap();
    assert_eq!(matrix(&hall).await[0], (1, "城管局".to_owned()));
    assert_eq!(org::verify(&hall.world.ctx, city).await.unwrap(), []);
}

async fn a_large_list_changes_at_once(world: World) {
    let hall = Hall::open(world).await;
    let city = hall.world.city.to_string();
    let rows: Vec<Vec<String>> = (1..=700).map(|n| line([&n.to_string(), "E0410", &city, "T102"])).collect();
    let before = hall.org.city(hall.world.city).await.unwrap().versions().policy;
    let id = id_of(&preview(&hall, "matrix", list(&rows)).await.expect(201));
    act(&hall, &id, "apply").await.expect(200);
    let snapshot = hall.org.city(hall.world.city).await.unwrap();
    assert_eq!((snapshot.matrix().rows().len(), snapshot.versions().policy), (700, before + 1));
    act(&hall, &id, "undo").await.expect(200);
    let snapshot = hall.org.city(hall.world.city).await.unwrap();
    assert_eq!((snapshot.matrix().rows().len(), snapshot.versions().policy), (2, before + 2));
    assert_eq!(org::verify(&hall.world.ctx, hall.world.city).await.unwrap(), []);
}

/// The state of the only import.
async fn state_of(hall: &Hall) -> String {
    let imports = hall.app.get("/api/v1/org/imports").signed_in(&hall.admin).send().await.expect(200);
    imports.at("/items/0/state").as_str().unwrap().to_owned()
}

/// Waits until the only import is in one of these states.
async fn until(hall: &Hall, states: &[&str]) {
    while !states.contains(&state_of(hall).await.as_str()) {}
}

/// A list of so many rows, read in.
async fn large(hall: &Hall, rows: usize) -> String {
    let city = hall.world.city.to_string();
    let rows: Vec<Vec<String>> = (1..=rows).map(|n| line([&n.to_string(), "E0410", &city, "T102"])).collect();
    id_of(&preview(hall, "matrix", list(&rows)).await.expect(201))
}

async fn an_import_goes_on_when_its_page_is_closed(world: World) {
    let hall = Hall::open(world).await;
    let id = large(&hall, 900).await;
    for (verb, half, done) in [("apply", "applying", "applied"), ("undo", "undoing", "undone")] {
        let mut request = Box::pin(act(&hall, &id, verb));
        let begun = [half, done];
        tokio::select! {
            biased;
            answer = &mut request => panic!("nobody could close the page in time: {answer:?}"),
            () = until(&hall, &begun) => {}
        }
        drop(request);
        until(&hall, &[done]).await;
    }
    // Nobody is locked out afterwards.
    hall.org.refresh(hall.world.city).await.unwrap();
    hall.org
        .edit(
            hall.world.city,
            BUILDER,
            vec![row(9, "E04", key(hall.world.city, 101, 0, 0), CITY_UNIT).into()],
        )
        .await
        .unwrap();
    assert_eq!(org::verify(&hall.world.ctx, hall.world.city).await.unwrap(), []);
}

async fn two_runners_of_one_import_do_it_once(world: World) {
    let hall = Hall::open(world).await;
    let id = large(&hall, 900).await;
    let city = hall.world.city;
    let before = hall.org.city(city).await.unwrap().versions().policy;
    let other = async {
        until(&hall, &["applying", "applied"]).await;
        hall.org.resume_imports(city, 0).await.unwrap();
    };
    let (answer, ()) = tokio::join!(act(&hall, &id, "apply"), other);
    assert_eq!(answer.expect(200).at("/state"), json!("applied"));
    let snapshot = hall.org.refresh(city).await.unwrap();
    assert_eq!((snapshot.matrix().rows().len(), snapshot.versions().policy), (900, before + 1));
    // The first two rows stood before.
    let mut new = snapshot.matrix().rows().iter().filter(|row| row.row_no > 2);
    assert!(new.all(|row| snapshot.record_version(org::Kind::MatrixRow, row.id.0) == 1));
    assert_eq!(org::verify(&hall.world.ctx, city).await.unwrap(), []);
}
