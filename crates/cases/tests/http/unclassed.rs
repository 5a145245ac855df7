//! 其他/不清楚: a report whose kind nobody has said goes the whole way; the acceptor classes it. And one word per thing for
//! residents, another for staff.

use serde_json::{Value, json};
use testkit::World;

use super::SETS;
use super::city::{Town, URBAN, here, key};

testkit::stories!(SETS:
    an_unclassed_report_is_classed_by_filing_and_then_dispatched_by_the_list,
    a_village_alone_is_no_place,
    every_kind_can_be_found_by_the_words_of_people,
);

async fn reported(town: &Town, class: &str) -> (String, String) {
    let body = json!({ "class_code": class, "place": here(), "description": "不知道算哪一类，路上有个坑" });
    let told: Value = town.tell("/api/v1/public/reports", body).await.expect(201).json();
    let text = |key: &str| told[key].as_str().unwrap().to_owned();
    if class == "E9099" {
        assert_eq!(
            (&told["unit"], &told["due_at"], &told["limit_text"]),
            (&json!(null), &json!(null), &json!(null))
        );
    }
    (text("case_id"), text("receipt_code"))
}

async fn an_unclassed_report_is_classed_by_filing_and_then_dispatched_by_the_list(world: World) {
    let town = Town::open(world).await;
    let city: Value = town.look("/api/v1/public/city").await.expect(200).json();
    let kinds = city["kinds"].as_array().unwrap();
    let unsure: Vec<&Value> = kinds.iter().filter(|kind| kind["unclassed"] == true).collect();
    assert_eq!((unsure.len(), &kinds[kinds.len() - 1]["name"]), (1, &json!("其他/不清楚")));
    let located = town
        .tell("/api/v1/public/locate", json!({ "place": here(), "class_code": "E9099" }))
        .await
        .expect(200);
    assert_eq!((located.at("/unit"), located.at("/due_at")), (json!(null), json!(null)));

    let (case, code) = reported(&town, "E9099").await;
    let receipt = town.look(&format!("/api/v1/public/receipts/{code}")).await.expect(200);
    assert_eq!((receipt.at("/class_name"), receipt.at("/unit_name")), (json!("其他/不清楚"), json!(null)));
    let shown = town.get("吴", &format!("/api/v1/cases/{case}")).await.expect(200);
    assert_eq!((shown.at("/class_name"), shown.at("/unclassed")), (json!("未分类"), json!(true)));
    assert_eq!(shown.at("/plain_name"), json!("其他/不清楚"));
    for filter in ["class=E9099", "class=E90"] {
        let list = town.get("吴", &format!("/api/v1/cases?{filter}")).await.expect(200);
        assert_eq!(list.at("/items/0/class_name"), json!("未分类"), "{filter}");
    }
    let proposal = format!("/api/v1/cases/{case}/proposal");
    assert_eq!(town.get("许", &proposal).await.expect(409).at("/code"), json!("cases/not-classed"));

    town.act("陈", &case, "pre-verify", json!({ "found": true })).await.expect(200);
    let filed = town.act("吴", &case, "file", json!({ "standard_id": "E0113-2" })).await.expect(200);
    assert_eq!((filed.at("/class_name"), filed.at("/unclassed")), (json!("道路破损"), json!(false)));
    let proposed = town.get("许", &proposal).await.expect(200);
    assert_eq!((proposed.at("/unit/id"), proposed.at("/row/row_no")), (json!(URBAN.to_string()), json!(14)));
    let sent = town.act("许", &case, "dispatch", json!({ "unit_id": URBAN })).await.expect(200);
    assert_eq!(sent.at("/state"), json!("handling"));
    let steps = sent.at("/timeline").as_array().unwrap().clone();
    let filing = steps.iter().find(|step| step["kind"] == "filed").unwrap();
    assert_eq!(filing["facts"][0]["value"], json!("道路破损"), "{filing}");

    for (class, found) in [("E0113", json!(case)), ("E9099", Value::Null)] {
        let list = town.get("吴", &format!("/api/v1/cases?class={class}")).await.expect(200);
        assert_eq!(list.at("/items/0/id"), found, "found under its class: {class}");
    }
    let receipt = town.look(&format!("/api/v1/public/receipts/{code}")).await.expect(200);
    assert_eq!(receipt.at("/class_name"), json!("路面坑洼破损"), "the resident reads his own word");
    assert_eq!(town.verify().await, Vec::<String>::new());
}

async fn a_village_alone_is_no_place(world: World) {
    let town = Town::open(world).await;
    let area = json!({ "area_code": key(town.world.city, 101, 201, 0).code() });
    let body = |address: Value| json!({ "class_code": "E0110", "place": area, "description": "一堆垃圾", "address": address });
    for nothing in [json!(null), json!(""), json!("  "), json!("。"), json!("—— …")] {
        let told = town.tell("/api/v1/public/reports", body(nothing.clone())).await.expect(422);
        assert_eq!(
            (told.at("/code"), told.at("/fields/0/pointer")),
            (json!("cases/place-words-missing"), json!("/address")),
            "{nothing}"
        );
    }
    town.tell("/api/v1/public/reports", body(json!("菜场北门对面"))).await.expect(201);
}

async fn every_kind_can_be_found_by_the_words_of_people(world: World) {
    let town = Town::open(world).await;
    let kinds: Value = town.look("/api/v1/public/kinds").await.expect(200).json();
    let of = |code: &str| {
        kinds.as_array().unwrap().iter().find(|kind| kind["class_code"] == code).unwrap().clone()
    };
    assert_eq!(
        (&of("E0110")["name"], &of("E0110")["official_name"]),
        (&json!("垃圾没人清"), &json!("暴露生活垃圾"))
    );
    assert!(of("P0123")["words"].as_array().unwrap().contains(&json!("窨井")));
    let classes: Value = town.get("吴", "/api/v1/classes").await.expect(200).json();
    let text = classes.to_string();
    assert!(text.contains("牛皮癣") && text.contains("垃圾没人清"));
    assert!(!text.contains("E90"), "nothing can be filed or listed under what stands for no class");
}
