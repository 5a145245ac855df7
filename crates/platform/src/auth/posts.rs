//! Whose unit somebody is of and what he may do, at this moment. For the login of a member of staff there is one source,
//! his posts and those in which he stands in, and the hall (`org`) knows them; here is only the door to it. A login
//! without a person (added at the terminal) has what its grants say.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use kernel::id::{CityId, UnitId, UserId};
use kernel::rights::Grant;
use kernel::tenure::Tenure;
use kernel::time::Time;

use super::user::{Grants, User, UserEvent, evolve, start};
use crate::db::Fault;
use crate::journal::{JournalEvent, read_stream};
use crate::web::Caller;

/// What a member of staff is and may do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// 所在单位.
    pub unit: Option<UnitId>,
    /// What he may do, where, and for which unit.
    pub grants: Vec<Grant>,
}

/// Whoever knows the posts of a city.
pub trait PostBook: Send + Sync {
    /// What the posts of a login give at this moment; `None` for a login without a person. With it comes the version of
    /// the posts: while it is the same, nobody's standing has changed but by the passing of days.
    fn standing(&self, city: CityId, user: UserId) -> BoxFuture<'_, Result<(i64, Option<Standing>), Fault>>;
}

/// The door to the posts; closed where nobody knows them (a test of this crate, a command beside the server).
#[derive(Clone, Default)]
pub struct Posts(Option<Arc<dyn PostBook>>);

impl Posts {
    /// Asks this book.
    pub fn of(book: Arc<dyn PostBook>) -> Self {
        Self(Some(book))
    }

    /// What a login is and may do now, given what its rows say. Answers the version of the posts.
    pub(crate) async fn seat(&self, caller: &mut Caller) -> Result<i64, Fault> {
        let Some(book) = &self.0 else { return Ok(0) };
        let (version, standing) = book.standing(caller.city, caller.user).await?;
        if let Some(Standing { unit, grants }) = standing {
            caller.unit = unit;
            caller.grants = grants;
        }
        Ok(version)
    }
}

/// The units to which somebody belonged, and when, as his own history tells it. It is written whenever his posts change,
/// and by the minute as days pass. An event that cannot be read is left out here and named by verification.
///
/// # Errors
/// What the database says.
pub(crate) async fn tenures(
    conn: &impl sea_orm::ConnectionTrait,
    city: CityId,
    user: UserId,
) -> Result<Vec<Tenure>, Fault> {
    let entries = read_stream(conn, city, UserEvent::STREAM, user.0).await?;
    let told: Vec<(Time, UserEvent)> =
        entries.iter().filter_map(|entry| Some((entry.at(), entry.event().ok()?))).collect();
    Ok(tenures_of(&told))
}

/// Tenures from a history, oldest first.
fn tenures_of(told: &[(Time, UserEvent)]) -> Vec<Tenure> {
    let mut tenures: Vec<Tenure> = Vec::new();
    let mut user: Option<User> = None;
    for (at, event) in told {
        user = match user {
            None => start(event),
            Some(user) => Some(evolve(user, event)),
        };
        let units = user.as_ref().map(|user| units_of(user.unit, &user.grants)).unwrap_or_default();
        for open in
            tenures.iter_mut().filter(|tenure| tenure.until.is_none() && !units.contains(&tenure.unit))
        {
            open.until = Some(*at);
        }
        for unit in units {
            if !tenures.iter().any(|tenure| tenure.unit == unit && tenure.until.is_none()) {
                tenures.push(Tenure { unit, from: *at, until: None });
            }
        }
    }
    tenures
}

/// The units to which somebody belongs: his own, and those for which he holds a post.
fn units_of(own: Option<UnitId>, grants: &Grants) -> BTreeSet<UnitId> {
    own.into_iter().chain(grants.iter().filter_map(|grant| grant.unit)).collect()
}

#[cfg(test)]
mod tests {
    use kernel::area::AreaKey;
    use kernel::evidence::Commitment;
    use kernel::rights::Role;

    use super::*;

    #[test]
    fn a_history_tells_when_somebody_belonged_where() {
        let grant = |unit: i64| Grant {
            role: Role::Handler,
            area: AreaKey::of(320_281, 0, 0, 0).unwrap_or_default().range(),
            unit: Some(UnitId(unit)),
        };
        let none = || Commitment(String::new());
        let added =
            UserEvent::Added { id: UserId(1), login: none(), name: none(), password: none(), unit: None };
        let set =
            |units: &[i64]| UserEvent::GrantsSet { grants: units.iter().map(|unit| grant(*unit)).collect() };
        let told = [
            (Time(1), added),
            (Time(2), UserEvent::UnitSet { unit: Some(UnitId(7)) }),
            (Time(3), set(&[8, 9])),
            (Time(5), UserEvent::UnitSet { unit: Some(UnitId(8)) }),
            (Time(6), set(&[9])),
            (Time(7), UserEvent::UnitSet { unit: Some(UnitId(7)) }),
        ];
        let found: Vec<(i64, i64, Option<i64>)> = tenures_of(&told)
            .into_iter()
            .map(|tenure| (tenure.unit.0, tenure.from.0, tenure.until.map(|until| until.0)))
            .collect();
        assert_eq!(found, [(7, 2, Some(5)), (8, 3, Some(7)), (9, 3, None), (7, 7, None)]);
    }
}
