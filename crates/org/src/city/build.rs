//! Putting a snapshot together from its records.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use kernel::area::AreaKey;
use kernel::calendar::{CalendarError, DayKind, WorkCalendar, holidays};
use kernel::id::{CityId, UnitId};
use kernel::time::Date;

use super::{City, PersonView, Versions};
use crate::model::{
    Backdrop, Body, Cell, ClassInfo, CompleteYear, Dates, Day, Deputy, MatrixRow, Place, Post, Profile,
    Relation, Unit, Zone,
};
use crate::places::{BadShape, Places};
use crate::responsibility::Matrix;

/// The standing records of a city.
#[derive(Debug, Clone, Default)]
pub struct Records {
    /// What the city says about itself.
    pub profile: Option<Profile>,
    /// What is drawn around the city.
    pub backdrop: Option<Backdrop>,
    /// The official tree.
    pub places: Vec<Place>,
    /// Functional areas.
    pub zones: Vec<Zone>,
    /// Cells of all levels.
    pub cells: Vec<Cell>,
    /// Units.
    pub units: Vec<Unit>,
    /// Names of units that were removed; old cases still show them.
    pub past_names: BTreeMap<UnitId, String>,
    /// What units are to places.
    pub relations: Vec<Relation>,
    /// Bodies.
    pub bodies: Vec<Body>,
    /// People.
    pub persons: Vec<PersonView>,
    /// Posts.
    pub posts: Vec<Post>,
    /// Deputies.
    pub deputies: Vec<Deputy>,
    /// The responsibility list.
    pub rows: Vec<MatrixRow>,
    /// Dates that differ from their weekday. None at all means the seeded table of the product.
    pub days: Vec<Day>,
    /// Years of which all such dates are told, beside those that the product knows.
    pub years: Vec<CompleteYear>,
}

/// Why records make no snapshot. They are judged when they are set, so this means that rows were changed behind the
/// product's back.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BuildError {
    /// The city's id is not a division code of six digits.
    #[error("{0} is not the division code of a city")]
    NotACity(CityId),
    /// A polygon cannot be read.
    #[error(transparent)]
    Shape(#[from] BadShape),
    /// The working hours make no calendar.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

impl City {
    /// The city as it stands on `today`. Cells and places that do not exist on that day are left out; rows of the
    /// responsibility list keep their dates, and those of their units, and are judged at the moment that is asked about.
    ///
    /// # Errors
    /// [`BuildError`]
    pub fn build(
        id: CityId,
        today: Date,
        records: Records,
        classes: Arc<[ClassInfo]>,
        versions: Versions,
    ) -> Result<Self, BuildError> {
        let key = AreaKey::of(id.0, 0, 0, 0).ok_or(BuildError::NotACity(id))?;
        let next_change = next_change(&records, today);
        let kept = records.clone();
        let tree: BTreeMap<AreaKey, Place> =
            standing(records.places, today, |p| p.valid).map(|place| (place.key, place)).collect();
        let cells: BTreeMap<_, Cell> =
            standing(records.cells, today, |c| c.valid).map(|cell| (cell.id, cell)).collect();
        let cell_ids = cells.values().map(|cell| (cell.key, cell.id)).collect();
        let places = Places::build(key, cells.values(), tree.values())?;
        let backstops = tree.values().filter_map(|place| Some((place.key, place.backstop?))).collect();
        let limits = records.units.iter().filter(|unit| unit.valid != Dates::ALWAYS);
        let limits = limits.map(|unit| (unit.id, unit.valid)).collect();
        let matrix = Matrix::build(records.rows, &records.zones, &records.relations, backstops, &limits);
        let days = if records.days.is_empty() { seeded_days() } else { records.days };
        let calendar = calendar(records.profile.as_ref(), &days, &records.years)?;
        Ok(Self {
            id,
            key,
            as_of: today,
            next_change,
            versions,
            profile: records.profile,
            tree,
            zones: records.zones.into_iter().map(|zone| (zone.id, zone)).collect(),
            cells,
            cell_ids,
            units: records.units.into_iter().map(|unit| (unit.id, unit)).collect(),
            past_names: records.past_names,
            relations: records.relations,
            bodies: records.bodies,
            persons: records.persons.into_iter().map(|view| (view.person.id, view)).collect(),
            posts: records.posts,
            days: days.into_iter().map(|day| (day.date, day)).collect(),
            classes,
            places,
            matrix,
            calendar,
            findings: OnceLock::new(),
            standings: OnceLock::new(),
            ground: OnceLock::new(),
            records: kept,
            record_versions: HashMap::new(),
        })
    }
}

/// The table of holidays that comes with the product, as records.
pub(crate) fn seeded_days() -> Vec<Day> {
    let day = |(date, kind, name): (Date, DayKind, &str)| Day { date, kind, name: name.to_owned() };
    holidays().into_iter().map(day).collect()
}

fn calendar(
    profile: Option<&Profile>,
    days: &[Day],
    complete: &[CompleteYear],
) -> Result<WorkCalendar, CalendarError> {
    let hours = profile.map(|profile| profile.hours.clone()).filter(|hours| !hours.is_empty());
    let hours = hours.unwrap_or_else(|| WorkCalendar::DEFAULT_HOURS.to_vec());
    let exceptions = days.iter().map(|day| (day.date, day.kind)).collect();
    // The product comes with whole years. Of others the first date says nothing about the rest.
    let seeded: BTreeSet<i16> = holidays().iter().map(|(date, ..)| date.year()).collect();
    let kept = days.iter().map(|day| day.date.year()).filter(|year| seeded.contains(year));
    let known: BTreeSet<i16> = kept.chain(complete.iter().map(|one| one.year)).collect();
    WorkCalendar::new(hours, exceptions, known)
}

fn standing<R>(records: Vec<R>, today: Date, valid: fn(&R) -> Dates) -> impl Iterator<Item = R> {
    records.into_iter().filter(move |record| valid(record).holds(today))
}

/// The first day after `today` on which some record begins or no longer holds.
fn next_change(records: &Records, today: Date) -> Option<Date> {
    let places = records.places.iter().map(|place| place.valid);
    let cells = records
        .cells
        .iter()
        .flat_map(|cell| cell.persons.iter().map(|person| person.valid).chain([cell.valid]));
    let persons = records.persons.iter().map(|view| view.person.valid);
    let posts = records.posts.iter().map(|post| post.valid);
    let deputies = records.deputies.iter().map(|deputy| deputy.valid);
    let units = records.units.iter().map(|unit| unit.valid);
    let all = places.chain(cells).chain(persons).chain(posts).chain(deputies).chain(units);
    let edges =
        all.flat_map(|valid| [valid.valid_from, valid.valid_to.and_then(|last| last.tomorrow().ok())]);
    edges.flatten().filter(|edge| *edge > today).min()
}
