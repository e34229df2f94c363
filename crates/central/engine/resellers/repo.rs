//! SQL of resellers and their owners' sign-ins.

use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::reseller::{ResellerPath, Scope};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use super::draft::Draft;
use super::{Filter, Key};
use crate::dialect::Conn;
use crate::engine::search::contains;

pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) parent_id: Option<Uuid>,
    pub(super) parent_company: Option<String>,
    pub(super) path: String,
    pub(super) username: String,
    pub(super) company: String,
    pub(super) email: String,
    pub(super) contact: String,
    pub(super) phone: String,
    pub(super) settlement_mode: String,
    pub(super) status: String,
    pub(super) revision: i64,
    pub(super) last_login_at: Option<i64>,
    pub(super) unit: String,
    pub(super) balance: i64,
    pub(super) floor: i64,
    pub(super) reserved: i64,
}

fn own(scope: &Scope) -> Uuid {
    match scope {
        Scope::Operator => Uuid::nil(),
        Scope::Subtree { reseller, .. } => reseller.0,
    }
}

pub(super) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    scope: &Scope,
    filter: &Filter<'_>,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let (company, id) = after.map_or_else(|| (String::new(), Uuid::nil()), |(company, id)| (company, id.0));
    let left_out = if filter.only_below { own(scope) } else { Uuid::nil() };
    let (prefix, pattern, more) = (scope.path_prefix(), contains(filter.search), limit + 1);
    sqlx::query_as!(
        Row,
        r#"SELECT r.id AS "id!: Uuid", r.parent_id AS "parent_id?: Uuid", p.company AS "parent_company?", r.path,
                  r.username, r.company, r.email, r.contact, r.phone, r.settlement_mode, r.status, r.revision,
                  r.last_login_at, w.unit, w.balance, w.floor,
                  CAST(COALESCE((SELECT SUM(l.balance) FROM ledger_account l
                                 WHERE l.reseller_id = r.id AND l.kind = 'lease'), 0) AS BIGINT) AS "reserved!: i64"
           FROM reseller r JOIN ledger_account w ON w.owner_id = r.id AND w.kind = 'wallet'
                LEFT JOIN reseller p ON p.id = r.parent_id
           WHERE r.operator_id = $1 AND r.path LIKE $2 || '%' AND r.id <> $3 AND (r.company, r.id) > ($4, $5)
             AND (LOWER(r.company) LIKE $6 ESCAPE '\' OR r.username LIKE $6 ESCAPE '\' OR r.email LIKE $6 ESCAPE '\')
           ORDER BY r.company, r.id LIMIT $7"#,
        operator.0,
        prefix,
        left_out,
        company,
        id,
        pattern,
        more
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn by_id(
    conn: &mut Conn,
    operator: OperatorId,
    scope: &Scope,
    id: ResellerId,
) -> Result<Option<Row>, sqlx::Error> {
    let prefix = scope.path_prefix();
    sqlx::query_as!(
        Row,
        r#"SELECT r.id AS "id!: Uuid", r.parent_id AS "parent_id?: Uuid", p.company AS "parent_company?", r.path,
                  r.username, r.company, r.email, r.contact, r.phone, r.settlement_mode, r.status, r.revision,
                  r.last_login_at, w.unit, w.balance, w.floor,
                  CAST(COALESCE((SELECT SUM(l.balance) FROM ledger_account l
                                 WHERE l.reseller_id = r.id AND l.kind = 'lease'), 0) AS BIGINT) AS "reserved!: i64"
           FROM reseller r JOIN ledger_account w ON w.owner_id = r.id AND w.kind = 'wallet'
                LEFT JOIN reseller p ON p.id = r.parent_id
           WHERE r.operator_id = $1 AND r.path LIKE $2 || '%' AND r.id = $3"#,
        operator.0,
        prefix,
        id.0
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn exists(conn: &mut Conn, id: ResellerId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM reseller WHERE id = $1"#, id.0)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

/// By another reseller, or a member of another.
pub(super) async fn username_taken(conn: &mut Conn, username: &str, but: ResellerId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM reseller WHERE username = $1 AND id <> $2
           UNION ALL SELECT CAST(1 AS BIGINT) FROM member m WHERE m.username = $1
             AND NOT (m.reseller_id = $2 AND EXISTS (SELECT 1 FROM reseller r WHERE r.id = $2 AND r.username = $1))
           LIMIT 1"#,
        username,
        but.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

pub(super) async fn email_taken(conn: &mut Conn, email: &str, but: ResellerId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM reseller WHERE email = $1 AND id <> $2"#,
        email,
        but.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

pub(super) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    draft: &Draft,
    path: &ResellerPath,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let (parent, path) = (draft.parent_id.map(|id| id.0), path.as_str());
    let (mode, status) = (draft.settlement_mode.as_str(), draft.status.as_str());
    sqlx::query!(
        "INSERT INTO reseller (id, operator_id, parent_id, path, username, company, email, contact, phone,
                               settlement_mode, status, revision, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12)",
        draft.id.0,
        operator.0,
        parent,
        path,
        draft.username,
        draft.company,
        draft.email,
        draft.contact,
        draft.phone,
        mode,
        status,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Only the version that was read.
pub(super) async fn update(
    conn: &mut Conn,
    operator: OperatorId,
    draft: &Draft,
    version: u32,
) -> Result<bool, sqlx::Error> {
    let (status, version) = (draft.status.as_str(), i64::from(version));
    let updated = sqlx::query!(
        "UPDATE reseller SET username = $4, company = $5, email = $6, contact = $7, phone = $8, status = $9,
                revision = revision + 1
         WHERE id = $1 AND operator_id = $2 AND revision = $3",
        draft.id.0,
        operator.0,
        version,
        draft.username,
        draft.company,
        draft.email,
        draft.contact,
        draft.phone,
        status
    )
    .execute(conn)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// The owner signs in under the reseller's user name; the password stays unless there is a new one, which the
/// owner has to change.
pub(super) async fn update_owner(
    conn: &mut Conn,
    reseller: ResellerId,
    old_name: &str,
    new_name: &str,
    hash: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE member SET username = $3, password_hash = COALESCE($4, password_hash),
           must_change = (must_change OR CAST($4 AS TEXT) IS NOT NULL)
         WHERE reseller_id = $1 AND username = $2",
        reseller.0,
        old_name,
        new_name,
        hash
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// After a new password: whoever had the old one is out.
pub(super) async fn end_owner_sessions(
    conn: &mut Conn,
    reseller: ResellerId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE session SET ended_at = $2 WHERE ended_at IS NULL AND audience = 'reseller'
           AND user_id IN (SELECT m.id FROM member m JOIN reseller r ON r.id = m.reseller_id AND r.username = m.username
                           WHERE m.reseller_id = $1)",
        reseller.0,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}
