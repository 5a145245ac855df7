//! The long runs that `make test` has no time for: fifty kills -9 under load on each engine, and random histories of
//! cases by the hundred thousand, generated requests held against the API document. `cargo xtask torture kills`,
//! `… histories`, `… api`, or all of them; `--count N` for more or less.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

/// One long run: name, how often by default, the setting that says how often, and which tests it makes longer.
struct Run {
    name: &'static str,
    count: u32,
    setting: &'static str,
    tests: &'static [&'static str],
}

const RUNS: [Run; 3] = [
    Run {
        name: "kills",
        count: 50,
        setting: "YOUJU_KILLS",
        tests: &["--package", "server", "--test", "product", "--", "kill", "--nocapture", "--test-threads=1"],
    },
    Run {
        name: "histories",
        count: 100_000,
        setting: "PROPTEST_CASES",
        tests: &["--package", "cases", "--lib", "--", "rules::tests::properties", "--nocapture"],
    },
    Run {
        name: "api",
        count: 20_000,
        setting: "YOUJU_REQUESTS",
        tests: &[
            "--package",
            "server",
            "--test",
            "product",
            "--",
            "document",
            "--nocapture",
            "--test-threads=1",
        ],
    },
];

/// Runs what is named, or everything.
pub(crate) fn run(root: &Path, words: &[String]) -> anyhow::Result<bool> {
    let (names, count) = read(words)?;
    let mut well = true;
    for run in RUNS.iter().filter(|run| names.is_empty() || names.contains(&run.name)) {
        let count = count.unwrap_or(run.count).to_string();
        println!("torture {}: {count} times ({}={count})", run.name, run.setting);
        let status = Command::new("cargo")
            .arg("test")
            .args(run.tests)
            .env(run.setting, &count)
            .current_dir(root)
            .status()
            .context("cargo does not start")?;
        well &= status.success();
        println!("torture {}: {}", run.name, if status.success() { "nothing broke" } else { "BROKEN" });
    }
    Ok(well)
}

/// Names of runs, and how often.
fn read(words: &[String]) -> anyhow::Result<(Vec<&str>, Option<u32>)> {
    let (mut names, mut count) = (Vec::new(), None);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word == "--count" {
            let number = words.next().context("--count wants a number")?;
            count = Some(number.parse().with_context(|| format!("--count {number}: not a number"))?);
        } else if RUNS.iter().any(|run| run.name == word.as_str()) {
            names.push(word.as_str());
        } else {
            bail!("no run named {word:?}; there are: kills, histories, api");
        }
    }
    Ok((names, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_runs_and_how_often() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(read(&words("")).unwrap(), (vec![], None));
        assert_eq!(read(&words("kills --count 7")).unwrap(), (vec!["kills"], Some(7)));
        for wrong in ["kill", "kills --count", "kills --count many"] {
            assert!(read(&words(wrong)).is_err(), "{wrong}");
        }
    }
}
