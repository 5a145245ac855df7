//! Which methods an address answers: told to whoever asks (`OPTIONS`) and to whoever uses another (405).

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::MatchedPath;
use axum::http::{Extensions, HeaderValue};
use axum::{Extension, Router};
use utoipa::openapi::OpenApi;

/// The methods of every path, as `Allow` names them. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Methods(Arc<HashMap<String, HeaderValue>>);

impl Methods {
    /// Those of an API document, and of what stands beside it and is only read.
    pub fn of(document: &OpenApi, beside: &[&str]) -> Self {
        let allowed = document.paths.paths.iter().filter_map(|(path, item)| {
            let operations = [
                ("GET, HEAD, ", item.get.is_some()),
                ("PUT, ", item.put.is_some()),
                ("POST, ", item.post.is_some()),
                ("DELETE, ", item.delete.is_some()),
                ("PATCH, ", item.patch.is_some()),
            ];
            let names: String =
                operations.iter().filter(|(_, there)| *there).map(|(name, _)| *name).collect();
            let allowed = HeaderValue::from_str(&format!("{names}OPTIONS")).ok()?;
            Some((path.clone(), allowed))
        });
        let read =
            beside.iter().map(|path| ((*path).to_owned(), HeaderValue::from_static("GET, HEAD, OPTIONS")));
        Self(Arc::new(allowed.chain(read).collect()))
    }

    /// Lets [`finish`](super::finish) tell them for every path behind this router.
    pub fn around(self, router: Router) -> Router {
        router.layer(Extension(self))
    }
}

/// Those of the path that a request leads to.
pub(super) fn allowed(extensions: &Extensions) -> Option<HeaderValue> {
    let path = extensions.get::<MatchedPath>()?;
    extensions.get::<Methods>()?.0.get(path.as_str()).cloned()
}
