//! A database that fails says nothing about what was asked for: it is told as the fault it is, and tried again.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::ids::mint;
use counterfoil_wire::credit_packs::PackAsShown;
use counterfoil_wire::problem::Code;

use super::world::{START, World};
use crate::engine::{credit_packs, repeat};

#[tokio::test]
async fn packs_that_cannot_be_read_are_no_packs_that_are_not_there() {
    let world = World::new().await;
    let mut work = world.app.begin(world.operator).await.expect("a unit");
    let shown = PackAsShown { pack_id: mint(START), version: 1 };
    let unknown = credit_packs::for_sale(work.conn(), world.operator, shown, None).await.expect_err("no pack");
    assert_eq!((unknown.code(), unknown.problem().fields[0].field.as_str()), (Code::ValidationFailed, "pack"));
    sqlx::query("ALTER TABLE credit_pack RENAME TO away").execute(&mut *work.conn()).await.expect("away");
    let failed = credit_packs::for_sale(work.conn(), world.operator, shown, None).await.expect_err("no table");
    assert_eq!(failed.code(), Code::Internal);
}

#[tokio::test]
async fn a_repeat_is_refused_for_its_id_only_when_it_was_looked_at() {
    let world = World::new().await;
    let answer = async |known: Result<u8, Failure>| {
        let work = world.app.begin(world.operator).await.expect("a unit");
        repeat::answer(work, known, |known| *known == 7, "plan").await
    };
    assert_eq!(answer(Ok(7)).await.expect("the same"), 7);
    for other in [Ok(8), Err(Failure::not_found("plan"))] {
        let refused = answer(other).await.expect_err("not what was asked for");
        assert_eq!(refused.code(), Code::IdReused);
        assert!(refused.problem().detail.contains("another plan"), "{}", refused.problem().detail);
    }
    let passing = answer(Err(sqlx::Error::PoolTimedOut.into())).await.expect_err("not looked at");
    assert_eq!((passing.code(), passing.problem().retry_after_ms), (Code::Unavailable, Some(2_000)));
}
