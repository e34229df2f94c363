//! SQLite on a disk that loses power: a commit with a sync survives whatever becomes of the rest.

use counterfoil_faulty_disk::{Disk, Fate};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tempfile::TempDir;

struct Machine {
    folder: TempDir,
    disk: Disk,
}

/// A folder whose syncs cost nothing, where there is one: here it is the layer that forgets, not the machine.
fn in_memory() -> std::io::Result<TempDir> {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir())
}

impl Machine {
    fn new() -> Self {
        let folder = in_memory().expect("folder");
        let disk = Disk::at(folder.path());
        Self { folder, disk }
    }

    async fn open(&self, synchronous: SqliteSynchronous) -> Result<SqliteConnection, sqlx::Error> {
        SqliteConnectOptions::new()
            .filename(self.folder.path().join("a.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .pragma("wal_autocheckpoint", "4")
            .connect()
            .await
    }

    async fn with_table() -> Self {
        let machine = Self::new();
        let mut db = machine.open(SqliteSynchronous::Full).await.expect("opens");
        sqlx::query("CREATE TABLE t (n INTEGER PRIMARY KEY, pad BLOB)").execute(&mut db).await.expect("made");
        db.close().await.expect("closed");
        machine.disk.settle();
        machine
    }
}

async fn insert(db: &mut SqliteConnection, n: i64) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO t VALUES (?, randomblob(3000))").bind(n).execute(db).await.map(|_| ())
}

async fn rows(db: &mut SqliteConnection) -> Vec<i64> {
    sqlx::query_scalar("SELECT n FROM t ORDER BY n").fetch_all(db).await.expect("read")
}

/// Cuts the power at each event of five commits, and gives the unconfirmed writes every kind of fate.
#[tokio::test]
async fn what_was_committed_survives_a_power_cut_at_any_event() {
    let mut cut = 1;
    loop {
        let machine = Machine::with_table().await;
        let mut db = machine.open(SqliteSynchronous::Full).await.expect("opens");
        machine.disk.cut_after(cut);
        let mut committed = Vec::new();
        for n in 1..=5 {
            if insert(&mut db, n).await.is_err() {
                break;
            }
            committed.push(n);
        }
        let dead = machine.disk.is_dead();
        let _ = db.close().await;
        let mut turn = cut;
        machine
            .disk
            .power_on(|sectors| {
                turn += 1;
                match turn % 3 {
                    0 => Fate::Kept,
                    1 => Fate::Lost,
                    _ => Fate::Torn(sectors / 2),
                }
            })
            .expect("power");
        let mut db = machine.open(SqliteSynchronous::Full).await.expect("opens again");
        let found = rows(&mut db).await;
        let check: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut db).await.expect("checked");
        assert_eq!(check, "ok", "cut at {cut}");
        assert!(found.starts_with(&committed), "cut at {cut}: {committed:?} were committed, {found:?} are there");
        assert!(found.len() <= committed.len() + 1, "cut at {cut}");
        insert(&mut db, 100).await.expect("goes on");
        db.close().await.expect("closed");
        if !dead {
            break;
        }
        cut += 1;
    }
    assert!(cut > 20, "only {cut} events: is the layer below SQLite?");
}

#[tokio::test]
async fn what_no_sync_confirmed_can_be_lost() {
    let machine = Machine::with_table().await;
    let mut db = machine.open(SqliteSynchronous::Off).await.expect("opens");
    insert(&mut db, 1).await.expect("written");
    machine.disk.cut_after(1);
    insert(&mut db, 2).await.expect_err("no power");
    let _ = db.close().await;
    machine.disk.power_on(|_| Fate::Lost).expect("power");
    assert_eq!(rows(&mut machine.open(SqliteSynchronous::Full).await.expect("opens")).await, Vec::<i64>::new());
}

#[tokio::test]
async fn a_full_disk_refuses_and_after_making_room_the_same_statement_works() {
    let machine = Machine::with_table().await;
    let mut db = machine.open(SqliteSynchronous::Full).await.expect("opens");
    machine.disk.fill_after(1);
    let error = insert(&mut db, 1).await.expect_err("full");
    assert_eq!(error.as_database_error().and_then(sqlx::error::DatabaseError::code).as_deref(), Some("13"));
    machine.disk.mend();
    insert(&mut db, 1).await.expect("room again");
    machine.disk.fail_sync_after(1);
    insert(&mut db, 2).await.expect_err("the sync failed");
    insert(&mut db, 3).await.expect("only once");
    assert!(rows(&mut db).await.contains(&3));
}

#[tokio::test]
async fn files_elsewhere_are_not_touched() {
    let machine = Machine::new();
    machine.disk.cut_after(1);
    let other = tempfile::tempdir().expect("folder");
    let options = SqliteConnectOptions::new().filename(other.path().join("b.db")).create_if_missing(true);
    let mut db = options.connect().await.expect("opens");
    sqlx::query("CREATE TABLE t (n INTEGER)").execute(&mut db).await.expect("made");
    assert_eq!(machine.disk.events(), 0);
    assert!(!machine.disk.event());
}
