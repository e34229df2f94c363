//! Central or a device restored from a backup: what Central forgot is sent again, what the device forgot is fetched, and
//! nothing else changes.

use std::sync::Arc;

use counterfoil_domain::ids::OpId;
use counterfoil_domain::oplog::LogHead;
use uuid::Uuid;

use super::orders::{bodies, fulfil, with_orders};
use super::stand_in::{Fault, StandIn, in_step, opened, restarted, synced};
use super::{Rig, START, numbers, sell};
use crate::client::Client;
use crate::outbox::{Marks, repo as log};
use crate::sync;
use crate::till::Till;
use crate::vault::names;

/// Numbers of the operations that this device still has.
pub(super) async fn kept(till: &Till) -> Vec<u32> {
    let tail = log::tail(&mut till.read().await.expect("db"), 0, 1_000).await.expect("tail");
    tail.iter().map(|op| op.op_seq).collect()
}

async fn acked(till: &Till) -> LogHead {
    till.enrolled().await.expect("enrolled").acked
}

/// Sells so many times one code, each its own operation, and sends them.
pub(super) async fn sold_and_synced(till: &Till, sales: std::ops::Range<u128>) {
    for sale in sales {
        sell(till, sale, 1).await.expect("sold");
    }
    synced(till).await;
}

#[tokio::test]
async fn operations_are_kept_until_the_backup_holds_them() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..4);
    sold_and_synced(&till, 1..5).await;
    assert_eq!(kept(&till).await, [1, 2, 3, 4], "answered, and in no backup yet");
    central.world().watermark = 3;
    synced(&till).await;
    assert_eq!(kept(&till).await, [3, 4], "the hash of 3 is where a restored Central would go on");
    in_step(&central, &till).await;
    client.shutdown().await;
}

#[tokio::test]
async fn a_restored_central_gets_its_leases_and_then_its_operations_again() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..4);
    sold_and_synced(&till, 1..5).await;
    central.restore(1);
    central.set(9, Some("written after the restore"));
    let (client, till) = restarted(&rig, client, till).await;
    sell(&till, 5, 1).await.expect("sells on");
    central.forget_requests();
    synced(&till).await;
    in_step(&central, &till).await;
    assert_eq!(central.world().numbers(), [1, 2, 3, 4, 5]);
    let requests = central.world().requests.clone();
    let first = |what: &str| requests.iter().position(|request| request.contains(what)).expect("asked");
    // The first push was refused for its epoch; only the comparison lets one be judged.
    let taken = requests.iter().rposition(|request| request.contains("/push")).expect("pushed");
    assert!(first("/push") < first("/log") && first("/log") < first("/present") && first("/present") < taken);
    let version: i64 = sqlx::query_scalar("SELECT granted_version FROM lease")
        .fetch_one(&mut *till.read().await.expect("db"))
        .await
        .expect("a lease");
    assert!(version > 1, "it stands in the feed anew");
    client.shutdown().await;
}

#[tokio::test]
async fn a_till_whose_clock_is_years_ahead_shows_its_leases_all_the_same() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..4);
    sold_and_synced(&till, 1..3).await;
    central.restore(1);
    rig.clock.set_wall(START.plus_days(3_650));
    synced(&till).await;
    in_step(&central, &till).await;
    let version: i64 = sqlx::query_scalar("SELECT granted_version FROM lease")
        .fetch_one(&mut *till.read().await.expect("db"))
        .await
        .expect("a lease");
    assert!(version > 1, "Central has it again");
    client.shutdown().await;
}

#[tokio::test]
async fn a_restore_is_also_noticed_by_a_till_that_sold_nothing() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..4);
    sold_and_synced(&till, 1..4).await;
    central.restore(2);
    synced(&till).await;
    in_step(&central, &till).await;
    assert_eq!(central.world().numbers(), [1, 2, 3]);
    client.shutdown().await;
}

#[tokio::test]
async fn a_restore_in_the_middle_of_anything_loses_no_operation() {
    // Whatever request is the last before the restore, and whether or not it was heard.
    for at in 1..8 {
        for fault in [Fault::Unheard, Fault::Unanswered] {
            let (central, rig, client, till) = StandIn::with_till().await;
            central.fill(1..4);
            sold_and_synced(&till, 1..4).await;
            sell(&till, 4, 2).await.expect("sold");
            central.restore(1);
            central.forget_requests();
            central.world().faults.insert(at, fault);
            let _ = sync::run_now(&till).await;
            central.world().faults.clear();
            central.restore(2);
            let (client, till) = restarted(&rig, client, till).await;
            synced(&till).await;
            in_step(&central, &till).await;
            assert_eq!(central.world().numbers(), [1, 2, 3, 4], "request {at}, {fault:?}");
            client.shutdown().await;
        }
    }
}

#[tokio::test]
async fn a_backup_older_than_the_safe_one_costs_what_was_forgotten_and_no_more() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..4);
    sold_and_synced(&till, 1..5).await;
    central.world().watermark = 3;
    synced(&till).await;
    assert_eq!(kept(&till).await, [3, 4]);
    central.restore(1);
    central.world().watermark = 0;
    // The next sale carries the declaration.
    let sold = sell(&till, 6, 1).await.expect("sells on");
    assert_eq!(numbers(&sold), [5]);
    synced(&till).await;
    in_step(&central, &till).await;
    assert_eq!(central.world().numbers(), [1, 4, 5], "2 is forgotten, and with it the hash that 3 stands on");
    assert_eq!(acked(&till).await.seq, 5);
    client.shutdown().await;
}

/// The files of a till that has ended, and the till again.
pub(super) async fn backed_up(
    rig: &Rig,
    client: Arc<Client>,
    till: Arc<Till>,
) -> (Vec<(String, Vec<u8>)>, Arc<Client>, Arc<Till>) {
    drop(till);
    client.shutdown().await;
    drop(client);
    let backup = rig.backup();
    let (client, till) = opened(rig).await;
    (backup, client, till)
}

/// The till as its files were once; the keyring stays.
pub(super) async fn put_back(
    rig: &Rig,
    backup: &[(String, Vec<u8>)],
    client: Arc<Client>,
    till: Arc<Till>,
) -> (Arc<Client>, Arc<Till>) {
    drop(till);
    client.shutdown().await;
    drop(client);
    rig.restore(backup);
    opened(rig).await
}

#[tokio::test]
async fn a_loss_that_central_forgot_is_told_again() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..4);
    sold_and_synced(&till, 1..2).await;
    let (backup, client, till) = backed_up(&rig, client, till).await;
    sell(&till, 2, 1).await.expect("sold, and lost with the disk");
    let (client, till) = put_back(&rig, &backup, client, till).await;
    sell(&till, 3, 1).await.expect("sold");
    synced(&till).await;
    in_step(&central, &till).await;
    assert_eq!(central.world().numbers(), [1, 3]);
    central.restore(1);
    synced(&till).await;
    in_step(&central, &till).await;
    assert_eq!(central.world().numbers(), [1, 3], "the same log with the same hole");
    client.shutdown().await;
}

#[tokio::test]
async fn a_backup_from_before_a_declared_loss_fetches_what_followed_and_sells_on() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..4);
    sold_and_synced(&till, 1..2).await;
    let (backup, client, till) = backed_up(&rig, client, till).await;
    sell(&till, 2, 1).await.expect("sold, and lost with the disk");
    sell(&till, 3, 1).await.expect("sold, and lost with the disk");
    let (client, till) = put_back(&rig, &backup, client, till).await;
    sold_and_synced(&till, 4..6).await;
    // The same backup once more, and one sale that is lost before anything was sent.
    let (client, till) = put_back(&rig, &backup, client, till).await;
    sell(&till, 6, 1).await.expect("sold, and lost with the disk");
    let (client, till) = put_back(&rig, &backup, client, till).await;
    synced(&till).await;
    assert_eq!(kept(&till).await, [1, 4, 5], "what Central has came back");
    sold_and_synced(&till, 7..8).await;
    in_step(&central, &till).await;
    assert_eq!(central.world().numbers(), [1, 4, 5, 7]);
    // The losses are remembered anew: a restored Central is told both.
    central.restore(1);
    synced(&till).await;
    in_step(&central, &till).await;
    assert_eq!(central.world().numbers(), [1, 4, 5, 7]);
    client.shutdown().await;
}

#[tokio::test]
async fn part_of_a_declared_loss_that_turns_up_again_is_told() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..4);
    sold_and_synced(&till, 1..2).await;
    let (monday, client, till) = backed_up(&rig, client, till).await;
    sell(&till, 2, 1).await.expect("sold");
    let (tuesday, client, till) = backed_up(&rig, client, till).await;
    sell(&till, 3, 1).await.expect("sold, and in no backup");
    let (client, till) = put_back(&rig, &monday, client, till).await;
    sold_and_synced(&till, 4..5).await;
    assert_eq!(central.world().numbers(), [1, 4], "2 and 3 were declared lost");
    let (client, till) = put_back(&rig, &tuesday, client, till).await;
    synced(&till).await;
    in_step(&central, &till).await;
    assert_eq!(central.world().numbers(), [1, 2, 4], "nothing shows that 2 belongs there, and nothing contradicts it");
    client.shutdown().await;
}

#[tokio::test]
async fn a_recovery_that_is_cut_at_any_request_goes_on_where_it_stopped() {
    for at in 1..=6 {
        let (central, rig, client, till) = StandIn::with_till().await;
        central.fill(1..4);
        sold_and_synced(&till, 1..2).await;
        let (backup, client, till) = backed_up(&rig, client, till).await;
        sell(&till, 2, 1).await.expect("sold, and lost with the disk");
        sell(&till, 3, 1).await.expect("sold, and lost with the disk");
        let (client, till) = put_back(&rig, &backup, client, till).await;
        sold_and_synced(&till, 4..6).await;
        sell(&till, 6, 1).await.expect("sold, and lost with the disk");
        let (client, till) = put_back(&rig, &backup, client, till).await;
        // Each number in an answer of its own: two of a declared loss, then two operations, then nothing.
        central.world().log_page = 1;
        central.forget_requests();
        central.world().faults.insert(at, Fault::Unanswered);
        sync::run_now(&till).await.expect_err("an answer is lost");
        let (client, till) = restarted(&rig, client, till).await;
        synced(&till).await;
        assert_eq!(kept(&till).await, [1, 4, 5], "request {at}");
        sold_and_synced(&till, 7..8).await;
        in_step(&central, &till).await;
        assert_eq!(central.world().numbers(), [1, 4, 5, 7], "request {at}");
        client.shutdown().await;
    }
}

#[tokio::test]
async fn numbers_that_are_burnt_while_central_is_asked_are_part_of_the_gap() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..4);
    sold_and_synced(&till, 1..2).await;
    let (backup, client, till) = backed_up(&rig, client, till).await;
    sold_and_synced(&till, 2..4).await;
    sell(&till, 4, 1).await.expect("sold, and lost with the disk");
    let (client, till) = put_back(&rig, &backup, client, till).await;
    central.forget_requests();
    central.world().faults.insert(1, Fault::Held);
    let gate = Arc::clone(&central.world().gate);
    let syncing = Arc::clone(&till);
    let syncing = tokio::spawn(async move { sync::run_now(&syncing).await });
    gate.arrived.notified().await;
    // A commit fails after the keyring was written, and the next sale follows it.
    let mut ahead: Marks = till.vault().read(names::WATERMARK).await.expect("read").expect("kept");
    ahead.log = ahead.log.extend(b"an operation nobody has");
    till.writer().await.keep(till.vault(), ahead).await.expect("kept");
    sell(&till, 5, 1).await.expect("sold");
    gate.go_on.notify_one();
    syncing.await.expect("ends").expect("a sync");
    assert_eq!(kept(&till).await, [1, 2, 3, 6]);
    in_step(&central, &till).await;
    assert_eq!(central.world().numbers(), [1, 2, 3, 6], "4 was lost with the disk, and 5 burnt");
    client.shutdown().await;
}

#[tokio::test]
async fn a_delivery_told_again_after_an_older_backup_comes_back_beside_its_repeat_and_counts_once() {
    let (central, rig, client, till) = with_orders().await;
    let (backup, client, till) = backed_up(&rig, client, till).await;
    fulfil(&till, 2, 71, 1).await.expect("delivered");
    synced(&till).await;
    let (client, till) = put_back(&rig, &backup, client, till).await;
    fulfil(&till, 2, 71, 1).await.expect("nothing here knows that it was told");
    central.forget_requests();
    // The first comes back, and the second is not told yet.
    central.world().faults.insert(2, Fault::Unheard);
    sync::run_now(&till).await.expect_err("the push is lost");
    let step = OpId(Uuid::from_u128(71));
    let ops = bodies(&till).await;
    assert_eq!(ops.iter().map(|op| (op.op_seq, op.op_id)).collect::<Vec<_>>(), [(1, step), (2, step)]);
    let known = fulfil(&till, 2, 71, 1).await.expect("answered");
    assert_eq!(known.shown.order.delivered, 1);
    synced(&till).await;
    in_step(&central, &till).await;
    assert_eq!(central.world().numbers(), [1, 2]);
    client.shutdown().await;
}
