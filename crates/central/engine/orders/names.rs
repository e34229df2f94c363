//! What an order is called by, and what opens its customer's page: both derived, so that a repeat tells the same and
//! nothing readable is stored.

use counterfoil_central_platform::keys::Keys;
use counterfoil_domain::ids::OrderId;

/// Opens the customer's page `/order/{token}`; 256 bits, out of Central's secret and the order's id.
pub(crate) fn token(keys: &Keys, order: OrderId) -> String {
    todo!("{keys:?} {order}")
}

/// The path of the customer's page on Central.
pub(crate) fn customer_path(keys: &Keys, order: OrderId) -> String {
    format!("/order/{}", token(keys, order))
}
