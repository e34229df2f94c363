//! Sums of a period.

use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::dialect::Conn;

/// Sums of a period; what was taken back is in one of them only.
pub(in crate::engine::commission) struct Totals {
    pub(in crate::engine::commission) lines: i64,
    pub(in crate::engine::commission) payments: i64,
    pub(in crate::engine::commission) revenue: i64,
    pub(in crate::engine::commission) own: i64,
    pub(in crate::engine::commission) overrides: i64,
    pub(in crate::engine::commission) reversed: i64,
}

pub(in crate::engine::commission) async fn totals(
    conn: &mut Conn,
    reseller: ResellerId,
    (from, until): (Timestamp, Timestamp),
) -> Result<Totals, sqlx::Error> {
    sqlx::query_as!(
        Totals,
        r#"SELECT COUNT(*) AS "lines!: i64",
             CAST(COALESCE(SUM(CASE WHEN level = 0 AND state <> 'reversed' THEN 1 ELSE 0 END), 0) AS BIGINT)
               AS "payments!: i64",
             CAST(COALESCE(SUM(CASE WHEN level = 0 AND state <> 'reversed' THEN price ELSE 0 END), 0) AS BIGINT)
               AS "revenue!: i64",
             CAST(COALESCE(SUM(CASE WHEN level = 0 AND state <> 'reversed' THEN amount ELSE 0 END), 0) AS BIGINT)
               AS "own!: i64",
             CAST(COALESCE(SUM(CASE WHEN level > 0 AND state <> 'reversed' THEN amount ELSE 0 END), 0) AS BIGINT)
               AS "overrides!: i64",
             CAST(COALESCE(SUM(CASE WHEN state = 'reversed' THEN amount ELSE 0 END), 0) AS BIGINT) AS "reversed!: i64"
           FROM earning WHERE beneficiary_id = $1 AND sold_at >= $2 AND sold_at < $3"#,
        reseller.0,
        from.0,
        until.0
    )
    .fetch_one(conn)
    .await
}

/// Of all resellers of an operator, each read along the index of its own earnings.
pub(in crate::engine::commission) async fn totals_of_all(
    conn: &mut Conn,
    operator: OperatorId,
    (from, until): (Timestamp, Timestamp),
) -> Result<Totals, sqlx::Error> {
    sqlx::query_as!(
        Totals,
        r#"SELECT COUNT(*) AS "lines!: i64",
             CAST(COALESCE(SUM(CASE WHEN e.level = 0 AND e.state <> 'reversed' THEN 1 ELSE 0 END), 0) AS BIGINT)
               AS "payments!: i64",
             CAST(COALESCE(SUM(CASE WHEN e.level = 0 AND e.state <> 'reversed' THEN e.price ELSE 0 END), 0) AS BIGINT)
               AS "revenue!: i64",
             CAST(COALESCE(SUM(CASE WHEN e.level = 0 AND e.state <> 'reversed' THEN e.amount ELSE 0 END), 0) AS BIGINT)
               AS "own!: i64",
             CAST(COALESCE(SUM(CASE WHEN e.level > 0 AND e.state <> 'reversed' THEN e.amount ELSE 0 END), 0) AS BIGINT)
               AS "overrides!: i64",
             CAST(COALESCE(SUM(CASE WHEN e.state = 'reversed' THEN e.amount ELSE 0 END), 0) AS BIGINT)
               AS "reversed!: i64"
           FROM reseller r JOIN earning e ON e.beneficiary_id = r.id
           WHERE r.operator_id = $1 AND e.sold_at >= $2 AND e.sold_at < $3"#,
        operator.0,
        from.0,
        until.0
    )
    .fetch_one(conn)
    .await
}

/// What one account paid to a reseller.
pub(in crate::engine::commission) struct OfAccount {
    pub(in crate::engine::commission) account_id: Uuid,
    pub(in crate::engine::commission) username: String,
    pub(in crate::engine::commission) payments: i64,
    pub(in crate::engine::commission) revenue: i64,
    pub(in crate::engine::commission) commission: i64,
}

pub(in crate::engine::commission) async fn of_accounts(
    conn: &mut Conn,
    reseller: ResellerId,
    (from, until): (Timestamp, Timestamp),
    limit: i64,
) -> Result<Vec<OfAccount>, sqlx::Error> {
    sqlx::query_as!(
        OfAccount,
        r#"SELECT a.id AS "account_id!: Uuid", a.username AS "username!: String", COUNT(*) AS "payments!: i64",
             CAST(SUM(e.price) AS BIGINT) AS "revenue!: i64", CAST(SUM(e.amount) AS BIGINT) AS "commission!: i64"
           FROM earning e JOIN account a ON a.id = e.account_id
           WHERE e.beneficiary_id = $1 AND e.sold_at >= $2 AND e.sold_at < $3 AND e.level = 0 AND e.state <> 'reversed'
           GROUP BY a.id, a.username ORDER BY SUM(e.price) DESC, a.username LIMIT $4"#,
        reseller.0,
        from.0,
        until.0,
        limit
    )
    .fetch_all(conn)
    .await
}
