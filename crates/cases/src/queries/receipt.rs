//! A case as its reporter sees it: by the receipt code alone, without names of staff and without what only staff say to
//! each other.

use kernel::id::CaseId;
use kernel::id::CityId;
use kernel::problem::Lang;
use platform::db::Fault;
use platform::secrets::digest;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::history::History;
use super::timeline::{Told, Written, chain, unit_of};
use super::views::{ReceiptStep, ReceiptView, VerdictView};
use super::{still, words};
use crate::commands::{ActError, Acted};
use crate::errors::CaseError;
use crate::house::{Cases, Snapshot};
use crate::model::{Act, Case, ClockKind, Event, PersonalField, State};
use crate::rules::{self, By};
use crate::store::{self, receipt};

impl Cases {
    /// The case behind a receipt code, however it was typed.
    ///
    /// # Errors
    /// [`CaseError::ReceiptUnknown`], or what the database says.
    pub(crate) async fn by_receipt(&self, city: CityId, code: &str) -> Result<CaseId, ActError> {
        let hash = digest(crate::receipt::plain(code).as_bytes());
        let found = receipt::Entity::find()
            .filter(receipt::Column::CityId.eq(city.0))
            .filter(receipt::Column::CodeHash.eq(hash))
            .one(self.ctx.db.reader())
            .await
            .map_err(Fault::from)?;
        found.map(|row| CaseId(row.case_id)).ok_or_else(|| CaseError::ReceiptUnknown.into())
    }

    /// The receipt.
    ///
    /// # Errors
    /// As [`Cases::by_receipt`].
    pub(crate) async fn receipt(
        &self,
        city: CityId,
        code: &str,
        lang: Lang,
    ) -> Result<ReceiptView, ActError> {
        self.receipt_shown(city, code, lang, None).await
    }

    /// The receipt as it was right after the verdict, whatever happened since.
    ///
    /// # Errors
    /// As [`Cases::by_receipt`].
    pub(crate) async fn receipt_after(
        &self,
        city: CityId,
        code: &str,
        lang: Lang,
        acted: Acted,
    ) -> Result<ReceiptView, ActError> {
        self.receipt_shown(city, code, lang, Some(acted)).await
    }

    async fn receipt_shown(
        &self,
        city: CityId,
        code: &str,
        lang: Lang,
        after: Option<Acted>,
    ) -> Result<ReceiptView, ActError> {
        let id = self.by_receipt(city, code).await?;
        let snapshot = self.snapshot(city).await?;
        // One picture of row and history: an act between the reads must not look like a broken chain.
        let conn = still(self.ctx.db.reader()).await?;
        let row = store::load(&conn, city, id).await?.ok_or(CaseError::ReceiptUnknown)?;
        let base = format!("/api/v1/public/receipts/{}/photos", crate::receipt::plain(code));
        let told = History::read(&conn, &row, base, self.ctx.now(), after).await?;
        let History { case, head, at, entries, written, album } = told;
        let (unit_name, due_at) = promise(&snapshot, &case);
        Ok(ReceiptView {
            number: case.number.0.clone(),
            state: case.state(),
            state_name: case.state().name(lang).to_owned(),
            class_name: snapshot.catalogue().plain_name(case.class, lang),
            place_text: place_text(&snapshot, &case, &written),
            description: written.field(PersonalField::Description).unwrap_or_default(),
            unit_name,
            reported_at: case.reported_at.0,
            due_at,
            closed_at: case.closed_at().map(|at| at.0),
            steps: entries.iter().filter_map(|told| step(&snapshot, lang, told, &written)).collect(),
            before: album.before(),
            after: album.after(),
            verdict: verdict(&case, &entries, &written),
            can_verdict: can_verdict(&snapshot, &case, at),
            chain: chain(&entries, &head),
        })
    }
}

/// Who answers and until when: as it is, or before dispatch as it is to be expected. Nothing once it was refused.
fn promise(snapshot: &Snapshot, case: &Case) -> (Option<String>, Option<i64>) {
    let name = |unit| snapshot.city.unit_name(unit).to_owned();
    if let Some(task) = case.phase.task() {
        return (Some(name(task.unit)), Some(task.clock.due_at.0));
    }
    if !case.state().is_live() {
        return (None, None);
    }
    let expected = snapshot.expect(case.source, case.class, case.area, case.reported_at);
    (expected.unit.map(name), expected.due_at.map(|at| at.0))
}

/// The place in words: as the reporter said it, or by town, village and cell.
fn place_text(snapshot: &Snapshot, case: &Case, written: &Written) -> String {
    let path = snapshot.city.area_path(case.area);
    match written.field(PersonalField::Address) {
        Some(address) => format!("{path} · {address}"),
        None => path,
    }
}

fn verdict(case: &Case, entries: &[Told], written: &Written) -> Option<VerdictView> {
    let given = case.verdict()?;
    let version =
        entries.iter().rev().find(|told| matches!(told.event, Event::VerdictGiven(_)))?.entry.version;
    Some(VerdictView { value: given.verdict, at: given.at.0, note: written.note(version) })
}

/// The guard of the rules, asked as the bearer of the receipt.
fn can_verdict(snapshot: &Snapshot, case: &Case, now: kernel::time::Time) -> bool {
    let by = By::Resident;
    let acts = rules::acts(case, &snapshot.facts(now, &by));
    acts.iter().any(|view| view.act == Act::GiveVerdict && view.blocked.is_none())
}

/// What the reporter hears of a step; nothing of what is only for staff.
fn step(
    snapshot: &Snapshot,
    lang: Lang,
    Told { entry, event }: &Told,
    written: &Written,
) -> Option<ReceiptStep> {
    let (shown, with_note) = match event {
        Event::Reported(_)
        | Event::PreVerified(_)
        | Event::Filed(_)
        | Event::Dispatched(_)
        | Event::Checked(_) => (true, false),
        Event::Refused(_) | Event::Handled(_) | Event::Closed(_) | Event::VerdictGiven(_) => (true, true),
        // The centre's own clocks are its own business; the unit's deadline was promised.
        Event::Overran(e) => (e.clock == ClockKind::Unit, false),
        Event::ReporterErased(_) => (true, false),
        Event::ReporterShown(_) => (false, false),
    };
    let reason = match event {
        Event::Refused(e) => Some(snapshot.catalogue().reason_name(&e.reason, lang)),
        _another => None,
    };
    let note = written.note(entry.version).filter(|_| with_note);
    let note = match (reason, note) {
        (Some(reason), Some(note)) => Some(format!("{reason}{}{note}", words::pick(lang, "：", ": "))),
        (reason, note) => reason.or(note),
    };
    shown.then(|| ReceiptStep {
        kind: event.kind(),
        title: words::title(event, lang),
        at: entry.at,
        unit_name: unit_of(event).map(|unit| snapshot.city.unit_name(unit).to_owned()),
        note,
    })
}

/// What the reporter hears right after sending.
pub(crate) struct Sent {
    pub(crate) state: State,
    pub(crate) cell_name: Option<String>,
    pub(crate) unit_name: Option<String>,
    pub(crate) limit_text: Option<String>,
    pub(crate) due_at: Option<i64>,
}

impl Cases {
    /// What to say about a case that has just come in.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn sent(&self, city: CityId, id: CaseId, lang: Lang) -> Result<Sent, ActError> {
        let case = self.case(city, id).await?.ok_or(CaseError::NotFound)?;
        let snapshot = self.snapshot(city).await?;
        let expected = snapshot.expect(case.source, case.class, case.area, case.reported_at);
        Ok(Sent {
            state: case.state(),
            cell_name: case.cell.map(|_| snapshot.city.area_name(case.area)),
            unit_name: expected.unit.map(|unit| snapshot.city.unit_name(unit).to_owned()),
            limit_text: expected.limit_text(lang),
            due_at: expected.due_at.map(|at| at.0),
        })
    }
}
