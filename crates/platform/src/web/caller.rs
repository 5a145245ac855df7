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
pub struct Sessions(Arc<Mutex<Memory>>);

#[derive(Default)]
struct Memory {
    /// Callers by the hash of their token, as their rows say, when the database said so and under which posts.
    believed: HashMap<Vec<u8>, (Caller, Time, i64)>,
    /// Sessions whose new end is to be written.
    used: HashMap<Vec<u8>, Renewal>,
}

impl Sessions {
    /// The caller behind a request's cookie, if its session is valid.
    ///
    /// # Errors
    /// What the database says.
    pub async fn caller(&self, ctx: &Ctx, headers: &HeaderMap) -> Result<Option<Caller>, Fault> {
        let Some(token) = cookie_of(headers) else { return Ok(None) };
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
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The session token in a request's cookies.
pub fn cookie_of(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| name.trim_start_matches("__Host-") == COOKIE)
        .map(|(_, token)| token.to_owned())
}

/// The `Set-Cookie` of a new session. Behind HTTPS the name gets the `__Host-` prefix, which browsers then enforce.
pub fn set_cookie(token: &str, secure: bool) -> HeaderValue {
    let line = if secure {
        format!("__Host-{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Secure")
    } else {
        format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax")
    };
    HeaderValue::from_str(&line).unwrap_or(HeaderValue::from_static(""))
}

/// The `Set-Cookie` that ends a session.
pub fn clear_cookie(secure: bool) -> HeaderValue {
    if secure {
        HeaderValue::from_static("__Host-youju_session=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0")
    } else {
        HeaderValue::from_static("youju_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
    }
}
