//! Earnings that a payout takes with it.

use counterfoil_domain::ids::{PayoutId, ResellerId};

use crate::dialect::Conn;

/// What a payout takes with it.
pub(in crate::engine::commission) struct Taken {
    pub(in crate::engine::commission) earnings: i64,
    pub(in crate::engine::commission) earned: i64,
    pub(in crate::engine::commission) first: Option<i64>,
    pub(in crate::engine::commission) last: Option<i64>,
}

/// Of earnings that can be had and are in no payout yet.
pub(in crate::engine::commission) async fn available(
    conn: &mut Conn,
    reseller: ResellerId,
) -> Result<Taken, sqlx::Error> {
    sqlx::query_as!(
        Taken,
        r#"SELECT COUNT(*) AS "earnings!: i64", CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS "earned!: i64",
                  MIN(sold_at) AS "first?: i64", MAX(sold_at) AS "last?: i64"
           FROM earning WHERE beneficiary_id = $1 AND state = 'available' AND payout_id IS NULL"#,
        reseller.0
    )
    .fetch_one(conn)
    .await
}

pub(in crate::engine::commission) async fn put_into_payout(
    conn: &mut Conn,
    reseller: ResellerId,
    payout: PayoutId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE earning SET payout_id = $2 WHERE beneficiary_id = $1 AND state = 'available' AND payout_id IS NULL",
        reseller.0,
        payout.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(in crate::engine::commission) async fn pay(conn: &mut Conn, payout: PayoutId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE earning SET state = 'paid' WHERE payout_id = $1 AND state = 'available'", payout.0)
        .execute(conn)
        .await
        .map(|_| ())
}

pub(in crate::engine::commission) async fn take_out_of_payout(
    conn: &mut Conn,
    payout: PayoutId,
) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE earning SET payout_id = NULL WHERE payout_id = $1", payout.0).execute(conn).await.map(|_| ())
}
