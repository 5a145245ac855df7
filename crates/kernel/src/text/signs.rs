//! What each sign that nobody sees is good for, and what it is called.

use crate::problem::Lang;

/// What becomes of a character of a text that comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// A character that people see, or a blank inside of a line.
    Seen,
    /// Ends a line, whatever system wrote it.
    LineEnd,
    /// Has no width and no work in a text: comes with pasting, or serves to make equal texts unequal.
    Idle,
    /// Turns the direction of writing without reversing letters: marks, embeddings, isolates of UAX #9. Contact lists
    /// wrap numbers in them.
    Direction,
    /// Reverses letters, so that a text reads otherwise than it is stored.
    Reversal,
    /// Joins or parts its two neighbours: works between certain letters and between emoji only.
    Joiner,
    /// Chooses the look of the character before it.
    Selector,
    /// No keyboard types it.
    Control,
}

/// What a character is.
pub(super) fn sign(c: char) -> Sign {
    match c {
        '\n' | '\u{B}' | '\u{C}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Sign::LineEnd,
        '\t' => Sign::Seen,
        '\u{200C}' | '\u{200D}' => Sign::Joiner,
        '\u{180B}'..='\u{180D}' | '\u{180F}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => {
            Sign::Selector
        }
        '\u{202E}' => Sign::Reversal,
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202D}' | '\u{2066}'..='\u{2069}' => {
            Sign::Direction
        }
        // Soft hyphen, grapheme joiner, Hangul and Khmer fillers, zero-width blanks, invisible operators, byte order
        // mark, annotation marks and the place of a lost picture, shorthand and music controls, tag characters.
        '\u{AD}'
        | '\u{34F}'
        | '\u{115F}'..='\u{1160}'
        | '\u{17B4}'..='\u{17B5}'
        | '\u{180E}'
        | '\u{200B}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206A}'..='\u{206F}'
        | '\u{3164}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFC}'
        | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E00FF}'
        | '\u{E01F0}'..='\u{E0FFF}' => Sign::Idle,
        c if c.is_control() || is_no_character(c) => Sign::Control,
        _visible => Sign::Seen,
    }
}

/// Code points that Unicode promises never to give to a character.
fn is_no_character(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}') || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Takes up room and shows nothing.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{2800}'
}

/// Does a joiner between these two do anything? Between two emoji, and between letters of scripts whose letters change
/// with their neighbours: Arabic and Persian, the scripts of India and around it, Tibetan, Mongolian.
pub(super) fn joins(before: char, after: char) -> bool {
    let emoji = |c| is_emoji(c) || c == '\u{FE0F}';
    (emoji(before) && is_emoji(after)) || (is_joining_letter(before) && is_joining_letter(after))
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1F000}'..='\u{1FAFF}' | '\u{2190}'..='\u{2BFF}' | '©' | '®' | '‼' | '⁉' | '〰' | '〽' | '㊗' | '㊙')
}

fn is_joining_letter(c: char) -> bool {
    matches!(c,
        '\u{0600}'..='\u{0DFF}' | '\u{0F00}'..='\u{109F}' | '\u{1780}'..='\u{18AF}' | '\u{A840}'..='\u{A87F}'
        | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
        && sign(c) == Sign::Seen
}

/// What a sign is called, for the words of a refusal.
pub(super) fn name(code: u32, lang: Lang) -> &'static str {
    let (zh, en) = match code {
        0x00 => ("空字符", "null character"),
        0x07 => ("响铃符", "bell character"),
        0x08 => ("退格符", "backspace character"),
        0x09 => ("制表符", "tab"),
        0x0A | 0x0B | 0x0D | 0x85 | 0x2028 | 0x2029 => ("换行符", "line end"),
        0x0C => ("换页符", "form feed"),
        0x1B => ("转义符", "escape character"),
        0x1C..=0x1F => ("分隔控制符", "separator character"),
        0x7F => ("删除符", "delete character"),
        0x202E => ("文字反向符", "right-to-left override"),
        0xFDD0..=0xFDEF => ("无效字符", "invalid character"),
        code if code & 0xFFFE == 0xFFFE => ("无效字符", "invalid character"),
        _control => ("控制字符", "control character"),
    };
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}
