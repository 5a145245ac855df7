//! Keyset pages: a list answer carries the key after which the next page starts, never an offset.

use serde::{Deserialize, Serialize};

/// The page sizes that a list may be asked for.
pub const PAGE_SIZE_MAX: u32 = 100;
/// The page size when none is asked for.
pub const PAGE_SIZE_DEFAULT: u32 = 50;

/// One page of a list. `next` is the cursor of the following page; it is absent on the last one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows, in the order of the list.
    pub items: Vec<T>,
    /// Give it back as `after` to get the following page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A position in a list that is sorted by a number and then by id, both falling or both rising.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The sort value of the last row seen.
    pub key: i64,
    /// Its id, which breaks ties.
    pub id: i64,
}

/// The text is not a cursor that a list gave out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor: {0:?}")]
pub struct BadCursor(pub String);

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.key, self.id)
    }
}

impl std::str::FromStr for Cursor {
    type Err = BadCursor;
    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let bad = || BadCursor(text.chars().take(60).collect());
        let (key, id) = text.split_once('.').ok_or_else(bad)?;
        Ok(Self { key: key.parse().map_err(|_| bad())?, id: id.parse().map_err(|_| bad())? })
    }
}

/// Cuts a result that was fetched with one row too many into a page.
pub fn cut<T>(mut rows: Vec<T>, size: u32, cursor: impl Fn(&T) -> Cursor) -> Page<T> {
    let size = size as usize;
    let more = rows.len() > size;
    rows.truncate(size);
    let next = if more { rows.last().map(|row| cursor(row).to_string()) } else { None };
    Page { items: rows, next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_page_has_no_next() {
        let at = |n: &i64| Cursor { key: *n, id: *n };
        assert_eq!(cut(vec![3, 2, 1], 2, at), Page { items: vec![3, 2], next: Some("2.2".into()) });
        assert_eq!(cut(vec![3, 2], 2, at).next, None);
        assert_eq!("-5.7".parse(), Ok(Cursor { key: -5, id: 7 }));
        assert!("5".parse::<Cursor>().is_err() && "a.b".parse::<Cursor>().is_err());
    }
}
