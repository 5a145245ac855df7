//! The changes of an import as they are kept: sealed, because people are in them.

use platform::db::Fault;
use platform::secrets::Secrets;
use serde::{Deserialize, Serialize};

use super::plan::{Planned, Shown};
use crate::commands::{Change, PersonInput};
use crate::document::Kind;
use crate::model::PersonId;

/// A change in JSON.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kept {
    Set { kind: String, doc: String },
    Person(PersonInput),
    Remove { kind: String, id: i64 },
    Erase(PersonId),
}

/// A change, what was before, and what the preview shows of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ChangeContent {
    change: Kept,
    before: Option<Kept>,
    /// What the preview shows.
    pub(crate) shown: Option<Shown>,
}

impl Kept {
    fn of(change: &Change) -> Result<Self, Fault> {
        Ok(match change {
            Change::Set(document) => {
                Self::Set { kind: document.kind().word().to_owned(), doc: document.text()? }
            }
            Change::Person(input) => Self::Person(input.clone()),
            Change::Remove(kind, id) => Self::Remove { kind: kind.word().to_owned(), id: *id },
            Change::Erase(id) => Self::Erase(*id),
        })
    }

    fn change(&self) -> Result<Change, Fault> {
        let kind = |word: &str| {
            Kind::by_word(word)
                .ok_or_else(|| Fault::Unreadable(format!("org_import_change: kind {word}").into()))
        };
        Ok(match self {
            Self::Set { kind: word, doc } => Change::Set(kind(word)?.read(doc)?),
            Self::Person(input) => Change::Person(input.clone()),
            Self::Remove { kind: word, id } => Change::Remove(kind(word)?, *id),
            Self::Erase(id) => Change::Erase(*id),
        })
    }
}

impl ChangeContent {
    pub(crate) fn of(planned: &Planned) -> Result<Self, Fault> {
        Ok(Self {
            change: Kept::of(&planned.edit.change)?,
            before: planned.before.as_ref().map(Kept::of).transpose()?,
            shown: planned.shown.clone(),
        })
    }

    /// The change itself.
    pub(crate) fn change(&self) -> Result<Change, Fault> {
        self.change.change()
    }

    /// The change that restores what was before.
    pub(crate) fn inverse(&self) -> Result<Change, Fault> {
        if let Some(before) = &self.before {
            return before.change();
        }
        let (kind, id) = self.change.change()?.target();
        Ok(Change::Remove(kind, id))
    }

    pub(crate) fn seal(&self, secrets: &Secrets) -> Result<Vec<u8>, Fault> {
        let text =
            serde_json::to_string(self).map_err(|error| Fault::Unreadable(error.to_string().into()))?;
        Ok(secrets.seal(&text))
    }

    pub(crate) fn open(secrets: &Secrets, sealed: &[u8]) -> Result<Self, Fault> {
        let unreadable = |why: String| Fault::Unreadable(format!("org_import_change: {why}").into());
        let text = secrets.open(sealed).ok_or_else(|| unreadable("cannot be opened".into()))?;
        serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))
    }
}
