//! Documents: every module says what it is, links lead somewhere, decisions are numbered once.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::Finding;
use super::tree::Tree;

/// `[text](target)`, `![text](target "title")` and `[name]: target`.
static LINK: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\s*\[[^\]]+\]:\s+<?(\S+?)>?\s*$").ok());
static CODE_SPAN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"`[^`]*`").ok());

const DECISIONS: &str = "docs/decisions/";
/// What a decision record says, in this order.
const HEADINGS: [&str; 5] = ["## Status", "## Context", "## Decision", "## Consequences", "## Measured"];

/// Modules without a first line, links into nothing, decisions that are misnamed, numbered twice or incomplete.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts() {
        // a file of the name tests.rs has said what it is
        let module = path.ends_with(".rs") && !path.ends_with("/tests.rs");
        if module && !text.trim_start().starts_with("//!") {
            findings.push(Finding::new(
                path,
                1,
                "module-docs",
                "open with a `//!` line: what is this module for?",
            ));
        }
        if path.ends_with(".md") {
            findings.extend(broken_links(tree, path, text));
        }
    }
    findings.extend(decisions(tree));
    findings
}

fn broken_links(tree: &Tree, path: &str, text: &str) -> Vec<Finding> {
    let (Some(link), Some(span)) = (LINK.as_ref(), CODE_SPAN.as_ref()) else { return Vec::new() };
    let mut findings = Vec::new();
    let mut fenced = false;
    for (at, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        let line = span.replace_all(line, "``");
        for found in link.captures_iter(&line) {
            let Some(target) = found.get(1).or(found.get(2)).map(|m| m.as_str()) else { continue };
            if is_outside(target) || resolve(path, target).is_some_and(|file| tree.has(&file)) {
                continue;
            }
            findings.push(Finding::new(path, at + 1, "links", format!("{target} does not exist")));
        }
    }
    findings
}

/// Web addresses, mail and anchors in the same file.
fn is_outside(target: &str) -> bool {
    target.starts_with('#') || target.contains("://") || target.starts_with("mailto:")
}

/// The path from the root that a link in `from` points to; `None` if it leaves the repository.
fn resolve(from: &str, target: &str) -> Option<String> {
    let target = target.split('#').next().unwrap_or_default().replace("%20", " ");
    let (base, target) = match target.strip_prefix('/') {
        Some(from_root) => ("", from_root.to_owned()),
        None => (from.rsplit_once('/').map_or("", |(folder, _)| folder), target),
    };
    let mut parts: Vec<&str> = base.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

fn decisions(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut numbers: BTreeMap<&str, &str> = BTreeMap::new();
    for (path, text) in tree.texts() {
        let Some(name) = path.strip_prefix(DECISIONS).and_then(|name| name.strip_suffix(".md")) else {
            continue;
        };
        let number = name.split_once('-').map_or("", |(number, _)| number);
        if number.len() != 4 || !number.bytes().all(|b| b.is_ascii_digit()) {
            findings.push(Finding::new(path, 1, "decisions", "name it NNNN-the-decision.md"));
        } else if let Some(first) = numbers.insert(number, path) {
            findings.push(Finding::new(path, 1, "decisions", format!("{first} has this number already")));
        }
        let said: Vec<&str> = text.lines().map(str::trim_end).filter(|l| HEADINGS.contains(l)).collect();
        if said != HEADINGS {
            let message = format!("needs, in this order: {}", HEADINGS.join(", "));
            findings.push(Finding::new(path, 1, "decisions", message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<(&'static str, usize)> {
        check(&Tree::of(files)).into_iter().map(|f| (f.rule, f.line)).collect()
    }

    #[test]
    fn modules_open_with_a_line() {
        assert_eq!(found(&[("crates/org/src/a.rs", "use a::b;\n")]), [("module-docs", 1)]);
        assert!(found(&[("crates/org/src/a.rs", "//! What it is.\n")]).is_empty());
        assert!(found(&[("crates/org/src/a/tests.rs", "use super::*;\n")]).is_empty());
    }

    #[test]
    fn links_lead_somewhere() {
        let text = "[a](../README.md#top) [b](/docs/guides/) [c](https://example.org/x) [d](#here)\n\
                    [e](gone.md) ![f](./shot.png \"title\")\n`[g](code.md)`\n```\n[h](fenced.md)\n```\n\
                    [i]: missing.md\n[j](../../outside.md)\n";
        let files = [("docs/a.md", text), ("README.md", ""), ("docs/guides/b.md", "")];
        assert_eq!(found(&files), [("links", 2), ("links", 2), ("links", 7), ("links", 8)]);
    }

    #[test]
    fn decisions_are_numbered_once_and_whole() {
        let whole = HEADINGS.join("\n\n");
        let files = [
            ("docs/decisions/0001-a.md", whole.as_str()),
            ("docs/decisions/0001-b.md", whole.as_str()),
            ("docs/decisions/2-c.md", whole.as_str()),
            ("docs/decisions/0004-d.md", "## Status\n## Decision\n"),
        ];
        assert_eq!(found(&files), [("decisions", 1), ("decisions", 1), ("decisions", 1)]);
        assert!(found(&files[..1]).is_empty());
    }
}
