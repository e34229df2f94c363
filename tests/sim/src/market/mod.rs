//! The market of a story: one provider with two offerings, which every shop sells at a markup of its own.
//!
//! Customers order on the public market, shops work on orders at their desk and through their tills, machines deliver
//! without a network, staff settle. What is asked is judged at Central's [`door`]; the database after every step.

mod acts;
pub(crate) mod checks;
pub(crate) mod door;
mod field;
mod furnish;
mod office;
pub(crate) mod rest;
mod steps;
pub(crate) mod story;

use std::collections::BTreeMap;

use counterfoil_domain::ids::{OfferingId, OrderId, ProviderId, RelationshipId};
use serde_json::{Value, json};
use uuid::Uuid;

/// Offerings of the provider.
const OFFERINGS: usize = 2;

fn provider() -> ProviderId {
    ProviderId(Uuid::from_u128(0x0090_71de))
}

fn offering(number: usize) -> OfferingId {
    OfferingId(Uuid::from_u128(0x000f_fe00 + (number % OFFERINGS) as u128))
}

fn relationship(shop: usize) -> RelationshipId {
    RelationshipId(Uuid::from_u128(0x00e1_a700 + shop as u128))
}

fn euros(value: i64) -> Value {
    json!({ "value": value, "unit": "EUR" })
}

/// An order that somebody knows, also one that a restored Central forgot.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) order: OrderId,
    /// What people call it by.
    pub(crate) contract: String,
    pub(crate) shop: usize,
}

/// A request as it was sent: by which customer or shop, where to, and what.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    who: usize,
    path: String,
    body: Value,
}

/// The last requests, to be sent again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Last {
    customers: Option<Sent>,
    desks: Option<Sent>,
    settlement: Option<office::Settled>,
}

/// Who is who on the market.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    /// Shops by the tokens of their owners.
    desks: BTreeMap<String, usize>,
    /// The latest last.
    known: Vec<Known>,
}

impl Names {
    pub(crate) fn signed_in(&mut self, token: &str, shop: usize) {
        self.desks.insert(token.to_owned(), shop);
    }

    /// Whose desk asks; none for a customer and for a till, whose token nobody here has.
    pub(crate) fn desk(&self, token: &str) -> Option<usize> {
        self.desks.get(token).copied()
    }

    fn of_contract(&self, contract: &str) -> Option<OrderId> {
        self.known.iter().find(|known| known.contract == contract).map(|known| known.order)
    }

    fn learn(&mut self, order: OrderId, contract: &str, shop: usize) {
        if !self.known.iter().any(|known| known.order == order) {
            self.known.push(Known { order, contract: contract.to_owned(), shop });
        }
    }
}
