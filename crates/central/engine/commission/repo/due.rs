//! SQL of sales whose shares are due.

use counterfoil_domain::ids::{AccountId, OperatorId, ResellerId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::commission::SourceKind;
use uuid::Uuid;

use crate::dialect::Conn;

/// A sale whose shares are due, before it is stored.
pub(crate) struct New<'a> {
    pub(crate) kind: SourceKind,
    pub(crate) id: Uuid,
    pub(crate) seller: Uuid,
    pub(crate) account: AccountId,
    pub(crate) reference: &'a str,
    pub(crate) plan_name: &'a str,
    pub(crate) price: i64,
    pub(crate) currency: &'a str,
    pub(crate) active_accounts: i64,
    pub(crate) at: Timestamp,
}

/// Accounts of a reseller that are switched on and have service.
pub(in crate::engine::commission) async fn count_active(
    conn: &mut Conn,
    reseller: ResellerId,
    now: Timestamp,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "count!: i64" FROM account
           WHERE reseller_id = $1 AND status = 'active' AND ends_at > $2"#,
        reseller.0,
        now.0
    )
    .fetch_one(conn)
    .await
}

/// Where the shares of a sale are to be posted.
pub(in crate::engine::commission) struct Waiting {
    pub(in crate::engine::commission) source_id: Uuid,
    pub(in crate::engine::commission) operator_id: Uuid,
    pub(in crate::engine::commission) seller_id: Uuid,
}

pub(in crate::engine::commission) async fn waiting(
    conn: &mut Conn,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Waiting>, sqlx::Error> {
    sqlx::query_as!(
        Waiting,
        r#"SELECT source_id AS "source_id!: Uuid", operator_id AS "operator_id!: Uuid", seller_id AS "seller_id!: Uuid"
           FROM commission_due WHERE due_at <= $1 ORDER BY due_at LIMIT $2"#,
        now.0,
        limit
    )
    .fetch_all(conn)
    .await
}

/// A sale with what counts for its shares.
pub(crate) struct Due {
    pub(crate) source_kind: String,
    pub(crate) source_id: Uuid,
    pub(crate) seller_id: Uuid,
    pub(crate) account_id: Uuid,
    pub(crate) reference: String,
    pub(crate) plan_name: String,
    pub(crate) price: i64,
    pub(crate) currency: String,
    pub(crate) active_accounts: i64,
    pub(crate) sold_at: i64,
}

/// Takes a sale out of what is due for good; says whether it was there.
pub(in crate::engine::commission) async fn drop(
    conn: &mut Conn,
    kind: SourceKind,
    source: Uuid,
) -> Result<bool, sqlx::Error> {
    let kind = kind.as_str();
    let dropped = sqlx::query!("DELETE FROM commission_due WHERE source_kind = $1 AND source_id = $2", kind, source)
        .execute(conn)
        .await?;
    Ok(dropped.rows_affected() == 1)
}

/// Tries it again later, and says why.
pub(in crate::engine::commission) async fn put_off(
    conn: &mut Conn,
    source: Uuid,
    now: Timestamp,
    trouble: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE commission_due SET tries = tries + 1, trouble = $3,
           due_at = $2 + CASE WHEN tries < 8 THEN 15000 * (tries + 1) * (tries + 1) ELSE CAST(3600000 AS BIGINT) END
         WHERE source_id = $1",
        source,
        now.0,
        trouble
    )
    .execute(conn)
    .await
    .map(|_| ())
}

pub(in crate::engine::commission) struct Standing {
    pub(in crate::engine::commission) waiting: i64,
    pub(in crate::engine::commission) trouble: Option<String>,
}

pub(in crate::engine::commission) async fn standing(
    conn: &mut Conn,
    operator: OperatorId,
) -> Result<Standing, sqlx::Error> {
    sqlx::query_as!(
        Standing,
        r#"SELECT COUNT(*) AS "waiting!: i64", MIN(trouble) AS "trouble?: String"
           FROM commission_due WHERE operator_id = $1"#,
        operator.0
    )
    .fetch_one(conn)
    .await
}

/// Why the shares of a sale are not posted yet.
pub(in crate::engine::commission) struct Delay {
    pub(in crate::engine::commission) due_at: i64,
    pub(in crate::engine::commission) tries: i64,
    pub(in crate::engine::commission) trouble: Option<String>,
}

pub(in crate::engine::commission) async fn of(
    conn: &mut Conn,
    source: SourceKind,
    id: Uuid,
) -> Result<Option<Delay>, sqlx::Error> {
    let kind = source.as_str();
    sqlx::query_as!(
        Delay,
        "SELECT due_at, tries, trouble FROM commission_due WHERE source_kind = $1 AND source_id = $2",
        kind,
        id
    )
    .fetch_optional(conn)
    .await
}
