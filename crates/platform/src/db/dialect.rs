//! What differs between the engines. Everything else is one SQL text (docs/sql-floor.md).

use super::Engine;

/// Replaces the tokens of a migration file: `{bytes}` is the column type for byte strings.
pub fn column_types(engine: Engine, sql: &str) -> String {
    let bytes = match engine {
        Engine::Sqlite => "BLOB",
        Engine::Postgres => "BYTEA",
    };
    sql.replace("{bytes}", bytes)
}

/// A statement that makes other servers wait until this one has migrated; on SQLite `BEGIN IMMEDIATE` does. A database
/// without advisory locks is migrated by one server before the others start.
pub fn migration_lock(engine: Engine) -> Option<&'static str> {
    match engine {
        Engine::Sqlite => None,
        Engine::Postgres => Some("SELECT pg_advisory_xact_lock(7391044120)"),
    }
}

/// What lets the planner know how the tables have grown, so that of several indexes it takes the one that fits. It looks
/// at samples and only at what has changed much. PostgreSQL does so by itself (autovacuum).
pub fn renew_statistics(engine: Engine) -> Option<&'static str> {
    match engine {
        Engine::Sqlite => Some("PRAGMA analysis_limit = 400; PRAGMA optimize = 0x10002"),
        Engine::Postgres => None,
    }
}

/// A query whose `mine` says whether this connection now does the upkeep, which no other does before it ends; none where an
/// engine needs no such upkeep.
pub fn upkeep_lock(engine: Engine) -> Option<&'static str> {
    match engine {
        Engine::Sqlite => None,
        Engine::Postgres => Some("SELECT pg_try_advisory_lock(7391044121) AS mine"),
    }
}

/// A query for the indexes that are hollow, as `index_name`, and `left_over` for what an interrupted [`rebuild_index`] left.
/// PostgreSQL never joins pages that are not wholly empty: where of a hundred neighbours one stays, as in what is still
/// open of a year, pages hold one entry each. Hollow is an index over 2 MB with more than 600 bytes for an entry; that of
/// the live cases takes 105 when it is new (docs/decisions/0013). SQLite joins such pages by itself.
pub fn hollow_indexes_query() -> &'static str {
    "SELECT n.relname::text AS index_name, NOT i.indisvalid AS left_over \
     FROM pg_index i JOIN pg_class n ON n.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid \
     WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind = 'r' \
     AND (NOT i.indisvalid AND n.relname ~ '_cc(new|old)[0-9]*$' \
     OR i.indisvalid AND n.reltuples >= 0 AND pg_relation_size(n.oid) > 2097152 \
     AND pg_relation_size(n.oid) > 600 * n.reltuples) ORDER BY n.relname::text COLLATE \"C\""
}

/// Writes an index anew beside the running work, which goes on reading and writing meanwhile.
pub fn rebuild_index(name: &str) -> String {
    format!("REINDEX INDEX CONCURRENTLY \"{name}\"")
}

/// Removes what an interrupted [`rebuild_index`] left.
pub fn drop_left_over(name: &str) -> String {
    format!("DROP INDEX CONCURRENTLY IF EXISTS \"{name}\"")
}

/// A query for the number `n` (0 or 1) of tables that note which migrations were applied: is this a database of ours?
pub fn ledger_query(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "SELECT count(*) AS n FROM sqlite_master WHERE type = 'table' AND name = 'platform_migration'"
        }
        Engine::Postgres => {
            "SELECT count(*) AS n FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_name = 'platform_migration'"
        }
    }
}

/// A query that lists the columns of every table: `table_name, column_name, column_type, nullable` (YES or NO) and
/// `key_position` (from 1 in the primary key, else 0).
pub fn columns_query(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "SELECT m.name AS table_name, p.name AS column_name, p.type AS column_type, \
             CASE WHEN p.\"notnull\" = 1 THEN 'NO' ELSE 'YES' END AS nullable, p.pk AS key_position \
             FROM sqlite_master m JOIN pragma_table_info(m.name) p \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, p.cid"
        }
        Engine::Postgres => {
            "SELECT c.table_name::text, c.column_name::text, c.data_type::text AS column_type, \
             c.is_nullable::text AS nullable, coalesce(k.ordinal_position, 0)::bigint AS key_position \
             FROM information_schema.columns c \
             LEFT JOIN information_schema.table_constraints t ON t.table_schema = c.table_schema \
             AND t.table_name = c.table_name AND t.constraint_type = 'PRIMARY KEY' \
             LEFT JOIN information_schema.key_column_usage k ON k.constraint_schema = t.constraint_schema \
             AND k.constraint_name = t.constraint_name AND k.column_name = c.column_name \
             WHERE c.table_schema = current_schema() \
             ORDER BY c.table_name::text COLLATE \"C\", c.ordinal_position"
        }
    }
}

/// A query that lists the indexes made by migrations: `kind` (index or unique), `index_name`, `table_name`, `columns`
/// in order, separated by a comma, and the `predicate` of a partial index (null for others).
pub fn indexes_query(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "SELECT CASE WHEN l.\"unique\" = 1 THEN 'unique' ELSE 'index' END AS kind, m.name AS index_name, \
             m.tbl_name AS table_name, (SELECT group_concat(name, ', ') FROM (SELECT x.name || \
             CASE WHEN x.\"desc\" = 1 THEN ' desc' ELSE '' END AS name \
             FROM pragma_index_xinfo(m.name) x WHERE x.key = 1 ORDER BY x.seqno)) AS columns, \
             CASE WHEN l.partial = 1 THEN substr(m.sql, instr(m.sql, ' WHERE ') + 7) END AS predicate \
             FROM sqlite_master m JOIN pragma_index_list(m.tbl_name) l ON l.name = m.name \
             WHERE m.type = 'index' AND m.sql IS NOT NULL ORDER BY m.name"
        }
        Engine::Postgres => {
            "SELECT CASE WHEN i.indisunique THEN 'unique' ELSE 'index' END AS kind, n.relname::text AS index_name, \
             t.relname::text AS table_name, (SELECT string_agg(pg_get_indexdef(i.indexrelid, k, false) || \
             CASE WHEN pg_index_column_has_property(i.indexrelid, k, 'desc') THEN ' desc' ELSE '' END, ', ' ORDER BY k) \
             FROM generate_series(1, i.indnkeyatts::int) k) AS columns, \
             trim(both '()' from pg_get_expr(i.indpred, i.indrelid)) AS predicate \
             FROM pg_index i JOIN pg_class n ON n.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid \
             WHERE t.relnamespace = current_schema()::regnamespace AND NOT i.indisprimary \
             ORDER BY n.relname::text COLLATE \"C\""
        }
    }
}

/// The name of a column type in the one schema snapshot of both engines.
pub fn plain_type(column_type: &str) -> &'static str {
    match column_type.to_ascii_lowercase().as_str() {
        "bigint" => "BIGINT",
        "integer" => "INTEGER",
        "text" => "TEXT",
        "boolean" => "BOOLEAN",
        "double precision" => "DOUBLE PRECISION",
        "blob" | "bytea" => "{bytes}",
        _other => "NOT ALLOWED",
    }
}
