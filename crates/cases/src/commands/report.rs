//! 上报: a problem comes in. The hot path of the product: facts from memory, one decision, rows and event noted; nothing
//! is read inside the batch but the lane and the day's counter.

use std::collections::BTreeMap;

use kernel::class::ClassCode;
use kernel::id::{CaseId, CityId};
use kernel::place::Point;
use kernel::time::Time;
use platform::db::{Command as Write, Tx};
use platform::idempotency::OnceKey;
use platform::journal::{Head, Stamp, Stream};
use platform::secrets::digest;
use serde::{Deserialize, Serialize};

use super::change::{timer_at, timer_kind};
use super::gather::{Attachment, photos, plain_text, sealed_text, seated};
use super::{ActError, FRESH_TRIES, SentPhoto, Spot};
use crate::errors::CaseError;
use crate::house::{Cases, Snapshot};
use crate::model::{CaseNumber, Event, PersonalField, Source};
use crate::rules::{self, By, Command, Report};
use crate::store::{self, NewPhoto, NewReceipt, NewText, case};

/// A report whose texts were cleaned. Which area its place is in is found when it is judged, and again when the facts
/// have changed meanwhile.
#[derive(Clone)]
pub struct NewReport {
    /// The channel.
    pub source: Source,
    /// What kind of problem.
    pub class: ClassCode,
    /// Where the problem lies.
    pub place: Spot,
    /// When the device says it was taken down.
    pub device_at: Option<Time>,
    /// What was written.
    pub description: Option<String>,
    /// The place in words.
    pub address: Option<String>,
    /// The reporter's name.
    pub name: Option<String>,
    /// The reporter's phone number.
    pub phone: Option<String>,
    /// Uploaded photos.
    pub photos: Vec<SentPhoto>,
}

/// What the reporter gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipted {
    /// The new case.
    pub case: CaseId,
    /// Its number.
    pub number: CaseNumber,
    /// The receipt code, where the channel's policy gives one. It is shown once and stored nowhere.
    pub code: Option<String>,
    /// Until when it has to be filed or refused.
    pub intake_due_at: Time,
}

/// The command.
struct ReportCase {
    city: CityId,
    stamp: Stamp,
    by: By,
    snapshot: Snapshot,
    report: Report,
    texts: Vec<NewText>,
    photos: Vec<NewPhoto>,
    receipt: NewReceipt,
    code: String,
    once: Option<OnceKey>,
}

impl Write for ReportCase {
    type Done = Receipted;
    type Error = ActError;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<Receipted, ActError> {
        tx.expect_policy(self.snapshot.policy_version()).await?;
        let at = self.stamp.at;
        let serial = tx.next_number(&format!("case/{}", CaseNumber::day(at))).await?;
        let number = CaseNumber::new(self.snapshot.city.number_prefix(), at, serial);
        let command = Command::Report(Report { number, ..self.report.clone() });
        let events = rules::decide(None, &command, &self.snapshot.facts(at, &self.by))?;
        let [Event::Reported(reported)] = events.as_slice() else {
            return Err(CaseError::AlreadyReported.into());
        };
        let case = rules::start(reported);
        let head = tx.journal(Stream::of::<Event>(case.id.0), &Head::default(), &self.stamp, &events);
        store::note_texts(tx, self.city, case.id, 1, &self.texts);
        store::note_photos(tx, self.city, case.id, 1, "reported", at, &self.photos);
        let code = reported.receipt.is_some().then(|| self.code.clone());
        if code.is_some() {
            store::note_receipt(tx, self.city, case.id, &self.receipt);
        }
        tx.timer(timer_at(reported.intake_due_at), timer_kind(crate::model::ClockKind::Intake), case.id.0);
        let photo = self.photos.first().map(|photo| photo.file.0);
        store::save_new(tx, case::Model::of(self.city, &case, &head, photo)?);
        let done =
            Receipted { case: case.id, number: case.number, code, intake_due_at: reported.intake_due_at };
        if let Some(once) = &self.once {
            once.remember(tx, &done)?;
        }
        Ok(done)
    }
}

impl Cases {
    /// Finds uploaded photos, to be put into a [`NewReport`].
    ///
    /// # Errors
    /// [`CaseError::PhotoUnknown`] for a wrong id or token, or a fault.
    pub async fn sent_photos(&self, city: CityId, sent: &[Attachment]) -> Result<Vec<SentPhoto>, ActError> {
        photos(&self.ctx, city, sent).await
    }

    /// Brings a problem in. Facts that turn out too old are rebuilt, and the act is tried again.
    ///
    /// # Errors
    /// What the rules say, or a fault.
    pub async fn report(
        &self,
        city: CityId,
        by: By,
        stamp: Stamp,
        new: NewReport,
        once: Option<OnceKey>,
    ) -> Result<Receipted, ActError> {
        for _ in 0..FRESH_TRIES {
            let snapshot = self.snapshot(city).await?;
            let command = self.report_command(
                snapshot.clone(),
                seated(&by, &snapshot.city, stamp.at),
                stamp,
                new.clone(),
                once.clone(),
            )?;
            match self.ctx.db.write(command).await {
                Err(error) if error.is_stale() => drop(self.org.refresh(city).await?),
                answer => return answer,
            }
        }
        Err(platform::db::Fault::Stale.into())
    }

    /// Everything that the command holds comes from this one snapshot, whose version the lane will ask for.
    fn report_command(
        &self,
        snapshot: Snapshot,
        by: By,
        stamp: Stamp,
        new: NewReport,
        once: Option<OnceKey>,
    ) -> Result<ReportCase, ActError> {
        let (ctx, city) = (&self.ctx, snapshot.city.id());
        let place = new.place.find(&snapshot.city)?;
        let texts = texts(ctx, &new);
        let photos: Vec<NewPhoto> = new.photos.into_iter().map(|sent| sent.new).collect();
        let code = crate::receipt::draw(ctx.chance.as_ref());
        let code_hash = digest(crate::receipt::plain(&code).as_bytes());
        let receipt = NewReceipt { code_hash, salt: ctx.secrets.salt() };
        let personal: BTreeMap<PersonalField, _> =
            texts.iter().filter_map(|text| Some((text.field.parse().ok()?, text.commitment()))).collect();
        let report = Report {
            case: ctx.id(),
            number: CaseNumber(String::new()),
            source: new.source,
            class: new.class,
            area: place.area,
            cell: place.cell,
            device_at: new.device_at,
            personal,
            photos: photos.iter().map(NewPhoto::mark).collect(),
            receipt: Some(receipt.commitment()),
        };
        Ok(ReportCase { city, stamp, by, snapshot, report, texts, photos, receipt, code, once })
    }
}

/// What was written, with commitments; names and phones sealed.
fn texts(ctx: &platform::Ctx, new: &NewReport) -> Vec<NewText> {
    let mut texts = Vec::new();
    let mut plain = |field: PersonalField, text: Option<String>| {
        if let Some(text) = text {
            texts.push(plain_text(ctx, field.code(), text));
        }
    };
    plain(PersonalField::Description, new.description.clone());
    plain(PersonalField::Address, new.address.clone());
    plain(PersonalField::Point, new.place.point().map(|(point, accuracy_m)| point_text(point, accuracy_m)));
    for (field, text) in [(PersonalField::Name, &new.name), (PersonalField::Phone, &new.phone)] {
        if let Some(text) = text {
            texts.push(sealed_text(ctx, field, text.clone()));
        }
    }
    texts
}

/// A point as stored: degrees and, if known, metres of accuracy.
fn point_text(point: Point, accuracy_m: Option<f64>) -> String {
    match accuracy_m {
        Some(accuracy_m) => format!("{:.7},{:.7},{accuracy_m:.0}", point.lng(), point.lat()),
        None => format!("{:.7},{:.7}", point.lng(), point.lat()),
    }
}

/// Reads a stored point back.
pub(crate) fn read_point(text: &str) -> Option<(Point, Option<f64>)> {
    let mut parts = text.split(',');
    let lng = parts.next()?.parse().ok()?;
    let lat = parts.next()?.parse().ok()?;
    let accuracy_m = parts.next().and_then(|part| part.parse().ok());
    Some((Point::new(lng, lat).ok()?, accuracy_m))
}
