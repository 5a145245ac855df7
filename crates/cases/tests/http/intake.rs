//! What comes in: places in every form, bad input of every kind, the same request twice.

use serde_json::{Value, json};
use testkit::World;

use super::SETS;
use super::city::{Town, here, key};

testkit::stories!(SETS:
    a_place_is_found_before_anything_is_sent,
    what_a_channel_asks_for_is_said_before_anything_is_sent,
    every_refusal_has_words,
    the_page_of_residents_learns_what_it_needs,
    the_page_of_residents_speaks_english_too,
    bad_reports_are_refused_by_name_and_leave_nothing,
    the_same_key_makes_one_case,
    staff_report_for_a_caller,
    a_hole_in_the_grid_has_a_unit_all_the_same,
    acts_need_the_version_that_was_seen,
);

async fn a_place_is_found_before_anything_is_sent(world: World) {
    let town = Town::open(world).await;
    let city = town.world.city;
    let locate = async |place: Value, class: Option<&str>| {
        let body = match class {
            Some(class) => json!({ "place": place, "class_code": class }),
            None => json!({ "place": place }),
        };
        town.tell("/api/v1/public/locate", body).await
    };
    let found = locate(here(), Some("E0110")).await.expect(200);
    assert_eq!((found.at("/cell/name"), found.at("/village_name")), (json!("第1网格"), json!("东镇1村")));
    assert_eq!((found.at("/unit/name"), found.at("/limit_text")), (json!("城管局"), json!("4工作时")));
    // 09:00 + 45 min to file + 15 min to dispatch, then 4 working hours over lunch.
    assert_eq!(found.at("/due_at"), json!(town.world.ctx.now().0 + 7 * 3_600_000));
    assert!((found.at("/border_m").as_f64().unwrap() - 476.0).abs() < 15.0, "{}", found.at("/border_m"));
    let several = locate(here(), Some("P0123")).await.expect(200);
    assert_eq!(
        (several.at("/limit_text"), several.at("/unit/name")),
        (json!("2紧急工作时–5工作日"), json!("东镇政府"))
    );
    // The same numbers in 火星坐标 are another place.
    let mars = json!({ "lng": 120.005, "lat": 31.005, "crs": "GCJ-02" });
    assert_ne!(locate(mars, None).await.expect(200).at("/point/lng"), json!(120.005));
    let by_code =
        locate(json!({ "area_code": key(city, 102, 201, 0).code() }), Some("E0110")).await.expect(200);
    assert_eq!((by_code.at("/cell"), by_code.at("/unit/name")), (Value::Null, json!("西镇政府")));

    for (place, code, pointer) in [
        (json!({ "lng": 121.5, "lat": 31.2, "crs": "wgs84" }), "cases/outside-city", "/place"),
        (json!({ "lng": 31.005, "lat": 120.005, "crs": "wgs84" }), "place/swapped", "/place"),
        (json!({ "lng": 120.005, "lat": 31.005, "crs": "bd09" }), "place/bd09", "/place"),
        (json!({ "lng": 120.005, "lat": 31.005, "crs": "moon" }), "place/unknown-crs", "/place/crs"),
        (
            json!({ "lng": 120.005, "lat": 31.005, "crs": "wgs84", "accuracy_m": -1.0 }),
            "place/bad-accuracy",
            "/place",
        ),
        (json!({ "lng": 120.005, "lat": 31.005 }), "cases/place-missing", "/place"),
        (
            json!({ "lng": 120.005, "lat": 31.005, "crs": "wgs84", "area_code": "320281" }),
            "cases/place-missing",
            "/place",
        ),
        (json!({ "area_code": "999999" }), "cases/area-unknown", "/place/area_code"),
        (json!({ "area_code": key(city, 0, 0, 0).code() }), "cases/area-unknown", "/place/area_code"),
        (json!({ "area_code": key(city, 103, 0, 0).code() }), "cases/area-unknown", "/place/area_code"),
    ] {
        locate(place, None).await.expect_problem(422, code).expect_pointers(&[pointer]);
    }
    for class in ["0110", "E9999"] {
        let unknown = locate(here(), Some(class)).await;
        unknown.expect_problem(422, "cases/class-unknown").expect_pointers(&["/class_code"]);
    }
}

/// Limits and photos of the channel that will be used; of a resident's, unless another is named.
async fn what_a_channel_asks_for_is_said_before_anything_is_sent(world: World) {
    let town = Town::open(world).await;
    let locate = async |source: Value| {
        let body = json!({ "place": here(), "class_code": "E0110", "source": source });
        town.tell("/api/v1/public/locate", body).await
    };
    let photos = |answer: &testkit::Answer| (answer.at("/report_photos_least"), answer.at("/photos_most"));
    let unnamed = town.tell("/api/v1/public/locate", json!({ "place": here(), "class_code": "E0110" })).await;
    assert_eq!(photos(&unnamed.clone().expect(200)), (json!(0), json!(9)));
    assert_eq!(locate(json!("resident")).await.expect(200).json(), unnamed.json());
    let inspector = locate(json!("inspector")).await.expect(200);
    assert_eq!(photos(&inspector), (json!(1), json!(9)));
    // 15 minutes to file instead of 45: whoever brings it in decides how soon it is dispatched.
    let due = |answer: &testkit::Answer| answer.at("/due_at").as_i64().unwrap();
    assert_eq!(due(&unnamed) - due(&inspector), 30 * 60_000);
    // What was said holds for what is sent.
    let body =
        json!({ "source": "inspector", "class_code": "E0110", "place": here(), "description": "垃圾" });
    let bare = town.post("陈", "/api/v1/cases", body).await.expect_problem(422, "cases/photos-missing");
    assert_eq!(bare.at("/params/least"), inspector.at("/report_photos_least"));
    locate(json!("rumour")).await.expect_problem(400, "platform/bad-json").expect_pointers(&["/source"]);
}

/// A refusal whose code has no words shows the code itself as its title.
async fn every_refusal_has_words(world: World) {
    let town = Town::open(world).await;
    let bad = |place: Value| json!({ "class_code": "E0110", "place": place, "description": "a\u{7}b" });
    for (place, language) in [
        (here(), "zh-CN"),
        (here(), "en"),
        (json!({ "lng": 31.0, "lat": 120.0, "crs": "wgs84" }), "zh-CN"),
        (json!({ "lng": 200.0, "lat": 31.0, "crs": "wgs84" }), "en"),
        (json!({ "lng": 120.0, "lat": 31.0, "crs": "moon" }), "en"),
        (json!({ "area_code": "1" }), "zh-CN"),
        (json!({}), "en"),
    ] {
        let request = town.app.post("/api/v1/public/reports").language(language).json(&bad(place));
        let answer = request.send().await.expect(422);
        let (title, field) = (answer.at("/title"), answer.at("/fields/0/title"));
        for words in
            [title.as_str().unwrap(), field.as_str().unwrap(), answer.at("/detail").as_str().unwrap()]
        {
            assert!(words.len() > 3 && !words.contains('/') && !words.contains('{'), "{language}: {words}");
        }
    }
}

async fn the_page_of_residents_learns_what_it_needs(world: World) {
    let town = Town::open(world).await;
    let city = town.look("/api/v1/public/city").await.expect(200);
    assert_eq!((city.at("/title"), city.at("/system_title")), (json!("澄北市"), json!("文明澄北")));
    let bounds: Vec<f64> = city.at("/bounds").as_array().unwrap().iter().filter_map(Value::as_f64).collect();
    assert!(bounds.iter().zip([120.0, 31.0, 120.04, 31.04]).all(|(a, b)| (a - b).abs() < 1e-9), "{bounds:?}");
    assert_eq!(city.at("/kinds").as_array().unwrap().len(), 15, "the menu, and 其他/不清楚");
    assert_eq!((city.at("/max_photos"), city.at("/verdict_days")), (json!(9), json!(15)));
    let areas = town.look("/api/v1/public/areas").await.expect(200);
    assert_eq!((areas.at("/0/name"), areas.at("/1/villages/1/name")), (json!("东镇"), json!("西镇2村")));
    town.look("/api/v1/classes").await.expect_problem(401, "platform/sign-in");
    let classes = town.get("吴", "/api/v1/classes").await.expect(200);
    assert_eq!(
        (classes.at("/0/code"), classes.at("/0/classes/0/standards/0/id")),
        (json!("E01"), json!("E0101-1"))
    );
    let none: Vec<Value> = classes
        .at("/0/classes")
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|class| class["standards"].as_array().cloned().unwrap())
        .filter(|row| row["after_photos_least"] == 0)
        .map(|row| row["id"].clone())
        .collect();
    assert_eq!(none, ["E0128-1"], "noise shows on no photo");
    let reasons = town.get("吴", "/api/v1/refusal-reasons").await.expect(200);
    assert_eq!(reasons.at("/8"), json!({ "code": "other", "name": "其他（须说明）", "needs_note": true }));
}

/// Everything that the resident reads and that is not a proper name.
async fn the_page_of_residents_speaks_english_too(world: World) {
    let town = Town::open(world).await;
    let english = async |path: &str| town.app.get(path).language("en-GB").send().await.expect(200);
    let city = english("/api/v1/public/city").await;
    assert_eq!(
        city.at("/kinds/0"),
        json!({ "class_code": "E0110", "name": "Rubbish not collected", "group_code": "E01", "group_name": "Appearance and cleanliness", "unclassed": false })
    );
    let body = json!({ "place": here(), "class_code": "P0123" });
    let located = town.app.post("/api/v1/public/locate").language("en").json(&body).send().await.expect(200);
    assert_eq!(located.at("/limit_text"), "2 hours by day or night to 5 working days");
    let body = json!({ "class_code": "E0110", "place": here(), "description": "rubbish" });
    let told = town.app.post("/api/v1/public/reports").language("en").json(&body).send().await.expect(201);
    assert_eq!(
        (told.at("/limit_text"), told.at("/state_name")),
        (json!("4 working hours"), json!("to be verified"))
    );
    let case = told.at("/case_id").as_str().unwrap().to_owned();
    let refusal = json!({ "reason_code": "duplicate", "note": "见另一件" });
    town.act("吴", &case, "refuse", refusal).await.expect(200);
    let receipt =
        english(&format!("/api/v1/public/receipts/{}", told.at("/receipt_code").as_str().unwrap())).await;
    assert_eq!(receipt.at("/class_name"), "Rubbish not collected");
    assert_eq!(
        (receipt.at("/state_name"), receipt.at("/steps/0/title")),
        (json!("not accepted"), json!("report"))
    );
    assert_eq!(receipt.at("/steps/1/note"), "reported already and still open: 见另一件");
    let staff = |path: &str| town.app.get(path).language("en").signed_in(town.cookie("吴"));
    let classes = staff("/api/v1/classes").send().await.expect(200);
    let first = classes.at("/0/classes/0");
    assert_eq!(
        (&first["name"], &first["standards"][0]["limit_text"]),
        (&json!("Illegal structures"), &json!("2 calendar days"))
    );
    let reasons = staff("/api/v1/refusal-reasons").send().await.expect(200);
    assert_eq!(reasons.at("/6/name"), "withdrawn by the reporter");
    let page = staff(&format!("/api/v1/cases/{case}")).send().await.expect(200);
    assert_eq!(
        page.at("/timeline/1/facts/0"),
        json!({ "name": "reason", "value": "reported already and still open" })
    );
}

async fn bad_reports_are_refused_by_name_and_leave_nothing(world: World) {
    let town = Town::open(world).await;
    let stranger = json!({ "id": "77", "token": "no" });
    let photo = town.photo(9).await;
    let long = "长".repeat(4_001);
    let with = |field: &str, value: Value| {
        let mut body = json!({ "class_code": "E0110", "place": here(), "description": "垃圾" });
        body[field] = value;
        body
    };
    let rows = [
        (with("description", json!("")), 422, "cases/nothing-said", "/description"),
        (with("description", json!(long)), 422, "platform/bad-text", "/description"),
        (with("description", json!("a\u{7}b")), 422, "platform/bad-text", "/description"),
        (with("description", json!("a\u{202e}b")), 422, "platform/bad-text", "/description"),
        (with("address", json!("一行\n两行")), 422, "platform/bad-text", "/address"),
        (with("reporter", json!({ "phone": "1\u{0}2" })), 422, "platform/bad-text", "/reporter/phone"),
        (with("class_code", json!("E9999")), 422, "cases/class-unknown", "/class_code"),
        (with("class_code", json!("垃圾")), 422, "cases/class-unknown", "/class_code"),
        (with("device_at", json!(i64::MAX)), 422, "cases/device-time", "/device_at"),
        (with("device_at", json!(i64::MIN)), 422, "cases/device-time", "/device_at"),
        (with("device_at", json!(0)), 422, "cases/device-time", "/device_at"),
        (with("device_at", json!("now")), 400, "platform/bad-json", "/device_at"),
        (with("photos", json!([photo, stranger])), 422, "cases/photo-unknown", "/photos/1"),
        (with("photos", json!([{ "id": "x", "token": "" }])), 400, "platform/bad-json", "/photos/0/id"),
        (with("place", json!("here")), 400, "platform/bad-json", "/place"),
        (with("surprise", json!(1)), 400, "platform/bad-json", ""),
    ];
    for (body, status, code, pointer) in rows {
        let answer = town.tell("/api/v1/public/reports", body).await;
        let answer = answer.expect_problem(status, code);
        let pointers: Vec<_> =
            answer.at("/fields").as_array().unwrap().iter().map(|f| f["pointer"].clone()).collect();
        assert!(
            pointers.iter().any(|told| told.as_str().is_some_and(|told| told.starts_with(pointer))),
            "{code}: {pointers:?}"
        );
    }
    let ten: Vec<Value> = {
        let mut ten = Vec::new();
        for colour in 0..10 {
            ten.push(town.photo(100 + colour).await);
        }
        ten
    };
    let many = town.tell("/api/v1/public/reports", with("photos", json!(ten))).await;
    many.expect_problem(422, "cases/too-many-photos").expect_pointers(&["/photos"]);
    let empty = town.app.post("/api/v1/public/reports").bytes("application/json", "{").send().await;
    empty.expect_problem(400, "platform/bad-json");
    let counts = town.get("李", "/api/v1/cases/counts").await.expect(200);
    assert_eq!(counts.at("/total"), 0, "nothing was half written");
    let report = town.report("这才是一条", &[]).await;
    assert_eq!(report["number"], "CB20260302-0001", "refused reports took no number");
    assert_eq!(town.verify().await, Vec::<String>::new());
}

async fn the_same_key_makes_one_case(world: World) {
    let town = Town::open(world).await;
    let body = json!({ "class_code": "E0110", "place": here(), "description": "垃圾" });
    let send = async |body: &Value| {
        town.app.post("/api/v1/public/reports").idempotency_key("k1").json(body).send().await
    };
    let (one, two) = tokio::join!(send(&body), send(&body));
    let (one, two) = (one.expect(201).json(), two.expect(201).json());
    assert_eq!(one, two, "the same receipt, too");
    assert_eq!(send(&body).await.expect(201).json(), one);
    let other = json!({ "class_code": "E0110", "place": here(), "description": "别的" });
    send(&other).await.expect_problem(422, "platform/idempotency-reused");
    assert_eq!(town.get("李", "/api/v1/cases/counts").await.at("/total"), 1);
}

async fn staff_report_for_a_caller(world: World) {
    let town = Town::open(world).await;
    let body = |source: &str| {
        json!({
            "source": source, "class_code": "E0410", "place": here(), "description": "车乱停",
            "caller": { "name": "赵先生", "phone": "13800001111" },
        })
    };
    let told = town.post("吴", "/api/v1/cases", body("hotline")).await.expect(201);
    assert_eq!(
        (told.at("/state"), told.at("/source_name")),
        (json!("pending_pre_verify"), json!("热线代报"))
    );
    assert_eq!(told.at("/reporter/name_masked"), "赵*");
    assert_eq!(told.header("etag"), "\"1\"");
    assert_eq!(told.header("location"), format!("/api/v1/cases/{}", told.at("/id").as_str().unwrap()));
    let code = told.at("/receipt_code").as_str().unwrap().to_owned();
    town.look(&format!("/api/v1/public/receipts/{code}")).await.expect(200);
    let resident = town.post("吴", "/api/v1/cases", body("resident")).await;
    resident.expect_problem(403, "cases/source-not-yours").expect_pointers(&["/source"]);
    town.post("许", "/api/v1/cases", body("hotline")).await.expect_problem(403, "platform/not-allowed");
    town.post("西镇吴", "/api/v1/cases", body("hotline")).await.expect_problem(403, "cases/not-allowed");
    let photo = town.photo(5).await;
    let mut body = body("inspector");
    town.post("陈", "/api/v1/cases", body.clone()).await.expect_problem(422, "cases/photos-missing");
    body["photos"] = json!([photo]);
    let told = town.post("陈", "/api/v1/cases", body).await.expect(201);
    assert_eq!((told.at("/state"), told.at("/receipt_code")), (json!("pending_file"), Value::Null));
    assert_eq!(town.verify().await, Vec::<String>::new());
}

async fn a_hole_in_the_grid_has_a_unit_all_the_same(world: World) {
    let town = Town::open(world).await;
    let hole = json!({ "lng": 120.03, "lat": 31.035, "crs": "cgcs2000" });
    let found =
        town.tell("/api/v1/public/locate", json!({ "place": hole, "class_code": "E0110" })).await.expect(200);
    assert_eq!((found.at("/in_hole"), found.at("/cell")), (json!(true), Value::Null));
    assert_eq!((found.at("/unit/name"), found.at("/town_name")), (json!("西镇政府"), json!("西镇")));
    let body = json!({ "class_code": "E0110", "place": hole, "description": "洞里有垃圾" });
    let told = town.tell("/api/v1/public/reports", body).await.expect(201);
    let case = told.at("/case_id").as_str().unwrap().to_owned();
    town.act("陈", &case, "pre-verify", json!({ "found": true })).await.expect(200);
    town.act("西镇吴", &case, "file", json!({ "standard_id": "E0110-1" })).await.expect(200);
    let proposal = town.get("许", &format!("/api/v1/cases/{case}/proposal")).await.expect(200);
    assert_eq!((proposal.at("/backstop"), proposal.at("/row")), (json!(true), Value::Null));
    let unit = proposal.at("/unit/id");
    let done = town.act("许", &case, "dispatch", json!({ "unit_id": unit })).await.expect(200);
    let grounds = done.at("/timeline/3/facts");
    assert_eq!(grounds[0], json!({ "name": "依据", "value": "兜底单位" }));
}

async fn acts_need_the_version_that_was_seen(world: World) {
    let town = Town::open(world).await;
    let told = town.report("垃圾", &[]).await;
    let path = format!("/api/v1/cases/{}", told["case_id"].as_str().unwrap());
    let body = json!({ "found": true });
    let act = || town.app.post(&format!("{path}/pre-verify")).signed_in(town.cookie("陈")).json(&body);
    act().send().await.expect_problem(428, "platform/version-required");
    act().if_match(7).send().await.expect_problem(409, "platform/stale");
    let (one, two) = tokio::join!(act().if_match(1).send(), act().if_match(1).send());
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "two at once: one lands");
    town.act("吴", told["case_id"].as_str().unwrap(), "file", json!({ "standard_id": "E0112-1" }))
        .await
        .expect_problem(422, "cases/standard-of-other-class")
        .expect_pointers(&["/standard_id"]);
    town.act("吴", told["case_id"].as_str().unwrap(), "refuse", json!({ "reason_code": "other" }))
        .await
        .expect_problem(422, "cases/note-missing")
        .expect_pointers(&["/note"]);
    let english = town.app.post(&format!("{path}/close")).signed_in(town.cookie("吴")).if_match(2);
    let english =
        english.language("en").json(&json!({})).send().await.expect_problem(409, "cases/wrong-phase");
    assert_eq!(
        english.at("/detail"),
        "The case is “to be filed”; “close” is not possible now. Reload the page and go on from there."
    );
    for path in ["/api/v1/cases/99", "/api/v1/cases/x", "/api/v1/cases/99/proposal"] {
        assert_eq!(town.get("李", path).await.status, 404, "{path}");
    }
}
