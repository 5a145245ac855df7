//! What is seen on photos: the rows by which a photo is known again, and pictures that look alike are found.

use std::collections::HashMap;

use kernel::evidence::Commitment;
use kernel::id::{CityId, FileId};
use photo::{Seen, print_distance};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Set,
};

use super::model::Because;
use crate::db::{Fault, Tx};
use crate::journal::commit;
use crate::secrets::digest;
use table::{print, seen};

/// In how many bits of 64 two prints may differ and still be told as alike.
const ALIKE_BITS: u32 = 6;
/// Prints looked at for one photo: a quarter is shared by few, unless a city has many pictures of nearly one colour.
const LOOKED_AT: u64 = 400;

/// The salt of the commitment: made of the file's own, without telling it, so that it may outlive an erased file.
fn salt_of(file_salt: &[u8]) -> Vec<u8> {
    digest(&[file_salt, b"seen"].concat())
}

/// The commitment to what is seen on a file with this salt.
pub(super) fn commitment(file_salt: &[u8], seen: &Seen) -> Commitment {
    commit(&salt_of(file_salt), &seen.sha256)
}

/// Notes what is seen on a file.
pub(super) fn note(tx: &mut Tx, city: CityId, id: FileId, file_salt: &[u8], what: &Seen) {
    tx.insert(seen::ActiveModel {
        city_id: Set(city.0),
        id: Set(id.0),
        salt: Set(salt_of(file_salt)),
        sha256: Set(what.sha256.clone()),
    });
    let Some(bits) = what.print else { return };
    for part in parts(bits) {
        tx.insert(print::ActiveModel {
            city_id: Set(city.0),
            part: Set(part),
            id: Set(id.0),
            print: Set(bits.cast_signed()),
        });
    }
}

/// The four quarters of a print, each with its number.
fn parts(print: u64) -> [i32; 4] {
    [0, 1, 2, 3].map(|quarter| (quarter << 16) | ((print >> (16 * quarter)) & 0xFFFF) as i32)
}

/// Forgets what was seen on a file; of an erased one the hash stays.
pub(super) async fn forget(tx: &mut Tx, city: CityId, id: FileId, because: Because) -> Result<(), Fault> {
    let prints = print::Entity::delete_many()
        .filter(print::Column::CityId.eq(city.0))
        .filter(print::Column::Id.eq(id.0));
    tx.delete(prints).await?;
    match because {
        Because::Erased => Ok(()),
        Because::NeverAttached => {
            let hash = seen::Entity::delete_many()
                .filter(seen::Column::CityId.eq(city.0))
                .filter(seen::Column::Id.eq(id.0));
            tx.delete(hash).await?;
            Ok(())
        }
    }
}

/// The hashes of what is seen on some files; those whose copies are still being made are left out.
///
/// # Errors
/// What the database says.
pub async fn seen_on(
    conn: &impl ConnectionTrait,
    city: CityId,
    ids: &[FileId],
) -> Result<HashMap<FileId, Vec<u8>>, Fault> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = seen::Entity::find()
        .filter(seen::Column::CityId.eq(city.0))
        .filter(seen::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (FileId(row.id), row.sha256)).collect())
}

/// The ids of the files on which exactly this is seen, also of those that were erased: to be looked for among a record's own.
pub fn showing(city: CityId, sha256: &[u8]) -> SelectStatement {
    seen::Entity::find()
        .select_only()
        .column(seen::Column::Id)
        .filter(seen::Column::CityId.eq(city.0))
        .filter(seen::Column::Sha256.eq(sha256))
        .into_query()
}

/// Files whose picture looks like that of one of these, nearest first, each with the one it is like: a hint, never proof.
///
/// # Errors
/// What the database says.
pub async fn alike(
    conn: &impl ConnectionTrait,
    city: CityId,
    ids: &[FileId],
) -> Result<Vec<(FileId, FileId)>, Fault> {
    let mut found = Vec::new();
    for (of, bits) in prints_of(conn, city, ids).await? {
        let near = print::Entity::find()
            .filter(print::Column::CityId.eq(city.0))
            .filter(print::Column::Part.is_in(parts(bits)))
            .order_by_desc(print::Column::Id)
            .limit(LOOKED_AT)
            .all(conn)
            .await?;
        for row in near {
            let bits_apart = print_distance(row.print.cast_unsigned(), bits);
            let other = FileId(row.id);
            if bits_apart <= ALIKE_BITS && !ids.contains(&other) {
                found.push((bits_apart, other, of));
            }
        }
    }
    found.sort_unstable_by_key(|(bits_apart, other, of)| (*bits_apart, other.0, of.0));
    found.dedup();
    Ok(found.into_iter().map(|(_, other, of)| (other, of)).collect())
}

/// The print of each of these files that has one.
async fn prints_of(
    conn: &impl ConnectionTrait,
    city: CityId,
    ids: &[FileId],
) -> Result<Vec<(FileId, u64)>, Fault> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = print::Entity::find()
        .filter(print::Column::CityId.eq(city.0))
        .filter(print::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .order_by_asc(print::Column::Id)
        .all(conn)
        .await?;
    let mut prints: Vec<(FileId, u64)> =
        rows.into_iter().map(|row| (FileId(row.id), row.print.cast_unsigned())).collect();
    prints.dedup();
    Ok(prints)
}

/// The tables.
pub(super) mod table {
    /// Hashes of what is seen.
    pub mod seen {
        use sea_orm::entity::prelude::*;

        #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
        #[sea_orm(table_name = "platform_file_seen")]
        pub struct Model {
            #[sea_orm(primary_key, auto_increment = false)]
            pub city_id: i64,
            #[sea_orm(primary_key, auto_increment = false)]
            pub id: i64,
            pub salt: Vec<u8>,
            pub sha256: Vec<u8>,
        }

        /// No relations.
        #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
        pub enum Relation {}

        impl ActiveModelBehavior for ActiveModel {}
    }

    /// Prints, by quarter.
    pub mod print {
        use sea_orm::entity::prelude::*;

        #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
        #[sea_orm(table_name = "platform_file_print")]
        pub struct Model {
            #[sea_orm(primary_key, auto_increment = false)]
            pub city_id: i64,
            #[sea_orm(primary_key, auto_increment = false)]
            pub part: i32,
            #[sea_orm(primary_key, auto_increment = false)]
            pub id: i64,
            pub print: i64,
        }

        /// No relations.
        #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
        pub enum Relation {}

        impl ActiveModelBehavior for ActiveModel {}
    }
}
