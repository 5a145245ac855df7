//! Sign-in and "who am I". Here because the answer names units and areas, which only the hall (`org`) knows, and demo
//! persons, which only the demo knows.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::problem::Problem;
use kernel::rights::{Right, may_somewhere};
use platform::Ctx;
use platform::auth::{self, AuthError, Guesses, Passwords, Try};
use platform::web::{Body, Caller, Limits, Need, Peer, Refusal, SessionToken, Sessions, Slice};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

/// Sign-ins per address and minute.
const SIGN_INS_PER_MINUTE: u32 = 20;

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");
const CACHE: HeaderValue = HeaderValue::from_static("\"cache\"");

/// State of these routes.
#[derive(Clone)]
pub(crate) struct Doorman {
    pub(crate) ctx: Ctx,
    pub(crate) org: org::Org,
    pub(crate) sessions: Sessions,
    pub(crate) passwords: Passwords,
    pub(crate) limits: Limits,
    pub(crate) guesses: Guesses,
}

/// The routes; those of the demo exist only in a demo city.
pub(crate) fn routes(demo: bool) -> Slice<Doorman> {
    let slice =
        Slice::new().route(Need::SignIn, routes!(sign_in, sign_out)).route(Need::SignedIn, routes!(me));
    if demo { slice.route(Need::SignIn, routes!(personas)).route(Need::SignIn, routes!(play)) } else { slice }
}

/// Sign-in name and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    login: String,
    password: String,
}

/// A short reference: id and name.
#[derive(Debug, Serialize, ToSchema)]
struct Named {
    id: String,
    name: String,
}

/// The city of the caller, as its screens name it.
#[derive(Debug, Serialize, ToSchema)]
struct MyCity {
    id: String,
    title: String,
    system_title: String,
    demo: bool,
}

/// One grant in words.
#[derive(Debug, Serialize, ToSchema)]
struct MyGrant {
    role: String,
    role_name: &'static str,
    area_code: String,
    area_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_name: Option<String>,
}

/// Who is signed in, and what he may do.
#[derive(Debug, Serialize, ToSchema)]
struct Me {
    user_id: String,
    login: String,
    name: String,
    unit: Option<Named>,
    city: MyCity,
    grants: Vec<MyGrant>,
    #[schema(value_type = Vec<String>)]
    /// Rights held somewhere; whether they reach a record is said by the record's own answer.
    rights: Vec<Right>,
}

/// A demo person.
#[derive(Debug, Serialize, ToSchema)]
struct PersonaView {
    key: &'static str,
    name: String,
    role_name: &'static str,
    login: &'static str,
    hint: &'static str,
}

/// Which demo person to become.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Play {
    persona: String,
}

/// Sign in. Sets the session cookie.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", operation_id = "signIn", request_body = SignIn,
    responses((status = 200, description = "signed in", body = Me), (status = 401, description = "platform/wrong-password"),
        (status = 429, description = "platform/too-many, platform/sign-in-waits")))]
async fn sign_in(
    State(door): State<Doorman>,
    peer: Peer,
    headers: HeaderMap,
    Body(body): Body<SignIn>,
) -> Result<Response, Refusal> {
    door.limits.take(peer, "sign-in", SIGN_INS_PER_MINUTE, door.ctx.now())?;
    let (ctx, city) = (&door.ctx, door.ctx.home_city);
    let account = auth::account_of(&ctx.secrets, city, &body.login);
    let device = auth::device_of(&ctx.secrets, &headers, door.sessions.https(), city, &account);
    let known = device.is_some();
    let who = Try { city, account: account.clone(), address: peer.0, device };
    // Whether there is such an account makes no difference here either.
    let admitted = door.guesses.admit(who, ctx.now()).map_err(|wait_ms| {
        Refusal(Problem::new(429, "platform/sign-in-waits").with("wait_s", wait_ms / 1_000 + 1))
    })?;
    match auth::sign_in(ctx, &door.passwords, city, &body.login, body.password).await {
        Ok((token, caller)) => {
            door.guesses.right(admitted, ctx.now());
            let mut answer = door.welcome(&token, &caller).await?;
            if !known {
                let set = auth::set_device(&ctx.secrets, door.sessions.https(), city, &account);
                answer.headers_mut().append(header::SET_COOKIE, set);
            }
            Ok(answer)
        }
        Err(AuthError::WrongPassword) => {
            let user = auth::user_of_login(ctx, city, &body.login).await?;
            let failures = door.guesses.wrong(&admitted, user, ctx.now());
            tracing::warn!(account, failures, known_device = known, "sign-in failed");
            Err(AuthError::WrongPassword.into())
        }
        Err(other) => {
            // The database did not answer: that was no guess.
            door.guesses.release(admitted, ctx.now());
            Err(other.into())
        }
    }
}

/// Sign out. Ends the session, clears the cookie and what the browser kept.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session", operation_id = "signOut",
    responses((status = 204, description = "signed out")))]
async fn sign_out(
    State(door): State<Doorman>,
    caller: Option<Caller>,
    token: Option<SessionToken>,
) -> Result<Response, Refusal> {
    if let (Some(caller), Some(SessionToken(token))) = (caller, token) {
        auth::sign_out(&door.ctx, caller.city, &token).await?;
        door.sessions.forget();
    }
    // Pages that the browser keeps to go back to hold what he saw.
    let forget = [(header::SET_COOKIE, door.sessions.clear_cookie()), (CLEAR_SITE_DATA, CACHE)];
    Ok((StatusCode::NO_CONTENT, forget).into_response())
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/me", tag = "session", operation_id = "me",
    responses((status = 200, description = "the caller", body = Me), (status = 401, description = "nobody")))]
async fn me(State(door): State<Doorman>, caller: Caller) -> Result<Json<Me>, Refusal> {
    Ok(Json(door.describe(&caller).await?))
}

/// The persons of the demo, for the role bar of the tour and the sign-in page.
#[utoipa::path(get, path = "/api/v1/demo/personas", tag = "demo", operation_id = "demoPersonas",
    responses((status = 200, description = "demo persons", body = Vec<PersonaView>)))]
async fn personas(State(_door): State<Doorman>) -> Json<Vec<PersonaView>> {
    let all = demo::PERSONAS.iter().map(|persona| PersonaView {
        key: persona.key,
        name: persona.name.to_owned(),
        role_name: persona.role_name,
        login: persona.login,
        hint: persona.hint,
    });
    Json(all.collect())
}

/// Become a demo person without a password. Exists only in a demo city.
#[utoipa::path(post, path = "/api/v1/demo/session", tag = "demo", operation_id = "demoSession", request_body = Play,
    responses((status = 200, description = "signed in", body = Me), (status = 404, description = "no such person")))]
async fn play(State(door): State<Doorman>, Body(body): Body<Play>) -> Result<Response, Refusal> {
    let persona = demo::PERSONAS.iter().find(|persona| persona.key == body.persona);
    let persona = persona.ok_or_else(|| Refusal(Problem::not_found("platform/no-such-user")))?;
    let user = auth::user_of_login(&door.ctx, door.ctx.home_city, persona.login).await?;
    let user = user.ok_or_else(|| Refusal(Problem::not_found("platform/no-such-user")))?;
    let (token, caller) = auth::open_session(&door.ctx, door.ctx.home_city, user).await?;
    door.welcome(&token, &caller).await
}

impl Doorman {
    async fn welcome(&self, token: &str, caller: &Caller) -> Result<Response, Refusal> {
        let me = self.describe(caller).await?;
        Ok(([(header::SET_COOKIE, self.sessions.set_cookie(token))], Json(me)).into_response())
    }

    async fn describe(&self, caller: &Caller) -> Result<Me, Refusal> {
        let city = self.org.city(caller.city).await?;
        let named =
            |id: kernel::id::UnitId| Named { id: id.to_string(), name: city.unit_name(id).to_owned() };
        let grants = caller.grants.iter().map(|grant| MyGrant {
            role: serde_json::to_value(grant.role)
                .ok()
                .and_then(|v| v.as_str().map(str::to_owned))
                .unwrap_or_default(),
            role_name: org::role_name(grant.role),
            area_code: grant.area.from.code(),
            area_name: city.area_name(grant.area.from),
            unit_id: grant.unit.map(|unit| unit.to_string()),
            unit_name: grant.unit.map(|unit| city.unit_name(unit).to_owned()),
        });
        let rights = kernel::rights::RIGHTS.into_iter().filter(|right| may_somewhere(&caller.grants, *right));
        Ok(Me {
            user_id: caller.user.to_string(),
            login: caller.login.clone(),
            name: caller.name.clone(),
            unit: caller.unit.map(named),
            city: MyCity {
                id: caller.city.to_string(),
                title: city.title().to_owned(),
                system_title: city.system_title().to_owned(),
                demo: self.ctx.demo,
            },
            grants: grants.collect(),
            rights: rights.collect(),
        })
    }
}
