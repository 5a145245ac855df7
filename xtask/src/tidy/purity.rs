//! Models, rules and errors are pure: they import the kernel, std, serde, thiserror and each other, and rules are
//! not async. Whatever else they need is passed in as a fact.

use std::collections::BTreeSet;

use super::Finding;
use super::layers::{Layer, crates, dependencies, layer};
use super::rust::{Kind, RustFile};
use super::tree::{Tree, in_crate, is_test_file};

/// The names that make a module pure, as file or as folder.
const PURE: &[&str] = &["model", "rules", "errors"];
/// Crates that a pure module may name.
const ALLOWED: &[&str] = &["kernel", "std", "core", "alloc", "serde", "thiserror"];
/// Parts of std that reach outside.
const OUTSIDE: &[&str] = &["env", "fs", "io", "net", "process", "thread"];

/// Pure modules of contexts that name something impure.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let ours = crates(tree);
    let mut findings = Vec::new();
    for (path, file) in tree.rust() {
        let Some((name, inside)) = in_crate(path) else { continue };
        let Some(module) = inside.strip_prefix("src/").map(module_of) else { continue };
        let context = matches!(layer(name), Some(Layer::Org | Layer::Room | Layer::Reader | Layer::Gateway));
        let Some(kind) = module.iter().find(|part| PURE.contains(part)) else { continue };
        if !context || is_test_file(path) {
            continue;
        }
        let known = known_crates(tree, name, &ours);
        findings.extend(check_paths(path, file, &module, &known));
        if *kind == "rules" {
            findings.extend(check_async(path, file));
        }
    }
    findings
}

fn check_paths(path: &str, file: &RustFile, module: &[&str], known: &BTreeSet<String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for used in file.paths().into_iter().filter(|used| !file.is_test(used.at)) {
        let segments: Vec<&str> = used.segments.iter().map(String::as_str).collect();
        let fault = match segments.as_slice() {
            ["crate" | "self" | "super", ..] => {
                let here: Vec<&str> = module.iter().copied().chain(file.modules_around(used.at)).collect();
                let target = resolve(&here, &segments);
                !target.iter().any(|part| PURE.contains(part))
            }
            ["std", part, ..] => OUTSIDE.contains(part),
            [first, ..] => known.contains(*first) && !ALLOWED.contains(first),
            [] => false,
        };
        if fault {
            let written = segments.join("::");
            let message = format!("a pure module may not use {written}; pass it in as a fact");
            findings.push(Finding::new(path, used.line, "purity", message));
        }
    }
    findings
}

fn check_async(path: &str, file: &RustFile) -> Vec<Finding> {
    let words = file.tokens().iter().enumerate().filter(|(at, token)| {
        token.kind == Kind::Word && matches!(token.text.as_str(), "async" | "await") && !file.is_test(*at)
    });
    words.map(|(_, token)| Finding::new(path, token.line, "purity", "rules are not async")).collect()
}

/// `model/case.rs` → `["model", "case"]`, `rules/mod.rs` → `["rules"]`, `lib.rs` → `[]`.
fn module_of(file: &str) -> Vec<&str> {
    let stem = file.strip_suffix(".rs").unwrap_or(file);
    let mut parts: Vec<&str> = stem.split('/').collect();
    if parts.last().is_some_and(|last| matches!(*last, "mod" | "lib" | "main")) {
        parts.pop();
    }
    parts
}

/// Follows `crate`, `self` and `super` from the module `here`.
fn resolve<'a>(here: &[&'a str], segments: &[&'a str]) -> Vec<&'a str> {
    let mut target: Vec<&str> = here.to_vec();
    for segment in segments {
        match *segment {
            "crate" => target.clear(),
            "self" => {}
            "super" => drop(target.pop()),
            other => target.push(other),
        }
    }
    target
}

/// Names under which other crates can be reached: all of ours and what the manifest lists.
fn known_crates(tree: &Tree, name: &str, ours: &[&str]) -> BTreeSet<String> {
    let manifest = tree.text(&format!("crates/{name}/Cargo.toml")).unwrap_or_default();
    let manifest: toml::Table = manifest.parse().unwrap_or_default();
    let listed = ["dependencies", "dev-dependencies"];
    let listed = listed.into_iter().flat_map(|section| dependencies(&manifest, section));
    ours.iter().map(|name| (*name).to_owned()).chain(listed).map(|name| name.replace('-', "_")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        let manifest = "[dependencies]\nkernel.workspace = true\nsea-orm.workspace = true\nserde = \"1\"\n";
        let tree = Tree::of(&[
            ("crates/kernel/Cargo.toml", ""),
            ("crates/platform/Cargo.toml", ""),
            ("crates/cases/Cargo.toml", manifest),
            (path, text),
        ]);
        check(&tree).into_iter().map(|f| f.line).collect()
    }

    #[test]
    fn the_pure_vocabulary_is_allowed() {
        let text = "use std::fmt;\nuse kernel::ids::CaseId;\nuse serde::Serialize;\nuse crate::model::Case;\n\
                    use super::errors::CaseError;\nfn f(x: Case) -> bool { Case::is_open(&x) }";
        assert!(lines("crates/cases/src/rules.rs", text).is_empty());
    }

    #[test]
    fn sql_platform_and_other_modules_are_refused() {
        let text = "use sea_orm::Entity;\nuse platform::db::Tx;\nuse crate::store::Row;\nuse super::queries;\n\
                    use std::{fmt, fs::File};\nfn f() { crate::api::list() }";
        assert_eq!(lines("crates/cases/src/rules.rs", text), [1, 2, 3, 4, 5, 6]);
        let beside = "`super` of a model's part is the model itself";
        assert_eq!(lines("crates/cases/src/model/case.rs", text), [1, 2, 3, 5, 6], "{beside}");
        assert!(lines("crates/cases/src/store.rs", text).is_empty());
    }

    #[test]
    fn super_is_followed_from_folders_and_inline_modules() {
        let text =
            "use super::verdict::Verdict;\nuse super::super::store::Row;\nmod inner { use super::super::X; }";
        assert_eq!(lines("crates/cases/src/rules/dispatch.rs", text), [2]);
        assert_eq!(lines("crates/cases/src/places/rules.rs", "use super::store::Row;"), [1]);
    }

    #[test]
    fn rules_are_not_async_but_their_tests_may_be_what_they_like() {
        assert_eq!(lines("crates/cases/src/rules.rs", "fn f() {}\nasync fn g() { h.await }"), [2, 2]);
        assert!(lines("crates/cases/src/rules/tests.rs", "use platform::db::Tx;").is_empty());
        let text = "#[cfg(test)]\nmod tests { use platform::db::Tx; async fn f() {} }";
        assert!(lines("crates/cases/src/rules.rs", text).is_empty());
    }
}
