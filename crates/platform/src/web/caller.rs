//! Who is calling: the session cookie, resolved once per request by the outermost layer.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use kernel::id::{CityId, UnitId, UserId};
use kernel::problem::Problem;
use kernel::rights::{Grant, Right, Target, may, scopes};
use kernel::tenure::Tenure;
use kernel::time::Time;

use super::refusal::Refusal;
use crate::auth::{self, Renewal};
use crate::ctx::Ctx;
use crate::db::Fault;
use crate::journal::Actor;
use crate::secrets::digest;

/// Name of the session cookie.
pub const COOKIE: &str = "youju_session";
/// Its name behind HTTPS: with this prefix no other host of the domain can set it, and browsers see to that.
const SECURE_COOKIE: &str = "__Host-youju_session";
/// How long a resolved session is believed without asking the database again.
const BELIEVED_MS: i64 = 5_000;

/// Somebody signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The tenant.
    pub city: CityId,
    /// Who.
    pub user: UserId,
    /// His sign-in name.
    pub login: String,
    /// His name, as staff see it.
    pub name: String,
    /// The unit he belongs to at this moment, as his posts say; a login without a person has those of its grants.
    pub unit: Option<UnitId>,
    /// What he may do, where.
    pub grants: Vec<Grant>,
    /// The units to which he belonged, and when.
    pub past: Vec<Tenure>,
}

impl Caller {
    /// May he use `right` on `target`?
    pub fn may(&self, right: Right, target: &Target) -> bool {
        may(&self.grants, right, target)
    }

    /// The filter of a list under `right`.
    pub fn scopes(&self, right: Right) -> Vec<kernel::rights::Scope> {
        scopes(&self.grants, right)
    }

    /// The units to which he belongs at this moment: his own, and those for which he holds a post or stands in.
    pub fn units(&self) -> BTreeSet<UnitId> {
        self.unit.into_iter().chain(self.grants.iter().filter_map(|grant| grant.unit)).collect()
    }

    /// As the journal names him.
    pub fn actor(&self) -> Actor {
        Actor::User(self.user)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Refusal(Problem::unauthenticated("platform/sign-in")))
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Caller {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Option<Self>, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned())
    }
}

/// Resolves session tokens, with a short memory, and remembers which sessions live on because they were used. Cheap to
/// clone.
#[derive(Clone, Default)]
pub struct Sessions {
    memory: Arc<Mutex<Memory>>,
    https: bool,
}

/// The token of the caller's session, as his cookie gave it.
#[derive(Clone)]
pub struct SessionToken(pub String);

impl<S: Send + Sync> OptionalFromRequestParts<S> for SessionToken {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Option<Self>, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned())
    }
}

#[derive(Default)]
struct Memory {
    /// Callers by the hash of their token, as their rows say, when the database said so and under which posts.
    believed: HashMap<Vec<u8>, (Caller, Time, i64)>,
    /// Sessions whose new end is to be written.
    used: HashMap<Vec<u8>, Renewal>,
}

impl Sessions {
    /// Of a server that stands behind HTTPS, or does not.
    pub fn behind(https: bool) -> Self {
        Self { https, ..Self::default() }
    }

    /// Does the server stand behind HTTPS?
    pub fn https(&self) -> bool {
        self.https
    }

    /// The token in a request's cookies. Behind HTTPS the plain name is never read.
    pub(super) fn token(&self, headers: &HeaderMap) -> Option<SessionToken> {
        cookie(headers, self.cookie_name()).map(SessionToken)
    }

    /// The `Set-Cookie` of a new session.
    pub fn set_cookie(&self, token: &str) -> HeaderValue {
        self.cookie_line(token, "")
    }

    /// The `Set-Cookie` that ends a session.
    pub fn clear_cookie(&self) -> HeaderValue {
        self.cookie_line("", "; Max-Age=0")
    }

    fn cookie_name(&self) -> &'static str {
        if self.https { SECURE_COOKIE } else { COOKIE }
    }

    fn cookie_line(&self, token: &str, more: &str) -> HeaderValue {
        let (name, secure) = (self.cookie_name(), if self.https { "; Secure" } else { "" });
        let line = format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{more}");
        HeaderValue::from_str(&line).unwrap_or(HeaderValue::from_static(""))
    }

    /// The caller behind a request's cookie, if its session is valid.
    ///
    /// # Errors
    /// What the database says.
    pub async fn caller(&self, ctx: &Ctx, headers: &HeaderMap) -> Result<Option<Caller>, Fault> {
        let Some(SessionToken(token)) = self.token(headers) else { return Ok(None) };
        let hash = digest(token.as_bytes());
        let now = ctx.now();
        let fresh = |at: &Time| now.0.abs_diff(at.0) < BELIEVED_MS as u64;
        let believed = self.lock().believed.get(&hash).filter(|(_, at, _)| fresh(at)).cloned();
        if let Some((mut caller, _, version)) = believed
            && ctx.posts.seat(&mut caller).await? == version
        {
            return Ok(Some(caller));
        }
        let Some((of_rows, renewal)) = auth::resolve(ctx, &hash, now).await? else { return Ok(None) };
        let mut caller = of_rows.clone();
        let version = ctx.posts.seat(&mut caller).await?;
        let mut memory = self.lock();
        memory.believed.retain(|_, (_, at, _)| fresh(at));
        if let Some(renewal) = renewal {
            memory.used.insert(hash.clone(), renewal);
        }
        memory.believed.insert(hash, (of_rows, now, version));
        Ok(Some(caller))
    }

    /// Writes the new ends of the sessions that were used since the last time. Call it by the minute. Returns how many.
    ///
    /// # Errors
    /// What the database says; what was not written is noted again with the next use.
    pub async fn flush(&self, ctx: &Ctx) -> Result<usize, Fault> {
        let used: Vec<Renewal> = std::mem::take(&mut self.lock().used).into_values().collect();
        let count = used.len();
        auth::renew(ctx, used).await?;
        Ok(count)
    }

    /// Forgets everything believed: after a sign-out, a changed grant, a disabled user.
    pub fn forget(&self) {
        self.lock().believed.clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The one value of a cookie. Whoever sends two of the same name is not known by either: one of them was planted. Names
/// are compared whole, and what else stands in the header does not matter, be it no text.
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().map(|line| String::from_utf8_lossy(line.as_bytes()));
    let mut found = None;
    for line in lines {
        let pairs = line.split(';').filter_map(|pair| pair.split_once('='));
        for (_, value) in pairs.filter(|(own, _)| own.trim() == name) {
            if found.replace(value.trim().to_owned()).is_some() {
                return None;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_taken_by_its_one_name_and_once() {
        let rows: [(bool, &[&str], Option<&str>); 17] = [
            (false, &["youju_session=a"], Some("a")),
            (false, &["x=1; youju_session=a; y=2"], Some("a")),
            (false, &["x=1", "youju_session=a"], Some("a")),
            (false, &["youju_session=a; youju_session=b"], None),
            (false, &["youju_session=a; youju_session=a"], None),
            (false, &["youju_session=a", "youju_session=b"], None),
            (false, &["__Host-youju_session=a"], None),
            (false, &["__Host-youju_session=b; youju_session=a"], Some("a")),
            (false, &["Youju_Session=a"], None),
            (true, &["__Host-youju_session=a"], Some("a")),
            (true, &["youju_session=a"], None),
            (true, &["youju_session=b; __Host-youju_session=a"], Some("a")),
            (true, &["__Host-youju_session=a; __Host-youju_session=b"], None),
            (true, &["__Host-youju_session=a", "__Host-youju_session=b"], None),
            (true, &["__Host-__Host-youju_session=a"], None),
            (true, &["__host-youju_session=a"], None),
            (true, &[], None),
        ];
        for (https, lines, token) in rows {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::COOKIE, line.parse().unwrap());
            }
            let found = Sessions::behind(https).token(&headers).map(|token| token.0);
            assert_eq!(found.as_deref(), token, "{https} {lines:?}");
        }
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_bytes(b"name=\xd5\xc5; youju_session=a").unwrap());
        let found = Sessions::default().token(&headers).map(|token| token.0);
        assert_eq!(found.as_deref(), Some("a"), "another cookie in another encoding");
    }

    #[test]
    fn behind_https_the_browser_is_told_to_keep_it_to_this_host() {
        let plain = Sessions::default();
        assert_eq!(plain.set_cookie("a"), "youju_session=a; Path=/; HttpOnly; SameSite=Lax");
        assert_eq!(plain.clear_cookie(), "youju_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
        let secure = Sessions::behind(true);
        assert_eq!(secure.set_cookie("a"), "__Host-youju_session=a; Path=/; HttpOnly; SameSite=Lax; Secure");
        assert!(secure.clear_cookie().to_str().unwrap().starts_with("__Host-youju_session=; "));
    }
}
