//! When this copy did not agree with Central and was read again.

use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::time::Timestamp;
use sqlx::SqliteConnection;

use crate::CacheError;

/// One time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    pub at: Timestamp,
    /// The tables that differed, separated by spaces, for people who look into it.
    pub tables: String,
}

impl Repair {
    pub fn of(at: Timestamp, tables: &[FeedTable]) -> Self {
        let names: Vec<String> = tables.iter().map(|table| format!("{table:?}").to_lowercase()).collect();
        Self { at, tables: names.join(" ") }
    }
}

/// Oldest first.
pub async fn repairs(db: &mut SqliteConnection) -> Result<Vec<Repair>, CacheError> {
    let rows = sqlx::query!("SELECT at, tables FROM repair ORDER BY at").fetch_all(db).await?;
    Ok(rows.into_iter().map(|row| Repair { at: Timestamp(row.at), tables: row.tables }).collect())
}

/// Notes one, or one again.
pub async fn note_repair(db: &mut SqliteConnection, repair: &Repair) -> Result<(), CacheError> {
    sqlx::query!(
        "INSERT INTO repair (at, tables) VALUES (?1, ?2) ON CONFLICT (at) DO UPDATE SET tables = ?2",
        repair.at.0,
        repair.tables
    )
    .execute(db)
    .await?;
    Ok(())
}
