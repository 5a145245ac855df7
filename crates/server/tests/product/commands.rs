//! The command line as an operator meets it: what each command makes, what it only finds, and how it says no.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use testkit::{Engine, World};

use crate::binary::{Place, place};

const NO_TABLES: &[platform::db::migrate::Migrations] = &[];

testkit::stories!(NO_TABLES:
    nothing_is_made_where_no_city_is,
    verification_writes_nothing,
    a_key_is_made_once_and_never_again,
    the_demo_folder_is_known_by_every_command,
    commands_give_their_server_number_back,
);

/// The command was refused as one that cannot be carried out, with these words in both languages.
#[track_caller]
fn refused(output: &Output, zh: &str, en: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(zh) && said.contains(en), "wanted {zh:?} and {en:?} in {said:?}");
}

#[track_caller]
fn worked(output: &Output) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stdout));
}

/// Runs a command with a password on its standard input.
fn with_password(mut command: Command, password: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    // Whoever is refused before he is asked has closed the pipe.
    drop(writeln!(child.stdin.take().expect("a pipe"), "{password}"));
    child.wait_with_output().expect("the binary ends")
}

/// `youju user add LOGIN`, with words after it.
fn add_user(place: &Place, login: &str, more: &[&str]) -> Output {
    let mut args = vec!["user", "add", login, "--name", "张三", "--role", "office"];
    args.extend(more);
    with_password(place.youju(&args), "a long password")
}

/// Every file below a folder with its bytes; the shared memory of SQLite apart, which readers lock.
fn bytes_of(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path())
        {
            if entry.is_dir() {
                files.insert(entry.display().to_string(), Vec::new());
                folders.push(entry);
            } else if !entry.to_string_lossy().ends_with("-shm") {
                files.insert(entry.display().to_string(), std::fs::read(&entry).expect("a file"));
            }
        }
    }
    files
}

async fn number(conn: &DatabaseConnection, sql: &str) -> i64 {
    let row = conn.query_one_raw(Statement::from_string(conn.get_database_backend(), sql)).await.unwrap();
    row.unwrap().try_get_by_index(0).unwrap()
}

/// A mistyped folder, a database that is gone, a city that is not there: said, and nothing is made.
async fn nothing_is_made_where_no_city_is(world: World) {
    let none = Place { data: world.dir.join("mistyped"), ..place(&world) };
    refused(&none.verify(), "数据目录", "no data folder");
    refused(&add_user(&none, "zhangsan", &[]), "数据目录", "no data folder");
    assert!(!none.data.exists(), "a mistyped folder is not made");

    let empty = place(&world);
    let (zh, en) = match world.engine {
        Engine::Sqlite => ("数据库文件", "no database file"),
        Engine::Postgres => ("数据表", "no tables"),
    };
    refused(&empty.verify(), zh, en);
    refused(&add_user(&empty, "zhangsan", &[]), zh, en);
    assert_eq!(bytes_of(&empty.data), BTreeMap::new(), "nothing is made in an empty folder");
    if world.engine == Engine::Postgres {
        let tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'";
        assert_eq!(number(&empty.connect().await, tables).await, 0);
    }

    let begun = place(&world);
    begun.begin().stop();
    let (before, rows) = (bytes_of(&begun.data), begun.rows().await);
    let city = ["--city", "320282"];
    refused(&begun.youju(&[&["verify"], &city[..]].concat()).output().unwrap(), "320282", "no city 320282");
    refused(&add_user(&begun, "zhangsan", &city), "320281", "no city 320282");
    assert_eq!(begun.rows().await, rows);
    assert_eq!(bytes_of(&begun.data).keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());

    let conn = begun.connect().await;
    conn.execute_unprepared("DELETE FROM platform_migration WHERE name LIKE '%_cases'").await.unwrap();
    refused(&begun.verify(), "待升级", "not yet of this release");
    refused(&add_user(&begun, "zhangsan", &[]), "待升级", "not yet of this release");
}

/// A city at rest is the same to the byte after it was verified, and no server number was taken.
async fn verification_writes_nothing(world: World) {
    let place = place(&world);
    place.begin().stop();
    worked(&add_user(&place, "zhangsan", &[]));
    let (before, rows) = (bytes_of(&place.data), place.rows().await);
    worked(&place.verify());
    assert_eq!(place.rows().await, rows);
    assert!(bytes_of(&place.data) == before, "a byte changed");
    // The same beside a served city.
    let served = place.begin();
    let rows = place.rows().await;
    worked(&place.verify());
    assert_eq!(place.rows().await, rows);
    served.stop();
}

/// `serve` makes the key of a city that begins; a key that is lost later is never replaced by another.
async fn a_key_is_made_once_and_never_again(world: World) {
    let place = place(&world);
    let key = place.data.join("key");
    place.begin().stop();
    let first = std::fs::read(&key).unwrap();
    worked(&add_user(&place, "zhangsan", &[]));
    std::fs::rename(&key, place.data.join("elsewhere")).unwrap();
    refused(&place.youju(&["serve", "--listen", "127.0.0.1:0"]).output().unwrap(), "密钥", "key");
    refused(&place.verify(), "密钥", "no key");
    refused(&add_user(&place, "lisi", &[]), "密钥", "no key");
    assert!(!key.exists(), "no command made another key");
    std::fs::write(&key, first).unwrap();
    place.begin().stop();
    worked(&place.verify());

    // A database alone does not say where the key is: the default folder has none.
    let elsewhere = world.folder("elsewhere");
    let url = place.url();
    let mut alone = Command::new(env!("CARGO_BIN_EXE_youju"));
    alone.args(["verify", "--database", &url]).current_dir(&elsewhere);
    refused(&alone.output().unwrap(), "--data", "--data");
    assert_eq!(bytes_of(&elsewhere), BTreeMap::new());
}

/// The key of a demo city is public and the same in every command.
async fn the_demo_folder_is_known_by_every_command(world: World) {
    let place = place(&world);
    place.make_town();
    worked(&add_user(&place, "zhangsan", &[]));
    assert!(!place.data.join("key").exists(), "a demo folder needs no key of its own");
    worked(&place.verify());
    let served = place.begin();
    let client = reqwest::Client::new();
    let sign_in = serde_json::json!({ "login": "zhangsan", "password": "a long password" });
    let url = format!("{}/api/v1/session", served.base);
    let me = client.post(url).json(&sign_in).send().await.unwrap();
    assert_eq!(me.status(), 200);
    let me: serde_json::Value = me.json().await.unwrap();
    assert_eq!((&me["name"], &me["city"]["demo"]), (&"张三".into(), &true.into()));
    served.stop();
    worked(&place.verify());
}

/// There are 1,024 server numbers, and a command is over in a moment.
async fn commands_give_their_server_number_back(world: World) {
    let place = place(&world);
    let served = place.begin();
    worked(&add_user(&place, "zhangsan", &[]));
    worked(&with_password(place.youju(&["user", "passwd", "zhangsan"]), "another password"));
    worked(&place.youju(&["user", "disable", "zhangsan"]).output().unwrap());
    let conn = place.connect().await;
    // tidy: all cities — server numbers belong to no city
    let held = "SELECT count(*) FROM platform_server WHERE until_at > (SELECT max(until_at) - 60000 FROM platform_server)";
    assert_eq!(number(&conn, held).await, 1, "the server's own");
    let given_back = "SELECT count(*) FROM platform_server WHERE number > 0";
    assert!(number(&conn, given_back).await >= 1, "the commands had numbers of their own");
    served.stop();
}
