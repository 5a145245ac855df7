//! When and where trouble shows: by hour, weekday, weather and holiday, at markets, schools, stations and borders.

use kernel::time::{DAY_MS, HOUR_MS, MINUTE_MS, Time};

use super::days::{self, Day};
use super::fates::Fate;
use super::{Part, Play, Step};
use crate::cast::TOUR_TOWN;
use crate::dice::Dice;
use crate::geography::{DemoCell, Landmark, LandmarkKind, Level, landmarks};
use crate::phrases::{Channel, Trouble, draw_trouble, trouble};
use crate::plan::Scale;

/// Weight of each hour of the day for residents: mornings, lunch, after work.
const HOURS: [u32; 24] = [1, 1, 0, 0, 0, 1, 4, 9, 14, 12, 9, 8, 8, 6, 7, 8, 9, 10, 12, 10, 7, 5, 3, 2];

impl Play<'_> {
    /// Plans the reports of the whole history.
    pub(super) fn schedule(&mut self) {
        let mut dice = self.dice.fork("schedule");
        let spots = self.spots();
        let days = days::weighted(self.plan, &mut dice);
        let total: u64 = days.iter().map(|(_, weight)| *weight).sum();
        for (day, weight) in days {
            let share = self.plan.cases() as u64 * weight;
            let count = share / total + u64::from(dice.below(total as usize) < (share % total) as usize);
            let free = Day::of(day.date()).is_free();
            for _ in 0..count {
                self.plan_one(day, free, &spots, &mut dice);
            }
        }
        self.rain(&spots, &mut dice);
        self.tail(&spots, &mut dice);
    }

    /// The landmarks of every village-level cell in play, with their cells.
    fn spots(&self) -> Vec<(Landmark, DemoCell)> {
        let in_play = |cell: &&DemoCell| {
            let tour = cell.town_code.as_deref() == Some(TOUR_TOWN);
            cell.level == Level::Village && (self.plan.scale == Scale::County || tour)
        };
        let mut spots = Vec::new();
        for cell in self.ground.cells.iter().filter(in_play) {
            for landmark in landmarks(self.plan.seed, cell) {
                spots.push((landmark, cell.clone()));
            }
        }
        for (index, landmark) in self.ground.border_landmarks(self.plan.seed) {
            if let Some(cell) = self.ground.cells.get(index)
                && in_play(&cell)
            {
                spots.push((landmark, cell.clone()));
            }
        }
        spots
    }

    fn plan_one(&mut self, day: Time, free: bool, spots: &[(Landmark, DemoCell)], dice: &mut Dice) {
        let at = day.plus_ms(moment(dice));
        let mut choice = dice.below(spots.len());
        // Markets and parks draw trouble on free days, schools and building sites on working days.
        for _ in 0..2 {
            let kind = spots.get(choice).map(|(landmark, _)| landmark.kind);
            let wanted = match kind {
                Some(LandmarkKind::Market | LandmarkKind::Park | LandmarkKind::Shops) => free,
                Some(LandmarkKind::School | LandmarkKind::Construction) => !free,
                _other => true,
            };
            if wanted {
                break;
            }
            choice = dice.below(spots.len());
        }
        let Some((landmark, cell)) = spots.get(choice) else { return };
        let Some(trouble) = draw_trouble(landmark.kind, at.date().month(), dice) else { return };
        let channel = match dice.below(100) {
            0..=57 => Channel::Resident,
            58..=83 => Channel::Inspector,
            _rest => Channel::Hotline,
        };
        // Inspectors walk by day.
        let mut at = at;
        let mut walk = dice.fork_number(self.parts.len() as u64);
        while channel == Channel::Inspector && !inspected(at) {
            at = day.plus_ms(moment(&mut walk));
        }
        self.add(at, landmark, cell, trouble, channel, None, dice);
    }

    /// A day of heavy rain: roads under water all over, within a few hours.
    fn rain(&mut self, spots: &[(Landmark, DemoCell)], dice: &mut Dice) {
        let Some(flood) = trouble("E0506") else { return };
        let day = Time::start_of(self.plan.end.date()).plus_ms(-9 * DAY_MS);
        let count = if self.plan.scale == Scale::County { 64 } else { 8 };
        for _ in 0..count {
            let Some((landmark, cell)) = spots.get(dice.below(spots.len())) else { return };
            let at = day.plus_ms(6 * HOUR_MS + dice.below(300) as i64 * MINUTE_MS);
            self.add(at, landmark, cell, flood, Channel::Resident, None, dice);
        }
    }

    /// The last hours: every desk has something new, whatever the hour at which the demo is made.
    fn tail(&mut self, spots: &[(Landmark, DemoCell)], dice: &mut Dice) {
        for minutes in [3, 6, 9, 12, 18, 26, 33, 47, 58, 75, 96, 130] {
            let Some((landmark, cell)) = spots.get(dice.below(spots.len())) else { return };
            let at = self.plan.end.plus_ms(-minutes * MINUTE_MS);
            let Some(trouble) = draw_trouble(landmark.kind, at.date().month(), dice) else { continue };
            let channel =
                if minutes % 2 == 0 || !inspected(at) { Channel::Resident } else { Channel::Inspector };
            self.add(at, landmark, cell, trouble, channel, Some(Fate::good(0.5)), dice);
        }
    }

    /// Adds a case to the play. Returns its index.
    pub(super) fn add(
        &mut self,
        at: Time,
        landmark: &Landmark,
        cell: &DemoCell,
        trouble: &Trouble,
        channel: Channel,
        fate: Option<Fate>,
        dice: &mut Dice,
    ) -> usize {
        // Classes of the table are tested against the catalogue.
        let Ok(class) = trouble.class_code.parse() else { return self.parts.len() };
        let town_code = cell.town_code.clone().unwrap_or_default();
        let fate = fate.unwrap_or_else(|| Fate::draw(self.plan, &town_code, channel, at, dice));
        let index = self.parts.len();
        self.parts.push(Part {
            at,
            channel,
            class,
            scene: trouble.scene,
            landmark: landmark.clone(),
            town_code,
            area: cell.area_key,
            picture: dice.next_u64(),
            fate,
            story: None,
            case: None,
            number: String::new(),
            receipt: None,
            unit: None,
            reworks: 0,
            photo: None,
        });
        if at > self.plan.begin() {
            self.later(at, index, Step::Report);
        }
        index
    }
}

/// Is an inspector on the way?
fn inspected(at: Time) -> bool {
    (7 * HOUR_MS..20 * HOUR_MS).contains(&at.ms_of_day())
}

fn moment(dice: &mut Dice) -> i64 {
    let total: u32 = HOURS.iter().sum();
    let mut left = dice.below(total as usize) as u32;
    for (hour, weight) in HOURS.iter().enumerate() {
        if left < *weight {
            return hour as i64 * HOUR_MS + dice.below(3_600) as i64 * 1_000;
        }
        left -= weight;
    }
    12 * HOUR_MS
}
