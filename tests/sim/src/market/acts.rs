//! Customers order on the public market, and shops write orders for them.

use anyhow::Result;
use serde_json::{Value, json};

use super::story::MarketStep;
use super::{Sent, door, euros, offering, relationship};
use crate::central::Answer;
use crate::story::Weather;
use crate::world::World;

/// Customers of a story.
const CUSTOMERS: usize = 7;

/// The shop a byte stands for. Half of what happens is at the first, so that its machines have something to deliver.
fn shop_of(byte: u8, shops: usize) -> usize {
    if byte < 128 { 0 } else { usize::from(byte) % shops }
}

/// Mostly a few units; sometimes more than there may be.
fn quantity_of(byte: u8) -> i64 {
    if byte >= 248 { 30 } else { 1 + i64::from(byte % 4) }
}

/// As the history tells it.
pub(super) fn result_of(answer: Option<&Answer>, told: impl FnOnce(&Value) -> Value) -> Value {
    match answer {
        None => json!("unknown"),
        Some(answer) if answer.status.is_success() => told(&answer.json()),
        Some(answer) => json!({ "refused": answer.code() }),
    }
}

/// What the history keeps of an order.
pub(super) fn told(order: &Value) -> Value {
    json!({ "order_id": order["order_id"], "shop": order["company"], "state": order["state"],
        "quantity": order["quantity"], "delivered": order["delivered"], "total": order["price"]["total"]["value"],
        "refunded": order["refunded"]["value"] })
}

impl World {
    pub(crate) async fn act_on_market(&mut self, step: MarketStep) -> Result<()> {
        match step {
            MarketStep::Order { who, shop, offering, quantity, sight, weather } => {
                self.customer_orders(usize::from(who) % CUSTOMERS, (shop, offering, quantity), sight, weather).await
            }
            MarketStep::OrderAgain { weather } => match self.last.customers.clone() {
                Some(sent) => self.send_order(sent, weather).await,
                None => Ok(()),
            },
            MarketStep::WriteOrder { shop, offering, quantity, draft, weather } => {
                self.write_order((shop, offering, quantity), draft, weather).await
            }
            MarketStep::EditDraft { pick, offering, quantity, place, weather } => {
                self.edit_draft((pick, offering, quantity), place, weather).await
            }
            MarketStep::Work { pick, what, weather, cut } => self.work(pick, what, weather, cut).await,
            MarketStep::WorkAgain { weather } => match self.last.desks.clone() {
                Some(sent) => self.send_step(sent, weather).await,
                None => Ok(()),
            },
            MarketStep::Deliver { machine, pick, units, trouble } => self.deliver(machine, pick, units, trouble).await,
            MarketStep::DeliverAgain { machine, trouble } => self.deliver_again(machine, trouble).await,
            MarketStep::DeliverTogether { pick, weather } => self.deliver_together(pick, weather).await,
            MarketStep::Markup { shop, markup, status } => self.change_markup(shop, markup, status).await,
            MarketStep::Offer { offering, price, more } => self.change_offer(offering, price, more).await,
            MarketStep::Settle { shop, sum } => self.settle(shop, sum).await,
        }
    }

    async fn customer_orders(
        &mut self,
        who: usize,
        (shop, number, quantity): (u8, u8, u8),
        sight: u8,
        weather: Weather,
    ) -> Result<()> {
        let (number, quantity) = (usize::from(number), quantity_of(quantity));
        let (shop, total) = {
            let judge = self.street.judge();
            let shop = shop_of(shop, judge.shops.len());
            (shop, judge.reference.market.price(shop, offering(number), quantity).total)
        };
        // Some have looked away for too long, and see a price that is no more.
        let shown = if sight < 16 { total + 1 } else { total };
        let body = json!({
            "order_id": self.id(), "offering_id": offering(number), "relationship_id": relationship(shop),
            "quantity": quantity, "customer": customer(who), "total": euros(shown),
        });
        self.send_order(Sent { who, path: door::PUBLIC.to_owned(), body }, weather).await
    }

    async fn send_order(&mut self, sent: Sent, weather: Weather) -> Result<()> {
        let invoked = self.street.history.invoked();
        let answer = self.customer(sent.who, &sent.path, &sent.body, weather).await?;
        let result = result_of(answer.as_ref(), |placed| placed_at(placed, &placed["total"]));
        let who = format!("customer-{}", sent.who);
        self.street.history.answered(invoked, &who, "order", &ordered(&sent.body), &result);
        self.last.customers = Some(sent);
        Ok(())
    }

    async fn write_order(
        &mut self,
        (shop, number, quantity): (u8, u8, u8),
        draft: bool,
        weather: Weather,
    ) -> Result<()> {
        let (number, quantity) = (usize::from(number), quantity_of(quantity));
        let (shop, total) = {
            let judge = self.street.judge();
            let shop = shop_of(shop, judge.shops.len());
            (shop, judge.reference.market.price(shop, offering(number), quantity).total)
        };
        let mut body = json!({
            "order_id": self.id(), "offering_id": offering(number), "quantity": quantity,
            "customer": customer(CUSTOMERS), "place": !draft,
        });
        if !draft {
            body["total"] = euros(total);
        }
        self.send_written(Sent { who: shop, path: door::OWN.to_owned(), body }, weather).await
    }

    async fn edit_draft(
        &mut self,
        (pick, number, quantity): (u8, u8, u8),
        place: bool,
        weather: Weather,
    ) -> Result<()> {
        // Where there is none to change, one is written.
        let Some(known) = self.pick_draft(pick) else {
            return self.write_order((pick, number, quantity), true, weather).await;
        };
        let (number, quantity) = (usize::from(number), quantity_of(quantity));
        let total = self.street.judge().reference.market.price(known.shop, offering(number), quantity).total;
        let mut body = json!({
            "order_id": known.order, "offering_id": offering(number), "quantity": quantity,
            "customer": customer(CUSTOMERS), "place": place,
        });
        if place {
            body["total"] = euros(total);
        }
        let path = format!("{}/{}", door::OWN, known.contract);
        self.send_step(Sent { who: known.shop, path, body }, weather).await
    }

    pub(super) async fn send_written(&mut self, sent: Sent, weather: Weather) -> Result<()> {
        let invoked = self.street.history.invoked();
        let answer = self.desk(sent.who, &sent.path, &sent.body, weather).await?;
        let result = result_of(answer.as_ref(), |detail| {
            let order = &detail["order"];
            placed_at(order, &order["price"]["total"])
        });
        let who = format!("desk-{}", sent.who);
        self.street.history.answered(invoked, &who, "order", &ordered(&sent.body), &result);
        self.last.desks = Some(sent);
        Ok(())
    }
}

fn customer(who: usize) -> Value {
    json!({ "name": format!("Customer {who}"), "email": format!("customer-{who}@mail.example") })
}

/// What the history says was asked for.
fn ordered(body: &Value) -> Value {
    json!({ "order_id": body["order_id"], "offering_id": body["offering_id"], "quantity": body["quantity"],
        "placed": body.get("place").and_then(Value::as_bool).unwrap_or(true) })
}

/// What the history says was answered.
fn placed_at(order: &Value, total: &Value) -> Value {
    json!({ "contract_id": order["contract_id"], "total": total["value"] })
}
