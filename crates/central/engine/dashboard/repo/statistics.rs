//! SQL of one plan and of one reseller.

use counterfoil_domain::ids::{OperatorId, PlanId, ResellerId};
use uuid::Uuid;

use super::{Brought, MonthRow};
use crate::dialect::Conn;

/// What was sold of a plan in two months, of all resellers together.
pub(in crate::engine::dashboard) async fn of_plan(
    conn: &mut Conn,
    operator: OperatorId,
    plan: PlanId,
    (before, this): (&str, &str),
) -> Result<Vec<MonthRow>, sqlx::Error> {
    sqlx::query_as!(
        MonthRow,
        r#"SELECT month AS "month!: String", kind AS "kind!: String", currency AS "currency!: String",
                  unit AS "unit!: String", CAST(SUM(count) AS BIGINT) AS "count!: i64",
                  CAST(SUM(price) AS BIGINT) AS "price!: i64", CAST(SUM(cost) AS BIGINT) AS "cost!: i64"
           FROM statistic_month
           WHERE scope_id = $1 AND month IN ($2, $3) AND kind IN ('sold', 'service', 'voided', 'activated')
             AND plan_id = $4
           GROUP BY month, kind, currency, unit ORDER BY month, kind, currency, unit"#,
        operator.0,
        before,
        this,
        plan.0
    )
    .fetch_all(conn)
    .await
}

/// The most first. Along an index of the plan: resellers that do not sell it cost nothing.
pub(in crate::engine::dashboard) async fn resellers_of_plan(
    conn: &mut Conn,
    operator: OperatorId,
    plan: PlanId,
    (before, this): (&str, &str),
    currency: &str,
    limit: i64,
) -> Result<Vec<Brought>, sqlx::Error> {
    sqlx::query_as!(
        Brought,
        r#"SELECT r.id AS "id!: Uuid", r.company AS "name!: String", brought.currency AS "currency!: String",
                  sales AS "sales!: i64", this_month AS "this_month!: i64", month_before AS "month_before!: i64"
           FROM (SELECT scope_id, currency,
                        CAST(SUM(CASE WHEN month = $3 AND kind <> 'voided' THEN count ELSE 0 END) AS BIGINT) AS sales,
                        CAST(SUM(CASE WHEN month <> $3 THEN 0 WHEN kind = 'voided' THEN -price ELSE price END) AS BIGINT)
                          AS this_month,
                        CAST(SUM(CASE WHEN month = $3 THEN 0 WHEN kind = 'voided' THEN -price ELSE price END) AS BIGINT)
                          AS month_before
                 FROM statistic_month
                 WHERE plan_id = $2 AND month IN ($4, $3) AND kind IN ('sold', 'service', 'voided')
                   AND scope_id <> $1 AND currency = $5
                 GROUP BY scope_id, currency) AS brought JOIN reseller r ON r.id = brought.scope_id
           ORDER BY this_month DESC, month_before DESC, company, r.id LIMIT $6"#,
        operator.0,
        plan.0,
        this,
        before,
        currency,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Accounts that have service by a plan.
pub(in crate::engine::dashboard) struct ServedBy {
    pub(in crate::engine::dashboard) running: i64,
    /// Of these, until the first of two days.
    pub(in crate::engine::dashboard) ending_soon: i64,
    /// Until the second.
    pub(in crate::engine::dashboard) ending_later: i64,
}

/// From this day on, along the key of the sums: days that are over are not read.
pub(in crate::engine::dashboard) async fn served_by(
    conn: &mut Conn,
    scope: Uuid,
    plan: PlanId,
    (today, soon, later): (&str, &str, &str),
) -> Result<ServedBy, sqlx::Error> {
    sqlx::query_as!(
        ServedBy,
        r#"SELECT CAST(COALESCE(SUM(count), 0) AS BIGINT) AS "running!: i64",
                  CAST(COALESCE(SUM(CASE WHEN last_day <= $4 THEN count ELSE 0 END), 0) AS BIGINT)
                    AS "ending_soon!: i64",
                  CAST(COALESCE(SUM(CASE WHEN last_day <= $5 THEN count ELSE 0 END), 0) AS BIGINT)
                    AS "ending_later!: i64"
           FROM statistic_service WHERE scope_id = $1 AND last_day >= $3 AND plan_id = $2"#,
        scope,
        plan.0,
        today,
        soon,
        later
    )
    .fetch_one(conn)
    .await
}

/// Who and what works at a reseller.
pub(in crate::engine::dashboard) struct AtWork {
    pub(in crate::engine::dashboard) members: i64,
    pub(in crate::engine::dashboard) devices: i64,
}

pub(in crate::engine::dashboard) async fn at_work(
    conn: &mut Conn,
    reseller: ResellerId,
) -> Result<AtWork, sqlx::Error> {
    sqlx::query_as!(
        AtWork,
        r#"SELECT (SELECT COUNT(*) FROM member WHERE reseller_id = $1 AND active) AS "members!: i64",
                  (SELECT COUNT(*) FROM device WHERE reseller_id = $1 AND status <> 'retired') AS "devices!: i64""#,
        reseller.0
    )
    .fetch_one(conn)
    .await
}
