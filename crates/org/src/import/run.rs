//! Previews: reading a workbook in, keeping what it would change, showing it.

mod act;
mod commands;

use std::collections::HashMap;
use std::sync::LazyLock;

use kernel::id::{CityId, UnitId, UserId};
use kernel::problem::Lang;
use kernel::time::Time;
use platform::Ctx;
use platform::auth::{grants_of_user, logins_of, names_of, users_of_logins};
use platform::db::Fault;
use platform::idempotency::{Once, OnceKey, once};
use platform::web::Dictionary;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::cell::At;
use super::content::ChangeContent;
use super::plan::{CellError, Plan, Shown, told};
use super::sheet::{Facts, Sheet, read};
use super::{ImportKind, export, notes, removals_asked, template, undo_until};
use crate::city::City;
use crate::commands::EditError;
use crate::document::Kind;
use crate::errors::OrgError;
use crate::state::{Org, computed};
use crate::store::{import, import_change, people};
use commands::Save;

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
    /// What is no error but should be known.
    pub(crate) notes: Vec<CellError>,
    /// Must the number of removals be typed in before it is applied?
    pub(crate) confirm_removals: bool,
    pub(crate) diff: Vec<Shown>,
    pub(crate) made_at: Time,
    pub(crate) made_by: UserId,
    pub(crate) made_by_name: String,
    pub(crate) changed_at: Time,
    pub(crate) changed_by: UserId,
    pub(crate) changed_by_name: String,
    /// Until when it can be undone.
    pub(crate) undo_until: Option<Time>,
}

/// A workbook that came in.
pub(crate) struct Workbook {
    pub(crate) kind: ImportKind,
    pub(crate) file_name: String,
    pub(crate) bytes: Vec<u8>,
}

/// What a workbook gave, ready to be kept.
struct Made {
    id: i64,
    rows: i32,
    counts: [i32; 3],
    /// JSON.
    errors: String,
    /// Said of cells, though no error.
    notes: Vec<CellError>,
    /// Units that would end, each with the note that it leaves something behind, once it is known what.
    ending: Vec<(UnitId, At)>,
    changes: Vec<import_change::Model>,
}

impl Made {
    fn of(ctx: &Ctx, kind: ImportKind, sheet: &Sheet, mut facts: Facts<'_>) -> Result<Self, Fault> {
        let plan = Plan::of(kind, sheet, &mut facts, &|| ctx.ids.next());
        let errors = plan.errors(sheet, &WORDS);
        let notes = told(&notes::hidden(sheet), sheet, &WORDS);
        let ending = notes::ending(&plan, sheet, facts.city);
        let id = ctx.ids.next();
        let number = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        let mut changes = Vec::with_capacity(plan.changes.len());
        // A preview with errors is never applied, so its changes are of no use.
        for (n, planned) in plan.changes.iter().enumerate().filter(|_| errors.is_empty()) {
            let (record_kind, record_id) = planned.edit.change.target();
            changes.push(import_change::Model {
                city_id: facts.city.id().0,
                import_id: id,
                n: number(n),
                record_kind: record_kind.word().to_owned(),
                record_id,
                version_before: planned.edit.expected.unwrap_or_default(),
                version_after: None,
                content: ChangeContent::of(planned)?.seal(&ctx.secrets)?,
            });
        }
        let errors =
            serde_json::to_string(&errors).map_err(|error| Fault::Unreadable(error.to_string().into()))?;
        Ok(Self {
            id,
            rows: number(plan.row_count),
            counts: plan.counts().map(number),
            errors,
            notes,
            ending,
            changes,
        })
    }
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

    /// The same for whoever plays a city: reads a workbook, keeps its preview for somebody to apply, changes nothing.
    /// Answers the id of the import.
    ///
    /// # Errors
    /// As the page of imports says them.
    pub async fn prepare_import(
        &self,
        city: CityId,
        by: UserId,
        kind: ImportKind,
        file_name: &str,
        bytes: Vec<u8>,
    ) -> Result<i64, EditError> {
        let book = Workbook { kind, file_name: file_name.to_owned(), bytes };
        self.import_read(city, by, book, None).await
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
        let sheet = computed(move || read(&bytes, kind)).await??;
        let (mut logins, mut staff) = (HashMap::new(), HashMap::new());
        if kind == ImportKind::People {
            staff = people(self.ctx.db.reader(), &self.ctx.secrets, id).await?;
            let named: Vec<String> = sheet.rows().filter_map(|mut row| row.text("登录名")).collect();
            logins = users_of_logins(&self.ctx, id, &named).await?;
        }
        let held = grants_of_user(&self.ctx, id, by).await?;
        let (ctx, snapshot) = (self.ctx.clone(), city.clone());
        // Twenty thousand rows take seconds.
        let planned = computed(move || {
            let facts = Facts { logins, people: staff, held, ..Facts::of(&snapshot, by) };
            let made = Made::of(&ctx, kind, &sheet, facts)?;
            Ok::<_, Fault>((made, sheet))
        });
        let (mut made, sheet) = planned.await??;
        let units: Vec<UnitId> = made.ending.iter().map(|(unit, _)| *unit).collect();
        if !units.is_empty() {
            let open = self.open_cases.open_cases(id, &units).await?;
            made.notes.extend(told(&notes::left(&city, &made.ending, &open), &sheet, &WORDS));
        }
        self.keep(&city, by, (kind, file_name), made, key).await
    }

    /// Keeps a preview and answers its id.
    async fn keep(
        &self,
        city: &City,
        by: UserId,
        (kind, file_name): (ImportKind, String),
        made: Made,
        key: Option<OnceKey>,
    ) -> Result<i64, EditError> {
        let Made { id, rows, counts: [adds, edits, removes], errors, notes, changes, ending: _ } = made;
        let notes =
            serde_json::to_string(&notes).map_err(|error| Fault::Unreadable(error.to_string().into()))?;
        let now = self.ctx.now().0;
        let row = import::Model {
            city_id: city.id().0,
            id,
            kind: kind.word().to_owned(),
            file_name,
            state: import::READING.to_owned(),
            row_count: rows,
            add_count: adds,
            change_count: edits,
            remove_count: removes,
            errors,
            notes: Some(notes),
            policy_version: city.versions().policy,
            done_count: 0,
            made_at: now,
            made_by: by.0,
            changed_at: now,
            changed_by: by.0,
        };
        let city = city.id();
        let mut row = Some(row);
        let mut pieces = changes.chunks(KEPT_PER_COMMAND).peekable();
        loop {
            let changes = pieces.next().unwrap_or_default().to_vec();
            // The row comes first: changes without one would be found by nobody.
            let save =
                Save { city, id, changes, row: row.take(), key: key.clone(), last: pieces.peek().is_none() };
            let last = save.last;
            self.ctx.db.write(save).await?;
            if last {
                return Ok(id);
            }
        }
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
        self.name_people(city, std::slice::from_mut(&mut preview)).await?;
        preview.confirm_removals = preview.state == import::PREVIEW
            && removals_asked(&*self.city(city).await?, preview.kind, preview.removes);
        let (changes, secrets) = (self.import_changes(city, id).await?, self.ctx.secrets.clone());
        let opened = computed(move || {
            let shown =
                |change: &import_change::Model| Ok(ChangeContent::open(&secrets, &change.content)?.shown);
            changes.iter().map(shown).collect::<Result<Vec<Option<Shown>>, Fault>>()
        });
        preview.diff = opened.await??.into_iter().flatten().collect();
        Ok(preview)
    }

    /// Imports of some kinds, newest first, without their diffs: a page from after an id on, and the id after which the
    /// next one begins.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn import_list(
        &self,
        city: CityId,
        kinds: &[ImportKind],
        after: Option<i64>,
        size: usize,
    ) -> Result<(Vec<Preview>, Option<i64>), EditError> {
        let mut rows = import::Entity::find()
            .filter(import::Column::CityId.eq(city.0))
            .filter(import::Column::State.ne(import::READING))
            .filter(import::Column::Kind.is_in(kinds.iter().map(|kind| kind.word())))
            .filter(import::Column::Id.lt(after.unwrap_or(i64::MAX)))
            .order_by_desc(import::Column::Id)
            .limit(size as u64 + 1)
            .all(self.ctx.db.reader())
            .await
            .map_err(Fault::from)?;
        let more = rows.len() > size;
        rows.truncate(size);
        let next = rows.last().map(|row| row.id).filter(|_| more);
        let mut previews: Vec<Preview> = rows.iter().map(preview_of).collect::<Result<_, _>>()?;
        self.name_people(city, &mut previews).await?;
        Ok((previews, next))
    }

    /// What stands of a kind as the workbook that can be imported again unchanged.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn import_export(&self, id: CityId, kind: ImportKind) -> Result<Vec<u8>, Fault> {
        let city = self.city(id).await?;
        let (mut logins, mut staff) = (HashMap::new(), HashMap::new());
        if kind == ImportKind::People {
            staff = people(self.ctx.db.reader(), &self.ctx.secrets, id).await?;
            let users: Vec<UserId> = city.persons().filter_map(|view| view.person.user).collect();
            logins = logins_of(&self.ctx, id, &users).await?;
        }
        let made = computed(move || export::workbook(&city, kind, &staff, &logins)).await?;
        made.map_err(|error| Fault::Unreadable(format!("workbook: {error}").into()))
    }

    /// Fills in the names of those who read the imports in and turned them last.
    async fn name_people(&self, city: CityId, previews: &mut [Preview]) -> Result<(), Fault> {
        let users: Vec<UserId> = previews.iter().flat_map(|one| [one.made_by, one.changed_by]).collect();
        let names = names_of(&self.ctx, city, &users).await?;
        for preview in previews {
            let name = |user| names.get(user).cloned().unwrap_or_default();
            (preview.made_by_name, preview.changed_by_name) =
                (name(&preview.made_by), name(&preview.changed_by));
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
            let kind = Kind::by_word(&change.record_kind).map_or("", |kind| kind.name(Lang::Zh));
            names.push(shown.map_or_else(|| format!("{kind} {}", change.record_id), |shown| shown.key));
        }
        names.dedup();
        Ok(names)
    }
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
        notes: row.notes.as_deref().map_or(Ok(Vec::new()), serde_json::from_str).map_err(|_| unreadable())?,
        confirm_removals: false,
        diff: Vec::new(),
        made_at: Time(row.made_at),
        made_by: UserId(row.made_by),
        made_by_name: String::new(),
        changed_at: Time(row.changed_at),
        changed_by: UserId(row.changed_by),
        changed_by_name: String::new(),
        undo_until: (row.state == import::APPLIED).then(|| undo_until(Time(row.changed_at))),
    })
}
