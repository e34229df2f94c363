//! What moves that which is owed to a provider: sales, refunds, settlements.

use counterfoil_domain::ids::ProviderId;
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::dialect::Conn;

/// Owed now, by the ledger. Below zero where more was refunded than is owed.
pub(in super::super) async fn owed(conn: &mut Conn, provider: ProviderId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT CAST(COALESCE(SUM(a.balance), 0) AS BIGINT) AS "owed!: i64"
           FROM relationship r JOIN ledger_account a ON a.owner_id = r.id AND a.kind = 'provider_payable'
           WHERE r.provider_id = $1"#,
        provider.0
    )
    .fetch_one(conn)
    .await
}

/// Sums of a time. None is below zero.
pub(in super::super) struct Moved {
    pub(in super::super) sold: i64,
    pub(in super::super) refunded: i64,
    pub(in super::super) settled: i64,
}

impl Moved {
    /// To what is owed.
    pub(in super::super) const fn adds(&self) -> i64 {
        self.sold - self.refunded - self.settled
    }
}

/// From one moment to before another.
pub(in super::super) async fn moved(
    conn: &mut Conn,
    provider: ProviderId,
    (from, to): (Timestamp, Timestamp),
) -> Result<Moved, sqlx::Error> {
    let steps = sqlx::query!(
        r#"SELECT CAST(COALESCE(SUM(CASE WHEN step = 'pay' THEN base ELSE 0 END), 0) AS BIGINT) AS "sold!: i64",
             CAST(COALESCE(SUM(CASE WHEN step = 'refund' THEN -base ELSE 0 END), 0) AS BIGINT) AS "refunded!: i64"
           FROM order_step WHERE provider_id = $1 AND step IN ('pay', 'refund') AND at >= $2 AND at < $3"#,
        provider.0,
        from.0,
        to.0
    )
    .fetch_one(&mut *conn)
    .await?;
    let settled = sqlx::query_scalar!(
        r#"SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS "settled!: i64" FROM provider_settlement
           WHERE provider_id = $1 AND recorded_at >= $2 AND recorded_at < $3"#,
        provider.0,
        from.0,
        to.0
    )
    .fetch_one(conn)
    .await?;
    Ok(Moved { sold: steps.sold, refunded: steps.refunded, settled })
}

/// One movement.
pub(in super::super) struct MovementRow {
    pub(in super::super) id: Uuid,
    pub(in super::super) at: i64,
    /// 'pay', 'refund' or 'settlement'.
    pub(in super::super) kind: String,
    pub(in super::super) reference: String,
    pub(in super::super) company: Option<String>,
    pub(in super::super) order_id: Option<Uuid>,
    pub(in super::super) amount: i64,
}

/// Sales and refunds behind a place and before a time, oldest first.
pub(in super::super) async fn steps(
    conn: &mut Conn,
    provider: ProviderId,
    to: Timestamp,
    after: (i64, Uuid),
    limit: i64,
) -> Result<Vec<MovementRow>, sqlx::Error> {
    sqlx::query_as!(
        MovementRow,
        r#"SELECT s.step_id AS "id!: Uuid", s.at AS "at!: i64", s.step AS "kind!: String",
             o.contract_id AS "reference!: String", r.company AS "company?: String", s.order_id AS "order_id?: Uuid",
             s.base AS "amount!: i64"
           FROM order_step s JOIN market_order o ON o.id = s.order_id JOIN reseller r ON r.id = o.reseller_id
           WHERE s.provider_id = $1 AND s.step IN ('pay', 'refund') AND s.at < $2 AND (s.at, s.step_id) > ($3, $4)
           ORDER BY s.at, s.step_id LIMIT $5"#,
        provider.0,
        to.0,
        after.0,
        after.1,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Settlements behind a place and before a time, oldest first.
pub(in super::super) async fn paid(
    conn: &mut Conn,
    provider: ProviderId,
    to: Timestamp,
    after: (i64, Uuid),
    limit: i64,
) -> Result<Vec<MovementRow>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id!: Uuid", recorded_at AS "at!: i64", reference AS "reference!: String",
             amount AS "amount!: i64"
           FROM provider_settlement
           WHERE provider_id = $1 AND recorded_at < $2 AND (recorded_at, id) > ($3, $4)
           ORDER BY recorded_at, id LIMIT $5"#,
        provider.0,
        to.0,
        after.0,
        after.1,
        limit
    )
    .fetch_all(conn)
    .await?;
    let movement = |id, at, reference, amount: i64| MovementRow {
        id,
        at,
        kind: "settlement".to_owned(),
        reference,
        company: None,
        order_id: None,
        amount: -amount,
    };
    Ok(rows.into_iter().map(|row| movement(row.id, row.at, row.reference, row.amount)).collect())
}
