//! SQL of notices, their words and who does without them.

pub(super) mod digest;
pub(super) mod ending;

use counterfoil_domain::ids::{NoticeId, OperatorId, ResellerId};
use counterfoil_domain::notice::{NoticeKind, NoticeState};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use super::words::Words;
use crate::dialect::Conn;

pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) kind: String,
    pub(super) recipient: String,
    pub(super) reseller_id: Option<Uuid>,
    pub(super) subject: String,
    pub(super) body: String,
    pub(super) state: String,
    pub(super) created_at: i64,
    pub(super) attempts: i64,
    pub(super) next_attempt_at: i64,
    pub(super) sent_at: Option<i64>,
    pub(super) trouble: Option<String>,
}

pub(super) struct New<'a> {
    pub(super) id: NoticeId,
    pub(super) event: &'a str,
    pub(super) kind: NoticeKind,
    pub(super) recipient: &'a str,
    pub(super) reseller: Option<ResellerId>,
    pub(super) language: &'a str,
    pub(super) subject: &'a str,
    pub(super) body: &'a str,
}

/// False when the event has its mail already.
pub(super) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    new: &New<'_>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let (kind, reseller) = (new.kind.as_str(), new.reseller.map(|reseller| reseller.0));
    let inserted = sqlx::query!(
        "INSERT INTO notice (id, operator_id, source_event, kind, recipient, reseller_id, language, subject, body, state,
                             created_at, queued_at, next_attempt_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'queued', $10, $10, $10)
         ON CONFLICT (operator_id, source_event) DO NOTHING",
        new.id.0,
        operator.0,
        new.event,
        kind,
        new.recipient,
        reseller,
        new.language,
        new.subject,
        new.body,
        now.0
    )
    .execute(conn)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

pub(super) async fn by_id(conn: &mut Conn, operator: OperatorId, id: NoticeId) -> Result<Option<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        r#"SELECT id AS "id!: Uuid", kind, recipient, reseller_id AS "reseller_id?: Uuid", subject, body, state, created_at,
                  attempts, next_attempt_at, sent_at, trouble
           FROM notice WHERE operator_id = $1 AND id = $2"#,
        operator.0,
        id.0
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn of_event(conn: &mut Conn, operator: OperatorId, event: &str) -> Result<Option<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        r#"SELECT id AS "id!: Uuid", kind, recipient, reseller_id AS "reseller_id?: Uuid", subject, body, state, created_at,
                  attempts, next_attempt_at, sent_at, trouble
           FROM notice WHERE operator_id = $1 AND source_event = $2"#,
        operator.0,
        event
    )
    .fetch_optional(conn)
    .await
}

/// The newest first, before this time and id.
pub(super) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    state: Option<NoticeState>,
    before: (i64, Uuid),
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let state = state.map(NoticeState::as_str);
    sqlx::query_as!(
        Row,
        r#"SELECT id AS "id!: Uuid", kind, recipient, reseller_id AS "reseller_id?: Uuid", subject, body, state, created_at,
                  attempts, next_attempt_at, sent_at, trouble
           FROM notice WHERE operator_id = $1 AND state = COALESCE($2, state) AND (created_at, id) < ($3, $4)
           ORDER BY created_at DESC, id DESC LIMIT $5"#,
        operator.0,
        state,
        before.0,
        before.1,
        limit
    )
    .fetch_all(conn)
    .await
}

/// How many there are of these two states.
pub(super) async fn count(conn: &mut Conn, operator: OperatorId, states: [NoticeState; 2]) -> Result<i64, sqlx::Error> {
    let (one, other) = (states[0].as_str(), states[1].as_str());
    sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "count!: i64" FROM notice WHERE operator_id = $1 AND state IN ($2, $3)"#,
        operator.0,
        one,
        other
    )
    .fetch_one(conn)
    .await
}

/// False when it is not one that ended without being sent.
pub(super) async fn queue_again(
    conn: &mut Conn,
    operator: OperatorId,
    id: NoticeId,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let queued = sqlx::query!(
        "UPDATE notice SET state = 'queued', attempts = 0, queued_at = $3, next_attempt_at = $3, trouble = NULL
         WHERE operator_id = $1 AND id = $2 AND state IN ('failed', 'given_up')",
        operator.0,
        id.0,
        now.0
    )
    .execute(conn)
    .await?;
    Ok(queued.rows_affected() == 1)
}

/// What waits for its time, and what somebody began and did not end; the longest waiting first.
pub(super) async fn due(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id!: Uuid" FROM notice
           WHERE state IN ('queued', 'sending') AND next_attempt_at <= $1 AND (state = 'queued' OR claimed_until <= $1)
           ORDER BY next_attempt_at, id LIMIT $2"#,
        now.0,
        limit
    )
    .fetch_all(conn)
    .await
}

/// A notice in the hands of one sender.
pub(crate) struct Claimed {
    pub(crate) id: Uuid,
    pub(crate) operator_id: Uuid,
    pub(crate) source_event: String,
    pub(crate) kind: String,
    pub(crate) recipient: String,
    pub(crate) subject: String,
    pub(crate) body: String,
    pub(crate) created_at: i64,
    /// This one counted.
    pub(crate) attempts: i64,
}

/// None when somebody else was first.
pub(super) async fn claim(
    conn: &mut Conn,
    id: Uuid,
    claim: Uuid,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<Claimed>, sqlx::Error> {
    sqlx::query_as!(
        Claimed,
        r#"UPDATE notice SET state = 'sending', claim = $2, claimed_until = $4, attempts = attempts + 1
           WHERE id = $1 AND next_attempt_at <= $3
             AND (state = 'queued' OR (state = 'sending' AND claimed_until <= $3))
           RETURNING id AS "id!: Uuid", operator_id AS "operator_id!: Uuid", source_event AS "source_event!",
                     kind AS "kind!", recipient AS "recipient!", subject AS "subject!", body AS "body!",
                     created_at AS "created_at!: i64", attempts AS "attempts!: i64""#,
        id,
        claim,
        now.0,
        until.0
    )
    .fetch_optional(conn)
    .await
}

/// What a try came to.
pub(super) struct Outcome<'a> {
    pub(super) state: NoticeState,
    pub(super) next_attempt_at: Timestamp,
    pub(super) sent_at: Option<Timestamp>,
    pub(super) trouble: Option<&'a str>,
}

/// False when somebody else has it by now.
pub(super) async fn end(conn: &mut Conn, id: Uuid, claim: Uuid, outcome: &Outcome<'_>) -> Result<bool, sqlx::Error> {
    let (state, sent_at) = (outcome.state.as_str(), outcome.sent_at.map(|at| at.0));
    let ended = sqlx::query!(
        "UPDATE notice SET state = $3, next_attempt_at = $4, sent_at = $5, trouble = $6, claim = NULL, claimed_until = 0
         WHERE id = $1 AND claim = $2 AND state = 'sending'",
        id,
        claim,
        state,
        outcome.next_attempt_at.0,
        sent_at,
        outcome.trouble
    )
    .execute(conn)
    .await?;
    Ok(ended.rows_affected() == 1)
}

/// Gives up what has waited since before this time, and what a process that died then was at; says how many. What the last try
/// met is told behind the reason.
pub(super) async fn give_up_before(
    conn: &mut Conn,
    before: Timestamp,
    now: Timestamp,
    why: &str,
) -> Result<u64, sqlx::Error> {
    let given_up = sqlx::query!(
        "UPDATE notice SET state = 'given_up', trouble = CAST($3 AS TEXT) || COALESCE(' ' || trouble, '')
         WHERE queued_at < $1 AND (state = 'queued' OR (state = 'sending' AND claimed_until <= $2))",
        before.0,
        now.0,
        why
    )
    .execute(conn)
    .await?;
    Ok(given_up.rows_affected())
}

pub(super) struct TemplateRow {
    pub(super) subject: Option<String>,
    pub(super) body: Option<String>,
    pub(super) revision: i64,
    pub(super) changed_at: i64,
}

pub(super) async fn template(
    conn: &mut Conn,
    operator: OperatorId,
    kind: NoticeKind,
    language: &str,
) -> Result<Option<TemplateRow>, sqlx::Error> {
    let kind = kind.as_str();
    sqlx::query_as!(
        TemplateRow,
        "SELECT subject, body, revision, changed_at FROM notice_template
         WHERE operator_id = $1 AND kind = $2 AND language = $3",
        operator.0,
        kind,
        language
    )
    .fetch_optional(conn)
    .await
}

/// Only where it is as it was read; version 0 is no row yet. Without words it is as it is built in.
pub(super) async fn save_template(
    conn: &mut Conn,
    operator: OperatorId,
    (kind, language): (NoticeKind, &str),
    version: u32,
    words: Option<&Words>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let (kind, version) = (kind.as_str(), i64::from(version));
    let (subject, body) = (words.map(|words| words.subject.as_str()), words.map(|words| words.text.as_str()));
    let saved = sqlx::query!(
        "INSERT INTO notice_template (operator_id, kind, language, subject, body, revision, changed_at)
         SELECT $1, $2, $3, $4, $5, CAST(1 AS BIGINT), $6
         WHERE $7 = CAST(0 AS BIGINT)
            OR EXISTS (SELECT 1 FROM notice_template WHERE operator_id = $1 AND kind = $2 AND language = $3)
         ON CONFLICT (operator_id, kind, language) DO UPDATE SET subject = excluded.subject, body = excluded.body,
           revision = notice_template.revision + 1, changed_at = excluded.changed_at
         WHERE notice_template.revision = $7",
        operator.0,
        kind,
        language,
        subject,
        body,
        now.0,
        version
    )
    .execute(conn)
    .await?;
    Ok(saved.rows_affected() == 1)
}

pub(super) async fn is_off(conn: &mut Conn, reseller: ResellerId, kind: NoticeKind) -> Result<bool, sqlx::Error> {
    let kind = kind.as_str();
    let found = sqlx::query_scalar!(
        r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM notice_off WHERE reseller_id = $1 AND kind = $2"#,
        reseller.0,
        kind
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// What a reseller does without.
pub(super) async fn off(conn: &mut Conn, reseller: ResellerId) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!("SELECT kind FROM notice_off WHERE reseller_id = $1 ORDER BY kind", reseller.0)
        .fetch_all(conn)
        .await
}

pub(super) async fn want_all(conn: &mut Conn, reseller: ResellerId) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM notice_off WHERE reseller_id = $1", reseller.0).execute(conn).await.map(|_| ())
}

pub(super) async fn switch_off(
    conn: &mut Conn,
    operator: OperatorId,
    reseller: ResellerId,
    kind: NoticeKind,
) -> Result<(), sqlx::Error> {
    let kind = kind.as_str();
    sqlx::query!(
        "INSERT INTO notice_off (reseller_id, kind, operator_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        reseller.0,
        kind,
        operator.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// A wallet that was not low and is, or was and is not any more.
pub(super) struct Crossing {
    pub(super) operator_id: Uuid,
    pub(super) reseller_id: Uuid,
    pub(super) low: i64,
}

/// The next by reseller.
pub(super) async fn crossings(conn: &mut Conn, after: Uuid, limit: i64) -> Result<Vec<Crossing>, sqlx::Error> {
    sqlx::query_as!(
        Crossing,
        r#"SELECT n.operator_id AS "operator_id!: Uuid", n.reseller_id AS "reseller_id!: Uuid", n.low AS "low!: i64"
           FROM (SELECT r.operator_id, r.id AS reseller_id,
                        CASE WHEN w.balance < COALESCE(r.low_credit,
                                              CASE WHEN w.unit = 'credits' THEN o.low_credits ELSE o.low_money END)
                             THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS low
                 FROM reseller r
                   JOIN operator o ON o.id = r.operator_id
                   JOIN ledger_account w ON w.kind = 'wallet' AND w.owner_id = r.id
                 WHERE r.status = 'active' AND r.id > $1) n
             LEFT JOIN low_credit_mark m ON m.reseller_id = n.reseller_id
           WHERE n.low <> COALESCE(m.low, CAST(0 AS BIGINT))
           ORDER BY n.reseller_id LIMIT $2"#,
        after,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Marks a crossing and counts it when it is downwards; none when another process has.
pub(super) async fn cross(
    conn: &mut Conn,
    operator: OperatorId,
    reseller: ResellerId,
    low: i64,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"INSERT INTO low_credit_mark (reseller_id, operator_id, low, crossing) VALUES ($1, $2, $3, CAST(1 AS BIGINT))
           ON CONFLICT (reseller_id) DO UPDATE SET low = excluded.low, crossing = low_credit_mark.crossing + excluded.low
           WHERE low_credit_mark.low <> excluded.low
           RETURNING crossing AS "crossing!: i64""#,
        reseller.0,
        operator.0,
        low
    )
    .fetch_optional(conn)
    .await
}
