//! Cleaning: what is kept, what is dropped silently, what is refused by name.

use crate::problem::{Problem, ToProblem};

/// The longest text that any field of the product takes, in characters.
pub const MAX_TEXT_CHARS: usize = 4_000;

/// Why a text is refused. Positions count characters of the text as it came, from 0.
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
    /// A control character (C0, DEL, C1), which no keyboard types; in a line, also a line end or a tab.
    #[error("control character U+{code:04X} at position {position}")]
    Control {
        /// Where, in characters from 0.
        position: usize,
        /// Which character.
        code: u32,
    },
    /// A mark that turns the direction of writing, so that a text reads otherwise than it is stored.
    #[error("direction mark U+{code:04X} at position {position}")]
    Bidi {
        /// Where, in characters from 0.
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
            Self::Bidi { .. } => "text/direction-mark",
        }
    }
}

impl ToProblem for TextError {
    fn problem(&self) -> Problem {
        let problem = Problem::unprocessable(self.code());
        match self {
            Self::Empty => problem,
            Self::TooLong { max, got } => problem.with("max", *max).with("got", *got),
            Self::Control { position, code } | Self::Bidi { position, code } => {
                problem.with("position", *position).with("character", format!("U+{code:04X}"))
            }
        }
    }
}

/// A single line (a title, a name, an address): trimmed, without invisible characters, at most `max_chars` characters
/// and never more than [`MAX_TEXT_CHARS`].
///
/// # Errors
/// [`TextError`]; a line end or a tab inside the line is a [`TextError::Control`].
pub fn clean_line(raw: &str, max_chars: usize) -> Result<String, TextError> {
    clean(raw, max_chars, |c| matches!(c, '\n' | '\t'))
}

/// A text of several lines: like [`clean_line`], but line ends (all kinds become `\n`) and tabs are kept.
///
/// # Errors
/// [`TextError`].
pub fn clean_text(raw: &str, max_chars: usize) -> Result<String, TextError> {
    clean(raw, max_chars, |_| false)
}

fn clean(raw: &str, max_chars: usize, refused: fn(char) -> bool) -> Result<String, TextError> {
    let droppable = |c: char| c.is_whitespace() || is_invisible(c);
    let kept = raw.trim_end_matches(droppable);
    let skipped = kept.chars().take_while(|c| droppable(*c)).count();
    let mut out = String::with_capacity(kept.len());
    let mut got = 0_usize;
    let mut last = '\0';
    for (position, c) in kept.chars().enumerate().skip(skipped) {
        let line_feed_of_pair = c == '\n' && last == '\r';
        last = c;
        if line_feed_of_pair || is_invisible(c) {
            continue;
        }
        if is_direction_mark(c) {
            return Err(TextError::Bidi { position, code: u32::from(c) });
        }
        let plain = if is_line_end(c) { '\n' } else { c };
        if refused(plain) || (plain.is_control() && !matches!(plain, '\n' | '\t')) {
            return Err(TextError::Control { position, code: u32::from(c) });
        }
        out.push(plain);
        got += 1;
    }
    let max = max_chars.min(MAX_TEXT_CHARS);
    if got == 0 {
        Err(TextError::Empty)
    } else if got > max {
        Err(TextError::TooLong { max, got })
    } else {
        Ok(out)
    }
}

/// Return, line feed, and the line and paragraph separators that word processors paste.
fn is_line_end(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{2028}' | '\u{2029}')
}

/// Characters without width, which come with pasting or serve to make equal texts unequal: soft hyphen, joiners,
/// zero-width blanks, byte order mark, invisible operators, tag characters. They are dropped without a word.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200D}'
            | '\u{2060}'..='\u{2064}'
            | '\u{206A}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{E0000}'..='\u{E007F}'
    )
}

/// Marks, embeddings, overrides and isolates of the bidirectional algorithm (Unicode UAX #9).
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
