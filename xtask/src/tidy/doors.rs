//! Who may import whom, checked on `use` lines and paths: what a manifest cannot say (test-only crates, the
//! rooms' `read` doors for readers and gateways).

use std::collections::BTreeSet;

use super::Finding;
use super::layers::{Layer, crates, layer, may_import, tests_may_import};
use super::rust::RustFile;
use super::tree::{Tree, in_crate, is_test_file};

/// Paths into a crate of ours that the importing crate may not use.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let ours = crates(tree);
    let mut findings = Vec::new();
    for (path, file) in tree.rust() {
        let Some((name, _)) = in_crate(path) else { continue };
        let Some(from) = layer(name) else { continue };
        let own = own_modules(tree, name);
        for used in file.paths() {
            let [first, rest @ ..] = used.segments.as_slice() else { continue };
            if first == name || own.contains(first.as_str()) || !ours.contains(&first.as_str()) {
                continue;
            }
            let Some(other) = layer(first) else { continue };
            let in_test = is_test_file(path) || file.is_test(used.at);
            let written = used.segments.join("::");
            let message = if !imports(from, other, in_test) {
                format!("{from:?} may not import {written}")
            } else if !through_door(from, other, rest.first().map(String::as_str)) && !in_test {
                format!("{from:?} may use a room only through its doors, not {written}")
            } else {
                continue;
            };
            findings.push(Finding::new(path, used.line, "doors", message));
        }
    }
    findings
}

fn imports(from: Layer, other: Layer, in_test: bool) -> bool {
    if in_test { tests_may_import(from, other) } else { may_import(from, other) }
}

/// Readers see a room's typed reads and figures; gateways also its commands.
fn through_door(from: Layer, other: Layer, door: Option<&str>) -> bool {
    if other != Layer::Room {
        return true;
    }
    match from {
        Layer::Reader => matches!(door, Some("read" | "FIGURES")),
        Layer::Gateway => matches!(door, Some("read" | "FIGURES" | "commands")),
        Layer::Kernel
        | Layer::Photo
        | Layer::Platform
        | Layer::Org
        | Layer::Room
        | Layer::Scenery
        | Layer::Demo
        | Layer::Testkit
        | Layer::Server => true,
    }
}

/// A crate's own modules: `cases::queue()` inside a crate that has a module `cases` is its own business.
fn own_modules<'t>(tree: &'t Tree, name: &str) -> BTreeSet<&'t str> {
    tree.rust()
        .filter(|(path, _)| in_crate(path).is_some_and(|(owner, _)| owner == name))
        .flat_map(|(_, file): (&str, &'t RustFile)| file.declared_modules())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        let tree = Tree::of(&[
            ("crates/kernel/Cargo.toml", ""),
            ("crates/cases/Cargo.toml", ""),
            ("crates/market/Cargo.toml", ""),
            ("crates/boards/Cargo.toml", ""),
            ("crates/exchange/Cargo.toml", ""),
            ("crates/testkit/Cargo.toml", ""),
            (path, text),
        ]);
        check(&tree).into_iter().map(|f| f.line).collect()
    }

    #[test]
    fn a_room_may_not_reach_into_another() {
        let text = "use kernel::ids::CaseId;\nuse cases::read::Queue;\nfn f() -> cases::Case { cases.len() }";
        assert_eq!(lines("crates/market/src/lib.rs", text), [2, 3]);
    }

    #[test]
    fn an_own_module_may_be_called_like_a_crate() {
        assert!(lines("crates/market/src/lib.rs", "mod cases;\nuse cases::Queue;").is_empty());
    }

    #[test]
    fn readers_take_the_read_door_and_gateways_also_commands() {
        let text = "use cases::read::Queue;\nuse cases::commands::Report;\nuse cases::store::Row;";
        assert_eq!(lines("crates/boards/src/lib.rs", text), [2, 3]);
        assert_eq!(lines("crates/exchange/src/lib.rs", text), [3]);
    }

    #[test]
    fn testkit_stays_in_tests() {
        let text = "use testkit::City;\n#[cfg(test)]\nmod tests { use testkit::City; }";
        assert_eq!(lines("crates/cases/src/lib.rs", text), [1]);
        assert!(lines("crates/cases/src/store/tests.rs", "use testkit::City;").is_empty());
        assert_eq!(lines("crates/kernel/tests/clock.rs", "use testkit::City;"), [1]);
    }
}
