//! HTTP as every context sees it: routes that declare their right, callers, bodies, versions, problems in two languages.

mod caller;
mod extract;
mod guard;
mod layers;
mod limit;
mod page;
mod peer;
mod refusal;
mod slice;
mod words;

pub use caller::{COOKIE, Caller, Sessions, clear_cookie, cookie_of, set_cookie};
pub use extract::{At, Body, IdempotencyKey, IfMatch, Params, etag};
pub use layers::{RequestId, finish, no_such_route};
pub use limit::{Limits, network};
pub use page::Page;
pub use peer::{Peer, Proxies};
pub use refusal::Refusal;
pub use slice::{Door, Need, RouteRight, SESSION_SCHEME, Slice};
pub use words::{Dictionary, PROBLEMS, Words};
