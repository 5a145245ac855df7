//! Who may import whom: the table of docs/architecture.md, checked on the manifests.

use super::Finding;
use super::tree::{Tree, in_crate};

/// Where a crate stands in the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    /// Pure vocabulary.
    Kernel,
    /// Photos as bytes: pure like the kernel, but with libraries for pictures.
    Photo,
    /// Runtime, HTTP, SQL.
    Platform,
    /// Places, responsibility, people.
    Org,
    /// One context each.
    Room,
    /// Boards and bulletin: read the rooms.
    Reader,
    /// Exchange with other systems: reads the rooms and commands them.
    Gateway,
    /// Ground and pictures of the demo city: pure like the kernel, but with libraries for shapes and pictures.
    Scenery,
    /// The demo city: runs the rooms' commands under a simulated clock.
    Demo,
    /// What tests share.
    Testkit,
    /// The binary.
    Server,
}

const ROOMS: &[&str] = &[
    "cases",
    "supervision",
    "assessment",
    "survey",
    "practice",
    "volunteering",
    "points",
    "registry",
    "campaign",
    "market",
    "parking",
    "participation",
];

/// What the kernel may use from outside: data and tables only. The two of Unicode are what people see as one character, and
/// which characters are forms of the same.
const KERNEL_LIBRARIES: &[&str] =
    &["jiff", "serde", "serde_json", "thiserror", "unicode-normalization", "unicode-segmentation"];

/// The sections of a manifest that hold dependencies.
const SECTIONS: &[&str] = &["dependencies", "build-dependencies", "dev-dependencies"];

/// The layer of one of our crates; `None` for a name without a row in the table.
pub(super) fn layer(name: &str) -> Option<Layer> {
    match name {
        "kernel" => Some(Layer::Kernel),
        "photo" => Some(Layer::Photo),
        "platform" => Some(Layer::Platform),
        "org" => Some(Layer::Org),
        "boards" | "bulletin" => Some(Layer::Reader),
        "exchange" => Some(Layer::Gateway),
        "scenery" => Some(Layer::Scenery),
        "demo" => Some(Layer::Demo),
        "testkit" => Some(Layer::Testkit),
        "server" => Some(Layer::Server),
        room if ROOMS.contains(&room) => Some(Layer::Room),
        _ => None,
    }
}

/// Whether code of a crate on layer `from` may import the crate `other` of ours.
pub(super) fn may_import(from: Layer, other: Layer) -> bool {
    use Layer::{Demo, Gateway, Kernel, Org, Photo, Platform, Reader, Room, Scenery, Server, Testkit};
    match from {
        Kernel => false,
        Photo => other == Kernel,
        Scenery | Platform => matches!(other, Kernel | Photo),
        Org | Testkit => matches!(other, Kernel | Platform),
        Room => matches!(other, Kernel | Platform | Org),
        Reader | Gateway => matches!(other, Kernel | Platform | Org | Room),
        Demo => matches!(other, Kernel | Platform | Org | Room | Scenery),
        Server => other != Testkit && other != Server,
    }
}

/// Whether tests of a crate on layer `from` may use `other` as well. Testkit stands on kernel and platform: the
/// platform uses it in its `tests/` folder only, the kernel not at all.
pub(super) fn tests_may_import(from: Layer, other: Layer) -> bool {
    let below_testkit = matches!(from, Layer::Kernel | Layer::Testkit);
    may_import(from, other) || (other == Layer::Testkit && !below_testkit)
}

/// Names of the crates that stand under `crates/`.
pub(super) fn crates(tree: &Tree) -> Vec<&str> {
    tree.paths()
        .filter_map(in_crate)
        .filter(|(_, inside)| *inside == "Cargo.toml")
        .map(|(name, _)| name)
        .collect()
}

/// The names that a crate's manifest lists in one section, targets included.
pub(super) fn dependencies(manifest: &toml::Table, section: &str) -> Vec<String> {
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    let in_targets = targets.into_iter().flatten().filter_map(|(_, target)| target.get(section));
    manifest
        .get(section)
        .into_iter()
        .chain(in_targets)
        .filter_map(toml::Value::as_table)
        .flat_map(|table| table.keys().cloned())
        .collect()
}

/// Manifests that list a crate which the table does not allow, and crates without a row.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let ours = crates(tree);
    for name in &ours {
        let path = format!("crates/{name}/Cargo.toml");
        let Some(from) = layer(name) else {
            findings.push(Finding::new(
                &path,
                1,
                "layers",
                "no row for this crate in xtask/src/tidy/layers.rs",
            ));
            continue;
        };
        let text = tree.text(&path).unwrap_or_default();
        match text.parse::<toml::Table>() {
            Ok(manifest) => findings.extend(check_manifest(&path, text, from, &manifest, &ours)),
            Err(error) => findings.push(Finding::new(&path, 1, "layers", error.message())),
        }
    }
    findings
}

fn check_manifest(
    path: &str,
    text: &str,
    from: Layer,
    manifest: &toml::Table,
    ours: &[&str],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for section in SECTIONS {
        let for_tests = *section == "dev-dependencies";
        for name in dependencies(manifest, section) {
            let allowed = match layer(&name).filter(|_| ours.contains(&name.as_str())) {
                Some(other) if for_tests => tests_may_import(from, other),
                Some(other) => may_import(from, other),
                None => for_tests || from != Layer::Kernel || KERNEL_LIBRARIES.contains(&name.as_str()),
            };
            if !allowed {
                let message = format!("{from:?} may not import {name} under [{section}]");
                findings.push(Finding::new(path, line_of(text, section, &name), "layers", message));
            }
        }
    }
    findings
}

/// The line on which `name` stands below `[…section]`.
fn line_of(text: &str, section: &str, name: &str) -> usize {
    let ending = format!("{section}]");
    let header = text.lines().position(|line| line.trim().ends_with(&ending)).unwrap_or_default();
    let below = text.lines().skip(header).position(|line| line.trim_start().starts_with(name));
    header + below.unwrap_or_default() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(name: &str, manifest: &str) -> Vec<(usize, String)> {
        let path = format!("crates/{name}/Cargo.toml");
        let mut files = vec![(path.as_str(), manifest)];
        for other in ["kernel", "platform", "org", "cases", "market", "testkit"] {
            let other = ["crates/kernel/Cargo.toml", "crates/platform/Cargo.toml", "crates/org/Cargo.toml"]
                .into_iter()
                .chain(["crates/cases/Cargo.toml", "crates/market/Cargo.toml", "crates/testkit/Cargo.toml"])
                .find(|p| p.contains(other));
            files.extend(other.filter(|p| *p != path).map(|p| (p, "")));
        }
        check(&Tree::of(&files)).into_iter().map(|f| (f.line, f.message)).collect()
    }

    #[test]
    fn the_kernel_imports_nothing_of_ours_and_no_runtime() {
        let found =
            findings("kernel", "[dependencies]\nserde = \"1\"\ntokio = \"1\"\norg.workspace = true\n");
        let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [4, 3]);
    }

    #[test]
    fn rooms_do_not_import_each_other() {
        let found = findings("market", "[dependencies]\norg.workspace = true\ncases.workspace = true\n");
        assert_eq!(found, [(3, "Room may not import cases under [dependencies]".to_owned())]);
    }

    #[test]
    fn a_target_section_is_no_way_around() {
        let found = findings("org", "[target.'cfg(unix)'.dependencies]\ncases.workspace = true\n");
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn testkit_is_for_tests_only_and_not_below_platform() {
        let manifest = "[dev-dependencies]\ntestkit.workspace = true\n";
        assert!(findings("cases", manifest).is_empty());
        assert!(findings("platform", manifest).is_empty());
        assert_eq!(findings("kernel", manifest).len(), 1);
        assert_eq!(findings("server", "[dependencies]\ntestkit.workspace = true\n").len(), 1);
    }

    #[test]
    fn a_crate_without_a_row_is_named() {
        assert_eq!(findings("utils", "").len(), 1);
    }
}
