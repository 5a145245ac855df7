//! Who sees what: units only their own cases, nobody the reporter without a trace, and what was erased is gone.

use cases::model::PersonalField;
use cases::rules::By;
use kernel::id::CaseId;
use platform::journal::{Actor, Stamp};
use serde_json::{Value, json};
use testkit::World;

use super::SETS;
use super::city::Town;

testkit::stories!(SETS:
    a_unit_sees_its_own_cases_only,
    the_reporter_is_masked_and_every_look_is_noted,
    what_is_erased_is_gone_and_verification_says_nothing,
    events_hold_nothing_personal,
    photos_open_with_the_case_only,
);

async fn a_unit_sees_its_own_cases_only(world: World) {
    let town = Town::open(world).await;
    let (case, _) = town.dispatched(&[]).await;
    let path = format!("/api/v1/cases/{case}");
    town.get("郑", &path).await.expect(200);
    for who in ["孙", "马", "西镇吴"] {
        town.get(who, &path).await.expect_problem(404, "cases/not-found");
        town.get(who, &format!("{path}/verify")).await.expect_problem(404, "cases/not-found");
        assert_eq!(town.get(who, "/api/v1/cases").await.expect(200).at("/items"), json!([]), "{who}");
        assert_eq!(town.get(who, "/api/v1/cases/counts").await.expect(200).at("/total"), 0, "{who}");
    }
    let act = town.act("孙", &case, "handle", json!({ "photos": [] })).await;
    act.expect_problem(404, "cases/not-found");
    town.get("管", &path).await.expect_problem(403, "platform/not-allowed");
    town.look(&path).await.expect_problem(401, "platform/sign-in");
    // Before dispatch no unit sees a case.
    let fresh = town.report("新的", &[]).await;
    let fresh = format!("/api/v1/cases/{}", fresh["case_id"].as_str().unwrap());
    town.get("郑", &fresh).await.expect_problem(404, "cases/not-found");
    town.get("东镇吴", &fresh).await.expect(200);
}

async fn the_reporter_is_masked_and_every_look_is_noted(world: World) {
    let town = Town::open(world).await;
    let (case, _) = town.dispatched(&[]).await;
    let path = format!("/api/v1/cases/{case}");
    let page = town.get("吴", &path).await.expect(200);
    let masked = json!({
        "kind": "resident", "name_masked": "王*", "phone_masked": "139****5678", "hidden": false, "may_show": true,
        "erasable": ["description", "address", "point", "name", "phone"],
    });
    assert_eq!(page.at("/reporter"), masked);
    let hidden = town.get("郑", &path).await.expect(200);
    let nothing = json!({
        "kind": "resident", "name_masked": null, "phone_masked": null, "hidden": true, "may_show": false, "erasable": [],
    });
    assert_eq!(hidden.at("/reporter"), nothing);
    town.post("郑", &format!("{path}/reporter"), json!({})).await.expect_problem(403, "platform/not-allowed");
    let shown = town.post("吴", &format!("{path}/reporter"), json!({})).await.expect(200);
    assert_eq!(shown.json(), json!({ "name": "王小梅", "phone": "13912345678" }));
    let after = town.get("吴", &path).await.expect(200);
    let last = after.at("/timeline").as_array().unwrap().last().cloned().unwrap();
    assert_eq!(
        (&last["kind"], &last["facts"][0]["value"]),
        (&json!("reporter_shown"), &json!("上报人姓名、上报人电话"))
    );
    assert_eq!(town.verify().await, Vec::<String>::new());
}

async fn what_is_erased_is_gone_and_verification_says_nothing(world: World) {
    let town = Town::open(world).await;
    let told = town.report("说明", &[1]).await;
    let case: CaseId = told["case_id"].as_str().unwrap().parse().unwrap();
    let stamp = Stamp { at: town.world.ctx.now(), actor: Actor::Resident };
    let all = PersonalField::ALL.iter().copied();
    town.cases.erase(town.world.city, case, stamp, By::Resident, all).await.unwrap();
    let page = town.get("吴", &format!("/api/v1/cases/{case}")).await.expect(200);
    assert_eq!((page.at("/description"), page.at("/address")), (json!(""), Value::Null));
    assert_eq!((page.at("/point"), page.at("/before")), (Value::Null, json!([])));
    assert_eq!((page.at("/reporter/name_masked"), page.at("/thumb_url")), (Value::Null, Value::Null));
    assert_eq!(page.at("/summary"), "暴露生活垃圾");
    assert_eq!(page.at("/chain/ok"), true);
    let reporter = town.post("吴", &format!("/api/v1/cases/{case}/reporter"), json!({})).await;
    reporter.expect_problem(409, "cases/no-reporter");
    assert_eq!(town.verify().await, Vec::<String>::new(), "erased is not changed");
}

async fn events_hold_nothing_personal(world: World) {
    let town = Town::open(world).await;
    let (case, code) = town.closed(2).await;
    let verdict = json!({ "verdict": "partly", "note": "我是王小梅" });
    town.tell(&format!("/api/v1/public/receipts/{code}/verdict"), verdict).await.expect(200);
    let case: i64 = case.parse().unwrap();
    let conn = town.world.ctx.db.reader();
    let entries = platform::journal::read_stream(conn, town.world.city, "case", case).await.unwrap();
    assert_eq!(entries.len(), 8);
    let plain = code.replace('-', "");
    for entry in entries {
        for secret in
            ["垃圾", "王小梅", "13912345678", "人民路", "120.00", "已清运", code.as_str(), plain.as_str()]
        {
            assert!(!entry.body.contains(secret), "{} tells {secret}", entry.kind);
        }
    }
}

async fn photos_open_with_the_case_only(world: World) {
    let town = Town::open(world).await;
    let told = town.report("有图", &[1]).await;
    platform::files::process_pending(&town.world.ctx, town.world.city).await.unwrap();
    let (case, code) = (told["case_id"].as_str().unwrap(), told["receipt_code"].as_str().unwrap());
    let page = town.get("吴", &format!("/api/v1/cases/{case}")).await.expect(200);
    assert_eq!(page.at("/before/0/state"), "ready");
    let url = page.at("/before/0/thumb_url").as_str().unwrap().to_owned();
    assert_eq!(page.at("/thumb_url"), url.as_str());
    let photo = town.get("吴", &url).await.expect(200);
    assert_eq!(photo.header("content-type"), "image/jpeg");
    town.look(&url).await.expect_problem(401, "platform/sign-in");
    town.get("郑", &url).await.expect_problem(404, "cases/not-found");
    let other = town.report("别的", &[]).await;
    let foreign = url.replace(case, other["case_id"].as_str().unwrap());
    town.get("吴", &foreign).await.expect_problem(404, "platform/no-such-record");
    let receipt = town.look(&format!("/api/v1/public/receipts/{code}")).await.expect(200);
    town.look(receipt.at("/before/0/view_url").as_str().unwrap()).await.expect(200);
    town.look(&receipt.at("/before/0/view_url").as_str().unwrap().replace("/view", "/original"))
        .await
        .expect(404);
    town.look("/api/v1/public/receipts/0000-0000-0000").await.expect_problem(404, "cases/receipt-unknown");
}
