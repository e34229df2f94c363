//! SQL of the customers who paid a reseller most.

use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::dialect::Conn;

/// What one customer paid in one currency.
pub(in crate::engine::dashboard) struct PaidRow {
    /// The customer, or none: then it is the account.
    pub(in crate::engine::dashboard) email: Option<String>,
    pub(in crate::engine::dashboard) account_id: Option<Uuid>,
    pub(in crate::engine::dashboard) username: Option<String>,
    pub(in crate::engine::dashboard) currency: String,
    pub(in crate::engine::dashboard) count: i64,
    pub(in crate::engine::dashboard) amount: i64,
    pub(in crate::engine::dashboard) last_at: i64,
}

/// The most first. An account that somebody else has by now goes by its name: its address is theirs.
pub(in crate::engine::dashboard) async fn top(
    conn: &mut Conn,
    reseller: ResellerId,
    (from, until): (Timestamp, Timestamp),
    limit: i64,
) -> Result<Vec<PaidRow>, sqlx::Error> {
    sqlx::query_as!(
        PaidRow,
        r#"SELECT email AS "email?: String", account_id AS "account_id?: Uuid", username AS "username?: String",
                  currency AS "currency!: String", count AS "count!: i64", amount AS "amount!: i64",
                  last_at AS "last_at!: i64"
           FROM (SELECT email, account_id, username, currency, COUNT(*) AS count, CAST(SUM(price) AS BIGINT) AS amount,
                        MAX(paid_at) AS last_at
                 FROM (SELECT CASE WHEN a.reseller_id = $1 THEN a.email END AS email,
                              CASE WHEN a.reseller_id = $1 AND a.email IS NOT NULL THEN NULL ELSE a.id END AS account_id,
                              CASE WHEN a.reseller_id = $1 AND a.email IS NOT NULL THEN NULL ELSE a.username END
                                AS username,
                              s.currency AS currency, s.price AS price, s.at AS paid_at
                       FROM subscription s JOIN account a ON a.id = s.account_id
                       WHERE s.reseller_id = $1 AND s.at >= $2 AND s.at < $3 AND s.cost > 0 AND s.price > 0
                       UNION ALL
                       SELECT CASE WHEN a.reseller_id = $1 THEN a.email END,
                              CASE WHEN a.reseller_id = $1 AND a.email IS NOT NULL THEN NULL ELSE a.id END,
                              CASE WHEN a.reseller_id = $1 AND a.email IS NOT NULL THEN NULL ELSE a.username END,
                              p.currency, p.amount, p.completed_at
                       FROM payment p JOIN account a ON a.id = p.account_id
                       WHERE p.reseller_id = $1 AND p.completed_at >= $2 AND p.completed_at < $3
                         AND p.paid_for = 'service' AND p.state = 'completed'
                       UNION ALL
                       SELECT c.customer_email, NULL, NULL, c.currency, c.price, COALESCE(c.sold_at, c.settled_at)
                       FROM code c
                       WHERE c.reseller_id = $1 AND COALESCE(c.sold_at, c.settled_at) >= $2
                         AND COALESCE(c.sold_at, c.settled_at) < $3 AND c.customer_email IS NOT NULL AND c.price > 0
                         AND c.state <> 'voided' AND NOT (c.state = 'held' AND c.held_reason IS NOT NULL)) AS paid
                 GROUP BY email, account_id, username, currency) AS customer
           ORDER BY amount DESC, last_at DESC, COALESCE(email, username), currency LIMIT $4"#,
        reseller.0,
        from.0,
        until.0,
        limit
    )
    .fetch_all(conn)
    .await
}
