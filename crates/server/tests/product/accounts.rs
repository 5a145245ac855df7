//! The printed accounts: each signs in with the printed password and finds work due today. And what sign-in refuses.

use std::collections::BTreeSet;

use kernel::time::{Clock, Date, MINUTE_MS, SystemClock, Time};
use serde_json::{Value, json};

use crate::api::Api;
use crate::town::{story, town};

const NO_TABLES: &[platform::db::migrate::Migrations] = &[];

testkit::stories!(
    NO_TABLES, only sqlite: every_printed_account_signs_in_and_finds_work_due_today, sign_in_refuses_what_it_must,
    the_twenty_first_try_in_a_minute_is_refused, guessing_an_account_is_slowed_and_its_owner_is_not,
    the_auditor_reads_who_was_given_what_and_what_failed
);

/// The steps of the desks, by account.
const DESKS: [(&str, &[&str]); 5] = [
    ("caiji", &["pending_pre_verify"]),
    ("shouli", &["pending_file", "pending_close"]),
    ("paiqian", &["pending_dispatch"]),
    ("huanwei", &["handling"]),
    ("hecha", &["pending_check"]),
];

async fn every_printed_account_signs_in_and_finds_work_due_today(world: testkit::World) {
    let place = town(&world);
    let served = place.serve();
    assert_eq!(demo::PERSONAS.len(), 9);
    for persona in demo::PERSONAS {
        let mut api = Api::nobody(&served.base);
        let (status, me) = api.sign_in(persona.login, demo::PASSWORD).await;
        assert_eq!((status, &me["login"], &me["name"]), (200, &json!(persona.login), &json!(persona.name)));
        assert_eq!(me["grants"][0]["role_name"], persona.role_name);
        assert_eq!(api.get("/api/v1/me").await, me);
    }
    let made = crate::town::marker(&place);
    let end = Time(made["end"].as_i64().expect("the end"));
    for (login, states) in DESKS {
        let mine = Api::of(&served.base, login).await.all("/api/v1/cases?mine=true").await;
        for state in states {
            desk(login, mine.iter().filter(|row| row["state"] == *state).collect(), end);
        }
    }
    let tour = story(&place, "tour");
    let inbox = Api::of(&served.base, "huanwei").await.all("/api/v1/cases?mine=true").await;
    assert!(inbox.iter().any(|row| row["number"] == tour[0].as_str()), "the tour's case is in the inbox");
    let today = SystemClock.now().date();
    first_pages(&served.base, today, &story(&place, "lookup")[0]).await;
}

/// A desk has something overdue, something due on the day of the end, and something that is neither.
fn desk(login: &str, rows: Vec<&Value>, end: Time) {
    let due = |row: &&Value| Time(row["clock"]["due_at"].as_i64().expect("a deadline"));
    let dues: BTreeSet<Time> = rows.iter().map(due).collect();
    assert!(rows.len() >= 3, "{login}: {}", rows.len());
    assert!(dues.iter().any(|due| *due < end), "{login} has something overdue");
    assert!(dues.iter().any(|due| due.date() == end.date()), "{login} has something due on the day");
    assert!(dues.iter().any(|due| *due > end), "{login} has something still to be done in time");
    assert!(
        rows.iter().all(|row| !row["can"].as_array().expect("acts").is_empty()),
        "{login} may do all of it"
    );
}

/// What those find who work on no case: as docs/demo.md says.
async fn first_pages(base: &str, today: Date, looked_up: &str) {
    let leader = Api::of(base, "lingdao").await;
    let board = leader.get("/api/v1/board").await;
    let overdue = leader.all("/api/v1/cases?overdue=true").await;
    assert!(!overdue.is_empty() && board["overdue"] == overdue.len(), "the leader: {}", board["overdue"]);

    let office = Api::of(base, "wenmingban").await;
    assert_eq!(office.all("/api/v1/cases?overdue=true").await.len(), overdue.len());
    let findings = office.get("/api/v1/org/matrix/findings").await;
    assert_eq!(findings["items"].as_array().expect("items").len(), 12);

    let admin = Api::of(base, "guanli").await;
    assert_eq!(
        admin.ask("GET", "/api/v1/cases", None).await.0,
        403,
        "cases are not the administrator's business"
    );
    let imports = admin.get("/api/v1/org/imports").await;
    let waiting: Vec<&Value> = imports["items"]
        .as_array()
        .expect("imports")
        .iter()
        .filter(|row| row["state"] == "preview")
        .collect();
    let [import] = waiting[..] else { panic!("one import waits: {imports}") };
    assert_eq!(
        (&import["kind"], &import["adds"], &import["errors"]),
        (&json!("units"), &json!(2), &json!([]))
    );
    let next = admin.get(&format!("/api/v1/org/calendar?year={}", today.year() + 1)).await;
    let known = kernel::calendar::WorkCalendar::standard().known_years().contains(&(today.year() + 1));
    assert_eq!(next["known"], known, "the page says whether the year ahead has its table");
    // Somebody must be able to do the work, not only to see it.
    let path = format!("/api/v1/org/imports/{}/apply", import["id"].as_str().unwrap());
    let (status, applied) = admin.ask("POST", &path, None).await;
    assert_eq!((status, &applied["state"]), (200, &json!("applied")), "{applied}");

    let auditor = Api::of(base, "shenji").await;
    let case = auditor.case(looked_up).await;
    let looks =
        case["timeline"].as_array().expect("steps").iter().filter(|step| step["kind"] == "reporter_shown");
    assert_eq!(looks.count(), 1);
}

async fn sign_in_refuses_what_it_must(world: testkit::World) {
    let place = town(&world);
    let served = place.serve();
    let mut api = Api::nobody(&served.base);
    let wrong = [
        ("shouli", "yanshi-2025"),
        ("shouli", ""),
        ("SHOU_LI", demo::PASSWORD),
        ("shouli", "YANSHI-2026"),
        ("nobody", demo::PASSWORD),
        ("", ""),
        ("shouli' OR '1'='1", demo::PASSWORD),
    ];
    let mut answers = BTreeSet::new();
    for (login, password) in wrong {
        let (status, mut problem) = api.sign_in(login, password).await;
        assert_eq!(
            (status, &problem["code"]),
            (401, &json!("platform/wrong-password")),
            "{login}: {problem}"
        );
        problem["instance"] = Value::Null;
        answers.insert(problem.to_string());
    }
    assert_eq!(api.ask("GET", "/api/v1/me", None).await.0, 401, "no session came of it");
    let disabled = place.youju(&["user", "disable", "shouli2"]).output().expect("the binary starts");
    assert!(disabled.status.success(), "{}", String::from_utf8_lossy(&disabled.stderr));
    let (status, mut problem) = api.sign_in("shouli2", demo::PASSWORD).await;
    assert_eq!(status, 401);
    problem["instance"] = Value::Null;
    answers.insert(problem.to_string());
    assert_eq!(answers.len(), 1, "unknown, wrong and disabled are told alike: {answers:?}");
    bad_bodies(&api).await;
    leaving(&served.base).await;
}

async fn bad_bodies(api: &Api) {
    let bodies = [
        "",
        "{",
        "[]",
        "null",
        r#"{"login":"shouli"}"#,
        r#"{"login":"shouli","password":7}"#,
        r#"{"login":["shouli"],"password":"yanshi-2026"}"#,
        r#"{"login":"shouli","password":"yanshi-2026","role":"admin"}"#,
    ];
    for body in bodies {
        let (status, problem) = api.raw("/api/v1/session", body).await;
        assert!([400, 422].contains(&status), "{body}: {status}");
        assert!(problem["title"].is_string() && problem["code"].is_string(), "{body}: {problem}");
    }
    let (status, _) = api.raw("/api/v1/session", &format!(r#"{{"login":"{}"}}"#, "x".repeat(600_000))).await;
    assert_eq!(status, 413);
}

/// Signing out ends the session at once, for whoever kept the cookie too; another session of the same person goes on.
async fn leaving(base: &str) {
    let (api, other) = (Api::of(base, "shouli").await, Api::of(base, "shouli").await);
    assert_eq!(api.get("/api/v1/me").await["login"], "shouli");
    assert_eq!(api.ask("DELETE", "/api/v1/session", None).await.0, 204);
    for path in ["/api/v1/me", "/api/v1/cases"] {
        assert_eq!(api.ask("GET", path, None).await.0, 401, "{path}");
    }
    assert_eq!(api.ask("DELETE", "/api/v1/session", None).await.0, 204, "leaving twice is no mistake");
    assert_eq!(other.get("/api/v1/me").await["login"], "shouli");
}

async fn the_twenty_first_try_in_a_minute_is_refused(world: testkit::World) {
    let served = town(&world).serve_with(&[]);
    let mut api = Api::nobody(&served.base);
    let began = SystemClock.now();
    let mut tries = 0;
    let refused = loop {
        // The right password comes too late as well: guessing must not end with a lucky guess.
        let (login, password) = if tries < 20 { ("user", "wrong") } else { ("shouli", demo::PASSWORD) };
        // Each time another account: those are counted one by one as well.
        let login = if tries < 20 { format!("{login}{tries}") } else { login.to_owned() };
        let (status, problem) = api.sign_in(&login, password).await;
        tries += 1;
        match status {
            429 => break problem,
            401 | 200 => assert!(tries <= 22, "{tries} tries went through"),
            other => panic!("{other}: {problem}"),
        }
    };
    // A minute that passes meanwhile gives back a part of what it had.
    let same_minute = began.0 / MINUTE_MS == SystemClock.now().0 / MINUTE_MS;
    assert!(tries == 21 || (!same_minute && tries > 21), "refused at try {tries}");
    assert_eq!(refused["code"], "platform/too-many");
    assert!(refused["params"]["wait_s"].as_i64().is_some_and(|wait| (1..=61).contains(&wait)), "{refused}");
}

/// A sign-in with a device's cookie: the answer, how long to wait, and the cookie that it gives.
async fn from_device(base: &str, login: &str, password: &str, device: &str) -> (u16, Value, String, String) {
    let body = json!({ "login": login, "password": password });
    let request = reqwest::Client::new().post(format!("{base}/api/v1/session")).header("cookie", device);
    let answer = request.json(&body).send().await.expect("an answer");
    let text = |name: &str| {
        let all = answer.headers().get_all(name).iter().filter_map(|value| value.to_str().ok());
        all.map(str::to_owned).collect::<Vec<String>>()
    };
    let wait = text("retry-after").concat();
    let known = text("set-cookie").into_iter().find(|line| line.starts_with("youju_device="));
    let known = known.and_then(|line| line.split(';').next().map(str::to_owned)).unwrap_or_default();
    (answer.status().as_u16(), answer.json().await.unwrap_or_default(), wait, known)
}

/// An account and one that does not exist are slowed alike; the device on which it was opened before is not.
async fn guessing_an_account_is_slowed_and_its_owner_is_not(world: testkit::World) {
    let place = town(&world);
    let served = place.serve_with(&[]);
    let base = served.base.as_str();
    let (status, _, _, device) = from_device(base, "paiqian", demo::PASSWORD, "").await;
    assert_eq!((status, device.is_empty()), (200, false));
    served.stop();
    // The server forgets its counts with its end; the device proves itself.
    let served = place.serve_with(&[]);
    let base = served.base.as_str();
    for login in ["paiqian", "nobody-of-that-name"] {
        for _ in 0..5 {
            let (status, problem, ..) = from_device(base, login, "a wrong password", "").await;
            assert_eq!(status, 401, "{login}: {problem}");
        }
        let (status, problem, wait, _) = from_device(base, login, "a wrong password", "").await;
        assert_eq!((status, &problem["code"]), (429, &json!("platform/sign-in-waits")), "{login}: {problem}");
        assert!(wait.parse::<i64>().is_ok_and(|wait| wait <= 2), "{login}: {wait}");
    }
    let (status, _, _, again) = from_device(base, "paiqian", demo::PASSWORD, &device).await;
    assert_eq!((status, again.as_str()), (200, ""), "in at once, and known already");
    served.stop();
}

async fn the_auditor_reads_who_was_given_what_and_what_failed(world: testkit::World) {
    let place = town(&world);
    let served = place.serve();
    let auditor = Api::of(&served.base, "shenji").await;
    for login in ["shouli", "caiji", "guanli", "wenmingban"] {
        let other = Api::of(&served.base, login).await;
        for path in ["/api/v1/audit/acts", "/api/v1/audit/sign-ins"] {
            assert_eq!(other.ask("GET", path, None).await.0, 403, "{login} {path}");
        }
    }
    let acts = auditor.all("/api/v1/audit/acts").await;
    assert!(acts.len() > 50, "all keys that were handed out: {}", acts.len());
    let ids: Vec<i64> = acts.iter().map(|act| act["id"].as_str().unwrap().parse().unwrap()).collect();
    assert!(ids.is_sorted_by(|one, next| one > next), "newest first, each once");
    let unmasking = acts.iter().filter(|act| act["what"] == "user.grants_set" && act["unmasks"] == true);
    let acceptors: BTreeSet<&str> = unmasking.map(|act| act["user_name"].as_str().unwrap()).collect();
    assert!(acceptors.contains("陆晓岚") && acceptors.len() == 3, "{acceptors:?}");
    // A look at a reporter is the newest line at once.
    let acceptor = Api::of(&served.base, "shouli").await;
    let cases = acceptor.all("/api/v1/cases").await;
    let mut shown = None;
    for case in cases {
        let id = case["id"].as_str().unwrap().to_owned();
        if acceptor.ask("POST", &format!("/api/v1/cases/{id}/reporter"), None).await.0 == 200 {
            shown = Some(id);
            break;
        }
    }
    let newest = &auditor.get("/api/v1/audit/acts?size=1").await["items"][0];
    assert_eq!(newest["what"], "case.reporter_shown");
    assert_eq!((newest["by_name"].as_str(), newest["case_id"].as_str()), (Some("陆晓岚"), shown.as_deref()));
    assert_eq!(auditor.ask("GET", "/api/v1/audit/acts?after=x", None).await.0, 400);
    let failed = auditor.get("/api/v1/audit/sign-ins").await;
    assert!(failed["items"].is_array(), "{failed}");
}
