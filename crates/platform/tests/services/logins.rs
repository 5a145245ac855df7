//! Sign-in names: one however it is typed, for whoever signs in and for whoever gives names out.

use kernel::id::UserId;
use platform::auth::{
    AddUser, AuthError, FoldLogins, Grants, Passwords, account_of, sign_in, user_of_login, users_of_logins,
    verify,
};
use platform::journal::{Actor, Stamp};
use sea_orm::ConnectionTrait;
use testkit::World;

use super::SETS;

testkit::stories!(SETS:
    a_name_is_found_however_it_is_typed,
    a_name_that_reads_like_another_is_taken,
    names_from_before_keep_working,
);

const PASSWORD: &str = "澄江 2026 !";

async fn add(world: &World, id: i64, login: &str) -> Result<(), AuthError> {
    let password = Passwords::cheap().hash(PASSWORD, b"0123456789abcdef").unwrap();
    let add = AddUser {
        city: world.city,
        id: UserId(id),
        login: login.into(),
        name: "张示例".into(),
        password,
        unit: None,
        grants: Grants::new(),
        salt: vec![],
        name_sealed: vec![],
        stamp: Stamp { at: world.ctx.now(), actor: Actor::System("test") },
    };
    world.db().write(add.sealed(&world.ctx.secrets)).await
}

async fn enters(world: &World, login: &str) -> Result<UserId, AuthError> {
    let signed = sign_in(&world.ctx, &Passwords::cheap(), world.city, login, PASSWORD.into()).await;
    signed.map(|(_, caller)| caller.user)
}

const TYPED: [&str; 8] = [
    "Zhang-San",
    " zhang-san ",
    "ZHANG-SAN",
    "zhangsan",
    "ｚｈａｎｇ—ｓａｎ",
    "zhang san",
    "\u{FEFF}zhang\u{200B}-san",
    "zhang–san\u{3000}",
];

async fn a_name_is_found_however_it_is_typed(world: World) {
    add(&world, 1, "zhang-san").await.unwrap();
    add(&world, 2, "lisi").await.unwrap();
    for typed in TYPED {
        assert_eq!(enters(&world, typed).await.unwrap(), UserId(1), "{typed:?}");
        assert_eq!(user_of_login(&world.ctx, world.city, typed).await.unwrap(), Some(UserId(1)), "{typed:?}");
    }
    let asked = TYPED.map(str::to_owned);
    let found = users_of_logins(&world.ctx, world.city, &asked).await.unwrap();
    assert!(asked.iter().all(|typed| found.get(typed) == Some(&UserId(1))), "{found:?}");
    let counted = TYPED.map(|typed| account_of(&world.ctx.secrets, world.city, typed));
    assert!(
        counted.iter().all(|account| *account == counted[0]),
        "every way to type it counts as one account"
    );
    // What is no name is nobody's, and no fault of a database that does not take it.
    for typed in ["", " ", "zhang\0san", "\0", "zhang\u{1B}", "zhang\nsan", "%", "zhang_san"] {
        let refused = enters(&world, typed).await;
        assert!(matches!(refused, Err(AuthError::WrongPassword)), "{typed:?}: {refused:?}");
    }
    assert_eq!(verify(&world.ctx, world.city).await.unwrap(), vec![]);
}

async fn a_name_that_reads_like_another_is_taken(world: World) {
    add(&world, 1, "zhang-san").await.unwrap();
    for typed in TYPED {
        let refused = add(&world, 9, typed).await;
        assert!(matches!(refused, Err(AuthError::LoginTaken(_))), "{typed:?}: {refused:?}");
    }
    add(&world, 2, "zhang-san2").await.unwrap();
    // Nothing but signs that fold to nothing: each stands for itself.
    add(&world, 3, "-").await.unwrap();
    add(&world, 4, "--").await.unwrap();
    assert_eq!(enters(&world, "--").await.unwrap(), UserId(4));
}

async fn names_from_before_keep_working(world: World) {
    for (id, login) in [(1, "zhang"), (2, "wang"), (3, "li")] {
        add(&world, id, login).await.unwrap();
    }
    let raw = world.database.raw().await;
    let city = world.city;
    raw.execute_unprepared(&format!("UPDATE platform_user SET login_fold = NULL WHERE city_id = {city}"))
        .await
        .unwrap();
    // Before the city was opened by this release only the letters count.
    assert_eq!(enters(&world, "zhang").await.unwrap(), UserId(1));
    assert!(enters(&world, "ZHANG").await.is_err());
    assert_eq!(verify(&world.ctx, world.city).await.unwrap().len(), 3, "a fold that was taken away is named");
    assert_eq!(world.db().write(FoldLogins { city }).await.unwrap(), 3);
    assert_eq!(world.db().write(FoldLogins { city }).await.unwrap(), 0, "once");
    assert_eq!(enters(&world, "ZHANG").await.unwrap(), UserId(1));
    assert_eq!(verify(&world.ctx, world.city).await.unwrap(), vec![]);
    // Two that read alike stood beside each other: the oldest gets the fold, each is found letter by letter.
    add(&world, 4, "Chen").await.unwrap();
    let twin = format!(
        "UPDATE platform_user SET login_fold = NULL, login = 'chen' WHERE city_id = {city} AND id = 3"
    );
    raw.execute_unprepared(&twin).await.unwrap();
    assert_eq!(world.db().write(FoldLogins { city }).await.unwrap(), 0);
    let named = verify(&world.ctx, world.city).await.unwrap();
    assert_eq!(
        named.iter().map(|one| one.place.as_str()).collect::<Vec<_>>(),
        ["login"],
        "the changed name, not its fold"
    );
    assert_eq!(enters(&world, "chen").await.unwrap(), UserId(3));
    assert_eq!(enters(&world, "Chen").await.unwrap(), UserId(4));
    assert_eq!(enters(&world, "CHEN").await.unwrap(), UserId(4));
}
