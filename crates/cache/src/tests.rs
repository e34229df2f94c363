//! Rows in, their sums, and a file as Central makes it.

use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::digest::Digests;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::AccountId;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::accounts::Account;
use counterfoil_wire::pull::{Change, FeedRow, Gone};
use sqlx::{Connection as _, SqliteConnection};
use uuid::Uuid;

use crate::{
    CacheError, Repair, apply, clear, create, digests, note_repair, position, recount, repairs, set_position, verify,
    void_position,
};

fn account(key: u128, version: i64) -> Change {
    let account = Account {
        account_id: AccountId(Uuid::from_u128(key)),
        version: 1,
        reseller_id: None,
        username: format!("amber-fox-{key}"),
        email: None,
        mac: None,
        notes: String::new(),
        status: AccountStatus::Active,
        plan_id: None,
        plan_name: None,
        price: None,
        last_day: None,
        ends_at: None,
        max_connections: 1,
        created_at: Timestamp(0),
        last_access_at: None,
    };
    Change { version, row: FeedRow::Account(account) }
}

fn gone(key: u128, version: i64) -> Change {
    Change { version, row: FeedRow::Gone(Gone { of: FeedTable::Account, key: Uuid::from_u128(key) }) }
}

fn sums(rows: &[(u128, i64)]) -> Digests {
    let mut digests = Digests::default();
    for (key, version) in rows {
        digests.add(FeedTable::Account, Uuid::from_u128(*key), *version);
    }
    digests
}

/// To be closed by the test: a connection that is dropped goes on closing on its thread, and SQLCipher does not survive
/// that while the process ends.
async fn new() -> (tempfile::TempDir, SqliteConnection) {
    let folder = tempfile::tempdir().expect("folder");
    let file = create(&folder.path().join("cache.db")).await.expect("a new file");
    (folder, file)
}

async fn both_sums(db: &mut SqliteConnection) -> Digests {
    let running = digests(db).await.expect("running sums");
    assert_eq!(running, recount(db).await.expect("recounted"));
    running
}

#[tokio::test]
async fn the_running_sums_are_those_of_the_rows() {
    let (_folder, mut db) = new().await;
    assert_eq!(both_sums(&mut db).await, Digests::default());
    apply(&mut db, &[account(1, 5), account(2, 5), account(3, 6)]).await.expect("applied");
    assert_eq!(both_sums(&mut db).await, sums(&[(1, 5), (2, 5), (3, 6)]));
    apply(&mut db, &[account(2, 7), gone(3, 8)]).await.expect("applied");
    assert_eq!(both_sums(&mut db).await, sums(&[(1, 5), (2, 7)]));
    clear(&mut db).await.expect("cleared");
    assert_eq!(both_sums(&mut db).await, Digests::default());
    db.close().await.expect("closed");
}

#[tokio::test]
async fn a_row_twice_counts_once_and_an_end_of_nothing_changes_nothing() {
    let (_folder, mut db) = new().await;
    apply(&mut db, &[account(1, 5), account(1, 5), gone(9, 6), gone(9, 6)]).await.expect("applied");
    assert_eq!(both_sums(&mut db).await, sums(&[(1, 5)]));
    db.close().await.expect("closed");
}

#[tokio::test]
async fn a_row_removed_behind_its_back_shows() {
    let (_folder, mut db) = new().await;
    apply(&mut db, &[account(1, 5), account(2, 5)]).await.expect("applied");
    let key = Uuid::from_u128(2);
    sqlx::query("DELETE FROM cached_account WHERE account_id = ?1").bind(key).execute(&mut db).await.expect("removed");
    let (running, counted) = (digests(&mut db).await.expect("sums"), recount(&mut db).await.expect("recounted"));
    assert_eq!(running.differences(&counted), [FeedTable::Account]);
    db.close().await.expect("closed");
}

#[tokio::test]
async fn the_position_is_kept_as_it_came() {
    let (folder, mut db) = new().await;
    void_position(&mut db).await.expect("nothing to do");
    assert_eq!(position(&mut db).await.expect("read"), None);
    set_position(&mut db, "a.text", 7).await.expect("set");
    let position = position(&mut db).await.expect("read").expect("a position");
    assert_eq!((position.cursor.as_str(), position.version), ("a.text", 7));
    assert!(!position.is_void());
    void_position(&mut db).await.expect("void");
    let void = crate::position(&mut db).await.expect("read").expect("a position");
    assert!(void.is_void() && void.version == 0);
    db.close().await.expect("closed");
    assert!(create(&folder.path().join("cache.db")).await.is_err(), "a file that is there is not written over");
}

#[tokio::test]
async fn repairs_are_kept_in_order_and_once() {
    let (_folder, mut db) = new().await;
    let (late, early) =
        (Repair::of(Timestamp(9), &[FeedTable::Code, FeedTable::Plan]), Repair::of(Timestamp(3), &[FeedTable::Entry]));
    for repair in [&late, &early, &late] {
        note_repair(&mut db, repair).await.expect("noted");
    }
    let kept = repairs(&mut db).await.expect("read");
    assert_eq!(kept, [early, late]);
    assert_eq!(kept[1].tables, "code plan");
    db.close().await.expect("closed");
}

#[tokio::test]
async fn a_file_made_here_is_sound_and_one_with_more_less_or_damage_is_not() {
    let (_folder, mut db) = new().await;
    apply(&mut db, &[account(1, 5)]).await.expect("applied");
    verify(&mut db).await.expect("sound");
    sqlx::query("ANALYZE").execute(&mut db).await.expect("analysed");
    verify(&mut db).await.expect("SQLite's own tables are no addition");
    for (change, undo) in [
        ("CREATE TRIGGER spy AFTER INSERT ON cached_plan BEGIN DELETE FROM cached_code; END", "DROP TRIGGER spy"),
        ("CREATE VIEW cached_wallet AS SELECT 1", "DROP VIEW cached_wallet"),
        (
            "DROP INDEX cached_account_by_name",
            "CREATE INDEX cached_account_by_name ON  cached_account (name_key, account_id)",
        ),
        (
            "UPDATE _sqlx_migrations SET checksum = unhex('00' || hex(checksum)) WHERE version = 2",
            "UPDATE _sqlx_migrations SET checksum = unhex(substr(hex(checksum), 3)) WHERE version = 2",
        ),
    ] {
        sqlx::query(change).execute(&mut db).await.expect("changed");
        let refused = verify(&mut db).await;
        assert!(matches!(refused, Err(CacheError::Schema(_))), "{change}: {refused:?}");
        sqlx::query(undo).execute(&mut db).await.expect("undone");
        verify(&mut db).await.expect(undo);
    }
    db.close().await.expect("closed");
}

#[tokio::test]
async fn a_damaged_file_is_not_sound() {
    let (folder, mut db) = new().await;
    let accounts: Vec<Change> = (0..2_000).map(|key| account(key, 5)).collect();
    apply(&mut db, &accounts).await.expect("applied");
    // A page that is in use: what an index of words let go of is not looked at.
    let page: i64 = sqlx::query_scalar("SELECT MAX(pageno) FROM dbstat WHERE name = 'cached_account'")
        .fetch_one(&mut db)
        .await
        .expect("a page");
    db.close().await.expect("closed");
    let file = folder.path().join("cache.db");
    let mut bytes = std::fs::read(&file).expect("read");
    let page = (usize::try_from(page).expect("small") - 1) * 4096;
    bytes[page..page + 4096].fill(0x5a);
    std::fs::write(&file, bytes).expect("damaged");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file);
    let mut db = SqliteConnection::connect_with(&options).await.expect("opens");
    assert!(verify(&mut db).await.is_err());
    // Whatever it says of the damage.
    let _ = db.close().await;
}
