//! `cargo xtask tidy`: the house rules of docs/architecture.md as checks.
//!
//! Each rule is one module with `check(&Tree) -> Vec<Finding>`: it reads files that are already in memory and
//! has tests that plant a bad example, so that a rule which stopped biting is seen.

mod city_filter;
mod doors;
mod glossary;
mod i18n;
mod layers;
mod migrations;
mod paperwork;
mod purity;
mod rust;
mod script;
mod size;
mod tree;
mod words;

use std::path::Path;

use tree::Tree;

/// One broken rule at one place, printed as `path:line: rule: message`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// Relative to the repository root, with `/`.
    path: String,
    /// From 1.
    line: usize,
    /// Short name of the rule.
    rule: &'static str,
    /// What is wrong and what to do instead.
    message: String,
}

impl Finding {
    /// A finding; `line` counts from 1.
    fn new(path: &str, line: usize, rule: &'static str, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, rule, message: message.into() }
    }
}

/// Every rule.
const CHECKS: &[fn(&Tree) -> Vec<Finding>] = &[
    layers::check,
    doors::check,
    purity::check,
    size::check,
    glossary::check,
    i18n::check,
    paperwork::check,
    words::check,
    city_filter::check,
];

/// Checks the working tree, prints the findings in order and answers whether there were none.
pub(crate) fn run(root: &Path, args: &[String]) -> anyhow::Result<bool> {
    if let Some(word) = args.first() {
        anyhow::bail!("unknown option {word:?}");
    }
    let findings = findings(&Tree::read(root)?);
    for Finding { path, line, rule, message } in &findings {
        println!("{path}:{line}: {rule}: {message}");
    }
    if !findings.is_empty() {
        eprintln!("tidy: {} finding(s)", findings.len());
    }
    Ok(findings.is_empty())
}

/// All findings of all rules, sorted by place.
fn findings(tree: &Tree) -> Vec<Finding> {
    let mut findings: Vec<Finding> = tree
        .unreadable()
        .map(|path| Finding::new(path, 1, "rust", "does not lex as Rust; run `cargo check`"))
        .chain(CHECKS.iter().flat_map(|check| check(tree)))
        .collect();
    findings.sort();
    findings.dedup();
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_come_sorted_and_once() {
        let tree = Tree::of(&[("crates/org/src/b.rs", "fn f() {}\n"), ("crates/org/src/a.rs", "fn f() {")]);
        let places: Vec<(String, &str)> = findings(&tree).into_iter().map(|f| (f.path, f.rule)).collect();
        assert_eq!(
            places,
            [
                ("crates/org/src/a.rs".to_owned(), "module-docs"),
                ("crates/org/src/a.rs".to_owned(), "rust"),
                ("crates/org/src/b.rs".to_owned(), "module-docs"),
            ]
        );
    }

    #[test]
    fn an_empty_tree_is_tidy() {
        assert!(findings(&Tree::of(&[])).is_empty());
    }
}
