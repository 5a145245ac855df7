//! The mark that a city's database and its photo store share. It is made at the first start. With another store every photo
//! would look lost, and what is received here would be missing there.

use kernel::id::CityId;
use object_store::path::Path as Key;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use super::store::{Files, copy};
use super::tables::{self as file, READY};
use crate::db::{Command, Db, Fault, Tx};
use table as store;

/// Photos looked for in a store that has no mark yet, the newest ones.
const LOOKED_FOR: u64 = 20;

/// Whether a store is the city's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Belongs {
    /// It is: the marks are the same.
    Yes,
    /// The store holds another mark: it is of another city's database, or of another installation.
    Other,
    /// The database knows a store, and this one has no mark: an empty or a wrong folder.
    Empty,
    /// Neither has a mark yet, and photos that the database names do not lie here.
    Gone,
}

/// Holds the store against the city's database; a city that has no store yet gets this one. `fresh` is the mark that a new
/// store gets. Servers that start at once agree on one.
///
/// # Errors
/// What the database or the store says.
pub async fn belongs_or_begins(db: &Db, files: &Files, city: CityId, fresh: &str) -> Result<Belongs, Fault> {
    // The database first: its half of the mark is written last.
    let known = in_database(db.reader(), city).await?;
    let here = match (known, files.mark(city).await?) {
        (Some(known), Some(here)) => return Ok(if known == here { Belongs::Yes } else { Belongs::Other }),
        (Some(_), None) => return Ok(Belongs::Empty),
        (None, Some(here)) => {
            // Killed between the two halves of a beginning, or an empty store of somebody else: nothing can be mixed up.
            if names_photos(db.reader(), city).await? && !holds_newest(db.reader(), files, city).await? {
                return Ok(Belongs::Other);
            }
            here
        }
        (None, None) => {
            if !holds_newest(db.reader(), files, city).await? {
                return Ok(Belongs::Gone);
            }
            files.begin_mark(city, fresh).await?
        }
    };
    let known = db.write(Begin { city, mark: here.clone() }).await?;
    Ok(if known == here { Belongs::Yes } else { Belongs::Other })
}

async fn in_database(conn: &impl ConnectionTrait, city: CityId) -> Result<Option<String>, Fault> {
    Ok(store::Entity::find_by_id(city.0).one(conn).await?.map(|row| row.mark))
}

async fn newest(conn: &impl ConnectionTrait, city: CityId) -> Result<Vec<file::Model>, Fault> {
    let rows = file::Entity::find()
        .filter(file::Column::CityId.eq(city.0))
        .filter(file::Column::State.eq(READY))
        .order_by_desc(file::Column::ReceivedAt)
        .limit(LOOKED_FOR)
        .all(conn)
        .await?;
    Ok(rows)
}

async fn names_photos(conn: &impl ConnectionTrait, city: CityId) -> Result<bool, Fault> {
    Ok(!newest(conn, city).await?.is_empty())
}

/// Does any of the newest photos lie in the store, or are there none? One that was lost is no reason to stop a city.
async fn holds_newest(conn: &impl ConnectionTrait, files: &Files, city: CityId) -> Result<bool, Fault> {
    let rows = newest(conn, city).await?;
    let mut held = rows.is_empty();
    for row in &rows {
        for sha256 in row.view_sha256.iter() {
            held |= files.get(&copy(city, row.file(), sha256)).await?.is_some();
        }
        if held {
            break;
        }
    }
    Ok(held)
}

/// Where the mark of a city's store lies.
pub(super) fn mark_key(city: CityId) -> Key {
    Key::from(format!("mark/{city}"))
}

/// Notes the store's mark, unless another server was faster. Done is the mark that stands.
struct Begin {
    city: CityId,
    mark: String,
}

impl Command for Begin {
    type Done = String;
    type Error = Fault;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<String, Fault> {
        if let Some(row) = store::Entity::find_by_id(self.city.0).one(tx.conn().await?).await? {
            return Ok(row.mark);
        }
        tx.insert(store::ActiveModel { city_id: Set(self.city.0), mark: Set(self.mark.clone()) });
        Ok(self.mark.clone())
    }
}

mod table {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "platform_file_store")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub city_id: i64,
        pub mark: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
