//! How long imports are kept. Their changes hold names and phones, sealed: they go when they are of no use any more.
//!
//! A preview that nobody applied goes after a day, as a whole. What an import changed, and what was there before, goes
//! seven days after it was applied or undone; until then it can be undone. The line that says who imported what, and
//! when, stays. With an erased person everything goes that names him.

use kernel::id::CityId;
use kernel::time::{DAY_MS, Time};
use platform::db::{Command, Fault, Tx};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};

use crate::document::{Document, Kind};
use crate::state::Org;
use crate::store::{import, import_change, record};

use super::ImportKind;

/// For so many days an import can be undone: a week, in which whoever works with the list has met it.
pub(crate) const UNDO_DAYS: i64 = 7;
/// A preview that nobody applied is kept for so long. By then it is stale: any change of the hall makes it so.
const PREVIEW_MS: i64 = DAY_MS;
/// Most changes that one command deletes: it shall not hold the lane for longer than 50 ms.
const CHUNK: i32 = 2_000;

/// Until when an import can be undone that was applied at this moment.
pub(crate) const fn undo_until(applied_at: Time) -> Time {
    Time(applied_at.0 + UNDO_DAYS * DAY_MS)
}

impl Org {
    /// Deletes previews that nobody applied, and the changes of imports that can no longer be undone. Returns of how
    /// many imports.
    ///
    /// # Errors
    /// What the database says.
    pub async fn sweep_imports(&self, city: CityId) -> Result<usize, Fault> {
        let now = self.ctx.now();
        let conn = self.ctx.db.reader();
        let given_up = [import::READING, import::PREVIEW];
        let previews: Vec<i64> = ids(city)
            .filter(import::Column::State.is_in(given_up))
            .filter(import::Column::ChangedAt.lt(now.0 - PREVIEW_MS))
            .into_tuple()
            .all(conn)
            .await?;
        let settled: Vec<i64> = ids(city)
            .filter(import::Column::State.is_in([import::APPLIED, import::UNDONE]))
            .filter(import::Column::ChangedAt.lt(now.0 - UNDO_DAYS * DAY_MS))
            .into_tuple()
            .all(conn)
            .await?;
        let kept: Vec<i64> = import_change::Entity::find()
            .select_only()
            .column(import_change::Column::ImportId)
            .distinct()
            .filter(import_change::Column::CityId.eq(city.0))
            .filter(import_change::Column::ImportId.is_in(settled))
            .into_tuple()
            .all(conn)
            .await?;
        let swept = previews.len() + kept.len();
        for id in kept {
            self.drop_changes(city, id).await?;
        }
        for id in previews {
            self.forget_import(city, id).await?;
        }
        Ok(swept)
    }

    /// Deletes an import as if it had never been read in.
    pub(super) async fn forget_import(&self, city: CityId, id: i64) -> Result<(), Fault> {
        // First the changes: a preview without them is nothing, changes without a preview would be found by nobody.
        self.drop_changes(city, id).await?;
        self.ctx.db.write(Forget { city, id, to: None }).await?;
        Ok(())
    }

    async fn drop_changes(&self, city: CityId, id: i64) -> Result<(), Fault> {
        let mut to = CHUNK;
        while self.ctx.db.write(Forget { city, id, to: Some(to) }).await? {
            to += CHUNK;
        }
        Ok(())
    }
}

fn ids(city: CityId) -> sea_orm::Select<import::Entity> {
    import::Entity::find().select_only().column(import::Column::Id).filter(import::Column::CityId.eq(city.0))
}

/// Deletes the changes of an import up to a number, or the import itself. Says whether changes are left.
struct Forget {
    city: CityId,
    id: i64,
    to: Option<i32>,
}

impl Command for Forget {
    type Done = bool;
    type Error = Fault;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<bool, Fault> {
        let Some(to) = self.to else {
            let row = import::Entity::delete_many()
                .filter(import::Column::CityId.eq(self.city.0))
                .filter(import::Column::Id.eq(self.id));
            tx.delete(row).await?;
            return Ok(false);
        };
        let changes = import_change::Entity::delete_many()
            .filter(import_change::Column::CityId.eq(self.city.0))
            .filter(import_change::Column::ImportId.eq(self.id))
            .filter(import_change::Column::N.lt(to));
        tx.delete(changes).await?;
        let left = import_change::Entity::find()
            .filter(import_change::Column::CityId.eq(self.city.0))
            .filter(import_change::Column::ImportId.eq(self.id))
            .limit(1)
            .one(tx.conn().await?)
            .await?;
        Ok(left.is_some())
    }
}

/// Deletes what imports keep of a person, inside the command that erases him: every preview of people, which that
/// command makes stale anyway, and the changes of every import that touched him or a post of his, which can no longer
/// be undone since they changed.
pub(crate) async fn drop_all_of(tx: &mut Tx, city: CityId, person: i64) -> Result<(), Fault> {
    let previews: Vec<i64> = ids(city)
        .filter(import::Column::Kind.eq(ImportKind::People.word()))
        .filter(import::Column::State.is_in([import::READING, import::PREVIEW]))
        .into_tuple()
        .all(tx.conn().await?)
        .await?;
    let posts = posts_of(tx, city, person).await?;
    let of = |kind: Kind| import_change::Column::RecordKind.eq(kind.word());
    let his = Condition::any()
        .add(of(Kind::Person).and(import_change::Column::RecordId.eq(person)))
        .add(of(Kind::Post).and(import_change::Column::RecordId.is_in(posts)));
    let mut imports: Vec<i64> = import_change::Entity::find()
        .select_only()
        .column(import_change::Column::ImportId)
        .distinct()
        .filter(import_change::Column::CityId.eq(city.0))
        .filter(his)
        .into_tuple()
        .all(tx.conn().await?)
        .await?;
    imports.extend(&previews);
    let changes = import_change::Entity::delete_many()
        .filter(import_change::Column::CityId.eq(city.0))
        .filter(import_change::Column::ImportId.is_in(imports));
    tx.delete(changes).await?;
    let rows = import::Entity::delete_many()
        .filter(import::Column::CityId.eq(city.0))
        .filter(import::Column::Id.is_in(previews));
    tx.delete(rows).await?;
    Ok(())
}

/// Every post that the person ever held.
async fn posts_of(tx: &mut Tx, city: CityId, person: i64) -> Result<Vec<i64>, Fault> {
    let rows = record::Entity::find()
        .filter(record::Column::CityId.eq(city.0))
        .filter(record::Column::Kind.eq(Kind::Post.word()))
        .all(tx.conn().await?)
        .await?;
    let mut posts = Vec::new();
    for row in rows {
        if let Document::Post(post) = Kind::Post.read(&row.doc)?
            && post.person.0 == person
        {
            posts.push(row.id);
        }
    }
    Ok(posts)
}
