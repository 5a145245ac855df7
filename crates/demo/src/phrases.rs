//! Texts of the demo city: what people write when something is wrong, and what units and checkers answer.
//!
//! Built from small parts (place, side, time, trouble, harm, wish), so that hundreds of thousands of texts exist;
//! a [`Phrasebook`] also remembers what it gave out and never says the same thing twice in a run. Every name and
//! number is invented; telephone numbers use a block that is recognisably not real.

mod occasion;
mod people;
mod replies;
mod report;
mod troubles;

pub use occasion::{Occasion, in_season};
pub use people::{Crowd, Person, company_name};
pub use replies::{
    checker_remark, dispatch_opinion, handler_feedback, pre_verify_remark, refusal_reason, return_reason,
    verdict_text,
};
pub use report::report_text;
pub use troubles::{Theme, Trouble, draw_trouble, trouble, troubles};

use crate::dice::Dice;
use crate::geography::Landmark;
use std::collections::HashMap;

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

/// How often a new wording is tried before a report is told apart by a distance, and an answer said again.
const TRIES: usize = 12;

/// Gives out texts: a report never twice in its life, an answer only when nothing new comes to mind, and then what was said
/// longest ago, as people do.
///
/// Deterministic: the same seed and the same order of calls give the same texts.
#[derive(Debug, Clone)]
pub struct Phrasebook {
    dice: Dice,
    /// What was given out, and as the how many-th.
    given: HashMap<String, usize>,
}

impl Phrasebook {
    /// A fresh book.
    pub fn new(seed: u64) -> Self {
        Self { dice: Dice::new(seed).fork("phrasebook"), given: HashMap::new() }
    }

    /// The text of a report; see [`report_text`].
    pub fn report(
        &mut self,
        channel: Channel,
        class_code: &str,
        landmark: &Landmark,
        occasion: Occasion,
    ) -> String {
        let text = self.tried(|dice| report_text(channel, class_code, landmark, occasion, dice));
        let plain = text.trim_end_matches(['。', '！', '？', '，']).to_owned();
        let end = text.get(plain.len()..).unwrap_or_default().to_owned();
        let mut text = text;
        let mut metres = 10;
        while self.given.contains_key(&text) {
            text = format!("{plain}，离路口约{metres}米{end}");
            metres += 5;
        }
        self.note(text)
    }

    /// Any other text, made by `make` from dice: a new one if one is found.
    pub fn fresh(&mut self, make: impl Fn(&mut Dice) -> String) -> String {
        let text = self.tried(make);
        self.note(text)
    }

    /// A new text, or of those tried the one that was said longest ago.
    fn tried(&mut self, make: impl Fn(&mut Dice) -> String) -> String {
        let mut best = make(&mut self.dice);
        for _ in 0..TRIES {
            let Some(said) = self.given.get(&best).copied() else { break };
            let other = make(&mut self.dice);
            if self.given.get(&other).is_none_or(|at| *at < said) {
                best = other;
            }
        }
        best
    }

    fn note(&mut self, text: String) -> String {
        let serial = self.given.len() + 1;
        self.given.insert(text.clone(), serial);
        text
    }
}
