//! From a resident's photo to a closed case, through the routes only.

use cases::model::ClockKind;
use kernel::time::Time;
use serde_json::json;
use testkit::World;

use super::SETS;
use super::city::{Town, URBAN};

testkit::stories!(SETS:
    a_residents_photo_becomes_a_closed_case,
    a_failed_check_sends_it_back_with_the_first_deadline,
    the_timer_records_what_ran_out,
);

async fn a_residents_photo_becomes_a_closed_case(world: World) {
    let town = Town::open(world).await;
    let clock = town.world.clock.clone();
    let told = town.report("门口一堆垃圾，联系我 13912345678", &[1]).await;
    assert_eq!(told["number"], "CB20260302-0001");
    assert_eq!((&told["state"], &told["unit"]["name"]), (&json!("pending_pre_verify"), &json!("城管局")));
    assert_eq!((&told["cell_name"], &told["limit_text"]), (&json!("第1网格"), &json!("4工作时")));
    let case = told["case_id"].as_str().unwrap();
    let code = told["receipt_code"].as_str().unwrap();

    clock.advance_ms(10 * 60_000);
    town.act("陈", case, "pre-verify", json!({ "found": true, "note": "属实" })).await.expect(200);
    let filed = town.act("吴", case, "file", json!({ "standard_id": "E0110-1" })).await.expect(200);
    assert_eq!(filed.at("/state"), "pending_dispatch");
    let proposal = town.get("许", &format!("/api/v1/cases/{case}/proposal")).await.expect(200);
    assert_eq!((proposal.at("/unit/name"), proposal.at("/row/row_no")), (json!("城管局"), json!(14)));
    assert_eq!(proposal.at("/helpers/0/name"), "环卫处");
    let names: Vec<_> =
        proposal.at("/candidates").as_array().unwrap().iter().map(|c| c["unit"]["name"].clone()).collect();
    assert_eq!(names, ["环卫处", "东镇政府"]);
    let dispatched = town.act("许", case, "dispatch", json!({ "unit_id": URBAN })).await.expect(200);
    assert_eq!((dispatched.at("/unit/name"), dispatched.at("/clock/kind")), (json!("城管局"), json!("unit")));
    assert_eq!(dispatched.at("/due_at"), proposal.at("/due_at"));

    // The unit sees its case, no reporter, and a photo of the report proves nothing.
    let page = town.get("郑", &format!("/api/v1/cases/{case}")).await.expect(200);
    assert_eq!(page.at("/reporter/name_masked"), json!(null));
    assert_eq!(page.at("/can"), json!(["handle"]));
    assert_eq!(page.at("/description"), "门口一堆垃圾，联系我 139****5678");
    let old = town.photo(1).await;
    let reused = town.act("郑", case, "handle", json!({ "photos": [old] })).await;
    let reused = reused.expect_problem(422, "cases/photo-reused").expect_pointers(&["/photos/0"]);
    assert_eq!(reused.at("/params/used_at"), "2026-03-02 09:00");
    assert_eq!(reused.at("/detail").as_str().unwrap().matches("CB20260302-0001").count(), 1);

    let proof = town.photo(2).await;
    town.act("郑", case, "handle", json!({ "note": "已清运", "photos": [proof] })).await.expect(200);
    let page = town.get("钱", &format!("/api/v1/cases/{case}")).await.expect(200);
    assert_eq!(page.at("/acts/0/act"), "check");
    assert_eq!(page.at("/acts/0/blocked/code"), "cases/fixer-never-checks");
    assert!(page.at("/acts/0/blocked/text").as_str().unwrap().contains("其他单位"));
    town.act("钱", case, "check", json!({ "passed": true }))
        .await
        .expect_problem(403, "cases/fixer-never-checks");
    town.act("周", case, "check", json!({ "passed": true })).await.expect(200);
    let closed = town.act("吴", case, "close", json!({})).await.expect(200);
    assert_eq!((closed.at("/state"), closed.at("/clock/kind")), (json!("closed"), json!("none")));
    let kinds: Vec<_> =
        closed.at("/timeline").as_array().unwrap().iter().map(|step| step["kind"].clone()).collect();
    assert_eq!(kinds, ["reported", "pre_verified", "filed", "dispatched", "handled", "checked", "closed"]);
    assert_eq!(closed.at("/timeline/4/note"), "已清运");
    assert_eq!((closed.at("/chain/ok"), closed.at("/chain/events")), (json!(true), json!(7)));
    assert_eq!(closed.at("/before").as_array().unwrap().len(), 1);
    assert_eq!(closed.at("/after").as_array().unwrap().len(), 1);

    // The reporter sees it by his receipt, however he types it, and says a word.
    let typed = code.to_lowercase().replace('-', "");
    let receipt = town.look(&format!("/api/v1/public/receipts/{typed}")).await.expect(200);
    assert_eq!((receipt.at("/state"), receipt.at("/can_verdict")), (json!("closed"), json!(true)));
    assert_eq!(receipt.at("/place_text"), "东镇 · 东镇1村 · 第1网格 · 人民路1号");
    assert_eq!(receipt.at("/steps/4/note"), "已清运");
    let verdict = format!("/api/v1/public/receipts/{code}/verdict");
    let given = town.tell(&verdict, json!({ "verdict": "resolved", "note": "谢谢" })).await.expect(200);
    assert_eq!((given.at("/verdict/value"), given.at("/can_verdict")), (json!("resolved"), json!(false)));
    town.tell(&verdict, json!({ "verdict": "partly" })).await.expect_problem(409, "cases/verdict-already");

    let verified = town.get("李", &format!("/api/v1/cases/{case}/verify")).await.expect(200);
    assert_eq!(verified.json(), json!({ "ok": true, "events": 8, "findings": [] }));
    assert_eq!(town.verify().await, Vec::<String>::new());
}

async fn a_failed_check_sends_it_back_with_the_first_deadline(world: World) {
    let town = Town::open(world).await;
    let (case, _) = town.handled(2).await;
    let page = format!("/api/v1/cases/{case}");
    let shown = town.get("李", &page).await;
    assert_eq!(
        (shown.at("/standard/id"), shown.at("/standard/after_photos_least")),
        (json!("E0110-1"), json!(1))
    );
    let due = shown.at("/due_at");
    let refused = town.act("周", &case, "check", json!({ "passed": false })).await;
    refused.expect_problem(422, "cases/note-missing").expect_pointers(&["/note"]);
    let back =
        town.act("周", &case, "check", json!({ "passed": false, "note": "仍有残留" })).await.expect(200);
    assert_eq!((back.at("/state"), back.at("/due_at")), (json!("handling"), due));
    let same = town.photo(2).await;
    town.act("郑", &case, "handle", json!({ "photos": [same] }))
        .await
        .expect_problem(422, "cases/photo-reused");
    town.act("郑", &case, "handle", json!({})).await.expect_problem(422, "cases/photos-missing");
    let twice = [town.photo(3).await, town.photo(3).await];
    let twice = town.act("郑", &case, "handle", json!({ "photos": twice })).await;
    twice.expect_problem(422, "cases/photo-twice").expect_pointers(&["/photos/1"]);
    let fresh = town.photo(3).await;
    let done = town.act("郑", &case, "handle", json!({ "photos": [fresh] })).await.expect(200);
    assert_eq!(
        done.at("/after").as_array().unwrap().len(),
        1,
        "only the last proof stands beside the problem"
    );
    assert_eq!(town.verify().await, Vec::<String>::new());
}

async fn the_timer_records_what_ran_out(world: World) {
    let town = Town::open(world).await;
    let told = town.report("垃圾", &[]).await;
    let case = told["case_id"].as_str().unwrap();
    let timers = platform::timers::Timers::new(town.world.ctx.clone(), cases::timers(&town.cases));
    town.world.clock.advance_ms(45 * 60_000);
    assert_eq!(timers.run_due(town.world.ctx.now()).await.unwrap().done, 0, "the last moment is on time");
    let page = format!("/api/v1/cases/{case}");
    assert_eq!(town.get("李", &page).await.at("/clock/overdue"), false);
    town.world.clock.advance_ms(1);
    assert_eq!(timers.run_due(town.world.ctx.now()).await.unwrap().done, 1);
    assert_eq!(timers.run_due(town.world.ctx.now()).await.unwrap().done, 0, "once");
    let late = town.get("李", &page).await;
    assert_eq!((late.at("/clock/overdue"), late.at("/timeline/1/kind")), (json!(true), json!("overran")));
    // It is overdue since its limit, not since somebody noted it.
    assert_eq!(late.at("/timeline/1/at"), late.at("/clock/due_at"));
    let fact = |n: usize| late.at(&format!("/timeline/1/facts/{n}/name"));
    assert_eq!((fact(0), fact(1)), (json!("截止"), json!("登记")));
    // A clock that was stopped in time takes its timer along: nobody is woken for it.
    town.act("陈", case, "pre-verify", json!({ "found": true })).await.expect(200);
    let filed = town.act("吴", case, "file", json!({ "standard_id": "E0110-1" })).await.expect(200);
    town.act("许", case, "dispatch", json!({ "unit_id": URBAN })).await.expect(200);
    town.world.clock.advance_ms(20 * 60_000);
    let round = timers.run_due(town.world.ctx.now()).await.unwrap();
    assert_eq!((round.done, round.failed), (0, 0));
    // Another server may have read that timer just before: it comes too late, and finds nothing to record.
    let due_at = Time(filed.at("/clock/due_at").as_i64().unwrap());
    let read_before = due_at.plus_ms(1);
    town.cases
        .overrun(town.world.city, case.parse().unwrap(), ClockKind::Dispatch, read_before)
        .await
        .unwrap();
    let kinds = town.get("李", &page).await.at("/timeline");
    assert_eq!(kinds.as_array().unwrap().iter().filter(|step| step["kind"] == "overran").count(), 1);
    assert_eq!(town.verify().await, Vec::<String>::new());
}
