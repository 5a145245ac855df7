//! Erasing what a report holds about a person: its texts, its photos with their files. Of a photo the hash of its original
//! remains, so that it cannot be offered as proof again.

use kernel::id::{CaseId, CityId, FileId};
use platform::db::{Fault, Tx};
use platform::files::{Because, remove_in};
use platform::journal::Stamp;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};

use super::texts::{photo, text};
use crate::model::PersonalField;

/// Entity of what remains of erased photos.
pub(crate) mod erased_photo {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "cases_erased_photo")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub city_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub case_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub file_id: i64,
        pub salt: Vec<u8>,
        pub original_sha256: Vec<u8>,
        pub at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Deletes the rows of erased fields: texts of the report, and its photos' rows and files.
pub(crate) async fn erase(
    tx: &mut Tx,
    city: CityId,
    id: CaseId,
    fields: impl IntoIterator<Item = PersonalField>,
    stamp: &Stamp,
) -> Result<(), Fault> {
    for field in fields {
        if field == PersonalField::Photos {
            erase_photos(tx, city, id, stamp).await?;
        } else {
            let texts = text::Entity::delete_many()
                .filter(text::Column::CityId.eq(city.0))
                .filter(text::Column::CaseId.eq(id.0))
                .filter(text::Column::Version.eq(1))
                .filter(text::Column::Field.eq(field.code()));
            tx.delete(texts).await?;
        }
    }
    Ok(())
}

async fn erase_photos(tx: &mut Tx, city: CityId, id: CaseId, stamp: &Stamp) -> Result<(), Fault> {
    let rows = photo::Entity::find()
        .filter(photo::Column::CityId.eq(city.0))
        .filter(photo::Column::CaseId.eq(id.0))
        .filter(photo::Column::Version.eq(1))
        .all(tx.conn().await?)
        .await?;
    let delete = photo::Entity::delete_many()
        .filter(photo::Column::CityId.eq(city.0))
        .filter(photo::Column::CaseId.eq(id.0))
        .filter(photo::Column::Version.eq(1));
    tx.delete(delete).await?;
    for row in rows {
        if !named_elsewhere(tx, city, &row).await? {
            remove_in(tx, city, FileId(row.file_id), Because::Erased, stamp).await?;
        }
        tx.insert(erased_photo::ActiveModel {
            city_id: Set(row.city_id),
            case_id: Set(row.case_id),
            file_id: Set(row.file_id),
            salt: Set(row.salt),
            original_sha256: Set(row.original_sha256),
            at: Set(row.at),
        });
    }
    Ok(())
}

/// Does another record name the same upload? Then its file is that record's too and stays.
async fn named_elsewhere(tx: &mut Tx, city: CityId, row: &photo::Model) -> Result<bool, Fault> {
    // By the hash, which has an index.
    let other = photo::Entity::find()
        .filter(photo::Column::CityId.eq(city.0))
        .filter(photo::Column::OriginalSha256.eq(row.original_sha256.clone()))
        .filter(photo::Column::FileId.eq(row.file_id))
        .limit(1)
        .one(tx.conn().await?)
        .await?;
    Ok(other.is_some())
}
