//! The nouns of the hall: places, functional areas, grid cells, units, people, and the responsibility list (责任清单).
//!
//! Every noun is a [`Record`]: a small document with an id, a code that people use, and dates. A change of a record is
//! an [`OrgEvent`] that carries the whole document, so that the last event of a stream *is* the record. Records hold
//! no personal data: names and phones stand in erasable rows, and the record carries commitments to them.

mod calendar;
mod cell;
mod class;
mod dates;
mod people;
mod place;
mod record;
mod row;
mod unit;

pub use calendar::{Backdrop, CompleteYear, Day, Profile};
pub use cell::{Cell, CellPerson, DUTIES, Duty};
pub use class::{BadSelector, ClassInfo, ClassSelector};
pub use dates::Dates;
pub use people::{Deputy, DeputyId, Person, PersonId, Post, PostId, role_code, role_name};
pub use place::{AreaSelector, Place, Zone, ZoneId, ZonePart};
pub use record::{OrgEvent, Record};
pub use row::{BadWindow, MatrixRow, Window};
pub use unit::{
    Body, BodyId, BodyKind, Member, RELATION_KINDS, Relation, RelationId, RelationKind, UNIT_KINDS, Unit,
    UnitKind,
};

#[cfg(test)]
mod tests;
