//! Bad input over every endpoint that takes any: the same mistakes everywhere, each refused by its code and its place,
//! in both languages, and nothing is written by any of them.

use serde_json::{Value, json};
use testkit::{Answer, World};

use super::SETS;
use super::city::{Town, URBAN, here};
use super::photos::broken;

testkit::stories!(SETS:
    a_bad_place_is_refused_wherever_a_place_is_taken,
    a_bad_text_is_refused_in_every_report,
    what_nobody_sees_is_taken_out_of_a_report,
    every_act_refuses_bad_words_bad_photos_and_a_version_that_was_not_seen,
    a_refusal_and_a_verdict_take_no_bad_words_either,
    the_same_key_makes_one_case_for_staff_too,
);

const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

async fn what_nobody_sees_is_taken_out_of_a_report(world: World) {
    let town = Town::open(world).await;
    let report = json!({
        "class_code": "ｅ０１１０",
        "description": "\u{FEFF}垃圾\u{200B}没人清\u{B}一家👨\u{200D}👩\u{200D}👧路过\u{200E}",
        "address": "\u{202C}\u{FE0F}",
        "place": here(),
        "reporter": { "name": "\u{2068}王小梅\u{2069}", "phone": "\u{202D}13812341234\u{202C}" },
    });
    let sent = town.app.post("/api/v1/public/reports").json(&report).send().await.expect(201);
    let receipt = sent.at("/receipt_code").as_str().unwrap().to_owned();
    let wide: String = receipt.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap()).collect();
    let typed = wide.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let shown = town.app.get(&format!("/api/v1/public/receipts/{typed}")).send().await.expect(200);
    assert_eq!(shown.at("/description"), "垃圾没人清\n一家👨\u{200D}👩\u{200D}👧路过");
    assert_eq!(shown.at("/place_text"), "东镇 · 东镇1村 · 第1网格", "no address was given");
    let id = sent.at("/case_id").as_str().unwrap().to_owned();
    let reporter = town.get("吴", &format!("/api/v1/cases/{id}")).await.expect(200).at("/reporter");
    assert_eq!((&reporter["name_masked"], &reporter["phone_masked"]), (&json!("王*"), &json!("138****1234")));
}

/// The steps of a case: who, what, with what; which of them take words and photos.
struct Step {
    who: &'static str,
    act: &'static str,
    body: Value,
    takes: &'static [&'static str],
}

fn steps(proof: &Value) -> Vec<Step> {
    let step = |who, act, body, takes| Step { who, act, body, takes };
    vec![
        step("陈", "pre-verify", json!({ "found": true }), &["note", "photos"]),
        step("吴", "file", json!({ "standard_id": "E0110-1" }), &[]),
        step("许", "dispatch", json!({ "unit_id": URBAN }), &["note"]),
        step("郑", "handle", json!({ "photos": [proof] }), &["note", "photos"]),
        step("周", "check", json!({ "passed": true }), &["note", "photos"]),
        step("吴", "close", json!({}), &["note"]),
    ]
}

/// Texts that nobody may send, and what is said about each.
fn bad_texts() -> [(String, &'static str); 4] {
    [
        ("长".repeat(4_001), "text/too-long"),
        ("清\u{7}运".to_owned(), "text/control-character"),
        ("清\u{0}运".to_owned(), "text/control-character"),
        ("清\u{202e}运".to_owned(), "text/direction-mark"),
    ]
}

fn with(body: &Value, pointer: &str, value: Value) -> Value {
    let mut body = body.clone();
    match pointer.trim_start_matches('/').split_once('/') {
        Some((outer, inner)) => body[outer] = json!({ inner: value }),
        None => body[pointer.trim_start_matches('/')] = value,
    }
    body
}

/// Words in the language that was asked for, and no code in their place.
#[track_caller]
fn assert_words(answer: &Answer, language: &str) {
    let fields = answer.at("/fields").as_array().cloned().unwrap_or_default();
    let titles =
        fields.iter().map(|field| field["title"].clone()).chain([answer.at("/title"), answer.at("/detail")]);
    for words in titles {
        let words = words.as_str().unwrap_or_default();
        let chinese = words.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        assert!(chinese == (language == "zh-CN"), "{language}: {words:?} of {}", answer.text());
        assert!(!words.contains('{') && !words.contains("platform/") && !words.contains("cases/"), "{words}");
    }
}

/// Sends it in both languages and holds each answer to code, place and words.
async fn refused(town: &Town, who: Option<&str>, path: &str, body: &Value, code: &str, pointer: &str) {
    for language in LANGUAGES {
        let request = town.app.post(path).language(language).json(body);
        let request = match who {
            Some(who) => request.signed_in(town.cookie(who)),
            None => request,
        };
        let answer = request.send().await.expect_problem(422, code).expect_pointers(&[pointer]);
        assert_words(&answer, language);
    }
}

/// Nothing was written: no case, and the next report is the first.
async fn untouched(town: &Town) {
    assert_eq!(town.get("李", "/api/v1/cases/counts").await.at("/total"), 0);
    assert_eq!(town.report("这才是第一条", &[]).await["number"], "CB20260302-0001");
    assert_eq!(town.verify().await, Vec::<String>::new());
}

async fn a_bad_place_is_refused_wherever_a_place_is_taken(world: World) {
    let town = Town::open(world).await;
    let point = |lng: f64, lat: f64, crs: &str| json!({ "lng": lng, "lat": lat, "crs": crs });
    let rows = [
        (point(121.5, 31.2, "wgs84"), "cases/outside-city", "/place"),
        (point(120.05, 31.005, "cgcs2000"), "cases/outside-city", "/place"),
        (point(31.005, 120.005, "wgs84"), "place/swapped", "/place"),
        (point(120.005, 31.005, "bd09"), "place/bd09", "/place"),
        (point(120.005, 31.005, "epsg:2437"), "place/unknown-crs", "/place/crs"),
        (json!({ "lng": 120.005, "lat": 31.005 }), "cases/place-missing", "/place"),
        (json!({ "area_code": "999999999" }), "cases/area-unknown", "/place/area_code"),
    ];
    let report = json!({ "class_code": "E0110", "description": "垃圾" });
    let staff = with(&report, "/source", json!("hotline"));
    for (place, code, pointer) in rows {
        for (who, path, body) in [
            (None, "/api/v1/public/locate", &json!({ "class_code": "E0110" })),
            (None, "/api/v1/public/reports", &report),
            (Some("吴"), "/api/v1/cases", &staff),
        ] {
            refused(&town, who, path, &with(body, "/place", place.clone()), code, pointer).await;
        }
    }
    untouched(&town).await;
}

async fn a_bad_text_is_refused_in_every_report(world: World) {
    let town = Town::open(world).await;
    let report = json!({ "class_code": "E0110", "description": "垃圾", "place": here() });
    let staff = with(&report, "/source", json!("hotline"));
    for (text, told) in bad_texts() {
        for (who, path, body, person) in [
            (None, "/api/v1/public/reports", &report, "/reporter"),
            (Some("吴"), "/api/v1/cases", &staff, "/caller"),
        ] {
            let places = ["/description", "/address", &format!("{person}/name"), &format!("{person}/phone")];
            for pointer in places {
                let body = with(body, pointer, json!(text));
                refused(&town, who, path, &body, "platform/bad-text", pointer).await;
                let request = town.app.post(path).json(&body);
                let request =
                    who.map_or(request, |who| town.app.post(path).signed_in(town.cookie(who)).json(&body));
                assert_eq!(request.send().await.at("/fields/0/code"), told, "{pointer}");
            }
        }
    }
    untouched(&town).await;
}

/// The act of a step on a version that may be wrong.
async fn attempt(town: &Town, step: &Step, case: &str, body: &Value, version: i64, language: &str) -> Answer {
    let request = town.app.post(&format!("/api/v1/cases/{case}/{}", step.act)).language(language);
    request.signed_in(town.cookie(step.who)).if_match(version).json(body).send().await
}

async fn every_act_refuses_bad_words_bad_photos_and_a_version_that_was_not_seen(world: World) {
    let town = Town::open(world).await;
    let (unseen, good, proof) = (broken(&town).await, town.photo(8).await, town.photo(9).await);
    platform::files::process_pending(&town.world.ctx, town.world.city).await.unwrap();
    let stranger = json!({ "id": "77", "token": "no" });
    let told = town.report("垃圾", &[]).await;
    let case = told["case_id"].as_str().unwrap();
    for (version, step) in (1..).zip(steps(&proof)) {
        for language in LANGUAGES {
            let mut bad = Vec::new();
            if step.takes.contains(&"note") {
                let notes = bad_texts().map(|(text, _)| ("/note", json!(text), "platform/bad-text", "/note"));
                bad.extend(notes);
            }
            if step.takes.contains(&"photos") {
                bad.extend([
                    ("/photos", json!([unseen]), "cases/photo-unknown", "/photos/0"),
                    ("/photos", json!([good, stranger]), "cases/photo-unknown", "/photos/1"),
                    ("/photos", json!([good, good]), "cases/photo-twice", "/photos/1"),
                ]);
            }
            for (at, value, code, pointer) in bad {
                let answer =
                    attempt(&town, &step, case, &with(&step.body, at, value), version, language).await;
                assert_words(&answer.expect_problem(422, code).expect_pointers(&[pointer]), language);
            }
            for unseen in [version - 1, version + 1, i64::MAX] {
                let answer = attempt(&town, &step, case, &step.body, unseen, language).await;
                assert_words(&answer.expect_problem(409, "platform/stale"), language);
            }
        }
        let bare =
            || town.app.post(&format!("/api/v1/cases/{case}/{}", step.act)).signed_in(town.cookie(step.who));
        bare().json(&step.body).send().await.expect_problem(428, "platform/version-required");
        let odd = bare().header("if-match", "\"soon\"").json(&step.body).send().await;
        odd.expect_problem(400, "platform/bad-version");
        let odd = bare().if_match(version).json(&with(&step.body, "/surprise", json!(1))).send().await;
        odd.expect_problem(400, "platform/bad-json");
        let done = attempt(&town, &step, case, &step.body, version, "zh-CN").await.expect(200);
        assert_eq!(done.at("/version"), json!(version + 1), "{}: only the good one was written", step.act);
        // The same once more, as a finger that taps twice sends it.
        attempt(&town, &step, case, &step.body, version, "zh-CN").await.expect_problem(409, "platform/stale");
    }
    assert_eq!(town.verify().await, Vec::<String>::new());
}

async fn a_refusal_and_a_verdict_take_no_bad_words_either(world: World) {
    let town = Town::open(world).await;
    let told = town.report("垃圾", &[]).await;
    let case = told["case_id"].as_str().unwrap();
    let step =
        Step { who: "吴", act: "refuse", body: json!({ "reason_code": "duplicate" }), takes: &["note"] };
    let (_, code) = town.closed(5).await;
    let verdict = format!("/api/v1/public/receipts/{code}/verdict");
    for (text, _) in bad_texts() {
        for language in LANGUAGES {
            let body = with(&step.body, "/note", json!(text));
            let answer = attempt(&town, &step, case, &body, 1, language).await;
            assert_words(
                &answer.expect_problem(422, "platform/bad-text").expect_pointers(&["/note"]),
                language,
            );
        }
        let body = json!({ "verdict": "resolved", "note": text });
        refused(&town, None, &verdict, &body, "platform/bad-text", "/note").await;
    }
    for version in [0, 2] {
        attempt(&town, &step, case, &step.body, version, "en").await.expect_problem(409, "platform/stale");
    }
    town.tell(&verdict, json!({ "verdict": "splendid" })).await.expect_problem(400, "platform/bad-json");
    attempt(&town, &step, case, &step.body, 1, "en").await.expect(200);
    let given = town.tell(&verdict, json!({ "verdict": "resolved" })).await.expect(200);
    assert_eq!(given.at("/verdict/note"), Value::Null);
    assert_eq!(town.verify().await, Vec::<String>::new());
}

async fn the_same_key_makes_one_case_for_staff_too(world: World) {
    let town = Town::open(world).await;
    let body =
        json!({ "source": "hotline", "class_code": "E0410", "place": here(), "description": "车乱停" });
    let send = async |who: &str, body: &Value| {
        let request = town.app.post("/api/v1/cases").signed_in(town.cookie(who)).idempotency_key("k1");
        request.json(body).send().await
    };
    let (one, two) = tokio::join!(send("吴", &body), send("吴", &body));
    let (one, two) = (one.expect(201), two.expect(201));
    for at in ["/id", "/number", "/receipt_code", "/version"] {
        assert_eq!(one.at(at), two.at(at), "{at}");
    }
    assert_eq!(send("吴", &body).await.expect(201).at("/receipt_code"), one.at("/receipt_code"));
    let other = with(&body, "/description", json!("别的"));
    send("吴", &other).await.expect_problem(422, "platform/idempotency-reused");
    // A key is its sender's own.
    assert_ne!(send("东镇吴", &body).await.expect(201).at("/id"), one.at("/id"));
    assert_eq!(town.get("李", "/api/v1/cases/counts").await.at("/total"), 2);
    let long = "k".repeat(65);
    let request = town.app.post("/api/v1/cases").signed_in(town.cookie("吴")).idempotency_key(&long);
    request.json(&body).send().await.expect_problem(400, "platform/bad-idempotency-key");
    assert_eq!(town.verify().await, Vec::<String>::new());
}
