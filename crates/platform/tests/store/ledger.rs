//! A small context to write with: accounts that carry a balance, a name that may be taken, and a history.

use kernel::id::{CityId, UserId};
use kernel::time::Time;
use platform::db::migrate::Migrations;
use platform::db::{Command, Fault, Tx};
use platform::journal::{Actor, Head, JournalEvent, Stamp, Stream};
use sea_orm::entity::prelude::*;
use sea_orm::{ExprTrait, QueryOrder, Set};
use serde::{Deserialize, Serialize};

/// Two tables; the name is a unique key beside the primary key.
pub const MIGRATIONS: Migrations =
    Migrations { context: "ledger", files: &[("2026_11_23_9000_ledger", include_str!("ledger.sql"))] };

pub mod account {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ledger_account")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub city_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub name: String,
        pub number: i64,
        pub balance: i64,
        pub version: i64,
        pub head_hash: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod line {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ledger_line")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub city_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub account_id: i64,
        pub amount: i64,
        pub note: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What happens to an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// It was opened under its running number.
    Opened { number: i64 },
    /// An amount was added.
    Moved { amount: i64 },
}

impl JournalEvent for Event {
    const STREAM: &'static str = "account";

    fn kind(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "opened",
            Self::Moved { .. } => "moved",
        }
    }
}

/// Where a command stops, if it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// It goes through.
    Never,
    /// It says no before it wrote anything.
    RefuseFirst,
    /// It says no after everything was noted, but nothing sent.
    RefuseNoted,
    /// It says no after a statement was sent.
    RefuseSent,
    /// It panics before it wrote anything.
    PanicFirst,
    /// It panics after a statement was sent.
    PanicSent,
}

/// What comes back when it did not work.
#[derive(Debug, Clone, thiserror::Error)]
pub enum No {
    /// The command itself said so.
    #[error("refused")]
    Refused,
    /// There is no such account.
    #[error("no such account")]
    Unknown,
    /// Below the rules.
    #[error(transparent)]
    Fault(#[from] Fault),
}

pub fn stamp() -> Stamp {
    Stamp { at: Time(1_772_413_200_000), actor: Actor::User(UserId(7)) }
}

/// Opens an account: row, event, timer, running number.
#[derive(Debug, Clone)]
pub struct Open {
    pub city: CityId,
    pub id: i64,
    pub name: String,
    pub stop: Stop,
}

impl Open {
    pub fn new(city: CityId, id: i64) -> Self {
        Self { city, id, name: format!("account {id}"), stop: Stop::Never }
    }

    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    pub fn stop(mut self, stop: Stop) -> Self {
        self.stop = stop;
        self
    }
}

impl Command for Open {
    type Done = i64;
    type Error = No;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<i64, No> {
        stop_first(self.stop)?;
        let number = tx.next_number("account").await?;
        let stream = Stream::of::<Event>(self.id);
        let head = tx.journal(stream, &Head::default(), &stamp(), &[Event::Opened { number }]);
        tx.insert(account::ActiveModel {
            city_id: Set(self.city.0),
            id: Set(self.id),
            name: Set(self.name.clone()),
            number: Set(number),
            balance: Set(0),
            version: Set(head.version),
            head_hash: Set(head.hash),
        });
        tx.timer(stamp().at.plus_ms(60_000), "ledger", self.id);
        stop_later(self.stop, tx, self.city, self.id).await?;
        Ok(number)
    }
}

/// Adds to an account: conditional update of the row, a line, an event.
#[derive(Debug, Clone)]
pub struct Move {
    pub city: CityId,
    pub id: i64,
    pub line: i64,
    pub amount: i64,
    pub stop: Stop,
}

impl Command for Move {
    type Done = i64;
    type Error = No;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<i64, No> {
        stop_first(self.stop)?;
        let row = account::Entity::find_by_id((self.city.0, self.id)).one(tx.conn().await?).await;
        let row = row.map_err(Fault::from)?.ok_or(No::Unknown)?;
        let before = Head { version: row.version, hash: row.head_hash };
        let head = tx.journal(
            Stream::of::<Event>(self.id),
            &before,
            &stamp(),
            &[Event::Moved { amount: self.amount }],
        );
        tx.insert(line::ActiveModel {
            city_id: Set(self.city.0),
            id: Set(self.line),
            account_id: Set(self.id),
            amount: Set(self.amount),
            note: Set((self.amount % 2 == 0).then(|| "even".to_owned())),
        });
        if self.stop == Stop::RefuseNoted {
            return Err(No::Refused);
        }
        let update = account::Entity::update_many()
            .col_expr(account::Column::Balance, Expr::col(account::Column::Balance).add(self.amount))
            .col_expr(account::Column::Version, Expr::value(head.version))
            .col_expr(account::Column::HeadHash, Expr::value(head.hash))
            .filter(account::Column::CityId.eq(self.city.0))
            .filter(account::Column::Id.eq(self.id))
            .filter(account::Column::Version.eq(before.version));
        if tx.update(update).await? != 1 {
            return Err(Fault::LostRace.into());
        }
        stop_later(self.stop, tx, self.city, self.id).await?;
        Ok(row.balance + self.amount)
    }
}

fn stop_first(stop: Stop) -> Result<(), No> {
    match stop {
        Stop::RefuseFirst => Err(No::Refused),
        Stop::PanicFirst => panic_quietly("on purpose, before a write"),
        Stop::Never | Stop::RefuseNoted | Stop::RefuseSent | Stop::PanicSent => Ok(()),
    }
}

async fn stop_later(stop: Stop, tx: &mut Tx, city: CityId, id: i64) -> Result<(), No> {
    match stop {
        Stop::Never | Stop::RefuseFirst | Stop::PanicFirst => Ok(()),
        Stop::RefuseNoted => Err(No::Refused),
        Stop::RefuseSent => {
            spoil(tx, city, id).await?;
            Err(No::Refused)
        }
        Stop::PanicSent => {
            spoil(tx, city, id).await?;
            panic_quietly("on purpose, after a write")
        }
    }
}

/// A balance that no honest command gives.
pub const SPOILED: i64 = 987_654_321;

/// Panics without a word on the terminal, where it would hide the true failures.
fn panic_quietly(said: &'static str) -> ! {
    std::panic::resume_unwind(Box::new(said))
}

/// A statement that would be seen if it survived.
async fn spoil(tx: &mut Tx, city: CityId, id: i64) -> Result<(), Fault> {
    let update = account::Entity::update_many()
        .col_expr(account::Column::Balance, Expr::value(SPOILED))
        .filter(account::Column::CityId.eq(city.0))
        .filter(account::Column::Id.lte(id));
    tx.update(update).await?;
    Ok(())
}

/// All accounts of a city by id.
pub async fn accounts(conn: &impl ConnectionTrait, city: CityId) -> Vec<account::Model> {
    let find = account::Entity::find().filter(account::Column::CityId.eq(city.0));
    find.order_by_asc(account::Column::Id).all(conn).await.unwrap()
}

/// All lines of a city by id.
pub async fn lines(conn: &impl ConnectionTrait, city: CityId) -> Vec<line::Model> {
    let find = line::Entity::find().filter(line::Column::CityId.eq(city.0));
    find.order_by_asc(line::Column::Id).all(conn).await.unwrap()
}
