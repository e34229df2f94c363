//! SQL of plans.

use counterfoil_domain::ids::{OperatorId, PlanId};
use counterfoil_domain::price_list::SoldBy;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::plans::SavePlan;
use uuid::Uuid;

use super::{Filter, Key};
use crate::dialect::Conn;
use crate::engine::search::contains;

pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) price: i64,
    pub(super) term_days: i64,
    pub(super) features: String,
    pub(super) status: String,
    pub(super) revision: i64,
    pub(super) sold_by: String,
    pub(super) trials_a_month: Option<i64>,
}

pub(super) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    filter: &Filter<'_>,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let (name, id) = after.map_or_else(|| (String::new(), Uuid::nil()), |(name, id)| (name, id.0));
    let (pattern, any_status, more) = (contains(filter.search), !filter.only_active, limit + 1);
    let (reseller, now) = filter.sold_by.map_or((Uuid::nil(), 0), |(reseller, now)| (reseller.0, now.0));
    let by_anyone = filter.sold_by.is_none();
    sqlx::query_as!(
        Row,
        r#"SELECT p.id AS "id!: Uuid", p.name AS "name!: String", p.kind AS "kind!: String",
             CASE WHEN p.trials_a_month IS NULL THEN COALESCE(e.price, p.price) ELSE p.price END AS "price!: i64",
             p.term_days AS "term_days!: i64",
             p.features AS "features!: String", p.status AS "status!: String", p.revision AS "revision!: i64",
             p.sold_by AS "sold_by!: String", p.trials_a_month AS "trials_a_month?: i64"
           FROM plan p LEFT JOIN price_entry e ON e.id =
             (SELECT l.id FROM price_entry l WHERE l.reseller_id = $7 AND l.plan_id = p.id AND l.valid_from <= $8
              ORDER BY l.valid_from DESC, l.set_at DESC, l.id DESC LIMIT 1)
           WHERE p.operator_id = $1 AND (p.name, p.id) > ($2, $3) AND LOWER(p.name) LIKE $4 ESCAPE '\'
             AND ($5 OR p.status = 'active') AND ($9 OR COALESCE(e.allowed, p.sold_by = 'everyone'))
           ORDER BY p.name, p.id LIMIT $6"#,
        operator.0,
        name,
        id,
        pattern,
        any_status,
        more,
        reseller,
        now,
        by_anyone
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn by_id(conn: &mut Conn, operator: OperatorId, id: PlanId) -> Result<Option<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        r#"SELECT id AS "id!: Uuid", name, kind, price, term_days, features, status, revision, sold_by,
             trials_a_month
           FROM plan
           WHERE operator_id = $1 AND id = $2"#,
        operator.0,
        id.0
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn exists(conn: &mut Conn, id: PlanId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(r#"SELECT CAST(1 AS BIGINT) AS "one!: i64" FROM plan WHERE id = $1"#, id.0)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

fn features(plan: &SavePlan) -> String {
    serde_json::Value::from(plan.features.clone()).to_string()
}

pub(super) async fn insert(
    conn: &mut Conn,
    operator: OperatorId,
    plan: &SavePlan,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let (name, kind, status) = (plan.name.trim(), plan.kind.as_str(), plan.status.as_str());
    let sold_by = plan.sold_by.unwrap_or_default().as_str();
    let (price, term, features) = (plan.price.value(), i64::from(plan.term_days), features(plan));
    let trials = plan.trials_a_month.filter(|a_month| *a_month > 0).map(i64::from);
    sqlx::query!(
        "INSERT INTO plan (id, operator_id, name, kind, price, term_days, features, status, sold_by, revision,
                            created_at, trials_a_month)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11)",
        plan.plan_id.0,
        operator.0,
        name,
        kind,
        price,
        term,
        features,
        status,
        sold_by,
        now.0,
        trials
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// Only the version that was read.
pub(super) async fn update(
    conn: &mut Conn,
    operator: OperatorId,
    plan: &SavePlan,
    version: u32,
) -> Result<bool, sqlx::Error> {
    let (name, kind, status) = (plan.name.trim(), plan.kind.as_str(), plan.status.as_str());
    let sold_by = plan.sold_by.map(SoldBy::as_str);
    let (price, term, features) = (plan.price.value(), i64::from(plan.term_days), features(plan));
    let version = i64::from(version);
    let (said, trials) = (plan.trials_a_month.is_some(), plan.trials_a_month.filter(|a_month| *a_month > 0));
    let trials = trials.map(i64::from);
    let updated = sqlx::query!(
        "UPDATE plan SET name = $4, kind = $5, price = $6, term_days = $7, features = $8, status = $9,
                sold_by = COALESCE($10, sold_by), revision = revision + 1,
                trials_a_month = CASE WHEN $11 THEN $12 ELSE trials_a_month END
         WHERE id = $1 AND operator_id = $2 AND revision = $3",
        plan.plan_id.0,
        operator.0,
        version,
        name,
        kind,
        price,
        term,
        features,
        status,
        sold_by,
        said,
        trials
    )
    .execute(conn)
    .await?;
    Ok(updated.rows_affected() == 1)
}
