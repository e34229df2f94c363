//! Why a cache file could not do what was asked.

use sqlx::migrate::MigrateError;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum CacheError {
    /// Also a full disk: the code of SQLite is in it.
    #[error("the cache failed: {0}")]
    Sql(#[from] sqlx::Error),
    /// Of a newer program, or no cache at all.
    #[error("the cache has another schema: {0}")]
    Schema(String),
    #[error("the cache is damaged: {0}")]
    Damaged(String),
    /// A row that cannot be stored.
    #[error("a row cannot be written: {0}")]
    Row(#[from] serde_json::Error),
}

impl From<MigrateError> for CacheError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => Self::Sql(error),
            other => Self::Schema(other.to_string()),
        }
    }
}
