//! Rows that went wrong behind the program's back are found and read again.

use super::stand_in::{StandIn, in_step, restarted, synced, usernames};
use crate::api;
use crate::till::Till;

/// Changes the cache as no program of ours does.
async fn meddle(till: &Till, sql: &'static str) {
    sqlx::query(sql).execute(&till.store().cache_pool()).await.expect("changed");
}

async fn repairs(till: &Till) -> Vec<String> {
    let repairs = counterfoil_cache::repairs(&mut till.read().await.expect("db")).await.expect("repairs");
    repairs.into_iter().map(|repair| repair.tables).collect()
}

/// Forgets a row with its term, as a program with a fault would.
async fn lose_a_row(till: &Till) {
    meddle(till, "DELETE FROM cached_account WHERE username = 'account-3'").await;
    meddle(till, "UPDATE table_digest SET sum = sum + 1").await;
}

#[tokio::test]
async fn a_lost_row_is_found_at_the_next_page_and_read_again() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..20);
    synced(&till).await;
    assert_eq!(repairs(&till).await, [""; 0]);
    lose_a_row(&till).await;
    assert!(!usernames(&till).await.contains("account-3"));
    synced(&till).await;
    in_step(&central, &till).await;
    assert_eq!(repairs(&till).await, ["account"], "noted in the new copy");
    let (client, till) = restarted(&rig, client, till).await;
    assert_eq!(repairs(&till).await, ["account"]);
    client.shutdown().await;
}

#[tokio::test]
async fn nothing_new_is_the_page_from_before_and_compared_all_the_same() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..20);
    for unchanged in [0, 0, 1, 2] {
        synced(&till).await;
        assert_eq!(central.world().unchanged, unchanged);
    }
    lose_a_row(&till).await;
    synced(&till).await;
    assert_eq!(central.world().unchanged, 3, "this device's own sums differ, not Central's");
    in_step(&central, &till).await;
    assert_eq!(repairs(&till).await, ["account"]);
    central.set(50, Some("newer"));
    synced(&till).await;
    in_step(&central, &till).await;
    client.shutdown().await;
}

#[tokio::test]
async fn what_cannot_be_mended_is_read_once_an_hour_and_told() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..5);
    synced(&till).await;
    central.world().wrong_digests = true;
    central.forget_requests();
    synced(&till).await;
    // The page that differed, the copy, and no third time.
    assert_eq!(central.count("GET /api/v1/sync/pull"), 2);
    synced(&till).await;
    assert_eq!(central.count("GET /api/v1/sync/pull"), 3);
    assert_eq!(repairs(&till).await.len(), 1);
    let differs =
        async || api::call(&client, "status", serde_json::Value::Null).await.expect("status")["differs"] == true;
    assert!(differs().await);
    rig.clock.set_wall(super::START.plus_ms(61 * 60 * 1000));
    synced(&till).await;
    assert_eq!(repairs(&till).await.len(), 2);
    central.world().wrong_digests = false;
    synced(&till).await;
    assert!(!differs().await);
    client.shutdown().await;
}

#[tokio::test]
async fn a_clock_that_was_ahead_once_does_not_make_it_read_everything_at_each_sync() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..5);
    synced(&till).await;
    central.world().wrong_digests = true;
    for wall in [super::START.plus_days(365), super::START] {
        rig.clock.set_wall(wall);
        synced(&till).await;
    }
    assert_eq!(repairs(&till).await.len(), 2);
    central.forget_requests();
    synced(&till).await;
    synced(&till).await;
    assert_eq!(central.count("GET /api/v1/sync/pull"), 2, "a page each");
    client.shutdown().await;
}

#[tokio::test]
async fn the_file_is_asked_for_when_rows_must_be_read_again() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..20);
    synced(&till).await;
    central.make_file().await;
    lose_a_row(&till).await;
    synced(&till).await;
    in_step(&central, &till).await;
    assert_eq!(central.count("GET /api/v1/sync/snapshot/"), 1);
    client.shutdown().await;
}
