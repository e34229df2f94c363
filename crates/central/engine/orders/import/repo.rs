//! SQL of imported orders: who and what a file names, and the order as a whole.

use counterfoil_domain::ids::OperatorId;
use uuid::Uuid;

use super::super::record::OrderRecord;
use crate::dialect::Conn;

#[derive(Clone)]
pub(super) struct Seller {
    pub(super) id: Uuid,
    pub(super) path: String,
    pub(super) username: String,
    pub(super) company: String,
}

/// The reseller with this id, user name or e-mail address.
pub(super) async fn seller(
    conn: &mut Conn,
    operator: OperatorId,
    id: Uuid,
    name: &str,
) -> Result<Option<Seller>, sqlx::Error> {
    sqlx::query_as!(
        Seller,
        r#"SELECT id AS "id!: Uuid", path AS "path!: String", username AS "username!: String",
                  company AS "company!: String"
           FROM reseller WHERE operator_id = $1 AND (id = $2 OR username = $3 OR email = $3) ORDER BY id LIMIT 1"#,
        operator.0,
        id,
        name
    )
    .fetch_optional(conn)
    .await
}

#[derive(Clone)]
pub(super) struct Supplier {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) currency: String,
}

pub(super) async fn provider(
    conn: &mut Conn,
    operator: OperatorId,
    name_key: &str,
) -> Result<Option<Supplier>, sqlx::Error> {
    sqlx::query_as!(
        Supplier,
        r#"SELECT id AS "id!: Uuid", name AS "name!: String", currency AS "currency!: String"
           FROM provider WHERE operator_id = $1 AND name_key = $2"#,
        operator.0,
        name_key
    )
    .fetch_optional(conn)
    .await
}

#[derive(Clone)]
pub(super) struct Offered {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) name_key: String,
    pub(super) term_days: i64,
}

/// Those with this name first, then the one with this article; on sale or not.
pub(super) async fn offerings(
    conn: &mut Conn,
    provider: Uuid,
    name_key: &str,
    article: &str,
) -> Result<Vec<Offered>, sqlx::Error> {
    sqlx::query_as!(
        Offered,
        r#"SELECT id AS "id!: Uuid", name AS "name!: String", name_key AS "name_key!: String",
                  term_days AS "term_days!: i64"
           FROM offering WHERE provider_id = $1 AND (name_key = $2 OR article = $3)
           ORDER BY CASE WHEN name_key = $2 THEN 0 ELSE 1 END, id LIMIT 2"#,
        provider,
        name_key,
        article
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn relationship(conn: &mut Conn, reseller: Uuid, provider: Uuid) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id!: Uuid" FROM relationship WHERE reseller_id = $1 AND provider_id = $2"#,
        reseller,
        provider
    )
    .fetch_optional(conn)
    .await
}

/// False where its contract id is another's. Nobody is reminded of it.
pub(super) async fn insert(conn: &mut Conn, order: &OrderRecord, token_hash: &[u8]) -> Result<bool, sqlx::Error> {
    let stored = sqlx::query!(
        "INSERT INTO market_order (id, operator_id, reseller_id, relationship_id, provider_id, offering_id, contract_id,
           token_hash, source, state, offering_name, term_days, quantity, markup, currency, unit_base, base_exact,
           markup_exact, total_exact, base, markup_amount, total, refunded, refunded_base, delivered, stock_taken,
           customer_name, customer_email, customer_phone, customer_note, payment_method, payment_reference, external_id,
           details, reason, revision, created_at, placed_at, paid_at, changed_at, ended_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
           $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41)
         ON CONFLICT DO NOTHING",
        order.id,
        order.operator_id,
        order.reseller_id,
        order.relationship_id,
        order.provider_id,
        order.offering_id,
        order.contract_id,
        token_hash,
        order.source,
        order.state,
        order.offering_name,
        order.term_days,
        order.quantity,
        order.markup,
        order.currency,
        order.unit_base,
        order.base_exact,
        order.markup_exact,
        order.total_exact,
        order.base,
        order.markup_amount,
        order.total,
        order.refunded,
        order.refunded_base,
        order.delivered,
        order.stock_taken,
        order.customer_name,
        order.customer_email,
        order.customer_phone,
        order.customer_note,
        order.payment_method,
        order.payment_reference,
        order.external_id,
        order.details,
        order.reason,
        order.revision,
        order.created_at,
        order.placed_at,
        order.paid_at,
        order.changed_at,
        order.ended_at
    )
    .execute(conn)
    .await?;
    Ok(stored.rows_affected() == 1)
}
