//! Words that may not be committed: unfinished work, switched-off tests, paths of somebody's machine, and package
//! sources other than the public ones.

use std::sync::LazyLock;

use regex::Regex;

use super::Finding;
use super::tree::Tree;

/// Which files a word is looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    Everywhere,
    Rust,
    Scripts,
}

/// A banned word, where it is looked for, and what to do instead.
type Banned = (Where, &'static str, &'static str);

const BANNED: &[Banned] = &[
    (Where::Everywhere, r"\b(TODO|FIXME|XXX)\b", "finish it, or open an issue"),
    (Where::Everywhere, r"(?:^|[\s\x22'`(=:])/(work|root)/", "no paths of one machine"),
    (Where::Rust, r"#\[ignore", "a test that does not run proves nothing"),
    (Where::Rust, r"\b(todo|unimplemented)!\(", "write it, or leave it out"),
    (Where::Scripts, r"\b(it|test|describe)\.(skip|todo|fixme)\b", "a test that does not run proves nothing"),
    (Where::Scripts, r"\.only\(", "the other tests must run too"),
    (Where::Scripts, r"\bwaitForTimeout\(", "wait for what you expect, not for time"),
];

static PATTERNS: LazyLock<Vec<(Where, Regex, &'static str)>> = LazyLock::new(|| {
    let compiled = BANNED.iter().map(|(files, word, advice)| Some((*files, Regex::new(word).ok()?, *advice)));
    compiled.flatten().collect()
});

/// Hosts that lock files may name.
const PACKAGE_HOSTS: &[&str] = &["github.com", "registry.npmjs.org"];

/// Files that must spell the banned words out.
const EXEMPT: &[&str] = &["xtask/src/tidy/words.rs"];

/// Banned words in sources and documents, foreign hosts in lock files.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts().filter(|(path, _)| !EXEMPT.contains(path)) {
        if path.ends_with(".lock") || path.ends_with("package-lock.json") {
            findings.extend(foreign_hosts(path, text));
        } else if !path.ends_with(".json") || path.contains("/i18n/") {
            findings.extend(banned_words(path, text));
        }
    }
    findings
}

fn banned_words(path: &str, text: &str) -> Vec<Finding> {
    let scripts = [".ts", ".vue", ".js", ".mjs"].iter().any(|ending| path.ends_with(ending));
    let mut findings = Vec::new();
    for (files, pattern, advice) in PATTERNS.iter() {
        let looked_for = match files {
            Where::Everywhere => true,
            Where::Rust => path.ends_with(".rs"),
            Where::Scripts => scripts,
        };
        if !looked_for || !pattern.is_match(text) {
            continue;
        }
        for (at, line) in text.lines().enumerate() {
            if let Some(hit) = pattern.find(line) {
                let message = format!("{} : {advice}", hit.as_str().trim());
                findings.push(Finding::new(path, at + 1, "words", message));
            }
        }
    }
    findings
}

fn foreign_hosts(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, line) in text.lines().enumerate() {
        // only where a package comes from; funding links and the like may point anywhere
        let Some((key, rest)) = line.split_once("://") else { continue };
        if !key.contains("resolved") && !key.contains("source") {
            continue;
        }
        let host = rest.split(['/', '"', '?', ':']).next().unwrap_or_default();
        if !PACKAGE_HOSTS.contains(&host) {
            let message = "packages come from the public registries; make the lock file again with them";
            findings.push(Finding::new(path, at + 1, "package-hosts", message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        check(&Tree::of(&[(path, text)])).into_iter().map(|f| f.line).collect()
    }

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(PATTERNS.len(), BANNED.len());
    }

    #[test]
    fn unfinished_work_and_machine_paths_are_found() {
        let text =
            "fine\n// TODO later\nXXX\nsee /work/main\n\"/root/x\"\nTODOS, /v1/work/units, paperwork/\n";
        assert_eq!(lines("docs/a.md", text), [2, 3, 4, 5]);
    }

    #[test]
    fn switched_off_tests_are_found_in_their_language() {
        assert_eq!(lines("crates/org/src/a.rs", "#[ignore]\nfn a() { todo!() }\nb.iter().skip(1)"), [1, 2]);
        assert_eq!(
            lines("web/src/a.test.ts", "it.skip('a')\ntest.only('b')\nawait p.waitForTimeout(9)"),
            [1, 2, 3]
        );
        assert!(lines("docs/a.md", "it.skip is banned").is_empty());
    }

    #[test]
    fn lock_files_name_public_sources_only() {
        let text = "\"resolved\": \"https://registry.npmjs.org/vue/-/vue.tgz\"\n\
                    \"resolved\": \"http://10.0.0.1:4873/vue.tgz\"\n\"url\": \"https://opencollective.com/vue\"";
        assert_eq!(lines("web/package-lock.json", text), [2]);
        let text = "source = \"registry+https://github.com/rust-lang/crates.io-index\"\nsource = \"sparse+https://mirror.example/\"";
        assert_eq!(lines("Cargo.lock", text), [2]);
    }
}
