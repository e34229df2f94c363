//! What a customer does without a sign-in: places an order, and looks at it with its token.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::keys::Keys;
use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{OfferingId, OrderId, RelationshipId};
use counterfoil_wire::market::PublicOrder;
use counterfoil_wire::orders::{Order, OrderCustomer};

use crate::dialect::Conn;
use crate::engine::audit::Actor;
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
    /// It was placed before under this id; nothing changed now.
    pub(crate) repeated: bool,
}

/// Places it once, at the price of now. The work's operator is the one whose market it is; whoever calls commits, also a
/// repeat. Tells the reseller and the customer by itself.
pub(crate) async fn place_public(
    work: &mut Work,
    keys: &Keys,
    new: NewPublicOrder,
) -> Result<PlacedOrder, Failure> {
    let _ = (work, keys, new);
    todo!()
}

/// What the bearer of a token may know of its order; none where there is no such order, and of a draft.
pub(crate) async fn by_token(conn: &mut Conn, token: &str) -> Result<Option<PublicOrder>, Failure> {
    let _ = (conn, token);
    todo!()
}
