//! Photos for these tests, and what is left of them on the disk.

use std::convert::Infallible;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use exif::experimental::Writer;
use exif::{Field, In, Rational, Tag, Value};
use futures_util::{Stream, stream};
use jpeg_encoder::{ColorType, Encoder};
use kernel::chance::{Chance, SeededChance};
use kernel::id::FileId;
use platform::Ctx;
use platform::files::{FileRow, Received, Sender, UploadError, Uploader, find, receive};
use platform::journal::Actor;
use testkit::World;

/// A JPEG full of noise, another one for every seed, taken in Jiangyin on a November morning. About 4 kB at 64 pixels.
pub fn photo(seed: u64, side: u16) -> Vec<u8> {
    let chance = SeededChance::new(seed);
    let mut pixels = vec![0; usize::from(side) * usize::from(side) * 3];
    chance.fill(&mut pixels);
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, 80);
    encoder.add_exif_metadata(&exif()).unwrap();
    encoder.encode(&pixels, side, side, ColorType::Rgb).unwrap();
    out
}

fn exif() -> Vec<u8> {
    let ascii = |text: &str| Value::Ascii(vec![text.as_bytes().to_vec()]);
    let degrees =
        |whole, minutes| Value::Rational([whole, minutes, 0].map(|num| Rational { num, denom: 1 }).to_vec());
    let fields = [
        (Tag::DateTimeOriginal, ascii("2026:03:01 08:30:00")),
        (Tag::GPSLatitude, degrees(31, 54)),
        (Tag::GPSLatitudeRef, ascii("N")),
        (Tag::GPSLongitude, degrees(120, 15)),
        (Tag::GPSLongitudeRef, ascii("E")),
    ]
    .map(|(tag, value)| Field { tag, ifd_num: In::PRIMARY, value });
    let mut writer = Writer::new();
    for field in &fields {
        writer.push_field(field);
    }
    let mut out = Cursor::new(Vec::new());
    writer.write(&mut out, false).unwrap();
    out.into_inner()
}

/// A body that arrives in small pieces.
pub fn body(bytes: &[u8]) -> impl Stream<Item = Result<Bytes, Infallible>> + Send + use<> {
    let parts: Vec<Bytes> = bytes.chunks(1_500).map(Bytes::copy_from_slice).collect();
    stream::iter(parts.into_iter().map(Ok))
}

/// A resident uploads.
pub async fn upload(ctx: &Ctx, key: Option<&str>, bytes: &[u8]) -> Result<Received, UploadError> {
    let from = Uploader { city: ctx.home_city, actor: Actor::Resident, sender: Sender::default() };
    receive(ctx, from, key, Some(bytes.len() as u64), body(bytes)).await
}

/// The row of a file that must be there.
pub async fn row(world: &World, id: FileId) -> FileRow {
    find(world.db().reader(), world.city, id).await.unwrap().expect("the row is there")
}

/// Every file below a part of the store (`quarantine`, `ready`), temporary ones too.
pub fn stored(world: &World, part: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    walk(&world.dir.join("files").join(part), &mut found);
    found.sort();
    found
}

fn walk(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, found) } else { found.push(path) }
    }
}

/// Sets the last change of a file to two days ago.
pub fn make_old(path: &Path) {
    let file = std::fs::File::options().write(true).open(path).unwrap();
    let now = std::fs::metadata(path).unwrap().modified().unwrap();
    file.set_modified(now - std::time::Duration::from_secs(48 * 3_600)).unwrap();
}
