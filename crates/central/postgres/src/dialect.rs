//! What differs on PostgreSQL: how a database is opened and a writing transaction begun.

use std::str::FromStr as _;
use std::time::Duration;

use counterfoil_domain::ids::{LedgerAccountId, OperatorId};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use uuid::Uuid;

pub(crate) type Db = sqlx::Postgres;
pub(crate) type Pool = sqlx::PgPool;
pub(crate) type Conn = sqlx::PgConnection;
pub(crate) type Tx = sqlx::Transaction<'static, Db>;

/// Migrations of this engine.
pub(crate) static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../../../migrations/central/postgres");

/// Statements kept prepared on a connection; several of them come in a few lengths.
const STATEMENTS: usize = 400;

/// Name in logs and `/metrics`.
pub(crate) const ENGINE: &str = "postgres";

/// One pool; several processes may each have one on the same database.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    pool: Pool,
}

impl Store {
    pub(crate) async fn open(url: &str) -> Result<Self, sqlx::Error> {
        let options = PgConnectOptions::from_str(url)?
            .application_name("counterfoil-central")
            .statement_cache_capacity(STATEMENTS);
        let pool = PgPoolOptions::new()
            .max_connections(16)
            .acquire_timeout(Duration::from_secs(20))
            .connect_with(options)
            .await?;
        Ok(Self { pool })
    }

    pub(crate) async fn migrate(&self) -> Result<(), sqlx::migrate::MigrateError> {
        MIGRATOR.run(&self.pool).await
    }

    /// READ COMMITTED: each conditional update judges its row again after waiting for it.
    pub(crate) async fn begin(&self) -> Result<Tx, sqlx::Error> {
        self.pool.begin().await
    }

    /// Sees the commit at its first read until its end.
    pub(crate) async fn snapshot(&self) -> Result<sqlx::Transaction<'static, Db>, sqlx::Error> {
        self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await
    }

    pub(crate) fn readers(&self) -> &Pool {
        &self.pool
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
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

/// Locked in the order of their ids, so that two transfers between the same accounts cannot wait for each other.
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
           WHERE a.operator_id = $1 AND a.id IN ($2, $3) ORDER BY a.id FOR NO KEY UPDATE OF a"#,
        operator.0,
        one.0,
        other.0
    )
    .fetch_all(conn)
    .await
}

/// The books of one reseller and, if there is one, of a lease; locked in the order of their ids until the commit.
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
           ORDER BY a.id FOR NO KEY UPDATE OF a"#,
        reseller,
        lease_account
    )
    .fetch_all(conn)
    .await
}

/// Where one operator's feed ends.
pub(crate) struct FeedHead {
    pub(crate) operator: Uuid,
    pub(crate) epoch: Uuid,
    pub(crate) version: i64,
}

/// Where the feeds of these operators end, in one query.
pub(crate) async fn feed_heads(conn: &mut Conn, operators: &[Uuid]) -> Result<Vec<FeedHead>, sqlx::Error> {
    sqlx::query_as!(
        FeedHead,
        r#"SELECT f.operator_id AS "operator!: Uuid", o.epoch AS "epoch!: Uuid", f.version AS "version!: i64"
           FROM feed f JOIN operator o ON o.id = f.operator_id WHERE f.operator_id = ANY($1)"#,
        operators
    )
    .fetch_all(conn)
    .await
}
