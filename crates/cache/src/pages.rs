//! A page of the feed goes in.

use counterfoil_wire::pull::{Change, FeedRow};
use sqlx::SqliteConnection;

use crate::{CacheError, digest, rows, versions};

/// Writes changed rows and the sums of their tables. The caller holds the transaction, and sets the position in it.
pub async fn apply(db: &mut SqliteConnection, changes: &[Change]) -> Result<(), CacheError> {
    let before = digest::digests(db).await?;
    let mut now = before;
    for Change { version, row } in changes {
        let (table, key) = row.place();
        if let Some(older) = versions::version(db, table, key).await? {
            now.remove(table, key, older);
        }
        if let FeedRow::Gone(_) = row {
            versions::remove(db, table, key).await?;
        } else {
            rows::put(db, row, *version).await?;
            now.add(table, key, *version);
        }
    }
    digest::keep(db, &before, &now).await
}

/// Empties every table: the next pull starts from nothing.
pub async fn clear(db: &mut SqliteConnection) -> Result<(), CacheError> {
    sqlx::query!("DELETE FROM feed_position").execute(&mut *db).await?;
    sqlx::query!("DELETE FROM table_digest").execute(&mut *db).await?;
    sqlx::query!("DELETE FROM cached_settings").execute(&mut *db).await?;
    sqlx::query!("DELETE FROM cached_reseller").execute(&mut *db).await?;
    sqlx::query!("DELETE FROM cached_plan").execute(&mut *db).await?;
    sqlx::query!("DELETE FROM cached_device").execute(&mut *db).await?;
    sqlx::query!("DELETE FROM cached_lease").execute(&mut *db).await?;
    sqlx::query!("DELETE FROM cached_balance").execute(&mut *db).await?;
    sqlx::query!("DELETE FROM cached_code").execute(&mut *db).await?;
    sqlx::query!("DELETE FROM cached_entry").execute(&mut *db).await?;
    sqlx::query!("DELETE FROM cached_account").execute(&mut *db).await?;
    sqlx::query!("DELETE FROM cached_order").execute(&mut *db).await?;
    Ok(())
}
