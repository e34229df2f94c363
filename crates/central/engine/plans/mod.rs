//! Plans: what is sold.

mod repo;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::amount::Unit;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{OperatorId, PlanId, ResellerId};
use counterfoil_domain::plan::{PlanDraft, PlanError, PlanKind, PlanStatus};
use counterfoil_domain::price_list::SoldBy;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::plans::{Plan, SavePlan};
use counterfoil_wire::problem::{Code, FieldProblem};

use super::App;
use super::audit::{self, Actor, NOTHING};
use super::operators;
use super::repeat;
use super::stored::{stored, stored_amount, stored_number};
use crate::dialect::Conn;

/// Where a page of plans begins: after this name and id.
pub(crate) type Key = (String, PlanId);

/// Which plans a list shows.
pub(crate) struct Filter<'a> {
    pub(crate) search: &'a str,
    /// Only what is not archived.
    pub(crate) only_active: bool,
    /// Only what this reseller can sell at this moment, at its price.
    pub(crate) sold_by: Option<(ResellerId, Timestamp)>,
}

pub(crate) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    filter: &Filter<'_>,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<Plan>, Failure> {
    let unit = Unit::Minor(operators::get(conn, operator).await?.currency);
    let rows = repo::list(conn, operator, filter, after, limit).await?;
    rows.into_iter().map(|row| view(row, unit)).collect()
}

pub(crate) async fn get(conn: &mut Conn, operator: OperatorId, id: PlanId) -> Result<Plan, Failure> {
    let unit = Unit::Minor(operators::get(conn, operator).await?.currency);
    let row = repo::by_id(conn, operator, id).await?.ok_or_else(|| Failure::not_found("plan"))?;
    view(row, unit)
}

fn view(row: repo::Row, unit: Unit) -> Result<Plan, Failure> {
    let id = row.id;
    Ok(Plan {
        plan_id: PlanId(id),
        version: stored(u32::try_from(row.revision).ok(), "plan", "revision", id)?,
        name: row.name,
        kind: stored(PlanKind::from_stored(&row.kind), "plan", "kind", id)?,
        price: stored_amount(row.price, unit, "plan", id)?,
        term_days: stored(u16::try_from(row.term_days).ok(), "plan", "term_days", id)?,
        features: stored(serde_json::from_str(&row.features).ok(), "plan", "features", id)?,
        status: stored(PlanStatus::from_stored(&row.status), "plan", "status", id)?,
        sold_by: stored(SoldBy::from_stored(&row.sold_by), "plan", "sold_by", id)?,
        trials_a_month: row
            .trials_a_month
            .map(|a_month| stored_number(a_month, "plan", "trials_a_month", id))
            .transpose()?,
    })
}

/// Creates a plan. A repeat with the same content is answered like the first.
pub(crate) async fn create(app: &App, operator: OperatorId, actor: &Actor, plan: &SavePlan) -> Result<Plan, Failure> {
    if plan.version.is_some() {
        return Err(Failure::validation(vec![field("version", "a new plan has none: leave it out, or PUT to edit")]));
    }
    let mut work = app.begin(operator).await?;
    check(work.conn(), operator, plan, None).await?;
    if repo::exists(work.conn(), plan.plan_id).await? {
        let known = get(work.conn(), operator, plan.plan_id).await;
        return repeat::answer(work, known, |known| same(known, plan), "plan").await;
    }
    let now = work.now();
    repo::insert(work.conn(), operator, plan, now).await?;
    work.touch(FeedTable::Plan, plan.plan_id, "");
    let after = get(work.conn(), operator, plan.plan_id).await?;
    audit::record(&mut work, actor, "plan.create", Some(plan.plan_id.0), NOTHING, Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

fn same(known: &Plan, asked: &SavePlan) -> bool {
    (&*known.name, known.kind, known.price, known.term_days, &known.features, known.status)
        == (asked.name.trim(), asked.kind, asked.price, asked.term_days, &asked.features, asked.status)
        && known.sold_by == asked.sold_by.unwrap_or_default()
        && known.trials_a_month.unwrap_or_default() == asked.trials_a_month.unwrap_or_default()
}

/// Edits a plan as it was read. Leases keep the terms they were cut with.
pub(crate) async fn edit(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    id: PlanId,
    plan: &SavePlan,
) -> Result<Plan, Failure> {
    let mut work = app.begin(operator).await?;
    let before = get(work.conn(), operator, id).await?;
    let Some(version) = plan.version.filter(|_| plan.plan_id == id) else {
        return Err(Failure::validation(vec![
            field("version", "say which version was edited, as it was read"),
            field("plan_id", "the same as in the path"),
        ]));
    };
    check(work.conn(), operator, plan, before.trials_a_month).await?;
    if !repo::update(work.conn(), operator, plan, version).await? {
        return Err(Failure::new(
            Code::Conflict,
            format!("Somebody changed this plan meanwhile: it is at version {}. Read it again.", before.version),
        ));
    }
    work.touch(FeedTable::Plan, id, "");
    let after = get(work.conn(), operator, id).await?;
    audit::record(&mut work, actor, "plan.edit", Some(id.0), Some(&before), Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

/// `trials_a_month` as it is now, of a plan that is edited.
async fn check(
    conn: &mut Conn,
    operator: OperatorId,
    plan: &SavePlan,
    trials_a_month: Option<u16>,
) -> Result<(), Failure> {
    let currency = operators::get(conn, operator).await?.currency;
    let draft = PlanDraft {
        name: &plan.name,
        price: plan.price.value(),
        term_days: i64::from(plan.term_days),
        features: &plan.features,
        trials_a_month: i64::from(plan.trials_a_month.or(trials_a_month).unwrap_or_default()),
    };
    let mut wrong: Vec<FieldProblem> = draft.check().into_iter().map(|e| field(field_of(e), e.to_string())).collect();
    if plan.price.unit() != Unit::Minor(currency) {
        wrong.push(field("price", format!("prices are in {currency}")));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::validation(wrong)) }
}

const fn field_of(error: PlanError) -> &'static str {
    match error {
        PlanError::Name => "name",
        PlanError::Price | PlanError::TrialPrice => "price",
        PlanError::Term | PlanError::TrialTerm => "term_days",
        PlanError::Features => "features",
        PlanError::TrialsAMonth => "trials_a_month",
    }
}
