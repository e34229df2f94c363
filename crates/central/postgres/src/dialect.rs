//! What differs on PostgreSQL: how a database is opened and a writing transaction begun.

use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use counterfoil_domain::ids::{LedgerAccountId, OperatorId};
use sqlx::migrate::MigrateError;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use crate::engine::account::{AccountRecord, account_records};
use crate::engine::code::{CodeRecord, code_records};
use crate::engine::schema::{Fit, Schema, SchemaError};

pub(crate) type Db = sqlx::Postgres;
pub(crate) type Pool = sqlx::PgPool;
pub(crate) type Conn = sqlx::PgConnection;
pub(crate) type Tx = sqlx::Transaction<'static, Db>;

/// Migrations of this engine.
pub(crate) static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../../../migrations/central/postgres");

/// Statements kept prepared on a connection; several of them come in a few lengths.
const STATEMENTS: usize = 400;

/// How long a migration waits for a table, and with it everybody else who wants that table.
const LOCK_PATIENCE: &str = "2s";

/// What they are given to pass it.
const MIGRATION_PAUSE: Duration = Duration::from_secs(5);

/// As long as a large backup may take, a quarter of an hour and more.
const MIGRATION_TRIES: u32 = 150;

/// Name in logs and `/metrics`.
pub(crate) const ENGINE: &str = "postgres";

/// One pool; several processes may each have one on the same database.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    options: Arc<PgConnectOptions>,
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
            .connect_with(options.clone())
            .await?;
        Ok(Self { options: Arc::new(options), pool })
    }

    /// While other processes serve. Where a migration has to wait for a table, everybody who comes after it waits, too;
    /// so it gives up soon, lets them pass and tries again.
    pub(crate) async fn migrate(&self, schema: &Schema) -> Result<Fit, SchemaError> {
        let mut tries = MIGRATION_TRIES;
        loop {
            tries -= 1;
            match self.try_to_migrate(schema, LOCK_PATIENCE).await {
                Err(error) if tries > 0 && is_lock_timeout(&error) => {
                    tracing::warn!(tries, "the schema cannot be changed while something long reads it; trying again");
                    tokio::time::sleep(MIGRATION_PAUSE).await;
                }
                done => return done,
            }
        }
    }

    /// `patience` is PostgreSQL's `lock_timeout`.
    async fn try_to_migrate(&self, schema: &Schema, patience: &str) -> Result<Fit, SchemaError> {
        let mut conn = PgConnection::connect_with(&self.options).await?;
        sqlx::query("SELECT set_config('lock_timeout', $1, FALSE)").bind(patience).execute(&mut conn).await?;
        let applied = schema.apply(&mut conn).await;
        // Also ends the lock that keeps two from migrating at once.
        conn.close().await?;
        applied
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

    /// Requests that may share a transaction.
    #[allow(clippy::unused_self, reason = "the other engine lets whoever measures choose")]
    pub(crate) const fn together(&self) -> usize {
        64
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}

/// PostgreSQL's `lock_not_available`.
fn is_lock_timeout(error: &SchemaError) -> bool {
    let (SchemaError::Database(error)
    | SchemaError::Migration(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _))) = error
    else {
        return false;
    };
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|code| code == "55P03")
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

/// What a reseller earns into. Locked in the order of their ids until the commit.
pub(crate) async fn lock_commission(conn: &mut Conn, reseller: Uuid) -> Result<Vec<LockedAccount>, sqlx::Error> {
    sqlx::query_as!(
        LockedAccount,
        r#"SELECT a.id AS "id!: Uuid", a.reseller_id AS "reseller!: Uuid", r.path, a.kind, a.unit, a.balance, a.floor,
                  a.seq, a.head_hash
           FROM ledger_account a JOIN reseller r ON r.id = a.reseller_id
           WHERE a.owner_id = $1 AND a.kind IN ('commission_expense', 'commission_pending', 'commission_available',
             'commission_clearing', 'commission_paid', 'commission_clawback')
           ORDER BY a.id FOR NO KEY UPDATE OF a"#,
        reseller
    )
    .fetch_all(conn)
    .await
}

/// The four books of one relationship. Locked in the order of their ids until the commit.
pub(crate) async fn lock_order_books(conn: &mut Conn, relationship: Uuid) -> Result<Vec<LockedAccount>, sqlx::Error> {
    sqlx::query_as!(
        LockedAccount,
        r#"SELECT a.id AS "id!: Uuid", a.reseller_id AS "reseller!: Uuid", r.path, a.kind, a.unit, a.balance, a.floor,
                  a.seq, a.head_hash
           FROM ledger_account a JOIN reseller r ON r.id = a.reseller_id
           WHERE a.owner_id = $1
             AND a.kind IN ('order_customers', 'provider_payable', 'provider_paid', 'order_markup')
           ORDER BY a.id FOR NO KEY UPDATE OF a"#,
        relationship
    )
    .fetch_all(conn)
    .await
}

/// The codes of these numbers of a lease or lot, whatever their slots, locked until the commit. Numbers that nobody saw
/// have none.
pub(crate) async fn lock_codes(conn: &mut Conn, source: Uuid, seqs: &[i64]) -> Result<Vec<CodeRecord>, sqlx::Error> {
    code_records!("UPDATE code SET state = state WHERE source_id = $1 AND seq = ANY($2) RETURNING", "", source, seqs)
        .fetch_all(conn)
        .await
}

/// The codes of a lease or lot from one number to another, whatever their slots, locked in the order of their numbers
/// until the commit.
pub(crate) async fn lock_code_range(
    conn: &mut Conn,
    source: Uuid,
    from: i64,
    to: i64,
) -> Result<Vec<CodeRecord>, sqlx::Error> {
    code_records!(
        "SELECT",
        "FROM code WHERE source_id = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq FOR UPDATE",
        source,
        from,
        to
    )
    .fetch_all(conn)
    .await
}

/// The subscriber accounts with these ids, locked in their order until the commit. Were the operator a plain column, a
/// plan of the time when it had few accounts would go on reading all of them.
pub(crate) async fn lock_subscribers(
    conn: &mut Conn,
    operator: Uuid,
    ids: &[Uuid],
) -> Result<Vec<AccountRecord>, sqlx::Error> {
    account_records!(
        "SELECT",
        "FROM account WHERE COALESCE(operator_id, operator_id) = $1 AND id = ANY($2) ORDER BY id FOR NO KEY UPDATE",
        operator,
        ids
    )
    .fetch_all(conn)
    .await
}

/// Gives these accounts a row on the portal where their plan is provisioned, if they have none there yet. For the operator
/// as in [`lock_subscribers`].
pub(crate) async fn place_on_portals(conn: &mut Conn, operator: Uuid, accounts: &[Uuid]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO provisioning (account_id, portal_id, operator_id, login, wanted, state)
         SELECT a.id, p.portal_id, a.operator_id, a.username, 0, 'waiting'
         FROM account a JOIN portal_plan p ON p.plan_id = a.plan_id
         WHERE COALESCE(a.operator_id, a.operator_id) = $1 AND a.id = ANY($2) ORDER BY a.id
         ON CONFLICT (account_id, portal_id) DO NOTHING",
        operator,
        accounts
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Wants these accounts anew on each portal where they have a row, and says how many rows that are. The rows are locked in
/// the order of their ids.
pub(crate) async fn want_provisioning(conn: &mut Conn, accounts: &[Uuid], now: i64) -> Result<u64, sqlx::Error> {
    let wanted = sqlx::query!(
        "UPDATE provisioning SET wanted = wanted + 1, state = 'waiting', due_at = $2, tries = 0, off_at = NULL,
                wanted_since = CASE WHEN state = 'waiting' AND wanted_since IS NOT NULL THEN wanted_since ELSE $2 END
         FROM (SELECT account_id, portal_id FROM provisioning WHERE account_id = ANY($1)
               ORDER BY account_id, portal_id FOR NO KEY UPDATE) AS locked
         WHERE provisioning.account_id = locked.account_id AND provisioning.portal_id = locked.portal_id",
        accounts,
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
         SELECT substr($1::bytea, (seq::int - 1) * 16 + 1, 16), $2, $3, $4::bigint + seq - 1
         FROM generate_series(1::bigint, length($1::bytea) / 16) AS seq
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

#[cfg(test)]
mod tests {
    use sqlx::SqlSafeStr as _;
    use sqlx::migrate::{Migration, MigrationType};

    use super::*;
    use crate::scratch::Scratch;

    #[tokio::test]
    async fn a_migration_does_not_hold_others_up_behind_a_long_read() {
        let scratch = Scratch::new().await;
        let store = Store::open(&scratch.url()).await.expect("opens");
        store.migrate(&Schema::of_this_program()).await.expect("migrates");
        let newer = || {
            let sql = "ALTER TABLE account ADD COLUMN note TEXT".into_sql_str();
            Schema::newer([Migration::new(i64::MAX, "notes".into(), MigrationType::Simple, sql, false)])
        };
        // As pg_dump does for as long as it runs.
        let mut long_read = store.snapshot().await.expect("begins");
        sqlx::query("SELECT COUNT(*) FROM account").execute(&mut *long_read).await.expect("reads");
        let refused = store.try_to_migrate(&newer(), "50ms").await.expect_err("somebody reads the table");
        assert!(is_lock_timeout(&refused), "{refused}");
        // It waits for nobody any more: neither for the table nor, as the one who migrates, for the next try.
        sqlx::query("UPDATE account SET email = NULL").execute(store.readers()).await.expect("writes");
        long_read.rollback().await.expect("ends");
        assert_eq!(store.migrate(&newer()).await.expect("migrates"), Fit::Exact);
        store.close().await;
    }
}
