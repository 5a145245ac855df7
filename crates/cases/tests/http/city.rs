//! A small invented city with its people, and clients for its routes.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use cases::Cases;
use kernel::area::AreaKey;
use kernel::id::{CellId, CityId, MatrixRowId, UnitId, UserId};
use kernel::rights::{Grant, Role};
use org::{AreaSelector, Cell, Dates, Edit, MatrixRow, Org, Place, Profile, Unit, UnitKind, Window};
use platform::auth::{AddUser, open_session};
use platform::files::Uploads;
use platform::journal::{Actor, Stamp};
use platform::web::{Dictionary, Door, Limits, Sessions, finish};
use serde_json::{Value, json};
use testkit::{Answer, App, World};

/// 城管局.
pub(crate) const URBAN: UnitId = UnitId(901);
/// 环卫处.
pub(crate) const SANITATION: UnitId = UnitId(902);
/// 督查中心.
pub(crate) const INSPECTORATE: UnitId = UnitId(903);
/// 指挥中心.
pub(crate) const CENTRE: UnitId = UnitId(904);
/// The backstops of both towns.
pub(crate) const TOWNS: [UnitId; 2] = [UnitId(911), UnitId(912)];

/// A city that is open for business.
pub(crate) struct Town {
    pub(crate) world: World,
    pub(crate) cases: Cases,
    pub(crate) org: Org,
    pub(crate) app: App,
    cookies: BTreeMap<&'static str, String>,
}

/// Who works there: name, role, unit, which town (0: the whole city).
const STAFF: [(&str, Role, UnitId, i64); 12] = [
    ("陈", Role::Inspector, CENTRE, 0),
    ("吴", Role::Acceptor, CENTRE, 0),
    ("许", Role::Dispatcher, CENTRE, 0),
    ("郑", Role::Handler, URBAN, 0),
    ("孙", Role::Handler, SANITATION, 0),
    ("周", Role::Checker, INSPECTORATE, 0),
    ("钱", Role::Checker, URBAN, 0),
    ("李", Role::Leader, CENTRE, 0),
    ("东镇吴", Role::Acceptor, CENTRE, 101),
    ("西镇吴", Role::Acceptor, CENTRE, 102),
    ("马", Role::Handler, TOWNS[0], 101),
    ("管", Role::Admin, CENTRE, 0),
];

impl Town {
    pub(crate) async fn open(world: World) -> Self {
        let org = Org::new(world.ctx.clone());
        let ctx = org.posted();
        org.edit(world.city, Actor::System("test"), records(world.city)).await.unwrap();
        let cases = Cases::new(ctx.clone(), org.clone()).unwrap();
        let words = Dictionary::read(&[platform::web::PROBLEMS, cases::PROBLEMS]).unwrap();
        let (api, _) = cases::routes().open(Door::Staff, cases.clone()).split_for_parts();
        let uploads = Uploads { ctx: ctx.clone(), limits: Limits::default() };
        let (files, _) = platform::files::routes().open(Door::Staff, uploads).split_for_parts();
        let router: Router = api.merge(files);
        let app = App::new(finish(router, ctx.clone(), Sessions::default(), Arc::new(words)));
        let mut town = Self { world, cases, org, app, cookies: BTreeMap::new() };
        for (index, who) in STAFF.iter().enumerate() {
            town.hire(UserId(500 + index as i64), *who).await;
        }
        town.sign_in().await;
        town
    }

    async fn hire(&self, id: UserId, (name, role, unit, area): (&str, Role, UnitId, i64)) {
        let ctx = &self.world.ctx;
        // Nobody here is a member of staff with posts: what a login is stands in its grants.
        let area = key(self.world.city, area, 0, 0).range();
        let add = AddUser {
            city: self.world.city,
            id,
            login: format!("login{id}"),
            name: name.to_owned(),
            password: String::new(),
            unit: Some(unit),
            grants: [Grant { role, area, unit: Some(unit) }].into(),
            salt: vec![],
            name_sealed: vec![],
            stamp: Stamp { at: ctx.now(), actor: Actor::System("test") },
        };
        ctx.db.write(add.sealed(&ctx.secrets)).await.unwrap();
    }

    /// Everybody signs in: at the beginning, and again when a story's sessions have run out.
    pub(crate) async fn sign_in(&mut self) {
        for (index, (name, ..)) in STAFF.iter().enumerate() {
            let (token, _) =
                open_session(&self.world.ctx, self.world.city, UserId(500 + index as i64)).await.unwrap();
            self.cookies.insert(name, format!("youju_session={token}"));
        }
    }

    /// The session of a member of staff.
    pub(crate) fn cookie(&self, who: &str) -> &str {
        self.cookies.get(who).unwrap_or_else(|| panic!("nobody is called {who}"))
    }

    /// A GET by a member of staff.
    pub(crate) async fn get(&self, who: &str, path: &str) -> Answer {
        self.app.get(path).signed_in(self.cookie(who)).send().await
    }

    /// A POST by a member of staff.
    pub(crate) async fn post(&self, who: &str, path: &str, body: Value) -> Answer {
        self.app.post(path).signed_in(self.cookie(who)).json(&body).send().await
    }

    /// A GET without an account.
    pub(crate) async fn look(&self, path: &str) -> Answer {
        self.app.get(path).send().await
    }

    /// A POST without an account.
    pub(crate) async fn tell(&self, path: &str, body: Value) -> Answer {
        self.app.post(path).json(&body).send().await
    }

    /// An act on a case, on the version that it has now.
    pub(crate) async fn act(&self, who: &str, case: &str, act: &str, body: Value) -> Answer {
        let path = format!("/api/v1/cases/{case}");
        let version = self.get("李", &path).await.expect(200).at("/version").as_i64().unwrap();
        let request = self.app.post(&format!("{path}/{act}")).signed_in(self.cookie(who));
        request.if_match(version).json(&body).send().await
    }

    /// Uploads a photo of one colour; the same colour is the same original. Answers `{id, token}`.
    pub(crate) async fn photo(&self, colour: u8) -> Value {
        let request = self.app.post("/api/v1/files").bytes("image/png", picture(colour));
        let answer = request.send().await.expect(201);
        json!({ "id": answer.at("/id"), "token": answer.at("/token") })
    }

    /// A resident's report in the first cell. Answers what he gets.
    pub(crate) async fn report(&self, description: &str, photos: &[u8]) -> Value {
        let mut sent = Vec::new();
        for colour in photos {
            sent.push(self.photo(*colour).await);
        }
        let body = json!({
            "class_code": "E0110", "place": here(), "description": description, "photos": sent,
            "address": "人民路1号", "reporter": { "name": "王小梅", "phone": "13912345678" },
        });
        self.tell("/api/v1/public/reports", body).await.expect(201).json()
    }

    /// A case that the urban unit has to handle. Answers its id and its receipt code.
    pub(crate) async fn dispatched(&self, photos: &[u8]) -> (String, String) {
        let told = self.report("门口一堆垃圾", photos).await;
        let case = told["case_id"].as_str().unwrap().to_owned();
        self.act("陈", &case, "pre-verify", json!({ "found": true })).await.expect(200);
        self.act("吴", &case, "file", json!({ "standard_id": "E0110-1" })).await.expect(200);
        self.act("许", &case, "dispatch", json!({ "unit_id": URBAN })).await.expect(200);
        (case, told["receipt_code"].as_str().unwrap().to_owned())
    }

    /// … which it has handled, with a photo of this colour.
    pub(crate) async fn handled(&self, colour: u8) -> (String, String) {
        let (case, code) = self.dispatched(&[]).await;
        let photo = self.photo(colour).await;
        self.act("郑", &case, "handle", json!({ "note": "已清运", "photos": [photo] })).await.expect(200);
        (case, code)
    }

    /// … which was checked and closed.
    pub(crate) async fn closed(&self, colour: u8) -> (String, String) {
        let (case, code) = self.handled(colour).await;
        self.act("周", &case, "check", json!({ "passed": true })).await.expect(200);
        self.act("吴", &case, "close", json!({})).await.expect(200);
        (case, code)
    }

    /// What the city says about itself.
    pub(crate) async fn profile(&self) -> Profile {
        let city = Org::new(self.world.ctx.clone()).city(self.world.city).await.unwrap();
        city.profile().unwrap().clone()
    }

    /// What `youju verify` would say, as `flaw place`.
    pub(crate) async fn verify(&self) -> Vec<String> {
        let found = cases::verify(&self.world.ctx, self.world.city).await.unwrap();
        found
            .into_iter()
            .map(|finding| format!("{:?} {} [{}]", finding.flaw, finding.name, finding.place))
            .collect()
    }
}

/// A point in the first cell.
pub(crate) fn here() -> Value {
    json!({ "lng": 120.005, "lat": 31.005, "crs": "wgs84", "accuracy_m": 12.0 })
}

/// A small picture of one colour.
pub(crate) fn picture(colour: u8) -> Vec<u8> {
    let pixels = image::RgbImage::from_pixel(64, 64, image::Rgb([colour, 255 - colour, 7]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A key of the story's city.
pub(crate) fn key(city: CityId, town: i64, village: i64, cell: i64) -> AreaKey {
    AreaKey::of(city.0, town, village, cell).unwrap()
}

pub(crate) fn square(west: f64, south: f64, width: f64, height: f64) -> String {
    let (east, north) = (west + width, south + height);
    let ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
    json!({ "type": "Polygon", "coordinates": [ring] }).to_string()
}

pub(crate) fn unit(id: UnitId, code: &str, name: &str, kind: UnitKind) -> Edit {
    let (code, name) = (code.to_owned(), name.to_owned());
    let short_name = name.clone();
    Unit { id, code, name, short_name, kind, area: None, parent: None, valid: Dates::ALWAYS }.into()
}

pub(crate) fn row(row_no: u32, class: &str, area: AreaKey, unit: UnitId, helpers: Vec<UnitId>) -> Edit {
    MatrixRow {
        id: MatrixRowId(1_000 + i64::from(row_no)),
        row_no,
        class: Some(class.parse().unwrap()),
        area: AreaSelector::Area(area),
        owner: None,
        window: Window::ALWAYS,
        valid: Dates::ALWAYS,
        unit,
        helpers,
        note: String::new(),
    }
    .into()
}

fn place(key: AreaKey, name: &str, backstop: Option<UnitId>, outline: Option<String>) -> Edit {
    Place { key, name: name.into(), valid: Dates::ALWAYS, backstop, outline }.into()
}

/// The city lies at 120…120.04° E, 31…31.04° N: two towns of two villages of two cells, each cell 0.02° by 0.01°. The
/// last cell of the second town is missing: a hole in the grid. Row 14 gives E01 of the first town to the urban unit.
fn records(city: CityId) -> Vec<Edit> {
    let whole = key(city, 0, 0, 0);
    let mut edits: Vec<Edit> = vec![
        Profile {
            city: whole,
            name: "澄北市".into(),
            system_title: "文明澄北".into(),
            hotline: "12345".into(),
            number_prefix: "CB".into(),
            map_credit: "测试".into(),
            hours: vec![],
            joined_duties: false,
        }
        .into(),
        place(whole, "澄北市", Some(CENTRE), Some(square(120.0, 31.0, 0.04, 0.04))),
        unit(URBAN, "CGJ", "城管局", UnitKind::Department),
        unit(SANITATION, "HWC", "环卫处", UnitKind::Department),
        unit(INSPECTORATE, "DCZ", "督查中心", UnitKind::Department),
        unit(CENTRE, "ZHZX", "指挥中心", UnitKind::Department),
        unit(TOWNS[0], "T101", "东镇政府", UnitKind::Town),
        unit(TOWNS[1], "T102", "西镇政府", UnitKind::Town),
        row(14, "E01", key(city, 101, 0, 0), URBAN, vec![SANITATION]),
    ];
    edits.push(grid(91, whole, "澄北市网格", None));
    for t in 0..2 {
        let name = ["东镇", "西镇"][t as usize];
        let south = 31.0 + 0.02 * t as f64;
        let outline = Some(square(120.0, south, 0.04, 0.02));
        edits.push(place(key(city, 101 + t, 0, 0), name, Some(TOWNS[t as usize]), outline));
        edits.push(grid(92 + t, key(city, 101 + t, 0, 0), &format!("{name}网格"), None));
        for v in 0..2 {
            edits.push(place(key(city, 101 + t, 201 + v, 0), &format!("{name}{}村", v + 1), None, None));
            for c in 0..2 {
                if (t, v, c) != (1, 1, 1) {
                    edits.push(cell(city, t, v, c));
                }
            }
        }
    }
    edits
}

fn cell(city: CityId, t: i64, v: i64, c: i64) -> Edit {
    let id = 1 + t * 4 + v * 2 + c;
    let (west, south) = (120.0 + 0.02 * c as f64, 31.0 + 0.02 * t as f64 + 0.01 * v as f64);
    let polygon = Some(square(west, south, 0.02, 0.01));
    grid(id, key(city, 101 + t, 201 + v, c + 1), &format!("第{id}网格"), polygon)
}

/// A cell of any level; one without a polygon has the outline of its place.
fn grid(id: i64, key: AreaKey, name: &str, polygon: Option<String>) -> Edit {
    Cell {
        id: CellId(id),
        key,
        name: name.to_owned(),
        polygon,
        persons: vec![],
        supporting_unit: None,
        linked_leader: None,
        valid: Dates::ALWAYS,
    }
    .into()
}
