//! Rows of the hall, and reading all of them into a snapshot.

use std::collections::{BTreeMap, HashMap};

use kernel::id::{CityId, UnitId};
use kernel::text::mask_phone;
use platform::db::Fault;
use platform::secrets::Secrets;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::city::{Records, Versions};
use crate::document::{Document, Kind};
use crate::model::{Person, PersonId};

/// Rows of records.
pub(crate) mod record {
    use platform::journal::Head;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "org_record")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub city_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub code: Option<String>,
        pub doc: String,
        pub removed: bool,
        pub version: i64,
        pub head_hash: Vec<u8>,
        pub changed_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    impl Model {
        /// Where its stream ends.
        pub(crate) fn head(&self) -> Head {
            Head { version: self.version, hash: self.head_hash.clone() }
        }
    }
}

/// Rows of what is personal about staff.
pub(crate) mod person {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "org_person")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub city_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub salt: Vec<u8>,
        pub name_sealed: Vec<u8>,
        pub phone_sealed: Option<Vec<u8>>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Everything of a city that a snapshot is made of.
pub(crate) struct Loaded {
    pub(crate) records: Records,
    pub(crate) versions: Versions,
    /// Version of every record, standing or not.
    pub(crate) record_versions: HashMap<(Kind, i64), i64>,
}

/// Reads the records of a city.
///
/// # Errors
/// What the database says; [`Fault::Unreadable`] names a row that cannot be read back.
pub(crate) async fn load(
    conn: &impl ConnectionTrait,
    secrets: &Secrets,
    city: CityId,
) -> Result<Loaded, Fault> {
    // Read first: if somebody writes in between, the snapshot is older than it says, and its next command finds out.
    let policy = platform::db::policy_version(conn, city).await?;
    let rows = record::Entity::find()
        .filter(record::Column::CityId.eq(city.0))
        .order_by_asc(record::Column::Kind)
        .order_by_asc(record::Column::Id)
        .all(conn)
        .await?;
    let mut personal: BTreeMap<i64, person::Model> = BTreeMap::new();
    for row in person::Entity::find().filter(person::Column::CityId.eq(city.0)).all(conn).await? {
        personal.insert(row.id, row);
    }
    let mut loaded = Loaded {
        records: Records::default(),
        versions: Versions { policy, ..Versions::default() },
        record_versions: HashMap::new(),
    };
    for row in rows {
        let unknown = || Fault::Unreadable(format!("org_record of kind {}", row.kind).into());
        let kind = Kind::by_word(&row.kind).ok_or_else(unknown)?;
        loaded.record_versions.insert((kind, row.id), row.version);
        count(&mut loaded.versions, kind, row.version);
        let document = kind.read(&row.doc)?;
        if row.removed {
            if let Document::Unit(unit) = document {
                loaded.records.past_names.insert(UnitId(row.id), unit.short_name);
            }
            continue;
        }
        if let Document::Person(person) = document {
            let row = personal.remove(&row.id);
            loaded.records.persons.push(view(secrets, person, row.as_ref()));
        } else {
            add(&mut loaded.records, document);
        }
    }
    Ok(loaded)
}

/// A person as staff see him.
pub(crate) fn view(
    secrets: &Secrets,
    person: Person,
    row: Option<&person::Model>,
) -> crate::city::PersonView {
    let name = row.and_then(|row| secrets.open(&row.name_sealed)).unwrap_or_default();
    let phone = row.and_then(|row| secrets.open(row.phone_sealed.as_ref()?));
    crate::city::PersonView { person, name, phone_masked: phone.as_deref().map(mask_phone) }
}

/// Adds a loaded record without looking for an older one: ids are unique in the table.
fn add(records: &mut Records, document: Document) {
    match document {
        Document::Profile(record) => records.profile = Some(record),
        Document::Backdrop(record) => records.backdrop = Some(record),
        Document::Place(record) => records.places.push(record),
        Document::Zone(record) => records.zones.push(record),
        Document::Unit(record) => records.units.push(record),
        Document::Relation(record) => records.relations.push(record),
        Document::Post(record) => records.posts.push(record),
        Document::Deputy(record) => records.deputies.push(record),
        Document::Body(record) => records.bodies.push(record),
        Document::Cell(record) => records.cells.push(record),
        Document::MatrixRow(record) => records.rows.push(record),
        Document::Day(record) => records.days.push(record),
        Document::CompleteYear(record) => records.years.push(record),
        Document::Person(_) => records.set(document),
    }
}

/// Every change of a record raises its version by one, so the sums only rise, and rise with every change.
fn count(versions: &mut Versions, kind: Kind, version: i64) {
    match kind {
        Kind::Place | Kind::Zone | Kind::Cell => versions.places += version,
        Kind::MatrixRow | Kind::Relation | Kind::Unit => versions.matrix += version,
        Kind::Day | Kind::CompleteYear | Kind::Profile => versions.calendar += version,
        Kind::Backdrop | Kind::Person | Kind::Post | Kind::Deputy | Kind::Body => {}
    }
}

/// Rows of imports.
pub(crate) mod import {
    use kernel::id::CityId;
    use platform::db::Fault;
    use sea_orm::entity::prelude::*;

    /// Its changes are still being kept; nobody sees it.
    pub(crate) const READING: &str = "reading";
    /// Read in and shown, nothing changed yet.
    pub(crate) const PREVIEW: &str = "preview";
    /// Its changes are being written.
    pub(crate) const APPLYING: &str = "applying";
    /// Its changes stand.
    pub(crate) const APPLIED: &str = "applied";
    /// What was before is being written back.
    pub(crate) const UNDOING: &str = "undoing";
    /// What was before stands again.
    pub(crate) const UNDONE: &str = "undone";

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "org_import")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub city_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub kind: String,
        pub file_name: String,
        pub state: String,
        pub row_count: i32,
        pub add_count: i32,
        pub change_count: i32,
        pub remove_count: i32,
        pub errors: String,
        pub notes: Option<String>,
        pub policy_version: i64,
        pub done_count: i32,
        pub made_at: i64,
        pub made_by: i64,
        pub changed_at: i64,
        pub changed_by: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// Is an import of the city, other than `but`, being applied or undone?
    pub(crate) async fn under_way(
        conn: &impl ConnectionTrait,
        city: CityId,
        but: Option<i64>,
    ) -> Result<bool, Fault> {
        let running = Entity::find()
            .filter(Column::CityId.eq(city.0))
            .filter(Column::State.is_in([APPLYING, UNDOING]))
            .filter(Column::Id.ne(but.unwrap_or_default()))
            .one(conn)
            .await?;
        Ok(running.is_some())
    }
}

/// Rows of the changes of imports.
pub(crate) mod import_change {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "org_import_change")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub city_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub import_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub n: i32,
        pub record_kind: String,
        pub record_id: i64,
        pub version_before: i64,
        pub version_after: Option<i64>,
        pub content: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Names and phones of everybody, for holding a workbook against them.
///
/// # Errors
/// What the database says.
pub(crate) async fn people(
    conn: &impl ConnectionTrait,
    secrets: &Secrets,
    city: CityId,
) -> Result<HashMap<PersonId, (String, Option<String>)>, Fault> {
    let rows = person::Entity::find().filter(person::Column::CityId.eq(city.0)).all(conn).await?;
    let open = |row: person::Model| {
        let name = secrets.open(&row.name_sealed).unwrap_or_default();
        let phone = row.phone_sealed.and_then(|sealed| secrets.open(&sealed));
        (PersonId(row.id), (name, phone))
    };
    Ok(rows.into_iter().map(open).collect())
}
