//! Planted stories: small plots that the documents tell and tests open. Each is made of the same commands as the rest.

use cases::{ActError, Words};
use kernel::calendar::{Limit, WorkCalendar};
use kernel::time::{DAY_MS, HOUR_MS, MINUTE_MS, Time};
use platform::web::Caller;

use super::camera::file_of;
use super::fates::Fate;
use super::{Play, Step};
use crate::cast::TOUR_TOWN;
use crate::create::DemoError;
use crate::geography::{DemoCell, Landmark, LandmarkKind, Level, landmarks};
use crate::phrases::{Channel, trouble};
use crate::pictures::Moment;

/// The keys of the stories, as docs/demo.md lists them.
pub(super) const KEYS: [&str; 7] = ["fake", "tour", "overdue", "today", "relapse", "desks", "lookup"];

/// For each step, how many minutes before the end the case was reported that waits there: as something new, due soon,
/// just late, and late for two days. The times of a rushed case (`steps.rs`) and the limits of the channel make them.
const WAITS: [(Step, [i64; 4]); 5] = [
    (Step::PreVerify, [2, 38, 52, 3_000]),
    (Step::File, [12, 37, 53, 2_900]),
    (Step::Dispatch, [14, 19, 33, 2_800]),
    (Step::Check, [28, 240, 275, 2_950]),
    (Step::Close, [34, 241, 274, 3_050]),
];

/// What waits at the desks, and where it shows.
const TROUBLES: [(&str, LandmarkKind); 5] = [
    ("E0110", LandmarkKind::Residential),
    ("E0112", LandmarkKind::Street),
    ("E0406", LandmarkKind::Market),
    ("E0117", LandmarkKind::Park),
    ("E0410", LandmarkKind::Shops),
];

impl Play<'_> {
    /// Plants the stories in the tour's town. Whatever the day and the hour of the end, they are as the documents say:
    /// those that must be over go fast, by night too.
    pub(super) fn plant(&mut self) {
        let end = self.plan.end;
        let over = Fate::rushed(None);
        // The unit offers the "before" photo as proof, is refused, and then does its work.
        let morning = Time::start_of(end.plus_ms(-3 * DAY_MS).date()).plus_ms(9 * HOUR_MS + 40 * MINUTE_MS);
        self.story("fake", morning, "E0110", LandmarkKind::Street, Fate::steady());
        // Waits at the handler's desk for the visitor of the tour.
        let waiting = Fate::rushed(Some(Step::Handle));
        self.story("tour", end.plus_ms(-70 * MINUTE_MS), "E0110", LandmarkKind::Residential, waiting);
        // Long overdue at the same desk.
        self.story("overdue", long_ago(end), "E0135", LandmarkKind::Residential, waiting);
        // Due within about an hour, whatever the hour is: 焚烧垃圾 runs on 紧急工作时, which never stop.
        self.story("today", end.plus_ms(-75 * MINUTE_MS), "E0120", LandmarkKind::Residential, waiting);
        // The same market, three weekends running.
        for week in [3, 2, 1] {
            let at = last_saturday(end).plus_ms(-7 * DAY_MS * (week - 1) + 8 * HOUR_MS);
            self.story("relapse", at, "E0498", LandmarkKind::Market, Fate::steady());
        }
        // An acceptor looks up who reported it, to ask which shop is meant: the auditor finds the look.
        self.story("lookup", end.plus_ms(-4 * HOUR_MS), "E0128", LandmarkKind::Shops, over);
    }

    /// Work at every desk, whatever the hour at which the demo is made: at each something new, something due soon,
    /// something that has just run out and something long overdue, so that something is always due on the day of the
    /// end; and a few cases that were closed in the last hours.
    pub(super) fn desks(&mut self) {
        let end = self.plan.end;
        let minutes = |n: i64| end.plus_ms(-n * MINUTE_MS);
        let mut troubles = TROUBLES.into_iter().cycle();
        for (step, agos) in WAITS {
            for (ago, (class, kind)) in agos.into_iter().zip(&mut troubles) {
                self.story("desks", minutes(ago), class, kind, Fate::rushed(Some(step)));
            }
        }
        // At the unit's desk the other stories wait; this one has just run out.
        let waiting = Fate::rushed(Some(Step::Handle));
        self.story("desks", minutes(145), "E0120", LandmarkKind::Residential, waiting);
        // Closed in the last working hours: reported in the morning, put right by the afternoon.
        let shut = working_hour(end);
        for ago in [330, 345, 360, 390, 420, 450, 480] {
            self.story(
                "desks",
                shut.plus_ms(-ago * MINUTE_MS),
                "E0112",
                LandmarkKind::Street,
                Fate::steady(),
            );
        }
    }

    fn story(&mut self, key: &'static str, at: Time, class: &str, kind: LandmarkKind, fate: Fate) {
        // Every case of the desks has its place; the other stories keep to one, above all the market that relapses.
        let nth = if key == "desks" { self.parts.len() } else { 0 };
        let Some((landmark, cell)) = self.spot(kind, nth) else { return };
        let Some(trouble) = trouble(class) else { return };
        let mut dice = self.dice.fork(key).fork_number(self.parts.len() as u64);
        let index = self.add(at, &landmark, &cell, trouble, Channel::Resident, Some(fate), &mut dice);
        if let Some(part) = self.parts.get_mut(index) {
            part.story = Some(key);
        }
    }

    /// A landmark of a kind in the tour's town, counted round.
    fn spot(&self, kind: LandmarkKind, nth: usize) -> Option<(Landmark, DemoCell)> {
        let in_town =
            |cell: &&DemoCell| cell.level == Level::Village && cell.town_code.as_deref() == Some(TOUR_TOWN);
        let mut spots = Vec::new();
        for cell in self.ground.cells.iter().filter(in_town) {
            let of_kind =
                landmarks(self.plan.seed, cell).into_iter().filter(|landmark| landmark.kind == kind);
            spots.extend(of_kind.map(|landmark| (landmark, cell.clone())));
        }
        let count = spots.len().max(1);
        spots.into_iter().nth(nth % count)
    }

    /// The acceptor calls back: looking up the reporter stands in the history.
    pub(super) async fn look_up(&mut self, index: usize) -> Result<(), DemoError> {
        let acceptor = self.acceptor();
        let Some(case) = self.parts[index].case else { return Ok(()) };
        self.room(index).show_reporter(&acceptor, case).await?;
        Ok(())
    }

    /// The same file offered as proof is refused, and the refusal names where it was used.
    pub(super) async fn fake(
        &mut self,
        index: usize,
        handler: &Caller,
        words: &Words,
    ) -> Result<(), DemoError> {
        let part = self.parts[index].clone();
        // As it was sent with the report, when the case had no number yet.
        let drawn = self.studio.take((part.scene, part.picture, Moment::Before)).await?;
        let same = file_of(&super::Part { number: String::new(), ..part.clone() }, drawn);
        let offered = self.upload(handler.actor(), same).await?;
        self.pictures += 1;
        let Some(on) = self.on(handler, index).await? else { return Ok(()) };
        match self.room(index).handle(on, words, &[offered]).await {
            Err(ActError::Case(cases::errors::CaseError::PhotoReused { .. })) => Ok(()),
            Err(error) => Err(error.into()),
            Ok(_) => Err(DemoError::Story("fake")),
        }
    }
}

/// Six days ago, or as many more as holidays make of it: a limit of one 工作日 ran out at least a day ago.
fn long_ago(end: Time) -> Time {
    let calendar = WorkCalendar::standard();
    let late = |at: &Time| calendar.due_at(at.plus_ms(HOUR_MS), Limit::WorkDays(1)) < end.plus_ms(-DAY_MS);
    let mut days = (6..=15).map(|days| end.plus_ms(-days * DAY_MS));
    days.find(late).unwrap_or(end.plus_ms(-15 * DAY_MS))
}

/// The last moment up to the end at which the afternoon's work is done.
fn working_hour(end: Time) -> Time {
    let of_day = end.ms_of_day();
    let evening = Time::start_of(end.date()).plus_ms(18 * HOUR_MS);
    if of_day < 15 * HOUR_MS { evening.plus_ms(-DAY_MS) } else { Time(end.0.min(evening.0)) }
}

/// The beginning of the last Saturday before a moment's day.
fn last_saturday(end: Time) -> Time {
    let today = Time::start_of(end.date());
    let back = (i64::from(today.date().weekday().to_monday_zero_offset()) + 2) % 7;
    today.plus_ms(-(if back == 0 { 7 } else { back }) * DAY_MS)
}
