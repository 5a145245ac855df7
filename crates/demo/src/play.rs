//! Half a year, played: reports come in as a city's do, and people act on them with their delays, their lateness and
//! their mistakes. Every act is the real command under a simulated clock.

mod budget;
mod camera;
mod days;
mod fates;
mod schedule;
mod steps;
mod stories;
mod studio;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use cases::Attachment;
use kernel::class::ClassCode;
use kernel::id::{CaseId, UnitId};
use kernel::time::{DAY_MS, FixedClock, MINUTE_MS, Time};
use org::Org;
use platform::Ctx;
use platform::files;
use platform::timers::Timers;
use serde::{Deserialize, Serialize};

use crate::cast::CITY;
use crate::create::{DemoError, Made};
use crate::dice::Dice;
use crate::geography::{Geography, Landmark};
use crate::people::Staff;
use crate::phrases::{Channel, Crowd, Phrasebook};
use crate::pictures::{Moment, SceneKind};
use crate::plan::Plan;
use crate::waiting;
use fates::Fate;
use studio::Studio;

/// Pictures in all, at the most. The newest cases have them, and every story of the last days.
const PICTURES_MOST: usize = 1_500;
/// How often the timers are looked at, in simulated time.
const TIMERS_MS: i64 = 30 * MINUTE_MS;

/// A planted story and the numbers of its cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Story {
    /// Its key, as docs/demo.md lists it.
    pub key: String,
    /// The numbers of its cases, oldest first.
    pub numbers: Vec<String>,
}

/// A case in play.
#[derive(Debug, Clone)]
struct Part {
    /// When it is reported.
    at: Time,
    channel: Channel,
    class: ClassCode,
    scene: SceneKind,
    landmark: Landmark,
    town_code: String,
    area: i64,
    /// Seed of its picture.
    picture: u64,
    fate: Fate,
    story: Option<&'static str>,
    case: Option<CaseId>,
    number: String,
    receipt: Option<String>,
    unit: Option<UnitId>,
    reworks: u32,
    /// The photo that its next step sends, once it is uploaded.
    photo: Option<Attachment>,
}

impl Part {
    /// The step that brings the first photo: the report, or for a call the look of whoever finds the trouble.
    fn first_photo_at(&self) -> Option<Step> {
        if self.channel != Channel::Hotline {
            return Some(Step::Report);
        }
        self.fate.found.then_some(Step::PreVerify)
    }

    /// What the photo of a step shows; none for a step without one.
    fn moment(&self, step: Step) -> Option<Moment> {
        if step == Step::Handle {
            return Some(Moment::After);
        }
        (self.first_photo_at() == Some(step)).then_some(Moment::Before)
    }
}

/// What happens next to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Report,
    PreVerify,
    File,
    Refuse,
    Dispatch,
    Handle,
    Check,
    Close,
    Verdict,
    LookUp,
}

/// The stage.
pub(crate) struct Play<'a> {
    ctx: Ctx,
    clock: FixedClock,
    org: Org,
    plan: &'a Plan,
    ground: &'a Geography,
    staff: Staff,
    /// The room before photos were asked for, and since.
    early: cases::Cases,
    late: cases::Cases,
    timers: Timers,
    timers_at: Time,
    parts: Vec<Part>,
    queue: BinaryHeap<Reverse<(Time, usize, Step)>>,
    book: Phrasebook,
    crowd: Crowd,
    dice: Dice,
    /// Cases reported from this moment on have photos: the older part of the history has none, as in a city that began
    /// without them.
    photos_from: Time,
    studio: Studio,
    pictures: usize,
}

impl<'a> Play<'a> {
    pub(crate) fn new(
        ctx: Ctx,
        clock: FixedClock,
        org: Org,
        plan: &'a Plan,
        ground: &'a Geography,
        staff: Staff,
    ) -> Result<Self, DemoError> {
        let late = cases::Cases::new(ctx.clone(), org.clone())?;
        let (catalogue, policies) = cases::catalogue::standard()?;
        let early = cases::Cases::with_tables(
            ctx.clone(),
            org.clone(),
            catalogue.without_photos(),
            policies.without_photos(),
        );
        let timers = Timers::new(ctx.clone(), cases::timers(&late));
        Ok(Self {
            clock,
            plan,
            ground,
            staff,
            early,
            late,
            timers,
            timers_at: plan.begin(),
            parts: Vec::new(),
            queue: BinaryHeap::new(),
            book: Phrasebook::new(plan.seed),
            crowd: Crowd::new(plan.seed ^ 0x5151),
            dice: Dice::new(plan.seed).fork("play"),
            photos_from: plan.photos_from(),
            studio: Studio::open(),
            pictures: 0,
            org,
            ctx,
        })
    }

    /// Were photos asked for when this case was reported?
    fn pictured(&self, part: usize) -> bool {
        self.parts.get(part).is_some_and(|part| part.at >= self.photos_from)
    }

    /// The room as it was when this case was reported: what was asked for then is asked for to its end.
    fn room(&self, part: usize) -> &cases::Cases {
        if self.pictured(part) { &self.late } else { &self.early }
    }

    /// Something happens later; what lies after the end of the history never does.
    fn later(&mut self, at: Time, part: usize, step: Step) {
        let held = self.parts.get(part).is_some_and(|part| part.fate.hold == Some(step));
        if at < self.plan.end && !held {
            self.queue.push(Reverse((at, part, step)));
            self.foresee(at, part, step);
        }
    }

    /// Orders the picture that a step will take.
    fn foresee(&mut self, at: Time, part: usize, step: Step) {
        let pictured = self.pictured(part);
        let Some(part) = self.parts.get(part).filter(|_| pictured) else { return };
        if let Some(moment) = part.moment(step) {
            self.studio.order(at, (part.scene, part.picture, moment));
        }
    }

    /// Moves the clock, and lets the timers that ran out meanwhile go off.
    async fn go_to(&mut self, at: Time) -> Result<(), DemoError> {
        while self.timers_at.plus_ms(TIMERS_MS) <= at {
            self.timers_at = self.timers_at.plus_ms(TIMERS_MS);
            self.clock.set(self.timers_at);
            self.timers.run_due(self.timers_at).await?;
        }
        self.clock.set(at);
        Ok(())
    }
}

/// How far the history has been played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The day that begins, from 1.
    pub day: i64,
    /// Days in all.
    pub days: i64,
}

/// Plays the whole history, and says at each new day how far it is.
pub(crate) async fn run(mut play: Play<'_>, progress: &(dyn Fn(Progress) + Sync)) -> Result<Made, DemoError> {
    play.schedule();
    play.plant();
    play.desks();
    play.spare();
    perform(play, progress).await
}

/// Plays what is planned.
async fn perform(mut play: Play<'_>, progress: &(dyn Fn(Progress) + Sync)) -> Result<Made, DemoError> {
    let mut told = 0;
    while let Some(Reverse((at, part, step))) = play.queue.pop() {
        let day = (at.0 - play.plan.begin().0) / DAY_MS;
        if day > told {
            told = day;
            progress(Progress { day, days: play.plan.days() });
        }
        play.go_to(at).await?;
        play.act(at, part, step).await?;
    }
    play.go_to(play.plan.end).await?;
    waiting::plant(&play.org).await?;
    files::process_pending(&play.ctx, CITY).await?;
    let numbers = |key: &str| -> Vec<String> {
        let mut numbers: Vec<String> = play
            .parts
            .iter()
            .filter(|part| part.story == Some(key))
            .map(|part| part.number.clone())
            .collect();
        numbers.retain(|number| !number.is_empty());
        numbers.sort();
        numbers
    };
    let stories =
        stories::KEYS.iter().map(|key| Story { key: (*key).to_owned(), numbers: numbers(key) }).collect();
    Ok(Made {
        seed: play.plan.seed,
        end: play.plan.end.0,
        cases: play.parts.iter().filter(|part| part.case.is_some()).count(),
        pictures: play.pictures,
        stories,
    })
}

#[cfg(test)]
mod tests;
