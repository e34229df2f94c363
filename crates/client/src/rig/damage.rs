//! Full disks, files from the future, lost keys and broken caches.

use std::path::Path;

use serde_json::json;

use super::stand_in::{StandIn, in_step, opened, synced};
use super::{Rig, numbers, refused, sell};
use crate::api::{self, ErrorCode, session};
use crate::client::{Client, OpenError};
use crate::outbox::repo as log;
use crate::store::StoreError;
use crate::sync;
use crate::till::Till;
use crate::vault::{SecretStore as _, names};

#[tokio::test]
async fn a_full_disk_shows_nothing_does_nothing_and_ends() {
    let (_rig, client, till, _) = Rig::with_lease().await;
    sell(&till, 1, 1).await.expect("sold");
    let local = till.store().local_pool();
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(local).await.expect("checkpoint");
    // Never below what the file has: so no further page.
    sqlx::query("PRAGMA max_page_count = 1").execute(local).await.expect("limited");
    // Nine codes do not fit into the pages that are left.
    let mut full = 0;
    for sale in 2..40 {
        match sell(&till, sale, 1).await {
            Ok(_) => {}
            Err(error) if error.code == ErrorCode::DiskFull => {
                full = sale;
                break;
            }
            Err(error) => panic!("{error}"),
        }
        if sale == 9 {
            break;
        }
    }
    if full == 0 {
        full = 50;
        assert_eq!(refused(fill(&till).await), ErrorCode::DiskFull);
    }
    let before = log::counts(&mut till.read().await.expect("db")).await.expect("counts").0;
    sqlx::query("PRAGMA max_page_count = 1000000").execute(local).await.expect("room");
    let sold = sell(&till, full, 1).await.expect("sells after room was made");
    assert_eq!(numbers(&sold), [before + 1], "the refused sale burned no number");
    client.shutdown().await;
}

/// A long address in a log that has no page left.
async fn fill(till: &Till) -> Result<(), crate::api::ApiError> {
    let mut transaction = till.store().write_local().await?;
    let name = "x".repeat(200_000);
    sqlx::query("UPDATE device SET device_name = ?")
        .bind(name)
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::from)?;
    transaction.commit().await.map_err(StoreError::from)?;
    Ok(())
}

#[tokio::test]
async fn two_crashes_with_nothing_between_them_leave_one_gap() {
    let (_rig, client, till, _) = Rig::with_lease().await;
    let head = till.device().await.expect("device").expect("enrolled").head;
    let (one, two) = (head.extend(b"lost"), head.extend(b"lost").extend(b"lost too"));
    let mut db = till.store().write_local().await.expect("transaction");
    log::open_gap(&mut db, head, one).await.expect("the first crash");
    // Central was asked, and has nothing of it.
    let gap = log::gaps(&mut db).await.expect("gaps")[0];
    log::settle_gap(&mut db, gap, &[log::Gap { state: log::GapState::Lost, ..gap }]).await.expect("declared lost");
    log::open_gap(&mut db, one, two).await.expect("the second crash");
    let gaps = log::gaps(&mut db).await.expect("gaps");
    let whole = log::Gap { after: head, through: two, state: log::GapState::Unknown };
    assert_eq!(gaps, [whole], "nothing could be sent between two gaps, and the queue would stand still");
    // The next operation begins from the same older head.
    log::open_gap(&mut db, one, two).await.expect("known");
    assert_eq!(log::gaps(&mut db).await.expect("gaps"), [whole]);
    drop(db);
    client.shutdown().await;
}

#[tokio::test]
async fn a_database_from_the_future_is_refused_and_left_alone() {
    let (rig, client, till, _) = Rig::with_lease().await;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES (9999, 'tomorrow', TRUE, x'00', 0)",
    )
    .execute(till.store().local_pool())
    .await
    .expect("inserted");
    drop(till);
    client.shutdown().await;
    let before = rig.backup();
    let refused = Client::open(rig.options()).await;
    assert!(matches!(refused, Err(OpenError::Store(StoreError::FromTheFuture(_)))), "{refused:?}");
    assert_eq!(before.first(), rig.backup().first());
}

#[tokio::test]
async fn one_folder_is_one_programs() {
    let (rig, client, till, _) = Rig::with_lease().await;
    let second = Client::open(rig.options()).await;
    assert!(matches!(second, Err(OpenError::InUse(_))), "{second:?}");
    drop(till);
    client.shutdown().await;
    let client = rig.open().await;
    client.shutdown().await;
}

#[tokio::test]
async fn without_its_key_a_database_waits_and_no_new_key_is_made() {
    let (rig, client, till, _) = Rig::with_lease().await;
    sell(&till, 1, 1).await.expect("sold");
    drop(till);
    client.shutdown().await;
    let kept = rig.secrets.fork();
    rig.secrets.forget();
    let client = rig.open().await;
    let state = session::app_state(&client, ()).await.expect("state");
    assert_eq!(state.phase, session::Phase::KeyMissing);
    assert_eq!(refused(client.till().map(|_| ())), ErrorCode::KeyMissing);
    assert!(rig.secrets.clone().get(names::DATABASE_KEY).expect("reads").is_none(), "a key was made");
    drop(client);

    // The keyring is back.
    let client = Client::open(rig.options().with_secrets_in_memory(kept)).await.expect("opens");
    let sold = sell(&client.till().expect("open"), 2, 1).await.expect("sells on");
    assert_eq!(numbers(&sold), [2]);
    client.shutdown().await;
}

#[tokio::test]
async fn nothing_of_the_database_can_be_read_without_its_key() {
    let (rig, client, till, _) = Rig::with_lease().await;
    let sold = sell(&till, 1, 1).await.expect("sold");
    drop(till);
    client.shutdown().await;
    for (name, content) in rig.backup() {
        for secret in [sold[0].code.as_bytes(), b"Till 2", b"SQLite format 3"] {
            assert!(!content.windows(secret.len()).any(|window| window == secret), "{name} holds something in plain");
        }
    }
}

#[tokio::test]
async fn a_broken_cache_is_made_anew_and_the_precious_side_stays() {
    let (rig, client, till, _) = Rig::with_lease().await;
    sell(&till, 1, 1).await.expect("sold");
    drop(till);
    client.shutdown().await;
    std::fs::write(rig.folder.path().join("cache.db"), b"this is no database at all, and long enough to be read")
        .expect("broken");
    let client = rig.open().await;
    let till = client.till().expect("open");
    assert_eq!(numbers(&sell(&till, 2, 1).await.expect("sold")), [2]);
    // Nothing was pulled yet, and what this device sold is on the page all the same.
    let page =
        crate::codes::list(&till, &crate::codes::Wanted { limit: 10, ..Default::default() }).await.expect("page");
    assert_eq!(page.lines.len(), 2);
    client.shutdown().await;
}

/// Where the accounts begin in the cache's file, and how long a page is.
async fn page_of_accounts(till: &Till) -> std::ops::Range<usize> {
    let cache = till.store().cache_pool();
    let root: i64 = sqlx::query_scalar("SELECT rootpage FROM sqlite_master WHERE name = 'cached_account'")
        .fetch_one(&cache)
        .await
        .expect("a page");
    let size: i64 = sqlx::query_scalar("PRAGMA page_size").fetch_one(&cache).await.expect("a size");
    let (root, size) = (usize::try_from(root).expect("small"), usize::try_from(size).expect("small"));
    (root - 1) * size..root * size
}

fn damage(file: &Path, page: std::ops::Range<usize>) {
    let mut bytes = std::fs::read(file).expect("read");
    bytes[page].fill(0xff);
    std::fs::write(file, bytes).expect("damaged");
}

#[tokio::test]
async fn a_cache_that_is_damaged_further_in_is_made_anew_once_somebody_meets_it() {
    for by_a_page in [true, false] {
        let (central, rig, client, till) = StandIn::with_till().await;
        central.fill(1..40);
        synced(&till).await;
        let page = page_of_accounts(&till).await;
        drop(till);
        client.shutdown().await;
        drop(client);
        damage(&rig.folder.path().join("cache.db"), page);

        let (client, till) = opened(&rig).await;
        if by_a_page {
            let wanted = json!({ "search": "", "show": "in_use", "page": { "limit": 50 } });
            assert_eq!(refused(api::call(&client, "accounts_page", wanted).await), ErrorCode::StorageFailed);
        } else {
            central.set(7, Some("renamed"));
            sync::run_now(&till).await.expect_err("the row cannot be written");
        }
        synced(&till).await;
        in_step(&central, &till).await;
        assert!(rig.folder.path().join("cache-1.db").is_file());
        client.shutdown().await;
    }
}

#[tokio::test]
async fn a_sound_cache_is_looked_through_once_an_hour_at_most() {
    let (rig, client, till, _) = Rig::with_lease().await;
    assert!(till.sync.suspect_cache(till.clock()), "the first failure");
    assert!(!till.sync.suspect_cache(till.clock()), "the look is still to come");
    assert!(till.store().cache_is_sound().await.expect("looked through"));
    till.sync.cache_looked_through(till.clock());
    assert!(!till.sync.suspect_cache(till.clock()));
    rig.clock.pass(std::time::Duration::from_hours(1));
    assert!(till.sync.suspect_cache(till.clock()));
    client.shutdown().await;
}
