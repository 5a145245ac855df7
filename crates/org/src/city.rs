//! One city as it stands today: an immutable snapshot from which every question about places, units and
//! responsibility is answered in memory. A change of any record builds a new one.

mod answer;
mod build;
mod findings;
mod names;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use kernel::area::{AreaKey, Level};
use kernel::calendar::WorkCalendar;
use kernel::id::{CellId, CityId, UnitId, UserId};
use kernel::place::Point;
use kernel::time::Date;
use platform::auth::Standing;

pub use answer::{Answer, RowRef};
pub(crate) use build::seeded_days;
pub use build::{BuildError, Records};
pub use findings::{CityFinding, CityFindings};

use crate::api::Ground;
use crate::document::Kind;
use crate::model::{
    Body, Cell, ClassInfo, Day, Person, PersonId, Place, Post, Profile, Relation, Unit, Zone, ZoneId,
};
use crate::places::{Located, Places};
use crate::responsibility::Matrix;
use crate::rights::standings_of;

/// Which state of the records a decision rests on. Written into events, so that it can be explained years later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Versions {
    /// Places, functional areas and cells: how many changes of them there were.
    pub places: i64,
    /// Responsibility list, relations and units.
    pub matrix: i64,
    /// Working hours and holidays.
    pub calendar: i64,
    /// The lane's version of all of it (`Tx::expect_policy`).
    pub policy: i64,
}

/// A member of staff as staff see him: the phone number only masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonView {
    /// The record.
    pub person: Person,
    /// His name; empty once it was erased.
    pub name: String,
    /// His phone number with the middle masked, if he has one.
    pub phone_masked: Option<String>,
}

/// The snapshot.
#[derive(Debug)]
pub struct City {
    id: CityId,
    key: AreaKey,
    as_of: Date,
    next_change: Option<Date>,
    versions: Versions,
    profile: Option<Profile>,
    tree: BTreeMap<AreaKey, Place>,
    zones: BTreeMap<ZoneId, Zone>,
    cells: BTreeMap<CellId, Cell>,
    cell_ids: BTreeMap<AreaKey, CellId>,
    units: BTreeMap<UnitId, Unit>,
    past_names: BTreeMap<UnitId, String>,
    relations: Vec<Relation>,
    bodies: Vec<Body>,
    persons: BTreeMap<PersonId, PersonView>,
    posts: Vec<Post>,
    days: BTreeMap<Date, Day>,
    classes: Arc<[ClassInfo]>,
    places: Places,
    matrix: Matrix,
    calendar: WorkCalendar,
    findings: OnceLock<CityFindings>,
    standings: OnceLock<BTreeMap<UserId, Standing>>,
    ground: OnceLock<(Ground, Ground)>,
    records: Records,
    record_versions: HashMap<(Kind, i64), i64>,
}

impl City {
    /// The tenant.
    pub fn id(&self) -> CityId {
        self.id
    }

    /// The key of the whole city.
    pub fn key(&self) -> AreaKey {
        self.key
    }

    /// The day for which the snapshot was built.
    pub fn as_of(&self) -> Date {
        self.as_of
    }

    /// Outline, towns and neighbours as the maps draw them.
    pub(crate) fn ground_base(&self) -> &Ground {
        &self.ground().0
    }

    /// The cells as the maps draw them.
    pub(crate) fn ground_cells(&self) -> &Ground {
        &self.ground().1
    }

    fn ground(&self) -> &(Ground, Ground) {
        self.ground.get_or_init(|| (crate::api::base_of(self), crate::api::cells_of(self)))
    }

    /// What the snapshot rests on.
    pub fn versions(&self) -> Versions {
        self.versions
    }

    /// Does the snapshot still tell the truth on `today`, or has a dated record begun or ended since?
    pub fn is_current(&self, today: Date) -> bool {
        self.as_of <= today && self.next_change.is_none_or(|change| today < change)
    }

    /// The records from which the snapshot was built.
    pub fn records(&self) -> &Records {
        &self.records
    }

    /// The version of a record; 0 when it never stood.
    pub fn record_version(&self, kind: Kind, id: i64) -> i64 {
        self.record_versions.get(&(kind, id)).copied().unwrap_or_default()
    }

    pub(crate) fn with_record_versions(mut self, versions: HashMap<(Kind, i64), i64>) -> Self {
        self.record_versions = versions;
        self
    }

    /// What the city says about itself; `None` before anybody has set it up.
    pub fn profile(&self) -> Option<&Profile> {
        self.profile.as_ref()
    }

    /// Where a point lies.
    pub fn locate(&self, point: Point) -> Located {
        self.places.locate(point)
    }

    /// The index of polygons.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The responsibility list.
    pub fn matrix(&self) -> &Matrix {
        &self.matrix
    }

    /// Working hours and holidays.
    pub fn calendar(&self) -> &WorkCalendar {
        &self.calendar
    }

    /// The dates that differ from their weekday.
    pub fn days(&self) -> &BTreeMap<Date, Day> {
        &self.days
    }

    /// The catalogue of classes as the cases tell it.
    pub fn classes(&self) -> &[ClassInfo] {
        &self.classes
    }

    /// A unit that stands.
    pub fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.units.get(&id)
    }

    /// The units that stand, by id.
    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        self.units.values()
    }

    /// A cell of any level.
    pub fn cell(&self, id: CellId) -> Option<&Cell> {
        self.cells.get(&id)
    }

    /// The cells of all levels, by area: the city, then each town and its cells.
    pub fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.cell_ids.values().filter_map(|id| self.cells.get(id))
    }

    /// The cell of exactly this area.
    pub fn cell_at(&self, area: AreaKey) -> Option<&Cell> {
        self.cell_ids.get(&area).and_then(|id| self.cells.get(id))
    }

    /// The upper cell in which a cell lies: the town's, or the city's.
    pub fn parent_of(&self, cell: &Cell) -> Option<&Cell> {
        match cell.level() {
            Level::City => None,
            Level::Town => self.cell_at(cell.key.at(Level::City)),
            Level::Village | Level::Cell => {
                self.cell_at(cell.key.at(Level::Town)).or_else(|| self.cell_at(cell.key.at(Level::City)))
            }
        }
    }

    /// The cells that lie directly in a cell.
    pub fn children_of(&self, cell: &Cell) -> impl Iterator<Item = &Cell> {
        let range = cell.key.range();
        let id = cell.id;
        let inside = self.cell_ids.range(range.from..range.to).filter_map(|(_, id)| self.cells.get(id));
        inside.filter(move |child| self.parent_of(child).is_some_and(|parent| parent.id == id))
    }

    /// A place of the official tree.
    pub fn place(&self, key: AreaKey) -> Option<&Place> {
        self.tree.get(&key)
    }

    /// The towns, by code.
    pub fn towns(&self) -> impl Iterator<Item = &Place> {
        self.tree.values().filter(|place| place.key.level() == Level::Town)
    }

    /// The villages of an area, by code.
    pub fn villages(&self, area: AreaKey) -> impl Iterator<Item = &Place> {
        let range = area.range();
        let under = self.tree.range(range.from..range.to).map(|(_, place)| place);
        under.filter(|place| place.key.level() == Level::Village)
    }

    /// Every place and cell of the city, by code.
    pub fn areas(&self) -> impl Iterator<Item = AreaKey> {
        let mut keys: Vec<AreaKey> = self.tree.keys().chain(self.cell_ids.keys()).copied().collect();
        keys.sort();
        keys.dedup();
        keys.into_iter()
    }

    /// The functional areas.
    pub fn zones(&self) -> &BTreeMap<ZoneId, Zone> {
        &self.zones
    }

    /// What units are to places.
    pub fn relations(&self) -> &[Relation] {
        &self.relations
    }

    /// The bodies.
    pub fn bodies(&self) -> &[Body] {
        &self.bodies
    }

    /// A member of staff.
    pub fn person(&self, id: PersonId) -> Option<&PersonView> {
        self.persons.get(&id)
    }

    /// The members of staff, by id.
    pub fn persons(&self) -> impl Iterator<Item = &PersonView> {
        self.persons.values()
    }

    /// The posts, with and without a present holder.
    pub fn posts(&self) -> &[Post] {
        &self.posts
    }

    /// What every login of a member of staff is and may do on the day of the snapshot.
    pub fn standings(&self) -> &BTreeMap<UserId, Standing> {
        self.standings.get_or_init(|| standings_of(&self.records, self.as_of))
    }

    /// What the posts of a login give; `None` for one without a person.
    pub fn standing(&self, user: UserId) -> Option<&Standing> {
        self.standings().get(&user)
    }

    /// The unit that takes what nobody else is accountable for in an area, on the day of the snapshot.
    pub fn backstop_of(&self, area: AreaKey) -> Option<UnitId> {
        self.matrix.backstop_of(area, self.as_of).map(|(_, unit)| unit)
    }

    /// The smallest places of the city: village-level cells, villages and towns without any, and the ground of towns
    /// outside of their cells.
    pub fn leaves(&self) -> Vec<AreaKey> {
        let mut leaves: Vec<AreaKey> =
            self.cells().filter(|cell| cell.level() == Level::Cell).map(|cell| cell.key).collect();
        for key in self.tree.keys().copied() {
            let narrower = AreaKey(key.0 + 1)..key.range().to;
            let has_part = self.tree.range(narrower.clone()).next().is_some()
                || self.cell_ids.range(narrower).next().is_some();
            if !has_part {
                leaves.push(key);
            }
        }
        leaves.sort();
        leaves.dedup();
        leaves
    }
}

#[cfg(test)]
mod tests;
