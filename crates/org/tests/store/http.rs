//! The routes.

use std::sync::Arc;

use kernel::area::AreaKey;
use kernel::id::UserId;
use kernel::rights::{Grant, Role};
use kernel::time::Date;
use org::Org;
use platform::auth::{AddUser, open_session};
use platform::journal::{Actor, Stamp};
use platform::web::{Dictionary, Door, Sessions, finish};
use serde_json::json;
use testkit::{App, World};

use crate::SETS;
use crate::fixture::*;

testkit::stories!(SETS:
    cells_and_units_are_listed_and_shown,
    the_list_is_filtered_and_explained,
    the_ground_is_public_and_cached,
    the_calendar_is_edited,
    several_days_in_a_row_are_one_entry,
    bad_input_is_told_where,
);

/// The type of workbooks.
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The administrator; his login is `login503`.
pub(crate) const ADMIN: UserId = UserId(503);

/// A filled city behind its routes.
pub(crate) struct Hall {
    pub(crate) world: World,
    pub(crate) org: Org,
    pub(crate) app: App,
    /// The cookie of somebody of the 文明办.
    pub(crate) office: String,
    /// The cookie of an administrator, who may equip users as well.
    pub(crate) admin: String,
    /// The cookie of somebody of a town's 文明办.
    pub(crate) town: String,
    /// The cookie of an inspector, who may read only.
    pub(crate) inspector: String,
}

impl Hall {
    pub(crate) async fn open(world: World) -> Self {
        Self::open_with(world, |org| org).await
    }

    /// With ports of the story's own.
    pub(crate) async fn open_with(world: World, ports: impl FnOnce(Org) -> Org) -> Self {
        let org = ports(filled(&world).await);
        let words = Dictionary::read(&[platform::web::PROBLEMS, org::PROBLEMS]).unwrap();
        let (api, _) = org::routes().open(Door::Staff, org.clone()).split_for_parts();
        let app = App::new(finish(api, org.posted(), Sessions::default(), Arc::new(words)));
        let whole = key(world.city, 0, 0, 0);
        let office = cookie(&world, UserId(501), Role::Office, whole).await;
        let inspector = cookie(&world, UserId(502), Role::Inspector, whole).await;
        let admin = cookie(&world, ADMIN, Role::Admin, whole).await;
        let town = cookie(&world, UserId(504), Role::Office, key(world.city, 101, 0, 0)).await;
        Self { world, org, app, office, admin, town, inspector }
    }
}

impl Hall {
    /// Signs the administrator in anew, after a night.
    pub(crate) async fn sign_in_again(&mut self) {
        let (token, _) = open_session(&self.world.ctx, self.world.city, ADMIN).await.unwrap();
        self.admin = format!("youju_session={token}");
    }
}

/// Somebody with one role in an area. Returns his session.
pub(crate) async fn cookie(world: &World, id: UserId, role: Role, area: AreaKey) -> String {
    let add = AddUser {
        city: world.city,
        id,
        login: format!("login{id}"),
        name: format!("某人{id}"),
        password: String::new(),
        unit: Some(CITY_UNIT),
        grants: [Grant { role, area: area.range(), unit: None }].into(),
        salt: vec![],
        name_sealed: vec![],
        stamp: Stamp { at: world.ctx.now(), actor: Actor::System("test") },
    };
    world.ctx.db.write(add.sealed(&world.ctx.secrets)).await.unwrap();
    let (token, _) = open_session(&world.ctx, world.city, id).await.unwrap();
    format!("youju_session={token}")
}

async fn cells_and_units_are_listed_and_shown(world: World) {
    let hall = Hall::open(world).await;
    let city = hall.world.city;
    let get = async |path: &str| hall.app.get(path).signed_in(&hall.inspector).send().await;
    let counts = get("/api/v1/org/cells/counts").await.expect(200);
    assert_eq!(counts.json(), json!({"city": 1, "town": 2, "cell": 8, "total": 11}));
    let counts = get(&format!("/api/v1/org/cells/counts?area={city}102")).await.expect(200);
    assert_eq!(counts.at("/total"), json!(5));
    let counts = get("/api/v1/org/cells/counts?q=%E7%AC%AC3").await.expect(200);
    assert_eq!(counts.at("/total"), json!(1));
    let first = get(&format!("/api/v1/org/cells?area={city}102&size=4")).await.expect(200);
    let codes = |answer: &testkit::Answer| {
        let items = answer.at("/items");
        items
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["code"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!((codes(&first).len(), codes(&first)[0].clone()), (4, format!("{city}102")));
    let next = first.at("/next").as_str().unwrap().to_owned();
    let rest = get(&format!("/api/v1/org/cells?area={city}102&size=4&after={next}")).await.expect(200);
    assert_eq!((codes(&rest), rest.json().get("next")), (vec![format!("{city}1022020002")], None));
    let typed = get("/api/v1/org/cells?q=+%E7%AC%AC%E3%80%80%EF%BC%93%E2%80%8E").await.expect(200);
    assert_eq!(codes(&typed).len(), 1, "a blank, a full-width figure and a direction mark");
    assert_eq!(
        codes(&get("/api/v1/org/cells?q=%E7%AC%AC3").await.expect(200)),
        [format!("{city}1012020001")]
    );
    assert_eq!(
        codes(&get("/api/v1/org/cells?level=town").await.expect(200)),
        [format!("{city}101"), format!("{city}102")]
    );
    let cell = get("/api/v1/org/cells/1").await.expect(200);
    assert_eq!(cell.header("etag"), "\"1\"");
    assert_eq!(
        cell.at("/persons"),
        json!([{"duty": "cell_leader", "duty_name": "网格长", "name": "周明", "phone_masked": "138****1234"}])
    );
    assert_eq!(cell.at("/backstop_unit/name"), json!("东镇政府"));
    assert!((cell.at("/area_km2").as_f64().unwrap() - 2.11).abs() < 0.02);
    get("/api/v1/org/cells/99").await.expect_problem(404, "org/no-such-record");
    let units = get("/api/v1/org/units?kind=town").await.expect(200);
    assert_eq!(units.at("/items/1/name"), json!("西镇政府"));
    assert_eq!(get("/api/v1/org/units/901").await.expect(200).at("/kind_name"), json!("部门"));
}

async fn the_list_is_filtered_and_explained(world: World) {
    let hall = Hall::open(world).await;
    let city = hall.world.city;
    let get = async |path: &str| hall.app.get(path).signed_in(&hall.inspector).send().await;
    let numbers = async |query: &str| {
        let answer = get(&format!("/api/v1/org/matrix?{query}")).await.expect(200);
        answer
            .at("/items")
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["row_no"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(numbers("").await, [1, 2]);
    assert_eq!(numbers("class=E0110").await, [1]);
    assert_eq!(numbers("class=E04").await, [2]);
    assert_eq!(numbers(&format!("area={city}102")).await, [2]);
    assert_eq!(numbers("unit=902").await, Vec::<u64>::new());
    assert_eq!(numbers("after=1").await, [2]);
    let found = get("/api/v1/org/matrix/findings").await.expect(200);
    assert_eq!((found.at("/holes"), found.at("/overlaps")), (json!(1), json!(0)));
    assert_eq!(found.at("/items/0/geometry/type"), json!("MultiPolygon"));
    assert_eq!(found.at("/items/0/backstop_unit/name"), json!("西镇政府"));
    let resolved = get("/api/v1/org/resolve?lng=120.03&lat=31.005&class_code=E0113").await.expect(200);
    assert_eq!((resolved.at("/unit/name"), resolved.at("/row/row_no")), (json!("城管局"), json!(1)));
    assert_eq!(resolved.at("/cell/name"), json!("第2网格"));
    assert_eq!(resolved.at("/reason"), json!("责任清单 第1行：市容环境 · 东镇 → 城管局"));
    let backstop = get("/api/v1/org/resolve?lng=120.03&lat=31.035&class_code=E0113").await.expect(200);
    assert_eq!((backstop.at("/backstop"), backstop.at("/row")), (json!(true), json!(null)));
}

async fn the_ground_is_public_and_cached(world: World) {
    let hall = Hall::open(world).await;
    let base = hall.app.get("/api/v1/geo/base").send().await.expect(200);
    assert_eq!(base.at("/towns/features/0/properties/name"), json!("东镇"));
    assert_eq!(base.at("/outline/type"), json!("MultiPolygon"));
    assert_eq!(base.at("/neighbours/features"), json!([]));
    let cells = hall.app.get("/api/v1/geo/cells").send().await.expect(200);
    assert_eq!(cells.at("/features").as_array().unwrap().len(), 8);
    assert_eq!(cells.at("/features/0/properties/town_code"), json!(format!("{}101", hall.world.city)));
    let etag = cells.header("etag").to_owned();
    assert_eq!(base.header("etag"), format!("\"{}\"", base.at("/hash").as_str().unwrap()));
    hall.app.get("/api/v1/geo/cells").header("if-none-match", &etag).send().await.expect(304);
    let mut moved = cell(hall.world.city, [0, 0, 0]);
    moved.name = "改名网格".into();
    hall.org.edit(hall.world.city, BUILDER, vec![moved.into()]).await.unwrap();
    let changed = hall.app.get("/api/v1/geo/cells").header("if-none-match", &etag).send().await.expect(200);
    assert_ne!(changed.header("etag"), etag);
}

async fn the_calendar_is_edited(world: World) {
    let hall = Hall::open(world).await;
    let path = "/api/v1/org/calendar/2026-10-10";
    let year =
        hall.app.get("/api/v1/org/calendar?year=2026").signed_in(&hall.office).send().await.expect(200);
    assert_eq!((year.at("/known"), year.at("/hours/1/0")), (json!(true), json!("14:00")));
    let days = year.at("/days").as_array().unwrap().len();
    let version = async || {
        let year =
            hall.app.get("/api/v1/org/calendar?year=2026").signed_in(&hall.office).send().await.expect(200);
        assert_eq!(year.header("etag"), format!("\"{}\"", year.at("/version")));
        year.header("etag").to_owned()
    };
    let put_on = async |seen: &str, body: serde_json::Value| {
        hall.app.put(path).signed_in(&hall.office).header("if-match", seen).json(&body).send().await
    };
    let put = async |body: serde_json::Value| put_on(&version().await, body).await;
    // 2026-10-10 is a Saturday that is worked; then it is not.
    let working = async || {
        let city = hall.org.city(hall.world.city).await.unwrap();
        city.calendar().is_working_day(Date::constant(2026, 10, 10))
    };
    assert!(working().await);
    let old = version().await;
    let answer = put(json!({"kind": "default", "name": ""})).await.expect(200);
    assert_eq!(answer.at("/days").as_array().unwrap().len(), days - 1);
    assert_eq!(answer.header("etag"), version().await);
    assert!(!working().await);
    // Who has not seen that change does not change it back unknowingly.
    let body = json!({"kind": "workday", "name": "国庆调休"});
    put_on(&old, body.clone()).await.expect_problem(409, "platform/stale");
    let blind = hall.app.put(path).signed_in(&hall.office).json(&body).send().await;
    blind.expect_problem(428, "platform/version-required");
    put(body).await.expect(200);
    assert!(working().await);
    put(json!({"kind": "default"})).await.expect(200);
    put(json!({"kind": "default"})).await.expect(200);
    assert!(!working().await);
    put(json!({"kind": "holiday", "name": ""})).await.expect_problem(422, "org/unfit");
    put(json!({"kind": "sunday"})).await.expect_problem(400, "platform/bad-json");
    let unknown =
        hall.app.get("/api/v1/org/calendar?year=2031").signed_in(&hall.office).send().await.expect(200);
    assert_eq!(unknown.at("/known"), json!(false));
    // A year is known when somebody says that it is complete, which an empty one is not.
    let say = async |year: &str, complete: bool| {
        let (path, seen) = (format!("/api/v1/org/calendar/years/{year}"), version().await);
        let body = json!({"complete": complete});
        hall.app.put(&path).signed_in(&hall.office).header("if-match", &seen).json(&body).send().await
    };
    say("2027", true).await.expect_problem(422, "org/unfit").expect_pointers(&["/0/year"]);
    let first = hall.app.put("/api/v1/org/calendar/2027-01-01").signed_in(&hall.office);
    let first = first.header("if-match", &version().await).json(&json!({"kind": "holiday", "name": "元旦"}));
    assert_eq!(first.send().await.expect(200).at("/known"), json!(false), "one date is not the year");
    assert_eq!(say("2027", true).await.expect(200).at("/known"), json!(true));
    assert_eq!(say("2027", true).await.expect(200).at("/known"), json!(true));
    assert_eq!(say("2027", false).await.expect(200).at("/known"), json!(false));
    assert_eq!(say("2027", false).await.expect(200).at("/known"), json!(false));
    say("soon", true).await.expect_problem(400, "platform/bad-query");
    assert_eq!(org::verify(&hall.world.ctx, hall.world.city).await.unwrap(), []);
}

async fn several_days_in_a_row_are_one_entry(world: World) {
    let hall = Hall::open(world).await;
    let version = async || {
        let year = hall.app.get("/api/v1/org/calendar?year=2027").signed_in(&hall.office).send().await;
        year.expect(200).header("etag").to_owned()
    };
    let range = async |to: &str| {
        let put = hall.app.put("/api/v1/org/calendar/2027-10-01").signed_in(&hall.office);
        let body = json!({"kind": "holiday", "name": "国庆节", "to": to});
        put.header("if-match", &version().await).json(&body).send().await
    };
    let days = range("2027-10-07").await.expect(200).at("/days").as_array().unwrap().len();
    assert_eq!(days, 7);
    assert_eq!(range("2027-10-07").await.expect(200).at("/days").as_array().unwrap().len(), days);
    range("2027-09-30").await.expect_problem(422, "org/dates-reversed").expect_pointers(&["/to"]);
    range("2027-12-30").await.expect_problem(422, "org/range-too-long");
    range("bald").await.expect_problem(422, "org/bad-date");
    assert_eq!(org::verify(&hall.world.ctx, hall.world.city).await.unwrap(), []);
}

async fn bad_input_is_told_where(world: World) {
    let hall = Hall::open(world).await;
    let get = async |path: &str| hall.app.get(path).signed_in(&hall.office).send().await;
    for (path, status, code) in [
        ("/api/v1/org/cells?area=12", 400, "platform/bad-query"),
        ("/api/v1/org/cells?level=moon", 400, "platform/bad-query"),
        ("/api/v1/org/units?kind=moon", 400, "platform/bad-query"),
        ("/api/v1/org/matrix?class=99", 400, "platform/bad-query"),
        ("/api/v1/org/matrix?after=x", 400, "platform/bad-query"),
        ("/api/v1/org/units/0", 404, "platform/no-such-record"),
        ("/api/v1/org/calendar?year=1999", 400, "platform/bad-query"),
        ("/api/v1/org/resolve?lng=31&lat=120&class_code=E0113", 422, "place/swapped"),
        ("/api/v1/org/resolve?lng=0&lat=0&class_code=E0113", 422, "org/outside-city"),
        ("/api/v1/org/resolve?lng=120.03&lat=31.005&class_code=E0113&crs=bd09", 422, "place/bd09"),
        ("/api/v1/org/resolve?lng=120.03&lat=31.005&class_code=x", 400, "platform/bad-query"),
    ] {
        get(path).await.expect_problem(status, code);
    }
    get("/api/v1/org/cells?area=12")
        .await
        .expect_problem(400, "platform/bad-query")
        .expect_pointers(&["?area"]);
    hall.app.get("/api/v1/org/cells").send().await.expect_problem(401, "platform/sign-in");
    let path = "/api/v1/org/calendar/2026-10-10";
    let body = json!({"kind": "default"});
    hall.app
        .put(path)
        .signed_in(&hall.inspector)
        .header("if-match", "1")
        .json(&body)
        .send()
        .await
        .expect_problem(403, "platform/not-allowed");
    let town = hall.app.put(path).signed_in(&hall.town).header("if-match", "1").json(&body).send().await;
    town.expect_problem(403, "org/whole-city");
    let date = hall
        .app
        .put("/api/v1/org/calendar/10-10")
        .signed_in(&hall.office)
        .header("if-match", "1")
        .json(&body)
        .send()
        .await;
    date.expect_problem(400, "platform/bad-query");
    let template =
        hall.app.get("/api/v1/org/imports/templates/matrix").signed_in(&hall.office).send().await.expect(200);
    assert_eq!(template.header("content-type"), XLSX);
}
