//! Every statement on a city's table names the city: raw SQL in string literals, SeaORM and sea-query builders.
//!
//! A statement that truly goes over all cities says why, on its own line or just above:
//! `// tidy: all cities — the operator's verify walks every city`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Finding;
use super::migrations;
use super::rust::{Kind, RustFile, Token};
use super::tree::{Tree, in_crate};

/// A table that a statement reads or changes. `update` counts only with its `set`, so that prose is not SQL.
static TOUCHED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?is)\b(?:from|join|delete\s+from)\s+\x22?(\w+)|\bupdate\s+(?:only\s+)?\x22?(\w+)\x22?\s+(?:as\s+)?(?:\w+\s+)?set\b",
    )
    .ok()
});
static SQL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?is)\b(?:select|delete|with|insert|update)\b.*\b(?:from|set)\b").ok());
static MARKER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"//\s*tidy: all cities\s*(?:—|–|-|:)+\s*\w").ok());

/// `find()` and the mass acts of an entity, each without arguments.
const ENTITY_ACTS: &[&str] = &["find", "update_many", "delete_many"];
/// The builders of sea-query.
const BUILDERS: &[&str] = &["select", "update", "delete"];

/// Statements on a city's table that do not name the city.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let tables = migrations::tables(tree);
    let entities = Entities::read(tree);
    let mut findings = Vec::new();
    for (path, file) in tree.rust() {
        let Some((owner, inside)) = in_crate(path) else { continue };
        if !inside.starts_with("src/") {
            continue;
        }
        let text = tree.text(path).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        for (at, message) in
            in_literals(file, &tables).chain(in_builders(file, owner, path, &tables, &entities))
        {
            if !is_marked(file, at, &lines) {
                findings.push(Finding::new(path, file.tokens()[at].line, "city-filter", message));
            }
        }
    }
    findings
}

fn in_literals<'f>(
    file: &'f RustFile,
    tables: &'f BTreeMap<String, bool>,
) -> impl Iterator<Item = (usize, String)> + 'f {
    let literals = file.tokens().iter().enumerate().filter_map(|(at, token)| Some((at, token.string()?)));
    literals.filter_map(|(at, sql)| {
        let is_sql = SQL.as_ref().is_some_and(|pattern| pattern.is_match(sql));
        if !is_sql || sql.to_lowercase().contains("city_id") {
            return None;
        }
        let touched = TOUCHED.as_ref()?.captures_iter(sql).filter_map(|c| c.get(1).or(c.get(2)));
        let table = touched.map(|m| m.as_str().to_lowercase()).find(|t| tables.get(t) == Some(&true))?;
        Some((at, format!("this statement on {table} does not name city_id")))
    })
}

fn in_builders<'f>(
    file: &'f RustFile,
    owner: &'f str,
    path: &'f str,
    tables: &'f BTreeMap<String, bool>,
    entities: &'f Entities,
) -> impl Iterator<Item = (usize, String)> + 'f {
    let functions = file.functions();
    file.paths().into_iter().filter(|used| !used.imported).filter_map(move |used| {
        let (act, before) = used.segments.split_last()?;
        let last = used.at + 3 * before.len();
        let end = last + 1;
        let called = file.tokens().get(end).is_some_and(|t| t.is("("))
            && file.tokens().get(end + 1).is_some_and(|t| t.is(")"));
        let builder = before.last()?;
        if !called {
            return None;
        }
        let scope = if ENTITY_ACTS.contains(&act.as_str()) && builder != "Query" {
            let module = before.iter().rev().nth(1).map(String::as_str);
            if entities.are_without_city(owner, module, path, file, used.at, tables) {
                return None;
            }
            used.at..file.statement_end(used.at)
        } else if builder == "Query" && BUILDERS.contains(&act.as_str()) {
            // a builder is often filled over several statements
            let around = functions.iter().rev().find(|f| f.tokens.contains(&used.at));
            used.at..around.map_or_else(|| file.statement_end(used.at), |f| f.tokens.end)
        } else {
            return None;
        };
        (!names_city(file, scope)).then(|| {
            (used.at, format!("{}() does not filter by CityId in its statement", used.segments.join("::")))
        })
    })
}

fn names_city(file: &RustFile, scope: Range<usize>) -> bool {
    file.tokens()[scope].iter().any(|token| match token.kind {
        Kind::Word => matches!(token.text.as_str(), "CityId" | "city_id"),
        Kind::Literal => token.text.contains("city_id"),
        Kind::Mark(_) | Kind::Open(_) | Kind::Close(_) => false,
    })
}

/// Whether the statement carries its reason: on one of its lines up to the finding, or in the comment above it.
fn is_marked(file: &RustFile, at: usize, lines: &[&str]) -> bool {
    let Some(marker) = MARKER.as_ref() else { return false };
    let first = file.tokens()[file.statement_start(at)].line;
    let last = file.tokens()[at].line;
    let above = lines.iter().take(first - 1).rev();
    let above = above.take_while(|line| line.trim_start().starts_with("//"));
    let own = lines.iter().take(last).skip(first - 1);
    above.chain(own).any(|line| marker.is_match(line))
}

/// Which module holds the entity of which table, read from `#[sea_orm(table_name = "…")]`.
#[derive(Debug, Default)]
struct Entities {
    /// (crate, module) → tables.
    tables: BTreeMap<(String, String), BTreeSet<String>>,
}

impl Entities {
    fn read(tree: &Tree) -> Self {
        let mut entities = Self::default();
        for (path, file) in tree.rust() {
            let Some((owner, _)) = in_crate(path) else { continue };
            for (at, window) in file.tokens().windows(3).enumerate() {
                if !window[0].is("table_name") || !window[1].is("=") {
                    continue;
                }
                let Some(table) = Token::string(&window[2]) else { continue };
                let key = (owner.to_owned(), module_at(path, file, at));
                entities.tables.entry(key).or_default().insert(table.to_lowercase());
            }
        }
        entities
    }

    /// Whether the entity that `module` names (or the code's own module) is known and has no city.
    fn are_without_city(
        &self,
        owner: &str,
        module: Option<&str>,
        path: &str,
        file: &RustFile,
        at: usize,
        tables: &BTreeMap<String, bool>,
    ) -> bool {
        let here = module_at(path, file, at);
        let module = match module {
            None | Some("self") => here,
            Some(name) => name.to_owned(),
        };
        let known = self.tables.get(&(owner.to_owned(), module));
        known.is_some_and(|names| names.iter().all(|name| tables.get(name) == Some(&false)))
    }
}

/// The innermost module around a token: an inline one, or the file's.
fn module_at(path: &str, file: &RustFile, at: usize) -> String {
    if let Some(inline) = file.modules_around(at).last() {
        return inline.to_owned();
    }
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    let stem = stem.strip_suffix("/mod").unwrap_or(stem);
    stem.rsplit('/').next().unwrap_or(stem).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIGRATION: &str =
        "create table cases_case (city_id bigint, id bigint);\ncreate table platform_lease (id bigint);";

    fn lines(text: &str) -> Vec<usize> {
        let tree = Tree::of(&[
            ("crates/cases/migrations/0001_cases.sql", MIGRATION),
            ("crates/cases/src/store.rs", text),
        ]);
        check(&tree).into_iter().map(|f| f.line).collect()
    }

    #[test]
    fn raw_sql_names_the_city() {
        let text = "const A: &str = \"SELECT id FROM cases_case WHERE city_id = $1\";\n\
                    const B: &str = \"SELECT id FROM cases_case WHERE id = $1\";\n\
                    const C: &str = \"update cases_case set id = 1\";\n\
                    const D: &str = r#\"DELETE FROM \"cases_case\"\"#;\n\
                    const E: &str = \"SELECT id FROM platform_lease\";\n\
                    const F: &str = \"cannot update cases_case\";\n\
                    const G: &str = \"rows come from cases_case\";\n\
                    /// SELECT 1 FROM cases_case\nconst H: u8 = 1;";
        assert_eq!(lines(text), [2, 3, 4]);
    }

    #[test]
    fn builders_name_the_city_in_their_statement() {
        let text = "mod case { #[sea_orm(table_name = \"cases_case\")] struct Model; }\n\
                    mod lease { #[sea_orm(table_name = \"platform_lease\")] struct Model; }\n\
                    fn f() {\n\
                    case::Entity::find().filter(case::Column::CityId.eq(city)).one(db);\n\
                    case::Entity::find().filter(case::Column::Id.eq(id)).one(db);\n\
                    case::Entity::update_many().exec(db); let x = case::Column::CityId;\n\
                    lease::Entity::find().all(db);\n\
                    case::Entity::delete_many()\n.filter(case::COLUMN.city_id.eq(city));\n\
                    names.iter().find(|n| n.len() > 1);\n}";
        assert_eq!(lines(text), [5, 6]);
    }

    #[test]
    fn query_builders_may_be_filled_over_several_statements() {
        let good = "fn f() { let mut q = Query::select(); q.and_where(Case::CityId.eq(city)); }";
        let bad = "fn g(city_id: CityId) { let mut q = Query::select(); q.from(Case::Table); }";
        assert!(lines(good).is_empty());
        assert_eq!(lines(bad), [1]);
    }

    #[test]
    fn a_reason_lets_a_statement_through_and_an_empty_one_does_not() {
        let text = "fn f() {\n// tidy: all cities — verify walks every city\nlet x =\n  case::Entity::find();\n\
                    // tidy: all cities —\nlet y = case::Entity::find();\n\
                    let z = case::Entity::find(); // tidy: all cities - the lease is global\n}";
        assert_eq!(lines(text), [6]);
    }
}
