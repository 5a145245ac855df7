//! The commands of imports.

use std::collections::HashSet;

use kernel::id::{CityId, UserId};
use kernel::time::Time;
use platform::db::{Command, Fault, Tx};
use platform::idempotency::OnceKey;
use platform::journal::Stamp;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::commands::{Apply, EditError, Step};
use crate::errors::OrgError;
use crate::store::{import, import_change};

/// Keeps a preview, with the first of its changes, or more of them. With the last it is there for everybody.
pub(super) struct Save {
    pub(super) city: CityId,
    pub(super) id: i64,
    pub(super) changes: Vec<import_change::Model>,
    pub(super) row: Option<import::Model>,
    pub(super) key: Option<OnceKey>,
    pub(super) last: bool,
}

impl Command for Save {
    type Done = ();
    type Error = EditError;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), EditError> {
        for change in &self.changes {
            tx.insert_model(change.clone());
        }
        if let Some(row) = &self.row {
            tx.insert_model(row.clone());
        }
        if self.last {
            let shown = import::Entity::update_many()
                .col_expr(import::Column::State, Expr::value(import::PREVIEW))
                .filter(import::Column::CityId.eq(self.city.0))
                .filter(import::Column::Id.eq(self.id));
            tx.update(shown).await?;
            if let Some(key) = &self.key {
                key.remember(tx, &self.id)?;
            }
        }
        Ok(())
    }
}

/// Turns an import from one state to the next, if it is in the first and no other import is under way.
pub(super) struct Turn {
    pub(super) city: CityId,
    pub(super) id: i64,
    pub(super) at: Time,
    /// Who turns it; `None` where nobody does but the machine.
    pub(super) by: Option<UserId>,
    pub(super) states: (&'static str, &'static str),
    /// The policy version at which this was judged.
    pub(super) policy: Option<i64>,
}

impl Turn {
    pub(super) fn new(city: CityId, id: i64, at: Time, states: (&'static str, &'static str)) -> Self {
        Self { city, id, at, by: None, states, policy: None }
    }
}

impl Command for Turn {
    type Done = ();
    type Error = EditError;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), EditError> {
        if let Some(policy) = self.policy {
            tx.expect_policy(policy).await?;
        }
        if import::under_way(tx.conn().await?, self.city, Some(self.id)).await? {
            return Err(OrgError::ImportRunning.into());
        }
        let (from, to) = self.states;
        let mut update = import::Entity::update_many()
            .col_expr(import::Column::State, Expr::value(to))
            .col_expr(import::Column::DoneCount, Expr::value(0))
            .col_expr(import::Column::ChangedAt, Expr::value(self.at.0))
            .filter(import::Column::CityId.eq(self.city.0))
            .filter(import::Column::Id.eq(self.id))
            .filter(import::Column::State.eq(from));
        if let Some(by) = self.by {
            update = update.col_expr(import::Column::ChangedBy, Expr::value(by.0));
        }
        if tx.update(update).await? == 1 {
            Ok(())
        } else {
            Err(OrgError::WrongImportState(to.to_owned()).into())
        }
    }
}

/// In which direction an import is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Applying it.
    Forth,
    /// Restoring what was before.
    Back,
}

impl Way {
    /// The state while it is under way, and that after the last piece.
    const fn states(self) -> (&'static str, &'static str) {
        match self {
            Self::Forth => (import::APPLYING, import::APPLIED),
            Self::Back => (import::UNDOING, import::UNDONE),
        }
    }
}

/// A piece of an import's changes.
pub(super) struct Piece {
    pub(super) city: CityId,
    pub(super) id: i64,
    pub(super) stamp: Stamp,
    /// The policy version at which the import was judged.
    pub(super) policy: i64,
    pub(super) way: Way,
    /// With the last piece the state turns and the snapshots change.
    pub(super) last: bool,
    /// Numbers of the changes, with what each does.
    pub(super) steps: Vec<(i32, Step)>,
}

impl Piece {
    /// The steps that another runner has not written meanwhile.
    async fn open(&self, tx: &mut Tx) -> Result<Vec<(i32, Step)>, Fault> {
        let numbers = self.steps.iter().map(|(n, _)| *n);
        let rows: Vec<(i32, Option<i64>)> = import_change::Entity::find()
            .select_only()
            .column(import_change::Column::N)
            .column(import_change::Column::VersionAfter)
            .filter(import_change::Column::CityId.eq(self.city.0))
            .filter(import_change::Column::ImportId.eq(self.id))
            .filter(import_change::Column::N.is_in(numbers))
            .into_tuple()
            .all(tx.conn().await?)
            .await?;
        let written: HashSet<i32> =
            rows.into_iter().filter(|(_, after)| after.is_some()).map(|(n, _)| n).collect();
        let open = |n: &i32| written.contains(n) == (self.way == Way::Back);
        Ok(self.steps.iter().filter(|(n, _)| open(n)).cloned().collect())
    }

    async fn note(&self, tx: &mut Tx, n: i32, version: Option<i64>) -> Result<(), Fault> {
        let update = import_change::Entity::update_many()
            .col_expr(import_change::Column::VersionAfter, Expr::value(version))
            .filter(import_change::Column::CityId.eq(self.city.0))
            .filter(import_change::Column::ImportId.eq(self.id))
            .filter(import_change::Column::N.eq(n));
        tx.update(update).await?;
        Ok(())
    }
}

impl Command for Piece {
    type Done = ();
    type Error = EditError;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), EditError> {
        let row = import::Entity::find()
            .filter(import::Column::CityId.eq(self.city.0))
            .filter(import::Column::Id.eq(self.id))
            .one(tx.conn().await?)
            .await
            .map_err(Fault::from)?;
        let state = row.map(|row| row.state).unwrap_or_default();
        let (under_way, finished) = self.way.states();
        if state == finished {
            // Another runner was faster.
            return Ok(());
        }
        if state != under_way {
            return Err(OrgError::WrongImportState(state).into());
        }
        let (numbers, steps): (Vec<i32>, Vec<Step>) = self.open(tx).await?.into_iter().unzip();
        let apply = Apply {
            city: self.city,
            stamp: self.stamp,
            policy: self.policy,
            import: Some(self.id),
            bump: self.last,
            steps,
        };
        let written = apply.write(tx).await?;
        for (n, version) in numbers.iter().zip(written.versions) {
            self.note(tx, *n, (self.way == Way::Forth).then_some(version)).await?;
        }
        let done = i32::try_from(numbers.len()).unwrap_or(i32::MAX);
        let update = import::Entity::update_many()
            .col_expr(import::Column::State, Expr::value(if self.last { finished } else { under_way }))
            .col_expr(import::Column::DoneCount, Expr::col(import::Column::DoneCount).add(done))
            .col_expr(import::Column::ChangedAt, Expr::value(self.stamp.at.0))
            .filter(import::Column::CityId.eq(self.city.0))
            .filter(import::Column::Id.eq(self.id));
        tx.update(update).await?;
        Ok(())
    }
}
