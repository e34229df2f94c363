//! What users of other programs that work offline report, each as a test that it cannot happen here. Named by project
//! and number of the report.

use std::time::Duration;

use counterfoil_domain::oplog::RejectCode;

use super::stand_in::{Fault, StandIn, in_step, restarted, synced, usernames};
use super::{Rig, START, numbers, sell};
use crate::outbox::repo as log;
use crate::store::StoreError;
use crate::sync::{self, SyncError};

#[tokio::test]
async fn powersync_native_15_an_upload_that_failed_goes_again_without_another_write() {
    let (central, rig, client, till) = StandIn::with_till().await;
    synced(&till).await;
    sell(&till, 1, 1).await.expect("sold");
    central.forget_requests();
    central.world().faults.insert(1, Fault::Unheard);
    drop(till);
    client.shutdown().await;
    // Nobody asks for a sync from here on.
    let client = rig.open().await;
    let till = client.till().expect("open");
    let sent = async {
        while central.world().numbers() != [1] {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), sent).await.expect("it goes by itself");
    drop(till);
    client.shutdown().await;
}

#[tokio::test]
async fn powersync_sqlite_core_162_a_crash_at_any_exchange_does_not_block_the_sync() {
    for at in 1..8 {
        let (central, rig, client, till) = StandIn::with_till().await;
        central.fill(1..10);
        central.world().page = 4;
        sell(&till, 1, 2).await.expect("sold");
        central.world().faults.insert(at, Fault::Hang);
        // Ended in the middle, as by a kill.
        let killed = tokio::time::timeout(Duration::from_millis(400), sync::run_now(&till)).await;
        assert!(killed.is_err(), "request {at} is never answered: {killed:?}");
        let (client, till) = restarted(&rig, client, till).await;
        synced(&till).await;
        in_step(&central, &till).await;
        client.shutdown().await;
    }
}

#[tokio::test]
async fn powersync_js_1058_a_queue_drains_and_refused_rows_are_not_sent_for_ever() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.world().rejects = Some(RejectCode::LeaseUnknown);
    for sale in 1..5 {
        sell(&till, sale, 1).await.expect("sold");
    }
    synced(&till).await;
    let counts = log::counts(&mut till.read().await.expect("db")).await.expect("counts");
    assert_eq!(counts, (0, 4), "each has its answer and waits for a person, not for the network");
    central.forget_requests();
    synced(&till).await;
    assert_eq!(central.count("POST /api/v1/sync/push"), 0);
    client.shutdown().await;
}

#[tokio::test]
async fn powersync_dart_307_308_a_lost_request_or_answer_anywhere_leaves_no_stuck_queue() {
    for at in 1..8 {
        for fault in [Fault::Unheard, Fault::Unanswered] {
            let (central, _rig, client, till) = StandIn::with_till().await;
            central.fill(1..10);
            central.world().page = 4;
            sell(&till, 1, 2).await.expect("sold");
            central.world().faults.insert(at, fault);
            sync::run_now(&till).await.expect_err("one exchange failed");
            sell(&till, 2, 1).await.expect("sold");
            synced(&till).await;
            in_step(&central, &till).await;
            assert_eq!(central.world().numbers(), [1, 2]);
            client.shutdown().await;
        }
    }
}

#[tokio::test]
async fn electric_3560_a_cursor_out_of_bounds_starts_again() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..10);
    synced(&till).await;
    // The cursor is now ahead of everything Central has.
    {
        let mut world = central.world();
        world.version = 2;
        world.rows.retain(|_, (version, _)| *version <= 2);
    }
    synced(&till).await;
    in_step(&central, &till).await;
    client.shutdown().await;
}

#[tokio::test]
async fn pglite_888_rows_go_on_changing_after_the_first_sync() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..5);
    synced(&till).await;
    for round in 0..6 {
        central.set(round, Some(&format!("round {round}")));
        synced(&till).await;
        in_step(&central, &till).await;
    }
    let (client, till) = restarted(&rig, client, till).await;
    central.set(1, Some("after a restart"));
    synced(&till).await;
    in_step(&central, &till).await;
    client.shutdown().await;
}

#[tokio::test]
async fn watermelondb_649_1219_no_clock_brings_deleted_rows_back() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..6);
    for years in [-10, 10, 0] {
        rig.clock.set_wall(START.plus_days(365 * years));
        central.set(3, Some("back for a moment"));
        synced(&till).await;
        central.set(3, None);
        synced(&till).await;
        in_step(&central, &till).await;
        synced(&till).await;
        assert!(!usernames(&till).await.contains("back for a moment"), "{years} years off");
    }
    client.shutdown().await;
}

#[tokio::test]
async fn watermelondb_1264_a_row_that_came_into_scope_arrives_however_old_it_is() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..6);
    synced(&till).await;
    // Central stamps what comes into a scope, and does not ask when it was made.
    central.set(1_000, Some("years old, and new to this shop"));
    central.set(2, None);
    synced(&till).await;
    in_step(&central, &till).await;
    client.shutdown().await;
}

#[tokio::test]
async fn watermelondb_1192_a_silent_difference_is_found_and_mended() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..6);
    synced(&till).await;
    {
        // A change that was never stamped: no page will ever bring it.
        let mut world = central.world();
        let (version, _) = world.rows.remove(&uuid::Uuid::from_u128(2)).expect("a row");
        assert_eq!(version, 2);
    }
    synced(&till).await;
    in_step(&central, &till).await;
    client.shutdown().await;
}

#[tokio::test]
async fn pouchdb_6612_7634_a_first_sync_does_not_ask_row_by_row() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..3_000);
    central.make_file().await;
    central.forget_requests();
    synced(&till).await;
    in_step(&central, &till).await;
    // Where the log ends, which leases are known, what to fetch, the file, what is newer.
    assert_eq!(central.world().requests.len(), 5);
    client.shutdown().await;
}

#[tokio::test]
async fn pouchdb_7578_a_sync_with_nothing_new_is_one_request() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..100);
    synced(&till).await;
    central.forget_requests();
    synced(&till).await;
    assert_eq!(central.world().requests.len(), 1);
    client.shutdown().await;
}

#[tokio::test]
async fn actual_3786_8486_a_wrong_clock_does_not_block_the_sync() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..6);
    for (sale, years) in [(1, -10), (2, 10), (3, -1)] {
        // Sold at the right time: a clock far ahead ends a lease, and that is the lease's rule, not the sync's.
        rig.clock.set_wall(START);
        sell(&till, sale, 1).await.expect("sold");
        rig.clock.set_wall(START.plus_days(365 * years));
        synced(&till).await;
        in_step(&central, &till).await;
    }
    assert_eq!(central.world().numbers(), [1, 2, 3]);
    client.shutdown().await;
}

#[tokio::test]
async fn atuin_2879_a_full_disk_in_the_middle_leaves_no_hole() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..30);
    central.world().page = 5;
    central.world().faults.insert(6, Fault::Unheard);
    sync::run_now(&till).await.expect_err("cut after some pages");
    till.store().pretend_free(Some(10 << 20));
    let full = sync::run_now(&till).await;
    assert!(matches!(full, Err(SyncError::Store(StoreError::DiskFull))), "{full:?}");
    assert_eq!(numbers(&sell(&till, 1, 1).await.expect("a sale has its room")), [1]);
    let (client, till) = restarted(&rig, client, till).await;
    synced(&till).await;
    in_step(&central, &till).await;
    client.shutdown().await;
}

#[tokio::test]
async fn atuin_1150_as_many_rows_are_not_the_same_rows() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..6);
    synced(&till).await;
    {
        let mut world = central.world();
        let (version, row) = world.rows.remove(&uuid::Uuid::from_u128(2)).expect("a row");
        let row = row.map(|row| counterfoil_wire::accounts::Account {
            account_id: counterfoil_domain::ids::AccountId(uuid::Uuid::from_u128(77)),
            username: "another".into(),
            ..row
        });
        world.rows.insert(uuid::Uuid::from_u128(77), (version, row));
    }
    synced(&till).await;
    in_step(&central, &till).await;
    client.shutdown().await;
}

#[tokio::test]
async fn odoo_152259_40567_an_order_that_is_sent_twice_counts_once() {
    let (central, rig, client, till) = StandIn::with_till().await;
    synced(&till).await;
    sell(&till, 1, 3).await.expect("sold");
    central.forget_requests();
    central.world().faults.insert(1, Fault::Unanswered);
    sync::run_now(&till).await.expect_err("the answer is lost");
    assert_eq!(numbers(&sell(&till, 1, 3).await.expect("pressed again")), [1, 2, 3]);
    let (client, till) = restarted(&rig, client, till).await;
    synced(&till).await;
    in_step(&central, &till).await;
    assert_eq!(central.world().numbers(), [1]);
    client.shutdown().await;
}

#[tokio::test]
async fn odoo_125037_60939_a_number_that_was_given_out_is_never_given_out_again() {
    let (central, rig, client, till) = StandIn::with_till().await;
    synced(&till).await;
    drop(till);
    client.shutdown().await;
    let before = rig.backup();
    let (client, till) = reopened(&rig).await;
    assert_eq!(numbers(&sell(&till, 1, 2).await.expect("sold")), [1, 2]);
    drop(till);
    client.shutdown().await;
    // What was written last did not survive; what the customer holds did.
    rig.restore(&before);
    let (client, till) = reopened(&rig).await;
    assert_eq!(numbers(&sell(&till, 2, 1).await.expect("sold")), [3]);
    synced(&till).await;
    in_step(&central, &till).await;
    assert_eq!(central.world().numbers(), [2], "the first is declared lost and not taken for the second");
    client.shutdown().await;
}

async fn reopened(rig: &Rig) -> (std::sync::Arc<crate::client::Client>, std::sync::Arc<crate::till::Till>) {
    let client = rig.open().await;
    let till = client.till().expect("open");
    till.sync.stop();
    (client, till)
}
