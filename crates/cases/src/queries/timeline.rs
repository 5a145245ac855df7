//! The history of a case from its journal: what happened, who did it, with the facts that a reader asks for, and whether
//! the chain of hashes holds.

use std::collections::HashMap;

use kernel::calendar::Limit;
use kernel::class::ClassCode;
use kernel::id::{UnitId, UserId};
use kernel::problem::Lang;
use kernel::text::hide_personal_patterns;
use platform::db::Fault;
use platform::journal::{Actor, Entry, Head, check_stream};

use super::photos::Album;
use super::views::{Chain, Fact, Step};
use super::words::{self, pick};
use crate::house::Snapshot;
use crate::model::{Event, PersonalField};
use crate::store::{NOTE, text};

/// An entry with its event.
pub(super) struct Told {
    pub(super) entry: Entry,
    pub(super) event: Event,
}

/// Reads the events of a stream.
pub(super) fn told(entries: Vec<Entry>) -> Result<Vec<Told>, Fault> {
    entries.into_iter().map(|entry| Ok(Told { event: entry.event()?, entry })).collect()
}

/// Does the stream hold together, and end where the row says?
pub(super) fn chain(entries: &[Told], head: &Head) -> Chain {
    let plain: Vec<Entry> = entries.iter().map(|told| told.entry.clone()).collect();
    Chain {
        ok: check_stream(&plain).is_ok_and(|end| end == *head),
        events: plain.len(),
        head_hash: hex(&head.hash),
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What was written, by the event that commits to it.
pub(super) struct Written(HashMap<(i64, String), Vec<u8>>);

impl Written {
    pub(super) fn of(rows: Vec<text::Model>) -> Self {
        Self(rows.into_iter().map(|row| ((row.version, row.field), row.content)).collect())
    }

    /// The words of an event, without numbers that belong to somebody.
    pub(super) fn note(&self, version: i64) -> Option<String> {
        self.plain(version, NOTE).map(|text| hide_personal_patterns(&text))
    }

    /// A field of the report that is stored as it is.
    pub(super) fn field(&self, field: PersonalField) -> Option<String> {
        self.plain(1, field.code())
    }

    /// A field of the report that is sealed.
    pub(super) fn sealed(&self, field: PersonalField) -> Option<&[u8]> {
        self.0.get(&(1, field.code().to_owned())).map(Vec::as_slice)
    }

    fn plain(&self, version: i64, field: &str) -> Option<String> {
        let bytes = self.0.get(&(version, field.to_owned()))?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    }
}

/// The steps as staff see them.
pub(super) fn steps(
    snapshot: &Snapshot,
    lang: Lang,
    all: &[Told],
    written: &Written,
    album: &Album,
) -> Vec<Step> {
    let class = |told: &Told| told.event.dims().map(|dims| dims.class);
    let reported = all.first().and_then(class);
    all.iter()
        .map(|Told { entry, event }| Step {
            version: entry.version,
            kind: event.kind(),
            title: words::title(event, lang),
            at: entry.at,
            actor: actor(snapshot, lang, &entry.actor),
            unit_name: unit_of(event).map(|unit| snapshot.city.unit_name(unit).to_owned()),
            note: written.note(entry.version),
            photos: album.of_version(entry.version),
            facts: facts(snapshot, lang, event, reported),
            hash: hex(&entry.hash),
        })
        .collect()
}

/// The unit that a step is about: whoever got it, or whoever handled it.
pub(super) fn unit_of(event: &Event) -> Option<UnitId> {
    match event {
        Event::Dispatched(e) => e.dims.unit,
        Event::Handled(e) => e.dims.unit,
        Event::Reported(_)
        | Event::PreVerified(_)
        | Event::Filed(_)
        | Event::Refused(_)
        | Event::Checked(_)
        | Event::Closed(_)
        | Event::VerdictGiven(_)
        | Event::Overran(_)
        | Event::ReporterShown(_)
        | Event::ReporterErased(_) => None,
    }
}

/// Who, in words: staff by name, residents and the product by what they are.
fn actor(snapshot: &Snapshot, lang: Lang, stored: &str) -> String {
    if let Some(id) = stored.strip_prefix("user:").and_then(|id| id.parse::<UserId>().ok()) {
        let person = snapshot.city.persons().find(|view| view.person.user == Some(id));
        let name = person.map(|view| view.name.clone()).filter(|name| !name.is_empty());
        return name.unwrap_or_else(|| format!("{} {id}", pick(lang, "工作人员", "staff")));
    }
    if stored == Actor::Resident.to_string() {
        return pick(lang, "市民", "resident").to_owned();
    }
    pick(lang, "系统", "system").to_owned()
}

/// What a step says of itself. `reported` is the class that the report came in with: where filing gave another, it says which.
fn facts(snapshot: &Snapshot, lang: Lang, event: &Event, reported: Option<ClassCode>) -> Vec<Fact> {
    let fact = |zh, en, value: String| Fact { name: pick(lang, zh, en).to_owned(), value };
    let limit = |limit: &Limit| words::limit_text(*limit, lang);
    match event {
        Event::Reported(e) => vec![
            fact("来源", "source", e.dims.source.name(lang).to_owned()),
            fact("受理截止", "to be filed by", words::moment(e.intake_due_at)),
        ],
        Event::PreVerified(_) | Event::VerdictGiven(_) => Vec::new(),
        Event::Filed(e) => {
            let class = Some(e.dims.class).filter(|class| Some(*class) != reported);
            let class = class.map(|class| snapshot.catalogue().class_name(class, lang));
            let named = class.map(|name| fact("问题类型", "class", name));
            let rest = [
                fact("立结案标准", "standard", e.standard.to_string()),
                fact("处置时限", "limit", limit(&e.limit)),
                fact("受理", "filed", words::timely(lang, e.on_time)),
            ];
            named.into_iter().chain(rest).collect()
        }
        Event::Refused(e) => {
            vec![fact("理由", "reason", snapshot.catalogue().reason_name(&e.reason, lang))]
        }
        Event::Dispatched(e) => vec![
            fact("依据", "by", ground(snapshot, lang, e)),
            fact("处置时限", "limit", limit(&e.limit)),
            fact("处置截止", "to be handled by", words::moment(e.due_at)),
        ],
        Event::Handled(e) => vec![
            fact("处置", "handled", words::timely(lang, e.on_time)),
            fact("返工次数", "sent back before", e.reworks.to_string()),
        ],
        Event::Checked(e) => vec![fact("返工次数", "sent back", e.reworks.to_string())],
        Event::Closed(e) => vec![
            fact("处置", "handled", words::timely(lang, e.on_time)),
            fact("返工次数", "sent back", e.reworks.to_string()),
        ],
        Event::Overran(e) => vec![fact("截止", "deadline", words::moment(e.due_at))],
        Event::ReporterShown(e) => vec![fact("字段", "fields", fields(lang, &e.fields))],
        Event::ReporterErased(e) => vec![fact("字段", "fields", fields(lang, &e.fields))],
    }
}

/// Why this unit.
fn ground(snapshot: &Snapshot, lang: Lang, event: &crate::model::Dispatched) -> String {
    match (event.row, event.backstop) {
        (Some(row), _) => {
            format!("{}{}{}", pick(lang, "责任清单第", "row "), row.row_no, pick(lang, "行", ""))
        }
        (None, true) => pick(lang, "兜底单位", "backstop").to_owned(),
        (None, false) => {
            let proposed = snapshot.city.unit_name(event.proposed);
            format!(
                "{}{proposed}{}",
                pick(lang, "人工选择（清单建议", "by hand (proposed: "),
                pick(lang, "）", ")")
            )
        }
    }
}

fn fields(lang: Lang, fields: &std::collections::BTreeSet<PersonalField>) -> String {
    let names: Vec<&str> = fields.iter().map(|field| field.name(lang)).collect();
    names.join(pick(lang, "、", ", "))
}
