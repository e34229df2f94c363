//! Orders that a reseller writes for a customer: kept as drafts, or placed at the price of now.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::OfferingId;
use counterfoil_domain::market::{OrderSource, OrderState, OrderStep};
use counterfoil_wire::orders::{OrderCustomer, OrderDetail, PlaceOrder, SaveOrder};
use counterfoil_wire::problem::Code;
use uuid::Uuid;

use super::changed::{Change, changed};
use super::list::answer;
use super::place::{self, NewOrder, Priced};
use super::record::OrderRecord;
use super::taken::{Taken, first_reminder, id_reused, next, note, standing, taken_before};
use super::{Asker, again, find, lock, repo, stock};
use crate::engine::App;
use crate::engine::work::Work;

/// Makes an order once under its id, as a draft or placed. A repeat is answered with the order as it is now.
pub(crate) async fn save_new(app: &App, asker: &Asker<'_>, asked: &SaveOrder) -> Result<OrderDetail, Failure> {
    let reseller = asker.reseller()?;
    let customer = place::customer(&asked.customer);
    let mut work = app.begin(asker.operator).await?;
    if let Some(known) = repo::by_id(work.conn(), asked.order_id).await? {
        let same = known.reseller_id == reseller.0 && is_same(&known, &customer, asked)?;
        return if same { answer(app, work, asker, &known).await } else { Err(id_reused()) };
    }
    let terms = place::terms_of_reseller(work.conn(), asker.operator, reseller, asked.offering_id).await?;
    place::check_customer(&customer, false)?;
    let priced = place::price(terms, asked.quantity)?;
    let mut state = OrderState::Draft;
    if asked.place {
        priced.check(asked.total)?;
        state = OrderState::Placed;
    }
    let (id, source) = (asked.order_id, OrderSource::Reseller);
    let new = NewOrder { id, source, state, priced: &priced, customer: &customer };
    let is_new = place::insert(&mut work, app.keys(), &new).await?;
    let order = again(&mut work, id).await?;
    if !is_new {
        let same = order.reseller_id == reseller.0 && is_same(&order, &customer, asked)?;
        return if same { answer(app, work, asker, &order).await } else { Err(id_reused()) };
    }
    let saved = if asked.place {
        let taken = Taken::plain(id.0, OrderStep::Place, state, "");
        note(&mut work, asker.actor, (&order, true), &taken).await?
    } else {
        changed(&mut work, id, &Change { actor: asker.actor, before: None, told: None }).await?
    };
    answer(app, work, asker, &saved).await
}

/// Whether the first one said the same. What it became since is its own.
fn is_same(known: &OrderRecord, customer: &OrderCustomer, asked: &SaveOrder) -> Result<bool, Failure> {
    let content = known.offering_id == asked.offering_id.0 && known.quantity == i64::from(asked.quantity);
    let written = known.source == OrderSource::Reseller.as_str() && known.customer() == *customer;
    let done = !asked.place || known.state()? != OrderState::Draft;
    Ok(content && written && done)
}

/// Changes a draft, as a whole; it may be placed with the same.
pub(crate) async fn save_draft(
    app: &App,
    asker: &Asker<'_>,
    contract_id: &str,
    asked: &SaveOrder,
) -> Result<OrderDetail, Failure> {
    let reseller = asker.reseller()?;
    let mut work = app.begin(asker.operator).await?;
    let found = find(work.conn(), asker.operator, asker.viewer, contract_id).await?;
    let terms = place::terms_of_reseller(work.conn(), asker.operator, reseller, asked.offering_id).await?;
    if asked.order_id != found.order_id() {
        return Err(Failure::validation(vec![field("order_id", "the one of the order in the path")]));
    }
    let customer = place::customer(&asked.customer);
    place::check_customer(&customer, false)?;
    let step_id = found.id;
    if found.state()? != OrderState::Draft {
        // A draft that was placed with this very change has a step with the order's id.
        let repeated = asked.place
            && is_same(&found, &customer, asked)?
            && taken_before(&mut work, &found, (step_id, OrderStep::Place), |_| true).await?;
        return if repeated { answer(app, work, asker, &found).await } else { Err(no_draft(found.state()?)) };
    }
    if terms.provider_id != found.provider_id {
        let message = "an offering of the same provider: write a new order for another one";
        return Err(Failure::validation(vec![field("offering_id", message)]));
    }
    let priced = place::price(terms, asked.quantity)?;
    let placing = asked.place.then_some(Placing { step_id, shown: asked.total });
    rewrite(app, work, asker, &found, &Rewritten { priced, customer, placing }).await
}

fn no_draft(state: OrderState) -> Failure {
    Failure::new(Code::WrongState, format!("Only a draft can be changed. {}", standing(state)))
}

/// Places a draft at the price of now.
pub(crate) async fn place_draft(
    app: &App,
    asker: &Asker<'_>,
    contract_id: &str,
    asked: &PlaceOrder,
) -> Result<OrderDetail, Failure> {
    let reseller = asker.reseller()?;
    let mut work = app.begin(asker.operator).await?;
    let found = find(work.conn(), asker.operator, asker.viewer, contract_id).await?;
    if taken_before(&mut work, &found, (asked.step_id, OrderStep::Place), |_| true).await? {
        return answer(app, work, asker, &found).await;
    }
    next(&found, OrderStep::Place, true)?;
    let offering = OfferingId(found.offering_id);
    let terms = place::terms_of_reseller(work.conn(), asker.operator, reseller, offering).await?;
    let quantity = u32::try_from(found.quantity).map_err(Failure::internal)?;
    let priced = place::price(terms, quantity)?;
    let placing = Some(Placing { step_id: asked.step_id, shown: asked.total });
    rewrite(app, work, asker, &found, &Rewritten { priced, customer: found.customer(), placing }).await
}

struct Placing {
    step_id: Uuid,
    /// The total that was shown.
    shown: Option<Amount>,
}

/// What a draft is to be.
struct Rewritten {
    priced: Priced,
    customer: OrderCustomer,
    /// None keeps it a draft.
    placing: Option<Placing>,
}

async fn rewrite(
    app: &App,
    mut work: Work,
    asker: &Asker<'_>,
    found: &OrderRecord,
    rewritten: &Rewritten,
) -> Result<OrderDetail, Failure> {
    let Rewritten { priced, customer, placing } = rewritten;
    let mut off_stock = None;
    if let Some(placing) = placing {
        priced.check(placing.shown)?;
        // The offering's lock is before the order's.
        match place::take_stock(&mut work, priced).await {
            Ok(units) => off_stock = Some(units),
            Err(refusal) if refusal.code() == Code::WrongState => {
                // The same, sent twice at once: the first may have taken the last units.
                let now = again(&mut work, found.order_id()).await?;
                let moved = now.revision != found.revision;
                return if moved { meanwhile(app, work, asker, &now, Some(placing)).await } else { Err(refusal) };
            }
            Err(failure) => return Err(failure),
        }
    }
    let before = lock(&mut work, found.order_id()).await?;
    if before.revision != found.revision {
        return meanwhile(app, work, asker, &before, placing.as_ref()).await;
    }
    let (now, state) = (work.now(), if placing.is_some() { OrderState::Placed } else { OrderState::Draft });
    let content = repo::Content { state, priced, customer, remind_at: first_reminder(state, now) };
    if !repo::write_draft(work.conn(), &before, &content, now).await? {
        return Err(Failure::internal("a draft changed under its lock"));
    }
    if let Some(units) = off_stock {
        stock::keep(work.conn(), before.order_id(), units).await?;
    }
    let saved = if let Some(placing) = placing {
        let taken = Taken::plain(placing.step_id, OrderStep::Place, state, "");
        note(&mut work, asker.actor, (&before, false), &taken).await?
    } else {
        let change = Change { actor: asker.actor, before: Some(&before), told: None };
        changed(&mut work, before.order_id(), &change).await?
    };
    answer(app, work, asker, &saved).await
}

/// Somebody was faster. Of two that are the same the second is answered like the first, and what it took off the stock is
/// undone with its transaction.
async fn meanwhile(
    app: &App,
    mut work: Work,
    asker: &Asker<'_>,
    order: &OrderRecord,
    placing: Option<&Placing>,
) -> Result<OrderDetail, Failure> {
    if let Some(placing) = placing
        && taken_before(&mut work, order, (placing.step_id, OrderStep::Place), |_| true).await?
    {
        drop(work);
        let mut work = app.begin(asker.operator).await?;
        let order = again(&mut work, order.order_id()).await?;
        return answer(app, work, asker, &order).await;
    }
    let detail = "Somebody changed this order at the same moment. Look at it again; nothing was done.";
    Err(Failure::new(Code::Conflict, detail))
}
