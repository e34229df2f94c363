//! SQL of requests for credit.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{MemberId, OperatorId, ResellerId, StaffId, TopUpRequestId, TransferId};
use counterfoil_domain::time::Timestamp;
use counterfoil_domain::top_up::TopUpState;
use uuid::Uuid;

use crate::dialect::Conn;
use crate::engine::credit_packs::PackTerms;

pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) reseller_id: Uuid,
    pub(super) company: String,
    pub(super) pack_id: Option<Uuid>,
    pub(super) pack_version: Option<i64>,
    pub(super) pack_name: Option<String>,
    pub(super) price: Option<i64>,
    pub(super) currency: Option<String>,
    pub(super) amount: i64,
    pub(super) unit: String,
    pub(super) note: String,
    pub(super) state: String,
    pub(super) asked_at: i64,
    pub(super) asked_by: String,
    pub(super) decided_at: Option<i64>,
    pub(super) decided_by: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) transfer_id: Option<Uuid>,
    pub(super) balance: i64,
}

/// Requests with the names of who is in them.
macro_rules! rows {
    ($rest:literal, $($value:expr),*) => {
        sqlx::query_as!(
            Row,
            r#"SELECT q.id AS "id!: Uuid", q.reseller_id AS "reseller_id!: Uuid", r.company AS "company!: String",
                      q.pack_id AS "pack_id?: Uuid", q.pack_version AS "pack_version?: i64",
                      q.pack_name AS "pack_name?: String", q.price AS "price?: i64", q.currency AS "currency?: String",
                      q.amount AS "amount!: i64", q.unit AS "unit!: String", q.note AS "note!: String",
                      q.state AS "state!: String", q.asked_at AS "asked_at!: i64", m.username AS "asked_by!: String",
                      q.decided_at AS "decided_at?: i64", s.username AS "decided_by?: String",
                      q.reason AS "reason?: String", q.transfer_id AS "transfer_id?: Uuid",
                      w.balance AS "balance!: i64"
               FROM top_up_request q JOIN reseller r ON r.id = q.reseller_id JOIN member m ON m.id = q.asked_by
                 JOIN ledger_account w ON w.owner_id = q.reseller_id AND w.kind = 'wallet'
                 LEFT JOIN staff s ON s.id = q.decided_by "# + $rest,
            $($value),*
        )
    };
}

pub(super) async fn by_id(
    conn: &mut Conn,
    operator: OperatorId,
    id: TopUpRequestId,
) -> Result<Option<Row>, sqlx::Error> {
    rows!("WHERE q.operator_id = $1 AND q.id = $2", operator.0, id.0).fetch_optional(conn).await
}

pub(super) async fn all(
    conn: &mut Conn,
    operator: OperatorId,
    (at, id): (i64, Uuid),
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    rows!(
        "WHERE q.operator_id = $1 AND (q.asked_at, q.id) < ($2, $3) ORDER BY q.asked_at DESC, q.id DESC LIMIT $4",
        operator.0,
        at,
        id,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn of_state(
    conn: &mut Conn,
    operator: OperatorId,
    state: TopUpState,
    (at, id): (i64, Uuid),
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let state = state.as_str();
    rows!(
        "WHERE q.operator_id = $1 AND q.state = $2 AND (q.asked_at, q.id) < ($3, $4)
         ORDER BY q.asked_at DESC, q.id DESC LIMIT $5",
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
pub(super) async fn of_reseller(
    conn: &mut Conn,
    reseller: ResellerId,
    state: Option<TopUpState>,
    (at, id): (i64, Uuid),
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let (any, state) = (state.is_none(), state.map_or("", TopUpState::as_str));
    rows!(
        "WHERE q.reseller_id = $1 AND ($2 OR q.state = $3) AND (q.asked_at, q.id) < ($4, $5)
         ORDER BY q.asked_at DESC, q.id DESC LIMIT $6",
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

pub(super) async fn exists(conn: &mut Conn, id: TopUpRequestId) -> Result<bool, sqlx::Error> {
    let found =
        sqlx::query_scalar!(r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM top_up_request WHERE id = $1"#, id.0)
            .fetch_optional(conn)
            .await?;
    Ok(found.is_some())
}

pub(super) async fn count_open(conn: &mut Conn, reseller: ResellerId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "count!: i64" FROM top_up_request WHERE reseller_id = $1 AND state = 'open'"#,
        reseller.0
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn lock_reseller(conn: &mut Conn, reseller: ResellerId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE reseller SET status = status WHERE id = $1", reseller.0).execute(conn).await.map(|_| ())
}

pub(super) async fn lock(conn: &mut Conn, id: TopUpRequestId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE top_up_request SET state = state WHERE id = $1", id.0).execute(conn).await.map(|_| ())
}

pub(super) struct New<'a> {
    pub(super) id: TopUpRequestId,
    pub(super) reseller: ResellerId,
    pub(super) member: MemberId,
    pub(super) amount: Amount,
    pub(super) note: &'a str,
    pub(super) pack: Option<&'a PackTerms>,
}

pub(super) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    new: &New<'_>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let pack = new.pack.map(|pack| pack.shown.pack_id.0);
    let version = new.pack.map(|pack| i64::from(pack.shown.version));
    let (name, price) = (new.pack.map(|pack| &*pack.name), new.pack.map(|pack| pack.price.value()));
    let currency = new.pack.map(|pack| pack.price.unit().to_string());
    let (amount, unit) = (new.amount.value(), new.amount.unit().to_string());
    sqlx::query!(
        "INSERT INTO top_up_request (id, operator_id, reseller_id, pack_id, pack_version, pack_name, price, currency,
                                     amount, unit, note, state, asked_at, asked_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', $12, $13)",
        new.id.0,
        operator.0,
        new.reseller.0,
        pack,
        version,
        name,
        price,
        currency,
        amount,
        unit,
        new.note,
        now.0,
        new.member.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// What is said to a request.
pub(super) struct Answer<'a> {
    pub(super) state: TopUpState,
    /// None where the reseller took it back.
    pub(super) staff: Option<StaffId>,
    pub(super) reason: Option<&'a str>,
}

/// Only an open one.
pub(super) async fn decide(
    conn: &mut Conn,
    id: TopUpRequestId,
    answer: &Answer<'_>,
    transfer: Option<TransferId>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let (state, staff, transfer) = (answer.state.as_str(), answer.staff.map(|id| id.0), transfer.map(|id| id.0));
    let decided = sqlx::query!(
        "UPDATE top_up_request SET state = $2, decided_at = $3, decided_by = $4, reason = $5, transfer_id = $6
         WHERE id = $1 AND state = 'open'",
        id.0,
        state,
        now.0,
        staff,
        answer.reason,
        transfer
    )
    .execute(conn)
    .await?;
    Ok(decided.rows_affected() == 1)
}
