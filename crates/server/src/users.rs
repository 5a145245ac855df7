//! `youju user …`: people with keys, from the terminal.

use std::collections::BTreeSet;
use std::io::BufRead;
use std::str::FromStr;

use kernel::area::AreaKey;
use kernel::id::{CityId, UnitId, UserId};
use kernel::rights::{Grant, ROLES, Role};
use kernel::text::{TextError, clean_line};
use platform::Ctx;
use platform::auth::{self, AddUser, AuthError, ChangeUser, Grants, PasswordPolicy, Passwords, UserChange};
use platform::journal::{Actor, Stamp};

use crate::cli::UserCommand;
use crate::house::{CannotOpen, House};

/// Why the command failed; said on standard error.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UserFailed {
    #[error(transparent)]
    House(#[from] CannotOpen),
    #[error("{}", words(.0))]
    Auth(#[from] AuthError),
    #[error("登录名不可用：不能为空，不能有控制字符，最多 {LINE_CHARS} 字 (the login cannot be used: {0})")]
    BadLogin(TextError),
    #[error("姓名不可用：不能为空，不能有控制字符，最多 {LINE_CHARS} 字 (the name cannot be used: {0})")]
    BadName(TextError),
    #[error(
        "未知岗位 {0}；可用：inspector acceptor dispatcher handler checker leader office admin auditor (unknown role)"
    )]
    UnknownRole(String),
    #[error("区划代码不正确：{0} (not an area code of this city)")]
    BadArea(String),
    #[error("经办人须指定 --unit (handlers need --unit)")]
    UnitMissing,
    #[error(
        "管理、业务、审计三类岗位不能由同一人担任；城市太小时先运行 youju duties join (managing, working and auditing are not for one person)"
    )]
    DutiesJoined,
    #[error("没有读到密码，请从标准输入给出 (give the password on standard input)")]
    NoPassword,
}

/// Characters of a login or a name, at most.
const LINE_CHARS: usize = 100;

/// The refusals of sign-in in both languages.
fn words(error: &AuthError) -> String {
    let zh = match error {
        AuthError::WrongPassword => "登录名或密码不正确",
        AuthError::LoginTaken(_) => "登录名已被使用",
        AuthError::NoSuchUser => "没有这个用户，或已停用",
        AuthError::WeakPassword => {
            "密码至少 8 位，不能是常见密码、键盘顺序、日期，也不能由登录名或城市名加几位数字组成"
        }
        AuthError::Fault(_) => "数据库出错",
    };
    format!("{zh} ({error})")
}

/// Runs the command.
pub(crate) async fn run(command: UserCommand) -> Result<(), UserFailed> {
    let store = match &command {
        UserCommand::Add { store, .. }
        | UserCommand::Passwd { store, .. }
        | UserCommand::Disable { store, .. } => store.clone(),
    };
    let house = House::enter(store).await?;
    let done = act(&house.ctx, command).await;
    house.close().await;
    println!("{}", done?);
    Ok(())
}

/// Carries it out and says what was done.
async fn act(ctx: &Ctx, command: UserCommand) -> Result<String, UserFailed> {
    match command {
        UserCommand::Add { store: _, login, name, roles, area, unit } => {
            let city = ctx.home_city;
            let login = clean_line(&login, LINE_CHARS).map_err(UserFailed::BadLogin)?;
            let name = clean_line(&name, LINE_CHARS).map_err(UserFailed::BadName)?;
            let grants = grants(city, &roles, area.as_deref(), unit)?;
            if joined(&grants) && !may_join(ctx).await? {
                return Err(UserFailed::DutiesJoined);
            }
            let password = password(ctx, &login, &name).await?;
            let id: UserId = ctx.id();
            let add = AddUser {
                city,
                id,
                login: login.clone(),
                name,
                password,
                unit: unit.map(UnitId),
                grants,
                salt: Vec::new(),
                name_sealed: Vec::new(),
                stamp: stamp(ctx),
            };
            ctx.db.write(add.sealed(&ctx.secrets)).await?;
            Ok(format!("已添加用户 {login} (user {id} added)"))
        }
        UserCommand::Passwd { store: _, login } => {
            let change = UserChange::Password(password(ctx, &login, "").await?);
            change_user(ctx, &login, change).await?;
            Ok("密码已更新 (password set)".to_owned())
        }
        UserCommand::Disable { store: _, login } => {
            change_user(ctx, &login, UserChange::Disable).await?;
            Ok(format!("已停用 {login} (disabled)"))
        }
    }
}

async fn change_user(ctx: &Ctx, login: &str, change: UserChange) -> Result<(), AuthError> {
    let city = ctx.home_city;
    let id = auth::user_of_login(ctx, city, login).await?.ok_or(AuthError::NoSuchUser)?;
    ctx.db.write(ChangeUser { city, id, change, stamp: stamp(ctx) }).await
}

fn stamp(ctx: &Ctx) -> Stamp {
    Stamp { at: ctx.now(), actor: Actor::System("cli") }
}

/// Reads the password from standard input and hashes it.
async fn password(ctx: &Ctx, login: &str, name: &str) -> Result<String, UserFailed> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    let password = line.trim_end_matches(['\r', '\n']);
    if read.is_err() || password.is_empty() {
        return Err(UserFailed::NoPassword);
    }
    let city = org::Org::new(ctx.clone()).city(ctx.home_city).await.map_err(AuthError::from)?;
    let code = ctx.home_city.to_string();
    let about = city.profile().map(|profile| [profile.name.as_str(), profile.number_prefix.as_str()]);
    let words: Vec<&str> = about.into_iter().flatten().chain([name, code.as_str()]).collect();
    if !PasswordPolicy::default().allows(login, password, &words) {
        return Err(AuthError::WeakPassword.into());
    }
    Passwords::default().hash(password, &ctx.secrets.salt()).ok_or(UserFailed::NoPassword)
}

fn grants(
    city: CityId,
    roles: &[String],
    area: Option<&str>,
    unit: Option<i64>,
) -> Result<Grants, UserFailed> {
    let code = area.map_or_else(|| city.to_string(), str::to_owned);
    let key = AreaKey::from_str(&code).map_err(|_| UserFailed::BadArea(code.clone()))?;
    if key.county() != city.0 {
        return Err(UserFailed::BadArea(code));
    }
    let mut grants = Grants::new();
    for name in roles {
        let role = role(name).ok_or_else(|| UserFailed::UnknownRole(name.clone()))?;
        if role.bound_to_unit() && unit.is_none() {
            return Err(UserFailed::UnitMissing);
        }
        grants.insert(Grant { role, area: key.range(), unit: unit.map(UnitId) });
    }
    Ok(grants)
}

/// Are there roles of more than one kind of duty among them?
fn joined(grants: &Grants) -> bool {
    grants.iter().map(|grant| grant.role.duty()).collect::<BTreeSet<_>>().len() > 1
}

/// Does the city let one person hold several kinds of duty?
async fn may_join(ctx: &Ctx) -> Result<bool, AuthError> {
    let city = org::Org::new(ctx.clone()).city(ctx.home_city).await?;
    Ok(city.profile().is_some_and(|profile| profile.joined_duties))
}

fn role(name: &str) -> Option<Role> {
    ROLES.into_iter().find(|role| serde_json::to_value(role).is_ok_and(|value| value == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_given_by_their_english_names_and_handlers_need_a_unit() {
        let city = CityId(320_281);
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(grants(city, &names(&["acceptor", "office"]), None, None).unwrap().len(), 2);
        assert!(matches!(grants(city, &names(&["handler"]), None, None), Err(UserFailed::UnitMissing)));
        let mixed =
            [["acceptor", "office"], ["admin", "auditor"], ["admin", "acceptor"], ["leader", "auditor"]];
        let mixed = mixed.map(|roles| joined(&grants(city, &names(&roles), None, None).unwrap()));
        assert_eq!(mixed, [false, true, true, true]);
        assert!(matches!(grants(city, &names(&["boss"]), None, None), Err(UserFailed::UnknownRole(_))));
        assert!(matches!(
            grants(city, &names(&["leader"]), Some("320100"), None),
            Err(UserFailed::BadArea(_))
        ));
    }
}
