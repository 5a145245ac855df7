//! Several servers on one database and one photo store: nothing acknowledged is lost and nothing is done twice, whichever is
//! asked and whichever is killed. A server with another store is refused before it can harm anything.
//!
//! Three kills here; `cargo xtask torture servers` sets YOUJU_SERVER_KILLS for the long run.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kernel::chance::{Chance, SeededChance};
use serde_json::json;
use tokio::sync::watch;

use crate::binary::{Place, Served, place};
use crate::clients::{Acknowledged, Client};
use crate::kill::{made_by_clients, work};

const NO_TABLES: &[platform::db::migrate::Migrations] = &[];

/// A kill comes after three seconds at most; making the town, starting and looking take the rest.
const LIMIT: Duration = Duration::from_secs(3_600);

/// Clients of each server.
const CLIENTS: usize = 6;

testkit::stories!(NO_TABLES, within LIMIT;
    two_servers_on_one_store_lose_nothing,
    another_photo_store_is_refused,
);

/// Another data folder for a server of the same city: its lock and its marker are its own, database, key and photos are not.
fn beside(first: &Place, name: &str) -> Place {
    let data = first.data.with_file_name(name);
    std::fs::create_dir_all(&data).expect("the test folder can be written");
    let marker = "demo.json";
    std::fs::copy(first.data.join(marker), data.join(marker)).expect("a demo folder");
    Place { data, database: Some(first.url()) }
}

fn serve(place: &Place, files: &std::path::Path) -> Served {
    let files = files.display().to_string();
    place.start(&["serve", "--listen", "127.0.0.1:0", "--no-rate-limits", "--files", &files], 1)
}

async fn two_servers_on_one_store_lose_nothing(world: testkit::World) {
    let first = place(&world);
    first.make_town();
    let files = first.data.join("files");
    let places = [first.clone(), beside(&first, "second")];
    let client = Client::new(json!({ "area_code": "320281108" }));
    let ledger: Arc<Mutex<Vec<Acknowledged>>> = Arc::default();
    let chance = SeededChance::new(11);
    let (stop, stopped) = watch::channel(false);
    let mut addresses = Vec::new();
    let mut workers = Vec::new();
    let mut served: Vec<Option<Served>> = Vec::new();
    for place in &places {
        let server = serve(place, &files);
        let (address, at) = watch::channel(Some(server.base.clone()));
        for _ in 0..CLIENTS {
            workers.push(tokio::spawn(work(client.clone(), at.clone(), stopped.clone(), ledger.clone())));
        }
        addresses.push(address);
        served.push(Some(server));
    }
    for _ in 0..kills() {
        tokio::time::sleep(Duration::from_millis(200 + chance.below(2_800))).await;
        let which = usize::try_from(chance.below(2)).unwrap_or_default();
        addresses[which].send_replace(None);
        if let Some(server) = served[which].take() {
            server.kill();
        }
        let again = serve(&places[which], &files);
        addresses[which].send_replace(Some(again.base.clone()));
        served[which] = Some(again);
    }
    stop.send_replace(true);
    for worker in workers {
        worker.await.expect("no client met a surprise");
    }
    let ledger = ledger.lock().expect("the ledger").clone();
    assert!(ledger.len() >= CLIENTS, "the load was real: {}", ledger.len());
    let numbers: HashSet<&str> = ledger.iter().map(|entry| entry.number.as_str()).collect();
    assert_eq!(numbers.len(), ledger.len(), "no two reports share a case");
    // Whoever took it, each server shows it.
    for server in served.iter().flatten() {
        for entry in &ledger {
            let receipt = client.receipt(&server.base, &entry.receipt).await;
            assert_eq!(receipt["number"], entry.number.as_str());
            assert_eq!(receipt["chain"]["ok"], true);
        }
    }
    drop(served);
    let verified = first.verify();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    assert_eq!(made_by_clients(&first).await, ledger.len(), "every acknowledged report once, and no other");
    println!(
        "{:?}: two servers, {} kills, {} reports acknowledged, none lost, none twice",
        world.engine,
        kills(),
        ledger.len()
    );
}

/// The second server with a folder of its own noted the first one's uploads as lost for good.
async fn another_photo_store_is_refused(world: testkit::World) {
    let first = place(&world);
    first.make_town();
    let second = beside(&first, "second");
    let refused = |place: &Place, files: &str, word: &str| {
        let args = ["serve", "--listen", "127.0.0.1:0", "--files", files];
        let output = place.youju(&args).output().expect("the binary starts");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        for told in [files, word, "--files"] {
            assert!(said.contains(told), "{told}: {said}");
        }
    };
    let empty = world.folder("empty").display().to_string();
    refused(&second, &empty, "no mark");
    let served = first.serve();
    refused(&second, &empty, "no mark");
    let strange = world.folder("strange");
    std::fs::create_dir_all(strange.join("mark")).expect("a folder");
    std::fs::write(strange.join("mark/320281"), "of another city").expect("a file");
    refused(&second, &strange.display().to_string(), "another database");
    drop(served);
    assert!(first.verify().status.success(), "nothing was harmed");
    let both = (first.serve(), serve(&second, &first.data.join("files")));
    drop(both);
}

#[expect(clippy::disallowed_methods, reason = "the long run sets how often to kill")]
fn kills() -> u32 {
    std::env::var("YOUJU_SERVER_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(3)
}
