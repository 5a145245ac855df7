//! Up to which calendar the deadlines of a city were counted, and the cases that have deadlines.

use kernel::id::CityId;
use platform::db::{Command, Fault, Tx};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set};

use super::row::{Listed, case};

/// Entity of the bookmark. It explains no record and no record explains it: without it every deadline is held against the
/// calendar once more, and those that are right stay.
pub(crate) mod bookmark {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "cases_recounted")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub city_id: i64,
        pub calendar: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The version of the calendar by which all deadlines of a city were counted.
pub(crate) async fn recounted_to(conn: &impl ConnectionTrait, city: CityId) -> Result<Option<i64>, Fault> {
    Ok(bookmark::Entity::find_by_id(city.0).one(conn).await?.map(|row| row.calendar))
}

/// The cases of a city that have a running clock.
pub(crate) async fn live_ids(conn: &impl ConnectionTrait, city: CityId) -> Result<Vec<i64>, Fault> {
    let rows = case::Entity::find()
        .select_only()
        .column(case::Column::Id)
        .filter(case::Column::CityId.eq(city.0))
        .filter(case::Column::DueAt.is_not_null());
    Ok(rows.into_tuple().all(conn).await?)
}

/// Some cases, as lists read them.
pub(crate) async fn listed(
    conn: &impl ConnectionTrait,
    city: CityId,
    ids: &[i64],
) -> Result<Vec<Listed>, Fault> {
    let rows = case::Entity::find()
        .filter(case::Column::CityId.eq(city.0))
        .filter(case::Column::Id.is_in(ids.iter().copied()))
        .into_partial_model();
    Ok(rows.all(conn).await?)
}

/// Notes up to which calendar all deadlines were counted.
pub(crate) struct MarkRecounted {
    pub(crate) city: CityId,
    pub(crate) calendar: i64,
}

impl Command for MarkRecounted {
    type Done = ();
    type Error = Fault;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), Fault> {
        let mut upsert = OnConflict::column(bookmark::Column::CityId);
        upsert.update_column(bookmark::Column::Calendar);
        let row = bookmark::ActiveModel { city_id: Set(self.city.0), calendar: Set(self.calendar) };
        bookmark::Entity::insert(row)
            .on_conflict(upsert)
            .exec_without_returning(tx.conn_for_write().await?)
            .await?;
        Ok(())
    }
}
