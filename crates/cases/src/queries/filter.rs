//! What a list is asked for, as SQL. What a viewer may see is part of every condition; "overdue" is the one definition
//! of `rules::overdue`, held against it by a test on random rows.

use kernel::area::{AreaKey, AreaRange, Level};
use kernel::id::{CellId, CityId, UnitId};
use kernel::rights::{Right, Scope, scopes};
use kernel::time::{DAY_MS, Date, Time};
use org::ClassSelector;
use platform::web::Caller;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition};

use super::Viewer;
use crate::model::{CaseNumber, Source, State};
use crate::store::case::Column;

/// What a list or a count is asked for. Nothing set means everything that the viewer may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// In one of these states; none means any.
    pub(crate) states: Vec<State>,
    /// Of one of these classes or groups; none means any.
    pub(crate) classes: Vec<ClassSelector>,
    /// By this channel.
    pub(crate) source: Option<Source>,
    /// With this accountable unit.
    pub(crate) unit: Option<UnitId>,
    /// In this area.
    pub(crate) area: Option<AreaKey>,
    /// In this cell.
    pub(crate) cell: Option<CellId>,
    /// Neither closed nor refused.
    pub(crate) open: bool,
    /// Overdue now.
    pub(crate) overdue: bool,
    /// Whose running clock ends on this day.
    pub(crate) due_on: Option<Date>,
    /// Reported on this day.
    pub(crate) reported_on: Option<Date>,
    /// Closed on this day.
    pub(crate) closed_on: Option<Date>,
    /// Whose next step is the viewer's.
    pub(crate) mine: bool,
    /// Whose number begins with this.
    pub(crate) number: Option<String>,
}

/// The order of a list, which follows from what it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// What burns first: by the deadline of the running clock. Only live cases have one.
    Due,
    /// Newest report first.
    Reported,
    /// Closed last first.
    Closed,
}

/// Who takes the next step in a state.
const STEPS: [(State, Right); 6] = [
    (State::PendingPreVerify, Right::CasePreVerify),
    (State::PendingFile, Right::CaseFile),
    (State::PendingDispatch, Right::CaseDispatch),
    (State::Handling, Right::CaseHandle),
    (State::PendingCheck, Right::CaseCheck),
    (State::PendingClose, Right::CaseClose),
];

impl Filter {
    /// What burns comes first wherever only live cases are asked for.
    pub(crate) fn order(&self) -> Order {
        let live_only = !self.states.is_empty() && self.states.iter().all(|state| state.is_live());
        if live_only || self.open || self.overdue || self.mine || self.due_on.is_some() {
            Order::Due
        } else if self.closed_on.is_some() {
            Order::Closed
        } else {
            Order::Reported
        }
    }

    /// The one town in which everything lies that is asked for and may be seen: what [`Filter::condition`] says by a range
    /// of areas, in a form that an index finds in the order of the list.
    pub(crate) fn town(&self, viewer: &Viewer<'_>) -> Option<AreaKey> {
        let own = || {
            let scopes = viewer.caller.scopes(viewer.right);
            let mut towns = scopes.iter().map(|scope| town_of(scope.area));
            let first = towns.next()??;
            towns.all(|town| town == Some(first)).then_some(first)
        };
        self.area.and_then(|area| town_of(area.range())).or_else(own)
    }

    /// May a live case be among what is asked for?
    pub(crate) fn asks_live(&self) -> bool {
        self.closed_on.is_none()
            && (self.states.is_empty() || self.states.iter().any(|state| state.is_live()))
    }

    /// May a closed or refused one?
    pub(crate) fn asks_done(&self) -> bool {
        self.order() != Order::Due
            && (self.states.is_empty() || self.states.iter().any(|state| !state.is_live()))
    }

    /// The rows of a city that this viewer may see and that the filter asks for.
    pub(crate) fn condition(&self, viewer: &Viewer<'_>, now: Time) -> Condition {
        let caller = viewer.caller;
        let mut all = within(caller.city, &caller.scopes(viewer.right)).add(Column::CityId.eq(caller.city.0));
        if !self.states.is_empty() {
            all = all.add(Column::State.is_in(self.states.iter().map(|state| state.code())));
        }
        if !self.classes.is_empty() {
            let any = self.classes.iter().fold(Condition::any(), |any, class| any.add(of_class(*class)));
            all = all.add(any);
        }
        all = all
            .add_option(self.source.map(|source| Column::Source.eq(source.code())))
            .add_option(self.unit.map(|unit| Column::UnitId.eq(unit.0)))
            .add_option(self.area.map(in_area))
            .add_option(self.cell.map(|cell| Column::CellId.eq(cell.0)))
            // Only live cases have a deadline. Said wherever it is meant, so that the index of live cases is used.
            .add_option((self.order() == Order::Due).then(|| Column::DueAt.is_not_null()))
            .add_option(self.overdue.then(|| overdue(now)))
            .add_option(self.due_on.map(|day| on_day(Column::DueAt, day)))
            .add_option(self.reported_on.map(|day| on_day(Column::ReportedAt, day)))
            .add_option(self.closed_on.map(|day| on_day(Column::ClosedAt, day)))
            .add_option(self.number.as_deref().map(numbered));
        if self.mine { all.add(mine(caller)) } else { all }
    }
}

/// Overdue, as `rules::overdue` says: the running clock has run out. Closed and refused cases have none.
pub(super) fn overdue(now: Time) -> Expr {
    Column::DueAt.lt(now.0)
}

/// The rows that any of these scopes opens.
fn within(city: CityId, scopes: &[Scope]) -> Condition {
    let whole = AreaKey::of(city.0, 0, 0, 0).map(AreaKey::range);
    let open = |scope: &Scope| scope.unit.is_none() && whole.is_some_and(|whole| scope.area.covers(&whole));
    if scopes.iter().any(open) {
        return Condition::all();
    }
    if scopes.is_empty() {
        return nothing();
    }
    let any = scopes.iter().fold(Condition::any(), |any, scope| any.add(in_scope(scope)));
    Condition::all().add(any)
}

/// A condition that no row meets.
fn nothing() -> Condition {
    Condition::all().add(Expr::cust("1 = 0"))
}

fn in_scope(scope: &Scope) -> Condition {
    Condition::all()
        .add(Column::Area.gte(scope.area.from.0))
        .add(Column::Area.lt(scope.area.to.0))
        .add_option(scope.unit.map(|unit| Column::UnitId.eq(unit.0)))
}

fn in_area(area: AreaKey) -> Condition {
    in_scope(&Scope { area: area.range(), unit: None })
}

/// A group is matched by its letters, not as a range: a range would draw the planner to the index of single classes and
/// make it sort.
fn of_class(class: ClassSelector) -> Expr {
    match class {
        ClassSelector::Class(code) => Column::Class.eq(code.to_string()),
        ClassSelector::Group(group) => Column::Class.starts_with(group.to_string()),
    }
}

fn on_day(column: Column, day: Date) -> Condition {
    let start = Time::start_of(day);
    Condition::all().add(column.gte(start.0)).add(column.lt(start.plus_ms(DAY_MS).0))
}

/// Cases whose number begins with what was typed. Numbers are digits, capitals and a hyphen; what goes on with any of
/// these sorts before `ZZ` under every collation, which gives the index its range.
fn numbered(typed: &str) -> Condition {
    let Some(begin) = CaseNumber::begin(typed) else { return nothing() };
    Condition::all()
        .add(Column::Number.between(begin.clone(), format!("{begin}ZZ")))
        .add(Column::Number.starts_with(&begin))
}

/// Cases whose next step this caller may take. A unit's own work is never his to check or to close.
fn mine(caller: &Caller) -> Condition {
    let own: Vec<i64> = caller.units().into_iter().map(|unit| unit.0).collect();
    let mut any = Condition::any();
    for (state, right) in STEPS {
        let scopes = scopes(&caller.grants, right);
        if scopes.is_empty() {
            continue;
        }
        let mut step = within(caller.city, &scopes).add(Column::State.eq(state.code()));
        if matches!(state, State::PendingCheck | State::PendingClose) && !own.is_empty() {
            step = step.add(Column::UnitId.is_not_in(own.clone()));
        }
        any = any.add(step);
    }
    // Without a word that is always false: it would keep the index of a unit's live cases out of use.
    if any.is_empty() { nothing() } else { any }
}

/// The one town that holds a range of areas; none for a city, or what lies across towns.
fn town_of(range: AreaRange) -> Option<AreaKey> {
    let town = range.from.at(Level::Town);
    (town.level() == Level::Town && town.range().covers(&range)).then_some(town)
}
