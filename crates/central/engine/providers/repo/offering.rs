//! SQL of what providers offer.

use counterfoil_domain::ids::{OfferingId, OperatorId, ProviderId};
use counterfoil_domain::market::OfferingStatus;
use counterfoil_domain::time::Timestamp;
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::super::draft::OfferingDraft;
use super::super::words::Beginnings;
use super::super::{OfferingKey, name_key};
use crate::dialect::{Conn, Db};
use crate::engine::batch::{ROWS, kept};

pub(in crate::engine::providers) struct Offered {
    pub(in crate::engine::providers) id: Uuid,
    pub(in crate::engine::providers) provider_id: Uuid,
    pub(in crate::engine::providers) article: String,
    pub(in crate::engine::providers) name: String,
    pub(in crate::engine::providers) description: String,
    pub(in crate::engine::providers) base_price: i64,
    pub(in crate::engine::providers) currency: String,
    pub(in crate::engine::providers) term_days: i64,
    pub(in crate::engine::providers) attributes: String,
    pub(in crate::engine::providers) stock: Option<i64>,
    pub(in crate::engine::providers) status: String,
    pub(in crate::engine::providers) revision: i64,
    pub(in crate::engine::providers) changed_at: i64,
}

macro_rules! offerings {
    ($from:literal, $($value:expr),* $(,)?) => {
        sqlx::query_as!(
            Offered,
            r#"SELECT o.id AS "id!: Uuid", o.provider_id AS "provider_id!: Uuid", o.article AS "article!: String",
                      o.name AS "name!: String", o.description AS "description!: String",
                      o.base_price AS "base_price!: i64", p.currency AS "currency!: String",
                      o.term_days AS "term_days!: i64", o.attributes AS "attributes!: String",
                      o.stock AS "stock?: i64", o.status AS "status!: String", o.revision AS "revision!: i64",
                      o.changed_at AS "changed_at!: i64"
               FROM "# + $from,
            $($value),*
        )
    };
}

pub(in crate::engine::providers) struct Filter<'a> {
    pub(in crate::engine::providers) operator: OperatorId,
    pub(in crate::engine::providers) provider: ProviderId,
    pub(in crate::engine::providers) status: Option<OfferingStatus>,
    pub(in crate::engine::providers) search: &'a Beginnings,
    pub(in crate::engine::providers) after: Option<OfferingKey>,
}

impl Filter<'_> {
    fn key(&self) -> (&str, Uuid) {
        self.after.as_ref().map_or(("", Uuid::nil()), |(name, id)| (name.as_str(), id.0))
    }
}

/// By name, each looked at: for a search that many answer to, or none.
pub(in crate::engine::providers) async fn walked(
    conn: &mut Conn,
    filter: &Filter<'_>,
    limit: i64,
) -> Result<Vec<Offered>, sqlx::Error> {
    let (name, id) = filter.key();
    let status = filter.status.map_or("", OfferingStatus::as_str);
    let [(one, beyond_one), (two, beyond_two), (three, beyond_three), (four, beyond_four)] = filter.search.ranges();
    offerings!(
        r"offering o JOIN provider p ON p.id = o.provider_id
          WHERE o.provider_id = $1 AND o.operator_id = $2 AND (o.name_key, o.id) > ($3, $4)
            AND (CAST($5 AS TEXT) = '' OR o.status = $5)
            AND (CAST($6 AS TEXT) = '' OR EXISTS (SELECT 1 FROM offering_word w
                   WHERE w.offering_id = o.id AND w.word >= $6 AND w.word < $7))
            AND (CAST($8 AS TEXT) = '' OR EXISTS (SELECT 1 FROM offering_word w
                   WHERE w.offering_id = o.id AND w.word >= $8 AND w.word < $9))
            AND (CAST($10 AS TEXT) = '' OR EXISTS (SELECT 1 FROM offering_word w
                   WHERE w.offering_id = o.id AND w.word >= $10 AND w.word < $11))
            AND (CAST($12 AS TEXT) = '' OR EXISTS (SELECT 1 FROM offering_word w
                   WHERE w.offering_id = o.id AND w.word >= $12 AND w.word < $13))
          ORDER BY o.name_key, o.id LIMIT $14",
        filter.provider.0,
        filter.operator.0,
        name,
        id,
        status,
        one,
        beyond_one,
        two,
        beyond_two,
        three,
        beyond_three,
        four,
        beyond_four,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Those that have the first word, then by name: for a word that few have. CROSS JOIN makes SQLite begin with the word.
pub(in crate::engine::providers) async fn found(
    conn: &mut Conn,
    filter: &Filter<'_>,
    limit: i64,
) -> Result<Vec<Offered>, sqlx::Error> {
    let (name, id) = filter.key();
    let status = filter.status.map_or("", OfferingStatus::as_str);
    let [(one, beyond_one), (two, beyond_two), (three, beyond_three), (four, beyond_four)] = filter.search.ranges();
    offerings!(
        r"(SELECT DISTINCT w.offering_id FROM offering_word w
             WHERE w.operator_id = $2 AND w.word >= $6 AND w.word < $7) AS hit
            CROSS JOIN offering o JOIN provider p ON p.id = o.provider_id
          WHERE o.id = hit.offering_id AND o.provider_id = $1 AND (o.name_key, o.id) > ($3, $4)
            AND (CAST($5 AS TEXT) = '' OR o.status = $5)
            AND (CAST($8 AS TEXT) = '' OR EXISTS (SELECT 1 FROM offering_word w
                   WHERE w.offering_id = o.id AND w.word >= $8 AND w.word < $9))
            AND (CAST($10 AS TEXT) = '' OR EXISTS (SELECT 1 FROM offering_word w
                   WHERE w.offering_id = o.id AND w.word >= $10 AND w.word < $11))
            AND (CAST($12 AS TEXT) = '' OR EXISTS (SELECT 1 FROM offering_word w
                   WHERE w.offering_id = o.id AND w.word >= $12 AND w.word < $13))
          ORDER BY o.name_key, o.id LIMIT $14",
        filter.provider.0,
        filter.operator.0,
        name,
        id,
        status,
        one,
        beyond_one,
        two,
        beyond_two,
        three,
        beyond_three,
        four,
        beyond_four,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(in crate::engine::providers) async fn by_id(
    conn: &mut Conn,
    provider: ProviderId,
    id: OfferingId,
) -> Result<Option<Offered>, sqlx::Error> {
    offerings!(
        "offering o JOIN provider p ON p.id = o.provider_id WHERE o.provider_id = $1 AND o.id = $2",
        provider.0,
        id.0
    )
    .fetch_optional(conn)
    .await
}

/// Of any provider.
pub(in crate::engine::providers) async fn exists(conn: &mut Conn, id: OfferingId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM offering WHERE id = $1"#, id.0)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

/// By another offering of the provider.
pub(in crate::engine::providers) async fn article_taken(
    conn: &mut Conn,
    provider: ProviderId,
    article: &str,
    but: OfferingId,
) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM offering WHERE provider_id = $1 AND article = $2 AND id <> $3"#,
        provider.0,
        article,
        but.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// Only the revision that was read.
pub(in crate::engine::providers) async fn update(
    conn: &mut Conn,
    id: OfferingId,
    draft: &OfferingDraft,
    revision: i64,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let (article, name, key) = (draft.article.as_str(), draft.name.as_str(), name_key(&draft.name));
    let (description, attributes) = (draft.description.as_str(), draft.attributes.as_str());
    let (price, status) = (draft.base_price.get(), draft.status.as_str());
    let updated = sqlx::query!(
        "UPDATE offering SET article = $3, name = $4, name_key = $5, description = $6, base_price = $7, term_days = $8,
                attributes = $9, stock = $10, status = $11, changed_at = $12, revision = revision + 1
         WHERE id = $1 AND revision = $2",
        id.0,
        revision,
        article,
        name,
        key,
        description,
        price,
        draft.term_days,
        attributes,
        draft.stock,
        status,
        now.0
    )
    .execute(conn)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// What a file's lines are compared with.
#[derive(sqlx::FromRow)]
pub(in crate::engine::providers) struct Known {
    pub(in crate::engine::providers) id: Uuid,
    pub(in crate::engine::providers) article: String,
    pub(in crate::engine::providers) name: String,
    pub(in crate::engine::providers) description: String,
    pub(in crate::engine::providers) base_price: i64,
    pub(in crate::engine::providers) term_days: i64,
    pub(in crate::engine::providers) attributes: String,
    pub(in crate::engine::providers) stock: Option<i64>,
    pub(in crate::engine::providers) status: String,
}

/// Of a provider, those with these articles, under their locks.
pub(in crate::engine::providers) async fn lock_articles(
    conn: &mut Conn,
    provider: ProviderId,
    articles: &[&str],
) -> Result<Vec<Known>, sqlx::Error> {
    let mut all = Vec::with_capacity(articles.len());
    for batch in articles.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new("UPDATE offering SET status = status WHERE provider_id = ");
        query.push_bind(provider.0).push(" AND article IN (");
        let mut list = query.separated(", ");
        for article in batch {
            list.push_bind(*article);
        }
        query.push(") RETURNING id, article, name, description, base_price, term_days, attributes, stock, status");
        all.extend(query.build_query_as().persistent(kept(batch)).fetch_all(&mut *conn).await?);
    }
    Ok(all)
}

/// One to write.
pub(in crate::engine::providers) struct Put<'a> {
    pub(in crate::engine::providers) id: Uuid,
    pub(in crate::engine::providers) draft: &'a OfferingDraft,
}

/// Makes those whose article the provider does not have yet, and changes the others. Under the provider's lock.
pub(in crate::engine::providers) async fn put(
    conn: &mut Conn,
    operator: OperatorId,
    provider: ProviderId,
    now: Timestamp,
    offerings: &[Put<'_>],
) -> Result<(), sqlx::Error> {
    for batch in offerings.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO offering (id, operator_id, provider_id, article, name, name_key, description, base_price,
               term_days, attributes, stock, status, revision, created_at, changed_at) ",
        );
        query.push_values(batch, |mut row, one| {
            let draft = one.draft;
            row.push_bind(one.id).push_bind(operator.0).push_bind(provider.0).push_bind(draft.article.as_str());
            row.push_bind(draft.name.as_str()).push_bind(name_key(&draft.name)).push_bind(draft.description.as_str());
            row.push_bind(draft.base_price.get()).push_bind(draft.term_days).push_bind(draft.attributes.as_str());
            row.push_bind(draft.stock).push_bind(draft.status.as_str()).push_bind(1_i64);
            row.push_bind(now.0).push_bind(now.0);
        });
        query.push(
            " ON CONFLICT (provider_id, article) DO UPDATE SET name = excluded.name, name_key = excluded.name_key,
               description = excluded.description, base_price = excluded.base_price, term_days = excluded.term_days,
               attributes = excluded.attributes, stock = excluded.stock, status = excluded.status,
               changed_at = excluded.changed_at, revision = offering.revision + 1",
        );
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    Ok(())
}
