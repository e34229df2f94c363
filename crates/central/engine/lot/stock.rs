//! Lots that the operator keeps: made ahead, and nobody's until they are allocated. Their codes are candidates and have no
//! rows, so nothing that is about codes can reach them: no shop's feed, no till, no books.

use counterfoil_central_platform::failure::{Failure, field, if_found};
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::ids::{OperatorId, PlanId, StaffId};
use counterfoil_domain::plan::PlanStatus;
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::lots::{Lot, OrderLot};
use counterfoil_wire::plans::Plan;
use counterfoil_wire::problem::Code;

use super::bulk::Made;
use super::make::new_source;
use super::{order, repo};
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::audit::{self, Actor, NOTHING};
use crate::engine::work::Work;
use crate::engine::{code_jobs, operators, plans};

/// Orders a lot for nobody yet; its job begins at once.
pub(super) async fn keep(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    staff: StaffId,
    asked: &OrderLot,
) -> Result<Lot, Failure> {
    order::check(asked)?;
    let known = repo::by_id(&mut *app.reader().await?, operator, &Scope::Operator, asked.lot_id).await?;
    if let Some(known) = known {
        return order::repeat(app, known, asked).await;
    }
    if asked.total.is_some_and(|shown| shown.value() != 0) {
        return Err(Failure::new(
            Code::Conflict,
            "Codes that the operator keeps cost nothing. Order them without a sum.",
        ));
    }
    let number = operators::next_number(app, operator).await?;
    let mut work = app.begin(operator).await?;
    let plan = printable(work.conn(), operator, asked.plan_id).await?;
    if !insert(app, &mut work, staff, number, &plan, asked).await? {
        drop(work);
        return order::repeat_of_now(app, operator, asked).await;
    }
    code_jobs::insert(&mut work, staff, &order::job_of(asked)).await?;
    let cost = Amount::new(0, Unit::Credits).map_err(Failure::internal)?.to_string();
    let (number, label) = (format!("{number:06}"), asked.label.trim());
    let made = Made { number, plan: &plan.name, codes: asked.count, cost, label };
    audit::record(&mut work, actor, "lot.keep", Some(asked.lot_id.0), NOTHING, Some(&made)).await?;
    let lot = order::ordered(work.conn(), operator, asked).await?;
    work.commit().await?;
    app.code_jobs_wake().notify_one();
    Ok(lot)
}

/// The plan as it is now: its name and its days are what the cards say.
async fn printable(conn: &mut Conn, operator: OperatorId, plan: PlanId) -> Result<Plan, Failure> {
    let wrong = |message: &str| Failure::validation(vec![field("plan_id", message.to_owned())]);
    let found = if_found(plans::get(conn, operator, plan).await)?;
    match found.filter(|plan| plan.status == PlanStatus::Active) {
        None => Err(wrong("choose an active plan of this operator")),
        Some(plan) if plan.trials_a_month.is_some() => {
            Err(wrong("a trial is not made ahead: its reseller makes the codes, as many a month as the plan says"))
        }
        Some(plan) => Ok(plan),
    }
}

/// False when the id was taken a moment ago.
async fn insert(
    app: &App,
    work: &mut Work,
    staff: StaffId,
    number: i64,
    plan: &Plan,
    asked: &OrderLot,
) -> Result<bool, Failure> {
    let (operator, now) = (work.operator(), work.now());
    let house = operators::get(work.conn(), operator).await?;
    let source = new_source(app, operator, asked.lot_id, house.code_prefix.as_str())?;
    let new = repo::NewLot { source: &source, reseller: None, number, made_by: staff.0, made_at: now.0 };
    if !repo::insert(work.conn(), &new).await? {
        return Ok(false);
    }
    let (currency, unit) = (house.currency.to_string(), Unit::Credits.to_string());
    let order = repo::NewOrder {
        lot: asked.lot_id,
        operator,
        reseller: None,
        number,
        plan: plan.plan_id.0,
        plan_name: &plan.name,
        term_days: i64::from(plan.term_days),
        price: plan.price.value(),
        currency: &currency,
        cost: 0,
        unit: &unit,
        ordered: i64::from(asked.count),
        made: 0,
        from_stock: None,
        customer_email: None,
        label: asked.label.trim(),
        redeem_by: now.plus_days(i64::from(house.redeem_days)).0,
        made_by_kind: "staff",
        made_by: staff.0,
        made_at: now.0,
    };
    repo::insert_order(work.conn(), &order).await?;
    Ok(true)
}
