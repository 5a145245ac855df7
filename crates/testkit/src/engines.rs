//! Which engines the stories run on.

pub use platform::db::Engine;

/// The engines under test: both, or SQLite alone when `YOUJU_TEST_ENGINES=sqlite` (the inner loop, `make check`).
///
/// # Panics
/// On any other value, so that a typing mistake does not silently test less.
#[expect(clippy::disallowed_methods, reason = "the one setting of the tests themselves")]
pub fn engines() -> &'static [Engine] {
    match std::env::var("YOUJU_TEST_ENGINES").as_deref() {
        Err(_) | Ok("") | Ok("both") => &[Engine::Sqlite, Engine::Postgres],
        Ok("sqlite") => &[Engine::Sqlite],
        Ok(other) => panic!("YOUJU_TEST_ENGINES={other:?}: say `sqlite` or `both`"),
    }
}
