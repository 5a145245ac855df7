//! The ports through which the hall (`org`) learns what belongs to the cases: the catalogue of classes, and what units have
//! open.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use kernel::id::{CityId, UnitId};
use kernel::problem::Lang;
use org::{ClassInfo, Classes, OpenCases};
use platform::db::{Db, Fault};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::catalogue::{self, CatalogueError};
use crate::store::case::{self, Column};

/// The classes that come with the product, for every city.
pub struct ClassPort(Arc<[ClassInfo]>);

impl ClassPort {
    /// Reads the shipped tables once.
    ///
    /// # Errors
    /// [`CatalogueError`] if the shipped tables are wrong, which a test excludes.
    pub fn new() -> Result<Self, CatalogueError> {
        let (catalogue, _) = catalogue::standard()?;
        let info = |class: &crate::model::Class| ClassInfo {
            code: class.code,
            name: class.name.zh.clone(),
            group_name: catalogue.group_name(class.code.group(), Lang::Zh),
        };
        Ok(Self(catalogue.classes.values().map(info).collect()))
    }
}

impl Classes for ClassPort {
    fn classes(&self, _city: CityId) -> Arc<[ClassInfo]> {
        self.0.clone()
    }
}

/// What units have open, read from the state rows.
pub struct OpenCasePort(pub Db);

impl OpenCases for OpenCasePort {
    fn open_cases<'a>(
        &'a self,
        city: CityId,
        units: &'a [UnitId],
    ) -> BoxFuture<'a, Result<BTreeMap<UnitId, i64>, Fault>> {
        Box::pin(async move {
            let rows: Vec<(Option<i64>, i64)> = case::Entity::find()
                .select_only()
                .column(Column::UnitId)
                .column_as(Column::Id.count(), "open")
                .filter(Column::CityId.eq(city.0))
                .filter(Column::UnitId.is_in(units.iter().map(|unit| unit.0)))
                .filter(Column::DueAt.is_not_null())
                .group_by(Column::UnitId)
                .into_tuple()
                .all(self.0.reader())
                .await?;
            Ok(rows.into_iter().filter_map(|(unit, open)| Some((UnitId(unit?), open))).collect())
        })
    }
}
