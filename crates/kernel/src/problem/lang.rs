//! The language of an answer, and how a browser says which one its user prefers.

/// The language of an answer. Chinese is complete; English covers API problems and the resident page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// 中文.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Reads an `Accept-Language` header (RFC 9110, 12.5.4): the language with the greater weight, of two alike the one
    /// named first. `zh-Hant` and `en-US` are served by what there is of their language; `*` is whatever is not named; a
    /// weight of 0 means "not this one". What cannot be read says nothing, and where nothing is said it is Chinese.
    pub fn from_header(header: &str) -> Self {
        let ranges: Vec<(&str, u16)> = header.split(',').filter_map(range).collect();
        let named = |language: &str| {
            let of =
                ranges.iter().enumerate().filter(|(_, (tag, _))| primary(tag).eq_ignore_ascii_case(language));
            best(of.map(|(place, (_, weight))| (*weight, place)))
        };
        let others = best(
            ranges.iter().enumerate().filter(|(_, (tag, _))| *tag == "*").map(|(place, (_, w))| (*w, place)),
        );
        match (named("zh").or(others), named("en").or(others)) {
            // Whoever refuses the one language and does not speak of the other is served in the other.
            (Some((0, _)), en) if en.is_none_or(|(weight, _)| weight > 0) => Self::En,
            (zh, Some((weight, place))) if weight > 0 => {
                let ahead = |(other, at): (u16, usize)| other > weight || (other == weight && at <= place);
                if zh.is_some_and(ahead) { Self::Zh } else { Self::En }
            }
            (_, Some(_) | None) => Self::Zh,
        }
    }
}

/// The range that weighs most, the first of several alike.
fn best(ranges: impl Iterator<Item = (u16, usize)>) -> Option<(u16, usize)> {
    ranges.reduce(|best, other| if other.0 > best.0 { other } else { best })
}

/// `en-GB;q=0.8` as the tag and its weight in thousandths. `None` for what is no such thing.
fn range(text: &str) -> Option<(&str, u16)> {
    let mut parts = text.split(';');
    let tag = parts.next().unwrap_or_default().trim();
    let mut weight = 1_000;
    for part in parts {
        let (name, value) = part.split_once('=')?;
        if name.trim().eq_ignore_ascii_case("q") {
            weight = thousandths(value.trim())?;
        }
    }
    let fits = tag == "*" || tag.split('-').all(|part| (1..=8).contains(&part.len()) && alphanumeric(part));
    fits.then_some((tag, weight))
}

/// A weight as RFC 9110 writes it: 0 to 1 with at most three digits behind the point.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    if !matches!(whole, "0" | "1") || rest.len() > 3 || !rest.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths: u16 = format!("{whole}{rest:0<3}").parse().ok()?;
    (thousandths <= 1_000).then_some(thousandths)
}

fn alphanumeric(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heavier_language_is_spoken_and_of_two_alike_the_first() {
        let rows = [
            ("", Lang::Zh),
            ("en", Lang::En),
            ("EN-us", Lang::En),
            ("en-US,zh;q=0.5", Lang::En),
            ("zh-CN,en", Lang::Zh),
            ("en,zh-CN", Lang::En),
            ("zh;q=0.5,en;q=0.9", Lang::En),
            ("en;q=0.4, zh-Hant-TW;q=0.8", Lang::Zh),
            ("en;q=0.8,zh;q=0.8", Lang::En),
            ("zh;q=0.1, en;q=0.2, zh-CN;q=0.3", Lang::Zh),
            ("EN ; Q=0.9 , ZH ; q=1.000", Lang::Zh),
            ("fr, en", Lang::En),
            ("fr, de;q=0.9", Lang::Zh),
            ("fr, *;q=0.1", Lang::Zh),
            ("*", Lang::Zh),
            ("*, en;q=0.5", Lang::Zh),
            ("en, *;q=0.5", Lang::En),
            ("zh;q=0, *", Lang::En),
            ("zh;q=0", Lang::En),
            ("zh;q=0, en;q=0.001", Lang::En),
            ("en;q=0, *", Lang::Zh),
            ("en;q=0", Lang::Zh),
            ("zh;q=0, en;q=0", Lang::Zh),
            ("*;q=0", Lang::Zh),
            ("*;q=0, en", Lang::En),
        ];
        for (header, lang) in rows {
            assert_eq!(Lang::from_header(header), lang, "{header}");
        }
    }

    #[test]
    fn what_only_begins_like_a_language_or_cannot_be_read_says_nothing() {
        let nonsense =
            ["english", "eng", "enx-US", "e", "en_US", "en;q=2", "en;q=0.1234", "en;q=", "en;q=-1", "en;q"];
        for header in nonsense
            .into_iter()
            .chain(["en;q=abc", "en;q=1.5", "en;q=.5", "en-", "-en", ",,;", "en us", "q=1"])
        {
            assert_eq!(Lang::from_header(header), Lang::Zh, "{header}");
        }
        assert_eq!(Lang::from_header("zhx, en;q=0.1"), Lang::En);
        assert_eq!(Lang::from_header("zh;q=7, en;q=0.1"), Lang::En);
        assert_eq!(Lang::from_header(",en;level=1;q=0.5,"), Lang::En);
    }
}
