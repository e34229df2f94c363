//! SQL of the stock that orders take units from and give them back to.

use counterfoil_domain::ids::OrderId;
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::dialect::Conn;

/// Takes the offering's lock, before the order's.
pub(super) async fn lock(conn: &mut Conn, offering: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE offering SET status = status WHERE id = $1", offering).execute(conn).await.map(|_| ())
}

/// Gives how many came off the stock, 0 where it is without limit; none where there are not so many. Where the stock is limited
/// it counts as a change of the offering, so that nobody saves a figure that was read before; without a limit nothing of the
/// offering changes, and an order is in nobody's way.
pub(super) async fn take(
    conn: &mut Conn,
    offering: Uuid,
    units: i64,
    now: Timestamp,
) -> Result<Option<i64>, sqlx::Error> {
    let taken = sqlx::query!(
        r#"UPDATE offering SET stock = stock - $2,
             revision = CASE WHEN stock IS NULL THEN revision ELSE revision + 1 END,
             changed_at = CASE WHEN stock IS NULL THEN changed_at ELSE $3 END
           WHERE id = $1 AND (stock IS NULL OR stock >= $2) RETURNING stock AS "left?: i64""#,
        offering,
        units,
        now.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(taken.map(|row| if row.left.is_some() { units } else { 0 }))
}

/// Remembers with the order what it took, so that no more than that comes back.
pub(super) async fn keep(conn: &mut Conn, order: OrderId, units: i64) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE market_order SET stock_taken = $2 WHERE id = $1", order.0, units)
        .execute(conn)
        .await
        .map(|_| ())
}

/// Nothing, where its stock is without limit.
pub(super) async fn give(conn: &mut Conn, offering: Uuid, units: i64, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE offering SET stock = stock + $2, revision = revision + 1, changed_at = $3
         WHERE id = $1 AND stock IS NOT NULL",
        offering,
        units,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// How many are left; none is without limit.
pub(super) async fn left(conn: &mut Conn, offering: Uuid) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT stock AS "stock?: i64" FROM offering WHERE id = $1"#, offering).fetch_one(conn).await
}
