//! SQL of resellers, as far as commission shows them.

use counterfoil_domain::ids::OperatorId;
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::dialect::{Conn, Db};
use crate::engine::batch::{ROWS, kept};

#[derive(sqlx::FromRow)]
pub(in crate::engine::commission) struct Named {
    pub(in crate::engine::commission) id: Uuid,
    pub(in crate::engine::commission) company: String,
    pub(in crate::engine::commission) settlement_mode: String,
}

/// Those of them that are the operator's.
pub(in crate::engine::commission) async fn named(
    conn: &mut Conn,
    operator: OperatorId,
    ids: &[Uuid],
) -> Result<Vec<Named>, sqlx::Error> {
    let mut all = Vec::with_capacity(ids.len());
    for batch in ids.chunks(ROWS) {
        let mut query =
            QueryBuilder::<Db>::new("SELECT id, company, settlement_mode FROM reseller WHERE operator_id = ");
        query.push_bind(operator.0).push(" AND id IN (");
        let mut list = query.separated(", ");
        for id in batch {
            list.push_bind(*id);
        }
        query.push(")");
        all.extend(query.build_query_as::<Named>().persistent(kept(batch)).fetch_all(&mut *conn).await?);
    }
    Ok(all)
}
