//! Migrations: they only add, a copy is kept before one runs, and a database from the future is refused.

use std::path::Path;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::SqlitePool;

use super::StoreError;
use crate::atomic_file;

static LOCAL: Migrator = sqlx::migrate!("../../migrations/desktop/local");

pub(super) async fn local(pool: &SqlitePool, file: &Path) -> Result<(), StoreError> {
    let applied = applied(pool).await?;
    let newest = LOCAL.iter().map(|migration| migration.version).max().unwrap_or_default();
    if applied.is_some_and(|version| version > newest) {
        return Err(StoreError::FromTheFuture("local.db"));
    }
    if let Some(version) = applied.filter(|version| *version < newest) {
        keep_copy(pool, file, version).await?;
    }
    LOCAL.run(pool).await.map_err(|error| of_migration("local.db", error))
}

pub(super) async fn cache(pool: &SqlitePool) -> Result<(), StoreError> {
    Ok(counterfoil_cache::migrate(pool).await?)
}

/// The newest migration in the file; none in a new one.
async fn applied(pool: &SqlitePool) -> Result<Option<i64>, StoreError> {
    let known: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'")
            .fetch_one(pool)
            .await?;
    if known == 0 {
        return Ok(None);
    }
    Ok(sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations").fetch_one(pool).await?)
}

/// `local.db.before-2`: the whole file, still encrypted, taken while nobody writes.
async fn keep_copy(pool: &SqlitePool, file: &Path, version: i64) -> Result<(), StoreError> {
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(pool).await?;
    let mut copy = file.as_os_str().to_owned();
    copy.push(format!(".before-{}", version + 1));
    let content = std::fs::read(file).map_err(|error| StoreError::of_file("local.db cannot be copied", error))?;
    atomic_file::write(Path::new(&copy), &content)
        .map_err(|error| StoreError::of_file("the copy of local.db cannot be written", error))
}

fn of_migration(file: &'static str, error: MigrateError) -> StoreError {
    match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => StoreError::FromTheFuture(file),
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
        other => StoreError::Damaged { file, detail: other.to_string() },
    }
}
