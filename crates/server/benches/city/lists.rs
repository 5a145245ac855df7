//! Pages of 50 with three filters, as staff ask for them, over everything that [`crate::fill`] made.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::load::{self, Client, get, load, post};
use crate::place::Place;
use crate::say;

const TIME: Duration = Duration::from_secs(5);

/// Who asks, and for what. `{town}`, `{unit}` are those of the tour.
const LISTS: [(&str, &str, &str); 6] = [
    ("acceptor", "待受理 of one group and channel", "state=pending_file&class=E01&source=inspector"),
    ("office", "closed, of one class in one town", "state=closed&class=E0110&area=320281108"),
    (
        "office",
        "everything of two groups by one channel in one town",
        "class=E01,E04&source=inspector&area=320281104",
    ),
    ("office", "overdue of one group in one town", "overdue=true&class=E01&area=320281108"),
    ("handler", "own, open, of one class", "mine=true&open=true&class=E0110"),
    (
        "leader",
        "refused, of one class by one channel (none)",
        "state=not_accepted&class=E0498&source=inspector",
    ),
];

pub(crate) async fn measure(place: &Place) {
    let served = place.serve();
    served.rest().await;
    for (persona, what, query) in LISTS {
        let cookie = sign_in(&served.address, persona).await;
        let path = format!("/api/v1/cases?size=50&{query}");
        let answer = Client::connect(&served.address).await.ask(&get(&path, &cookie)).await;
        let page: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        let rows = page["items"].as_array().map_or(0, Vec::len);
        for clients in [1, 8] {
            let (path, cookie) = (path.clone(), cookie.clone());
            let make: load::Make = Arc::new(move |_| get(&path, &cookie));
            let begun = Instant::now();
            let mut waits = load(&served.address, clients, TIME, 200, make).await;
            let what = format!("{:?}: list, {what} ({rows} rows)", place.engine);
            say(&what, clients, begun.elapsed().as_secs_f64(), &mut waits);
        }
    }
    for (what, path) in [("board", "/api/v1/board"), ("counts", "/api/v1/cases/counts?open=true")] {
        let cookie = sign_in(&served.address, "leader").await;
        let make: load::Make = Arc::new(move |_| get(path, &cookie));
        let begun = Instant::now();
        let mut waits = load(&served.address, 1, TIME, 200, make).await;
        say(&format!("{:?}: {what}", place.engine), 1, begun.elapsed().as_secs_f64(), &mut waits);
    }
    println!("{:?}: memory after the lists {:.0} MB", place.engine, served.memory_mb());
}

/// The session cookie of a demo person.
async fn sign_in(address: &str, persona: &str) -> String {
    let body = format!(r#"{{"persona":"{persona}"}}"#);
    let answer = Client::connect(address).await.ask(&post("/api/v1/demo/session", "", &body)).await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let cookie = answer.head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    cookie.split(';').next().unwrap().to_owned()
}
