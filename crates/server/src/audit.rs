//! What an auditor reads: who was given which rights by whom, who looked at a reporter, what failed at the door. Here
//! because the answers name units and areas, which only the hall (`org`) knows.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use kernel::id::UserId;
use kernel::page::{Cursor, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX, cut};
use kernel::problem::Problem;
use kernel::rights::{Grant, Right};
use platform::Ctx;
use platform::auth::{self, UserEvent};
use platform::journal::{Entry, JournalEvent, told_before};
use platform::web::{Caller, Need, Page, Params, Refusal, Slice};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

/// State of these routes.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) ctx: Ctx,
    pub(crate) org: org::Org,
}

pub(crate) fn routes() -> Slice<Desk> {
    let read = Need::Right(Right::AuditRead);
    Slice::new().route(read, routes!(acts)).route(read, routes!(sign_ins))
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PageParams {
    /// The cursor of the page before.
    after: Option<String>,
    /// Rows of a page, at most 100.
    size: Option<u32>,
}

impl PageParams {
    fn read(&self) -> Result<(Option<Cursor>, u32), Refusal> {
        let bad = |_| Refusal(Problem::new(400, "platform/bad-cursor"));
        let after = self.after.as_deref().map(str::parse).transpose().map_err(bad)?;
        Ok((after, self.size.unwrap_or(PAGE_SIZE_DEFAULT).clamp(1, PAGE_SIZE_MAX)))
    }
}

/// A role in words.
#[derive(Debug, Serialize, ToSchema)]
struct GivenRole {
    role: String,
    role_name: &'static str,
    area_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_name: Option<String>,
    /// Does it let him see reporters?
    unmasks: bool,
}

/// Something that changed rights or showed what is masked.
#[derive(Debug, Serialize, ToSchema)]
struct ToldAct {
    id: String,
    at: i64,
    /// `user.added`, `user.grants_set`, `user.unit_set`, `user.password_set`, `user.disabled`, `user.enabled`, `user.moved`,
    /// `case.reporter_shown`, `case.reporter_erased`, `settings.set`.
    what: String,
    /// Who did it; absent where the machine did, and on the command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    by_name: Option<String>,
    /// `user`, `resident`, or the name of the work that did it (`cli`, `posts`).
    by_kind: String,
    /// Whom it was done to.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<String>,
    /// The case that it was done with.
    #[serde(skip_serializing_if = "Option::is_none")]
    case_id: Option<String>,
    /// All his roles from then on, where these changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    roles: Vec<GivenRole>,
    /// His unit from then on, where it changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_name: Option<String>,
    /// Does it let somebody see reporters, or was one shown?
    unmasks: bool,
    /// May one person manage, work and audit from then on? Where the settings changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    joined_duties: Option<bool>,
}

/// Failed sign-ins of one account from one network within a minute.
#[derive(Debug, Serialize, ToSchema)]
struct FailedSignIns {
    id: String,
    /// The last one.
    at: i64,
    failures: i64,
    /// A mark of the account, the same for the same login; the login itself is not kept.
    account: String,
    /// Whose account it is; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<String>,
    /// From where, without the part that names one device.
    network: String,
}

/// Changes of users and their rights, of the settings, and every look at a reporter, newest first.
#[utoipa::path(get, path = "/api/v1/audit/acts", tag = "audit", operation_id = "listAuditActs", params(PageParams),
    responses((status = 200, description = "a page", body = Page<ToldAct>), (status = 400, description = "platform/bad-cursor")))]
async fn acts(
    State(desk): State<Desk>,
    caller: Caller,
    Params(params): Params<PageParams>,
) -> Result<Json<Page<ToldAct>>, Refusal> {
    let (after, size) = params.read()?;
    let (ctx, city) = (&desk.ctx, caller.city);
    let before = after.map(|cursor| cursor.key);
    let entries = told_before(ctx.db.reader(), city, before, u64::from(size) + 1).await?;
    let page = cut(entries, size, |entry| Cursor { key: entry.seq, id: 0 });
    let users: Vec<UserId> =
        page.items.iter().flat_map(|entry| [actor_of(entry), target_of(entry)]).flatten().collect();
    let names = auth::names_of(ctx, city, &users).await?;
    let hall = desk.org.city(city).await?;
    let items = page.items.iter().map(|entry| told(entry, &hall, &names)).collect();
    Ok(Json(Page { items, next: page.next }))
}

/// Failed sign-ins, newest first.
#[utoipa::path(get, path = "/api/v1/audit/sign-ins", tag = "audit", operation_id = "listFailedSignIns", params(PageParams),
    responses((status = 200, description = "a page", body = Page<FailedSignIns>), (status = 400, description = "platform/bad-cursor")))]
async fn sign_ins(
    State(desk): State<Desk>,
    caller: Caller,
    Params(params): Params<PageParams>,
) -> Result<Json<Page<FailedSignIns>>, Refusal> {
    let (after, size) = params.read()?;
    let rows = auth::failed_before(&desk.ctx, caller.city, after, u64::from(size) + 1).await?;
    let page = cut(rows, size, |row| row.cursor);
    let users: Vec<UserId> = page.items.iter().filter_map(|row| row.user).collect();
    let names = auth::names_of(&desk.ctx, caller.city, &users).await?;
    let items = page.items.into_iter().map(|row| FailedSignIns {
        id: row.cursor.id.to_string(),
        at: row.at.0,
        failures: row.failures,
        account: row.account,
        user_name: row.user.and_then(|user| names.get(&user).cloned()),
        network: row.network,
    });
    Ok(Json(Page { items: items.collect(), next: page.next }))
}

fn actor_of(entry: &Entry) -> Option<UserId> {
    entry.actor.strip_prefix("user:")?.parse().ok().map(UserId)
}

fn target_of(entry: &Entry) -> Option<UserId> {
    (entry.stream == UserEvent::STREAM).then_some(UserId(entry.stream_id))
}

fn told(entry: &Entry, hall: &org::City, names: &BTreeMap<UserId, String>) -> ToldAct {
    let name = |user: Option<UserId>| user.and_then(|user| names.get(&user).cloned());
    let unit_name = |unit| hall.unit_name(unit).to_owned();
    let change = target_of(entry).and_then(|_| entry.event::<UserEvent>().ok());
    let roles: Vec<GivenRole> = match &change {
        Some(UserEvent::GrantsSet { grants }) => grants.iter().map(|grant| given(grant, hall)).collect(),
        Some(_) | None => Vec::new(),
    };
    let unit = match change {
        Some(UserEvent::UnitSet { unit }) => unit,
        Some(_) | None => None,
    };
    let kind = if entry.stream == "org.profile" { "settings" } else { entry.stream.as_str() };
    let by_kind = entry.actor.strip_prefix("system:").unwrap_or(if actor_of(entry).is_some() {
        "user"
    } else {
        "resident"
    });
    let settings: Option<serde_json::Value> =
        (kind == "settings").then(|| serde_json::from_str(&entry.body).unwrap_or_default());
    ToldAct {
        id: entry.seq.to_string(),
        at: entry.at,
        what: format!("{kind}.{}", entry.kind),
        by_name: name(actor_of(entry)),
        by_kind: by_kind.to_owned(),
        user_name: name(target_of(entry)),
        case_id: (kind == "case").then(|| entry.stream_id.to_string()),
        unmasks: entry.kind == "reporter_shown" || roles.iter().any(|role| role.unmasks),
        roles,
        unit_name: unit.map(unit_name),
        joined_duties: settings.map(|body| body["set"]["joined_duties"] == true),
    }
}

fn given(grant: &Grant, hall: &org::City) -> GivenRole {
    GivenRole {
        role: org::role_code(grant.role).to_owned(),
        role_name: org::role_name(grant.role),
        area_name: hall.area_name(grant.area.from),
        unit_name: grant.unit.map(|unit| hall.unit_name(unit).to_owned()),
        unmasks: grant.role.rights().contains(&Right::ReporterUnmask),
    }
}
