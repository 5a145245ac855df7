//! The running map, and what happens as it happens.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use kernel::id::CaseId;
use kernel::problem::Lang;
use kernel::rights::Right;
use platform::journal::{Entry, JournalEvent};
use platform::sse::{ScreenEvent, stream};
use platform::web::{Caller, Refusal};

use super::Speaks;
use crate::house::Cases;
use crate::model::Event;
use crate::queries::Viewer;
use crate::queries::views::{BoardView, LiveCase};

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

/// Events of the cases that the caller may see, as they happen: `case`, besides `ping` and `reload`.
#[utoipa::path(get, path = "/api/v1/live", tag = "board", operation_id = "live",
    params(("Last-Event-ID" = Option<String>, Header, description = "the last seq seen; what followed is told again")),
    responses((status = 200, description = "server-sent events; the data of `case` is this", content_type = "text/event-stream", body = LiveCase)))]
pub(crate) async fn live(
    State(cases): State<Cases>,
    caller: Caller,
    Speaks(lang): Speaks,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let seen = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    let subscription = cases.feeds().subscribe(caller.city, seen).await?;
    let clock = cases.ctx.clock.clone();
    let caller = Arc::new(caller);
    let show = move |entry: Arc<Entry>| {
        let (cases, caller) = (cases.clone(), caller.clone());
        async move { told(&cases, &caller, lang, &entry).await }
    };
    Ok(stream(subscription, clock, show).into_response())
}

/// An entry as the screen wants it; nothing for entries of other rooms and for cases that are not the caller's. A case
/// that cannot be read now is passed over: the screen's next reload shows it.
async fn told(cases: &Cases, caller: &Caller, lang: Lang, entry: &Entry) -> Option<ScreenEvent> {
    if entry.stream != Event::STREAM {
        return None;
    }
    let event: Event = entry.event().ok()?;
    let case = cases.case(caller.city, CaseId(entry.stream_id)).await.ok()??;
    let line = cases.line(&event, &case, entry, lang)?;
    if !caller.may(Right::CaseRead, &case.target()) {
        return None;
    }
    Some(ScreenEvent { name: "case", data: serde_json::to_value(line).ok()? })
}
