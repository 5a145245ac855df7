//! Starting, killing and asking the true binary.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};

/// A served city. Killed when dropped.
pub struct Served {
    child: Child,
    /// `http://127.0.0.1:PORT` of the first listener.
    pub base: String,
    /// The same of every listener.
    pub bases: Vec<String>,
}

/// Where a city's data are.
#[derive(Clone)]
pub struct Place {
    /// The data folder.
    pub data: std::path::PathBuf,
    /// The database, if it is not the folder's SQLite file.
    pub database: Option<String>,
}

impl Place {
    /// A command on this city.
    pub fn youju(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_youju"));
        command.args(args).arg("--data").arg(&self.data);
        if let Some(url) = &self.database {
            command.args(["--database", url]);
        }
        command.env("YOUJU_LOG", "warn");
        command
    }

    /// Makes the demo town here and stops.
    pub fn make_town(&self) {
        let output =
            self.youju(&["demo", "--scale", "town", "--only-create"]).output().expect("the binary starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Serves the demo city on a free port and waits until it answers.
    pub fn serve(&self) -> Served {
        self.serve_with(&["--no-rate-limits"])
    }

    /// The same, with these options beside.
    pub fn serve_with(&self, options: &[&str]) -> Served {
        self.start(&[&["demo", "--scale", "town", "--listen", "127.0.0.1:0"], options].concat(), 1)
    }

    /// Begins a city of its own here, or goes on with it: served on a free port.
    pub fn begin(&self) -> Served {
        self.start(&["serve", "--listen", "127.0.0.1:0"], 1)
    }

    /// The same with these options, and a limit of open files if one is given.
    pub fn begin_with(&self, options: &[&str], open_files: Option<u32>) -> Served {
        let server = self.youju(&[&["serve", "--listen", "127.0.0.1:0"], options].concat());
        let Some(limit) = open_files else { return Self::started(server, 1) };
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("ulimit -n {limit}; exec \"$0\" \"$@\"")).arg(server.get_program());
        shell.args(server.get_args()).env("YOUJU_LOG", "warn");
        Self::started(shell, 1)
    }

    /// Starts a server and waits until it says where each of its listeners is.
    pub fn start(&self, args: &[&str], listeners: usize) -> Served {
        Self::started(self.youju(args), listeners)
    }

    /// Serves the demo city by a program that does not end when a file may not grow, but hears of it.
    pub fn serve_patiently(&self) -> Served {
        let server = self.youju(&["demo", "--scale", "town", "--listen", "127.0.0.1:0", "--no-rate-limits"]);
        let mut shell = Command::new("sh");
        shell.arg("-c").arg("trap '' XFSZ; exec \"$0\" \"$@\"").arg(server.get_program());
        shell.args(server.get_args()).env("YOUJU_LOG", "warn");
        Self::started(shell, 1)
    }

    fn started(mut server: Command, listeners: usize) -> Served {
        let mut child =
            server.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("the binary starts");
        let mut lines =
            BufReader::new(child.stdout.take().expect("stdout is piped")).lines().map_while(Result::ok);
        // Each listener has the residents' page.
        let base = |line: String| Some(line[line.find("http://")?..].strip_suffix("/m/")?.to_owned());
        let bases: Vec<String> = lines.by_ref().filter_map(base).take(listeners).collect();
        assert_eq!(bases.len(), listeners, "the binary says where it listens");
        // Read on until it ends: a full pipe must not hold the server.
        std::thread::spawn(move || lines.for_each(drop));
        Served { child, base: bases[0].clone(), bases }
    }

    /// `youju verify`.
    pub fn verify(&self) -> Output {
        self.youju(&["verify"]).output().expect("the binary starts")
    }

    /// The address of its database.
    pub fn url(&self) -> String {
        let file = || format!("sqlite://{}", self.data.join("youju.db").display());
        self.database.clone().unwrap_or_else(file)
    }

    /// A connection behind the product's back.
    pub async fn connect(&self) -> DatabaseConnection {
        let mut options = ConnectOptions::new(self.url());
        options.max_connections(1).sqlx_logging(false);
        Database::connect(options).await.expect("the database opens")
    }

    /// PostgreSQL: nobody is let in any more and those who are in are thrown out, or everybody is let in again.
    pub async fn lock_out(&self, out: bool) {
        let url = self.url();
        let (server, name) = url.rsplit_once('/').expect("a database");
        let name = name.split('?').next().expect("a name");
        let mut options = ConnectOptions::new(format!("{server}/postgres"));
        options.max_connections(1).sqlx_logging(false);
        let conn = Database::connect(options).await.expect("the server answers");
        let allow = format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {}", !out);
        conn.execute_unprepared(&allow).await.expect("it is changed");
        if out {
            let end =
                format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
            conn.execute_unprepared(&end).await.expect("they are gone");
        }
        conn.close().await.expect("the connection closes");
    }

    /// Rows of the tables that a command must leave alone: migrations, lanes, server numbers, events, users.
    pub async fn rows(&self) -> Vec<i64> {
        let conn = self.connect().await;
        let tables = ["migration", "lane", "server", "journal", "user"];
        let mut rows = Vec::new();
        for table in tables {
            // tidy: all cities — nothing at all may be added
            let sql = format!("SELECT count(*) FROM platform_{table}");
            let row = conn.query_one_raw(Statement::from_string(conn.get_database_backend(), sql)).await;
            rows.push(row.expect("rows").expect("a row").try_get_by_index(0).expect("a number"));
        }
        conn.close().await.expect("the connection closes");
        rows
    }
}

impl Served {
    /// Asks it to stop, as a service manager does, and waits until it has.
    ///
    /// # Panics
    /// When it ends with an error.
    pub fn stop(mut self) {
        let process = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &process]).status().expect("kill");
        assert!(asked.success());
        let ended = self.child.wait().expect("the process ends");
        assert!(ended.success(), "{ended}");
    }

    /// From now on no file of it may grow beyond this, as on a full disk; `None` for any length.
    pub fn limit_files(&self, bytes: Option<u64>) {
        let bytes = bytes.map_or("unlimited".to_owned(), |bytes| bytes.to_string());
        let limit = [format!("--pid={}", self.child.id()), format!("--fsize={bytes}:unlimited")];
        assert!(Command::new("prlimit").args(limit).status().expect("prlimit").success());
    }

    /// kill -9, then waits until the process is gone.
    pub fn kill(mut self) {
        self.child.kill().expect("the process is there");
        self.child.wait().expect("the process ends");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A fresh folder for a city, and its database on the given engine.
pub fn place(world: &testkit::World) -> Place {
    let data = world.folder("city");
    let database = match world.engine {
        platform::db::Engine::Sqlite => None,
        platform::db::Engine::Postgres => Some(world.empty_database().url.clone()),
    };
    Place { data, database }
}
