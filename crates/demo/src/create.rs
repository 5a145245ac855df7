//! Making the demo city: the ground, the people, then half a year of cases through the real commands under a simulated
//! clock. Salts, ids and nonces come from the seed, so two runs of one plan give the same rows.

#![expect(
    clippy::disallowed_types,
    reason = "the demo is put together here, with a server number of its own"
)]

use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;

use kernel::chance::{Chance, SeededChance};
use kernel::id::ServerIds;
use kernel::time::{DAY_MS, FixedClock};
use platform::Ctx;
use platform::auth::AuthError;
use platform::db::Fault;
use platform::files::UploadError;
use platform::journal;
use platform::secrets::Secrets;
use serde::{Deserialize, Serialize};

use crate::cast::{CITY, Cast};
use crate::geography::{GeographyError, geography};
use crate::pictures::PictureError;
use crate::plan::Plan;
use crate::play::{Play, Progress, Story};
use crate::{people, play};

/// The file that says that the folder holds a finished demo city.
const MARKER: &str = "demo.json";

/// What was made, for `docs/demo.md`, tests and the tour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// The seed.
    pub seed: u64,
    /// When the history ends, UTC milliseconds.
    pub end: i64,
    /// Cases in all.
    pub cases: usize,
    /// Pictures in all.
    pub pictures: usize,
    /// The planted stories, by key, with the numbers of their cases.
    pub stories: Vec<Story>,
}

/// Why the demo city could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The folder or database holds something else, or an unfinished demo.
    #[error(
        "目录中已有数据但不是完整的演示城市；请换一个目录，或先运行 make clean-demo (the folder holds other data)"
    )]
    NotEmpty,
    /// The ground.
    #[error(transparent)]
    Geography(#[from] GeographyError),
    /// A picture.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// The hall refused a record; the problem names which and why.
    #[error("{}", first_field(source))]
    Hall {
        /// What the hall said.
        #[from]
        source: org::EditError,
    },
    /// A user was refused.
    #[error(transparent)]
    User(#[from] AuthError),
    /// An act on a case was refused.
    #[error("{0}")]
    Act(#[from] cases::ActError),
    /// A photo was refused.
    #[error(transparent)]
    Photo(#[from] UploadError),
    /// The shipped tables are wrong.
    #[error(transparent)]
    Tables(#[from] cases::catalogue::CatalogueError),
    /// The workbook that waits to be imported.
    #[error("{0}")]
    Workbook(String),
    /// Below the rules.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The marker file.
    #[error("{0}")]
    Marker(std::io::Error),
    /// A step of a story did not go as the story says.
    #[error("the story {0} went another way")]
    Story(&'static str),
}

/// The refusal with its first bad place, which names the record by its position in the edit.
fn first_field(error: &org::EditError) -> String {
    use kernel::problem::ToProblem;
    let problem = error.problem();
    let first =
        problem.fields.first().map(|field| format!("{}: {} {:?}", field.pointer, field.code, field.params));
    format!("{error} ({})", first.unwrap_or_default())
}

/// Does the folder hold a finished demo city?
pub fn is_demo(data: &Path) -> bool {
    data.join(MARKER).exists()
}

/// What was made in the folder.
pub fn made(data: &Path) -> Option<Made> {
    serde_json::from_str(&std::fs::read_to_string(data.join(MARKER)).ok()?).ok()
}

/// Makes the city where there is none; does nothing where it is finished.
///
/// # Errors
/// [`DemoError::NotEmpty`] for a folder or database with other data; otherwise what went wrong.
pub async fn create_if_empty(ctx: &Ctx, data: &Path, plan: &Plan) -> Result<(), DemoError> {
    if is_demo(data) {
        return Ok(());
    }
    if journal::last_seq(ctx.db.reader(), CITY).await? != 0 {
        return Err(DemoError::NotEmpty);
    }
    eprintln!("正在创建演示城市（{} 天，{} 件）…  creating the demo city", plan.days(), plan.cases());
    let made = create(ctx, plan, &tell).await?;
    let text = serde_json::to_string_pretty(&made).map_err(|error| DemoError::Marker(error.into()))?;
    std::fs::write(data.join(MARKER), text).map_err(DemoError::Marker)?;
    eprintln!("演示城市已建成：{} 件案件，{} 张图  done", made.cases, made.pictures);
    Ok(())
}

/// Says how far it is: on one line that is written over where somebody watches, otherwise once in a while.
fn tell(progress: Progress) {
    let Progress { day, days } = progress;
    if std::io::stderr().is_terminal() {
        let end = if day == days { '\n' } else { '\r' };
        eprint!("  第 {day}/{days} 天  day {day} of {days}{end}");
    } else if day % 30 == 0 {
        eprintln!("  第 {day}/{days} 天  day {day} of {days}");
    }
}

/// Makes the city through the given context's database and files, and says how far it is.
///
/// # Errors
/// What went wrong.
pub async fn create(ctx: &Ctx, plan: &Plan, progress: &(dyn Fn(Progress) + Sync)) -> Result<Made, DemoError> {
    let (ctx, clock) = demo_ctx(ctx, plan);
    let ground = geography(plan.seed)?;
    let cast = Cast::new(&ground);
    let org = org::Org::new(ctx.clone()).with_classes(Arc::new(cases::ClassPort::new()?)).alone();
    let staff = people::settle(&ctx, &org, &ground, &cast, plan).await?;
    let play = Play::new(ctx, clock, org, plan, &ground, staff)?;
    play::run(play, progress).await
}

/// The context in which the demo is made: its clock stands at the day before its history, and chance and ids repeat.
pub(crate) fn demo_ctx(ctx: &Ctx, plan: &Plan) -> (Ctx, FixedClock) {
    let clock = FixedClock::new(plan.begin().plus_ms(-DAY_MS));
    let chance: Arc<dyn Chance> = Arc::new(SeededChance::new(plan.seed));
    let ctx = Ctx {
        clock: Arc::new(clock.clone()),
        // The highest server number: no running server is given it while lower ones are free.
        ids: Arc::new(ServerIds::new(clock.clone(), 1_023)),
        secrets: Secrets::new(&demo_key(), chance.clone()),
        chance,
        home_city: CITY,
        demo: true,
        ..ctx.clone()
    };
    (ctx, clock)
}

/// Demo data are no secrets: a fixed key makes two demo cities of one seed equal to the byte.
pub fn demo_key() -> [u8; 32] {
    let mut key = [0; 32];
    key.copy_from_slice(&platform::secrets::digest("演示数据，密钥公开".as_bytes()));
    key
}
