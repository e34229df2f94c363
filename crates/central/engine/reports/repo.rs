//! SQL that only reports ask. All else they read through the feature that has it.

use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::dialect::Conn;

/// From this month to that one, both in it.
pub(super) type Range<'a> = (&'a str, &'a str);

/// What was counted of one plan in one month.
pub(super) struct PlanMonth {
    pub(super) month: String,
    pub(super) kind: String,
    /// All zeros where it is about no plan.
    pub(super) plan_id: Uuid,
    pub(super) plan: Option<String>,
    pub(super) currency: String,
    pub(super) unit: String,
    pub(super) count: i64,
    pub(super) price: i64,
    pub(super) cost: i64,
}

/// Sales, and what became of them.
pub(super) async fn by_plan(
    conn: &mut Conn,
    scope: Uuid,
    (first, last): Range<'_>,
) -> Result<Vec<PlanMonth>, sqlx::Error> {
    sqlx::query_as!(
        PlanMonth,
        r#"SELECT m.month AS "month!: String", m.kind AS "kind!: String", m.plan_id AS "plan_id!: Uuid",
                  p.name AS "plan?: String", m.currency AS "currency!: String", m.unit AS "unit!: String",
                  m.count AS "count!: i64", m.price AS "price!: i64", m.cost AS "cost!: i64"
           FROM statistic_month m LEFT JOIN plan p ON p.id = m.plan_id
           WHERE m.scope_id = $1 AND m.month >= $2 AND m.month <= $3
             AND m.kind IN ('sold', 'service', 'paid', 'refunded', 'voided', 'expired', 'activated')"#,
        scope,
        first,
        last
    )
    .fetch_all(conn)
    .await
}

/// A number that belongs to a month.
pub(super) struct OfMonth {
    pub(super) month: String,
    pub(super) count: i64,
}

/// Accounts made.
pub(super) async fn accounts_made(
    conn: &mut Conn,
    scope: Uuid,
    (first, last): Range<'_>,
) -> Result<Vec<OfMonth>, sqlx::Error> {
    sqlx::query_as!(
        OfMonth,
        r#"SELECT month AS "month!: String", CAST(SUM(count) AS BIGINT) AS "count!: i64" FROM statistic_month
           WHERE scope_id = $1 AND month >= $2 AND month <= $3 AND kind = 'account' GROUP BY month"#,
        scope,
        first,
        last
    )
    .fetch_all(conn)
    .await
}

/// Resellers that sold something, by month.
pub(super) async fn selling(
    conn: &mut Conn,
    operator: OperatorId,
    (first, last): Range<'_>,
) -> Result<Vec<OfMonth>, sqlx::Error> {
    sqlx::query_as!(
        OfMonth,
        r#"SELECT month AS "month!: String", COUNT(DISTINCT scope_id) AS "count!: i64" FROM statistic_month
           WHERE operator_id = $1 AND month >= $2 AND month <= $3 AND kind = 'revenue' AND count > 0 AND scope_id <> $1
           GROUP BY month"#,
        operator.0,
        first,
        last
    )
    .fetch_all(conn)
    .await
}

/// Resellers that sold something in any of the months.
pub(super) async fn sold_at_all(
    conn: &mut Conn,
    operator: OperatorId,
    (first, last): Range<'_>,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT COUNT(DISTINCT scope_id) AS "count!: i64" FROM statistic_month
           WHERE operator_id = $1 AND month >= $2 AND month <= $3 AND kind = 'revenue' AND count > 0
             AND scope_id <> $1"#,
        operator.0,
        first,
        last
    )
    .fetch_one(conn)
    .await
}

/// When resellers came.
pub(super) async fn created(
    conn: &mut Conn,
    operator: OperatorId,
    (from, until): (Timestamp, Timestamp),
) -> Result<Vec<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT created_at AS "created_at!: i64" FROM reseller
           WHERE operator_id = $1 AND created_at >= $2 AND created_at < $3"#,
        operator.0,
        from.0,
        until.0
    )
    .fetch_all(conn)
    .await
}

/// Resellers, and those of them that are active.
pub(super) struct Standing {
    pub(super) all: i64,
    pub(super) active: i64,
}

pub(super) async fn standing(conn: &mut Conn, operator: OperatorId) -> Result<Standing, sqlx::Error> {
    sqlx::query_as!(
        Standing,
        r#"SELECT COUNT(*) AS "all!: i64",
                  CAST(COALESCE(SUM(CASE WHEN status = 'active' THEN 1 ELSE 0 END), 0) AS BIGINT) AS "active!: i64"
           FROM reseller WHERE operator_id = $1"#,
        operator.0
    )
    .fetch_one(conn)
    .await
}

/// What a reseller, or all of them, sold or earned in one currency.
pub(super) struct Brought {
    /// 'revenue' or 'earned'.
    pub(super) kind: String,
    pub(super) currency: String,
    pub(super) count: i64,
    pub(super) price: i64,
}

pub(super) async fn brought(
    conn: &mut Conn,
    scope: Uuid,
    (first, last): Range<'_>,
) -> Result<Vec<Brought>, sqlx::Error> {
    sqlx::query_as!(
        Brought,
        r#"SELECT kind AS "kind!: String", currency AS "currency!: String",
                  CAST(SUM(count) AS BIGINT) AS "count!: i64", CAST(SUM(price) AS BIGINT) AS "price!: i64"
           FROM statistic_month
           WHERE scope_id = $1 AND month >= $2 AND month <= $3 AND kind IN ('revenue', 'earned')
           GROUP BY kind, currency ORDER BY currency, kind"#,
        scope,
        first,
        last
    )
    .fetch_all(conn)
    .await
}

/// Sums of lines in one currency.
pub(super) struct Sums {
    pub(super) currency: String,
    /// Of all lines.
    pub(super) amount: i64,
    /// Of those that came to an end as they should.
    pub(super) done: i64,
}

/// Payouts by the moment they were asked for, and of them what was confirmed.
pub(super) async fn payouts(
    conn: &mut Conn,
    operator: OperatorId,
    (from, until): (Timestamp, Timestamp),
) -> Result<Vec<Sums>, sqlx::Error> {
    sqlx::query_as!(
        Sums,
        r#"SELECT currency AS "currency!: String", CAST(SUM(amount) AS BIGINT) AS "amount!: i64",
                  CAST(SUM(CASE WHEN state = 'confirmed' THEN amount ELSE 0 END) AS BIGINT) AS "done!: i64"
           FROM payout WHERE operator_id = $1 AND asked_at >= $2 AND asked_at < $3
           GROUP BY currency ORDER BY currency"#,
        operator.0,
        from.0,
        until.0
    )
    .fetch_all(conn)
    .await
}

/// Payments by day, and of them what is here.
pub(super) async fn payments(
    conn: &mut Conn,
    operator: OperatorId,
    (first, last): (&str, &str),
) -> Result<Vec<Sums>, sqlx::Error> {
    sqlx::query_as!(
        Sums,
        r#"SELECT currency AS "currency!: String", CAST(SUM(amount) AS BIGINT) AS "amount!: i64",
                  CAST(SUM(CASE WHEN state = 'completed' THEN amount ELSE 0 END) AS BIGINT) AS "done!: i64"
           FROM payment WHERE operator_id = $1 AND paid_on >= $2 AND paid_on <= $3
           GROUP BY currency ORDER BY currency"#,
        operator.0,
        first,
        last
    )
    .fetch_all(conn)
    .await
}
