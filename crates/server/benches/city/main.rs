//! What the city carries, end to end: durable intakes at `Db::write` and over HTTP, lists over many cases, memory, and
//! the floors of the same disk beside them. `make bench`, or `cargo bench -p server --bench city -- intake lists`.
//!
//! Prints one line per measurement; the figures are kept in docs/benchmarks.md. Load goes to 127.0.0.1 only.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a benchmark measures time and may stop at once"
)]

mod fill;
mod floor;
mod intake;
mod lists;
mod load;
mod place;
mod restart;

use testkit::Engine;

/// The allocator of the product, for what is measured in this process.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Cases in the database when lists are measured.
const MANY_CASES: usize = 100_000;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let runs = |part: &str| wanted.is_empty() || wanted.iter().any(|word| word == part);
    let engines: Vec<Engine> = [(Engine::Sqlite, "sqlite"), (Engine::Postgres, "postgres")]
        .into_iter()
        .filter(|(_, name)| {
            std::env::var("BENCH_ENGINE").is_ok_and(|only| only == *name)
                || std::env::var("BENCH_ENGINE").is_err()
        })
        .map(|(engine, _)| engine)
        .collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for engine in engines {
            let place = place::Place::new(engine).await;
            if runs("floor") {
                floor::measure(&place).await;
            }
            place.make_town();
            if runs("start") {
                restart::measure(&place).await;
            }
            if runs("intake") {
                intake::measure(&place).await;
            }
            if runs("lists") {
                // A city of its own: what the load of intakes leaves open is more than any city has.
                let year = if runs("intake") { place::Place::new(engine).await } else { place };
                year.make_town();
                fill::fill(&year, MANY_CASES).await;
                lists::measure(&year).await;
            }
        }
    });
}

/// One line: rate and the waits of single requests.
fn say(what: &str, clients: usize, seconds: f64, waits: &mut [std::time::Duration]) {
    waits.sort_unstable();
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!(
        "{what}, {clients} clients: {:.0}/s, p50 {:.2} ms, p99 {:.2} ms ({} in {seconds:.1} s)",
        waits.len() as f64 / seconds,
        at(0.5),
        at(0.99),
        waits.len(),
    );
}
