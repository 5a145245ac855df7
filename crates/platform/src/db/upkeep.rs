//! What an engine does not do by itself so that lists stay quick while records grow.

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, FromQueryResult, Statement};

use super::{Db, Fault, dialect};

/// What takes longer is given up, and begun again an hour later.
pub(super) const STATEMENT_TIMEOUT: &str = "10min";

#[derive(FromQueryResult)]
struct Mine {
    mine: bool,
}

#[derive(FromQueryResult)]
struct Hollow {
    index_name: String,
    left_over: bool,
}

impl Db {
    /// Lets the engine look at how its tables have grown. Takes milliseconds; for the start of a server and for every
    /// hour after it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn renew_statistics(&self) -> Result<(), Fault> {
        if let Some(sql) = dialect::renew_statistics(self.inner.engine) {
            self.inner.writer.execute_unprepared(sql).await?;
        }
        Ok(())
    }

    /// Writes anew the indexes whose pages are nearly empty, one after another, beside the running work, and answers
    /// with their names. Of several servers one does it. For every hour; it mostly finds nothing.
    ///
    /// # Errors
    /// What the database says. What was interrupted is cleared away and begun again the next time.
    pub async fn rebuild_hollow_indexes(&self) -> Result<Vec<String>, Fault> {
        let Some(lock) = dialect::upkeep_lock(self.inner.engine) else { return Ok(Vec::new()) };
        // A connection of its own: the lock is given back with it, and rebuilding may take longer than any other statement.
        let conn = Database::connect(self.inner.upkeep.clone()).await?;
        let rebuilt = rebuild(&conn, lock).await;
        conn.close().await?;
        rebuilt
    }
}

async fn rebuild(conn: &DatabaseConnection, lock: &str) -> Result<Vec<String>, Fault> {
    let backend = conn.get_database_backend();
    let mine = Mine::find_by_statement(Statement::from_string(backend, lock)).one(conn).await?;
    if !mine.is_some_and(|row| row.mine) {
        return Ok(Vec::new());
    }
    let query = Statement::from_string(backend, dialect::hollow_indexes_query());
    let mut rebuilt = Vec::new();
    for Hollow { index_name, left_over } in Hollow::find_by_statement(query).all(conn).await? {
        if left_over {
            conn.execute_unprepared(&dialect::drop_left_over(&index_name)).await?;
        } else {
            conn.execute_unprepared(&dialect::rebuild_index(&index_name)).await?;
            rebuilt.push(index_name);
        }
    }
    Ok(rebuilt)
}
