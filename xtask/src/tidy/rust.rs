//! Rust source as a flat list of tokens, which is all the rules need: no macro hides anything from them, and a
//! file that is half written still gives findings.

use std::collections::BTreeSet;
use std::ops::Range;
use std::str::FromStr;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// What a token is. Opening and closing brackets carry the index of their partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or keyword.
    Word,
    /// A literal, text as written.
    Literal,
    /// One punctuation character; `true` when the next one belongs to it (`::`).
    Mark(bool),
    /// An opening bracket.
    Open(usize),
    /// A closing bracket.
    Close(usize),
}

/// One token.
#[derive(Debug)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// As written.
    pub(super) text: String,
    /// From 1.
    pub(super) line: usize,
}

/// A path as written (`crate::model::Case`), one per leaf for `use` trees.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PathUse {
    /// Its segments; a glob ends in `*`.
    pub(super) segments: Vec<String>,
    /// Index of its first token.
    pub(super) at: usize,
    /// From 1.
    pub(super) line: usize,
    /// Whether it stands in a `use` item.
    pub(super) imported: bool,
}

/// A function with a body.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Function {
    /// Its name.
    pub(super) name: String,
    /// Line of `fn`, from 1.
    pub(super) line: usize,
    /// Lines from `fn` to the closing brace.
    pub(super) lines: usize,
    /// Tokens from `fn` to the closing brace.
    pub(super) tokens: Range<usize>,
}

/// One lexed file. Doc comments and doc attributes are left out.
#[derive(Debug, Default)]
pub(super) struct RustFile {
    tokens: Vec<Token>,
    tests: Vec<Range<usize>>,
    modules: Vec<(String, Range<usize>)>,
}

impl RustFile {
    /// Lexes a file; `None` if it is not Rust (an unclosed bracket or string).
    pub(super) fn lex(text: &str) -> Option<Self> {
        let stream = TokenStream::from_str(text).ok()?;
        let mut file = Self::default();
        file.flatten(stream);
        file.tests = file.find_tests();
        file.modules = file.find_modules();
        Some(file)
    }

    /// All tokens.
    pub(super) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Whether the token at this index stands under `#[cfg(test)]`.
    pub(super) fn is_test(&self, at: usize) -> bool {
        self.tests.iter().any(|range| range.contains(&at))
    }

    /// Names of the modules declared here, with or without a body.
    pub(super) fn declared_modules(&self) -> BTreeSet<&str> {
        let pairs = self.tokens.windows(3);
        pairs
            .filter(|w| w[0].is("mod") && w[1].kind == Kind::Word && (w[2].is(";") || w[2].is("{")))
            .map(|w| w[1].text.as_str())
            .collect()
    }

    /// Names of the inline modules around a token, outermost first.
    pub(super) fn modules_around(&self, at: usize) -> impl Iterator<Item = &str> {
        self.modules.iter().filter(move |(_, range)| range.contains(&at)).map(|(name, _)| name.as_str())
    }

    /// Every function with a body, also nested ones and those inside macros.
    pub(super) fn functions(&self) -> Vec<Function> {
        let mut functions = Vec::new();
        for at in 0..self.tokens.len() {
            if !self.word(at, "fn") || self.tokens.get(at + 1).is_none_or(|t| t.kind != Kind::Word) {
                continue;
            }
            if let Some((open, close)) = self.body_after(at) {
                let line = self.tokens[at].line;
                functions.push(Function {
                    name: self.tokens[at + 1].text.clone(),
                    line,
                    lines: self.tokens[close].line + 1 - line,
                    tokens: at..close + 1,
                });
                debug_assert!(open < close);
            }
        }
        functions
    }

    /// Every path of two segments or more, and every `use` leaf.
    pub(super) fn paths(&self) -> Vec<PathUse> {
        let mut paths = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            if self.word(at, "use") && self.tokens.get(at + 1).is_some_and(|t| !t.is("<")) {
                at = self.use_tree(at + 1, &[], &mut paths);
            } else if self.starts_path(at) {
                let (segments, next) = self.plain_path(at);
                if segments.len() > 1 {
                    let line = self.tokens[at].line;
                    paths.push(PathUse { segments, at, line, imported: false });
                }
                at = next;
            } else {
                at += 1;
            }
        }
        paths
    }

    /// Index just after the statement that holds `at`: its `;`, or the end of the block around it.
    pub(super) fn statement_end(&self, at: usize) -> usize {
        let mut at = at;
        while let Some(token) = self.tokens.get(at) {
            match token.kind {
                Kind::Open(partner) => at = partner + 1,
                Kind::Close(_) => return at,
                Kind::Mark(_) if token.text == ";" => return at + 1,
                Kind::Word | Kind::Literal | Kind::Mark(_) => at += 1,
            }
        }
        at
    }

    /// Index of the first token of the statement that holds `at`.
    pub(super) fn statement_start(&self, at: usize) -> usize {
        let mut at = at;
        while at > 0 {
            let before = &self.tokens[at - 1];
            match before.kind {
                Kind::Close(_) if before.text == "}" => return at,
                Kind::Close(partner) => at = partner,
                Kind::Open(_) => {
                    if before.text == "{" {
                        return at;
                    }
                    at -= 1; // an argument: the statement began outside of the brackets
                }
                Kind::Mark(_) if before.text == ";" => return at,
                Kind::Word | Kind::Literal | Kind::Mark(_) => at -= 1,
            }
        }
        at
    }

    /// Whether the token at `at` is the word `text`.
    pub(super) fn word(&self, at: usize, text: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.kind == Kind::Word && token.text == text)
    }

    fn flatten(&mut self, stream: TokenStream) {
        let mut trees = stream.into_iter().peekable();
        while let Some(tree) = trees.next() {
            match tree {
                TokenTree::Ident(word) => {
                    self.push(Kind::Word, word.to_string(), word.span().start().line);
                }
                TokenTree::Literal(literal) => {
                    self.push(Kind::Literal, literal.to_string(), literal.span().start().line);
                }
                TokenTree::Punct(mark) => {
                    if mark.as_char() == '#' {
                        if matches!(trees.peek(), Some(TokenTree::Punct(p)) if p.as_char() == '!') {
                            trees.next();
                        }
                        if trees.next_if(is_doc).is_some() {
                            continue;
                        }
                    }
                    let joint = mark.spacing() == Spacing::Joint;
                    self.push(Kind::Mark(joint), mark.to_string(), mark.span().start().line);
                }
                TokenTree::Group(group) => {
                    let (open, close) = brackets(group.delimiter());
                    let start = self.tokens.len();
                    self.push(Kind::Open(0), open.to_owned(), group.span_open().start().line);
                    self.flatten(group.stream());
                    let end = self.tokens.len();
                    self.push(Kind::Close(start), close.to_owned(), group.span_close().start().line);
                    self.tokens[start].kind = Kind::Open(end);
                }
            }
        }
    }

    fn push(&mut self, kind: Kind, text: String, line: usize) {
        self.tokens.push(Token { kind, text, line });
    }

    /// Ranges of items under `#[cfg(test)]`, from the attribute to the end of the item.
    fn find_tests(&self) -> Vec<Range<usize>> {
        let pattern = ["#", "[", "cfg", "(", "test", ")", "]"];
        let starts = (0..self.tokens.len()).filter(|&at| {
            pattern.iter().enumerate().all(|(i, text)| self.tokens.get(at + i).is_some_and(|t| t.is(text)))
        });
        starts
            .map(|at| {
                let after = at + pattern.len();
                at..self.body_after(after).map_or_else(|| self.statement_end(after), |(_, close)| close + 1)
            })
            .collect()
    }

    fn find_modules(&self) -> Vec<(String, Range<usize>)> {
        (0..self.tokens.len())
            .filter(|&at| self.word(at, "mod"))
            .filter_map(|at| {
                let open = self.tokens.get(at + 2)?;
                let Kind::Open(close) = open.kind else { return None };
                open.is("{").then(|| (self.tokens[at + 1].text.clone(), at..close))
            })
            .collect()
    }

    /// The first `{…}` from `at` on at the same depth, before a `;`.
    fn body_after(&self, at: usize) -> Option<(usize, usize)> {
        let mut at = at;
        loop {
            let token = self.tokens.get(at)?;
            match token.kind {
                Kind::Open(close) if token.text == "{" => return Some((at, close)),
                Kind::Open(close) => at = close + 1,
                Kind::Close(_) => return None,
                Kind::Mark(_) if token.text == ";" => return None,
                Kind::Word | Kind::Literal | Kind::Mark(_) => at += 1,
            }
        }
    }

    fn is_colons(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|t| t.is(":") && t.kind == Kind::Mark(true))
            && self.tokens.get(at + 1).is_some_and(|t| t.is(":"))
    }

    /// Whether a path begins at `at`: a word that no `::`, `.` or `$` leads to (a leading `::` is fine).
    fn starts_path(&self, at: usize) -> bool {
        if self.tokens[at].kind != Kind::Word {
            return false;
        }
        let Some(before) = at.checked_sub(1) else { return true };
        if at >= 2 && self.is_colons(at - 2) {
            let earlier = at.checked_sub(3).map(|i| &self.tokens[i]);
            return earlier.is_none_or(|t| t.kind != Kind::Word && !t.is(">"));
        }
        !matches!(self.tokens[before].text.as_str(), "." | "$" | "'")
    }

    fn plain_path(&self, at: usize) -> (Vec<String>, usize) {
        let mut segments = vec![self.tokens[at].text.clone()];
        let mut at = at + 1;
        while self.is_colons(at) && self.tokens.get(at + 2).is_some_and(|t| t.kind == Kind::Word) {
            segments.push(self.tokens[at + 2].text.clone());
            at += 3;
        }
        (segments, at)
    }

    /// Reads one `use` tree that begins at `at`; returns the index after it.
    fn use_tree(&self, at: usize, prefix: &[String], paths: &mut Vec<PathUse>) -> usize {
        let first = at;
        let mut at = at;
        let mut segments = prefix.to_vec();
        while let Some(token) = self.tokens.get(at) {
            match token.kind {
                Kind::Word if token.text == "as" => at += 2,
                Kind::Word => {
                    segments.push(token.text.clone());
                    at += 1;
                }
                Kind::Mark(_) if token.text == "*" => {
                    segments.push("*".to_owned());
                    at += 1;
                }
                Kind::Mark(_) if token.text == ":" => at += 1,
                Kind::Open(close) if token.text == "{" => {
                    let mut inner = at + 1;
                    while inner < close {
                        inner = self.use_tree(inner, &segments, paths).max(inner) + 1;
                    }
                    return close + 1;
                }
                Kind::Mark(_) | Kind::Literal | Kind::Open(_) | Kind::Close(_) => break,
            }
        }
        if segments.len() > prefix.len() {
            paths.push(PathUse { segments, at: first, line: self.tokens[first].line, imported: true });
        }
        at
    }
}

impl Token {
    /// Whether the token is written exactly so.
    pub(super) fn is(&self, text: &str) -> bool {
        self.text == text
    }

    /// The inside of a string literal (plain, raw or byte), escapes as written; `None` for anything else.
    pub(super) fn string(&self) -> Option<&str> {
        if self.kind != Kind::Literal || !self.text.ends_with(['"', '#']) {
            return None;
        }
        let (prefix, rest) = self.text.split_once('"')?;
        if prefix.chars().any(|c| !matches!(c, 'r' | 'b' | 'c' | '#')) {
            return None;
        }
        Some(rest.trim_end_matches('#').trim_end_matches('"'))
    }
}

fn is_doc(tree: &TokenTree) -> bool {
    let TokenTree::Group(group) = tree else { return false };
    group.delimiter() == Delimiter::Bracket
        && matches!(group.stream().into_iter().next(), Some(TokenTree::Ident(word)) if word == "doc")
}

fn brackets(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

#[cfg(test)]
mod tests;
