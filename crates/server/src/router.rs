//! The router: one line per room, the API document, health, the screens.

use std::sync::Arc;

use axum::routing::{any, get};
use axum::{Json, Router};
use platform::Ctx;
use platform::auth::Passwords;
#[cfg(test)]
use platform::web::RouteRight;
use platform::web::{Dictionary, Door, Limits, Sessions, Slice, Words, finish, no_such_route};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;

use crate::assets;
use crate::complete::complete;
use crate::readiness::{Watch, readyz};
use crate::session::{self, Doorman};

/// The words of every context.
pub(crate) const WORDS: &[Words] = &[platform::web::PROBLEMS, org::PROBLEMS, cases::PROBLEMS];

/// Everything that routes need.
#[derive(Clone)]
pub(crate) struct Rooms {
    pub(crate) ctx: Ctx,
    pub(crate) org: org::Org,
    pub(crate) cases: cases::Cases,
    pub(crate) sessions: Sessions,
    pub(crate) words: Arc<Dictionary>,
    pub(crate) passwords: Passwords,
    pub(crate) limits: Limits,
    pub(crate) https: bool,
    pub(crate) watch: Watch,
}

#[derive(OpenApi)]
#[openapi(info(
    title = "有据 Youju",
    description = "城市文明创建工作平台接口。Ids are strings, times are UTC milliseconds, problems follow RFC 9457.",
    license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
), servers((url = "/", description = "this server")), modifiers(&SessionScheme))]
struct Document;

/// Tells the API document what a session is.
struct SessionScheme;

impl utoipa::Modify for SessionScheme {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let cookie = ApiKey::Cookie(ApiKeyValue::new(platform::web::COOKIE));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme(platform::web::SESSION_SCHEME, SecurityScheme::ApiKey(cookie));
    }
}

impl Rooms {
    /// The API with its document.
    pub(crate) fn api(&self, door: Door) -> (Router, utoipa::openapi::OpenApi) {
        let router = OpenApiRouter::with_openapi(Document::openapi());
        let mut served = Served { rooms: self, door, router };
        slices(self.ctx.demo, &mut served);
        let (router, mut document) = served.router.split_for_parts();
        complete(&mut document);
        (router, document)
    }

    fn doorman(&self) -> Doorman {
        Doorman {
            ctx: self.ctx.clone(),
            org: self.org.clone(),
            sessions: self.sessions.clone(),
            passwords: self.passwords.clone(),
            limits: self.limits.clone(),
            https: self.https,
        }
    }

    fn uploads(&self) -> platform::files::Uploads {
        platform::files::Uploads { ctx: self.ctx.clone(), limits: self.limits.clone() }
    }

    /// Everything that a listener serves.
    pub(crate) fn serve(&self, door: Door) -> Router {
        let (api, document) = self.api(door);
        let document = Arc::new(document);
        let watch = Arc::new(self.watch.clone());
        let ready = self.ctx.clone();
        let compressible = SizeAbove::new(1_024)
            .and(NotForContentType::IMAGES)
            .and(NotForContentType::SSE)
            .and(NotForContentType::const_new("text/javascript"))
            .and(NotForContentType::const_new("text/css"));
        let router = api
            .route("/api/v1/openapi.json", get(move || async move { Json(document.as_ref().clone()) }))
            .route("/api/{*path}", any(no_such_route))
            .layer(CompressionLayer::new().compress_when(compressible))
            .route("/healthz", get(|| async { "ok" }))
            .route("/readyz", get(move || readyz(ready.clone(), watch.clone())))
            .merge(assets::routes(self.ctx.demo, door == Door::Staff));
        finish(router, self.ctx.clone(), self.sessions.clone(), self.words.clone())
    }
}

/// The slices of the API, one line each. What is served, what the document tells and what the permission table lists are
/// three takers of this one list, so that no route can be in one and not in the others.
fn slices(demo: bool, taker: &mut impl Taker) {
    taker.take(session::routes(demo), Rooms::doorman);
    taker.take(platform::files::routes(), Rooms::uploads);
    taker.take(org::routes(), |rooms| rooms.org.clone());
    taker.take(cases::routes(), |rooms| rooms.cases.clone());
}

/// Somebody who takes every slice.
trait Taker {
    /// Takes a slice, and where its state comes from.
    fn take<S: Clone + Send + Sync + 'static>(&mut self, slice: Slice<S>, state: fn(&Rooms) -> S);
}

/// The router of a door.
struct Served<'a> {
    rooms: &'a Rooms,
    door: Door,
    router: OpenApiRouter,
}

impl Taker for Served<'_> {
    fn take<S: Clone + Send + Sync + 'static>(&mut self, slice: Slice<S>, state: fn(&Rooms) -> S) {
        let router = std::mem::take(&mut self.router);
        self.router = router.merge(slice.open(self.door, state(self.rooms)));
    }
}

impl Taker for utoipa::openapi::OpenApi {
    fn take<S: Clone + Send + Sync + 'static>(&mut self, slice: Slice<S>, _state: fn(&Rooms) -> S) {
        self.merge(slice.document());
    }
}

#[cfg(test)]
impl Taker for Vec<RouteRight> {
    fn take<S: Clone + Send + Sync + 'static>(&mut self, slice: Slice<S>, _state: fn(&Rooms) -> S) {
        self.extend_from_slice(slice.rights());
    }
}

/// The permission table of the whole product.
#[cfg(test)]
pub(crate) fn rights() -> Vec<RouteRight> {
    let mut rights = Vec::new();
    slices(true, &mut rights);
    rights.sort();
    rights
}

/// The API document of a demo city on the staff door: everything there is.
pub(crate) fn document() -> utoipa::openapi::OpenApi {
    let mut document = Document::openapi();
    slices(true, &mut document);
    complete(&mut document);
    document
}
