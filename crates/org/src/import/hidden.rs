//! What of a sheet is not seen when it is opened: it is read like the rest, so the preview has to say so.

use std::io::{BufReader, Cursor};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

/// Most hidden rows that are named.
const NAMED_MAX: usize = 20;

/// What is hidden of a sheet; rows and columns from 1, as people count them.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Hidden {
    /// The whole sheet.
    pub(crate) sheet: bool,
    /// Rows, the first of them.
    pub(crate) rows: Vec<u32>,
    /// How many rows there are in all.
    pub(crate) row_count: usize,
    /// Columns as spans.
    pub(crate) columns: Vec<(u32, u32)>,
}

/// What is hidden of the sheet of this name. A part that cannot be read hides nothing: the reader of the cells refuses it.
pub(crate) fn hidden(bytes: &[u8], name: &str) -> Hidden {
    find(bytes, name).unwrap_or_default()
}

fn find(bytes: &[u8], name: &str) -> Option<Hidden> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut found = Hidden::default();
    let mut link = None;
    each(&mut archive, "xl/workbook.xml", |tag| {
        if tag.local_name().as_ref() == "sheet" && value(tag, "name").as_deref() == Some(name) {
            found.sheet = value(tag, "state").is_some_and(|state| state != "visible");
            link = value(tag, "r:id");
        }
    })?;
    let mut target = None;
    each(&mut archive, "xl/_rels/workbook.xml.rels", |tag| {
        if link.is_some() && value(tag, "Id") == link {
            target = value(tag, "Target");
        }
    })?;
    let target = target?;
    let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
    let mut row = 0;
    each(&mut archive, &path, |tag| match tag.local_name().as_ref() {
        "row" => {
            row = value(tag, "r").and_then(|r| r.parse().ok()).unwrap_or(row + 1);
            if is_hidden(tag) {
                found.row_count += 1;
                if found.rows.len() < NAMED_MAX {
                    found.rows.push(row);
                }
            }
        }
        "col" if is_hidden(tag) => {
            let end = |name| value(tag, name).and_then(|column| column.parse().ok());
            found.columns.extend(end("min").zip(end("max")));
        }
        _other => {}
    })?;
    Some(found)
}

/// Hidden by its mark, or by being of no height.
fn is_hidden(tag: &BytesStart<'_>) -> bool {
    let marked = matches!(value(tag, "hidden").as_deref(), Some("1" | "true"));
    let flat =
        |name| value(tag, name).and_then(|size| size.parse::<f64>().ok()).is_some_and(|size| size == 0.0);
    marked || flat("ht") || flat("width")
}

fn value(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = tag.try_get_attribute(name).ok()??;
    Some(attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?.into_owned())
}

/// Shows every tag of a part.
fn each(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    path: &str,
    mut show: impl FnMut(&BytesStart<'_>),
) -> Option<()> {
    let mut reader = Reader::from_reader(BufReader::new(archive.by_name(path).ok()?));
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(tag) | Event::Empty(tag) => show(&tag),
            Event::Eof => return Some(()),
            _other => {}
        }
        buffer.clear();
    }
}
