//! Rows of sales and the codes they issued.

use counterfoil_domain::code::CodeState;
use counterfoil_domain::ids::{CodeId, LeaseId, PlanId, SaleId};
use counterfoil_domain::time::Timestamp;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{Issued, Order};
use crate::store::StoreError;

struct Row {
    code_id: Uuid,
    lease_id: Uuid,
    seq: i64,
    slot: i64,
    sale_id: Uuid,
    serial: String,
    code: String,
    masked: String,
    plan_id: Uuid,
    plan_name: String,
    term_days: i64,
    cost: i64,
    unit: String,
    price: i64,
    currency: String,
    customer_email: Option<String>,
    sold_at: i64,
    redeem_by: i64,
    op_seq: i64,
}

impl TryFrom<Row> for Issued {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            code_id: CodeId(row.code_id),
            lease_id: LeaseId(row.lease_id),
            seq: small("seq", row.seq)?,
            slot: small("slot", row.slot)?,
            sale_id: SaleId(row.sale_id),
            serial: row.serial,
            code: row.code,
            masked: row.masked,
            plan_id: PlanId(row.plan_id),
            plan_name: row.plan_name,
            term_days: small("term_days", row.term_days)?,
            cost: row.cost,
            unit: row.unit,
            price: row.price,
            currency: row.currency,
            customer_email: row.customer_email,
            sold_at: Timestamp(row.sold_at),
            redeem_by: Timestamp(row.redeem_by),
            op_seq: small("op_seq", row.op_seq)?,
        })
    }
}

pub(crate) async fn of_sale(db: &mut SqliteConnection, sale: SaleId) -> Result<Vec<Issued>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT code_id AS "code_id: Uuid", lease_id AS "lease_id: Uuid", seq, slot, sale_id AS "sale_id: Uuid",
            serial, code, masked, plan_id AS "plan_id: Uuid", plan_name, term_days, cost, unit, price, currency,
            customer_email, sold_at, redeem_by, op_seq
        FROM issued_code WHERE sale_id = ?1 ORDER BY op_seq, seq"#,
        sale.0
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Issued::try_from).collect()
}

/// The codes this device sold last, newest first.
pub(crate) async fn recent(db: &mut SqliteConnection, limit: i64) -> Result<Vec<Issued>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT code_id AS "code_id: Uuid", lease_id AS "lease_id: Uuid", seq, slot, sale_id AS "sale_id: Uuid",
            serial, code, masked, plan_id AS "plan_id: Uuid", plan_name, term_days, cost, unit, price, currency,
            customer_email, sold_at, redeem_by, op_seq
        FROM issued_code ORDER BY sold_at DESC, op_seq DESC, seq DESC LIMIT ?1"#,
        limit
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Issued::try_from).collect()
}

pub(crate) async fn by_id(db: &mut SqliteConnection, id: CodeId) -> Result<Option<Issued>, StoreError> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT code_id AS "code_id: Uuid", lease_id AS "lease_id: Uuid", seq, slot, sale_id AS "sale_id: Uuid",
            serial, code, masked, plan_id AS "plan_id: Uuid", plan_name, term_days, cost, unit, price, currency,
            customer_email, sold_at, redeem_by, op_seq
        FROM issued_code WHERE code_id = ?1"#,
        id.0
    )
    .fetch_optional(db)
    .await?;
    row.map(Issued::try_from).transpose()
}

/// What a code's state is now, and whether Central has answered for its sale.
pub(crate) async fn standing(db: &mut SqliteConnection, code: &Issued) -> Result<(CodeState, bool), StoreError> {
    let row = sqlx::query!(
        r#"SELECT
            (SELECT state FROM cached_code WHERE source_id = ?1 AND seq = ?2) AS "cached: String",
            EXISTS (SELECT 1 FROM overlay WHERE lease_id = ?1 AND seq = ?2 AND kind = 'void') AS "voided!: bool",
            -- An operation that is no longer here was answered long ago.
            NOT EXISTS (SELECT 1 FROM op WHERE op_seq = ?3 AND outcome IS NULL) AS "answered!: bool",
            EXISTS (SELECT 1 FROM op WHERE op_seq = ?3 AND outcome = 'rejected') AS "rejected!: bool""#,
        code.lease_id.0,
        code.seq,
        code.op_seq
    )
    .fetch_one(db)
    .await?;
    let cached = row.cached.as_deref().map(crate::codes::stored_state).transpose()?;
    let state = match (row.voided, cached) {
        (true, None | Some(CodeState::Sold)) => CodeState::Voided,
        (_, Some(cached)) => cached,
        (false, None) if row.rejected => CodeState::Revoked,
        (false, None) => CodeState::Sold,
    };
    Ok((state, row.answered))
}

/// One sale at the counter; a restored one may be there already.
pub(crate) async fn insert_sale(db: &mut SqliteConnection, order: &Order, at: Timestamp) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO sale (sale_id, plan_id, quantity, sold_at) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (sale_id) DO NOTHING",
        order.sale_id.0,
        order.plan_id.0,
        order.quantity,
        at.0
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Fails when the number was used before: the last wall against selling it twice.
pub(crate) async fn insert_code(db: &mut SqliteConnection, code: &Issued) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO issued_code (code_id, lease_id, seq, slot, sale_id, serial, code, masked, plan_id, plan_name,
            term_days, cost, unit, price, currency, customer_email, sold_at, redeem_by, op_seq)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
        code.code_id.0,
        code.lease_id.0,
        code.seq,
        code.slot,
        code.sale_id.0,
        code.serial,
        code.code,
        code.masked,
        code.plan_id.0,
        code.plan_name,
        code.term_days,
        code.cost,
        code.unit,
        code.price,
        code.currency,
        code.customer_email,
        code.sold_at.0,
        code.redeem_by.0,
        code.op_seq
    )
    .execute(db)
    .await?;
    Ok(())
}

fn small<T: TryFrom<i64>>(column: &'static str, value: i64) -> Result<T, StoreError> {
    T::try_from(value).map_err(|_| StoreError::unknown("issued_code", column, value.to_string()))
}
