//! The SQL of lists against the rules, on random histories: what is overdue, what is open, whose turn it is.

use std::collections::BTreeSet;

use kernel::area::AreaKey;
use kernel::chance::{Chance, SeededChance};
use kernel::id::{CaseId, CityId};
use kernel::problem::Lang;
use kernel::rights::{Grant, Right};
use kernel::time::Time;
use org::Org;
use platform::db::migrate::Migrations;
use platform::db::{Command, Fault, Tx};
use platform::journal::Head;
use platform::web::Caller;
use testkit::World;

use super::{Filter, Viewer};
use crate::house::Cases;
use crate::model::{Case, PersonalField, State};
use crate::rules::tests::people::City;
use crate::rules::tests::play::moment;
use crate::rules::tests::properties::random;
use crate::rules::{self, By, Staff};
use crate::store::{case, save_new};

const SETS: &[Migrations] = &[platform::db::migrate::MIGRATIONS, org::MIGRATIONS, crate::MIGRATIONS];

testkit::stories!(SETS: lists_say_what_the_rules_say, counts_do_not_grow_with_history);

/// Writes state rows as they are.
struct Rows(CityId, Vec<case::Model>);

impl Command for Rows {
    type Done = ();
    type Error = Fault;

    fn city(&self) -> CityId {
        self.0
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), Fault> {
        self.1.iter().for_each(|row| save_new(tx, row.clone()));
        Ok(())
    }
}

/// Areas of the rules' tests, in the story's own city.
fn moved(area: AreaKey, city: CityId) -> AreaKey {
    AreaKey(area.0 - AreaKey::of(area.county(), 0, 0, 0).unwrap().0 + AreaKey::of(city.0, 0, 0, 0).unwrap().0)
}

fn caller(city: CityId, staff: &Staff) -> Caller {
    let moved = |grant: &Grant| {
        let mut grant = *grant;
        grant.area.from = moved(grant.area.from, city);
        grant.area.to = moved(grant.area.to, city);
        grant
    };
    Caller {
        city,
        user: staff.user,
        login: String::new(),
        name: String::new(),
        unit: staff.unit,
        grants: staff.grants.iter().map(moved).collect(),
        past: staff.past.clone(),
    }
}

/// Three hundred random cases, somewhere in two towns.
fn cases(city: CityId) -> Vec<Case> {
    let chance = SeededChance::new(11);
    let other: AreaKey = "3202811020010002".parse().unwrap();
    let make = |index: i64| {
        let mut case = random(&chance, 14).case.unwrap();
        case.id = CaseId(1_000 + index);
        case.number = format!("JY20260302-{index:04}").as_str().into();
        if chance.below(5) == 0 {
            case.area = other;
        }
        case.area = moved(case.area, city);
        case.held.remove(&PersonalField::Photos);
        case
    };
    (0..300).map(make).collect()
}

async fn lists_say_what_the_rules_say(world: World) {
    let all = cases(world.city);
    let head = Head { version: 1, hash: vec![0; 32] };
    let rows = all.iter().map(|case| case::Model::of(world.city, case, &head, None).unwrap()).collect();
    world.ctx.db.write(Rows(world.city, rows)).await.unwrap();
    let room = Cases::new(world.ctx.clone(), Org::new(world.ctx.clone())).unwrap();
    let states: BTreeSet<State> = all.iter().map(Case::state).collect();
    assert_eq!(states.len(), State::ALL.len(), "every state is among them");

    let places = ["320281", "320281102", "320281102001", "3202811020010002"];
    let places = places.map(|code| moved(code.parse().unwrap(), world.city));
    let within = |index: usize| Filter { area: Some(places[index]), ..Filter::default() };
    let people = City::new();
    let mut overdue = 0;
    for (index, name) in people.names().enumerate() {
        let By::Staff(staff) = people.person(name) else { continue };
        let caller = caller(world.city, staff);
        let viewer = Viewer { caller: &caller, lang: Lang::Zh, right: Right::CaseRead };
        world.clock.set(moment("03-02 09:00").plus_ms(index as i64 * 5 * 3_600_000));
        let now = world.ctx.now();
        let seen = |case: &&Case| caller.may(Right::CaseRead, &case.target());
        let rules = |wanted: &dyn Fn(&Case) -> bool| -> BTreeSet<CaseId> {
            all.iter().filter(seen).filter(|case| wanted(case)).map(|case| case.id).collect()
        };
        let late = rules(&|case| rules::overdue(case, now));
        overdue += late.len();
        let filter = |make: &dyn Fn(&mut Filter)| {
            let mut filter = Filter::default();
            make(&mut filter);
            filter
        };
        for (filter, expected) in [
            (Filter::default(), rules(&|_| true)),
            (filter(&|filter| filter.overdue = true), late),
            (filter(&|filter| filter.open = true), rules(&|case| case.state().is_live())),
            (
                filter(&|filter| filter.states = vec![State::Closed]),
                rules(&|case| case.state() == State::Closed),
            ),
            (
                filter(&|filter| filter.states = vec![State::Handling, State::NotAccepted]),
                rules(&|case| matches!(case.state(), State::Handling | State::NotAccepted)),
            ),
            // A city, a town, a village, a cell: one way each of looking for them.
            (within(0), rules(&|case| places[0].range().holds(case.area))),
            (within(1), rules(&|case| places[1].range().holds(case.area))),
            (within(2), rules(&|case| places[2].range().holds(case.area))),
            (within(3), rules(&|case| places[3].range().holds(case.area))),
            (
                Filter { states: vec![State::Closed, State::NotAccepted], ..within(1) },
                rules(&|case| places[1].range().holds(case.area) && !case.state().is_live()),
            ),
        ] {
            assert_eq!(listed(&room, &viewer, &filter).await, expected, "{name}: {filter:?}");
            let counts = room.counts(&viewer, &filter).await.unwrap();
            assert_eq!(counts.total, expected.len() as i64);
            let late =
                all.iter().filter(|case| expected.contains(&case.id) && rules::overdue(case, now)).count();
            assert_eq!(counts.overdue, late as i64);
        }
        mine(&room, &viewer, &all, &people, now).await;
    }
    assert!(overdue > 100, "enough is overdue to tell: {overdue}");
}

/// More closed cases than are counted, and one that is open.
async fn counts_do_not_grow_with_history(world: World) {
    let sample = cases(world.city);
    let of = |state: State| sample.iter().find(|case| case.state() == state).unwrap();
    let head = Head { version: 1, hash: vec![0; 32] };
    let row = |index: i64, case: &Case| {
        let mut case = case.clone();
        case.id = CaseId(100_000 + index);
        case.number = format!("JY20250302-{index:05}").as_str().into();
        case.area = AreaKey::of(world.city.0, 101, 1, 4).unwrap();
        case::Model::of(world.city, &case, &head, None).unwrap()
    };
    let write = async |rows: Vec<case::Model>| world.ctx.db.write(Rows(world.city, rows)).await.unwrap();
    let most = super::counts::DONE_MOST;
    let mut rows = vec![row(0, of(State::Handling))];
    rows.extend((1..most - 1).map(|index| row(index, of(State::Closed))));
    write(rows).await;
    let room = Cases::new(world.ctx.clone(), Org::new(world.ctx.clone())).unwrap();
    let By::Staff(leader) = City::new().person("领导").clone() else { panic!("no staff") };
    let caller = caller(world.city, &leader);
    let viewer = Viewer { caller: &caller, lang: Lang::Zh, right: Right::CaseRead };
    let count = async |filter: Filter| {
        let counts = room.counts(&viewer, &filter).await.unwrap();
        (counts.total, counts.open, counts.more)
    };
    assert_eq!(count(Filter::default()).await, (most - 1, 1, false));
    let refused = row(most, of(State::NotAccepted));
    write(vec![refused, row(most + 1, of(State::Closed)), row(most + 2, of(State::Closed))]).await;
    assert_eq!(count(Filter::default()).await, (most + 1, 1, true), "at least so many");
    let only = |states: &[State]| Filter { states: states.to_vec(), ..Filter::default() };
    assert_eq!(count(only(&[State::NotAccepted])).await, (1, 0, false));
    assert_eq!(count(only(&[State::NotAccepted, State::Handling])).await, (2, 1, false));
    assert_eq!(count(Filter { open: true, ..Filter::default() }).await, (1, 1, false));
    let by_number = Filter { number: Some("JY2025".into()), ..Filter::default() };
    assert_eq!(count(by_number).await, (most + 1, 1, true));
}

/// "Mine" is what the guards open. A person who handled a case and changed his unit since is stopped by the guard alone.
async fn mine(room: &Cases, viewer: &Viewer<'_>, all: &[Case], people: &City, now: Time) {
    let filter = Filter { mine: true, ..Filter::default() };
    let by = crate::commands::staff(viewer.caller);
    let facts = people.facts(now, &by);
    let open =
        |case: &&Case| rules::acts(case, &facts).iter().any(|view| view.primary && view.blocked.is_none());
    let expected: BTreeSet<CaseId> = all.iter().filter(open).map(|case| case.id).collect();
    let handled_himself =
        |case: &&Case| case.phase.task().is_some_and(|task| task.handlers.contains(&viewer.caller.user));
    let his: BTreeSet<CaseId> = all.iter().filter(handled_himself).map(|case| case.id).collect();
    let listed = listed(room, viewer, &filter).await;
    assert!(listed.is_superset(&expected), "{}", viewer.caller.user);
    assert!(listed.difference(&expected).all(|id| his.contains(id)), "{}", viewer.caller.user);
}

/// Every id of a list, over all its pages, each once and in order.
async fn listed(room: &Cases, viewer: &Viewer<'_>, filter: &Filter) -> BTreeSet<CaseId> {
    let mut ids = BTreeSet::new();
    let mut after = None;
    loop {
        let page = room.list(viewer, filter, after, 40).await.unwrap();
        for row in page.items {
            assert!(ids.insert(row.id.parse().unwrap()), "{} stands on two pages", row.number);
        }
        match page.next {
            Some(next) => after = Some(next.parse().unwrap()),
            None => return ids,
        }
    }
}
