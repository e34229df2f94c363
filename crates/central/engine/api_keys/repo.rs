//! SQL of API keys.

use counterfoil_domain::ids::{ApiKeyId, MemberId, OperatorId, ResellerId};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::dialect::Conn;

/// A key without its hash, with the names of those who made and revoked it.
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) scopes: String,
    pub(super) made_by: String,
    pub(super) made_at: i64,
    pub(super) expires_at: Option<i64>,
    pub(super) last_used_at: Option<i64>,
    pub(super) last_used_from: Option<String>,
    pub(super) revoked_at: Option<i64>,
    pub(super) revoked_by_kind: Option<String>,
    pub(super) revoked_by_staff: Option<String>,
    pub(super) revoked_by_member: Option<String>,
}

macro_rules! rows {
    ($rest:literal, $($value:expr),* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"SELECT k.id AS "id!: Uuid", k.name AS "name!: String", k.scopes AS "scopes!: String",
                      m.username AS "made_by!: String", k.made_at AS "made_at!: i64", k.expires_at AS "expires_at?: i64",
                      k.last_used_at AS "last_used_at?: i64", k.last_used_from AS "last_used_from?: String",
                      k.revoked_at AS "revoked_at?: i64", k.revoked_by_kind AS "revoked_by_kind?: String",
                      s.username AS "revoked_by_staff?: String", w.username AS "revoked_by_member?: String"
               FROM api_key k JOIN member m ON m.id = k.made_by LEFT JOIN staff s ON s.id = k.revoked_by
                 LEFT JOIN member w ON w.id = k.revoked_by "# + $rest,
            $($value),*
        )
    };
}

/// Behind a (time, id), with one more than `limit`.
pub(super) async fn list(
    conn: &mut Conn,
    reseller: ResellerId,
    (at, id): (i64, Uuid),
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let more = limit + 1;
    rows!(
        "WHERE k.reseller_id = $1 AND (k.made_at, k.id) < ($2, $3) ORDER BY k.made_at DESC, k.id DESC LIMIT $4",
        reseller.0,
        at,
        id,
        more
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn by_id(conn: &mut Conn, reseller: ResellerId, id: ApiKeyId) -> Result<Option<Row>, sqlx::Error> {
    rows!("WHERE k.reseller_id = $1 AND k.id = $2", reseller.0, id.0).fetch_optional(conn).await
}

pub(super) async fn exists(conn: &mut Conn, id: ApiKeyId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM api_key WHERE id = $1"#, id.0)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

pub(super) async fn is_name_taken(conn: &mut Conn, reseller: ResellerId, name: &str) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM api_key
           WHERE reseller_id = $1 AND name = $2 AND revoked_at IS NULL"#,
        reseller.0,
        name
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

pub(super) async fn count_live(conn: &mut Conn, reseller: ResellerId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "count!: i64" FROM api_key WHERE reseller_id = $1 AND revoked_at IS NULL"#,
        reseller.0
    )
    .fetch_one(conn)
    .await
}

/// Every key that was not revoked, and whose it is.
pub(super) async fn live(conn: &mut Conn, operator: OperatorId) -> Result<Vec<(ResellerId, ApiKeyId)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id!: Uuid", reseller_id AS "reseller!: Uuid" FROM api_key
           WHERE operator_id = $1 AND revoked_at IS NULL ORDER BY id"#,
        operator.0
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (ResellerId(row.reseller), ApiKeyId(row.id))).collect())
}

/// A key that is to be.
pub(super) struct New<'a> {
    pub(super) id: ApiKeyId,
    pub(super) reseller: ResellerId,
    pub(super) name: &'a str,
    pub(super) hash: &'a [u8],
    pub(super) scopes: &'a str,
    pub(super) made_by: MemberId,
    pub(super) expires_at: Option<Timestamp>,
}

pub(super) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    new: &New<'_>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let expires = new.expires_at.map(|at| at.0);
    sqlx::query!(
        "INSERT INTO api_key (id, operator_id, reseller_id, name, secret_hash, scopes, made_by, made_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new.id.0,
        operator.0,
        new.reseller.0,
        new.name,
        new.hash,
        new.scopes,
        new.made_by.0,
        now.0,
        expires
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// False where it was revoked before: who was first stays.
pub(super) async fn revoke(
    conn: &mut Conn,
    id: ApiKeyId,
    now: Timestamp,
    (kind, by): (&str, Option<Uuid>),
) -> Result<bool, sqlx::Error> {
    let revoked = sqlx::query!(
        "UPDATE api_key SET revoked_at = $2, revoked_by_kind = $3, revoked_by = $4 WHERE id = $1 AND revoked_at IS NULL",
        id.0,
        now.0,
        kind,
        by
    )
    .execute(conn)
    .await?;
    Ok(revoked.rows_affected() == 1)
}

/// What decides whether a key opens anything.
pub(super) struct SignIn {
    pub(super) id: Uuid,
    pub(super) operator: Uuid,
    pub(super) reseller: Uuid,
    pub(super) company: String,
    pub(super) path: String,
    pub(super) status: String,
    pub(super) name: String,
    pub(super) scopes: String,
    pub(super) expires_at: Option<i64>,
    pub(super) revoked_at: Option<i64>,
    pub(super) last_used_at: Option<i64>,
}

pub(super) async fn by_hash(conn: &mut Conn, hash: &[u8]) -> Result<Option<SignIn>, sqlx::Error> {
    sqlx::query_as!(
        SignIn,
        r#"SELECT k.id AS "id!: Uuid", k.operator_id AS "operator!: Uuid", k.reseller_id AS "reseller!: Uuid", r.company,
                  r.path, r.status, k.name, k.scopes, k.expires_at, k.revoked_at, k.last_used_at
           FROM api_key k JOIN reseller r ON r.id = k.reseller_id WHERE k.secret_hash = $1"#,
        hash
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn used(conn: &mut Conn, id: ApiKeyId, now: Timestamp, from: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE api_key SET last_used_at = $2, last_used_from = $3 WHERE id = $1", id.0, now.0, from)
        .execute(conn)
        .await
        .map(|_| ())
}
