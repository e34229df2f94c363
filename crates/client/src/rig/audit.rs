//! What this device remembers of Central's audit, and what it sees when Central tells another history.

use std::time::Duration;

use counterfoil_domain::audit::MOST_CHECKPOINTS;

use super::START;
use super::stand_in::{StandIn, restarted, synced};
use crate::audit::{Memory, memory};
use crate::till::Till;

fn hash(seq: usize) -> String {
    format!("{seq:064x}")
}

async fn remembered(till: &Till) -> Memory {
    memory(&mut till.read().await.expect("db")).await.expect("memory")
}

/// Central's chain grows to so many lines, and the device hears of it.
async fn grown(central: &StandIn, till: &Till, lines: usize) {
    let known = central.world().audit.len();
    central.world().audit.extend((known + 1..=lines).map(hash));
    synced(till).await;
}

fn asked(central: &StandIn) -> usize {
    central.count("POST /api/v1/sync/audit")
}

#[tokio::test]
async fn what_was_told_is_remembered_over_a_restart_and_thinned_out() {
    let (central, rig, client, till) = StandIn::with_till().await;
    synced(&till).await;
    assert_eq!(remembered(&till).await.checkpoints, 0, "one of last year tells nothing");
    for lines in 1..=MOST_CHECKPOINTS + 6 {
        grown(&central, &till, lines * 3).await;
    }
    synced(&till).await;
    let kept = remembered(&till).await;
    assert_eq!((kept.checkpoints, kept.broken), (MOST_CHECKPOINTS, None));
    let (client, till) = restarted(&rig, client, till).await;
    assert_eq!(remembered(&till).await, kept);
    synced(&till).await;
    assert_eq!(remembered(&till).await.broken, None);
    client.shutdown().await;
}

#[tokio::test]
async fn all_that_is_remembered_is_told_now_and_then_and_a_central_that_does_not_ask_is_no_trouble() {
    let (central, rig, client, till) = StandIn::with_till().await;
    synced(&till).await;
    assert_eq!(asked(&central), 0);
    grown(&central, &till, 3).await;
    assert_eq!(asked(&central), 1);
    grown(&central, &till, 4).await;
    assert_eq!(asked(&central), 1, "not with every sync");
    rig.clock.set_wall(START.plus_ms(16 * 60_000));
    synced(&till).await;
    assert_eq!(asked(&central), 2);
    client.shutdown().await;
}

#[tokio::test]
async fn a_chain_that_became_shorter_or_ends_otherwise_is_seen_at_once() {
    let (central, rig, client, till) = StandIn::with_till().await;
    grown(&central, &till, 9).await;
    central.world().audit.truncate(7);
    synced(&till).await;
    let found = remembered(&till).await.broken.expect("seen");
    assert_eq!(found.seq, 9);
    let status = crate::status::current(&till).await.expect("status");
    assert_eq!(status.rewritten.map(|broken| broken.seq), Some(9));
    // It is not forgotten when Central tells the old history again.
    central.world().audit.clear();
    grown(&central, &till, 12).await;
    let (client, till) = restarted(&rig, client, till).await;
    assert_eq!(remembered(&till).await.broken, Some(found));
    client.shutdown().await;

    let (central, _rig, client, till) = StandIn::with_till().await;
    grown(&central, &till, 9).await;
    central.world().audit[8] = hash(1_000);
    synced(&till).await;
    assert_eq!(remembered(&till).await.broken.map(|broken| broken.seq), Some(9));
    client.shutdown().await;
}

#[tokio::test]
async fn a_line_in_the_past_that_was_written_anew_is_seen_though_central_says_all_is_well() {
    let (central, rig, client, till) = StandIn::with_till().await;
    grown(&central, &till, 5).await;
    central.world().audit[4] = hash(1_000);
    grown(&central, &till, 8).await;
    assert_eq!(remembered(&till).await.broken, None, "not asked yet");
    rig.clock.pass(Duration::from_mins(20));
    rig.clock.set_wall(START.plus_ms(20 * 60_000));
    synced(&till).await;
    assert_eq!(remembered(&till).await.broken.map(|broken| broken.seq), Some(5));
    client.shutdown().await;
}
