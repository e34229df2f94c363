//! SQL of earnings.

use counterfoil_domain::amount::BasisPoints;
use counterfoil_domain::commission::EarningState;
use counterfoil_domain::ids::{EarningId, OperatorId, PayoutId, ResellerId, TransferId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::commission::SourceKind;
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::due::Due;
use crate::dialect::{Conn, Db};
use crate::engine::batch::{ROWS, kept};

/// A share before it is stored.
pub(in crate::engine::commission) struct New<'a> {
    pub(in crate::engine::commission) id: EarningId,
    pub(in crate::engine::commission) due: &'a Due,
    pub(in crate::engine::commission) level: i64,
    pub(in crate::engine::commission) beneficiary: ResellerId,
    pub(in crate::engine::commission) facts: String,
    pub(in crate::engine::commission) basis: String,
    pub(in crate::engine::commission) rate: BasisPoints,
    pub(in crate::engine::commission) rate_before_cap: BasisPoints,
    pub(in crate::engine::commission) amount: i64,
    pub(in crate::engine::commission) rules_version: u32,
    pub(in crate::engine::commission) available_at: Timestamp,
    pub(in crate::engine::commission) transfer: Option<TransferId>,
}

/// Says how many were new: a share of a sale is stored once.
pub(in crate::engine::commission) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    new: &[New<'_>],
) -> Result<usize, sqlx::Error> {
    let mut stored = 0;
    for batch in new.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO earning (id, operator_id, source_kind, source_id, level, seller_id, beneficiary_id, account_id,
               reference, plan_name, price, currency, facts, basis, rate_bp, rate_before_cap_bp, amount, rules_version,
               sold_at, available_at, state, transfer_id) ",
        );
        query.push_values(batch, |mut row, new| {
            let due = new.due;
            row.push_bind(new.id.0).push_bind(operator.0).push_bind(due.source_kind.as_str()).push_bind(due.source_id);
            row.push_bind(new.level).push_bind(due.seller_id).push_bind(new.beneficiary.0).push_bind(due.account_id);
            row.push_bind(due.reference.as_str()).push_bind(due.plan_name.as_str());
            row.push_bind(due.price).push_bind(due.currency.as_str());
            row.push_bind(new.facts.as_str()).push_bind(new.basis.as_str());
            row.push_bind(i64::from(new.rate.value())).push_bind(i64::from(new.rate_before_cap.value()));
            row.push_bind(new.amount).push_bind(i64::from(new.rules_version));
            row.push_bind(due.sold_at).push_bind(new.available_at.0).push_bind(EarningState::Pending.as_str());
            row.push_bind(new.transfer.map(|id| id.0));
        });
        query.push(" ON CONFLICT (source_kind, source_id, level) DO NOTHING");
        stored += query.build().persistent(kept(batch)).execute(&mut *conn).await?.rows_affected();
    }
    Ok(usize::try_from(stored).unwrap_or(usize::MAX))
}

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

/// Sums of a period; what was taken back is in one of them only.
pub(in crate::engine::commission) struct Totals {
    pub(in crate::engine::commission) lines: i64,
    pub(in crate::engine::commission) payments: i64,
    pub(in crate::engine::commission) revenue: i64,
    pub(in crate::engine::commission) own: i64,
    pub(in crate::engine::commission) overrides: i64,
    pub(in crate::engine::commission) reversed: i64,
}

pub(in crate::engine::commission) async fn totals(
    conn: &mut Conn,
    reseller: ResellerId,
    (from, until): (Timestamp, Timestamp),
) -> Result<Totals, sqlx::Error> {
    sqlx::query_as!(
        Totals,
        r#"SELECT COUNT(*) AS "lines!: i64",
             CAST(COALESCE(SUM(CASE WHEN level = 0 AND state <> 'reversed' THEN 1 ELSE 0 END), 0) AS BIGINT)
               AS "payments!: i64",
             CAST(COALESCE(SUM(CASE WHEN level = 0 AND state <> 'reversed' THEN price ELSE 0 END), 0) AS BIGINT)
               AS "revenue!: i64",
             CAST(COALESCE(SUM(CASE WHEN level = 0 AND state <> 'reversed' THEN amount ELSE 0 END), 0) AS BIGINT)
               AS "own!: i64",
             CAST(COALESCE(SUM(CASE WHEN level > 0 AND state <> 'reversed' THEN amount ELSE 0 END), 0) AS BIGINT)
               AS "overrides!: i64",
             CAST(COALESCE(SUM(CASE WHEN state = 'reversed' THEN amount ELSE 0 END), 0) AS BIGINT) AS "reversed!: i64"
           FROM earning WHERE beneficiary_id = $1 AND sold_at >= $2 AND sold_at < $3"#,
        reseller.0,
        from.0,
        until.0
    )
    .fetch_one(conn)
    .await
}

/// What one account paid to a reseller.
pub(in crate::engine::commission) struct OfAccount {
    pub(in crate::engine::commission) account_id: Uuid,
    pub(in crate::engine::commission) username: String,
    pub(in crate::engine::commission) payments: i64,
    pub(in crate::engine::commission) revenue: i64,
    pub(in crate::engine::commission) commission: i64,
}

pub(in crate::engine::commission) async fn of_accounts(
    conn: &mut Conn,
    reseller: ResellerId,
    (from, until): (Timestamp, Timestamp),
    limit: i64,
) -> Result<Vec<OfAccount>, sqlx::Error> {
    sqlx::query_as!(
        OfAccount,
        r#"SELECT a.id AS "account_id!: Uuid", a.username AS "username!: String", COUNT(*) AS "payments!: i64",
             CAST(SUM(e.price) AS BIGINT) AS "revenue!: i64", CAST(SUM(e.amount) AS BIGINT) AS "commission!: i64"
           FROM earning e JOIN account a ON a.id = e.account_id
           WHERE e.beneficiary_id = $1 AND e.sold_at >= $2 AND e.sold_at < $3 AND e.level = 0 AND e.state <> 'reversed'
           GROUP BY a.id, a.username ORDER BY SUM(e.price) DESC, a.username LIMIT $4"#,
        reseller.0,
        from.0,
        until.0,
        limit
    )
    .fetch_all(conn)
    .await
}

/// A reseller with an earning whose time of waiting is over.
pub(in crate::engine::commission) struct ToRelease {
    pub(in crate::engine::commission) operator_id: Uuid,
    pub(in crate::engine::commission) beneficiary_id: Uuid,
}

pub(in crate::engine::commission) async fn to_release(
    conn: &mut Conn,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<ToRelease>, sqlx::Error> {
    sqlx::query_as!(
        ToRelease,
        r#"SELECT DISTINCT operator_id AS "operator_id!: Uuid", beneficiary_id AS "beneficiary_id!: Uuid" FROM earning
           WHERE state = 'pending' AND available_at <= $1 LIMIT $2"#,
        now.0,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(in crate::engine::commission) struct Pending {
    pub(in crate::engine::commission) id: Uuid,
    pub(in crate::engine::commission) amount: i64,
    pub(in crate::engine::commission) reference: String,
}

pub(in crate::engine::commission) async fn pending(
    conn: &mut Conn,
    reseller: ResellerId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Pending>, sqlx::Error> {
    sqlx::query_as!(
        Pending,
        r#"SELECT id AS "id!: Uuid", amount, reference FROM earning
           WHERE beneficiary_id = $1 AND state = 'pending' AND available_at <= $2 ORDER BY sold_at, id LIMIT $3"#,
        reseller.0,
        now.0,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Says how many were pending.
pub(in crate::engine::commission) async fn make_available(conn: &mut Conn, ids: &[Uuid]) -> Result<usize, sqlx::Error> {
    if ids.is_empty() {
        return Ok(0);
    }
    let mut query =
        QueryBuilder::<Db>::new("UPDATE earning SET state = 'available' WHERE state = 'pending' AND id IN (");
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(*id);
    }
    query.push(")");
    let done = query.build().persistent(kept(ids)).execute(conn).await?.rows_affected();
    Ok(usize::try_from(done).unwrap_or(usize::MAX))
}

/// A share of a sale, as far as taking it back goes.
pub(in crate::engine::commission) struct Share {
    pub(in crate::engine::commission) id: Uuid,
    pub(in crate::engine::commission) beneficiary_id: Uuid,
    pub(in crate::engine::commission) amount: i64,
    pub(in crate::engine::commission) state: String,
    pub(in crate::engine::commission) reference: String,
    pub(in crate::engine::commission) transfer_id: Option<Uuid>,
}

pub(in crate::engine::commission) async fn of_source(
    conn: &mut Conn,
    kind: SourceKind,
    id: Uuid,
) -> Result<Vec<Share>, sqlx::Error> {
    let kind = kind.as_str();
    sqlx::query_as!(
        Share,
        r#"SELECT id AS "id!: Uuid", beneficiary_id AS "beneficiary_id!: Uuid", amount, state, reference,
                  transfer_id AS "transfer_id?: Uuid"
           FROM earning WHERE source_kind = $1 AND source_id = $2 ORDER BY level"#,
        kind,
        id
    )
    .fetch_all(conn)
    .await
}

pub(in crate::engine::commission) async fn reverse(
    conn: &mut Conn,
    id: Uuid,
    transfer: Option<TransferId>,
    reason: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let transfer = transfer.map(|id| id.0);
    let done = sqlx::query!(
        "UPDATE earning SET state = 'reversed', reversal_id = $2, reversed_at = $3, reason = $4
         WHERE id = $1 AND state <> 'reversed'",
        id,
        transfer,
        now.0,
        reason
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What a payout takes with it.
pub(in crate::engine::commission) struct Taken {
    pub(in crate::engine::commission) earnings: i64,
    pub(in crate::engine::commission) earned: i64,
    pub(in crate::engine::commission) first: Option<i64>,
    pub(in crate::engine::commission) last: Option<i64>,
}

/// Of earnings that can be had and are in no payout yet.
pub(in crate::engine::commission) async fn available(
    conn: &mut Conn,
    reseller: ResellerId,
) -> Result<Taken, sqlx::Error> {
    sqlx::query_as!(
        Taken,
        r#"SELECT COUNT(*) AS "earnings!: i64", CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS "earned!: i64",
                  MIN(sold_at) AS "first?: i64", MAX(sold_at) AS "last?: i64"
           FROM earning WHERE beneficiary_id = $1 AND state = 'available' AND payout_id IS NULL"#,
        reseller.0
    )
    .fetch_one(conn)
    .await
}

pub(in crate::engine::commission) async fn put_into_payout(
    conn: &mut Conn,
    reseller: ResellerId,
    payout: PayoutId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE earning SET payout_id = $2 WHERE beneficiary_id = $1 AND state = 'available' AND payout_id IS NULL",
        reseller.0,
        payout.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(in crate::engine::commission) async fn pay(conn: &mut Conn, payout: PayoutId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE earning SET state = 'paid' WHERE payout_id = $1 AND state = 'available'", payout.0)
        .execute(conn)
        .await
        .map(|_| ())
}

pub(in crate::engine::commission) async fn take_out_of_payout(
    conn: &mut Conn,
    payout: PayoutId,
) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE earning SET payout_id = NULL WHERE payout_id = $1", payout.0).execute(conn).await.map(|_| ())
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
