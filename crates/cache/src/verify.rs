//! Is a file that came from elsewhere a sound cache, and nothing more?

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use crate::{CacheError, schema};

/// For who makes a file, before it is handed out: refuses one that SQLite finds damaged, its indexes of words among it, and
/// what [`verify_schema`] refuses. Reads all of it.
pub async fn verify(db: &mut SqliteConnection) -> Result<(), CacheError> {
    let damage: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut *db).await?;
    if damage != "ok" {
        return Err(CacheError::Damaged(damage));
    }
    verify_schema(db).await
}

/// For who takes a file whose hash says that it is, byte for byte, the one its maker checked: refuses one that lacks or adds
/// a table, index, view or trigger, or whose migrations are not these. Open it with `trusted_schema` off.
pub async fn verify_schema(db: &mut SqliteConnection) -> Result<(), CacheError> {
    let mut empty = SqliteConnectOptions::new().in_memory(true).connect().await?;
    schema::migrate_connection(&mut empty).await?;
    let (found, wanted) = (objects(db).await?, objects(&mut empty).await?);
    let (applied, known) = (migrations(db).await?, migrations(&mut empty).await?);
    empty.close().await?;
    if let Some(other) = found.iter().find(|object| !wanted.contains(object)) {
        return Err(CacheError::Schema(format!("{} {} is not one of a cache", other.0, other.1)));
    }
    if let Some(missing) = wanted.iter().find(|object| !found.contains(object)) {
        return Err(CacheError::Schema(format!("{} {} is missing", missing.0, missing.1)));
    }
    if applied != known {
        return Err(CacheError::Schema("other migrations made it".into()));
    }
    Ok(())
}

/// Kind, name and definition of everything but SQLite's own, white space aside.
async fn objects(db: &mut SqliteConnection) -> Result<Vec<(String, String, String)>, CacheError> {
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT type, name, COALESCE(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .fetch_all(db)
    .await?;
    let plain = |sql: String| sql.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(rows.into_iter().map(|(kind, name, sql)| (kind, name, plain(sql))).collect())
}

async fn migrations(db: &mut SqliteConnection) -> Result<Vec<(i64, Vec<u8>)>, CacheError> {
    Ok(sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations ORDER BY version").fetch_all(db).await?)
}
