//! HTTP as every context sees it: routes that declare their right, callers, bodies, versions, problems in two languages.

mod caller;
mod extract;
mod guard;
mod language;
mod layers;
mod limit;
mod media;
mod methods;
mod page;
mod peer;
mod query;
mod refusal;
mod slice;
mod texts;
mod unread;
mod versions;
mod words;

pub use caller::{COOKIE, Caller, SessionToken, Sessions};
pub use extract::{At, Body, IdempotencyKey};
pub use language::Speaks;
pub use layers::{RequestId, finish, no_such_route};
pub use limit::Limits;
pub(crate) use limit::network;
pub use media::need_media;
pub use methods::Methods;
pub use page::Page;
pub use peer::{Peer, Proxies};
pub use query::{Paging, Params, bad_value, need_no_query};
pub use refusal::Refusal;
pub use slice::{Door, Need, RouteRight, SESSION_SCHEME, Slice};
pub use texts::bad_text;
pub use versions::{IfMatch, etag, has_already};
pub use words::{Dictionary, PROBLEMS, Words};
