//! The guard before every route: is somebody signed in, may he use this at all, does the request come from our page, and
//! does it ask what can be asked here?

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::problem::Problem;
use kernel::rights::may_somewhere;

use super::caller::Caller;
use super::query::Asked;
use super::refusal::Refusal;
use super::slice::Need;

/// The header in which a page names the person that it shows, by the id of `/api/v1/me`.
const PERSON: &str = "youju-person";

/// The operations of a path, and what each may be asked.
pub(super) type Operations = Arc<[(Method, Asked)]>;

pub(super) async fn guard(need: Need, operations: Operations, request: Request, next: Next) -> Response {
    let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
    let Some((_, asked)) = operations.iter().find(|(own, _)| own == method) else {
        // Whatever it is, it is not served here; the answer says what is.
        return next.run(request).await;
    };
    let caller = request.extensions().get::<Caller>();
    let refused = match need {
        Need::Public | Need::SignIn => None,
        Need::SignedIn if caller.is_some() => None,
        Need::SignedIn => Some(Problem::unauthenticated("platform/sign-in")),
        Need::Right(right) => match caller {
            None => Some(Problem::unauthenticated("platform/sign-in")),
            Some(caller) if may_somewhere(&caller.grants, right) => None,
            Some(_) => Some(Problem::forbidden("platform/not-allowed")),
        },
    };
    let refused = refused.or_else(|| {
        let matters = match need {
            Need::Public => false,
            // To sign in is how it is mended; to sign out would end the other one's session.
            Need::SignIn => request.method() == Method::DELETE,
            Need::SignedIn | Need::Right(_) => true,
        };
        let other = matters && other_person(caller, request.headers());
        other.then(|| Problem::unauthenticated("platform/other-person"))
    });
    let refused = refused.or_else(|| {
        // Signing in is an act too: a foreign page must not sign a browser in under its own name.
        let bound = caller.is_some() || need == Need::SignIn;
        let foreign = bound && changes(request.method()) && from_elsewhere(request.headers());
        foreign.then(|| Problem::forbidden("platform/cross-site"))
    });
    // Only now: whoever may not ask at all hears that first.
    match refused.or_else(|| asked.check(request.uri()).err().map(|refusal| refusal.0)) {
        Some(problem) => Refusal(problem).into_response(),
        None => next.run(request).await,
    }
}

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Is the session another one's than the page believes? All pages of a browser share one cookie: when somebody else
/// signs in beside a page that is still open, the page must neither act nor read in his name. A page names the person
/// that it shows; who names nobody is not asked.
fn other_person(caller: Option<&Caller>, headers: &HeaderMap) -> bool {
    let (Some(caller), Some(named)) = (caller, headers.get(PERSON)) else { return false };
    named.to_str().ok() != Some(caller.user.to_string().as_str())
}

/// Does a browser say that another site made this request? Programs that are no browsers send neither header.
fn from_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    let (Some(origin), Some(host)) = (text(header::ORIGIN.as_str()), text(header::HOST.as_str())) else {
        return false;
    };
    origin.split_once("://").is_none_or(|(_scheme, from)| from != host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_somebody_else_is_told_so() {
        let caller = |user: i64| Caller {
            city: kernel::id::CityId(1),
            user: kernel::id::UserId(user),
            login: "wang".into(),
            name: "王".into(),
            unit: None,
            grants: vec![],
            past: vec![],
        };
        let named = |id: &'static str| HeaderMap::from_iter([(PERSON.parse().unwrap(), id.parse().unwrap())]);
        let rows = [
            (Some(caller(7)), named("7"), false),
            (Some(caller(7)), named("8"), true),
            (Some(caller(7)), named(""), true),
            (Some(caller(7)), HeaderMap::new(), false),
            (None, named("7"), false),
        ];
        for (caller, headers, other) in rows {
            assert_eq!(other_person(caller.as_ref(), &headers), other, "{caller:?} {headers:?}");
        }
    }

    #[test]
    fn only_our_own_page_may_change_things_with_a_session() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            let mut map = HeaderMap::new();
            for (name, value) in pairs {
                map.insert(*name, value.parse().unwrap());
            }
            map
        };
        let rows = [
            (headers(&[("sec-fetch-site", "same-origin")]), false),
            (headers(&[("sec-fetch-site", "cross-site")]), true),
            (headers(&[("origin", "https://a.cn"), ("host", "a.cn")]), false),
            (headers(&[("origin", "https://evil.cn"), ("host", "a.cn")]), true),
            (headers(&[("origin", "null"), ("host", "a.cn")]), true),
            (headers(&[("host", "a.cn")]), false),
        ];
        for (map, foreign) in rows {
            assert_eq!(from_elsewhere(&map), foreign, "{map:?}");
        }
    }
}
