//! The typed reads that others may call: readers, gateways, and `wiring`.

use kernel::id::FileId;
use platform::db::Fault;
use platform::journal::{Entry, JournalEvent};

use crate::model::{Event, PhotoMark};

/// The files that an event of the journal names: those that must be kept. None for events of other contexts.
///
/// # Errors
/// [`Fault::Unreadable`] when the body is not that of a case's event.
pub fn photos_of(entry: &Entry) -> Result<Vec<FileId>, Fault> {
    if entry.stream != Event::STREAM {
        return Ok(Vec::new());
    }
    Ok(marks(&entry.event()?).iter().map(|mark| mark.file).collect())
}

/// The photos that an event brings.
pub(crate) fn marks(event: &Event) -> &[PhotoMark] {
    match event {
        Event::Reported(e) => &e.photos,
        Event::PreVerified(e) => &e.photos,
        Event::Handled(e) => &e.photos,
        Event::Checked(e) => &e.photos,
        Event::Filed(_)
        | Event::Refused(_)
        | Event::Dispatched(_)
        | Event::Closed(_)
        | Event::VerdictGiven(_)
        | Event::Overran(_)
        | Event::Recounted(_)
        | Event::ReporterShown(_)
        | Event::ReporterErased(_) => &[],
    }
}
