//! SQL of lots by their numbers, and of what the operator keeps.

use counterfoil_domain::ids::{LotId, OperatorId};
use sqlx::QueryBuilder;

use super::record::LotRecord;
use super::repo::RECORDS;
use crate::dialect::{Conn, Db};

/// Whose lots are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// Kept by the operator.
    Nobodys,
    Resellers,
    Anybodys,
}

/// Lots by the number in their serials, in the order of these.
pub(super) async fn numbered(
    conn: &mut Conn,
    operator: OperatorId,
    whose: Whose,
    (from, to): (u32, u32),
    limit: i64,
) -> Result<Vec<LotRecord>, sqlx::Error> {
    let mut sql = QueryBuilder::<Db>::new(RECORDS);
    sql.push_bind(operator.0);
    sql.push(match whose {
        Whose::Nobodys => " AND o.reseller_id IS NULL",
        Whose::Resellers => " AND o.reseller_id IS NOT NULL",
        Whose::Anybodys => "",
    });
    sql.push(" AND COALESCE(stock.number, o.number) BETWEEN ").push_bind(i64::from(from));
    sql.push(" AND ").push_bind(i64::from(to));
    sql.push(" ORDER BY COALESCE(stock.number, o.number), o.first_seq, o.lot_id LIMIT ").push_bind(limit);
    sql.build_query_as().fetch_all(conn).await
}

/// Of two that take from one lot of the operator the second waits here; false where there is no such lot.
pub(super) async fn lock(conn: &mut Conn, stock: LotId) -> Result<bool, sqlx::Error> {
    let done =
        sqlx::query!("UPDATE lot_order SET allocated = allocated WHERE lot_id = $1 AND reseller_id IS NULL", stock.0)
            .execute(conn)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Counts what a part revoked.
pub(super) async fn revoke(conn: &mut Conn, stock: LotId, codes: i64) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE lot_order SET revoked = revoked + $2 WHERE lot_id = $1", stock.0, codes)
        .execute(conn)
        .await
        .map(|_| ())
}

/// Counts what a part gave away.
pub(super) async fn give(conn: &mut Conn, stock: LotId, codes: i64) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE lot_order SET allocated = allocated + $2 WHERE lot_id = $1", stock.0, codes)
        .execute(conn)
        .await
        .map(|_| ())
}
