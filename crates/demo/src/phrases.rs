//! Texts of the demo city: what people write when something is wrong, and what units and checkers answer.
//!
//! Built from small parts (place, side, time, trouble, harm, wish), so that hundreds of thousands of texts exist;
//! a [`Phrasebook`] also remembers what it gave out and never says the same thing twice in a run. Every name and
//! number is invented; telephone numbers use a block that is recognisably not real.

mod people;
mod replies;
mod report;
mod troubles;

pub use people::{Crowd, Person, company_name};
pub use replies::{
    checker_remark, dispatch_opinion, handler_feedback, pre_verify_remark, refusal_reason, return_reason,
    verdict_text,
};
pub use report::report_text;
pub use troubles::{Theme, Trouble, draw_trouble, trouble, troubles};

use crate::dice::Dice;
use crate::geography::Landmark;
use std::collections::HashSet;

/// Through which channel a report comes; each has its own tone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// 市民随手拍: chatty, with typing errors.
    Resident,
    /// 信息采集员: some ten characters.
    Inspector,
    /// 12345 热线: the operator's formal summary of a call.
    Hotline,
    /// 市民巡访团: polite, with a suggestion.
    Patrol,
    /// 督查、暗访: a finding and a demand.
    Inspection,
}

impl Channel {
    /// The code of the source in the catalogue's policy rows.
    pub const fn source_code(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Inspector => "inspector",
            Self::Hotline => "hotline",
            Self::Patrol => "patrol",
            Self::Inspection => "inspection",
        }
    }
}

/// How often a new wording is tried before a text is told apart by a detail.
const TRIES: usize = 12;

/// Gives out texts and never repeats one in its life.
///
/// Deterministic: the same seed and the same order of calls give the same texts.
#[derive(Debug, Clone)]
pub struct Phrasebook {
    dice: Dice,
    given: HashSet<String>,
}

impl Phrasebook {
    /// A fresh book.
    pub fn new(seed: u64) -> Self {
        Self { dice: Dice::new(seed).fork("phrasebook"), given: HashSet::new() }
    }

    /// The text of a report; see [`report_text`].
    pub fn report(&mut self, channel: Channel, class_code: &str, landmark: &Landmark) -> String {
        self.fresh(|dice| report_text(channel, class_code, landmark, dice))
    }

    /// Any other text, made by `make` from dice; made again until it is new.
    pub fn fresh(&mut self, make: impl Fn(&mut Dice) -> String) -> String {
        let mut text = make(&mut self.dice);
        for _ in 0..TRIES {
            if !self.given.contains(&text) {
                break;
            }
            text = make(&mut self.dice);
        }
        let plain = text.clone();
        let mut detail = 2;
        while !self.given.insert(text.clone()) {
            text = format!("{plain}（{detail}处）");
            detail += 1;
        }
        text
    }
}
