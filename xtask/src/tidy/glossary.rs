//! The glossary names things that exist: every identifier in docs/glossary.md stands somewhere in the code.

use std::collections::BTreeSet;

use super::Finding;
use super::rust::Kind;
use super::tree::{Tree, in_crate};

const GLOSSARY: &str = "docs/glossary.md";
/// The table's header, in this order.
const COLUMNS: [&str; 4] = ["中文", "English", "identifier", "meaning"];

/// Rows whose identifier is not in the code, rows without four cells, and a glossary without its table.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(text) = tree.text(GLOSSARY) else { return Vec::new() };
    let words = words_of_the_code(tree);
    let mut findings = Vec::new();
    let mut tables = 0;
    let mut in_table = false;
    for (at, line) in text.lines().enumerate() {
        let cells = cells(line);
        let is_header = cells == COLUMNS;
        tables += usize::from(is_header);
        in_table = is_header || (in_table && !cells.is_empty());
        if !in_table || is_header || cells.iter().all(|cell| cell.chars().all(|c| matches!(c, '-' | ':'))) {
            continue;
        }
        match cells.as_slice() {
            [_, _, identifiers, _] => {
                let missing = names(identifiers).filter(|name| !words.contains(*name));
                findings.extend(missing.map(|name| {
                    Finding::new(GLOSSARY, at + 1, "glossary", format!("{name} is not in the code"))
                }));
            }
            _ => findings.push(Finding::new(GLOSSARY, at + 1, "glossary", "a row has four cells")),
        }
    }
    if tables == 0 {
        let message = format!("no table with the header | {} |", COLUMNS.join(" | "));
        findings.push(Finding::new(GLOSSARY, 1, "glossary", message));
    }
    findings
}

/// The cells of a table row; empty for any other line.
fn cells(line: &str) -> Vec<&str> {
    let Some(inner) = line.trim().strip_prefix('|') else { return Vec::new() };
    inner.strip_suffix('|').unwrap_or(inner).split('|').map(str::trim).collect()
}

/// `` `cases::Case`, `close()` `` → `Case`, `close`.
fn names(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([',', '、', '/', ' '])
        .map(|part| part.trim_matches(['`', '(', ')']))
        .map(|part| part.rsplit([':', '.']).next().unwrap_or(part))
        .filter(|part| part.chars().any(char::is_alphanumeric))
}

fn words_of_the_code(tree: &Tree) -> BTreeSet<&str> {
    let rust = tree.rust().filter(|(path, _)| in_crate(path).is_some());
    let rust = rust.flat_map(|(_, file)| file.tokens()).flat_map(|token| match token.kind {
        Kind::Word | Kind::Literal => split_words(&token.text),
        Kind::Mark(_) | Kind::Open(_) | Kind::Close(_) => split_words(""),
    });
    let endings = [".sql", ".ts", ".vue"];
    let others = tree.texts().filter(|(path, _)| endings.iter().any(|ending| path.ends_with(ending)));
    rust.chain(others.flat_map(|(_, text)| split_words(text))).collect()
}

fn split_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "# Glossary\n\n| 中文 | English | identifier | meaning |\n|---|---|---|---|\n";

    fn lines(rows: &str) -> Vec<usize> {
        let text = format!("{HEAD}{rows}");
        let code = "/// Ghost\npub struct Case; impl Case { fn close() { \"pre_verify\"; } }";
        check(&Tree::of(&[(GLOSSARY, &text), ("crates/cases/src/model.rs", code)]))
            .into_iter()
            .map(|f| f.line)
            .collect()
    }

    #[test]
    fn identifiers_must_stand_in_the_code() {
        let rows = "| 案件 | case | `cases::Case`, `close()` | a |\n| 鬼 | ghost | `Ghost` | a |\n\
                    | 预核 | pre-verification | `pre_verify` | a |\n| 无 | none | — | a |\n";
        assert_eq!(lines(rows), [6]);
    }

    #[test]
    fn rows_have_four_cells_and_the_table_must_be_there() {
        assert_eq!(lines("| 案件 | case | `Case` |\n"), [5]);
        let found = check(&Tree::of(&[(GLOSSARY, "# Glossary\n")]));
        assert_eq!(found.len(), 1);
        assert!(check(&Tree::of(&[])).is_empty());
    }
}
