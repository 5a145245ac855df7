//! A record of any kind, as the one table of the hall holds it and as one command changes many.

use std::collections::{HashMap, HashSet};

use kernel::id::UnitId;
use kernel::problem::Lang;
use platform::db::{Fault, Tx};
use platform::journal::{Head, JournalEvent, Stamp, Stream};

use crate::city::{PersonView, Records};
use crate::model::{
    Backdrop, Body, Cell, CompleteYear, Day, Deputy, MatrixRow, OrgEvent, Person, Place, Post, Profile,
    Record, Relation, Unit, Zone,
};

impl<R: Record> JournalEvent for OrgEvent<R> {
    const STREAM: &'static str = R::STREAM;

    /// The settings say whether duties may be joined.
    fn told(&self) -> bool {
        R::KIND == "profile"
    }

    fn kind(&self) -> &'static str {
        self.name()
    }
}

/// Declares [`Kind`] and [`Document`] with one variant per record type.
macro_rules! documents {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        /// A kind of record.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($(#[$doc])* $name,)+
        }

        /// Every kind.
        pub const KINDS: &[Kind] = &[$(Kind::$name,)+];

        /// A record of any kind.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Document {
            $($(#[$doc])* $name($name),)+
        }

        impl Kind {
            /// The kind as rows name it.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$name => <$name as Record>::KIND,)+
                }
            }

            /// The kind of its journal streams.
            pub const fn stream(self) -> &'static str {
                match self {
                    $(Self::$name => <$name as Record>::STREAM,)+
                }
            }

            /// Reads a stored document.
            ///
            /// # Errors
            /// [`Fault::Unreadable`]
            pub fn read(self, text: &str) -> Result<Document, Fault> {
                let unreadable = |error: serde_json::Error| {
                    Fault::Unreadable(format!("{}: {error}", self.word()).into())
                };
                match self {
                    $(Self::$name => serde_json::from_str(text).map(Document::$name).map_err(unreadable),)+
                }
            }

            /// Journals that a record no longer stands.
            pub(crate) fn end(self, tx: &mut Tx, id: i64, before: &Head, stamp: &Stamp, erased: bool) -> Head {
                match self {
                    $(Self::$name => {
                        let event = if erased { OrgEvent::<$name>::Erased } else { OrgEvent::Removed };
                        tx.journal(Stream::of::<OrgEvent<$name>>(id), before, stamp, &[event])
                    })+
                }
            }

            /// The record after the body of an event, as its row must hold it; `None` when it no longer stands.
            pub(crate) fn replay(self, body: &str) -> Result<Option<String>, serde_json::Error> {
                match self {
                    $(Self::$name => {
                        let event: OrgEvent<$name> = serde_json::from_str(body)?;
                        event.after().map(|record| serde_json::to_string(&record)).transpose()
                    })+
                }
            }
        }

        impl Document {
            /// Its kind.
            pub const fn kind(&self) -> Kind {
                match self {
                    $(Self::$name(_) => Kind::$name,)+
                }
            }

            /// Its id.
            pub fn id(&self) -> i64 {
                match self {
                    $(Self::$name(record) => record.id(),)+
                }
            }

            /// The code that people use for it.
            pub fn code(&self) -> String {
                match self {
                    $(Self::$name(record) => record.code(),)+
                }
            }

            /// As it is stored.
            pub(crate) fn text(&self) -> Result<String, Fault> {
                let failed = |error: serde_json::Error| Fault::Unreadable(error.to_string().into());
                match self {
                    $(Self::$name(record) => serde_json::to_string(record).map_err(failed),)+
                }
            }

            /// Journals that the record is now this.
            pub(crate) fn journal(&self, tx: &mut Tx, before: &Head, stamp: &Stamp) -> Head {
                match self {
                    $(Self::$name(record) => {
                        let stream = Stream::of::<OrgEvent<$name>>(record.id());
                        tx.journal(stream, before, stamp, &[OrgEvent::Set(record.clone())])
                    })+
                }
            }
        }

        $(impl From<$name> for Document {
            fn from(record: $name) -> Self {
                Self::$name(record)
            }
        })+
    };
}

documents! {
    /// The city about itself.
    Profile,
    /// What is drawn around it.
    Backdrop,
    /// A place of the official tree.
    Place,
    /// A functional area.
    Zone,
    /// A unit.
    Unit,
    /// What a unit is to a place.
    Relation,
    /// A member of staff.
    Person,
    /// A post.
    Post,
    /// A deputyship.
    Deputy,
    /// A body.
    Body,
    /// A cell.
    Cell,
    /// A row of the responsibility list.
    MatrixRow,
    /// A date that differs from its weekday.
    Day,
    /// A year of which all such dates are told.
    CompleteYear,
}

impl Kind {
    /// Reads [`Kind::word`].
    pub fn by_word(word: &str) -> Option<Self> {
        KINDS.iter().copied().find(|kind| kind.word() == word)
    }

    /// What people call it.
    pub const fn name(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Self::Profile => ("城市设置", "settings of the city"),
            Self::Backdrop => ("底图", "backdrop"),
            Self::Place => ("行政区划", "place"),
            Self::Zone => ("功能区", "functional area"),
            Self::Unit => ("单位", "unit"),
            Self::Relation => ("单位与地点的关系", "relation of a unit"),
            Self::Person => ("人员", "member of staff"),
            Self::Post => ("岗位", "post"),
            Self::Deputy => ("代理", "deputy"),
            Self::Body => ("议事机构", "body"),
            Self::Cell => ("网格", "grid cell"),
            Self::MatrixRow => ("责任清单", "row of the responsibility list"),
            Self::Day => ("工作日历", "date of the calendar"),
            Self::CompleteYear => ("工作日历年度", "year of the calendar"),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// Replaces the record of the same id in a list, or adds it.
fn put<R: Record>(list: &mut Vec<R>, record: R) {
    match list.iter_mut().find(|old| old.id() == record.id()) {
        Some(old) => *old = record,
        None => list.push(record),
    }
}

/// What becomes of a record.
pub(crate) enum Fate {
    /// It is now this; a person keeps the name and phone that are known of him.
    Set(Document),
    /// A person is now this, with his name and phone.
    Person(PersonView),
    /// It no longer stands.
    Gone,
}

/// The fates of the records of one kind, each with its turn.
type Fates = HashMap<i64, (usize, Fate)>;

/// Brings fates to a list in one walk: changed records stay in their places, new ones follow in their turn.
fn settle<T>(
    list: &mut Vec<T>,
    id: impl Fn(&T) -> i64,
    mut fates: Fates,
    made: impl Fn(Fate, Option<&T>) -> Option<T>,
) {
    list.retain_mut(|item| match fates.remove(&id(item)) {
        None => true,
        Some((_, fate)) => match made(fate, Some(item)) {
            Some(new) => {
                *item = new;
                true
            }
            None => false,
        },
    });
    let mut new: Vec<(usize, Fate)> = fates.into_values().collect();
    new.sort_by_key(|(turn, _)| *turn);
    list.extend(new.into_iter().filter_map(|(_, fate)| made(fate, None)));
}

/// The same for records that are there once at most.
fn settle_one<R: Record>(one: &mut Option<R>, fates: Fates, made: impl Fn(Fate, Option<&R>) -> Option<R>) {
    let mut list: Vec<R> = one.take().into_iter().collect();
    settle(&mut list, Record::id, fates, made);
    *one = list.pop();
}

/// The record of a fate, for the lists of one kind.
macro_rules! made {
    ($kind:ident) => {
        |fate, _| match fate {
            Fate::Set(Document::$kind(record)) => Some(record),
            Fate::Set(_) | Fate::Person(_) | Fate::Gone => None,
        }
    };
}

fn drop_by<R: Record>(list: &mut Vec<R>, id: i64) {
    list.retain(|record| record.id() != id);
}

impl Records {
    /// Puts a record in its place. A person keeps the name and phone that are known of him.
    pub fn set(&mut self, document: Document) {
        match document {
            Document::Profile(record) => self.profile = Some(record),
            Document::Backdrop(record) => self.backdrop = Some(record),
            Document::Place(record) => put(&mut self.places, record),
            Document::Zone(record) => put(&mut self.zones, record),
            Document::Unit(record) => put(&mut self.units, record),
            Document::Relation(record) => put(&mut self.relations, record),
            Document::Person(person) => match self.persons.iter_mut().find(|v| v.person.id == person.id) {
                Some(view) => view.person = person,
                None => self.persons.push(PersonView { person, name: String::new(), phone_masked: None }),
            },
            Document::Post(record) => put(&mut self.posts, record),
            Document::Deputy(record) => put(&mut self.deputies, record),
            Document::Body(record) => put(&mut self.bodies, record),
            Document::Cell(record) => put(&mut self.cells, record),
            Document::MatrixRow(record) => put(&mut self.rows, record),
            Document::Day(record) => put(&mut self.days, record),
            Document::CompleteYear(record) => put(&mut self.years, record),
        }
    }

    /// Changes many records. Of several words on one record the last holds.
    pub(crate) fn change(&mut self, fates: impl IntoIterator<Item = (Kind, i64, Fate)>) {
        let mut by_kind: HashMap<Kind, Fates> = HashMap::new();
        for (turn, (kind, id, fate)) in fates.into_iter().enumerate() {
            by_kind.entry(kind).or_default().insert(id, (turn, fate));
        }
        for (kind, fates) in by_kind {
            match kind {
                Kind::Profile => settle_one(&mut self.profile, fates, made!(Profile)),
                Kind::Backdrop => settle_one(&mut self.backdrop, fates, made!(Backdrop)),
                Kind::Place => settle(&mut self.places, Record::id, fates, made!(Place)),
                Kind::Zone => settle(&mut self.zones, Record::id, fates, made!(Zone)),
                Kind::Unit => {
                    let gone = |id: i64| matches!(fates.get(&id), Some((_, Fate::Gone)));
                    let past = self.units.iter().filter(|unit| gone(unit.id.0));
                    self.past_names.extend(past.map(|unit| (unit.id, unit.short_name.clone())));
                    settle(&mut self.units, Record::id, fates, made!(Unit));
                }
                Kind::Relation => settle(&mut self.relations, Record::id, fates, made!(Relation)),
                Kind::Person => settle(&mut self.persons, |view| view.person.id.0, fates, person),
                Kind::Post => settle(&mut self.posts, Record::id, fates, made!(Post)),
                Kind::Deputy => settle(&mut self.deputies, Record::id, fates, made!(Deputy)),
                Kind::Body => settle(&mut self.bodies, Record::id, fates, made!(Body)),
                Kind::Cell => settle(&mut self.cells, Record::id, fates, made!(Cell)),
                Kind::MatrixRow => settle(&mut self.rows, Record::id, fates, made!(MatrixRow)),
                Kind::Day => settle(&mut self.days, Record::id, fates, made!(Day)),
                Kind::CompleteYear => settle(&mut self.years, Record::id, fates, made!(CompleteYear)),
            }
        }
    }

    /// Takes a record out.
    pub fn remove(&mut self, kind: Kind, id: i64) {
        match kind {
            Kind::Profile => self.profile = None,
            Kind::Backdrop => self.backdrop = None,
            Kind::Place => drop_by(&mut self.places, id),
            Kind::Zone => drop_by(&mut self.zones, id),
            Kind::Unit => {
                let name = self.units.iter().find(|unit| unit.id.0 == id).map(|unit| unit.short_name.clone());
                self.past_names.extend(name.map(|name| (UnitId(id), name)));
                drop_by(&mut self.units, id);
            }
            Kind::Relation => drop_by(&mut self.relations, id),
            Kind::Person => self.persons.retain(|view| view.person.id.0 != id),
            Kind::Post => drop_by(&mut self.posts, id),
            Kind::Deputy => drop_by(&mut self.deputies, id),
            Kind::Body => drop_by(&mut self.bodies, id),
            Kind::Cell => drop_by(&mut self.cells, id),
            Kind::MatrixRow => drop_by(&mut self.rows, id),
            Kind::Day => drop_by(&mut self.days, id),
            Kind::CompleteYear => drop_by(&mut self.years, id),
        }
    }

    /// Every record that stands, for asking about many.
    pub(crate) fn standing(&self) -> HashSet<(Kind, i64)> {
        fn ids<'a, R: Record>(kind: Kind, list: impl IntoIterator<Item = &'a R>) -> Vec<(Kind, i64)> {
            list.into_iter().map(|record| (kind, record.id())).collect()
        }
        let lists = [
            ids(Kind::Profile, &self.profile),
            ids(Kind::Backdrop, &self.backdrop),
            ids(Kind::Place, &self.places),
            ids(Kind::Zone, &self.zones),
            ids(Kind::Unit, &self.units),
            ids(Kind::Relation, &self.relations),
            ids(Kind::Person, self.persons.iter().map(|view| &view.person)),
            ids(Kind::Post, &self.posts),
            ids(Kind::Deputy, &self.deputies),
            ids(Kind::Body, &self.bodies),
            ids(Kind::Cell, &self.cells),
            ids(Kind::MatrixRow, &self.rows),
            ids(Kind::Day, &self.days),
            ids(Kind::CompleteYear, &self.years),
        ];
        lists.into_iter().flatten().collect()
    }

    /// The code by which people know a record; of what hangs on another record the code of that one. Empty where it has
    /// none that people know.
    pub(crate) fn code_of(&self, kind: Kind, id: i64) -> String {
        fn find<R: Record>(list: &[R], id: i64) -> String {
            list.iter().find(|record| record.id() == id).map(Record::code).unwrap_or_default()
        }
        let person = |id: i64| {
            let view = self.persons.iter().find(|view| view.person.id.0 == id);
            view.map(|view| view.person.code.clone()).unwrap_or_default()
        };
        let post = |id: i64| self.posts.iter().find(|post| post.id.0 == id).map(|post| post.person.0);
        match kind {
            Kind::Place => find(&self.places, id),
            Kind::Zone => find(&self.zones, id),
            Kind::Unit => find(&self.units, id),
            Kind::Person => person(id),
            Kind::Post => post(id).map(person).unwrap_or_default(),
            Kind::Deputy => {
                let deputy = self.deputies.iter().find(|deputy| deputy.id.0 == id);
                deputy.map(|deputy| person(deputy.person.0)).unwrap_or_default()
            }
            Kind::Relation => {
                let unit =
                    self.relations.iter().find(|relation| relation.id.0 == id).map(|found| found.unit.0);
                unit.map(|unit| find(&self.units, unit)).unwrap_or_default()
            }
            Kind::Body => {
                let body = self.bodies.iter().find(|body| body.id.0 == id);
                body.map(|body| body.name.clone()).unwrap_or_default()
            }
            Kind::Cell => find(&self.cells, id),
            Kind::MatrixRow => find(&self.rows, id),
            Kind::Day => find(&self.days, id),
            Kind::CompleteYear => find(&self.years, id),
            Kind::Profile | Kind::Backdrop => String::new(),
        }
    }

    /// Does a record stand?
    pub fn stands(&self, kind: Kind, id: i64) -> bool {
        fn any<R: Record>(list: &[R], id: i64) -> bool {
            list.iter().any(|record| record.id() == id)
        }
        match kind {
            Kind::Profile => self.profile.as_ref().is_some_and(|record| record.id() == id),
            Kind::Backdrop => self.backdrop.as_ref().is_some_and(|record| record.id() == id),
            Kind::Place => any(&self.places, id),
            Kind::Zone => any(&self.zones, id),
            Kind::Unit => any(&self.units, id),
            Kind::Relation => any(&self.relations, id),
            Kind::Person => self.persons.iter().any(|view| view.person.id.0 == id),
            Kind::Post => any(&self.posts, id),
            Kind::Deputy => any(&self.deputies, id),
            Kind::Body => any(&self.bodies, id),
            Kind::Cell => any(&self.cells, id),
            Kind::MatrixRow => any(&self.rows, id),
            Kind::Day => any(&self.days, id),
            Kind::CompleteYear => any(&self.years, id),
        }
    }
}

/// The person of a fate.
fn person(fate: Fate, before: Option<&PersonView>) -> Option<PersonView> {
    match fate {
        Fate::Person(view) => Some(view),
        Fate::Set(Document::Person(person)) => {
            let none = PersonView { person: person.clone(), name: String::new(), phone_masked: None };
            Some(PersonView { person, ..before.cloned().unwrap_or(none) })
        }
        Fate::Set(_) | Fate::Gone => None,
    }
}
