//! SQL of operators.

use counterfoil_central_platform::console::NewOperator;
use counterfoil_domain::ids::{Epoch, OperatorId};
use counterfoil_domain::lease::LeaseTerms;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::settings::SaveSettings;
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
    pub(super) revision: i64,
    pub(super) redeem_days: i64,
    pub(super) support_email: String,
    pub(super) support_phone: String,
    pub(super) public_address: String,
    pub(super) staff_second_factor: bool,
    pub(super) brand_revision: i64,
    pub(super) panel_name: String,
    pub(super) accent: String,
    pub(super) logo_hash: String,
}

pub(super) async fn by_id(conn: &mut Conn, id: OperatorId) -> Result<Option<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        r#"SELECT id AS "id!: Uuid", name, time_zone, currency, code_prefix, epoch AS "epoch!: Uuid",
                  low_credits, low_money, revision, redeem_days, support_email, support_phone, public_address,
                  staff_second_factor AS "staff_second_factor!: bool", brand_revision, panel_name, accent, logo_hash
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
                  low_credits, low_money, revision, redeem_days, support_email, support_phone, public_address,
                  staff_second_factor AS "staff_second_factor!: bool", brand_revision, panel_name, accent, logo_hash
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
        "INSERT INTO operator (id, name, time_zone, currency, code_prefix, epoch, created_at, redeem_days)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        id.0,
        new.name,
        new.time_zone,
        new.currency,
        new.code_prefix,
        epoch.0,
        now.0,
        LeaseTerms::REDEEM_DAYS
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("INSERT INTO feed (operator_id, version) VALUES ($1, 0)", id.0).execute(conn).await.map(|_| ())
}

/// Only the version that was read; false where it is another one by now.
pub(super) async fn update(conn: &mut Conn, id: OperatorId, to: &SaveSettings) -> Result<bool, sqlx::Error> {
    let (version, redeem_days) = (i64::from(to.version), i64::from(to.redeem_days));
    let updated = sqlx::query!(
        "UPDATE operator SET name = $3, time_zone = $4, code_prefix = $5, redeem_days = $6, support_email = $7,
                support_phone = $8, public_address = $9,
                staff_second_factor = COALESCE($10, staff_second_factor), revision = revision + 1
         WHERE id = $1 AND revision = $2",
        id.0,
        version,
        to.operator_name,
        to.time_zone,
        to.code_prefix,
        redeem_days,
        to.support_email,
        to.support_phone,
        to.public_address,
        to.staff_second_factor
    )
    .execute(conn)
    .await?;
    Ok(updated.rows_affected() == 1)
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
