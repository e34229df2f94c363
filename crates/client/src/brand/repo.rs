//! SQL of the brand that this computer shows.

use counterfoil_wire::brand::ShownBrand;
use sqlx::SqliteConnection;

use crate::store::StoreError;

pub(super) struct Row {
    pub(super) name: String,
    pub(super) accent: Option<String>,
    pub(super) logo: Option<Vec<u8>>,
}

pub(super) async fn row(db: &mut SqliteConnection) -> Result<Option<Row>, StoreError> {
    Ok(sqlx::query_as!(Row, "SELECT name, accent, logo FROM shown_brand WHERE one = 1").fetch_optional(db).await?)
}

/// Keeps what Central says is in force; the picture stays where it is the same one. True where something changed.
pub(crate) async fn keep(db: &mut SqliteConnection, brand: &ShownBrand) -> Result<bool, StoreError> {
    let kept = sqlx::query!(
        "INSERT INTO shown_brand (one, name, accent, logo_hash) VALUES (1, ?1, ?2, ?3)
        ON CONFLICT (one) DO UPDATE SET name = ?1, accent = ?2, logo_hash = ?3,
            logo = CASE WHEN logo_hash = ?3 THEN logo END
        WHERE name <> ?1 OR accent IS NOT ?2 OR logo_hash IS NOT ?3",
        brand.name,
        brand.accent,
        brand.logo
    )
    .execute(db)
    .await?;
    Ok(kept.rows_affected() == 1)
}

/// The brand of another operator's machine.
pub(crate) async fn forget(db: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM shown_brand").execute(db).await?;
    Ok(())
}

/// The logo that is named and has not come yet.
pub(super) async fn missing(db: &mut SqliteConnection) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT logo_hash AS "logo_hash!: String" FROM shown_brand
        WHERE one = 1 AND logo_hash IS NOT NULL AND logo IS NULL"#
    )
    .fetch_optional(db)
    .await?)
}

/// Its picture, where it is still the one that is named.
pub(super) async fn put_logo(db: &mut SqliteConnection, hash: &str, png: &[u8]) -> Result<(), StoreError> {
    sqlx::query!("UPDATE shown_brand SET logo = ?2 WHERE one = 1 AND logo_hash = ?1", hash, png).execute(db).await?;
    Ok(())
}
