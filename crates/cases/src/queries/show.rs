//! One case with everything that its page shows, and the unit that the responsibility list proposes for it.

use kernel::id::{CaseId, FileId, UnitId};
use kernel::problem::Lang;
use kernel::text::{hide_personal_patterns, mask_name, mask_phone};
use platform::db::Fault;
use sea_orm::ConnectionTrait;

use super::history::History;
use super::rows::{Scene, is_step, photo_base};
use super::timeline::{Written, chain, steps};
use super::views::{
    ActOffer, Blocked, Candidate, CaseView, CellView, ListRow, Named, ProposalView, ReporterView,
    StandardView,
};
use super::words::{limit_text, pick, refusal_text};
use super::{Viewer, still, views};
use crate::commands::{ActError, Acted, proposal, read_point};
use crate::errors::CaseError;
use crate::house::{Cases, Snapshot};
use crate::model::{Act, Case, PersonalField, RowRef};
use crate::rules::{self, By};
use crate::store::{self, case};

impl Cases {
    /// The row of a case that the viewer may see.
    ///
    /// # Errors
    /// [`CaseError::NotFound`] when there is none, or not for him; what the database says.
    pub(crate) async fn seen(
        &self,
        viewer: &Viewer<'_>,
        id: CaseId,
    ) -> Result<(case::Model, Case), ActError> {
        seen_on(self.ctx.db.reader(), viewer, id).await
    }

    /// The page of a case.
    ///
    /// # Errors
    /// As [`Cases::seen`].
    pub(crate) async fn show(&self, viewer: &Viewer<'_>, id: CaseId) -> Result<CaseView, ActError> {
        self.shown(viewer, id, None).await
    }

    /// The page of a case as it was right after an act, whatever happened since.
    ///
    /// # Errors
    /// As [`Cases::seen`].
    pub(crate) async fn show_after(
        &self,
        viewer: &Viewer<'_>,
        id: CaseId,
        acted: Acted,
    ) -> Result<CaseView, ActError> {
        self.shown(viewer, id, Some(acted)).await
    }

    async fn shown(
        &self,
        viewer: &Viewer<'_>,
        id: CaseId,
        after: Option<Acted>,
    ) -> Result<CaseView, ActError> {
        let snapshot = self.snapshot(viewer.caller.city).await?;
        // One picture of row and history: an act between the reads must not look like a broken chain.
        let conn = still(self.ctx.db.reader()).await?;
        let (row, standing) = seen_on(&conn, viewer, id).await?;
        let told = History::read(&conn, &row, photo_base(id), self.ctx.now(), after).await?;
        let History { case, head, at, entries, written, album } = told;
        let scene = Scene::new(&snapshot, viewer, at);
        let description = written.field(PersonalField::Description).unwrap_or_default();
        let point = written.field(PersonalField::Point).as_deref().and_then(read_point);
        let before = album.before();
        let first =
            before.iter().find(|photo| photo.state == "ready").and_then(|photo| photo.id.parse().ok());
        Ok(CaseView {
            row_view: scene.row(&case, head.version, first.map(FileId), &description),
            description: hide_personal_patterns(&description),
            address: written.field(PersonalField::Address).map(|text| hide_personal_patterns(&text)),
            point: point.map(|(point, _)| point.into()),
            accuracy_m: point.and_then(|(_, accuracy_m)| accuracy_m),
            cell: case.cell.and_then(|cell| CellView::of(&snapshot.city, cell)),
            standard: case.filing().and_then(|filing| {
                let row = snapshot.catalogue().standard(&filing.standard)?;
                Some(StandardView::filed(row, filing, viewer.lang))
            }),
            after: album.after(),
            timeline: steps(&snapshot, viewer.lang, &entries, &written, &album),
            acts: offers(&scene, &case),
            // Hidden as the case stands: whoever answers for it by now is not told again.
            reporter: self.reporter(&scene, &standing, &written),
            row: case.phase.task().and_then(|task| task.row).map(|row| list_row(&snapshot, viewer.lang, row)),
            chain: chain(&entries, &head),
            before,
        })
    }

    /// What the responsibility list proposes for a case now.
    ///
    /// # Errors
    /// As [`Cases::seen`], and what `org` says while the city has no backstop.
    pub(crate) async fn propose(&self, viewer: &Viewer<'_>, id: CaseId) -> Result<ProposalView, ActError> {
        let (_, case) = self.seen(viewer, id).await?;
        let snapshot = self.snapshot(viewer.caller.city).await?;
        let now = self.ctx.now();
        let proposed = proposal(&snapshot, &case, now)?;
        let expected = snapshot.expect(case.source, case.class, case.area, now);
        let calendar = snapshot.city.calendar();
        let (limit_text, due_at, unknown_year) = match case.filing() {
            Some(filing) => (
                limit_text(filing.limit, viewer.lang),
                calendar.due_at(now, filing.limit).0,
                calendar.unknown_year(now, filing.limit),
            ),
            None => (
                expected.limit_text(viewer.lang).unwrap_or_default(),
                expected.due_at.unwrap_or(now).0,
                expected.unknown_year,
            ),
        };
        let steps = snapshot.city.resolve(case.area, case.class, now).map(|answer| answer.steps);
        let city = &snapshot.city;
        Ok(ProposalView {
            unit: Named::unit(city, proposed.unit),
            helpers: proposed.helpers.iter().map(|unit| Named::unit(city, *unit)).collect(),
            row: proposed.row.map(|row| list_row(&snapshot, viewer.lang, row)),
            reason: steps.unwrap_or_default().join("；"),
            backstop: proposed.backstop,
            limit_text,
            due_at,
            unknown_year,
            candidates: candidates(&snapshot, viewer.lang, &case, proposed.unit, &proposed.helpers),
        })
    }

    /// Masked; nothing at all for the unit that answers. What the viewer may do about it is asked of the guards.
    fn reporter(&self, scene: &Scene<'_>, case: &Case, written: &Written) -> ReporterView {
        let hidden = match &scene.by {
            By::Staff(_) => scene.by.fixed(case, scene.now),
            By::Resident | By::Timer => true,
        };
        let open = |field| {
            let sealed = written.sealed(field).filter(|_| !hidden)?;
            self.ctx.secrets.open(sealed)
        };
        let free = rules::acts(case, &scene.snapshot.facts(scene.now, &scene.by));
        let may = |act| free.iter().any(|view| view.act == act && view.blocked.is_none());
        ReporterView {
            kind: case.source,
            name_masked: open(PersonalField::Name).map(|name| mask_name(&name)),
            phone_masked: open(PersonalField::Phone).map(|phone| mask_phone(&phone)),
            hidden,
            may_show: may(Act::ShowReporter),
            erasable: if may(Act::EraseReporter) { erasable(case, hidden) } else { Vec::new() },
        }
    }

    /// Name and phone in plain, after the look was recorded.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn identity(&self, viewer: &Viewer<'_>, id: CaseId) -> Result<views::Identity, Fault> {
        let rows = store::texts_of(self.ctx.db.reader(), viewer.caller.city, id).await?;
        let written = Written::of(rows);
        let open = |field| written.sealed(field).and_then(|sealed| self.ctx.secrets.open(sealed));
        Ok(views::Identity { name: open(PersonalField::Name), phone: open(PersonalField::Phone) })
    }
}

/// What the report still holds about a person. To whom the reporter is hidden it does not tell whether he left a name.
fn erasable(case: &Case, hidden: bool) -> Vec<PersonalField> {
    let mut fields = case.held.clone();
    if hidden {
        fields.extend([PersonalField::Name, PersonalField::Phone]);
    }
    fields.into_iter().collect()
}

/// The row of a case, if the viewer may see it.
async fn seen_on(
    conn: &impl ConnectionTrait,
    viewer: &Viewer<'_>,
    id: CaseId,
) -> Result<(case::Model, Case), ActError> {
    let row = store::load(conn, viewer.caller.city, id).await?.ok_or(CaseError::NotFound)?;
    let case = row.case()?;
    if viewer.caller.may(viewer.right, &case.target()) {
        Ok((row, case))
    } else {
        Err(CaseError::NotFound.into())
    }
}

/// The buttons of the viewer, each with the reason if it is closed to him.
fn offers(scene: &Scene<'_>, case: &Case) -> Vec<ActOffer> {
    let lang = scene.viewer.lang;
    let facts = scene.snapshot.facts(scene.now, &scene.by);
    let steps = rules::acts(case, &facts).into_iter().filter(|view| is_step(view.act));
    steps
        .map(|view| ActOffer {
            act: view.act,
            label: view.act.name(lang).to_owned(),
            primary: view.primary,
            blocked: view
                .blocked
                .map(|error| Blocked { code: error.code(), text: refusal_text(&error, lang) }),
        })
        .collect()
}

/// A row of the responsibility list as it stands today; by its number alone once it is gone.
fn list_row(snapshot: &Snapshot, lang: Lang, row: RowRef) -> ListRow {
    let city = &snapshot.city;
    let standing = city.matrix().row(row.id).map(|found| city.row_text(found));
    let gone = || format!("{}{}{}", pick(lang, "第", "row "), row.row_no, pick(lang, "行", ""));
    ListRow { id: row.id.to_string(), row_no: row.row_no, text: standing.unwrap_or_else(gone) }
}

/// Other units that might do: who helps, and who takes what nobody else answers for there.
fn candidates(
    snapshot: &Snapshot,
    lang: Lang,
    case: &Case,
    proposed: UnitId,
    helpers: &[UnitId],
) -> Vec<Candidate> {
    let helper = pick(lang, "协办单位", "helps");
    let backstop = pick(lang, "属地兜底单位", "backstop of the place");
    let all = helpers.iter().map(|unit| (*unit, helper));
    let all = all.chain(snapshot.city.backstop_of(case.area).map(|unit| (unit, backstop)));
    let mut found: Vec<Candidate> = Vec::new();
    for (unit, reason) in all.filter(|(unit, _)| *unit != proposed) {
        let unit = Named::unit(&snapshot.city, unit);
        if !found.iter().any(|other| other.unit == unit) {
            found.push(Candidate { unit, reason: reason.to_owned() });
        }
    }
    found
}
