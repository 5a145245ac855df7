//! How long a session lives: while it is used, and not longer than its rights allow.
//!
//! Use moves the end of a session on. Who was seen is kept in memory and written by the minute, all sessions of a
//! minute in one command and each of them twice a day at most: requests never wait on a lane for it.

use kernel::id::CityId;
use kernel::rights::Grant;
use kernel::time::{DAY_MS, HOUR_MS, Time};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::tables::session;
use crate::ctx::Ctx;
use crate::db::{Clear, Command, Fault, Tx};

/// A session that nobody uses ends after half a day, for example over night.
pub const SESSION_MS: i64 = 12 * HOUR_MS;
/// A session with which something can be changed ends after a week, however much it is used: whoever took it along has
/// it no longer. One that only looks (a wall) lives as long as it is used.
pub const SESSION_MAX_MS: i64 = 7 * DAY_MS;
/// Sessions renewed in one command.
const CHUNK: usize = 200;

/// Until when a session that is used now lives on, if that must be written: less than half of its time is left.
pub(super) fn renewed(made: Time, until: Time, grants: &[Grant], now: Time) -> Option<Time> {
    if until.0 - now.0 >= SESSION_MS / 2 {
        return None;
    }
    let only_looks = !grants.is_empty()
        && grants.iter().flat_map(|grant| grant.role.rights()).all(|right| right.only_looks());
    let wanted = now.plus_ms(SESSION_MS);
    let longest = if only_looks { wanted } else { wanted.min(made.plus_ms(SESSION_MAX_MS)) };
    (longest > until).then_some(longest)
}

/// A session that was used, by the hash of its token, and until when it lives on.
#[derive(Debug, Clone)]
pub struct Renewal {
    /// The tenant.
    pub city: CityId,
    /// Hash of the token.
    pub token_hash: Vec<u8>,
    /// Until when.
    pub until: Time,
}

/// Moves the ends of some sessions on. One that was ended meanwhile stays ended.
///
/// # Errors
/// What the database says.
pub async fn renew(ctx: &Ctx, mut used: Vec<Renewal>) -> Result<(), Fault> {
    used.sort_by_key(|renewal| renewal.city);
    for of_city in used.chunk_by(|one, next| one.city == next.city) {
        for some in of_city.chunks(CHUNK) {
            let Some(first) = some.first() else { continue };
            ctx.db.write(Renew { city: first.city, used: some.to_vec() }).await?;
        }
    }
    Ok(())
}

struct Renew {
    city: CityId,
    used: Vec<Renewal>,
}

impl Command for Renew {
    type Done = ();
    type Error = Fault;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), Fault> {
        for renewal in &self.used {
            let update = session::Entity::update_many()
                .col_expr(session::Column::UntilAt, Expr::value(renewal.until.0))
                .filter(session::Column::CityId.eq(self.city.0))
                .filter(session::Column::TokenHash.eq(renewal.token_hash.clone()))
                .filter(session::Column::UntilAt.lt(renewal.until.0));
            tx.update(update).await?;
        }
        Ok(())
    }
}

/// Deletes the sessions of a city that are over. Returns how many.
///
/// # Errors
/// What the database says.
pub async fn sweep(ctx: &Ctx, city: CityId) -> Result<u64, Fault> {
    let rows = session::Entity::delete_many()
        .filter(session::Column::CityId.eq(city.0))
        .filter(session::Column::UntilAt.lte(ctx.now().0));
    ctx.db.write(Clear { city, rows }).await
}
