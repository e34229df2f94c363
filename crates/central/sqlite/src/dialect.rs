//! What differs on SQLite: how a database is opened and a writing transaction begun.

use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use counterfoil_domain::ids::{LedgerAccountId, OperatorId};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _};
use uuid::Uuid;

use crate::engine::account::{AccountRecord, account_records};
use crate::engine::code::{CodeRecord, code_records};
use crate::engine::schema::{Fit, Schema, SchemaError};
pub(crate) use crate::group::Tx;
use crate::group::{self, Writer};

pub(crate) type Db = sqlx::Sqlite;
pub(crate) type Pool = sqlx::SqlitePool;
pub(crate) type Conn = sqlx::SqliteConnection;

/// Migrations of this engine.
pub(crate) static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../../../migrations/central/sqlite");

/// Statements kept prepared on a connection; several of them come in a few lengths.
const STATEMENTS: usize = 400;

/// How many requests may share a commit, where somebody measures what sharing brings.
const UNITS_PER_COMMIT: &str = "COUNTERFOIL_UNITS_PER_COMMIT";

/// Name in logs and `/metrics`.
pub(crate) const ENGINE: &str = "sqlite";

/// One writer, because SQLite has one; readers beside it see the last commit.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    options: Arc<SqliteConnectOptions>,
    writer: Writer,
    readers: Pool,
    together: usize,
}

impl Store {
    /// Opens, and makes the file when it is not there.
    pub(crate) async fn open(url: &str) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .statement_cache_capacity(STATEMENTS)
            .busy_timeout(Duration::from_secs(10));
        // Made before the readers open it.
        options.connect().await?.close().await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(8)
            .acquire_timeout(Duration::from_secs(20))
            .connect_with(options.clone().pragma("query_only", "ON"))
            .await?;
        // Room for the tops of the trees of codes, whose keyed hashes are written in no order.
        let options_of_writer = options.clone().pragma("cache_size", "-65536");
        let together = units_per_commit()?;
        let writer = Writer::new(options_of_writer, together);
        Ok(Self { options: Arc::new(options), writer, readers, together })
    }

    /// One process serves a file, so nobody waits for this.
    pub(crate) async fn migrate(&self, schema: &Schema) -> Result<Fit, SchemaError> {
        let mut conn = self.options.connect().await?;
        let fit = schema.apply(&mut conn).await?;
        conn.close().await?;
        Ok(fit)
    }

    /// Waits for its turn; see [`crate::group`].
    pub(crate) async fn begin(&self) -> Result<Tx, sqlx::Error> {
        self.writer.begin().await
    }

    /// A deferred transaction sees the commit at its first read until its end.
    pub(crate) async fn snapshot(&self) -> Result<sqlx::Transaction<'static, Db>, sqlx::Error> {
        self.readers.begin().await
    }

    pub(crate) fn readers(&self) -> &Pool {
        &self.readers
    }

    /// Requests that may share a transaction or a commit.
    pub(crate) const fn together(&self) -> usize {
        self.together
    }

    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn units_per_commit() -> Result<usize, sqlx::Error> {
    let Ok(units) = std::env::var(UNITS_PER_COMMIT) else { return Ok(group::LARGEST) };
    units.parse().ok().filter(|units| *units > 0).map(|units: usize| units.min(group::LARGEST)).ok_or_else(|| {
        sqlx::Error::Configuration(
            format!("{UNITS_PER_COMMIT} is a number of requests from 1 up, not {units:?}").into(),
        )
    })
}

/// A ledger account that this transaction may change.
pub(crate) struct LockedAccount {
    pub(crate) id: Uuid,
    pub(crate) reseller: Uuid,
    pub(crate) path: String,
    pub(crate) kind: String,
    pub(crate) unit: String,
    pub(crate) balance: i64,
    pub(crate) floor: i64,
    pub(crate) seq: i64,
    pub(crate) head_hash: Vec<u8>,
}

/// The write lock of the whole database is held already.
pub(crate) async fn lock_accounts(
    conn: &mut Conn,
    operator: OperatorId,
    one: LedgerAccountId,
    other: LedgerAccountId,
) -> Result<Vec<LockedAccount>, sqlx::Error> {
    sqlx::query_as!(
        LockedAccount,
        r#"SELECT a.id AS "id!: Uuid", a.reseller_id AS "reseller!: Uuid", r.path, a.kind, a.unit, a.balance, a.floor,
                  a.seq, a.head_hash
           FROM ledger_account a JOIN reseller r ON r.id = a.reseller_id
           WHERE a.operator_id = $1 AND a.id IN ($2, $3) ORDER BY a.id"#,
        operator.0,
        one.0,
        other.0
    )
    .fetch_all(conn)
    .await
}

/// The books of one reseller and, if there is one, of a lease. The writing transaction already has the only lock.
pub(crate) async fn lock_books(
    conn: &mut Conn,
    reseller: Uuid,
    lease_account: Option<Uuid>,
) -> Result<Vec<LockedAccount>, sqlx::Error> {
    sqlx::query_as!(
        LockedAccount,
        r#"SELECT a.id AS "id!: Uuid", a.reseller_id AS "reseller!: Uuid", r.path, a.kind, a.unit, a.balance, a.floor,
                  a.seq, a.head_hash
           FROM ledger_account a JOIN reseller r ON r.id = a.reseller_id
           WHERE (a.owner_id = $1 AND a.kind IN ('wallet', 'issued', 'consumed')) OR a.id = $2
           ORDER BY a.id"#,
        reseller,
        lease_account
    )
    .fetch_all(conn)
    .await
}

/// What a reseller earns into. The writing transaction already has the only lock.
pub(crate) async fn lock_commission(conn: &mut Conn, reseller: Uuid) -> Result<Vec<LockedAccount>, sqlx::Error> {
    sqlx::query_as!(
        LockedAccount,
        r#"SELECT a.id AS "id!: Uuid", a.reseller_id AS "reseller!: Uuid", r.path, a.kind, a.unit, a.balance, a.floor,
                  a.seq, a.head_hash
           FROM ledger_account a JOIN reseller r ON r.id = a.reseller_id
           WHERE a.owner_id = $1 AND a.kind IN ('commission_expense', 'commission_pending', 'commission_available',
             'commission_clearing', 'commission_paid', 'commission_clawback')
           ORDER BY a.id"#,
        reseller
    )
    .fetch_all(conn)
    .await
}

/// The four books of one relationship. The writing transaction already has the only lock.
pub(crate) async fn lock_order_books(conn: &mut Conn, relationship: Uuid) -> Result<Vec<LockedAccount>, sqlx::Error> {
    sqlx::query_as!(
        LockedAccount,
        r#"SELECT a.id AS "id!: Uuid", a.reseller_id AS "reseller!: Uuid", r.path, a.kind, a.unit, a.balance, a.floor,
                  a.seq, a.head_hash
           FROM ledger_account a JOIN reseller r ON r.id = a.reseller_id
           WHERE a.owner_id = $1
             AND a.kind IN ('order_customers', 'provider_payable', 'provider_paid', 'order_markup')
           ORDER BY a.id"#,
        relationship
    )
    .fetch_all(conn)
    .await
}

/// The codes of these numbers of a lease or lot, whatever their slots. Numbers that nobody saw have none. SQLite has no
/// arrays: the numbers come as JSON.
pub(crate) async fn lock_codes(conn: &mut Conn, source: Uuid, seqs: &[i64]) -> Result<Vec<CodeRecord>, sqlx::Error> {
    let seqs = serde_json::Value::from(seqs).to_string();
    code_records!(
        "UPDATE code SET state = state WHERE source_id = $1 AND seq IN (SELECT value FROM json_each($2)) RETURNING",
        "",
        source,
        seqs
    )
    .fetch_all(conn)
    .await
}

/// The codes of a lease or lot from one number to another, whatever their slots. The writing transaction already has the
/// only lock.
pub(crate) async fn lock_code_range(
    conn: &mut Conn,
    source: Uuid,
    from: i64,
    to: i64,
) -> Result<Vec<CodeRecord>, sqlx::Error> {
    code_records!("SELECT", "FROM code WHERE source_id = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq", source, from, to)
        .fetch_all(conn)
        .await
}

/// The subscriber accounts with these ids. The writing transaction already has the only lock.
pub(crate) async fn lock_subscribers(
    conn: &mut Conn,
    operator: Uuid,
    ids: &[Uuid],
) -> Result<Vec<AccountRecord>, sqlx::Error> {
    let ids = json_of(ids);
    account_records!(
        "SELECT",
        "FROM account WHERE operator_id = $1 AND id IN (SELECT unhex(value) FROM json_each($2)) ORDER BY id",
        operator,
        ids
    )
    .fetch_all(conn)
    .await
}

fn json_of(ids: &[Uuid]) -> String {
    let ids: Vec<_> = ids.iter().map(|id| id.simple().to_string()).collect();
    serde_json::Value::from(ids).to_string()
}

/// Gives these accounts a row on the portal where their plan is provisioned, if they have none there yet.
pub(crate) async fn place_on_portals(conn: &mut Conn, operator: Uuid, accounts: &[Uuid]) -> Result<(), sqlx::Error> {
    let ids = json_of(accounts);
    sqlx::query!(
        "INSERT INTO provisioning (account_id, portal_id, operator_id, login, wanted, state)
         SELECT a.id, p.portal_id, a.operator_id, a.username, 0, 'waiting'
         FROM account a JOIN portal_plan p ON p.plan_id = a.plan_id
         WHERE a.operator_id = $1 AND a.id IN (SELECT unhex(value) FROM json_each($2))
         ON CONFLICT (account_id, portal_id) DO NOTHING",
        operator,
        ids
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Wants these accounts anew on each portal where they have a row, and says how many rows that are.
pub(crate) async fn want_provisioning(conn: &mut Conn, accounts: &[Uuid], now: i64) -> Result<u64, sqlx::Error> {
    let ids = json_of(accounts);
    let wanted = sqlx::query!(
        "UPDATE provisioning SET wanted = wanted + 1, state = 'waiting', due_at = $2, tries = 0, off_at = NULL,
                wanted_since = CASE WHEN state = 'waiting' AND wanted_since IS NOT NULL THEN wanted_since ELSE $2 END
         WHERE account_id IN (SELECT unhex(value) FROM json_each($1))",
        ids,
        now
    )
    .execute(conn)
    .await?;
    Ok(wanted.rows_affected())
}

/// Stores codes of one slot of a lease or lot that are not there yet, and says how many that were. `hashes` has 16 bytes
/// for each number from 1: one value, where a row for each would be four.
pub(crate) async fn insert_candidates(
    conn: &mut Conn,
    source: Uuid,
    slot: i64,
    first: i64,
    hashes: &[u8],
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO candidate (code_hash, source_id, slot, seq)
         WITH RECURSIVE number (seq) AS (
           SELECT 1 WHERE length($1) > 0 UNION ALL SELECT seq + 1 FROM number WHERE seq < length($1) / 16)
         SELECT substr($1, (seq - 1) * 16 + 1, 16), $2, $3, $4 + seq - 1 FROM number WHERE TRUE
         ON CONFLICT (code_hash) DO NOTHING",
        hashes,
        source,
        slot,
        first
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Where one operator's feed ends.
pub(crate) struct FeedHead {
    pub(crate) operator: Uuid,
    pub(crate) epoch: Uuid,
    pub(crate) version: i64,
}

/// Where the feeds of these operators end, in one query. SQLite has no arrays: the ids come as JSON.
pub(crate) async fn feed_heads(conn: &mut Conn, operators: &[Uuid]) -> Result<Vec<FeedHead>, sqlx::Error> {
    let ids = json_of(operators);
    sqlx::query_as!(
        FeedHead,
        r#"SELECT f.operator_id AS "operator!: Uuid", o.epoch AS "epoch!: Uuid", f.version AS "version!: i64"
           FROM feed f JOIN operator o ON o.id = f.operator_id
           WHERE f.operator_id IN (SELECT unhex(value) FROM json_each($1))"#,
        ids
    )
    .fetch_all(conn)
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_disk_that_was_full_once_does_not_refuse_every_later_change() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("central.db").display());
        let database = Store::open(&url).await.expect("opened");
        let mut work = database.begin().await.expect("begun");
        let little_room = "CREATE TABLE pile (thing BLOB); PRAGMA max_page_count = 8";
        sqlx::raw_sql(little_room).execute(&mut *work).await.expect("a table and little room");
        work.commit().await.expect("committed");
        let mut work = database.begin().await.expect("begun");
        let put = "INSERT INTO pile VALUES (zeroblob(100000))";
        let error = sqlx::query(put).execute(&mut *work).await.expect_err("no room");
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
        assert_eq!(code.as_deref(), Some("13"), "full");
        drop(work);
        let mut work = database.begin().await.expect("begun again");
        sqlx::query("INSERT INTO pile VALUES (x'01')").execute(&mut *work).await.expect("there is room for this");
        work.commit().await.expect("committed");
    }
}
