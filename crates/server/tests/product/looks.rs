//! No link writes: whatever anybody looks at, by GET or HEAD, on any route, leaves no event behind. What leaves a trace
//! is an act of its own, and a foreign page cannot cause it.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use testkit::World;

use crate::api::Api;
use crate::binary::Place;
use crate::town::town;

const NO_TABLES: &[platform::db::migrate::Migrations] = &[];

testkit::stories!(NO_TABLES, only sqlite: no_look_leaves_a_trace, a_foreign_page_cannot_act);

/// Events that somebody caused, and not the machine.
async fn caused(place: &Place) -> i64 {
    let conn = place.connect().await;
    let sql = "SELECT COUNT(*) FROM platform_journal WHERE actor NOT LIKE 'system:%'";
    let row = conn.query_one_raw(Statement::from_string(conn.get_database_backend(), sql)).await.unwrap();
    let count = row.unwrap().try_get_by_index(0).unwrap();
    conn.close().await.unwrap();
    count
}

/// The first case that names its reporter, with one of its photos if it has any.
async fn named_case(api: &Api) -> (String, Option<String>) {
    for case in api.all("/api/v1/cases").await {
        let id = case["id"].as_str().unwrap().to_owned();
        let page = api.get(&format!("/api/v1/cases/{id}")).await;
        if page["reporter"]["may_show"] == true {
            return (id, page["before"][0]["id"].as_str().map(str::to_owned));
        }
    }
    panic!("somebody gave his name")
}

/// Something real for each blank of a path.
async fn filled(path: &str, admin: &Api, case: &(String, Option<String>)) -> String {
    let first = async |list: &str| {
        let list = admin.get(list).await;
        let items = list.get("items").cloned().unwrap_or(list);
        items[0]["id"].as_str().unwrap_or("1").to_owned()
    };
    let id = match path {
        path if path.starts_with("/api/v1/cases/") => case.0.clone(),
        path if path.starts_with("/api/v1/org/cells/") => first("/api/v1/org/cells").await,
        path if path.starts_with("/api/v1/org/units/") => first("/api/v1/org/units").await,
        _other => "1".to_owned(),
    };
    let blanks = BTreeMap::from([
        ("{id}", id),
        ("{file}", case.1.clone().unwrap_or_default()),
        ("{size}", "thumb".to_owned()),
        ("{kind}", "people".to_owned()),
        ("{code}", "XXXX-XXXX-XXXX".to_owned()),
        ("{year}", "2026".to_owned()),
        ("{date}", "2026-10-01".to_owned()),
    ]);
    blanks.iter().fold(path.to_owned(), |path, (blank, value)| path.replace(blank, value))
}

async fn no_look_leaves_a_trace(world: World) {
    let place = town(&world);
    let served = place.serve();
    let api = Api::nobody(&served.base);
    let document = api.get("/api/v1/openapi.json").await;
    let paths = document["paths"].as_object().unwrap();
    let looks: Vec<&String> =
        paths.iter().filter(|(_, item)| item.get("get").is_some()).map(|(path, _)| path).collect();
    assert!(looks.len() > 25, "{}", looks.len());
    let acceptor = Api::of(&served.base, "shouli").await;
    let case = named_case(&acceptor).await;
    let admin = Api::of(&served.base, "guanli").await;
    let mut people = vec![("nobody", api), ("shouli", acceptor)];
    for persona in demo::PERSONAS.iter().filter(|persona| persona.login != "shouli") {
        people.push((persona.login, Api::of(&served.base, persona.login).await));
    }
    let before = caused(&place).await;
    let mut open = 0;
    for path in looks {
        let asked = filled(path, &admin, &case).await;
        for (name, person) in &people {
            for method in ["GET", "HEAD"] {
                let status = person.status(method, &asked).await;
                assert!(status < 500, "{method} {asked} as {name}: {status}");
                open += u32::from(status == 200);
                assert_eq!(
                    caused(&place).await,
                    before,
                    "{method} {asked} as {name} left a trace ({status})"
                );
            }
        }
    }
    assert!(open > 200, "most of it could be looked at: {open}");
    // Where the look is the act, a link does not do it.
    let reporter = format!("/api/v1/cases/{}/reporter", case.0);
    let (_, acceptor) = &people[1];
    assert_eq!(acceptor.status("GET", &reporter).await, 405);
    let (status, shown) = acceptor.ask("POST", &reporter, None).await;
    assert_eq!((status, shown["name"].is_string()), (200, true), "{shown}");
    assert_eq!(caused(&place).await, before + 1);
    served.stop();
}

/// Every act of the document, as a form of another site would send it with the cookie of somebody who may.
async fn a_foreign_page_cannot_act(world: World) {
    let place = town(&world);
    let served = place.serve();
    let document = Api::nobody(&served.base).get("/api/v1/openapi.json").await;
    let before = caused(&place).await;
    let people = [Api::of(&served.base, "shouli").await, Api::of(&served.base, "guanli").await];
    let case = named_case(&people[0]).await;
    let mut tried = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["post", "put", "delete", "patch"].iter().filter(|method| item.get(**method).is_some())
        {
            let asked = filled(path, &people[1], &case).await;
            for headers in [
                &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")][..],
                &[("sec-fetch-site", "same-site")],
                &[("origin", "null")],
                &[("origin", "https://evil.example")],
            ] {
                for person in &people {
                    let (status, body) = person.ask_with(&method.to_uppercase(), &asked, headers).await;
                    // Who may not do it at all, or asks for what is not there, is told so first.
                    let refused: &[&str] = &["platform/cross-site", "platform/not-allowed"];
                    let code = body["code"].as_str().unwrap_or_default();
                    assert!(refused.contains(&code), "{method} {asked} with {headers:?}: {status} {body}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 100, "{tried}");
    assert_eq!(caused(&place).await, before);
    // Nor can it sign a browser in that is signed in as nobody.
    let nobody = Api::nobody(&served.base);
    let body: Value = json!({ "login": "guanli", "password": demo::PASSWORD });
    let (status, told) = nobody.foreign("POST", "/api/v1/session", &body).await;
    assert_eq!((status, told["code"].as_str()), (403, Some("platform/cross-site")), "{told}");
    served.stop();
}
