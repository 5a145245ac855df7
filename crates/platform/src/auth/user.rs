//! A user as his events tell it. Names and logins are personal: events only commit to them.

use std::collections::BTreeSet;

use kernel::evidence::Commitment;
use kernel::id::{UnitId, UserId};
use kernel::rights::Grant;
use serde::{Deserialize, Serialize};

use crate::journal::JournalEvent;

/// Grants, sorted.
pub type Grants = BTreeSet<Grant>;

/// A user, without anything personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Who.
    pub id: UserId,
    /// Commitment to the sign-in name.
    pub login: Commitment,
    /// Commitment to the name.
    pub name: Commitment,
    /// Commitment to the stored password hash.
    pub password: Commitment,
    /// The unit he belongs to, as his posts last gave it.
    pub unit: Option<UnitId>,
    /// May not sign in.
    pub disabled: bool,
    /// What he may do, where.
    pub grants: Grants,
}

/// What happened to a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum UserEvent {
    /// He was added.
    Added {
        /// Who.
        id: UserId,
        /// Commitment to the sign-in name.
        login: Commitment,
        /// Commitment to the name.
        name: Commitment,
        /// Commitment to the stored password hash.
        password: Commitment,
        /// The unit he belongs to.
        unit: Option<UnitId>,
    },
    /// He has another name or unit.
    Moved {
        /// Commitment to the name.
        name: Commitment,
        /// The unit he belongs to.
        unit: Option<UnitId>,
    },
    /// He has another password.
    PasswordSet {
        /// Commitment to the stored password hash.
        password: Commitment,
    },
    /// He may no longer sign in.
    Disabled,
    /// He may sign in again.
    Enabled,
    /// He belongs to another unit, or to none.
    UnitSet {
        /// The unit.
        unit: Option<UnitId>,
    },
    /// All his grants, as they are from now on.
    GrantsSet {
        /// What he may do, where.
        grants: Grants,
    },
}

impl JournalEvent for UserEvent {
    const STREAM: &'static str = "user";

    fn told(&self) -> bool {
        true
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Added { .. } => "added",
            Self::Moved { .. } => "moved",
            Self::PasswordSet { .. } => "password_set",
            Self::Disabled => "disabled",
            Self::Enabled => "enabled",
            Self::UnitSet { .. } => "unit_set",
            Self::GrantsSet { .. } => "grants_set",
        }
    }
}

/// The user that an `Added` event begins; `None` for any other event.
pub fn start(event: &UserEvent) -> Option<User> {
    match event {
        UserEvent::Added { id, login, name, password, unit } => Some(User {
            id: *id,
            login: login.clone(),
            name: name.clone(),
            password: password.clone(),
            unit: *unit,
            disabled: false,
            grants: Grants::new(),
        }),
        UserEvent::Moved { .. }
        | UserEvent::PasswordSet { .. }
        | UserEvent::Disabled
        | UserEvent::Enabled
        | UserEvent::UnitSet { .. }
        | UserEvent::GrantsSet { .. } => None,
    }
}

/// The user after an event.
#[must_use]
pub fn evolve(mut user: User, event: &UserEvent) -> User {
    match event {
        UserEvent::Added { .. } => {}
        UserEvent::Moved { name, unit } => {
            user.name = name.clone();
            user.unit = *unit;
        }
        UserEvent::PasswordSet { password } => user.password = password.clone(),
        UserEvent::Disabled => user.disabled = true,
        UserEvent::Enabled => user.disabled = false,
        UserEvent::UnitSet { unit } => user.unit = *unit,
        UserEvent::GrantsSet { grants } => user.grants = grants.clone(),
    }
    user
}
