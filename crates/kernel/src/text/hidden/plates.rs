//! Number plates (GA 36) and names by which somebody is reached in WeChat or QQ.

use std::ops::Range;

use super::digits::figure;
use crate::text::fold::is_dash;
use crate::text::signs::{Sign, is_blank, sign};

/// Where a sign stands, and what is written in its place.
pub(super) type Found = (Range<usize>, String);

/// Provinces on number plates.
const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
/// What may end a plate in place of a digit: trailer, learner, police, Hong Kong and Macao, consulate, embassy.
const LAST_SIGNS: &str = "挂学警港澳领使超试";
/// How the signs after the letter of the office are grouped where something stands between them.
const SERIAL_SIZES: &[&[usize]] =
    &[&[6], &[5], &[1, 5], &[1, 4], &[2, 3], &[3, 2], &[3, 3], &[2, 4], &[4, 1], &[5, 1]];

/// The plate that begins at a character.
pub(super) fn plate(chars: &[char], at: usize) -> Option<Found> {
    let province = *chars.get(at).filter(|c| PROVINCES.contains(**c))?;
    let letter = after_gap(chars, at + 1);
    let office = latin(*chars.get(letter)?).filter(char::is_ascii_alphabetic)?;
    // 云 A 2026: a blank on both sides is no plate.
    let apart = letter > at + 1;
    let serial = after_gap(chars, letter + 1);
    let (end, signs) = SERIAL_SIZES
        .iter()
        .filter(|sizes| !apart || sizes.len() <= 2)
        .find_map(|sizes| Some((serial_end(chars, serial, sizes)?, sizes.iter().sum::<usize>())))?;
    let lines: String = chars.get(at..end)?.iter().filter(|c| **c == '\n').collect();
    Some((
        at..end,
        format!("{}{lines}", super::super::mask_plate(&format!("{province}{office}{}", "0".repeat(signs)))),
    ))
}

/// The end of five or six signs of a plate in these groups.
fn serial_end(chars: &[char], from: usize, sizes: &[usize]) -> Option<usize> {
    let mut signs: Vec<char> = Vec::new();
    let mut at = from;
    for (step, size) in sizes.iter().enumerate() {
        let start = if step == 0 { at } else { after_gap(chars, at) };
        if step > 0 && start == at {
            return None;
        }
        signs.extend(chars.get(start..start + size)?);
        at = start + size;
    }
    let (last, front) = signs.split_last()?;
    let figures = signs.iter().filter(|c| figure(**c).is_some()).count();
    let is_sign = |c: &char| latin(*c).is_some();
    // Fours of figures after a blank are years: 京A 2026 11月.
    let year = sizes.len() > 1 && signs.get(..2) == Some(&['2', '0']);
    // At least two figures, so that no abbreviation is taken for a plate.
    let good = figures >= 2
        && !year
        && front.iter().all(is_sign)
        && (is_sign(last) || LAST_SIGNS.contains(*last))
        && !chars.get(at).is_some_and(is_sign);
    good.then_some(at)
}

/// The next character that is neither a blank nor a dot nor a dash; at most two of them are passed over.
fn after_gap(chars: &[char], at: usize) -> usize {
    let passed = |c: &char| {
        is_blank(*c)
            || is_dash(*c)
            || "·•・‧∙⋅.．_＿".contains(*c)
            || !matches!(sign(*c), Sign::Seen | Sign::LineEnd)
    };
    at + chars.get(at..).unwrap_or_default().iter().take(2).take_while(|c| passed(c)).count()
}

/// A latin letter in upper case, or a figure, of either width.
fn latin(c: char) -> Option<char> {
    let c = match c {
        'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(u32::from(c) - 0xFEE0)?,
        _another => c,
    };
    match figure(c) {
        Some(value) => char::from_digit(u32::from(value), 10),
        None => c.is_ascii_alphabetic().then(|| c.to_ascii_uppercase()),
    }
}

/// Words that announce by which name somebody is reached.
const NETWORKS: &[&str] =
    &["微信", "薇信", "威信", "v信", "wechat", "weixin", "vx", "wx", "qq", "扣扣", "企鹅"];

/// The name in WeChat or QQ that is announced at a character: a word of [`NETWORKS`], and behind it the name.
pub(super) fn handle(chars: &[char], at: usize) -> Option<Found> {
    let lower = |at: usize| chars.get(at).map(|c| narrow(*c));
    let word =
        NETWORKS.iter().find(|word| word.chars().enumerate().all(|(n, c)| lower(at + n) == Some(c)))?;
    let in_word =
        word.is_ascii() && at.checked_sub(1).and_then(lower).is_some_and(|c| c.is_ascii_alphanumeric());
    if in_word {
        return None;
    }
    let mut from = at + word.chars().count();
    let mut said = false;
    let skipped = |c: char| is_blank(c) && c != '\n';
    while let Some(c) = lower(from) {
        match c {
            c if "号码是为:：=".contains(c) => said = true,
            'i' if lower(from + 1) == Some('d')
                && !lower(from + 2).is_some_and(|c| c.is_ascii_alphanumeric()) =>
            {
                from += 1;
            }
            c if skipped(c) || "群加我（(【[\"“".contains(c) => {}
            _name => break,
        }
        from += 1;
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let name: Vec<char> = (from..).map_while(|at| lower(at).filter(|c| is_name(*c))).take(21).collect();
    let figures = name.iter().filter(|c| c.is_ascii_digit()).count();
    let number = figures == name.len() && (5..=11).contains(&figures);
    let letters = name.first().is_some_and(char::is_ascii_alphabetic) && (6..=20).contains(&name.len());
    let end = from + name.len();
    let masked = lower(end) == Some('*');
    // Without a word that says so, a word of letters is just a word.
    let told = number || (letters && (said || figures > 0));
    let first = *name.first().filter(|_| told && !masked)?;
    Some((from..end, format!("{first}****")))
}

fn narrow(c: char) -> char {
    let narrow = match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        other => other,
    };
    narrow.to_ascii_lowercase()
}
