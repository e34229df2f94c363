//! The two databases of a device (offline.md 0.5).
//!
//! `local.db` is precious: encrypted, every commit on the disk before it counts. `cache.db` is a copy of what Central
//! has and can be made again, also as a new file beside it; it holds no secret, only masked codes, so it is not encrypted
//! and a page of a million rows costs no decryption. Nothing precious shares a transaction with the cache: SQLite is atomic per file only.

mod caches;
mod error;
mod generation;
mod migrate;
mod opening;
mod space;

use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use sqlx::Transaction;
use sqlx::sqlite::{Sqlite, SqlitePool};
use tokio_util::task::TaskTracker;

use caches::InUse;

pub use error::StoreError;
pub(crate) use opening::DatabaseKey;

/// The open databases.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    folder: PathBuf,
    /// One connection: all writes of `local.db` stand in line.
    local: SqlitePool,
    key: DatabaseKey,
    in_use: Arc<RwLock<InUse>>,
    /// The copy that is being made.
    next: Arc<tokio::sync::Mutex<Option<SqlitePool>>>,
    /// Caches that were replaced and wait for their last reader.
    replaced: TaskTracker,
    /// Free bytes of a disk that a test makes full.
    #[cfg(test)]
    pretended: Arc<std::sync::Mutex<Option<u64>>>,
}

impl Store {
    /// Whether there is a `local.db` with anything in it.
    pub(crate) fn exists(data_dir: &Path) -> bool {
        std::fs::metadata(opening::local_path(data_dir)).is_ok_and(|file| file.len() > 0)
    }

    /// A transaction on `local.db` that holds its write lock from the start: one that upgrades later can fail at once.
    pub(crate) async fn write_local(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        space::check(self.free(), space::NEEDED)?;
        Ok(self.local.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// The data folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Bytes that a sync may still write; none where the system does not tell.
    pub(crate) fn room(&self) -> Option<u64> {
        self.free().map(|free| free.saturating_sub(space::KEPT_FOR_SALES))
    }

    fn free(&self) -> Option<u64> {
        #[cfg(test)]
        if let Some(pretended) = *self.pretended.lock().unwrap_or_else(std::sync::PoisonError::into_inner) {
            return Some(pretended);
        }
        space::free(&self.folder)
    }

    #[cfg(test)]
    pub(crate) fn pretend_free(&self, bytes: Option<u64>) {
        *self.pretended.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = bytes;
    }

    pub(crate) async fn close(&self) {
        if let Some(next) = self.next.lock().await.take() {
            next.close().await;
        }
        self.in_use().close().await;
        // Their readers hold `local.db` too, and the last to close it puts its log into the file.
        self.replaced.close();
        self.replaced.wait().await;
        self.local.close().await;
    }

    #[cfg(test)]
    pub(crate) fn is_closed(&self) -> bool {
        self.local.is_closed()
    }

    #[cfg(test)]
    pub(crate) fn local_pool(&self) -> &SqlitePool {
        &self.local
    }

    #[cfg(test)]
    pub(crate) fn cache_pool(&self) -> SqlitePool {
        self.in_use().writer
    }
}
