//! SQL of how bringing accounts to portals came out, by portal and month, and of devices that come back.

use std::collections::BTreeMap;

use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::time::Timestamp;
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::Ends;
use crate::dialect::{Conn, Db};
use crate::engine::batch::{ROWS, kept};
use crate::engine::dashboard::count::JobKey;

pub(in crate::engine::dashboard) async fn add(
    conn: &mut Conn,
    operator: OperatorId,
    jobs: &BTreeMap<JobKey, Ends>,
) -> Result<(), sqlx::Error> {
    let rows: Vec<_> = jobs.iter().collect();
    for batch in rows.chunks(ROWS) {
        let mut query =
            QueryBuilder::<Db>::new("INSERT INTO statistic_portal (operator_id, portal_id, month, kind, count) ");
        query.push_values(batch, |mut row, ((portal, month, kind), sums)| {
            row.push_bind(operator.0).push_bind(*portal).push_bind(month.as_str());
            row.push_bind(kind.as_str()).push_bind(sums.count);
        });
        query.push(
            " ON CONFLICT (portal_id, month, kind) DO UPDATE SET
               count = statistic_portal.count + excluded.count",
        );
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    Ok(())
}

/// What was counted of one portal in one month.
pub(in crate::engine::dashboard) struct JobsRow {
    pub(in crate::engine::dashboard) portal_id: Uuid,
    pub(in crate::engine::dashboard) portal: String,
    pub(in crate::engine::dashboard) month: String,
    pub(in crate::engine::dashboard) agreed: i64,
    pub(in crate::engine::dashboard) first: i64,
    pub(in crate::engine::dashboard) within_an_hour: i64,
    pub(in crate::engine::dashboard) failed: i64,
}

pub(in crate::engine::dashboard) async fn of_months(
    conn: &mut Conn,
    operator: OperatorId,
    (first, last): (&str, &str),
) -> Result<Vec<JobsRow>, sqlx::Error> {
    sqlx::query_as!(
        JobsRow,
        r#"SELECT p.id AS "portal_id!: Uuid", p.name AS "portal!: String", s.month AS "month!: String",
                  CAST(SUM(CASE WHEN s.kind = 'job_agreed' THEN s.count ELSE 0 END) AS BIGINT) AS "agreed!: i64",
                  CAST(SUM(CASE WHEN s.kind = 'job_first' THEN s.count ELSE 0 END) AS BIGINT) AS "first!: i64",
                  CAST(SUM(CASE WHEN s.kind = 'job_hour' THEN s.count ELSE 0 END) AS BIGINT) AS "within_an_hour!: i64",
                  CAST(SUM(CASE WHEN s.kind = 'job_failed' THEN s.count ELSE 0 END) AS BIGINT) AS "failed!: i64"
           FROM statistic_portal s JOIN portal p ON p.id = s.portal_id
           WHERE s.operator_id = $1 AND s.month >= $2 AND s.month <= $3
           GROUP BY p.id, p.name, s.month ORDER BY s.month, p.name, p.id"#,
        operator.0,
        first,
        last
    )
    .fetch_all(conn)
    .await
}

/// Devices that sell.
pub(in crate::engine::dashboard) struct DevicesRow {
    pub(in crate::engine::dashboard) selling: i64,
    /// Of these, those that should have come by now.
    pub(in crate::engine::dashboard) overdue: i64,
    pub(in crate::engine::dashboard) longest_away_since: Option<i64>,
}

/// A lease is looked up for each device along its own index, so codes and sales are not read.
pub(in crate::engine::dashboard) async fn devices(
    conn: &mut Conn,
    operator: OperatorId,
    now: Timestamp,
) -> Result<DevicesRow, sqlx::Error> {
    sqlx::query_as!(
        DevicesRow,
        r#"SELECT COUNT(*) AS "selling!: i64",
                  CAST(COALESCE(SUM(CASE WHEN EXISTS (
                      SELECT 1 FROM lease l WHERE l.device_id = d.id AND l.state = 'open' AND l.issue_until <= $2
                        AND l.issue_until > COALESCE(d.last_seen_at, 0)) THEN 1 ELSE 0 END), 0) AS BIGINT) AS "overdue!: i64",
                  MIN(d.last_seen_at) AS "longest_away_since?: i64"
           FROM device d
           WHERE d.operator_id = $1
             AND EXISTS (SELECT 1 FROM lease l WHERE l.device_id = d.id AND l.state = 'open')"#,
        operator.0,
        now.0
    )
    .fetch_one(conn)
    .await
}
