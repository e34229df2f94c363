//! SQL of the sample data: many rows a statement.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{AccountId, OperatorId, PlanId, ResellerId};
use counterfoil_domain::time::Timestamp;
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::dialect::{Conn, Db};
use crate::engine::work::Work;

pub(super) struct AccountRow {
    pub(super) id: AccountId,
    pub(super) reseller: Option<ResellerId>,
    pub(super) path: String,
    pub(super) username: String,
    pub(super) email: Option<String>,
    pub(super) token_hash: Vec<u8>,
    pub(super) status: &'static str,
    pub(super) plan: PlanId,
    pub(super) last_day: String,
    pub(super) ends_at: Timestamp,
    pub(super) created_at: Timestamp,
}

pub(super) async fn has_audit(conn: &mut Conn, operator: OperatorId, action: &str) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM audit WHERE operator_id = $1 AND action = $2 LIMIT 1"#,
        operator.0,
        action
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// Inserts what is not there, and shows it to devices.
pub(super) async fn insert_accounts(work: &mut Work, rows: &[AccountRow]) -> Result<(), Failure> {
    let operator = work.operator();
    let mut accounts = QueryBuilder::<Db>::new(
        "INSERT INTO account (id, operator_id, reseller_id, username, email, token_hash, status, plan_id, last_day, \
         ends_at, created_at) ",
    );
    accounts.push_values(rows, |mut values, row| {
        values
            .push_bind(row.id.0)
            .push_bind(operator.0)
            .push_bind(row.reseller.map(|id| id.0))
            .push_bind(&row.username)
            .push_bind(&row.email)
            .push_bind(&row.token_hash)
            .push_bind(row.status)
            .push_bind(row.plan.0)
            .push_bind(&row.last_day)
            .push_bind(row.ends_at.0)
            .push_bind(row.created_at.0);
    });
    accounts.push(" ON CONFLICT DO NOTHING");
    accounts.build().persistent(false).execute(work.conn()).await?;

    for row in rows {
        work.touch(FeedTable::Account, row.id, &row.path);
    }
    Ok(())
}

/// What a reseller sells of providers, by name.
pub(super) async fn offerings_of(conn: &mut Conn, reseller: ResellerId) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT f.id AS "id!: Uuid" FROM relationship l JOIN offering f ON f.provider_id = l.provider_id
           WHERE l.reseller_id = $1 AND l.status = 'active' AND f.status = 'active'
           ORDER BY f.name_key, f.id LIMIT 20"#,
        reseller.0
    )
    .fetch_all(conn)
    .await
}

/// Orders that wait are not told of.
pub(super) async fn forget_reminders(conn: &mut Conn, operator: OperatorId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE market_order SET remind_at = NULL WHERE operator_id = $1", operator.0)
        .execute(conn)
        .await
        .map(|_| ())
}
