//! A lease that ended at Central is over here, whatever this device's own file says of it; what is asked for once is granted
//! once; and leases without number fit into the keyring.

use std::time::Duration;

use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::lease::LeaseState;
use counterfoil_domain::oplog::OpOutcome;
use counterfoil_wire::leases::Lease;
use counterfoil_wire::pull::{FeedRow, Settings};
use counterfoil_wire::push::OpResult;
use serde_json::{Value, json};
use uuid::Uuid;

use super::restored::{backed_up, put_back};
use super::stand_in::{Fault, StandIn, in_step, restarted, synced};
use super::{Rig, numbers, refused, sell};
use crate::api::{self, ErrorCode};
use crate::lease::{self, LeaseError, Wanted};
use crate::outbox::repo as log;
use crate::sync;
use crate::till::Till;
use crate::vault::names;

/// The till's lease, as Central has it once somebody revoked it.
fn revoked(rig: &Rig) -> FeedRow {
    ended(rig, LeaseState::Revoked)
}

/// The till's lease, as Central has it in this state.
fn ended(rig: &Rig, state: LeaseState) -> FeedRow {
    let terms = rig.terms(1, 300, 128);
    let amount = Amount::new(terms.amount, Unit::Credits).expect("an amount");
    FeedRow::Lease(Lease {
        lease_id: terms.lease_id,
        number: 1,
        reseller_id: terms.reseller_id,
        device_id: terms.device_id,
        device_name: "Till 2".into(),
        state,
        cut: None,
        amount,
        escrow: amount,
        codes_settled: 0,
        max_codes: u32::from(terms.max_codes),
        issued_at: terms.issued_at,
        issue_until: terms.issue_until,
        settle_until: terms.settle_until,
        redeem_by: terms.redeem_by,
    })
}

#[tokio::test]
async fn a_revoked_lease_stays_over_when_an_older_database_comes_back() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..4);
    synced(&till).await;
    let (backup, client, till) = backed_up(&rig, client, till).await;
    central.set_row(revoked(&rig));
    synced(&till).await;
    assert_eq!(refused(sell(&till, 1, 1).await), ErrorCode::LeaseRevoked);
    // The cache keeps what it has: no page will bring the lease again.
    let (client, till) = put_back(&rig, &backup, client, till).await;
    synced(&till).await;
    assert_eq!(refused(sell(&till, 2, 1).await), ErrorCode::LeaseRevoked, "its codes would be held");
    in_step(&central, &till).await;
    client.shutdown().await;
}

#[tokio::test]
async fn a_lease_that_is_over_is_shown_as_revoked_once_somebody_revokes_it() {
    let (central, rig, client, till) = StandIn::with_till().await;
    for (at_central, here) in [
        (LeaseState::Closed, "closed"),
        (LeaseState::Expired, "expired"),
        (LeaseState::Revoked, "revoked"),
        // Nothing comes after that.
        (LeaseState::Expired, "revoked"),
    ] {
        central.set_row(ended(&rig, at_central));
        synced(&till).await;
        let shown = api::call(&client, "credit_overview", Value::Null).await.expect("shown");
        assert_eq!(shown.pointer("/leases/0/state"), Some(&json!(here)), "{at_central:?} at Central");
    }
    assert_eq!(refused(sell(&till, 1, 1).await), ErrorCode::LeaseRevoked);
    client.shutdown().await;
}

#[tokio::test]
async fn what_a_page_means_is_not_lost_by_a_kill_behind_it() {
    let (central, rig, client, till) = StandIn::with_till().await;
    synced(&till).await;
    central.set_row(revoked(&rig));
    central.set_row(FeedRow::Settings(Settings {
        operator_id: OperatorId(Uuid::from_u128(1)),
        operator_name: "Example TV".into(),
        time_zone: "Asia/Tehran".into(),
        currency: "EUR".into(),
        code_prefix: "PM2D".into(),
        low_credit: None,
    }));
    // The cache can be written, and the precious side cannot; there it ends.
    let held = till.store().write_local().await.expect("held");
    let killed = tokio::time::timeout(Duration::from_millis(400), sync::run_now(&till)).await;
    assert!(killed.is_err(), "{killed:?}");
    drop(held);
    let (client, till) = restarted(&rig, client, till).await;
    synced(&till).await;
    assert_eq!(till.enrolled().await.expect("enrolled").time_zone, "Asia/Tehran");
    assert_eq!(refused(sell(&till, 1, 1).await), ErrorCode::LeaseRevoked);
    in_step(&central, &till).await;
    client.shutdown().await;
}

#[tokio::test]
async fn a_second_press_after_a_lost_answer_asks_for_the_same_lease() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    let take = async || lease::take(&till, Wanted::default()).await.expect_err("this Central has no credit");
    central.world().faults.insert(1, Fault::Unanswered);
    let lost = take().await;
    assert!(matches!(&lost, LeaseError::Central(error) if error.is_offline()), "{lost:?}");
    for _ in 0..2 {
        let refused = take().await;
        assert!(matches!(&refused, LeaseError::Central(error) if error.is_final()), "{refused:?}");
    }
    let asked = central.world().leases_asked.clone();
    assert_eq!(asked[0], asked[1], "the first may have been granted");
    assert_ne!(asked[1], asked[2], "a refusal is an answer: what is asked for then is another");
    client.shutdown().await;
}

/// Central takes everything that waits.
async fn answered(till: &Till) {
    let mut transaction = till.store().write_local().await.expect("transaction");
    for op in log::tail(&mut transaction, 0, 1_000).await.expect("tail") {
        let result = OpResult { op_seq: op.op_seq, outcome: OpOutcome::Applied, version: 1 };
        log::answer(&mut transaction, &result).await.expect("kept");
    }
    transaction.commit().await.expect("committed");
}

#[tokio::test]
async fn a_till_that_uses_up_a_lease_a_day_has_room_in_a_small_keyring() {
    let (rig, client, till, mut lease_id) = Rig::with_lease().await;
    for day in 2..=60 {
        sell(&till, u128::from(day), 1).await.expect("sold");
        lease::close(&till, lease_id).await.expect("closed");
        // What Central has not answered by then may have to be said again.
        if day % 2 == 0 {
            answered(&till).await;
        }
        lease_id = rig.grant(&till, day, 300, 128).await;
        let kept = till.vault().get(names::WATERMARK).await.expect("read").expect("kept");
        assert!(kept.len() < 2_560, "{} bytes on day {day}: Windows keeps no more in one item", kept.len());
    }
    assert_eq!(numbers(&sell(&till, 61, 1).await.expect("sold")), [1], "the lease of today");
    client.shutdown().await;
}

#[tokio::test]
async fn a_shop_that_was_away_for_months_gets_a_lease_and_one_that_closed_its_own_does_not() {
    for (closes, end, asked) in
        [(false, LeaseState::Expired, 1), (true, LeaseState::Expired, 0), (false, LeaseState::Revoked, 0)]
    {
        let (central, rig, client, till) = StandIn::with_till().await;
        let lease_id = rig.terms(1, 300, 128).lease_id;
        if closes {
            lease::close(&till, lease_id).await.expect("closed");
        }
        let mut transaction = till.store().write_local().await.expect("transaction");
        lease::repo::end(&mut transaction, lease_id, end).await.expect("ended");
        transaction.commit().await.expect("committed");
        synced(&till).await;
        assert_eq!(central.world().leases_asked.len(), asked, "closed: {closes}, {end:?}");
        client.shutdown().await;
    }
}
