//! Earnings whose time of waiting is over.

use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::time::Timestamp;
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::dialect::{Conn, Db};
use crate::engine::batch::kept;

/// A reseller with an earning whose time of waiting is over.
pub(in crate::engine::commission) struct ToRelease {
    pub(in crate::engine::commission) operator_id: Uuid,
    pub(in crate::engine::commission) beneficiary_id: Uuid,
}

/// The next by id, along the index of what is pending and due: compared as it is, the id would lead through all earnings there
/// ever were.
pub(in crate::engine::commission) async fn to_release(
    conn: &mut Conn,
    now: Timestamp,
    after: Uuid,
    limit: i64,
) -> Result<Vec<ToRelease>, sqlx::Error> {
    sqlx::query_as!(
        ToRelease,
        r#"SELECT DISTINCT operator_id AS "operator_id!: Uuid", beneficiary_id AS "beneficiary_id!: Uuid" FROM earning
           WHERE state = 'pending' AND available_at <= $1 AND COALESCE(beneficiary_id, beneficiary_id) > $2
           ORDER BY beneficiary_id LIMIT $3"#,
        now.0,
        after,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(in crate::engine::commission) struct Pending {
    pub(in crate::engine::commission) id: Uuid,
    pub(in crate::engine::commission) amount: i64,
    pub(in crate::engine::commission) reference: String,
}

pub(in crate::engine::commission) async fn pending(
    conn: &mut Conn,
    reseller: ResellerId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Pending>, sqlx::Error> {
    sqlx::query_as!(
        Pending,
        r#"SELECT id AS "id!: Uuid", amount, reference FROM earning
           WHERE beneficiary_id = $1 AND state = 'pending' AND available_at <= $2 ORDER BY sold_at, id LIMIT $3"#,
        reseller.0,
        now.0,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Says how many were pending.
pub(in crate::engine::commission) async fn make_available(conn: &mut Conn, ids: &[Uuid]) -> Result<usize, sqlx::Error> {
    if ids.is_empty() {
        return Ok(0);
    }
    let mut query =
        QueryBuilder::<Db>::new("UPDATE earning SET state = 'available' WHERE state = 'pending' AND id IN (");
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(*id);
    }
    query.push(")");
    let done = query.build().persistent(kept(ids)).execute(conn).await?.rows_affected();
    Ok(usize::try_from(done).unwrap_or(usize::MAX))
}
