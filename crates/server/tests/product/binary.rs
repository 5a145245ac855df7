//! Starting, killing and asking the true binary.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

/// A served city. Killed when dropped.
pub struct Served {
    child: Child,
    /// `http://127.0.0.1:PORT`.
    pub base: String,
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
        let mut child = self
            .youju(&["demo", "--scale", "town", "--listen", "127.0.0.1:0"])
            .args(options)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the binary starts");
        let mut lines =
            BufReader::new(child.stdout.take().expect("stdout is piped")).lines().map_while(Result::ok);
        let base = lines
            .find_map(|line| line.find("http://").map(|at| line[at..].trim_end_matches("/m/").to_owned()))
            .expect("the binary says where it listens");
        // Read on until it ends: a full pipe must not hold the server.
        std::thread::spawn(move || lines.for_each(drop));
        Served { child, base }
    }

    /// `youju verify`.
    pub fn verify(&self) -> Output {
        self.youju(&["verify"]).output().expect("the binary starts")
    }
}

impl Served {
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
