//! SQL of orders: reading one, and every change.

use counterfoil_domain::ids::{DeviceId, OfferingId, OperatorId, OrderId};
use counterfoil_domain::market::{OrderSource, OrderState, OrderStep};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::orders::OrderCustomer;
use uuid::Uuid;

use super::place::Priced;
use super::record::{OrderRecord, order_records};
use crate::dialect::Conn;

pub(super) async fn by_id(conn: &mut Conn, id: OrderId) -> Result<Option<OrderRecord>, sqlx::Error> {
    order_records!("WHERE o.id = $1", id.0).fetch_optional(conn).await
}

pub(super) async fn by_contract(
    conn: &mut Conn,
    operator: OperatorId,
    contract_id: &str,
) -> Result<Option<OrderRecord>, sqlx::Error> {
    order_records!("WHERE o.operator_id = $1 AND o.contract_id = $2", operator.0, contract_id)
        .fetch_optional(conn)
        .await
}

pub(super) async fn by_token(conn: &mut Conn, hash: &[u8]) -> Result<Option<OrderRecord>, sqlx::Error> {
    order_records!("WHERE o.token_hash = $1", hash).fetch_optional(conn).await
}

/// Until the commit.
pub(super) async fn lock(conn: &mut Conn, id: OrderId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE market_order SET revision = revision WHERE id = $1", id.0).execute(conn).await.map(|_| ())
}

/// An order before it is stored.
pub(super) struct New<'a> {
    pub(super) id: OrderId,
    pub(super) contract_id: &'a str,
    pub(super) token_hash: &'a [u8],
    pub(super) source: OrderSource,
    pub(super) state: OrderState,
    pub(super) priced: &'a Priced,
    pub(super) customer: &'a OrderCustomer,
    pub(super) remind_at: Option<Timestamp>,
}

/// False where its id, or its contract id, is another's.
pub(super) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    new: &New<'_>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let Priced { terms, quantity, quote, .. } = new.priced;
    let (source, state, quantity) = (new.source.as_str(), new.state.as_str(), i64::from(*quantity));
    let (base_exact, markup_exact, total_exact) = (quote.base.get(), quote.markup.get(), quote.total.get());
    let placed_at = (new.state == OrderState::Placed).then_some(now.0);
    let remind_at = new.remind_at.map(|at| at.0);
    let stored = sqlx::query!(
        "INSERT INTO market_order (id, operator_id, reseller_id, relationship_id, provider_id, offering_id, contract_id,
           token_hash, source, state, offering_name, term_days, quantity, markup, currency, unit_base, base_exact,
           markup_exact, total_exact, base, markup_amount, total, customer_name, customer_email, customer_phone,
           customer_note, created_at, placed_at, changed_at, remind_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
           $24, $25, $26, $27, $28, $27, $29)
         ON CONFLICT DO NOTHING",
        new.id.0,
        operator.0,
        terms.reseller_id,
        terms.relationship_id,
        terms.provider_id,
        terms.offering_id,
        new.contract_id,
        new.token_hash,
        source,
        state,
        terms.offering_name,
        terms.term_days,
        quantity,
        terms.markup,
        terms.currency,
        terms.base_price,
        base_exact,
        markup_exact,
        total_exact,
        quote.base_minor,
        quote.markup_minor,
        quote.total_minor,
        new.customer.name,
        new.customer.email,
        new.customer.phone,
        new.customer.note,
        now.0,
        placed_at,
        remind_at
    )
    .execute(conn)
    .await?;
    Ok(stored.rows_affected() == 1)
}

/// A draft's new content: still a draft, or placed.
pub(super) struct Content<'a> {
    pub(super) state: OrderState,
    pub(super) priced: &'a Priced,
    pub(super) customer: &'a OrderCustomer,
    pub(super) remind_at: Option<Timestamp>,
}

/// Only of a draft, as it was read.
pub(super) async fn write_draft(
    conn: &mut Conn,
    draft: &OrderRecord,
    content: &Content<'_>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let Priced { terms, quantity, quote, .. } = content.priced;
    let (state, quantity) = (content.state.as_str(), i64::from(*quantity));
    let (base_exact, markup_exact, total_exact) = (quote.base.get(), quote.markup.get(), quote.total.get());
    let placed_at = (content.state == OrderState::Placed).then_some(now.0);
    let remind_at = content.remind_at.map(|at| at.0);
    let done = sqlx::query!(
        "UPDATE market_order SET offering_id = $3, state = $4, offering_name = $5, term_days = $6, quantity = $7, markup = $8,
           unit_base = $9, base_exact = $10, markup_exact = $11, total_exact = $12, base = $13, markup_amount = $14,
           total = $15, customer_name = $16, customer_email = $17, customer_phone = $18, customer_note = $19,
           placed_at = $20, changed_at = $21, remind_at = $22, revision = revision + 1
         WHERE id = $1 AND revision = $2 AND state = 'draft'",
        draft.id,
        draft.revision,
        terms.offering_id,
        state,
        terms.offering_name,
        terms.term_days,
        quantity,
        terms.markup,
        terms.base_price,
        base_exact,
        markup_exact,
        total_exact,
        quote.base_minor,
        quote.markup_minor,
        quote.total_minor,
        content.customer.name,
        content.customer.email,
        content.customer.phone,
        content.customer.note,
        placed_at,
        now.0,
        remind_at
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What a step made of an order; only of the one that was read.
pub(super) async fn save(
    conn: &mut Conn,
    after: &OrderRecord,
    remind_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let remind_at = remind_at.map(|at| at.0);
    let done = sqlx::query!(
        "UPDATE market_order SET state = $3, refunded = $4, refunded_base = $5, delivered = $6, payment_method = $7,
           payment_reference = $8, external_id = $9, details = $10, reason = $11, paid_at = $12, ended_at = $13,
           remind_at = $14, reminders = 0, changed_at = $15, revision = revision + 1
         WHERE id = $1 AND revision = $2",
        after.id,
        after.revision,
        after.state,
        after.refunded,
        after.refunded_base,
        after.delivered,
        after.payment_method,
        after.payment_reference,
        after.external_id,
        after.details,
        after.reason,
        after.paid_at,
        after.ended_at,
        remind_at,
        now.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A step that somebody took.
pub(super) struct StepRow {
    pub(super) order_id: Uuid,
    pub(super) seq: i64,
    pub(super) step: String,
    pub(super) state: String,
    pub(super) at: i64,
    pub(super) by_kind: String,
    pub(super) by_member: Option<String>,
    pub(super) by_staff: Option<String>,
    pub(super) device: Option<String>,
    pub(super) device_at: Option<i64>,
    pub(super) units: i64,
    pub(super) base: i64,
    pub(super) markup_amount: i64,
    pub(super) note: String,
}

/// Steps with who took them.
macro_rules! step_rows {
    ($rest:literal, $value:expr) => {
        sqlx::query_as!(
            StepRow,
            r#"SELECT s.order_id AS "order_id!: Uuid", s.seq AS "seq!: i64", s.step AS "step!: String",
                      s.state AS "state!: String", s.at AS "at!: i64", s.by_kind AS "by_kind!: String",
                      (SELECT m.username FROM member m WHERE s.by_kind = 'member' AND m.id = s.by_id)
                        AS "by_member?: String",
                      (SELECT f.username FROM staff f WHERE s.by_kind = 'staff' AND f.id = s.by_id)
                        AS "by_staff?: String",
                      (SELECT d.name FROM device d WHERE d.id = s.device_id) AS "device?: String",
                      s.device_at AS "device_at?: i64", s.units AS "units!: i64", s.base AS "base!: i64",
                      s.markup_amount AS "markup_amount!: i64", s.note AS "note!: String"
               FROM order_step s "#
                + $rest,
            $value
        )
    };
}

/// Whichever order it belongs to.
pub(super) async fn step(conn: &mut Conn, id: Uuid) -> Result<Option<StepRow>, sqlx::Error> {
    step_rows!("WHERE s.step_id = $1", id).fetch_optional(conn).await
}

/// Oldest first; an order has few.
pub(super) async fn steps(conn: &mut Conn, order: OrderId) -> Result<Vec<StepRow>, sqlx::Error> {
    step_rows!("WHERE s.order_id = $1 ORDER BY s.seq", order.0).fetch_all(conn).await
}

/// A step before it is stored.
pub(super) struct NewStep<'a> {
    pub(super) id: Uuid,
    pub(super) step: OrderStep,
    pub(super) state: OrderState,
    /// 'staff', 'member', 'customer' or 'program', and which.
    pub(super) by: (&'a str, Option<Uuid>),
    pub(super) device: Option<(DeviceId, Timestamp)>,
    pub(super) units: i64,
    pub(super) base: i64,
    pub(super) markup: i64,
    pub(super) note: &'a str,
}

/// Under the order's lock; gives its place in the order's history, none where another order's step has this id.
pub(super) async fn insert_step(
    conn: &mut Conn,
    order: &OrderRecord,
    new: &NewStep<'_>,
    now: Timestamp,
) -> Result<Option<i64>, sqlx::Error> {
    let seq = sqlx::query_scalar!(
        r#"SELECT COALESCE(MAX(seq), 0) + 1 AS "seq!: i64" FROM order_step WHERE order_id = $1"#,
        order.id
    )
    .fetch_one(&mut *conn)
    .await?;
    let (step, state, (by_kind, by_id)) = (new.step.as_str(), new.state.as_str(), new.by);
    let (device, device_at) = (new.device.map(|(id, _)| id.0), new.device.map(|(_, at)| at.0));
    let stored = sqlx::query!(
        "INSERT INTO order_step (order_id, seq, operator_id, relationship_id, provider_id, step_id, step, state, at, by_kind,
           by_id, device_id, device_at, units, base, markup_amount, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
         ON CONFLICT (step_id) DO NOTHING",
        order.id,
        seq,
        order.operator_id,
        order.relationship_id,
        order.provider_id,
        new.id,
        step,
        state,
        now.0,
        by_kind,
        by_id,
        device,
        device_at,
        new.units,
        new.base,
        new.markup,
        new.note
    )
    .execute(conn)
    .await?;
    Ok((stored.rows_affected() == 1).then_some(seq))
}

pub(super) async fn offering_exists(
    conn: &mut Conn,
    operator: OperatorId,
    offering: OfferingId,
) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM offering WHERE operator_id = $1 AND id = $2"#,
        operator.0,
        offering.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// An order whose reseller is to be reminded.
pub(super) struct Due {
    pub(super) id: Uuid,
    pub(super) operator_id: Uuid,
}

/// So many, past so many.
pub(super) async fn due(conn: &mut Conn, now: Timestamp, (limit, past): (i64, i64)) -> Result<Vec<Due>, sqlx::Error> {
    sqlx::query_as!(
        Due,
        r#"SELECT id AS "id!: Uuid", operator_id AS "operator_id!: Uuid" FROM market_order
           WHERE remind_at IS NOT NULL AND remind_at <= $1 ORDER BY remind_at, id LIMIT $2 OFFSET $3"#,
        now.0,
        limit,
        past
    )
    .fetch_all(conn)
    .await
}

/// Reminders since its last step, of one that is still due.
pub(super) async fn reminders(conn: &mut Conn, id: OrderId, now: Timestamp) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT reminders AS "reminders!: i64" FROM market_order WHERE id = $1 AND remind_at <= $2"#,
        id.0,
        now.0
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn reminded(
    conn: &mut Conn,
    id: OrderId,
    reminders: i64,
    next: Option<Timestamp>,
) -> Result<(), sqlx::Error> {
    let next = next.map(|at| at.0);
    sqlx::query!("UPDATE market_order SET reminders = $2, remind_at = $3 WHERE id = $1", id.0, reminders, next)
        .execute(conn)
        .await
        .map(|_| ())
}
