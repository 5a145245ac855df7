//! Stories: the same async function told on every engine.

use std::time::Duration;

use platform::db::migrate::Migrations;

use crate::engines::{Engine, engines};
use crate::world::World;

/// No ordinary story takes this long; one that does has come to a standstill.
pub const STANDSTILL: Duration = Duration::from_secs(300);

/// Turns stories into tests on both engines: `stories!(SETS: one, two);` makes `one::sqlite`, `one::postgres`,
/// `two::sqlite` and `two::postgres` from `async fn one(world: World)` and `async fn two(world: World)` beside it.
/// `SETS` is a `&'static [Migrations]`.
///
/// `stories!(SETS, only postgres: one);` tells what exists on one engine alone, and `stories!(SETS, within LIMIT; one);`
/// what may take longer than five minutes, where `LIMIT` is a [`Duration`].
#[macro_export]
macro_rules! stories {
    ($sets:ident: $($story:ident),+ $(,)?) => {
        $(
            mod $story {
                $crate::stories!(@test $sets, $story, sqlite, Sqlite);
                $crate::stories!(@test $sets, $story, postgres, Postgres);
            }
        )+
    };
    ($sets:ident, only sqlite: $($story:ident),+ $(,)?) => {
        $(mod $story { $crate::stories!(@test $sets, $story, sqlite, Sqlite); })+
    };
    ($sets:ident, only postgres: $($story:ident),+ $(,)?) => {
        $(mod $story { $crate::stories!(@test $sets, $story, postgres, Postgres); })+
    };
    ($sets:ident, within $limit:ident; $($story:ident),+ $(,)?) => {
        $(
            mod $story {
                $crate::stories!(@test $sets, $story, sqlite, Sqlite, super::$limit);
                $crate::stories!(@test $sets, $story, postgres, Postgres, super::$limit);
            }
        )+
    };
    (@test $sets:ident, $story:ident, $name:ident, $engine:ident) => {
        $crate::stories!(@test $sets, $story, $name, $engine, $crate::STANDSTILL);
    };
    (@test $sets:ident, $story:ident, $name:ident, $engine:ident, $limit:expr) => {
        #[test]
        fn $name() {
            let name = ::std::concat!(::std::stringify!($story), "::", ::std::stringify!($name));
            $crate::tell(name, $crate::Engine::$engine, super::$sets, $limit, super::$story);
        }
    };
}

/// Tells one story in a new world on one engine; the body of the tests that [`stories!`](crate::stories) makes.
///
/// When `YOUJU_TEST_ENGINES` leaves the engine out, it says so in one line and returns.
///
/// # Panics
/// When the story does, or when it takes longer than `limit`.
pub fn tell<F>(
    name: &str,
    engine: Engine,
    sets: &'static [Migrations],
    limit: Duration,
    story: impl FnOnce(World) -> F,
) where
    F: Future<Output = ()>,
{
    if !engines().contains(&engine) {
        println!("{name}: not told, YOUJU_TEST_ENGINES leaves this engine out");
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let world = World::new(engine, sets).await;
        let told = tokio::time::timeout(limit, story(world)).await;
        assert!(told.is_ok(), "{name} stood still for {} s", limit.as_secs());
    });
}
