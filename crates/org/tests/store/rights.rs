//! Rights follow posts, and end with them.

use std::collections::BTreeMap;

use kernel::id::UserId;
use kernel::rights::{Grant, Role};
use kernel::time::Date;
use org::{Change, Edit, Kind, Org, PersonId, Post, PostId};
use platform::auth::{AddUser, Grants, caller_of, grants_of_city, open_session};
use platform::journal::Stamp;
use platform::secrets::digest;
use testkit::World;

use crate::SETS;
use crate::fixture::*;

testkit::stories!(SETS:
    rights_follow_posts,
    whoever_is_removed_has_no_rights,
    whoever_is_erased_has_no_rights,
    the_login_that_was_given_up_has_no_rights,
    two_people_may_exchange_their_logins,
);

/// A login with rights of its own, as the terminal gives them.
pub(crate) async fn add_login(world: &World, id: i64) {
    let area = key(world.city, 101, 0, 0);
    let add = AddUser {
        city: world.city,
        id: UserId(id),
        login: format!("login{id}"),
        name: "某人".into(),
        password: String::new(),
        unit: None,
        grants: [Grant { role: Role::Leader, area: area.range(), unit: None }].into(),
        salt: vec![],
        name_sealed: vec![],
        stamp: Stamp { at: world.ctx.now(), actor: BUILDER },
    };
    world.db().write(add.sealed(&world.ctx.secrets)).await.unwrap();
}

/// What a login may do at present.
pub(crate) async fn held(world: &World, user: i64) -> Vec<Grant> {
    let all: BTreeMap<UserId, Grants> = grants_of_city(&world.ctx, world.city).await.unwrap();
    all.get(&UserId(user)).into_iter().flatten().copied().collect()
}

/// The leader of the fixture, whose post makes him a handler, with this login.
async fn bind(world: &World, hall: &Org, user: Option<i64>) {
    let mut leader = person(LEADER, "P001", "周明");
    leader.user = user.map(UserId);
    hall.edit(world.city, BUILDER, vec![leader.into()]).await.unwrap();
}

/// The leader under the login 31, and his open session.
async fn serving(world: &World) -> (Org, Vec<u8>) {
    let hall = filled(world).await;
    add_login(world, 31).await;
    add_login(world, 32).await;
    bind(world, &hall, Some(31)).await;
    assert_eq!(held(world, 31).await[0].role, Role::Handler);
    let (token, _) = open_session(&world.ctx, world.city, UserId(31)).await.unwrap();
    (hall, digest(token.as_bytes()))
}

/// He has no rights, his session is over, and nobody else's rights were touched.
async fn gone(world: &World, hall: &Org, session: &[u8]) {
    assert_eq!(held(world, 31).await, []);
    assert_eq!(caller_of(&world.ctx, session, world.ctx.now()).await.unwrap(), None);
    assert_eq!(hall.sync_grants(world.city).await.unwrap(), 0);
    assert_eq!(held(world, 32).await[0].role, Role::Leader, "a login without a person keeps what it has");
    assert_eq!(platform::auth::verify(&world.ctx, world.city).await.unwrap(), []);
    assert_eq!(org::verify(&world.ctx, world.city).await.unwrap(), []);
}

/// Everything that names the leader is taken away, and he by this change.
async fn let_go(world: &World, hall: &Org, last: Change) {
    let mut edits: Vec<Edit> = Vec::new();
    for [t, v, c] in [[0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1], [1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]]
    {
        let mut cell = cell(world.city, [t, v, c]);
        cell.persons.clear();
        cell.linked_leader = None;
        edits.push(cell.into());
    }
    edits.push(Edit { change: Change::Remove(Kind::Post, 961), expected: None });
    edits.push(Edit { change: last, expected: None });
    hall.edit(world.city, BUILDER, edits).await.unwrap();
}

async fn whoever_is_removed_has_no_rights(world: World) {
    let (hall, session) = serving(&world).await;
    let_go(&world, &hall, Change::Remove(Kind::Person, LEADER.0)).await;
    gone(&world, &hall, &session).await;
}

async fn whoever_is_erased_has_no_rights(world: World) {
    let (hall, session) = serving(&world).await;
    let_go(&world, &hall, Change::Erase(LEADER)).await;
    gone(&world, &hall, &session).await;
}

async fn the_login_that_was_given_up_has_no_rights(world: World) {
    let (hall, session) = serving(&world).await;
    add_login(&world, 33).await;
    bind(&world, &hall, Some(33)).await;
    assert_eq!(held(&world, 33).await[0].role, Role::Handler);
    gone(&world, &hall, &session).await;
    bind(&world, &hall, None).await;
    assert_eq!(held(&world, 33).await, []);
}

async fn two_people_may_exchange_their_logins(world: World) {
    let (hall, _) = serving(&world).await;
    let area = key(world.city, 0, 0, 0);
    let mut other = person(PersonId(9), "P009", "吴桐");
    other.user = Some(UserId(32));
    let post = Post {
        id: PostId(962),
        person: PersonId(9),
        role: Role::Inspector,
        area,
        unit: None,
        valid: org::Dates::ALWAYS,
    };
    hall.edit(world.city, BUILDER, vec![other.clone().into(), post.into()]).await.unwrap();
    let mut leader = person(LEADER, "P001", "周明");
    (leader.user, other.user) = (Some(UserId(32)), Some(UserId(31)));
    hall.edit(world.city, BUILDER, vec![leader.into(), other.into()]).await.unwrap();
    assert_eq!(held(&world, 31).await[0].role, Role::Inspector);
    assert_eq!(held(&world, 32).await[0].role, Role::Handler);
    assert_eq!(platform::auth::verify(&world.ctx, world.city).await.unwrap(), []);
}

async fn rights_follow_posts(world: World) {
    let hall = filled(&world).await;
    let area = key(world.city, 101, 0, 0);
    add_login(&world, 31).await;
    add_login(&world, 32).await;
    let handler = Grant { role: Role::Handler, area: area.range(), unit: Some(CITY_UNIT) };
    bind(&world, &hall, Some(31)).await;
    assert_eq!(held(&world, 31).await, [handler], "his post, and nothing that he had before");
    assert_eq!(held(&world, 32).await[0].role, Role::Leader, "a login without a person keeps what it has");
    // The post ends with the year, and the rights with it.
    world.clock.set(kernel::time::Time::start_of(Date::constant(2027, 1, 1)));
    assert_eq!(hall.sync_grants(world.city).await.unwrap(), 1);
    assert_eq!(held(&world, 31).await, []);
    assert_eq!(hall.sync_grants(world.city).await.unwrap(), 0);
    assert_eq!(platform::auth::verify(&world.ctx, world.city).await.unwrap(), []);
}
