//! The cache in use, the one being made, and the change from one to the other under the readers' feet.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use sqlx::sqlite::{Sqlite, SqlitePool};
use sqlx::{Transaction, pool::PoolConnection};

use super::generation::{self, NEXT};
use super::{Store, StoreError, opening, space};
use crate::atomic_file;

/// What it is called where it failed.
const CACHE: &str = "cache.db";

/// A cache file that is read.
#[derive(Debug, Clone)]
pub(super) struct InUse {
    /// Its generation.
    pub(super) number: u64,
    /// One connection: all writes of the cache.
    pub(super) writer: SqlitePool,
    /// `local.db` with the cache attached, read only, so that the UI's queries join them.
    pub(super) readers: SqlitePool,
}

impl InUse {
    pub(super) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

impl Store {
    pub(super) fn in_use(&self) -> InUse {
        self.in_use.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A transaction on the cache that holds its write lock from the start.
    pub(crate) async fn write_cache(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        space::check(self.free(), space::KEPT_FOR_SALES)?;
        loop {
            let in_use = self.in_use();
            match in_use.writer.begin_with("BEGIN IMMEDIATE").await {
                Err(sqlx::Error::PoolClosed) if self.is_replaced(&in_use) => {}
                begun => return Ok(begun?),
            }
        }
    }

    /// Another took its place while a caller waited for it.
    fn is_replaced(&self, in_use: &InUse) -> bool {
        self.in_use().number != in_use.number
    }

    /// A connection that reads both databases. After a change of caches it goes on reading the old one.
    pub(crate) async fn read(&self) -> Result<PoolConnection<Sqlite>, StoreError> {
        loop {
            let in_use = self.in_use();
            match in_use.readers.acquire().await {
                Err(sqlx::Error::PoolClosed) if self.is_replaced(&in_use) => {}
                reader => return Ok(reader?),
            }
        }
    }

    /// Where a copy is made: moving a whole cache file here makes it the copy.
    pub(crate) fn next_file(&self) -> PathBuf {
        self.folder.join(NEXT)
    }

    pub(crate) fn has_next(&self) -> bool {
        self.next_file().is_file()
    }

    /// A transaction on the copy, which is begun when there is none, and anew when it is damaged.
    pub(crate) async fn write_next(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        space::check(self.free(), space::KEPT_FOR_SALES)?;
        let mut next = self.next.lock().await;
        let pool = match next.as_ref() {
            Some(pool) => pool,
            None => next.insert(opening::open_cache(&self.next_file()).await?),
        };
        Ok(pool.begin_with("BEGIN IMMEDIATE").await?)
    }

    pub(crate) async fn discard_next(&self) -> Result<(), StoreError> {
        let mut next = self.next.lock().await;
        if let Some(pool) = next.take() {
            pool.close().await;
        }
        generation::remove(&self.next_file())
            .map_err(|error| StoreError::of_file("the unfinished copy cannot be removed", error))
    }

    /// Whether the cache in use can be read to its last page. Reads all of it.
    pub(crate) async fn cache_is_sound(&self) -> Result<bool, StoreError> {
        let looked = sqlx::query_scalar::<_, String>("PRAGMA quick_check(1)").fetch_one(&self.in_use().writer).await;
        match looked.map_err(|error| StoreError::of_reading(CACHE, error)) {
            Ok(found) => Ok(found == "ok"),
            Err(StoreError::Damaged { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Puts an empty cache in place of the one in use.
    pub(crate) async fn begin_cache_anew(&self) -> Result<(), StoreError> {
        self.discard_next().await?;
        self.write_next().await?.rollback().await?;
        self.install_next().await
    }

    /// Makes the copy the cache in use. Whoever reads goes on reading what was; the next to ask reads what is.
    pub(crate) async fn install_next(&self) -> Result<(), StoreError> {
        let mut next = self.next.lock().await;
        if let Some(pool) = next.take() {
            sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&pool).await?;
            // The last to close removes the log: nothing but the file is left to move.
            pool.close().await;
        }
        let number = generation::newest(&self.folder).map_err(cannot_list)? + 1;
        let file = generation::path(&self.folder, number);
        move_in_place(&self.next_file(), &file)
            .map_err(|error| StoreError::of_file("the copy cannot be moved", error))?;
        let now = opening::in_use(&self.folder, number, &self.key).await?;
        let before = {
            let mut in_use = self.in_use.write().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *in_use, now)
        };
        let folder = self.folder.clone();
        self.replaced.spawn(async move {
            // Waits for whoever still reads it.
            before.close().await;
            if let Err(error) = generation::remove_older(&folder, number) {
                tracing::debug!(%error, "the old cache goes at the next start");
            }
        });
        Ok(())
    }
}

pub(super) fn cannot_list(error: std::io::Error) -> StoreError {
    StoreError::of_file("the data folder cannot be read", error)
}

/// Both the content and the name are on the disk afterwards.
fn move_in_place(from: &Path, to: &Path) -> std::io::Result<()> {
    File::options().read(true).write(true).open(from)?.sync_all()?;
    std::fs::rename(from, to)?;
    atomic_file::sync_folder(to.parent().unwrap_or(Path::new(".")))
}
