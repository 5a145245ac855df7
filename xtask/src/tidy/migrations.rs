//! What the migrations say about tables: which of them belong to a city.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::tree::{Tree, in_crate};

static CREATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?is)\bcreate\s+(?:virtual\s+)?table\s+(?:if\s+not\s+exists\s+)?\x22?(\w+)\x22?([^;]*)").ok()
});

/// Every table of the migrations in `crates/*/migrations/`, and whether it has a `city_id`.
pub(super) fn tables(tree: &Tree) -> BTreeMap<String, bool> {
    let Some(create) = CREATE.as_ref() else { return BTreeMap::new() };
    let mut tables = BTreeMap::new();
    for (path, text) in tree.texts() {
        let is_migration = in_crate(path).is_some_and(|(_, inside)| inside.starts_with("migrations/"));
        if !is_migration || !path.ends_with(".sql") {
            continue;
        }
        let sql: String = text.lines().map(|line| line.split("--").next().unwrap_or_default()).fold(
            String::new(),
            |mut sql, line| {
                sql.push_str(line);
                sql.push('\n');
                sql
            },
        );
        for found in create.captures_iter(&sql) {
            tables.insert(found[1].to_lowercase(), found[2].to_lowercase().contains("city_id"));
        }
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_their_city_are_read() {
        let sql = "-- create table ghost (a);\nCREATE TABLE IF NOT EXISTS \"platform_lane\" (city_id BIGINT);\n\
                   create table lease (\n  id bigint, -- no city_id\n  at bigint);";
        let tree =
            Tree::of(&[("crates/platform/migrations/0001.sql", sql), ("docs/a.sql", "create table b (c);")]);
        let expected = BTreeMap::from([("lease".to_owned(), false), ("platform_lane".to_owned(), true)]);
        assert_eq!(tables(&tree), expected);
    }
}
