//! Changing records: one command for any number of them, all or nothing.

mod apply;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernel::evidence::Commitment;
use kernel::id::{CityId, UnitId, UserId};
use kernel::problem::{FieldProblem, Problem, ToProblem};
use kernel::text::{clean_line, mask_phone};
use platform::auth::grants_of_user;
use platform::db::Fault;
use platform::journal::{Actor, Stamp, commit};
use platform::secrets::Secrets;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use apply::{Apply, Step};

use crate::city::{City, PersonView, Records};
use crate::document::{Document, Fate, Kind};
use crate::errors::OrgError;
use crate::judge::{NAME_CHARS, Unfit, judge};
use crate::model::{Dates, Person, PersonId, Record};
use crate::rights::{bears_rights, widens};
use crate::state::{Org, computed};

/// Most records of one command: it shall not hold the lane for longer than 50 ms.
pub(crate) const CHUNK: usize = 200;
/// How often a change is judged again when somebody else was faster.
const TRIES: usize = 4;

/// Why a change did not happen.
#[derive(Debug, Clone, thiserror::Error)]
pub enum EditError {
    /// The rules say no.
    #[error(transparent)]
    Refused(#[from] OrgError),
    /// Below the rules.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ToProblem for EditError {
    fn problem(&self) -> Problem {
        match self {
            Self::Refused(error) => error.problem(),
            Self::Fault(fault) => fault.problem(),
        }
    }
}

/// A member of staff as he is written into a form: with his name and phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonInput {
    /// His id.
    pub id: PersonId,
    /// 编号.
    pub code: String,
    /// 姓名.
    pub name: String,
    /// 手机.
    pub phone: Option<String>,
    /// 所在单位.
    pub unit: Option<UnitId>,
    /// 职务.
    pub title: String,
    /// His login, if he has one.
    pub user: Option<UserId>,
    /// When he serves.
    pub valid: Dates,
}

/// A change of one record.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The record is now this. People are set by [`Change::Person`].
    Set(Document),
    /// A member of staff is now this.
    Person(PersonInput),
    /// The record no longer stands.
    Remove(Kind, i64),
    /// The member of staff no longer serves, and his name and phone are destroyed.
    Erase(PersonId),
}

/// A change, and the version of the record that the caller saw (0: it was not there); `None` takes any.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// What changes.
    pub change: Change,
    /// Since which version.
    pub expected: Option<i64>,
}

impl<R: Record + Into<Document>> From<R> for Edit {
    /// The record is now this, whatever it was.
    fn from(record: R) -> Self {
        Self { change: Change::Set(record.into()), expected: None }
    }
}

impl From<PersonInput> for Edit {
    fn from(input: PersonInput) -> Self {
        Self { change: Change::Person(input), expected: None }
    }
}

impl Change {
    /// The record that changes.
    pub fn target(&self) -> (Kind, i64) {
        match self {
            Self::Set(document) => (document.kind(), document.id()),
            Self::Person(input) => (Kind::Person, input.id.0),
            Self::Remove(kind, id) => (*kind, *id),
            Self::Erase(person) => (Kind::Person, person.0),
        }
    }
}

/// A field, the code of what is wrong with it, and the values for its words.
type Flaw = (&'static str, &'static str, BTreeMap<&'static str, Value>);

impl PersonInput {
    /// What can be wrong with name and phone, which no record shows.
    pub(crate) fn flaws(&self) -> Vec<Flaw> {
        let mut flaws: Vec<Flaw> = Vec::new();
        match clean_line(&self.name, 30) {
            Ok(clean) if clean == self.name => {}
            Ok(_) => flaws.push(("name", "org/untrimmed", BTreeMap::new())),
            Err(error) => flaws.push(("name", error.code(), error.problem().params)),
        }
        let digits = |phone: &String| {
            let digits = phone.bytes().filter(u8::is_ascii_digit).count();
            (5..=20).contains(&digits)
                && phone.len() <= 40
                && phone.bytes().all(|b| b.is_ascii_digit() || b"+- ".contains(&b))
        };
        if !self.phone.as_ref().is_none_or(digits) {
            flaws.push(("phone", "org/bad-phone", BTreeMap::new()));
        }
        flaws
    }

    /// The record and its personal row.
    pub(crate) fn sealed(&self, secrets: &Secrets) -> (Person, apply::Personal) {
        let salt = secrets.salt();
        let proof = |text: &str| commit(&salt, text.as_bytes());
        let person = self.record(proof(&self.name), self.phone.as_deref().map(proof));
        let name_sealed = secrets.seal(&self.name);
        let phone_sealed = self.phone.as_deref().map(|phone| secrets.seal(phone));
        (person, apply::Personal { salt, name_sealed, phone_sealed })
    }

    fn record(&self, name: Commitment, phone: Option<Commitment>) -> Person {
        Person {
            id: self.id,
            code: self.code.clone(),
            name,
            phone,
            unit: self.unit,
            title: self.title.clone(),
            user: self.user,
            valid: self.valid,
        }
    }

    /// The view that staff will have of him; its commitments are placeholders.
    pub(crate) fn view(&self) -> PersonView {
        let none = || Commitment(String::new());
        PersonView {
            person: self.record(none(), self.phone.as_ref().map(|_| none())),
            name: self.name.clone(),
            phone_masked: self.phone.as_deref().map(mask_phone),
        }
    }
}

/// The records as they would be after some changes, and which were touched.
pub(crate) fn after(before: &Records, edits: &[Edit]) -> (Records, BTreeSet<(Kind, i64)>) {
    let mut records = before.clone();
    records.change(edits.iter().map(|edit| {
        let (kind, id) = edit.change.target();
        let fate = match &edit.change {
            Change::Set(document) => Fate::Set(document.clone()),
            Change::Person(input) => Fate::Person(input.view()),
            Change::Remove(..) | Change::Erase(_) => Fate::Gone,
        };
        (kind, id, fate)
    }));
    (records, edits.iter().map(|edit| edit.change.target()).collect())
}

/// Everything that is wrong with some changes.
pub(crate) fn unfit(city: &City, edits: &[Edit]) -> Vec<Unfit> {
    let (records, touched) = after(city.records(), edits);
    let mut found = judge(city.key(), city.records(), &records, &touched, city.classes(), city.as_of());
    for edit in edits {
        let (kind, id) = edit.change.target();
        if let Change::Person(input) = &edit.change {
            let flaws = input.flaws().into_iter();
            found.extend(flaws.map(|(field, code, params)| Unfit { kind, id, field, code, params }));
        }
    }
    found
}

impl Org {
    /// Changes records: judges the state that would come out, writes it, and builds the new snapshot.
    ///
    /// Up to [`CHUNK`] records change at once or not at all; more are written in several commands of which each is
    /// whole (the first filling of a city; imports have their own way to be all or nothing).
    ///
    /// # Errors
    /// [`OrgError::Unfit`] with a pointer `/n/field` for each thing wrong with the n-th change, counted from 0;
    /// [`OrgError::ImportRunning`]; [`Fault::LostRace`] when a record is no longer of the expected version.
    pub async fn edit(
        &self,
        id: CityId,
        actor: Actor,
        edits: Vec<Edit>,
    ) -> Result<std::sync::Arc<City>, EditError> {
        for attempt in 1..=TRIES {
            let city = self.city(id).await?;
            let (snapshot, judged) = (city.clone(), edits.clone());
            computed(move || refuse(&judged, unfit(&snapshot, &judged))).await??;
            if let Actor::User(by) = actor
                && edits.iter().any(|edit| bears_rights(edit.change.target().0))
            {
                let held = grants_of_user(&self.ctx, id, by).await?;
                if widens(&city, &after(city.records(), &edits).0, by, &held) {
                    return Err(OrgError::OwnRightsWider.into());
                }
            }
            let stamp = Stamp { at: self.ctx.now(), actor };
            let mut policy = city.versions().policy;
            let mut stale = false;
            for chunk in edits.chunks(CHUNK) {
                let steps = chunk.iter().map(|edit| Step::of(edit, &self.ctx.secrets)).collect();
                match self
                    .ctx
                    .db
                    .write(Apply { city: id, stamp, policy, import: None, bump: true, steps })
                    .await
                {
                    Ok(written) => policy = written.policy,
                    Err(EditError::Fault(Fault::Stale)) if attempt < TRIES => {
                        stale = true;
                        break;
                    }
                    Err(error) => {
                        self.refresh(id).await?;
                        return Err(error);
                    }
                }
            }
            let city = self.refresh(id).await?;
            if !stale {
                if edits.iter().any(|edit| bears_rights(edit.change.target().0)) {
                    self.follow_posts(id, actor).await;
                }
                return Ok(city);
            }
        }
        Err(Fault::Stale.into())
    }
}

fn refuse(edits: &[Edit], found: Vec<Unfit>) -> Result<(), OrgError> {
    if found.is_empty() {
        return Ok(());
    }
    let mut places = HashMap::new();
    for (at, edit) in edits.iter().enumerate() {
        places.entry(edit.change.target()).or_insert(at);
    }
    let place = |unfit: &Unfit| places.get(&(unfit.kind, unfit.id)).copied();
    let fields = found.into_iter().map(|unfit| {
        let at = place(&unfit).unwrap_or_default();
        FieldProblem {
            pointer: format!("/{at}/{}", unfit.field),
            code: unfit.code.into(),
            params: unfit.params,
        }
    });
    Err(OrgError::Unfit(fields.collect()))
}

/// The longest name, for forms that check before they send.
pub const NAME_CHARS_MAX: usize = NAME_CHARS;
