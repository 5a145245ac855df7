//! Batches: whatever goes wrong in one command, exactly the good ones land and everybody is answered rightly.

use testkit::World;

use crate::SETS;
use crate::ledger::{Open, accounts};

testkit::stories!(SETS: one_command_lands);

async fn one_command_lands(world: World) {
    let number = world.db().write(Open::new(world.city, 11)).await.unwrap();
    assert_eq!(number, 1);
    let rows = accounts(world.db().reader(), world.city).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].number, 1);
}
