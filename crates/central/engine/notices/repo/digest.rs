//! SQL of the daily mail about services that end soon.

use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::notice::NoticeKind;
use uuid::Uuid;

use crate::dialect::Conn;

/// The last day on which every shop was told.
pub(in crate::engine::notices) async fn told_on(
    conn: &mut Conn,
    operator: OperatorId,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT told_on AS "told_on!: String" FROM ending_digest_day WHERE operator_id = $1"#,
        operator.0
    )
    .fetch_optional(conn)
    .await
}

/// Only further.
pub(in crate::engine::notices) async fn note(
    conn: &mut Conn,
    operator: OperatorId,
    told_on: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO ending_digest_day (operator_id, told_on) VALUES ($1, $2)
         ON CONFLICT (operator_id) DO UPDATE SET told_on = excluded.told_on
         WHERE ending_digest_day.told_on < excluded.told_on",
        operator.0,
        told_on
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// A shop that wants the mail, and how many days ahead; none: the default.
pub(in crate::engine::notices) struct Shop {
    pub(in crate::engine::notices) id: Uuid,
    pub(in crate::engine::notices) days: Option<i64>,
}

/// The next by id.
pub(in crate::engine::notices) async fn shops(
    conn: &mut Conn,
    operator: OperatorId,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Shop>, sqlx::Error> {
    let kind = NoticeKind::ServicesEnding.as_str();
    sqlx::query_as!(
        Shop,
        r#"SELECT r.id AS "id!: Uuid", d.days AS "days?: i64"
           FROM reseller r LEFT JOIN ending_digest d ON d.reseller_id = r.id
           WHERE r.operator_id = $1 AND r.id > $2 AND r.status = 'active'
             AND NOT EXISTS (SELECT 1 FROM notice_off o WHERE o.reseller_id = r.id AND o.kind = $3)
           ORDER BY r.id LIMIT $4"#,
        operator.0,
        after,
        kind,
        limit
    )
    .fetch_all(conn)
    .await
}

/// An account whose service ends.
pub(in crate::engine::notices) struct Ending {
    pub(in crate::engine::notices) username: String,
    pub(in crate::engine::notices) last_day: String,
    pub(in crate::engine::notices) plan: Option<String>,
}

/// On one of these days, the soonest first.
pub(in crate::engine::notices) async fn ending(
    conn: &mut Conn,
    reseller: ResellerId,
    (from, until): (&str, &str),
    limit: i64,
) -> Result<Vec<Ending>, sqlx::Error> {
    sqlx::query_as!(
        Ending,
        r#"SELECT a.username AS "username!: String", a.last_day AS "last_day!: String", p.name AS "plan?: String"
           FROM account a LEFT JOIN plan p ON p.id = a.plan_id
           WHERE a.reseller_id = $1 AND a.last_day >= $2 AND a.last_day <= $3 AND a.status = 'active'
           ORDER BY a.last_day, a.username LIMIT $4"#,
        reseller.0,
        from,
        until,
        limit
    )
    .fetch_all(conn)
    .await
}

/// How many there are on these days.
pub(in crate::engine::notices) async fn count(
    conn: &mut Conn,
    reseller: ResellerId,
    (from, until): (&str, &str),
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "count!: i64" FROM account
           WHERE reseller_id = $1 AND last_day >= $2 AND last_day <= $3 AND status = 'active'"#,
        reseller.0,
        from,
        until
    )
    .fetch_one(conn)
    .await
}

/// How many days ahead a shop chose; none where it never did.
pub(in crate::engine::notices) async fn days(
    conn: &mut Conn,
    reseller: ResellerId,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT days AS "days!: i64" FROM ending_digest WHERE reseller_id = $1"#, reseller.0)
        .fetch_optional(conn)
        .await
}

pub(in crate::engine::notices) async fn choose_days(
    conn: &mut Conn,
    operator: OperatorId,
    reseller: ResellerId,
    days: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO ending_digest (reseller_id, operator_id, days) VALUES ($1, $2, $3)
         ON CONFLICT (reseller_id) DO UPDATE SET days = excluded.days",
        reseller.0,
        operator.0,
        days
    )
    .execute(conn)
    .await
    .map(|_| ())
}
