//! Manners of HTTP, over the whole table of routes: what may be asked, by which method, how often, and what browsers may keep.

use std::net::SocketAddr;

use axum::Extension;
use axum::extract::ConnectInfo;
use kernel::rights::{ROLES, Role};
use platform::db::migrate::Migrations;
use platform::web::{Door, Limits, Need, RouteRight, Sessions};
use serde_json::{Value, json};
use testkit::{App, World};

use super::allows;
use super::served::{rooms, sign_in};
use crate::router;

const SETS: &[Migrations] = crate::house::MIGRATIONS;

testkit::stories!(SETS, only sqlite:
    what_no_route_knows_is_refused_by_every_route,
    parameters_stand_once_and_have_a_value,
    every_address_says_which_methods_it_answers,
    what_stands_beside_the_table_has_manners_too,
    a_flood_without_an_account_is_counted_on_every_route,
    a_street_behind_one_address_is_served,
    load_tests_are_counted_nowhere,
    behind_https_only_the_host_cookie_is_a_session,
    nothing_stays_in_the_browser_unless_it_is_public,
);

/// Answers that anybody may keep.
const PUBLIC_ANSWERS: [&str; 2] = ["/api/v1/geo/base", "/api/v1/geo/cells"];

/// A path as somebody asks for it, for records that are not there.
fn asked(route: &RouteRight) -> String {
    route.path.replace("{kind}", "units").replace(['{', '}'], "")
}

/// Everybody with a role, signed in.
async fn everybody(world: &World) -> Vec<(Role, String)> {
    let mut cookies = Vec::new();
    for (role, id) in ROLES.into_iter().zip(1..) {
        cookies.push((role, sign_in(world, role, id).await));
    }
    cookies
}

fn app(world: &World) -> App {
    App::new(rooms(world, Limits::off(), Sessions::default()).serve(Door::Staff))
}

async fn what_no_route_knows_is_refused_by_every_route(world: World) {
    let app = app(&world);
    let people = everybody(&world).await;
    for route in router::rights() {
        let path = format!("{}?nonsense=1", asked(&route));
        let ask = || app.request(route.method.parse().unwrap(), &path);
        if matches!(route.need, Need::SignedIn | Need::Right(_)) {
            ask().send().await.expect_problem(401, "platform/sign-in");
        }
        for (role, cookie) in &people {
            let answer = ask().signed_in(cookie).send().await;
            if allows(*role, route.need) {
                let answer = answer.expect_problem(400, "platform/bad-query");
                assert_eq!(answer.at("/fields/0/pointer"), "?nonsense", "{}", answer.text());
                assert!(
                    answer.at("/fields/0/title").as_str().unwrap().contains("nonsense"),
                    "{}",
                    answer.text()
                );
            } else {
                answer.expect_problem(403, "platform/not-allowed");
            }
        }
    }
    let document = app.get("/api/v1/openapi.json?nonsense=1").send().await;
    document.expect_problem(400, "platform/bad-query").expect_pointers(&["?nonsense"]);
    app.get("/api/v1/nothing?nonsense=1").send().await.expect_problem(404, "platform/no-such-route");
    app.get("/api/v1/me/").send().await.expect_problem(404, "platform/no-such-route");
}

async fn parameters_stand_once_and_have_a_value(world: World) {
    let app = app(&world);
    let people = everybody(&world).await;
    let document = serde_json::to_value(router::document()).unwrap();
    let mut tried = 0;
    for route in router::rights() {
        let operation = &document["paths"][&route.path][route.method.to_lowercase()];
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let Some((_, cookie)) = people.iter().find(|(role, _)| allows(*role, route.need)) else { continue };
        for parameter in parameters.iter().filter(|parameter| parameter["in"] == "query") {
            let name = parameter["name"].as_str().unwrap();
            let place = format!("?{name}");
            for wrong in
                [format!("{name}=1&{name}=1"), format!("{name}="), name.to_owned(), format!("{name}=%FF")]
            {
                let path = format!("{}?{wrong}", asked(&route));
                let answer = app.request(route.method.parse().unwrap(), &path).signed_in(cookie).send().await;
                let answer = answer.expect_problem(400, "platform/bad-query");
                let told = answer.json()["fields"].as_array().cloned().unwrap();
                assert!(
                    told.iter().any(|field| field["pointer"] == place.as_str()),
                    "{path}: {}",
                    answer.text()
                );
                tried += 1;
            }
            if name == "size" {
                for size in ["0", "-1", "101", "x", "1.5", "4294967297"] {
                    let path = format!("{}?size={size}", asked(&route));
                    let answer = app.get(&path).signed_in(cookie).send().await;
                    answer.expect_problem(400, "platform/bad-query").expect_pointers(&["?size"]);
                }
            }
        }
    }
    assert!(tried > 100, "{tried}");
}

async fn every_address_says_which_methods_it_answers(world: World) {
    let app = app(&world);
    let people = everybody(&world).await;
    for route in router::rights() {
        let path = asked(&route);
        let options = app.request("OPTIONS".parse().unwrap(), &path).send().await.expect(204);
        let allowed: Vec<&str> = options.header("allow").split(',').map(str::trim).collect();
        assert!(allowed.contains(&route.method) && allowed.contains(&"OPTIONS"), "{path}: {allowed:?}");
        assert!(options.bytes.is_empty() && options.header("access-control-allow-origin").is_empty());
        let other = app.request("PATCH".parse().unwrap(), &path).send().await;
        let other = other.expect_problem(405, "platform/wrong-method");
        assert!(other.header("allow").contains(route.method), "{path}: {}", other.header("allow"));
        assert!(other.at("/detail").as_str().unwrap().contains(route.method), "{}", other.text());
        if route.method == "GET" {
            assert!(allowed.contains(&"HEAD"), "{path}: {allowed:?}");
            let cookie =
                people.iter().find(|(role, _)| allows(*role, route.need)).map_or("", |(_, cookie)| cookie);
            let get = app.get(&path).signed_in(cookie).open().await;
            let head = app.request("HEAD".parse().unwrap(), &path).signed_in(cookie).send().await;
            assert_eq!(head.status, get.status().as_u16(), "{path}");
            assert!(head.bytes.is_empty(), "{path}: {}", head.text());
            assert_eq!(head.header("content-type"), get.headers()["content-type"], "{path}");
        }
    }
}

async fn what_stands_beside_the_table_has_manners_too(world: World) {
    let app = app(&world);
    let options = app.request("OPTIONS".parse().unwrap(), "/api/v1/openapi.json").send().await.expect(204);
    assert_eq!(options.header("allow"), "GET, HEAD, OPTIONS");
    app.post("/api/v1/openapi.json").send().await.expect_problem(405, "platform/wrong-method");
    for page in ["/m/", "/desk/", "/healthz"] {
        let post = app.post(page).send().await.expect(405);
        assert!(post.header("allow").contains("GET"), "{page}: {}", post.header("allow"));
    }
}

/// The served product as seen from an address.
fn from(world: &World, limits: Limits, address: [u8; 4]) -> App {
    let router = rooms(world, limits, Sessions::default()).serve(Door::Staff);
    App::new(router.layer(Extension(ConnectInfo(SocketAddr::from((address, 4711))))))
}

async fn a_flood_without_an_account_is_counted_on_every_route(world: World) {
    let limits = Limits::default();
    let flood = from(&world, limits.clone(), [203, 0, 113, 9]);
    let neighbour = from(&world, limits, [203, 0, 113, 10]);
    let mut heard = 0;
    while flood.get("/api/v1/demo/personas").send().await.status == 200 {
        heard += 1;
        assert!(heard <= 10_000, "a flood is never stopped");
    }
    for route in router::rights() {
        let path = asked(&route);
        let answer = flood.request(route.method.parse().unwrap(), &path).send().await;
        assert_eq!(answer.status, 429, "{} {path}", route.method);
        assert!(answer.header("retry-after").parse::<u32>().is_ok_and(|wait_s| wait_s <= 61), "{path}");
        let calm = neighbour.request(route.method.parse().unwrap(), &path).open().await.status();
        assert_ne!(calm, 429, "{} {path}", route.method);
    }
    for beside in ["/api/v1/openapi.json", "/api/v1/nothing"] {
        flood.get(beside).send().await.expect_problem(429, "platform/too-many");
    }
    let staff = sign_in(&world, Role::Office, 99).await;
    assert_ne!(
        flood.get("/api/v1/me").signed_in(&staff).send().await.status,
        429,
        "who is known is not counted"
    );
}

/// Where somebody is, as phones ask.
fn place() -> Value {
    json!({ "place": { "lng": 120.27, "lat": 31.91, "crs": "wgs84" }, "class_code": "E0113" })
}

async fn a_street_behind_one_address_is_served(world: World) {
    let street = from(&world, Limits::default(), [203, 0, 113, 9]);
    for phone in 0..60 {
        let receipt = format!("/api/v1/public/receipts/AAAA-BBBB-{phone:04}");
        let photo = format!("{receipt}/photos/1/thumb");
        let mut looks =
            vec!["/api/v1/public/city", "/api/v1/public/areas", "/api/v1/geo/base", "/api/v1/geo/cells"];
        looks.extend([receipt.as_str()].repeat(5));
        looks.extend([photo.as_str()].repeat(12));
        for look in looks {
            assert_ne!(street.get(look).send().await.status, 429, "{look} of phone {phone}");
        }
        for _ in 0..20 {
            let answer = street.post("/api/v1/public/locate").json(&place()).send().await;
            assert_ne!(answer.status, 429, "a look-up of phone {phone}");
        }
        for _ in 0..9 {
            let answer = street.post("/api/v1/files").bytes("image/jpeg", "no photo").send().await;
            assert_ne!(answer.status, 429, "an upload of phone {phone}");
        }
        let report = street.post("/api/v1/public/reports").json(&json!({})).send().await;
        assert_ne!(report.status, 429, "the report of phone {phone}");
    }
    // One machine that does nothing else is stopped before it has used what the street shares.
    let one = from(&world, Limits::default(), [203, 0, 113, 9]);
    let mut heard = 0;
    while one.post("/api/v1/public/locate").json(&place()).send().await.status != 429 {
        heard += 1;
        assert!(heard < 3_000, "look-ups are not counted");
    }
    assert_ne!(one.get("/api/v1/public/city").send().await.status, 429);
}

async fn load_tests_are_counted_nowhere(world: World) {
    let loaded = from(&world, Limits::off(), [203, 0, 113, 9]);
    for _ in 0..2_500 {
        assert_ne!(loaded.post("/api/v1/public/locate").json(&place()).send().await.status, 429);
    }
    for _ in 0..700 {
        assert_ne!(loaded.get("/api/v1/public/receipts/AAAA-BBBB-CCCC").send().await.status, 429);
    }
}

async fn behind_https_only_the_host_cookie_is_a_session(world: World) {
    let served = |https| App::new(rooms(&world, Limits::off(), Sessions::behind(https)).serve(Door::Staff));
    let (secure, plain) = (served(true), served(false));
    let cookie = sign_in(&world, Role::Office, 1).await;
    let host = format!("__Host-{cookie}");
    let rows = [
        (&secure, host.clone(), 404),
        (&secure, cookie.clone(), 401),
        (&secure, format!("{host}; {host}"), 401),
        (&secure, format!("__Host-youju_session=planted; {host}"), 401),
        (&secure, format!("{cookie}; {host}"), 404),
        (&plain, cookie.clone(), 404),
        (&plain, host.clone(), 401),
        (&plain, format!("{cookie}; youju_session=planted"), 401),
    ];
    for (app, cookies, status) in rows {
        // Nobody's case is not there for whoever is signed in.
        let answer = app.get("/api/v1/cases/7").signed_in(&cookies).send().await;
        assert_eq!(answer.status, status, "{cookies}: {}", answer.text());
        let strict = answer.header("strict-transport-security");
        assert_eq!(strict.is_empty(), std::ptr::eq(app, &raw const plain), "{strict}");
    }
    let out = secure.delete("/api/v1/session").signed_in(&host).send().await.expect(204);
    assert!(out.header("set-cookie").starts_with("__Host-youju_session=; "), "{}", out.header("set-cookie"));
    assert!(out.header("set-cookie").contains("; Secure; Max-Age=0"));
    assert_eq!(out.header("clear-site-data"), "\"cache\"");
    // What somebody still has of a photo opens nothing for him afterwards.
    for (path, tag) in [("/api/v1/cases/7/photos/8/view", "*"), ("/api/v1/cases/7", "\"1\"")] {
        let again = secure.get(path).signed_in(&host).header("if-none-match", tag).send().await;
        again.expect_problem(401, "platform/sign-in");
    }
}

async fn nothing_stays_in_the_browser_unless_it_is_public(world: World) {
    let app = app(&world);
    let people = everybody(&world).await;
    for route in router::rights().into_iter().filter(|route| route.path != "/api/v1/session") {
        let path = asked(&route);
        for (_, cookie) in &people {
            let answer = app.request(route.method.parse().unwrap(), &path).signed_in(cookie).open().await;
            let kept = answer.headers()["cache-control"].to_str().unwrap();
            let public = PUBLIC_ANSWERS.contains(&path.as_str());
            assert!(public || kept.split(", ").any(|word| word == "no-store"), "{path}: {kept}");
        }
    }
    for path in ["/", "/m/", "/desk/", "/nothing", "/healthz", "/api/v1/nothing", "/api/v1/me"] {
        let answer = app.get(path).send().await;
        assert!(!answer.header("cache-control").is_empty(), "{path}");
        let policy: Vec<&str> = answer.header("content-security-policy").split(';').map(str::trim).collect();
        let closed = [
            "form-action 'self'",
            "frame-ancestors 'self'",
            "base-uri 'none'",
            "object-src 'none'",
            "worker-src 'self'",
        ];
        for directive in closed {
            assert!(policy.contains(&directive), "{path}: {policy:?}");
        }
        assert_eq!(answer.header("strict-transport-security"), "", "{path}: not without HTTPS");
    }
}
