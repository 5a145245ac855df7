//! A served city from outside: its health, its listeners, its lock.

use sea_orm::ConnectionTrait;
use testkit::World;

use crate::binary::place;
use crate::commands::refused;

const NO_TABLES: &[platform::db::migrate::Migrations] = &[];

testkit::stories!(NO_TABLES:
    a_served_city_says_how_it_is,
    parked_reactions_are_told,
    a_folder_is_served_once,
    staff_routes_do_not_exist_for_residents,
    sign_ins_are_counted_for_the_caller_whom_a_trusted_proxy_names,
);

async fn status(base: &str, path: &str) -> u16 {
    let client =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    client.get(format!("{base}{path}")).send().await.expect("the server answers").status().as_u16()
}

async fn a_served_city_says_how_it_is(world: World) {
    let served = place(&world).begin();
    assert_eq!(status(&served.base, "/healthz").await, 200);
    assert_eq!(status(&served.base, "/readyz").await, 200);
    assert_eq!(status(&served.base, "/api/v1/openapi.json").await, 200);
    assert_eq!(status(&served.base, "/api/v1/nothing").await, 404);
    served.stop();
}

/// What was set aside stops nobody, but whoever looks at the health of a city hears of it.
async fn parked_reactions_are_told(world: World) {
    let place = place(&world);
    let served = place.begin();
    let ready = async || {
        let answer = reqwest::get(format!("{}/readyz", served.base)).await.expect("the server answers");
        (answer.status().as_u16(), answer.text().await.expect("a text"))
    };
    assert_eq!(ready().await, (200, "ready".to_owned()));
    let conn = place.connect().await;
    for seq in [7, 9] {
        // A reaction that this release does not know stays for the operator.
        let sql = format!(
            "INSERT INTO platform_parked (city_id, consumer, seq, tries, error, at) \
             VALUES (320281, 'gone', {seq}, 3, 'on purpose', 0)"
        );
        conn.execute_unprepared(&sql).await.expect("a row");
    }
    assert_eq!(ready().await, (200, "ready; parked reactions: 2".to_owned()));
    conn.close().await.expect("the connection closes");
    served.stop();
}

async fn a_folder_is_served_once(world: World) {
    let place = place(&world);
    let served = place.begin();
    let second = place.youju(&["serve", "--listen", "127.0.0.1:0"]).output().expect("the binary starts");
    refused(&second, "另一个 youju 进程", "another youju process");
    assert_eq!(status(&served.base, "/healthz").await, 200, "the first goes on");
    served.stop();
    place.begin().stop();
}

/// One guesser behind the proxy does not lock out everybody else behind it; without the option nobody is believed.
async fn sign_ins_are_counted_for_the_caller_whom_a_trusted_proxy_names(world: World) {
    let place = place(&world);
    let plain = ["serve", "--listen", "127.0.0.1:0"];
    let trusting = [&plain[..], &["--trust-forwarded-for", "10.0.0.8,127.0.0.1"]].concat();
    for (args, another) in [(&trusting[..], 401), (&plain[..], 429)] {
        let served = place.start(args, 1);
        let mut guesses = 0;
        while guess(&served.base, "203.0.113.9").await == 401 {
            guesses += 1;
            assert!(guesses < 100, "guessing is never stopped");
        }
        assert_eq!(guess(&served.base, "203.0.113.9").await, 429);
        assert_eq!(guess(&served.base, "203.0.113.10").await, another, "{args:?}");
        served.stop();
    }
}

/// Tries a password, as a proxy passes it on for somebody; each time that of another account, which are counted too.
async fn guess(base: &str, from: &str) -> u16 {
    static TRIED: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let login = format!("zhangsan{}", TRIED.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
    let guess = serde_json::json!({ "login": login, "password": "a wrong password" });
    let ask = reqwest::Client::new().post(format!("{base}/api/v1/session")).header("x-forwarded-for", from);
    ask.json(&guess).send().await.expect("an answer").status().as_u16()
}

/// On the residents' address there is nothing to sign in to, not even a refusal.
async fn staff_routes_do_not_exist_for_residents(world: World) {
    let place = place(&world);
    let args = ["serve", "--listen-public", "127.0.0.1:0", "--listen-staff", "127.0.0.1:0"];
    let served = place.start(&args, 2);
    let [public, staff] = [&served.bases[0], &served.bases[1]];
    for path in ["/api/v1/cases", "/api/v1/me", "/api/v1/org/units", "/api/v1/live", "/api/v1/board"] {
        assert_eq!(status(public, path).await, 404, "{path}");
        assert_eq!(status(staff, path).await, 401, "{path}");
    }
    let sign_in =
        reqwest::Client::new().post(format!("{public}/api/v1/session")).json(&serde_json::json!({}));
    assert_eq!(sign_in.send().await.expect("an answer").status(), 404);
    for path in ["/desk/", "/desk", "/wall", "/tour/"] {
        assert_eq!(status(public, path).await, 404, "{path}");
    }
    assert_ne!(status(staff, "/desk/").await, 404);
    assert_eq!(status(public, "/").await, 307, "home is the residents' page");
    for path in ["/m/", "/healthz", "/api/v1/geo/cells"] {
        assert_ne!(status(public, path).await, 404, "{path}");
    }
    served.stop();
}
