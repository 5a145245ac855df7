//! Gathering what a command carries: commitments to texts, the photos that were uploaded for it, who asks.

use std::time::Duration;

use kernel::id::{CityId, FileId};
use kernel::tenure::Tenure;
use kernel::text::{TextError, clean_optional_line, clean_optional_text};
use kernel::time::Time;
use org::City;
use platform::Ctx;
use platform::files::FileRow;
use platform::web::{Caller, bad_text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ActError;
use crate::errors::CaseError;
use crate::model::PersonalField;
use crate::rules::{OfferedPhoto, Staff};
use crate::store::{NOTE, NewPhoto, NewText};

pub(crate) use crate::rules::By;

/// Characters of a description or of words, at most.
pub(crate) const TEXT_CHARS: usize = 4_000;
/// Characters of an address, a name.
pub(crate) const LINE_CHARS: usize = 200;

/// An uploaded photo, named by its id and the token that its uploader got.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// The file.
    #[schema(value_type = String)]
    pub id: FileId,
    /// The token of the upload.
    pub token: String,
}

/// Words that come with an act.
#[derive(Debug, Clone, Default)]
pub struct Words(pub Option<String>);

/// A photo as sent, found in the file store.
#[derive(Debug, Clone)]
pub struct SentPhoto {
    pub(crate) new: NewPhoto,
}

impl SentPhoto {
    /// As the rules see it; where it was used is found inside the command.
    pub(crate) fn offered(&self) -> OfferedPhoto {
        OfferedPhoto {
            mark: self.new.mark(),
            original: hex(&self.new.original_sha256),
            seen: self.new.seen_sha256.as_deref().map(hex),
            used: None,
        }
    }
}

/// Staff, as the rules see a signed-in caller.
pub(crate) fn staff(caller: &Caller) -> By {
    By::Staff(Staff {
        user: caller.user,
        unit: caller.unit,
        grants: caller.grants.clone(),
        past: caller.past.clone(),
    })
}

/// Whoever asks, as the posts of this snapshot have him: the lane refuses the act when they are no longer the present
/// ones. What he was when he asked stays part of his past, so that nobody escapes a rule by being moved meanwhile.
pub(crate) fn seated(by: &By, city: &City, at: Time) -> By {
    let By::Staff(staff) = by else { return by.clone() };
    let Some(standing) = city.standing(staff.user) else { return by.clone() };
    let units = staff.unit.into_iter().chain(staff.grants.iter().filter_map(|grant| grant.unit));
    let was = units.map(|unit| Tenure { unit, from: at, until: Some(at) });
    By::Staff(Staff {
        user: staff.user,
        unit: standing.unit,
        grants: standing.grants.clone(),
        past: staff.past.iter().copied().chain(was).collect(),
    })
}

/// Staff, as the rules see a signed-in caller: for whoever reports on his behalf.
pub fn by_staff(caller: &Caller) -> By {
    staff(caller)
}

/// How long a report or an act waits for the copies of its photos. Turns at the decoder take tenths of a second; only a
/// server that is flooded by many lets it come to this.
const SETTLE_TIME: Duration = Duration::from_secs(20);

/// Finds the uploaded photos, each of them one that can be seen: what still waits for its copies gets them now. So no record
/// rests on a photo that turns out to show nothing, and what becomes of it does not depend on how fast it was sent. A wrong
/// id or token is the same as no photo, and so is one that could not be decoded. The same file twice is refused here, before
/// it meets the key of its row in the lane, where it would cost everybody else's commands a second run.
pub(crate) async fn photos(ctx: &Ctx, city: CityId, sent: &[Attachment]) -> Result<Vec<SentPhoto>, ActError> {
    let mut files = Vec::with_capacity(sent.len());
    for (index, attachment) in sent.iter().enumerate() {
        if let Some(first) = sent[..index].iter().position(|earlier| earlier.id == attachment.id) {
            return Err(CaseError::PhotoTwice { first: first + 1, second: index + 1 }.into());
        }
        let file =
            platform::files::by_token(ctx.db.reader(), city, attachment.id, &attachment.token, ctx.now())
                .await?;
        let file = file.filter(|file| !file.is_refused());
        files.push(file.ok_or(CaseError::PhotoUnknown { position: index + 1 })?);
    }
    let ids: Vec<FileId> = files.iter().map(FileRow::file).collect();
    if files.iter().any(|file| !file.is_ready()) {
        let settling = tokio::time::timeout(SETTLE_TIME, platform::files::settle(ctx, city, &ids));
        let settled = match settling.await {
            Ok(settled) => settled?,
            Err(_elapsed) => platform::files::find_many(ctx.db.reader(), city, &ids).await?,
        };
        for (index, id) in ids.iter().enumerate() {
            let file = settled.iter().find(|file| file.file() == *id && !file.is_refused());
            let file = file.ok_or(CaseError::PhotoUnknown { position: index + 1 })?;
            if !file.is_ready() {
                return Err(CaseError::PhotoNotReady { position: index + 1 }.into());
            }
        }
    }
    let mut seen = platform::files::seen_on(ctx.db.reader(), city, &ids).await?;
    let found = |file: FileRow| NewPhoto {
        file: file.file(),
        salt: ctx.secrets.salt(),
        seen_sha256: seen.remove(&file.file()),
        original_sha256: file.original_sha256,
    };
    Ok(files.into_iter().map(found).map(|new| SentPhoto { new }).collect())
}

/// The words of an act, cleaned and committed to; `None` for empty ones.
pub(crate) fn note(ctx: &Ctx, words: &Words, pointer: &str) -> Result<Option<NewText>, ActError> {
    let plain = lines(words.0.as_deref().unwrap_or_default(), pointer)?;
    Ok(plain.map(|plain| plain_text(ctx, NOTE, plain)))
}

/// A text stored as it is.
pub(crate) fn plain_text(ctx: &Ctx, field: &str, plain: String) -> NewText {
    let stored = plain.clone().into_bytes();
    NewText { field: field.to_owned(), salt: ctx.secrets.salt(), plain, stored }
}

/// A text that is sealed at rest: names, phone numbers.
pub(crate) fn sealed_text(ctx: &Ctx, field: PersonalField, plain: String) -> NewText {
    let stored = ctx.secrets.seal(&plain);
    NewText { field: field.code().to_owned(), salt: ctx.secrets.salt(), plain, stored }
}

/// One line, cleaned; `None` for an empty one.
pub(crate) fn line(raw: Option<&str>, pointer: &str) -> Result<Option<String>, ActError> {
    clean_optional_line(raw.unwrap_or_default(), LINE_CHARS).map_err(|error| refused(&error, pointer))
}

/// Several lines, cleaned; `None` for empty ones.
pub(crate) fn lines(raw: &str, pointer: &str) -> Result<Option<String>, ActError> {
    clean_optional_text(raw, TEXT_CHARS).map_err(|error| refused(&error, pointer))
}

fn refused(error: &TextError, pointer: &str) -> ActError {
    ActError::Input(bad_text(error, pointer))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
