//! 有据 Youju: the one binary. Knows every room and wires them together; holds no rules of its own.

mod assets;
mod cli;
mod complete;
mod connections;
mod house;
mod readiness;
mod router;
mod serving;
mod session;
mod users;
mod verifying;
mod wiring;

#[cfg(test)]
mod tests;

use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};
use house::{Founding, House};

/// A page of a list makes some thousand small texts, on one thread what another gives back: a quarter of the time went
/// into the system's allocator (docs/decisions/0012).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let logs = tracing_subscriber::EnvFilter::try_from_env("YOUJU_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,sqlx=warn,sea_orm=warn"));
    tracing_subscriber::fmt().with_env_filter(logs).with_writer(std::io::stderr).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&format!("cannot start the runtime: {error}")),
    };
    runtime.block_on(run(cli.command))
}

async fn run(command: Command) -> ExitCode {
    match command {
        Command::Serve(serve) => {
            let founding = if serve.new_city { Founding::Beside } else { Founding::Whatever };
            match House::found(serve.store, founding).await {
                Ok(house) => ended(serving::serve(house, &serve.listen).await),
                Err(error) => failed(&error.to_string()),
            }
        }
        Command::Demo(demo) => ended(serving::demo(demo).await),
        Command::User(user) => match users::run(user).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failed(&error.to_string()),
        },
        Command::Verify(store) => verifying::run(store).await,
        Command::Openapi => print_document(),
    }
}

/// The API document, from the same code that serves it; no database is needed.
fn print_document() -> ExitCode {
    match serde_json::to_string_pretty(&router::document()) {
        // Whoever reads may have seen enough (`| head`): that is no failure.
        Ok(text) => match writeln!(std::io::stdout().lock(), "{text}") {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => failed(&error.to_string()),
            Ok(()) | Err(_) => ExitCode::SUCCESS,
        },
        Err(error) => failed(&error.to_string()),
    }
}

fn ended(result: Result<(), serving::ServeFailed>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error.to_string()),
    }
}

/// Exit code 2: the command could not be carried out. (1 is `verify` finding something.)
fn failed(words: &str) -> ExitCode {
    eprintln!("youju: {words}");
    ExitCode::from(2)
}
