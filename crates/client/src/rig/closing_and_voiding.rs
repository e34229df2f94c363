//! Closing leases and voiding codes with no network.

use counterfoil_domain::code::CodeState;
use counterfoil_domain::lease::LeaseState;
use counterfoil_domain::oplog::{Op, OpBody};

use super::{COST, Rig, refused, sell};
use crate::api::{ApiError, ErrorCode};
use crate::codes;
use crate::lease;
use crate::outbox::repo as log;
use crate::till::Till;
use crate::vault::names;

async fn last_op(till: &Till) -> OpBody {
    let tail = log::tail(&mut till.read().await.expect("db"), 0, 1_000).await.expect("tail");
    Op::from_bytes(tail.last().expect("an operation").body.as_bytes()).expect("readable").body
}

#[tokio::test]
async fn a_closed_lease_sells_nothing_even_from_a_backup() {
    let (rig, client, till, lease_id) = Rig::with_lease().await;
    sell(&till, 1, 2).await.expect("sold");
    drop(till);
    client.shutdown().await;
    let backup = rig.backup();
    let client = rig.open().await;
    let till = client.till().expect("open");
    lease::close(&till, lease_id).await.expect("closed");
    assert_eq!(last_op(&till).await, OpBody::CloseLease { lease_id, last_seq: 2, used: 2 * COST });
    assert_eq!(refused(sell(&till, 2, 1).await), ErrorCode::NoLease);
    drop(till);
    client.shutdown().await;
    rig.restore(&backup);
    let client = rig.open().await;
    let till = client.till().expect("open");
    assert_eq!(refused(sell(&till, 3, 1).await), ErrorCode::NoLease);
    client.shutdown().await;
}

#[tokio::test]
async fn a_revoked_lease_says_so_and_never_opens_again() {
    let (_rig, client, till, lease_id) = Rig::with_lease().await;
    let mut transaction = till.store().write_local().await.expect("transaction");
    let end = |to| (lease_id, to);
    for (lease, to) in [LeaseState::Revoked, LeaseState::Closed].map(end) {
        lease::repo::end(&mut transaction, lease, to).await.expect("ended");
    }
    transaction.commit().await.expect("committed");
    assert_eq!(refused(sell(&till, 1, 1).await), ErrorCode::LeaseRevoked);
    client.shutdown().await;
}

#[tokio::test]
async fn a_lease_the_keyring_does_not_know_neither_sells_nor_closes() {
    let (_rig, client, till, lease_id) = Rig::with_lease().await;
    let mut marks: crate::outbox::Marks = till.vault().read(names::WATERMARK).await.expect("read").expect("kept");
    marks.leases.clear();
    till.writer().await.keep(till.vault(), marks).await.expect("kept");
    assert_eq!(refused(sell(&till, 1, 1).await), ErrorCode::NoLease);
    let refusal = lease::close(&till, lease_id).await.map_err(ApiError::from);
    assert_eq!(refused(refusal), ErrorCode::KeyMissing);
    client.shutdown().await;
}

#[tokio::test]
async fn a_void_is_an_operation_laid_over_the_code() {
    let (_rig, client, till, lease_id) = Rig::with_lease().await;
    let sold = sell(&till, 1, 2).await.expect("sold");
    codes::void(&till, &[sold[0].code_id]).await.expect("voided");
    assert_eq!(last_op(&till).await, OpBody::Void { lease_id, seq: 1 });
    let known = codes::find(&mut till.read().await.expect("db"), sold[0].code_id).await.expect("db").expect("known");
    assert_eq!(known.line.state, CodeState::Voided);
    assert!(known.void_requested_at.is_some());
    let again = codes::void(&till, &[sold[1].code_id, sold[0].code_id]).await.map_err(ApiError::from);
    assert_eq!(refused(again), ErrorCode::AlreadyVoided);
    let other = codes::find(&mut till.read().await.expect("db"), sold[1].code_id).await.expect("db").expect("known");
    assert_eq!(other.line.state, CodeState::Sold, "all of them or none");
    client.shutdown().await;
}

#[tokio::test]
async fn a_second_press_voids_nothing_more() {
    let (_rig, client, till, lease_id) = Rig::with_lease().await;
    let sold = sell(&till, 1, 2).await.expect("sold");
    let (first, second) = ([sold[0].code_id], [sold[1].code_id, sold[1].code_id]);
    let pressed = tokio::join!(codes::void(&till, &first), codes::void(&till, &first));
    assert!(pressed.0.is_ok() != pressed.1.is_ok(), "one is too late: {pressed:?}");
    codes::void(&till, &second).await.expect("named twice, voided once");
    assert_eq!(last_op(&till).await, OpBody::Void { lease_id, seq: 2 });
    let (waiting, _) = log::counts(&mut till.read().await.expect("db")).await.expect("counts");
    assert_eq!(
        waiting, 3,
        "the sale and a void of each code: Central refuses another, and the code would look sold again"
    );
    client.shutdown().await;
}
