//! Previews, applying, undoing.

mod commands;

use std::sync::LazyLock;

use kernel::id::{CityId, UserId};
use kernel::time::Time;
use platform::db::Fault;
use platform::idempotency::{Once, OnceKey, once};
use platform::journal::{Actor, Stamp};
use platform::web::Dictionary;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::content::ChangeContent;
use super::plan::{CellError, Plan, Shown};
use super::sheet::{Facts, read};
use super::{ImportKind, template};
use crate::city::City;
use crate::commands::{CHUNK, Change, Edit, EditError, after, unfit};
use crate::document::Kind;
use crate::errors::OrgError;
use crate::rights::locks_out;
use crate::state::Org;
use crate::store::{import, import_change, people};
use commands::{Piece, Save, Turn};

/// How many imports the list goes back.
const LISTED: u64 = 50;
/// Changes per command that keeps a preview.
const KEPT_PER_COMMAND: usize = 1_000;
/// Most names that a refusal lists.
const NAMES_MAX: usize = 20;

static WORDS: LazyLock<Dictionary> =
    LazyLock::new(|| Dictionary::read(&[platform::web::PROBLEMS, crate::PROBLEMS]).unwrap_or_default());

/// An import as its page shows it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Preview {
    pub(crate) id: i64,
    pub(crate) kind: ImportKind,
    pub(crate) file_name: String,
    pub(crate) state: String,
    pub(crate) rows: usize,
    pub(crate) adds: usize,
    pub(crate) changes: usize,
    pub(crate) removes: usize,
    pub(crate) errors: Vec<CellError>,
    pub(crate) diff: Vec<Shown>,
    pub(crate) made_at: Time,
}

/// A workbook that came in.
pub(crate) struct Workbook {
    pub(crate) kind: ImportKind,
    pub(crate) file_name: String,
    pub(crate) bytes: Vec<u8>,
}

impl Org {
    /// The template of a kind for a city: headings, hints, examples, and the codes that the city knows.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn import_template(&self, id: CityId, kind: ImportKind) -> Result<Vec<u8>, Fault> {
        let city = self.city(id).await?;
        let made = tokio::task::spawn_blocking(move || template::workbook(&city, kind)).await;
        let failed = |why: String| Fault::Unreadable(format!("template: {why}").into());
        made.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))
    }

    /// Reads a workbook, holds it against what stands, and keeps the preview. Changes nothing.
    ///
    /// # Errors
    /// [`OrgError::NotAWorkbook`], [`OrgError::WorkbookTooLarge`], [`OrgError::NoSheet`]; errors of cells are in the
    /// preview.
    pub(crate) async fn import_preview(
        &self,
        id: CityId,
        by: UserId,
        book: Workbook,
        key: Option<OnceKey>,
    ) -> Result<Preview, Once<EditError>> {
        let made = once(&self.ctx, key.as_ref(), self.import_read(id, by, book, key.clone())).await?;
        self.import_show(id, made).await.map_err(Once::Act)
    }

    async fn import_read(
        &self,
        id: CityId,
        by: UserId,
        book: Workbook,
        key: Option<OnceKey>,
    ) -> Result<i64, EditError> {
        let city = self.city(id).await?;
        let Workbook { kind, file_name, bytes } = book;
        let sheet = tokio::task::spawn_blocking(move || read(&bytes, kind)).await;
        let sheet = sheet.map_err(|error| Fault::Panicked(error.to_string().into()))??;
        let mut facts = Facts::of(&city, by);
        if kind == ImportKind::People {
            facts.people = people(self.ctx.db.reader(), &self.ctx.secrets, id).await?;
            for mut row in sheet.rows() {
                let Some(login) = row.text("登录名") else { continue };
                if let Some(user) = platform::auth::user_of_login(&self.ctx, id, &login).await? {
                    facts.logins.insert(login, user);
                }
            }
        }
        let plan = Plan::of(kind, &sheet, &mut facts, &|| self.ctx.ids.next());
        let errors = plan.errors(&sheet, &WORDS);
        self.keep(&city, by, (kind, file_name), &plan, &errors, key).await
    }

    /// Keeps a preview and answers its id.
    async fn keep(
        &self,
        city: &City,
        by: UserId,
        (kind, file_name): (ImportKind, String),
        plan: &Plan,
        errors: &[CellError],
        key: Option<OnceKey>,
    ) -> Result<i64, EditError> {
        let id = self.ctx.ids.next();
        let mut changes = Vec::with_capacity(plan.changes.len());
        // A preview with errors is never applied, so its changes are of no use.
        for (n, planned) in plan.changes.iter().enumerate().filter(|_| errors.is_empty()) {
            let (record_kind, record_id) = planned.edit.change.target();
            changes.push(import_change::Model {
                city_id: city.id().0,
                import_id: id,
                n: i32::try_from(n).unwrap_or(i32::MAX),
                record_kind: record_kind.word().to_owned(),
                record_id,
                version_before: planned.edit.expected.unwrap_or_default(),
                version_after: None,
                content: ChangeContent::of(planned)?.seal(&self.ctx.secrets)?,
            });
        }
        let [adds, edits, removes] = plan.counts().map(|count| i32::try_from(count).unwrap_or(i32::MAX));
        let errors =
            serde_json::to_string(errors).map_err(|error| Fault::Unreadable(error.to_string().into()))?;
        let now = self.ctx.now().0;
        let row = import::Model {
            city_id: city.id().0,
            id,
            kind: kind.word().to_owned(),
            file_name,
            state: import::PREVIEW.to_owned(),
            row_count: i32::try_from(plan.row_count).unwrap_or(i32::MAX),
            add_count: adds,
            change_count: edits,
            remove_count: removes,
            errors,
            policy_version: city.versions().policy,
            done_count: 0,
            made_at: now,
            made_by: by.0,
            changed_at: now,
        };
        let mut pieces: Vec<Vec<import_change::Model>> =
            changes.chunks(KEPT_PER_COMMAND).map(<[_]>::to_vec).collect();
        let last = pieces.pop().unwrap_or_default();
        for changes in pieces {
            self.ctx.db.write(Save { city: city.id(), changes, row: None, key: None }).await?;
        }
        self.ctx.db.write(Save { city: city.id(), changes: last, row: Some(row), key }).await?;
        Ok(id)
    }

    /// What an import holds.
    ///
    /// # Errors
    /// [`OrgError::NoSuchRecord`]
    pub(crate) async fn import_kind(&self, city: CityId, id: i64) -> Result<ImportKind, EditError> {
        let row = self.import_row(city, id).await?;
        Ok(preview_of(&row)?.kind)
    }

    /// An import with its diff.
    ///
    /// # Errors
    /// [`OrgError::NoSuchRecord`]
    pub(crate) async fn import_show(&self, city: CityId, id: i64) -> Result<Preview, EditError> {
        let row = self.import_row(city, id).await?;
        let mut preview = preview_of(&row)?;
        for change in self.import_changes(city, id).await? {
            preview.diff.extend(ChangeContent::open(&self.ctx.secrets, &change.content)?.shown);
        }
        Ok(preview)
    }

    /// The last imports, newest first, without their diffs.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn import_list(&self, city: CityId) -> Result<Vec<Preview>, EditError> {
        let rows = import::Entity::find()
            .filter(import::Column::CityId.eq(city.0))
            .order_by_desc(import::Column::Id)
            .limit(LISTED)
            .all(self.ctx.db.reader())
            .await
            .map_err(Fault::from)?;
        rows.iter().map(|row| preview_of(row).map_err(EditError::from)).collect()
    }

    /// Writes what a preview says. Applying what is applied already changes nothing.
    ///
    /// # Errors
    /// [`OrgError::PreviewHasErrors`], [`OrgError::ChangedSince`] when anything of the hall changed since the preview,
    /// [`OrgError::WrongImportState`], [`OrgError::ImportRunning`], [`OrgError::OwnRights`].
    pub(crate) async fn import_apply(
        &self,
        id: CityId,
        by: UserId,
        import_id: i64,
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
        let changes = self.import_changes(id, import_id).await?;
        if city.versions().policy != row.policy_version {
            let changed = changes.iter().filter(|c| c.version_before != standing_version(&city, c));
            let mut names = self.names(changed)?;
            if names.is_empty() {
                names.push("组织数据".to_owned());
            }
            return Err(OrgError::ChangedSince(names).into());
        }
        let edits: Vec<Edit> = self.todo(&changes)?.into_iter().map(|(_, edit)| edit).collect();
        keep_own_rights(&city, preview.kind, &edits, by)?;
        let actor = Actor::User(by);
        let turn = Turn::new(id, import_id, self.ctx.now(), (import::PREVIEW, import::APPLYING));
        self.ctx.db.write(Turn { policy: Some(row.policy_version), ..turn }).await?;
        let done = self.import_forth(&city, actor, import_id, &changes).await;
        if let Err(error) = done {
            // Judged before and locked meanwhile, so this is a fault below the rules. What was done is taken back.
            let turn = Turn::new(id, import_id, self.ctx.now(), (import::APPLYING, import::UNDOING));
            self.ctx.db.write(turn).await?;
            self.import_back(&city, actor, import_id).await?;
            self.refresh(id).await?;
            return Err(error);
        }
        self.refresh(id).await?;
        self.follow_posts(id).await;
        self.import_show(id, import_id).await
    }

    /// Writes the changes that are not written yet.
    async fn import_forth(
        &self,
        city: &City,
        actor: Actor,
        import_id: i64,
        changes: &[import_change::Model],
    ) -> Result<(), EditError> {
        let todo = self.todo(changes)?;
        self.pieces(city, actor, import_id, &todo, import::APPLIED).await
    }

    fn todo(&self, changes: &[import_change::Model]) -> Result<Vec<(i32, Edit)>, Fault> {
        let mut todo = Vec::with_capacity(changes.len());
        for change in changes.iter().filter(|change| change.version_after.is_none()) {
            let wanted = ChangeContent::open(&self.ctx.secrets, &change.content)?.change()?;
            todo.push((change.n, Edit { change: wanted, expected: Some(change.version_before) }));
        }
        Ok(todo)
    }

    /// Restores what was before, as far as it was changed.
    async fn import_back(&self, city: &City, actor: Actor, import_id: i64) -> Result<(), EditError> {
        let changes = self.import_changes(city.id(), import_id).await?;
        let todo = self.inverses(&changes)?;
        self.pieces(city, actor, import_id, &todo, import::UNDONE).await
    }

    fn inverses(&self, changes: &[import_change::Model]) -> Result<Vec<(i32, Edit)>, Fault> {
        let mut todo = Vec::with_capacity(changes.len());
        for change in changes.iter().rev() {
            let Some(after) = change.version_after else { continue };
            let content = ChangeContent::open(&self.ctx.secrets, &change.content)?;
            // What the import removed does not stand, which is version 0 for a command.
            let removed = matches!(content.change()?, Change::Remove(..) | Change::Erase(_));
            let expected = Some(if removed { 0 } else { after });
            todo.push((change.n, Edit { change: content.inverse()?, expected }));
        }
        Ok(todo)
    }

    async fn pieces(
        &self,
        city: &City,
        actor: Actor,
        import_id: i64,
        todo: &[(i32, Edit)],
        finish: &'static str,
    ) -> Result<(), EditError> {
        let stamp = Stamp { at: self.ctx.now(), actor };
        let mut chunks = todo.chunks(CHUNK).peekable();
        // Even with nothing to do the state must turn.
        loop {
            let chunk = chunks.next().unwrap_or_default();
            let last = chunks.peek().is_none();
            let piece = Piece::new(city, import_id, stamp, chunk, last.then_some(finish), &self.ctx.secrets);
            self.ctx.db.write(piece).await?;
            if last {
                return Ok(());
            }
        }
    }

    /// Restores exactly what was before an import.
    ///
    /// # Errors
    /// [`OrgError::ChangedSince`] names the records that somebody changed since, or that are needed now;
    /// [`OrgError::WrongImportState`] unless it is applied; [`OrgError::OwnRights`].
    pub(crate) async fn import_undo(
        &self,
        id: CityId,
        by: UserId,
        import_id: i64,
    ) -> Result<Preview, EditError> {
        let row = self.import_row(id, import_id).await?;
        match row.state.as_str() {
            import::APPLIED => {}
            import::UNDONE => return self.import_show(id, import_id).await,
            other => return Err(OrgError::WrongImportState(other.to_owned()).into()),
        }
        let city = self.refresh(id).await?;
        let changes = self.import_changes(id, import_id).await?;
        let touched = |c: &&import_change::Model| {
            let now = Kind::by_word(&c.record_kind).map(|kind| city.record_version(kind, c.record_id));
            now != c.version_after
        };
        let names = self.names(changes.iter().filter(touched))?;
        if !names.is_empty() {
            return Err(OrgError::ChangedSince(names).into());
        }
        let edits: Vec<Edit> = self.inverses(&changes)?.into_iter().map(|(_, edit)| edit).collect();
        let needed: Vec<String> = unfit(&city, &edits)
            .into_iter()
            .take(NAMES_MAX)
            .map(|unfit| {
                let by = unfit.params.get("by").and_then(|by| by.as_str()).unwrap_or_default();
                format!("{} {}（{by}仍在使用）", unfit.kind.name(), unfit.id)
            })
            .collect();
        if !needed.is_empty() {
            return Err(OrgError::ChangedSince(needed).into());
        }
        keep_own_rights(&city, preview_of(&row)?.kind, &edits, by)?;
        let actor = Actor::User(by);
        let turn = Turn::new(id, import_id, self.ctx.now(), (import::APPLIED, import::UNDOING));
        self.ctx.db.write(Turn { policy: Some(city.versions().policy), ..turn }).await?;
        self.import_back(&city, actor, import_id).await?;
        self.refresh(id).await?;
        self.follow_posts(id).await;
        self.import_show(id, import_id).await
    }

    /// Finishes imports that a stopped server left half done. Call it once at the start.
    ///
    /// # Errors
    /// What the database says.
    pub async fn resume_imports(&self, id: CityId) -> Result<(), EditError> {
        let rows = import::Entity::find()
            .filter(import::Column::CityId.eq(id.0))
            .filter(import::Column::State.is_in([import::APPLYING, import::UNDOING]))
            .all(self.ctx.db.reader())
            .await
            .map_err(Fault::from)?;
        for row in rows {
            let city = self.refresh(id).await?;
            let actor = Actor::System("import");
            tracing::info!(import = row.id, state = row.state, "an import goes on");
            if row.state == import::APPLYING {
                let changes = self.import_changes(id, row.id).await?;
                self.import_forth(&city, actor, row.id, &changes).await?;
            } else {
                self.import_back(&city, actor, row.id).await?;
            }
            self.refresh(id).await?;
        }
        Ok(())
    }

    async fn import_row(&self, city: CityId, id: i64) -> Result<import::Model, EditError> {
        let row = import::Entity::find()
            .filter(import::Column::CityId.eq(city.0))
            .filter(import::Column::Id.eq(id))
            .one(self.ctx.db.reader())
            .await
            .map_err(Fault::from)?;
        row.ok_or_else(|| OrgError::NoSuchRecord.into())
    }

    async fn import_changes(&self, city: CityId, id: i64) -> Result<Vec<import_change::Model>, Fault> {
        let rows = import_change::Entity::find()
            .filter(import_change::Column::CityId.eq(city.0))
            .filter(import_change::Column::ImportId.eq(id))
            .order_by_asc(import_change::Column::N)
            .all(self.ctx.db.reader())
            .await?;
        Ok(rows)
    }

    /// The names of some changes, as the preview showed them.
    fn names<'a>(
        &self,
        changes: impl Iterator<Item = &'a import_change::Model>,
    ) -> Result<Vec<String>, Fault> {
        let mut names = Vec::new();
        for change in changes.take(NAMES_MAX) {
            let shown = ChangeContent::open(&self.ctx.secrets, &change.content)?.shown;
            let kind = Kind::by_word(&change.record_kind).map_or("", Kind::name);
            names.push(shown.map_or_else(|| format!("{kind} {}", change.record_id), |shown| shown.key));
        }
        names.dedup();
        Ok(names)
    }
}

/// Nobody takes his own right to manage people: the last who has it could lock everybody out.
fn keep_own_rights(city: &City, kind: ImportKind, edits: &[Edit], by: UserId) -> Result<(), OrgError> {
    let locked = kind == ImportKind::People && locks_out(city, &after(city.records(), edits).0, by);
    if locked { Err(OrgError::OwnRights) } else { Ok(()) }
}

/// The version of the record of a change as commands count: 0 when it does not stand.
fn standing_version(city: &City, change: &import_change::Model) -> i64 {
    let kind =
        Kind::by_word(&change.record_kind).filter(|kind| city.records().stands(*kind, change.record_id));
    kind.map_or(0, |kind| city.record_version(kind, change.record_id))
}

fn preview_of(row: &import::Model) -> Result<Preview, Fault> {
    let unreadable = || Fault::Unreadable(format!("org_import {}", row.id).into());
    let count = |count: i32| usize::try_from(count).unwrap_or_default();
    Ok(Preview {
        id: row.id,
        kind: ImportKind::by_word(&row.kind).ok_or_else(unreadable)?,
        file_name: row.file_name.clone(),
        state: row.state.clone(),
        rows: count(row.row_count),
        adds: count(row.add_count),
        changes: count(row.change_count),
        removes: count(row.remove_count),
        errors: serde_json::from_str(&row.errors).map_err(|_| unreadable())?,
        diff: Vec::new(),
        made_at: Time(row.made_at),
    })
}
