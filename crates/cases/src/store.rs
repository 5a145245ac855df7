//! Cases in the database: the state row, and the erasable rows beside it.

mod erased;
mod recount;
mod row;
mod texts;

pub(crate) use erased::{erase, erased_photo};
pub(crate) use recount::{MarkRecounted, listed, live_ids, recounted_to};
pub(crate) use row::{Held, Listed, case, held, load, save_change, save_new, version};
pub(crate) use texts::{
    NOTE, NewPhoto, NewReceipt, NewText, OF_THE_PROBLEM, face_of, note_photos, note_receipt, note_texts,
    photo, photos_of, receipt, text, texts_of, uses_of,
};
