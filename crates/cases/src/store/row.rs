//! The state row: the aggregate as JSON, and the columns derived from it that lists filter and sort by.

use kernel::area::Level;
use kernel::id::{CaseId, CityId, UnitId};
use platform::db::{Fault, Tx};
use platform::journal::{Head, JournalEvent};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DerivePartialModel, EntityTrait, NotSet, QueryFilter, QuerySelect, Set,
};

use crate::model::{Case, Event, Phase};

/// Entity of the state row.
pub(crate) mod case {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "cases_case")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub city_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub number: String,
        pub state: String,
        pub source: String,
        pub class: String,
        pub area: i64,
        pub town: i64,
        pub cell_id: Option<i64>,
        pub unit_id: Option<i64>,
        pub clock: Option<String>,
        pub due_at: Option<i64>,
        pub overran: bool,
        pub reported_at: i64,
        pub closed_at: Option<i64>,
        pub verdict: Option<String>,
        pub photo_id: Option<i64>,
        pub body: String,
        pub version: i64,
        pub head_hash: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What a list reads of a row: the aggregate, and what pages go by. The other columns are for the indexes; on SQLite each
/// of them would be a copy of its own in every row.
#[derive(Debug, DerivePartialModel)]
#[sea_orm(entity = "case::Entity")]
pub(crate) struct Listed {
    pub id: i64,
    pub number: String,
    pub due_at: Option<i64>,
    pub reported_at: i64,
    pub closed_at: Option<i64>,
    pub photo_id: Option<i64>,
    pub body: String,
    pub version: i64,
}

/// What an act reads of a row, for the same reason.
#[derive(Debug, DerivePartialModel)]
#[sea_orm(entity = "case::Entity")]
pub(crate) struct Held {
    pub number: String,
    pub photo_id: Option<i64>,
    pub body: String,
    pub version: i64,
    pub head_hash: Vec<u8>,
}

impl JournalEvent for Event {
    const STREAM: &'static str = "case";

    fn told(&self) -> bool {
        matches!(self, Self::ReporterShown(_) | Self::ReporterErased(_))
    }

    fn kind(&self) -> &'static str {
        Self::kind(self)
    }
}

impl case::Model {
    /// The row of a case. `photo` is the one that lists show.
    pub(crate) fn of(city: CityId, case: &Case, head: &Head, photo: Option<i64>) -> Result<Self, Fault> {
        let clock = case.phase.clock();
        let body = serde_json::to_string(case).map_err(|error| unreadable(&case.number.0, &error))?;
        Ok(Self {
            city_id: city.0,
            id: case.id.0,
            number: case.number.0.clone(),
            state: case.state().code().to_owned(),
            source: case.source.code().to_owned(),
            class: case.class.to_string(),
            area: case.area.0,
            town: case.area.at(Level::Town).0,
            cell_id: case.cell.map(kernel::id::CellId::get),
            unit_id: case.unit().map(UnitId::get),
            clock: clock.map(|clock| clock.kind.code().to_owned()),
            due_at: clock.map(|clock| clock.due_at.0),
            overran: clock.is_some_and(|clock| clock.overran),
            reported_at: case.reported_at.0,
            closed_at: closed_at(case),
            verdict: case.verdict().map(|given| given.verdict.code().to_owned()),
            photo_id: photo,
            body,
            version: head.version,
            head_hash: head.hash.clone(),
        })
    }

    /// The aggregate.
    pub(crate) fn case(&self) -> Result<Case, Fault> {
        aggregate(&self.number, &self.body)
    }

    /// Where its stream ends.
    pub(crate) fn head(&self) -> Head {
        Head { version: self.version, hash: self.head_hash.clone() }
    }
}

impl Held {
    /// The aggregate.
    pub(crate) fn case(&self) -> Result<Case, Fault> {
        aggregate(&self.number, &self.body)
    }

    /// Where its stream ends.
    pub(crate) fn head(&self) -> Head {
        Head { version: self.version, hash: self.head_hash.clone() }
    }
}

impl Listed {
    /// The aggregate.
    pub(crate) fn case(&self) -> Result<Case, Fault> {
        aggregate(&self.number, &self.body)
    }
}

fn aggregate(number: &str, body: &str) -> Result<Case, Fault> {
    serde_json::from_str(body).map_err(|error| unreadable(number, &error))
}

fn closed_at(case: &Case) -> Option<i64> {
    match &case.phase {
        Phase::Closed { closing, .. } => Some(closing.at.0),
        Phase::PendingPreVerify { .. }
        | Phase::PendingFile { .. }
        | Phase::PendingDispatch { .. }
        | Phase::Handling { .. }
        | Phase::PendingCheck { .. }
        | Phase::PendingClose { .. }
        | Phase::NotAccepted { .. } => None,
    }
}

fn unreadable(number: &str, error: &serde_json::Error) -> Fault {
    Fault::Unreadable(format!("case {number}: {error}").into())
}

/// The row of a case, read outside of a transaction.
pub(crate) async fn load(
    conn: &impl ConnectionTrait,
    city: CityId,
    id: CaseId,
) -> Result<Option<case::Model>, Fault> {
    Ok(case::Entity::find_by_id((city.0, id.0)).one(conn).await?)
}

/// What an act needs of the row of a case, inside a command.
pub(crate) async fn held(tx: &mut Tx, city: CityId, id: CaseId) -> Result<Option<Held>, Fault> {
    let row = case::Entity::find_by_id((city.0, id.0)).into_partial_model();
    Ok(row.one(tx.conn().await?).await?)
}

/// The version of a case, read outside of a transaction.
pub(crate) async fn version(
    conn: &impl ConnectionTrait,
    city: CityId,
    id: CaseId,
) -> Result<Option<i64>, Fault> {
    let row = case::Entity::find_by_id((city.0, id.0)).select_only().column(case::Column::Version);
    Ok(row.into_tuple().one(conn).await?)
}

/// Notes the row of a new case.
pub(crate) fn save_new(tx: &mut Tx, row: case::Model) {
    tx.insert_model::<case::ActiveModel, _>(row);
}

/// Replaces the row of a case, if it still is at the version that was read. `reclassed`: only then is the class written,
/// because its index would be written with it.
///
/// # Errors
/// [`Fault::LostRace`] if somebody else was faster.
pub(crate) async fn save_change(
    tx: &mut Tx,
    before: i64,
    reclassed: bool,
    row: case::Model,
) -> Result<(), Fault> {
    use case::Column;
    let update = case::Entity::update_many()
        .set(case::ActiveModel {
            state: Set(row.state),
            class: if reclassed { Set(row.class) } else { NotSet },
            unit_id: Set(row.unit_id),
            clock: Set(row.clock),
            due_at: Set(row.due_at),
            overran: Set(row.overran),
            closed_at: Set(row.closed_at),
            verdict: Set(row.verdict),
            photo_id: Set(row.photo_id),
            body: Set(row.body),
            version: Set(row.version),
            head_hash: Set(row.head_hash),
            ..case::ActiveModel::default()
        })
        .filter(Column::CityId.eq(row.city_id))
        .filter(Column::Id.eq(row.id))
        .filter(Column::Version.eq(before));
    if tx.update(update).await? == 1 { Ok(()) } else { Err(Fault::LostRace) }
}
