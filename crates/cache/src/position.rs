//! Where the feed was read to.

use sqlx::SqliteConnection;

use crate::CacheError;

/// The place behind the last page applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Central's text, given back as it is.
    pub cursor: String,
    /// Every row up to this version is here.
    pub version: i64,
}

/// None in a cache that no page was applied to.
pub async fn position(db: &mut SqliteConnection) -> Result<Option<Position>, CacheError> {
    Ok(sqlx::query_as!(Position, "SELECT cursor, version FROM feed_position WHERE one = 1").fetch_optional(db).await?)
}

/// In the transaction of the rows it stands behind.
pub async fn set_position(db: &mut SqliteConnection, cursor: &str, version: i64) -> Result<(), CacheError> {
    sqlx::query!(
        "INSERT INTO feed_position (one, cursor, version) VALUES (1, ?1, ?2)
        ON CONFLICT (one) DO UPDATE SET cursor = ?1, version = ?2",
        cursor,
        version
    )
    .execute(db)
    .await?;
    Ok(())
}
