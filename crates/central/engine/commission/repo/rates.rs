//! SQL of commission rates.

use counterfoil_domain::ids::{OperatorId, RateId, ResellerId};
use counterfoil_domain::time::Timestamp;
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::dialect::{Conn, Db};
use crate::engine::batch::{ROWS, kept};
use crate::engine::commission::NewRate;

pub(in crate::engine::commission) struct Row {
    pub(in crate::engine::commission) id: Uuid,
    pub(in crate::engine::commission) rate_bp: Option<i64>,
    pub(in crate::engine::commission) valid_from: i64,
    pub(in crate::engine::commission) set_at: i64,
    pub(in crate::engine::commission) set_by: Option<String>,
    pub(in crate::engine::commission) note: String,
}

/// The last to begin first; of those that begin together, the one in force.
pub(in crate::engine::commission) async fn history(
    conn: &mut Conn,
    reseller: ResellerId,
) -> Result<Vec<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        r#"SELECT h.id AS "id!: Uuid", h.rate_bp, h.valid_from, h.set_at, s.username AS "set_by?", h.note
           FROM reseller_rate h LEFT JOIN staff s ON s.id = h.set_by
           WHERE h.reseller_id = $1 ORDER BY h.valid_from DESC, h.set_at DESC, h.id DESC LIMIT 500"#,
        reseller.0
    )
    .fetch_all(conn)
    .await
}

pub(in crate::engine::commission) struct InForce {
    /// None is by tier.
    pub(in crate::engine::commission) rate_bp: Option<i64>,
}

/// None where no entry has begun.
pub(in crate::engine::commission) async fn at(
    conn: &mut Conn,
    reseller: ResellerId,
    at: Timestamp,
) -> Result<Option<InForce>, sqlx::Error> {
    sqlx::query_as!(
        InForce,
        "SELECT rate_bp FROM reseller_rate WHERE reseller_id = $1 AND valid_from <= $2
         ORDER BY valid_from DESC, set_at DESC, id DESC LIMIT 1",
        reseller.0,
        at.0
    )
    .fetch_optional(conn)
    .await
}

pub(in crate::engine::commission) struct Known {
    pub(in crate::engine::commission) reseller: Uuid,
    pub(in crate::engine::commission) rate_bp: Option<i64>,
    pub(in crate::engine::commission) note: String,
}

pub(in crate::engine::commission) async fn of(conn: &mut Conn, id: RateId) -> Result<Option<Known>, sqlx::Error> {
    sqlx::query_as!(
        Known,
        r#"SELECT reseller_id AS "reseller!: Uuid", rate_bp, note FROM reseller_rate WHERE id = $1"#,
        id.0
    )
    .fetch_optional(conn)
    .await
}

#[derive(sqlx::FromRow)]
pub(in crate::engine::commission) struct OfReseller {
    pub(in crate::engine::commission) reseller_id: Uuid,
    /// None is by tier.
    pub(in crate::engine::commission) rate_bp: Option<i64>,
}

/// The rate of each reseller at a moment; none where no entry has begun.
pub(in crate::engine::commission) async fn of_many(
    conn: &mut Conn,
    resellers: &[Uuid],
    at: Timestamp,
) -> Result<Vec<OfReseller>, sqlx::Error> {
    let mut all = Vec::with_capacity(resellers.len());
    for batch in resellers.chunks(ROWS) {
        // The same order as of one reseller: what comes first is in force.
        let mut query = QueryBuilder::<Db>::new(
            "SELECT h.reseller_id, h.rate_bp FROM reseller r JOIN reseller_rate h ON h.reseller_id = r.id
             WHERE h.id = (SELECT f.id FROM reseller_rate f WHERE f.reseller_id = r.id AND f.valid_from <= ",
        );
        query.push_bind(at.0).push(" ORDER BY f.valid_from DESC, f.set_at DESC, f.id DESC LIMIT 1) AND r.id IN (");
        let mut list = query.separated(", ");
        for id in batch {
            list.push_bind(*id);
        }
        query.push(")");
        all.extend(query.build_query_as::<OfReseller>().persistent(kept(batch)).fetch_all(&mut *conn).await?);
    }
    Ok(all)
}

#[derive(sqlx::FromRow)]
pub(in crate::engine::commission) struct Entry {
    pub(in crate::engine::commission) id: Uuid,
    pub(in crate::engine::commission) reseller_id: Uuid,
    pub(in crate::engine::commission) rate_bp: Option<i64>,
    pub(in crate::engine::commission) note: String,
}

/// Those of these entries that there are.
pub(in crate::engine::commission) async fn of_ids(conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<Entry>, sqlx::Error> {
    let mut all = Vec::new();
    for batch in ids.chunks(ROWS) {
        let mut query =
            QueryBuilder::<Db>::new("SELECT id, reseller_id, rate_bp, note FROM reseller_rate WHERE id IN (");
        let mut list = query.separated(", ");
        for id in batch {
            list.push_bind(*id);
        }
        query.push(")");
        all.extend(query.build_query_as::<Entry>().persistent(kept(batch)).fetch_all(&mut *conn).await?);
    }
    Ok(all)
}

pub(in crate::engine::commission) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    new: &NewRate<'_>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let rate_bp = new.rate.to_stored().map(i64::from);
    sqlx::query!(
        "INSERT INTO reseller_rate (id, operator_id, reseller_id, rate_bp, valid_from, set_at, set_by, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        new.id.0,
        operator.0,
        new.reseller.0,
        rate_bp,
        new.valid_from.0,
        now.0,
        new.set_by.0,
        new.note
    )
    .execute(conn)
    .await
    .map(|_| ())
}
