//! SQL of sendings. A transaction changes one sending and its batches, the sending first.

use counterfoil_domain::ids::{AccountId, OperatorId, PlanId, PortalId, SendingId};
use counterfoil_domain::portal::{ProvisioningState, SendingState};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::portals::PortalTrouble;
use uuid::Uuid;

use crate::dialect::Conn;

/// An account with a row on a portal.
pub(super) struct Candidate {
    pub(super) login: String,
    /// Whether the portal's account of this login is known to be this one.
    pub(super) created: bool,
}

macro_rules! candidates {
    ($tail:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            Candidate,
            r#"SELECT p.login AS "login!: String", p.created AS "created!: bool"
               FROM provisioning p JOIN account a ON a.id = p.account_id "#
                + $tail,
            $($argument),*
        )
    };
}

pub(super) async fn one(
    conn: &mut Conn,
    portal: PortalId,
    account: AccountId,
) -> Result<Option<Candidate>, sqlx::Error> {
    candidates!("WHERE p.portal_id = $1 AND p.account_id = $2", portal.0, account.0).fetch_optional(conn).await
}

/// Of a reseller and of all below it: `path` is its own.
pub(super) async fn of_resellers(conn: &mut Conn, portal: PortalId, path: &str) -> Result<Vec<Candidate>, sqlx::Error> {
    candidates!(
        "JOIN reseller r ON r.id = a.reseller_id WHERE p.portal_id = $1 AND r.path LIKE $2 || '%'
         ORDER BY p.login, p.account_id",
        portal.0,
        path
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn of_plan(conn: &mut Conn, portal: PortalId, plan: PlanId) -> Result<Vec<Candidate>, sqlx::Error> {
    candidates!("WHERE p.portal_id = $1 AND a.plan_id = $2 ORDER BY p.login, p.account_id", portal.0, plan.0)
        .fetch_all(conn)
        .await
}

pub(super) async fn of_state(
    conn: &mut Conn,
    portal: PortalId,
    state: ProvisioningState,
) -> Result<Vec<Candidate>, sqlx::Error> {
    let state = state.as_str();
    candidates!("WHERE p.portal_id = $1 AND p.state = $2 ORDER BY p.login, p.account_id", portal.0, state)
        .fetch_all(conn)
        .await
}

pub(super) async fn all(conn: &mut Conn, portal: PortalId) -> Result<Vec<Candidate>, sqlx::Error> {
    candidates!("WHERE p.portal_id = $1 ORDER BY p.login, p.account_id", portal.0).fetch_all(conn).await
}

/// Accounts of ours on a portal.
pub(super) async fn linked(conn: &mut Conn, portal: PortalId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "count!: i64" FROM provisioning WHERE portal_id = $1 AND created"#,
        portal.0
    )
    .fetch_one(conn)
    .await
}

pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) portal_id: Uuid,
    pub(super) what: String,
    pub(super) addressees: String,
    pub(super) reach: String,
    pub(super) state: String,
    pub(super) served: i64,
    pub(super) failed: i64,
    pub(super) unknown: i64,
    pub(super) skipped: i64,
    pub(super) trouble_code: Option<String>,
    pub(super) trouble_detail: Option<String>,
    pub(super) trouble_remedy: Option<String>,
    pub(super) trouble_since: Option<i64>,
    pub(super) created_at: i64,
    pub(super) started_at: Option<i64>,
    pub(super) ended_at: Option<i64>,
}

macro_rules! rows {
    ($tail:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"SELECT id AS "id!: Uuid", portal_id AS "portal_id!: Uuid", what AS "what!: String",
                      addressees AS "addressees!: String", reach AS "reach!: String", state AS "state!: String",
                      served AS "served!: i64", failed AS "failed!: i64", unknown AS "unknown!: i64",
                      skipped AS "skipped!: i64", trouble_code AS "trouble_code?: String",
                      trouble_detail AS "trouble_detail?: String", trouble_remedy AS "trouble_remedy?: String",
                      trouble_since AS "trouble_since?: i64", created_at AS "created_at!: i64",
                      started_at AS "started_at?: i64", ended_at AS "ended_at?: i64"
               FROM sending "#
                + $tail,
            $($argument),*
        )
    };
}

/// The newest first: those before this time and id.
pub(super) async fn list(
    conn: &mut Conn,
    portal: PortalId,
    before: (i64, Uuid),
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let ((at, id), more) = (before, limit + 1);
    rows!(
        "WHERE portal_id = $1 AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4",
        portal.0,
        at,
        id,
        more
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn by_id(conn: &mut Conn, operator: OperatorId, id: SendingId) -> Result<Option<Row>, sqlx::Error> {
    rows!("WHERE operator_id = $1 AND id = $2", operator.0, id.0).fetch_optional(conn).await
}

/// What those of its batches that served not everybody tell, in order.
pub(super) async fn unserved(conn: &mut Conn, id: SendingId, limit: i64) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT unserved AS "unserved!: String" FROM sending_batch
           WHERE sending_id = $1 AND unserved <> '[]' ORDER BY number LIMIT $2"#,
        id.0,
        limit
    )
    .fetch_all(conn)
    .await
}

/// A sending as it begins.
pub(super) struct New<'a> {
    pub(super) id: SendingId,
    pub(super) operator: OperatorId,
    pub(super) portal: PortalId,
    pub(super) what: &'a str,
    pub(super) addressees: &'a str,
    pub(super) reach: &'a str,
    pub(super) broadcast: bool,
    pub(super) now: Timestamp,
}

/// False when the id was taken meanwhile.
pub(super) async fn insert(conn: &mut Conn, new: &New<'_>) -> Result<bool, sqlx::Error> {
    let state = SendingState::Waiting.as_str();
    let inserted = sqlx::query!(
        "INSERT INTO sending (id, operator_id, portal_id, what, addressees, reach, broadcast, state, due_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) ON CONFLICT (id) DO NOTHING",
        new.id.0,
        new.operator.0,
        new.portal.0,
        new.what,
        new.addressees,
        new.reach,
        new.broadcast,
        state,
        new.now.0
    )
    .execute(conn)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

pub(super) async fn insert_batch(
    conn: &mut Conn,
    id: SendingId,
    number: i64,
    accounts: i64,
    boxes: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO sending_batch (sending_id, number, accounts, boxes, state) VALUES ($1, $2, $3, $4, 'waiting')",
        id.0,
        number,
        accounts,
        boxes
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Ends it where it is; whoever is at it ends the batch that has begun. False when it was over before.
pub(super) async fn cancel(
    conn: &mut Conn,
    operator: OperatorId,
    id: SendingId,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let cancelled = sqlx::query!(
        "UPDATE sending SET state = 'cancelled', due_at = $3, ended_at = $3, trouble_code = NULL, trouble_detail = NULL,
                trouble_remedy = NULL, trouble_since = NULL
         WHERE operator_id = $1 AND id = $2 AND state IN ('waiting', 'sending')",
        operator.0,
        id.0,
        now.0
    )
    .execute(conn)
    .await?;
    Ok(cancelled.rows_affected() == 1)
}

/// Something to go on with.
pub(super) struct Due {
    pub(super) id: Uuid,
    pub(super) operator_id: Uuid,
    pub(super) portal_id: Uuid,
}

/// Those whose portal can be written to, and those that only have to be ended: cancelled, or begun before `too_old`.
pub(super) async fn due(
    conn: &mut Conn,
    now: Timestamp,
    too_old: Timestamp,
    limit: i64,
) -> Result<Vec<Due>, sqlx::Error> {
    sqlx::query_as!(
        Due,
        r#"SELECT s.id AS "id!: Uuid", s.operator_id AS "operator_id!: Uuid", s.portal_id AS "portal_id!: Uuid"
           FROM sending s JOIN portal p ON p.id = s.portal_id
           WHERE s.due_at <= $1 AND s.claimed_until <= $1
             AND (s.state = 'cancelled' OR s.created_at <= $2
                  OR (p.status = 'active' AND p.findings IS NOT NULL AND p.rests_until <= $1))
           ORDER BY s.due_at, s.id LIMIT $3"#,
        now.0,
        too_old.0,
        limit
    )
    .fetch_all(conn)
    .await
}

/// What somebody has taken on.
pub(super) struct Claim {
    /// By it what this one writes is told from what another one does.
    pub(super) claim: i64,
    pub(super) what: String,
    pub(super) broadcast: bool,
    pub(super) state: String,
    pub(super) created_at: i64,
    pub(super) tries: i64,
}

/// None when somebody else was first.
pub(super) async fn claim(
    conn: &mut Conn,
    id: SendingId,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<Claim>, sqlx::Error> {
    sqlx::query_as!(
        Claim,
        r#"UPDATE sending SET claimed_until = $3, claim = claim + 1
           WHERE id = $1 AND due_at <= $2 AND claimed_until <= $2
           RETURNING claim AS "claim!: i64", what AS "what!: String", broadcast AS "broadcast!: bool",
                     state AS "state!: String", created_at AS "created_at!: i64", tries AS "tries!: i64""#,
        id.0,
        now.0,
        until.0
    )
    .fetch_optional(conn)
    .await
}

pub(super) struct Batch {
    pub(super) number: i64,
    pub(super) accounts: i64,
    pub(super) boxes: String,
}

macro_rules! batches {
    ($tail:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            Batch,
            r#"SELECT number AS "number!: i64", accounts AS "accounts!: i64", boxes AS "boxes!: String"
               FROM sending_batch "#
                + $tail,
            $($argument),*
        )
    };
}

/// Batches that somebody began and never ended.
pub(super) async fn begun(conn: &mut Conn, id: SendingId) -> Result<Vec<Batch>, sqlx::Error> {
    batches!("WHERE sending_id = $1 AND state = 'begun' ORDER BY number", id.0).fetch_all(conn).await
}

/// Batches of which it is not certain that they were not sent, or were.
pub(super) async fn open(conn: &mut Conn, id: SendingId) -> Result<Vec<Batch>, sqlx::Error> {
    batches!("WHERE sending_id = $1 AND state <> 'over' ORDER BY number", id.0).fetch_all(conn).await
}

pub(super) async fn next(conn: &mut Conn, id: SendingId) -> Result<Option<Batch>, sqlx::Error> {
    batches!("WHERE sending_id = $1 AND state = 'waiting' ORDER BY number LIMIT CAST(1 AS BIGINT)", id.0)
        .fetch_optional(conn)
        .await
}

/// Says that this batch is being sent, from now on and for ever. False when it was cancelled or taken over.
pub(super) async fn begin(
    conn: &mut Conn,
    id: SendingId,
    claim: i64,
    number: i64,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, sqlx::Error> {
    let mine = sqlx::query!(
        "UPDATE sending SET state = 'sending', started_at = COALESCE(started_at, $3), claimed_until = $4
         WHERE id = $1 AND claim = $2 AND state IN ('waiting', 'sending')",
        id.0,
        claim,
        now.0,
        until.0
    )
    .execute(&mut *conn)
    .await?;
    let begun = sqlx::query!(
        "UPDATE sending_batch SET state = 'begun' WHERE sending_id = $1 AND number = $2 AND state = 'waiting'",
        id.0,
        number
    )
    .execute(conn)
    .await?;
    Ok(mine.rows_affected() == 1 && begun.rows_affected() == 1)
}

/// How many accounts were served, and how not.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) served: i64,
    pub(super) failed: i64,
    pub(super) unknown: i64,
    pub(super) skipped: i64,
}

/// Adds a batch to the sending. False when somebody else has taken it over.
pub(super) async fn add(conn: &mut Conn, id: SendingId, claim: i64, tally: Tally) -> Result<bool, sqlx::Error> {
    let added = sqlx::query!(
        "UPDATE sending SET served = served + $3, failed = failed + $4, unknown = unknown + $5, skipped = skipped + $6
         WHERE id = $1 AND claim = $2",
        id.0,
        claim,
        tally.served,
        tally.failed,
        tally.unknown,
        tally.skipped
    )
    .execute(conn)
    .await?;
    Ok(added.rows_affected() == 1)
}

/// Ends a batch, with those that it has not served.
pub(super) async fn end(conn: &mut Conn, id: SendingId, number: i64, unserved: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE sending_batch SET state = 'over', unserved = $3 WHERE sending_id = $1 AND number = $2",
        id.0,
        number,
        unserved
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Nothing of this batch was sent.
pub(super) async fn put_back(conn: &mut Conn, id: SendingId, number: i64) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE sending_batch SET state = 'waiting' WHERE sending_id = $1 AND number = $2", id.0, number)
        .execute(conn)
        .await
        .map(|_| ())
}

/// Lets go of a sending that goes on at `due_at`, and says why it waits when it does.
pub(super) async fn release(
    conn: &mut Conn,
    id: SendingId,
    claim: i64,
    due_at: Timestamp,
    trouble: Option<&PortalTrouble>,
) -> Result<(), sqlx::Error> {
    let (waits, code) = (trouble.is_some(), trouble.map(|trouble| &*trouble.code));
    let detail = trouble.map(|trouble| &*trouble.detail);
    let remedy = trouble.map(|trouble| &*trouble.remedy);
    let since = trouble.map(|trouble| trouble.since.0);
    sqlx::query!(
        "UPDATE sending SET claimed_until = 0, due_at = $3,
                tries = CASE WHEN $8 THEN tries + 1 ELSE 0 END,
                trouble_since = CASE WHEN trouble_code = $4 THEN trouble_since ELSE $7 END,
                trouble_code = $4, trouble_detail = $5, trouble_remedy = $6
         WHERE id = $1 AND claim = $2",
        id.0,
        claim,
        due_at.0,
        code,
        detail,
        remedy,
        since,
        waits
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Nothing more is to be done about it.
pub(super) async fn close(
    conn: &mut Conn,
    id: SendingId,
    claim: i64,
    state: SendingState,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let state = state.as_str();
    sqlx::query!(
        "UPDATE sending SET state = $3, due_at = NULL, claimed_until = 0, ended_at = COALESCE(ended_at, $4),
                trouble_code = NULL, trouble_detail = NULL, trouble_remedy = NULL, trouble_since = NULL
         WHERE id = $1 AND claim = $2",
        id.0,
        claim,
        state,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Sendings of an operator that are not over, with their claims.
pub(super) async fn unfinished(conn: &mut Conn, operator: OperatorId) -> Result<Vec<(Uuid, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id!: Uuid", claim AS "claim!: i64" FROM sending
           WHERE operator_id = $1 AND due_at IS NOT NULL ORDER BY id"#,
        operator.0
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.claim)).collect())
}
