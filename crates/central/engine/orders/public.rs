//! What a customer does without a sign-in: places an order, and looks at it with its token.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::keys::Keys;
use counterfoil_central_platform::tokens::token_hash;
use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{OfferingId, OrderId, RelationshipId};
use counterfoil_domain::market::{OrderSource, OrderState, OrderStep};
use counterfoil_wire::market::PublicOrder;
use counterfoil_wire::orders::{Order, OrderCustomer};

use super::place::{self, NewOrder};
use super::record::OrderRecord;
use super::taken::{Taken, id_reused, note};
use super::{again, names, repo};
use crate::dialect::Conn;
use crate::engine::audit::Actor;
use crate::engine::brand;
use crate::engine::work::Work;

/// An order of the public market.
pub(crate) struct NewPublicOrder {
    /// Minted by the caller: a repeat is answered with the same order.
    pub(crate) order_id: OrderId,
    pub(crate) offering_id: OfferingId,
    pub(crate) relationship_id: RelationshipId,
    pub(crate) quantity: u32,
    pub(crate) customer: OrderCustomer,
    /// The total that was shown; where it is another by now, placing is refused with 409.
    pub(crate) total: Amount,
    /// [`Actor::customer`], from where it was asked.
    pub(crate) actor: Actor,
}

/// It is placed, now or before.
pub(crate) struct PlacedOrder {
    pub(crate) order: Order,
    /// Opens `/order/{token}`.
    pub(crate) token: String,
}

/// Places it once, at the price of now. The work's operator is the one whose market it is; whoever calls commits, also a
/// repeat. Tells the reseller and the customer by itself.
pub(crate) async fn place_public(work: &mut Work, keys: &Keys, new: NewPublicOrder) -> Result<PlacedOrder, Failure> {
    let (operator, customer) = (work.operator(), place::customer(&new.customer));
    if let Some(known) = repo::by_id(work.conn(), new.order_id).await? {
        return repeated(keys, &known, &new, &customer);
    }
    let terms = place::terms_of_relationship(work.conn(), operator, new.relationship_id, new.offering_id).await?;
    place::check_customer(&customer, true)?;
    let priced = place::price(terms, new.quantity)?;
    priced.check(Some(new.total))?;
    let (id, state) = (new.order_id, OrderState::Placed);
    let order = NewOrder { id, source: OrderSource::Market, state, priced: &priced, customer: &customer };
    let is_new = place::insert(work, keys, &order).await?;
    let order = again(work, id).await?;
    if !is_new {
        return repeated(keys, &order, &new, &customer);
    }
    let taken = Taken::plain(id.0, OrderStep::Place, state, "");
    let order = note(work, &new.actor, (&order, true), &taken).await?;
    Ok(PlacedOrder { order: order.to_wire()?, token: names::token(keys, id) })
}

/// The token is told again to whoever says the same again: it minted the order's id.
fn repeated(
    keys: &Keys,
    known: &OrderRecord,
    new: &NewPublicOrder,
    customer: &OrderCustomer,
) -> Result<PlacedOrder, Failure> {
    let same = known.source == OrderSource::Market.as_str()
        && known.relationship_id == new.relationship_id.0
        && known.offering_id == new.offering_id.0
        && known.quantity == i64::from(new.quantity)
        && known.customer() == *customer;
    if !same {
        return Err(id_reused());
    }
    Ok(PlacedOrder { order: known.to_wire()?, token: names::token(keys, new.order_id) })
}

/// What the bearer of a token may know of its order; none where there is no such order, and of a draft.
pub(crate) async fn by_token(conn: &mut Conn, token: &str) -> Result<Option<PublicOrder>, Failure> {
    let row = repo::by_token(conn, &token_hash(token)).await?;
    let Some(order) = row.filter(|row| row.placed_at.is_some()) else { return Ok(None) };
    let order = order.to_wire()?;
    let brand = brand::of_reseller(conn, order.reseller_id).await?;
    Ok(Some(PublicOrder {
        contract_id: order.contract_id,
        company: order.company,
        brand,
        provider_name: order.provider_name,
        offering_name: order.offering_name,
        term_days: order.term_days,
        state: order.state,
        quantity: order.quantity,
        delivered: order.delivered,
        total: order.price.total,
        refunded: order.refunded,
        details: order.details,
        reason: order.reason,
        created_at: order.created_at,
        changed_at: order.changed_at,
    }))
}
