//! SQL of payouts.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::commission::{PayoutMethod, PayoutState};
use counterfoil_domain::ids::{MemberId, OperatorId, PayoutId, ResellerId, StaffId, TransferId};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use super::earnings::Taken;
use crate::dialect::Conn;

pub(in crate::engine::commission) struct Row {
    pub(in crate::engine::commission) id: Uuid,
    pub(in crate::engine::commission) reseller_id: Uuid,
    pub(in crate::engine::commission) company: String,
    pub(in crate::engine::commission) amount: i64,
    pub(in crate::engine::commission) currency: String,
    pub(in crate::engine::commission) earned: i64,
    pub(in crate::engine::commission) earnings: i64,
    pub(in crate::engine::commission) description: String,
    pub(in crate::engine::commission) method: String,
    pub(in crate::engine::commission) destination: String,
    pub(in crate::engine::commission) state: String,
    pub(in crate::engine::commission) asked_at: i64,
    pub(in crate::engine::commission) asked_by: String,
    pub(in crate::engine::commission) approved_at: Option<i64>,
    pub(in crate::engine::commission) sent_at: Option<i64>,
    pub(in crate::engine::commission) reference: Option<String>,
    pub(in crate::engine::commission) ended_at: Option<i64>,
    pub(in crate::engine::commission) changed_by: Option<String>,
    pub(in crate::engine::commission) reason: Option<String>,
}

/// Payouts with the names of who is in them.
macro_rules! rows {
    ($rest:literal, $($value:expr),*) => {
        sqlx::query_as!(
            Row,
            r#"SELECT p.id AS "id!: Uuid", p.reseller_id AS "reseller_id!: Uuid", r.company AS "company!: String",
                      p.amount AS "amount!: i64", p.currency AS "currency!: String", p.earned AS "earned!: i64",
                      p.earnings AS "earnings!: i64", p.description AS "description!: String",
                      p.method AS "method!: String", p.destination AS "destination!: String",
                      p.state AS "state!: String", p.asked_at AS "asked_at!: i64", m.username AS "asked_by!: String",
                      p.approved_at AS "approved_at?: i64", p.sent_at AS "sent_at?: i64",
                      p.reference AS "reference?: String", p.ended_at AS "ended_at?: i64",
                      s.username AS "changed_by?: String", p.reason AS "reason?: String"
               FROM payout p JOIN reseller r ON r.id = p.reseller_id JOIN member m ON m.id = p.asked_by
                 LEFT JOIN staff s ON s.id = p.changed_by "# + $rest,
            $($value),*
        )
    };
}

pub(in crate::engine::commission) async fn by_id(
    conn: &mut Conn,
    operator: OperatorId,
    id: PayoutId,
) -> Result<Option<Row>, sqlx::Error> {
    rows!("WHERE p.operator_id = $1 AND p.id = $2", operator.0, id.0).fetch_optional(conn).await
}

/// The one that is on its way.
pub(in crate::engine::commission) async fn open(
    conn: &mut Conn,
    reseller: ResellerId,
) -> Result<Option<Row>, sqlx::Error> {
    rows!("WHERE p.reseller_id = $1 AND p.state IN ('requested', 'approved', 'sent')", reseller.0)
        .fetch_optional(conn)
        .await
}

pub(in crate::engine::commission) async fn all(
    conn: &mut Conn,
    operator: OperatorId,
    (at, id): (i64, Uuid),
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    rows!(
        "WHERE p.operator_id = $1 AND (p.asked_at, p.id) < ($2, $3) ORDER BY p.asked_at DESC, p.id DESC LIMIT $4",
        operator.0,
        at,
        id,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(in crate::engine::commission) async fn of_state(
    conn: &mut Conn,
    operator: OperatorId,
    state: PayoutState,
    (at, id): (i64, Uuid),
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let state = state.as_str();
    rows!(
        "WHERE p.operator_id = $1 AND p.state = $2 AND (p.asked_at, p.id) < ($3, $4)
         ORDER BY p.asked_at DESC, p.id DESC LIMIT $5",
        operator.0,
        state,
        at,
        id,
        limit
    )
    .fetch_all(conn)
    .await
}

/// A reseller has few in any one state, or looks at all.
pub(in crate::engine::commission) async fn of_reseller(
    conn: &mut Conn,
    reseller: ResellerId,
    state: Option<PayoutState>,
    (at, id): (i64, Uuid),
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let (any, state) = (state.is_none(), state.map_or("", PayoutState::as_str));
    rows!(
        "WHERE p.reseller_id = $1 AND ($2 OR p.state = $3) AND (p.asked_at, p.id) < ($4, $5)
         ORDER BY p.asked_at DESC, p.id DESC LIMIT $6",
        reseller.0,
        any,
        state,
        at,
        id,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(in crate::engine::commission) async fn exists(conn: &mut Conn, id: PayoutId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM payout WHERE id = $1"#, id.0)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

pub(in crate::engine::commission) async fn lock(conn: &mut Conn, id: PayoutId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE payout SET state = state WHERE id = $1", id.0).execute(conn).await.map(|_| ())
}

pub(in crate::engine::commission) struct New<'a> {
    pub(in crate::engine::commission) id: PayoutId,
    pub(in crate::engine::commission) reseller: ResellerId,
    pub(in crate::engine::commission) member: MemberId,
    pub(in crate::engine::commission) amount: Amount,
    pub(in crate::engine::commission) taken: &'a Taken,
    pub(in crate::engine::commission) description: &'a str,
    pub(in crate::engine::commission) method: PayoutMethod,
    pub(in crate::engine::commission) destination: &'a str,
    pub(in crate::engine::commission) transfer: TransferId,
}

pub(in crate::engine::commission) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    new: &New<'_>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let (amount, currency, method) = (new.amount.value(), new.amount.unit().to_string(), new.method.as_str());
    sqlx::query!(
        "INSERT INTO payout (id, operator_id, reseller_id, amount, currency, earned, earnings, description, method,
                             destination, state, asked_at, asked_by, transfer_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'requested', $11, $12, $13)",
        new.id.0,
        operator.0,
        new.reseller.0,
        amount,
        currency,
        new.taken.earned,
        new.taken.earnings,
        new.description,
        method,
        new.destination,
        now.0,
        new.member.0,
        new.transfer.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// A step of a payout.
pub(in crate::engine::commission) struct Step<'a> {
    pub(in crate::engine::commission) from: PayoutState,
    pub(in crate::engine::commission) to: PayoutState,
    pub(in crate::engine::commission) staff: StaffId,
    pub(in crate::engine::commission) reference: Option<&'a str>,
    pub(in crate::engine::commission) reason: Option<&'a str>,
}

/// Only from the state it was read in.
pub(in crate::engine::commission) async fn step(
    conn: &mut Conn,
    id: PayoutId,
    step: &Step<'_>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let at = |state| (step.to == state).then_some(now.0);
    let (approved, sent) = (at(PayoutState::Approved), at(PayoutState::Sent));
    let ended = at(PayoutState::Confirmed).or(at(PayoutState::Failed));
    let (from, to) = (step.from.as_str(), step.to.as_str());
    let done = sqlx::query!(
        "UPDATE payout SET state = $3, changed_by = $4, approved_at = COALESCE(approved_at, $5),
           sent_at = COALESCE(sent_at, $6), ended_at = $7, reference = COALESCE(reference, $8), reason = $9
         WHERE id = $1 AND state = $2",
        id.0,
        from,
        to,
        step.staff.0,
        approved,
        sent,
        ended,
        step.reference,
        step.reason
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
