//! SQL of statements, of thresholds, and of what was given to resellers below.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{LedgerAccountId, OperatorId, ResellerId, TransferId};
use counterfoil_domain::ledger::{SourceEvent, TransferKind};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::credits::{EntryView, LowCreditDefaults};
use uuid::Uuid;

use crate::dialect::Conn;
use crate::engine::stored::stored;

/// An entry of a wallet with its transfer.
pub(super) struct Line {
    transfer: Uuid,
    seq: i64,
    at: i64,
    kind: String,
    delta: i64,
    balance_before: i64,
    balance_after: i64,
    unit: String,
    note: Option<String>,
    reference: Option<String>,
    source_event: String,
    staff: Option<String>,
    member: Option<String>,
    api_key: Option<String>,
}

impl Line {
    /// Who of the staff did it is for staff.
    pub(super) fn view(
        self,
        reseller: ResellerId,
        account: LedgerAccountId,
        for_staff: bool,
    ) -> Result<EntryView, Failure> {
        Ok(EntryView {
            transfer_id: TransferId(self.transfer),
            reseller_id: reseller,
            account_id: account,
            seq: self.seq,
            at: Timestamp(self.at),
            kind: stored(TransferKind::from_stored(&self.kind), "transfer", "kind", self.transfer)?,
            delta: self.delta,
            balance_before: self.balance_before,
            balance_after: self.balance_after,
            unit: self.unit,
            note: self.note,
            reference: self.reference,
            source_event: Some(self.source_event),
            by: self.member.or(self.api_key.map(|name| format!("API key {name}"))).or(self.staff.filter(|_| for_staff)),
        })
    }
}

/// By number, the highest first.
pub(super) async fn lines(
    conn: &mut Conn,
    account: LedgerAccountId,
    before: i64,
    limit: i64,
) -> Result<Vec<Line>, sqlx::Error> {
    sqlx::query_as!(
        Line,
        r#"SELECT e.transfer_id AS "transfer!: Uuid", e.seq, t.at, t.kind, e.delta, e.balance_before, e.balance_after,
                  t.unit, t.note, t.reference, t.source_event, s.username AS "staff?", m.username AS "member?",
                  k.name AS "api_key?"
           FROM entry e JOIN transfer t ON t.id = e.transfer_id
             LEFT JOIN transfer_by b ON b.transfer_id = t.id
             LEFT JOIN staff s ON s.id = b.actor_id LEFT JOIN member m ON m.id = b.actor_id
             LEFT JOIN api_key k ON k.id = b.actor_id
           WHERE e.account_id = $1 AND e.seq < $2 ORDER BY e.seq DESC LIMIT $3"#,
        account.0,
        before,
        limit
    )
    .fetch_all(conn)
    .await
}

/// A part of a filtered statement: from a moment until before another, before a time and transfer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
    pub(super) before: (i64, Uuid),
}

/// By time, the newest first. Each side of the wallet is read in the order of an index and no further than the page.
pub(super) async fn lines_of_kind(
    conn: &mut Conn,
    account: LedgerAccountId,
    kind: TransferKind,
    span: Span,
    limit: i64,
) -> Result<Vec<Line>, sqlx::Error> {
    let kind = kind.as_str();
    sqlx::query_as!(
        Line,
        r#"SELECT t.id AS "transfer!: Uuid", e.seq AS "seq!: i64", t.at AS "at!: i64", t.kind AS "kind!: String",
                  e.delta AS "delta!: i64", e.balance_before AS "balance_before!: i64",
                  e.balance_after AS "balance_after!: i64", t.unit AS "unit!: String", t.note AS "note?: String",
                  t.reference AS "reference?: String", t.source_event AS "source_event!: String",
                  s.username AS "staff?: String", m.username AS "member?: String",
                  k.name AS "api_key?: String"
           FROM (SELECT * FROM (SELECT id, at FROM transfer
                   WHERE debit_id = $1 AND kind = $2 AND kind NOT IN ('sale', 'activation') AND at >= $3 AND at < $4
                     AND (at, id) < ($5, $6) ORDER BY at DESC, id DESC LIMIT $7) AS gave
                 UNION ALL
                 SELECT * FROM (SELECT id, at FROM transfer
                   WHERE credit_id = $1 AND kind = $2 AND kind NOT IN ('sale', 'activation') AND at >= $3 AND at < $4
                     AND (at, id) < ($5, $6) ORDER BY at DESC, id DESC LIMIT $7) AS took) AS found
             JOIN transfer t ON t.id = found.id
             JOIN entry e ON e.transfer_id = found.id AND e.account_id = $1
             LEFT JOIN transfer_by b ON b.transfer_id = t.id
             LEFT JOIN staff s ON s.id = b.actor_id LEFT JOIN member m ON m.id = b.actor_id
             LEFT JOIN api_key k ON k.id = b.actor_id
           ORDER BY found.at DESC, found.id DESC LIMIT $7"#,
        account.0,
        kind,
        span.from.0,
        span.until.0,
        span.before.0,
        span.before.1,
        limit
    )
    .fetch_all(conn)
    .await
}

/// The same of all kinds.
pub(super) async fn lines_of_period(
    conn: &mut Conn,
    account: LedgerAccountId,
    span: Span,
    limit: i64,
) -> Result<Vec<Line>, sqlx::Error> {
    sqlx::query_as!(
        Line,
        r#"SELECT t.id AS "transfer!: Uuid", e.seq AS "seq!: i64", t.at AS "at!: i64", t.kind AS "kind!: String",
                  e.delta AS "delta!: i64", e.balance_before AS "balance_before!: i64",
                  e.balance_after AS "balance_after!: i64", t.unit AS "unit!: String", t.note AS "note?: String",
                  t.reference AS "reference?: String", t.source_event AS "source_event!: String",
                  s.username AS "staff?: String", m.username AS "member?: String",
                  k.name AS "api_key?: String"
           FROM (SELECT * FROM (SELECT id, at FROM transfer
                   WHERE debit_id = $1 AND kind NOT IN ('sale', 'activation') AND at >= $2 AND at < $3
                     AND (at, id) < ($4, $5) ORDER BY at DESC, id DESC LIMIT $6) AS gave
                 UNION ALL
                 SELECT * FROM (SELECT id, at FROM transfer
                   WHERE credit_id = $1 AND kind NOT IN ('sale', 'activation') AND at >= $2 AND at < $3
                     AND (at, id) < ($4, $5) ORDER BY at DESC, id DESC LIMIT $6) AS took) AS found
             JOIN transfer t ON t.id = found.id
             JOIN entry e ON e.transfer_id = found.id AND e.account_id = $1
             LEFT JOIN transfer_by b ON b.transfer_id = t.id
             LEFT JOIN staff s ON s.id = b.actor_id LEFT JOIN member m ON m.id = b.actor_id
             LEFT JOIN api_key k ON k.id = b.actor_id
           ORDER BY found.at DESC, found.id DESC LIMIT $6"#,
        account.0,
        span.from.0,
        span.until.0,
        span.before.0,
        span.before.1,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Who moved it, with the transfer.
pub(super) async fn note_actor(
    conn: &mut Conn,
    transfer: TransferId,
    kind: &str,
    id: Option<Uuid>,
) -> Result<(), sqlx::Error> {
    sqlx::query!("INSERT INTO transfer_by (transfer_id, actor, actor_id) VALUES ($1, $2, $3)", transfer.0, kind, id)
        .execute(conn)
        .await
        .map(|_| ())
}

/// Who made the transfer of this event; nothing where it moved nothing.
pub(super) async fn note_actor_of(
    conn: &mut Conn,
    event: &SourceEvent,
    kind: &str,
    id: Option<Uuid>,
) -> Result<(), sqlx::Error> {
    let event = event.as_str();
    sqlx::query!(
        "INSERT INTO transfer_by (transfer_id, actor, actor_id)
         SELECT id, CAST($2 AS TEXT), $3 FROM transfer WHERE source_event = $1",
        event,
        kind,
        id
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(super) async fn own_threshold(conn: &mut Conn, reseller: ResellerId) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!("SELECT low_credit FROM reseller WHERE id = $1", reseller.0).fetch_one(conn).await
}

pub(super) async fn set_threshold(
    conn: &mut Conn,
    reseller: ResellerId,
    threshold: Option<i64>,
) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE reseller SET low_credit = $2 WHERE id = $1", reseller.0, threshold)
        .execute(conn)
        .await
        .map(|_| ())
}

pub(super) async fn set_defaults(
    conn: &mut Conn,
    operator: OperatorId,
    defaults: &LowCreditDefaults,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE operator SET low_credits = $2, low_money = $3 WHERE id = $1",
        operator.0,
        defaults.credits,
        defaults.money
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// What the one gave to the other and was not spent when they last moved something, under a lock until the commit.
pub(super) async fn lock_given(conn: &mut Conn, upline: ResellerId, below: ResellerId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"INSERT INTO downline_credit (upline_id, downline_id, given) VALUES ($1, $2, 0)
           ON CONFLICT (upline_id, downline_id) DO UPDATE SET given = downline_credit.given
           RETURNING given AS "given!: i64""#,
        upline.0,
        below.0
    )
    .fetch_one(conn)
    .await
}

/// Under the lock of [`lock_given`]; below zero is refused by the row.
pub(super) async fn set_given(
    conn: &mut Conn,
    upline: ResellerId,
    below: ResellerId,
    given: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE downline_credit SET given = $3 WHERE upline_id = $1 AND downline_id = $2",
        upline.0,
        below.0,
        given
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// The books of a reseller below when its upline last gave it something or took something back.
pub(super) struct LastMovement {
    /// All that it had been funded with, behind that movement.
    pub(super) funded: i64,
    /// What its funding lost since: taken by the operator, or handed on.
    pub(super) withdrawn: i64,
}

/// Along the entries of its funding, of which there are few.
pub(super) async fn last_movement(
    conn: &mut Conn,
    funding: LedgerAccountId,
    upline: ResellerId,
) -> Result<Option<LastMovement>, sqlx::Error> {
    sqlx::query_as!(
        LastMovement,
        r#"SELECT -e.balance_after AS "funded!: i64",
                  CAST(COALESCE((SELECT SUM(later.delta) FROM entry later
                                 WHERE later.account_id = e.account_id AND later.seq > e.seq AND later.delta > 0), 0)
                       AS BIGINT) AS "withdrawn!: i64"
           FROM entry e JOIN transfer t ON t.id = e.transfer_id JOIN transfer_by b ON b.transfer_id = t.id
           WHERE e.account_id = $1 AND t.source_event LIKE 'downline/%'
             AND (EXISTS (SELECT 1 FROM member m WHERE m.id = b.actor_id AND m.reseller_id = $2)
                  OR EXISTS (SELECT 1 FROM api_key k WHERE k.id = b.actor_id AND k.reseller_id = $2))
           ORDER BY e.seq DESC LIMIT 1"#,
        funding.0,
        upline.0
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn given(conn: &mut Conn, upline: ResellerId, below: ResellerId) -> Result<i64, sqlx::Error> {
    let given = sqlx::query_scalar!(
        "SELECT given FROM downline_credit WHERE upline_id = $1 AND downline_id = $2",
        upline.0,
        below.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(given.unwrap_or(0))
}
