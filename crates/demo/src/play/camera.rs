//! Photos, taken and uploaded a little before the act that sends them, as phones do: several at once, so that both cores
//! work on their copies while nothing waits for a single one.

use bytes::Bytes;
use cases::Attachment;
use kernel::time::{HOUR_MS, Time};
use platform::files::{self, Sender, Uploader};
use platform::journal::Actor;

use super::studio::Drawn;
use super::{Part, Play, Step};
use crate::cast::CITY;
use crate::create::DemoError;
use crate::phrases::Channel;

/// How long before its act a photo is uploaded, at the most, in simulated time.
const AHEAD_MS: i64 = 3 * HOUR_MS;
/// Photos uploaded at once.
const AT_ONCE: usize = 8;

impl Play<'_> {
    /// The photos that a step sends: one, or none.
    pub(super) async fn photos(
        &mut self,
        at: Time,
        index: usize,
        step: Step,
    ) -> Result<Vec<Attachment>, DemoError> {
        if !self.pictured(index) || self.parts[index].moment(step).is_none() {
            return Ok(Vec::new());
        }
        if self.parts[index].photo.is_none() {
            self.take_photos(at, (index, step)).await?;
        }
        Ok(self.parts[index].photo.take().into_iter().collect())
    }

    /// Takes the photo of a step, and of the next ones in the queue.
    async fn take_photos(&mut self, at: Time, first: (usize, Step)) -> Result<(), DemoError> {
        let until = at.plus_ms(AHEAD_MS);
        let wanted = |(_, index, step): &(Time, usize, Step)| {
            let part = &self.parts[*index];
            self.pictured(*index) && part.photo.is_none() && part.moment(*step).is_some()
        };
        let soon = self.queue.iter().map(|entry| entry.0).filter(|(when, ..)| *when < until);
        let mut soon: Vec<(Time, usize, Step)> = soon.filter(wanted).collect();
        soon.sort_unstable();
        soon.truncate(AT_ONCE - 1);
        let mut taken = Vec::new();
        for (index, step) in std::iter::once(first).chain(soon.iter().map(|(_, index, step)| (*index, *step)))
        {
            taken.push(self.take_photo(index, step).await?.id);
        }
        files::settle(&self.ctx, CITY, &taken).await?;
        Ok(())
    }

    async fn take_photo(&mut self, index: usize, step: Step) -> Result<Attachment, DemoError> {
        let part = self.parts[index].clone();
        let moment = part.moment(step).ok_or(DemoError::Story("photo"))?;
        let drawn = self.studio.take((part.scene, part.picture, moment)).await?;
        let photo = self.upload(self.photographer(&part, step), file_of(&part, drawn)).await?;
        self.pictures += 1;
        self.parts[index].photo = Some(photo.clone());
        Ok(photo)
    }

    /// Who takes the photo of a step.
    fn photographer(&self, part: &Part, step: Step) -> Actor {
        let handler = part.unit.and_then(|unit| self.staff.handlers.get(&unit));
        match (step, part.channel) {
            (Step::Handle, _) => handler.map_or(Actor::Resident, platform::web::Caller::actor),
            (Step::PreVerify, _) | (_, Channel::Inspector) => self.inspector(&part.town_code).actor(),
            _resident => Actor::Resident,
        }
    }

    /// Uploads a file, as a phone does.
    pub(super) async fn upload(&self, actor: Actor, file: Drawn) -> Result<Attachment, DemoError> {
        if let Some(copies) = file.copies {
            self.ctx.files.foresee(&file.jpeg, copies);
        }
        let body = futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::from(file.jpeg))]);
        let received = files::receive(
            &self.ctx,
            Uploader { city: CITY, actor, sender: Sender::default() },
            None,
            None,
            body,
        )
        .await?;
        Ok(Attachment { id: received.id, token: received.token })
    }
}

/// The file of a picture. Two drawings may happen to be equal, two photos never are: bytes behind the end of the image
/// tell them apart, and the copies that are served do not have them.
pub(super) fn file_of(part: &super::Part, mut drawn: Drawn) -> Drawn {
    drawn.jpeg.extend_from_slice(&part.picture.to_le_bytes());
    drawn.jpeg.extend_from_slice(part.number.as_bytes());
    drawn
}
