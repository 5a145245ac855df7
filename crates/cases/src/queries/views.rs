//! The shapes that screens get. Ids are strings, times are UTC milliseconds, area codes have 6, 9, 12 or 16 digits.

use kernel::id::{CellId, UnitId};
use kernel::place::Point;
use kernel::problem::Lang;
use kernel::time::Time;
use serde::Serialize;
use utoipa::ToSchema;

use super::words::limit_text;
use crate::model::{Act, Case, Filing, PersonalField, Source, Standard, State, Verdict};
use crate::rules;

/// An id and a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Named {
    pub(crate) id: String,
    pub(crate) name: String,
}

impl Named {
    /// A unit under its short name.
    pub(crate) fn unit(city: &org::City, id: UnitId) -> Self {
        Self { id: id.to_string(), name: city.unit_name(id).to_owned() }
    }
}

/// A grid cell in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct CellView {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) code: String,
}

impl CellView {
    /// A cell that stands today.
    pub(crate) fn of(city: &org::City, id: CellId) -> Option<Self> {
        let cell = city.cell(id)?;
        Some(Self { id: id.to_string(), name: cell.name.clone(), code: cell.key.code() })
    }
}

/// A point in WGS84 degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub(crate) struct LngLat {
    pub(crate) lng: f64,
    pub(crate) lat: f64,
}

impl From<Point> for LngLat {
    fn from(point: Point) -> Self {
        Self { lng: point.lng(), lat: point.lat() }
    }
}

/// The clock that runs now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ClockView {
    /// `intake`, `dispatch`, `unit`, `check`, or `none` once the case is closed or refused.
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) due_at: Option<i64>,
    pub(crate) overdue: bool,
}

/// The name of no clock.
pub(crate) const NO_CLOCK: &str = "none";

/// A case as a row of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct CaseRow {
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) state: State,
    pub(crate) state_name: String,
    pub(crate) class_code: String,
    /// The official name of the class; 未分类 where nobody has classed it yet.
    pub(crate) class_name: String,
    /// What residents call it, where that is another word.
    pub(crate) plain_name: Option<String>,
    /// Has nobody said yet what kind of problem it is? Filing does.
    pub(crate) unclassed: bool,
    /// The first line of what was written, shortened; the class where nothing was.
    pub(crate) summary: String,
    pub(crate) area_code: String,
    pub(crate) cell_name: Option<String>,
    /// The village (村社区), where the case lies in one.
    pub(crate) village_name: Option<String>,
    pub(crate) town_name: String,
    pub(crate) unit: Option<Named>,
    pub(crate) source: Source,
    pub(crate) source_name: String,
    pub(crate) reported_at: i64,
    /// The unit's deadline once there is a unit, before that the deadline of the running clock.
    pub(crate) due_at: Option<i64>,
    pub(crate) clock: ClockView,
    pub(crate) closed_at: Option<i64>,
    pub(crate) thumb_url: Option<String>,
    pub(crate) verdict: Option<Verdict>,
    pub(crate) version: i64,
    /// The steps that the viewer may take now.
    pub(crate) can: Vec<Act>,
}

/// A page of cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct CasePage {
    pub(crate) items: Vec<CaseRow>,
    /// Give it back as `after` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
}

/// How many there are. Live cases are counted whole; of closed and refused ones 10,000 at most.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct CaseCounts {
    pub(crate) total: i64,
    pub(crate) open: i64,
    pub(crate) overdue: i64,
    pub(crate) by_state: std::collections::BTreeMap<&'static str, i64>,
    /// Were as many closed and refused ones found as are counted? Then there may be more, and `total` means "at least".
    pub(crate) more: bool,
    pub(crate) as_of_seq: i64,
}

/// A photo and where its copies are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct PhotoRef {
    pub(crate) id: String,
    /// `ready`, `received` (its copies are being made) or `refused`.
    pub(crate) state: String,
    pub(crate) thumb_url: String,
    pub(crate) view_url: String,
    /// When it was taken, as the device claims.
    pub(crate) taken_at: Option<i64>,
}

/// A name and a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Fact {
    pub(crate) name: String,
    pub(crate) value: String,
}

/// One event of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Step {
    pub(crate) version: i64,
    pub(crate) kind: &'static str,
    pub(crate) title: String,
    pub(crate) at: i64,
    /// Who: a name, 市民, or 系统.
    pub(crate) actor: String,
    pub(crate) unit_name: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) photos: Vec<PhotoRef>,
    pub(crate) facts: Vec<Fact>,
    /// The hash that chains this event to all before it.
    pub(crate) hash: String,
}

/// Does the history hold?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Chain {
    pub(crate) ok: bool,
    pub(crate) events: usize,
    pub(crate) head_hash: String,
}

/// A row of the 立结案 standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct StandardView {
    pub(crate) id: String,
    pub(crate) filing_condition: String,
    pub(crate) closing_condition: String,
    pub(crate) limit_text: String,
    /// How many photos of the result it asks for at least; 0 where a photo shows nothing.
    pub(crate) after_photos_least: u8,
}

impl StandardView {
    /// A row as it stands.
    pub(crate) fn of(row: &Standard, lang: Lang) -> Self {
        Self {
            id: row.id.to_string(),
            filing_condition: row.filing_condition.clone(),
            closing_condition: row.closing_condition.clone(),
            limit_text: limit_text(row.limit, lang),
            after_photos_least: row.after_photos_least,
        }
    }

    /// The row of a case, with what its filing fixed: limit and proof stay as they were.
    pub(crate) fn filed(row: &Standard, filing: &Filing, lang: Lang) -> Self {
        let (limit_text, after_photos_least) = (limit_text(filing.limit, lang), filing.after_photos_least);
        Self { limit_text, after_photos_least, ..Self::of(row, lang) }
    }
}

/// Why an act is closed to the viewer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Blocked {
    pub(crate) code: &'static str,
    pub(crate) text: String,
}

/// An act that belongs to where the case stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ActOffer {
    pub(crate) act: Act,
    pub(crate) label: String,
    pub(crate) primary: bool,
    pub(crate) blocked: Option<Blocked>,
}

/// The reporter, masked; hidden altogether from the unit that answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ReporterView {
    pub(crate) kind: Source,
    pub(crate) name_masked: Option<String>,
    pub(crate) phone_masked: Option<String>,
    /// Is the reporter kept from this viewer, because his unit answers for the case?
    pub(crate) hidden: bool,
    /// May this viewer ask for name and phone in plain? The look goes into the history.
    pub(crate) may_show: bool,
    /// What of the report this viewer may have erased; nothing where he may not.
    pub(crate) erasable: Vec<PersonalField>,
}

/// The row of the responsibility list that proposed the unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ListRow {
    pub(crate) id: String,
    pub(crate) row_no: i64,
    pub(crate) text: String,
}

/// A case with everything that its page shows.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct CaseView {
    #[serde(flatten)]
    pub(crate) row_view: CaseRow,
    pub(crate) description: String,
    pub(crate) address: Option<String>,
    pub(crate) point: Option<LngLat>,
    pub(crate) accuracy_m: Option<f64>,
    pub(crate) cell: Option<CellView>,
    pub(crate) standard: Option<StandardView>,
    pub(crate) before: Vec<PhotoRef>,
    pub(crate) after: Vec<PhotoRef>,
    pub(crate) timeline: Vec<Step>,
    pub(crate) acts: Vec<ActOffer>,
    pub(crate) reporter: ReporterView,
    pub(crate) row: Option<ListRow>,
    pub(crate) chain: Chain,
}

/// The unit that the responsibility list proposes, and others that might do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ProposalView {
    pub(crate) unit: Named,
    pub(crate) helpers: Vec<Named>,
    pub(crate) row: Option<ListRow>,
    pub(crate) reason: String,
    pub(crate) backstop: bool,
    pub(crate) limit_text: String,
    /// The unit's deadline if it is dispatched now.
    pub(crate) due_at: i64,
    pub(crate) candidates: Vec<Candidate>,
}

/// Another unit that might do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Candidate {
    pub(crate) unit: Named,
    pub(crate) reason: String,
}

/// A step as the reporter sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ReceiptStep {
    pub(crate) kind: &'static str,
    pub(crate) title: String,
    pub(crate) at: i64,
    pub(crate) unit_name: Option<String>,
    pub(crate) note: Option<String>,
}

/// The reporter's own word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct VerdictView {
    pub(crate) value: Verdict,
    pub(crate) at: i64,
    pub(crate) note: Option<String>,
}

/// A case as its reporter sees it by his receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ReceiptView {
    pub(crate) number: String,
    pub(crate) state: State,
    pub(crate) state_name: String,
    pub(crate) class_name: String,
    pub(crate) place_text: String,
    pub(crate) description: String,
    /// The accountable unit; before dispatch the one that the responsibility list proposes.
    pub(crate) unit_name: Option<String>,
    pub(crate) reported_at: i64,
    /// The unit's deadline; before dispatch the one to be expected.
    pub(crate) due_at: Option<i64>,
    pub(crate) closed_at: Option<i64>,
    pub(crate) steps: Vec<ReceiptStep>,
    pub(crate) before: Vec<PhotoRef>,
    pub(crate) after: Vec<PhotoRef>,
    pub(crate) verdict: Option<VerdictView>,
    pub(crate) can_verdict: bool,
    pub(crate) chain: Chain,
}

/// The running map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct BoardView {
    pub(crate) as_of_seq: i64,
    pub(crate) as_of: i64,
    pub(crate) today: Today,
    pub(crate) open: i64,
    pub(crate) overdue: i64,
    /// Live states only.
    pub(crate) by_state: std::collections::BTreeMap<&'static str, i64>,
    pub(crate) towns: Vec<TownLoad>,
    pub(crate) cells: Vec<CellLoad>,
    pub(crate) latest: Vec<CaseRow>,
}

/// What happened today.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Today {
    pub(crate) reported: i64,
    pub(crate) closed: i64,
}

/// A town on the running map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct TownLoad {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) open: i64,
    pub(crate) overdue: i64,
    pub(crate) today_closed: i64,
}

/// A cell on the running map; only those with something open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct CellLoad {
    pub(crate) id: String,
    pub(crate) open: i64,
    pub(crate) overdue: i64,
}

/// One line of the live stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct LiveCase {
    pub(crate) seq: i64,
    pub(crate) case_id: String,
    pub(crate) number: String,
    pub(crate) kind: String,
    pub(crate) title: String,
    pub(crate) state: State,
    pub(crate) state_name: String,
    pub(crate) class_name: String,
    pub(crate) area_code: String,
    pub(crate) cell_id: Option<String>,
    pub(crate) unit_id: Option<String>,
    pub(crate) at: i64,
}

impl ClockView {
    /// The clock of a case.
    pub(crate) fn of(case: &Case, now: Time, lang: Lang) -> Self {
        match case.phase.clock() {
            Some(clock) => Self {
                kind: clock.kind.code(),
                name: clock.kind.name(lang).to_owned(),
                due_at: Some(clock.due_at.0),
                overdue: rules::overdue(case, now),
            },
            None => Self { kind: NO_CLOCK, name: String::new(), due_at: None, overdue: false },
        }
    }
}

/// Name and phone in plain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Identity {
    pub(crate) name: Option<String>,
    pub(crate) phone: Option<String>,
}
