//! Digits as people write them, in groups with something between.

use unicode_normalization::UnicodeNormalization;

use crate::text::fold::is_dash;
use crate::text::signs::{Sign, is_blank, sign};

/// What is read as a digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// Figures of every script and form: `1`, `１`, `①`, `١`.
    Figures,
    /// Also Chinese numerals, and those that are spoken for them by phone: 一, 壹, 幺, 洞, 拐.
    Numerals,
    /// Also letters that look like digits: O, I, l.
    Lookalikes,
}

/// A digit of a text and the characters that it takes, together with what nobody sees of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Digit {
    pub(super) value: u8,
    pub(super) from: usize,
    pub(super) to: usize,
    /// A figure, whatever the reading.
    pub(super) plain: bool,
    /// Of which kind: a bullet ① before a number is no part of it.
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `1`, `１`, and letters that look so.
    Usual,
    /// Figures of other scripts, circled ones.
    Rare,
    Numeral,
}

/// What stands between two groups of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// Blanks, dashes, dots: what people put into numbers.
    Soft,
    /// Commas, colons, slashes, brackets: between numbers as often as in one.
    Hard,
    /// Words that go on with the same number: 后面是.
    Said,
}

/// Digits of one kind without anything between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Group {
    /// Its digits, by their places in the list of all.
    pub(super) from: usize,
    pub(super) to: usize,
    /// What stands before it, if that may be inside of a number.
    pub(super) gap: Option<Gap>,
}

impl Group {
    pub(super) const fn len(&self) -> usize {
        self.to - self.from
    }
}

/// First digits (zeros) of scripts whose figures have no other form.
const ZEROS: &[u32] = &[
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0,
    0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0x104A0, 0x10D30, 0x11066,
    0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11C50,
    0x11D50, 0x16A60, 0x16B50, 0x1E140, 0x1E2F0, 0x1E950,
];
/// Ones of circled and bracketed figures, of which nine follow each other.
const ONES: &[u32] = &[0x2474, 0x2488, 0x24F5, 0x2776, 0x2780, 0x278A];
const NUMERALS: [&str; 10] =
    ["零〇○洞", "一壹弌幺", "二贰弍貳两", "三叁參弎", "四肆", "五伍", "六陆陸", "七柒拐", "八捌", "九玖勾"];

/// The value of a figure of any script and form.
pub(in crate::text) fn figure(c: char) -> Option<u8> {
    if c.is_ascii() {
        return c.to_digit(10).and_then(|value| u8::try_from(value).ok());
    }
    let code = u32::from(c);
    let nine = |first: &u32, most: u32| code.checked_sub(*first).filter(|value| *value <= most);
    let zeros = ZEROS.iter().find_map(|zero| nine(zero, 9));
    let ones = || ONES.iter().find_map(|one| nine(one, 8)).map(|value| value + 1);
    let filled_zero = || matches!(c, '\u{24FF}' | '\u{1F10B}' | '\u{1F10C}').then_some(0);
    if let Some(value) = zeros.or_else(ones).or_else(filled_zero) {
        return u8::try_from(value).ok();
    }
    let mut forms = std::iter::once(c).nfkc();
    let first = forms.next().filter(|form| form.is_ascii() && forms.next().is_none())?;
    first.to_digit(10).and_then(|value| u8::try_from(value).ok())
}

fn numeral(c: char) -> Option<u8> {
    let plain = std::iter::once(c).nfkc().next()?;
    NUMERALS.iter().position(|forms| forms.contains(plain)).and_then(|value| u8::try_from(value).ok())
}

const fn lookalike(c: char) -> Option<u8> {
    match c {
        'O' | 'o' | 'Ｏ' | 'ｏ' | 'О' | 'о' => Some(0),
        'I' | 'l' | 'Ｉ' | 'ｌ' | '|' => Some(1),
        _another => None,
    }
}

/// Belongs to the character before it, or is seen by nobody: the frame of a keycap, selectors, zero-width signs.
fn is_glue(c: char) -> bool {
    c == '\u{20E3}' || matches!(sign(c), Sign::Idle | Sign::Direction | Sign::Joiner | Sign::Selector)
}

/// All digits of a text in one reading.
pub(super) fn digits(chars: &[char], reading: Reading) -> Vec<Digit> {
    let mut all: Vec<Digit> = Vec::new();
    for (at, &c) in chars.iter().enumerate() {
        let plain = figure(c);
        let other = || match reading {
            Reading::Figures => None,
            Reading::Numerals => numeral(c),
            Reading::Lookalikes => lookalike(c),
        };
        if let Some(value) = plain.or_else(other) {
            let kind = match (plain, reading) {
                (Some(_), _) if c.is_ascii() || ('０'..='９').contains(&c) => Kind::Usual,
                (Some(_), _) => Kind::Rare,
                (None, Reading::Numerals) => Kind::Numeral,
                (None, Reading::Figures | Reading::Lookalikes) => Kind::Usual,
            };
            all.push(Digit { value, from: at, to: at + 1, plain: plain.is_some(), kind });
        } else if let Some(last) = all.last_mut().filter(|last| last.to == at && is_glue(c)) {
            last.to = at + 1;
        }
    }
    all
}

/// The groups of some digits. One beside stars is part of a number that is masked already, and stands alone.
pub(super) fn groups(chars: &[char], digits: &[Digit]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (at, digit) in digits.iter().enumerate() {
        match groups
            .last_mut()
            .filter(|_| digits[at - 1].to == digit.from && digits[at - 1].kind == digit.kind)
        {
            Some(last) => last.to = at + 1,
            None => groups.push(Group { from: at, to: at + 1, gap: None }),
        }
    }
    let masked: Vec<bool> = groups
        .iter()
        .map(|group| {
            let before = chars.get(..digits[group.from].from).unwrap_or_default();
            let after = chars.get(digits[group.to - 1].to..).unwrap_or_default();
            starred(before.iter().rev()) || starred(after.iter())
        })
        .collect();
    for at in 1..groups.len() {
        if !masked[at] && !masked[at - 1] {
            let between = digits[groups[at - 1].to - 1].to..digits[groups[at].from].from;
            groups[at].gap = gap(chars.get(between).unwrap_or_default());
        }
    }
    let alone = masked.into_iter();
    groups.into_iter().zip(alone).filter(|(_, masked)| !masked).map(|(group, _)| group).collect()
}

/// Do the stars of a masked number stand here? Two stars are bold print.
fn starred<'a>(chars: impl Iterator<Item = &'a char>) -> bool {
    chars.take_while(|c| matches!(c, '*' | '\n')).filter(|c| **c == '*').count() > 2
}

/// Signs of a gap, at most.
const GAP_MAX: usize = 8;
/// What people say between the groups of one number.
const SAID: &[&str] = &[
    "然后",
    "后面",
    "后边",
    "中间四位",
    "中间",
    "最后四位",
    "最后",
    "接着",
    "再加",
    "再是",
    "再",
    "接",
    "加",
    "空格",
    "空",
    "横杠",
    "杠",
    "横",
    "点",
    "前三位",
    "后四位",
    "后八位",
    "末四位",
    "尾号",
    "是",
    "为",
    "then",
    "and",
    "dash",
    "dot",
    "space",
];

fn gap(between: &[char]) -> Option<Gap> {
    let text: String = between.iter().filter(|c| !is_glue(**c)).collect();
    let lines = text.matches('\n').count();
    if text.chars().count() > GAP_MAX || lines > 1 {
        return None;
    }
    let soft = |c: char| is_blank(c) || is_dash(c) || ".．·•・‧∙⋅_＿~～^".contains(c);
    let hard = |c: char| ",，:：/／\\。()（）[]【】{}+＋|｜'’\"“”`=".contains(c);
    if text.chars().all(soft) {
        return Some(Gap::Soft);
    }
    if text.chars().all(|c| soft(c) || hard(c)) {
        return Some(Gap::Hard);
    }
    let mut rest: String = text.chars().filter(|c| !soft(*c) && !hard(*c)).collect();
    while let Some(word) = SAID.iter().find(|word| rest.starts_with(**word)) {
        rest.drain(..word.len());
    }
    rest.is_empty().then_some(Gap::Said)
}
