//! Folding: two texts that a person takes for the same when he looks something up fold to the same.

use unicode_normalization::UnicodeNormalization;

use super::signs::{Sign, is_blank, sign};

/// A text for comparing and searching, never for showing: forms of the same character become one (full-width letters,
/// ligatures; Unicode NFKC), case goes, and every blank, dash and sign that nobody sees is left out.
///
/// `ＨＷＳ`, `hws` and ` H-W—S ` are the same; `O` and `0` are not, for only some codes have none of the two
/// ([`fold_code`]).
pub fn fold(text: &str) -> String {
    let kept = text.nfkc().filter(|c| !is_left_out(*c)).flat_map(without_case);
    // Case of a letter may come apart into a letter and a mark, which belong together again.
    kept.collect::<String>().nfkc().filter(|c| !is_left_out(*c)).collect()
}

/// A code of digits and latin letters, for comparing: [`fold`] in capitals without anything else.
pub fn fold_code(text: &str) -> String {
    fold(text).chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// A digit for the letter that people take for it: O for 0, I and L for 1. For codes whose alphabet has none of these.
pub const fn confused_digit(letter: char) -> char {
    match letter {
        'O' | 'o' => '0',
        'I' | 'i' | 'L' | 'l' => '1',
        other => other,
    }
}

/// Does a text hold what was typed into a search box? Nothing typed finds everything.
pub fn finds(typed: &str, texts: &[&str]) -> bool {
    let wanted = fold(typed);
    wanted.is_empty() || texts.iter().any(|text| fold(text).contains(&wanted))
}

fn without_case(c: char) -> impl Iterator<Item = char> {
    // By way of the capital: ß and ss, ſ and s, ς and σ are the same letters.
    c.to_uppercase().flat_map(char::to_lowercase)
}

fn is_left_out(c: char) -> bool {
    is_blank(c) || is_dash(c) || !matches!(sign(c), Sign::Seen)
}

/// Hyphens, dashes, the minus, and the strokes that people type for them. Not the Chinese numeral 一.
pub(super) const fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{AD}'
            | '\u{58A}'
            | '\u{5BE}'
            | '\u{2010}'..='\u{2015}'
            | '\u{2043}'
            | '\u{207B}'
            | '\u{208B}'
            | '\u{2212}'
            | '\u{2500}'..='\u{2501}'
            | '\u{2E3A}'..='\u{2E3B}'
            | '\u{301C}'
            | '\u{30FC}'
            | '\u{FE31}'..='\u{FE32}'
            | '\u{FE58}'
            | '\u{FE63}'
            | '\u{FF0D}'
            | '\u{FF70}'
    )
}
