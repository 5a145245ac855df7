//! Photos that are no proof: what cannot be seen, what is sent twice.

use serde_json::{Value, json};
use testkit::World;

use super::SETS;
use super::city::{Town, URBAN, here, picture};
use super::tampering::tamper;

testkit::stories!(SETS:
    a_photo_that_cannot_be_seen_proves_nothing,
    what_becomes_of_a_report_does_not_depend_on_how_fast_it_is_sent,
    a_used_picture_proves_nothing_in_another_file,
    nobody_acts_on_a_photo_that_may_show_nothing,
    a_photo_that_waits_for_our_disk_may_be_sent_again,
    the_same_file_twice_is_refused_by_name,
    a_call_shows_the_photo_of_whoever_looked,
);

/// A photo with a good head whose pixels nobody can read.
pub(crate) async fn broken(town: &Town) -> Value {
    let mut bytes = picture(77);
    let pixels = bytes.windows(4).position(|part| part == b"IDAT").unwrap() + 4;
    let end = bytes.len() - 16;
    bytes[pixels..end].fill(0xFF);
    let sent = town.app.post("/api/v1/files").bytes("image/png", bytes).send().await.expect(201);
    json!({ "id": sent.at("/id"), "token": sent.at("/token") })
}

async fn a_photo_that_cannot_be_seen_proves_nothing(world: World) {
    let town = Town::open(world).await;
    let (case, _) = town.dispatched(&[]).await;
    let broken = broken(&town).await;
    platform::files::process_pending(&town.world.ctx, town.world.city).await.unwrap();
    let proof = town.act("郑", &case, "handle", json!({ "note": "已清运", "photos": [broken] })).await;
    proof.expect_problem(422, "cases/photo-unknown").expect_pointers(&["/photos/0"]);
    let good = town.photo(3).await;
    let proof = town.act("郑", &case, "handle", json!({ "photos": [good, broken] })).await;
    proof.expect_problem(422, "cases/photo-unknown").expect_pointers(&["/photos/1"]);
    let body = json!({ "class_code": "E0110", "place": here(), "photos": [broken] });
    let report = town.tell("/api/v1/public/reports", body).await;
    report.expect_problem(422, "cases/photo-unknown").expect_pointers(&["/photos/0"]);
}

/// A photo that nobody can see, as all that a report says: refused at once and refused later, by whomever it is sent.
async fn what_becomes_of_a_report_does_not_depend_on_how_fast_it_is_sent(world: World) {
    let town = Town::open(world).await;
    for slow in [false, true] {
        for (who, path, source) in [
            (None, "/api/v1/public/reports", None),
            (Some("陈"), "/api/v1/cases", Some("inspector")),
            (Some("吴"), "/api/v1/cases", Some("hotline")),
        ] {
            for words in [None, Some("门口有垃圾")] {
                let mut body =
                    json!({ "class_code": "E0110", "place": here(), "photos": [broken(&town).await] });
                if let Some(source) = source {
                    body["source"] = json!(source);
                }
                if let Some(words) = words {
                    body["description"] = json!(words);
                }
                if slow {
                    platform::files::process_pending(&town.world.ctx, town.world.city).await.unwrap();
                }
                let told = match who {
                    Some(who) => town.post(who, path, body).await,
                    None => town.tell(path, body).await,
                };
                told.expect_problem(422, "cases/photo-unknown").expect_pointers(&["/photos/0"]);
            }
        }
    }
    let good = json!({ "class_code": "E0110", "place": here(), "photos": [town.photo(9).await] });
    town.tell("/api/v1/public/reports", good).await.expect(201);
    let list = town.get("李", "/api/v1/cases").await.expect(200);
    assert_eq!(list.at("/items").as_array().map(Vec::len), Some(1), "no case without words and picture");
    let page = format!("/api/v1/cases/{}", list.at("/items/0/id").as_str().unwrap());
    let state = town.get("李", &page).await.expect(200).at("/before/0/state");
    assert_eq!(state, "ready", "a photo that is taken can be seen");
    assert_eq!(town.verify().await, Vec::<String>::new());
}

/// The same to see is the same photo: with a byte behind its end, with a comment in it, as another kind of file; also after
/// it was erased.
async fn a_used_picture_proves_nothing_in_another_file(world: World) {
    let town = Town::open(world).await;
    let (first, _) = town.dispatched(&[21]).await;
    let number = town.get("李", &format!("/api/v1/cases/{first}")).await.expect(200).at("/number");
    let (case, _) = town.dispatched(&[22]).await;
    let known = picture(21);
    let comment = [&0_u32.to_be_bytes()[..], b"teXt", &0xAE0F_8365_u32.to_be_bytes()].concat();
    let webp = {
        let mut out = std::io::Cursor::new(Vec::new());
        image::load_from_memory(&known).unwrap().write_to(&mut out, image::ImageFormat::WebP).unwrap();
        out.into_inner()
    };
    let rows = [
        ("image/png", known.clone()),
        ("image/png", [known.as_slice(), &[0]].concat()),
        ("image/png", [&known[..33], &comment, &known[33..]].concat()),
        ("image/webp", webp),
    ];
    for erased in [false, true] {
        if erased {
            let fields = json!({ "fields": ["photos"] });
            town.post("吴", &format!("/api/v1/cases/{first}/erase"), fields).await.expect(200);
        }
        for (kind, bytes) in rows.clone() {
            let sent = town.app.post("/api/v1/files").bytes(kind, bytes).send().await.expect(201);
            let photo = json!({ "id": sent.at("/id"), "token": sent.at("/token") });
            let proof = town.act("郑", &case, "handle", json!({ "photos": [photo] })).await;
            let refused = proof.expect_problem(422, "cases/photo-reused").expect_pointers(&["/photos/0"]);
            assert_eq!(refused.at("/params/number"), number);
        }
    }
    // Two files with one picture in one act.
    let mut two = Vec::new();
    for bytes in [picture(23), [&picture(23)[..33], &comment, &picture(23)[33..]].concat()] {
        let sent = town.app.post("/api/v1/files").bytes("image/png", bytes).send().await.expect(201);
        two.push(json!({ "id": sent.at("/id"), "token": sent.at("/token") }));
    }
    let proof = town.act("郑", &case, "handle", json!({ "photos": two })).await;
    proof.expect_problem(422, "cases/photo-twice").expect_pointers(&["/photos/1"]);
    town.act("郑", &case, "handle", json!({ "photos": two[1..] })).await.expect(200);
    assert_eq!(town.verify().await, Vec::<String>::new());
    assert_eq!(platform::files::verify(&town.world.ctx, town.world.city).await.unwrap(), []);
}

/// The upload is answered before anybody has seen the pixels: an act that comes faster than the job looks for itself.
async fn nobody_acts_on_a_photo_that_may_show_nothing(world: World) {
    let town = Town::open(world).await;
    let told = town.report("门口一堆垃圾", &[]).await;
    let case = told["case_id"].as_str().unwrap();
    let page = format!("/api/v1/cases/{case}");
    for (who, act, body) in [
        ("陈", "pre-verify", json!({ "found": true })),
        ("吴", "file", json!({ "standard_id": "E0110-1" })),
        ("许", "dispatch", json!({ "unit_id": URBAN })),
        ("郑", "handle", json!({ "note": "已清运" })),
        ("周", "check", json!({ "passed": true })),
        ("吴", "close", json!({})),
    ] {
        let mut body = body;
        if matches!(act, "pre-verify" | "handle" | "check") {
            body["photos"] = json!([broken(&town).await]);
            let refused = town.act(who, case, act, body.clone()).await;
            refused.expect_problem(422, "cases/photo-unknown").expect_pointers(&["/photos/0"]);
            let colour = 10 + u8::try_from(act.len()).unwrap();
            body["photos"] = json!([town.photo(colour).await]);
        }
        town.act(who, case, act, body).await.expect(200);
    }
    let closed = town.get("李", &page).await.expect(200);
    let proofs = [closed.at("/before"), closed.at("/after")];
    let states: Vec<_> =
        proofs.iter().flat_map(|list| list.as_array().unwrap()).map(|photo| photo["state"].clone()).collect();
    assert_eq!(states, ["ready", "ready", "ready"], "the copies were made before the act");
    assert_eq!(town.verify().await, Vec::<String>::new());
    assert_eq!(platform::files::verify(&town.world.ctx, town.world.city).await.unwrap(), []);
}

async fn a_photo_that_waits_for_our_disk_may_be_sent_again(world: World) {
    let town = Town::open(world).await;
    let (case, _) = town.dispatched(&[]).await;
    let proof = json!({ "photos": [town.photo(3).await] });
    let (ready, away) = (town.world.dir.join("files/ready"), town.world.dir.join("files/away"));
    std::fs::rename(&ready, &away).unwrap();
    std::fs::write(&ready, "no folder").unwrap();
    let waits = town.act("郑", &case, "handle", proof.clone()).await;
    waits.expect_problem(503, "cases/photo-not-ready").expect_pointers(&["/photos/0"]);
    std::fs::remove_file(&ready).unwrap();
    std::fs::rename(&away, &ready).unwrap();
    let done = town.act("郑", &case, "handle", proof).await.expect(200);
    assert_eq!(done.at("/after/0/state"), "ready");
}

async fn the_same_file_twice_is_refused_by_name(world: World) {
    let town = Town::open(world).await;
    let (one, two) = (town.photo(3).await, town.photo(4).await);
    let twice = json!([one, two, one]);
    let mut body = json!({ "class_code": "E0110", "place": here(), "photos": twice });
    let report = town.tell("/api/v1/public/reports", body.clone()).await;
    let report = report.expect_problem(422, "cases/photo-twice").expect_pointers(&["/photos/2"]);
    assert_eq!((report.at("/params/first"), report.at("/params/second")), (json!(1), json!(3)));
    body["source"] = json!("inspector");
    let staff = town.post("陈", "/api/v1/cases", body).await;
    staff.expect_problem(422, "cases/photo-twice").expect_pointers(&["/photos/2"]);
    let told = town.report("垃圾", &[]).await;
    let case = told["case_id"].as_str().unwrap();
    for (who, act, body) in [
        ("陈", "pre-verify", json!({ "found": true })),
        ("吴", "file", json!({ "standard_id": "E0110-1" })),
        ("许", "dispatch", json!({ "unit_id": URBAN })),
        ("郑", "handle", json!({ "photos": [one] })),
        ("周", "check", json!({ "passed": true })),
    ] {
        if matches!(act, "pre-verify" | "handle" | "check") {
            let mut doubled = body.clone();
            doubled["photos"] = json!([two, two]);
            let refused = town.act(who, case, act, doubled).await;
            refused.expect_problem(422, "cases/photo-twice").expect_pointers(&["/photos/1"]);
        }
        town.act(who, case, act, body).await.expect(200);
    }
}

/// The thumbnail of a case in the list, as the name of its file; nothing where there is none.
async fn thumb(town: &Town, case: &str) -> Option<String> {
    let list = town.get("李", "/api/v1/cases").await.expect(200).at("/items");
    let row = list.as_array().unwrap().iter().find(|row| row["id"] == case).unwrap().clone();
    row["thumb_url"].as_str().map(|url| url.split('/').nth_back(1).unwrap().to_owned())
}

async fn a_call_shows_the_photo_of_whoever_looked(world: World) {
    let town = Town::open(world).await;
    let call =
        json!({ "source": "hotline", "class_code": "E0110", "place": here(), "description": "垃圾成堆" });
    let told = town.post("吴", "/api/v1/cases", call).await.expect(201);
    let call = told.at("/id").as_str().unwrap().to_owned();
    let report = town.report("垃圾", &[1]).await["case_id"].as_str().unwrap().to_owned();
    platform::files::process_pending(&town.world.ctx, town.world.city).await.unwrap();
    let reported = thumb(&town, &report).await;
    assert_eq!((thumb(&town, &call).await, reported.is_some()), (None, true));
    for (case, colour) in [(&call, 2), (&report, 3)] {
        let look =
            json!({ "found": true, "photos": [town.photo(colour).await, town.photo(colour + 10).await] });
        town.act("陈", case, "pre-verify", look).await.expect(200);
    }
    let before = town.get("李", &format!("/api/v1/cases/{call}")).await.expect(200).at("/before");
    let seen = thumb(&town, &call).await;
    assert_eq!((before.as_array().unwrap().len(), seen.as_deref()), (2, before[0]["id"].as_str()));
    assert_eq!(thumb(&town, &report).await, reported, "the report's own photo stays in front");
    // What the unit sends is the proof, not the problem.
    town.act("吴", &call, "file", json!({ "standard_id": "E0110-1" })).await.expect(200);
    town.act("许", &call, "dispatch", json!({ "unit_id": URBAN })).await.expect(200);
    town.act("郑", &call, "handle", json!({ "photos": [town.photo(4).await] })).await.expect(200);
    assert_eq!(thumb(&town, &call).await, seen);
    // Once the resident's photos are erased, the inspector's comes to the front.
    town.post("吴", &format!("/api/v1/cases/{report}/erase"), json!({ "fields": ["photos"] }))
        .await
        .expect(200);
    let page = town.get("李", &format!("/api/v1/cases/{report}")).await.expect(200);
    let left = page.at("/before/0/id");
    assert_eq!(thumb(&town, &report).await.as_deref(), left.as_str());
    assert_eq!(
        page.at("/thumb_url"),
        json!(format!("/api/v1/cases/{report}/photos/{}/thumb", left.as_str().unwrap()))
    );
    assert_eq!(town.verify().await, Vec::<String>::new());
    // Rows of before this rule are brought in line by the migration.
    tamper(&town, "update cases_case set photo_id = null where city_id = CITY").await;
    assert_eq!(town.verify().await.len(), 2);
    let migration = include_str!("../../migrations/2026_11_28_0200_cases_face.sql");
    tamper(&town, &migration.replace("photo_id IS NULL", "photo_id IS NULL AND city_id = CITY")).await;
    assert_eq!(town.verify().await, Vec::<String>::new());
}
