//! A file as its events tell it. What was photographed, when and where is personal: events only commit to it.

use kernel::evidence::Commitment;
use kernel::time::Time;
use serde::{Deserialize, Serialize};

use crate::journal::JournalEvent;

/// A file, without anything personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// When its upload was acknowledged.
    pub received_at: Time,
    /// Commitment to the SHA-256 of the original.
    pub original: Commitment,
    /// Commitment to the hash of the uploader's token.
    pub token: Commitment,
    /// Of the original: `image/jpeg`, `image/png`, `image/webp`.
    pub media_type: String,
    /// Bytes of the original.
    pub bytes: i64,
    /// Pixels across, as stored.
    pub width: i32,
    /// Pixels down, as stored.
    pub height: i32,
    /// What became of it.
    pub stage: Stage,
    /// A record names it.
    pub attached: bool,
    /// Commitment to the SHA-256 of what is seen on it, as long as its row stands: also after it was erased.
    pub seen: Option<Commitment>,
}

/// What became of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// The original is durable in quarantine; its copies are being made.
    Received,
    /// The copies may be served.
    Ready {
        /// Commitment to the SHA-256 of the larger copy.
        view: Commitment,
        /// Commitment to the SHA-256 of the smaller copy.
        thumb: Commitment,
        /// When it was taken, as the device claims.
        taken_at: Option<Time>,
        /// Commitment to where it was taken ([`place_bytes`]), as the device claims.
        place: Option<Commitment>,
    },
    /// No copies could be made.
    Refused {
        /// Why, as a problem code.
        code: String,
    },
    /// Its row and bytes are gone.
    Removed,
}

/// Why a file was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// No record named it within a day.
    NeverAttached,
    /// It was erased for somebody's privacy.
    Erased,
}

/// What happened to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FileEvent {
    /// It was uploaded and is durable.
    Received {
        /// Commitment to the SHA-256 of the original.
        original: Commitment,
        /// Commitment to the hash of the uploader's token.
        token: Commitment,
        /// Media type by its first bytes.
        media_type: String,
        /// Bytes of the original.
        bytes: i64,
        /// Pixels across, as stored.
        width: i32,
        /// Pixels down, as stored.
        height: i32,
    },
    /// Its copies were made.
    Ready {
        /// Commitment to the SHA-256 of the larger copy.
        view: Commitment,
        /// Commitment to the SHA-256 of the smaller copy.
        thumb: Commitment,
        /// When it was taken, as the device claims.
        taken_at: Option<Time>,
        /// Commitment to where it was taken.
        place: Option<Commitment>,
        /// Commitment to the SHA-256 of what is seen on it. Photos of before that was noted have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<Commitment>,
    },
    /// No copies could be made.
    Refused {
        /// Why, as a problem code.
        code: String,
    },
    /// A record names it: it is kept.
    Attached,
    /// Row and bytes are deleted.
    Removed {
        /// Why.
        because: Because,
    },
}

impl JournalEvent for FileEvent {
    const STREAM: &'static str = "file";

    fn kind(&self) -> &'static str {
        match self {
            Self::Received { .. } => "received",
            Self::Ready { .. } => "ready",
            Self::Refused { .. } => "refused",
            Self::Attached => "attached",
            Self::Removed { .. } => "removed",
        }
    }
}

/// The file that a `Received` event begins; `None` for any other event.
pub fn start(event: &FileEvent, at: Time) -> Option<File> {
    match event {
        FileEvent::Received { original, token, media_type, bytes, width, height } => Some(File {
            received_at: at,
            original: original.clone(),
            token: token.clone(),
            media_type: media_type.clone(),
            bytes: *bytes,
            width: *width,
            height: *height,
            stage: Stage::Received,
            attached: false,
            seen: None,
        }),
        FileEvent::Ready { .. }
        | FileEvent::Refused { .. }
        | FileEvent::Attached
        | FileEvent::Removed { .. } => None,
    }
}

/// The file after an event.
#[must_use]
pub fn evolve(mut file: File, event: &FileEvent) -> File {
    match event {
        FileEvent::Received { .. } => {}
        FileEvent::Ready { view, thumb, taken_at, place, seen } => {
            file.seen = seen.clone();
            file.stage = Stage::Ready {
                view: view.clone(),
                thumb: thumb.clone(),
                taken_at: *taken_at,
                place: place.clone(),
            };
        }
        FileEvent::Refused { code } => file.stage = Stage::Refused { code: code.clone() },
        FileEvent::Attached => file.attached = true,
        FileEvent::Removed { because } => {
            file.stage = Stage::Removed;
            match because {
                Because::NeverAttached => file.seen = None,
                Because::Erased => {}
            }
        }
    }
    file
}

/// What the commitment to a place covers: the two numbers to the last bit.
pub fn place_bytes(lng: f64, lat: f64) -> Vec<u8> {
    [lng.to_bits().to_be_bytes(), lat.to_bits().to_be_bytes()].concat()
}
