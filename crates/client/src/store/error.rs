//! Why the databases could not do what was asked.

use counterfoil_cache::CacheError;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum StoreError {
    /// Nothing was written. After making room the same call works.
    #[error("the disk is full")]
    DiskFull,
    /// The key does not open the file, or the file is no database any more: the two look the same.
    #[error("the key does not open {0}")]
    WrongKey(&'static str),
    #[error("{0} was written by a newer version of this program: update it")]
    FromTheFuture(&'static str),
    #[error("{file} is damaged: {detail}")]
    Damaged { file: &'static str, detail: String },
    /// An unknown stored value is never read as a default.
    #[error("{table}.{column} holds {value:?}, which this version does not know")]
    Unknown { table: &'static str, column: &'static str, value: String },
    #[error("the database failed: {0}")]
    Sql(sqlx::Error),
    #[error("{action}: {source}")]
    File { action: &'static str, source: std::io::Error },
}

/// SQLITE_CORRUPT, SQLITE_FULL and SQLITE_NOTADB.
const CORRUPT: &str = "11";
const FULL: &str = "13";
const NOT_A_DATABASE: &str = "26";

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if code(&error).as_deref() == Some(FULL) { Self::DiskFull } else { Self::Sql(error) }
    }
}

impl From<CacheError> for StoreError {
    fn from(error: CacheError) -> Self {
        match error {
            CacheError::Sql(error) => error.into(),
            other => Self::Damaged { file: "cache.db", detail: other.to_string() },
        }
    }
}

impl StoreError {
    pub(crate) fn unknown(table: &'static str, column: &'static str, value: impl Into<String>) -> Self {
        Self::Unknown { table, column, value: value.into() }
    }

    pub(crate) fn of_opening(file: &'static str, error: sqlx::Error) -> Self {
        if code(&error).as_deref() == Some(NOT_A_DATABASE) { Self::WrongKey(file) } else { error.into() }
    }

    /// Of a file that was open, and is read to its end.
    pub(super) fn of_reading(file: &'static str, error: sqlx::Error) -> Self {
        match code(&error).as_deref() {
            Some(CORRUPT | NOT_A_DATABASE) => Self::Damaged { file, detail: error.to_string() },
            _ => error.into(),
        }
    }

    pub(crate) fn of_file(action: &'static str, source: std::io::Error) -> Self {
        if source.kind() == std::io::ErrorKind::StorageFull { Self::DiskFull } else { Self::File { action, source } }
    }
}

fn code(error: &sqlx::Error) -> Option<String> {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).map(|code| {
        // Extended codes carry the plain one in their lowest byte.
        code.parse::<i32>().map_or_else(|_| code.to_string(), |number| (number & 0xff).to_string())
    })
}
