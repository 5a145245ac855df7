//! Rights follow posts: whoever holds a post or stands in for its holder has its grant, from its first day to its last.
//! What a login loses with its person is taken in the command that takes the person (`commands/apply.rs`); what posts
//! give is set after it, against the same version of the posts.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use kernel::id::{CityId, UnitId, UserId};
use kernel::rights::{Right, Target, may, separate};
use kernel::time::Date;
use platform::auth::{
    AuthError, ChangeUser, Grants, PostBook, Posts, Standing, UserChange, change_user_in, standings_of_city,
};
use platform::db::{Command, Fault, Tx};
use platform::journal::{Actor, Stamp};

use crate::city::{City, Records};
use crate::document::Kind;
use crate::model::{PersonId, PostId};
use crate::state::Org;
use crate::store::import;

/// Does a change of this kind of record change rights?
pub(crate) const fn bears_rights(kind: Kind) -> bool {
    match kind {
        // The profile says whether duties may be joined.
        Kind::Person | Kind::Post | Kind::Deputy | Kind::Profile => true,
        Kind::Backdrop
        | Kind::Place
        | Kind::Zone
        | Kind::Unit
        | Kind::Relation
        | Kind::Body
        | Kind::Cell
        | Kind::MatrixRow
        | Kind::Day
        | Kind::CompleteYear => false,
    }
}

/// What every login of a member of staff is and may do on a day: his unit, the grants of his own posts, and of those in
/// which he stands in. A login of somebody who holds none, or does not serve, is there without any. This is the one source
/// of whose unit somebody is of.
pub(crate) fn standings_of(records: &Records, today: Date) -> BTreeMap<UserId, Standing> {
    let mut standings: BTreeMap<UserId, Standing> = BTreeMap::new();
    let joined = records.profile.as_ref().is_some_and(|profile| profile.joined_duties);
    let mut serving: HashMap<PersonId, UserId> = HashMap::new();
    for person in records.persons.iter().map(|view| &view.person) {
        let Some(user) = person.user else { continue };
        let standing = standings.entry(user).or_default();
        if person.valid.holds(today) {
            standing.unit = person.unit;
            serving.insert(person.id, user);
        }
    }
    let mut deputies: HashMap<PostId, Vec<PersonId>> = HashMap::new();
    for deputy in records.deputies.iter().filter(|deputy| deputy.valid.holds(today)) {
        deputies.entry(deputy.post).or_default().push(deputy.person);
    }
    for post in records.posts.iter().filter(|post| post.valid.holds(today)) {
        let standing_in = deputies.get(&post.id).into_iter().flatten();
        for user in standing_in.chain([&post.person]).filter_map(|person| serving.get(person)) {
            standings.entry(*user).or_default().grants.push(post.grant());
        }
    }
    standings.values_mut().for_each(|standing| {
        if !joined {
            separate(&mut standing.grants);
        }
        standing.grants.sort();
        standing.grants.dedup();
    });
    standings
}

/// Would `by`, who changes people, no longer be allowed to do so over the whole city? A login without a person keeps
/// its rights whatever is imported.
pub(crate) fn locks_out(city: &City, after: &Records, by: UserId) -> bool {
    let bound = |records: &Records| records.persons.iter().any(|view| view.person.user == Some(by));
    if !bound(city.records()) && !bound(after) {
        return false;
    }
    let standings = standings_of(after, city.as_of());
    let held = standings.get(&by).map_or(&[][..], |standing| standing.grants.as_slice());
    !may(held, Right::UserEdit, &Target { area: city.key(), unit: None })
}

/// Would `by`, who changes people, be allowed more on any day than he is now? Nobody widens his own rights, whether by a
/// post, by standing in, by another unit or by taking another's login: somebody else has to do it. `held` is what he
/// holds as long as he is no member of staff.
pub(crate) fn widens(city: &City, after: &Records, by: UserId, held: &Grants) -> bool {
    let before = city.records();
    // Where his post ends today and would not afterwards, the day of its end is one of those before.
    let mut days = days_of(before, by, city.as_of());
    days.extend(days_of(after, by, city.as_of()));
    days.into_iter().any(|day| {
        let standings = standings_of(before, day);
        let has: Vec<_> = match standings.get(&by) {
            Some(standing) => standing.grants.clone(),
            None => held.iter().copied().collect(),
        };
        let would = standings_of(after, day).remove(&by).unwrap_or_default().grants;
        would.iter().any(|grant| !has.iter().any(|own| own.covers(grant)))
    })
}

/// Today, and every later day on which something begins or ends for somebody.
fn days_of(records: &Records, user: UserId, today: Date) -> BTreeSet<Date> {
    let his: Vec<PersonId> = records
        .persons
        .iter()
        .filter(|view| view.person.user == Some(user))
        .map(|view| view.person.id)
        .collect();
    let stands_in: BTreeSet<PostId> =
        records.deputies.iter().filter(|one| his.contains(&one.person)).map(|one| one.post).collect();
    let persons =
        records.persons.iter().filter(|view| his.contains(&view.person.id)).map(|view| view.person.valid);
    let posts =
        records.posts.iter().filter(|post| his.contains(&post.person) || stands_in.contains(&post.id));
    let deputies = records.deputies.iter().filter(|one| his.contains(&one.person)).map(|one| one.valid);
    let valid = persons.chain(posts.map(|post| post.valid)).chain(deputies);
    let edges =
        valid.flat_map(|valid| [valid.valid_from, valid.valid_to.and_then(|last| last.tomorrow().ok())]);
    edges.flatten().filter(|edge| *edge > today).chain([today]).collect()
}

/// How often rights are held against the posts again when these change meanwhile. After that the next round does it.
const TRIES: usize = 4;
/// Most users of one command: it shall not hold the lane for longer than 50 ms.
const CHUNK: usize = 50;

impl Org {
    /// Records with every login of a member of staff the unit and the grants that his posts give today, so that its
    /// history tells them. Logins without a person (added at the terminal) keep what they have; a login that a person
    /// gave up lost its grants with that change. Returns how many changed.
    ///
    /// Nothing waits for this record: whoever asks what somebody may do asks the posts. Called after every change of
    /// people, posts and deputies, at the start, and by the minute when a day has passed, since posts begin and end by
    /// their dates. While an import is under way nothing happens: its end calls again.
    ///
    /// # Errors
    /// What the database says; [`Fault::Stale`] when the posts did not stand still.
    pub async fn sync_grants(&self, id: CityId) -> Result<usize, Fault> {
        self.sync_as(id, Actor::System("posts")).await
    }

    /// The same, in the name of whoever changed the posts.
    async fn sync_as(&self, id: CityId, actor: Actor) -> Result<usize, Fault> {
        let mut changed = 0;
        for _ in 0..TRIES {
            let city = self.city(id).await?;
            let held = standings_of_city(&self.ctx, id).await?;
            let due: Vec<Due> = city
                .standings()
                .iter()
                .filter_map(|(user, standing)| Due::of(*user, standing, held.get(user)?))
                .collect();
            match self.follow(&city, actor, due).await {
                Ok(done) => return Ok(changed + done),
                Err((done, Fault::Stale)) => {
                    changed += done;
                    self.refresh(id).await?;
                }
                Err((_, fault)) => return Err(fault),
            }
        }
        Err(Fault::Stale)
    }

    /// Sets grants; an error comes with how many were set before it.
    async fn follow(&self, city: &City, actor: Actor, due: Vec<Due>) -> Result<usize, (usize, Fault)> {
        let stamp = Stamp { at: self.ctx.now(), actor };
        let mut changed = 0;
        for users in due.chunks(CHUNK) {
            let (id, policy) = (city.id(), city.versions().policy);
            let follow = Follow { city: id, policy, stamp, users: users.to_vec() };
            changed += self.ctx.db.write(follow).await.map_err(|fault| (changed, fault))?;
        }
        Ok(changed)
    }

    /// [`Self::sync_grants`] after a change that stands: what fails here is done by the next round.
    pub(crate) async fn follow_posts(&self, id: CityId, actor: Actor) {
        if let Err(fault) = self.sync_as(id, actor).await {
            tracing::error!(%fault, "rights were not held against posts");
        }
    }
}

/// What is to be recorded with a login; `None` for what stays.
#[derive(Clone)]
struct Due {
    user: UserId,
    unit: Option<Option<UnitId>>,
    grants: Option<Grants>,
}

impl Due {
    /// What differs from what is recorded, if anything does.
    fn of(user: UserId, standing: &Standing, held: &Standing) -> Option<Self> {
        let grants: Grants = standing.grants.iter().copied().collect();
        let same = held.grants.iter().copied().collect::<Grants>() == grants;
        let due = Self {
            user,
            unit: (standing.unit != held.unit).then_some(standing.unit),
            grants: (!same).then_some(grants),
        };
        (due.unit.is_some() || due.grants.is_some()).then_some(due)
    }

    fn changes(&self) -> impl Iterator<Item = UserChange> {
        let unit = self.unit.map(UserChange::Unit);
        unit.into_iter().chain(self.grants.clone().map(UserChange::Grants))
    }
}

/// Sets unit and grants of some users as the posts of one version give them.
struct Follow {
    city: CityId,
    /// The version of the posts. Later ones may have taken what these still give.
    policy: i64,
    stamp: Stamp,
    users: Vec<Due>,
}

impl Command for Follow {
    type Done = usize;
    type Error = Fault;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<usize, Fault> {
        tx.expect_policy(self.policy).await?;
        // Half an import has taken logins from people who still stand in the snapshot.
        if import::under_way(tx.conn().await?, self.city, None).await? {
            return Ok(0);
        }
        let mut changed = 0;
        for due in &self.users {
            for change in due.changes() {
                let change = ChangeUser { city: self.city, id: due.user, change, stamp: self.stamp };
                match change_user_in(tx, &change).await {
                    Ok(()) => {}
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
            changed += 1;
        }
        Ok(changed)
    }
}

/// The hall as the book of posts.
struct Book(Org);

impl PostBook for Book {
    fn standing(&self, city: CityId, user: UserId) -> BoxFuture<'_, Result<(i64, Option<Standing>), Fault>> {
        async move {
            let city = self.0.city(city).await?;
            Ok((city.versions().policy, city.standing(user).cloned()))
        }
        .boxed()
    }
}

impl Org {
    /// The context in which a login is and may do what its posts say at this moment.
    pub fn posted(&self) -> platform::Ctx {
        platform::Ctx { posts: Posts::of(Arc::new(Book(self.clone()))), ..self.ctx.clone() }
    }
}
