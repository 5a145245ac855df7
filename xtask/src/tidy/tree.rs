//! The repository's files, read once and shared by all rules.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Context;
use walkdir::{DirEntry, WalkDir};

use super::rust::RustFile;

/// Folders that hold what was made or fetched, by path from the root or by name anywhere.
const SKIPPED_PATHS: &[&str] = &["target", "data", "web/dist", "web/test-results", "web/playwright-report"];
const SKIPPED_NAMES: &[&str] = &[".git", "node_modules", "mutants.out", "mutants.out.old"];

/// Files whose text the rules read. Others (data, pictures) are known by path only.
const READ_ENDINGS: &[&str] = &[
    "rs", "toml", "lock", "md", "sql", "ts", "vue", "js", "mjs", "cjs", "json", "css", "html", "sh", "yml",
    "yaml",
];

/// Programs and recipes without an ending.
const READ_FOLDERS: &[&str] = &["scripts/", ".ci/"];

/// Longer files are data whatever their ending says.
const LONGEST_TEXT_BYTES: u64 = 1_500_000;

/// All files of the repository by path from its root, written with `/`.
#[derive(Debug, Default)]
pub(super) struct Tree {
    paths: BTreeSet<String>,
    texts: BTreeMap<String, String>,
    rust: BTreeMap<String, RustFile>,
    unreadable: Vec<String>,
}

impl Tree {
    /// Reads the working tree under `root` (committed or not; what is ignored by git is left out).
    pub(super) fn read(root: &Path) -> anyhow::Result<Self> {
        let mut tree = Self::default();
        for entry in WalkDir::new(root).into_iter().filter_entry(|entry| !is_skipped(root, entry)) {
            let entry = entry.context("cannot walk the repository")?;
            if !entry.file_type().is_file() {
                continue;
            }
            let path = relative(root, entry.path());
            let short = entry.metadata().is_ok_and(|meta| meta.len() <= LONGEST_TEXT_BYTES);
            if short && is_read(&path) {
                let bytes = std::fs::read(entry.path()).with_context(|| format!("cannot read {path}"))?;
                tree.add(&path, String::from_utf8_lossy(&bytes).into_owned());
            }
            tree.paths.insert(path);
        }
        Ok(tree)
    }

    /// A tree of planted files, for tests.
    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let mut tree = Self::default();
        for (path, text) in files {
            tree.paths.insert((*path).to_owned());
            tree.add(path, (*text).to_owned());
        }
        tree
    }

    fn add(&mut self, path: &str, text: String) {
        if path.ends_with(".rs") {
            match RustFile::lex(&text) {
                Some(file) => drop(self.rust.insert(path.to_owned(), file)),
                None => self.unreadable.push(path.to_owned()),
            }
        }
        self.texts.insert(path.to_owned(), text);
    }

    /// Rust files that do not even lex.
    pub(super) fn unreadable(&self) -> impl Iterator<Item = &str> {
        self.unreadable.iter().map(String::as_str)
    }

    /// Every file's path.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }

    /// Whether `path` is a file, or a folder with a file in it. The empty path is the root.
    pub(super) fn has(&self, path: &str) -> bool {
        if path.is_empty() || self.paths.contains(path) {
            return true;
        }
        let folder = format!("{path}/");
        self.paths.range(folder.clone()..).next().is_some_and(|next| next.starts_with(&folder))
    }

    /// The text of one file.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    /// Every file that was read.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Every Rust file, lexed.
    pub(super) fn rust(&self) -> impl Iterator<Item = (&str, &RustFile)> {
        self.rust.iter().map(|(path, file)| (path.as_str(), file))
    }
}

/// `crates/org/src/read.rs` → `("org", "src/read.rs")`; `None` outside `crates/`.
pub(super) fn in_crate(path: &str) -> Option<(&str, &str)> {
    path.strip_prefix("crates/")?.split_once('/')
}

/// Whether this Rust file holds tests only: `tests.rs`, or anything under a `tests` or `benches` folder.
pub(super) fn is_test_file(path: &str) -> bool {
    path.split('/').any(|part| matches!(part, "tests.rs" | "tests" | "benches"))
}

fn is_read(path: &str) -> bool {
    if path == "Makefile" || READ_FOLDERS.iter().any(|folder| path.starts_with(folder)) {
        return true;
    }
    path.rsplit_once('.').is_some_and(|(_, ending)| READ_ENDINGS.contains(&ending))
}

fn is_skipped(root: &Path, entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    SKIPPED_NAMES.contains(&name.as_ref()) || SKIPPED_PATHS.contains(&relative(root, entry.path()).as_str())
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_exist_through_their_files() {
        let tree = Tree::of(&[("docs/guides/context.md", ""), ("docs/guides-old.md", "")]);
        assert!(tree.has("docs/guides") && tree.has("docs") && tree.has(""));
        assert!(!tree.has("docs/guide") && !tree.has("docs/guides/context"));
    }

    #[test]
    fn a_real_folder_is_read_without_what_was_made() {
        let root = std::env::temp_dir().join(format!("tidy-tree-{}", std::process::id()));
        for folder in ["crates/org/data", "target/debug", "web/node_modules/vue", "data/demo"] {
            std::fs::create_dir_all(root.join(folder)).unwrap();
            std::fs::write(root.join(folder).join("a.rs"), "//! a\n").unwrap();
        }
        let tree = Tree::read(&root);
        std::fs::remove_dir_all(&root).unwrap();
        assert_eq!(tree.unwrap().paths().collect::<Vec<_>>(), ["crates/org/data/a.rs"]);
    }

    #[test]
    fn paths_tell_crate_and_tests() {
        assert_eq!(in_crate("crates/org/src/read.rs"), Some(("org", "src/read.rs")));
        assert_eq!(in_crate("xtask/src/main.rs"), None);
        assert!(is_test_file("crates/org/src/rules/tests.rs") && is_test_file("crates/org/tests/story.rs"));
        assert!(!is_test_file("crates/testkit/src/city.rs"));
    }
}
