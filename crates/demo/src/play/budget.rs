//! How many pictures there may be: counted on what is planned, before anything is played.

use std::cmp::Reverse;

use kernel::time::Time;

use super::{PICTURES_MOST, Part, Play};

impl Play<'_> {
    /// Spares pictures: photos are asked for from so late on that there are at most [`PICTURES_MOST`]. What is older is
    /// over by the end of the history: whatever waits at a desk can be looked at.
    pub(super) fn spare(&mut self) {
        self.photos_from = photos_from(&self.parts, self.plan.photos_from(), PICTURES_MOST);
        for part in self.parts.iter_mut().filter(|part| part.at < self.photos_from && part.story.is_none()) {
            part.fate.hold = None;
        }
    }
}

impl Part {
    /// How many pictures the case takes at the most, if it takes any.
    pub(super) fn pictures_most(&self) -> usize {
        let before = usize::from(self.first_photo_at().is_some());
        let handled = self.fate.refused.is_none() && self.fate.found;
        let after = if handled { 1 + self.fate.bad_fixes as usize } else { 0 };
        let offered_again = usize::from(self.story == Some("fake"));
        before + after + offered_again
    }
}

/// The moment since which reported cases may have photos: not before `wanted`, and such that they all together take at
/// most `most`. The newest go first.
pub(super) fn photos_from(parts: &[Part], wanted: Time, most: usize) -> Time {
    let mut newest: Vec<&Part> = parts.iter().filter(|part| part.at >= wanted).collect();
    newest.sort_by_key(|part| Reverse(part.at));
    let mut left = most;
    for part in newest {
        match left.checked_sub(part.pictures_most()) {
            Some(rest) => left = rest,
            // This one goes without, and with it what was reported at the same moment or earlier.
            None => return part.at.plus_ms(1),
        }
    }
    wanted
}
