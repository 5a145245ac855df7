//! An act that is sent again with its key is not done again, and is answered as it was: a line that broke after the
//! work was done must not look like a refusal.

use serde_json::{Value, json};
use testkit::{Answer, World};

use super::SETS;
use super::city::{Town, URBAN};

testkit::stories!(SETS:
    every_act_is_done_once_and_answered_the_same_later,
    the_same_act_twice_at_once_is_one_act,
    a_key_is_its_senders_own_and_stands_for_one_content,
    a_refused_act_frees_its_key,
    a_verdict_is_answered_the_same,
    what_was_erased_since_is_not_told_again,
);

/// An act as it is sent: by whom, on which version, under which key.
async fn send(town: &Town, who: &str, path: &str, version: i64, key: &str, body: &Value) -> Answer {
    let request = town.app.post(path).signed_in(town.cookie(who)).if_match(version).idempotency_key(key);
    request.json(body).send().await
}

/// A reported case with a photo that is ready. Answers its id and its receipt code.
async fn reported(town: &Town, colour: u8) -> (String, String) {
    let told = town.report("门口一堆垃圾", &[colour]).await;
    platform::files::process_pending(&town.world.ctx, town.world.city).await.unwrap();
    (told["case_id"].as_str().unwrap().to_owned(), told["receipt_code"].as_str().unwrap().to_owned())
}

async fn every_act_is_done_once_and_answered_the_same_later(world: World) {
    let town = Town::open(world).await;
    let (case, _) = reported(&town, 1).await;
    let (proof, look) = (town.photo(2).await, town.photo(3).await);
    let path = [
        ("陈", "pre-verify", json!({ "found": true, "note": "在" })),
        ("吴", "file", json!({ "standard_id": "E0110-1" })),
        ("许", "dispatch", json!({ "unit_id": URBAN })),
        ("郑", "handle", json!({ "note": "已清运", "photos": [proof] })),
        ("周", "check", json!({ "passed": false, "note": "仍有残留", "photos": [look] })),
    ];
    let mut answers = Vec::new();
    for (version, (who, act, body)) in (1..).zip(&path) {
        let to = format!("/api/v1/cases/{case}/{act}");
        let first = send(&town, who, &to, version, act, body).await.expect(200);
        assert_eq!(first.at("/version"), json!(version + 1), "{act}");
        assert_eq!(first.header("etag"), format!("\"{}\"", version + 1), "{act}");
        answers.push((*who, to, version, *act, body, first));
        town.world.clock.advance_ms(60_000);
    }
    let (other, _) = reported(&town, 4).await;
    let refused = json!({ "reason_code": "out_of_scope", "note": "不属本市" });
    let to = format!("/api/v1/cases/{other}/refuse");
    let first = send(&town, "吴", &to, 1, "refuse", &refused).await.expect(200);
    answers.push(("吴", to, 1, "refuse", &refused, first));
    let (closing, _) = town.handled(5).await;
    town.act("周", &closing, "check", json!({ "passed": true })).await.expect(200);
    let (to, words) = (format!("/api/v1/cases/{closing}/close"), json!({ "note": "符合结案条件" }));
    let first = send(&town, "吴", &to, 6, "close", &words).await.expect(200);
    answers.push(("吴", to, 6, "close", &words, first));
    town.world.clock.advance_ms(60_000);

    // The line broke, the case has moved on, and the screen may have been loaded anew.
    for (who, to, version, key, body, first) in &answers {
        for seen in [*version, 99] {
            let again = send(&town, who, to, seen, key, body).await.expect(200);
            assert_eq!(again.json(), first.json(), "{key}");
            assert_eq!(again.header("etag"), first.header("etag"), "{key}");
        }
    }
    let versions = [(case, 6), (other, 2), (closing, 7)];
    for (case, version) in versions {
        let now = town.get("李", &format!("/api/v1/cases/{case}")).await.expect(200);
        assert_eq!(now.at("/version"), json!(version), "nothing was done again");
    }
    assert_eq!(town.verify().await, Vec::<String>::new());
}

async fn the_same_act_twice_at_once_is_one_act(world: World) {
    let town = Town::open(world).await;
    let (case, _) = reported(&town, 1).await;
    let (to, body) = (format!("/api/v1/cases/{case}/pre-verify"), json!({ "found": true }));
    let (one, two) =
        tokio::join!(send(&town, "陈", &to, 1, "k", &body), send(&town, "陈", &to, 1, "k", &body));
    let (one, two) = (one.expect(200), two.expect(200));
    assert_eq!((one.json(), one.at("/version")), (two.json(), json!(2)));
    assert_eq!(one.at("/chain"), town.get("李", &format!("/api/v1/cases/{case}")).await.at("/chain"));
}

async fn a_key_is_its_senders_own_and_stands_for_one_content(world: World) {
    let town = Town::open(world).await;
    let ((case, _), (other, _)) = (reported(&town, 1).await, reported(&town, 2).await);
    let (to, body) = (format!("/api/v1/cases/{case}/pre-verify"), json!({ "found": true }));
    send(&town, "陈", &to, 1, "k", &body).await.expect(200);
    let reused = |answer: Answer| answer.expect_problem(422, "platform/idempotency-reused");
    reused(send(&town, "陈", &to, 1, "k", &json!({ "found": false })).await);
    reused(send(&town, "陈", &format!("/api/v1/cases/{other}/pre-verify"), 1, "k", &body).await);
    let file = format!("/api/v1/cases/{case}/file");
    send(&town, "吴", &file, 2, "k", &json!({ "standard_id": "E0110-1" })).await.expect(200);
    send(&town, "吴", &to, 2, "k2", &body).await.expect_problem(403, "platform/not-allowed");
    send(&town, "陈", &to, 1, "k3", &body).await.expect_problem(409, "platform/stale");
    let bad = send(&town, "陈", &to, 1, &"k".repeat(65), &body).await;
    bad.expect_problem(400, "platform/bad-idempotency-key");
    // What he may not see does not exist for him, key or no key.
    send(&town, "马", &format!("/api/v1/cases/{case}/handle"), 3, "k", &json!({})).await.expect(404);
}

async fn a_refused_act_frees_its_key(world: World) {
    let town = Town::open(world).await;
    let (case, _) = town.dispatched(&[]).await;
    let to = format!("/api/v1/cases/{case}/handle");
    let without = send(&town, "郑", &to, 4, "k", &json!({ "note": "好了" })).await;
    without.expect_problem(422, "cases/photos-missing");
    let body = json!({ "note": "好了", "photos": [town.photo(3).await] });
    let done = send(&town, "郑", &to, 4, "k", &body).await.expect(200);
    assert_eq!(done.at("/state"), "pending_check");
}

async fn a_verdict_is_answered_the_same(world: World) {
    let town = Town::open(world).await;
    let (case, code) = town.closed(2).await;
    let to = format!("/api/v1/public/receipts/{code}/verdict");
    let tell =
        async |key: &str, body: Value| town.app.post(&to).idempotency_key(key).json(&body).send().await;
    let body = || json!({ "verdict": "resolved", "note": "谢谢" });
    let first = tell("k", body()).await.expect(200);
    town.post("吴", &format!("/api/v1/cases/{case}/reporter"), json!({})).await.expect(200);
    assert_eq!(tell("k", body()).await.expect(200).json(), first.json());
    tell("k", json!({ "verdict": "partly" })).await.expect_problem(422, "platform/idempotency-reused");
    tell("k2", body()).await.expect_problem(409, "cases/verdict-already");
    // The same key on another receipt is another key.
    let (_, code) = town.closed(3).await;
    let to = format!("/api/v1/public/receipts/{code}/verdict");
    let other = town.app.post(&to).idempotency_key("k").json(&json!({ "verdict": "partly" })).send().await;
    assert_eq!(other.expect(200).at("/verdict/value"), "partly");
    assert_eq!(town.verify().await, Vec::<String>::new());
}

/// What is remembered of an act is where the case stood, not what its page said.
async fn what_was_erased_since_is_not_told_again(world: World) {
    let town = Town::open(world).await;
    let (case, _) = reported(&town, 1).await;
    let (to, body) = (format!("/api/v1/cases/{case}/pre-verify"), json!({ "found": true, "note": "属实" }));
    let first = send(&town, "陈", &to, 1, "k", &body).await.expect(200);
    assert_eq!(first.at("/reporter/name_masked"), "王*");
    let fields = json!({ "fields": ["description", "name", "photos"] });
    town.post("吴", &format!("/api/v1/cases/{case}/erase"), fields).await.expect(200);
    let again = send(&town, "陈", &to, 1, "k", &body).await.expect(200);
    assert_eq!((again.at("/description"), again.at("/before")), (json!(""), json!([])));
    assert_eq!((again.at("/reporter/name_masked"), again.at("/thumb_url")), (Value::Null, Value::Null));
    for at in ["/version", "/state", "/can", "/chain"] {
        assert_eq!(again.at(at), first.at(at), "{at}");
    }
    assert_eq!(again.at("/timeline").as_array().unwrap().len(), 2);
}
