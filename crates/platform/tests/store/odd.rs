//! Commands that do one odd thing each.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::FutureExt;
use kernel::id::CityId;
use platform::db::{Command, Fault, Tx};
use platform::journal::{Head, JournalEvent, Stream};
use sea_orm::Set;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ledger::{Event, No, Open, account, line, stamp};

/// How often a command was run.
#[derive(Debug, Clone, Default)]
pub struct Runs(Arc<AtomicU32>);

impl Runs {
    pub fn count(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }

    pub fn one_more(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// Counts its runs, then does what `then` does.
pub struct Counted {
    pub city: CityId,
    pub runs: Runs,
    pub then: Open,
}

impl Command for Counted {
    type Done = i64;
    type Error = No;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<i64, No> {
        self.runs.one_more();
        self.then.run(tx).await
    }
}

/// Reads accounts and says no.
pub struct ReadThenRefuse {
    city: CityId,
}

impl ReadThenRefuse {
    pub fn of(city: CityId) -> Self {
        Self { city }
    }
}

impl Command for ReadThenRefuse {
    type Done = i64;
    type Error = No;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<i64, No> {
        let find = account::Entity::find().filter(account::Column::CityId.eq(self.city.0));
        find.all(tx.conn().await?).await.map_err(Fault::from)?;
        Err(No::Refused)
    }
}

/// Asks to be woken, always at the same moment.
pub struct Wake {
    pub city: CityId,
}

impl Command for Wake {
    type Done = ();
    type Error = Fault;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), Fault> {
        tx.timer(stamp().at, "ledger", 1);
        tx.timer(stamp().at, "ledger", 1);
        Ok(())
    }
}

/// Notes many rows and many events at once.
pub struct ManyLines {
    pub city: CityId,
    pub lines: i64,
}

impl Command for ManyLines {
    type Done = ();
    type Error = Fault;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), Fault> {
        let mut head = Head::default();
        for id in 1..=self.lines {
            head = tx.journal(Stream::of::<Event>(1), &head, &stamp(), &[Event::Moved { amount: id }]);
            tx.insert(line::ActiveModel {
                city_id: Set(self.city.0),
                id: Set(id),
                account_id: Set(1),
                amount: Set(id),
                note: Set(None),
            });
        }
        Ok(())
    }
}

/// Renames an account: one statement, nothing noted.
pub struct Rename {
    pub city: CityId,
    pub id: i64,
    pub name: &'static str,
}

impl Rename {
    fn update(&self) -> sea_orm::UpdateMany<account::Entity> {
        account::Entity::update_many()
            .col_expr(account::Column::Name, Expr::value(self.name))
            .filter(account::Column::CityId.eq(self.city.0))
            .filter(account::Column::Id.eq(self.id))
    }
}

impl Command for Rename {
    type Done = ();
    type Error = No;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), No> {
        tx.update(self.update()).await?;
        Ok(())
    }
}

/// Renames, and does not care whether that worked.
pub struct Swallow(pub Rename);

impl Command for Swallow {
    type Done = ();
    type Error = No;

    fn city(&self) -> CityId {
        self.0.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), No> {
        drop(tx.update(self.0.update()).await);
        Ok(())
    }
}

/// Renames by a slow statement, and does not wait for the answer.
pub struct Abandon(pub Rename);

impl Command for Abandon {
    type Done = ();
    type Error = No;

    fn city(&self) -> CityId {
        self.0.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), No> {
        let slow = format!(
            "UPDATE ledger_account SET name = '{}' WHERE city_id = {} AND id = {} AND 0 < (WITH RECURSIVE \
             counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 200000) \
             SELECT max(n) FROM counted)",
            self.0.name, self.0.city, self.0.id
        );
        let mut update = tx.conn_for_write().await?.execute_unprepared(&slow);
        assert!((&mut update).now_or_never().is_none());
        drop(update);
        Ok(())
    }
}

/// Reads from a table that is not there, and refuses as if it had been.
pub struct BadRead {
    pub city: CityId,
}

impl Command for BadRead {
    type Done = ();
    type Error = No;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), No> {
        let read = tx.conn().await?.execute_unprepared("SELECT 1 FROM no_such_table").await;
        assert!(read.is_err());
        Err(No::Refused)
    }
}

/// Panics where nobody expects it: when its future is asked for, or when the value is dropped.
pub struct Kamikaze {
    pub city: CityId,
    pub in_run: bool,
}

impl Command for Kamikaze {
    type Done = i64;
    type Error = No;

    fn city(&self) -> CityId {
        self.city
    }

    fn run(&self, _tx: &mut Tx) -> impl Future<Output = Result<i64, No>> + Send {
        assert!(!self.in_run, "on purpose, before the future");
        async { Ok(0) }
    }
}

impl Drop for Kamikaze {
    fn drop(&mut self) {
        assert!(self.in_run || std::thread::panicking(), "on purpose, while dropped");
    }
}

/// Writes a large row by a statement of its own into a SQLite file that may have so many pages.
pub struct Fill {
    pub city: CityId,
    pub id: i64,
    pub pages_max: u32,
}

impl Command for Fill {
    type Done = ();
    type Error = No;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), No> {
        let conn = tx.conn_for_write().await?;
        let limit = format!("PRAGMA max_page_count = {}", self.pages_max);
        conn.execute_unprepared(&limit).await.map_err(Fault::from)?;
        let row = account::ActiveModel {
            city_id: Set(self.city.0),
            id: Set(self.id),
            name: Set(format!("{} {}", self.id, "x".repeat(20_000))),
            number: Set(0),
            balance: Set(0),
            version: Set(0),
            head_hash: Set(Vec::new()),
        };
        account::Entity::insert(row).exec_without_returning(conn).await.map_err(Fault::from)?;
        Ok(())
    }
}

/// Notes two lines with the same note.
pub struct SameNote {
    pub city: CityId,
    pub runs: Runs,
}

impl Command for SameNote {
    type Done = i64;
    type Error = No;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<i64, No> {
        self.runs.one_more();
        for id in 1..=2 {
            tx.insert(line::ActiveModel {
                city_id: Set(self.city.0),
                id: Set(id),
                account_id: Set(1),
                amount: Set(id),
                note: Set(Some("same".to_owned())),
            });
        }
        Ok(0)
    }
}

/// Ends its own connection when it is run for the first time (PostgreSQL).
pub struct Hangup {
    pub city: CityId,
    pub runs: Runs,
}

impl Command for Hangup {
    type Done = i64;
    type Error = No;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<i64, No> {
        self.runs.one_more();
        if self.runs.count() == 1 {
            let conn = tx.conn().await?;
            let end = conn.execute_unprepared("SELECT pg_terminate_backend(pg_backend_pid())").await;
            end.map_err(Fault::from)?;
        }
        Ok(0)
    }
}

/// An event of another context.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Happened {
    what: String,
}

impl JournalEvent for Happened {
    const STREAM: &'static str = "foreign";

    fn kind(&self) -> &'static str {
        "happened"
    }
}

/// Writes an event of a stream that is no account.
pub struct Foreign {
    pub city: CityId,
}

impl Command for Foreign {
    type Done = ();
    type Error = Fault;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), Fault> {
        let event = Happened { what: "something".to_owned() };
        tx.journal(Stream::of::<Happened>(1), &Head::default(), &stamp(), &[event]);
        Ok(())
    }
}

/// Ends the transaction under the driver's feet by a statement that fails, as SQLite does on a full disk.
pub struct EndTransaction {
    pub city: CityId,
}

impl Command for EndTransaction {
    type Done = i64;
    type Error = No;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<i64, No> {
        let conn = tx.conn().await?;
        conn.execute_unprepared("ROLLBACK").await.map_err(Fault::from)?;
        conn.execute_unprepared("SELECT 1 FROM no_such_table").await.map_err(Fault::from)?;
        Ok(0)
    }
}

/// Does nothing, if the facts of its caller are of the newest policies.
pub struct Judge {
    pub city: CityId,
    pub policy: i64,
}

impl Command for Judge {
    type Done = ();
    type Error = Fault;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), Fault> {
        tx.expect_policy(self.policy).await
    }
}

/// Changes the policies; or tries to and refuses.
pub struct Change {
    pub city: CityId,
    pub refuse: bool,
}

impl Command for Change {
    type Done = i64;
    type Error = Fault;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<i64, Fault> {
        let version = tx.bump_policy_version().await?;
        if self.refuse { Err(Fault::LostRace) } else { Ok(version) }
    }
}
