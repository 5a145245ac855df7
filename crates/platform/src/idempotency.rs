//! Creating something once, however often the request is repeated (`Idempotency-Key`).
//!
//! The key is looked up on a reader before the command is queued; inside the command the answer is remembered, so it
//! exists exactly when what was created exists. Two requests at once: the unique key lets one land, and the other
//! finds its answer ([`once`]). The same key with another content is a mistake of the caller (422). Answers may hold
//! receipt codes and tokens, so they are sealed; they are kept for 30 days.

use std::future::Future;

use kernel::id::CityId;
use kernel::problem::{Problem, ToProblem};
use kernel::time::{DAY_MS, Time};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ctx::Ctx;
use crate::db::{Clear, Fault, Tx};
use crate::secrets::{Secrets, digest};
use tables::answer;

/// How long an answer is remembered.
pub const KEPT_MS: i64 = 30 * DAY_MS;

/// One request that creates something, named by its key. A value inside the command that the request becomes.
#[derive(Clone)]
pub struct OnceKey {
    city: CityId,
    key_hash: Vec<u8>,
    content_hash: Vec<u8>,
    seed: Vec<u8>,
    at: Time,
    secrets: Secrets,
}

impl OnceKey {
    /// The key `key` of whoever `scope` names, for this content. The scope keeps callers and kinds of request apart:
    /// write it as `what:who`, such as `case:user:17` or `file:resident`.
    pub fn new(ctx: &Ctx, city: CityId, scope: &str, key: &str, content: &[u8]) -> Self {
        Self {
            city,
            key_hash: digest(format!("{scope}\n{key}").as_bytes()),
            content_hash: digest(content),
            seed: ctx.secrets.salt(),
            at: ctx.now(),
            secrets: ctx.secrets.clone(),
        }
    }

    /// The answer that this request got before, if it did.
    ///
    /// # Errors
    /// [`OnceError::Reused`] when the key came with another content.
    pub async fn answered<T: DeserializeOwned>(
        &self,
        conn: &impl ConnectionTrait,
    ) -> Result<Option<T>, OnceError> {
        let found = answer::Entity::find()
            .filter(answer::Column::CityId.eq(self.city.0))
            .filter(answer::Column::KeyHash.eq(self.key_hash.clone()))
            .one(conn)
            .await
            .map_err(Fault::from)?;
        let Some(found) = found else { return Ok(None) };
        if found.body_hash != self.content_hash {
            return Err(OnceError::Reused);
        }
        let unreadable = || Fault::Unreadable("a remembered answer".into());
        let text = self.secrets.open(&found.answer).ok_or_else(unreadable)?;
        Ok(Some(serde_json::from_str(&text).map_err(|_| unreadable())?))
    }

    /// Notes the answer inside the command. The unique key refuses a second command with the same key.
    ///
    /// # Errors
    /// [`Fault::Unreadable`] when the answer cannot be written as JSON.
    pub fn remember<T: Serialize>(&self, tx: &mut Tx, answer: &T) -> Result<(), Fault> {
        let text =
            serde_json::to_string(answer).map_err(|error| Fault::Unreadable(error.to_string().into()))?;
        tx.insert(answer::ActiveModel {
            city_id: Set(self.city.0),
            key_hash: Set(self.key_hash.clone()),
            body_hash: Set(self.content_hash.clone()),
            answer: Set(self.secrets.seal_repeatably(&self.seed, &text)),
            at: Set(self.at.0),
        });
        Ok(())
    }
}

/// Why a key gave no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum OnceError {
    /// The key was used for another content.
    #[error("the idempotency key was used for another content")]
    Reused,
    /// Below the rules.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ToProblem for OnceError {
    fn problem(&self) -> Problem {
        match self {
            Self::Reused => Problem::unprocessable("platform/idempotency-reused"),
            Self::Fault(fault) => fault.problem(),
        }
    }
}

/// Why something was not created: the key, or the refusal of the act itself.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Once<E> {
    /// The key.
    #[error(transparent)]
    Key(#[from] OnceError),
    /// The act.
    #[error("{0}")]
    Act(E),
}

impl<E: ToProblem> ToProblem for Once<E> {
    fn problem(&self) -> Problem {
        match self {
            Self::Key(error) => error.problem(),
            Self::Act(error) => error.problem(),
        }
    }
}

/// Acts once: gives the remembered answer if there is one, otherwise runs `act`, whose command calls
/// [`OnceKey::remember`] with the answer that it returns. Without a key it only acts.
///
/// # Errors
/// [`OnceError::Reused`], or what `act` says.
pub async fn once<T, E>(
    ctx: &Ctx,
    key: Option<&OnceKey>,
    act: impl Future<Output = Result<T, E>>,
) -> Result<T, Once<E>>
where
    T: DeserializeOwned,
{
    let Some(key) = key else { return act.await.map_err(Once::Act) };
    if let Some(answer) = key.answered(ctx.db.reader()).await? {
        return Ok(answer);
    }
    match act.await {
        Ok(answer) => Ok(answer),
        // Perhaps the same request, sent twice at once, was faster; then its answer is ours.
        Err(error) => match key.answered(ctx.db.reader()).await? {
            Some(answer) => Ok(answer),
            None => Err(Once::Act(error)),
        },
    }
}

/// Forgets the answers of a city that are older than [`KEPT_MS`]. Returns how many.
///
/// # Errors
/// What the database says.
pub async fn sweep(ctx: &Ctx, city: CityId) -> Result<u64, Fault> {
    let rows = answer::Entity::delete_many()
        .filter(answer::Column::CityId.eq(city.0))
        .filter(answer::Column::At.lt(ctx.now().plus_ms(-KEPT_MS).0));
    ctx.db.write(Clear { city, rows }).await
}

mod tables {
    pub(super) mod answer {
        use sea_orm::entity::prelude::*;

        #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
        #[sea_orm(table_name = "platform_idempotency")]
        pub struct Model {
            #[sea_orm(primary_key, auto_increment = false)]
            pub city_id: i64,
            #[sea_orm(primary_key, auto_increment = false)]
            pub key_hash: Vec<u8>,
            pub body_hash: Vec<u8>,
            pub answer: Vec<u8>,
            pub at: i64,
        }

        #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
        pub enum Relation {}

        impl ActiveModelBehavior for ActiveModel {}
    }
}
