//! Records: written whole, judged together, proved by the journal.

use kernel::id::{CellId, UnitId};
use kernel::place::Point;
use kernel::time::{DAY_MS, Date};
use org::{Change, Dates, Deputy, DeputyId, Edit, EditError, Kind, OrgError, PersonId, UnitKind};
use platform::db::Fault;
use platform::journal::{Flaw, read_stream};
use testkit::World;

use crate::SETS;
use crate::fixture::*;

testkit::stories!(SETS:
    a_city_is_filled_and_answers,
    what_does_not_fit_changes_nothing,
    codes_may_be_exchanged,
    a_lost_race_is_told,
    two_servers_see_each_other,
    an_erased_person_is_erased_and_not_changed,
    changed_rows_are_named,
    dated_records_turn_with_the_day,
);

fn remove(kind: Kind, id: i64) -> Edit {
    Edit { change: Change::Remove(kind, id), expected: None }
}

/// The codes and pointers of a refusal.
fn told(error: &EditError) -> Vec<(String, String)> {
    match error {
        EditError::Refused(OrgError::Unfit(fields)) => {
            fields.iter().map(|f| (f.pointer.clone(), f.code.to_string())).collect()
        }
        other => panic!("{other:?}"),
    }
}

async fn a_city_is_filled_and_answers(world: World) {
    let hall = filled(&world).await;
    let city = hall.city(world.city).await.unwrap();
    assert_eq!((city.title(), city.cells().count(), city.units().count()), ("澄北市", 11, 3));
    let point = Point::new(120.03, 31.005).unwrap();
    let (located, answer) = city.resolve_point(point, "E0110".parse().unwrap(), world.ctx.now()).unwrap();
    assert_eq!((located.cell.unwrap().id, answer.unit), (CellId(2), CITY_UNIT));
    assert_eq!(answer.steps[0], "位置：东镇 · 东镇1村 · 第2网格");
    assert_eq!(answer.steps[2], "责任清单 第1行：市容环境 · 东镇 → 城管局");
    let west = city.resolve(key(world.city, 102, 201, 1), "E0110".parse().unwrap(), world.ctx.now()).unwrap();
    assert_eq!((west.unit, west.backstop), (TOWN_UNITS[1], true));
    assert_eq!(city.person(LEADER).unwrap().phone_masked.as_deref(), Some("138****1234"));
    let findings = city.findings();
    let titles: Vec<&str> = findings.items.iter().map(|f| f.title.as_str()).collect();
    assert_eq!(titles, ["西镇 · 市容环境：责任清单空缺，只有兜底单位"]);
    assert!(findings.items[0].point.is_some() && findings.items[0].geometry.is_some());
    assert_eq!(org::verify(&world.ctx, world.city).await.unwrap(), []);
    // Saying the same again is no event.
    let before = city.versions();
    hall.edit(world.city, BUILDER, vec![cell(world.city, [0, 0, 0]).into()]).await.unwrap();
    assert_eq!(hall.city(world.city).await.unwrap().versions().places, before.places);
}

async fn what_does_not_fit_changes_nothing(world: World) {
    let hall = filled(&world).await;
    let before = hall.city(world.city).await.unwrap().versions();
    let mut broken = cell(world.city, [0, 0, 0]);
    broken.polygon = Some(r#"{"type":"Polygon","coordinates":[]}"#.into());
    broken.supporting_unit = Some(UnitId(404));
    let mut owner = row(3, "E0199", key(world.city, 109, 0, 0), CITY_UNIT);
    owner.helpers = vec![CITY_UNIT];
    let mut named = person(PersonId(7), "P001", "李\u{202e}雷");
    named.phone = Some("call me".into());
    let edits: Vec<Edit> = vec![
        broken.into(),
        owner.into(),
        unit(UnitId(77), "CGJ", " 住建局", UnitKind::Department).into(),
        named.into(),
        remove(Kind::Unit, TOWN_UNITS[0].0),
    ];
    let mut faults = told(&hall.edit(world.city, BUILDER, edits).await.unwrap_err());
    faults.sort();
    let expected = [
        ("/0/polygon", "org/geometry-empty"),
        ("/0/supporting_unit", "org/unknown-reference"),
        ("/1/area", "org/unknown-reference"),
        ("/1/class", "org/unknown-class"),
        ("/1/helpers", "org/helper-twice"),
        ("/2/code", "org/code-taken"),
        ("/2/name", "org/untrimmed"),
        ("/2/short_name", "org/untrimmed"),
        ("/3/code", "org/code-taken"),
        ("/3/name", "text/direction-mark"),
        ("/3/phone", "org/bad-phone"),
        ("/4/", "org/in-use"),
    ];
    assert_eq!(faults, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    let missing = hall.edit(world.city, BUILDER, vec![remove(Kind::Unit, 404)]).await.unwrap_err();
    assert!(matches!(missing, EditError::Refused(OrgError::NoSuchRecord)));
    assert_eq!(hall.refresh(world.city).await.unwrap().versions(), before);
    assert_eq!(org::verify(&world.ctx, world.city).await.unwrap(), []);
}

async fn codes_may_be_exchanged(world: World) {
    let hall = filled(&world).await;
    let (mut one, mut two) = (
        unit(TOWN_UNITS[0], "T102", "东镇政府", UnitKind::Town),
        unit(TOWN_UNITS[1], "T101", "西镇政府", UnitKind::Town),
    );
    let city = hall.edit(world.city, BUILDER, vec![one.clone().into(), two.clone().into()]).await.unwrap();
    assert_eq!(city.unit(TOWN_UNITS[0]).unwrap().code, "T102");
    assert_eq!(city.record_version(Kind::Unit, TOWN_UNITS[0].0), 2);
    (one.code, two.code) = ("T101".into(), "T102".into());
    hall.edit(world.city, BUILDER, vec![one.into(), two.into()]).await.unwrap();
    assert_eq!(org::verify(&world.ctx, world.city).await.unwrap(), []);
}

async fn a_lost_race_is_told(world: World) {
    let hall = filled(&world).await;
    let mut renamed = unit(CITY_UNIT, "CGJ", "综合行政执法局", UnitKind::Department);
    let edit = |unit: &org::Unit, expected| Edit {
        change: Change::Set(unit.clone().into()),
        expected: Some(expected),
    };
    hall.edit(world.city, BUILDER, vec![edit(&renamed, 1)]).await.unwrap();
    renamed.name = "城市管理局".into();
    let late = hall.edit(world.city, BUILDER, vec![edit(&renamed, 1)]).await.unwrap_err();
    assert!(matches!(late, EditError::Fault(Fault::LostRace)), "{late:?}");
    let city = hall.city(world.city).await.unwrap();
    assert_eq!(city.unit_name(CITY_UNIT), "综合行政执法局");
}

async fn two_servers_see_each_other(world: World) {
    let here = filled(&world).await;
    let there = org::Org::new(world.second_server().await);
    let seen = there.city(world.city).await.unwrap();
    assert_eq!(seen.unit_name(CITY_UNIT), "城管局");
    here.edit(world.city, BUILDER, vec![unit(CITY_UNIT, "CGJ", "执法局", UnitKind::Department).into()])
        .await
        .unwrap();
    // The other server's snapshot is old, so its change is judged again on the new one.
    there
        .edit(world.city, BUILDER, vec![unit(UnitId(990), "ZJJ", "住建局", UnitKind::Department).into()])
        .await
        .unwrap();
    assert_eq!(there.city(world.city).await.unwrap().unit_name(CITY_UNIT), "执法局");
    // Reading alone notices within five seconds.
    assert_eq!(here.city(world.city).await.unwrap().unit_name(UnitId(990)), "");
    world.clock.advance_ms(5_000);
    assert_eq!(here.city(world.city).await.unwrap().unit_name(UnitId(990)), "住建局");
}

async fn an_erased_person_is_erased_and_not_changed(world: World) {
    let hall = filled(&world).await;
    hall.edit(world.city, BUILDER, vec![person(PersonId(8), "P008", "陈静").into()]).await.unwrap();
    let erase = Edit { change: Change::Erase(PersonId(8)), expected: None };
    hall.edit(world.city, BUILDER, vec![erase]).await.unwrap();
    let city = hall.city(world.city).await.unwrap();
    assert_eq!(city.person(PersonId(8)), None);
    assert_eq!(org::verify(&world.ctx, world.city).await.unwrap(), []);
    let entries = read_stream(world.db().reader(), world.city, "org.person", 8).await.unwrap();
    assert_eq!(entries.iter().map(|e| e.kind.as_str()).collect::<Vec<_>>(), ["set", "erased"]);
    assert!(entries.iter().all(|entry| !entry.body.contains("陈静") && !entry.body.contains("1380000")));
}

async fn changed_rows_are_named(world: World) {
    use sea_orm::{ConnectionTrait, Statement};
    let hall = filled(&world).await;
    drop(hall);
    let database = world.database.raw().await;
    let run = async |sql: &str| {
        let sql = format!("{sql} AND city_id = {}", world.city);
        let done =
            database.execute_raw(Statement::from_string(database.get_database_backend(), sql)).await.unwrap();
        assert!(done.rows_affected() > 0);
    };
    run("UPDATE org_record SET doc = replace(doc, '城管局', '城建局') WHERE kind = 'unit' AND id = 901")
        .await;
    run("UPDATE org_record SET code = 'T999' WHERE kind = 'unit' AND id = 902").await;
    run("UPDATE org_record SET removed = TRUE WHERE kind = 'row' AND id = 1001").await;
    run("DELETE FROM org_record WHERE kind = 'cell' AND id = 3").await;
    run("DELETE FROM org_person WHERE id = 951").await;
    run("UPDATE platform_journal SET body = replace(body, '东镇', '南镇') WHERE stream = 'org.place' AND body LIKE '%东镇\"%'")
        .await;
    let mut found: Vec<(String, Flaw)> = org::verify(&world.ctx, world.city)
        .await
        .unwrap()
        .into_iter()
        .map(|finding| (format!("{} {}", finding.record, finding.name), finding.flaw))
        .collect();
    found.sort();
    let expected = [
        ("cell 3".to_owned(), Flaw::RowMissing),
        ("person P001".to_owned(), Flaw::PersonalMissing),
        (format!("place {}101", world.city), Flaw::EventChanged),
        ("row 1".to_owned(), Flaw::RowDiffers),
        ("unit CGJ".to_owned(), Flaw::RowDiffers),
        ("unit T999".to_owned(), Flaw::RowDiffers),
    ];
    assert_eq!(found, expected);
}

async fn dated_records_turn_with_the_day(world: World) {
    let hall = filled(&world).await;
    let today = world.ctx.now().date();
    let tomorrow = today.tomorrow().unwrap();
    let mut user = person(LEADER, "P001", "周明");
    user.user = Some(kernel::id::UserId(31));
    let mut other = person(PersonId(9), "P009", "吴桐");
    other.user = Some(kernel::id::UserId(32));
    let deputy = Deputy {
        id: DeputyId(1),
        post: org::PostId(961),
        person: PersonId(9),
        valid: Dates { valid_from: Some(tomorrow), valid_to: Some(tomorrow) },
    };
    let mut later = cell(world.city, [0, 0, 0]);
    later.valid.valid_to = Some(today);
    let edits: Vec<Edit> = vec![user.into(), other.into(), deputy.into(), later.into()];
    let city = hall.edit(world.city, BUILDER, edits).await.unwrap();
    let grants = |city: &org::City| {
        let standings = city.standings();
        [31, 32].map(|user| standings[&kernel::id::UserId(user)].grants.len())
    };
    assert_eq!((grants(&city), city.cells().count()), ([1, 0], 11));
    world.clock.advance_ms(DAY_MS);
    let city = hall.city(world.city).await.unwrap();
    assert_eq!((grants(&city), city.cells().count()), ([1, 1], 10));
    world.clock.advance_ms(DAY_MS);
    assert_eq!(grants(&hall.city(world.city).await.unwrap()), [1, 0]);
    world.clock.set(kernel::time::Time::start_of(Date::constant(2027, 1, 1)));
    assert_eq!(grants(&hall.city(world.city).await.unwrap()), [0, 0]);
}
