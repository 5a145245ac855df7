//! Sign-in: users, their grants, passwords and sessions. `org` edits people; this module keeps the keys.

mod commands;
mod device;
mod failures;
mod guesses;
mod password;
mod posts;
mod session;
mod tables;
mod user;
mod verify;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernel::id::{CityId, UserId};
use kernel::problem::{Problem, ToProblem};
use kernel::time::Time;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

pub use commands::{
    AddUser, ChangeUser, FoldLogins, SignIn, SignOut, UserChange, add_user_in, change_user_in, retire_in,
};
pub use device::{device_of, set_device};
pub use failures::{Failed, account_of, failed_before, note_failures, sweep_failures};
pub use guesses::{Account, Admitted, Guesses, LONGEST_WAIT_MS, Try};
pub use password::{PasswordPolicy, Passwords};
pub use posts::{PostBook, Posts, Standing};
pub use session::{Renewal, SESSION_MAX_MS, SESSION_MS, renew, sweep};
pub use user::{Grants, User, UserEvent, evolve, start};
pub use verify::{verify, verify_users};

use crate::ctx::Ctx;
use crate::db::Fault;
use crate::secrets::digest;
use crate::web::Caller;

/// Sign-in names looked up with one statement.
const LOGINS_AT_ONCE: usize = 1_000;

/// Why a sign-in or a change of a user was refused.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AuthError {
    /// Unknown login, wrong password or disabled: the answer is the same for all three.
    #[error("wrong user name or password")]
    WrongPassword,
    /// The login is taken in this city.
    #[error("the login {0} is taken")]
    LoginTaken(String),
    /// There is no such user.
    #[error("no such user")]
    NoSuchUser,
    /// The password is too short, or one that is guessed first.
    #[error("the password is too weak")]
    WeakPassword,
    /// Below the rules.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ToProblem for AuthError {
    fn problem(&self) -> Problem {
        match self {
            Self::WrongPassword => Problem::unauthenticated("platform/wrong-password"),
            Self::LoginTaken(login) => {
                Problem::conflict("platform/login-taken").with("login", login.as_str())
            }
            Self::NoSuchUser => Problem::not_found("platform/no-such-user"),
            Self::WeakPassword => Problem::unprocessable("platform/weak-password"),
            Self::Fault(fault) => fault.problem(),
        }
    }
}

/// What sign-in names are compared by: no blanks and dashes, no case, one form of each letter. A name of nothing else stands
/// for itself.
pub fn login_fold(login: &str) -> String {
    let fold = kernel::text::fold(login);
    if fold.is_empty() { login.to_owned() } else { fold }
}

/// The caller behind a session's hash, with what he is and may do at this moment; `None` when it ended or the user was
/// disabled.
///
/// # Errors
/// What the database says.
pub async fn caller_of(ctx: &Ctx, token_hash: &[u8], now: Time) -> Result<Option<Caller>, Fault> {
    let Some((mut caller, _)) = resolve(ctx, token_hash, now).await? else { return Ok(None) };
    ctx.posts.seat(&mut caller).await?;
    Ok(Some(caller))
}

/// Who a session belongs to as its rows say, and until when it lives on now that it was used (`None` while that need not
/// be written). What he is by his posts is asked anew with every request.
///
/// # Errors
/// What the database says.
pub(crate) async fn resolve(
    ctx: &Ctx,
    token_hash: &[u8],
    now: Time,
) -> Result<Option<(Caller, Option<Renewal>)>, Fault> {
    let conn = ctx.db.reader();
    // The token's hash is the key, and 256 random bits name one session of one city.
    // tidy: all cities — the city is what this lookup finds
    let Some(found) = tables::session::Entity::find_by_id(token_hash.to_vec()).one(conn).await? else {
        return Ok(None);
    };
    if found.until_at <= now.0 {
        return Ok(None);
    }
    let Some(user) = tables::user::find(conn, CityId(found.city_id), found.user_id).await? else {
        return Ok(None);
    };
    if user.disabled {
        return Ok(None);
    }
    let grants = tables::grant::of(conn, CityId(found.city_id), found.user_id).await?;
    let past = posts::tenures(conn, CityId(found.city_id), UserId(found.user_id)).await?;
    let caller = Caller { past, ..tables::caller(ctx, user, grants) };
    let until = session::renewed(Time(found.made_at), Time(found.until_at), &caller.grants, now);
    let renewal = until.map(|until| Renewal { city: caller.city, token_hash: token_hash.to_vec(), until });
    Ok(Some((caller, renewal)))
}

/// Signs in: checks the password (slowly, off the async threads) and opens a session. Returns the token and the caller.
///
/// # Errors
/// [`AuthError::WrongPassword`], or a fault.
pub async fn sign_in(
    ctx: &Ctx,
    passwords: &Passwords,
    city: CityId,
    login: &str,
    password: String,
) -> Result<(String, Caller), AuthError> {
    let found = tables::user::by_login(ctx.db.reader(), city, login).await?;
    // An unknown login costs as much time as a wrong password.
    let stored = found.as_ref().filter(|user| !user.disabled).map(|user| user.password.clone());
    if !passwords.verify(stored, password).await {
        return Err(AuthError::WrongPassword);
    }
    let Some(user) = found else { return Err(AuthError::WrongPassword) };
    open_session(ctx, city, UserId(user.id)).await
}

/// Opens a session without a password: for the roles of the demo's tour, and after another sign-on has vouched.
///
/// # Errors
/// [`AuthError::NoSuchUser`], or a fault.
pub async fn open_session(ctx: &Ctx, city: CityId, user: UserId) -> Result<(String, Caller), AuthError> {
    let token = ctx.secrets.token();
    let hash = digest(token.as_bytes());
    let now = ctx.now();
    ctx.db
        .write(SignIn { city, user, token_hash: hash.clone(), at: now, until: now.plus_ms(SESSION_MS) })
        .await?;
    let caller = caller_of(ctx, &hash, now).await?.ok_or(AuthError::NoSuchUser)?;
    Ok((token, caller))
}

/// Ends the session of a token.
///
/// # Errors
/// What the database says.
pub async fn sign_out(ctx: &Ctx, city: CityId, token: &str) -> Result<(), Fault> {
    ctx.db.write(SignOut { city, token_hash: digest(token.as_bytes()) }).await
}

/// The user with this sign-in name, however it is typed, unless he is disabled.
///
/// # Errors
/// What the database says.
pub async fn user_of_login(ctx: &Ctx, city: CityId, login: &str) -> Result<Option<UserId>, Fault> {
    let found = tables::user::by_login(ctx.db.reader(), city, login).await?;
    Ok(found.filter(|user| !user.disabled).map(|user| UserId(user.id)))
}

/// The users with these sign-in names, however they are typed, unless they are disabled. By the names as they were given.
///
/// # Errors
/// What the database says.
pub async fn users_of_logins(
    ctx: &Ctx,
    city: CityId,
    logins: &[String],
) -> Result<HashMap<String, UserId>, Fault> {
    let mut found = HashMap::new();
    for some in logins.chunks(LOGINS_AT_ONCE) {
        let rows = tables::user::Entity::find()
            .filter(tables::user::Column::CityId.eq(city.0))
            .filter(tables::user::named(some))
            .filter(tables::user::Column::Disabled.eq(false))
            .all(ctx.db.reader())
            .await?;
        // First by fold, then letter by letter, which goes before.
        let folded: HashMap<&str, UserId> =
            rows.iter().filter_map(|user| Some((user.login_fold.as_deref()?, UserId(user.id)))).collect();
        let exact: HashMap<&str, UserId> =
            rows.iter().map(|user| (user.login.as_str(), UserId(user.id))).collect();
        for login in some {
            let user = exact.get(login.as_str()).or_else(|| folded.get(login_fold(login).as_str()));
            found.extend(user.map(|user| (login.clone(), *user)));
        }
    }
    Ok(found)
}

/// The logins of some users; who is not known is left out.
///
/// # Errors
/// What the database says.
pub async fn logins_of(ctx: &Ctx, city: CityId, users: &[UserId]) -> Result<HashMap<UserId, String>, Fault> {
    let mut found = HashMap::new();
    for some in users.chunks(LOGINS_AT_ONCE) {
        let rows = tables::user::Entity::find()
            .filter(tables::user::Column::CityId.eq(city.0))
            .filter(tables::user::Column::Id.is_in(some.iter().map(|user| user.0)))
            .all(ctx.db.reader())
            .await?;
        found.extend(rows.into_iter().map(|user| (UserId(user.id), user.login)));
    }
    Ok(found)
}

/// The names of some users, as staff see them; who is not known is left out.
///
/// # Errors
/// What the database says.
pub async fn names_of(ctx: &Ctx, city: CityId, users: &[UserId]) -> Result<BTreeMap<UserId, String>, Fault> {
    let ids: BTreeSet<i64> = users.iter().map(|user| user.0).collect();
    let rows = tables::user::Entity::find()
        .filter(tables::user::Column::CityId.eq(city.0))
        .filter(tables::user::Column::Id.is_in(ids))
        .all(ctx.db.reader())
        .await?;
    let name = |row: tables::user::Model| {
        let name = ctx.secrets.open(&row.name_sealed).unwrap_or(row.login);
        (UserId(row.id), name)
    };
    Ok(rows.into_iter().map(name).collect())
}

/// What is recorded of every user's standing: his unit and his grants. The posts are the source, this is what followed
/// them.
///
/// # Errors
/// What the database says.
pub async fn standings_of_city(ctx: &Ctx, city: CityId) -> Result<BTreeMap<UserId, Standing>, Fault> {
    let rows = tables::user::Entity::find()
        .filter(tables::user::Column::CityId.eq(city.0))
        .all(ctx.db.reader())
        .await?;
    let mut grants = grants_of_city(ctx, city).await?;
    let standing = |row: tables::user::Model| {
        let user = UserId(row.id);
        let grants = grants.remove(&user).unwrap_or_default().into_iter().collect();
        (user, Standing { unit: row.unit_id.map(kernel::id::UnitId), grants })
    };
    Ok(rows.into_iter().map(standing).collect())
}

/// The grants of one user, as recorded.
///
/// # Errors
/// What the database says.
pub async fn grants_of_user(ctx: &Ctx, city: CityId, user: UserId) -> Result<Grants, Fault> {
    let rows = tables::grant::of(ctx.db.reader(), city, user.0).await?;
    Ok(rows.iter().filter_map(tables::grant::Model::grant).collect())
}

/// The grants of every user of a city who has any, as recorded.
///
/// # Errors
/// What the database says.
pub async fn grants_of_city(ctx: &Ctx, city: CityId) -> Result<BTreeMap<UserId, Grants>, Fault> {
    let rows = tables::grant::Entity::find()
        .filter(tables::grant::Column::CityId.eq(city.0))
        .all(ctx.db.reader())
        .await?;
    let mut held = BTreeMap::<UserId, Grants>::new();
    for row in rows {
        held.entry(UserId(row.user_id)).or_default().extend(row.grant());
    }
    Ok(held)
}
