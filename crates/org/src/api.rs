//! The routes of the hall.

use platform::web::Slice;

use crate::state::Org;

/// The routes with the right that each needs.
pub fn routes() -> Slice<Org> {
    Slice::new()
}
