//! SQL of accounts that go on and of those that left, of who is connected, and of what was written to portals.

use std::collections::BTreeMap;

use counterfoil_domain::ids::OperatorId;
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::Ends;
use crate::dialect::{Conn, Db};
use crate::engine::batch::{ROWS, kept};
use crate::engine::dashboard::count::{ServiceKey, TallyKey};

pub(in crate::engine::dashboard) async fn add_services(
    conn: &mut Conn,
    operator: OperatorId,
    services: &BTreeMap<ServiceKey, Ends>,
) -> Result<(), sqlx::Error> {
    let rows: Vec<_> = services.iter().collect();
    for batch in rows.chunks(ROWS) {
        let mut query =
            QueryBuilder::<Db>::new("INSERT INTO statistic_service (operator_id, scope_id, last_day, plan_id, count) ");
        query.push_values(batch, |mut row, ((scope, last_day, plan), sums)| {
            row.push_bind(operator.0).push_bind(*scope).push_bind(last_day.as_str());
            row.push_bind(*plan).push_bind(sums.count);
        });
        query.push(
            " ON CONFLICT (scope_id, last_day, plan_id) DO UPDATE SET
               count = statistic_service.count + excluded.count",
        );
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    Ok(())
}

pub(in crate::engine::dashboard) async fn add_tallies(
    conn: &mut Conn,
    operator: OperatorId,
    tallies: &BTreeMap<TallyKey, Ends>,
) -> Result<(), sqlx::Error> {
    let rows: Vec<_> = tallies.iter().collect();
    for batch in rows.chunks(ROWS) {
        let mut query =
            QueryBuilder::<Db>::new("INSERT INTO statistic_tally (operator_id, scope_id, month, kind, count) ");
        query.push_values(batch, |mut row, ((scope, month, kind), sums)| {
            row.push_bind(operator.0).push_bind(*scope).push_bind(month.as_str());
            row.push_bind(kind.as_str()).push_bind(sums.count);
        });
        query.push(" ON CONFLICT (scope_id, month, kind) DO UPDATE SET count = statistic_tally.count + excluded.count");
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    Ok(())
}

/// A plan, and how many accounts have service by it.
pub(in crate::engine::dashboard) struct ServedRow {
    pub(in crate::engine::dashboard) id: Uuid,
    pub(in crate::engine::dashboard) name: String,
    pub(in crate::engine::dashboard) price: i64,
    pub(in crate::engine::dashboard) term_days: i64,
    pub(in crate::engine::dashboard) accounts: i64,
}

/// From this day on, along the key of the sums: days that are over are not read.
pub(in crate::engine::dashboard) async fn served(
    conn: &mut Conn,
    scope: Uuid,
    today: &str,
) -> Result<Vec<ServedRow>, sqlx::Error> {
    sqlx::query_as!(
        ServedRow,
        r#"SELECT p.id AS "id!: Uuid", p.name AS "name!: String", p.price AS "price!: i64",
                  p.term_days AS "term_days!: i64", served.accounts AS "accounts!: i64"
           FROM (SELECT plan_id, CAST(SUM(count) AS BIGINT) AS accounts FROM statistic_service
                 WHERE scope_id = $1 AND last_day >= $2 GROUP BY plan_id) AS served
                JOIN plan p ON p.id = served.plan_id
           WHERE served.accounts <> 0 ORDER BY p.name, p.id"#,
        scope,
        today
    )
    .fetch_all(conn)
    .await
}

/// What was counted of one kind in one month.
pub(in crate::engine::dashboard) struct TallyRow {
    pub(in crate::engine::dashboard) month: String,
    pub(in crate::engine::dashboard) kind: String,
    pub(in crate::engine::dashboard) count: i64,
}

pub(in crate::engine::dashboard) async fn tallies(
    conn: &mut Conn,
    scope: Uuid,
    (first, last): (&str, &str),
) -> Result<Vec<TallyRow>, sqlx::Error> {
    sqlx::query_as!(
        TallyRow,
        r#"SELECT month AS "month!: String", kind AS "kind!: String", count AS "count!: i64"
           FROM statistic_tally WHERE scope_id = $1 AND month >= $2 AND month <= $3"#,
        scope,
        first,
        last
    )
    .fetch_all(conn)
    .await
}

/// How far accounts that ended have been counted.
pub(in crate::engine::dashboard) struct DayRow {
    pub(in crate::engine::dashboard) since: String,
    pub(in crate::engine::dashboard) closed: String,
    pub(in crate::engine::dashboard) opened: String,
}

pub(in crate::engine::dashboard) async fn day(
    conn: &mut Conn,
    operator: OperatorId,
) -> Result<Option<DayRow>, sqlx::Error> {
    sqlx::query_as!(
        DayRow,
        r#"SELECT since AS "since!: String", closed AS "closed!: String", opened AS "opened!: String"
           FROM statistic_day WHERE operator_id = $1"#,
        operator.0
    )
    .fetch_optional(conn)
    .await
}

/// All operators.
pub(in crate::engine::dashboard) async fn operators(conn: &mut Conn) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT id AS "id!: Uuid" FROM operator ORDER BY id"#).fetch_all(conn).await
}

pub(in crate::engine::dashboard) async fn set_day(
    conn: &mut Conn,
    operator: OperatorId,
    day: &DayRow,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO statistic_day (operator_id, since, closed, opened) VALUES ($1, $2, $3, $4)
         ON CONFLICT (operator_id) DO UPDATE SET closed = excluded.closed, opened = excluded.opened",
        operator.0,
        day.since,
        day.closed,
        day.opened
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Accounts whose last day is behind the first of these days and not behind the second have ended for good.
pub(in crate::engine::dashboard) async fn add_ended(
    conn: &mut Conn,
    operator: OperatorId,
    (behind, until): (&str, &str),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO statistic_tally (operator_id, scope_id, month, kind, count)
         SELECT operator_id, scope_id, SUBSTR(last_day, 1, 7), 'ended', CAST(SUM(count) AS BIGINT)
         FROM statistic_account WHERE operator_id = $1 AND last_day > $2 AND last_day <= $3
         GROUP BY operator_id, scope_id, SUBSTR(last_day, 1, 7) HAVING SUM(count) <> 0
         ON CONFLICT (scope_id, month, kind) DO UPDATE SET count = statistic_tally.count + excluded.count",
        operator.0,
        behind,
        until
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Accounts that are switched on with service on the first day of a month.
pub(in crate::engine::dashboard) async fn add_active(
    conn: &mut Conn,
    operator: OperatorId,
    (month, first): (&str, &str),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO statistic_tally (operator_id, scope_id, month, kind, count)
         SELECT operator_id, scope_id, CAST($2 AS TEXT), 'active', CAST(SUM(count) AS BIGINT)
         FROM statistic_account WHERE operator_id = $1 AND status = 'active' AND last_day >= $3
         GROUP BY operator_id, scope_id HAVING SUM(count) <> 0
         ON CONFLICT (scope_id, month, kind) DO NOTHING",
        operator.0,
        month,
        first
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Accounts that were at their portals.
pub(in crate::engine::dashboard) struct ConnectedRow {
    pub(in crate::engine::dashboard) count: i64,
    /// None where no portal was looked at.
    pub(in crate::engine::dashboard) as_of: Option<i64>,
}

/// A row for each portal and one for each of its resellers: few, and by key.
pub(in crate::engine::dashboard) async fn connected(
    conn: &mut Conn,
    operator: OperatorId,
    scope: Uuid,
) -> Result<ConnectedRow, sqlx::Error> {
    sqlx::query_as!(
        ConnectedRow,
        r#"SELECT CAST(COALESCE(SUM(c.count), 0) AS BIGINT) AS "count!: i64", MIN(p.connections_at) AS "as_of?: i64"
           FROM portal p LEFT JOIN portal_connection c ON c.portal_id = p.id AND c.scope_id = $2
           WHERE p.operator_id = $1 AND p.connections_at IS NOT NULL AND p.status <> 'archived'"#,
        operator.0,
        scope
    )
    .fetch_one(conn)
    .await
}
