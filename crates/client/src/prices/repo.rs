//! What the cache has of a reseller's price list.

use counterfoil_domain::ids::{PlanId, ResellerId};
use counterfoil_domain::price_list::{ListedPlan, PriceTerms, SoldBy, price_at};
use counterfoil_domain::time::Timestamp;
use serde::Deserialize;
use sqlx::SqliteConnection;
use uuid::Uuid;

use crate::store::StoreError;

/// A reseller's row, as far as this reads it.
#[derive(Deserialize)]
struct ResellerRow {
    /// Absent from a Central that has no price lists.
    #[serde(default)]
    price_list: Vec<PriceTerms>,
}

/// A plan's row, as far as this reads it.
#[derive(Deserialize)]
struct PlanRow {
    #[serde(default)]
    sold_by: SoldBy,
    #[serde(default)]
    trials_a_month: Option<u16>,
}

/// A plan that the shop may sell.
pub(crate) struct Listed {
    pub(crate) plan_id: PlanId,
    pub(crate) name: String,
    pub(crate) term_days: i64,
    /// In minor units; the shop's own.
    pub(crate) price: i64,
    pub(crate) currency: String,
}

/// The plans that this reseller can sell now, as the records have them. Trials are not sold: Central counts them.
pub(crate) async fn listed(
    db: &mut SqliteConnection,
    reseller: ResellerId,
    now: Timestamp,
) -> Result<Vec<Listed>, StoreError> {
    let terms = terms(db, reseller).await?;
    let rows = sqlx::query!(
        r#"SELECT plan_id AS "plan_id: Uuid", name, term_days, price, currency, body FROM cached_plan
        WHERE status = 'active'"#
    )
    .fetch_all(db)
    .await?;
    let mut plans = Vec::with_capacity(rows.len());
    for row in rows {
        let plan: PlanRow = read("cached_plan", &row.body)?;
        let plan_id = PlanId(row.plan_id);
        if plan.trials_a_month.is_some() {
            continue;
        }
        let as_listed = ListedPlan { plan_id, sold_by: plan.sold_by, price: row.price, trial: false };
        if let Some(price) = price_at(&terms, as_listed, now) {
            plans.push(Listed { plan_id, name: row.name, term_days: row.term_days, price, currency: row.currency });
        }
    }
    Ok(plans)
}

async fn terms(db: &mut SqliteConnection, reseller: ResellerId) -> Result<Vec<PriceTerms>, StoreError> {
    let body = sqlx::query_scalar!("SELECT body FROM cached_reseller WHERE reseller_id = ?1", reseller.0)
        .fetch_optional(db)
        .await?;
    let Some(body) = body else { return Ok(Vec::new()) };
    Ok(read::<ResellerRow>("cached_reseller", &body)?.price_list)
}

fn read<T: for<'a> Deserialize<'a>>(table: &'static str, body: &str) -> Result<T, StoreError> {
    serde_json::from_str(body).map_err(|error| StoreError::unknown(table, "body", error.to_string()))
}
