//! Why the hall says no.

use kernel::problem::{FieldProblem, Problem, ToProblem};

/// A refusal of this context.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrgError {
    /// No row of the responsibility list answers and the city has no backstop unit: it is not set up yet.
    #[error("the city has no backstop unit")]
    NoBackstop,
    /// The point lies outside of the city.
    #[error("the point lies outside of the city")]
    OutsideCity,
    /// Records that cannot stay so; each place by pointer, code and values.
    #[error("{} records do not fit", .0.len())]
    Unfit(Vec<FieldProblem>),
    /// The record does not stand.
    #[error("no such record")]
    NoSuchRecord,
    /// Somebody else's import is being applied; nothing may change under it.
    #[error("an import is being applied")]
    ImportRunning,
    /// The workbook cannot be read at all.
    #[error("not a workbook")]
    NotAWorkbook,
    /// The workbook is larger than may be read in.
    #[error("the workbook is too large")]
    WorkbookTooLarge,
    /// The workbook has no sheet of the expected name.
    #[error("no sheet {0}")]
    NoSheet(String),
    /// The preview has errors, so that it cannot be applied.
    #[error("the preview has {0} errors")]
    PreviewHasErrors(usize),
    /// The import is not in the state for this.
    #[error("the import is {0}")]
    WrongImportState(String),
    /// What was before is not kept any more; for how many days it is.
    #[error("it is too late to undo the import: {0} days")]
    UndoTooLate(i64),
    /// Whoever imports people would take his own right to do so.
    #[error("one's own right to manage people would go")]
    OwnRights,
    /// Whoever changes people would widen his own rights.
    #[error("one's own rights would be widened")]
    OwnRightsWider,
    /// So many records would go, and nobody has typed their number.
    #[error("{0} removals are not confirmed")]
    RemovalsUnconfirmed(usize),
    /// Records changed since the preview was made, or since the import was applied.
    #[error("records changed since: {0:?}")]
    ChangedSince(Vec<String>),
}

impl OrgError {
    /// The stable code of the problem.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoBackstop => "org/no-backstop",
            Self::OutsideCity => "org/outside-city",
            Self::Unfit(_) => "org/unfit",
            Self::NoSuchRecord => "org/no-such-record",
            Self::ImportRunning => "org/import-running",
            Self::NotAWorkbook => "org/not-a-workbook",
            Self::WorkbookTooLarge => "org/workbook-too-large",
            Self::NoSheet(_) => "org/no-sheet",
            Self::PreviewHasErrors(_) => "org/preview-has-errors",
            Self::WrongImportState(_) => "org/wrong-import-state",
            Self::UndoTooLate(_) => "org/undo-too-late",
            Self::OwnRights => "org/own-rights",
            Self::OwnRightsWider => "org/own-rights-wider",
            Self::RemovalsUnconfirmed(_) => "org/removals-unconfirmed",
            Self::ChangedSince(_) => "org/changed-since",
        }
    }
}

impl ToProblem for OrgError {
    fn problem(&self) -> Problem {
        match self {
            Self::NoBackstop | Self::ImportRunning | Self::OwnRights | Self::OwnRightsWider => {
                Problem::conflict(self.code())
            }
            Self::UndoTooLate(days) => Problem::conflict(self.code()).with("days", *days),
            Self::NoSuchRecord => Problem::not_found(self.code()),
            Self::OutsideCity | Self::NotAWorkbook => Problem::unprocessable(self.code()),
            Self::Unfit(fields) => {
                let mut problem = Problem::unprocessable(self.code()).with("count", fields.len());
                problem.fields.clone_from(fields);
                problem
            }
            Self::WorkbookTooLarge => Problem::new(413, self.code()),
            Self::NoSheet(name) => Problem::unprocessable(self.code()).with("name", name.as_str()),
            Self::RemovalsUnconfirmed(count) => Problem::conflict(self.code()).with("count", *count),
            Self::PreviewHasErrors(count) => Problem::conflict(self.code()).with("count", *count),
            Self::WrongImportState(state) => {
                let [zh, en] = state_words(state);
                let problem = Problem::conflict(self.code()).with("state", state.as_str());
                problem.with("state_zh", zh).with("state_en", en)
            }
            Self::ChangedSince(names) => {
                let problem = Problem::conflict(self.code()).with("names", names.join("、"));
                problem.with("count", names.len())
            }
        }
    }
}

/// The state of an import as people call it.
fn state_words(state: &str) -> [&'static str; 2] {
    match state {
        "reading" => ["正在读取", "being read"],
        "preview" => ["待确认", "waiting to be applied"],
        "applying" => ["正在导入", "being applied"],
        "applied" => ["已导入", "applied"],
        "undoing" => ["正在撤销", "being undone"],
        "undone" => ["已撤销", "undone"],
        _another => ["已结束", "over"],
    }
}
