//! SQL of credit packs and their sales.

use counterfoil_domain::credit_pack::{PackStatus, Rate};
use counterfoil_domain::ids::{CreditPackId, OperatorId, ResellerId, TransferId};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use super::PackTerms;
use crate::dialect::Conn;

pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) credits: i64,
    pub(super) price: i64,
    pub(super) term_days: Option<i64>,
    pub(super) status: String,
    pub(super) revision: i64,
}

impl Row {
    pub(super) const fn rate(&self) -> Rate {
        Rate { credits: self.credits, price: self.price }
    }
}

/// All of them: active ones first, by size.
pub(super) async fn list(conn: &mut Conn, operator: OperatorId) -> Result<Vec<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        r#"SELECT id AS "id!: Uuid", name, credits, price, term_days, status, revision FROM credit_pack
           WHERE operator_id = $1 ORDER BY status, credits, id"#,
        operator.0
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn exists(conn: &mut Conn, id: CreditPackId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM credit_pack WHERE id = $1"#, id.0)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

pub(super) struct NewPack<'a> {
    pub(super) id: CreditPackId,
    pub(super) name: &'a str,
    pub(super) credits: i64,
    pub(super) price: i64,
    pub(super) term_days: Option<i64>,
    pub(super) status: PackStatus,
}

pub(super) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    pack: &NewPack<'_>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let status = pack.status.as_str();
    sqlx::query!(
        "INSERT INTO credit_pack (id, operator_id, name, credits, price, term_days, status, revision, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)",
        pack.id.0,
        operator.0,
        pack.name,
        pack.credits,
        pack.price,
        pack.term_days,
        status,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Only the version that was read.
pub(super) async fn update(
    conn: &mut Conn,
    operator: OperatorId,
    pack: &NewPack<'_>,
    version: u32,
) -> Result<bool, sqlx::Error> {
    let (status, version) = (pack.status.as_str(), i64::from(version));
    let updated = sqlx::query!(
        "UPDATE credit_pack SET name = $4, credits = $5, price = $6, term_days = $7, status = $8,
                revision = revision + 1
         WHERE id = $1 AND operator_id = $2 AND revision = $3",
        pack.id.0,
        operator.0,
        version,
        pack.name,
        pack.credits,
        pack.price,
        pack.term_days,
        status
    )
    .execute(conn)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// What was paid with one transfer.
pub(super) struct Sale {
    pub(super) pack_id: Uuid,
    pub(super) pack_version: i64,
    pub(super) credits: i64,
    pub(super) price: i64,
    pub(super) currency: String,
}

pub(super) async fn sale(conn: &mut Conn, transfer: TransferId) -> Result<Option<Sale>, sqlx::Error> {
    sqlx::query_as!(
        Sale,
        r#"SELECT pack_id AS "pack_id!: Uuid", pack_version, credits, price, currency FROM pack_sale
           WHERE transfer_id = $1"#,
        transfer.0
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn insert_sale(
    conn: &mut Conn,
    operator: OperatorId,
    transfer: TransferId,
    reseller: ResellerId,
    terms: &PackTerms,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let (pack, version) = (terms.shown.pack_id.0, i64::from(terms.shown.version));
    let (price, currency) = (terms.price.value(), terms.price.unit().to_string());
    sqlx::query!(
        "INSERT INTO pack_sale
           (transfer_id, operator_id, reseller_id, pack_id, pack_version, credits, price, currency, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        transfer.0,
        operator.0,
        reseller.0,
        pack,
        version,
        terms.credits,
        price,
        currency,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}
