//! Numbers that lead to a person, hidden in texts: found however they are written, and masked.

mod digits;
mod numbers;
mod plates;

use std::ops::Range;

use digits::{Digit, Reading, digits, groups};
use numbers::{Line, Number, What};
use plates::{Found, handle, plate};

pub(super) use digits::figure;

/// Masks in a text that becomes public: mainland mobile numbers, resident identity numbers (居民身份证, 18 and 15 signs),
/// bank cards, number plates (车牌), the names by which somebody is reached in WeChat or QQ where the text says so, and
/// landlines that the text calls somebody's own. Everything else stays as it is, masked patterns too: twice is as good as
/// once. Lines stay lines.
///
/// Found however people write them: full-width, circled and Chinese figures, letters for digits (O, l), country codes,
/// blanks, dashes, dots, brackets and line ends between the groups, words that go on with the same number (后面是).
/// Not found: names, addresses, landlines and hotlines of offices, which are public. It is a net under the people who
/// release a text, not in place of them.
pub fn hide_personal_patterns(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut found: Vec<Found> = Vec::new();
    add(&mut found, numbers(&chars, Reading::Figures));
    add(&mut found, (0..chars.len()).filter_map(|at| plate(&chars, at)));
    add(&mut found, numbers(&chars, Reading::Numerals));
    add(&mut found, numbers(&chars, Reading::Lookalikes));
    add(&mut found, (0..chars.len()).filter_map(|at| handle(&chars, at)));
    if found.is_empty() {
        return text.to_owned();
    }
    found.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (range, masked) in found {
        out.extend(chars.get(at..range.start).unwrap_or_default());
        out.push_str(&masked);
        at = range.end;
    }
    out.extend(chars.get(at..).unwrap_or_default());
    out
}

/// Takes over what does not lie on something that was found before.
fn add(found: &mut Vec<Found>, more: impl IntoIterator<Item = Found>) {
    for (range, masked) in more {
        if found.iter().all(|(taken, _)| taken.end <= range.start || range.end <= taken.start) {
            found.push((range, masked));
        }
    }
}

fn numbers(chars: &[char], reading: Reading) -> Vec<Found> {
    let all = digits(chars, reading);
    // Whatever holds figures only was found by the first reading.
    if reading != Reading::Figures && all.iter().all(|digit| digit.plain) {
        return Vec::new();
    }
    let groups = groups(chars, &all);
    let line = Line { chars, digits: &all, groups: &groups };
    let found = line.numbers().into_iter().chain(spoken(&line, reading));
    let found = found.filter(|number| reading == Reading::Figures || meant(&line, number, reading));
    found.map(|number| (range(chars, &all, &number), masked(chars, &all, &number))).collect()
}

/// Are letters that look like digits meant as digits? Where most are figures and no other letter touches them.
fn meant(line: &Line<'_>, number: &Number, reading: Reading) -> bool {
    let own = line.digits.get(number.from..number.to).unwrap_or_default();
    let figures = own.iter().filter(|digit| digit.plain).count();
    if figures == own.len() {
        return false;
    }
    let (Some(first), Some(last)) = (own.first(), own.last()) else { return false };
    let letter =
        |at: Option<usize>| at.and_then(|at| line.chars.get(at)).is_some_and(char::is_ascii_alphabetic);
    reading == Reading::Numerals
        || (figures * 2 > own.len() && !letter(first.from.checked_sub(1)) && !letter(Some(last.to)))
}

/// A mobile number in Chinese numerals that runs into the next word: 一三八一二三四一二三四一直打不通.
fn spoken(line: &Line<'_>, reading: Reading) -> Vec<Number> {
    if reading != Reading::Numerals {
        return Vec::new();
    }
    let mut found = Vec::new();
    for group in line.groups.iter().filter(|group| (12..=17).contains(&group.len())) {
        let digit = |at: usize| line.digits.get(at).filter(|digit| !digit.plain).map(|digit| digit.value);
        let start = (group.from..=group.to - 11).find(|at| {
            digit(*at) == Some(1)
                && digit(at + 1).is_some_and(|second| second >= 3)
                && (at + 2..at + 11).all(|at| digit(at).is_some())
        });
        found.extend(start.map(|from| Number { what: What::Mobile, from, to: from + 11 }));
    }
    found
}

/// The characters of a number.
fn range(chars: &[char], all: &[Digit], number: &Number) -> Range<usize> {
    let from = all.get(number.from).map_or(0, |digit| digit.from);
    let to = all.get(number.to - 1).map_or(from, |digit| digit.to);
    let to = match number.what {
        What::Identity(Some(sign)) => sign + 1,
        What::Identity(None) | What::Mobile | What::Card | What::Landline => to,
    };
    // The bracket of (138)12341234 goes with its other half.
    let opens = from.checked_sub(1).filter(|at| matches!(chars.get(*at), Some('(' | '（' | '[' | '【')));
    let count =
        |signs: &[char]| chars.get(from..to).unwrap_or_default().iter().filter(|c| signs.contains(c)).count();
    let closes = count(&[')', '）', ']', '】']) > count(&['(', '（', '[', '【']);
    opens.filter(|_| closes).unwrap_or(from)..to
}

/// A number with stars: the digits that stay, the line ends, and words that stand between.
fn masked(chars: &[char], all: &[Digit], number: &Number) -> String {
    let own = all.get(number.from..number.to).unwrap_or_default();
    let (head, tail) = match number.what {
        What::Mobile => (3, 4),
        What::Identity(Some(_)) => (1, 0),
        What::Identity(None) => (1, 1),
        What::Card => (0, 4),
        What::Landline if own.len() > 8 => (3, 4),
        What::Landline => (0, 2),
    };
    let mut out = String::new();
    let mut at = own.first().map_or(0, |digit| digit.from);
    for (n, digit) in own.iter().enumerate() {
        let between = chars.get(at..digit.from).unwrap_or_default();
        out.extend(between.iter().filter(|c| **c == '\n' || c.is_alphabetic()));
        let stays = n < head || n + tail >= own.len();
        out.push(if stays { char::from(b'0' + digit.value) } else { '*' });
        at = digit.to;
    }
    if let What::Identity(Some(_)) = number.what {
        out.push('X');
    }
    out
}
