//! SQL of applications.

use counterfoil_domain::application::ApplicationState;
use counterfoil_domain::ids::{ApplicationId, OperatorId, ResellerId, StaffId};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use super::Filter;
use super::draft::Draft;
use crate::dialect::Conn;
use crate::engine::search::contains;

pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) phone: String,
    pub(super) business_name: String,
    pub(super) address: String,
    pub(super) kind: String,
    pub(super) expected_customers: i64,
    pub(super) terms_accepted_at: i64,
    pub(super) state: String,
    pub(super) created_at: i64,
    pub(super) decided_at: Option<i64>,
    pub(super) decided_by: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) notes: Option<String>,
    pub(super) reseller_id: Option<Uuid>,
    /// Of one that waits: who else has its address.
    pub(super) double_of: Option<String>,
}

pub(super) async fn by_id(
    conn: &mut Conn,
    operator: OperatorId,
    id: ApplicationId,
) -> Result<Option<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        r#"SELECT a.id AS "id!: Uuid", a.name, a.email, a.phone, a.business_name, a.address, a.kind,
                  a.expected_customers, a.terms_accepted_at, a.state, a.created_at, a.decided_at,
                  s.username AS "decided_by?", a.reason, a.notes, a.reseller_id AS "reseller_id?: Uuid",
                  CASE WHEN a.state <> 'pending' THEN NULL
                       WHEN EXISTS (SELECT 1 FROM reseller r WHERE r.email = a.email) THEN 'reseller'
                       WHEN EXISTS (SELECT 1 FROM application b WHERE b.operator_id = a.operator_id AND b.email = a.email
                                      AND b.state = 'pending' AND b.id <> a.id) THEN 'application'
                  END AS "double_of?: String"
           FROM application a LEFT JOIN staff s ON s.id = a.decided_by
           WHERE a.operator_id = $1 AND a.id = $2"#,
        operator.0,
        id.0
    )
    .fetch_optional(conn)
    .await
}

/// The newest first, before this time and id.
pub(super) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    filter: &Filter<'_>,
    before: (i64, Uuid),
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let (state, pattern, more) = (filter.state.map(ApplicationState::as_str), contains(filter.search), limit + 1);
    sqlx::query_as!(
        Row,
        r#"SELECT a.id AS "id!: Uuid", a.name, a.email, a.phone, a.business_name, a.address, a.kind,
                  a.expected_customers, a.terms_accepted_at, a.state, a.created_at, a.decided_at,
                  s.username AS "decided_by?", a.reason, a.notes, a.reseller_id AS "reseller_id?: Uuid",
                  CASE WHEN a.state <> 'pending' THEN NULL
                       WHEN EXISTS (SELECT 1 FROM reseller r WHERE r.email = a.email) THEN 'reseller'
                       WHEN EXISTS (SELECT 1 FROM application b WHERE b.operator_id = a.operator_id AND b.email = a.email
                                      AND b.state = 'pending' AND b.id <> a.id) THEN 'application'
                  END AS "double_of?: String"
           FROM application a LEFT JOIN staff s ON s.id = a.decided_by
           WHERE a.operator_id = $1 AND a.state = COALESCE($2, a.state) AND (a.created_at, a.id) < ($3, $4)
             AND (LOWER(a.business_name) LIKE $5 ESCAPE '\' OR LOWER(a.name) LIKE $5 ESCAPE '\'
                  OR a.email LIKE $5 ESCAPE '\')
           ORDER BY a.created_at DESC, a.id DESC LIMIT $6"#,
        operator.0,
        state,
        before.0,
        before.1,
        pattern,
        more
    )
    .fetch_all(conn)
    .await
}

/// Whether an application has this id, of whichever operator.
pub(super) async fn id_taken(conn: &mut Conn, id: ApplicationId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM application WHERE id = $1"#, id.0)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

pub(super) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    draft: &Draft,
    hash: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let (kind, expected) = (draft.kind.as_str(), i64::from(draft.expected_customers));
    sqlx::query!(
        "INSERT INTO application (id, operator_id, name, email, phone, password_hash, business_name, address, kind,
                                  expected_customers, terms_accepted_at, state, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'pending', $11)",
        draft.id.0,
        operator.0,
        draft.name,
        draft.email,
        draft.phone,
        hash,
        draft.business_name,
        draft.address,
        kind,
        expected,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Locks an application that waits, and gives the hash of its password.
pub(super) async fn lock_pending(
    conn: &mut Conn,
    operator: OperatorId,
    id: ApplicationId,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"UPDATE application SET state = state WHERE id = $1 AND operator_id = $2 AND state = 'pending'
           RETURNING password_hash AS "hash!""#,
        id.0,
        operator.0
    )
    .fetch_optional(conn)
    .await
}

/// How an application ends.
pub(super) struct Verdict<'a> {
    pub(super) state: ApplicationState,
    pub(super) by: StaffId,
    pub(super) reason: Option<&'a str>,
    pub(super) notes: Option<&'a str>,
}

/// Decides what was locked; the password's hash is not needed any more.
pub(super) async fn decide(
    conn: &mut Conn,
    id: ApplicationId,
    verdict: &Verdict<'_>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let state = verdict.state.as_str();
    sqlx::query!(
        "UPDATE application SET state = $2, decided_at = $3, decided_by = $4, reason = $5, notes = $6,
                password_hash = NULL
         WHERE id = $1 AND state = 'pending'",
        id.0,
        state,
        now.0,
        verdict.by.0,
        verdict.reason,
        verdict.notes
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(super) async fn set_reseller(conn: &mut Conn, id: ApplicationId, reseller: ResellerId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE application SET reseller_id = $2 WHERE id = $1", id.0, reseller.0)
        .execute(conn)
        .await
        .map(|_| ())
}
