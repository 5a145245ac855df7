//! Counts that agree with the list behind them: the same condition, one statement.

use platform::db::Fault;
use platform::journal::last_seq;
use sea_orm::sea_query::{CaseStatement, Expr, Func};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};

use super::filter::{self, Filter};
use super::views::CaseCounts;
use super::{Viewer, still};
use crate::house::Cases;
use crate::model::State;
use crate::store::case::{self, Column};

/// Rows of one state.
#[derive(FromQueryResult)]
struct OfState {
    state: String,
    cases: i64,
    overdue: i64,
}

impl Cases {
    /// How many cases the viewer may see that the filter asks for.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn counts(&self, viewer: &Viewer<'_>, filter: &Filter) -> Result<CaseCounts, Fault> {
        let now = self.ctx.now();
        let city = viewer.caller.city;
        let conn = still(self.ctx.db.reader()).await?;
        let rows = case::Entity::find()
            .select_only()
            .column(Column::State)
            .column_as(Column::Id.count(), "cases")
            .column_as(sum_where(filter::overdue(now)), "overdue")
            .filter(Column::CityId.eq(city.0))
            .filter(filter.condition(viewer, now))
            .group_by(Column::State)
            .into_model::<OfState>()
            .all(&conn)
            .await?;
        let as_of_seq = last_seq(&conn, city).await?;
        conn.commit().await?;
        let mut counts = CaseCounts { as_of_seq, ..CaseCounts::default() };
        for row in rows {
            let Ok(state) = row.state.parse::<State>() else { continue };
            counts.total += row.cases;
            counts.open += if state.is_live() { row.cases } else { 0 };
            counts.overdue += row.overdue;
            counts.by_state.insert(state.code(), row.cases);
        }
        Ok(counts)
    }
}

/// How many rows of a group meet a condition. Cast, because PostgreSQL sums integers into a decimal.
pub(super) fn sum_where(condition: Expr) -> Expr {
    let one = CaseStatement::new().case(condition, 1).finally(0);
    Func::cast_as(Func::sum(one), "BIGINT").into()
}
