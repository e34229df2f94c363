//! SQL of candidates.

use uuid::Uuid;

use crate::dialect::Conn;

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

pub(super) async fn numbers(
    conn: &mut Conn,
    source: Uuid,
    slot: i64,
    from: i64,
    to: i64,
) -> Result<Vec<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT seq AS "seq!: i64" FROM candidate
           WHERE source_id = $1 AND slot = $2 AND seq BETWEEN $3 AND $4 AND NOT revoked ORDER BY seq"#,
        source,
        slot,
        from,
        to
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn count(
    conn: &mut Conn,
    source: Uuid,
    (from, to): (i64, i64),
    revoked: bool,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "count!: i64" FROM candidate
           WHERE source_id = $1 AND slot = 0 AND seq BETWEEN $2 AND $3 AND revoked = $4"#,
        source,
        from,
        to,
        revoked
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn hand_over(
    conn: &mut Conn,
    source: Uuid,
    other: Uuid,
    from: i64,
    to: i64,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE candidate SET source_id = $2
         WHERE source_id = $1 AND slot = 0 AND seq BETWEEN $3 AND $4 AND NOT revoked",
        source,
        other,
        from,
        to
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

pub(super) async fn revoke(conn: &mut Conn, source: Uuid, from: i64, to: i64) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE candidate SET revoked = TRUE
         WHERE source_id = $1 AND slot = 0 AND seq BETWEEN $2 AND $3 AND NOT revoked",
        source,
        from,
        to
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Where a code comes from.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) code_hash: Vec<u8>,
    pub(crate) source_id: Uuid,
    pub(crate) slot: i64,
    pub(crate) seq: i64,
    /// Of the lease; none when the source is a lot.
    pub(crate) lease_operator: Option<Uuid>,
    /// Of the lot; none when the source is a lease.
    pub(crate) lot_operator: Option<Uuid>,
    /// The lot is kept by the operator: no reseller has the code.
    pub(crate) in_stock: bool,
    /// The operator revoked it while it was kept.
    pub(crate) revoked: bool,
    pub(crate) time_zone: String,
    /// The plan in the lease's slot, which never changes; none when the source is a lot.
    pub(crate) plan_id: Option<Uuid>,
    pub(crate) plan_name: Option<String>,
    pub(crate) term_days: Option<i64>,
    pub(crate) cost: Option<i64>,
    pub(crate) price: Option<i64>,
}
