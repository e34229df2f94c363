//! The file and its tables.

use std::path::Path;

use sqlx::ConnectOptions as _;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqliteSynchronous};

use crate::CacheError;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/desktop/cache");

/// The newest migration: what a snapshot says and asks for.
pub const SCHEMA: u32 = 10;

/// Brings a file to [`SCHEMA`].
pub async fn migrate(pool: &SqlitePool) -> Result<(), CacheError> {
    Ok(MIGRATIONS.run(pool).await?)
}

pub(crate) async fn migrate_connection(connection: &mut SqliteConnection) -> Result<(), CacheError> {
    // With `run`, which borrows any kind of connection, the compiler cannot see that the future is `Send`.
    Ok(MIGRATIONS.run_direct(None, connection, false).await?)
}

/// A new, empty cache to be filled in one go and then closed. Without a journal and without waiting for the disk: a file
/// that was not finished is thrown away. Fails when the file exists.
pub async fn create(file: &Path) -> Result<SqliteConnection, CacheError> {
    std::fs::File::create_new(file).map_err(sqlx::Error::Io)?;
    let mut connection = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Off)
        .synchronous(SqliteSynchronous::Off)
        .pragma("temp_store", "MEMORY")
        .connect()
        .await?;
    migrate_connection(&mut connection).await?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_the_newest_migration() {
        assert_eq!(MIGRATIONS.iter().map(|migration| migration.version).max(), Some(i64::from(SCHEMA)));
    }
}
