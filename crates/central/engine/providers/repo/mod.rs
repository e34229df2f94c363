//! SQL of providers, and of what they offer.

mod offering;
mod words;

use counterfoil_domain::ids::{OperatorId, ProviderId};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use super::Key;
use super::draft::ProviderDraft;
use crate::dialect::Conn;
use crate::engine::search::contains;
pub(super) use offering::{
    Filter, Known, Offered, Put, article_taken, by_id as offering_by_id, exists as offering_exists, found,
    lock_articles, put, update as update_offering, walked,
};
pub(super) use words::{few, forget as forget_words, keep as keep_words};

pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) contact_name: String,
    pub(super) email: String,
    pub(super) phone: String,
    pub(super) website: String,
    pub(super) currency: String,
    pub(super) status: String,
    pub(super) notes: String,
    pub(super) revision: i64,
    pub(super) created_at: i64,
    pub(super) changed_at: i64,
    pub(super) offerings: i64,
    pub(super) resellers: i64,
}

macro_rules! rows {
    ($rest:literal, $($value:expr),* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"SELECT p.id AS "id!: Uuid", p.name AS "name!: String", p.contact_name AS "contact_name!: String",
                      p.email AS "email!: String", p.phone AS "phone!: String", p.website AS "website!: String",
                      p.currency AS "currency!: String", p.status AS "status!: String", p.notes AS "notes!: String",
                      p.revision AS "revision!: i64", p.created_at AS "created_at!: i64",
                      p.changed_at AS "changed_at!: i64",
                      (SELECT COUNT(*) FROM offering o WHERE o.provider_id = p.id AND o.status = 'active')
                        AS "offerings!: i64",
                      (SELECT COUNT(*) FROM relationship x WHERE x.provider_id = p.id AND x.status = 'active')
                        AS "resellers!: i64"
               FROM provider p "# + $rest,
            $($value),*
        )
    };
}

/// In the order of their names.
pub(super) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    search: &str,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let (name, id) = after.map_or_else(|| (String::new(), Uuid::nil()), |(name, id)| (name, id.0));
    let pattern = contains(search);
    rows!(
        r"WHERE p.operator_id = $1 AND (p.name_key, p.id) > ($2, $3) AND p.name_key LIKE $4 ESCAPE '\'
          ORDER BY p.name_key, p.id LIMIT $5",
        operator.0,
        name,
        id,
        pattern,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn by_id(conn: &mut Conn, operator: OperatorId, id: ProviderId) -> Result<Option<Row>, sqlx::Error> {
    rows!("WHERE p.operator_id = $1 AND p.id = $2", operator.0, id.0).fetch_optional(conn).await
}

/// Of any operator.
pub(super) async fn exists(conn: &mut Conn, id: ProviderId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM provider WHERE id = $1"#, id.0)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

/// By another one.
pub(super) async fn name_taken(
    conn: &mut Conn,
    operator: OperatorId,
    name_key: &str,
    but: ProviderId,
) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM provider
           WHERE operator_id = $1 AND name_key = $2 AND id <> $3"#,
        operator.0,
        name_key,
        but.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// Locks it until the commit. False when the operator has none with this id.
pub(super) async fn lock(conn: &mut Conn, operator: OperatorId, id: ProviderId) -> Result<bool, sqlx::Error> {
    let locked =
        sqlx::query!("UPDATE provider SET status = status WHERE operator_id = $1 AND id = $2", operator.0, id.0)
            .execute(conn)
            .await?;
    Ok(locked.rows_affected() == 1)
}

pub(super) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    draft: &ProviderDraft<'_>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let (name_key, email) = (draft.name_key.as_str(), draft.email.as_str());
    let (currency, status) = (draft.currency.to_string(), draft.status.as_str());
    sqlx::query!(
        "INSERT INTO provider (id, operator_id, name, name_key, contact_name, email, phone, website, currency, status,
                               notes, revision, created_at, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $12)",
        draft.id.0,
        operator.0,
        draft.name,
        name_key,
        draft.contact_name,
        email,
        draft.phone,
        draft.website,
        currency,
        status,
        draft.notes,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Only the revision that was read.
pub(super) async fn update(
    conn: &mut Conn,
    operator: OperatorId,
    draft: &ProviderDraft<'_>,
    revision: i64,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let (name_key, email) = (draft.name_key.as_str(), draft.email.as_str());
    let status = draft.status.as_str();
    let updated = sqlx::query!(
        "UPDATE provider SET name = $4, name_key = $5, contact_name = $6, email = $7, phone = $8, website = $9,
                status = $10, notes = $11, changed_at = $12, revision = revision + 1
         WHERE id = $1 AND operator_id = $2 AND revision = $3",
        draft.id.0,
        operator.0,
        revision,
        draft.name,
        name_key,
        draft.contact_name,
        email,
        draft.phone,
        draft.website,
        status,
        draft.notes,
        now.0
    )
    .execute(conn)
    .await?;
    Ok(updated.rows_affected() == 1)
}
