//! When and where a photo was taken, from its EXIF data, before all metadata are thrown away.
//!
//! Both are what the sender's device claims: good for sorting and for a hint, never proof. What cannot be true is no fact
//! ([`PhotoFacts::believed`]).

use std::io::Cursor;

use exif::{Exif, Field, In, Tag, Value};
use kernel::place::{Point, gcj02_to_wgs84, in_china};
use kernel::time::{Date, HOUR_MS, MINUTE_MS, Time};

/// Minutes by which China Standard Time is ahead of UTC; EXIF times without a zone are taken as such.
const CST_MINUTES: i64 = 8 * 60;
/// Earlier dates are no dates at all to the devices that write them.
const FIRST_YEAR: i16 = 1990;
/// Before the phones that take these photos, in milliseconds of UTC (1 January 2007): such times come from clocks that
/// were never set.
const FIRST: Time = Time(1_167_580_800_000);
/// How far a device's clock may run ahead of ours.
const AHEAD_MS: i64 = 10 * MINUTE_MS;

/// What the device claims.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PhotoFacts {
    /// When the shutter opened.
    pub taken_at: Option<Time>,
    /// Where, in WGS84.
    pub point: Option<Point>,
}

impl PhotoFacts {
    /// What of it can be true of a photo that arrived at this moment. It was not taken before there were phones to take it,
    /// nor after it arrived: a clock that is a few minutes ahead means the moment of arrival. And it was taken somewhere in
    /// China, where the city is: elsewhere lie the zeros of devices without a fix, exchanged numbers, and invented places.
    #[must_use]
    pub fn believed(self, received_at: Time) -> Self {
        let possible = |told: &Time| (FIRST..=received_at.plus_ms(AHEAD_MS)).contains(told);
        let taken_at = self.taken_at.filter(possible).map(|told| told.min(received_at));
        Self { taken_at, point: self.point.filter(|point| in_china(point.lng(), point.lat())) }
    }
}

/// Reads raw EXIF data (with or without the `Exif\0\0` in front). What cannot be read is absent.
pub(super) fn read_exif(raw: &[u8]) -> Option<Exif> {
    let raw = raw.strip_prefix(b"Exif\0\0").unwrap_or(raw);
    let reader = lenient();
    reader.read_raw(raw.to_vec()).or_else(|error| error.distill_partial_result(|_| ())).ok()
}

/// Finds EXIF data in a whole file: where the decoder looks only before the pixels, this looks behind them too.
pub(super) fn find_exif(file: &[u8]) -> Option<Exif> {
    let reader = lenient();
    let found = reader.read_from_container(&mut Cursor::new(file));
    found.or_else(|error| error.distill_partial_result(|_| ())).ok()
}

fn lenient() -> exif::Reader {
    let mut reader = exif::Reader::new();
    reader.continue_on_error(true);
    reader
}

/// The orientation number (1 to 8) that says how the picture must be turned.
pub(super) fn orientation(exif: &Exif) -> Option<u8> {
    let number = exif.get_field(Tag::Orientation, In::PRIMARY)?.value.get_uint(0)?;
    u8::try_from(number).ok().filter(|number| (1..=8).contains(number))
}

/// Time and place.
pub(super) fn facts(exif: &Exif) -> PhotoFacts {
    PhotoFacts { taken_at: taken_at(exif), point: point(exif) }
}

fn ascii(field: Option<&Field>) -> Option<&[u8]> {
    match &field?.value {
        Value::Ascii(lines) => lines.first().map(Vec::as_slice),
        _other => None,
    }
}

fn taken_at(exif: &Exif) -> Option<Time> {
    let get = |tag| ascii(exif.get_field(tag, In::PRIMARY));
    let (text, zone) = match get(Tag::DateTimeOriginal) {
        Some(text) => (text, get(Tag::OffsetTimeOriginal)),
        None => (get(Tag::DateTimeDigitized)?, get(Tag::OffsetTimeDigitized)),
    };
    let mut written = exif::DateTime::from_ascii(text).ok()?;
    if let Some(zone) = zone {
        // An unreadable zone is no zone.
        drop(written.parse_offset(zone));
    }
    let year = i16::try_from(written.year).ok().filter(|year| *year >= FIRST_YEAR)?;
    let date = Date::new(year, i8::try_from(written.month).ok()?, i8::try_from(written.day).ok()?).ok()?;
    let (hour, minute, second) =
        (i64::from(written.hour), i64::from(written.minute), i64::from(written.second));
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let offset = written.offset.map_or(CST_MINUTES, i64::from);
    let local = Time::start_of(date).plus_ms(hour * HOUR_MS + minute * MINUTE_MS + second * 1_000);
    Some(local.plus_ms((CST_MINUTES - offset) * MINUTE_MS))
}

fn point(exif: &Exif) -> Option<Point> {
    let lat = degrees(exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, b'N', b'S')?;
    let lng = degrees(exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, b'E', b'W')?;
    // Phones without a fix write zeros.
    if lat == 0.0 && lng == 0.0 {
        return None;
    }
    let point = Point::new(lng, lat).ok()?;
    let datum = ascii(exif.get_field(Tag::GPSMapDatum, In::PRIMARY)).unwrap_or_default();
    let gcj = datum.to_ascii_uppercase().starts_with(b"GCJ");
    Some(if gcj { gcj02_to_wgs84(point) } else { point })
}

fn degrees(exif: &Exif, value: Tag, reference: Tag, plus: u8, minus: u8) -> Option<f64> {
    let Value::Rational(parts) = &exif.get_field(value, In::PRIMARY)?.value else { return None };
    let sign = match ascii(exif.get_field(reference, In::PRIMARY))?.first()?.to_ascii_uppercase() {
        side if side == plus => 1.0,
        side if side == minus => -1.0,
        _unknown => return None,
    };
    let mut sum = 0.0;
    for (part, unit) in parts.iter().zip([1.0, 60.0, 3_600.0]) {
        if part.denom == 0 && part.num != 0 {
            return None;
        }
        sum += if part.denom == 0 { 0.0 } else { part.to_f64() / unit };
    }
    (!parts.is_empty()).then_some(sign * sum)
}
