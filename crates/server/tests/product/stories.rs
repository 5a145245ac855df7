//! The planted stories, opened by the persons that docs/demo.md names, say what the document says.

use kernel::time::{Clock, DAY_MS, HOUR_MS, MINUTE_MS, SystemClock, Time};
use serde_json::{Value, json};

use crate::api::Api;
use crate::binary::Place;
use crate::town::{marker, story, town};

const NO_TABLES: &[platform::db::migrate::Migrations] = &[];

testkit::stories!(NO_TABLES, only sqlite: the_planted_stories_are_as_the_document_tells_them);

async fn the_planted_stories_are_as_the_document_tells_them(world: testkit::World) {
    let place = town(&world);
    let served = place.serve();
    let end = Time(marker(&place)["end"].as_i64().expect("the end"));
    let (acceptor, handler) = (Api::of(&served.base, "shouli").await, Api::of(&served.base, "huanwei").await);
    let one = |key: &str| story(&place, key).first().expect("a case").clone();
    fake(&acceptor.case(&one("fake")).await, &acceptor, end).await;
    offered_twice(&place, &one("fake")).await;
    calls(&place).await;
    tour(&one("tour"), &handler, &served.base, end).await;
    overdue(&handler.case(&one("overdue")).await, end);
    today(&handler.case(&one("today")).await, end);
    relapse(&story(&place, "relapse"), &acceptor, end).await;
    rain(&acceptor, end).await;
    lookup(&one("lookup"), &Api::of(&served.base, "shenji").await, end).await;
    desks(&story(&place, "desks"), &acceptor, end).await;
    board(&Api::of(&served.base, "lingdao").await, &acceptor).await;
    let made = marker(&place);
    assert!(made["pictures"].as_u64().is_some_and(|pictures| (100..=1_500).contains(&pictures)), "{made}");
}

fn kinds(case: &Value) -> Vec<&str> {
    let steps = case["timeline"].as_array().expect("a timeline").iter();
    steps.map(|step| step["kind"].as_str().unwrap()).filter(|kind| *kind != "overran").collect()
}

fn at(value: &Value) -> Time {
    Time(value.as_i64().unwrap_or_else(|| panic!("a moment: {value}")))
}

const WHOLE: [&str; 7] = ["reported", "pre_verified", "filed", "dispatched", "handled", "checked", "closed"];

/// Three days ago, done with another photo than the one that was refused; the refusal left no event, only its upload.
async fn fake(case: &Value, acceptor: &Api, end: Time) {
    assert_eq!((&case["class_name"], &case["town_name"]), (&json!("暴露生活垃圾"), &json!("周庄镇")));
    assert_eq!((end.0 - at(&case["reported_at"]).0) / DAY_MS, 3);
    assert_eq!(kinds(case), WHOLE);
    assert_eq!(case["unit"]["name"], "周庄环卫所");
    let (before, after) = (&case["before"][0], &case["after"][0]);
    assert!(before["id"].is_string() && after["id"].is_string(), "{case}");
    let picture = async |photo: &Value| acceptor.bytes(photo["view_url"].as_str().unwrap()).await;
    assert_ne!(picture(before).await, picture(after).await);
}

/// The refused offer left its upload: the very file of the report, attached to nothing.
async fn offered_twice(place: &Place, number: &str) {
    let sql = format!(
        "SELECT (SELECT count(*) FROM platform_file f \
           WHERE f.city_id = p.city_id AND f.original_sha256 = p.original_sha256) AS uploads, \
         (SELECT count(*) FROM cases_photo q \
           WHERE q.city_id = p.city_id AND q.original_sha256 = p.original_sha256) AS uses \
         FROM cases_photo p JOIN cases_case c ON c.city_id = p.city_id AND c.id = p.case_id \
         WHERE c.city_id = 320281 AND c.number = '{number}' AND p.role = 'reported'"
    );
    assert_eq!(counts(place, &sql, ["uploads", "uses"]).await, [2, 1]);
}

/// Who calls sends no photo: the first one is of the inspector who went there, and what waits at a desk has it.
async fn calls(place: &Place) {
    let sql = "SELECT sum(reported) AS reported, sum(seen > 0) AS seen, sum(waits AND seen = 0) AS bare FROM (SELECT \
         (SELECT count(*) FROM cases_photo p WHERE p.city_id = c.city_id AND p.case_id = c.id \
           AND p.role = 'reported') AS reported, \
         (SELECT count(*) FROM cases_photo p WHERE p.city_id = c.city_id AND p.case_id = c.id \
           AND p.role = 'pre_verified') AS seen, \
         c.state IN ('pending_file', 'pending_dispatch', 'handling', 'pending_check', 'pending_close') AS waits \
         FROM cases_case c WHERE c.city_id = 320281 AND c.source = 'hotline')";
    let [reported, seen, bare] = counts(place, sql, ["reported", "seen", "bare"]).await;
    assert_eq!((reported, bare), (0, 0));
    assert!(seen > 10, "{seen} calls were looked at");
}

/// Numbers that no page shows.
async fn counts<const N: usize>(place: &Place, sql: &str, names: [&str; N]) -> [i64; N] {
    use sea_orm::{ConnectionTrait, Statement};
    let conn =
        sea_orm::Database::connect(format!("sqlite://{}", place.data.join("youju.db").display())).await;
    let conn = conn.expect("the database opens");
    let statement = Statement::from_string(conn.get_database_backend(), sql);
    let row = conn.query_one_raw(statement).await.expect("an answer").expect("a row");
    names.map(|name| row.try_get::<i64>("", name).expect("a count"))
}

/// Reported 70 minutes before the end, waits at 周庄环卫所. Offering a photo there that was used before is refused,
/// and the refusal names the case and leaves everything as it was.
async fn tour(number: &str, handler: &Api, base: &str, end: Time) {
    let case = handler.case(number).await;
    assert_eq!((&case["class_name"], &case["state"]), (&json!("暴露生活垃圾"), &json!("handling")));
    assert_eq!(case["unit"]["name"], "周庄环卫所");
    assert_eq!((end.0 - at(&case["reported_at"]).0) / MINUTE_MS, 70);
    assert_eq!(case["can"], json!(["handle"]), "it is his to do");
    let nobody = Api::nobody(base);
    let photo = jpeg(1);
    let report = json!({
        "class_code": "E0110",
        "place": { "area_code": "320281108" },
        "address": "周庄菜场北门对面",
        "photos": [nobody.upload(photo.clone()).await],
    });
    let (status, used) = nobody.ask("POST", "/api/v1/public/reports", Some(report)).await;
    assert_eq!(status, 201, "{used}");
    let path = format!("/api/v1/cases/{}/handle", case["id"].as_str().unwrap());
    let act = json!({ "note": "已清理", "photos": [handler.upload(photo).await] });
    let (status, problem) = handler.act(&path, &case["version"], act).await;
    assert_eq!((status, &problem["code"]), (422, &json!("cases/photo-reused")), "{problem}");
    assert!(problem.to_string().contains(used["number"].as_str().unwrap()), "it names the case: {problem}");
    assert_eq!(handler.case(number).await["version"], case["version"], "nothing was written");
}

fn overdue(case: &Value, end: Time) {
    assert_eq!((&case["class_name"], &case["state"]), (&json!("废弃家具"), &json!("handling")));
    assert_eq!(case["standard"]["limit_text"], "1工作日");
    let days = (end.0 - at(&case["reported_at"]).0) / DAY_MS;
    assert!((6..=15).contains(&days), "{days}");
    assert_eq!((&case["clock"]["kind"], &case["clock"]["overdue"]), (&json!("unit"), &json!(true)));
    assert!(case["timeline"].to_string().contains("\"overran\""), "the overrun is on record");
}

fn today(case: &Value, end: Time) {
    assert_eq!((&case["class_name"], &case["state"]), (&json!("焚烧垃圾"), &json!("handling")));
    assert_eq!(case["standard"]["limit_text"], "2紧急工作时");
    let left = (at(&case["clock"]["due_at"]).0 - end.0) / MINUTE_MS;
    assert!((50..=70).contains(&left), "{left} minutes after the end");
}

/// Three Saturdays, one market, put right each time.
async fn relapse(numbers: &[String], acceptor: &Api, end: Time) {
    assert_eq!(numbers.len(), 3);
    let (mut places, mut days) = (Vec::new(), Vec::new());
    for number in numbers {
        let case = acceptor.case(number).await;
        assert_eq!(case["class_name"], "农贸市场管理");
        assert_eq!(kinds(&case)[..WHOLE.len()], WHOLE, "{number}");
        places.push((case["address"].clone(), case["cell"]["id"].clone()));
        days.push(at(&case["reported_at"]).date());
    }
    assert!(places.iter().all(|place| *place == places[0]), "{places:?}");
    assert!(days.iter().all(|day| day.weekday().to_monday_zero_offset() == 5), "Saturdays: {days:?}");
    let last = end.date();
    assert!(days.windows(2).all(|pair| Time::start_of(pair[1]).0 - Time::start_of(pair[0]).0 == 7 * DAY_MS));
    assert!(Time::start_of(last).0 - Time::start_of(days[2]).0 <= 7 * DAY_MS, "{days:?} before {last}");
}

/// Roads under water, nine days before the end, for one unit; the query of the document opens them.
async fn rain(acceptor: &Api, end: Time) {
    let day = end.plus_ms(-9 * DAY_MS).date();
    let rows = acceptor.all(&format!("/api/v1/cases?class=E0506&reported_on={day}")).await;
    let poured = rows.iter().filter(|row| (6..11).contains(&(at(&row["reported_at"]).ms_of_day() / HOUR_MS)));
    assert!(poured.clone().count() >= 8, "{}", rows.len());
    let units = poured.filter_map(|row| row["unit"]["name"].as_str());
    assert!(units.clone().count() >= 2 && units.clone().all(|unit| unit == "水务集团"));
}

/// The auditor sees who looked up the reporter, and the case verifies.
async fn lookup(number: &str, auditor: &Api, end: Time) {
    let case = auditor.case(number).await;
    assert_eq!(case["class_name"], "商业噪音");
    let steps = case["timeline"].as_array().expect("a timeline");
    let look = steps.iter().find(|step| step["kind"] == "reporter_shown").expect("the look is on record");
    assert!(
        end.0 - at(&look["at"]).0 < 4 * HOUR_MS && !look["actor"].as_str().unwrap_or_default().is_empty()
    );
    let found = auditor.get(&format!("/api/v1/cases/{}/verify", case["id"].as_str().unwrap())).await;
    assert_eq!(found["ok"], true, "{found}");
    assert!(case["reporter"]["phone_masked"].as_str().is_some_and(|phone| phone.contains('*')), "{case}");
}

/// At every step something new, due soon, just late and long late, as the end saw it.
async fn desks(numbers: &[String], acceptor: &Api, end: Time) {
    let mut cases = Vec::new();
    for number in numbers {
        cases.push(acceptor.case(number).await);
    }
    for state in ["pending_pre_verify", "pending_file", "pending_dispatch", "pending_check", "pending_close"]
    {
        let at_desk = cases.iter().filter(|case| case["state"] == state);
        let mut left: Vec<i64> =
            at_desk.map(|case| (at(&case["clock"]["due_at"]).0 - end.0).div_euclid(MINUTE_MS)).collect();
        left.sort_unstable();
        let [old, late, soon, new] = left[..] else { panic!("{state}: {left:?}") };
        assert!(old < -DAY_MS / MINUTE_MS && (-30..0).contains(&late), "{state}: {left:?}");
        assert!((0..=30).contains(&soon) && new > soon, "{state}: {left:?}");
    }
    assert_eq!(cases.iter().filter(|case| case["state"] == "closed").count(), 7);
}

/// The wall agrees with its lists, and shows no share of a hundred per cent: something is open that is not overdue, and
/// something is overdue.
async fn board(leader: &Api, acceptor: &Api) {
    let board = leader.get("/api/v1/board").await;
    let number = |value: &Value| value.as_i64().unwrap_or_else(|| panic!("{value}"));
    let (open, overdue) = (number(&board["open"]), number(&board["overdue"]));
    assert!(0 < overdue && overdue < open, "{overdue} of {open}");
    let sum = |list: &str, of: &str| {
        board[list].as_array().unwrap().iter().map(|row| number(&row[of])).sum::<i64>()
    };
    assert_eq!((sum("towns", "open"), sum("towns", "overdue")), (open, overdue));
    let by_state = board["by_state"].as_object().unwrap().values().map(number).sum::<i64>();
    assert_eq!(by_state, open);
    let today = SystemClock.now().date();
    let (reported, closed) = (number(&board["today"]["reported"]), number(&board["today"]["closed"]));
    let list = async |filter: String| acceptor.all(&format!("/api/v1/cases?{filter}")).await.len() as i64;
    assert_eq!(list(format!("reported_on={today}")).await, reported);
    assert_eq!(list(format!("closed_on={today}")).await, closed);
    assert_eq!(list("open=true".to_owned()).await, open);
    assert!(!board.to_string().contains('%'), "the wall counts, it rates nothing yet");
}

/// A photo that nobody took before.
pub fn jpeg(shade: u8) -> Vec<u8> {
    let image = image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([shade, (x * 4) as u8, (y * 5) as u8]));
    let mut jpeg = std::io::Cursor::new(Vec::new());
    image.write_to(&mut jpeg, image::ImageFormat::Jpeg).expect("a JPEG");
    jpeg.into_inner()
}
