//! Customers' orders of what external providers offer, from the draft to the delivery or the money back (product.md X3).
//!
//! An order is changed under its own lock, by steps that are only added: each has an id that whoever takes it mints, so a
//! repeat is answered with the order as it is now. Its price is frozen when it is placed. What customers pay the reseller
//! is booked in the books of its relationship with the provider: customer's cash = payable to the provider + markup.
//!
//! Lock order: offering (stock), relationship, order, ledger accounts, feed.

mod books;
mod changed;
mod deliver;
mod draft;
mod list;
mod names;
mod place;
mod public;
mod record;
mod remind;
mod repo;
mod step;
mod summary;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::OrderId;
use counterfoil_wire::orders::Order;
use uuid::Uuid;

use crate::dialect::Conn;

pub(crate) use deliver::{DeliverRefusal, Delivered, Delivery, deliver};
pub(crate) use draft::{Asker, save_draft, save_new};
pub(crate) use list::{detail, list};
pub(crate) use names::{customer_path, token};
pub(crate) use place::place_draft;
pub(crate) use public::{NewPublicOrder, PlacedOrder, by_token, place_public};
pub(crate) use record::{OrderRecord, order_records};
pub use remind::{run as run_reminders, run_once as run_reminders_once};
pub(crate) use step::{Step, refund, step};
pub(crate) use summary::summary;

/// One order as devices follow it; none where there is no such order.
pub(crate) async fn row(conn: &mut Conn, id: OrderId) -> Result<Option<Order>, Failure> {
    repo::by_id(conn, id).await?.map(|row| row.to_wire()).transpose()
}

/// Several at once, few: whoever reads a span of the feed joins it to [`order_records`] instead.
pub(crate) async fn rows(conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<Order>, Failure> {
    let mut orders = Vec::with_capacity(ids.len());
    for id in ids {
        orders.extend(row(conn, OrderId(*id)).await?);
    }
    Ok(orders)
}
