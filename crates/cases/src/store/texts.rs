//! Erasable rows: what people wrote, photos, receipts. Each keeps a commitment that stands in an event.

use kernel::evidence::Commitment;
use kernel::id::{CaseId, CityId, FileId};
use kernel::time::Time;
use platform::db::{Fault, Tx};
use platform::journal::commit;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use super::erased::erased_photo;
use super::row::case;
use crate::model::{CaseNumber, PhotoMark};
use crate::rules::PhotoUse;

/// Entity of texts.
pub(crate) mod text {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "cases_text")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub city_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub case_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub field: String,
        pub salt: Vec<u8>,
        pub content: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Entity of photos.
pub(crate) mod photo {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "cases_photo")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub city_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub case_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub file_id: i64,
        pub version: i64,
        pub role: String,
        pub position: i32,
        pub salt: Vec<u8>,
        pub original_sha256: Vec<u8>,
        pub at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Entity of receipts.
pub(crate) mod receipt {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "cases_receipt")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub city_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub code_hash: Vec<u8>,
        pub case_id: i64,
        pub salt: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The field name of an event's words (note).
pub(crate) const NOTE: &str = "note";

/// A text on its way: what was written, its salt, and the bytes as stored (sealed for names and phones).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewText {
    /// `description`, `note` …
    pub(crate) field: String,
    /// Salt of the commitment.
    pub(crate) salt: Vec<u8>,
    /// What the commitment is about.
    pub(crate) plain: String,
    /// What is stored.
    pub(crate) stored: Vec<u8>,
}

impl NewText {
    /// What the event will carry.
    pub(crate) fn commitment(&self) -> Commitment {
        commit(&self.salt, self.plain.as_bytes())
    }
}

/// A photo on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewPhoto {
    /// The stored file.
    pub(crate) file: FileId,
    /// Salt of the commitment.
    pub(crate) salt: Vec<u8>,
    /// SHA-256 of the original.
    pub(crate) original_sha256: Vec<u8>,
    /// SHA-256 of what is seen on it.
    pub(crate) seen_sha256: Option<Vec<u8>>,
}

impl NewPhoto {
    /// What the event will carry.
    pub(crate) fn mark(&self) -> PhotoMark {
        PhotoMark { file: self.file, commitment: commit(&self.salt, &self.original_sha256) }
    }
}

/// A receipt on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewReceipt {
    /// SHA-256 of the code.
    pub(crate) code_hash: Vec<u8>,
    /// Salt of the commitment.
    pub(crate) salt: Vec<u8>,
}

impl NewReceipt {
    /// What the event will carry.
    pub(crate) fn commitment(&self) -> Commitment {
        commit(&self.salt, &self.code_hash)
    }
}

/// Notes the texts that the event `version` commits to.
pub(crate) fn note_texts(tx: &mut Tx, city: CityId, id: CaseId, version: i64, texts: &[NewText]) {
    for new in texts {
        tx.insert(text::ActiveModel {
            city_id: Set(city.0),
            case_id: Set(id.0),
            version: Set(version),
            field: Set(new.field.clone()),
            salt: Set(new.salt.clone()),
            content: Set(new.stored.clone()),
        });
    }
}

/// Notes the photos that the event `version` commits to. `role` is the kind of that event.
pub(crate) fn note_photos(
    tx: &mut Tx,
    city: CityId,
    id: CaseId,
    version: i64,
    role: &str,
    at: Time,
    photos: &[NewPhoto],
) {
    for (position, new) in photos.iter().enumerate() {
        tx.insert(photo::ActiveModel {
            city_id: Set(city.0),
            case_id: Set(id.0),
            file_id: Set(new.file.0),
            version: Set(version),
            role: Set(role.to_owned()),
            position: Set(i32::try_from(position).unwrap_or(i32::MAX)),
            salt: Set(new.salt.clone()),
            original_sha256: Set(new.original_sha256.clone()),
            at: Set(at.0),
        });
    }
}

/// Notes a receipt.
pub(crate) fn note_receipt(tx: &mut Tx, city: CityId, id: CaseId, new: &NewReceipt) {
    tx.insert(receipt::ActiveModel {
        city_id: Set(city.0),
        code_hash: Set(new.code_hash.clone()),
        case_id: Set(id.0),
        salt: Set(new.salt.clone()),
    });
}

/// Where the same was used first, in any case of the city; also where it was erased since. The same is the same original,
/// and every file on which the same is seen.
pub(crate) async fn uses_of(tx: &mut Tx, city: CityId, new: &NewPhoto) -> Result<Option<PhotoUse>, Fault> {
    let conn = tx.conn().await?;
    let original = new.original_sha256.as_slice();
    let by_sight = match &new.seen_sha256 {
        Some(seen) => used_by_sight(conn, city, seen).await?,
        None => None,
    };
    let standing = photo::Entity::find()
        .filter(photo::Column::CityId.eq(city.0))
        .filter(photo::Column::OriginalSha256.eq(original))
        .order_by_asc(photo::Column::At)
        .limit(1)
        .one(conn)
        .await?;
    let erased = erased_photo::Entity::find()
        .filter(erased_photo::Column::CityId.eq(city.0))
        .filter(erased_photo::Column::OriginalSha256.eq(original))
        .order_by_asc(erased_photo::Column::At)
        .limit(1)
        .one(conn)
        .await?;
    let standing = standing.map(|row| (row.at, row.case_id));
    let erased = erased.map(|row| (row.at, row.case_id));
    let Some((at, case_id)) = standing.into_iter().chain(erased).chain(by_sight).min() else {
        return Ok(None);
    };
    let number = case::Entity::find_by_id((city.0, case_id)).one(conn).await?.map(|row| row.number);
    Ok(Some(PhotoUse { number: CaseNumber(number.unwrap_or_default()), at: Time(at) }))
}

/// When and in which case a picture was seen first, in whatever file.
async fn used_by_sight(
    conn: &impl ConnectionTrait,
    city: CityId,
    seen: &[u8],
) -> Result<Option<(i64, i64)>, Fault> {
    let standing = photo::Entity::find()
        .filter(photo::Column::CityId.eq(city.0))
        .filter(photo::Column::FileId.in_subquery(platform::files::showing(city, seen)))
        .order_by_asc(photo::Column::At)
        .limit(1)
        .one(conn)
        .await?;
    let erased = erased_photo::Entity::find()
        .filter(erased_photo::Column::CityId.eq(city.0))
        .filter(erased_photo::Column::FileId.in_subquery(platform::files::showing(city, seen)))
        .order_by_asc(erased_photo::Column::At)
        .limit(1)
        .one(conn)
        .await?;
    let uses = standing.map(|row| (row.at, row.case_id)).into_iter();
    Ok(uses.chain(erased.map(|row| (row.at, row.case_id))).min())
}

/// The roles of photos that show the problem: those of the report, and of the look before filing.
pub(crate) const OF_THE_PROBLEM: [&str; 2] = ["reported", "pre_verified"];

/// The first photo of the problem that stands: the one that lists show.
pub(crate) async fn face_of(tx: &mut Tx, city: CityId, id: CaseId) -> Result<Option<i64>, Fault> {
    let first = photo::Entity::find()
        .filter(photo::Column::CityId.eq(city.0))
        .filter(photo::Column::CaseId.eq(id.0))
        .filter(photo::Column::Role.is_in(OF_THE_PROBLEM))
        .order_by_asc(photo::Column::Version)
        .order_by_asc(photo::Column::Position)
        .limit(1)
        .one(tx.conn().await?)
        .await?;
    Ok(first.map(|row| row.file_id))
}

/// The photo rows of a case, in the order of their events.
pub(crate) async fn photos_of(
    conn: &impl ConnectionTrait,
    city: CityId,
    id: CaseId,
) -> Result<Vec<photo::Model>, Fault> {
    let rows = photo::Entity::find()
        .filter(photo::Column::CityId.eq(city.0))
        .filter(photo::Column::CaseId.eq(id.0))
        .order_by_asc(photo::Column::Version)
        .order_by_asc(photo::Column::Position)
        .all(conn)
        .await?;
    Ok(rows)
}

/// The text rows of a case, in the order of their events.
pub(crate) async fn texts_of(
    conn: &impl ConnectionTrait,
    city: CityId,
    id: CaseId,
) -> Result<Vec<text::Model>, Fault> {
    let rows = text::Entity::find()
        .filter(text::Column::CityId.eq(city.0))
        .filter(text::Column::CaseId.eq(id.0))
        .order_by_asc(text::Column::Version)
        .all(conn)
        .await?;
    Ok(rows)
}
