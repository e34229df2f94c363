//! Opening the files with their settings, and never a wrong one.

use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio_util::task::TaskTracker;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::caches::{InUse, cannot_list};
use super::{Store, StoreError, generation, migrate};

const LOCAL: &str = "local.db";
const READERS: u32 = 4;
const BUSY_LIMIT: Duration = Duration::from_secs(5);

/// The raw 256-bit key of `local.db`.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(crate) struct DatabaseKey(pub(crate) [u8; 32]);

impl std::fmt::Debug for DatabaseKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DatabaseKey(…)")
    }
}

pub(super) fn local_path(folder: &Path) -> PathBuf {
    folder.join(LOCAL)
}

impl Store {
    /// Opens or makes both databases. A `local.db` that cannot be used is left as it is; a `cache.db` is made anew.
    pub(crate) async fn open(folder: &Path, key: &DatabaseKey) -> Result<Self, StoreError> {
        let local_file = local_path(folder);
        let existed = Self::exists(folder);
        let local = writer(local_options(&local_file, key).synchronous(SqliteSynchronous::Full))
            .await
            .map_err(|error| StoreError::of_opening(LOCAL, error))?;
        match beside(&local, existed, folder, key).await {
            Ok(in_use) => Ok(Self {
                folder: folder.to_owned(),
                local,
                key: key.clone(),
                in_use: Arc::new(RwLock::new(in_use)),
                next: Arc::default(),
                replaced: TaskTracker::new(),
                #[cfg(test)]
                pretended: Arc::default(),
            }),
            Err(error) => {
                // Nobody else has it, and a file that was refused is let go of before anyone is told.
                local.close().await;
                Err(error)
            }
        }
    }
}

/// Looks whether an open `local.db` can be used, and opens the cache that belongs to it.
async fn beside(local: &SqlitePool, existed: bool, folder: &Path, key: &DatabaseKey) -> Result<InUse, StoreError> {
    if existed {
        check_integrity(local).await?;
    }
    migrate::local(local, &local_path(folder)).await?;
    let newest = generation::newest(folder).map_err(cannot_list)?;
    let in_use = in_use(folder, newest, key).await?;
    if let Err(error) = generation::remove_older(folder, newest) {
        tracing::warn!(%error, "an old cache cannot be removed");
    }
    Ok(in_use)
}

/// The cache of a generation with its readers.
pub(super) async fn in_use(folder: &Path, number: u64, key: &DatabaseKey) -> Result<InUse, StoreError> {
    let file = generation::path(folder, number);
    let writer = open_cache(&file).await?;
    match readers(folder, &file, key).await {
        Ok(readers) => Ok(InUse { number, writer, readers }),
        Err(error) => {
            writer.close().await;
            Err(error)
        }
    }
}

fn local_options(file: &Path, key: &DatabaseKey) -> SqliteConnectOptions {
    let mut hex = hex::encode(key.0);
    // A raw key: a passphrase would cost a third of a second for every connection.
    let options = base_options(file).pragma("key", format!("\"x'{hex}'\"")).foreign_keys(true);
    hex.zeroize();
    options
}

fn base_options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(BUSY_LIMIT)
        // On macOS a plain fsync does not reach the disk.
        .pragma("fullfsync", "1")
        .pragma("checkpoint_fullfsync", "1")
        .pragma("temp_store", "MEMORY")
        .pragma("trusted_schema", "OFF")
        // A page of rows crosses from SQLite's thread at once; with the driver's 50 that thread waits in the middle.
        .row_buffer_size(1_024)
        // The statement that sets the key is a statement like any other.
        .disable_statement_logging()
}

async fn writer(options: SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(Duration::from_secs(30))
        // A full disk makes SQLite end a transaction by itself; the driver goes on counting it and would refuse every
        // later one. Such a connection is closed, and the next caller gets a new one.
        .after_release(|connection, _| {
            Box::pin(async move {
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
        .connect_with(options)
        .await
}

async fn readers(folder: &Path, cache: &Path, key: &DatabaseKey) -> Result<SqlitePool, StoreError> {
    let cache = cache.to_string_lossy().into_owned();
    let pool = SqlitePoolOptions::new()
        .max_connections(READERS)
        .idle_timeout(None)
        .max_lifetime(None)
        // Only asks whether the connection's thread is there, which whatever is read tells as well, and costs as much as
        // a small question.
        .test_before_acquire(false)
        .after_connect(move |connection, _| {
            let cache = cache.clone();
            Box::pin(async move {
                // The empty key says that the attached file is not encrypted.
                sqlx::query("ATTACH DATABASE ? AS cache KEY ''").bind(cache).execute(&mut *connection).await?;
                sqlx::query("PRAGMA query_only = ON").execute(&mut *connection).await?;
                Ok(())
            })
        })
        .connect_with(local_options(&local_path(folder), key).create_if_missing(false))
        .await?;
    Ok(pool)
}

async fn check_integrity(local: &SqlitePool) -> Result<(), StoreError> {
    let found: String = sqlx::query_scalar("PRAGMA quick_check(1)")
        .fetch_one(local)
        .await
        .map_err(|error| StoreError::of_opening(LOCAL, error))?;
    if found == "ok" { Ok(()) } else { Err(StoreError::Damaged { file: LOCAL, detail: found }) }
}

/// A cache that cannot be used is thrown away: the next pull fills a new one.
pub(super) async fn open_cache(file: &Path) -> Result<SqlitePool, StoreError> {
    match try_cache(file).await {
        Ok(pool) => Ok(pool),
        Err(StoreError::DiskFull) => Err(StoreError::DiskFull),
        Err(error) => {
            tracing::warn!(%error, "the cache cannot be used and is made anew");
            generation::remove(file).map_err(|error| StoreError::of_file("the old cache cannot be removed", error))?;
            try_cache(file).await
        }
    }
}

async fn try_cache(file: &Path) -> Result<SqlitePool, StoreError> {
    // Durable, though it can be made anew: what a page shows is laid over the cache no longer, and a page that a power cut
    // took back would leave a sale on neither side until the next sync.
    // 64 MiB of pages: the first sync writes a million rows with their indexes.
    let options = base_options(file).synchronous(SqliteSynchronous::Full).pragma("cache_size", "-65536");
    let pool = writer(options).await?;
    match migrate::cache(&pool).await {
        Ok(()) => Ok(pool),
        Err(error) => {
            pool.close().await;
            Err(error)
        }
    }
}
