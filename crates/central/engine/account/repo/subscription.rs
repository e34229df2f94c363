//! Service given without a code.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{AccountId, OperatorId, ResellerId, SubscriptionId};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::dialect::Conn;
use crate::engine::stored::{stored_amount, stored_unit};

pub(in crate::engine::account) struct NewSubscription<'a> {
    pub(in crate::engine::account) id: SubscriptionId,
    pub(in crate::engine::account) account: AccountId,
    pub(in crate::engine::account) reseller: ResellerId,
    pub(in crate::engine::account) plan: Uuid,
    pub(in crate::engine::account) plan_name: &'a str,
    pub(in crate::engine::account) days: i64,
    pub(in crate::engine::account) price: Option<i64>,
    pub(in crate::engine::account) currency: &'a str,
    pub(in crate::engine::account) cost: i64,
    pub(in crate::engine::account) unit: &'a str,
    pub(in crate::engine::account) last_day: &'a str,
    pub(in crate::engine::account) ends_at: i64,
}

pub(in crate::engine::account) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    now: Timestamp,
    new: &NewSubscription<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO subscription (id, operator_id, account_id, reseller_id, plan_id, plan_name, days, price, currency,
                                   cost, unit, last_day, ends_at, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        new.id.0,
        operator.0,
        new.account.0,
        new.reseller.0,
        new.plan,
        new.plan_name,
        new.days,
        new.price,
        new.currency,
        new.cost,
        new.unit,
        new.last_day,
        new.ends_at,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// What a repeat is compared with, and answered.
pub(in crate::engine::account) struct Subscription {
    pub(in crate::engine::account) account_id: Uuid,
    pub(in crate::engine::account) reseller_id: Option<Uuid>,
    pub(in crate::engine::account) plan_id: Uuid,
    cost: i64,
    unit: String,
}

impl Subscription {
    /// What was paid; none for a gift.
    pub(in crate::engine::account) fn cost(&self) -> Result<Option<Amount>, Failure> {
        let unit = stored_unit(&self.unit, "subscription", self.account_id)?;
        let cost = stored_amount(self.cost, unit, "subscription", self.account_id)?;
        Ok(Some(cost).filter(|cost| cost.value() > 0))
    }
}

pub(in crate::engine::account) async fn by_id(
    conn: &mut Conn,
    id: SubscriptionId,
) -> Result<Option<Subscription>, sqlx::Error> {
    sqlx::query_as!(
        Subscription,
        r#"SELECT account_id AS "account_id!: Uuid", reseller_id AS "reseller_id?: Uuid", plan_id AS "plan_id!: Uuid",
                  cost AS "cost!: i64", unit AS "unit!: String"
           FROM subscription WHERE id = $1"#,
        id.0
    )
    .fetch_optional(conn)
    .await
}
