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

impl Position {
    /// Everything must be read again; the rows stay until something better is here.
    pub fn is_void(&self) -> bool {
        self.cursor.is_empty()
    }
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

/// Says that everything must be read again. Nothing counts as covered by a cache in this state; one that was never read
/// stays as it is.
pub async fn void_position(db: &mut SqliteConnection) -> Result<(), CacheError> {
    sqlx::query!("UPDATE feed_position SET cursor = '', version = 0").execute(db).await?;
    Ok(())
}
