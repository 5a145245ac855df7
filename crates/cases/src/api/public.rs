//! The residents' way in: no account, no map needed.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::time::Time;
use platform::files::PHOTO_BYTES_MAX;
use platform::idempotency::{OnceKey, once};
use platform::journal::{Actor, Stamp};
use platform::web::{Body, IdempotencyKey, Peer, Refusal};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Speaks;
use super::body::{PersonBody, PlaceBody, Sent};
use crate::commands::{ActError, Attachment, TEXT_CHARS};
use crate::house::Cases;
use crate::model::{Source, State as CaseState};
use crate::queries::views::{CellView, LngLat, Named};
use crate::rules::By;

/// Reports from one address in a minute; a whole street may sit behind one.
const REPORTS_PER_MINUTE: u32 = 600;

/// A kind of problem in the words of residents.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Kind {
    class_code: String,
    name: String,
    group_code: String,
    group_name: String,
    /// Is it the one for whoever does not know (其他/不清楚)? The acceptor classes it.
    unclassed: bool,
}

/// Every kind of problem, with the words by which it is found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundKind {
    class_code: String,
    /// What residents call it.
    name: String,
    /// What the standard calls it, where that is another word.
    official_name: Option<String>,
    /// Words that people use for it.
    words: Vec<String>,
}

/// The city as residents see it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublicCity {
    id: String,
    title: String,
    system_title: String,
    demo: bool,
    map_credit: String,
    hotline: Option<String>,
    /// West, south, east, north.
    bounds: [f64; 4],
    max_photos: u8,
    max_photo_bytes: u64,
    description_max_chars: usize,
    kinds: Vec<Kind>,
    verdict_days: u16,
}

/// A village by code.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublicVillage {
    code: String,
    name: String,
}

/// A town with its villages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublicTown {
    code: String,
    name: String,
    villages: Vec<PublicVillage>,
}

/// A place, and what kind of problem it is about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LocateBody {
    place: PlaceBody,
    #[serde(default)]
    class_code: Option<String>,
    /// By which channel it will be reported: limits and photos follow its policy. A resident's where nothing is said.
    #[serde(default = "resident")]
    source: Source,
}

const fn resident() -> Source {
    Source::Resident
}

/// Where that is, who would answer, and until when.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublicPlace {
    point: Option<LngLat>,
    cell: Option<CellView>,
    village_name: Option<String>,
    town_name: String,
    unit: Option<Named>,
    limit_text: Option<String>,
    due_at: Option<i64>,
    /// Metres to the border of the next cell.
    border_m: Option<f64>,
    in_hole: bool,
    /// Photos that a report by this channel needs at least.
    report_photos_least: u8,
    /// Photos that it may have at most.
    photos_most: u8,
}

/// A resident's report.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportBody {
    class_code: String,
    place: PlaceBody,
    #[serde(default)]
    address: Option<String>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    photos: Vec<Attachment>,
    #[serde(default)]
    reporter: PersonBody,
    /// When the device took it down, if it was offline then.
    #[serde(default)]
    device_at: Option<i64>,
}

/// What the reporter gets. The receipt code is shown once and stored nowhere.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReportedView {
    case_id: String,
    number: String,
    receipt_code: Option<String>,
    cell_name: Option<String>,
    unit: Option<UnitName>,
    due_at: Option<i64>,
    limit_text: Option<String>,
    state: CaseState,
    state_name: String,
}

/// A unit by its name alone.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitName {
    name: String,
}

/// The city: title, hotline, what can be reported.
#[utoipa::path(get, path = "/api/v1/public/city", tag = "public", operation_id = "publicCity",
    responses((status = 200, description = "the city", body = PublicCity)))]
pub(crate) async fn city(
    State(cases): State<Cases>,
    Speaks(lang): Speaks,
) -> Result<Json<PublicCity>, Refusal> {
    let snapshot = cases.snapshot(cases.ctx.home_city).await?;
    let policy = snapshot.policies().of(Source::Resident, cases.ctx.now());
    let (city, catalogue) = (&snapshot.city, snapshot.catalogue());
    let unclassed = catalogue.unclassed.as_ref().filter(|_| policy.unclassed).map(|unclassed| unclassed.code);
    let kinds = catalogue.menu.iter().map(|item| item.class).chain(unclassed).map(|class| Kind {
        class_code: class.to_string(),
        name: catalogue.plain_name(class, lang),
        group_code: class.group().to_string(),
        group_name: catalogue.group_name(class.group(), lang),
        unclassed: Some(class) == unclassed,
    });
    let profile = city.profile();
    Ok(Json(PublicCity {
        id: city.id().to_string(),
        title: city.title().to_owned(),
        system_title: city.system_title().to_owned(),
        demo: cases.ctx.demo,
        map_credit: profile.map(|profile| profile.map_credit.clone()).unwrap_or_default(),
        hotline: profile.map(|profile| profile.hotline.clone()).filter(|hotline| !hotline.is_empty()),
        bounds: city.places().bounds().unwrap_or_default(),
        max_photos: policy.photos_most,
        max_photo_bytes: PHOTO_BYTES_MAX,
        description_max_chars: TEXT_CHARS,
        kinds: kinds.collect(),
        verdict_days: policy.verdict_days,
    }))
}

/// Every kind of problem with the words that people use for it: the menu has the common ones, this finds the others.
#[utoipa::path(get, path = "/api/v1/public/kinds", tag = "public", operation_id = "publicKinds",
    responses((status = 200, description = "kinds in order of their codes", body = Vec<FoundKind>)))]
pub(crate) async fn kinds(State(cases): State<Cases>, Speaks(lang): Speaks) -> Json<Vec<FoundKind>> {
    let (catalogue, now) = (cases.catalogue(), cases.ctx.now());
    let kinds = catalogue.classes.values().map(|class| {
        let (name, official) = (catalogue.plain_name(class.code, lang), class.name.of(lang));
        FoundKind {
            class_code: class.code.to_string(),
            official_name: Some(official.to_owned()).filter(|official| *official != name),
            name,
            words: catalogue.words_of(class.code, now).to_vec(),
        }
    });
    Json(kinds.collect())
}

/// Towns and villages: how to say where without a map.
#[utoipa::path(get, path = "/api/v1/public/areas", tag = "public", operation_id = "publicAreas",
    responses((status = 200, description = "towns with their villages", body = Vec<PublicTown>)))]
pub(crate) async fn areas(State(cases): State<Cases>) -> Result<Json<Vec<PublicTown>>, Refusal> {
    let snapshot = cases.snapshot(cases.ctx.home_city).await?;
    let towns = snapshot.city.towns().map(|town| PublicTown {
        code: town.key.code(),
        name: town.name.clone(),
        villages: snapshot
            .city
            .villages(town.key)
            .map(|village| PublicVillage { code: village.key.code(), name: village.name.clone() })
            .collect(),
    });
    Ok(Json(towns.collect()))
}

/// Which cell, which unit, until when: asked before anything is sent.
#[utoipa::path(post, path = "/api/v1/public/locate", tag = "public", operation_id = "locate", request_body = LocateBody,
    responses((status = 200, description = "where it is", body = PublicPlace),
        (status = 422, description = "cases/outside-city, cases/area-unknown, cases/class-unknown, place/…")))]
pub(crate) async fn locate(
    State(cases): State<Cases>,
    Speaks(lang): Speaks,
    Body(body): Body<LocateBody>,
) -> Result<Json<PublicPlace>, Refusal> {
    let snapshot = cases.snapshot(cases.ctx.home_city).await?;
    let spot = body.place.spot()?;
    let place = spot.find(&snapshot.city)?;
    let class = body.class_code.as_deref().map(|code| cases.class(code)).transpose()?;
    let now = cases.ctx.now();
    let expected = class.map(|class| snapshot.expect(body.source, class, place.area, now));
    let (city, policy) = (&snapshot.city, snapshot.policies().of(body.source, now));
    let unit = expected.as_ref().and_then(|expected| expected.unit);
    Ok(Json(PublicPlace {
        point: spot.point().map(|(point, _)| point.into()),
        cell: place.cell.and_then(|cell| CellView::of(city, cell)),
        village_name: city.village_name(place.area).map(str::to_owned),
        town_name: city.town_name(place.area),
        unit: unit.map(|unit| Named::unit(city, unit)),
        limit_text: expected.as_ref().and_then(|expected| expected.limit_text(lang)),
        due_at: expected.and_then(|expected| expected.due_at).map(|at: Time| at.0),
        border_m: place.border_m,
        in_hole: place.in_hole,
        report_photos_least: policy.report_photos_least,
        photos_most: policy.photos_most,
    }))
}

/// Report a problem. The same key never makes a second case.
#[utoipa::path(post, path = "/api/v1/public/reports", tag = "public", operation_id = "report", request_body = ReportBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "any unique text of at most 64 characters")),
    responses((status = 201, description = "reported", body = ReportedView),
        (status = 422, description = "cases/…, place/…, platform/bad-text, platform/idempotency-reused"),
        (status = 429, description = "platform/too-many")))]
pub(crate) async fn report(
    State(cases): State<Cases>,
    peer: Peer,
    Speaks(lang): Speaks,
    IdempotencyKey(key): IdempotencyKey,
    Body(body): Body<ReportBody>,
) -> Result<Response, Refusal> {
    let ctx = &cases.ctx;
    cases.throttle(peer, "report", REPORTS_PER_MINUTE)?;
    let city = ctx.home_city;
    let key = key.map(|key| {
        let content = serde_json::to_vec(&body).unwrap_or_default();
        OnceKey::new(ctx, city, "case:resident", &key, &content)
    });
    let stamp = Stamp { at: ctx.now(), actor: Actor::Resident };
    let sent = Sent {
        source: Source::Resident,
        class_code: &body.class_code,
        place: &body.place,
        address: body.address.as_deref(),
        description: &body.description,
        photos: &body.photos,
        person: &body.reporter,
        person_at: "/reporter",
        device_at: body.device_at,
    };
    let act = async {
        let new = cases.new_report(city, sent).await?;
        cases.report(city, By::Resident, stamp, new, key.clone()).await
    };
    let done = once::<_, ActError>(ctx, key.as_ref(), act).await?;
    let sent = cases.sent(city, done.case, lang).await?;
    let view = ReportedView {
        case_id: done.case.to_string(),
        number: done.number.0,
        receipt_code: done.code,
        cell_name: sent.cell_name,
        unit: sent.unit_name.map(|name| UnitName { name }),
        due_at: sent.due_at,
        limit_text: sent.limit_text,
        state: sent.state,
        state_name: sent.state.name(lang).to_owned(),
    };
    Ok((StatusCode::CREATED, Json(view)).into_response())
}
