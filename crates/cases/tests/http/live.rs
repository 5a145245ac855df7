//! The live stream: each hears of his own cases, in his language, for as long as he may.

use std::time::Duration;

use axum::body::BodyDataStream;
use futures_util::StreamExt;
use kernel::id::UserId;
use kernel::rights::{Grant, Role};
use platform::auth::{ChangeUser, UserChange, sign_out};
use platform::journal::{Actor, Stamp};
use serde_json::{Value, json};
use testkit::World;

use super::SETS;
use super::city::{SANITATION, Town, key};

testkit::stories!(SETS:
    the_live_stream_tells_it,
    a_stream_speaks_the_language_of_its_address,
    a_stream_ends_with_the_rights_it_was_opened_with,
);

async fn the_live_stream_tells_it(world: World) {
    let town = Town::open(world).await;
    let (urban, _) = town.dispatched(&[]).await;
    let told = town.report("路边垃圾", &[]).await;
    let sanitation = told["case_id"].as_str().unwrap().to_owned();
    town.act("陈", &sanitation, "pre-verify", json!({ "found": true })).await.expect(200);
    town.act("吴", &sanitation, "file", json!({ "standard_id": "E0110-1" })).await.expect(200);
    let body = json!({ "unit_id": SANITATION, "note": "保洁区域内" });
    town.act("许", &sanitation, "dispatch", body).await.expect(200);
    for (who, events, cases) in
        [("李", 8, vec![&urban, &sanitation]), ("孙", 4, vec![&sanitation]), ("郑", 4, vec![&urban])]
    {
        let request = town.app.get("/api/v1/live").header("last-event-id", "0").signed_in(town.cookie(who));
        let heard = heard(&mut listen(request.open().await), events).await;
        assert!(heard.iter().all(|line| cases.iter().any(|case| line["case_id"] == case.as_str())), "{who}");
        assert_eq!(heard.last().unwrap()["kind"], "dispatched");
    }
    town.get("管", "/api/v1/live").await.expect_problem(403, "platform/not-allowed");
}

async fn a_stream_speaks_the_language_of_its_address(world: World) {
    let town = Town::open(world).await;
    town.report("垃圾", &[]).await;
    for (query, header, title) in [
        ("", "zh-CN", "上报"),
        ("", "en", "report"),
        ("?lang=en", "zh-CN", "report"),
        ("?lang=zh", "en", "上报"),
    ] {
        let request = town.app.get(&format!("/api/v1/live{query}")).header("last-event-id", "0");
        let request = request.signed_in(town.cookie("李")).language(header);
        let heard = heard(&mut listen(request.open().await), 1).await;
        assert_eq!(heard[0]["title"], title, "{query} {header}");
    }
    let odd = town.get("李", "/api/v1/live?lang=fr").await;
    odd.expect_problem(400, "platform/bad-query").expect_pointers(&["?lang"]);
}

async fn a_stream_ends_with_the_rights_it_was_opened_with(world: World) {
    let town = Town::open(world).await;
    let open =
        async |who: &str| listen(town.app.get("/api/v1/live").signed_in(town.cookie(who)).open().await);
    let stamp = Stamp { at: town.world.ctx.now(), actor: Actor::System("test") };
    let change = async |user: i64, change: UserChange| {
        let city = town.world.city;
        town.world.ctx.db.write(ChangeUser { city, id: UserId(user), change, stamp }).await.unwrap();
    };
    let (mut urban, mut leader, mut other) = (open("郑").await, open("李").await, open("吴").await);
    // 郑 handles for another unit from now on; nobody else's stream minds.
    let area = key(town.world.city, 0, 0, 0).range();
    change(503, UserChange::Grants([Grant { role: Role::Handler, area, unit: Some(SANITATION) }].into()))
        .await;
    ended(&mut urban).await;
    let (case, _) = town.dispatched(&[]).await;
    for stream in [&mut leader, &mut other] {
        assert!(heard(stream, 4).await.iter().all(|line| line["case_id"] == case.as_str()));
    }
    change(507, UserChange::Disable).await;
    ended(&mut leader).await;
    // Who signs out is gone with the next ping, at the latest.
    let mut late = open("吴").await;
    let token = town.cookie("吴").strip_prefix("youju_session=").unwrap();
    sign_out(&town.world.ctx, town.world.city, token).await.unwrap();
    ended(&mut late).await;
    town.look("/api/v1/live").await.expect_problem(401, "platform/sign-in");
}

fn listen(answer: axum::response::Response) -> BodyDataStream {
    assert_eq!(answer.status(), 200);
    answer.into_body().into_data_stream()
}

/// Reads on until the stream ends, which it must before its second ping.
async fn ended(body: &mut BodyDataStream) {
    let end = async { while body.next().await.is_some() {} };
    tokio::time::timeout(Duration::from_secs(10), end).await.expect("the end");
}

/// The first `wanted` events named `case` of a stream.
async fn heard(body: &mut BodyDataStream, wanted: usize) -> Vec<Value> {
    let mut text = String::new();
    loop {
        let blocks = text.split("\n\n").filter(|block| block.contains("event: case\n"));
        let lines = blocks.filter_map(|block| block.lines().find_map(|line| line.strip_prefix("data: ")));
        let heard: Vec<Value> = lines.map_while(|line| serde_json::from_str(line).ok()).collect();
        if heard.len() >= wanted {
            return heard;
        }
        text.push_str(std::str::from_utf8(&body.next().await.unwrap().unwrap()).unwrap());
    }
}
