//! Proves the books of orders: what customers paid is owed or paid to a provider, or is markup, and the ledger says the
//! same as the steps of the orders and the settlements.

use counterfoil_central_platform::console::Report;
use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::OperatorId;
use uuid::Uuid;

use crate::dialect::Conn;

/// Whether the four accounts of every relationship are there and sum to nothing: cheap enough to ask often.
pub(super) async fn verify(conn: &mut Conn, operator: OperatorId, report: &mut Report) -> Result<(), Failure> {
    for relationship in unbalanced(conn, operator).await? {
        report.faults.push(format!("what customers paid through relationship {relationship} is not what became of it"));
    }
    Ok(())
}

/// Every step and settlement against the ledger.
pub(super) async fn verify_steps(conn: &mut Conn, operator: OperatorId, report: &mut Report) -> Result<(), Failure> {
    for relationship in unlike_steps(conn, operator).await? {
        report.faults.push(format!("the orders of relationship {relationship} do not come to what its books say"));
    }
    for order in unlike_orders(conn, operator).await? {
        report.faults.push(format!("order {order} is not what its steps come to"));
    }
    for relationship in unlike_settlements(conn, operator).await? {
        report
            .faults
            .push(format!("settlements of relationship {relationship} do not come to what its books say is paid"));
    }
    for settlement in unlike_lines(conn, operator).await? {
        report.faults.push(format!("settlement {settlement} is not the sum of its lines"));
    }
    Ok(())
}

async fn unbalanced(conn: &mut Conn, operator: OperatorId) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT r.id AS "id!: Uuid" FROM relationship r LEFT JOIN ledger_account a ON a.owner_id = r.id
             AND a.kind IN ('order_customers', 'provider_payable', 'provider_paid', 'order_markup')
           WHERE r.operator_id = $1
           GROUP BY r.id HAVING COUNT(a.id) <> 4 OR SUM(a.balance) <> 0 ORDER BY r.id LIMIT 20"#,
        operator.0
    )
    .fetch_all(conn)
    .await
}

async fn unlike_steps(conn: &mut Conn, operator: OperatorId) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT r.id AS "id!: Uuid" FROM relationship r
             JOIN ledger_account payable ON payable.owner_id = r.id AND payable.kind = 'provider_payable'
             JOIN ledger_account paid ON paid.owner_id = r.id AND paid.kind = 'provider_paid'
             JOIN ledger_account markup ON markup.owner_id = r.id AND markup.kind = 'order_markup'
             LEFT JOIN (SELECT relationship_id, SUM(base) AS base, SUM(markup_amount) AS markup FROM order_step
               WHERE operator_id = $1 GROUP BY relationship_id) AS steps ON steps.relationship_id = r.id
           WHERE r.operator_id = $1 AND (COALESCE(steps.base, 0) <> payable.balance + paid.balance
             OR COALESCE(steps.markup, 0) <> markup.balance)
           ORDER BY r.id LIMIT 20"#,
        operator.0
    )
    .fetch_all(conn)
    .await
}

async fn unlike_orders(conn: &mut Conn, operator: OperatorId) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT o.id AS "id!: Uuid" FROM market_order o
             LEFT JOIN (SELECT order_id, SUM(base) AS base, SUM(markup_amount) AS markup,
                 SUM(CASE WHEN step = 'fulfil' THEN units ELSE 0 END) AS units
               FROM order_step WHERE operator_id = $1 GROUP BY order_id) AS steps ON steps.order_id = o.id
           WHERE o.operator_id = $1 AND (
             COALESCE(steps.base, 0) <> CASE WHEN o.paid_at IS NULL THEN 0 ELSE o.base - o.refunded_base END
             OR COALESCE(steps.markup, 0) <>
               CASE WHEN o.paid_at IS NULL THEN 0 ELSE o.markup_amount - (o.refunded - o.refunded_base) END
             OR COALESCE(steps.units, 0) <> o.delivered)
           ORDER BY o.id LIMIT 20"#,
        operator.0
    )
    .fetch_all(conn)
    .await
}

async fn unlike_settlements(conn: &mut Conn, operator: OperatorId) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT r.id AS "id!: Uuid" FROM relationship r
             JOIN ledger_account paid ON paid.owner_id = r.id AND paid.kind = 'provider_paid'
             LEFT JOIN (SELECT relationship_id, SUM(amount) AS amount FROM provider_settlement_line
               GROUP BY relationship_id) AS lines ON lines.relationship_id = r.id
           WHERE r.operator_id = $1 AND COALESCE(lines.amount, 0) <> paid.balance
           ORDER BY r.id LIMIT 20"#,
        operator.0
    )
    .fetch_all(conn)
    .await
}

async fn unlike_lines(conn: &mut Conn, operator: OperatorId) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT s.id AS "id!: Uuid" FROM provider_settlement s
             LEFT JOIN (SELECT settlement_id, SUM(amount) AS amount FROM provider_settlement_line
               GROUP BY settlement_id) AS lines ON lines.settlement_id = s.id
           WHERE s.operator_id = $1 AND COALESCE(lines.amount, 0) <> s.amount
           ORDER BY s.id LIMIT 20"#,
        operator.0
    )
    .fetch_all(conn)
    .await
}
