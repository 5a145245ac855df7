//! Applying, undoing, and finishing what was interrupted.
//!
//! An act that was begun goes on without whoever asked for it: while an import is half done nobody else can change
//! anything, so a closed page must not leave it there. Two runners of one import do no harm: each piece leaves out what
//! the other has written already.

use std::collections::HashSet;
use std::future::Future;

use kernel::id::{CityId, UserId};
use kernel::problem::Lang;
use platform::auth::{Grants, grants_of_user};
use platform::db::Fault;
use platform::journal::{Actor, Stamp};
use platform::secrets::Secrets;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::commands::{Piece, Turn, Way};
use super::{NAMES_MAX, Preview, preview_of};
use crate::city::City;
use crate::commands::{CHUNK, Change, Edit, EditError, Step, after, unfit};
use crate::document::Kind;
use crate::errors::OrgError;
use crate::import::content::ChangeContent;
use crate::import::{ImportKind, UNDO_DAYS, removals_asked};
use crate::rights::{locks_out, widens};
use crate::state::{Org, computed};
use crate::store::{import, import_change};

impl Org {
    /// Writes what a preview says. Applying what is applied already changes nothing. Goes on when the caller does not
    /// wait for the end.
    ///
    /// # Errors
    /// [`OrgError::PreviewHasErrors`], [`OrgError::RemovalsUnconfirmed`] unless `removals` says how many records go where
    /// that is asked, [`OrgError::ChangedSince`] when anything of the hall changed since the preview,
    /// [`OrgError::WrongImportState`], [`OrgError::ImportRunning`], [`OrgError::OwnRights`].
    pub(crate) async fn import_apply(
        &self,
        id: CityId,
        by: UserId,
        import: i64,
        removals: Option<usize>,
    ) -> Result<Preview, EditError> {
        let org = self.clone();
        to_the_end(async move { org.apply_import(id, by, import, removals).await }).await
    }

    /// Throws away a preview that nobody wants to apply.
    ///
    /// # Errors
    /// [`OrgError::WrongImportState`] unless it waits; [`OrgError::ImportRunning`].
    pub(crate) async fn import_discard(&self, id: CityId, import_id: i64) -> Result<(), EditError> {
        self.import_row(id, import_id).await?;
        // First nobody can apply it any more; what a kill leaves behind here is swept.
        let turn = Turn::new(id, import_id, self.ctx.now(), (import::PREVIEW, import::READING));
        self.ctx.db.write(turn).await?;
        Ok(self.forget_import(id, import_id).await?)
    }

    /// Restores exactly what was before an import. Goes on when the caller does not wait for the end.
    ///
    /// # Errors
    /// [`OrgError::ChangedSince`] names the records that somebody changed since, or that are needed now;
    /// [`OrgError::WrongImportState`] unless it is applied; [`OrgError::UndoTooLate`]; [`OrgError::OwnRights`].
    pub(crate) async fn import_undo(
        &self,
        id: CityId,
        by: UserId,
        import: i64,
    ) -> Result<Preview, EditError> {
        let org = self.clone();
        to_the_end(async move { org.undo_import(id, by, import).await }).await
    }

    async fn apply_import(
        &self,
        id: CityId,
        by: UserId,
        import_id: i64,
        removals: Option<usize>,
    ) -> Result<Preview, EditError> {
        let row = self.import_row(id, import_id).await?;
        let preview = preview_of(&row)?;
        match row.state.as_str() {
            import::PREVIEW => {}
            import::APPLIED => return self.import_show(id, import_id).await,
            other => return Err(OrgError::WrongImportState(other.to_owned()).into()),
        }
        if !preview.errors.is_empty() {
            return Err(OrgError::PreviewHasErrors(preview.errors.len()).into());
        }
        let city = self.refresh(id).await?;
        if removals
            .map_or_else(|| removals_asked(&city, preview.kind, preview.removes), |n| n != preview.removes)
        {
            return Err(OrgError::RemovalsUnconfirmed(preview.removes).into());
        }
        let changes = self.import_changes(id, import_id).await?;
        if city.versions().policy != row.policy_version {
            let standing = city.records().standing();
            let changed = changes.iter().filter(|c| c.version_before != version_now(&city, &standing, c));
            let mut names = self.names(changed)?;
            if names.is_empty() {
                names.push("组织数据".to_owned());
            }
            return Err(OrgError::ChangedSince(names).into());
        }
        let (secrets, kind) = (self.ctx.secrets.clone(), preview.kind);
        let held = grants_of_user(&self.ctx, id, by).await?;
        computed(move || keep_own_rights(&city, kind, &forth(&secrets, &changes)?, (by, &held))).await??;
        let turn = Turn::new(id, import_id, self.ctx.now(), (import::PREVIEW, import::APPLYING));
        self.ctx.db.write(Turn { policy: Some(row.policy_version), by: Some(by), ..turn }).await?;
        self.import_end(id, Actor::User(by), import_id, Way::Forth).await?;
        self.import_show(id, import_id).await
    }

    async fn undo_import(&self, id: CityId, by: UserId, import_id: i64) -> Result<Preview, EditError> {
        let row = self.import_row(id, import_id).await?;
        let preview = preview_of(&row)?;
        match row.state.as_str() {
            import::APPLIED => {}
            import::UNDONE => return self.import_show(id, import_id).await,
            other => return Err(OrgError::WrongImportState(other.to_owned()).into()),
        }
        let city = self.refresh(id).await?;
        let changes = self.import_changes(id, import_id).await?;
        let too_late = preview.undo_until.is_none_or(|until| until < self.ctx.now());
        // Changes that an erased person took with him count as gone too.
        let gone = changes.is_empty() && preview.adds + preview.changes + preview.removes > 0;
        if too_late || gone {
            return Err(OrgError::UndoTooLate(UNDO_DAYS).into());
        }
        let touched = |c: &&import_change::Model| {
            let now = Kind::by_word(&c.record_kind).map(|kind| city.record_version(kind, c.record_id));
            now != c.version_after
        };
        let names = self.names(changes.iter().filter(touched))?;
        if !names.is_empty() {
            return Err(OrgError::ChangedSince(names).into());
        }
        let policy = city.versions().policy;
        let (secrets, kind) = (self.ctx.secrets.clone(), preview.kind);
        let held = grants_of_user(&self.ctx, id, by).await?;
        computed(move || {
            let todo = back(&secrets, &changes)?;
            nobody_needs(&city, &todo)?;
            keep_own_rights(&city, kind, &todo, (by, &held))
        })
        .await??;
        let turn = Turn::new(id, import_id, self.ctx.now(), (import::APPLIED, import::UNDOING));
        self.ctx.db.write(Turn { policy: Some(policy), by: Some(by), ..turn }).await?;
        self.import_end(id, Actor::User(by), import_id, Way::Back).await?;
        self.import_show(id, import_id).await
    }

    /// Finishes imports that were left half done: at the start those of the last run (`untouched_ms` 0), later those on
    /// which nobody has worked for so long.
    ///
    /// # Errors
    /// What the database says.
    pub async fn resume_imports(&self, id: CityId, untouched_ms: i64) -> Result<(), EditError> {
        let rows = import::Entity::find()
            .filter(import::Column::CityId.eq(id.0))
            .filter(import::Column::State.is_in([import::APPLYING, import::UNDOING]))
            .filter(import::Column::ChangedAt.lte(self.ctx.now().0 - untouched_ms))
            .all(self.ctx.db.reader())
            .await
            .map_err(Fault::from)?;
        for row in rows {
            tracing::info!(import = row.id, state = row.state, "an import goes on");
            let way = if row.state == import::APPLYING { Way::Forth } else { Way::Back };
            self.import_end(id, Actor::System("import"), row.id, way).await?;
        }
        Ok(())
    }

    /// Brings an import that was begun to its end, whoever began it.
    async fn import_end(&self, id: CityId, actor: Actor, import_id: i64, way: Way) -> Result<(), EditError> {
        let city = self.refresh(id).await?;
        let mut done = self.pieces(&city, actor, import_id, way).await;
        if way == Way::Forth && done.is_err() {
            // Judged before and locked meanwhile, so this is a fault below the rules. What was done is taken back.
            let turn = Turn::new(id, import_id, self.ctx.now(), (import::APPLYING, import::UNDOING));
            self.ctx.db.write(turn).await?;
            let back = self.pieces(&city, actor, import_id, Way::Back).await;
            done = back.and(done);
        }
        self.refresh(id).await?;
        self.follow_posts(id, actor).await;
        done
    }

    /// Does what is not done yet, piece by piece.
    async fn pieces(&self, city: &City, actor: Actor, import_id: i64, way: Way) -> Result<(), EditError> {
        let changes = self.import_changes(city.id(), import_id).await?;
        let secrets = self.ctx.secrets.clone();
        let todo = computed(move || match way {
            Way::Forth => forth(&secrets, &changes),
            Way::Back => back(&secrets, &changes),
        });
        let todo = todo.await??;
        let mut chunks = todo.chunks(CHUNK).peekable();
        // Even with nothing to do the state must turn.
        loop {
            let chunk = chunks.next().unwrap_or_default();
            let last = chunks.peek().is_none();
            let steps = chunk.iter().map(|(n, edit)| (*n, Step::of(edit, &self.ctx.secrets))).collect();
            let piece = Piece {
                city: city.id(),
                id: import_id,
                stamp: Stamp { at: self.ctx.now(), actor },
                policy: city.versions().policy,
                way,
                last,
                steps,
            };
            self.ctx.db.write(piece).await?;
            if last {
                return Ok(());
            }
        }
    }
}

/// The changes that are not written yet.
fn forth(secrets: &Secrets, changes: &[import_change::Model]) -> Result<Vec<(i32, Edit)>, Fault> {
    let mut todo = Vec::with_capacity(changes.len());
    for change in changes.iter().filter(|change| change.version_after.is_none()) {
        let wanted = ChangeContent::open(secrets, &change.content)?.change()?;
        todo.push((change.n, Edit { change: wanted, expected: Some(change.version_before) }));
    }
    Ok(todo)
}

/// What restores the changes that are written.
fn back(secrets: &Secrets, changes: &[import_change::Model]) -> Result<Vec<(i32, Edit)>, Fault> {
    let mut todo = Vec::with_capacity(changes.len());
    for change in changes.iter().rev() {
        let Some(after) = change.version_after else { continue };
        let content = ChangeContent::open(secrets, &change.content)?;
        // What the import removed does not stand, which is version 0 for a command.
        let removed = matches!(content.change()?, Change::Remove(..) | Change::Erase(_));
        let expected = Some(if removed { 0 } else { after });
        todo.push((change.n, Edit { change: content.inverse()?, expected }));
    }
    Ok(todo)
}

/// Refuses to take back what something else needs by now.
fn nobody_needs(city: &City, todo: &[(i32, Edit)]) -> Result<(), OrgError> {
    let edits: Vec<Edit> = todo.iter().map(|(_, edit)| edit.clone()).collect();
    let needed: Vec<String> = unfit(city, &edits)
        .into_iter()
        .take(NAMES_MAX)
        .map(|unfit| {
            let text = |name: &str| unfit.params.get(name).and_then(|text| text.as_str());
            let called =
                format!("{} {}", unfit.kind.name(Lang::Zh), city.records().code_of(unfit.kind, unfit.id));
            match text("by_zh") {
                Some(by) => format!("{called}（{by} {}仍在使用）", text("code").unwrap_or_default()),
                None => called,
            }
        })
        .collect();
    if needed.is_empty() { Ok(()) } else { Err(OrgError::ChangedSince(needed)) }
}

/// Runs an act to its end, even when the caller stops waiting for it.
async fn to_the_end<T: Send + 'static>(
    act: impl Future<Output = Result<T, EditError>> + Send + 'static,
) -> Result<T, EditError> {
    let ended = tokio::spawn(act).await;
    ended.map_err(|error| Fault::Panicked(error.to_string().into()))?
}

/// Nobody takes his own right to manage people: the last who has it could lock everybody out. And nobody gives himself
/// more, not by a colleague's workbook either.
fn keep_own_rights(
    city: &City,
    kind: ImportKind,
    todo: &[(i32, Edit)],
    (by, held): (UserId, &Grants),
) -> Result<(), EditError> {
    if kind != ImportKind::People {
        return Ok(());
    }
    let edits: Vec<Edit> = todo.iter().map(|(_, edit)| edit.clone()).collect();
    let after = after(city.records(), &edits).0;
    if locks_out(city, &after, by) {
        return Err(OrgError::OwnRights.into());
    }
    if widens(city, &after, by, held) { Err(OrgError::OwnRightsWider.into()) } else { Ok(()) }
}

/// The version of the record of a change as commands count: 0 when it does not stand.
fn version_now(city: &City, standing: &HashSet<(Kind, i64)>, change: &import_change::Model) -> i64 {
    let kind =
        Kind::by_word(&change.record_kind).filter(|kind| standing.contains(&(*kind, change.record_id)));
    kind.map_or(0, |kind| city.record_version(kind, change.record_id))
}
