//! What screens read: lists, counts, the running map, one case. Views, never the aggregate; every text in them is in
//! the reader's language, every name as it stands today.

mod board;
mod counts;
mod expect;
mod filter;
mod history;
mod list;
mod news;
mod photos;
mod receipt;
mod rows;
mod show;
#[cfg(test)]
mod tests;
mod timeline;
pub(crate) mod views;
mod words;

pub(crate) use filter::Filter;
pub(crate) use news::{CaseTelling, Told, line};
pub(crate) use photos::shows;

use kernel::problem::Lang;
use kernel::rights::Right;
use platform::db::still;
use platform::web::Caller;

/// Who reads, in which language, under which right.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Viewer<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) lang: Lang,
    pub(crate) right: Right,
}
