//! SQL of service that ends soon, and of mails that were sent long ago.

use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::dialect::Conn;

/// All operators.
pub(in crate::engine::notices) async fn operators(conn: &mut Conn) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT id AS "id!: Uuid" FROM operator ORDER BY id"#).fetch_all(conn).await
}

/// The last day up to which customers were told.
pub(in crate::engine::notices) async fn told_until(
    conn: &mut Conn,
    operator: OperatorId,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT told_until AS "told_until!: String" FROM expiry_notice WHERE operator_id = $1"#,
        operator.0
    )
    .fetch_optional(conn)
    .await
}

/// Only further.
pub(in crate::engine::notices) async fn note(
    conn: &mut Conn,
    operator: OperatorId,
    told_until: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO expiry_notice (operator_id, told_until) VALUES ($1, $2)
         ON CONFLICT (operator_id) DO UPDATE SET told_until = excluded.told_until
         WHERE expiry_notice.told_until < excluded.told_until",
        operator.0,
        told_until
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// An account whose service ends, with an address and a shop.
pub(in crate::engine::notices) struct EndingRow {
    pub(in crate::engine::notices) id: Uuid,
    pub(in crate::engine::notices) reseller_id: Uuid,
    pub(in crate::engine::notices) username: String,
    pub(in crate::engine::notices) email: String,
    pub(in crate::engine::notices) plan: Option<String>,
}

/// On this day, the next by id.
pub(in crate::engine::notices) async fn ending(
    conn: &mut Conn,
    operator: OperatorId,
    last_day: &str,
    after: Uuid,
    limit: i64,
) -> Result<Vec<EndingRow>, sqlx::Error> {
    sqlx::query_as!(
        EndingRow,
        r#"SELECT a.id AS "id!: Uuid", a.reseller_id AS "reseller_id!: Uuid", a.username AS "username!: String",
                  a.email AS "email!: String", p.name AS "plan?: String"
           FROM account a LEFT JOIN plan p ON p.id = a.plan_id
           WHERE a.operator_id = $1 AND a.last_day = $2 AND a.id > $3 AND a.email IS NOT NULL
             AND a.reseller_id IS NOT NULL AND a.status = 'active'
           ORDER BY a.id LIMIT $4"#,
        operator.0,
        last_day,
        after,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Mails that were sent before this moment, the oldest first; says how many went.
pub(in crate::engine::notices) async fn forget_sent(
    conn: &mut Conn,
    before: Timestamp,
    limit: i64,
) -> Result<u64, sqlx::Error> {
    let gone = sqlx::query!(
        "DELETE FROM notice WHERE id IN
           (SELECT id FROM notice WHERE state = 'sent' AND sent_at < $1 ORDER BY sent_at LIMIT $2)",
        before.0,
        limit
    )
    .execute(conn)
    .await?;
    Ok(gone.rows_affected())
}
