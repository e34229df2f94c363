//! What differs on SQLite: how a database is opened and a writing transaction begun, and how many rows are asked for or
//! written at once. SQLite has no arrays: they come as one JSON value, ids and hashes in it as hex, so that a statement has
//! one shape however many they are.

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

use serde_json::Value;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteQueryResult, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _};
use uuid::Uuid;

use crate::engine::batch::STATEMENTS;
use crate::engine::schema::{Fit, Schema, SchemaError};
pub(crate) use crate::group::Tx;
use crate::group::{self, Writer};

pub(crate) use accounts::{accounts_named, extend_accounts, insert_accounts, lock_subscribers, want_provisioning};
pub(crate) use books::{lock_accounts, lock_books, lock_commission, lock_order_books, post};
pub(crate) use brands::brands_above;
pub(crate) use commission::{insert_due, insert_earnings, take_due};
pub(crate) use feed::{feed_heads, feed_state, feed_sums, put_feed};
pub(crate) use guard::{hits_of, insert_attempts};
pub(crate) use stock::{
    activate_codes, find_candidates, insert_candidates, insert_codes, lock_code_range, lock_codes, lock_leases,
};

pub(crate) type Db = sqlx::Sqlite;
pub(crate) type Pool = sqlx::SqlitePool;
pub(crate) type Conn = sqlx::SqliteConnection;

/// Migrations of this engine.
pub(crate) static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../../../migrations/central/sqlite");

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

    pub(crate) async fn reader(&self) -> Result<PoolConnection<Db>, sqlx::Error> {
        self.readers.acquire().await
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

fn hex_of(id: Uuid) -> String {
    id.simple().to_string()
}

fn json_of(ids: &[Uuid]) -> String {
    let ids: Vec<_> = ids.iter().copied().map(hex_of).collect();
    Value::from(ids).to_string()
}

/// An array with the values of each row.
fn json_rows<T>(rows: &[T], values: impl Fn(&T) -> Value) -> String {
    rows.iter().map(values).collect::<Value>().to_string()
}

fn count(done: &SqliteQueryResult) -> usize {
    usize::try_from(done.rows_affected()).unwrap_or(usize::MAX)
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
