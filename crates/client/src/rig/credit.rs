//! What the Credit page says while the cache is on its way.

use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::ledger::Equation;
use counterfoil_wire::pull::{Balance, FeedRow};
use uuid::Uuid;

use super::stand_in::{StandIn, synced};
use super::{COST, sell};
use crate::credit;
use crate::sync;
use crate::till::Till;

async fn books(till: &Till) -> Equation {
    credit::overview(till).await.expect("an overview").books
}

/// A till whose lease of 300 was taken out of 1,000, as the balance shows.
async fn with_books() -> (StandIn, super::Rig, std::sync::Arc<crate::client::Client>, std::sync::Arc<Till>) {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..4);
    central.set_row(FeedRow::Balance(Balance {
        reseller_id: ResellerId(Uuid::from_u128(2)),
        unit: "credits".into(),
        equation: Equation { funded: 1_000, available: 700, reserved: 300, spent: 0 },
        credit_limit: 0,
        low_credit: None,
        wallet: None,
    }));
    synced(&till).await;
    (central, rig, client, till)
}

#[tokio::test]
async fn the_books_stand_still_while_everything_is_read_again() {
    let (_central, _rig, client, till) = with_books().await;
    sell(&till, 1, 1).await.expect("sold");
    let before = books(&till).await;
    assert_eq!(before, Equation { funded: 1_000, available: 700, reserved: 300 - COST, spent: COST });
    // Central was restored, or rows differ: until a new copy is here the old rows show.
    sync::apply::forget(&till).await.expect("required");
    assert_eq!(books(&till).await, before, "the lease was not taken out twice");
    client.shutdown().await;
}

#[tokio::test]
async fn a_till_that_has_no_balance_yet_shows_no_debt() {
    let (_central, _rig, client, till) = with_books().await;
    sell(&till, 1, 1).await.expect("sold");
    sync::apply::empty(&till).await.expect("emptied");
    assert_eq!(books(&till).await, Equation::default());
    client.shutdown().await;
}
