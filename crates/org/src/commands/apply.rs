//! The command that writes changes of records.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernel::id::{CityId, UserId};
use platform::auth::retire_in;
use platform::db::{Command, Fault, Tx};
use platform::journal::{Head, Stamp};
use platform::secrets::Secrets;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::{Change, Edit, EditError};
use crate::document::{Document, Kind};
use crate::errors::OrgError;
use crate::import::drop_all_of;
use crate::store::{import, person, record};

/// What is personal about a member of staff, made before the command so that it may run twice.
#[derive(Debug, Clone)]
pub(crate) struct Personal {
    pub(crate) salt: Vec<u8>,
    pub(crate) name_sealed: Vec<u8>,
    pub(crate) phone_sealed: Option<Vec<u8>>,
}

/// What happens to a record.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    Set(Box<Document>, Option<Personal>),
    Remove(Kind, i64),
    Erase(i64),
}

/// A change as the command carries it.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) act: Act,
    pub(crate) expected: Option<i64>,
}

impl Step {
    /// Seals what is personal.
    pub(crate) fn of(edit: &Edit, secrets: &Secrets) -> Self {
        let act = match &edit.change {
            Change::Set(document) => Act::Set(Box::new(document.clone()), None),
            Change::Person(input) => {
                let (person, personal) = input.sealed(secrets);
                Act::Set(Box::new(Document::Person(person)), Some(personal))
            }
            Change::Remove(kind, id) => Act::Remove(*kind, *id),
            Change::Erase(person) => Act::Erase(person.0),
        };
        Self { act, expected: edit.expected }
    }

    fn target(&self) -> (Kind, i64) {
        match &self.act {
            Act::Set(document, _) => (document.kind(), document.id()),
            Act::Remove(kind, id) => (*kind, *id),
            Act::Erase(id) => (Kind::Person, *id),
        }
    }
}

/// Changes up to [`super::CHUNK`] records, all or nothing.
#[derive(Debug, Clone)]
pub(crate) struct Apply {
    pub(crate) city: CityId,
    pub(crate) stamp: Stamp,
    /// The policy version against which the changes were judged.
    pub(crate) policy: i64,
    /// The import to which the changes belong; every other import must be at rest.
    pub(crate) import: Option<i64>,
    /// Do the snapshots change with it? Not before the last piece of an import.
    pub(crate) bump: bool,
    pub(crate) steps: Vec<Step>,
}

/// Which logins people had before a command and have after it.
#[derive(Default)]
struct Logins {
    before: BTreeSet<UserId>,
    after: BTreeSet<UserId>,
}

impl Logins {
    fn note(&mut self, before: Option<&record::Model>, act: &Act) -> Result<(), Fault> {
        if let Act::Set(document, _) = act
            && let Document::Person(person) = &**document
        {
            self.after.extend(person.user);
        }
        if let Some(row) = before.filter(|row| !row.removed && row.kind == Kind::Person.word())
            && let Document::Person(person) = Kind::Person.read(&row.doc)?
        {
            self.before.extend(person.user);
        }
        Ok(())
    }

    /// The logins that no longer belong to anybody. Whoever has one in exchange keeps it: his rights are set after.
    fn given_up(self) -> impl Iterator<Item = UserId> {
        let Self { before, after } = self;
        before.into_iter().filter(move |user| !after.contains(user))
    }
}

/// What was written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Written {
    /// The policy version from now on.
    pub(crate) policy: i64,
    /// The version of each record now, in the order of the steps.
    pub(crate) versions: Vec<i64>,
}

impl Command for Apply {
    type Done = Written;
    type Error = EditError;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<Written, EditError> {
        self.write(tx).await
    }
}

impl Apply {
    /// Writes the changes inside this or another command.
    pub(crate) async fn write(&self, tx: &mut Tx) -> Result<Written, EditError> {
        tx.expect_policy(self.policy).await?;
        if import::under_way(tx.conn().await?, self.city, self.import).await? {
            return Err(OrgError::ImportRunning.into());
        }
        let mut known = self.known(tx).await?;
        self.free_codes(tx, &known).await?;
        let mut versions = Vec::with_capacity(self.steps.len());
        let mut logins = Logins::default();
        for step in &self.steps {
            let (kind, id) = step.target();
            let before = known.get(&(kind, id)).cloned();
            logins.note(before.as_ref(), &step.act)?;
            let standing = before.as_ref().filter(|row| !row.removed);
            let seen = standing.map_or(0, |row| row.version);
            if step.expected.is_some_and(|expected| expected != seen) {
                return Err(Fault::LostRace.into());
            }
            let after = match &step.act {
                Act::Set(document, personal) => self.set(tx, before, document, personal.as_ref()).await?,
                Act::Remove(..) => self.end(tx, kind, before, false).await?,
                Act::Erase(_) => self.end(tx, kind, before, true).await?,
            };
            versions.push(after.version);
            known.insert((kind, id), after);
        }
        // In the same transaction: nobody keeps rights, for however short, that no post gives him any more.
        for user in logins.given_up() {
            retire_in(tx, self.city, user, self.stamp).await?;
        }
        let policy = if self.bump { tx.bump_policy_version().await? } else { self.policy };
        Ok(Written { policy, versions })
    }

    /// The rows of all records that change, with one statement per kind.
    async fn known(&self, tx: &mut Tx) -> Result<HashMap<(Kind, i64), record::Model>, Fault> {
        let mut ids: BTreeMap<Kind, Vec<i64>> = BTreeMap::new();
        for (kind, id) in self.steps.iter().map(Step::target) {
            ids.entry(kind).or_default().push(id);
        }
        let mut known = HashMap::new();
        for (kind, ids) in ids {
            let rows = record::Entity::find()
                .filter(record::Column::CityId.eq(self.city.0))
                .filter(record::Column::Kind.eq(kind.word()))
                .filter(record::Column::Id.is_in(ids))
                .all(tx.conn().await?)
                .await?;
            known.extend(rows.into_iter().map(|row| ((kind, row.id), row)));
        }
        Ok(known)
    }

    /// Two records may exchange their codes in one command: codes that change are given up first.
    async fn free_codes(
        &self,
        tx: &mut Tx,
        known: &HashMap<(Kind, i64), record::Model>,
    ) -> Result<(), Fault> {
        let mut freed: BTreeMap<Kind, Vec<i64>> = BTreeMap::new();
        for step in &self.steps {
            let Act::Set(document, _) = &step.act else { continue };
            let old = known.get(&(document.kind(), document.id())).and_then(|row| row.code.as_deref());
            if old.is_some_and(|old| old != document.code()) {
                freed.entry(document.kind()).or_default().push(document.id());
            }
        }
        for (kind, ids) in freed {
            let update = record::Entity::update_many()
                .col_expr(record::Column::Code, Expr::value(None::<String>))
                .filter(record::Column::CityId.eq(self.city.0))
                .filter(record::Column::Kind.eq(kind.word()))
                .filter(record::Column::Id.is_in(ids));
            tx.update(update).await?;
        }
        Ok(())
    }

    async fn set(
        &self,
        tx: &mut Tx,
        before: Option<record::Model>,
        document: &Document,
        personal: Option<&Personal>,
    ) -> Result<record::Model, EditError> {
        let doc = document.text()?;
        if let Some(row) = &before
            && !row.removed
            && row.doc == doc
        {
            // Nothing changes, so nothing happened. A person always differs: his salt is new.
            return Ok(row.clone());
        }
        let head = before.as_ref().map_or_else(Head::default, record::Model::head);
        let head = document.journal(tx, &head, &self.stamp);
        let row = record::Model {
            city_id: self.city.0,
            kind: document.kind().word().to_owned(),
            id: document.id(),
            code: Some(document.code()),
            doc,
            removed: false,
            version: head.version,
            head_hash: head.hash,
            changed_at: self.stamp.at.0,
        };
        match &before {
            None => tx.insert_model(row.clone()),
            Some(old) => self.update(tx, old, &row).await?,
        }
        if let Some(personal) = personal {
            if before.is_some() {
                self.forget(tx, document.id()).await?;
            }
            tx.insert(person::ActiveModel {
                city_id: Set(self.city.0),
                id: Set(document.id()),
                salt: Set(personal.salt.clone()),
                name_sealed: Set(personal.name_sealed.clone()),
                phone_sealed: Set(personal.phone_sealed.clone()),
            });
        }
        Ok(row)
    }

    async fn end(
        &self,
        tx: &mut Tx,
        kind: Kind,
        before: Option<record::Model>,
        erase: bool,
    ) -> Result<record::Model, EditError> {
        let old = before.filter(|row| !row.removed || erase).ok_or(OrgError::NoSuchRecord)?;
        let head = kind.end(tx, old.id, &old.head(), &self.stamp, erase);
        let row = record::Model {
            code: None,
            removed: true,
            version: head.version,
            head_hash: head.hash,
            changed_at: self.stamp.at.0,
            ..old.clone()
        };
        self.update(tx, &old, &row).await?;
        if erase {
            self.forget(tx, old.id).await?;
            drop_all_of(tx, self.city, old.id).await?;
        }
        Ok(row)
    }

    async fn update(&self, tx: &mut Tx, old: &record::Model, new: &record::Model) -> Result<(), Fault> {
        let update = record::Entity::update_many()
            .col_expr(record::Column::Code, Expr::value(new.code.clone()))
            .col_expr(record::Column::Doc, Expr::value(new.doc.as_str()))
            .col_expr(record::Column::Removed, Expr::value(new.removed))
            .col_expr(record::Column::Version, Expr::value(new.version))
            .col_expr(record::Column::HeadHash, Expr::value(new.head_hash.clone()))
            .col_expr(record::Column::ChangedAt, Expr::value(new.changed_at))
            .filter(record::Column::CityId.eq(self.city.0))
            .filter(record::Column::Kind.eq(old.kind.as_str()))
            .filter(record::Column::Id.eq(old.id))
            .filter(record::Column::Version.eq(old.version));
        if tx.update(update).await? == 1 { Ok(()) } else { Err(Fault::LostRace) }
    }

    async fn forget(&self, tx: &mut Tx, id: i64) -> Result<(), Fault> {
        let delete = person::Entity::delete_many()
            .filter(person::Column::CityId.eq(self.city.0))
            .filter(person::Column::Id.eq(id));
        tx.delete(delete).await?;
        Ok(())
    }
}
