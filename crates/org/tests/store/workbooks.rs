//! Workbooks and what may go wrong with them: too much removed, one that waits for ever, units that end; and the way back:
//! what stands as a workbook.

use kernel::id::UnitId;
use rust_xlsxwriter::Workbook;
use serde_json::json;
use testkit::World;

use crate::SETS;
use crate::http::{Hall, XLSX};
use crate::imports::{act, book, id_of, line, list, matrix, preview};

testkit::stories!(SETS:
    much_is_not_removed_by_a_plain_click,
    what_stands_is_downloaded_and_comes_back_unchanged,
    every_import_is_reached_and_one_that_waits_is_thrown_away,
    a_unit_that_ends_says_what_it_leaves,
);

async fn much_is_not_removed_by_a_plain_click(world: World) {
    let hall = Hall::open(world).await;
    let city = hall.world.city.to_string();
    let rows: Vec<_> = (1..=30).map(|n| line([&n.to_string(), "E01", &city, "T101"])).collect();
    let all = id_of(&preview(&hall, "matrix", list(&rows)).await.expect(201));
    act(&hall, &all, "apply").await.expect(200);
    let one = preview(&hall, "matrix", list(&rows[..1])).await.expect(201);
    assert_eq!((one.at("/removes"), one.at("/confirm_removals")), (json!(29), json!(true)));
    let id = id_of(&one);
    let refused = act(&hall, &id, "apply").await.expect_problem(409, "org/removals-unconfirmed");
    assert_eq!(refused.at("/params/count"), json!(29));
    act(&hall, &id, "apply?removals=28").await.expect_problem(409, "org/removals-unconfirmed");
    act(&hall, &id, "apply?removals=x").await.expect_problem(400, "platform/bad-query");
    assert_eq!(matrix(&hall).await.len(), 30, "nothing is gone yet");
    act(&hall, &id, "apply?removals=29").await.expect(200);
    assert_eq!(matrix(&hall).await.len(), 1);
    act(&hall, &id, "undo").await.expect(200);
    // A few are removed as before.
    let few = preview(&hall, "matrix", list(&rows[..29])).await.expect(201);
    assert_eq!((few.at("/removes"), few.at("/confirm_removals")), (json!(1), json!(false)));
    act(&hall, &id_of(&few), "apply").await.expect(200);
}

async fn what_stands_is_downloaded_and_comes_back_unchanged(world: World) {
    let hall = Hall::open(world).await;
    let city = hall.world.city.to_string();
    let headings = ["行号", "类别编码", "区域编码", "星期", "时段", "责任单位编码", "协办单位编码", "备注"];
    let rows = [
        line(["1", "E01", &city, "周一至周五", "18:00-02:00", "T101", "CGJ", "=cmd|' /C calc'!A0"]),
        line(["2", "全部", &city, "", "", "CGJ", "", "@SUM(1)"]),
    ];
    let id = id_of(&preview(&hall, "matrix", book("责任清单", &headings, &rows)).await.expect(201));
    act(&hall, &id, "apply").await.expect(200);
    for kind in ["units", "people", "matrix"] {
        let path = format!("/api/v1/org/imports/exports/{kind}");
        let answer = hall.app.get(&path).signed_in(&hall.admin).send().await.expect(200);
        assert_eq!((answer.header("content-type"), answer.header("cache-control")), (XLSX, "no-store"));
        let bytes = answer.bytes.to_vec();
        let again = preview(&hall, kind, bytes).await.expect(201);
        let counts = ["adds", "changes", "removes"].map(|name| again.at(&format!("/{name}")));
        assert_eq!((again.at("/errors"), counts), (json!([]), [json!(0), json!(0), json!(0)]), "{kind}");
        assert_ne!(again.at("/rows"), json!(0), "{kind}");
    }
    // People hold names and phones: only who equips users has them.
    let people = hall.app.get("/api/v1/org/imports/exports/people").signed_in(&hall.office).send().await;
    people.expect_problem(403, "platform/not-allowed");
    let town = hall.app.get("/api/v1/org/imports/exports/matrix").signed_in(&hall.town).send().await;
    town.expect_problem(403, "org/whole-city");
    let none = hall.app.get("/api/v1/org/imports/exports/moon").signed_in(&hall.admin).send().await;
    none.expect_problem(404, "org/no-such-record");
}

async fn every_import_is_reached_and_one_that_waits_is_thrown_away(world: World) {
    let hall = Hall::open(world).await;
    let city = hall.world.city.to_string();
    let mut made = Vec::new();
    for n in 1..=5 {
        let bytes = list(&[line([&n.to_string(), "E01", &city, "T101"])]);
        made.push(id_of(&preview(&hall, "matrix", bytes).await.expect(201)));
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/org/imports?size=2&after={after}");
        let page = hall.app.get(&path).signed_in(&hall.admin).send().await.expect(200);
        let items = page.at("/items").as_array().unwrap().clone();
        seen.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        let Some(next) = page.at("/next").as_str().map(str::to_owned) else { break };
        after = next;
    }
    made.reverse();
    assert_eq!(seen, made);
    hall.app
        .get("/api/v1/org/imports?after=x")
        .signed_in(&hall.admin)
        .send()
        .await
        .expect_problem(400, "platform/bad-query");
    act(&hall, &made[0], "discard").await.expect(204);
    act(&hall, &made[0], "discard").await.expect_problem(404, "org/no-such-record");
    act(&hall, &made[0], "apply").await.expect_problem(404, "org/no-such-record");
    let shown =
        hall.app.get(&format!("/api/v1/org/imports/{}/preview", made[1])).signed_in(&hall.admin).send().await;
    assert_eq!(shown.expect(200).at("/diff/0/key"), json!("第4行"));
    act(&hall, &made[1], "apply").await.expect(200);
    act(&hall, &made[1], "discard").await.expect_problem(409, "org/wrong-import-state");
    assert_eq!(org::verify(&hall.world.ctx, hall.world.city).await.unwrap(), []);
}

async fn a_unit_that_ends_says_what_it_leaves(world: World) {
    struct Two;
    impl org::OpenCases for Two {
        fn open_cases<'a>(
            &'a self,
            _city: kernel::id::CityId,
            units: &'a [UnitId],
        ) -> org::BoxFuture<'a, Result<std::collections::BTreeMap<UnitId, i64>, platform::db::Fault>>
        {
            Box::pin(async { Ok(units.iter().map(|unit| (*unit, 2)).collect()) })
        }
    }
    let hall = Hall::open_with(world, |org| org.with_open_cases(std::sync::Arc::new(Two))).await;
    let mut sheet = Workbook::new();
    let page = sheet.add_worksheet().set_name("单位").unwrap();
    for (at, name) in (0_u16..).zip(["单位编码", "单位名称", "简称", "类型", "有效期止"]) {
        page.write_string(0, at, name).unwrap();
    }
    for (at, text) in (0_u16..).zip(["T102", "西镇政府", "西镇政府", "镇街"]) {
        page.write_string(1, at, text).unwrap();
    }
    let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 12, 31).unwrap();
    let format = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    page.write_datetime_with_format(1, 4, &date, &format).unwrap();
    let shown = preview(&hall, "units", sheet.save_to_buffer().unwrap()).await.expect(201);
    assert_eq!(shown.at("/errors"), json!([]));
    assert_eq!(
        (shown.at("/notes/0/cell"), shown.at("/notes/0/code")),
        (json!("单位!E2"), json!("org/unit-left"))
    );
    let said = shown.at("/notes/0/message").as_str().unwrap().to_owned();
    assert!(said.contains("在办案件 2 件") && !said.contains('{'), "{said}");
}
