//! What the cache has of a reseller's permissions.

use counterfoil_domain::grant::Permissions;
use counterfoil_domain::ids::ResellerId;
use counterfoil_wire::permissions::Policy;
use serde::Deserialize;
use sqlx::SqliteConnection;

use crate::store::StoreError;

/// A reseller's row, as far as this reads it.
#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    policy: Option<Policy>,
}

/// None where its row has not come yet, or came from a Central that does not say.
pub(super) async fn recorded(
    db: &mut SqliteConnection,
    reseller: ResellerId,
) -> Result<Option<Permissions>, StoreError> {
    let body = sqlx::query_scalar!("SELECT body FROM cached_reseller WHERE reseller_id = ?1", reseller.0)
        .fetch_optional(db)
        .await?;
    let Some(body) = body else { return Ok(None) };
    let row: Row = serde_json::from_str(&body)
        .map_err(|error| StoreError::unknown("cached_reseller", "body", error.to_string()))?;
    Ok(row.policy.map(Permissions::from))
}

/// Accounts that count against its limit, which are counted no further.
pub(super) async fn accounts_up_to(
    db: &mut SqliteConnection,
    reseller: ResellerId,
    most: u32,
) -> Result<u32, StoreError> {
    let count = sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "count!: u32" FROM (SELECT 1 FROM cached_account
            WHERE reseller_id = ?1 AND status <> 'archived' LIMIT ?2)"#,
        reseller.0,
        most
    )
    .fetch_one(db)
    .await?;
    Ok(count)
}
