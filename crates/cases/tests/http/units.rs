//! Whose unit somebody is of has one source, his posts and deputies at that moment: who had a part in the fixing never
//! checks, never closes, never sees the reporter and never gives the verdict, however he was moved.

use kernel::id::{UnitId, UserId};
use kernel::rights::Role;
use kernel::time::{DAY_MS, Date};
use org::{Dates, Deputy, DeputyId, Edit, PersonId, PersonInput, Post, PostId};
use platform::auth::{AddUser, Grants, open_session};
use platform::journal::{Actor, Stamp};
use serde_json::json;
use testkit::{Answer, World};

use super::SETS;
use super::city::{CENTRE, INSPECTORATE, SANITATION, Town, URBAN, key};

testkit::stories!(SETS:
    whoever_is_moved_into_the_unit_never_checks,
    whoever_belonged_to_the_unit_while_it_fixed_never_judges,
    whoever_stands_in_for_a_handler_never_checks,
    two_posts_are_two_units,
    a_handler_who_moved_away_handles_no_more,
    posts_begin_and_end_with_their_days,
    whoever_is_of_no_unit_may_check,
);

/// A member of staff with his open session.
struct Member {
    person: PersonId,
    cookie: String,
}

impl Town {
    /// A login without any grants, and its person in a unit.
    async fn member(&self, id: i64, unit: Option<UnitId>) -> Member {
        let ctx = &self.world.ctx;
        let add = AddUser {
            city: self.world.city,
            id: UserId(id),
            login: format!("member{id}"),
            name: "某人".to_owned(),
            password: String::new(),
            unit: None,
            grants: Grants::new(),
            salt: vec![],
            name_sealed: vec![],
            stamp: Stamp { at: ctx.now(), actor: Actor::System("test") },
        };
        ctx.db.write(add.sealed(&ctx.secrets)).await.unwrap();
        self.seat(id, unit).await;
        let (token, _) = open_session(ctx, self.world.city, UserId(id)).await.unwrap();
        Member { person: PersonId(id), cookie: format!("youju_session={token}") }
    }

    /// Time passes, and over night sessions end: everybody signs in anew.
    async fn later(&mut self, ms: i64, he: &mut Member) {
        self.world.clock.advance_ms(ms);
        self.sign_in().await;
        let (token, _) = open_session(&self.world.ctx, self.world.city, UserId(he.person.0)).await.unwrap();
        he.cookie = format!("youju_session={token}");
    }

    async fn staff(&self, edits: Vec<Edit>) {
        self.org.edit(self.world.city, Actor::System("test"), edits).await.unwrap();
    }

    /// He is of this unit from now on, as a people workbook says it.
    async fn seat(&self, id: i64, unit: Option<UnitId>) {
        let person = PersonInput {
            id: PersonId(id),
            code: format!("P{id}"),
            name: "某人".to_owned(),
            phone: None,
            unit,
            title: String::new(),
            user: Some(UserId(id)),
            valid: Dates::ALWAYS,
        };
        self.staff(vec![person.into()]).await;
    }

    fn held(&self, id: i64, person: PersonId, role: Role, unit: Option<UnitId>, valid: Dates) -> Edit {
        Post { id: PostId(id), person, role, area: key(self.world.city, 0, 0, 0), unit, valid }.into()
    }

    async fn appoint(&self, id: i64, member: &Member, role: Role, unit: Option<UnitId>) {
        self.staff(vec![self.held(id, member.person, role, unit, Dates::ALWAYS)]).await;
    }

    async fn act_as(&self, member: &Member, case: &str, act: &str, body: serde_json::Value) -> Answer {
        let path = format!("/api/v1/cases/{case}");
        let version = self.get("李", &path).await.expect(200).at("/version").as_i64().unwrap();
        let request = self.app.post(&format!("{path}/{act}")).signed_in(&member.cookie);
        request.if_match(version).json(&body).send().await
    }

    async fn checks(&self, member: &Member, case: &str) -> Answer {
        self.act_as(member, case, "check", json!({ "passed": true })).await
    }

    /// Why the first step is closed to him on the page; null when it is open.
    async fn blocked(&self, member: &Member, case: &str) -> serde_json::Value {
        let page = self.app.get(&format!("/api/v1/cases/{case}")).signed_in(&member.cookie).send().await;
        page.expect(200).at("/acts/0/blocked/code")
    }

    async fn mine(&self, member: &Member) -> serde_json::Value {
        let list = self.app.get("/api/v1/cases?mine=true").signed_in(&member.cookie).send().await;
        list.expect(200).at("/items").as_array().unwrap().len().into()
    }
}

async fn whoever_is_moved_into_the_unit_never_checks(world: World) {
    let town = Town::open(world).await;
    let he = town.member(701, Some(INSPECTORATE)).await;
    town.appoint(801, &he, Role::Checker, None).await;
    let (case, _) = town.handled(1).await;
    town.world.clock.advance_ms(1_000);
    assert_eq!(town.blocked(&he, &case).await, json!(null));
    assert_eq!(town.mine(&he).await, 1);
    // His login was added for another unit; the workbook moves him into the one that handled the case.
    town.seat(701, Some(URBAN)).await;
    assert_eq!(town.mine(&he).await, 0, "the list knows");
    assert_eq!(town.blocked(&he, &case).await, "cases/fixer-never-checks", "the page knows");
    town.checks(&he, &case).await.expect_problem(403, "cases/fixer-never-checks");
    // And what he sees of other units' cases is as before.
    town.seat(701, Some(SANITATION)).await;
    town.checks(&he, &case).await.expect(200);
    assert_eq!(town.verify().await, Vec::<String>::new());
    assert_eq!(platform::auth::verify(&town.world.ctx, town.world.city).await.unwrap(), []);
}

async fn whoever_belonged_to_the_unit_while_it_fixed_never_judges(world: World) {
    let mut town = Town::open(world).await;
    let mut he = town.member(702, Some(URBAN)).await;
    town.appoint(802, &he, Role::Checker, None).await;
    town.appoint(803, &he, Role::Acceptor, None).await;
    let (case, receipt) = town.handled(1).await;
    town.later(DAY_MS, &mut he).await;
    town.seat(702, Some(INSPECTORATE)).await;
    assert_eq!(town.blocked(&he, &case).await, "cases/fixer-never-checks");
    town.checks(&he, &case).await.expect_problem(403, "cases/fixer-never-checks");
    let reporter =
        town.app.post(&format!("/api/v1/cases/{case}/reporter")).signed_in(&he.cookie).send().await;
    reporter.expect_problem(403, "cases/reporter-hidden");
    town.act("周", &case, "check", json!({ "passed": true })).await.expect(200);
    town.act_as(&he, &case, "close", json!({})).await.expect_problem(403, "cases/fixer-never-closes");
    town.act("吴", &case, "close", json!({})).await.expect(200);
    let path = format!("/api/v1/public/receipts/{receipt}/verdict");
    let body = json!({ "verdict": "resolved" });
    let verdict = town.app.post(&path).signed_in(&he.cookie).json(&body).send().await;
    verdict.expect_problem(403, "cases/only-reporter");
    town.tell(&path, body).await.expect(200);
    // What was dispatched after he left is his to check.
    town.later(DAY_MS, &mut he).await;
    let (next, _) = town.handled(2).await;
    town.checks(&he, &next).await.expect(200);
}

async fn whoever_stands_in_for_a_handler_never_checks(world: World) {
    let mut town = Town::open(world).await;
    let handler = town.member(703, Some(URBAN)).await;
    town.appoint(804, &handler, Role::Handler, Some(URBAN)).await;
    let mut he = town.member(704, Some(INSPECTORATE)).await;
    town.appoint(805, &he, Role::Checker, None).await;
    let (case, _) = town.handled(1).await;
    town.world.clock.advance_ms(1_000);
    let today = town.world.ctx.now().date();
    let valid = Dates { valid_from: Some(today), valid_to: Some(today) };
    town.staff(vec![Deputy { id: DeputyId(1), post: PostId(804), person: he.person, valid }.into()]).await;
    assert_eq!(town.blocked(&he, &case).await, "cases/fixer-never-checks");
    town.checks(&he, &case).await.expect_problem(403, "cases/fixer-never-checks");
    // The deputyship ends with the day, and nothing of the fixing fell into it.
    town.later(DAY_MS, &mut he).await;
    town.checks(&he, &case).await.expect(200);
}

async fn two_posts_are_two_units(world: World) {
    let town = Town::open(world).await;
    let he = town.member(705, Some(INSPECTORATE)).await;
    town.appoint(806, &he, Role::Checker, None).await;
    town.appoint(807, &he, Role::Handler, Some(SANITATION)).await;
    let (case, _) = town.handled(1).await;
    town.appoint(808, &he, Role::Handler, Some(URBAN)).await;
    town.checks(&he, &case).await.expect_problem(403, "cases/fixer-never-checks");
}

async fn a_handler_who_moved_away_handles_no_more(world: World) {
    let town = Town::open(world).await;
    let he = town.member(706, Some(URBAN)).await;
    town.appoint(809, &he, Role::Handler, Some(URBAN)).await;
    let (case, _) = town.dispatched(&[]).await;
    assert_eq!(town.mine(&he).await, 1);
    let moved = town.held(810, he.person, Role::Handler, Some(SANITATION), Dates::ALWAYS);
    let gone = Edit { change: org::Change::Remove(org::Kind::Post, 809), expected: None };
    town.staff(vec![gone, moved]).await;
    assert_eq!(town.mine(&he).await, 0);
    let photo = town.photo(9).await;
    let handled = town.act_as(&he, &case, "handle", json!({ "note": "已清运", "photos": [photo] })).await;
    handled.expect_problem(404, "cases/not-found");
}

async fn posts_begin_and_end_with_their_days(world: World) {
    let mut town = Town::open(world).await;
    let mut he = town.member(707, Some(INSPECTORATE)).await;
    let today = town.world.ctx.now().date();
    let tomorrow = today.tomorrow().unwrap();
    let only = |day: Date| Dates { valid_from: Some(day), valid_to: Some(day) };
    town.staff(vec![
        town.held(811, he.person, Role::Checker, None, Dates { valid_from: Some(tomorrow), valid_to: None }),
        town.held(812, he.person, Role::Handler, Some(URBAN), only(tomorrow)),
    ])
    .await;
    let (case, _) = town.handled(1).await;
    town.checks(&he, &case).await.expect_problem(403, "platform/not-allowed");
    // Nothing runs in between that would record the new day.
    town.later(DAY_MS, &mut he).await;
    let me = open_session(&town.org.posted(), town.world.city, UserId(707)).await.unwrap().1;
    assert_eq!(me.units().into_iter().collect::<Vec<_>>(), [URBAN, INSPECTORATE]);
    town.checks(&he, &case).await.expect_problem(403, "cases/fixer-never-checks");
    town.later(DAY_MS, &mut he).await;
    town.checks(&he, &case).await.expect(200);
}

async fn whoever_is_of_no_unit_may_check(world: World) {
    let town = Town::open(world).await;
    let he = town.member(708, None).await;
    town.appoint(813, &he, Role::Checker, None).await;
    let (case, _) = town.handled(1).await;
    town.checks(&he, &case).await.expect(200);
    let other = town.member(709, Some(CENTRE)).await;
    let page = town.app.get("/api/v1/cases").signed_in(&other.cookie).send().await;
    page.expect_problem(403, "platform/not-allowed");
}
