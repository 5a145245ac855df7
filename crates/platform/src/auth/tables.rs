//! Rows of users, grants and sessions.

use kernel::area::{AreaKey, AreaRange};
use kernel::id::{UnitId, UserId};
use kernel::rights::{Grant, ROLES, Role};

use crate::ctx::Ctx;
use crate::web::Caller;

/// The caller that these rows describe. A grant of a role that this release does not know opens nothing.
pub(super) fn caller(ctx: &Ctx, user: user::Model, grants: Vec<grant::Model>) -> Caller {
    Caller {
        city: kernel::id::CityId(user.city_id),
        user: UserId(user.id),
        name: ctx.secrets.open(&user.name_sealed).unwrap_or_else(|| user.login.clone()),
        login: user.login,
        // What is recorded of his unit is no source: it follows his posts.
        unit: None,
        past: Vec::new(),
        grants: grants.iter().filter_map(grant::Model::grant).collect(),
    }
}

/// The name of a role in the database.
pub(super) fn role_name(role: Role) -> String {
    serde_json::to_value(role).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

pub(super) mod user {
    use kernel::id::CityId;
    use kernel::text::clean_query;
    use sea_orm::entity::prelude::*;
    use sea_orm::{Condition, ConnectionTrait};

    use crate::auth::login_fold;
    use crate::db::Fault;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "platform_user")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub city_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub login: String,
        pub name_sealed: Vec<u8>,
        pub name_salt: Vec<u8>,
        pub password: String,
        pub unit_id: Option<i64>,
        pub disabled: bool,
        pub version: i64,
        pub head_hash: Vec<u8>,
        /// See [`login_fold`]; nothing where another name of the same fold was there before.
        pub login_fold: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    pub(in crate::auth) async fn find(
        conn: &impl ConnectionTrait,
        city: kernel::id::CityId,
        id: i64,
    ) -> Result<Option<Model>, Fault> {
        Ok(Entity::find_by_id((city.0, id)).one(conn).await?)
    }

    /// Rows of any of these sign-in names: as they are written, or by their fold.
    pub(in crate::auth) fn named(logins: &[String]) -> Condition {
        let folds = logins.iter().map(|login| login_fold(login));
        Condition::any().add(Column::Login.is_in(logins.iter().cloned())).add(Column::LoginFold.is_in(folds))
    }

    /// The user of a sign-in name, however it is typed. Who has it letter by letter comes first.
    pub(in crate::auth) async fn by_login(
        conn: &impl ConnectionTrait,
        city: CityId,
        typed: &str,
    ) -> Result<Option<Model>, Fault> {
        // What cannot be a name is nobody's; it must not come to the database, which may not take it.
        let Ok(login) = clean_query(typed) else { return Ok(None) };
        let rows = Entity::find()
            .filter(Column::CityId.eq(city.0))
            .filter(named(std::slice::from_ref(&login)))
            .all(conn)
            .await?;
        let exact = rows.iter().position(|row| row.login == login).unwrap_or(0);
        Ok(rows.into_iter().nth(exact))
    }
}

pub(super) mod grant {
    use sea_orm::ConnectionTrait;
    use sea_orm::entity::prelude::*;

    use super::{AreaKey, AreaRange, Grant, ROLES, UnitId, role_name};
    use crate::db::Fault;

    /// `unit_id` is 0 where the grant is bound to no unit: a key column cannot be absent.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "platform_grant")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub city_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub role: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub area_from: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub area_to: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub unit_id: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    impl Model {
        pub(in crate::auth) fn of_grant(city_id: i64, user_id: i64, grant: &Grant) -> Self {
            Self {
                city_id,
                user_id,
                role: role_name(grant.role),
                area_from: grant.area.from.0,
                area_to: grant.area.to.0,
                unit_id: grant.unit.map_or(0, UnitId::get),
            }
        }

        pub(in crate::auth) fn grant(&self) -> Option<Grant> {
            let role = ROLES.into_iter().find(|role| role_name(*role) == self.role)?;
            let area = AreaRange { from: AreaKey(self.area_from), to: AreaKey(self.area_to) };
            Some(Grant { role, area, unit: (self.unit_id != 0).then_some(UnitId(self.unit_id)) })
        }
    }

    pub(in crate::auth) async fn of(
        conn: &impl ConnectionTrait,
        city: kernel::id::CityId,
        user_id: i64,
    ) -> Result<Vec<Model>, Fault> {
        let rows = Entity::find()
            .filter(Column::CityId.eq(city.0))
            .filter(Column::UserId.eq(user_id))
            .all(conn)
            .await?;
        Ok(rows)
    }
}

pub(super) mod session {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "platform_session")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub token_hash: Vec<u8>,
        pub city_id: i64,
        pub user_id: i64,
        pub made_at: i64,
        pub until_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod guess {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "platform_guess")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub city_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub at: i64,
        pub user_id: Option<i64>,
        pub account: String,
        pub network: String,
        pub failures: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
