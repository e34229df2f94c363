//! Customers' orders of what external providers offer, from the draft to the delivery or the money back (product.md X3).
//!
//! An order is changed under its own lock, by steps that are only added: each has an id that whoever takes it mints, so a
//! repeat is answered with the order as it is now. Its price is frozen when it is placed. What customers pay the reseller
//! is booked in the books of its relationship with the provider: customer's cash = payable to the provider + markup.
//!
//! Lock order: offering (stock), order, ledger accounts, feed.

mod books;
mod changed;
mod deliver;
mod draft;
mod import;
mod list;
mod names;
mod place;
mod public;
mod record;
mod remind;
mod repo;
mod step;
mod stock;
mod summary;
mod taken;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{OperatorId, OrderId, ResellerId};

use super::audit::Actor;
use super::work::Work;
use crate::dialect::Conn;

pub(crate) use deliver::{DeliverRefusal, Delivery, deliver};
pub(crate) use draft::{place_draft, save_draft, save_new};
pub(crate) use import::import;
pub(crate) use list::{detail, list};
pub(crate) use names::token;
pub(crate) use public::{NewPublicOrder, by_token, place_public};
pub(crate) use record::{OrderRecord, order_records};
pub(crate) use remind::remind;
pub(crate) use step::{Step, fulfil, refund, step};
pub(crate) use summary::summary;

/// Who looks: staff see all orders, a reseller its own and nobody's below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Viewer {
    Staff,
    Reseller(ResellerId),
}

/// Who does something with an order.
pub(crate) struct Asker<'a> {
    pub(crate) operator: OperatorId,
    pub(crate) viewer: Viewer,
    pub(crate) actor: &'a Actor,
}

impl Asker<'_> {
    /// Only resellers write orders.
    fn reseller(&self) -> Result<ResellerId, Failure> {
        match self.viewer {
            Viewer::Reseller(reseller) => Ok(reseller),
            Viewer::Staff => Err(Failure::internal("staff write no orders")),
        }
    }
}

/// The order of this contract; not found when it is another reseller's.
async fn find(
    conn: &mut Conn,
    operator: OperatorId,
    viewer: Viewer,
    contract_id: &str,
) -> Result<OrderRecord, Failure> {
    let contract_id = contract_id.trim().to_uppercase();
    let row = repo::by_contract(conn, operator, &contract_id).await?;
    let seen = |row: &OrderRecord| match viewer {
        Viewer::Staff => true,
        Viewer::Reseller(reseller) => row.reseller_id == reseller.0,
    };
    row.filter(seen).ok_or_else(|| Failure::not_found("order"))
}

/// Takes the order's lock, before those of the ledger, and gives it as it stands.
async fn lock(work: &mut Work, id: OrderId) -> Result<OrderRecord, Failure> {
    repo::lock(work.conn(), id).await?;
    again(work, id).await
}

/// One that this transaction has found already, as it is now.
async fn again(work: &mut Work, id: OrderId) -> Result<OrderRecord, Failure> {
    let row = repo::by_id(work.conn(), id).await?;
    row.ok_or_else(|| Failure::internal(format!("order {id} vanished")))
}
