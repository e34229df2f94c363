//! SQL of earnings.

mod new;
mod payout;
mod release;
mod reversal;
mod sums;

use counterfoil_domain::commission::EarningState;
use counterfoil_domain::ids::{EarningId, OperatorId, ResellerId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::commission::SourceKind;
use uuid::Uuid;

use crate::dialect::Conn;

pub(crate) use new::New;
pub(in crate::engine::commission) use payout::{Taken, available, pay, put_into_payout, take_out_of_payout};
pub(in crate::engine::commission) use release::{make_available, pending, to_release};
pub(in crate::engine::commission) use reversal::{Share, of_source, reverse};
pub(in crate::engine::commission) use sums::{OfAccount, Totals, of_accounts, totals, totals_of_all};

pub(in crate::engine::commission) struct Row {
    pub(in crate::engine::commission) id: Uuid,
    pub(in crate::engine::commission) source_kind: String,
    pub(in crate::engine::commission) source_id: Uuid,
    pub(in crate::engine::commission) level: i64,
    pub(in crate::engine::commission) seller_id: Uuid,
    pub(in crate::engine::commission) seller: String,
    pub(in crate::engine::commission) beneficiary_id: Uuid,
    pub(in crate::engine::commission) company: String,
    pub(in crate::engine::commission) account_id: Uuid,
    pub(in crate::engine::commission) username: String,
    pub(in crate::engine::commission) reference: String,
    pub(in crate::engine::commission) plan_name: String,
    pub(in crate::engine::commission) price: i64,
    pub(in crate::engine::commission) currency: String,
    pub(in crate::engine::commission) facts: String,
    pub(in crate::engine::commission) basis: String,
    pub(in crate::engine::commission) rate_bp: i64,
    pub(in crate::engine::commission) rate_before_cap_bp: i64,
    pub(in crate::engine::commission) amount: i64,
    pub(in crate::engine::commission) rules_version: i64,
    pub(in crate::engine::commission) sold_at: i64,
    pub(in crate::engine::commission) available_at: i64,
    pub(in crate::engine::commission) state: String,
    pub(in crate::engine::commission) payout_id: Option<Uuid>,
    pub(in crate::engine::commission) reversed_at: Option<i64>,
    pub(in crate::engine::commission) reason: Option<String>,
}

/// Earnings with the names of who is in them.
macro_rules! rows {
    ($rest:literal, $($value:expr),*) => {
        sqlx::query_as!(
            Row,
            r#"SELECT e.id AS "id!: Uuid", e.source_kind AS "source_kind!: String", e.source_id AS "source_id!: Uuid",
                      e.level AS "level!: i64", e.seller_id AS "seller_id!: Uuid", s.company AS "seller!: String",
                      e.beneficiary_id AS "beneficiary_id!: Uuid", b.company AS "company!: String",
                      e.account_id AS "account_id!: Uuid", a.username AS "username!: String",
                      e.reference AS "reference!: String", e.plan_name AS "plan_name!: String",
                      e.price AS "price!: i64", e.currency AS "currency!: String", e.facts AS "facts!: String",
                      e.basis AS "basis!: String", e.rate_bp AS "rate_bp!: i64",
                      e.rate_before_cap_bp AS "rate_before_cap_bp!: i64", e.amount AS "amount!: i64",
                      e.rules_version AS "rules_version!: i64", e.sold_at AS "sold_at!: i64",
                      e.available_at AS "available_at!: i64", e.state AS "state!: String",
                      e.payout_id AS "payout_id?: Uuid", e.reversed_at AS "reversed_at?: i64", e.reason AS "reason?: String"
               FROM earning e JOIN reseller s ON s.id = e.seller_id JOIN reseller b ON b.id = e.beneficiary_id
                 JOIN account a ON a.id = e.account_id "# + $rest,
            $($value),*
        )
    };
}

pub(in crate::engine::commission) async fn by_id(
    conn: &mut Conn,
    operator: OperatorId,
    id: EarningId,
) -> Result<Option<Row>, sqlx::Error> {
    rows!("WHERE e.operator_id = $1 AND e.id = $2", operator.0, id.0).fetch_optional(conn).await
}

/// Of one sale, the seller's first.
pub(in crate::engine::commission) async fn shares(
    conn: &mut Conn,
    source: SourceKind,
    id: Uuid,
) -> Result<Vec<Row>, sqlx::Error> {
    let kind = source.as_str();
    rows!("WHERE e.source_kind = $1 AND e.source_id = $2 ORDER BY e.level", kind, id).fetch_all(conn).await
}

pub(in crate::engine::commission) async fn of_reseller(
    conn: &mut Conn,
    reseller: ResellerId,
    (at, id): (i64, Uuid),
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    rows!(
        "WHERE e.beneficiary_id = $1 AND (e.sold_at, e.id) < ($2, $3) ORDER BY e.sold_at DESC, e.id DESC LIMIT $4",
        reseller.0,
        at,
        id,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(in crate::engine::commission) async fn of_state(
    conn: &mut Conn,
    reseller: ResellerId,
    state: EarningState,
    (at, id): (i64, Uuid),
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let state = state.as_str();
    rows!(
        "WHERE e.beneficiary_id = $1 AND e.state = $2 AND (e.sold_at, e.id) < ($3, $4)
         ORDER BY e.sold_at DESC, e.id DESC LIMIT $5",
        reseller.0,
        state,
        at,
        id,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(in crate::engine::commission) async fn of_period(
    conn: &mut Conn,
    reseller: ResellerId,
    (from, until): (Timestamp, Timestamp),
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    rows!(
        "WHERE e.beneficiary_id = $1 AND e.sold_at >= $2 AND e.sold_at < $3
         ORDER BY e.sold_at DESC, e.id DESC LIMIT $4",
        reseller.0,
        from.0,
        until.0,
        limit
    )
    .fetch_all(conn)
    .await
}

/// What was posted for an earning.
pub(in crate::engine::commission) struct Event {
    pub(in crate::engine::commission) source_event: String,
    pub(in crate::engine::commission) kind: String,
    pub(in crate::engine::commission) amount: i64,
    pub(in crate::engine::commission) at: i64,
}

pub(in crate::engine::commission) async fn events(
    conn: &mut Conn,
    [first, second, third]: [&str; 3],
) -> Result<Vec<Event>, sqlx::Error> {
    sqlx::query_as!(
        Event,
        "SELECT source_event, kind, amount, at FROM transfer WHERE source_event IN ($1, $2, $3) ORDER BY at, id",
        first,
        second,
        third
    )
    .fetch_all(conn)
    .await
}
