//! Which digits are a mobile number, an identity number, a bank card, somebody's own landline.

use super::digits::{Digit, Gap, Group};

/// What was found among the digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// 手机号.
    Mobile,
    /// 居民身份证号; the character behind the digits that is its check sign X, if it has one.
    Identity(Option<usize>),
    /// 银行卡号.
    Card,
    /// 住宅电话.
    Landline,
}

/// Digits that are one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) what: What,
    /// Its digits, by their places in the list of all.
    pub(super) from: usize,
    pub(super) to: usize,
}

/// A text in one reading.
pub(super) struct Line<'a> {
    pub(super) chars: &'a [char],
    pub(super) digits: &'a [Digit],
    pub(super) groups: &'a [Group],
}

/// Some digits from the beginning of a group to the end of one.
struct Window<'a> {
    line: &'a Line<'a>,
    from: usize,
    to: usize,
    sizes: Vec<usize>,
    gaps: Vec<(Gap, String)>,
    /// What stands before and after it, where other digits are there.
    around: [Option<String>; 2],
}

/// How people group a mobile number.
const MOBILE_SIZES: &[&[usize]] = &[
    &[11],
    &[3, 4, 4],
    &[3, 8],
    &[7, 4],
    &[4, 4, 3],
    &[4, 3, 4],
    &[3, 3, 5],
    &[5, 6],
    &[6, 5],
    &[4, 7],
    &[8, 3],
    &[3, 2, 2, 2, 2],
    &[3, 2, 2, 4],
    &[3, 4, 2, 2],
];
const PHONE_WORDS: &[&str] =
    &["电话", "手机", "号码", "联系", "拨打", "致电", "短信", "tel", "phone", "mobile", "call", "微信", "vx"];
const CARD_WORDS: &[&str] = &[
    "卡号",
    "银行",
    "账号",
    "帐号",
    "账户",
    "工行",
    "农行",
    "中行",
    "建行",
    "交行",
    "招行",
    "邮储",
    "信用社",
    "card",
    "account",
];
const OWN_WORDS: &[&str] = &[
    "我家",
    "家里",
    "家中",
    "家庭",
    "住宅",
    "宅电",
    "家电话",
    "本人",
    "我的",
    "联系我",
    "找我",
    "打我",
    "回电",
    "回拨",
    "my phone",
    "home",
];
const IDENTITY_WORDS: &[&str] = &["身份证", "证件", "公民身份", "identity"];
const COORDINATE_WORDS: &[&str] = &["经", "纬", "坐标", "lng", "lat", "lon"];

impl<'a> Line<'a> {
    /// All numbers, one after the other.
    pub(super) fn numbers(&self) -> Vec<Number> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(group) = self.groups.get(at) {
            match self.number_at(at, group.from) {
                Some(number) => {
                    found.push(number);
                    at += self.groups[at..].iter().take_while(|group| group.from < number.to).count();
                }
                None => at += 1,
            }
        }
        found
    }

    fn number_at(&self, group: usize, from: usize) -> Option<Number> {
        self.identity(group, from)
            .or_else(|| self.card(group, from))
            .or_else(|| self.mobile(group, from))
            .or_else(|| self.landline(group, from))
    }

    /// The digits from `from`, which lies in a group, up to the end of the group where they are `count`.
    fn window(&self, group: usize, from: usize, count: usize) -> Option<Window<'_>> {
        let mut sizes: Vec<usize> = Vec::new();
        let mut gaps = Vec::new();
        for (step, next) in self.groups.get(group..)?.iter().enumerate() {
            let start = if step == 0 { from } else { next.from };
            let size = next.to - start;
            let gap = if step > 0 { Some((next.gap?, self.between(next))) } else { None };
            match (gap.filter(|(_, text)| !text.is_empty()), sizes.last_mut()) {
                // Digits of several kinds side by side.
                (None, Some(last)) => *last += size,
                (gap, _) => {
                    gaps.extend(gap);
                    sizes.push(size);
                }
            }
            if next.to - from >= count {
                let open = |group: Option<&Group>| {
                    group.filter(|group| group.gap.is_some()).map(|group| self.between(group))
                };
                let around = [open(self.groups.get(group)), open(self.groups.get(group + step + 1))];
                return (next.to - from == count).then_some(Window {
                    line: self,
                    from,
                    to: next.to,
                    sizes,
                    gaps,
                    around,
                });
            }
        }
        None
    }

    fn between(&self, group: &Group) -> String {
        let from = group.from.checked_sub(1).map_or(0, |last| self.digits[last].to);
        self.chars.get(from..self.digits[group.from].from).unwrap_or_default().iter().collect()
    }

    /// The characters just before some digits, in lower case.
    fn before(&self, digit: usize, most: usize) -> String {
        let at = self.digits[digit].from;
        let text: String = self.chars.get(at.saturating_sub(most)..at).unwrap_or_default().iter().collect();
        text.to_lowercase()
    }

    fn announced(&self, digit: usize, words: &[&str]) -> bool {
        let before = self.before(digit, 14);
        // The words of the sentence before speak of something else.
        let near = before.rsplit(['。', '；', ';', '！', '？']).next().unwrap_or_default();
        words.iter().any(|word| near.contains(word))
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.chars.get(at).copied()
    }

    fn mobile(&self, group: usize, start: usize) -> Option<Number> {
        let length = self.groups[group].to - start;
        // 00 86 and 86 stand for China, 0 before a mobile number for another town, 17951 for a cheap line.
        let prefix = |digits: &[u8]| {
            digits.len() < length
                && digits.iter().enumerate().all(|(n, digit)| self.digits[start + n].value == *digit)
        };
        let whole = |digits: &[u8]| length == digits.len() + 11 && prefix(digits);
        let skipped = [&[0, 0, 8, 6][..], &[8, 6]].into_iter().find(|digits| prefix(digits)).map(<[u8]>::len);
        let alone = [&[0][..], &[1, 7, 9, 5, 1]].into_iter().find(|digits| whole(digits)).map(<[u8]>::len);
        let starts = [Some(0), skipped, alone];
        let window = starts
            .into_iter()
            .flatten()
            .find_map(|skip| self.window(group, start + skip, 11).filter(|window| window.is_mobile()))?;
        Some(Number { what: What::Mobile, from: window.from, to: window.to })
    }

    fn identity(&self, group: usize, from: usize) -> Option<Number> {
        let with_x = self.window(group, from, 17).and_then(|window| Some((window.check_sign()?, window)));
        if let Some((sign, window)) = with_x.filter(|(_, window)| window.is_identity(Some(10))) {
            return Some(Number { what: What::Identity(Some(sign)), from, to: window.to });
        }
        let long = self.window(group, from, 18);
        let long = long.filter(|window| window.is_identity(Some(self.digits[window.to - 1].value)));
        let short = || self.window(group, from, 15).filter(Window::is_old_identity);
        let window = long.or_else(short)?;
        Some(Number { what: What::Identity(None), from, to: window.to })
    }

    fn card(&self, group: usize, from: usize) -> Option<Number> {
        let window = [19, 18, 17, 16]
            .into_iter()
            .find_map(|count| self.window(group, from, count).filter(Window::is_card))?;
        Some(Number { what: What::Card, from, to: window.to })
    }

    fn landline(&self, group: usize, from: usize) -> Option<Number> {
        if !self.announced(from, OWN_WORDS) {
            return None;
        }
        let area = self.digits[from].value == 0;
        let counts = if area { &[12, 11, 10][..] } else { &[8, 7] };
        let window = counts.iter().find_map(|count| {
            self.window(group, from, *count)
                .filter(|window| window.gaps.iter().all(|(gap, _)| *gap != Gap::Said))
        })?;
        Some(Number { what: What::Landline, from, to: window.to })
    }
}

impl Window<'_> {
    fn values(&self) -> impl Iterator<Item = u8> + '_ {
        self.line.digits[self.from..self.to].iter().map(|digit| digit.value)
    }

    fn number(&self, from: usize, to: usize) -> u32 {
        self.values().skip(from).take(to - from).fold(0, |number, digit| number * 10 + u32::from(digit))
    }

    fn after(&self) -> usize {
        self.line.digits[self.to - 1].to
    }

    fn is_mobile(&self) -> bool {
        let mut values = self.values();
        let begins = values.next() == Some(1) && values.next().is_some_and(|second| second >= 3);
        begins && self.looks_written() && !self.is_amount() && !self.is_coordinate()
    }

    /// Is it grouped as people group a mobile number?
    fn looks_written(&self) -> bool {
        let said = self.gaps.iter().any(|(gap, _)| *gap == Gap::Said);
        if MOBILE_SIZES.contains(&self.sizes.as_slice()) {
            return !said || self.sizes.first() == Some(&3);
        }
        // 1 3 8 1 …: digits apart from each other by one and the same sign, and nothing else around.
        let one = self.gaps.first().map(|(_, text)| text);
        let even = self.gaps.iter().all(|(gap, text)| *gap == Gap::Soft && Some(text) == one)
            && self.around.iter().all(|text| text.as_ref() != one);
        let thousands = self.sizes == [2, 3, 3, 3];
        let host = self.sizes.len() == 4 && self.gaps.iter().all(|(_, text)| text == ".");
        let apart = self.sizes.len() >= 3 && even && !thousands && !host;
        let called = !said && !thousands && !host && self.line.announced(self.from, PHONE_WORDS);
        apart || called
    }

    /// 15000000000元: eleven digits with a unit of money.
    fn is_amount(&self) -> bool {
        if self.sizes.len() > 1 {
            return false;
        }
        let blank = usize::from(self.line.char_at(self.after()) == Some(' '));
        let next = |n: usize| self.line.char_at(self.after() + blank + n);
        matches!(next(0), Some('元' | '圆' | '亿' | '万')) && !matches!(next(1), Some('旦' | '宵' | '一'))
    }

    /// 131.12345678 and 120.13812341234: a degree with its decimals.
    fn is_coordinate(&self) -> bool {
        let behind = self.line.before(self.from, 5);
        let whole = behind.strip_suffix('.').unwrap_or_default();
        let degrees = whole.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        if degrees == "0" {
            return true;
        }
        let decimals = (2..=3).contains(&degrees.len());
        let pointed =
            self.sizes == [3, 8] && self.gaps.iter().all(|(_, text)| text == ".") && self.number(0, 3) <= 135;
        if !decimals && !pointed {
            return false;
        }
        let rest: String = self.line.chars.get(self.after()..).unwrap_or_default().iter().take(12).collect();
        let pair = rest.trim_start_matches([' ', ',', '，', '/']);
        let paired = pair.len() < rest.len()
            && pair.split_once('.').is_some_and(|(whole, parts)| {
                (2..=3).contains(&whole.len())
                    && whole.bytes().all(|b| b.is_ascii_digit())
                    && parts.starts_with(|c: char| c.is_ascii_digit())
            });
        paired || rest.starts_with('°') || self.line.announced(self.from, COORDINATE_WORDS)
    }

    /// X behind seventeen digits, with at most one sign between.
    fn check_sign(&self) -> Option<usize> {
        let is_x = |at: &usize| {
            matches!(self.line.char_at(*at), Some('x' | 'X' | 'ｘ' | 'Ｘ' | 'Х' | 'х' | 'Ⅹ' | 'ⅹ'))
        };
        let at = [self.after(), self.after() + 1].into_iter().find(is_x)?;
        let between = self.line.chars.get(self.after()..at)?;
        between.iter().all(|c| !c.is_alphanumeric()).then_some(at)
    }

    /// A date of birth tells an identity number from other long numbers. The check sign is not asked for where it is
    /// written in one piece: a number with a typing error still leads to somebody.
    fn is_identity(&self, check: Option<u8>) -> bool {
        let (year, month, day) = (self.number(6, 10), self.number(10, 12), self.number(12, 14));
        let born = matches!((year, month, day), (1850..=2099, 1..=12, 1..=31));
        let written = self.gaps.iter().all(|(gap, _)| *gap == Gap::Soft);
        if !born || !written || self.values().next() == Some(0) {
            return false;
        }
        // 320281 20260302-0017 is a place, a day and a count.
        let in_pieces = self.sizes.len() > 1 && year >= 2015;
        !in_pieces || self.sums_up(check) || self.line.announced(self.from, IDENTITY_WORDS)
    }

    /// The check sign of GB 11643.
    fn sums_up(&self, check: Option<u8>) -> bool {
        const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        let sum: u32 = self.values().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit) * weight).sum();
        check.map(u32::from) == Some((12 - sum % 11) % 11)
    }

    /// Fifteen digits as they were given until 1999: place, day of birth, count.
    fn is_old_identity(&self) -> bool {
        let sizes = self.sizes == [15] || self.sizes == [6, 6, 3];
        let written = self.gaps.iter().all(|(gap, _)| *gap == Gap::Soft);
        let place = is_province(self.number(0, 2)) && self.number(2, 4) > 0 && self.number(2, 4) <= 53;
        let born = (1..=12).contains(&self.number(8, 10)) && (1..=31).contains(&self.number(10, 12));
        sizes && written && place && born && self.number(12, 15) > 0
    }

    fn is_card(&self) -> bool {
        let written = self.gaps.iter().all(|(gap, _)| *gap == Gap::Soft);
        if !written || !(3..=6).contains(&self.number(0, 1)) {
            return false;
        }
        if self.line.announced(self.from, CARD_WORDS) {
            return true;
        }
        let front = |sizes: &[usize]| {
            sizes.split_last().is_some_and(|(_, front)| front.iter().all(|size| *size == 4))
        };
        let in_fours = self.sizes.len() >= 4 && front(&self.sizes);
        let two = self.number(0, 2);
        // Codes of places have sixteen digits too; those of Gansu begin like cards of UnionPay.
        let gansu = matches!(self.number(0, 3), 620) || matches!(self.number(0, 4), 6229 | 6230);
        let length = self.to - self.from;
        let known = match two {
            62 => length > 16 || !gansu,
            other => length == 16 && !is_province(other) || length == 19,
        };
        self.luhn() && (in_fours || (self.sizes.len() <= 2 && known))
    }

    /// The check digit of cards (ISO/IEC 7812).
    fn luhn(&self) -> bool {
        let values: Vec<u8> = self.values().collect();
        let doubled = |digit: u8| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
        let sum: u32 = values
            .iter()
            .rev()
            .enumerate()
            .map(|(at, digit)| u32::from(if at % 2 == 1 { doubled(*digit) } else { *digit }))
            .sum();
        sum.is_multiple_of(10)
    }
}

/// The first two digits of the codes of provinces (GB/T 2260).
const fn is_province(two: u32) -> bool {
    matches!(two, 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81 | 82)
}
