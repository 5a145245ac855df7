//! What is written about files: received, copies made, attached, removed.

use kernel::id::{CityId, FileId};
use kernel::time::Time;
use photo::{PhotoFacts, PhotoHead, PhotoRefusal, Seen};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::api::Received;
use super::model::{Because, FileEvent, place_bytes};
use super::seen;
use super::tables::{self as file, Model, READY, RECEIVED, REFUSED};
use crate::db::{Command, Fault, Tx};
use crate::idempotency::OnceKey;
use crate::journal::{Actor, Head, Stamp, Stream, commit};
use crate::secrets::digest;

/// Who the journal names for what the product does with files by itself.
pub(super) const WORKER: Actor = Actor::System("files");

/// Notes an upload whose original is durable in quarantine.
pub(super) struct Receive {
    pub(super) city: CityId,
    pub(super) id: FileId,
    pub(super) salt: Vec<u8>,
    pub(super) sha256: Vec<u8>,
    pub(super) bytes: i64,
    pub(super) head: PhotoHead,
    pub(super) stamp: Stamp,
    pub(super) answer: Received,
    pub(super) once: Option<OnceKey>,
}

impl Command for Receive {
    type Done = Received;
    type Error = Fault;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<Received, Fault> {
        let token_hash = digest(self.answer.token.as_bytes());
        let (width, height) = (self.head.width.cast_signed(), self.head.height.cast_signed());
        let event = FileEvent::Received {
            original: commit(&self.salt, &self.sha256),
            token: commit(&self.salt, &token_hash),
            media_type: self.head.kind.media_type().to_owned(),
            bytes: self.bytes,
            width,
            height,
        };
        let head = tx.journal(Stream::of::<FileEvent>(self.id.0), &Head::default(), &self.stamp, &[event]);
        tx.insert(file::ActiveModel {
            city_id: Set(self.city.0),
            id: Set(self.id.0),
            state: Set(RECEIVED.to_owned()),
            token_hash: Set(token_hash),
            salt: Set(self.salt.clone()),
            original_sha256: Set(self.sha256.clone()),
            media_type: Set(self.head.kind.media_type().to_owned()),
            original_bytes: Set(self.bytes),
            width: Set(width),
            height: Set(height),
            view_sha256: Set(None),
            thumb_sha256: Set(None),
            taken_at: Set(None),
            taken_lng: Set(None),
            taken_lat: Set(None),
            refused: Set(None),
            attached: Set(false),
            received_at: Set(self.stamp.at.0),
            version: Set(head.version),
            head_hash: Set(head.hash),
        });
        if let Some(once) = &self.once {
            once.remember(tx, &self.answer)?;
        }
        Ok(self.answer.clone())
    }
}

/// What became of an original.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    /// Its copies lie in the store under these hashes.
    Ready { view_sha256: Vec<u8>, thumb_sha256: Vec<u8>, seen: Seen, facts: PhotoFacts },
    /// There are none.
    Refused(PhotoRefusal),
}

/// Notes what became of an original. Done is false when somebody else noted it before.
pub(super) struct Finish {
    pub(super) city: CityId,
    pub(super) id: FileId,
    pub(super) outcome: Outcome,
    pub(super) at: Time,
}

impl Command for Finish {
    type Done = bool;
    type Error = Fault;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<bool, Fault> {
        let Some(row) = row_in(tx, self.city, self.id).await?.filter(|row| row.state == RECEIVED) else {
            return Ok(false);
        };
        let stamp = Stamp { at: self.at, actor: WORKER };
        let stream = Stream::of::<FileEvent>(self.id.0);
        let mut update = of(self.city, self.id);
        let head = match &self.outcome {
            Outcome::Ready { view_sha256, thumb_sha256, seen, facts } => {
                seen::note(tx, self.city, self.id, &row.salt, seen);
                let point = facts.point.map(|point| (point.lng(), point.lat()));
                let event = FileEvent::Ready {
                    view: commit(&row.salt, view_sha256),
                    thumb: commit(&row.salt, thumb_sha256),
                    taken_at: facts.taken_at,
                    place: point.map(|(lng, lat)| commit(&row.salt, &place_bytes(lng, lat))),
                    seen: Some(seen::commitment(&row.salt, seen)),
                };
                update = update
                    .col_expr(file::Column::State, Expr::value(READY))
                    .col_expr(file::Column::ViewSha256, Expr::value(view_sha256.clone()))
                    .col_expr(file::Column::ThumbSha256, Expr::value(thumb_sha256.clone()))
                    .col_expr(file::Column::TakenAt, Expr::value(facts.taken_at.map(|at| at.0)))
                    .col_expr(file::Column::TakenLng, Expr::value(point.map(|(lng, _)| lng)))
                    .col_expr(file::Column::TakenLat, Expr::value(point.map(|(_, lat)| lat)));
                tx.journal(stream, &row.head(), &stamp, &[event])
            }
            Outcome::Refused(refusal) => {
                update = update
                    .col_expr(file::Column::State, Expr::value(REFUSED))
                    .col_expr(file::Column::Refused, Expr::value(refusal.code()));
                tx.journal(
                    stream,
                    &row.head(),
                    &stamp,
                    &[FileEvent::Refused { code: refusal.code().to_owned() }],
                )
            }
        };
        save(tx, update, &row, head).await?;
        Ok(true)
    }
}

/// Keeps a file because a record names it. Call it inside the command that names it, or in a reaction to that
/// command's event; doing it twice changes nothing. False when there is no such file.
///
/// # Errors
/// What the database says.
pub async fn attach_in(tx: &mut Tx, city: CityId, id: FileId, stamp: &Stamp) -> Result<bool, Fault> {
    let Some(row) = row_in(tx, city, id).await? else { return Ok(false) };
    if !row.attached {
        let head = tx.journal(Stream::of::<FileEvent>(id.0), &row.head(), stamp, &[FileEvent::Attached]);
        let update = of(city, id).col_expr(file::Column::Attached, Expr::value(true));
        save(tx, update, &row, head).await?;
    }
    Ok(true)
}

/// Removes the row of a file inside another command; its event stays. The bytes go with [`super::discard`] or the next sweep. False when there is no
/// such file, or when `because` is [`Because::NeverAttached`] and a record names it meanwhile.
///
/// # Errors
/// What the database says.
pub async fn remove_in(
    tx: &mut Tx,
    city: CityId,
    id: FileId,
    because: Because,
    stamp: &Stamp,
) -> Result<bool, Fault> {
    let Some(row) = row_in(tx, city, id).await? else { return Ok(false) };
    if because == Because::NeverAttached && row.attached {
        return Ok(false);
    }
    tx.journal(Stream::of::<FileEvent>(id.0), &row.head(), stamp, &[FileEvent::Removed { because }]);
    seen::forget(tx, city, id, because).await?;
    let delete = file::Entity::delete_many()
        .filter(file::Column::CityId.eq(city.0))
        .filter(file::Column::Id.eq(id.0))
        .filter(file::Column::Version.eq(row.version));
    if tx.delete(delete).await? == 1 { Ok(true) } else { Err(Fault::LostRace) }
}

/// Removes a file that nobody attached.
pub(super) struct Remove {
    pub(super) city: CityId,
    pub(super) id: FileId,
    pub(super) at: Time,
}

impl Command for Remove {
    type Done = bool;
    type Error = Fault;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<bool, Fault> {
        let stamp = Stamp { at: self.at, actor: WORKER };
        remove_in(tx, self.city, self.id, Because::NeverAttached, &stamp).await
    }
}

async fn row_in(tx: &mut Tx, city: CityId, id: FileId) -> Result<Option<Model>, Fault> {
    let found = file::Entity::find()
        .filter(file::Column::CityId.eq(city.0))
        .filter(file::Column::Id.eq(id.0))
        .one(tx.conn().await?)
        .await?;
    Ok(found)
}

fn of(city: CityId, id: FileId) -> sea_orm::UpdateMany<file::Entity> {
    file::Entity::update_many().filter(file::Column::CityId.eq(city.0)).filter(file::Column::Id.eq(id.0))
}

/// Runs the update under the version that was read, and moves the row to its new head.
async fn save(
    tx: &mut Tx,
    update: sea_orm::UpdateMany<file::Entity>,
    before: &Model,
    head: Head,
) -> Result<(), Fault> {
    let update = update
        .col_expr(file::Column::Version, Expr::value(head.version))
        .col_expr(file::Column::HeadHash, Expr::value(head.hash))
        .filter(file::Column::Version.eq(before.version));
    if tx.update(update).await? == 1 { Ok(()) } else { Err(Fault::LostRace) }
}
