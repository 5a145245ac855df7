//! The erasable rows beside a case against the commitments in its events.

use std::collections::{BTreeSet, HashMap};

use kernel::evidence::Commitment;
use kernel::id::CityId;
use platform::Ctx;
use platform::db::{Fault, Unreadable, stored_rows};
use platform::journal::{Flaw, keeps};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IdenStatic, QueryFilter, QueryOrder};

use super::Wrong;
use crate::model::{Event, PersonalField, PhotoMark};
use crate::read::marks;
use crate::store::{NOTE, erased_photo, photo, receipt, text};

/// Texts, photos and receipts of one case.
#[derive(Default)]
pub(super) struct Beside {
    texts: Vec<text::Model>,
    photos: Vec<photo::Model>,
    /// What remains of erased photos.
    remains: Vec<erased_photo::Model>,
    receipts: Vec<receipt::Model>,
    /// Rows that cannot be read.
    unreadable: Vec<Wrong>,
}

impl Beside {
    /// Reads those of some cases.
    pub(super) async fn load(
        conn: &impl ConnectionTrait,
        city: CityId,
        ids: &[i64],
    ) -> Result<HashMap<i64, Self>, Fault> {
        let mut all: HashMap<i64, Self> = HashMap::new();
        let ids = || ids.iter().copied();
        let query = text::Entity::find()
            .filter(text::Column::CityId.eq(city.0))
            .filter(text::Column::CaseId.is_in(ids()))
            .order_by_asc(text::Column::Version);
        for row in stored_rows(conn, query).await? {
            match row {
                Ok(row) => all.entry(row.case_id).or_default().texts.push(row),
                Err(row) => {
                    strange(&mut all, &row, &text::Column::CaseId, Flaw::PersonalChanged, "cases_text")
                }
            }
        }
        let query = photo::Entity::find()
            .filter(photo::Column::CityId.eq(city.0))
            .filter(photo::Column::CaseId.is_in(ids()));
        for row in stored_rows(conn, query).await? {
            match row {
                Ok(row) => all.entry(row.case_id).or_default().photos.push(row),
                Err(row) => {
                    strange(&mut all, &row, &photo::Column::CaseId, Flaw::PersonalChanged, "cases_photo")
                }
            }
        }
        let query = erased_photo::Entity::find()
            .filter(erased_photo::Column::CityId.eq(city.0))
            .filter(erased_photo::Column::CaseId.is_in(ids()));
        for row in stored_rows(conn, query).await? {
            match row {
                Ok(row) => all.entry(row.case_id).or_default().remains.push(row),
                Err(row) => {
                    let case_id = erased_photo::Column::CaseId;
                    strange(&mut all, &row, &case_id, Flaw::RowDiffers, "cases_erased_photo");
                }
            }
        }
        let query = receipt::Entity::find()
            .filter(receipt::Column::CityId.eq(city.0))
            .filter(receipt::Column::CaseId.is_in(ids()));
        for row in stored_rows(conn, query).await? {
            match row {
                Ok(row) => all.entry(row.case_id).or_default().receipts.push(row),
                Err(row) => {
                    strange(&mut all, &row, &receipt::Column::CaseId, Flaw::ReceiptChanged, "cases_receipt");
                }
            }
        }
        Ok(all)
    }

    /// Everything that does not keep what the events say.
    pub(super) fn against(mut self, ctx: &Ctx, events: &[Event]) -> Vec<Wrong> {
        // What cannot be read would look like missing as well.
        if !self.unreadable.is_empty() {
            return self.unreadable;
        }
        let erased = erased(events);
        let mut wrong = Vec::new();
        for (version, event) in (1..).zip(events) {
            for (field, commitment) in texts_of(event) {
                let gone = version == 1 && field.parse().is_ok_and(|field| erased.contains(&field));
                wrong.extend(self.text(ctx, version, field, commitment, gone));
            }
            let gone = version == 1 && erased.contains(&PersonalField::Photos);
            wrong.extend(self.photos_of_event(version, event, gone));
        }
        if let Some(Event::Reported(reported)) = events.first() {
            wrong.extend(self.receipt(reported.receipt.as_ref()));
        }
        wrong.extend(self.unexplained());
        wrong
    }

    /// One text. Its row is taken out, so that what is left at the end has no event.
    fn text(
        &mut self,
        ctx: &Ctx,
        version: i64,
        field: &str,
        commitment: &Commitment,
        gone: bool,
    ) -> Option<Wrong> {
        let place = || format!("version {version}, {field}");
        let found = self.texts.iter().position(|row| row.version == version && row.field == field);
        match (found.map(|at| self.texts.swap_remove(at)), gone) {
            (None, true) => None,
            (None, false) => Some((Flaw::PersonalMissing, place())),
            (Some(_), true) => Some((Flaw::RowUnexplained, format!("{}: erased, but still there", place()))),
            (Some(row), false) => {
                let plain = plain(ctx, &row);
                let kept = plain.is_some_and(|plain| keeps(commitment, &row.salt, &plain));
                (!kept).then(|| (Flaw::PersonalChanged, place()))
            }
        }
    }

    fn photos_of_event(&mut self, version: i64, event: &Event, gone: bool) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        for (position, mark) in (0_i32..).zip(marks(event)) {
            let place = || format!("version {version}, photo {}", mark.file);
            let found = self.photos.iter().position(|row| row.file_id == mark.file.0);
            match (found.map(|at| self.photos.swap_remove(at)), gone) {
                (None, true) => wrong.extend(self.remains_of(mark, event)),
                (None, false) => wrong.push((Flaw::PersonalMissing, place())),
                (Some(_), true) => {
                    wrong.push((Flaw::RowUnexplained, format!("{}: erased, but still there", place())));
                }
                (Some(row), false) => {
                    let told = (row.version, row.role.as_str(), row.position, row.at);
                    let same = told == (version, event.kind(), position, event.at().0);
                    if !same || !keeps(&mark.commitment, &row.salt, &row.original_sha256) {
                        wrong.push((Flaw::PersonalChanged, place()));
                    }
                }
            }
        }
        wrong
    }

    /// What must remain of an erased photo: the hash by which it is known again.
    fn remains_of(&mut self, mark: &PhotoMark, event: &Event) -> Option<Wrong> {
        let place = || format!("cases_erased_photo {}", mark.file);
        let found = self.remains.iter().position(|row| row.file_id == mark.file.0);
        let Some(row) = found.map(|at| self.remains.swap_remove(at)) else {
            return Some((Flaw::RowMissing, place()));
        };
        let same = row.at == event.at().0 && keeps(&mark.commitment, &row.salt, &row.original_sha256);
        (!same).then(|| (Flaw::RowDiffers, place()))
    }

    fn receipt(&mut self, commitment: Option<&Commitment>) -> Option<Wrong> {
        let commitment = commitment?;
        let kept = |row: &receipt::Model| keeps(commitment, &row.salt, &row.code_hash);
        match self.receipts.iter().position(kept) {
            Some(at) => {
                self.receipts.swap_remove(at);
                None
            }
            None => {
                // One that was changed is this flaw, not one more unexplained row.
                let place = if self.receipts.pop().is_some() { "changed" } else { "missing" };
                Some((Flaw::ReceiptChanged, place.to_owned()))
            }
        }
    }

    /// Rows that no event asked for.
    fn unexplained(self) -> Vec<Wrong> {
        let texts =
            self.texts.into_iter().map(|row| format!("cases_text version {}, {}", row.version, row.field));
        let photos = self.photos.into_iter().map(|row| format!("cases_photo {}", row.file_id));
        let receipts = self.receipts.into_iter().map(|_| "cases_receipt".to_owned());
        let remains = self.remains.into_iter().map(|row| format!("cases_erased_photo {}", row.file_id));
        texts
            .chain(photos)
            .chain(remains)
            .chain(receipts)
            .map(|place| (Flaw::RowUnexplained, place))
            .collect()
    }
}

/// The texts that an event commits to, by the field name of their rows.
fn texts_of(event: &Event) -> Vec<(&str, &Commitment)> {
    let own = match event {
        Event::Reported(e) => {
            return e.personal.iter().map(|(field, commitment)| (field.code(), commitment)).collect();
        }
        Event::PreVerified(e) => &e.note,
        Event::Refused(e) => &e.note,
        Event::Dispatched(e) => &e.note,
        Event::Handled(e) => &e.note,
        Event::Checked(e) => &e.note,
        Event::Closed(e) => &e.note,
        Event::VerdictGiven(e) => &e.note,
        Event::Filed(_)
        | Event::Overran(_)
        | Event::Recounted(_)
        | Event::ReporterShown(_)
        | Event::ReporterErased(_) => &None,
    };
    own.iter().map(|commitment| (NOTE, commitment)).collect()
}

/// Notes a row that cannot be read with the case that it was found by.
fn strange(
    all: &mut HashMap<i64, Beside>,
    row: &Unreadable,
    case_id: &impl IdenStatic,
    flaw: Flaw,
    table: &str,
) {
    let beside = all.entry(row.number(case_id).unwrap_or_default()).or_default();
    beside.unreadable.push((flaw, format!("{table}.{}: unreadable", row.column)));
}

/// What the commitment is about: the text itself, opened where it is sealed.
fn plain(ctx: &Ctx, row: &text::Model) -> Option<Vec<u8>> {
    let sealed = matches!(row.field.parse(), Ok(PersonalField::Name | PersonalField::Phone));
    if sealed { ctx.secrets.open(&row.content).map(String::into_bytes) } else { Some(row.content.clone()) }
}

/// Fields of the report that were erased at some time.
fn erased(events: &[Event]) -> BTreeSet<PersonalField> {
    let mut erased = BTreeSet::new();
    for event in events {
        if let Event::ReporterErased(event) = event {
            erased.extend(event.fields.iter().copied());
        }
    }
    erased
}
