//! Photos of a case as screens refer to them. The bytes are served by the case's own routes, under the case's right.

use std::collections::HashMap;

use kernel::id::{CaseId, CityId, FileId};
use platform::Ctx;
use platform::db::Fault;
use platform::files::FileRow;
use sea_orm::ConnectionTrait;

use super::views::PhotoRef;
use crate::store::{self, photo};

/// The role of photos that came with the unit's feedback: the kind of its event.
pub(super) const HANDLED: &str = "handled";

/// All photos of a case, with their files.
pub(super) struct Album {
    rows: Vec<photo::Model>,
    files: HashMap<FileId, FileRow>,
    /// Where copies are served: `/api/v1/cases/ID/photos` or the receipt's.
    base: String,
}

impl Album {
    pub(super) async fn of(
        conn: &impl ConnectionTrait,
        city: CityId,
        case: CaseId,
        base: String,
    ) -> Result<Self, Fault> {
        let rows = store::photos_of(conn, city, case).await?;
        let ids: Vec<FileId> = rows.iter().map(|row| FileId(row.file_id)).collect();
        let files = platform::files::find_many(conn, city, &ids).await?;
        Ok(Self { rows, files: files.into_iter().map(|file| (file.file(), file)).collect(), base })
    }

    /// Leaves out what came after the event `version`.
    pub(super) fn keep_until(&mut self, version: i64) {
        self.rows.retain(|row| row.version <= version);
    }

    /// The photos of one event.
    pub(super) fn of_version(&self, version: i64) -> Vec<PhotoRef> {
        self.rows.iter().filter(|row| row.version == version).map(|row| self.refer(row)).collect()
    }

    /// The photos of the problem.
    pub(super) fn before(&self) -> Vec<PhotoRef> {
        let before = |row: &&photo::Model| store::OF_THE_PROBLEM.contains(&row.role.as_str());
        self.rows.iter().filter(before).map(|row| self.refer(row)).collect()
    }

    /// The photos of the last feedback and of the check after it.
    pub(super) fn after(&self) -> Vec<PhotoRef> {
        let last = self.rows.iter().filter(|row| row.role == HANDLED).map(|row| row.version).max();
        let Some(last) = last else { return Vec::new() };
        self.rows.iter().filter(|row| row.version >= last).map(|row| self.refer(row)).collect()
    }

    fn refer(&self, row: &photo::Model) -> PhotoRef {
        let file = self.files.get(&FileId(row.file_id));
        PhotoRef {
            id: row.file_id.to_string(),
            state: file.map_or("refused", |file| file.state.as_str()).to_owned(),
            thumb_url: format!("{}/{}/thumb", self.base, row.file_id),
            view_url: format!("{}/{}/view", self.base, row.file_id),
            taken_at: file.and_then(|file| file.taken_at),
        }
    }
}

/// Does the case show this photo?
pub(crate) async fn shows(ctx: &Ctx, city: CityId, case: CaseId, file: FileId) -> Result<bool, Fault> {
    let rows = store::photos_of(ctx.db.reader(), city, case).await?;
    Ok(rows.iter().any(|row| row.file_id == file.0))
}
