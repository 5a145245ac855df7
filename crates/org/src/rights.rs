//! Rights follow posts: whoever holds a post or stands in for its holder has its grant, from its first day to its last.

use std::collections::BTreeMap;

use kernel::id::{CityId, UserId};
use platform::auth::{AuthError, ChangeUser, Grants, UserChange, grants_of_city};
use platform::db::Fault;
use platform::journal::{Actor, Stamp};

use crate::document::Kind;
use crate::state::Org;

/// Does a change of this kind of record change rights?
pub(crate) const fn bears_rights(kind: Kind) -> bool {
    match kind {
        Kind::Person | Kind::Post | Kind::Deputy => true,
        Kind::Profile
        | Kind::Backdrop
        | Kind::Place
        | Kind::Zone
        | Kind::Unit
        | Kind::Relation
        | Kind::Body
        | Kind::Cell
        | Kind::MatrixRow
        | Kind::Day => false,
    }
}

impl Org {
    /// Gives every login of a member of staff the grants that his posts carry today, and no others. Logins without a
    /// person (added at the terminal) keep what they have. Returns how many changed.
    ///
    /// Called after every change of people, posts and deputies, at the start, and on every day, since posts begin and
    /// end by their dates.
    ///
    /// # Errors
    /// What the database says.
    pub async fn sync_grants(&self, id: CityId) -> Result<usize, Fault> {
        let city = self.city(id).await?;
        let wanted: BTreeMap<UserId, Grants> =
            city.grants().into_iter().map(|(user, grants)| (user, grants.into_iter().collect())).collect();
        if wanted.is_empty() {
            return Ok(0);
        }
        let held = grants_of_city(&self.ctx, id).await?;
        let mut changed = 0;
        for (user, grants) in wanted {
            if held.get(&user).map_or(grants.is_empty(), |held| *held == grants) {
                continue;
            }
            let stamp = Stamp { at: self.ctx.now(), actor: Actor::System("posts") };
            let change = ChangeUser { city: id, id: user, change: UserChange::Grants(grants), stamp };
            match self.ctx.db.write(change).await {
                Ok(()) => changed += 1,
                Err(AuthError::Fault(fault)) => return Err(fault),
                // The person is known before his login is; the next round will find it.
                Err(
                    AuthError::NoSuchUser
                    | AuthError::LoginTaken(_)
                    | AuthError::WrongPassword
                    | AuthError::WeakPassword,
                ) => {}
            }
        }
        Ok(changed)
    }
}
