//! SQL of candidates.

use sqlx::QueryBuilder;
use uuid::Uuid;

use super::Candidate;
use crate::dialect::{Conn, Db};

/// Rows of one statement: four values each, and SQLite takes 32,766 values.
pub(super) const BATCH: usize = 2_000;

/// Stores what is not there yet, and says how many that were.
pub(super) async fn insert(conn: &mut Conn, source: Uuid, batch: &[Candidate]) -> Result<usize, sqlx::Error> {
    let mut query = QueryBuilder::<Db>::new("INSERT INTO candidate (code_hash, source_id, slot, seq) ");
    query.push_values(batch, |mut row, candidate| {
        row.push_bind(candidate.hash.as_slice());
        row.push_bind(source);
        row.push_bind(i64::from(candidate.slot));
        row.push_bind(i64::from(candidate.seq));
    });
    query.push(" ON CONFLICT (code_hash) DO NOTHING");
    let done = query.build().execute(conn).await?;
    Ok(usize::try_from(done.rows_affected()).unwrap_or(usize::MAX))
}

/// Forgets the codes of a source that have no code row: a code value is never reused.
pub(super) async fn delete_unseen(conn: &mut Conn, source: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM candidate WHERE source_id = $1
           AND NOT EXISTS (SELECT 1 FROM code
             WHERE code.source_id = candidate.source_id AND code.seq = candidate.seq AND code.slot = candidate.slot)",
        source
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Forgets the numbers of a source above one, with the codes of all their slots. A number that was seen keeps all of them:
/// whoever comes with another one holds what a copied device sold.
pub(super) async fn delete_unseen_above(conn: &mut Conn, source: Uuid, above: i64) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM candidate WHERE source_id = $1 AND seq > $2
           AND NOT EXISTS (SELECT 1 FROM code WHERE code.source_id = candidate.source_id AND code.seq = candidate.seq)",
        source,
        above
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Where a code comes from.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) source_id: Uuid,
    pub(crate) slot: i64,
    pub(crate) seq: i64,
    /// Of the lease; none when the source is a lot.
    pub(crate) lease_operator: Option<Uuid>,
    /// Of the lot; none when the source is a lease.
    pub(crate) lot_operator: Option<Uuid>,
    pub(crate) time_zone: String,
    /// The plan in the lease's slot, which never changes; none when the source is a lot.
    pub(crate) plan_id: Option<Uuid>,
    pub(crate) plan_name: Option<String>,
    pub(crate) term_days: Option<i64>,
    pub(crate) cost: Option<i64>,
    pub(crate) price: Option<i64>,
}

pub(super) async fn find(conn: &mut Conn, hash: &[u8]) -> Result<Option<Found>, sqlx::Error> {
    sqlx::query_as!(
        Found,
        r#"SELECT c.source_id AS "source_id!: Uuid", c.slot AS "slot!: i64", c.seq AS "seq!: i64",
             lease.operator_id AS "lease_operator?: Uuid", lot.operator_id AS "lot_operator?: Uuid",
             operator.time_zone AS "time_zone!: String", s.plan_id AS "plan_id?: Uuid",
             s.plan_name AS "plan_name?: String", s.term_days AS "term_days?: i64", s.cost AS "cost?: i64",
             s.price AS "price?: i64"
           FROM candidate c LEFT JOIN lease ON lease.id = c.source_id LEFT JOIN lot ON lot.id = c.source_id
             JOIN operator ON operator.id = COALESCE(lease.operator_id, lot.operator_id)
             LEFT JOIN lease_slot s ON s.lease_id = c.source_id AND s.slot = c.slot
           WHERE c.code_hash = $1"#,
        hash
    )
    .fetch_optional(conn)
    .await
}
