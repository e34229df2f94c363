//! SQL of sales whose shares are due.

use counterfoil_domain::ids::{AccountId, OperatorId, ResellerId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::commission::SourceKind;
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::dialect::{Conn, Db};
use crate::engine::batch::{ROWS, kept};

pub(in crate::engine::commission) struct New<'a> {
    pub(in crate::engine::commission) kind: SourceKind,
    pub(in crate::engine::commission) id: Uuid,
    pub(in crate::engine::commission) seller: Uuid,
    pub(in crate::engine::commission) account: AccountId,
    pub(in crate::engine::commission) reference: &'a str,
    pub(in crate::engine::commission) plan_name: &'a str,
    pub(in crate::engine::commission) price: i64,
    pub(in crate::engine::commission) currency: &'a str,
    pub(in crate::engine::commission) active_accounts: i64,
    pub(in crate::engine::commission) at: Timestamp,
}

pub(in crate::engine::commission) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    new: &[New<'_>],
) -> Result<(), sqlx::Error> {
    for batch in new.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO commission_due (source_kind, source_id, operator_id, seller_id, account_id, reference, plan_name,
               price, currency, active_accounts, sold_at, due_at) ",
        );
        query.push_values(batch, |mut row, new| {
            row.push_bind(new.kind.as_str()).push_bind(new.id).push_bind(operator.0).push_bind(new.seller);
            row.push_bind(new.account.0).push_bind(new.reference).push_bind(new.plan_name).push_bind(new.price);
            row.push_bind(new.currency).push_bind(new.active_accounts).push_bind(new.at.0).push_bind(new.at.0);
        });
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    Ok(())
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
#[derive(sqlx::FromRow)]
pub(in crate::engine::commission) struct Due {
    pub(in crate::engine::commission) source_kind: String,
    pub(in crate::engine::commission) source_id: Uuid,
    pub(in crate::engine::commission) seller_id: Uuid,
    pub(in crate::engine::commission) account_id: Uuid,
    pub(in crate::engine::commission) reference: String,
    pub(in crate::engine::commission) plan_name: String,
    pub(in crate::engine::commission) price: i64,
    pub(in crate::engine::commission) currency: String,
    pub(in crate::engine::commission) active_accounts: i64,
    pub(in crate::engine::commission) sold_at: i64,
}

/// Takes sales of one seller out of what is due: those that nobody took before.
pub(in crate::engine::commission) async fn take(
    conn: &mut Conn,
    seller: ResellerId,
    sources: &[Uuid],
) -> Result<Vec<Due>, sqlx::Error> {
    let mut query = QueryBuilder::<Db>::new("DELETE FROM commission_due WHERE seller_id = ");
    query.push_bind(seller.0).push(" AND source_id IN (");
    let mut list = query.separated(", ");
    for source in sources {
        list.push_bind(*source);
    }
    query.push(
        ") RETURNING source_kind, source_id, seller_id, account_id, reference, plan_name, price, currency,
             active_accounts, sold_at",
    );
    query.build_query_as().persistent(kept(sources)).fetch_all(conn).await
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
