//! What differs on PostgreSQL: how a database is opened and a writing transaction begun, and how many rows are asked for or
//! written at once: as arrays, one a column, so that a statement has one shape and is planned once however many they are.
//! What is asked for by several columns stands in a LATERAL with OFFSET 0: otherwise a plan of the time when the table was
//! small would go on reading all of it.
//!
//! Of arrays that it can see, PostgreSQL plans short ones anew each time, because it takes an unknown one for ten values and
//! so for dearer. Where few are asked for very often, they are behind `(SELECT $1)`. No connection is told
//! `plan_cache_mode = force_generic_plan` for this: statements with filters that may be left out, which other features run,
//! need a plan for what is asked.

mod accounts;
mod books;
mod brands;
mod commission;
mod feed;
mod guard;
mod stock;

use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::MigrateError;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgQueryResult};
use sqlx::{Connection as _, PgConnection};

use crate::engine::batch::STATEMENTS;
use crate::engine::schema::{Fit, Schema, SchemaError};

pub(crate) use accounts::{accounts_named, extend_accounts, insert_accounts, lock_subscribers, want_provisioning};
pub(crate) use books::{lock_accounts, lock_books, lock_commission, lock_order_books, post};
pub(crate) use brands::brands_above;
pub(crate) use commission::{insert_due, insert_earnings, take_due};
pub(crate) use feed::{feed_heads, feed_state, feed_sums, put_feed};
pub(crate) use guard::{hits_of, insert_attempts};
pub(crate) use stock::{
    activate_codes, find_candidates, insert_candidates, insert_codes, lock_code_range, lock_codes, lock_leases,
};

pub(crate) type Db = sqlx::Postgres;
pub(crate) type Pool = sqlx::PgPool;
pub(crate) type Conn = sqlx::PgConnection;
pub(crate) type Tx = sqlx::Transaction<'static, Db>;

/// Migrations of this engine.
pub(crate) static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../../../migrations/central/postgres");

/// How long a migration waits for a table, and with it everybody else who wants that table.
const LOCK_PATIENCE: &str = "2s";

/// What they are given to pass it.
const MIGRATION_PAUSE: Duration = Duration::from_secs(5);

/// As long as a large backup may take, a quarter of an hour and more.
const MIGRATION_TRIES: u32 = 150;

const MOST_CONNECTIONS: u32 = 16;

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
            .max_connections(MOST_CONNECTIONS)
            .acquire_timeout(Duration::from_secs(20))
            // `reader` asks, and a transaction begins with a question of its own.
            .test_before_acquire(false)
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
        self.begin_by("BEGIN").await
    }

    /// Sees the commit at its first read until its end.
    pub(crate) async fn snapshot(&self) -> Result<sqlx::Transaction<'static, Db>, sqlx::Error> {
        self.begin_by("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await
    }

    /// Where the server has ended a connection meanwhile, another one takes its place: nothing was asked of it yet.
    async fn begin_by(&self, statement: &'static str) -> Result<Tx, sqlx::Error> {
        let mut others = MOST_CONNECTIONS;
        loop {
            match self.pool.begin_with(statement).await {
                Err(error) if others > 0 && is_gone(&error) => others -= 1,
                begun => return begun,
            }
        }
    }

    /// A connection that answers.
    pub(crate) async fn reader(&self) -> Result<PoolConnection<Db>, sqlx::Error> {
        loop {
            let mut conn = self.pool.acquire().await?;
            if conn.ping().await.is_ok() {
                return Ok(conn);
            }
            drop(conn.detach());
        }
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

/// Whether a connection is over: broken off, or ended by PostgreSQL (`admin_shutdown`, `crash_shutdown`).
fn is_gone(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    matches!(error, sqlx::Error::Io(_)) || code.is_some_and(|code| code == "57P01" || code == "57P02")
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

/// One value of each row.
fn column<'a, T, V>(rows: &'a [T], value: impl Fn(&'a T) -> V) -> Vec<V> {
    rows.iter().map(value).collect()
}

fn count(done: &PgQueryResult) -> usize {
    usize::try_from(done.rows_affected()).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use sqlx::SqlSafeStr as _;
    use sqlx::migrate::{Migration, MigrationType};

    use super::*;
    use crate::scratch::Scratch;

    #[tokio::test]
    async fn connections_that_the_server_has_ended_are_replaced() {
        let scratch = Scratch::new().await;
        let store = Store::open(&scratch.url()).await.expect("opens");
        let end_others = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
             WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
        let mut beside = PgConnection::connect(&scratch.url()).await.expect("connects");
        for reads in [false, true] {
            let (one, another) = tokio::join!(store.begin(), store.begin());
            for used in [one, another] {
                used.expect("begins").commit().await.expect("commits");
            }
            let ended: i64 = sqlx::query_scalar(end_others).fetch_one(&mut beside).await.expect("ends them");
            assert!(ended >= 2, "those that have committed, and not {ended}");
            if reads {
                sqlx::query("SELECT 1").execute(&mut *store.reader().await.expect("connects")).await.expect("reads");
            } else {
                store.begin().await.expect("begins").commit().await.expect("commits");
            }
        }
        store.close().await;
    }

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
