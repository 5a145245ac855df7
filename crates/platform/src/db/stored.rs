//! Rows as they are stored, each read by itself. Verification reads through here: a row that somebody filled with
//! nonsense is named, and hides no other.
//!
//! SQLite stores any value in any column, so a value can be of another class than its column and still be read (`2` as
//! true, a text as bytes), while statements that look for it no longer find it. Such a row counts as unreadable.

use std::collections::BTreeSet;

use sea_orm::sqlx::{Row, TypeInfo, ValueRef};
use sea_orm::{
    ColumnTrait, ColumnType, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IdenStatic, Iterable,
    QueryResult, QueryTrait, Select,
};

use super::Fault;

/// A row that cannot be read as what its table holds.
#[derive(Debug)]
pub struct Unreadable {
    row: QueryResult,
    /// The first column that is not of its kind.
    pub column: String,
}

impl Unreadable {
    /// A number of the row, where that can be read.
    pub fn number(&self, column: &impl IdenStatic) -> Option<i64> {
        self.row.try_get("", column.as_str()).ok()
    }

    /// A text of the row, where that can be read.
    pub fn text(&self, column: &impl IdenStatic) -> Option<String> {
        self.row.try_get("", column.as_str()).ok()
    }
}

/// A row, or what is wrong with it.
pub type Stored<E> = Result<<E as EntityTrait>::Model, Unreadable>;

/// Runs a query for whole rows and reads each by itself.
///
/// # Errors
/// What the database says; a row that cannot be read is no error.
pub async fn stored_rows<E: EntityTrait>(
    conn: &impl ConnectionTrait,
    query: Select<E>,
) -> Result<Vec<Stored<E>>, Fault> {
    let statement = query.build(conn.get_database_backend());
    let rows = conn.query_all_raw(statement).await?;
    Ok(rows.into_iter().map(read::<E>).collect())
}

/// The values of one column of numbers in all rows of a query (for all ids of a table), and how many cannot be read.
///
/// # Errors
/// What the database says.
pub async fn stored_numbers<E: EntityTrait>(
    conn: &impl ConnectionTrait,
    query: Select<E>,
    column: E::Column,
) -> Result<(BTreeSet<i64>, usize), Fault> {
    use sea_orm::QuerySelect;
    let statement = query.select_only().column(column).build(conn.get_database_backend());
    let (mut numbers, mut unreadable) = (BTreeSet::new(), 0);
    for row in conn.query_all_raw(statement).await? {
        match row.try_get_by_index::<i64>(0) {
            Ok(number) => drop(numbers.insert(number)),
            Err(_strange) => unreadable += 1,
        }
    }
    Ok((numbers, unreadable))
}

fn read<E: EntityTrait>(row: QueryResult) -> Stored<E> {
    if let Some(column) = strange::<E>(&row) {
        return Err(Unreadable { row, column });
    }
    match E::Model::from_query_result(&row, "") {
        Ok(model) => Ok(model),
        Err(_) => {
            let broken = E::Column::iter().find(|column| !decodes(&row, *column));
            let column = broken.map_or("?", |column| IdenStatic::as_str(&column)).to_owned();
            Err(Unreadable { row, column })
        }
    }
}

/// The first column whose value is of another class than the column; PostgreSQL never holds one.
fn strange<E: EntityTrait>(row: &QueryResult) -> Option<String> {
    let sqlite = row.try_as_sqlite_row()?;
    let strange = |column: &E::Column| {
        let name = IdenStatic::as_str(column);
        let Ok(value) = sqlite.try_get_raw(name) else { return true };
        if value.is_null() {
            return false;
        }
        let class = value.type_info();
        match column.def().get_column_type() {
            ColumnType::Boolean => !matches!(row.try_get::<i64>("", name), Ok(0 | 1)),
            ColumnType::BigInteger | ColumnType::Integer => !matches!(class.name(), "INTEGER" | "BOOLEAN"),
            ColumnType::Double => class.name() != "REAL",
            ColumnType::String(_) | ColumnType::Text => class.name() != "TEXT",
            ColumnType::VarBinary(_) | ColumnType::Binary(_) | ColumnType::Blob => class.name() != "BLOB",
            _other => false,
        }
    };
    E::Column::iter().find(strange).map(|column| IdenStatic::as_str(&column).to_owned())
}

/// Can the value be read as what the column holds? Absent is fine here: whether it may be absent, the model says.
fn decodes<C: ColumnTrait>(row: &QueryResult, column: C) -> bool {
    fn get<T: sea_orm::TryGetable>(row: &QueryResult, name: &str) -> Result<(), DbErr> {
        row.try_get::<Option<T>>("", name).map(drop)
    }
    let name = IdenStatic::as_str(&column);
    let read = match column.def().get_column_type() {
        ColumnType::Boolean => get::<bool>(row, name),
        ColumnType::BigInteger => get::<i64>(row, name),
        ColumnType::Integer => get::<i32>(row, name),
        ColumnType::Double => get::<f64>(row, name),
        ColumnType::String(_) | ColumnType::Text => get::<String>(row, name),
        _bytes => get::<Vec<u8>>(row, name),
    };
    read.is_ok()
}
