//! SQL of orders: the cache's rows, and the deliveries laid over them.

use counterfoil_domain::ids::{OrderId, ProviderId};
use counterfoil_domain::market::OrderState;
use counterfoil_domain::oplog::{Op, OpBody};
use counterfoil_wire::orders::Order;
use sqlx::SqliteConnection;

use super::Place;
use super::shown::Own;
use crate::store::StoreError;

/// What the cache has of an order.
struct Body {
    body: String,
}

/// An order with the version of its row.
struct Versioned {
    body: String,
    version: i64,
}

fn order(body: &str) -> Result<Order, StoreError> {
    serde_json::from_str(body).map_err(|error| StoreError::unknown("cached_order", "body", error.to_string()))
}

fn orders(rows: &[Body]) -> Result<Vec<Order>, StoreError> {
    rows.iter().map(|row| order(&row.body)).collect()
}

/// The order that people call so, and the version of its row.
pub(super) async fn of_contract(
    db: &mut SqliteConnection,
    contract_id: &str,
) -> Result<Option<(Order, i64)>, StoreError> {
    let found =
        sqlx::query_as!(Versioned, "SELECT body, version FROM cached_order WHERE contract_id = ?1", contract_id)
            .fetch_optional(db)
            .await?;
    found.map(|row| Ok((order(&row.body)?, row.version))).transpose()
}

/// Orders with something laid over them, each with the version of its row.
pub(super) async fn overlaid(db: &mut SqliteConnection) -> Result<Vec<(Order, i64)>, StoreError> {
    let rows = sqlx::query_as!(
        Versioned,
        "SELECT body, version FROM cached_order WHERE order_id IN (SELECT order_id FROM order_overlay)"
    )
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| Ok((order(&row.body)?, row.version))).collect()
}

/// What was delivered of an order here and a row of this version does not show, in its order. What was told twice under
/// one id counts once, as at Central.
pub(super) async fn own(db: &mut SqliteConnection, order: OrderId, row_version: i64) -> Result<Vec<Own>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT op.body, order_overlay.version AS "version?: i64" FROM order_overlay
        JOIN op ON op.op_seq = order_overlay.op_seq
        WHERE order_overlay.order_id = ?1 AND (order_overlay.version IS NULL OR order_overlay.version > ?2)
        AND NOT EXISTS (SELECT 1 FROM op AS told WHERE told.op_id = op.op_id AND told.op_seq < op.op_seq)
        ORDER BY op.op_seq"#,
        order.0,
        row_version
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            let wrong = |detail: String| StoreError::unknown("op", "body", detail);
            let op = Op::from_bytes(row.body.as_bytes()).map_err(|error| wrong(error.to_string()))?;
            let OpBody::Fulfilment { units, external_id, details, .. } = op.body else {
                return Err(wrong(String::from("another kind than the delivery it is laid over as")));
            };
            let (at, sent) = (op.created_at, row.version.is_some());
            Ok(Own { units, external_id, details, at, sent, state: OrderState::Draft })
        })
        .collect()
}

/// The kept counts of the cache, per state, without what is laid over.
pub(super) async fn counts(db: &mut SqliteConnection) -> Result<Vec<(OrderState, i64)>, StoreError> {
    let rows = sqlx::query!("SELECT state, count FROM order_count WHERE count > 0").fetch_all(db).await?;
    rows.into_iter()
        .map(|row| {
            let state = OrderState::from_stored(&row.state);
            Ok((state.ok_or_else(|| StoreError::unknown("order_count", "state", row.state))?, row.count))
        })
        .collect()
}

/// Of a state, the oldest first; without those that have something laid over them.
pub(super) async fn in_state(
    db: &mut SqliteConnection,
    state: OrderState,
    provider: Option<ProviderId>,
    after: Place,
    limit: i64,
) -> Result<Vec<Order>, StoreError> {
    let (state, provider) = (state.as_str(), provider.map(|id| id.0));
    let rows = sqlx::query_as!(
        Body,
        "SELECT body FROM cached_order
        WHERE state = ?1 AND created_at >= ?2 AND (created_at > ?2 OR order_id > ?3)
            AND (?4 IS NULL OR provider_id = ?4) AND order_id NOT IN (SELECT order_id FROM order_overlay)
        ORDER BY created_at, order_id LIMIT ?5",
        state,
        after.at,
        after.order,
        provider,
        limit
    )
    .fetch_all(db)
    .await?;
    orders(&rows)
}

/// Of all states, the latest first; without those that have something laid over them.
pub(super) async fn latest(
    db: &mut SqliteConnection,
    provider: Option<ProviderId>,
    after: Place,
    limit: i64,
) -> Result<Vec<Order>, StoreError> {
    let (before, provider) = (after.at.saturating_neg(), provider.map(|id| id.0));
    let rows = sqlx::query_as!(
        Body,
        "SELECT body FROM cached_order
        WHERE created_at <= ?1 AND (created_at < ?1 OR order_id > ?2)
            AND (?3 IS NULL OR provider_id = ?3) AND order_id NOT IN (SELECT order_id FROM order_overlay)
        ORDER BY created_at DESC, order_id LIMIT ?4",
        before,
        after.order,
        provider,
        limit
    )
    .fetch_all(db)
    .await?;
    orders(&rows)
}

/// What a search asks of the cache's rows.
pub(super) struct Sought<'a> {
    /// A contract id, from its beginning.
    pub(super) contract: &'a str,
    /// A customer's whole address.
    pub(super) email: &'a str,
    pub(super) state: Option<OrderState>,
    pub(super) provider: Option<ProviderId>,
}

/// Found by its name or its customer, the oldest or the latest first; without those that have something laid over them.
pub(super) async fn found(
    db: &mut SqliteConnection,
    sought: &Sought<'_>,
    latest_first: bool,
    after: Place,
    limit: i64,
) -> Result<Vec<Order>, StoreError> {
    let end = format!("{}\u{10ffff}", sought.contract);
    let (state, provider) = (sought.state.map(OrderState::as_str), sought.provider.map(|id| id.0));
    let direction = if latest_first { -1_i64 } else { 1 };
    let rows = sqlx::query_as!(
        Body,
        r#"SELECT body AS "body!" FROM cached_order
        WHERE order_id IN (
            SELECT order_id FROM cached_order WHERE contract_id >= ?1 AND contract_id < ?2
            UNION SELECT order_id FROM cached_order WHERE customer_email = ?3)
        AND (?4 IS NULL OR state = ?4) AND (?5 IS NULL OR provider_id = ?5)
        AND order_id NOT IN (SELECT order_id FROM order_overlay)
        AND created_at * ?6 >= ?7 AND (created_at * ?6 > ?7 OR order_id > ?8)
        ORDER BY created_at * ?6, order_id LIMIT ?9"#,
        sought.contract,
        end,
        sought.email,
        state,
        provider,
        direction,
        after.at,
        after.order,
        limit
    )
    .fetch_all(db)
    .await?;
    orders(&rows)
}
