//! The router as it is served: it knows the routes of the permission table and no others, and it holds what the table says.

use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::area::AreaKey;
use kernel::id::{UnitId, UserId};
use kernel::rights::{Grant, ROLES, Role};
use platform::auth::{AddUser, Passwords, open_session};
use platform::db::migrate::Migrations;
use platform::journal::{Actor, Stamp};
use platform::web::{Dictionary, Door, Limits, Need, Sessions};
use testkit::{App, Request, World};

use super::allows;
use crate::router::{self, Rooms, WORDS};

const SETS: &[Migrations] = crate::house::MIGRATIONS;

testkit::stories!(SETS, only sqlite: every_path_that_is_served_stands_in_the_table, the_table_is_kept_at_the_door);

/// Served beside the API: its document, and the answer for what does not exist.
const BESIDE: [&str; 2] = ["/api/v1/openapi.json", "/api/{*path}"];

fn rooms(world: &World) -> Rooms {
    let ctx = platform::Ctx { demo: true, ..world.ctx.clone() };
    let org = org::Org::new(ctx.clone());
    Rooms {
        cases: cases::Cases::new(ctx.clone(), org.clone()).unwrap(),
        ctx,
        org,
        sessions: Sessions::default(),
        words: Arc::new(Dictionary::read(WORDS).unwrap()),
        passwords: Passwords::cheap(),
        limits: Limits::off(),
        https: false,
        watch: crate::readiness::Watch { number: 0, folder: world.folder("watched"), least_free_mb: 0 },
    }
}

/// The paths under /api that a router knows, read from how it prints itself: axum has no other list of them.
fn paths(rooms: &Rooms, door: Door) -> BTreeSet<String> {
    let printed = format!("{:?}", rooms.serve(door));
    let texts = printed.split('"').filter(|text| text.starts_with("/api/"));
    let paths: BTreeSet<String> = texts.map(str::to_owned).collect();
    assert!(paths.len() > 5, "{printed}");
    paths
}

async fn every_path_that_is_served_stands_in_the_table(world: World) {
    let rooms = rooms(&world);
    for door in [Door::Staff, Door::Public] {
        let listed =
            router::rights().into_iter().filter(|route| door == Door::Staff || route.need == Need::Public);
        let mut expected: BTreeSet<String> = listed.map(|route| route.path).collect();
        expected.extend(BESIDE.map(str::to_owned));
        assert_eq!(paths(&rooms, door), expected, "{door:?}");
    }
}

async fn the_table_is_kept_at_the_door(world: World) {
    let rooms = rooms(&world);
    let app = App::new(rooms.serve(Door::Staff));
    let public = App::new(rooms.serve(Door::Public));
    let mut cookies = Vec::new();
    for (role, id) in ROLES.into_iter().zip(1..) {
        cookies.push((role, sign_in(&world, role, id).await));
    }
    for route in router::rights() {
        let path = route.path.replace("{kind}", "units").replace(['{', '}'], "");
        let name = format!("{} {path}", route.method);
        let ask = |app: &App| app.request(route.method.parse().unwrap(), &path);
        let nobody = code(ask(&app)).await;
        let closed = !matches!(route.need, Need::Public | Need::SignIn);
        assert_eq!(nobody == "platform/sign-in", closed, "{name}: {nobody}");
        // Behind a path that residents have with another method, the method is what is missing.
        let outside = code(ask(&public)).await;
        let absent = ["platform/no-such-route", "platform/wrong-method"].contains(&outside.as_str());
        assert_eq!(absent, route.need != Need::Public, "{name} on the public door: {outside}");
        // Signing out would end the session that the next routes need.
        for (role, cookie) in cookies.iter().filter(|_| name != "DELETE /api/v1/session") {
            let answer = code(ask(&app).signed_in(cookie)).await;
            let refused = answer == "platform/not-allowed";
            assert_eq!(refused, !allows(*role, route.need), "{name} as {role:?}: {answer}");
        }
    }
}

/// The code of a refusal; empty for any other answer, whose body may never end.
async fn code(request: Request) -> String {
    let answer = request.open().await;
    if answer.status().is_success() {
        return String::new();
    }
    let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    let problem: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    problem["code"].as_str().unwrap_or_default().to_owned()
}

/// A user with one role in the whole city. Returns his cookie.
async fn sign_in(world: &World, role: Role, id: i64) -> String {
    let ctx = &world.ctx;
    let area = AreaKey::of(world.city.0, 0, 0, 0).unwrap().range();
    let unit = Some(UnitId(7));
    let grant = Grant { role, area, unit: unit.filter(|_| role.bound_to_unit()) };
    let add = AddUser {
        city: world.city,
        id: UserId(id),
        login: format!("user{id}"),
        name: "甲".to_owned(),
        password: String::new(),
        unit,
        grants: [grant].into(),
        salt: Vec::new(),
        name_sealed: Vec::new(),
        stamp: Stamp { at: ctx.now(), actor: Actor::System("test") },
    };
    ctx.db.write(add.sealed(&ctx.secrets)).await.unwrap();
    let (token, _caller) = open_session(ctx, world.city, UserId(id)).await.unwrap();
    format!("{}={token}", platform::web::COOKIE)
}
