//! A whole new copy: as a file, cut, damaged, without room, and under the readers' feet.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use counterfoil_wire::snapshot::CHUNK_BYTES;
use futures_util::FutureExt as _;

use super::stand_in::{Fault, StandIn, in_step, restarted, synced, usernames};
use super::{Rig, numbers, sell};
use crate::api::{Event, Topic};
use crate::store::StoreError;
use crate::sync::{self, SyncError};
use crate::till::Till;

/// What a copy leaves in the folder while it is made.
fn leftovers(rig: &Rig) -> Vec<String> {
    let names = std::fs::read_dir(rig.folder.path()).expect("folder");
    let mut names: Vec<String> =
        names.map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name.starts_with("snapshot") || name.starts_with("next"));
    names
}

/// First bytes asked for, in order.
fn starts(central: &StandIn) -> Vec<usize> {
    let requests = central.world().requests.clone();
    let ranges = requests.iter().filter_map(|request| request.split_once("bytes=")?.1.split_once('-'));
    ranges.map(|(start, _)| start.parse().expect("a number")).collect()
}

/// Everything is to be read again.
async fn require(till: &Till) {
    sync::apply::forget(till).await.expect("required");
}

#[tokio::test]
async fn a_first_sync_takes_the_file_and_goes_on_by_pages() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..40);
    central.make_file().await;
    central.set(7, None);
    central.set(99, Some("later"));
    synced(&till).await;
    in_step(&central, &till).await;
    assert!(rig.folder.path().join("cache-1.db").is_file());
    assert_eq!(leftovers(&rig), [""; 0]);
    assert_eq!(central.count("GET /api/v1/sync/pull"), 1, "only what came after the file");
    let (client, till) = restarted(&rig, client, till).await;
    in_step(&central, &till).await;
    assert!(!rig.folder.path().join("cache.db").exists());
    client.shutdown().await;
}

#[tokio::test]
async fn a_cut_file_goes_on_at_the_chunk_it_was_cut_in() {
    let chunk = CHUNK_BYTES as usize;
    for cut in [0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk + 5] {
        let (central, rig, client, till) = StandIn::with_till().await;
        central.fill(1..10);
        central.make_file().await;
        central.world().cuts.push_back(cut);
        let cut_off = sync::run_now(&till).await;
        // A cut after a whole chunk is gone on from at once; before, the sync ends and comes again.
        assert_eq!(cut_off.is_ok(), cut >= chunk, "{cut}: {cut_off:?}");
        let (client, till) = restarted(&rig, client, till).await;
        synced(&till).await;
        in_step(&central, &till).await;
        assert_eq!(starts(&central), [0, cut / chunk * chunk], "cut at {cut}");
        client.shutdown().await;
    }
}

#[tokio::test]
async fn on_a_slow_line_a_file_comes_in_shorter_parts_so_that_sales_are_sent_between_them() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..10);
    central.make_file().await;
    central.world().slow = Some(Arc::clone(&rig.clock));
    synced(&till).await;
    in_step(&central, &till).await;
    let chunk = CHUNK_BYTES as usize;
    assert_eq!(starts(&central), [0, chunk, 2 * chunk]);
    client.shutdown().await;
}

#[tokio::test]
async fn what_a_kill_left_of_a_file_counts_by_its_hashes() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..10);
    central.make_file().await;
    let chunk = CHUNK_BYTES as usize;
    central.world().cuts.extend([2 * chunk + 9, 0]);
    sync::run_now(&till).await.expect_err("the second answer is cut before anything came");
    let (client, till) = restarted(&rig, client, till).await;
    // The power went before the second chunk was on the disk.
    let part = rig.folder.path().join("snapshot.part");
    let mut bytes = std::fs::read(&part).expect("two chunks");
    assert_eq!(bytes.len(), 2 * chunk);
    bytes[chunk + 100..].fill(0);
    std::fs::write(&part, bytes).expect("torn");
    central.forget_requests();
    synced(&till).await;
    in_step(&central, &till).await;
    assert_eq!(starts(&central), [chunk]);
    client.shutdown().await;
}

#[tokio::test]
async fn a_chunk_with_a_wrong_hash_is_fetched_again_and_given_up_when_it_stays_wrong() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..10);
    central.make_file().await;
    central.world().damaged = 2;
    synced(&till).await;
    in_step(&central, &till).await;
    assert_eq!(starts(&central), [0, 0, 0]);
    assert_eq!(central.count("GET /api/v1/sync/pull"), 1);

    require(&till).await;
    central.forget_requests();
    central.world().damaged = u32::MAX;
    central.set(50, Some("newer"));
    synced(&till).await;
    in_step(&central, &till).await;
    assert_eq!(starts(&central), [0, 0, 0], "pages are read instead");
    client.shutdown().await;
}

#[tokio::test]
async fn a_file_that_is_not_what_its_manifest_says_is_never_installed() {
    for wrong in 0..4 {
        let (central, rig, client, till) = StandIn::with_till().await;
        central.fill(1..10);
        central.make_file().await;
        {
            let mut world = central.world();
            let (manifest, _) = world.file.as_mut().expect("made");
            match wrong {
                0 => manifest.plain_sha256 = "0".repeat(64),
                1 => manifest.sha256 = "0".repeat(64),
                2 => manifest.plain_size -= 1,
                _ => manifest.version += 1,
            }
        }
        synced(&till).await;
        in_step(&central, &till).await;
        assert_eq!(leftovers(&rig), [""; 0]);
        assert!(!rig.folder.path().join("cache-1.db").exists(), "read by pages into the cache itself");
        client.shutdown().await;
    }
}

#[tokio::test]
async fn a_file_whose_rows_do_not_add_up_is_left_for_pages() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..10);
    central.make_file().await;
    // Missing from the file, and not sent behind its cursor.
    let version = central.world().version;
    let account = central
        .world()
        .rows
        .values()
        .next()
        .expect("one")
        .1
        .clone()
        .map(|account| counterfoil_wire::accounts::Account { username: "forgotten".into(), ..account });
    central.world().rows.insert(uuid::Uuid::from_u128(1), (version, account));
    synced(&till).await;
    in_step(&central, &till).await;
    assert!(usernames(&till).await.contains("forgotten"));
    client.shutdown().await;
}

#[tokio::test]
async fn without_room_nothing_is_fetched_and_the_shop_sells_on() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..10);
    central.make_file().await;
    till.store().pretend_free(Some(17 << 20));
    let full = sync::run_now(&till).await;
    assert!(matches!(full, Err(SyncError::Store(StoreError::DiskFull))), "{full:?}");
    assert!(starts(&central).is_empty());
    assert_eq!(leftovers(&rig), [""; 0]);
    assert_eq!(numbers(&sell(&till, 1, 2).await.expect("sold")), [1, 2]);
    till.store().pretend_free(None);
    synced(&till).await;
    in_step(&central, &till).await;
    client.shutdown().await;
}

#[tokio::test]
async fn a_file_that_was_begun_takes_no_room_of_sales_either() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..10);
    central.make_file().await;
    central.world().cuts.extend([CHUNK_BYTES as usize, 0]);
    sync::run_now(&till).await.expect_err("the second answer is cut before anything came");
    // Somebody else filled the disk meanwhile.
    till.store().pretend_free(Some(17 << 20));
    let full = sync::run_now(&till).await;
    assert!(matches!(full, Err(SyncError::Store(StoreError::DiskFull))), "{full:?}");
    assert_eq!(numbers(&sell(&till, 1, 2).await.expect("sold")), [1, 2]);
    till.store().pretend_free(None);
    synced(&till).await;
    in_step(&central, &till).await;
    client.shutdown().await;
}

#[tokio::test]
async fn a_file_that_is_being_made_is_waited_for_and_one_that_is_gone_asked_for_again() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..10);
    central.make_file().await;
    central.world().later = 3;
    synced(&till).await;
    in_step(&central, &till).await;
    assert_eq!(central.count("GET /api/v1/sync/snapshot "), 4);

    require(&till).await;
    central.world().cuts.push_back(0);
    sync::run_now(&till).await.expect_err("cut");
    central.set(70, Some("newer"));
    central.make_file().await;
    central.forget_requests();
    synced(&till).await;
    in_step(&central, &till).await;
    assert_eq!(central.count("GET /api/v1/sync/snapshot "), 1, "the old one's manifest was dropped");
    client.shutdown().await;
}

#[tokio::test]
async fn readers_keep_their_rows_while_another_copy_takes_the_place() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..10);
    synced(&till).await;
    let before = usernames(&till).await;
    let mut held = till.read().await.expect("a reader");
    sqlx::query("BEGIN").execute(&mut *held).await.expect("begun");
    let count = async |db: &mut sqlx::SqliteConnection| -> i64 {
        sqlx::query_scalar("SELECT COUNT(*) FROM cached_account").fetch_one(db).await.expect("counted")
    };
    assert_eq!(count(&mut held).await, 9);
    let done = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..6)
        .map(|_| {
            let (till, done) = (Arc::clone(&till), Arc::clone(&done));
            tokio::spawn(async move {
                let mut reads = 0_u32;
                while !done.load(Ordering::Relaxed) {
                    let seen = usernames(&till).await.len();
                    assert!(seen == 9 || seen == 12, "{seen} rows: neither the old copy nor the new");
                    reads += 1;
                }
                reads
            })
        })
        .collect();
    central.fill(10..13);
    for _ in 0..5 {
        require(&till).await;
        central.make_file().await;
        synced(&till).await;
    }
    done.store(true, Ordering::Relaxed);
    for reader in readers {
        assert!(reader.await.expect("never fails") > 0);
    }
    assert_eq!(count(&mut held).await, 9, "it reads what it began with");
    sqlx::query("COMMIT").execute(&mut *held).await.expect("ended");
    drop(held);
    assert_ne!(usernames(&till).await, before);
    in_step(&central, &till).await;
    client.shutdown().await;
}

#[tokio::test]
async fn a_copy_by_pages_goes_on_after_a_kill_and_the_old_rows_show_until_then() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..30);
    synced(&till).await;
    let old = usernames(&till).await;
    central.fill(10..35);
    central.world().page = 8;
    require(&till).await;
    central.forget_requests();
    // The manifest, two pages, and then the line is gone.
    central.world().faults.insert(4, Fault::Unheard);
    sync::run_now(&till).await.expect_err("cut");
    assert_eq!(usernames(&till).await, old);
    let (client, till) = restarted(&rig, client, till).await;
    assert_eq!(usernames(&till).await, old);
    central.forget_requests();
    synced(&till).await;
    in_step(&central, &till).await;
    assert_eq!(central.count("GET /api/v1/sync/pull"), 3, "two of five were read before");
    client.shutdown().await;
}

#[tokio::test]
async fn a_copy_that_was_damaged_on_the_disk_is_begun_anew() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..10);
    synced(&till).await;
    require(&till).await;
    let (client, till) = restarted(&rig, client, till).await;
    std::fs::write(rig.folder.path().join("next.db"), b"no database, and long enough to be looked at").expect("torn");
    synced(&till).await;
    in_step(&central, &till).await;
    client.shutdown().await;
}

#[tokio::test]
async fn a_new_copy_is_told_to_whoever_shows_rows() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    central.fill(1..10);
    synced(&till).await;
    require(&till).await;
    let mut events = client.events();
    synced(&till).await;
    let mut told = Vec::new();
    while let Some(Some(event)) = events.next().now_or_never() {
        told.push(event);
    }
    for topic in [Topic::Accounts, Topic::Codes, Topic::Credit, Topic::Orders, Topic::Selling] {
        assert!(told.contains(&Event::Changed(topic)), "{topic:?}");
    }
    client.shutdown().await;
}
