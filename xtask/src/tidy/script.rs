//! A small reader of TypeScript and Vue files: where functions begin and end.
//!
//! Strings, comments, regular expressions and template texts are blanked first, so that brackets count. What is
//! left is searched for `=> {`, `function … {` and `name(…) {`.

use std::ops::Range;

/// Callbacks that only hold other functions: a file's tests, a store's setup.
const CONTAINERS: &[&str] = &["describe", "test.describe", "test.describe.serial", "defineStore"];
/// Words before `(…) {` that begin no function.
const CONTROL: &[&str] = &["if", "for", "while", "switch", "catch", "with", "await"];

/// One function.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ScriptFunction {
    /// Its name, or `=>`.
    pub(super) name: String,
    /// Line of its opening brace, from 1.
    pub(super) line: usize,
    /// Lines from the opening to the closing brace.
    pub(super) lines: usize,
}

/// All functions with a braced body; of a `.vue` file those in its script.
pub(super) fn functions(path: &str, text: &str) -> Vec<ScriptFunction> {
    let code = if path.ends_with(".vue") { script_of(text) } else { text.to_owned() };
    let code = blank(&code);
    let mut stack: Vec<(u8, usize)> = Vec::new();
    let mut functions = Vec::new();
    for (at, byte) in code.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => stack.push((byte, at)),
            b')' | b']' => drop(stack.pop()),
            b'}' => {
                let Some((_, open)) = stack.pop() else { continue };
                let Some(name) = head(&code, open) else { continue };
                let call = stack.last().filter(|(bracket, _)| *bracket == b'(').map(|(_, at)| *at);
                if call.is_some_and(|at| CONTAINERS.contains(&word_before(&code, at))) {
                    continue;
                }
                let line = line_at(&code, open);
                functions.push(ScriptFunction { name, line, lines: line_at(&code, at) + 1 - line });
            }
            _ => {}
        }
    }
    functions.sort_by_key(|f| f.line);
    functions
}

/// The name of the function whose body opens at `open`; `None` if this brace opens something else.
fn head(code: &str, open: usize) -> Option<String> {
    let before = code[..open].trim_end();
    if before.ends_with("=>") {
        return Some("=>".to_owned());
    }
    let close = parameters_end(before)?;
    let start = matching_paren(before, close)?;
    let name = word_before(before, start);
    (!CONTROL.contains(&name)).then(|| if name.is_empty() { "function".to_owned() } else { name.to_owned() })
}

/// Index of the `)` that ends the parameters: the last character, or the one before a return type.
fn parameters_end(before: &str) -> Option<usize> {
    if before.ends_with(')') {
        return Some(before.len() - 1);
    }
    // `): Promise<A | undefined>` on the same or the next line; anything longer is not a return type
    let from = before.len().saturating_sub(300);
    let from = (from..before.len()).find(|at| before.is_char_boundary(*at))?;
    let colon = before[from..].rfind("):")? + from;
    let kind = &before[colon + 2..];
    (!kind.trim().is_empty() && !kind.contains([';', '{', '}', '=', '(', ')', '?'])).then_some(colon)
}

fn matching_paren(code: &str, close: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in code.as_bytes().iter().enumerate().take(close + 1).rev() {
        match byte {
            b')' => depth += 1,
            b'(' if depth == 1 => return Some(at),
            b'(' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// The dotted word that ends just before `at`, type arguments left out.
fn word_before(code: &str, at: usize) -> &str {
    let mut before = code[..at].trim_end();
    if before.ends_with('>') {
        before = before.rfind('<').map_or(before, |open| &before[..open]);
    }
    let start = before.rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$' | '.')));
    &before[start.map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8))..]
}

fn line_at(code: &str, at: usize) -> usize {
    code.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

/// A `.vue` file with everything outside of `<script>` blanked, lines kept.
fn script_of(text: &str) -> String {
    let mut inside = false;
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        if line.starts_with("</script") {
            inside = false;
        }
        if inside {
            out.push_str(line);
        }
        if line.starts_with("<script") {
            inside = true;
        }
        out.push('\n');
    }
    out
}

/// The same text with strings, comments, templates and regular expressions blanked (line ends kept).
pub(super) fn blank(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    // one entry per open template: how many braces are open inside its `${`
    let mut templates: Vec<usize> = Vec::new();
    while at < bytes.len() {
        let end = match (bytes[at], bytes.get(at + 1)) {
            (b'/', Some(b'/')) => find(bytes, at, b"\n"),
            (b'/', Some(b'*')) => find(bytes, at + 2, b"*/") + 2,
            (b'/', _) if begins_regex(&out[..at]) => regex_end(bytes, at),
            (quote @ (b'"' | b'\''), _) => string_end(bytes, at, quote),
            (b'`', _) => template_end(bytes, at + 1, &mut templates),
            (b'{', _) => {
                templates.last_mut().into_iter().for_each(|depth| *depth += 1);
                at + 1
            }
            (b'}', _) if templates.last() == Some(&0) => {
                templates.pop();
                template_end(bytes, at + 1, &mut templates)
            }
            (b'}', _) => {
                templates.last_mut().into_iter().for_each(|depth| *depth = depth.saturating_sub(1));
                at + 1
            }
            _ => at + 1,
        }
        .min(bytes.len());
        if end > at + 1 || bytes[at] == b'`' {
            wipe(&mut out, at..end);
        }
        at = end;
    }
    // only whole characters were wiped or kept, so this never replaces anything
    String::from_utf8_lossy(&out).into_owned()
}

fn wipe(out: &mut [u8], range: Range<usize>) {
    for byte in &mut out[range] {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

fn find(bytes: &[u8], from: usize, what: &[u8]) -> usize {
    let from = from.min(bytes.len());
    bytes[from..].windows(what.len()).position(|w| w == what).map_or(bytes.len(), |at| from + at)
}

fn string_end(bytes: &[u8], start: usize, quote: u8) -> usize {
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != b'\n' {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    at
}

/// Reads template text from `from` to its end or to the next `${`.
fn template_end(bytes: &[u8], from: usize, templates: &mut Vec<usize>) -> usize {
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'`' => return at + 1,
            b'$' if bytes.get(at + 1) == Some(&b'{') => {
                templates.push(0);
                return at + 2;
            }
            _ => at += 1,
        }
    }
    at
}

/// Whether a `/` after this code begins a regular expression (else it divides).
fn begins_regex(before: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&before[before.len().saturating_sub(40)..]).into_owned();
    let text = text.trim_end();
    let word = text.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    text.is_empty()
        || text.ends_with(['(', ',', '=', ':', '[', '!', '&', '|', '?', '{', '}', ';', '+', '~', '^'])
        || matches!(word, "return" | "typeof" | "case" | "in" | "of")
}

fn regex_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    let mut in_class = false;
    while at < bytes.len() && bytes[at] != b'\n' {
        match bytes[at] {
            b'\\' => at += 1,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'/' if !in_class => return at + 1,
            _ => {}
        }
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(path: &str, text: &str) -> Vec<(String, usize, usize)> {
        functions(path, text).into_iter().map(|f| (f.name, f.line, f.lines)).collect()
    }

    #[test]
    fn every_form_of_function_is_found() {
        let text = "function a(x: number): string {\n}\nconst b = async (x) => {\n}\nclass C {\n  d(): Promise<void> {\n  }\n}\n\
                    export default { e() { return 1 } }";
        let found: Vec<String> = names("a.ts", text).into_iter().map(|(name, _, _)| name).collect();
        assert_eq!(found, ["a", "=>", "d", "e"]);
    }

    #[test]
    fn control_and_containers_are_no_functions() {
        let text = "if (a) {\n}\nfor (const b of c) {\n}\nswitch (d) { case f(): { } }\n\
                    describe('x', () => {\n  it('y', () => {\n  })\n})\nexport const useIt = defineStore('s', () => {})";
        assert_eq!(names("a.test.ts", text), [("=>".to_owned(), 7, 2)]);
    }

    #[test]
    fn brackets_in_texts_do_not_count() {
        let text = "const f = () => {\n  g('{', \"{\", /[{/]{/.test(x), `{ ${h({ a: `}` })} {`) // {\n  /* { */\n}\nconst x = 6 / 2 / 3";
        assert_eq!(names("a.ts", text), [("=>".to_owned(), 1, 4)]);
    }

    #[test]
    fn a_vue_file_counts_its_script_with_its_own_lines() {
        let text = "<template>\n  <p @click=\"() => { a() }\" />\n</template>\n<script setup lang=\"ts\">\nfunction a() {\n}\n</script>\n";
        assert_eq!(names("A.vue", text), [("a".to_owned(), 5, 2)]);
    }
}
