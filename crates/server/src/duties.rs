//! `youju duties …`: may one person manage, work on cases and audit? Only from the terminal, in the name of somebody who
//! is no administrator, and as an event of the city's settings: nobody opens the way to more rights for himself.

use kernel::rights::Duty;
use platform::auth;
use platform::journal::Actor;

use crate::cli::DutiesCommand;
use crate::house::{CannotOpen, House};

/// Why the command failed; said on standard error.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DutiesFailed {
    #[error(transparent)]
    House(#[from] CannotOpen),
    #[error("没有这个用户，或已停用：{0} (no such user)")]
    NoSuchUser(String),
    #[error("系统管理员不能批准三员兼任，请由领导或文明办决定：{0} (an administrator cannot allow it)")]
    Administrator(String),
    #[error("城市设置尚未建立，请先启动一次服务并导入数据 (the city has no settings yet)")]
    NoProfile,
    #[error("{0}")]
    Refused(#[from] org::EditError),
}

impl From<platform::db::Fault> for DutiesFailed {
    fn from(fault: platform::db::Fault) -> Self {
        Self::House(CannotOpen::Database(fault))
    }
}

/// Runs the command.
pub(crate) async fn run(command: DutiesCommand) -> Result<(), DutiesFailed> {
    let (store, by, joined) = match command {
        DutiesCommand::Join { store, by } => (store, by, true),
        DutiesCommand::Separate { store, by } => (store, by, false),
    };
    let house = House::enter(store).await?;
    let done = set(&house, &by, joined).await;
    house.close().await;
    done?;
    println!(
        "{}",
        if joined {
            "已允许三员兼任，并已记录 (duties may be joined; recorded)"
        } else {
            "三员须分立，并已记录 (duties are separate; recorded)"
        }
    );
    Ok(())
}

async fn set(house: &House, login: &str, joined: bool) -> Result<(), DutiesFailed> {
    let (ctx, id) = (&house.ctx, house.ctx.home_city);
    let by = auth::user_of_login(ctx, id, login).await?;
    let by = by.ok_or_else(|| DutiesFailed::NoSuchUser(login.to_owned()))?;
    let org = org::Org::new(ctx.clone());
    let city = org.city(id).await?;
    let standing = match city.standing(by) {
        Some(standing) => standing.grants.clone(),
        None => auth::grants_of_user(ctx, id, by).await?.into_iter().collect(),
    };
    if joined && standing.iter().any(|grant| grant.role.duty() == Duty::Admin) {
        return Err(DutiesFailed::Administrator(login.to_owned()));
    }
    let mut profile = city.profile().cloned().ok_or(DutiesFailed::NoProfile)?;
    profile.joined_duties = joined;
    org.edit(id, Actor::User(by), vec![profile.into()]).await?;
    Ok(())
}
