//! Shops work on orders: at the desk, and through a till. Staff give money back as well.

use anyhow::Result;
use counterfoil_model::market::{Order, Stage};
use serde_json::{Value, json};

use super::acts::{result_of, told};
use super::{Known, Sent, door, euros};
use crate::machine::Outcome;
use crate::network::DiskTrouble;
use crate::story::{Trouble, Weather};
use crate::world::World;

/// A step, by the last word of its path.
const ALL: [&str; 7] = ["place", "pay", "submit", "fulfill", "fail", "cancel", "refund"];

/// What a shop does with an order that stands there. Now and then it is what cannot follow.
fn next(stage: Option<Stage>, what: u8) -> &'static str {
    let pick = |steps: &[&'static str]| steps[usize::from(what) % steps.len()];
    match stage {
        _ if what >= 224 => pick(&ALL),
        Some(Stage::Draft) => pick(&["place", "place", "place", "cancel"]),
        Some(Stage::Placed) => pick(&["pay", "pay", "pay", "pay", "pay", "cancel"]),
        Some(Stage::Paid) => pick(&["submit", "fulfill", "submit", "refund", "fail"]),
        Some(Stage::Pending | Stage::Partial) => pick(&["fulfill", "fulfill", "refund", "fail"]),
        Some(Stage::Fulfilled | Stage::Failed) => "refund",
        Some(Stage::Cancelled | Stage::Refunded) | None => pick(&["pay", "fulfill", "refund"]),
    }
}

/// The same for somebody at a till; a delivery goes into its log instead.
fn command_of(step: &str) -> Option<&'static str> {
    Some(match step {
        "place" => "place_order",
        "pay" => "pay_order",
        "submit" => "submit_order",
        "fail" => "fail_order",
        "cancel" => "cancel_order",
        "refund" => "refund_order",
        _ => return None,
    })
}

impl World {
    /// An order that somebody knows, mostly one of the latest.
    pub(super) fn pick_order(&self, pick: u8) -> Option<Known> {
        let judge = self.street.judge();
        let known = &judge.market.known;
        let back = if pick.is_multiple_of(4) { usize::from(pick) } else { usize::from(pick) % 6 };
        known.len().checked_sub(1 + back % known.len().max(1)).map(|index| known[index].clone())
    }

    /// One of the latest drafts; sometimes an order that is none.
    pub(super) fn pick_draft(&self, pick: u8) -> Option<Known> {
        if pick < 32 {
            return self.pick_order(pick);
        }
        let judge = self.street.judge();
        let is_draft = |known: &&Known| {
            let order = judge.reference.market.orders.get(&known.order);
            order.is_some_and(|order| order.stage() == Stage::Draft)
        };
        let drafts: Vec<&Known> = judge.market.known.iter().filter(is_draft).collect();
        let latest = drafts.iter().rev().nth(usize::from(pick) % drafts.len().clamp(1, 3));
        latest.map(|known| (*known).clone())
    }

    pub(super) async fn work(&mut self, pick: u8, what: u8, weather: Weather, cut: u8) -> Result<()> {
        let Some(known) = self.pick_order(pick) else { return Ok(()) };
        let stage = self.street.judge().reference.market.orders.get(&known.order).map(Order::stage);
        let step = next(stage, what);
        let body = self.body_of(&known, step, what);
        if cut == 0
            && what.is_multiple_of(3)
            && let Some(command) = command_of(step)
            && let Some(m) = self.machine_of(known.shop)
        {
            return self.work_at_till(m, command, &known, body, weather).await;
        }
        if cut == 0 && step == "refund" && what.is_multiple_of(5) {
            return self.staff_refund(&known, &body).await;
        }
        if cut > 0
            && let Some(disk) = self.central.disk().cloned()
        {
            // A session that has ended would take the place of the step.
            self.owner(known.shop, "GET", door::OWN, None).await?;
            disk.settle();
            let trouble = DiskTrouble::PowerCut { event: u64::from(cut) };
            self.street.trouble_central(Some((trouble, disk)));
        }
        let path = format!("{}/{}/{step}", door::OWN, known.contract);
        let outcome = self.send_step(Sent { who: known.shop, path, body }, weather).await;
        self.street.trouble_central(None);
        outcome
    }

    /// What is sent for a step; each under an id of its own.
    fn body_of(&mut self, known: &Known, step: &str, what: u8) -> Value {
        let id = self.id();
        let (units, money, total) = {
            let judge = self.street.judge();
            let market = &judge.reference.market;
            market.orders.get(&known.order).map_or((1, 1, 1), |order| {
                let total = market.price(order.shop, order.offering, order.quantity).total;
                (order.quantity - order.delivered, order.price.total - order.back, total)
            })
        };
        // All that is left, one, a part, or more than there is.
        let some = |left: i64| match what % 7 {
            0..=2 => left,
            3 | 4 => 1,
            5 => left / 2,
            _ => left + 1,
        };
        match step {
            "place" if what.is_multiple_of(2) => json!({ "step_id": id, "total": euros(total) }),
            "place" => json!({ "step_id": id }),
            "pay" => json!({ "step_id": id, "method": "cash", "reference": format!("R-{what}") }),
            "submit" => json!({ "step_id": id, "external_id": format!("NL-{what}") }),
            "fulfill" => json!({ "step_id": id, "units": some(units).max(1), "details": { "login": "amber-17" } }),
            "refund" => json!({ "refund_id": id, "amount": euros(some(money).max(1)), "reason": "It was broken" }),
            _ => json!({ "step_id": id, "reason": "Nobody delivers it" }),
        }
    }

    pub(super) async fn send_step(&mut self, sent: Sent, weather: Weather) -> Result<()> {
        if sent.path == door::OWN {
            return self.send_written(sent, weather).await;
        }
        let invoked = self.street.history.invoked();
        let answer = self.desk(sent.who, &sent.path, &sent.body, weather).await?;
        let result = result_of(answer.as_ref(), |detail| told(&detail["order"]));
        let arguments = json!({ "step": sent.path, "asked": sent.body });
        let who = format!("desk-{}", sent.who);
        self.street.history.answered(invoked, &who, "order_step", &arguments, &result);
        self.last.desks = Some(sent);
        Ok(())
    }

    /// The same through the client of one of the shop's machines. Who is not signed in there any more is told so.
    async fn work_at_till(
        &mut self,
        m: usize,
        command: &str,
        known: &Known,
        mut body: Value,
        weather: Weather,
    ) -> Result<()> {
        body["contract_id"] = json!(known.contract);
        let invoked = self.street.history.invoked();
        let outcome = self.command(m, command, body.clone(), Trouble::None, weather).await?;
        let result = match &outcome {
            Outcome::Done(detail) => told(&detail["order"]),
            Outcome::Refused(code) => json!({ "refused": code }),
            Outcome::Unknown => json!("unknown"),
        };
        let arguments = json!({ "step": command, "asked": body });
        self.street.history.answered(invoked, &format!("machine-{m}"), "order_step", &arguments, &result);
        if matches!(outcome, Outcome::Done(_)) {
            self.street.judge().meet("order step through a till");
        }
        Ok(())
    }

    async fn staff_refund(&mut self, known: &Known, body: &Value) -> Result<()> {
        let path = format!("{}/{}/refund", door::STAFF, known.contract);
        let invoked = self.street.history.invoked();
        let answer = self.staff("POST", &path, Some(body.clone())).await?;
        let result = result_of(Some(&answer), |detail| told(&detail["order"]));
        let arguments = json!({ "step": path, "asked": body });
        self.street.history.answered(invoked, "staff", "order_step", &arguments, &result);
        self.street.judge().ordered(None, &path, body.to_string().as_bytes(), Some(&answer));
        Ok(())
    }

    /// The first machine of a shop.
    fn machine_of(&self, shop: usize) -> Option<usize> {
        let judge = self.street.judge();
        (0..self.machines.len()).find(|m| judge.shop_of_device[self.machines[*m].device] == shop)
    }
}
