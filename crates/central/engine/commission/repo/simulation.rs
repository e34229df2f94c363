//! SQL of the replay: sales that earned and stand, seller by seller in the order of time.

use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::dialect::Conn;

pub(in crate::engine::commission) struct Seller {
    pub(in crate::engine::commission) id: Uuid,
    pub(in crate::engine::commission) path: String,
}

/// From this one on.
pub(in crate::engine::commission) async fn sellers(
    conn: &mut Conn,
    operator: OperatorId,
    from: ResellerId,
    limit: i64,
) -> Result<Vec<Seller>, sqlx::Error> {
    sqlx::query_as!(
        Seller,
        r#"SELECT id AS "id!: Uuid", path FROM reseller WHERE operator_id = $1 AND id >= $2 ORDER BY id LIMIT $3"#,
        operator.0,
        from.0,
        limit
    )
    .fetch_all(conn)
    .await
}

/// A share of a sale, with the facts of the sale.
pub(in crate::engine::commission) struct Row {
    /// The seller's share, which stands for the sale.
    pub(in crate::engine::commission) sale: Uuid,
    pub(in crate::engine::commission) sold_at: i64,
    pub(in crate::engine::commission) price: i64,
    pub(in crate::engine::commission) currency: String,
    pub(in crate::engine::commission) facts: String,
    pub(in crate::engine::commission) beneficiary_id: Uuid,
    pub(in crate::engine::commission) amount: i64,
}

/// All shares of so many sales of one seller, from behind a time and id on, the seller's first. A sale of which a share was
/// taken back is not among them: all of its shares were.
pub(in crate::engine::commission) async fn sales(
    conn: &mut Conn,
    seller: Uuid,
    (at, id): (i64, Uuid),
    until: Timestamp,
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        r#"SELECT p.id AS "sale!: Uuid", p.sold_at AS "sold_at!: i64", p.price AS "price!: i64",
                  p.currency AS "currency!: String", p.facts AS "facts!: String",
                  s.beneficiary_id AS "beneficiary_id!: Uuid", s.amount AS "amount!: i64"
           FROM (SELECT id, sold_at, price, currency, facts, source_kind, source_id FROM earning
                 WHERE beneficiary_id = $1 AND level = 0 AND state <> 'reversed' AND (sold_at, id) > ($2, $3)
                   AND sold_at < $4
                 ORDER BY sold_at, id LIMIT $5) p
             JOIN earning s ON s.source_kind = p.source_kind AND s.source_id = p.source_id
           ORDER BY p.sold_at, p.id, s.level"#,
        seller,
        at,
        id,
        until.0,
        limit
    )
    .fetch_all(conn)
    .await
}

/// The sales of all sellers.
pub(in crate::engine::commission) async fn count(
    conn: &mut Conn,
    operator: OperatorId,
    (from, until): (Timestamp, Timestamp),
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "count!: i64" FROM reseller r JOIN earning e ON e.beneficiary_id = r.id
           WHERE r.operator_id = $1 AND e.level = 0 AND e.state <> 'reversed' AND e.sold_at >= $2 AND e.sold_at < $3"#,
        operator.0,
        from.0,
        until.0
    )
    .fetch_one(conn)
    .await
}
