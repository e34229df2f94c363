//! Price lists: which plans a reseller may sell, and at what price, as it was at any moment. What is sold takes its price
//! from here when it is made: a lease, a lot or a subscription keeps the terms it began with.

mod repo;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{OperatorId, PlanId, PriceId, ResellerId, StaffId};
use counterfoil_domain::plan::PlanStatus;
use counterfoil_domain::price_list::{ListedPlan, PriceTerms, price_at};
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::plans::Plan;
use counterfoil_wire::prices::{PlanPrice, PriceEntry, PriceHistory, SetPrice};
use counterfoil_wire::problem::Code;

use super::App;
use super::audit::{self, Actor};
use super::stored::stored_amount;
use super::{begins, plans, resellers};
use crate::dialect::Conn;
pub(crate) use repo::Sellable;

const LONGEST_NOTE: usize = 500;

/// What a reseller can sell now.
pub(crate) async fn sellable(
    conn: &mut Conn,
    operator: OperatorId,
    reseller: ResellerId,
    now: Timestamp,
) -> Result<Vec<Sellable>, sqlx::Error> {
    repo::sellable(conn, operator, reseller, None, now).await
}

/// This plan as the reseller can sell it now, or why it cannot.
pub(crate) async fn sellable_plan(
    conn: &mut Conn,
    operator: OperatorId,
    reseller: ResellerId,
    plan: PlanId,
    now: Timestamp,
) -> Result<Sellable, Failure> {
    if let Some(found) = repo::sellable(conn, operator, reseller, Some(plan), now).await?.pop() {
        return Ok(found);
    }
    let active = plans::get(conn, operator, plan).await.is_ok_and(|plan| plan.status == PlanStatus::Active);
    Err(Failure::validation(vec![if active {
        field("plan_id", "not a plan that this reseller may sell: staff allow it in the reseller's price list")
    } else {
        field("plan_id", "choose an active plan of this operator")
    }]))
}

/// What the devices of a reseller keep of its price list.
pub(crate) async fn terms(
    conn: &mut Conn,
    reseller: ResellerId,
    now: Timestamp,
) -> Result<Vec<PriceTerms>, sqlx::Error> {
    Ok(repo::present(conn, reseller, now).await?.iter().map(repo::Row::terms).collect())
}

/// Plans by name, each with what the reseller's price list says about it.
pub(crate) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    scope: &Scope,
    reseller: ResellerId,
    asked: &Asked<'_>,
) -> Result<Vec<PlanPrice>, Failure> {
    resellers::path(conn, operator, scope, reseller).await?;
    let filter = plans::Filter { search: asked.search, only_active: true, sold_by: None };
    let plans = plans::list(conn, operator, &filter, asked.after.clone(), asked.limit).await?;
    let entries = repo::present(conn, reseller, asked.now).await?;
    plans.into_iter().map(|plan| with_terms(plan, &entries, asked.now)).collect()
}

/// A page of a price list.
pub(crate) struct Asked<'a> {
    pub(crate) search: &'a str,
    pub(crate) after: Option<plans::Key>,
    pub(crate) limit: i64,
    pub(crate) now: Timestamp,
}

fn with_terms(plan: Plan, entries: &[repo::Row], now: Timestamp) -> Result<PlanPrice, Failure> {
    let of_plan = || entries.iter().filter(|row| row.plan_id == plan.plan_id.0);
    let unit = plan.price.unit();
    let terms: Vec<PriceTerms> = of_plan().map(repo::Row::terms).collect();
    let trial = plan.trials_a_month.is_some();
    let listed = ListedPlan { plan_id: plan.plan_id, sold_by: plan.sold_by, price: plan.price.value(), trial };
    let price = price_at(&terms, listed, now);
    let in_force = of_plan().rev().find(|row| row.valid_from <= now.0);
    let own = in_force.and_then(|row| row.price).filter(|_| !trial).unwrap_or(listed.price);
    let next = of_plan().find(|row| row.valid_from > now.0);
    Ok(PlanPrice {
        allowed: price.is_some(),
        price: stored_amount(own, unit, "price_entry", plan.plan_id)?,
        entry: in_force.map(|row| row.view(unit)).transpose()?,
        next: next.map(|row| row.view(unit)).transpose()?,
        plan,
    })
}

impl repo::Row {
    fn terms(&self) -> PriceTerms {
        PriceTerms {
            plan_id: PlanId(self.plan_id),
            allowed: self.allowed,
            price: self.price,
            valid_from: Timestamp(self.valid_from),
        }
    }

    fn view(&self, unit: Unit) -> Result<PriceEntry, Failure> {
        let price = self.price.map(|price| stored_amount(price, unit, "price_entry", self.id));
        Ok(PriceEntry {
            price_id: PriceId(self.id),
            allowed: self.allowed,
            price: price.transpose()?,
            valid_from: Timestamp(self.valid_from),
            set_at: Timestamp(self.set_at),
            set_by: self.set_by.clone(),
            note: self.note.clone(),
        })
    }
}

/// One plan in a reseller's price list, with all that was ever said about it.
pub(crate) async fn history(
    conn: &mut Conn,
    operator: OperatorId,
    scope: &Scope,
    reseller: ResellerId,
    plan: PlanId,
    now: Timestamp,
) -> Result<PriceHistory, Failure> {
    resellers::path(conn, operator, scope, reseller).await?;
    let plan = plans::get(conn, operator, plan).await?;
    let unit = plan.price.unit();
    let rows = repo::history(conn, reseller, plan.plan_id).await?;
    let history = rows.iter().map(|row| row.view(unit)).collect::<Result<_, _>>()?;
    let entries = repo::present(conn, reseller, now).await?;
    Ok(PriceHistory { now: with_terms(plan, &entries, now)?, history })
}

/// Adds an entry for a plan, from now or from a day to come.
pub(crate) async fn set(
    app: &App,
    caller: &Setter<'_>,
    reseller: ResellerId,
    plan: PlanId,
    asked: &SetPrice,
) -> Result<PriceHistory, Failure> {
    let operator = caller.operator;
    let mut work = app.begin(operator).await?;
    let now = work.now();
    let path = resellers::path(work.conn(), operator, &Scope::Operator, reseller).await?;
    let before = history(work.conn(), operator, &Scope::Operator, reseller, plan, now).await?;
    let note = asked.note.trim();
    if let Some(known) = repo::of(work.conn(), asked.price_id).await? {
        work.commit().await?;
        let same = known.reseller == reseller.0
            && known.plan == plan.0
            && known.allowed == asked.allowed
            && known.price == asked.price.map(Amount::value)
            && known.note == note;
        let reused = || Failure::new(Code::IdReused, "This id belongs to another entry. Mint a new id for a new one.");
        return if same { Ok(before) } else { Err(reused()) };
    }
    check(asked, &before.now.plan)?;
    let valid_from = begins::start(&mut work, asked.from_day.as_deref()).await?;
    let new = repo::New { operator, reseller, plan, asked, note, valid_from, set_at: now, set_by: caller.staff };
    repo::insert(work.conn(), &new).await?;
    work.touch(FeedTable::Reseller, reseller, path.as_str());
    let after = history(work.conn(), operator, &Scope::Operator, reseller, plan, now).await?;
    let set = after.history.iter().find(|one| one.price_id == asked.price_id);
    audit::record(&mut work, caller.actor, "reseller.price", Some(reseller.0), before.now.entry.as_ref(), set).await?;
    work.commit().await?;
    Ok(after)
}

/// Who sets a price.
pub(crate) struct Setter<'a> {
    pub(crate) operator: OperatorId,
    pub(crate) staff: StaffId,
    pub(crate) actor: &'a Actor,
}

fn check(asked: &SetPrice, plan: &Plan) -> Result<(), Failure> {
    let unit = plan.price.unit();
    let mut wrong = Vec::new();
    if plan.trials_a_month.is_some() && asked.price.is_some_and(|price| price.value() != 0) {
        wrong.push(field("price", "a trial costs nothing: leave the price out"));
    }
    if asked.price.is_some_and(|price| price.unit() != unit) {
        wrong.push(field("price", format!("prices are in {unit}")));
    }
    if asked.price.is_some_and(|price| price.value() < 0) {
        wrong.push(field("price", "a price is zero or more"));
    }
    if asked.note.trim().chars().count() > LONGEST_NOTE {
        wrong.push(field("note", format!("at most {LONGEST_NOTE} characters")));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::validation(wrong)) }
}
