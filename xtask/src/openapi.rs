//! `cargo xtask openapi`: the committed API document is what the server prints, byte for byte.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

/// Where the document stands in the repository; the web client's types and the lint read it from there.
const DOCUMENT: &str = "docs/openapi.json";

/// Writes the document, or with `--check` compares it and answers `false` on drift.
/// `--binary PATH` uses a server that is already built; without it cargo builds one.
pub(crate) fn run(root: &Path, args: &[String]) -> anyhow::Result<bool> {
    let options = Options::parse(args)?;
    let printed = pretty(&print_document(root, options.binary.as_deref())?)?;
    let path = root.join(DOCUMENT);
    if !options.check {
        std::fs::write(&path, printed).with_context(|| format!("cannot write {DOCUMENT}"))?;
        println!("{DOCUMENT} written");
        return Ok(true);
    }
    let committed = std::fs::read_to_string(&path)
        .with_context(|| format!("{DOCUMENT} is missing; run `make bless` and commit it"))?;
    match first_difference(&committed, &printed) {
        None => Ok(true),
        Some(line) => {
            eprintln!("{DOCUMENT}:{line}: drift: differs from the server; run `make bless` and commit it");
            Ok(false)
        }
    }
}

/// The words after `openapi`.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    check: bool,
    binary: Option<String>,
}

impl Options {
    /// Reads the words; an unknown one is an error, so that a typing mistake never passes as a check.
    fn parse(args: &[String]) -> anyhow::Result<Self> {
        let mut options = Self::default();
        let mut words = args.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--check" => options.check = true,
                "--binary" => {
                    options.binary = Some(words.next().context("--binary needs a path")?.clone());
                }
                other => bail!("unknown option {other:?}"),
            }
        }
        Ok(options)
    }
}

/// Runs `youju openapi` and returns what it printed.
fn print_document(root: &Path, binary: Option<&str>) -> anyhow::Result<String> {
    let mut command = match binary {
        Some(path) => Command::new(root.join(path)),
        None => {
            let mut cargo = Command::new("cargo");
            cargo.args(["run", "--quiet", "--package", "server", "--"]);
            cargo
        }
    };
    let output = command
        .arg("openapi")
        .current_dir(root)
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start the server binary")?;
    if !output.status.success() {
        bail!("`youju openapi` failed with {}", output.status);
    }
    String::from_utf8(output.stdout).context("`youju openapi` printed something that is not UTF-8")
}

/// One fixed layout for the committed file: indented, keys sorted, newline at the end. The sort is spelt out
/// because a feature of another crate (`preserve_order`) would otherwise change the file.
fn pretty(document: &str) -> anyhow::Result<String> {
    let mut value: serde_json::Value =
        serde_json::from_str(document).context("`youju openapi` did not print JSON")?;
    value.sort_all_objects();
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

/// The first line (from 1) at which two texts differ.
fn first_difference(left: &str, right: &str) -> Option<usize> {
    if left == right {
        return None;
    }
    let same = left.lines().zip(right.lines()).take_while(|(a, b)| a == b).count();
    Some(same + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn options_are_read_and_typing_mistakes_refused() {
        let both = Options::parse(&words("--check --binary target/debug/youju")).unwrap();
        assert_eq!(both, Options { check: true, binary: Some("target/debug/youju".into()) });
        assert!(Options::parse(&words("--chek")).is_err());
        assert!(Options::parse(&words("--binary")).is_err());
    }

    #[test]
    fn drift_names_its_first_line() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
        assert_eq!(first_difference("a\n", "a\nb\n"), Some(2));
    }

    #[test]
    fn the_document_is_laid_out_and_nonsense_refused() {
        assert_eq!(pretty("{\"b\":1,\"a\":2}").unwrap(), "{\n  \"a\": 2,\n  \"b\": 1\n}\n");
        assert!(pretty("listening on 127.0.0.1").is_err());
    }
}
