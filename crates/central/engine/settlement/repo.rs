//! SQL of settlement: code rows from first sight on.

use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::settlement::HeldReason;
use uuid::Uuid;

use crate::dialect::Conn;
use crate::engine::code::{CodeRecord, code_records};

pub(super) async fn find_code(conn: &mut Conn, source: Uuid, seq: i64) -> Result<Option<CodeRecord>, sqlx::Error> {
    code_records!("SELECT", "FROM code WHERE source_id = $1 AND seq = $2", source, seq).fetch_optional(conn).await
}

/// What its sale tells of a code that was seen before.
pub(super) async fn put_sale(conn: &mut Conn, code: &CodeRecord) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE code SET sale_id = $2, sold_at = $3, customer_email = $4 WHERE id = $1",
        code.id,
        code.sale_id,
        code.sold_at,
        code.customer_email
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// A held code is decided again; false when it is not held any more.
pub(super) async fn put_decision(conn: &mut Conn, code: &CodeRecord) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE code SET state = $2, held_reason = $3, flagged = $4 WHERE id = $1 AND state = 'held'",
        code.id,
        code.state,
        code.held_reason,
        code.flagged
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A code that waits for credit.
pub(super) struct Waiting {
    pub(super) source_id: Uuid,
    pub(super) seq: i64,
}

/// Codes of a reseller that wait for credit and could be paid by their lease or by the wallet as they stand, oldest first.
pub(super) async fn waiting(conn: &mut Conn, reseller: ResellerId, limit: i64) -> Result<Vec<Waiting>, sqlx::Error> {
    let reason = HeldReason::NoCredit.as_str();
    sqlx::query_as!(
        Waiting,
        r#"SELECT c.source_id AS "source_id!: Uuid", c.seq AS "seq!: i64" FROM code c
           WHERE c.reseller_id = $1 AND c.state = 'held' AND c.held_reason = $2
             AND (c.cost <= (SELECT w.balance - w.floor FROM ledger_account w
                             WHERE w.kind = 'wallet' AND w.owner_id = c.reseller_id)
               OR c.cost <= (SELECT e.balance FROM lease l JOIN ledger_account e ON e.id = l.ledger_account_id
                             WHERE l.id = c.source_id))
           ORDER BY c.settled_at, c.id LIMIT $3"#,
        reseller.0,
        reason,
        limit
    )
    .fetch_all(conn)
    .await
}

/// The same of one code.
pub(super) async fn is_payable(conn: &mut Conn, code: Uuid) -> Result<bool, sqlx::Error> {
    let payable = sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "payable!: i64" FROM code c
           WHERE c.id = $1
             AND (c.cost <= (SELECT w.balance - w.floor FROM ledger_account w
                             WHERE w.kind = 'wallet' AND w.owner_id = c.reseller_id)
               OR c.cost <= (SELECT e.balance FROM lease l JOIN ledger_account e ON e.id = l.ledger_account_id
                             WHERE l.id = c.source_id))"#,
        code
    )
    .fetch_one(conn)
    .await?;
    Ok(payable > 0)
}

/// Resellers with codes that wait for credit. Asked reseller by reseller, because the index of held codes begins with it;
/// asked of all codes, it would read every one of them.
pub(super) async fn resellers_waiting(conn: &mut Conn) -> Result<Vec<(Uuid, Uuid)>, sqlx::Error> {
    let reason = HeldReason::NoCredit.as_str();
    let rows = sqlx::query!(
        r#"SELECT operator_id AS "operator_id!: Uuid", id AS "id!: Uuid" FROM reseller WHERE EXISTS (
             SELECT 1 FROM code WHERE code.reseller_id = reseller.id AND code.state = 'held' AND code.held_reason = $1)"#,
        reason
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.operator_id, row.id)).collect())
}
