//! SQL of what recurred in months that are over.

use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::time::Timestamp;
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::dialect::{Conn, Db};
use crate::engine::batch::{ROWS, kept};

/// False when the month is known already.
pub(in crate::engine::dashboard) async fn begin(
    conn: &mut Conn,
    operator: OperatorId,
    (month, source): (&str, &str),
    written_on: &str,
) -> Result<bool, sqlx::Error> {
    let put = sqlx::query!(
        "INSERT INTO statistic_recurring_month (operator_id, month, source, written_on) VALUES ($1, $2, $3, $4)
         ON CONFLICT (operator_id, month) DO NOTHING",
        operator.0,
        month,
        source,
        written_on
    )
    .execute(conn)
    .await?;
    Ok(put.rows_affected() == 1)
}

/// Accounts with service on this day, by the sums as they stand, for every scope of the operator.
pub(in crate::engine::dashboard) async fn count(
    conn: &mut Conn,
    operator: OperatorId,
    currency: &str,
    (month, last_day): (&str, &str),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO statistic_recurring
           (operator_id, scope_id, month, plan_id, currency, price, term_days, accounts)
         SELECT s.operator_id, s.scope_id, CAST($2 AS TEXT), p.id, CAST($3 AS TEXT), p.price, p.term_days,
                CAST(SUM(s.count) AS BIGINT)
         FROM statistic_service s JOIN plan p ON p.id = s.plan_id
         WHERE s.operator_id = $1 AND s.last_day >= $4
         GROUP BY s.operator_id, s.scope_id, p.id, p.price, p.term_days HAVING SUM(s.count) <> 0
         ON CONFLICT (scope_id, month, plan_id) DO NOTHING",
        operator.0,
        month,
        currency,
        last_day
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Accounts of one reseller, or of nobody, that had service by one plan.
pub(in crate::engine::dashboard) struct RebuiltRow {
    pub(in crate::engine::dashboard) reseller_id: Option<Uuid>,
    pub(in crate::engine::dashboard) plan_id: Uuid,
    pub(in crate::engine::dashboard) price: i64,
    pub(in crate::engine::dashboard) term_days: i64,
    pub(in crate::engine::dashboard) accounts: i64,
}

/// As the last activation or service before a moment says it: whose the account was then, by which plan, and whether its
/// last day is this one or a later one.
pub(in crate::engine::dashboard) async fn rebuilt(
    conn: &mut Conn,
    operator: OperatorId,
    before: Timestamp,
    last_day: &str,
) -> Result<Vec<RebuiltRow>, sqlx::Error> {
    sqlx::query_as!(
        RebuiltRow,
        r#"SELECT l.reseller_id AS "reseller_id?: Uuid", p.id AS "plan_id!: Uuid", p.price AS "price!: i64",
                  p.term_days AS "term_days!: i64", COUNT(*) AS "accounts!: i64"
           FROM (SELECT e.reseller_id, e.plan_id, e.last_day,
                        ROW_NUMBER() OVER (PARTITION BY e.account_id ORDER BY e.at DESC, e.last_day DESC) AS place
                 FROM (SELECT account_id, reseller_id, plan_id, last_day, at FROM subscription
                       WHERE operator_id = $1 AND at < $2
                       UNION ALL
                       SELECT a.account_id, c.reseller_id, c.plan_id, a.last_day, a.activated_at
                       FROM activation a JOIN code c ON c.id = a.code_id
                       WHERE c.operator_id = $1 AND a.activated_at < $2) AS e) AS l
                JOIN plan p ON p.id = l.plan_id
           WHERE l.place = 1 AND l.last_day >= $3
           GROUP BY l.reseller_id, p.id, p.price, p.term_days"#,
        operator.0,
        before.0,
        last_day
    )
    .fetch_all(conn)
    .await
}

/// What one plan's accounts of a scope were in a month.
pub(in crate::engine::dashboard) struct NewRow {
    pub(in crate::engine::dashboard) scope: Uuid,
    pub(in crate::engine::dashboard) plan: Uuid,
    pub(in crate::engine::dashboard) price: i64,
    pub(in crate::engine::dashboard) term_days: i64,
    pub(in crate::engine::dashboard) accounts: i64,
}

pub(in crate::engine::dashboard) async fn add(
    conn: &mut Conn,
    operator: OperatorId,
    currency: &str,
    month: &str,
    rows: &[NewRow],
) -> Result<(), sqlx::Error> {
    for batch in rows.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO statistic_recurring
               (operator_id, scope_id, month, plan_id, currency, price, term_days, accounts) ",
        );
        query.push_values(batch, |mut values, row| {
            values.push_bind(operator.0).push_bind(row.scope).push_bind(month).push_bind(row.plan);
            values.push_bind(currency).push_bind(row.price).push_bind(row.term_days).push_bind(row.accounts);
        });
        query.push(" ON CONFLICT (scope_id, month, plan_id) DO NOTHING");
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    Ok(())
}

/// When the first account was made.
pub(in crate::engine::dashboard) async fn first_account(
    conn: &mut Conn,
    operator: OperatorId,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT MIN(created_at) AS "created_at?: i64" FROM account WHERE operator_id = $1"#,
        operator.0
    )
    .fetch_one(conn)
    .await
}

/// The first month that is known; none until the months before the first count were rebuilt.
pub(in crate::engine::dashboard) async fn known_from(
    conn: &mut Conn,
    operator: OperatorId,
) -> Result<Option<String>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT recurring_from AS "recurring_from?: String" FROM statistic_day WHERE operator_id = $1"#,
        operator.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.flatten())
}

pub(in crate::engine::dashboard) async fn set_known_from(
    conn: &mut Conn,
    operator: OperatorId,
    month: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE statistic_day SET recurring_from = $2 WHERE operator_id = $1", operator.0, month)
        .execute(conn)
        .await
        .map(|_| ())
}

/// How a month is known.
pub(in crate::engine::dashboard) struct KnownRow {
    pub(in crate::engine::dashboard) month: String,
    pub(in crate::engine::dashboard) source: String,
    pub(in crate::engine::dashboard) written_on: String,
}

pub(in crate::engine::dashboard) async fn known(
    conn: &mut Conn,
    operator: OperatorId,
    (first, last): (&str, &str),
) -> Result<Vec<KnownRow>, sqlx::Error> {
    sqlx::query_as!(
        KnownRow,
        r#"SELECT month AS "month!: String", source AS "source!: String", written_on AS "written_on!: String"
           FROM statistic_recurring_month WHERE operator_id = $1 AND month >= $2 AND month <= $3 ORDER BY month"#,
        operator.0,
        first,
        last
    )
    .fetch_all(conn)
    .await
}

/// One plan's part of a month.
pub(in crate::engine::dashboard) struct PlanRow {
    pub(in crate::engine::dashboard) month: String,
    pub(in crate::engine::dashboard) plan_id: Uuid,
    pub(in crate::engine::dashboard) plan: String,
    pub(in crate::engine::dashboard) currency: String,
    pub(in crate::engine::dashboard) price: i64,
    pub(in crate::engine::dashboard) term_days: i64,
    pub(in crate::engine::dashboard) accounts: i64,
}

pub(in crate::engine::dashboard) async fn plans(
    conn: &mut Conn,
    scope: Uuid,
    (first, last): (&str, &str),
) -> Result<Vec<PlanRow>, sqlx::Error> {
    sqlx::query_as!(
        PlanRow,
        r#"SELECT r.month AS "month!: String", p.id AS "plan_id!: Uuid", p.name AS "plan!: String",
                  r.currency AS "currency!: String", r.price AS "price!: i64", r.term_days AS "term_days!: i64",
                  r.accounts AS "accounts!: i64"
           FROM statistic_recurring r JOIN plan p ON p.id = r.plan_id
           WHERE r.scope_id = $1 AND r.month >= $2 AND r.month <= $3 ORDER BY r.month, p.name, p.id"#,
        scope,
        first,
        last
    )
    .fetch_all(conn)
    .await
}
