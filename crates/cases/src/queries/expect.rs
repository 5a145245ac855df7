//! What can be said before anybody has decided: which unit will answer, and until when. Shown to a resident before he
//! sends, and on his receipt until the case is dispatched. A class with several standard rows is promised the longest
//! limit, so that the promise is kept.

use kernel::area::AreaKey;
use kernel::calendar::Limit;
use kernel::class::ClassCode;
use kernel::id::UnitId;
use kernel::problem::Lang;
use kernel::time::Time;

use super::words::{limit_text, pick};
use crate::house::Snapshot;
use crate::model::{Source, Standard};

/// What is to be expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expectation {
    /// The unit that the responsibility list proposes; none while the city has no backstop.
    pub(crate) unit: Option<UnitId>,
    /// The shortest and the longest limit; they differ where it depends on what is found.
    pub(crate) limits: Option<(Limit, Limit)>,
    /// The unit's deadline if every stage before takes all its time.
    pub(crate) due_at: Option<Time>,
}

impl Expectation {
    /// `4工作时`, or `2工作时–5工作日` where it depends on what is found.
    pub(crate) fn limit_text(&self, lang: Lang) -> Option<String> {
        let (first, last) = self.limits?;
        let text = |limit| limit_text(limit, lang);
        Some(if first == last {
            text(last)
        } else {
            format!("{}{}{}", text(first), pick(lang, "–", " to "), text(last))
        })
    }
}

impl Snapshot {
    /// What to expect of a report received at a moment.
    pub(crate) fn expect(
        &self,
        source: Source,
        class: ClassCode,
        area: AreaKey,
        received_at: Time,
    ) -> Expectation {
        // What has no class yet is nobody's yet, and nobody knows how long it takes.
        if self.catalogue().unclassed(class).is_some() {
            return Expectation { unit: None, limits: None, due_at: None };
        }
        let unit = self.city.resolve(area, class, received_at).ok().map(|answer| answer.unit);
        let calendar = self.city.calendar();
        let policy = self.policies().of(source, received_at);
        let filed_at = calendar.due_at(received_at, policy.intake_limit);
        let dispatched_at = calendar.due_at(filed_at, policy.dispatch_limit);
        let due = |row: &Standard| calendar.due_at(dispatched_at, row.limit);
        let rows: Vec<&Standard> = self.catalogue().standards_of(class, received_at).collect();
        let (first, last) = (rows.iter().min_by_key(|row| due(row)), rows.iter().max_by_key(|row| due(row)));
        let limits = first.zip(last).map(|(first, last)| (first.limit, last.limit));
        Expectation { unit, limits, due_at: last.map(|row| due(row)) }
    }
}
