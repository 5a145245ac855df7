//! Uploads: counted and checked while they stream into quarantine, acknowledged when original and row are durable.

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use kernel::id::{CityId, FileId};
use kernel::problem::{Problem, ToProblem};
use object_store::buffered::BufWriter;
use photo::{PHOTO_BYTES_MAX, PhotoHead, PhotoRefusal, PhotoScan};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use super::api::Received;
use super::commands::Receive;
use super::store;
use super::turns::Sender;
use crate::ctx::Ctx;
use crate::db::Fault;
use crate::idempotency::{Once, OnceError, OnceKey, once};
use crate::journal::{Actor, Stamp};

/// Who uploads, for which city.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uploader {
    /// The tenant.
    pub city: CityId,
    /// As the journal names him.
    pub actor: Actor,
    /// With whom he takes turns at the decoder.
    pub sender: Sender,
}

/// Why an upload was not taken. Nothing of it is kept.
#[derive(Debug, Clone, thiserror::Error)]
pub enum UploadError {
    /// The photo.
    #[error(transparent)]
    Photo(#[from] PhotoRefusal),
    /// The body broke off on its way.
    #[error("the body broke off: {0}")]
    Broken(String),
    /// The idempotency key, or below the rules.
    #[error(transparent)]
    Key(#[from] OnceError),
}

impl From<Fault> for UploadError {
    fn from(fault: Fault) -> Self {
        Self::Key(OnceError::Fault(fault))
    }
}

impl ToProblem for UploadError {
    fn problem(&self) -> Problem {
        match self {
            Self::Photo(refusal) => refusal.problem(),
            Self::Broken(_) => Problem::bad_request("platform/body-unreadable"),
            Self::Key(error) => error.problem(),
        }
    }
}

/// Takes a photo: streams it into quarantine, refuses it as early as possible, and answers when it is durable on the
/// disk and in the database. The same `key` with the same bytes gives the same answer. `declared_bytes` is what the sender says
/// that the length will be, if it does.
///
/// # Errors
/// Why the photo was not taken.
pub async fn receive<S, E>(
    ctx: &Ctx,
    from: Uploader,
    key: Option<&str>,
    declared_bytes: Option<u64>,
    body: S,
) -> Result<Received, UploadError>
where
    S: Stream<Item = Result<Bytes, E>> + Send,
    E: std::fmt::Display,
{
    if declared_bytes.is_some_and(|bytes| bytes > PHOTO_BYTES_MAX) {
        return Err(PhotoRefusal::TooLarge.into());
    }
    if !ctx.files.has_room(declared_bytes.unwrap_or(PHOTO_BYTES_MAX)) {
        return Err(Fault::NoRoom.into());
    }
    let id: FileId = ctx.id();
    let mut writer = ctx.files.upload(from.city, id);
    let arrived = match store_checked(&mut writer, body).await {
        Ok(arrived) => arrived,
        Err(error) => {
            // What could not be cleaned up here is swept after a day.
            drop(writer.abort().await);
            return Err(error);
        }
    };
    writer.shutdown().await.map_err(|error| Fault::Files(error.to_string().into()))?;
    let scope = format!("file:{}", from.actor);
    let once_key = key.map(|key| OnceKey::new(ctx, from.city, &scope, key, &arrived.sha256));
    let answer = Received::new(id, ctx.secrets.token());
    let command = Receive {
        city: from.city,
        id,
        salt: ctx.secrets.salt(),
        sha256: arrived.sha256,
        bytes: arrived.bytes.cast_signed(),
        head: arrived.head,
        stamp: Stamp { at: ctx.now(), actor: from.actor },
        answer,
        once: once_key.clone(),
    };
    let received = once(ctx, once_key.as_ref(), ctx.db.write(command)).await;
    match &received {
        Ok(answer) if answer.id == id => {
            ctx.files.turns().sent(id, from.sender);
            ctx.files.arrived().notify_one();
        }
        // Sent before, or not acceptable: this original is one too many.
        Ok(_) | Err(Once::Key(OnceError::Reused)) => discard(ctx, from.city, id).await,
        // The commit may have happened although its answer was lost: only the sweep can tell.
        Err(Once::Key(OnceError::Fault(_)) | Once::Act(_)) => {}
    }
    received.map_err(|error| match error {
        Once::Key(error) => error.into(),
        Once::Act(fault) => fault.into(),
    })
}

struct Arrived {
    sha256: Vec<u8>,
    bytes: u64,
    head: PhotoHead,
}

async fn store_checked<S, E>(writer: &mut BufWriter, body: S) -> Result<Arrived, UploadError>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: std::fmt::Display,
{
    let mut body = std::pin::pin!(body);
    let (mut scan, mut hash, mut bytes) = (PhotoScan::default(), Sha256::new(), 0_u64);
    let mut came = 0_u64;
    while let Some(part) = body.next().await {
        let mut part = part.map_err(|error| UploadError::Broken(error.to_string()))?;
        came += part.len() as u64;
        if came > PHOTO_BYTES_MAX {
            return Err(PhotoRefusal::TooLarge.into());
        }
        // What follows the end of the picture (the film of a motion photo, or a byte that makes another file of it) is
        // neither kept nor counted: the original is the picture.
        part.truncate(scan.feed(&part)?);
        bytes += part.len() as u64;
        hash.update(&part);
        if !part.is_empty() {
            writer.put(part).await.map_err(store::fault)?;
        }
    }
    Ok(Arrived { head: scan.finish()?, sha256: hash.finalize().to_vec(), bytes })
}

async fn discard(ctx: &Ctx, city: CityId, id: FileId) {
    if let Err(fault) = ctx.files.delete(&store::original(city, id)).await {
        tracing::warn!(%fault, "an original that is not needed stays until the sweep");
    }
}
