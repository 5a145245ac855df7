//! Rows of files. Columns are explained in the migration and in `model.rs`.

use kernel::id::{CityId, FileId};
use kernel::place::Point;
use kernel::time::Time;
use sea_orm::entity::prelude::*;

use crate::journal::Head;

/// State of a row whose copies are being made.
pub const RECEIVED: &str = "received";
/// State of a row whose copies may be served.
pub const READY: &str = "ready";
/// State of a row without copies.
pub const REFUSED: &str = "refused";

/// One file.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "platform_file")]
#[expect(missing_docs, reason = "columns are explained in the migration")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub city_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub state: String,
    pub token_hash: Vec<u8>,
    pub salt: Vec<u8>,
    pub original_sha256: Vec<u8>,
    pub media_type: String,
    pub original_bytes: i64,
    pub width: i32,
    pub height: i32,
    pub view_sha256: Option<Vec<u8>>,
    pub thumb_sha256: Option<Vec<u8>>,
    pub taken_at: Option<i64>,
    pub taken_lng: Option<f64>,
    pub taken_lat: Option<f64>,
    pub refused: Option<String>,
    pub attached: bool,
    pub received_at: i64,
    pub version: i64,
    pub head_hash: Vec<u8>,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The tenant.
    pub fn city(&self) -> CityId {
        CityId(self.city_id)
    }

    /// Its id.
    pub fn file(&self) -> FileId {
        FileId(self.id)
    }

    /// Where its stream ends.
    pub fn head(&self) -> Head {
        Head { version: self.version, hash: self.head_hash.clone() }
    }

    /// May its copies be served?
    pub fn is_ready(&self) -> bool {
        self.state == READY
    }

    /// Could no copies be made of it? Then there is nothing to see, now or later.
    pub fn is_refused(&self) -> bool {
        self.state == REFUSED
    }

    /// When its upload was acknowledged.
    pub fn received_at(&self) -> Time {
        Time(self.received_at)
    }

    /// When it was taken, as the device claims.
    pub fn taken_at(&self) -> Option<Time> {
        self.taken_at.map(Time)
    }

    /// Where it was taken, as the device claims.
    pub fn point(&self) -> Option<Point> {
        Point::new(self.taken_lng?, self.taken_lat?).ok()
    }
}
