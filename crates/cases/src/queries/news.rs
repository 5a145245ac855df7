//! What is told on the live stream: each event of a case with the case as it stands, read once for all who follow.

use std::collections::HashMap;
use std::sync::Arc;

use kernel::id::{CityId, UserId};
use kernel::problem::Lang;
use platform::auth::UserEvent;
use platform::db::{Db, Fault};
use platform::journal::{Entry, JournalEvent};
use platform::sse::Telling;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::timeline::moment;
use super::views::LiveCase;
use super::words;
use crate::model::{Case, Catalogue, Event};
use crate::store::case::{self, Column};

/// Reads the cases behind entries of the journal.
pub(crate) struct CaseTelling(pub(crate) Db);

/// What an entry is to followers.
pub(crate) enum Told {
    /// Something happened to a case.
    Case {
        /// As the journal has it.
        entry: Box<Entry>,
        event: Box<Event>,
        /// As it stands now.
        case: Arc<Case>,
    },
    /// Somebody's rights or unit may have changed.
    User(UserId),
}

impl Telling for CaseTelling {
    type Told = Told;

    /// One statement for all cases of these entries. A case that cannot be read is passed over: the screen's next reload
    /// shows it, and verification names it.
    async fn tell(&self, city: CityId, entries: &[Entry]) -> Result<HashMap<i64, Told>, Fault> {
        let of_cases = || entries.iter().filter(|entry| entry.stream == Event::STREAM);
        let mut ids: Vec<i64> = of_cases().map(|entry| entry.stream_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut cases = HashMap::new();
        if !ids.is_empty() {
            let rows = case::Entity::find()
                .filter(Column::CityId.eq(city.0))
                .filter(Column::Id.is_in(ids))
                .all(self.0.reader())
                .await?;
            cases.extend(rows.iter().filter_map(|row| Some((row.id, Arc::new(row.case().ok()?)))));
        }
        let of_users = entries.iter().filter(|entry| entry.stream == UserEvent::STREAM);
        let users = of_users.map(|entry| (entry.seq, Told::User(UserId(entry.stream_id))));
        let told = of_cases().filter_map(|entry| {
            let case = cases.get(&entry.stream_id)?.clone();
            Some((
                entry.seq,
                Told::Case { event: Box::new(entry.event().ok()?), entry: Box::new(entry.clone()), case },
            ))
        });
        Ok(told.chain(users).collect())
    }
}

/// One line of the live stream; none for what only concerns personal data.
pub(crate) fn line(
    catalogue: &Catalogue,
    lang: Lang,
    entry: &Entry,
    event: &Event,
    case: &Case,
) -> Option<LiveCase> {
    event.dims()?;
    Some(LiveCase {
        seq: entry.seq,
        case_id: case.id.to_string(),
        number: case.number.0.clone(),
        kind: event.kind().to_owned(),
        title: words::title(event, lang),
        state: case.state(),
        state_name: case.state().name(lang).to_owned(),
        class_name: catalogue.class_name(case.class, lang),
        area_code: case.area.code(),
        cell_id: case.cell.map(|cell| cell.to_string()),
        unit_id: case.unit().map(|unit| unit.to_string()),
        at: moment(entry, event).0,
    })
}
