//! A stream of notes: the smallest thing that can be written to a journal.

use kernel::id::CityId;
use kernel::time::Time;
use platform::db::{Command, Db, Fault, Tx};
use platform::journal::{Actor, Head, JournalEvent, Stamp, Stream};
use serde::{Deserialize, Serialize};

/// A note was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NoteEvent {
    /// With this number.
    Made { number: i64 },
}

impl JournalEvent for NoteEvent {
    const STREAM: &'static str = "note";

    fn kind(&self) -> &'static str {
        "made"
    }
}

/// Makes the note with this number.
pub struct MakeNote {
    pub city: CityId,
    pub number: i64,
}

impl Command for MakeNote {
    type Done = ();
    type Error = Fault;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), Fault> {
        let stamp = Stamp { at: Time(1_000), actor: Actor::System("test") };
        let events = [NoteEvent::Made { number: self.number }];
        tx.journal(Stream::of::<NoteEvent>(self.number), &Head::default(), &stamp, &events);
        Ok(())
    }
}

/// Makes notes one after the other.
pub async fn make(db: &Db, city: CityId, numbers: impl IntoIterator<Item = i64>) {
    for number in numbers {
        db.write(MakeNote { city, number }).await.unwrap();
    }
}
