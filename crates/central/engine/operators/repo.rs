//! SQL of operators.

use counterfoil_central_platform::console::NewOperator;
use counterfoil_domain::ids::{Epoch, OperatorId};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::dialect::Conn;

pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) time_zone: String,
    pub(super) currency: String,
    pub(super) code_prefix: String,
    pub(super) epoch: Uuid,
    pub(super) low_credits: i64,
    pub(super) low_money: i64,
}

pub(super) async fn by_id(conn: &mut Conn, id: OperatorId) -> Result<Option<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        r#"SELECT id AS "id!: Uuid", name, time_zone, currency, code_prefix, epoch AS "epoch!: Uuid",
                  low_credits, low_money
           FROM operator WHERE id = $1"#,
        id.0
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn first(conn: &mut Conn) -> Result<Option<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        r#"SELECT id AS "id!: Uuid", name, time_zone, currency, code_prefix, epoch AS "epoch!: Uuid",
                  low_credits, low_money
           FROM operator ORDER BY created_at, id LIMIT 1"#
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn insert(
    conn: &mut Conn,
    id: OperatorId,
    epoch: Epoch,
    new: &NewOperator,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO operator (id, name, time_zone, currency, code_prefix, epoch, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        id.0,
        new.name,
        new.time_zone,
        new.currency,
        new.code_prefix,
        epoch.0,
        now.0
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("INSERT INTO feed (operator_id, version) VALUES ($1, 0)", id.0).execute(conn).await.map(|_| ())
}

pub(super) async fn next_number(conn: &mut Conn, operator: OperatorId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"UPDATE operator SET next_stock_number = next_stock_number + 1 WHERE id = $1
           RETURNING next_stock_number - 1 AS "number!: i64""#,
        operator.0
    )
    .fetch_one(conn)
    .await
}
