//! Machines deliver: into their logs, with or without a network.

use anyhow::Result;
use counterfoil_domain::ids::OpId;
use counterfoil_model::market::Order;
use serde_json::{Value, json};

use super::Known;
use super::acts::told;
use crate::machine::Outcome;
use crate::story::{Trouble, Weather};
use crate::world::World;

impl World {
    fn shop_of(&self, m: usize) -> usize {
        self.street.judge().shop_of_device[self.machines[m].device]
    }

    /// An order of the shop, mostly one whose customer waits for units, and how many are left.
    fn deliverable(&self, shop: usize, pick: u8) -> Option<(Known, i64)> {
        let judge = self.street.judge();
        let orders = &judge.reference.market.orders;
        let of_shop: Vec<(&Known, i64)> = judge
            .market
            .known
            .iter()
            .filter(|known| known.shop == shop)
            .filter_map(|known| {
                let order = orders.get(&known.order);
                let waits = order.is_some_and(|order| order.stage().waits_for_units());
                let left = order.map_or(1, |order| order.quantity - order.delivered);
                (waits || pick < 16).then_some((known, left))
            })
            .collect();
        let latest = of_shop.iter().rev().nth(usize::from(pick) % of_shop.len().clamp(1, 3));
        latest.map(|(known, left)| ((*known).clone(), *left))
    }

    pub(super) async fn deliver(&mut self, machine: u8, pick: u8, units: u8, trouble: Trouble) -> Result<()> {
        let m = self.machine(machine);
        let Some((known, left)) = self.deliverable(self.shop_of(m), pick) else { return Ok(()) };
        let units = if units < 128 { left.max(1) } else { 1 };
        let request = self.delivery(&known, units);
        self.machines[m].last_delivery = Some(request.clone());
        self.record(m, &request, trouble).await?;
        Ok(())
    }

    pub(super) async fn deliver_again(&mut self, machine: u8, trouble: Trouble) -> Result<()> {
        let m = self.machine(machine);
        if let Some(request) = self.machines[m].last_delivery.clone() {
            self.record(m, &request, trouble).await?;
        }
        Ok(())
    }

    fn delivery(&mut self, known: &Known, units: i64) -> Value {
        let details = [json!({ "name": "login", "text": "amber-17" })];
        json!({ "contract_id": known.contract, "step_id": self.id(), "units": units, "details": details })
    }

    /// Whether it is in the machine's log, as far as somebody saw.
    async fn record(&mut self, m: usize, request: &Value, trouble: Trouble) -> Result<bool> {
        let invoked = self.street.history.invoked();
        let outcome = self.command(m, "fulfil_order", request.clone(), trouble, Weather(0)).await?;
        let result = match &outcome {
            Outcome::Done(detail) => told(&detail["order"]),
            Outcome::Refused(code) => json!({ "refused": code }),
            Outcome::Unknown => json!("unknown"),
        };
        self.street.history.answered(invoked, &format!("machine-{m}"), "deliver", request, &result);
        let mut judge = self.street.judge();
        match outcome {
            Outcome::Done(detail) => {
                let units = |name: &str| detail["order"][name].as_i64().unwrap_or(i64::MAX);
                judge.meet("delivered in the field");
                if units("delivered") > units("quantity") {
                    judge.object("no more than ordered", format!("machine {m} shows {result}"));
                }
                Ok(true)
            }
            Outcome::Refused(_) => {
                judge.meet("delivery refused at the till");
                Ok(false)
            }
            Outcome::Unknown => Ok(false),
        }
    }

    /// Every machine of a shop delivers what is left of an order, and only then do they tell Central. Who was too late is
    /// told so in its queue.
    pub(super) async fn deliver_together(&mut self, pick: u8, weather: Weather) -> Result<()> {
        let shops = self.street.judge().shops.len();
        let mut turns = (0..shops).map(|turn| (usize::from(pick) + turn) % shops);
        let Some((known, left)) = turns.find_map(|shop| self.deliverable(shop, pick.max(16))) else { return Ok(()) };
        let crew: Vec<usize> = (0..self.machines.len()).filter(|m| self.shop_of(*m) == known.shop).collect();
        for m in &crew {
            self.command(*m, "sync", Value::Null, Trouble::None, Weather(0)).await?;
        }
        let mut recorded = Vec::new();
        for m in &crew {
            let request = self.delivery(&known, left.max(1));
            if self.record(*m, &request, Trouble::None).await? {
                recorded.push((*m, request["step_id"].as_str().unwrap_or_default().to_owned()));
            }
        }
        if recorded.len() > 1 {
            self.street.judge().meet("delivered at once by several");
        }
        for (m, step) in recorded {
            let outcome = self.command(m, "sync", Value::Null, Trouble::None, weather).await?;
            // Where the network is bad, a sync may be over before all is said.
            if weather.0 == 0 && matches!(outcome, Outcome::Done(_)) {
                self.check_told(m, &known, &step).await?;
            }
        }
        Ok(())
    }

    /// After a whole sync a machine knows what became of its delivery.
    async fn check_told(&mut self, m: usize, known: &Known, step: &str) -> Result<()> {
        if !self.is_honest(m) || self.machines[m].facts().await?.waiting > 0 {
            return Ok(());
        }
        let Outcome::Done(queue) = self.machines[m].ask("queue_page", Value::Null).await? else { return Ok(()) };
        let items = queue["items"].as_array().cloned().unwrap_or_default();
        let item = items.iter().find(|item| item["op_id"] == step).map(|item| item["state"].clone());
        let op: OpId = step.parse()?;
        let mut judge = self.street.judge();
        let taken = judge.reference.market.has_step(op);
        let expected = if taken { None } else { Some(json!("rejected")) };
        if item != expected {
            let order = judge.reference.market.orders.get(&known.order).map(Order::stage);
            let detail = format!(
                "machine {m} shows {item:?} for its delivery {step} of {}, which is {order:?}; taken: {taken}",
                known.contract
            );
            judge.object("who was too late is told", detail);
        }
        Ok(())
    }
}
