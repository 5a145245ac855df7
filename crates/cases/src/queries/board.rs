//! The running map: what is open and overdue now, by cell and by town, and what happened today. All numbers of one
//! answer are of one moment, and each opens the list that it counts.

use std::collections::BTreeMap;

use kernel::area::{AreaKey, Level};
use kernel::time::Time;
use platform::db::Fault;
use platform::journal::last_seq;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::counts::{self, sum_where};
use super::filter::{self, Filter};
use super::rows::Scene;
use super::views::{BoardView, CellLoad, Today, TownLoad};
use super::{Viewer, still};
use crate::house::Cases;
use crate::model::State;
use crate::store::Listed;
use crate::store::case::{self, Column};

/// Newest cases shown beside the map.
const LATEST: u64 = 12;

/// Live rows of one place: as many as there are cells, however much is open.
#[derive(FromQueryResult)]
struct Live {
    area: i64,
    cell_id: Option<i64>,
    cases: i64,
    overdue: i64,
}

/// Rows of one place.
#[derive(FromQueryResult)]
struct InArea {
    area: i64,
    cases: i64,
}

/// Open and overdue.
#[derive(Debug, Clone, Copy, Default)]
struct Load {
    open: i64,
    overdue: i64,
    closed: i64,
}

impl Cases {
    /// The running map as the viewer may see it.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn board(&self, viewer: &Viewer<'_>) -> Result<BoardView, Fault> {
        let now = self.ctx.now();
        let today = Some(now.date());
        let snapshot = self.snapshot(viewer.caller.city).await?;
        let conn = still(self.ctx.db.reader()).await?;
        let live = live(&conn, viewer, now).await?;
        let states = counts::live(&conn, open(viewer, now), now).await?;
        let closed = Filter { closed_on: today, ..Filter::default() };
        let closed = by_area(&conn, viewer, &closed, now).await?;
        let reported = Filter { reported_on: today, ..Filter::default() };
        let reported: i64 = by_area(&conn, viewer, &reported, now).await?.iter().map(|row| row.cases).sum();
        let latest = latest(&conn, viewer, now).await?;
        let latest = Scene::new(&snapshot, viewer, now).rows(&conn, latest).await?;
        let as_of_seq = last_seq(&conn, viewer.caller.city).await?;
        conn.commit().await?;

        let mut towns: BTreeMap<AreaKey, Load> =
            snapshot.city.towns().map(|town| (town.key, Load::default())).collect();
        let mut cells: BTreeMap<i64, Load> = BTreeMap::new();
        let mut by_state: BTreeMap<&'static str, i64> = BTreeMap::new();
        let mut all = Load::default();
        for row in &live {
            let town = towns.entry(AreaKey(row.area).at(Level::Town)).or_default();
            let cell = row.cell_id.map(|cell| cells.entry(cell).or_default());
            for load in [Some(town), cell, Some(&mut all)].into_iter().flatten() {
                load.open += row.cases;
                load.overdue += row.overdue;
            }
        }
        for row in &states {
            if let Ok(state) = row.state.parse::<State>() {
                *by_state.entry(state.code()).or_default() += row.cases;
            }
        }
        for row in &closed {
            towns.entry(AreaKey(row.area).at(Level::Town)).or_default().closed += row.cases;
            all.closed += row.cases;
        }
        let towns = towns.into_iter().map(|(key, load)| TownLoad {
            code: key.code(),
            name: snapshot.city.area_name(key),
            open: load.open,
            overdue: load.overdue,
            today_closed: load.closed,
        });
        let cells = cells.into_iter().map(|(id, load)| CellLoad {
            id: id.to_string(),
            open: load.open,
            overdue: load.overdue,
        });
        Ok(BoardView {
            as_of_seq,
            as_of: now.0,
            today: Today { reported, closed: all.closed },
            open: all.open,
            overdue: all.overdue,
            by_state,
            towns: towns.collect(),
            cells: cells.collect(),
            latest,
        })
    }
}

/// What is open and may be seen.
fn open(viewer: &Viewer<'_>, now: Time) -> Select<case::Entity> {
    let open = Filter { open: true, ..Filter::default() };
    case::Entity::find().filter(Column::CityId.eq(viewer.caller.city.0)).filter(open.condition(viewer, now))
}

async fn live(conn: &impl ConnectionTrait, viewer: &Viewer<'_>, now: Time) -> Result<Vec<Live>, Fault> {
    let rows = open(viewer, now)
        .select_only()
        .columns([Column::Area, Column::CellId])
        .column_as(Column::Id.count(), "cases")
        .column_as(sum_where(filter::overdue(now)), "overdue")
        .group_by(Column::Area)
        .group_by(Column::CellId)
        .into_model::<Live>()
        .all(conn)
        .await?;
    Ok(rows)
}

async fn by_area(
    conn: &impl ConnectionTrait,
    viewer: &Viewer<'_>,
    filter: &Filter,
    now: Time,
) -> Result<Vec<InArea>, Fault> {
    let rows = case::Entity::find()
        .select_only()
        .column(Column::Area)
        .column_as(Column::Id.count(), "cases")
        .filter(Column::CityId.eq(viewer.caller.city.0))
        .filter(filter.condition(viewer, now))
        .group_by(Column::Area)
        .into_model::<InArea>()
        .all(conn)
        .await?;
    Ok(rows)
}

async fn latest(conn: &impl ConnectionTrait, viewer: &Viewer<'_>, now: Time) -> Result<Vec<Listed>, Fault> {
    let rows = case::Entity::find()
        .filter(Column::CityId.eq(viewer.caller.city.0))
        .filter(Filter::default().condition(viewer, now))
        .order_by_desc(Column::ReportedAt)
        .order_by_desc(Column::Id)
        .limit(LATEST)
        .into_partial_model()
        .all(conn)
        .await?;
    Ok(rows)
}
