//! Rights follow posts: whoever holds a post or stands in for its holder has its grant, from its first day to its last.
//! What a login loses with its person is taken in the command that takes the person (`commands/apply.rs`); what posts
//! give is set after it, against the same version of the posts.

use std::collections::{BTreeMap, HashMap};

use kernel::id::{CityId, UserId};
use kernel::rights::{Grant, Right, Target, may};
use kernel::time::Date;
use platform::auth::{AuthError, ChangeUser, Grants, UserChange, change_user_in, grants_of_city};
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
        | Kind::Day
        | Kind::CompleteYear => false,
    }
}

/// The grants of every user on a day: of his own posts, and of those in which he stands in. A login of somebody who
/// holds none is there without any.
pub(crate) fn grants_of(records: &Records, today: Date) -> BTreeMap<UserId, Vec<Grant>> {
    let mut grants: BTreeMap<UserId, Vec<Grant>> = BTreeMap::new();
    let mut serving: HashMap<PersonId, UserId> = HashMap::new();
    for person in records.persons.iter().map(|view| &view.person) {
        let Some(user) = person.user else { continue };
        grants.entry(user).or_default();
        if person.valid.holds(today) {
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
            grants.entry(*user).or_default().push(post.grant());
        }
    }
    grants.values_mut().for_each(|list| {
        list.sort();
        list.dedup();
    });
    grants
}

/// Would `by`, who changes people, no longer be allowed to do so over the whole city? A login without a person keeps
/// its rights whatever is imported.
pub(crate) fn locks_out(city: &City, after: &Records, by: UserId) -> bool {
    let bound = |records: &Records| records.persons.iter().any(|view| view.person.user == Some(by));
    if !bound(city.records()) && !bound(after) {
        return false;
    }
    let grants = grants_of(after, city.as_of());
    let held = grants.get(&by).map_or(&[][..], Vec::as_slice);
    !may(held, Right::UserEdit, &Target { area: city.key(), unit: None })
}

/// How often rights are held against the posts again when these change meanwhile. After that the next round does it.
const TRIES: usize = 4;
/// Most users of one command: it shall not hold the lane for longer than 50 ms.
const CHUNK: usize = 50;

impl Org {
    /// Gives every login of a member of staff the grants that his posts carry today, and no others. Logins without a
    /// person (added at the terminal) keep what they have; a login that a person gave up lost its grants with that
    /// change. Returns how many changed.
    ///
    /// Called after every change of people, posts and deputies, at the start, and on every day, since posts begin and
    /// end by their dates. While an import is under way nothing happens: its end calls again.
    ///
    /// # Errors
    /// What the database says; [`Fault::Stale`] when the posts did not stand still.
    pub async fn sync_grants(&self, id: CityId) -> Result<usize, Fault> {
        let mut changed = 0;
        for _ in 0..TRIES {
            let city = self.city(id).await?;
            let held = grants_of_city(&self.ctx, id).await?;
            let due: Vec<(UserId, Grants)> = city
                .grants()
                .into_iter()
                .map(|(user, grants)| (user, grants.into_iter().collect::<Grants>()))
                .filter(|(user, grants)| held.get(user).map_or(!grants.is_empty(), |held| held != grants))
                .collect();
            match self.follow(&city, due).await {
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
    async fn follow(&self, city: &City, due: Vec<(UserId, Grants)>) -> Result<usize, (usize, Fault)> {
        let stamp = Stamp { at: self.ctx.now(), actor: Actor::System("posts") };
        let mut changed = 0;
        for users in due.chunks(CHUNK) {
            let (id, policy) = (city.id(), city.versions().policy);
            let follow = Follow { city: id, policy, stamp, users: users.to_vec() };
            changed += self.ctx.db.write(follow).await.map_err(|fault| (changed, fault))?;
        }
        Ok(changed)
    }

    /// [`Self::sync_grants`] after a change that stands: what fails here is done by the next round.
    pub(crate) async fn follow_posts(&self, id: CityId) {
        if let Err(fault) = self.sync_grants(id).await {
            tracing::error!(%fault, "rights were not held against posts");
        }
    }
}

/// Sets the grants of some users as the posts of one version give them.
struct Follow {
    city: CityId,
    /// The version of the posts. Later ones may have taken what these still give.
    policy: i64,
    stamp: Stamp,
    users: Vec<(UserId, Grants)>,
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
        for (id, grants) in &self.users {
            let change = UserChange::Grants(grants.clone());
            match change_user_in(tx, &ChangeUser { city: self.city, id: *id, change, stamp: self.stamp })
                .await
            {
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
