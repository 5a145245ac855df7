//! A PostgreSQL server of the tests' own: one per test binary, on a free loopback port, in a temporary folder, from
//! the installed programs. It ends when the test binary ends, also when that crashes or is killed: a small shell
//! script holds it and reads our end of a pipe, which the system closes for us.

#![expect(clippy::disallowed_types, reason = "the password of a throw-away server is no part of a story")]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;

use kernel::chance::Chance;
use platform::secrets::MachineChance;

const SCRIPT: &str = include_str!("postgres.sh");
/// Settings of a server whose data nobody will miss.
const THROW_AWAY: &str = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off";
/// Settings of a server as PostgreSQL ships them: a commit waits for the disk.
const DURABLE: &str = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on";
/// Ports tried before giving up.
const TRIES: u32 = 5;

/// The running server.
pub(crate) struct Server {
    port: u16,
    password: String,
    /// Closing it ends the server; it lies in a static, so that the system closes it when the process ends.
    _lifeline: ChildStdin,
}

impl Server {
    /// The address of one of its databases.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://youju:{}@127.0.0.1:{}/{database}?sslmode=disable", self.password, self.port)
    }
}

/// The server of this test binary, started at the first call.
pub(crate) fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| start(THROW_AWAY))
}

/// The address of a server of its own that waits for the disk as a real one does, for benchmarks, which make their databases
/// on it.
///
/// # Panics
/// When the server does not start.
pub fn durable_postgres() -> String {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| start(DURABLE)).url("postgres")
}

fn start(settings: &str) -> Server {
    let programs = find_programs().unwrap_or_else(|| {
        panic!(
            "no PostgreSQL server programs (initdb, postgres) in /usr/lib/postgresql/*/bin or on PATH: install the \
             package `postgresql` (`scripts/setup machine` does it), or test SQLite alone with \
             YOUJU_TEST_ENGINES=sqlite"
        )
    });
    let password = format!("{:016x}{:016x}", MachineChance.next_u64(), MachineChance.next_u64());
    #[expect(clippy::zombie_processes, reason = "it lives as long as this process and ends after it")]
    let mut script = holder(&programs, settings)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .current_dir("/")
        // Its own process group: an interrupt of the tests reaches us, and the closing pipe reaches the script.
        .process_group(0)
        .spawn()
        .expect("a shell to start PostgreSQL with");
    let mut lifeline = script.stdin.take().expect("the pipe to the script");
    let mut answers = BufReader::new(script.stdout.take().expect("the pipe from the script")).lines();
    writeln!(lifeline, "{password}").expect("the script reads");
    for _try in 0..TRIES {
        let port = free_port();
        writeln!(lifeline, "{port}").expect("the script reads");
        let said = answers.next().and_then(Result::ok).unwrap_or_default();
        match said.as_str() {
            "taken" => {}
            ready if ready.starts_with("ready") => return Server { port, password, _lifeline: lifeline },
            other => panic!("PostgreSQL from {} did not start: {other}", programs.display()),
        }
    }
    panic!("PostgreSQL found no free port in {TRIES} tries");
}

/// The script, as user `postgres` when we are root: the server refuses to run as root.
fn holder(programs: &Path, settings: &str) -> Command {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.starts_with(b"0\n"));
    let mut command = match is_root {
        false => Command::new("sh"),
        // Becomes the shell; `runuser` would stand between us and it, and kill it before it has cleaned up.
        true if Command::new("setpriv").arg("--version").output().is_ok() => {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "sh"]);
            command
        }
        true => {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--", "sh"]);
            command
        }
    };
    command.args(["-c", SCRIPT, "postgres.sh"]).arg(programs).arg(settings);
    command
}

/// The newest of Debian's version folders, else what stands on PATH.
#[expect(clippy::disallowed_methods, reason = "finds installed programs as a shell would")]
fn find_programs() -> Option<PathBuf> {
    let whole = |bin: &PathBuf| bin.join("initdb").exists() && bin.join("postgres").exists();
    let version = |bin: &PathBuf| -> u32 {
        let folder = bin.parent().and_then(Path::file_name).and_then(|name| name.to_str());
        folder.and_then(|name| name.parse().ok()).unwrap_or(0)
    };
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = debian.map(|entry| entry.path().join("bin")).filter(whole).max_by_key(version);
    newest.or_else(|| std::env::split_paths(&std::env::var_os("PATH")?).find(whole))
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free loopback port");
    listener.local_addr().expect("its number").port()
}
