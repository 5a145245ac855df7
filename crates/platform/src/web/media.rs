//! Media types of what is sent to us (RFC 9110, 8.3): compared whole and without case, never by their beginning.

use axum::http::{HeaderMap, HeaderName, header};
use kernel::problem::Problem;
use mime::Mime;

use super::refusal::Refusal;

/// Does the request carry JSON in UTF-8, as it stands?
///
/// # Errors
/// 415 `platform/json-only` or `platform/encoded-body`.
pub(super) fn need_json(headers: &HeaderMap) -> Result<(), Refusal> {
    need_plain(headers)?;
    let json = matches!(media_type(headers), Sent::Known(media) if media.essence_str() == "application/json" && in_utf8(&media));
    if json { Ok(()) } else { Err(Refusal(Problem::new(415, "platform/json-only"))) }
}

/// Does the request carry one of these media types, or say nothing about what it carries? Then its bytes decide. Browsers
/// that do not know a file send `application/octet-stream`.
///
/// # Errors
/// 415 with this code, or `platform/encoded-body`.
pub fn need_media(headers: &HeaderMap, taken: &[&str], code: &'static str) -> Result<(), Refusal> {
    need_plain(headers)?;
    let fits = match media_type(headers) {
        Sent::Nothing => true,
        Sent::Known(media) => {
            let essence = media.essence_str();
            essence == mime::APPLICATION_OCTET_STREAM.essence_str() || taken.contains(&essence)
        }
        Sent::Unreadable => false,
    };
    if fits { Ok(()) } else { Err(Refusal(Problem::new(415, code))) }
}

/// Bodies are read as they come: what was compressed on the way is refused with words instead of being misread.
fn need_plain(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut encodings = headers.get_all(header::CONTENT_ENCODING).iter();
    if encodings.all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Ok(());
    }
    Err(Refusal(Problem::new(415, "platform/encoded-body")))
}

enum Sent {
    Nothing,
    Known(Mime),
    Unreadable,
}

fn media_type(headers: &HeaderMap) -> Sent {
    match text_of(headers, header::CONTENT_TYPE) {
        Ok(None) => Sent::Nothing,
        Ok(Some(text)) if text.trim().is_empty() => Sent::Nothing,
        Ok(Some(text)) => text.parse().map_or(Sent::Unreadable, Sent::Known),
        Err(()) => Sent::Unreadable,
    }
}

/// The one value of a header; an error where it stands twice or is no text.
fn text_of(headers: &HeaderMap, name: HeaderName) -> Result<Option<&str>, ()> {
    let mut values = headers.get_all(name).iter();
    let Some(first) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(());
    }
    first.to_str().map(Some).map_err(|_| ())
}

/// JSON is UTF-8 (RFC 8259); `utf8` is how many write it.
fn in_utf8(media: &Mime) -> bool {
    let charsets = media.params().filter(|(name, _)| *name == mime::CHARSET);
    charsets
        .map(|(_, value)| value.as_str())
        .all(|value| value.eq_ignore_ascii_case("utf-8") || value.eq_ignore_ascii_case("utf8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::CONTENT_TYPE, line.parse().unwrap());
        }
        headers
    }

    #[test]
    fn json_is_json_whatever_its_case_and_nothing_else_is() {
        let rows: [(&[&str], bool); 20] = [
            (&["application/json"], true),
            (&["Application/JSON; charset=UTF-8"], true),
            (&["application/json;charset=utf-8"], true),
            (&["application/json; charset=\"UTF-8\""], true),
            (&["application/json; Charset=utf8"], true),
            (&["application/json; profile=\"a;b\""], true),
            (&["application/jsonx"], false),
            (&["application/json-patch+json"], false),
            (&["application/json+x"], false),
            (&["application/vnd.api+json"], false),
            (&["application/json; charset=gbk"], false),
            (&["application/json; charset=utf-16"], false),
            (&["application/json; charset=utf-8; charset=gbk"], false),
            (&["text/json"], false),
            (&["text/plain; application/json"], false),
            (&["application/json, text/plain"], false),
            (&["application/json", "application/json"], false),
            (&["json"], false),
            (&[""], false),
            (&[], false),
        ];
        for (lines, taken) in rows {
            assert_eq!(need_json(&sent(lines)).is_ok(), taken, "{lines:?}");
        }
    }

    #[test]
    fn a_file_is_what_it_says_or_says_nothing() {
        let taken = ["image/jpeg", "image/png"];
        let rows: [(&[&str], bool); 10] = [
            (&["IMAGE/JPEG"], true),
            (&["image/png; foo=bar"], true),
            (&["application/octet-stream"], true),
            (&["Application/Octet-Stream"], true),
            (&[], true),
            (&["image/jpegx"], false),
            (&["image/svg+xml"], false),
            (&["image/*"], false),
            (&["multipart/form-data; boundary=x"], false),
            (&["image/jpeg", "text/html"], false),
        ];
        for (lines, fits) in rows {
            assert_eq!(need_media(&sent(lines), &taken, "x/y").is_ok(), fits, "{lines:?}");
        }
    }

    #[test]
    fn what_was_compressed_on_the_way_is_not_misread() {
        for (coding, code) in [
            ("gzip", Some("platform/encoded-body")),
            ("Identity", None),
            ("br, gzip", Some("platform/encoded-body")),
        ] {
            let mut headers = sent(&["application/json"]);
            headers.insert(header::CONTENT_ENCODING, coding.parse().unwrap());
            assert_eq!(need_json(&headers).err().map(|refusal| refusal.0.code.into_owned()).as_deref(), code);
            assert_eq!(need_media(&headers, &["application/json"], "x/y").is_err(), code.is_some());
        }
    }
}
