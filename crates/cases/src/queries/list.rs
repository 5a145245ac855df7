//! Lists of cases: a filter, an order that follows from it, keyset pages.

use kernel::page::{Cursor, cut};
use platform::db::Fault;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Order as Direction, QueryFilter, QueryOrder, QuerySelect,
};

use super::filter::{Filter, Order};
use super::rows::Scene;
use super::views::CasePage;
use super::{Viewer, still};
use crate::house::Cases;
use crate::store::Listed;
use crate::store::case::{self, Column};

impl Cases {
    /// A page of what the viewer may see.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn list(
        &self,
        viewer: &Viewer<'_>,
        filter: &Filter,
        after: Option<Cursor>,
        size: u32,
    ) -> Result<CasePage, Fault> {
        let now = self.ctx.now();
        let snapshot = self.snapshot(viewer.caller.city).await?;
        let order = filter.order();
        // Live cases are few; whatever is done is looked for in its town, where it has one.
        let town = filter.town(viewer).filter(|_| order != Order::Due);
        let conn = still(self.ctx.db.reader()).await?;
        let query = case::Entity::find()
            .filter(Column::CityId.eq(viewer.caller.city.0))
            .filter(filter.condition(viewer, now))
            .filter(Condition::all().add_option(town.map(|town| Column::Town.eq(town.0))))
            .filter(Condition::all().add_option(after.map(|cursor| order.after(cursor))))
            .order_by(order.column(), order.direction())
            .order_by(Column::Id, order.direction())
            .limit(u64::from(size) + 1);
        let page = cut(query.into_partial_model().all(&conn).await?, size, |row| order.cursor(row));
        let items = Scene::new(&snapshot, viewer, now).rows(&conn, page.items).await?;
        conn.commit().await?;
        Ok(CasePage { items, next: page.next })
    }
}

impl Order {
    fn column(self) -> Column {
        match self {
            Self::Due => Column::DueAt,
            Self::Reported => Column::ReportedAt,
            Self::Closed => Column::ClosedAt,
        }
    }

    fn direction(self) -> Direction {
        match self {
            Self::Due => Direction::Asc,
            Self::Reported | Self::Closed => Direction::Desc,
        }
    }

    fn cursor(self, row: &Listed) -> Cursor {
        let key = match self {
            Self::Due => row.due_at.unwrap_or_default(),
            Self::Reported => row.reported_at,
            Self::Closed => row.closed_at.unwrap_or_default(),
        };
        Cursor { key, id: row.id }
    }

    /// Everything behind a row. The first comparison is what an index can seek by.
    fn after(self, cursor: Cursor) -> Condition {
        let column = self.column();
        let (from, beyond, tie) = match self {
            Self::Due => (column.gte(cursor.key), column.gt(cursor.key), Column::Id.gt(cursor.id)),
            Self::Reported | Self::Closed => {
                (column.lte(cursor.key), column.lt(cursor.key), Column::Id.lt(cursor.id))
            }
        };
        Condition::all().add(from).add(Condition::any().add(beyond).add(tie))
    }
}
