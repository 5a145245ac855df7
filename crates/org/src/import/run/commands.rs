//! The commands of imports.

use kernel::id::CityId;
use kernel::time::Time;
use platform::db::{Command, Fault, Tx};
use platform::idempotency::OnceKey;
use platform::journal::Stamp;
use platform::secrets::Secrets;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::city::City;
use crate::commands::{Apply, Edit, EditError, Step};
use crate::errors::OrgError;
use crate::store::{import, import_change};

/// Keeps changes of a preview, and with the last of them the preview itself.
pub(super) struct Save {
    pub(super) city: CityId,
    pub(super) changes: Vec<import_change::Model>,
    pub(super) row: Option<import::Model>,
    pub(super) key: Option<OnceKey>,
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
            if let Some(key) = &self.key {
                key.remember(tx, &row.id)?;
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
    pub(super) states: (&'static str, &'static str),
    /// The policy version at which this was judged.
    pub(super) policy: Option<i64>,
}

impl Turn {
    pub(super) fn new(city: CityId, id: i64, at: Time, states: (&'static str, &'static str)) -> Self {
        Self { city, id, at, states, policy: None }
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
        let update = import::Entity::update_many()
            .col_expr(import::Column::State, Expr::value(to))
            .col_expr(import::Column::DoneCount, Expr::value(0))
            .col_expr(import::Column::ChangedAt, Expr::value(self.at.0))
            .filter(import::Column::CityId.eq(self.city.0))
            .filter(import::Column::Id.eq(self.id))
            .filter(import::Column::State.eq(from));
        if tx.update(update).await? == 1 {
            Ok(())
        } else {
            Err(OrgError::WrongImportState(to.to_owned()).into())
        }
    }
}

/// A piece of an import's changes, forth or back.
pub(super) struct Piece {
    id: i64,
    apply: Apply,
    /// Numbers of the changes, in the order of the steps.
    numbers: Vec<i32>,
    /// The state after the last piece.
    finish: Option<&'static str>,
}

impl Piece {
    pub(super) fn new(
        city: &City,
        id: i64,
        stamp: Stamp,
        chunk: &[(i32, Edit)],
        finish: Option<&'static str>,
        secrets: &Secrets,
    ) -> Self {
        let apply = Apply {
            city: city.id(),
            stamp,
            policy: city.versions().policy,
            import: Some(id),
            // The snapshots change once, with the last piece.
            bump: finish.is_some(),
            steps: chunk.iter().map(|(_, edit)| Step::of(edit, secrets)).collect(),
        };
        Self { id, apply, numbers: chunk.iter().map(|(n, _)| *n).collect(), finish }
    }

    async fn note(&self, tx: &mut Tx, n: i32, version: Option<i64>) -> Result<(), Fault> {
        let update = import_change::Entity::update_many()
            .col_expr(import_change::Column::VersionAfter, Expr::value(version))
            .filter(import_change::Column::CityId.eq(self.apply.city.0))
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
        self.apply.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), EditError> {
        let row = import::Entity::find()
            .filter(import::Column::CityId.eq(self.apply.city.0))
            .filter(import::Column::Id.eq(self.id))
            .one(tx.conn().await?)
            .await
            .map_err(Fault::from)?;
        let state = row.map(|row| row.state).unwrap_or_default();
        let forth = state == import::APPLYING;
        if !forth && state != import::UNDOING {
            return Err(OrgError::WrongImportState(state).into());
        }
        let written = self.apply.write(tx).await?;
        for (n, version) in self.numbers.iter().zip(written.versions) {
            self.note(tx, *n, forth.then_some(version)).await?;
        }
        let done = i32::try_from(self.numbers.len()).unwrap_or(i32::MAX);
        let update = import::Entity::update_many()
            .col_expr(import::Column::State, Expr::value(self.finish.unwrap_or(&state)))
            .col_expr(import::Column::DoneCount, Expr::col(import::Column::DoneCount).add(done))
            .col_expr(import::Column::ChangedAt, Expr::value(self.apply.stamp.at.0))
            .filter(import::Column::CityId.eq(self.apply.city.0))
            .filter(import::Column::Id.eq(self.id));
        tx.update(update).await?;
        Ok(())
    }
}
