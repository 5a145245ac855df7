//! Settling the city: profile, calendar, places, units, the responsibility list, people with their keys, cells.

use std::collections::BTreeMap;

use kernel::calendar::holidays;
use kernel::id::{UnitId, UserId};
use kernel::rights::Role;
use org::{Backdrop, Profile, Relation, RelationId, RelationKind};
use org::{
    Body, BodyId, BodyKind, CellPerson, Dates, Day, Duty, Edit, Member, Org, PersonId, PersonInput, Post,
    PostId,
};
use platform::Ctx;
use platform::auth::{AddUser, Passwords};
use platform::journal::{Actor, Stamp};
use platform::web::Caller;

use crate::cast::{
    CHECKING, CITY, CITY_BACKSTOP, Cast, OFFICE, PARKS, PASSWORD, PERSONAS, TOUR_TOWN, TRANSPORT, grants,
    staff,
};
use crate::create::DemoError;
use crate::geography::{Geography, Level, Neighbour};
use crate::ground::{self, Crew};
use crate::phrases::{Crowd, Person};
use crate::plan::{Plan, Scale};
use crate::{dice::Dice, duties};

/// Who works in the city, by role.
#[derive(Debug, Clone, Default)]
pub(crate) struct Staff {
    pub(crate) inspectors: BTreeMap<String, Caller>,
    pub(crate) handlers: BTreeMap<UnitId, Caller>,
    pub(crate) acceptors: Vec<Caller>,
    pub(crate) dispatchers: Vec<Caller>,
    pub(crate) checkers: Vec<Caller>,
}

/// Fills the hall and hands out the keys. Returns who works here.
pub(crate) async fn settle(
    ctx: &Ctx,
    org: &Org,
    ground: &Geography,
    cast: &Cast,
    plan: &Plan,
) -> Result<Staff, DemoError> {
    let actor = Actor::System("demo");
    let mut edits: Vec<Edit> = vec![profile().into()];
    edits.extend(
        holidays()
            .into_iter()
            .map(|(date, kind, name)| Edit::from(Day { date, kind, name: name.to_owned() })),
    );
    edits.extend(cast.units.iter().cloned().map(Edit::from));
    edits.push(backdrop(ground).into());
    edits.extend(ground::places(ground, cast).into_iter().map(Edit::from));
    edits.extend(duties::rows(ground, cast).into_iter().map(Edit::from));
    edits.extend(relations(ground, cast).into_iter().map(Edit::from));
    edits.push(headquarters(cast).into());
    let mut crowd = Crowd::new(plan.seed);
    let (staff, keyed) = workers(ground, cast, plan, &mut crowd);
    let mut people = Registry::default();
    for (caller, person) in &keyed {
        people.worker(caller, person);
    }
    let cells = cells(ground, cast, plan, &mut people, &mut crowd);
    edits.extend(people.persons.into_iter().map(Edit::from));
    edits.extend(people.posts.into_iter().map(Edit::from));
    edits.extend(cells.into_iter().map(Edit::from));
    org.edit(CITY, actor, edits).await?;
    hand_out_keys(ctx, &keyed).await?;
    Ok(staff)
}

/// The neighbouring counties, which the maps draw around the city.
fn backdrop(ground: &Geography) -> Backdrop {
    let feature = |neighbour: &Neighbour| {
        let geometry = org::geometry_text(&neighbour.polygon);
        let properties = serde_json::json!({"code": neighbour.code6, "name": neighbour.name});
        format!(r#"{{"type":"Feature","properties":{properties},"geometry":{geometry}}}"#)
    };
    let features: Vec<String> = ground.neighbours.iter().map(feature).collect();
    Backdrop {
        city: "320281".parse().unwrap_or_default(),
        neighbours: format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",")),
    }
}

fn profile() -> Profile {
    Profile {
        city: "320281".parse().unwrap_or_default(),
        name: "江阴市".to_owned(),
        system_title: "文明江阴云平台（演示）".to_owned(),
        hotline: "12345".to_owned(),
        number_prefix: "JY".to_owned(),
        map_credit: "边界：天地图（演示）；市内界线为演示数据".to_owned(),
        hours: Vec::new(),
        joined_duties: false,
    }
}

fn relations(ground: &Geography, cast: &Cast) -> Vec<Relation> {
    let mut all = Vec::new();
    let mut add = |unit, kind, code: &str| {
        let area = org::AreaSelector::Area(code.parse().unwrap_or_default());
        all.push(Relation { id: RelationId(all.len() as i64 + 1), unit, kind, area, valid: Dates::ALWAYS });
    };
    add(TRANSPORT, RelationKind::Maintains, "320281");
    add(PARKS, RelationKind::Maintains, "320281");
    for town in &ground.towns {
        add(cast.town(&town.code9), RelationKind::Supervises, &town.code9);
        add(cast.sanitation(&town.code9), RelationKind::Maintains, &town.code9);
    }
    all
}

fn headquarters(cast: &Cast) -> Body {
    let seat = |unit: UnitId| Member {
        unit: Some(unit),
        person: None,
        seat: "成员单位".to_owned(),
        valid: Dates::ALWAYS,
    };
    Body {
        id: BodyId(1),
        name: "江阴市创建全国文明城市指挥部（演示）".to_owned(),
        kind: BodyKind::Headquarters,
        office: Some(OFFICE),
        members: cast.supporters().into_iter().map(seat).collect(),
        valid: Dates::ALWAYS,
    }
}

/// Everybody with a login: the persons of the role bar, and those who do the rest of the work.
fn workers(
    ground: &Geography,
    cast: &Cast,
    plan: &Plan,
    crowd: &mut Crowd,
) -> (Staff, Vec<(Caller, Person)>) {
    let mut team = Staff::default();
    let mut keyed = Vec::new();
    let mut next = 100;
    let mut hire = |login: String, role, area: &str, unit: Option<UnitId>, crowd: &mut Crowd| {
        next += 1;
        let person = crowd.person();
        let caller = staff(next, &login, &person.name, role, area, unit);
        keyed.push((caller.clone(), person));
        caller
    };
    for (index, town) in ground.towns.iter().enumerate() {
        if plan.scale == Scale::Town && town.code9 != TOUR_TOWN {
            continue;
        }
        let code = town.code9.as_str();
        let inspector =
            hire(format!("caiji{}", index + 1), Role::Inspector, code, Some(CITY_BACKSTOP), crowd);
        team.inspectors.insert(code.to_owned(), inspector);
        for (letter, unit) in
            [("z", cast.town(code)), ("x", cast.enforcement(code)), ("h", cast.sanitation(code))]
        {
            let login = format!("{letter}{}", index + 1);
            team.handlers.insert(unit, hire(login, Role::Handler, "320281", Some(unit), crowd));
        }
    }
    for unit in cast.units.iter().filter(|unit| unit.area.is_none()) {
        let login = unit.code.trim_start_matches("JY-").to_lowercase();
        team.handlers.insert(unit.id, hire(login, Role::Handler, "320281", Some(unit.id), crowd));
    }
    for number in 2..=3 {
        team.acceptors.push(hire(
            format!("shouli{number}"),
            Role::Acceptor,
            "320281",
            Some(CITY_BACKSTOP),
            crowd,
        ));
        team.dispatchers.push(hire(
            format!("paiqian{number}"),
            Role::Dispatcher,
            "320281",
            Some(CITY_BACKSTOP),
            crowd,
        ));
        team.checkers.push(hire(format!("hecha{number}"), Role::Checker, "320281", Some(CHECKING), crowd));
    }
    personas(cast, &mut team, &mut keyed, crowd);
    (team, keyed)
}

/// The persons of the role bar join those who do the work.
fn personas(cast: &Cast, team: &mut Staff, keyed: &mut Vec<(Caller, Person)>, crowd: &mut Crowd) {
    for persona in PERSONAS {
        let unit = match persona.key {
            "handler" => Some(cast.sanitation(TOUR_TOWN)),
            "checker" => Some(CHECKING),
            "office" => Some(OFFICE),
            _other => Some(CITY_BACKSTOP),
        };
        let area = if persona.key == "inspector" { TOUR_TOWN } else { "320281" };
        let caller = staff(persona.user.0, persona.login, persona.name, persona.role, area, unit);
        match persona.key {
            "inspector" => drop(team.inspectors.insert(TOUR_TOWN.to_owned(), caller.clone())),
            "handler" => drop(team.handlers.insert(cast.sanitation(TOUR_TOWN), caller.clone())),
            "acceptor" => team.acceptors.push(caller.clone()),
            "dispatcher" => team.dispatchers.push(caller.clone()),
            "checker" => team.checkers.push(caller.clone()),
            _other => {}
        }
        let person = Person { name: persona.name.to_owned(), phone: crowd.person().phone };
        keyed.push((caller, person));
    }
}

/// Persons and posts of the hall, numbered as they come.
#[derive(Default)]
struct Registry {
    persons: Vec<PersonInput>,
    posts: Vec<Post>,
}

impl Registry {
    fn person(
        &mut self,
        person: Person,
        unit: Option<UnitId>,
        title: &str,
        user: Option<UserId>,
    ) -> PersonId {
        let id = PersonId(self.persons.len() as i64 + 1);
        self.persons.push(PersonInput {
            id,
            code: format!("R{:05}", id.0),
            name: person.name,
            phone: Some(person.phone),
            unit,
            title: title.to_owned(),
            user,
            valid: Dates::ALWAYS,
        });
        id
    }

    fn worker(&mut self, caller: &Caller, person: &Person) {
        let title = caller.grants.first().map_or("", |grant| org::role_name(grant.role));
        let id = self.person(person.clone(), caller.unit, title, Some(caller.user));
        for grant in &caller.grants {
            self.posts.push(Post {
                id: PostId(self.posts.len() as i64 + 1),
                person: id,
                role: grant.role,
                area: grant.area.from,
                unit: grant.unit,
                valid: Dates::ALWAYS,
            });
        }
    }
}

fn cells(
    ground: &Geography,
    cast: &Cast,
    plan: &Plan,
    people: &mut Registry,
    crowd: &mut Crowd,
) -> Vec<org::Cell> {
    let mut dice = Dice::new(plan.seed).fork("crews");
    let supporters = cast.supporters();
    let mut cells = Vec::with_capacity(ground.cells.len());
    for demo in &ground.cells {
        let town = demo.town_code.as_deref();
        // The small scale has people only in its town and at the top.
        let peopled = plan.scale == Scale::County || town.is_none_or(|code| code == TOUR_TOWN);
        let mut crew = Crew::default();
        if peopled {
            let unit = town.map_or(CITY_BACKSTOP, |code| cast.town(code));
            let mut serve = |duty, title| {
                let person = people.person(crowd.person(), Some(unit), title, None);
                CellPerson { duty, person, valid: Dates::ALWAYS }
            };
            crew.persons.push(serve(Duty::CellLeader, "网格长"));
            if demo.level == Level::Village {
                crew.persons.push(serve(Duty::CellWorker, "网格员"));
            } else {
                crew.persons.push(serve(Duty::Supervisor, "督导员"));
                crew.linked_leader = Some(serve(Duty::Supervisor, "挂钩领导").person);
            }
            crew.supporting_unit = supporters.get(dice.below(supporters.len())).copied();
        }
        cells.push(ground::cell(demo, crew));
    }
    cells
}

async fn hand_out_keys(ctx: &Ctx, keyed: &[(Caller, Person)]) -> Result<(), DemoError> {
    // One hash for all: the password is printed anyway, and hashing a hundred times would take seconds.
    let password = Passwords::default().hash(PASSWORD, &ctx.secrets.salt()).unwrap_or_default();
    for (caller, person) in keyed {
        let add = AddUser {
            city: CITY,
            id: caller.user,
            login: caller.login.clone(),
            name: person.name.clone(),
            password: password.clone(),
            unit: caller.unit,
            grants: grants(caller),
            salt: Vec::new(),
            name_sealed: Vec::new(),
            stamp: Stamp { at: ctx.now(), actor: Actor::System("demo") },
        };
        ctx.db.write(add.sealed(&ctx.secrets)).await?;
    }
    Ok(())
}
