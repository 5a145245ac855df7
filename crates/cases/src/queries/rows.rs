//! Rows of lists: the state row in words, with the first line of what was written.

use std::collections::HashMap;

use kernel::id::{CaseId, CityId, FileId};
use kernel::text::hide_personal_patterns;
use kernel::time::Time;
use platform::db::Fault;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::Viewer;
use super::views::{CaseRow, ClockView, Named};
use crate::commands::staff;
use crate::house::Snapshot;
use crate::model::{Act, Case, PersonalField};
use crate::rules::{self, By};
use crate::store::{Listed, text};

/// Characters of a summary.
const SUMMARY_CHARS: usize = 60;

/// What a page of rows is made from: one moment, one viewer, one picture of the city.
pub(super) struct Scene<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) viewer: &'a Viewer<'a>,
    pub(super) by: By,
    pub(super) now: Time,
}

impl<'a> Scene<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, viewer: &'a Viewer<'a>, now: Time) -> Self {
        Self { snapshot, viewer, by: staff(viewer.caller), now }
    }

    /// Rows in words. Two statements for the whole page: first lines, and which photos are ready.
    pub(super) async fn rows(
        &self,
        conn: &impl ConnectionTrait,
        rows: Vec<Listed>,
    ) -> Result<Vec<CaseRow>, Fault> {
        let city = self.viewer.caller.city;
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let mut written = descriptions(conn, city, &ids).await?;
        let photos: Vec<FileId> = rows.iter().filter_map(|row| row.photo_id.map(FileId)).collect();
        let ready = platform::files::ready(conn, city, &photos).await?;
        let line = |row: Listed| {
            let case = row.case()?;
            let photo = row.photo_id.map(FileId).filter(|photo| ready.contains(photo));
            let summary = written.remove(&row.id).unwrap_or_default();
            Ok(self.row(&case, row.version, photo, &summary))
        };
        rows.into_iter().map(line).collect()
    }

    /// One row in words. `photo` is the first photo of the report, if its copies are ready.
    pub(super) fn row(&self, case: &Case, version: i64, photo: Option<FileId>, written: &str) -> CaseRow {
        let (city, lang) = (&self.snapshot.city, self.viewer.lang);
        let catalogue = self.snapshot.catalogue();
        let class_name = catalogue.class_name(case.class, lang);
        let plain_name = Some(catalogue.plain_name(case.class, lang)).filter(|plain| *plain != class_name);
        let clock = case.phase.clock();
        let unit_due = case.phase.task().map(|task| task.clock.due_at);
        CaseRow {
            id: case.id.to_string(),
            number: case.number.0.clone(),
            state: case.state(),
            state_name: case.state().name(lang).to_owned(),
            class_code: case.class.to_string(),
            summary: summary(written, &class_name),
            class_name,
            plain_name,
            unclassed: catalogue.unclassed(case.class).is_some(),
            area_code: case.area.code(),
            cell_name: case.cell.map(|_| city.area_name(case.area)),
            village_name: city.village_name(case.area).map(str::to_owned),
            town_name: city.town_name(case.area),
            unit: case.unit().map(|unit| Named::unit(city, unit)),
            source: case.source,
            source_name: case.source.name(lang).to_owned(),
            reported_at: case.reported_at.0,
            due_at: unit_due.or(clock.map(|clock| clock.due_at)).map(|at| at.0),
            clock: ClockView::of(case, self.now, lang),
            closed_at: case.closed_at().map(|at| at.0),
            thumb_url: photo.map(|file| format!("{}/{file}/thumb", photo_base(case.id))),
            verdict: case.verdict().map(|given| given.verdict),
            version,
            can: self.can(case),
        }
    }

    /// The steps of the work that the viewer may take now.
    fn can(&self, case: &Case) -> Vec<Act> {
        let facts = self.snapshot.facts(self.now, &self.by);
        let open = rules::acts(case, &facts).into_iter().filter(|view| view.blocked.is_none());
        open.map(|view| view.act).filter(|act| is_step(*act)).collect()
    }
}

/// Is it a step of the work, with a route of its own?
pub(super) const fn is_step(act: Act) -> bool {
    match act {
        Act::PreVerify | Act::File | Act::Refuse | Act::Dispatch | Act::Handle | Act::Check | Act::Close => {
            true
        }
        Act::Report | Act::GiveVerdict | Act::Overrun | Act::ShowReporter | Act::EraseReporter => false,
    }
}

/// Where the photos of a case are served.
pub(super) fn photo_base(case: CaseId) -> String {
    format!("/api/v1/cases/{case}/photos")
}

/// The first line, shortened, without numbers that belong to somebody.
fn summary(written: &str, class_name: &str) -> String {
    let hidden = hide_personal_patterns(written);
    let Some(line) = hidden.lines().map(str::trim).find(|line| !line.is_empty()) else {
        return class_name.to_owned();
    };
    let mut short: String = line.chars().take(SUMMARY_CHARS).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}

/// What was written in each report.
async fn descriptions(
    conn: &impl ConnectionTrait,
    city: CityId,
    cases: &[i64],
) -> Result<HashMap<i64, String>, Fault> {
    if cases.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(i64, Vec<u8>)> = text::Entity::find()
        .select_only()
        .columns([text::Column::CaseId, text::Column::Content])
        .filter(text::Column::CityId.eq(city.0))
        .filter(text::Column::CaseId.is_in(cases.iter().copied()))
        .filter(text::Column::Version.eq(1))
        .filter(text::Column::Field.eq(PersonalField::Description.code()))
        .into_tuple()
        .all(conn)
        .await?;
    let words = |content: Vec<u8>| String::from_utf8_lossy(&content).into_owned();
    Ok(rows.into_iter().map(|(case, content)| (case, words(content))).collect())
}

#[cfg(test)]
mod tests {
    use super::summary;

    #[test]
    fn a_summary_is_one_short_line() {
        assert_eq!(summary("", "道路不洁"), "道路不洁");
        assert_eq!(summary("\n  门口一堆垃圾 \n第二行", "道路不洁"), "门口一堆垃圾");
        let long = "垃圾".repeat(40);
        assert_eq!(summary(&long, ""), format!("{}…", "垃圾".repeat(30)));
        assert!(!summary("打我电话13900001234", "").contains("13900001234"));
    }
}
