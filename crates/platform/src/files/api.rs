//! Files over HTTP: the upload, and the answer with a copy. Which record's right opens a copy is the business of the
//! context that owns the record, so there is no route here that serves one.

use std::net::IpAddr;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use kernel::id::FileId;
use photo::PHOTO_BYTES_MAX;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::receive::{Uploader, receive};
use super::serve::Served;
use super::turns::Sender;
use crate::ctx::Ctx;
use crate::journal::Actor;
use crate::web::{
    Caller, IdempotencyKey, Limits, Need, Peer, Refusal, Slice, has_already, need_media, network,
};

/// Uploads of residents per address and minute. A whole street may sit behind one address of a phone network.
const UPLOADS_PER_MINUTE: u32 = 600;
/// Megabytes that residents send per address and hour: sixty phones of such a street with nine photos of 7 MB each.
const UPLOADED_MB_PER_HOUR: u32 = 4_096;
/// After a refusal, the rest of a body is read and thrown away up to this size and time, so that the sender hears the answer
/// instead of a broken connection.
const DRAIN_BYTES: usize = 128 * 1024 * 1024;
const DRAIN_TIME: Duration = Duration::from_secs(30);
/// What an upload may say that it is. HEIC and AVIF are let in to hear what to do instead.
const PHOTO_TYPES: [&str; 8] = [
    "image/jpeg",
    "image/jpg",
    "image/pjpeg",
    "image/png",
    "image/webp",
    "image/heic",
    "image/heif",
    "image/avif",
];

/// State of the upload route.
#[derive(Clone)]
pub struct Uploads {
    /// Where files go.
    pub ctx: Ctx,
    /// Floods from one address.
    pub limits: Limits,
}

/// A photo that was taken. With `id` and `token` its uploader attaches it to a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Received {
    /// The file.
    #[schema(value_type = String)]
    pub id: FileId,
    /// Proof that the bearer uploaded it; only its hash is stored.
    pub token: String,
    /// `received`: durable, its copies are being made.
    pub state: String,
}

impl Received {
    pub(super) fn new(id: FileId, token: String) -> Self {
        Self { id, token, state: super::tables::RECEIVED.to_owned() }
    }
}

/// The routes.
pub fn routes() -> Slice<Uploads> {
    Slice::new().route(Need::Public, routes!(upload))
}

/// Upload a photo: JPEG, PNG or WebP, at most 20 MB and 50 million pixels. Answered when it is durable.
#[utoipa::path(post, path = "/api/v1/files", tag = "files", operation_id = "uploadFile",
    params(("Idempotency-Key" = Option<String>, Header, description = "any unique text of at most 64 characters")),
    request_body(content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"), (Vec<u8> = "application/octet-stream")),
        description = "the bytes of the photo"),
    responses(
        (status = 201, description = "received", body = Received),
        (status = 413, description = "files/too-large"),
        (status = 415, description = "files/not-a-photo"),
        (status = 422, description = "files/heic, files/too-many-pixels, files/truncated, files/unreadable, platform/idempotency-reused"),
        (status = 429, description = "platform/too-many, platform/too-much"),
        (status = 507, description = "files/no-room")
    ))]
async fn upload(
    State(door): State<Uploads>,
    peer: Peer,
    IdempotencyKey(key): IdempotencyKey,
    caller: Option<Caller>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let ctx = &door.ctx;
    need_media(&headers, &PHOTO_TYPES, "files/not-a-photo")?;
    // The machine itself is a proxy that keeps its own limits, or a test.
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if caller.is_none() && !peer.0.is_loopback() {
        door.limits.take(peer, "upload", UPLOADS_PER_MINUTE, ctx.now())?;
        let bytes = length.unwrap_or(PHOTO_BYTES_MAX).min(PHOTO_BYTES_MAX);
        door.limits.take_bytes(peer, "upload", bytes, UPLOADED_MB_PER_HOUR, ctx.now())?;
    }
    let from = Uploader {
        city: caller.as_ref().map_or(ctx.home_city, |caller| caller.city),
        actor: caller.as_ref().map_or(Actor::Resident, Caller::actor),
        sender: caller.as_ref().map_or_else(|| of_address(peer), of_user),
    };
    let mut stream = body.into_data_stream();
    match receive(ctx, from, key.as_deref(), length, &mut stream).await {
        Ok(received) => Ok((StatusCode::CREATED, Json(received)).into_response()),
        Err(error) => {
            tokio::spawn(tokio::time::timeout(DRAIN_TIME, async move {
                let mut drained = 0;
                while let Some(Ok(part)) = stream.next().await {
                    drained += part.len();
                    if drained > DRAIN_BYTES {
                        break;
                    }
                }
            }));
            Err(error.into())
        }
    }
}

/// Whoever shares an address is one sender: its network, in one number.
fn of_address(peer: Peer) -> Sender {
    match network(peer.0) {
        IpAddr::V4(v4) => Sender(u64::from(v4.to_bits()) | 1 << 40),
        IpAddr::V6(v6) => Sender((v6.to_bits() >> 64) as u64),
    }
}

fn of_user(caller: &Caller) -> Sender {
    Sender(caller.user.0.cast_unsigned())
}

/// Answers a request with a copy, always whole: it is small. No browser keeps it, so that it is not to be found there after a
/// sign-out; programs that keep it themselves ask by its hash. Whoever calls this has asked for the right before.
pub fn answer(served: Served, request: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", hex::encode(&served.sha256));
    let mut response = if has_already(request, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "image/jpeg")], served.bytes).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("none"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}
