//! A city to measure: the demo town on one engine, its folder on the disk, the served binary.

#![expect(clippy::disallowed_types, reason = "the benchmark is a running server of its own")]

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use kernel::chance::{Chance, SeededChance};
use kernel::id::ServerIds;
use kernel::time::SystemClock;
use platform::Ctx;
use platform::db::{Db, DbOptions};
use platform::files::Files;
use platform::secrets::Secrets;
use sea_orm::ConnectionTrait;
use testkit::Engine;

/// Where the city's data are, and where its server listens.
pub(crate) struct Place {
    pub(crate) engine: Engine,
    pub(crate) url: String,
    folder: tempfile::TempDir,
}

/// A served city; it ends when this is dropped.
pub(crate) struct Served {
    child: Child,
    /// `127.0.0.1:PORT`.
    pub(crate) address: String,
}

impl Place {
    /// A folder and a database that hold nothing yet.
    pub(crate) async fn new(engine: Engine) -> Self {
        // On the disk of the build, not in a memory file system.
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let url = match engine {
            Engine::Sqlite => format!("sqlite://{}", folder.path().join("youju.db").display()),
            Engine::Postgres => own_database(&testkit::durable_postgres()).await,
        };
        Self { engine, url, folder }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Runs the binary on this city with the words of one of its commands.
    pub(crate) fn youju(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_youju"));
        command.args(words).arg("--data").arg(self.folder.path()).args(["--database", &self.url]);
        command.env("YOUJU_LOG", "warn");
        command
    }

    pub(crate) fn make_town(&self) {
        let made = self.youju(&["demo", "--scale", "town", "--only-create"]).status().unwrap();
        assert!(made.success());
    }

    /// Serves it and waits until it says where.
    pub(crate) fn serve(&self) -> Served {
        let mut child = self
            .youju(&["demo", "--listen", "127.0.0.1:0", "--no-rate-limits"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let line = lines.find(|line| line.contains("http://")).unwrap();
        let address = line.split("http://").nth(1).unwrap().trim_end_matches("/m/").to_owned();
        std::thread::spawn(move || lines.for_each(drop));
        Served { child, address }
    }

    /// The rooms in this process, as durable as those of a server.
    pub(crate) async fn open(&self) -> (Ctx, org::Org, cases::Cases) {
        let clock = SystemClock;
        let chance: Arc<dyn Chance> = Arc::new(SeededChance::new(11));
        let ctx = Ctx {
            db: Db::open(&self.url, &DbOptions::default()).await.unwrap(),
            clock: Arc::new(clock),
            ids: Arc::new(ServerIds::new(clock, 900)),
            secrets: Secrets::new(&demo::demo_key(), chance.clone()),
            chance,
            files: Files::open(&self.folder.path().join("files")).unwrap(),
            posts: platform::auth::Posts::default(),
            home_city: demo::CITY,
            demo: true,
        };
        let classes = Arc::new(cases::ClassPort::new().unwrap());
        let org = org::Org::new(ctx.clone()).with_classes(classes);
        let cases = cases::Cases::new(ctx.clone(), org.clone()).unwrap();
        (ctx, org, cases)
    }
}

/// One more database on the server of `url`.
async fn own_database(url: &str) -> String {
    static MADE: AtomicU32 = AtomicU32::new(1);
    let name = format!("bench_{}", MADE.fetch_add(1, Ordering::Relaxed));
    let conn = sea_orm::Database::connect(url).await.unwrap();
    conn.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    conn.close().await.unwrap();
    url.replace("/postgres?", &format!("/{name}?"))
}

impl Served {
    /// Waits until it rests: what became due while nobody served it (a year of timers, after [`crate::fill`]) is work beside
    /// which nothing else is measured.
    pub(crate) async fn rest(&self) {
        let began = Instant::now();
        loop {
            let before = self.cpu_ticks();
            tokio::time::sleep(Duration::from_secs(2)).await;
            if self.cpu_ticks() - before < 10 {
                println!("it rests after {:.0} s", began.elapsed().as_secs_f64());
                return;
            }
        }
    }

    /// Processor time that it has used, in hundredths of a second.
    fn cpu_ticks(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let fields = stat.rsplit(')').next().unwrap().split_whitespace();
        fields.skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum()
    }

    /// Resident memory of the server in MB.
    pub(crate) fn memory_mb(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
        let kb: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kb / 1_024.0
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
