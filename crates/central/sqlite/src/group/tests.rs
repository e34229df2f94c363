//! Groups as the units in them see them.

use std::str::FromStr as _;
use std::task::Poll;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, SqliteConnection};
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::{LARGEST, Tx, Writer};

struct Desk {
    writer: Writer,
    options: SqliteConnectOptions,
    _folder: TempDir,
}

impl Desk {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("group.db").display());
        let options = SqliteConnectOptions::from_str(&url).expect("a path").create_if_missing(true);
        let options = options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
        let mut conn = options.connect().await.expect("a new database");
        for table in [
            "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
            "CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES parent (id))",
            "INSERT INTO parent (id) VALUES (1)",
        ] {
            sqlx::query(table).execute(&mut conn).await.expect("a table");
        }
        Self { writer: Writer::new(options.clone().foreign_keys(true), LARGEST), options, _folder: folder }
    }

    /// What another connection sees: only what is committed.
    async fn committed(&self) -> i64 {
        let mut conn = self.options.connect().await.expect("a reader");
        count(&mut conn).await
    }

    /// Lets many units queue behind one that is still at work, so that they form one group.
    async fn behind_one(&self) -> Tx {
        self.writer.begin().await.expect("the first turn")
    }
}

async fn count(conn: &mut SqliteConnection) -> i64 {
    sqlx::query_scalar("SELECT COUNT(*) FROM child").fetch_one(conn).await.expect("a count")
}

async fn add(tx: &mut Tx, id: i64, parent: i64) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO child (id, parent) VALUES ($1, $2)")
        .bind(id)
        .bind(parent)
        .execute(&mut **tx)
        .await
        .map(|_| ())
}

#[tokio::test]
async fn a_unit_alone_is_durable_when_its_commit_returns() {
    let desk = Desk::new().await;
    let mut tx = desk.writer.begin().await.expect("a turn");
    add(&mut tx, 1, 1).await.expect("added");
    assert_eq!(desk.committed().await, 0);
    tx.commit().await.expect("committed");
    assert_eq!(desk.committed().await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_that_wait_share_a_commit_and_see_each_other_before_it() {
    let desk = Desk::new().await;
    let mut first = desk.behind_one().await;
    add(&mut first, 1, 1).await.expect("added");
    let mut hands = JoinSet::new();
    let mut seen = Vec::new();
    for id in 2..=9 {
        let writer = desk.writer.clone();
        hands.spawn(async move {
            let mut tx = writer.begin().await.expect("a turn");
            let before = count(&mut tx).await;
            add(&mut tx, id, 1).await.expect("added");
            tx.commit().await.expect("committed");
            before
        });
    }
    // Not before all are in the queue.
    while desk.writer.waiting() < 8 {
        tokio::task::yield_now().await;
    }
    let end = tokio::spawn(first.commit());
    while let Some(before) = hands.join_next().await {
        seen.push(before.expect("a hand"));
    }
    end.await.expect("a hand").expect("committed");
    seen.sort_unstable();
    assert_eq!(seen, (1..=8).collect::<Vec<i64>>(), "each reads what those before it in the group wrote");
    assert_eq!((desk.committed().await, desk.writer.commits()), (9, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_has_a_largest_size() {
    let desk = Desk::new().await;
    let first = desk.behind_one().await;
    let mut hands = JoinSet::new();
    let units = i64::try_from(LARGEST).expect("small") + 10;
    for id in 1..=units {
        let writer = desk.writer.clone();
        hands.spawn(async move {
            let mut tx = writer.begin().await.expect("a turn");
            add(&mut tx, id, 1).await.expect("added");
            tx.commit().await.expect("committed");
        });
    }
    while desk.writer.waiting() < usize::try_from(units).expect("small") {
        tokio::task::yield_now().await;
    }
    first.commit().await.expect("committed");
    hands.join_all().await;
    assert_eq!((desk.committed().await, desk.writer.commits()), (units, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_fails_or_is_cut_off_is_undone_alone() {
    let desk = Desk::new().await;
    let first = desk.behind_one().await;
    let mut hands = JoinSet::new();
    for id in 1..=30_i64 {
        let writer = desk.writer.clone();
        hands.spawn(async move {
            let mut tx = writer.begin().await.expect("a turn");
            add(&mut tx, id, 1).await.expect("added");
            match id % 3 {
                // Refused by the database, then given up.
                0 => assert!(add(&mut tx, id, 1).await.is_err()),
                // The client is gone in the middle of a statement.
                1 => {
                    let cut = async { add(&mut tx, id + 1_000, 1).await };
                    let _ = tokio::time::timeout(std::time::Duration::ZERO, cut).await;
                }
                _ => tx.commit().await.expect("committed"),
            }
        });
    }
    while desk.writer.waiting() < 30 {
        tokio::task::yield_now().await;
    }
    // This one's request is gone while it waits for its turn.
    let mut gone = Box::pin(desk.writer.begin());
    assert!(std::future::poll_fn(|cx| Poll::Ready(gone.as_mut().poll(cx).is_pending())).await);
    drop(gone);
    drop(first);
    hands.join_all().await;
    assert_eq!(desk.committed().await, 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_commit_fails_every_member_is_told_and_the_next_group_works() {
    let desk = Desk::new().await;
    let mut first = desk.behind_one().await;
    sqlx::query("PRAGMA defer_foreign_keys = ON").execute(&mut *first).await.expect("deferred");
    // No such parent: found at the COMMIT.
    add(&mut first, 1, 7).await.expect("added");
    let mut hands = JoinSet::new();
    for id in 2..=5 {
        let writer = desk.writer.clone();
        hands.spawn(async move {
            let mut tx = writer.begin().await.expect("a turn");
            add(&mut tx, id, 1).await.expect("added");
            tx.commit().await
        });
    }
    while desk.writer.waiting() < 4 {
        tokio::task::yield_now().await;
    }
    assert!(first.commit().await.is_err());
    assert!(hands.join_all().await.into_iter().all(|end| matches!(end, Err(sqlx::Error::Io(_)))));
    assert_eq!(desk.committed().await, 0);
    let mut next = desk.writer.begin().await.expect("a turn");
    add(&mut next, 9, 1).await.expect("added");
    next.commit().await.expect("committed");
    assert_eq!(desk.committed().await, 1);
}

#[tokio::test]
async fn after_close_nothing_begins() {
    let desk = Desk::new().await;
    desk.writer.begin().await.expect("a turn").commit().await.expect("committed");
    desk.writer.close().await;
    assert!(matches!(desk.writer.begin().await, Err(sqlx::Error::PoolClosed)));
    desk.writer.close().await;
}
