//! How long sessions live.

use axum::http::{HeaderMap, header};
use kernel::area::AreaKey;
use kernel::id::UserId;
use kernel::rights::{Grant, Role};
use kernel::time::{DAY_MS, HOUR_MS};
use platform::auth::{AddUser, open_session, sweep};
use platform::journal::{Actor, Stamp};
use platform::web::Sessions;
use testkit::World;

use super::SETS;

testkit::stories!(SETS:
    a_session_ends_half_a_day_after_its_last_use,
    a_session_that_can_change_things_ends_after_a_week,
    a_wall_lives_while_it_asks,
    sessions_that_are_over_are_swept,
);

/// A signed-in browser of a user with one role over the city.
struct Browser {
    world: World,
    sessions: Sessions,
    headers: HeaderMap,
}

impl Browser {
    async fn open(world: World, role: Role) -> Self {
        let area = AreaKey::of(world.city.0, 0, 0, 0).unwrap().range();
        let add = AddUser {
            city: world.city,
            id: UserId(1),
            login: "zhang".into(),
            name: "张示例".into(),
            password: String::new(),
            unit: None,
            grants: [Grant { role, area, unit: None }].into(),
            salt: vec![],
            name_sealed: vec![],
            stamp: Stamp { at: world.ctx.now(), actor: Actor::System("test") },
        };
        world.db().write(add.sealed(&world.ctx.secrets)).await.unwrap();
        let (token, _) = open_session(&world.ctx, world.city, UserId(1)).await.unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, format!("youju_session={token}").parse().unwrap());
        Self { world, sessions: Sessions::default(), headers }
    }

    /// Asks for something after so long; true when the session still holds. The minute then writes what it must.
    async fn asks_after(&self, ms: i64) -> bool {
        self.world.clock.advance_ms(ms);
        let caller = self.sessions.caller(&self.world.ctx, &self.headers).await.unwrap();
        self.sessions.flush(&self.world.ctx).await.unwrap();
        caller.is_some()
    }
}

async fn a_session_ends_half_a_day_after_its_last_use(world: World) {
    let browser = Browser::open(world, Role::Office).await;
    let Browser { world, sessions, headers } = &browser;
    // While more than half is left nothing is written.
    world.clock.advance_ms(5 * HOUR_MS);
    assert!(sessions.caller(&world.ctx, headers).await.unwrap().is_some());
    assert_eq!(sessions.flush(&world.ctx).await.unwrap(), 0);
    world.clock.advance_ms(2 * HOUR_MS);
    assert!(sessions.caller(&world.ctx, headers).await.unwrap().is_some());
    assert_eq!(sessions.flush(&world.ctx).await.unwrap(), 1);
    assert_eq!(sessions.flush(&world.ctx).await.unwrap(), 0, "once for each use");
    assert!(browser.asks_after(11 * HOUR_MS).await, "18 hours after the sign-in");
    assert!(!browser.asks_after(12 * HOUR_MS).await);
    assert!(!browser.asks_after(HOUR_MS).await, "over is over");
}

async fn a_session_that_can_change_things_ends_after_a_week(world: World) {
    let browser = Browser::open(world, Role::Office).await;
    let asked = 7 * 24 / 4;
    for times in 1..asked {
        assert!(browser.asks_after(4 * HOUR_MS).await, "after {} hours", 4 * times);
    }
    assert!(!browser.asks_after(4 * HOUR_MS).await);
}

async fn a_wall_lives_while_it_asks(world: World) {
    let browser = Browser::open(world, Role::Leader).await;
    for hour in 1..=240 {
        assert!(browser.asks_after(HOUR_MS).await, "after {hour} hours");
    }
    assert!(!browser.asks_after(12 * HOUR_MS).await, "it was switched off over night");
}

async fn sessions_that_are_over_are_swept(world: World) {
    let browser = Browser::open(world, Role::Leader).await;
    let Browser { world, .. } = &browser;
    open_session(&world.ctx, world.city, UserId(1)).await.unwrap();
    assert_eq!(sweep(&world.ctx, world.city).await.unwrap(), 0);
    assert!(browser.asks_after(7 * HOUR_MS).await);
    world.clock.advance_ms(6 * HOUR_MS);
    assert_eq!(sweep(&world.ctx, world.city).await.unwrap(), 1, "the one that nobody used");
    assert!(browser.asks_after(HOUR_MS).await);
    world.clock.advance_ms(DAY_MS);
    assert_eq!(sweep(&world.ctx, world.city).await.unwrap(), 1);
}
