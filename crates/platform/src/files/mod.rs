//! Files: photos from the upload to the served copies (architecture §9).
//!
//! [`receive`] streams an upload into quarantine, checks its head while it arrives and answers when original and row
//! are durable. [`work`] turns originals into copies that are upright and free of metadata, notes what became of them
//! and deletes the originals; [`settle`] does so at once for an act that must know whether its photos can be seen. [`serve`]
//! gives copies of ready files, never an original. A context that names a file in a record calls [`attach_in`]; what no
//! record names within a day is swept. What is seen on a photo is noted, so that it is known again in whatever file
//! ([`showing`], [`alike`]); the store and the database know each other ([`belongs_or_begins`]). [`verify`] holds every row to its events and every byte to its hash.

mod api;
mod commands;
mod mark;
mod model;
mod process;
mod receive;
mod seen;
mod serve;
mod store;
mod sweep;
mod tables;
mod turns;
mod verify;

pub use api::{Received, Uploads, answer, routes};
pub use commands::{attach_in, remove_in};
pub use mark::{Belongs, belongs_or_begins};
pub use model::{Because, File, FileEvent, Stage};
pub use process::{process_pending, settle, work};
pub use receive::{UploadError, Uploader, receive};
pub use seen::{alike, seen_on, showing};
pub use serve::{CopySize, Served, TOKEN_MS, by_token, find, find_many, ready, serve};
pub use store::Files;
pub use sweep::{ATTACH_REACTION, Swept, UNATTACHED_MS, discard, sweep};
pub use tables::Model as FileRow;
pub use turns::Sender;
pub use verify::{erased, verify, verify_files};

pub use photo::{
    Copies, PHOTO_BYTES_MAX, PhotoFacts, PhotoHead, PhotoKind, PhotoRefusal, PhotoScan, Seen, inspect_head,
    make_copies,
};
