//! Repository chores, run as `cargo xtask <command>` from anywhere inside the repository.
//!
//! Each command is one module with a `run` function. A new chore is one module and one line in [`COMMANDS`].

mod openapi;
mod tidy;
mod torture;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What a chore gets: the repository root and the words after its name. It answers whether all is well.
type Run = fn(&Path, &[String]) -> anyhow::Result<bool>;

/// Name, one line of help, and the function of every chore.
const COMMANDS: &[(&str, &str, Run)] = &[
    ("tidy", "check the house rules; one line per finding, exit 1 if there is any", tidy::run),
    (
        "openapi",
        "write docs/openapi.json from the server [--check: fail on drift] [--binary PATH: do not build]",
        openapi::run,
    ),
    (
        "torture",
        "the long runs: kills under load, random histories, requests against the API document [kills] [histories] [api] [--count N]",
        torture::run,
    ),
];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let name = args.first().map_or("help", String::as_str);
    if matches!(name, "help" | "--help" | "-h") {
        print!("{}", help());
        return ExitCode::SUCCESS;
    }
    let Some((_, _, run)) = COMMANDS.iter().find(|(command, _, _)| *command == name) else {
        eprint!("xtask: no command named {name:?}\n\n{}", help());
        return ExitCode::from(2);
    };
    match run(&root(), args.get(1..).unwrap_or_default()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask {name}: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// The text of `cargo xtask help`.
fn help() -> String {
    let mut text = String::from("Usage: cargo xtask <command>\n\n");
    for (name, line, _) in COMMANDS {
        text.push_str(&format!("  {name:<9} {line}\n"));
    }
    text
}

/// The repository root: the folder above this crate's own.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
