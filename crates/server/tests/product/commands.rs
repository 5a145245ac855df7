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
    the_key_of_another_city_is_refused,
    a_mistyped_city_is_not_begun,
    the_demo_folder_is_known_by_every_command,
    commands_give_their_server_number_back,
    users_are_added_equipped_and_disabled,
    bad_users_are_refused,
    duties_are_joined_by_somebody_who_is_named,
    verification_tells_by_its_exit_code,
);

/// The command was refused as one that cannot be carried out, with these words in both languages.
#[track_caller]
pub fn refused(output: &Output, zh: &str, en: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(zh) && said.contains(en), "wanted {zh:?} and {en:?} in {said:?}");
}

#[track_caller]
pub fn worked(output: &Output) {
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

/// The status of a sign-in, and the answer.
async fn sign_in(base: &str, login: &str, password: &str) -> (u16, serde_json::Value) {
    let body = serde_json::json!({ "login": login, "password": password });
    let request = reqwest::Client::new().post(format!("{base}/api/v1/session")).json(&body);
    let answer = request.send().await.expect("the server answers");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
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
    conn.execute_unprepared(
        "UPDATE platform_migration SET checksum = 'another' WHERE name LIKE '%_platform'",
    )
    .await
    .unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    refused(&begun.youju(&serve).output().unwrap(), "另一个开发版", "another development version");
    refused(&begun.verify(), "另一个开发版", "another development version");
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

/// With the wrong key file nothing is served, verified or sealed: it is said at once.
async fn the_key_of_another_city_is_refused(world: World) {
    let place = place(&world);
    place.begin().stop();
    worked(&add_user(&place, "zhangsan", &[]));
    let key = place.data.join("key");
    let right = std::fs::read(&key).unwrap();
    std::fs::write(&key, "0f".repeat(32)).unwrap();
    let rows = place.rows().await;
    refused(
        &place.youju(&["serve", "--listen", "127.0.0.1:0"]).output().unwrap(),
        "不是这个城市的密钥",
        "key",
    );
    refused(&place.verify(), "不是这个城市的密钥", "not the city's key");
    refused(&add_user(&place, "lisi", &[]), "不是这个城市的密钥", "not the city's key");
    assert_eq!(place.rows().await, rows);
    std::fs::write(&key, right).unwrap();
    worked(&place.verify());
}

/// A second city beside the first is begun when it is asked for, and never by a mistyped code.
async fn a_mistyped_city_is_not_begun(world: World) {
    let place = place(&world);
    place.begin().stop();
    let rows = place.rows().await;
    let other = ["serve", "--listen", "127.0.0.1:0", "--city", "320282"];
    refused(&place.youju(&other).output().unwrap(), "--new-city", "no city 320282");
    assert_eq!(place.rows().await, rows);
    place.start(&[&other[..], &["--new-city"]].concat(), 1).stop();
    // Once there, both are served as before.
    place.start(&other, 1).stop();
    place.begin().stop();
    worked(&place.verify());
}

/// The key of a demo city is public and the same in every command.
async fn the_demo_folder_is_known_by_every_command(world: World) {
    let place = place(&world);
    place.make_town();
    worked(&add_user(&place, "zhangsan", &[]));
    assert!(!place.data.join("key").exists(), "a demo folder needs no key of its own");
    worked(&place.verify());
    let served = place.begin();
    let (status, me) = sign_in(&served.base, "zhangsan", "a long password").await;
    assert_eq!(status, 200, "{me}");
    assert_eq!((&me["name"], &me["city"]["demo"]), (&"张三".into(), &true.into()));
    served.stop();
    worked(&place.verify());
}

/// 三员分立: a small city may join what excludes each other, in the name of somebody who is no administrator.
async fn duties_are_joined_by_somebody_who_is_named(world: World) {
    let place = place(&world);
    place.make_town();
    let duties =
        |args: &[&str]| place.youju(&[&["duties"], args].concat()).output().expect("the binary starts");
    refused(&add_user(&place, "wangwu", &["--role", "admin"]), "不能由同一人担任", "not for one person");
    refused(&duties(&["join", "--by", "guanli"]), "系统管理员不能批准", "cannot allow it");
    refused(&duties(&["join", "--by", "nobody"]), "没有这个用户", "no such user");
    worked(&duties(&["join", "--by", "lingdao"]));
    worked(&add_user(&place, "wangwu", &["--role", "admin"]));
    let conn = place.connect().await;
    let named = "SELECT count(*) FROM platform_journal WHERE stream = 'org.profile' AND actor = 'user:6'";
    assert_eq!(number(&conn, named).await, 1, "the event says who");
    worked(&duties(&["separate", "--by", "lingdao"]));
    refused(&add_user(&place, "zhaoliu", &["--role", "admin"]), "不能由同一人担任", "not for one person");
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

/// A person with a key: he signs in, his password changes, he is locked out; all beside a served city.
async fn users_are_added_equipped_and_disabled(world: World) {
    let place = place(&world);
    let served = place.begin();
    worked(&add_user(&place, "  zhangsan ", &["--role", "inspector"]));
    let (status, me) = sign_in(&served.base, "zhangsan", "a long password").await;
    assert_eq!(
        (status, &me["name"], me["grants"].as_array().unwrap().len()),
        (200, &"张三".into(), 2),
        "{me}"
    );
    assert_eq!(sign_in(&served.base, "zhangsan", "a wrong password").await.0, 401);

    let passwd = || with_password(place.youju(&["user", "passwd", "zhangsan"]), "another password");
    worked(&passwd());
    assert_eq!(sign_in(&served.base, "zhangsan", "a long password").await.0, 401);
    assert_eq!(sign_in(&served.base, "zhangsan", "another password").await.0, 200);

    worked(&place.youju(&["user", "disable", "zhangsan"]).output().unwrap());
    assert_eq!(sign_in(&served.base, "zhangsan", "another password").await.0, 401);
    refused(&passwd(), "没有这个用户", "no such user");
    worked(&place.verify());
    served.stop();
}

/// Each refusal says why in both languages and leaves nobody behind.
async fn bad_users_are_refused(world: World) {
    let place = place(&world);
    place.begin().stop();
    worked(&add_user(&place, "zhangsan", &[]));
    let rows = place.rows().await;
    for login in ["", "   ", "\u{200b}", "zhang\u{7}san", "zhang\nsan", "\u{202e}nasgnahz", &"z".repeat(101)]
    {
        refused(&add_user(&place, login, &[]), "登录名", "the login cannot be used");
    }
    let named = |name: &str| {
        let args = ["user", "add", "lisi", "--name", name, "--role", "office"];
        with_password(place.youju(&args), "a long password")
    };
    for name in ["", "李\u{1b}四"] {
        refused(&named(name), "姓名", "the name cannot be used");
    }
    refused(&add_user(&place, "zhangsan", &[]), "登录名已被使用", "taken");
    refused(&add_user(&place, "lisi", &["--role", "boss"]), "未知岗位", "unknown role");
    for other in ["admin", "auditor"] {
        refused(&add_user(&place, "lisi", &["--role", other]), "不能由同一人担任", "not for one person");
    }
    for common in ["password1", "1qaz2wsx", "woaini1314", "lisi2026", "12345678"] {
        let args = ["user", "add", "lisi", "--name", "李四", "--role", "office"];
        refused(&with_password(place.youju(&args), common), "常见密码", "too weak");
    }
    refused(&add_user(&place, "lisi", &["--role", "handler"]), "--unit", "handlers need --unit");
    refused(&add_user(&place, "lisi", &["--area", "320282"]), "区划代码", "area code");
    let args = ["user", "add", "lisi", "--name", "李四", "--role", "office"];
    refused(&with_password(place.youju(&args), "short"), "密码至少", "too weak");
    refused(&with_password(place.youju(&args), ""), "没有读到密码", "standard input");
    refused(
        &with_password(place.youju(&["user", "passwd", "nobody"]), "a long password"),
        "没有这个用户",
        "no such user",
    );
    let after = place.rows().await;
    assert_eq!(after[3..], rows[3..], "no event and no user");
}

/// 0: nothing broken; 1: the broken record is named; 2: it could not run.
async fn verification_tells_by_its_exit_code(world: World) {
    let place = place(&world);
    place.begin().stop();
    worked(&add_user(&place, "zhangsan", &[]));
    let verified = place.verify();
    worked(&verified);
    assert!(String::from_utf8_lossy(&verified.stdout).contains("nothing broken"));
    let conn = place.connect().await;
    let id = number(&conn, "SELECT id FROM platform_user WHERE city_id = 320281").await;
    conn.execute_unprepared("UPDATE platform_user SET unit_id = 5 WHERE city_id = 320281").await.unwrap();
    let verified = place.verify();
    assert_eq!(verified.status.code(), Some(1));
    let said = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(said.contains(&format!("user {id}: ")) && said.contains("(1 findings)"), "{said}");
    conn.execute_unprepared("UPDATE platform_user SET unit_id = NULL WHERE city_id = 320281").await.unwrap();
    worked(&place.verify());
}

/// The API document needs no city and makes none.
#[test]
fn the_api_document_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_youju"));
    let output = command.arg("openapi").current_dir(folder.path()).output().unwrap();
    worked(&output);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(document["paths"].as_object().unwrap().len() > 40);
    assert!(document["openapi"].as_str().unwrap().starts_with("3."));
    assert_eq!(bytes_of(folder.path()), BTreeMap::new());
}
