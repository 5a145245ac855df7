//! The proof of a city's key: a known text, sealed with it. With another key file nothing personal could be read and
//! every sealed row would look changed; the proof tells this at the start, before anything is sealed with two keys.

use kernel::id::CityId;
use sea_orm::{ConnectionTrait, EntityTrait, Set};

use crate::db::{Command, Db, Fault, Tx};
use crate::secrets::Secrets;
use table as proof;

const TEXT: &str = "有据";

/// Whether the key is the city's, as far as it has a proof: a city that was begun before there were proofs has none.
///
/// # Errors
/// What the database says.
pub async fn fits(conn: &impl ConnectionTrait, city: CityId, secrets: &Secrets) -> Result<bool, Fault> {
    let row = proof::Entity::find_by_id(city.0).one(conn).await?;
    Ok(row.is_none_or(|row| secrets.open(&row.sealed).as_deref() == Some(TEXT)))
}

/// As [`fits`]; a city without a proof gets one of this key.
///
/// # Errors
/// What the database says.
pub async fn fits_or_begins(db: &Db, city: CityId, secrets: &Secrets) -> Result<bool, Fault> {
    db.write(Begin { city, secrets: secrets.clone() }).await?;
    fits(db.reader(), city, secrets).await
}

struct Begin {
    city: CityId,
    secrets: Secrets,
}

impl Command for Begin {
    type Done = ();
    type Error = Fault;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), Fault> {
        if proof::Entity::find_by_id(self.city.0).one(tx.conn().await?).await?.is_none() {
            // One text under one nonce, always: two runs of a demo city stay the same to the byte.
            let sealed = self.secrets.seal_repeatably(&self.city.0.to_be_bytes(), TEXT);
            tx.insert(proof::ActiveModel { city_id: Set(self.city.0), sealed: Set(sealed) });
        }
        Ok(())
    }
}

mod table {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "platform_key_proof")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub city_id: i64,
        pub sealed: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
