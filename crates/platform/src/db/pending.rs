//! Rows that commands noted and that wait to be written, table by table, once per batch.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;

use futures_util::future::BoxFuture;
use sea_orm::{ActiveModelTrait, EntityTrait, Iterable};

use super::conn::Conn;
use super::fault::Fault;

/// Values bound in one INSERT, below the limits of both engines (32,766 on SQLite, 65,535 on PostgreSQL).
pub(super) const VALUES_PER_INSERT: usize = 30_000;

/// Noted rows of all tables.
#[derive(Default)]
pub(super) struct Pending {
    tables: BTreeMap<TypeId, Box<dyn Rows>>,
}

impl Pending {
    pub(super) fn push<A>(&mut self, row: A)
    where
        A: ActiveModelTrait + Send + Sync + 'static,
    {
        let rows =
            self.tables.entry(TypeId::of::<A>()).or_insert_with(|| Box::new(TableRows::<A>::default()));
        if let Some(rows) = rows.as_any().downcast_mut::<TableRows<A>>() {
            rows.rows.push(row);
        }
    }

    /// From here on, rows are those of the next command.
    pub(super) fn mark(&mut self) {
        for rows in self.tables.values_mut() {
            rows.mark();
        }
    }

    /// Forgets the rows noted since the mark.
    pub(super) fn rewind(&mut self) {
        for rows in self.tables.values_mut() {
            rows.rewind();
        }
    }

    /// Was something noted since the mark that is not written yet?
    pub(super) fn any_since_mark(&self) -> bool {
        self.tables.values().any(|rows| rows.any_since_mark())
    }

    pub(super) async fn flush(&mut self, conn: &Conn) -> Result<(), Fault> {
        for rows in self.tables.values_mut() {
            rows.flush(conn).await?;
        }
        Ok(())
    }
}

/// Writes rows of one table, in as few statements as the bind limits allow.
pub(super) async fn insert_all<A>(rows: Vec<A>, conn: &Conn) -> Result<(), Fault>
where
    A: ActiveModelTrait + Send + Sync + 'static,
{
    let per_insert = rows_per_insert(<A::Entity as EntityTrait>::Column::iter().count());
    let mut rows = rows.into_iter();
    loop {
        let chunk: Vec<A> = rows.by_ref().take(per_insert).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        <A::Entity as EntityTrait>::insert_many(chunk).exec_without_returning(conn).await?;
    }
}

pub(super) fn rows_per_insert(columns: usize) -> usize {
    (VALUES_PER_INSERT / columns.max(1)).max(1)
}

/// Noted rows of one table, its type forgotten.
trait Rows: Send + Sync {
    fn mark(&mut self);
    fn rewind(&mut self);
    fn any_since_mark(&self) -> bool;
    fn flush<'a>(&'a mut self, conn: &'a Conn) -> BoxFuture<'a, Result<(), Fault>>;
    fn as_any(&mut self) -> &mut dyn Any;
}

struct TableRows<A> {
    rows: Vec<A>,
    /// How many of them are of the commands before.
    before: usize,
}

impl<A> Default for TableRows<A> {
    fn default() -> Self {
        Self { rows: Vec::new(), before: 0 }
    }
}

impl<A> Rows for TableRows<A>
where
    A: ActiveModelTrait + Send + Sync + 'static,
{
    fn mark(&mut self) {
        self.before = self.rows.len();
    }

    fn rewind(&mut self) {
        self.rows.truncate(self.before);
    }

    fn any_since_mark(&self) -> bool {
        self.rows.len() > self.before
    }

    fn flush<'a>(&'a mut self, conn: &'a Conn) -> BoxFuture<'a, Result<(), Fault>> {
        self.before = 0;
        Box::pin(insert_all(std::mem::take(&mut self.rows), conn))
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_insert_stays_below_the_bind_limit_of_sqlite() {
        for columns in 1..200 {
            let rows = rows_per_insert(columns);
            assert!(rows >= 1 && rows * columns <= 32_766, "{columns}");
        }
    }
}
