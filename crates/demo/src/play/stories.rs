//! Planted stories: small plots that the documents tell and tests open. Each is made of the same commands as the rest.

use cases::{ActError, Words};
use kernel::time::{DAY_MS, HOUR_MS, MINUTE_MS, Time};
use platform::web::Caller;

use super::fates::Fate;
use super::steps::file_of;
use super::{Play, Step};
use crate::cast::TOUR_TOWN;
use crate::create::DemoError;
use crate::geography::{DemoCell, Landmark, LandmarkKind, Level, landmarks};
use crate::phrases::{Channel, trouble};
use crate::pictures::Moment;

/// The keys of the stories, as docs/demo.md lists them.
pub(super) const KEYS: [&str; 6] = ["fake", "tour", "overdue", "today", "relapse", "desks"];

impl Play<'_> {
    /// Plants the stories in the tour's town.
    pub(super) fn plant(&mut self) {
        let end = self.plan.end;
        // The unit offers the "before" photo as proof, is refused, and then does its work.
        self.story(
            "fake",
            end.plus_ms(-3 * DAY_MS - 5 * HOUR_MS),
            "E0110",
            LandmarkKind::Street,
            Fate::good(0.6),
        );
        // Waits at the handler's desk for the visitor of the tour.
        let waiting = Fate::rushed(Some(Step::Handle));
        self.story("tour", end.plus_ms(-70 * MINUTE_MS), "E0110", LandmarkKind::Residential, waiting);
        // Long overdue at the same desk.
        self.story("overdue", end.plus_ms(-6 * DAY_MS), "E0135", LandmarkKind::Residential, waiting);
        // Due within the hour, whatever the hour is: 占道经营 runs on 紧急工作时, which never stop.
        self.story("today", end.plus_ms(-95 * MINUTE_MS), "E0120", LandmarkKind::Street, waiting);
        // The same market, three weekends running.
        for week in [3, 2, 1] {
            let at = last_saturday(end).plus_ms(-7 * DAY_MS * (week - 1) + 8 * HOUR_MS);
            self.story("relapse", at, "E0498", LandmarkKind::Market, Fate::good(0.4));
        }
    }

    /// Work at every desk, whatever the hour at which the demo is made: at each something new, something due soon, and
    /// something overdue; and a few cases that were closed today.
    pub(super) fn desks(&mut self) {
        let end = self.plan.end;
        let minutes = |n: i64| end.plus_ms(-n * MINUTE_MS);
        // How long a rushed case takes, at the most, until it waits for each step; older than that, it has waited since.
        let waits = [
            (Step::PreVerify, 2, 30, 3_000),
            (Step::File, 14, 26, 2_900),
            (Step::Dispatch, 27, 33, 2_800),
            (Step::Check, 70, 110, 2_950),
            (Step::Close, 80, 125, 3_050),
        ];
        for (step, new, soon, old) in waits {
            for ago in [new, soon, old] {
                self.story(
                    "desks",
                    minutes(ago),
                    "E0110",
                    LandmarkKind::Residential,
                    Fate::rushed(Some(step)),
                );
            }
        }
        let today = end.ms_of_day() / MINUTE_MS;
        for ago in [130, 160, 200, 260, 330, 420, 500] {
            // Closed some 90 minutes after it was reported; only what then lies in today is worth its while.
            if ago < today + 60 {
                self.story("desks", minutes(ago), "E0112", LandmarkKind::Street, Fate::rushed(None));
            }
        }
    }

    fn story(&mut self, key: &'static str, at: Time, class: &str, kind: LandmarkKind, fate: Fate) {
        let Some((landmark, cell)) = self.spot(kind) else { return };
        let Some(trouble) = trouble(class) else { return };
        let mut dice = self.dice.fork(key);
        let index = self.add(at, &landmark, &cell, trouble, Channel::Resident, Some(fate), &mut dice);
        if let Some(part) = self.parts.get_mut(index) {
            part.story = Some(key);
        }
    }

    /// The first landmark of a kind in the tour's town.
    fn spot(&self, kind: LandmarkKind) -> Option<(Landmark, DemoCell)> {
        let cells = self
            .ground
            .cells
            .iter()
            .filter(|cell| cell.level == Level::Village && cell.town_code.as_deref() == Some(TOUR_TOWN));
        cells
            .flat_map(|cell| {
                landmarks(self.plan.seed, cell).into_iter().map(move |landmark| (landmark, cell.clone()))
            })
            .find(|(landmark, _)| landmark.kind == kind)
    }

    /// The same file offered as proof is refused, and the refusal names where it was used.
    pub(super) async fn fake(
        &mut self,
        at: Time,
        index: usize,
        handler: &Caller,
        words: &Words,
    ) -> Result<(), DemoError> {
        let part = self.parts[index].clone();
        // As it was sent with the report, when the case had no number yet.
        let drawn = self.studio.take(part.scene, part.picture, Moment::Before).await?;
        let same = file_of(&super::Part { number: String::new(), ..part.clone() }, drawn);
        let offered = self.upload_bytes(handler.actor(), same).await?;
        let Some(on) = self.on(handler, index).await? else { return Ok(()) };
        match self.room(at).handle(on, words, &[offered]).await {
            Err(ActError::Case(cases::errors::CaseError::PhotoReused { .. })) => Ok(()),
            Err(error) => Err(error.into()),
            Ok(_) => Err(DemoError::Story("fake")),
        }
    }
}

/// The beginning of the last Saturday before a moment's day.
fn last_saturday(end: Time) -> Time {
    let today = Time::start_of(end.date());
    let back = (i64::from(today.date().weekday().to_monday_zero_offset()) + 2) % 7;
    today.plus_ms(-(if back == 0 { 7 } else { back }) * DAY_MS)
}
