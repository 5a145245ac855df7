//! What imports keep of people, and for how long.

use kernel::time::{DAY_MS, HOUR_MS};
use org::{Change, Edit, Kind, PersonId};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use testkit::World;

use crate::SETS;
use crate::fixture::*;
use crate::http::Hall;
use crate::imports::{act, book, id_of, line, preview};

testkit::stories!(SETS:
    a_preview_that_nobody_applied_is_gone_after_a_day,
    what_was_before_is_kept_for_a_week,
    imports_forget_whoever_is_erased,
);

/// How many imports and how many of their changes the database holds.
async fn kept(hall: &Hall) -> (i64, i64) {
    let database = hall.world.database.raw().await;
    let count = async |table: &str| {
        let sql = format!("SELECT COUNT(*) AS n FROM {table} WHERE city_id = {}", hall.world.city);
        let row = database.query_one_raw(Statement::from_string(database.get_database_backend(), sql)).await;
        row.unwrap().unwrap().try_get::<i64>("", "n").unwrap()
    };
    (count("org_import").await, count("org_import_change").await)
}

/// One person with one role, read in.
async fn person_of(hall: &Hall, code: &str, name: &str) -> String {
    let headings = ["编号", "姓名", "手机", "单位编码", "角色", "区域编码"];
    let city = hall.world.city.to_string();
    let rows = [line([code, name, "13912345678", "CGJ", "核查员", &city])];
    id_of(&preview(hall, "people", book("人员", &headings, &rows)).await.expect(201))
}

async fn a_preview_that_nobody_applied_is_gone_after_a_day(world: World) {
    let mut hall = Hall::open(world).await;
    let city = hall.world.city;
    let id = person_of(&hall, "R1", "欧阳示例").await;
    assert_eq!(kept(&hall).await, (1, 2));
    hall.world.clock.advance_ms(DAY_MS);
    assert_eq!(hall.org.sweep_imports(city).await.unwrap(), 0);
    hall.world.clock.advance_ms(HOUR_MS);
    assert_eq!(hall.org.sweep_imports(city).await.unwrap(), 1);
    assert_eq!(kept(&hall).await, (0, 0));
    hall.sign_in_again().await;
    act(&hall, &id, "apply").await.expect_problem(404, "org/no-such-record");
}

async fn what_was_before_is_kept_for_a_week(world: World) {
    let mut hall = Hall::open(world).await;
    let city = hall.world.city;
    let first = person_of(&hall, "R1", "欧阳示例").await;
    let applied = act(&hall, &first, "apply").await.expect(200);
    let week = hall.world.ctx.now().plus_ms(7 * DAY_MS);
    assert_eq!(applied.at("/undo_until"), json!(week.0));
    hall.world.clock.set(week);
    hall.sign_in_again().await;
    assert_eq!(hall.org.sweep_imports(city).await.unwrap(), 0);
    act(&hall, &first, "undo").await.expect(200);
    let second = person_of(&hall, "R2", "司马示例").await;
    act(&hall, &second, "apply").await.expect(200);
    hall.world.clock.advance_ms(7 * DAY_MS + 1);
    hall.sign_in_again().await;
    // Refused before the sweep comes by, and after it.
    act(&hall, &second, "undo").await.expect_problem(409, "org/undo-too-late");
    assert_eq!(hall.org.sweep_imports(city).await.unwrap(), 2);
    assert_eq!(kept(&hall).await, (2, 0), "who imported what, and when, stays");
    let told = act(&hall, &second, "undo").await.expect_problem(409, "org/undo-too-late");
    assert_eq!(told.at("/params/days"), json!(7));
    assert_eq!(hall.org.sweep_imports(city).await.unwrap(), 0);
}

async fn imports_forget_whoever_is_erased(world: World) {
    let hall = Hall::open(world).await;
    let city = hall.world.city;
    let first = person_of(&hall, "R1", "欧阳示例").await;
    act(&hall, &first, "apply").await.expect(200);
    let second = person_of(&hall, "R2", "司马示例").await;
    act(&hall, &second, "apply").await.expect(200);
    // Another sheet touches his role only, and a third is not applied.
    let headings = ["编号", "姓名", "手机", "单位编码"];
    let third = [line(["R1", "欧阳示例", "13912345678", "CGJ"])];
    let third = id_of(&preview(&hall, "people", book("人员", &headings, &third)).await.expect(201));
    act(&hall, &third, "apply").await.expect(200);
    person_of(&hall, "R1", "欧阳新名").await;
    assert_eq!(kept(&hall).await.0, 4);
    let snapshot = hall.org.city(city).await.unwrap();
    let id = snapshot.persons().find(|view| view.person.code == "R1").unwrap().person.id;
    let erase = |id: PersonId| Edit { change: Change::Erase(id), expected: None };
    hall.org.edit(city, BUILDER, vec![erase(id)]).await.unwrap();
    assert_eq!(kept(&hall).await, (3, 2), "only what the second sheet keeps of somebody else");
    for import in [&first, &third] {
        act(&hall, import, "undo").await.expect_problem(409, "org/undo-too-late");
    }
    act(&hall, &second, "undo").await.expect(200);
    assert!(hall.org.city(city).await.unwrap().records().stands(Kind::Person, LEADER.0));
    assert_eq!(org::verify(&hall.world.ctx, city).await.unwrap(), []);
}
