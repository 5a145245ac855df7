//! Erasure (删除个人信息): what is destroyed, what remains of it, who may ask for it, and what verification says.

use kernel::id::{CaseId, FileId};
use serde_json::{Value, json};
use testkit::World;

use super::SETS;
use super::city::Town;
use super::tampering::{run, tamper};

testkit::stories!(SETS:
    an_erased_photo_is_gone_from_the_disk_and_never_a_proof,
    a_photo_that_another_case_names_stays,
    who_may_unmask_may_erase,
    what_remains_of_an_erased_photo_is_held,
);

const EVERYTHING: [&str; 6] = ["description", "address", "point", "name", "phone", "photos"];

/// Photos in the store, whatever part they lie in.
fn stored(town: &Town) -> usize {
    let mut folders = vec![town.world.dir.join("files")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() { folders.push(entry) } else { files += 1 }
        }
    }
    files
}

async fn erase(town: &Town, case: &str, fields: &[&str]) -> testkit::Answer {
    town.post("吴", &format!("/api/v1/cases/{case}/erase"), json!({ "fields": fields })).await
}

/// What `youju verify` says of erasures, as `record name: what`.
async fn erased(town: &Town) -> Vec<String> {
    let (ctx, city) = (&town.world.ctx, town.world.city);
    let mut all = cases::erased(ctx, city).await.unwrap();
    all.extend(platform::files::erased(ctx, city).await.unwrap());
    all.into_iter().map(|one| format!("{} {}: {}", one.record, one.name, one.what)).collect()
}

async fn an_erased_photo_is_gone_from_the_disk_and_never_a_proof(world: World) {
    let town = Town::open(world).await;
    let (ctx, city) = (town.world.ctx.clone(), town.world.city);
    let (case, code) = town.dispatched(&[9]).await;
    platform::files::process_pending(&ctx, city).await.unwrap();
    assert_eq!(stored(&town), 2, "two copies of one photo");
    let page = town.get("吴", &format!("/api/v1/cases/{case}")).await.expect(200);
    let file: FileId = page.at("/before/0/id").as_str().unwrap().parse().unwrap();
    let view = page.at("/before/0/view_url").as_str().unwrap().to_owned();

    let after = erase(&town, &case, &EVERYTHING).await.expect(200);
    assert_eq!((after.at("/before"), after.at("/description")), (json!([]), json!("")));
    assert_eq!(after.at("/timeline").as_array().unwrap().last().unwrap()["kind"], "reporter_erased");
    assert_eq!(stored(&town), 0, "no copy is left");
    assert_eq!(platform::files::find(ctx.db.reader(), city, file).await.unwrap(), None);
    town.get("吴", &view).await.expect_problem(404, "platform/no-such-record");
    assert_eq!(
        town.look(&format!("/api/v1/public/receipts/{code}")).await.expect(200).at("/before"),
        json!([])
    );

    // The same original again, as proof here and in another case.
    let number = after.at("/number");
    let proof = town.photo(9).await;
    let refused = town.act("郑", &case, "handle", json!({ "note": "好了", "photos": [proof] })).await;
    let refused = refused.expect_problem(422, "cases/photo-reused");
    assert!(refused.text().contains(number.as_str().unwrap()), "{}", refused.text());
    let (other, _) = town.dispatched(&[]).await;
    let again =
        town.act("郑", &other, "handle", json!({ "note": "好了", "photos": [town.photo(9).await] })).await;
    again.expect_problem(422, "cases/photo-reused");

    assert_eq!(town.verify().await, Vec::<String>::new(), "erased is not changed");
    assert_eq!(platform::files::verify(&ctx, city).await.unwrap(), []);
    let number = number.as_str().unwrap();
    assert_eq!(
        erased(&town).await,
        [
            format!(
                "case {number}: 问题描述、详细地址、精确位置、上报人姓名、上报人电话、上报照片 \
                 (description, address, exact point, reporter's name, reporter's phone, photos of the report)"
            ),
            format!("file {file}: 照片 (photo)"),
        ]
    );
    erase(&town, &case, &["name"]).await.expect_problem(409, "cases/nothing-to-erase");
}

/// One upload in two reports: the second keeps it, and its own erasure then takes it away.
async fn a_photo_that_another_case_names_stays(world: World) {
    let town = Town::open(world).await;
    let (ctx, city) = (town.world.ctx.clone(), town.world.city);
    let photo = town.photo(3).await;
    let mut cases = Vec::new();
    for words in ["第一件", "第二件"] {
        let body = json!({
            "class_code": "E0110", "place": super::city::here(), "description": words, "photos": [photo],
        });
        let told = town.tell("/api/v1/public/reports", body).await.expect(201);
        cases.push(told.at("/case_id").as_str().unwrap().to_owned());
    }
    platform::files::process_pending(&ctx, city).await.unwrap();
    erase(&town, &cases[0], &["photos"]).await.expect(200);
    assert_eq!(stored(&town), 2);
    let page = town.get("吴", &format!("/api/v1/cases/{}", cases[1])).await.expect(200);
    assert_eq!(page.at("/before/0/state"), "ready");
    town.get("吴", page.at("/before/0/view_url").as_str().unwrap()).await.expect(200);
    erase(&town, &cases[1], &["photos"]).await.expect(200);
    assert_eq!(stored(&town), 0);
    assert_eq!(town.verify().await, Vec::<String>::new());
    assert_eq!(platform::files::verify(&ctx, city).await.unwrap(), []);
}

async fn who_may_unmask_may_erase(world: World) {
    let town = Town::open(world).await;
    let (case, _) = town.dispatched(&[]).await;
    let path = format!("/api/v1/cases/{case}/erase");
    let body = json!({ "fields": ["name"] });
    for who in ["陈", "许", "郑", "周", "李", "管"] {
        town.post(who, &path, body.clone()).await.expect_problem(403, "platform/not-allowed");
    }
    town.post("西镇吴", &path, body.clone()).await.expect_problem(404, "cases/not-found");
    town.tell(&path, body.clone()).await.expect_problem(401, "platform/sign-in");
    town.post("吴", &path, json!({ "fields": ["number"] })).await.expect(400);
    town.post("吴", &path, json!({ "fields": [] })).await.expect_problem(409, "cases/nothing-to-erase");
    let after = town.post("东镇吴", &path, body).await.expect(200);
    assert_eq!(after.at("/reporter/name_masked"), Value::Null);
    assert_eq!(after.at("/reporter/phone_masked"), "139****5678", "nothing else was asked for");
    let left = json!(["description", "address", "point", "phone"]);
    assert_eq!(after.at("/reporter/erasable"), left, "and it is no longer offered");
}

/// Without the row that remains, an erased photo could prove something again.
async fn what_remains_of_an_erased_photo_is_held(world: World) {
    let town = Town::open(world).await;
    let told = town.report("有图", &[4]).await;
    let case: CaseId = told["case_id"].as_str().unwrap().parse().unwrap();
    erase(&town, &case.to_string(), &["photos"]).await.expect(200);
    assert_eq!(town.verify().await, Vec::<String>::new());
    let of = format!("where city_id = CITY and case_id = {case}");
    for column in
        ["original_sha256 = salt", "salt = original_sha256", "at = at + 1", "file_id = file_id + 1000"]
    {
        run(&town, &format!("create table kept_CITY as select * from cases_erased_photo {of}")).await;
        tamper(&town, &format!("update cases_erased_photo set {column} {of}")).await;
        let found = town.verify().await;
        assert!(found.iter().any(|finding| finding.contains(" CB20260302-0001 ")), "{column}: {found:?}");
        tamper(&town, &format!("delete from cases_erased_photo {of}")).await;
        assert_eq!(town.verify().await.len(), 1, "gone without a word");
        tamper(&town, "insert into cases_erased_photo select * from kept_CITY").await;
        run(&town, "drop table kept_CITY").await;
        assert_eq!(town.verify().await, Vec::<String>::new());
    }
    // An erased text that comes back is said as well.
    erase(&town, &case.to_string(), &["description"]).await.expect(200);
    let back = format!(
        "insert into cases_text (city_id, case_id, version, field, salt, content) select city_id, case_id, 1, \
         'description', salt, salt from cases_text {of} and version = 1 and field = 'address'"
    );
    tamper(&town, &back).await;
    assert_eq!(
        town.verify().await,
        ["RowUnexplained CB20260302-0001 [version 1, description: erased, but still there]"]
    );
}
