//! A till with a hole in its log, or frozen, at a Central that is busy, late, restored, or wants nothing more of it.

use std::sync::Arc;

use counterfoil_domain::ids::LeaseId;
use counterfoil_domain::lease::Watermark;
use uuid::Uuid;

use super::restored::{backed_up, kept, put_back, sold_and_synced};
use super::stand_in::{Fault, StandIn, in_step, synced, usernames};
use super::{COST, refused, sell};
use crate::api::ErrorCode;
use crate::device;
use crate::lease;
use crate::outbox::{Marks, repo as log};
use crate::sync;
use crate::vault::names;

#[tokio::test]
async fn what_arrived_late_at_central_is_fetched_and_not_left_out() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..4);
    sold_and_synced(&till, 1..2).await;
    let (backup, client, till) = backed_up(&rig, client, till).await;
    sell(&till, 2, 1).await.expect("sold, and under way when the disk is lost");
    let late = log::tail(&mut till.read().await.expect("db"), 1, 1).await.expect("tail").remove(0);
    sell(&till, 3, 1).await.expect("sold, and lost with the disk");
    let (client, till) = put_back(&rig, &backup, client, till).await;
    sell(&till, 4, 1).await.expect("sold");
    central.forget_requests();
    // Asked for its log Central has nothing of the hole; by the time of the push it has.
    central.world().faults.insert(2, Fault::Held);
    let gate = Arc::clone(&central.world().gate);
    let syncing = Arc::clone(&till);
    let syncing = tokio::spawn(async move { sync::run_now(&syncing).await });
    gate.arrived.notified().await;
    central.hears(&late.body);
    gate.go_on.notify_one();
    syncing.await.expect("ends").expect("a sync");
    assert_eq!(kept(&till).await, [1, 2, 4], "only 3 is lost");
    in_step(&central, &till).await;
    assert_eq!(central.world().numbers(), [1, 2, 4]);
    client.shutdown().await;
}

#[tokio::test]
async fn sales_do_not_come_back_without_their_lease_because_central_was_busy() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..4);
    sold_and_synced(&till, 1..2).await;
    let (backup, client, till) = backed_up(&rig, client, till).await;
    sold_and_synced(&till, 2..3).await;
    // Of a lease that came after the backup.
    let mut marks: Marks = till.vault().read(names::WATERMARK).await.expect("read").expect("kept");
    let mark = Watermark { seq: 1, used: COST, closed: false };
    marks.leases.insert(LeaseId(Uuid::from_u128(0xbeef)), mark);
    till.writer().await.keep(till.vault(), marks).await.expect("kept");
    let (client, till) = put_back(&rig, &backup, client, till).await;
    central.forget_requests();
    central.world().faults.insert(1, Fault::Busy);
    sync::run_now(&till).await.expect_err("Central has no time");
    assert_eq!(central.world().requests, ["POST /api/v1/sync/leases "]);
    assert_eq!(kept(&till).await, [1], "a sale that comes back without its lease never has codes again");
    // What Central refuses for good stops nothing.
    synced(&till).await;
    assert_eq!(kept(&till).await, [1, 2]);
    in_step(&central, &till).await;
    client.shutdown().await;
}

#[tokio::test]
async fn a_blocked_till_with_a_hole_in_its_log_sells_nothing_more() {
    let (central, rig, client, till) = StandIn::with_till().await;
    sold_and_synced(&till, 1..2).await;
    let (backup, client, till) = backed_up(&rig, client, till).await;
    sell(&till, 2, 1).await.expect("sold, and lost with the disk");
    let (client, till) = put_back(&rig, &backup, client, till).await;
    central.world().blocked = true;
    sync::run_now(&till).await.expect_err("it is blocked");
    assert_eq!(refused(sell(&till, 3, 1).await), ErrorCode::DeviceQuarantined);
    client.shutdown().await;
}

#[tokio::test]
async fn a_frozen_till_reads_on_after_central_was_restored() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..4);
    synced(&till).await;
    let mut transaction = till.store().write_local().await.expect("transaction");
    device::repo::quarantine(&mut transaction, "its log contradicts Central's").await.expect("frozen");
    transaction.commit().await.expect("committed");
    central.restore(0);
    central.set(9, Some("written after the restore"));
    synced(&till).await;
    assert_eq!(usernames(&till).await, central.usernames());
    central.set(10, Some("and later"));
    synced(&till).await;
    assert_eq!(usernames(&till).await, central.usernames());
    client.shutdown().await;
}

#[tokio::test]
async fn the_lease_of_a_sale_that_comes_back_is_fetched_although_it_was_closed() {
    let (central, rig, client, till) = StandIn::with_till().await;
    sold_and_synced(&till, 1..2).await;
    let (backup, client, till) = backed_up(&rig, client, till).await;
    sold_and_synced(&till, 2..3).await;
    let used_up = LeaseId(Uuid::from_u128(0xbeef));
    let mut marks: Marks = till.vault().read(names::WATERMARK).await.expect("read").expect("kept");
    marks.leases.insert(used_up, Watermark { seq: 10, used: 10 * COST, closed: true });
    till.writer().await.keep(till.vault(), marks).await.expect("kept");
    let (client, till) = put_back(&rig, &backup, client, till).await;
    synced(&till).await;
    assert_eq!(central.world().leases_asked.first(), Some(&used_up), "its codes are derived from it");
    in_step(&central, &till).await;
    client.shutdown().await;
}

#[tokio::test]
async fn the_lease_of_a_sale_that_comes_back_is_fetched_although_the_keyring_forgot_it() {
    let (central, rig, client, till) = StandIn::with_till().await;
    sold_and_synced(&till, 1..2).await;
    let (backup, client, till) = backed_up(&rig, client, till).await;
    lease::close(&till, rig.terms(1, 300, 128).lease_id).await.expect("closed");
    let later = rig.grant(&till, 2, 300, 128).await;
    sold_and_synced(&till, 2..3).await;
    // Sixteen leases later.
    let mut marks: Marks = till.vault().read(names::WATERMARK).await.expect("read").expect("kept");
    assert!(marks.leases.remove(&later).is_some(), "it was sold from");
    till.writer().await.keep(till.vault(), marks).await.expect("kept");
    let (client, till) = put_back(&rig, &backup, client, till).await;
    synced(&till).await;
    assert!(central.world().leases_asked.contains(&later), "its codes are derived from it");
    in_step(&central, &till).await;
    client.shutdown().await;
}
