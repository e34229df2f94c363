//! SQL of relationships.

use counterfoil_domain::ids::{OperatorId, ProviderId, RelationshipId, ResellerId};
use counterfoil_domain::market::{Markup, RelationshipStatus};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::relationships::OpenRelationship;
use uuid::Uuid;

use crate::dialect::Conn;
use crate::engine::providers::Key;
use crate::engine::search::contains;

pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) reseller_id: Uuid,
    pub(super) company: String,
    pub(super) provider_id: Uuid,
    pub(super) provider_name: String,
    pub(super) currency: String,
    pub(super) markup: i64,
    pub(super) status: String,
    pub(super) revision: i64,
    pub(super) created_at: i64,
    pub(super) changed_at: i64,
}

macro_rules! rows {
    ($rest:literal, $($value:expr),* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"SELECT x.id AS "id!: Uuid", x.reseller_id AS "reseller_id!: Uuid", r.company AS "company!: String",
                      x.provider_id AS "provider_id!: Uuid", p.name AS "provider_name!: String",
                      p.currency AS "currency!: String", x.markup AS "markup!: i64", x.status AS "status!: String",
                      x.revision AS "revision!: i64", x.created_at AS "created_at!: i64",
                      x.changed_at AS "changed_at!: i64"
               FROM relationship x JOIN reseller r ON r.id = x.reseller_id
                 JOIN provider p ON p.id = x.provider_id "# + $rest,
            $($value),*
        )
    };
}

fn begin(after: Option<Key>) -> (String, Uuid) {
    after.map_or_else(|| (String::new(), Uuid::nil()), |(name, id)| (name, id.0))
}

/// In the order of the providers' names.
pub(super) async fn list(
    conn: &mut Conn,
    reseller: ResellerId,
    search: &str,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let ((name, id), pattern) = (begin(after), contains(search));
    rows!(
        r"WHERE x.reseller_id = $1 AND (p.name_key, p.id) > ($2, $3) AND p.name_key LIKE $4 ESCAPE '\'
          ORDER BY p.name_key, p.id LIMIT $5",
        reseller.0,
        name,
        id,
        pattern,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn of_provider(
    conn: &mut Conn,
    reseller: ResellerId,
    provider: ProviderId,
) -> Result<Option<Row>, sqlx::Error> {
    rows!("WHERE x.reseller_id = $1 AND x.provider_id = $2", reseller.0, provider.0).fetch_optional(conn).await
}

pub(super) struct External {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) website: String,
    pub(super) currency: String,
    pub(super) status: String,
    pub(super) offerings: i64,
    pub(super) company: String,
    pub(super) relationship_id: Option<Uuid>,
    pub(super) markup: Option<i64>,
    pub(super) relationship_status: Option<String>,
    pub(super) revision: Option<i64>,
    pub(super) created_at: Option<i64>,
    pub(super) changed_at: Option<i64>,
}

impl External {
    /// With what the reseller has of it, where there is or was something.
    pub(super) fn relationship(&self, reseller: ResellerId) -> Option<Row> {
        Some(Row {
            id: self.relationship_id?,
            reseller_id: reseller.0,
            company: self.company.clone(),
            provider_id: self.id,
            provider_name: self.name.clone(),
            currency: self.currency.clone(),
            markup: self.markup?,
            status: self.relationship_status.clone()?,
            revision: self.revision?,
            created_at: self.created_at?,
            changed_at: self.changed_at?,
        })
    }
}

/// Active providers, and others that the reseller has a relationship with.
pub(super) async fn external(
    conn: &mut Conn,
    operator: OperatorId,
    reseller: ResellerId,
    search: &str,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<External>, sqlx::Error> {
    let ((name, id), pattern) = (begin(after), contains(search));
    sqlx::query_as!(
        External,
        r#"SELECT p.id AS "id!: Uuid", p.name AS "name!: String", p.website AS "website!: String",
                  p.currency AS "currency!: String", p.status AS "status!: String",
                  (SELECT COUNT(*) FROM offering o WHERE o.provider_id = p.id AND o.status = 'active')
                    AS "offerings!: i64",
                  (SELECT r.company FROM reseller r WHERE r.id = $2) AS "company!: String",
                  x.id AS "relationship_id?: Uuid", x.markup AS "markup?: i64",
                  x.status AS "relationship_status?: String", x.revision AS "revision?: i64",
                  x.created_at AS "created_at?: i64", x.changed_at AS "changed_at?: i64"
           FROM provider p LEFT JOIN relationship x ON x.provider_id = p.id AND x.reseller_id = $2
           WHERE p.operator_id = $1 AND (p.name_key, p.id) > ($3, $4) AND p.name_key LIKE $5 ESCAPE '\'
             AND (p.status = 'active' OR x.id IS NOT NULL)
           ORDER BY p.name_key, p.id LIMIT $6"#,
        operator.0,
        reseller.0,
        name,
        id,
        pattern,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Of any reseller.
pub(super) async fn exists(conn: &mut Conn, id: RelationshipId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM relationship WHERE id = $1"#, id.0)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

/// Relationships of one reseller are opened one after the other.
pub(super) async fn lock_reseller(conn: &mut Conn, reseller: ResellerId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE reseller SET status = status WHERE id = $1", reseller.0).execute(conn).await.map(|_| ())
}

pub(super) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    reseller: ResellerId,
    asked: &OpenRelationship,
    markup: Markup,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let markup = i64::from(markup);
    sqlx::query!(
        "INSERT INTO relationship (id, operator_id, reseller_id, provider_id, markup, status, revision, created_at,
                                   changed_at)
         VALUES ($1, $2, $3, $4, $5, 'active', 1, $6, $6)",
        asked.relationship_id.0,
        operator.0,
        reseller.0,
        asked.provider_id.0,
        markup,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(super) async fn reopen(
    conn: &mut Conn,
    id: RelationshipId,
    markup: Markup,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let markup = i64::from(markup);
    sqlx::query!(
        "UPDATE relationship SET status = 'active', markup = $2, changed_at = $3, revision = revision + 1
         WHERE id = $1",
        id.0,
        markup,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Only the revision that was read, and only while it is not ended.
pub(super) async fn update(
    conn: &mut Conn,
    id: RelationshipId,
    markup: Markup,
    status: RelationshipStatus,
    revision: i64,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let (markup, status) = (i64::from(markup), status.as_str());
    let updated = sqlx::query!(
        "UPDATE relationship SET markup = $3, status = $4, changed_at = $5, revision = revision + 1
         WHERE id = $1 AND revision = $2 AND status <> 'inactive'",
        id.0,
        revision,
        markup,
        status,
        now.0
    )
    .execute(conn)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// False when it was ended before.
pub(super) async fn end(conn: &mut Conn, id: RelationshipId, now: Timestamp) -> Result<bool, sqlx::Error> {
    let ended = sqlx::query!(
        "UPDATE relationship SET status = 'inactive', changed_at = $2, revision = revision + 1
         WHERE id = $1 AND status <> 'inactive'",
        id.0,
        now.0
    )
    .execute(conn)
    .await?;
    Ok(ended.rows_affected() == 1)
}
