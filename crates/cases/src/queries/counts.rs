//! Counts that agree with the list behind them: the same condition. What is live is counted whole, by its own index,
//! which stays small for ever; of what is done, as much as a number on a screen needs.

use kernel::time::Time;
use platform::db::Fault;
use platform::journal::last_seq;
use sea_orm::sea_query::{CaseStatement, Expr, Func, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QuerySelect,
    QueryTrait, Select,
};

use super::filter::{self, Filter};
use super::views::CaseCounts;
use super::{Viewer, still};
use crate::house::Cases;
use crate::model::State;
use crate::store::case::{self, Column};

/// Cases that are done and counted, at most: history grows for ever, the answer must not take longer for it.
pub(super) const DONE_MOST: i64 = 10_000;

/// Rows of one state.
#[derive(FromQueryResult)]
pub(super) struct OfState {
    pub(super) state: String,
    pub(super) cases: i64,
    pub(super) overdue: i64,
}

impl Cases {
    /// How many cases the viewer may see that the filter asks for.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn counts(&self, viewer: &Viewer<'_>, filter: &Filter) -> Result<CaseCounts, Fault> {
        let now = self.ctx.now();
        let city = viewer.caller.city;
        let found =
            case::Entity::find().filter(Column::CityId.eq(city.0)).filter(filter.condition(viewer, now));
        let conn = still(self.ctx.db.reader()).await?;
        let mut rows = Vec::new();
        if filter.asks_live() {
            rows.extend(live(&conn, found.clone(), now).await?);
        }
        if filter.asks_done() {
            rows.extend(
                OfState::find_by_statement(conn.get_database_backend().build(&done(found)))
                    .all(&conn)
                    .await?,
            );
        }
        let as_of_seq = last_seq(&conn, city).await?;
        conn.commit().await?;
        let mut counts = CaseCounts { as_of_seq, ..CaseCounts::default() };
        for row in rows {
            let Ok(state) = row.state.parse::<State>() else { continue };
            counts.total += row.cases;
            counts.open += if state.is_live() { row.cases } else { 0 };
            counts.overdue += row.overdue;
            *counts.by_state.entry(state.code()).or_default() += row.cases;
        }
        counts.more = counts.total - counts.open >= DONE_MOST;
        Ok(counts)
    }
}

/// Live cases among these, several rows for a state. Only live cases have a deadline: this is what makes it their index.
/// They are told apart by channel too, because in the order of the states alone SQLite would walk through all history.
pub(super) async fn live(
    conn: &impl ConnectionTrait,
    found: Select<case::Entity>,
    now: Time,
) -> Result<Vec<OfState>, Fault> {
    let live = found
        .filter(Column::DueAt.is_not_null())
        .select_only()
        .column(Column::State)
        .column_as(Column::Id.count(), "cases")
        .column_as(sum_where(filter::overdue(now)), "overdue")
        .group_by(Column::Source)
        .group_by(Column::State);
    Ok(live.into_model::<OfState>().all(conn).await?)
}

/// Closed and refused cases by state, as far as they are counted. No order is asked for, so that every filter keeps the
/// index that serves it best.
fn done(found: Select<case::Entity>) -> SelectStatement {
    let some = found
        .filter(Column::DueAt.is_null())
        .select_only()
        .column(Column::State)
        .limit(DONE_MOST.unsigned_abs());
    // tidy: all cities — counts what the statement inside of it found, which names its city
    Query::select()
        .column(Column::State)
        .expr_as(Func::cast_as(Expr::col(Column::State).count(), "BIGINT"), "cases")
        .expr_as(Func::cast_as(Expr::val(0), "BIGINT"), "overdue")
        .from_subquery(some.into_query(), "done")
        .group_by_col(Column::State)
        .to_owned()
}

/// How many rows of a group meet a condition. Cast, because PostgreSQL sums integers into a decimal.
pub(super) fn sum_where(condition: Expr) -> Expr {
    let one = CaseStatement::new().case(condition, 1).finally(0);
    Func::cast_as(Func::sum(one), "BIGINT").into()
}
