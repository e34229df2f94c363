//! SQL of what the dashboards count and read.

pub(super) mod customers;
pub(super) mod jobs;
pub(super) mod months;
pub(super) mod regulars;
pub(super) mod statistics;

use std::collections::BTreeMap;

use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::time::Timestamp;
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::count::{EndKey, MonthKey};
use crate::dialect::{Conn, Db};
use crate::engine::batch::{ROWS, kept};

/// Notes are counted up to here when somebody asks how many wait.
const MOST_WAITING: i64 = 10_000;

/// What a trigger noted.
pub(super) struct Note {
    pub(super) id: i64,
    pub(super) reseller_id: Option<Uuid>,
    pub(super) kind: String,
    pub(super) plan_id: Option<Uuid>,
    pub(super) portal_id: Option<Uuid>,
    pub(super) at: Option<i64>,
    pub(super) status: Option<String>,
    pub(super) last_day: Option<String>,
    pub(super) currency: String,
    pub(super) unit: String,
    pub(super) count: i64,
    pub(super) price: i64,
    pub(super) cost: i64,
}

/// What is added to a row of months.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) count: i64,
    pub(super) price: i64,
    pub(super) cost: i64,
}

/// What is added to a row of accounts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Ends {
    pub(super) count: i64,
}

/// Whose the oldest notes are: as many as are looked at.
pub(super) async fn with_waiting(conn: &mut Conn, oldest: i64) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT DISTINCT operator_id AS "operator_id!: Uuid" FROM
             (SELECT operator_id FROM statistic_waiting ORDER BY id LIMIT $1) AS noted"#,
        oldest
    )
    .fetch_all(conn)
    .await
}

/// One counts at a time, until the commit.
pub(super) async fn lock(conn: &mut Conn, operator: OperatorId, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO statistic_count (operator_id, counted_at) VALUES ($1, $2)
         ON CONFLICT (operator_id) DO UPDATE SET counted_at = excluded.counted_at",
        operator.0,
        now.0
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Takes the oldest notes away. Up to an id, and not by a list of ids: PostgreSQL may still plan for the empty table that this
/// was, and would then compare each note with each of the list.
pub(super) async fn take(conn: &mut Conn, operator: OperatorId, limit: i64) -> Result<Vec<Note>, sqlx::Error> {
    sqlx::query_as!(
        Note,
        r#"DELETE FROM statistic_waiting
           WHERE operator_id = $1 AND id <= (SELECT MAX(id) FROM
             (SELECT id FROM statistic_waiting WHERE operator_id = $1 ORDER BY id LIMIT $2) AS oldest)
           RETURNING id AS "id!: i64", reseller_id AS "reseller_id?: Uuid", kind AS "kind!: String",
                     plan_id AS "plan_id?: Uuid", portal_id AS "portal_id?: Uuid", at AS "at?: i64", status AS "status?: String",
                     last_day AS "last_day?: String", currency AS "currency!: String", unit AS "unit!: String",
                     count AS "count!: i64", price AS "price!: i64", cost AS "cost!: i64""#,
        operator.0,
        limit
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn add_months(
    conn: &mut Conn,
    operator: OperatorId,
    sums: &BTreeMap<MonthKey, Sums>,
) -> Result<(), sqlx::Error> {
    let rows: Vec<_> = sums.iter().collect();
    for batch in rows.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO statistic_month
               (operator_id, scope_id, month, kind, plan_id, currency, unit, count, price, cost) ",
        );
        query.push_values(batch, |mut row, ((scope, month, kind, plan, currency, unit), sums)| {
            row.push_bind(operator.0).push_bind(*scope).push_bind(month.as_str()).push_bind(kind.as_str());
            row.push_bind(*plan).push_bind(currency.as_str()).push_bind(unit.as_str());
            row.push_bind(sums.count).push_bind(sums.price).push_bind(sums.cost);
        });
        query.push(
            " ON CONFLICT (scope_id, month, kind, plan_id, currency, unit) DO UPDATE SET
               count = statistic_month.count + excluded.count, price = statistic_month.price + excluded.price,
               cost = statistic_month.cost + excluded.cost",
        );
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    Ok(())
}

pub(super) async fn add_ends(
    conn: &mut Conn,
    operator: OperatorId,
    ends: &BTreeMap<EndKey, Ends>,
) -> Result<(), sqlx::Error> {
    let rows: Vec<_> = ends.iter().collect();
    for batch in rows.chunks(ROWS) {
        let mut query =
            QueryBuilder::<Db>::new("INSERT INTO statistic_account (operator_id, scope_id, status, last_day, count) ");
        query.push_values(batch, |mut row, ((scope, status, last_day), ends)| {
            row.push_bind(operator.0).push_bind(*scope).push_bind(status.as_str());
            row.push_bind(last_day.as_str()).push_bind(ends.count);
        });
        query.push(
            " ON CONFLICT (scope_id, status, last_day) DO UPDATE SET
               count = statistic_account.count + excluded.count",
        );
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    Ok(())
}

/// How many notes are not counted yet, as far as [`MOST_WAITING`].
pub(super) async fn waiting(conn: &mut Conn, operator: OperatorId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "count!: i64" FROM
             (SELECT id FROM statistic_waiting WHERE operator_id = $1 LIMIT $2) AS noted"#,
        operator.0,
        MOST_WAITING
    )
    .fetch_one(conn)
    .await
}

/// Sums of one kind in one month.
pub(super) struct MonthRow {
    pub(super) month: String,
    pub(super) kind: String,
    pub(super) currency: String,
    pub(super) unit: String,
    pub(super) count: i64,
    pub(super) price: i64,
    pub(super) cost: i64,
}

pub(super) async fn months(
    conn: &mut Conn,
    scope: Uuid,
    (first, last): (&str, &str),
) -> Result<Vec<MonthRow>, sqlx::Error> {
    sqlx::query_as!(
        MonthRow,
        r#"SELECT month AS "month!: String", kind AS "kind!: String", currency AS "currency!: String",
                  unit AS "unit!: String", CAST(SUM(count) AS BIGINT) AS "count!: i64",
                  CAST(SUM(price) AS BIGINT) AS "price!: i64", CAST(SUM(cost) AS BIGINT) AS "cost!: i64"
           FROM statistic_month WHERE scope_id = $1 AND month >= $2 AND month <= $3
           GROUP BY month, kind, currency, unit ORDER BY month, kind, currency, unit"#,
        scope,
        first,
        last
    )
    .fetch_all(conn)
    .await
}

/// What a plan or a reseller brought in one currency, this month and the month before.
pub(super) struct Brought {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) currency: String,
    pub(super) sales: i64,
    pub(super) this_month: i64,
    pub(super) month_before: i64,
}

/// The most first.
pub(super) async fn plans(
    conn: &mut Conn,
    scope: Uuid,
    (before, this): (&str, &str),
    limit: i64,
) -> Result<Vec<Brought>, sqlx::Error> {
    sqlx::query_as!(
        Brought,
        r#"SELECT id AS "id!: Uuid", name AS "name!: String", currency AS "currency!: String", sales AS "sales!: i64",
                  this_month AS "this_month!: i64", month_before AS "month_before!: i64"
           FROM (SELECT p.id, p.name, m.currency,
                        CAST(SUM(CASE WHEN m.month = $2 AND m.kind <> 'voided' THEN m.count ELSE 0 END) AS BIGINT)
                          AS sales,
                        CAST(SUM(CASE WHEN m.month <> $2 THEN 0 WHEN m.kind = 'voided' THEN -m.price ELSE m.price END)
                          AS BIGINT) AS this_month,
                        CAST(SUM(CASE WHEN m.month = $2 THEN 0 WHEN m.kind = 'voided' THEN -m.price ELSE m.price END)
                          AS BIGINT) AS month_before
                 FROM statistic_month m JOIN plan p ON p.id = m.plan_id
                 WHERE m.scope_id = $1 AND m.month IN ($3, $2) AND m.kind IN ('sold', 'service', 'voided')
                 GROUP BY p.id, p.name, m.currency) AS brought
           ORDER BY this_month DESC, month_before DESC, name, id LIMIT $4"#,
        scope,
        this,
        before,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Resellers that sold in this currency, the most first.
pub(super) async fn resellers(
    conn: &mut Conn,
    operator: OperatorId,
    (before, this): (&str, &str),
    currency: &str,
    limit: i64,
) -> Result<Vec<Brought>, sqlx::Error> {
    sqlx::query_as!(
        Brought,
        r#"SELECT r.id AS "id!: Uuid", r.company AS "name!: String", brought.currency AS "currency!: String",
                  sales AS "sales!: i64", this_month AS "this_month!: i64", month_before AS "month_before!: i64"
           FROM (SELECT scope_id, currency,
                        CAST(SUM(CASE WHEN month = $2 THEN count ELSE 0 END) AS BIGINT) AS sales,
                        CAST(SUM(CASE WHEN month = $2 THEN price ELSE 0 END) AS BIGINT) AS this_month,
                        CAST(SUM(CASE WHEN month = $3 THEN price ELSE 0 END) AS BIGINT) AS month_before
                 FROM statistic_month
                 WHERE operator_id = $1 AND month IN ($3, $2) AND kind = 'revenue' AND currency = $4 AND scope_id <> $1
                 GROUP BY scope_id, currency) AS brought JOIN reseller r ON r.id = brought.scope_id
           ORDER BY this_month DESC, month_before DESC, company, r.id LIMIT $5"#,
        operator.0,
        this,
        before,
        currency,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Accounts of one status.
pub(super) struct StatusRow {
    pub(super) status: String,
    /// With service today.
    pub(super) served: i64,
    /// Of these, those whose service is soon over.
    pub(super) ending: i64,
    pub(super) over: i64,
}

pub(super) async fn accounts(
    conn: &mut Conn,
    scope: Uuid,
    (today, soon): (&str, &str),
) -> Result<Vec<StatusRow>, sqlx::Error> {
    sqlx::query_as!(
        StatusRow,
        r#"SELECT status AS "status!: String",
                  CAST(SUM(CASE WHEN last_day >= $2 THEN count ELSE 0 END) AS BIGINT) AS "served!: i64",
                  CAST(SUM(CASE WHEN last_day >= $2 AND last_day <= $3 THEN count ELSE 0 END) AS BIGINT)
                    AS "ending!: i64",
                  CAST(SUM(CASE WHEN last_day < $2 THEN count ELSE 0 END) AS BIGINT) AS "over!: i64"
           FROM statistic_account WHERE scope_id = $1 GROUP BY status"#,
        scope,
        today,
        soon
    )
    .fetch_all(conn)
    .await
}

/// Resellers of one status.
pub(super) struct ResellerRow {
    pub(super) status: String,
    pub(super) count: i64,
}

pub(super) async fn count_resellers(conn: &mut Conn, operator: OperatorId) -> Result<Vec<ResellerRow>, sqlx::Error> {
    sqlx::query_as!(
        ResellerRow,
        r#"SELECT status AS "status!: String", COUNT(*) AS "count!: i64" FROM reseller
           WHERE operator_id = $1 GROUP BY status"#,
        operator.0
    )
    .fetch_all(conn)
    .await
}

/// Resellers that sold something in a month.
pub(super) async fn count_selling(conn: &mut Conn, operator: OperatorId, month: &str) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT COUNT(DISTINCT scope_id) AS "count!: i64" FROM statistic_month
           WHERE operator_id = $1 AND month = $2 AND kind = 'revenue' AND count > 0 AND scope_id <> $1"#,
        operator.0,
        month
    )
    .fetch_one(conn)
    .await
}

/// What was paid out in one currency.
pub(super) struct PaidRow {
    pub(super) currency: String,
    pub(super) count: i64,
    pub(super) amount: i64,
}

pub(super) async fn paid_out(
    conn: &mut Conn,
    operator: OperatorId,
    (from, until): (Timestamp, Timestamp),
) -> Result<Vec<PaidRow>, sqlx::Error> {
    sqlx::query_as!(
        PaidRow,
        r#"SELECT currency AS "currency!: String", COUNT(*) AS "count!: i64",
                  CAST(SUM(amount) AS BIGINT) AS "amount!: i64"
           FROM payout WHERE operator_id = $1 AND state = 'confirmed' AND ended_at >= $2 AND ended_at < $3
           GROUP BY currency ORDER BY currency"#,
        operator.0,
        from.0,
        until.0
    )
    .fetch_all(conn)
    .await
}
