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

/// A query that lists the columns of every table: `table_name, column_name, type, nullable, key_position`.
pub fn columns_query(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "SELECT m.name AS table_name, p.name AS column_name, p.type AS column_type, \
             CASE WHEN p.\"notnull\" = 1 THEN 'NO' ELSE 'YES' END AS nullable \
             FROM sqlite_master m JOIN pragma_table_info(m.name) p \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, p.cid"
        }
        Engine::Postgres => {
            "SELECT table_name::text, column_name::text, data_type::text AS column_type, is_nullable::text AS nullable \
             FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY table_name COLLATE \"C\", ordinal_position"
        }
    }
}

/// A query that lists the indexes made by migrations: `index_name, table_name`.
pub fn indexes_query(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "SELECT name AS index_name, tbl_name AS table_name FROM sqlite_master \
             WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
        }
        Engine::Postgres => {
            "SELECT indexname::text AS index_name, tablename::text AS table_name FROM pg_indexes \
             WHERE schemaname = current_schema() AND indexname NOT LIKE '%_pkey' ORDER BY indexname COLLATE \"C\""
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
