//! The running map, and what happens as it happens.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use kernel::area::AreaKey;
use kernel::id::UserId;
use kernel::problem::Lang;
use kernel::rights::{Grant, Right, Role};
use platform::Ctx;
use platform::auth::caller_of;
use platform::secrets::digest;
use platform::sse::{ScreenEvent, Shown, stream};
use platform::web::{Caller, Params, Refusal, cookie_of};

use super::Speaks;
use super::params::LiveParams;
use crate::house::Cases;
use crate::queries::views::{BoardView, LiveCase};
use crate::queries::{Told, Viewer, line};

/// The running map: open and overdue by cell and by town, today's counts, the newest cases.
#[utoipa::path(get, path = "/api/v1/board", tag = "board", operation_id = "showBoard",
    responses((status = 200, description = "the map's numbers, all of one moment", body = BoardView)))]
pub(crate) async fn board(
    State(cases): State<Cases>,
    caller: Caller,
    Speaks(lang): Speaks,
) -> Result<Json<BoardView>, Refusal> {
    let viewer = Viewer { caller: &caller, lang, right: Right::BoardRead };
    Ok(Json(cases.board(&viewer).await?))
}

/// The running map of a demo, for everybody who looks at it: the wall of the tour stays lit whoever is signed in beside it.
/// Exists only in a demo city.
#[utoipa::path(get, path = "/api/v1/demo/board", tag = "demo", operation_id = "demoBoard",
    responses((status = 200, description = "the map's numbers, all of one moment", body = BoardView)))]
pub(crate) async fn demo_board(
    State(cases): State<Cases>,
    Speaks(lang): Speaks,
) -> Result<Json<BoardView>, Refusal> {
    let city = cases.ctx.home_city;
    let whole = AreaKey::of(city.0, 0, 0, 0).map(|city| city.range());
    let grants = whole.map(|area| Grant { role: Role::Leader, area, unit: None });
    let anybody = Caller {
        city,
        user: UserId(0),
        login: String::new(),
        name: String::new(),
        unit: None,
        past: Vec::new(),
        grants: grants.into_iter().collect(),
    };
    let viewer = Viewer { caller: &anybody, lang, right: Right::BoardRead };
    Ok(Json(cases.board(&viewer).await?))
}

/// Events of the cases that the caller may see, as they happen: `case`, besides `ping` and `reload`. The stream ends when
/// the session does, and when the caller's unit or rights change: whoever opens it again gets what he may see then.
#[utoipa::path(get, path = "/api/v1/live", tag = "board", operation_id = "live",
    params(LiveParams, ("Last-Event-ID" = Option<String>, Header, description = "the last seq seen; what followed is told again")),
    responses((status = 200, description = "server-sent events; the data of `case` is this", content_type = "text/event-stream", body = LiveCase),
        (status = 400, description = "platform/bad-query")))]
pub(crate) async fn live(
    State(cases): State<Cases>,
    caller: Caller,
    Speaks(header): Speaks,
    Params(params): Params<LiveParams>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let lang = params.lang()?.unwrap_or(header);
    let seen = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    let subscription = cases.feeds().subscribe(caller.city, seen).await?;
    let session = digest(cookie_of(&headers).unwrap_or_default().as_bytes());
    let (ctx, clock) = (cases.ctx.clone(), cases.ctx.clock.clone());
    let caller = Arc::new(caller);
    let still = {
        let caller = caller.clone();
        move || {
            let (ctx, session, caller) = (ctx.clone(), session.clone(), caller.clone());
            async move { is_still(&ctx, &session, &caller).await }
        }
    };
    let show = move |told: &Told| shown(&cases, &caller, lang, told);
    Ok(stream(subscription, clock, show, still).into_response())
}

/// Is the session still open, and its holder who he was? A database that cannot answer ends no stream: it has no news
/// to tell either.
async fn is_still(ctx: &Ctx, session: &[u8], caller: &Caller) -> bool {
    match caller_of(ctx, session, ctx.now()).await {
        Ok(now) => now.as_ref() == Some(caller),
        Err(fault) => {
            tracing::warn!(%fault, "a live stream could not ask for its session");
            true
        }
    }
}

/// What is told, as this caller's screen wants it; nothing of cases that are not his.
fn shown(cases: &Cases, caller: &Caller, lang: Lang, told: &Told) -> Shown {
    match told {
        Told::User(user) if *user == caller.user => Shown::Doubt,
        Told::User(_) => Shown::Nothing,
        Told::Case { entry, event, case } => {
            let open = caller.may(Right::CaseRead, &case.target());
            let line = line(cases.catalogue(), lang, entry, event, case).filter(|_| open);
            let data = line.and_then(|line| serde_json::to_value(line).ok());
            data.map_or(Shown::Nothing, |data| Shown::Event(ScreenEvent { name: "case", data }))
        }
    }
}
