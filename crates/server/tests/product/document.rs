//! The API document is true, and no input breaks the server: generated requests, good and nasty, to every route, by every
//! role; each answer's status must stand in the document and its body must have the shape that is told there.
//!
//! A few hundred per engine here; `cargo xtask torture api` sets YOUJU_REQUESTS for the long run.

mod nasty;
mod shape;

use std::collections::{BTreeMap, BTreeSet};

use kernel::chance::{Chance as _, SeededChance};
use serde_json::Value;

use self::nasty::Nasty;
use crate::api::Api;
use crate::binary::place;

const NO_TABLES: &[platform::db::migrate::Migrations] = &[];
/// The long run takes its time.
const LIMIT: std::time::Duration = std::time::Duration::from_secs(7_200);

testkit::stories!(NO_TABLES, within LIMIT; every_answer_is_in_the_document, known_faults_are_refused_with_words);

const LOGINS: [&str; 9] =
    ["caiji", "shouli", "paiqian", "huanwei", "hecha", "lingdao", "wenmingban", "guanli", "shenji"];

#[expect(clippy::disallowed_methods, reason = "the long run sets how many")]
fn requests() -> u64 {
    std::env::var("YOUJU_REQUESTS").ok().and_then(|text| text.parse().ok()).unwrap_or(600)
}

async fn every_answer_is_in_the_document(world: testkit::World) {
    let place = place(&world);
    place.make_town();
    let served = place.serve();
    let document: Value = Api::nobody(&served.base).get("/api/v1/openapi.json").await;
    let mut callers = vec![Api::nobody(&served.base)];
    for login in LOGINS {
        callers.push(Api::of(&served.base, login).await);
    }
    let cases = callers[3].get("/api/v1/cases?size=20").await;
    let mut nasty = Nasty::new(&document, &cases, SeededChance::new(15));
    let operations = nasty::operations(&document);
    let (mut met, mut wrong) = (BTreeMap::<u16, u64>::new(), BTreeSet::new());
    for n in 0..requests() {
        let operation = &operations[n as usize % operations.len()];
        let caller = &callers[nasty.chance.below(callers.len() as u64) as usize];
        // A live stream has no end, and whoever signs out has no session to go on with.
        if operation.method == "DELETE" || (operation.path == "/api/v1/live" && n % 5 != 0) {
            continue;
        }
        let request = nasty.request(operation);
        let Some(built) = request.build(caller) else { continue };
        let answer = built.send().await.unwrap_or_else(|error| panic!("{request:?}: {error}"));
        let status = answer.status().as_u16();
        *met.entry(status).or_default() += 1;
        let said = operation.told["responses"].get(status.to_string());
        // 414 and 431 are said by the layer below all routes: the address or the head is too long for anything.
        if matches!(status, 414 | 431) {
            continue;
        }
        let kind =
            answer.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let json = kind.contains("json");
        let fault = match said {
            None => Some(format!("{status} is not told")),
            Some(_) if status >= 500 => Some(format!("{status}")),
            Some(_) if status >= 400 && !kind.starts_with("application/problem+json") => {
                Some(format!("{status} comes as {kind:?}"))
            }
            Some(told) if json => {
                let body: Value = answer.json().await.unwrap_or_default();
                let schema = &told["content"]
                    .as_object()
                    .and_then(|all| all.values().next())
                    .cloned()
                    .unwrap_or_default()["schema"];
                shape::fault(&document, schema, &body, "").map(|fault| format!("{status}: {fault}"))
            }
            Some(_) => None,
        };
        if let Some(fault) = fault {
            wrong.insert(format!("{} {}: {fault}\n    {request:?}", operation.method, operation.path));
        }
    }
    println!("{:?}: {} requests, answers {met:?}", world.engine, requests());
    let shown: Vec<String> = wrong.iter().take(40).map(|line| line.chars().take(700).collect()).collect();
    assert!(wrong.is_empty(), "{} answers are not as told:\n{}", wrong.len(), shown.join("\n"));
    assert!(met.get(&200).is_some_and(|count| *count > 0), "some requests were good: {met:?}");
    drop(served);
    assert!(place.verify().status.success(), "what was written can be verified");
}

/// What was found by trying, and its neighbours.
async fn known_faults_are_refused_with_words(world: testkit::World) {
    let place = place(&world);
    place.make_town();
    let served = place.serve();
    let api = Api::of(&served.base, "wenmingban").await;
    let many = vec!["class=E0110"; 1_000].join("&");
    let (status, _) = api.ask("GET", &format!("/api/v1/cases?{many}"), None).await;
    assert_eq!(status, 400, "a parameter a thousand times");
    let lists = ["state=x,", "class=E0110,", "source=resident,", "unit=1,"];
    for list in lists {
        let (name, value) = list.split_once('=').expect("a pair");
        let (status, body) =
            api.ask("GET", &format!("/api/v1/cases?{name}={}", value.repeat(3_000)), None).await;
        assert_eq!(status, 400, "{name}: {body}");
    }
    for at in ["9223372036854775807", "-9223372036854775808", "-1", "253402300800000", "32503651200000"] {
        let path = format!("/api/v1/org/resolve?lng=120.85&lat=31.11&class_code=E0110&at={at}");
        let (status, body) = api.ask("GET", &path, None).await;
        assert_eq!(status, 400, "{at}: {body}");
        assert_eq!(body["fields"][0]["pointer"], "?at", "{body}");
    }
    served.stop();
}
