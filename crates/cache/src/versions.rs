//! Rows by table and key, whatever is in them.

use counterfoil_domain::feed::FeedTable;
use futures_util::TryStreamExt as _;
use sqlx::SqliteConnection;
use uuid::Uuid;

use crate::CacheError;

/// The version of a row; none when it is not here.
pub(crate) async fn version(db: &mut SqliteConnection, table: FeedTable, key: Uuid) -> Result<Option<i64>, CacheError> {
    let version = match table {
        FeedTable::Settings => {
            sqlx::query_scalar!("SELECT version FROM cached_settings WHERE operator_id = ?1", key)
                .fetch_optional(db)
                .await?
        }
        FeedTable::Reseller => {
            sqlx::query_scalar!("SELECT version FROM cached_reseller WHERE reseller_id = ?1", key)
                .fetch_optional(db)
                .await?
        }
        FeedTable::Plan => {
            sqlx::query_scalar!("SELECT version FROM cached_plan WHERE plan_id = ?1", key).fetch_optional(db).await?
        }
        FeedTable::Device => {
            sqlx::query_scalar!("SELECT version FROM cached_device WHERE device_id = ?1", key)
                .fetch_optional(db)
                .await?
        }
        FeedTable::Lease => {
            sqlx::query_scalar!("SELECT version FROM cached_lease WHERE lease_id = ?1", key).fetch_optional(db).await?
        }
        FeedTable::Balance => {
            sqlx::query_scalar!("SELECT version FROM cached_balance WHERE reseller_id = ?1", key)
                .fetch_optional(db)
                .await?
        }
        FeedTable::Code => {
            sqlx::query_scalar!("SELECT version FROM cached_code WHERE code_id = ?1", key).fetch_optional(db).await?
        }
        FeedTable::Entry => {
            sqlx::query_scalar!("SELECT version FROM cached_entry WHERE transfer_id = ?1", key)
                .fetch_optional(db)
                .await?
        }
        FeedTable::Account => {
            sqlx::query_scalar!("SELECT version FROM cached_account WHERE account_id = ?1", key)
                .fetch_optional(db)
                .await?
        }
        FeedTable::Order => {
            sqlx::query_scalar!("SELECT version FROM cached_order WHERE order_id = ?1", key).fetch_optional(db).await?
        }
    };
    Ok(version)
}

pub(crate) async fn remove(db: &mut SqliteConnection, table: FeedTable, key: Uuid) -> Result<(), CacheError> {
    match table {
        FeedTable::Settings => {
            sqlx::query!("DELETE FROM cached_settings WHERE operator_id = ?1", key).execute(db).await?
        }
        FeedTable::Reseller => {
            sqlx::query!("DELETE FROM cached_reseller WHERE reseller_id = ?1", key).execute(db).await?
        }
        FeedTable::Plan => sqlx::query!("DELETE FROM cached_plan WHERE plan_id = ?1", key).execute(db).await?,
        FeedTable::Device => sqlx::query!("DELETE FROM cached_device WHERE device_id = ?1", key).execute(db).await?,
        FeedTable::Lease => sqlx::query!("DELETE FROM cached_lease WHERE lease_id = ?1", key).execute(db).await?,
        FeedTable::Balance => {
            sqlx::query!("DELETE FROM cached_balance WHERE reseller_id = ?1", key).execute(db).await?
        }
        FeedTable::Code => sqlx::query!("DELETE FROM cached_code WHERE code_id = ?1", key).execute(db).await?,
        FeedTable::Entry => sqlx::query!("DELETE FROM cached_entry WHERE transfer_id = ?1", key).execute(db).await?,
        FeedTable::Account => sqlx::query!("DELETE FROM cached_account WHERE account_id = ?1", key).execute(db).await?,
        FeedTable::Order => sqlx::query!("DELETE FROM cached_order WHERE order_id = ?1", key).execute(db).await?,
    };
    Ok(())
}

struct Versioned {
    key: Uuid,
    version: i64,
}

/// Visits every row of a table.
pub(crate) async fn each(
    db: &mut SqliteConnection,
    table: FeedTable,
    mut visit: impl FnMut(Uuid, i64),
) -> Result<(), CacheError> {
    let mut rows = match table {
        FeedTable::Settings => {
            sqlx::query_as!(Versioned, r#"SELECT operator_id AS "key: Uuid", version FROM cached_settings"#).fetch(db)
        }
        FeedTable::Reseller => {
            sqlx::query_as!(Versioned, r#"SELECT reseller_id AS "key: Uuid", version FROM cached_reseller"#).fetch(db)
        }
        FeedTable::Plan => {
            sqlx::query_as!(Versioned, r#"SELECT plan_id AS "key: Uuid", version FROM cached_plan"#).fetch(db)
        }
        FeedTable::Device => {
            sqlx::query_as!(Versioned, r#"SELECT device_id AS "key: Uuid", version FROM cached_device"#).fetch(db)
        }
        FeedTable::Lease => {
            sqlx::query_as!(Versioned, r#"SELECT lease_id AS "key: Uuid", version FROM cached_lease"#).fetch(db)
        }
        FeedTable::Balance => {
            sqlx::query_as!(Versioned, r#"SELECT reseller_id AS "key: Uuid", version FROM cached_balance"#).fetch(db)
        }
        FeedTable::Code => {
            sqlx::query_as!(Versioned, r#"SELECT code_id AS "key: Uuid", version FROM cached_code"#).fetch(db)
        }
        FeedTable::Entry => {
            sqlx::query_as!(Versioned, r#"SELECT transfer_id AS "key: Uuid", version FROM cached_entry"#).fetch(db)
        }
        FeedTable::Account => {
            sqlx::query_as!(Versioned, r#"SELECT account_id AS "key: Uuid", version FROM cached_account"#).fetch(db)
        }
        FeedTable::Order => {
            sqlx::query_as!(Versioned, r#"SELECT order_id AS "key: Uuid", version FROM cached_order"#).fetch(db)
        }
    };
    while let Some(row) = rows.try_next().await? {
        visit(row.key, row.version);
    }
    Ok(())
}
