//! Lists, counts and the running map: each number agrees with the list behind it.

use kernel::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use serde_json::{Value, json};
use testkit::World;

use super::SETS;
use super::city::{SANITATION, Town, key};

testkit::stories!(SETS:
    pages_follow_one_another_without_gaps,
    filters_narrow_and_counts_agree,
    a_row_says_in_which_village_it_lies,
    everybody_finds_his_own_work,
    the_map_adds_up,
    bad_queries_are_refused_by_name,
);

/// Numbers of a list, over all its pages.
async fn numbers(town: &Town, who: &str, query: &str) -> Vec<String> {
    let mut numbers = Vec::new();
    let mut after = String::new();
    loop {
        let page = town.get(who, &format!("/api/v1/cases?size=2&{query}&after={after}")).await.expect(200);
        let items = page.at("/items").as_array().cloned().unwrap();
        assert!(items.len() <= 2);
        numbers.extend(items.iter().map(|row| row["number"].as_str().unwrap()[11..].to_owned()));
        match page.at("/next") {
            Value::String(next) => after = next,
            _none => return numbers,
        }
    }
}

async fn pages_follow_one_another_without_gaps(world: World) {
    let town = Town::open(world).await;
    for index in 0..7 {
        // Two at the same moment: the id breaks the tie.
        town.world.clock.advance_ms(MINUTE_MS * (index % 2));
        town.report("垃圾", &[]).await;
    }
    let newest = ["0007", "0006", "0005", "0004", "0003", "0002", "0001"];
    assert_eq!(numbers(&town, "李", "").await, newest);
    let burning: Vec<_> = newest.iter().rev().copied().collect();
    assert_eq!(numbers(&town, "李", "open=true").await, burning);
    assert_eq!(numbers(&town, "吴", "number=CB20260302-0003").await, ["0003"]);
}

async fn filters_narrow_and_counts_agree(world: World) {
    let mut town = Town::open(world).await;
    let city = town.world.city;
    let (closed, _) = town.closed(2).await;
    town.world.clock.advance_ms(DAY_MS);
    town.sign_in().await;
    town.dispatched(&[]).await;
    town.report("新", &[]).await;
    let other = json!({
        "source": "hotline", "class_code": "P0137", "place": { "lng": 120.01, "lat": 31.025, "crs": "wgs84" },
        "description": "灯不亮",
    });
    town.post("吴", "/api/v1/cases", other).await.expect(201);
    town.world.clock.advance_ms(50 * MINUTE_MS);
    let west = key(city, 102, 0, 0).code();
    for (query, expected) in [
        ("", vec!["0003", "0002", "0001", "0001"]),
        ("state=closed", vec!["0001"]),
        ("state=handling,pending_pre_verify", vec!["0002", "0003", "0001"]),
        ("open=true", vec!["0002", "0003", "0001"]),
        ("overdue=true", vec!["0002", "0003"]),
        ("class=P01", vec!["0003"]),
        ("class=E0110,P0137", vec!["0003", "0002", "0001", "0001"]),
        ("class=E0113", vec![]),
        ("source=hotline", vec!["0003"]),
        ("unit=901", vec!["0001", "0001"]),
        ("cell=5", vec!["0003"]),
        (&format!("area={west}"), vec!["0003"]),
        ("reported_on=2026-03-02", vec!["0001"]),
        ("reported_on=2026-03-03&source=resident", vec!["0002", "0001"]),
        ("closed_on=2026-03-02", vec!["0001"]),
        ("closed_on=2026-03-03", vec![]),
        ("due_on=2026-03-03", vec!["0002", "0003", "0001"]),
        ("overdue=true&state=closed", vec![]),
    ] {
        assert_eq!(numbers(&town, "李", query).await, expected, "{query}");
        let counts = town.get("李", &format!("/api/v1/cases/counts?{query}")).await.expect(200);
        assert_eq!(counts.at("/total"), json!(expected.len()), "{query}");
        let of_states: i64 =
            counts.at("/by_state").as_object().unwrap().values().map(|n| n.as_i64().unwrap()).sum();
        assert_eq!(of_states, expected.len() as i64, "{query}");
    }
    let counts = town.get("李", "/api/v1/cases/counts").await.expect(200);
    assert_eq!((counts.at("/open"), counts.at("/overdue")), (json!(3), json!(2)));
    assert_eq!(counts.at("/by_state"), json!({ "closed": 1, "handling": 1, "pending_pre_verify": 2 }));
    let row = town.get("李", "/api/v1/cases?state=closed").await.expect(200);
    assert_eq!((row.at("/items/0/id"), row.at("/items/0/summary")), (json!(closed), json!("门口一堆垃圾")));
    assert_eq!(numbers(&town, "西镇吴", "").await, ["0003"]);
    assert_eq!(numbers(&town, "郑", "").await, ["0001", "0001"]);
}

async fn a_row_says_in_which_village_it_lies(world: World) {
    let town = Town::open(world).await;
    town.report("有坐标", &[]).await;
    for (code, description) in
        [(key(town.world.city, 102, 201, 0), "只说了村"), (key(town.world.city, 102, 0, 0), "只说了镇")]
    {
        let body = json!({
            "class_code": "E0110", "place": { "area_code": code.code() }, "description": description,
            "address": "村口小店旁",
        });
        town.tell("/api/v1/public/reports", body).await.expect(201);
    }
    let page = town.get("李", "/api/v1/cases?open=true").await.expect(200);
    let places = |row: &Value| [&row["town_name"], &row["village_name"], &row["cell_name"]].map(Value::clone);
    let rows: Vec<_> = page.at("/items").as_array().unwrap().iter().map(places).collect();
    assert_eq!(
        rows,
        [
            [json!("东镇"), json!("东镇1村"), json!("第1网格")],
            [json!("西镇"), json!("西镇1村"), Value::Null],
            [json!("西镇"), Value::Null, Value::Null],
        ]
    );
    let shown = format!("/api/v1/cases/{}", page.at("/items/0/id").as_str().unwrap());
    assert_eq!(town.get("李", &shown).await.expect(200).at("/village_name"), "东镇1村");
    assert_eq!(town.get("李", "/api/v1/board").await.expect(200).at("/latest/2/village_name"), "东镇1村");
}

async fn everybody_finds_his_own_work(world: World) {
    let town = Town::open(world).await;
    town.report("一", &[]).await; // 1: to be verified
    town.dispatched(&[]).await; // 2: with the urban unit
    town.handled(2).await; // 3: to be checked
    let (passed, _) = town.handled(3).await; // 4: to be closed
    town.act("周", &passed, "check", json!({ "passed": true })).await.expect(200);
    town.closed(4).await; // 5
    let told = town.report("六", &[]).await; // 6: to be filed
    town.act("陈", told["case_id"].as_str().unwrap(), "pre-verify", json!({ "found": true }))
        .await
        .expect(200);
    let told = town.report("七", &[]).await; // 7: with the sanitation unit
    let seven = told["case_id"].as_str().unwrap();
    town.act("陈", seven, "pre-verify", json!({ "found": true })).await.expect(200);
    town.act("吴", seven, "file", json!({ "standard_id": "E0110-1" })).await.expect(200);
    assert_eq!(numbers(&town, "许", "mine=true").await, ["0007"]);
    let body = json!({ "unit_id": SANITATION, "note": "由环卫处理" });
    town.act("许", seven, "dispatch", body).await.expect(200);
    for (who, mine) in [
        ("陈", vec!["0001"]),
        ("吴", vec!["0006", "0004"]),
        ("许", vec![]),
        ("郑", vec!["0002"]),
        ("孙", vec!["0007"]),
        ("周", vec!["0003"]),
        ("钱", vec![]),
        ("李", vec![]),
        ("西镇吴", vec![]),
    ] {
        assert_eq!(numbers(&town, who, "mine=true").await, mine, "{who}");
        let page = town.get(who, "/api/v1/cases?mine=true").await.expect(200);
        for row in page.at("/items").as_array().unwrap() {
            assert!(!row["can"].as_array().unwrap().is_empty(), "{who} can do something with {row}");
        }
    }
}

async fn the_map_adds_up(world: World) {
    let town = Town::open(world).await;
    town.closed(2).await;
    town.dispatched(&[]).await;
    town.report("一", &[]).await;
    let west = json!({ "class_code": "E0110", "place": { "lng": 120.01, "lat": 31.025, "crs": "wgs84" }, "description": "二" });
    town.tell("/api/v1/public/reports", west).await.expect(201);
    town.world.clock.advance_ms(HOUR_MS);
    let board = town.get("李", "/api/v1/board").await.expect(200);
    assert_eq!((board.at("/open"), board.at("/overdue")), (json!(3), json!(2)));
    assert_eq!(board.at("/today"), json!({ "reported": 4, "closed": 1 }));
    assert_eq!(board.at("/by_state"), json!({ "handling": 1, "pending_pre_verify": 2 }));
    let town_of = |name: &str, open: i64, overdue: i64, closed: i64| {
        let code = key(town.world.city, if name == "东镇" { 101 } else { 102 }, 0, 0).code();
        json!({ "code": code, "name": name, "open": open, "overdue": overdue, "today_closed": closed })
    };
    assert_eq!(board.at("/towns"), json!([town_of("东镇", 2, 1, 1), town_of("西镇", 1, 1, 0)]));
    assert_eq!(
        board.at("/cells"),
        json!([{ "id": "1", "open": 2, "overdue": 1 }, { "id": "5", "open": 1, "overdue": 1 }])
    );
    assert_eq!(board.at("/latest").as_array().unwrap().len(), 4);
    for (number, query) in [
        ("/open", "open=true"),
        ("/overdue", "overdue=true"),
        ("/today/reported", "reported_on=2026-03-02"),
        ("/today/closed", "closed_on=2026-03-02"),
    ] {
        let counts = town.get("李", &format!("/api/v1/cases/counts?{query}")).await.expect(200);
        assert_eq!(board.at(number), counts.at("/total"), "{number}");
        assert_eq!(board.at("/as_of_seq"), counts.at("/as_of_seq"));
    }
    town.get("郑", "/api/v1/board").await.expect_problem(403, "platform/not-allowed");
    let part = town.get("西镇吴", "/api/v1/board").await.expect(200);
    assert_eq!((part.at("/open"), part.at("/today/closed")), (json!(1), json!(0)));
}

async fn bad_queries_are_refused_by_name(world: World) {
    let town = Town::open(world).await;
    for (query, pointer) in [
        ("state=handled", "?state"),
        ("class=0110", "?class"),
        ("source=rumour", "?source"),
        ("unit=x", "?unit"),
        ("area=32", "?area"),
        ("cell=-1", "?cell"),
        ("due_on=2026-02-30", "?due_on"),
        ("size=0", "?size"),
        ("size=101", "?size"),
    ] {
        let answer = town.get("李", &format!("/api/v1/cases?{query}")).await;
        answer.expect_problem(400, "platform/bad-query").expect_pointers(&[pointer]);
    }
    let cursor = town.get("李", "/api/v1/cases?after=here").await;
    cursor.expect_problem(400, "platform/bad-cursor");
    town.get("李", "/api/v1/cases?colour=red").await.expect_problem(400, "platform/bad-query");
    town.get("李", "/api/v1/cases?open=maybe").await.expect_problem(400, "platform/bad-query");
}
