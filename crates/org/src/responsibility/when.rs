//! Times of the week and of the year in words.

use kernel::time::{DAY_MS, Date, MINUTE_MS, Time};

use super::Moment;
use super::bits::Bits;
use super::sweep::Timeline;
use crate::model::{Dates, Window};

const FULL_WEEK: u8 = 0x7F;
const DAY_NAMES: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];

/// Minutes of some weekdays: Monday in bit 0, `from..to` in minutes since midnight, not over midnight.
pub type Hours = (u8, u16, u16);

/// A set of moments: stretches of days, each with hours of the week. Without a first (last) day it reaches back
/// (on) as far as was asked about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct When {
    slots: Vec<(Option<Date>, Option<Date>, Vec<Hours>)>,
}

impl When {
    /// Puts segments of a timeline together.
    pub(super) fn of(timeline: &Timeline, occurring: &Bits, segments: &Bits) -> Self {
        let week = timeline.minutes.len();
        let stretches = timeline.days.len().saturating_sub(1);
        let mut slots: Vec<(i32, i32, Vec<Hours>)> = Vec::new();
        for (stretch, pair) in timeline.days.windows(2).enumerate() {
            let &[from, to] = pair else { continue };
            let mine =
                |bits: &Bits| -> Vec<bool> { (0..week).map(|s| bits.has(stretch * week + s)).collect() };
            let (wanted, there) = (mine(segments), mine(occurring));
            if !wanted.contains(&true) {
                continue;
            }
            let all = wanted == there;
            let hours = if all {
                vec![(FULL_WEEK, 0, Window::DAY_MINUTES)]
            } else {
                hours(&timeline.minutes, &wanted)
            };
            match slots.last_mut() {
                Some((_, end, same)) if *end == from && *same == hours => *end = to,
                _ => slots.push((from, to, hours)),
            }
        }
        let first = timeline.days.first().copied();
        let end = timeline.days.get(stretches).copied();
        let date = |day: i32| Time(i64::from(day) * DAY_MS).date();
        let slots = slots.into_iter().map(|(from, to, hours)| {
            let last = to.saturating_sub(1);
            ((Some(from) != first).then(|| date(from)), (Some(to) != end).then(|| date(last)), hours)
        });
        Self { slots: slots.collect() }
    }

    /// Is it always?
    pub fn is_always(&self) -> bool {
        matches!(self.slots.as_slice(), [(None, None, hours)] if is_full(hours))
    }

    /// Does it hold at this moment, within the days that were asked about?
    pub fn holds(&self, at: Time) -> bool {
        let (date, moment) = (at.date(), Moment::of(at));
        let today = |hours: &Hours| {
            hours.0 >> moment.weekday & 1 == 1 && hours.1 <= moment.minute && moment.minute < hours.2
        };
        self.slots.iter().any(|(from, to, hours)| {
            Dates { valid_from: *from, valid_to: *to }.holds(date) && hours.iter().any(today)
        })
    }

    /// The first moment of it on or after a day; none when it is over by then.
    pub fn first(&self, from: Date) -> Option<Time> {
        const WEEK: i64 = 7;
        let moments = self.slots.iter().flat_map(|(valid_from, valid_to, hours)| {
            let dates = Dates { valid_from: *valid_from, valid_to: *valid_to };
            let start = Time::start_of(valid_from.map_or(from, |first| first.max(from)));
            (0..WEEK)
                .map(move |days| start.plus_ms(days * DAY_MS))
                .filter(move |day| dates.holds(day.date()))
                .flat_map(|day| {
                    let weekday = Moment::of(day).weekday;
                    let today = hours.iter().filter(move |hours| hours.0 >> weekday & 1 == 1);
                    today.map(move |hours| day.plus_ms(i64::from(hours.1) * MINUTE_MS))
                })
        });
        moments.min()
    }

    /// In words, for example `周六、周日全天`; `None` for always.
    pub fn text(&self) -> Option<String> {
        if self.is_always() {
            return None;
        }
        let slots = self.slots.iter().map(|(from, to, hours)| {
            let days = dates_text(*from, *to);
            let hours = if is_full(hours) && days.is_some() { None } else { Some(hours_text(hours)) };
            [days, hours].into_iter().flatten().collect::<Vec<_>>().join(" ")
        });
        Some(slots.collect::<Vec<_>>().join("；"))
    }
}

/// When a row holds, in words; `None` for always.
pub fn window_text(window: Window, valid: Dates) -> Option<String> {
    let days = dates_text(valid.valid_from, valid.valid_to);
    let hours = (window.week_minutes() < Window::WEEK_MINUTES)
        .then(|| hours_text(&[(window.weekdays(), window.from_minute(), window.to_minute())]));
    let parts: Vec<String> = [days, hours].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn is_full(hours: &[Hours]) -> bool {
    hours == [(FULL_WEEK, 0, Window::DAY_MINUTES)]
}

/// The wanted segments of the week as hours by weekday; weekdays with the same hours stand together.
fn hours(starts: &[u16], wanted: &[bool]) -> Vec<Hours> {
    let ends = starts.iter().skip(1).copied().chain([Window::WEEK_MINUTES]);
    let spans: Vec<(u16, u16)> = starts
        .iter()
        .copied()
        .zip(ends)
        .zip(wanted)
        .filter(|(_, wanted)| **wanted)
        .map(|(span, _)| span)
        .collect();
    let mut by_day: Vec<(Vec<(u16, u16)>, u8)> = Vec::new();
    for day in 0..7_u16 {
        let midnight = day * Window::DAY_MINUTES;
        let mut today: Vec<(u16, u16)> = Vec::new();
        for (from, to) in &spans {
            let from = from.clamp(&midnight, &(midnight + Window::DAY_MINUTES)) - midnight;
            let to = to.clamp(&midnight, &(midnight + Window::DAY_MINUTES)) - midnight;
            match today.last_mut() {
                _ if from == to => {}
                Some((_, end)) if *end == from => *end = to,
                _ => today.push((from, to)),
            }
        }
        match by_day.iter_mut().find(|(same, _)| *same == today) {
            _ if today.is_empty() => {}
            Some((_, days)) => *days |= 1 << day,
            None => by_day.push((today, 1 << day)),
        }
    }
    by_day
        .into_iter()
        .flat_map(|(spans, days)| spans.into_iter().map(move |(from, to)| (days, from, to)))
        .collect()
}

fn hours_text(hours: &[Hours]) -> String {
    let text = |&(days, from, to): &Hours| {
        if from == 0 && to == Window::DAY_MINUTES {
            return format!("{}全天", days_text(days));
        }
        let next_day = if to <= from { "次日" } else { "" };
        format!("{} {}–{next_day}{}", days_text(days), clock(from), clock(to))
    };
    hours.iter().map(text).collect::<Vec<_>>().join("、")
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn days_text(days: u8) -> String {
    match days {
        FULL_WEEK => "每天".to_owned(),
        0x1F => "周一至周五".to_owned(),
        _ => {
            let named = DAY_NAMES.iter().enumerate().filter(|(at, _)| days >> at & 1 == 1);
            named.map(|(_, name)| *name).collect::<Vec<_>>().join("、")
        }
    }
}

fn dates_text(from: Option<Date>, to: Option<Date>) -> Option<String> {
    match (from, to) {
        (Some(from), Some(to)) if from == to => Some(format!("{from}")),
        (Some(from), Some(to)) => Some(format!("{from} 至 {to}")),
        (Some(from), None) => Some(format!("{from} 起")),
        (None, Some(to)) => Some(format!("至 {to}")),
        (None, None) => None,
    }
}
