//! A page of a list on the wire, as the API document knows it.

use serde::Serialize;
use utoipa::ToSchema;

/// One page of a list. `next` is the cursor of the following page; it is absent on the last one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Page<T: ToSchema> {
    /// The rows, in the order of the list.
    pub items: Vec<T>,
    /// Give it back as `after` to get the following page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T: ToSchema> From<kernel::page::Page<T>> for Page<T> {
    fn from(page: kernel::page::Page<T>) -> Self {
        Self { items: page.items, next: page.next }
    }
}
