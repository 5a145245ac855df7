//! The steps of a case: who does what, when, with which words and pictures, and what follows.

use cases::model::{Source, Verdict};
use cases::{NewReport, On, Spot, Words};
use kernel::area::AreaKey;
use kernel::place::Point;
use kernel::time::{DAY_MS, HOUR_MS, MINUTE_MS, Time};
use platform::journal::{Actor, Stamp};
use platform::web::Caller;

use super::{Play, Step};
use crate::cast::CITY;
use crate::create::DemoError;
use crate::phrases::{self, Channel, Occasion};

/// Nobody is there and has it done sooner.
const QUICKEST_MS: i64 = 35 * MINUTE_MS;

impl Play<'_> {
    /// Does one step.
    pub(super) async fn act(&mut self, at: Time, part: usize, step: Step) -> Result<(), DemoError> {
        match step {
            Step::Report => self.report(at, part).await,
            Step::PreVerify => self.pre_verify(at, part).await,
            Step::File => self.file(at, part).await,
            Step::Refuse => self.refuse(at, part).await,
            Step::Dispatch => self.dispatch(at, part).await,
            Step::Handle => self.handle(at, part).await,
            Step::Check => self.check(at, part).await,
            Step::Close => self.close(at, part).await,
            Step::Verdict => self.verdict(at, part).await,
            Step::LookUp => self.look_up(part).await,
        }
    }

    async fn report(&mut self, at: Time, index: usize) -> Result<(), DemoError> {
        let part = self.parts[index].clone();
        let inspector = self.inspector(&part.town_code);
        let (source, by, actor) = match part.channel {
            Channel::Inspector => (Source::Inspector, cases::by_staff(&inspector), inspector.actor()),
            Channel::Hotline => {
                let acceptor = self.acceptor();
                (Source::Hotline, cases::by_staff(&acceptor), acceptor.actor())
            }
            Channel::Resident | Channel::Patrol | Channel::Inspection => {
                (Source::Resident, cases::rules::By::Resident, Actor::Resident)
            }
        };
        let photos = self.photos(at, index, Step::Report).await?;
        let photos = self.late.sent_photos(CITY, &photos).await?;
        let class = part.class.to_string();
        let said = Occasion::at(at, !photos.is_empty());
        let text = self.book.report(part.channel, &class, &part.landmark, said);
        let named =
            part.story == Some("lookup") || (part.channel != Channel::Inspector && self.dice.chance(0.5));
        let caller = named.then(|| self.crowd.person());
        let place = match Point::new(part.landmark.point.x(), part.landmark.point.y()) {
            Ok(point) => Spot::Point(point, Some(8.0 + self.dice.below(30) as f64)),
            Err(_) => Spot::Area(AreaKey(part.area)),
        };
        let new = NewReport {
            source,
            class: part.class,
            place,
            device_at: None,
            description: Some(text),
            address: Some(part.landmark.name.clone()),
            name: caller.as_ref().map(|person| person.name.clone()),
            phone: caller.map(|person| person.phone),
            photos,
        };
        let stamp = Stamp { at, actor };
        let done = self.room(index).report(CITY, by, stamp, new, None).await?;
        let entry = &mut self.parts[index];
        entry.case = Some(done.case);
        entry.number = done.number.0;
        entry.receipt = done.code;
        let looked_at = matches!(source, Source::Resident | Source::Hotline);
        if part.story == Some("lookup") {
            self.later(at.plus_ms(3 * MINUTE_MS), index, Step::LookUp);
        }
        if part.fate.refused == Some("out_of_scope") {
            let wait = self.minutes(3, 25);
            self.later(at.plus_ms(wait), index, Step::Refuse);
        } else if looked_at {
            let wait = self.minutes(6, if part.fate.rush { 8 } else { 34 });
            let next = at.plus_ms(wait);
            self.later(if part.fate.rush { next } else { by_day(next) }, index, Step::PreVerify);
        } else {
            let wait = self.minutes(2, 14);
            self.later(at.plus_ms(wait), index, Step::File);
        }
        Ok(())
    }

    async fn pre_verify(&mut self, at: Time, index: usize) -> Result<(), DemoError> {
        let part = self.parts[index].clone();
        let inspector = self.inspector(&part.town_code);
        let class = part.class.to_string();
        let found = part.fate.found;
        let said = Occasion::at(at, self.reported_with_photo(index));
        let words = self.book.fresh(|dice| phrases::pre_verify_remark(&class, found, said, dice));
        // A call brings no photo: whoever goes and finds the trouble takes the first one.
        let photos = self.photos(at, index, Step::PreVerify).await?;
        let Some(on) = self.on(&inspector, index).await? else { return Ok(()) };
        self.room(index).pre_verify(on, found, &Words(Some(words)), &photos).await?;
        let wait = self.minutes(2, if part.fate.rush { 4 } else { 12 });
        let next = if found && part.fate.refused.is_none() { Step::File } else { Step::Refuse };
        self.later(at.plus_ms(wait), index, next);
        Ok(())
    }

    async fn file(&mut self, at: Time, index: usize) -> Result<(), DemoError> {
        let class = self.parts[index].class;
        let room = self.room(index).clone();
        let Some(standard) = room.tables().standards_of(class, at).next().map(|row| row.id.clone()) else {
            return Ok(());
        };
        let acceptor = self.acceptor();
        let Some(on) = self.on(&acceptor, index).await? else { return Ok(()) };
        room.file(on, standard).await?;
        let wait = self.minutes(2, if self.parts[index].fate.rush { 4 } else { 17 });
        self.later(at.plus_ms(wait), index, Step::Dispatch);
        Ok(())
    }

    async fn refuse(&mut self, at: Time, index: usize) -> Result<(), DemoError> {
        let reason = self.parts[index].fate.refused.unwrap_or("not_found");
        let said = Occasion::at(at, self.reported_with_photo(index));
        let words = self.book.fresh(|dice| phrases::refusal_reason(reason, said, dice));
        let acceptor = self.acceptor();
        let Some(on) = self.on(&acceptor, index).await? else { return Ok(()) };
        self.room(index).refuse(on, reason.into(), &Words(Some(words))).await?;
        Ok(())
    }

    async fn dispatch(&mut self, at: Time, index: usize) -> Result<(), DemoError> {
        let part = self.parts[index].clone();
        let city = self.org.city(CITY).await?;
        let answer = city.resolve(AreaKey(part.area), part.class, at).map_err(org::EditError::from)?;
        let dispatcher = self.dispatcher();
        let Some(on) = self.on(&dispatcher, index).await? else { return Ok(()) };
        let done = self.room(index).dispatch(on, answer.unit, &Words(None)).await?;
        self.parts[index].unit = Some(answer.unit);
        let Some(task) = done.case.phase.task() else { return Ok(()) };
        let due_at = task.clock.due_at;
        let next = if part.fate.rush {
            at.plus_ms(self.minutes(6, 8))
        } else if part.fate.steady {
            at.plus_ms(self.minutes(60, 120))
        } else {
            let span = (due_at.0 - at.0).max(30 * MINUTE_MS) as f64;
            let wait = (span * part.fate.pace) as i64;
            at_work(at.plus_ms(wait.max(QUICKEST_MS)), due_at, part.fate.pace)
        };
        self.later(next, index, Step::Handle);
        Ok(())
    }

    async fn handle(&mut self, at: Time, index: usize) -> Result<(), DemoError> {
        let part = self.parts[index].clone();
        let Some(handler) = part.unit.and_then(|unit| self.staff.handlers.get(&unit)).cloned() else {
            return Ok(());
        };
        let class = part.class.to_string();
        let said = Occasion::at(at, self.pictured(index));
        let words = Words(Some(self.book.fresh(|dice| phrases::handler_feedback(&class, said, dice))));
        if part.story == Some("fake") && part.reworks == 0 {
            self.fake(index, &handler, &words).await?;
        }
        let photos = self.photos(at, index, Step::Handle).await?;
        let Some(on) = self.on(&handler, index).await? else { return Ok(()) };
        self.room(index).handle(on, &words, &photos).await?;
        let next = if part.fate.rush {
            at.plus_ms(self.minutes(4, 6))
        } else {
            let most = if part.fate.steady { 90 } else { 200 };
            by_day(at.plus_ms(self.minutes(25, most)))
        };
        self.later(next, index, Step::Check);
        Ok(())
    }

    async fn check(&mut self, at: Time, index: usize) -> Result<(), DemoError> {
        let part = self.parts[index].clone();
        let passed = part.reworks >= part.fate.bad_fixes;
        let said = Occasion::at(at, self.pictured(index));
        let class = part.class.to_string();
        let words = self.book.fresh(|dice| phrases::checker_remark(&class, passed, said, dice));
        let checker = self.checker();
        let Some(on) = self.on(&checker, index).await? else { return Ok(()) };
        self.room(index).check(on, passed, &Words(Some(words)), &[]).await?;
        if passed {
            let next = at.plus_ms(self.minutes(4, if part.fate.rush { 6 } else { 40 }));
            self.later(if part.fate.rush { next } else { by_day(next) }, index, Step::Close);
        } else {
            self.parts[index].reworks += 1;
            self.parts[index].picture ^= 0xA5A5;
            let wait = self.minutes(120, 1_500);
            self.later(by_day(at.plus_ms(wait)), index, Step::Handle);
        }
        Ok(())
    }

    async fn close(&mut self, at: Time, index: usize) -> Result<(), DemoError> {
        let acceptor = self.acceptor();
        let Some(on) = self.on(&acceptor, index).await? else { return Ok(()) };
        self.room(index).close(on, &Words(None)).await?;
        if self.parts[index].fate.verdict.is_some() {
            let wait = self.minutes(30, 4_000);
            self.later(by_day(at.plus_ms(wait)), index, Step::Verdict);
        }
        Ok(())
    }

    async fn verdict(&mut self, at: Time, index: usize) -> Result<(), DemoError> {
        let part = self.parts[index].clone();
        let (Some(verdict), Some(case), Some(_)) = (part.fate.verdict, part.case, &part.receipt) else {
            return Ok(());
        };
        let solved = verdict == Verdict::Resolved;
        let said = Occasion::at(at, self.pictured(index));
        let words = if solved && self.dice.chance(0.6) {
            Words(None)
        } else {
            Words(Some(self.book.fresh(|dice| phrases::verdict_text(solved, said, dice))))
        };
        self.room(index).give_verdict(CITY, case, verdict, &words, None).await?;
        Ok(())
    }

    /// Did the report bring a photo? A call does not.
    fn reported_with_photo(&self, index: usize) -> bool {
        let by_call = self.parts.get(index).is_some_and(|part| part.channel == Channel::Hotline);
        self.pictured(index) && !by_call
    }

    /// Who acts on which version; `None` for a case that never came to be.
    pub(super) async fn on<'c>(&self, caller: &'c Caller, index: usize) -> Result<Option<On<'c>>, DemoError> {
        let Some(case) = self.parts[index].case else { return Ok(None) };
        let seen = self.late.version(CITY, case).await?;
        Ok(seen.map(|seen| On { caller, case, seen, once: None }))
    }

    pub(super) fn inspector(&self, town_code: &str) -> Caller {
        let found = self.staff.inspectors.get(town_code).or_else(|| self.staff.inspectors.values().next());
        found
            .cloned()
            .unwrap_or_else(|| crate::cast::staff(0, "", "", kernel::rights::Role::Inspector, "320281", None))
    }

    pub(super) fn acceptor(&mut self) -> Caller {
        let index = self.dice.below(self.staff.acceptors.len());
        self.staff.acceptors[index].clone()
    }

    fn dispatcher(&mut self) -> Caller {
        let index = self.dice.below(self.staff.dispatchers.len());
        self.staff.dispatchers[index].clone()
    }

    fn checker(&mut self) -> Caller {
        let index = self.dice.below(self.staff.checkers.len());
        self.staff.checkers[index].clone()
    }

    /// Some minutes between two bounds, in milliseconds, to the second.
    pub(super) fn minutes(&mut self, least: i64, most: i64) -> i64 {
        let span = ((most - least) * 60).max(1) as usize;
        (least * 60 + self.dice.below(span) as i64) * 1_000
    }
}

/// Nobody walks the streets at night: what would fall between 21:00 and 06:30 waits for the morning.
fn by_day(at: Time) -> Time {
    let of_day = at.ms_of_day();
    let morning = 6 * HOUR_MS + 30 * MINUTE_MS;
    if of_day < morning {
        at.plus_ms(morning - of_day + of_day % (40 * MINUTE_MS))
    } else if of_day > 21 * HOUR_MS {
        at.plus_ms(DAY_MS - of_day + morning + of_day % (40 * MINUTE_MS))
    } else {
        at
    }
}

/// The unit works from 07:00 to 19:00; whoever means to be on time does not let the night make him late.
fn at_work(at: Time, due_at: Time, pace: f64) -> Time {
    let of_day = at.ms_of_day();
    let (open, shut) = (7 * HOUR_MS, 19 * HOUR_MS);
    if (open..shut).contains(&of_day) {
        return at;
    }
    let morning = if of_day < open { at.plus_ms(open - of_day) } else { at.plus_ms(DAY_MS - of_day + open) };
    let morning = morning.plus_ms(of_day % (50 * MINUTE_MS));
    if pace < 1.0 && morning > due_at { at } else { morning }
}
