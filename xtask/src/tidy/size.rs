//! Files and functions stay short enough to be read whole.

use super::Finding;
use super::script;
use super::tree::Tree;

const FUNCTION_LINES: usize = 70;

/// Longest file by ending. A file near 400 lines becomes a folder split by verb.
const FILE_LINES: &[(&str, usize)] = &[
    ("rs", 500),
    ("vue", 300),
    ("ts", 500),
    ("js", 500),
    ("mjs", 500),
    ("css", 500),
    ("sql", 500),
    ("sh", 500),
];

/// Made by a program from something that is itself checked.
const GENERATED: &[&str] = &["web/src/kernel/api-types.ts"];

/// Files and functions that are too long.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts().filter(|(path, _)| !is_generated(path)) {
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        let lines = text.lines().count();
        let limit = FILE_LINES.iter().find(|(name, _)| *name == ending).map(|(_, limit)| *limit);
        if let Some(limit) = limit.filter(|limit| lines > *limit) {
            let message = format!("{lines} lines, at most {limit}; split by verb");
            findings.push(Finding::new(path, limit + 1, "file-length", message));
        }
        if matches!(ending, "ts" | "vue" | "js" | "mjs") {
            let functions = script::functions(path, text).into_iter().map(|f| (f.name, f.line, f.lines));
            findings.extend(too_long(path, functions));
        }
    }
    for (path, file) in tree.rust() {
        let functions = file.functions().into_iter().map(|f| (f.name, f.line, f.lines));
        findings.extend(too_long(path, functions));
    }
    findings
}

fn too_long(path: &str, functions: impl Iterator<Item = (String, usize, usize)>) -> Vec<Finding> {
    functions
        .filter(|(_, _, lines)| *lines > FUNCTION_LINES)
        .map(|(name, line, lines)| {
            let message = format!("{name} has {lines} lines, at most {FUNCTION_LINES}");
            Finding::new(path, line, "function-length", message)
        })
        .collect()
}

fn is_generated(path: &str) -> bool {
    GENERATED.contains(&path) || path.ends_with(".d.ts")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(path: &str, text: &str) -> Vec<(&'static str, usize)> {
        check(&Tree::of(&[(path, text)])).into_iter().map(|f| (f.rule, f.line)).collect()
    }

    #[test]
    fn long_files_are_found_by_kind() {
        assert!(rules("crates/org/src/a.rs", &"//! a\n".repeat(500)).is_empty());
        assert_eq!(rules("crates/org/src/a.rs", &"//! a\n".repeat(501)), [("file-length", 501)]);
        assert_eq!(rules("web/src/A.vue", &"<!-- a -->\n".repeat(301)), [("file-length", 301)]);
        assert!(rules("web/src/kernel/api-types.ts", &"//\n".repeat(900)).is_empty());
    }

    #[test]
    fn long_functions_are_found_in_rust_and_in_scripts() {
        let body = "  a();\n".repeat(69);
        let fits = format!("fn f() {{\n{}}}\n", "  a();\n".repeat(68));
        assert!(rules("crates/org/src/a.rs", &fits).is_empty());
        let rust = format!("//! a\nfn f() {{\n{body}}}\n");
        assert_eq!(rules("crates/org/src/a.rs", &rust), [("function-length", 2)]);
        let script = format!("const x = 1\nexport const f = async () => {{\n{body}}}\n");
        assert_eq!(rules("web/src/a.ts", &script), [("function-length", 2)]);
    }
}
