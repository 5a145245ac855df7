//! Plays a command table and writes down what happened, line by line.
//!
//! ```text
//! 小梅       | report E0110 photos=a   | 03-02 09:00 | reported pre_verify receipt photos=1 until=03-02 09:45
//! 城管小郑   | handle photos=a         | 03-02 10:00 | ! cases/photo-reused
//! ```
//! Moments lie in 2026. A photo is named by its original, so the same letter again is the same picture again.

use std::collections::{BTreeMap, BTreeSet};

use kernel::evidence::Commitment;
use kernel::id::{CaseId, FileId, UnitId};
use kernel::problem::ToProblem;
use kernel::time::{MINUTE_MS, Time};

use super::people::{self, City};
use crate::model::{Case, CaseNumber, Event, PersonalField, PhotoMark, Source};
use crate::rules::{
    Check, Close, Command, Dispatch, EraseReporter, File, GiveVerdict, Handle, OfferedPhoto, Overrun,
    PhotoUse, PreVerify, Refuse, Report, ShowReporter, decide, evolve, replay, start,
};

/// A case in the making.
pub(crate) struct Play {
    pub(crate) city: City,
    pub(crate) case: Option<Case>,
    pub(crate) events: Vec<Event>,
    used: BTreeMap<String, PhotoUse>,
}

/// `03-02 09:00` of 2026 in China.
pub(crate) fn moment(text: &str) -> Time {
    let (day, clock) = text.split_once(' ').unwrap();
    let (hour, minute) = clock.split_once(':').unwrap();
    let minutes = hour.parse::<i64>().unwrap() * 60 + minute.parse::<i64>().unwrap();
    Time::start_of(format!("2026-{day}").parse().unwrap()).plus_ms(minutes * MINUTE_MS)
}

/// `03-02T09:00`, for places where a space would end the word.
fn compact(text: &str) -> Time {
    moment(&text.replacen('T', " ", 1))
}

/// A commitment that names what it commits to.
pub(crate) fn mark(of: &str) -> Commitment {
    Commitment(format!("sha256({of})"))
}

fn words(text: &str) -> (Vec<&str>, BTreeMap<&str, &str>) {
    let mut flags = Vec::new();
    let mut values = BTreeMap::new();
    for word in text.split_whitespace() {
        match word.split_once('=') {
            Some((name, value)) => drop(values.insert(name, value)),
            None => flags.push(word),
        }
    }
    (flags, values)
}

impl Play {
    pub(crate) fn new() -> Self {
        let old = PhotoUse { number: "JY20260212-0007".into(), at: moment("02-12 09:30") };
        let used = BTreeMap::from([("old".to_owned(), old)]);
        Self { city: City::new(), case: None, events: Vec::new(), used }
    }

    /// Plays a table and holds it against what really happens.
    #[track_caller]
    pub(crate) fn table(mut self, table: &str) -> Self {
        for line in table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let [who, command, at, expected] = cells[..] else { panic!("four cells: {line}") };
            let happened = self.line(who, command, moment(at));
            assert_eq!(happened, expected, "{line}");
        }
        self
    }

    /// Plays one line: does it and says what came of it.
    pub(crate) fn line(&mut self, who: &str, command: &str, at: Time) -> String {
        let command = self.command(command);
        let by = self.city.person(who).clone();
        match decide(self.case.as_ref(), &command, &self.city.facts(at, &by)) {
            Ok(events) => {
                let told: Vec<String> = events.iter().map(show).collect();
                self.happen(&command, &events);
                told.join(", ")
            }
            Err(error) => format!("! {}", error.problem().code),
        }
    }

    /// Writes events down, as the store does.
    pub(crate) fn happen(&mut self, command: &Command, events: &[Event]) {
        for event in events {
            self.case = match (self.case.take(), event) {
                (None, Event::Reported(born)) => Some(start(born)),
                (case, event) => case.map(|case| evolve(case, event)),
            };
            self.events.push(event.clone());
        }
        assert_eq!(replay(&self.events), self.case, "replay gives the same case");
        let Some(case) = &self.case else { return };
        let photos: Vec<&str> = match command {
            Command::Report(report) => report.photos.iter().map(|photo| name_of(&photo.commitment)).collect(),
            Command::PreVerify(PreVerify { photos, .. })
            | Command::Handle(Handle { photos, .. })
            | Command::Check(Check { photos, .. }) => photos.iter().map(|p| p.original.as_str()).collect(),
            _without_photos => vec![],
        };
        for photo in photos {
            let at = events.last().unwrap().at();
            self.used.insert(photo.to_owned(), PhotoUse { number: case.number.clone(), at });
        }
    }

    /// Reads a command as the tables write it.
    pub(crate) fn command(&self, text: &str) -> Command {
        let (flags, values) = words(text);
        let (verb, flags) = flags.split_first().unwrap();
        let has = |flag: &str| flags.contains(&flag);
        let note = has("note").then(|| mark("note"));
        let photos = || self.offered(values.get("photos").copied().unwrap_or_default());
        match *verb {
            "report" => Command::Report(self.report(flags, &values)),
            "pre_verify" => Command::PreVerify(PreVerify { found: has("found"), photos: photos(), note }),
            "file" => Command::File(File { standard: flags[0].into() }),
            "refuse" => Command::Refuse(Refuse { reason: flags[0].into(), note }),
            "dispatch" => {
                let proposal = if has("backstop") { people::backstop() } else { people::proposal() };
                let chosen = values.get("unit").map(|unit| UnitId(unit.parse().unwrap()));
                Command::Dispatch(Dispatch { unit: chosen.unwrap_or(proposal.unit), proposal, note })
            }
            "handle" => Command::Handle(Handle { photos: photos(), note }),
            "check" => Command::Check(Check { passed: has("passed"), photos: photos(), note }),
            "close" => Command::Close(Close { note }),
            "verdict" => Command::GiveVerdict(GiveVerdict { verdict: flags[0].parse().unwrap(), note }),
            "overrun" => {
                Command::Overrun(Overrun { clock: flags[0].parse().unwrap(), due_at: compact(values["due"]) })
            }
            "show" => Command::ShowReporter(ShowReporter),
            "erase" => {
                let fields = flags.iter().map(|field| field.parse().unwrap()).collect();
                Command::EraseReporter(EraseReporter { fields })
            }
            other => panic!("no command {other}"),
        }
    }

    fn report(&self, flags: &[&str], values: &BTreeMap<&str, &str>) -> Report {
        let at = self.events.last().map_or(moment("03-02 09:00"), Event::at);
        let held = values.get("holds").copied().unwrap_or("description");
        let fields = held.split(',').filter(|field| !field.is_empty());
        // Every report says where it is; one from `nowhere` only what it holds.
        let fields = fields.chain((!flags.contains(&"nowhere")).then_some("address"));
        let names =
            values.get("photos").copied().unwrap_or_default().split(',').filter(|name| !name.is_empty());
        Report {
            case: CaseId(7),
            number: CaseNumber::new("JY", at, 1),
            source: values.get("source").map_or(Source::Resident, |source| source.parse().unwrap()),
            class: flags[0].parse().unwrap(),
            area: people::cell_area(),
            cell: Some(people::CELL),
            device_at: values.get("device").map(|at| compact(at)),
            personal: fields.map(|field| (field.parse::<PersonalField>().unwrap(), mark(field))).collect(),
            photos: names.map(photo).collect(),
            receipt: Some(mark("receipt")),
        }
    }

    fn offered(&self, names: &str) -> Vec<OfferedPhoto> {
        let names = names.split(',').filter(|name| !name.is_empty());
        names
            .map(|name| OfferedPhoto {
                mark: photo(name),
                original: name.to_owned(),
                used: self.used.get(name).cloned(),
            })
            .collect()
    }
}

fn photo(name: &str) -> PhotoMark {
    let file = name.bytes().fold(0, |sum: i64, byte| sum * 256 + i64::from(byte));
    PhotoMark { file: FileId(file), commitment: mark(name) }
}

fn name_of(commitment: &Commitment) -> &str {
    commitment.0.trim_start_matches("sha256(").trim_end_matches(')')
}

fn minute(at: Time) -> String {
    at.minute_text()[5..].to_owned()
}

fn list(fields: &BTreeSet<PersonalField>) -> String {
    fields.iter().map(|field| field.code()).collect::<Vec<_>>().join(",")
}

/// What happened, in one line.
pub(crate) fn show(event: &Event) -> String {
    let flag = |yes: bool, word: &str| if yes { format!(" {word}") } else { String::new() };
    let timely = |on_time: bool| if on_time { " on_time" } else { " late" };
    match event {
        Event::Reported(e) => format!(
            "reported{}{} photos={} until={}",
            flag(e.pre_verify, "pre_verify"),
            flag(e.receipt.is_some(), "receipt"),
            e.photos.len(),
            minute(e.intake_due_at)
        ),
        Event::PreVerified(e) => {
            format!("pre_verified {} photos={}", if e.found { "found" } else { "not_found" }, e.photos.len())
        }
        Event::Filed(e) => {
            format!(
                "filed {} limit={}{} until={}",
                e.standard,
                e.limit,
                timely(e.on_time),
                minute(e.dispatch_due_at)
            )
        }
        Event::Refused(e) => format!("refused {}{}", e.reason, timely(e.on_time)),
        Event::Dispatched(e) => {
            let by = match (e.row, e.backstop) {
                (Some(row), _) => format!("row{}", row.row_no),
                (None, true) => "backstop".to_owned(),
                (None, false) => "hand".to_owned(),
            };
            let unit = e.dims.unit.unwrap();
            format!("dispatched unit={unit} by={by}{} until={}", timely(e.on_time), minute(e.due_at))
        }
        Event::Handled(e) => {
            format!("handled{} photos={} until={}", timely(e.on_time), e.photos.len(), minute(e.check_due_at))
        }
        Event::Checked(e) => {
            format!("checked {} reworks={}", if e.passed { "passed" } else { "failed" }, e.reworks)
        }
        Event::Closed(e) => {
            let until = e.verdict_until.map_or("none".to_owned(), minute);
            format!("closed{} reworks={} verdict_until={until}", timely(e.on_time), e.reworks)
        }
        Event::VerdictGiven(e) => format!("verdict {}", e.verdict),
        Event::Overran(e) => format!("overran {}", e.clock),
        Event::ReporterShown(e) => format!("shown {}", list(&e.fields)),
        Event::ReporterErased(e) => format!("erased {}", list(&e.fields)),
    }
}
