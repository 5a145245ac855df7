//! A case with everything that is told about it: as it stands, or as it stood right after an act.

use kernel::id::{CaseId, CityId};
use kernel::time::Time;
use platform::db::Fault;
use platform::journal::{Head, JournalEvent, read_stream};
use sea_orm::ConnectionTrait;

use super::photos::Album;
use super::timeline::{Told, Written, told};
use crate::commands::Acted;
use crate::model::{Case, Event};
use crate::rules;
use crate::store::{self, case};

/// A case and its history, up to one moment.
pub(super) struct History {
    /// The case then.
    pub(super) case: Case,
    /// Where its stream ended then.
    pub(super) head: Head,
    /// When that was.
    pub(super) at: Time,
    /// What had happened.
    pub(super) entries: Vec<Told>,
    /// What had been written, without what was erased since.
    pub(super) written: Written,
    /// The photos that had come, without those erased since.
    pub(super) album: Album,
}

impl History {
    /// Reads the history behind a state row. `base` is where the photos are served, `now` the moment of a case as it
    /// stands.
    pub(super) async fn read(
        conn: &impl ConnectionTrait,
        row: &case::Model,
        base: String,
        now: Time,
        after: Option<Acted>,
    ) -> Result<Self, Fault> {
        let (city, id) = (CityId(row.city_id), CaseId(row.id));
        let mut entries = told(read_stream(conn, city, Event::STREAM, id.0).await?)?;
        let mut texts = store::texts_of(conn, city, id).await?;
        let mut album = Album::of(conn, city, id, base).await?;
        let at = after.map_or(now, |acted| acted.at);
        let (mut case, mut head) = (row.case()?, row.head());
        if let Some(Acted { version, .. }) = after.filter(|acted| acted.version < row.version) {
            entries.retain(|told| told.entry.version <= version);
            texts.retain(|text| text.version <= version);
            album.keep_until(version);
            (case, head) = stood(&entries).ok_or_else(|| Fault::Unreadable(row.number.clone().into()))?;
        }
        Ok(Self { case, head, at, entries, written: Written::of(texts), album })
    }
}

/// The case at the end of these events, and where they end.
fn stood(entries: &[Told]) -> Option<(Case, Head)> {
    let last = &entries.last()?.entry;
    let case = rules::replay(entries.iter().map(|told| &told.event))?;
    Some((case, Head { version: last.version, hash: last.hash.clone() }))
}
