//! The two databases of a device (offline.md 0.5).
//!
//! `local.db` is precious: encrypted, every commit on the disk before it counts. `cache.db` is a copy of what Central
//! has and can be made again; it holds no secret, only masked codes, so it is not encrypted and a page of a million rows
//! costs no decryption. Nothing precious shares a transaction with the cache: SQLite is atomic per file only.

mod error;
mod migrate;
mod opening;
mod space;

use std::path::{Path, PathBuf};

use sqlx::sqlite::{Sqlite, SqlitePool};
use sqlx::{Transaction, pool::PoolConnection};

pub use error::StoreError;
pub(crate) use opening::DatabaseKey;

/// The open databases.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    folder: PathBuf,
    /// One connection: all writes of `local.db` stand in line.
    local: SqlitePool,
    /// One connection: all writes of `cache.db`.
    cache: SqlitePool,
    /// `local.db` with `cache.db` attached, read only, so that the UI's queries join them.
    readers: SqlitePool,
}

impl Store {
    /// Whether there is a `local.db` with anything in it.
    pub(crate) fn exists(data_dir: &Path) -> bool {
        std::fs::metadata(opening::local_path(data_dir)).is_ok_and(|file| file.len() > 0)
    }

    /// A transaction on `local.db` that holds its write lock from the start: one that upgrades later can fail at once.
    pub(crate) async fn write_local(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        space::check(&self.folder)?;
        Ok(self.local.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// The same on `cache.db`.
    pub(crate) async fn write_cache(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.cache.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// A connection that reads both.
    pub(crate) async fn read(&self) -> Result<PoolConnection<Sqlite>, StoreError> {
        Ok(self.readers.acquire().await?)
    }

    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.cache.close().await;
        self.local.close().await;
    }

    #[cfg(test)]
    pub(crate) fn local_pool(&self) -> &SqlitePool {
        &self.local
    }
}
