//! SQL of leases.

use counterfoil_domain::ids::{DeviceId, LeaseId, OperatorId, ResellerId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::leases::LeasesQuery;
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::record::{LeaseRecord, LeaseView, SlotRecord, lease_records, lease_views};
use crate::dialect::{Conn, Db};

/// Takes the row's lock; what is read is what stands until the commit.
pub(crate) async fn lock(conn: &mut Conn, lease: LeaseId) -> Result<Option<LeaseRecord>, sqlx::Error> {
    lease_records!("UPDATE lease SET state = state WHERE id = $1 RETURNING", "", lease.0).fetch_optional(conn).await
}

/// The same without the lock, for what only looks.
pub(crate) async fn find(conn: &mut Conn, lease: LeaseId) -> Result<Option<LeaseRecord>, sqlx::Error> {
    lease_records!("SELECT", "FROM lease WHERE id = $1", lease.0).fetch_optional(conn).await
}

pub(crate) async fn slot(conn: &mut Conn, lease: LeaseId, slot: u8) -> Result<Option<SlotRecord>, sqlx::Error> {
    let slot = i64::from(slot);
    sqlx::query_as!(
        SlotRecord,
        r#"SELECT slot AS "slot!: i64", plan_id AS "plan_id!: Uuid", plan_name AS "plan_name!: String",
             term_days AS "term_days!: i64", cost AS "cost!: i64", price AS "price!: i64"
           FROM lease_slot WHERE lease_id = $1 AND slot = $2"#,
        lease.0,
        slot
    )
    .fetch_optional(conn)
    .await
}

/// The plan of a number that was seen before.
pub(crate) async fn slot_of_seq(conn: &mut Conn, lease: LeaseId, seq: u32) -> Result<Option<SlotRecord>, sqlx::Error> {
    let seq = i64::from(seq);
    sqlx::query_as!(
        SlotRecord,
        r#"SELECT s.slot AS "slot!: i64", s.plan_id AS "plan_id!: Uuid", s.plan_name AS "plan_name!: String",
             s.term_days AS "term_days!: i64", s.cost AS "cost!: i64", s.price AS "price!: i64"
           FROM lease_slot s JOIN code c ON c.source_id = s.lease_id AND c.slot = s.slot
           WHERE s.lease_id = $1 AND c.seq = $2"#,
        lease.0,
        seq
    )
    .fetch_optional(conn)
    .await
}

/// So many more codes of this lease have settled.
pub(crate) async fn count_settled(conn: &mut Conn, lease: LeaseId, codes: i64) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE lease SET codes_settled = codes_settled + $2 WHERE id = $1", lease.0, codes)
        .execute(conn)
        .await
        .map(|_| ())
}

pub(super) async fn open_leases(conn: &mut Conn, device: DeviceId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "open!: i64" FROM lease WHERE device_id = $1 AND state = 'open'"#,
        device.0
    )
    .fetch_one(conn)
    .await
}

/// What every lease of this reseller begins with.
#[derive(Debug, Clone)]
pub(crate) struct Ground {
    pub(crate) status: String,
    pub(crate) settlement_mode: String,
    pub(crate) path: String,
    pub(crate) currency: String,
    pub(crate) code_prefix: String,
    pub(crate) redeem_days: i64,
}

pub(crate) async fn ground(conn: &mut Conn, reseller: Uuid) -> Result<Ground, sqlx::Error> {
    sqlx::query_as!(
        Ground,
        r#"SELECT r.status AS "status!: String", r.settlement_mode AS "settlement_mode!: String",
             r.path AS "path!: String", o.currency AS "currency!: String", o.code_prefix AS "code_prefix!: String",
             o.redeem_days AS "redeem_days!: i64"
           FROM reseller r JOIN operator o ON o.id = r.operator_id WHERE r.id = $1"#,
        reseller
    )
    .fetch_one(conn)
    .await
}

/// Days of service this device sold, per day since `since`.
///
/// Its leases lead to the rows, so that it costs what this device sold and not what its shop did.
pub(super) async fn daily_use(
    conn: &mut Conn,
    device: DeviceId,
    since: Timestamp,
) -> Result<Vec<(i64, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT c.settled_at / 86400000 AS "day!: i64", CAST(SUM(c.term_days) AS BIGINT) AS "days!: i64"
           FROM lease l JOIN code c ON c.source_id = l.id
           WHERE l.device_id = $1 AND l.settle_until >= $2 AND c.settled_at >= $2 GROUP BY c.settled_at / 86400000"#,
        device.0,
        since.0
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.day, row.days)).collect())
}

/// Devices of the reseller that are not frozen and were heard of since `since`.
pub(super) async fn tills_at_work(conn: &mut Conn, reseller: ResellerId, since: Timestamp) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "tills!: i64" FROM device
           WHERE reseller_id = $1 AND status = 'active' AND COALESCE(last_seen_at, enrolled_at) >= $2"#,
        reseller.0,
        since.0
    )
    .fetch_one(conn)
    .await
}

/// What a new lease is stored as.
pub(super) struct NewLease<'a> {
    pub(super) terms: &'a counterfoil_domain::lease::LeaseTerms,
    pub(super) number: i64,
    pub(super) ledger_account: Uuid,
    pub(super) blob: &'a [u8],
    pub(super) slot_names: &'a [String],
}

pub(super) async fn insert(conn: &mut Conn, lease: &NewLease<'_>) -> Result<(), sqlx::Error> {
    let terms = lease.terms;
    let (unit, currency) = (terms.unit.to_string(), terms.currency.to_string());
    let (max_codes, key_id, word_list) =
        (i64::from(terms.max_codes), i64::from(terms.key_id), i64::from(terms.word_list));
    let (salt, prefix) = (terms.salt.as_slice(), terms.prefix.as_str());
    sqlx::query!(
        "INSERT INTO lease (id, operator_id, reseller_id, device_id, number, state, ledger_account_id, amount, unit,
           currency, max_codes, key_id, salt, word_list, prefix, blob, issued_at, issue_until, settle_until, redeem_by)
         VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        terms.lease_id.0,
        terms.operator_id.0,
        terms.reseller_id.0,
        terms.device_id.0,
        lease.number,
        lease.ledger_account,
        terms.amount,
        unit,
        currency,
        max_codes,
        key_id,
        salt,
        word_list,
        prefix,
        lease.blob,
        terms.issued_at.0,
        terms.issue_until.0,
        terms.settle_until.0,
        terms.redeem_by.0
    )
    .execute(&mut *conn)
    .await?;
    for (slot, name) in terms.slots.iter().zip(lease.slot_names) {
        let (number, revision, term) = (i64::from(slot.slot), i64::from(slot.plan_version), i64::from(slot.term_days));
        sqlx::query!(
            "INSERT INTO lease_slot (lease_id, slot, plan_id, plan_revision, plan_name, term_days, cost, price)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            terms.lease_id.0,
            number,
            slot.plan_id.0,
            revision,
            name,
            term,
            slot.cost,
            slot.price
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// The number a lease was given and the feed version it stands at.
pub(super) async fn version_of(conn: &mut Conn, operator: OperatorId, lease: LeaseId) -> Result<i64, sqlx::Error> {
    let table = i64::from(counterfoil_domain::feed::FeedTable::Lease.ordinal());
    sqlx::query_scalar!(
        r#"SELECT version AS "version!: i64" FROM feed_row WHERE operator_id = $1 AND table_no = $2 AND row_key = $3"#,
        operator.0,
        table,
        lease.0
    )
    .fetch_one(conn)
    .await
}

/// Ends an open lease; false when it was not open any more.
pub(super) async fn end(
    conn: &mut Conn,
    lease: LeaseId,
    state: &str,
    cut: Option<i64>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE lease SET state = $2, cut = $3, ended_at = $4 WHERE id = $1 AND state = 'open'",
        lease.0,
        state,
        cut,
        now.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A closed lease can still be withdrawn: what it kept for lost sales is then held. So can one whose time is over: its unseen
/// codes are late claims on the wallet, and a theft may be noticed late.
pub(super) async fn revoke(
    conn: &mut Conn,
    lease: LeaseId,
    cut: Option<i64>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE lease SET state = 'revoked', cut = $2, ended_at = $3 WHERE id = $1 AND state <> 'revoked'",
        lease.0,
        cut,
        now.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes the duty to release one lease whose time to settle is over; false when another process has it.
pub(super) async fn release(conn: &mut Conn, lease: LeaseId, state: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE lease SET released_at = $3, ended_at = COALESCE(ended_at, $3), state = $2
         WHERE id = $1 AND released_at IS NULL AND settle_until <= $3",
        lease.0,
        state,
        now.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Leases whose time to settle is over and whose escrow has not gone back; so many, past so many.
pub(super) async fn to_release(
    conn: &mut Conn,
    now: Timestamp,
    (limit, past): (i64, i64),
) -> Result<Vec<(OperatorId, LeaseId)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id!: Uuid", operator_id AS "operator_id!: Uuid" FROM lease
           WHERE released_at IS NULL AND settle_until <= $1 ORDER BY settle_until, id LIMIT $2 OFFSET $3"#,
        now.0,
        limit,
        past
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (OperatorId(row.operator_id), LeaseId(row.id))).collect())
}

pub(super) async fn to_forget(
    conn: &mut Conn,
    now: Timestamp,
    (limit, past): (i64, i64),
) -> Result<Vec<(OperatorId, LeaseId)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id!: Uuid", operator_id AS "operator_id!: Uuid" FROM lease
           WHERE forgotten_at IS NULL AND redeem_by <= $1 ORDER BY redeem_by, id LIMIT $2 OFFSET $3"#,
        now.0,
        limit,
        past
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (OperatorId(row.operator_id), LeaseId(row.id))).collect())
}

pub(super) async fn forget(conn: &mut Conn, lease: LeaseId, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE lease SET forgotten_at = $2 WHERE id = $1 AND forgotten_at IS NULL AND redeem_by <= $2",
        lease.0,
        now.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn view(conn: &mut Conn, lease: LeaseId) -> Result<Option<LeaseView>, sqlx::Error> {
    lease_views!("FROM lease WHERE id = $1", lease.0).fetch_optional(conn).await
}

/// Leases before (issued, id), newest first.
pub(super) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    query: &LeasesQuery,
    before: (i64, Uuid),
    limit: i64,
) -> Result<Vec<LeaseView>, sqlx::Error> {
    let mut sql = QueryBuilder::<Db>::new(LEASE_VIEW);
    sql.push(" FROM lease WHERE operator_id = ").push_bind(operator.0);
    if let Some(reseller) = query.reseller_id {
        sql.push(" AND reseller_id = ").push_bind(reseller.0);
    }
    if let Some(device) = query.device_id {
        sql.push(" AND device_id = ").push_bind(device.0);
    }
    sql.push(" AND (issued_at, id) < (").push_bind(before.0).push(", ").push_bind(before.1);
    sql.push(") ORDER BY issued_at DESC, id DESC LIMIT ").push_bind(limit);
    sql.build_query_as::<LeaseView>().fetch_all(conn).await
}

/// The columns of a lease view where the filters vary; `lease_views!` has the checked twin.
const LEASE_VIEW: &str = "SELECT id, number, reseller_id, device_id,
  (SELECT name FROM device WHERE device.id = lease.device_id) AS device_name, state, cut, amount,
  (SELECT balance FROM ledger_account WHERE ledger_account.id = lease.ledger_account_id) AS escrow,
  unit, codes_settled, max_codes, issued_at, issue_until, settle_until, redeem_by";
