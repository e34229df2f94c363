//! SQL of price lists. The entry in force for a plan is the one with the latest `valid_from` that has begun.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{OperatorId, PlanId, PriceId, ResellerId, StaffId};
use counterfoil_domain::reseller::SettlementMode;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::prices::SetPrice;
use uuid::Uuid;

use crate::dialect::Conn;
use crate::engine::stored::stored_number;

/// A plan that a reseller can sell now, at its price.
#[derive(Debug, Clone)]
pub(crate) struct Sellable {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) revision: i64,
    pub(crate) term_days: i64,
    /// In minor units.
    pub(crate) price: i64,
    /// Of a trial.
    pub(crate) trials_a_month: Option<i64>,
}

impl Sellable {
    /// What one costs a reseller of this settlement mode, in its unit. A trial costs nothing.
    pub(crate) fn cost(&self, mode: SettlementMode) -> Result<i64, Failure> {
        let term_days = stored_number(self.term_days, "plan", "term_days", self.id)?;
        Ok(if self.trials_a_month.is_some() { 0 } else { mode.cost(term_days, self.price) })
    }
}

/// Every one, or only this plan.
pub(super) async fn sellable(
    conn: &mut Conn,
    operator: OperatorId,
    reseller: ResellerId,
    only: Option<PlanId>,
    now: Timestamp,
) -> Result<Vec<Sellable>, sqlx::Error> {
    let (any, only) = (only.is_none(), only.map_or_else(Uuid::nil, |plan| plan.0));
    sqlx::query_as!(
        Sellable,
        r#"SELECT p.id AS "id!: Uuid", p.name AS "name!: String", p.revision AS "revision!: i64",
             p.term_days AS "term_days!: i64", p.trials_a_month AS "trials_a_month?: i64",
             CASE WHEN p.trials_a_month IS NULL THEN COALESCE(e.price, p.price) ELSE p.price END AS "price!: i64"
           FROM plan p LEFT JOIN price_entry e ON e.id =
             (SELECT l.id FROM price_entry l WHERE l.reseller_id = $2 AND l.plan_id = p.id AND l.valid_from <= $3
              ORDER BY l.valid_from DESC, l.set_at DESC, l.id DESC LIMIT 1)
           WHERE p.operator_id = $1 AND p.status = 'active' AND COALESCE(e.allowed, p.sold_by = 'everyone')
             AND ($4 OR p.id = $5)"#,
        operator.0,
        reseller.0,
        now.0,
        any,
        only
    )
    .fetch_all(conn)
    .await
}

pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) plan_id: Uuid,
    pub(super) allowed: bool,
    pub(super) price: Option<i64>,
    pub(super) valid_from: i64,
    pub(super) set_at: i64,
    pub(super) set_by: String,
    pub(super) note: String,
}

/// The entries in force at this moment and those to come, in the order they begin.
pub(super) async fn present(conn: &mut Conn, reseller: ResellerId, now: Timestamp) -> Result<Vec<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        r#"SELECT e.id AS "id!: Uuid", e.plan_id AS "plan_id!: Uuid", e.allowed AS "allowed!: bool", e.price,
             e.valid_from, e.set_at, s.username AS "set_by!: String", e.note
           FROM price_entry e JOIN staff s ON s.id = e.set_by
           WHERE e.reseller_id = $1 AND NOT EXISTS
             (SELECT 1 FROM price_entry l WHERE l.reseller_id = e.reseller_id AND l.plan_id = e.plan_id
                AND l.valid_from <= $2 AND (l.valid_from, l.set_at, l.id) > (e.valid_from, e.set_at, e.id))
           ORDER BY e.valid_from, e.set_at, e.id"#,
        reseller.0,
        now.0
    )
    .fetch_all(conn)
    .await
}

/// Of one plan, the last to begin first.
pub(super) async fn history(conn: &mut Conn, reseller: ResellerId, plan: PlanId) -> Result<Vec<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        r#"SELECT e.id AS "id!: Uuid", e.plan_id AS "plan_id!: Uuid", e.allowed AS "allowed!: bool", e.price,
             e.valid_from, e.set_at, s.username AS "set_by!: String", e.note
           FROM price_entry e JOIN staff s ON s.id = e.set_by
           WHERE e.reseller_id = $1 AND e.plan_id = $2
           ORDER BY e.valid_from DESC, e.set_at DESC, e.id DESC LIMIT 500"#,
        reseller.0,
        plan.0
    )
    .fetch_all(conn)
    .await
}

/// An entry as it was asked for.
pub(super) struct Known {
    pub(super) reseller: Uuid,
    pub(super) plan: Uuid,
    pub(super) allowed: bool,
    pub(super) price: Option<i64>,
    pub(super) note: String,
}

pub(super) async fn of(conn: &mut Conn, id: PriceId) -> Result<Option<Known>, sqlx::Error> {
    sqlx::query_as!(
        Known,
        r#"SELECT reseller_id AS "reseller!: Uuid", plan_id AS "plan!: Uuid", allowed AS "allowed!: bool", price, note
           FROM price_entry WHERE id = $1"#,
        id.0
    )
    .fetch_optional(conn)
    .await
}

/// An entry to be added.
pub(super) struct New<'a> {
    pub(super) operator: OperatorId,
    pub(super) reseller: ResellerId,
    pub(super) plan: PlanId,
    pub(super) asked: &'a SetPrice,
    pub(super) note: &'a str,
    pub(super) valid_from: Timestamp,
    pub(super) set_at: Timestamp,
    pub(super) set_by: StaffId,
}

pub(super) async fn insert(conn: &mut Conn, new: &New<'_>) -> Result<(), sqlx::Error> {
    let price = new.asked.price.map(Amount::value);
    sqlx::query!(
        "INSERT INTO price_entry
           (id, operator_id, reseller_id, plan_id, allowed, price, valid_from, set_at, set_by, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        new.asked.price_id.0,
        new.operator.0,
        new.reseller.0,
        new.plan.0,
        new.asked.allowed,
        price,
        new.valid_from.0,
        new.set_at.0,
        new.set_by.0,
        new.note
    )
    .execute(conn)
    .await
    .map(|_| ())
}
