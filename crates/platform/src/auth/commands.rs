//! Commands on users and sessions. The `_in` functions do the same inside another context's command (an import).

use std::collections::HashSet;

use kernel::id::{CityId, UnitId, UserId};
use kernel::time::Time;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};

use super::tables::{grant, session, user};
use super::user::{Grants, UserEvent};
use super::{AuthError, login_fold};
use crate::db::{Command, Fault, Tx};
use crate::journal::{Head, Stamp, Stream, commit};
use crate::secrets::Secrets;

/// Adds a user with his grants.
#[derive(Clone)]
pub struct AddUser {
    /// The tenant.
    pub city: CityId,
    /// The new id.
    pub id: UserId,
    /// Sign-in name, unique in the city by its fold ([`login_fold`]).
    pub login: String,
    /// His name.
    pub name: String,
    /// The stored password hash (`Passwords::hash`).
    pub password: String,
    /// The unit with which his record begins; from then on it follows his posts.
    pub unit: Option<UnitId>,
    /// What he may do, where.
    pub grants: Grants,
    /// Salt of the commitments.
    pub salt: Vec<u8>,
    /// The sealed name (`Secrets::seal`), made before so that the command may run twice.
    pub name_sealed: Vec<u8>,
    /// When and by whom.
    pub stamp: Stamp,
}

impl AddUser {
    /// Fills in what must be made outside the command: salt and sealed name.
    #[must_use]
    pub fn sealed(mut self, secrets: &Secrets) -> Self {
        self.salt = secrets.salt();
        self.name_sealed = secrets.seal(&self.name);
        self
    }
}

impl Command for AddUser {
    type Done = ();
    type Error = AuthError;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), AuthError> {
        if user::by_login(tx.conn().await?, self.city, &self.login).await?.is_some() {
            return Err(AuthError::LoginTaken(self.login.clone()));
        }
        add_user_in(tx, self);
        Ok(())
    }
}

/// Adds a user inside another command; a login that is taken refuses that command by its unique key.
pub fn add_user_in(tx: &mut Tx, add: &AddUser) {
    let mut events = vec![UserEvent::Added {
        id: add.id,
        login: commit(&add.salt, add.login.as_bytes()),
        name: commit(&add.salt, add.name.as_bytes()),
        password: commit(&add.salt, add.password.as_bytes()),
        unit: add.unit,
    }];
    if !add.grants.is_empty() {
        events.push(UserEvent::GrantsSet { grants: add.grants.clone() });
    }
    let head = tx.journal(Stream::of::<UserEvent>(add.id.0), &Head::default(), &add.stamp, &events);
    for grant in &add.grants {
        tx.insert(grant::Model::of_grant(add.city.0, add.id.0, grant).into_active_model());
    }
    tx.insert(user::ActiveModel {
        city_id: Set(add.city.0),
        id: Set(add.id.0),
        login: Set(add.login.clone()),
        name_sealed: Set(add.name_sealed.clone()),
        name_salt: Set(add.salt.clone()),
        password: Set(add.password.clone()),
        unit_id: Set(add.unit.map(UnitId::get)),
        disabled: Set(false),
        version: Set(head.version),
        head_hash: Set(head.hash),
        login_fold: Set(Some(login_fold(&add.login))),
    });
}

/// Gives sign-in names from before folds their folds. Of several that fold alike the oldest gets it; the others stay as
/// they are, and are found letter by letter. Answers how many got theirs.
#[derive(Debug, Clone)]
pub struct FoldLogins {
    /// The tenant.
    pub city: CityId,
}

impl Command for FoldLogins {
    type Done = usize;
    type Error = Fault;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<usize, Fault> {
        let users = user::Entity::find()
            .filter(user::Column::CityId.eq(self.city.0))
            .order_by_asc(user::Column::Id)
            .all(tx.conn().await?)
            .await?;
        let mut taken: HashSet<String> = users.iter().filter_map(|user| user.login_fold.clone()).collect();
        let mut done = 0;
        for user in users.iter().filter(|user| user.login_fold.is_none()) {
            let fold = login_fold(&user.login);
            if !taken.insert(fold.clone()) {
                continue;
            }
            let update = user::Entity::update_many()
                .col_expr(user::Column::LoginFold, Expr::value(fold))
                .filter(user::Column::CityId.eq(self.city.0))
                .filter(user::Column::Id.eq(user.id));
            tx.update(update).await?;
            done += 1;
        }
        Ok(done)
    }
}

/// A change of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserChange {
    /// Another stored password hash. Ends his sessions.
    Password(String),
    /// May no longer sign in. Ends his sessions.
    Disable,
    /// May sign in again.
    Enable,
    /// All his grants from now on. Without any, his sessions end too.
    Grants(Grants),
    /// He belongs to another unit, or to none.
    Unit(Option<UnitId>),
    /// Another name (with its sealed form) and unit.
    Move {
        /// His name.
        name: String,
        /// The sealed name.
        name_sealed: Vec<u8>,
        /// The unit he belongs to.
        unit: Option<UnitId>,
    },
}

/// Changes a user.
#[derive(Debug, Clone)]
pub struct ChangeUser {
    /// The tenant.
    pub city: CityId,
    /// Who.
    pub id: UserId,
    /// What changes.
    pub change: UserChange,
    /// When and by whom.
    pub stamp: Stamp,
}

impl Command for ChangeUser {
    type Done = ();
    type Error = AuthError;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), AuthError> {
        change_user_in(tx, self).await
    }
}

/// Changes a user inside another command.
///
/// # Errors
/// [`AuthError::NoSuchUser`], or a fault.
pub async fn change_user_in(tx: &mut Tx, change: &ChangeUser) -> Result<(), AuthError> {
    let (city, id) = (change.city, change.id);
    let row = user::find(tx.conn().await?, city, id.0).await?.ok_or(AuthError::NoSuchUser)?;
    let before = Head { version: row.version, hash: row.head_hash.clone() };
    let event = event_of(&row, &change.change);
    let head = tx.journal(Stream::of::<UserEvent>(id.0), &before, &change.stamp, &[event]);
    let mut update = user::Entity::update_many()
        .col_expr(user::Column::Version, Expr::value(head.version))
        .col_expr(user::Column::HeadHash, Expr::value(head.hash))
        .filter(user::Column::CityId.eq(city.0))
        .filter(user::Column::Id.eq(id.0))
        .filter(user::Column::Version.eq(row.version));
    match &change.change {
        UserChange::Password(hash) => {
            update = update.col_expr(user::Column::Password, Expr::value(hash.as_str()));
            end_sessions(tx, city, id).await?;
        }
        UserChange::Disable => {
            update = update.col_expr(user::Column::Disabled, Expr::value(true));
            end_sessions(tx, city, id).await?;
        }
        UserChange::Enable => update = update.col_expr(user::Column::Disabled, Expr::value(false)),
        UserChange::Move { name_sealed, unit, .. } => {
            update = update
                .col_expr(user::Column::NameSealed, Expr::value(name_sealed.clone()))
                .col_expr(user::Column::UnitId, Expr::value(unit.map(UnitId::get)));
        }
        UserChange::Unit(unit) => {
            update = update.col_expr(user::Column::UnitId, Expr::value(unit.map(UnitId::get)));
        }
        UserChange::Grants(grants) => {
            set_grants(tx, city, id, grants).await?;
            if grants.is_empty() {
                end_sessions(tx, city, id).await?;
            }
        }
    }
    if tx.update(update).await? == 1 { Ok(()) } else { Err(Fault::LostRace.into()) }
}

/// Takes all grants from a user and ends his sessions, inside another command: he no longer serves. A user who is not
/// known, or who has neither, stays as he is.
///
/// # Errors
/// What the database says.
pub async fn retire_in(tx: &mut Tx, city: CityId, id: UserId, stamp: Stamp) -> Result<(), Fault> {
    if grant::of(tx.conn().await?, city, id.0).await?.is_empty() {
        return end_sessions(tx, city, id).await;
    }
    let change = ChangeUser { city, id, change: UserChange::Grants(Grants::new()), stamp };
    match change_user_in(tx, &change).await {
        Ok(()) | Err(AuthError::NoSuchUser) => Ok(()),
        Err(AuthError::Fault(fault)) => Err(fault),
        // A change of grants asks for none of these.
        Err(AuthError::LoginTaken(_) | AuthError::WrongPassword | AuthError::WeakPassword) => Ok(()),
    }
}

fn event_of(row: &user::Model, change: &UserChange) -> UserEvent {
    let salt = &row.name_salt;
    match change {
        UserChange::Password(hash) => UserEvent::PasswordSet { password: commit(salt, hash.as_bytes()) },
        UserChange::Disable => UserEvent::Disabled,
        UserChange::Enable => UserEvent::Enabled,
        UserChange::Unit(unit) => UserEvent::UnitSet { unit: *unit },
        UserChange::Grants(grants) => UserEvent::GrantsSet { grants: grants.clone() },
        UserChange::Move { name, unit, .. } => {
            UserEvent::Moved { name: commit(salt, name.as_bytes()), unit: *unit }
        }
    }
}

async fn set_grants(tx: &mut Tx, city: CityId, id: UserId, grants: &Grants) -> Result<(), Fault> {
    let delete = grant::Entity::delete_many()
        .filter(grant::Column::CityId.eq(city.0))
        .filter(grant::Column::UserId.eq(id.0));
    tx.delete(delete).await?;
    for one in grants {
        tx.insert(grant::Model::of_grant(city.0, id.0, one).into_active_model());
    }
    Ok(())
}

async fn end_sessions(tx: &mut Tx, city: CityId, id: UserId) -> Result<(), Fault> {
    let delete = session::Entity::delete_many()
        .filter(session::Column::CityId.eq(city.0))
        .filter(session::Column::UserId.eq(id.0));
    tx.delete(delete).await?;
    Ok(())
}

/// Opens a session.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// The tenant.
    pub city: CityId,
    /// Who.
    pub user: UserId,
    /// Hash of the token that his browser keeps.
    pub token_hash: Vec<u8>,
    /// Since when.
    pub at: Time,
    /// Until when.
    pub until: Time,
}

impl Command for SignIn {
    type Done = ();
    type Error = Fault;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), Fault> {
        tx.insert(session::ActiveModel {
            token_hash: Set(self.token_hash.clone()),
            city_id: Set(self.city.0),
            user_id: Set(self.user.0),
            made_at: Set(self.at.0),
            until_at: Set(self.until.0),
        });
        Ok(())
    }
}

/// Ends a session.
#[derive(Debug, Clone)]
pub struct SignOut {
    /// The tenant.
    pub city: CityId,
    /// Hash of its token.
    pub token_hash: Vec<u8>,
}

impl Command for SignOut {
    type Done = ();
    type Error = Fault;

    fn city(&self) -> CityId {
        self.city
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), Fault> {
        let delete = session::Entity::delete_many()
            .filter(session::Column::CityId.eq(self.city.0))
            .filter(session::Column::TokenHash.eq(self.token_hash.clone()));
        tx.delete(delete).await?;
        Ok(())
    }
}
