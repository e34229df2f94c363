//! Plain SQLite, by the driver Central uses, on the same disk: what a durable commit costs here.

use std::str::FromStr as _;
use std::time::{Duration, Instant};

use anyhow::Result;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, SqliteConnection};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const ACCOUNTS: i64 = 100_000;

/// A database of its own, with a write-ahead log and `synchronous=FULL`.
pub(crate) struct Plain {
    runtime: Runtime,
    conn: SqliteConnection,
    next: i64,
    _folder: TempDir,
}

impl Plain {
    pub(crate) fn new() -> Result<Self> {
        let folder = crate::server::folder()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let url = format!("sqlite:{}", folder.path().join("plain.db").display());
        let options = SqliteConnectOptions::from_str(&url)?.create_if_missing(true);
        let options = options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
        let conn = runtime.block_on(options.connect())?;
        let mut plain = Self { runtime, conn, next: 0, _folder: folder };
        plain.make()?;
        Ok(plain)
    }

    /// The tables of TPC-B at scale 1, and one for single rows.
    fn make(&mut self) -> Result<()> {
        let conn = &mut self.conn;
        self.runtime.block_on(async {
            for order in [
                "CREATE TABLE one (id INTEGER PRIMARY KEY, value TEXT NOT NULL)",
                "CREATE TABLE branch (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL)",
                "CREATE TABLE teller (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL)",
                "CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL, filler TEXT NOT NULL)",
                "CREATE TABLE history (teller INTEGER, branch INTEGER, account INTEGER, delta INTEGER, at INTEGER)",
                "INSERT INTO branch (id, balance) VALUES (1, 0)",
                "WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 10)
                 INSERT INTO teller (id, balance) SELECT id, 0 FROM n",
            ] {
                sqlx::query(order).execute(&mut *conn).await?;
            }
            sqlx::query(
                "WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < $1)
                 INSERT INTO account (id, balance, filler) SELECT id, 0, hex(zeroblob(42)) FROM n",
            )
            .bind(ACCOUNTS)
            .execute(&mut *conn)
            .await?;
            Ok(())
        })
    }

    /// TPC-B-like transactions a second, one after another: SQLite has one writer.
    pub(crate) fn tpcb(&mut self, turn: Duration) -> Result<f64> {
        let (conn, next) = (&mut self.conn, &mut self.next);
        self.runtime.block_on(async {
            let (started, first) = (Instant::now(), *next);
            while started.elapsed() < turn {
                *next += 1;
                transaction(conn, *next).await?;
            }
            Ok(rate(*next - first, started))
        })
    }

    /// Durable inserts of one row a second, one after another.
    pub(crate) fn inserts(&mut self, turn: Duration) -> Result<f64> {
        let (conn, next) = (&mut self.conn, &mut self.next);
        self.runtime.block_on(async {
            let (started, first) = (Instant::now(), *next);
            while started.elapsed() < turn {
                *next += 1;
                sqlx::query("INSERT INTO one (value) VALUES ($1)").bind(*next).execute(&mut *conn).await?;
            }
            Ok(rate(*next - first, started))
        })
    }
}

async fn transaction(conn: &mut SqliteConnection, number: i64) -> Result<()> {
    // Spread over the accounts without being in order.
    let account = number.wrapping_mul(7_919).rem_euclid(ACCOUNTS) + 1;
    let (teller, delta) = (number % 10 + 1, number % 5_000);
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *conn).await?;
    for (order, id) in [
        ("UPDATE account SET balance = balance + $1 WHERE id = $2", account),
        ("UPDATE teller SET balance = balance + $1 WHERE id = $2", teller),
        ("UPDATE branch SET balance = balance + $1 WHERE id = $2", 1),
    ] {
        sqlx::query(order).bind(delta).bind(id).execute(&mut *conn).await?;
    }
    let select = sqlx::query_scalar::<_, i64>("SELECT balance FROM account WHERE id = $1");
    select.bind(account).fetch_one(&mut *conn).await?;
    sqlx::query("INSERT INTO history (teller, branch, account, delta, at) VALUES ($1, 1, $2, $3, $4)")
        .bind(teller)
        .bind(account)
        .bind(delta)
        .bind(number)
        .execute(&mut *conn)
        .await?;
    sqlx::query("COMMIT").execute(&mut *conn).await?;
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a count of seconds' worth of commits")]
fn rate(done: i64, started: Instant) -> f64 {
    done as f64 / started.elapsed().as_secs_f64()
}
