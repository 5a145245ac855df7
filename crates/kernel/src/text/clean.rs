//! Cleaning: what is kept, what is dropped silently, what is refused by name. The one door for every text that comes in:
//! bodies, queries, cells of workbooks, file names, the command line.

use unicode_segmentation::UnicodeSegmentation;

use super::signs::{Sign, is_blank, joins, name, sign};
use crate::problem::{Lang, Problem, ToProblem};

/// The longest text that any field of the product takes, in characters.
pub const MAX_TEXT_CHARS: usize = 4_000;

/// Why a text is refused. Positions count what a person counts as characters in the text as it came, from 1: an emoji is
/// one, and signs that nobody sees are none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing is left but blanks.
    #[error("the text is empty")]
    Empty,
    /// More characters than the field takes, after cleaning.
    #[error("the text has {got} characters, at most {max} are allowed")]
    TooLong {
        /// Allowed characters.
        max: usize,
        /// Characters of the cleaned text.
        got: usize,
    },
    /// A character that no keyboard types (C0, DEL, C1, what Unicode leaves without a character); in a line also a tab.
    #[error("control character U+{code:04X} at position {position}")]
    Control {
        /// Where, in characters from 1.
        position: usize,
        /// Which character.
        code: u32,
    },
    /// A line end in a field of one line.
    #[error("line end U+{code:04X} at position {position}")]
    LineEnd {
        /// Where, in characters from 1.
        position: usize,
        /// Which character.
        code: u32,
    },
    /// A sign that reverses letters, so that a text reads otherwise than it is stored.
    #[error("direction override U+{code:04X} at position {position}")]
    Reversal {
        /// Where, in characters from 1.
        position: usize,
        /// Which character.
        code: u32,
    },
}

impl TextError {
    /// The stable code of the problem.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "text/empty",
            Self::TooLong { .. } => "text/too-long",
            Self::Control { .. } => "text/control-character",
            Self::LineEnd { .. } => "text/line-end",
            Self::Reversal { .. } => "text/direction-mark",
        }
    }
}

impl ToProblem for TextError {
    fn problem(&self) -> Problem {
        let problem = Problem::unprocessable(self.code());
        match self {
            Self::Empty => problem,
            Self::TooLong { max, got } => problem.with("max", *max).with("got", *got),
            Self::Control { position, code }
            | Self::LineEnd { position, code }
            | Self::Reversal { position, code } => problem
                .with("position", *position)
                .with("character", format!("U+{code:04X}"))
                .with("name_zh", name(*code, Lang::Zh))
                .with("name_en", name(*code, Lang::En)),
        }
    }
}

/// A single line (a title, a name, an address): trimmed, without signs that nobody sees, at most `max_chars` characters
/// and never more than [`MAX_TEXT_CHARS`].
///
/// # Errors
/// [`TextError`]; a line end or a tab inside of the line is one too.
pub fn clean_line(raw: &str, max_chars: usize) -> Result<String, TextError> {
    clean(raw, max_chars, true)
}

/// A text of several lines: like [`clean_line`], but line ends (all kinds become `\n`) and tabs are kept.
///
/// # Errors
/// [`TextError`].
pub fn clean_text(raw: &str, max_chars: usize) -> Result<String, TextError> {
    clean(raw, max_chars, false)
}

/// A line that may be left out; one of blanks and signs that nobody sees is left out.
///
/// # Errors
/// As [`clean_line`], but never [`TextError::Empty`].
pub fn clean_optional_line(raw: &str, max_chars: usize) -> Result<Option<String>, TextError> {
    unless_empty(clean_line(raw, max_chars))
}

/// A text of several lines that may be left out.
///
/// # Errors
/// As [`clean_text`], but never [`TextError::Empty`].
pub fn clean_optional_text(raw: &str, max_chars: usize) -> Result<Option<String>, TextError> {
    unless_empty(clean_text(raw, max_chars))
}

fn unless_empty(cleaned: Result<String, TextError>) -> Result<Option<String>, TextError> {
    match cleaned {
        Ok(text) => Ok(Some(text)),
        Err(TextError::Empty) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A word to be looked up, of any length, empty too: trimmed and freed of what nobody sees.
///
/// # Errors
/// [`TextError::Control`], [`TextError::LineEnd`], [`TextError::Reversal`].
pub fn clean_query(raw: &str) -> Result<String, TextError> {
    let plain = working(&dropped(raw, true)?);
    Ok(plain.trim_matches(is_blank).to_owned())
}

fn clean(raw: &str, max_chars: usize, one_line: bool) -> Result<String, TextError> {
    let plain = working(&dropped(raw, one_line)?);
    let out = plain.trim_matches(is_blank);
    let max = max_chars.min(MAX_TEXT_CHARS);
    match out.chars().count() {
        0 => Err(TextError::Empty),
        got if got > max => Err(TextError::TooLong { max, got }),
        _fits => Ok(out.to_owned()),
    }
}

/// The text without what is dropped wherever it stands; joiners and selectors are still there.
fn dropped(raw: &str, one_line: bool) -> Result<Vec<char>, TextError> {
    // Around a text everything that shows nothing goes; what reverses letters only where there are none to reverse.
    let droppable = |c: char| {
        is_blank(c)
            || matches!(
                sign(c),
                Sign::LineEnd | Sign::Idle | Sign::Direction | Sign::Reversal | Sign::Joiner | Sign::Selector
            )
    };
    let inner = raw.trim_start_matches(droppable);
    let before = raw.get(..raw.len() - inner.len()).unwrap_or_default();
    if let Some(at) = before.find('\u{202E}').filter(|_| inner.contains(char::is_alphabetic)) {
        let blanks = before.get(..at).unwrap_or_default().chars().filter(|c| is_blank(*c)).count();
        return Err(TextError::Reversal { position: blanks + 1, code: 0x202E });
    }
    // A selector belongs to the character before it, also to the last one.
    let end = |c: char| droppable(c) && sign(c) != Sign::Selector;
    let inner = inner.trim_end_matches(end);
    let mut out: Vec<char> = Vec::with_capacity(inner.len());
    let position = |out: &[char]| {
        let seen: String = before.chars().filter(|c| is_blank(*c)).chain(out.iter().copied()).collect();
        seen.graphemes(true).count() + 1
    };
    let mut last = '\0';
    for c in inner.chars() {
        let second_of_pair = c == '\n' && last == '\r';
        last = c;
        let code = u32::from(c);
        match sign(c) {
            Sign::Idle | Sign::Direction => {}
            Sign::LineEnd if second_of_pair => {}
            Sign::LineEnd if one_line => return Err(TextError::LineEnd { position: position(&out), code }),
            Sign::LineEnd => out.push('\n'),
            Sign::Seen if one_line && c == '\t' => {
                return Err(TextError::Control { position: position(&out), code });
            }
            Sign::Seen | Sign::Joiner | Sign::Selector => out.push(c),
            Sign::Reversal => return Err(TextError::Reversal { position: position(&out), code }),
            Sign::Control => return Err(TextError::Control { position: position(&out), code }),
        }
    }
    Ok(out)
}

/// Keeps joiners and selectors only where they do something.
fn working(chars: &[char]) -> String {
    let mut out = String::with_capacity(chars.len());
    let mut last: Option<char> = None;
    for (at, &c) in chars.iter().enumerate() {
        let works = match sign(c) {
            Sign::Joiner => {
                let rest = chars.get(at..).unwrap_or_default();
                let next = rest.iter().find(|c| !matches!(sign(**c), Sign::Joiner | Sign::Selector));
                last.zip(next).is_some_and(|(last, next)| joins(last, *next))
            }
            Sign::Selector => last.is_some_and(|last| sign(last) == Sign::Seen && !is_blank(last)),
            Sign::Seen | Sign::LineEnd => true,
            Sign::Idle | Sign::Direction | Sign::Reversal | Sign::Control => false,
        };
        if works {
            out.push(c);
            last = Some(c);
        }
    }
    out
}
