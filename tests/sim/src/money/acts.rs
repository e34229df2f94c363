//! What each step does. Staff's and owners' lines never fail here; what is sent again is played all the same.

use anyhow::Result;
use counterfoil_domain::ids::{PaymentId, PayoutId};
use counterfoil_domain::reseller::SettlementMode;
use counterfoil_model::money::{Paid, Payment, Sending};
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use uuid::Uuid;

use super::story::MoneyStep;
use super::{Door, Recorded};
use crate::central::Answer;
use crate::judge::Judge;
use crate::world::World;

const PAYMENTS: &str = "/api/v1/admin/payments";
const OWN_PAYMENTS: &str = "/api/v1/reseller/payments";
/// What the operator's first rules let nobody ask for less than.
const LEAST: i64 = 5_000;

impl Judge {
    /// Central took a step exactly where the reference does.
    fn agree(&mut self, rule: &'static str, expected: bool, about: &str, answer: &Answer) {
        if answer.status.is_server_error() {
            return self.object("Central does not fail", format!("{about}: {}", answer.json()));
        }
        let fits = answer.status.is_success() == expected;
        self.expect(rule, fits, || format!("{about}: {}, reference {expected}", answer.json()));
    }
}

impl World {
    pub(crate) async fn act_on_money(&mut self, step: MoneyStep) -> Result<()> {
        match step {
            MoneyStep::Record { account, amount, how, at } => self.record_payment(account, amount, how, at).await,
            MoneyStep::Payment { pick, what, at } => self.step_of_payment(pick, what, at).await,
            MoneyStep::Ask { shop, again } => self.ask_payout(shop, again).await,
            MoneyStep::Payout { pick, what } => self.step_of_payout(pick, what).await,
        }
    }

    async fn record_payment(&mut self, account: u8, amount: u8, how: u8, at: Door) -> Result<()> {
        let again = self.asked.payments.last().cloned().filter(|_| how >= 240);
        if let Some(recorded) = again {
            return self.send_payment(&Recorded { at, ..recorded }).await;
        }
        let Some((id, body)) = self.new_payment(account, amount, how).await? else { return Ok(()) };
        let recorded = Recorded { id, body, at };
        self.asked.payments.push(recorded.clone());
        self.send_payment(&recorded).await
    }

    async fn send_payment(&mut self, recorded: &Recorded) -> Result<()> {
        let Recorded { id, body, at } = recorded;
        let accounts = self.central.truth()?.accounts().await?;
        let account: Uuid = serde_json::from_value(body["account_id"].clone())?;
        let owner = accounts.iter().find(|row| row.id == account).and_then(|row| row.reseller_id);
        let shop = self.street.judge().shops.iter().position(|shop| Some(shop.id.0) == owner);
        let answer = self.at_door(*at, shop, "", Some(body.clone())).await?;
        let mut judge = self.street.judge();
        let Some(shop) = shop else {
            // A restored Central does not know the account.
            judge.agree("payment", false, "a payment for nobody's account", &answer);
            return Ok(());
        };
        let known = judge.reference.payments.contains_key(id);
        let charges = judge.shops[shop].mode == SettlementMode::Share
            && body["paid_for"] == "service"
            && body["collected_by"] == "reseller";
        let amount = body["amount"]["value"].as_i64().unwrap_or(0);
        let comes = body["completed"] == true;
        let state = if comes { Paid::Completed } else { Paid::Pending };
        // A shop records what it took itself, and a repeat of what staff recorded is answered.
        let allowed = known || *at == Door::Staff || body["collected_by"] == "reseller";
        let expected = allowed && judge.reference.record_payment(*id, Payment { shop, amount, charges, state });
        judge.meet(match (known, at) {
            (true, _) => "payment repeated",
            (false, Door::Staff) => "payment recorded",
            (false, Door::Shop) => "payment recorded by its shop",
        });
        judge.agree("payment", expected, &format!("payment {id} of shop {shop}, {at:?}: {body}"), &answer);
        drop(judge);
        if comes && charges && expected && !known {
            self.note_charge(shop, "debit", amount);
        }
        Ok(())
    }

    /// At staff's desk, or at the shop's that has the account.
    async fn at_door(&mut self, at: Door, shop: Option<usize>, path: &str, body: Option<Value>) -> Result<Answer> {
        match at {
            Door::Staff => self.staff("POST", &format!("{PAYMENTS}{path}"), body).await,
            Door::Shop => self.owner(shop.unwrap_or(0), "POST", &format!("{OWN_PAYMENTS}{path}"), body).await,
        }
    }

    /// For one of the accounts that a shop has; none before there is one.
    async fn new_payment(&mut self, account: u8, amount: u8, how: u8) -> Result<Option<(PaymentId, Value)>> {
        let accounts = self.central.truth()?.accounts().await?;
        let owned: Vec<_> = accounts.iter().filter(|row| row.reseller_id.is_some()).collect();
        let Some(account) = owned.get(usize::from(account) % owned.len().max(1)) else { return Ok(None) };
        let service = !how.is_multiple_of(5);
        let collected_by = if service && how.is_multiple_of(4) { "operator" } else { "reseller" };
        let today = jiff::Timestamp::from_millisecond(self.now().0)?.to_zoned(TimeZone::UTC).date();
        let id = PaymentId(self.id());
        let body = json!({
            "payment_id": id, "account_id": account.id, "method": "transfer",
            "amount": { "value": 500 + i64::from(amount) * 100, "unit": "EUR" },
            "paid_for": if service { "service" } else { "sale" }, "collected_by": collected_by,
            "completed": how < 176, "paid_on": today.to_string(), "reference": "T-9", "note": "",
        });
        Ok(Some((id, body)))
    }

    async fn step_of_payment(&mut self, pick: u8, what: u8, at: Door) -> Result<()> {
        let known = &self.asked.payments;
        let Some(recorded) = known.get(usize::from(pick) % known.len().max(1)) else { return Ok(()) };
        let (id, of_operator) = (recorded.id, recorded.body["collected_by"] == "operator");
        let (step, to) =
            [("complete", Paid::Completed), ("fail", Paid::Failed), ("refund", Paid::Refunded)][usize::from(what) % 3];
        // Only staff give back.
        let at = if to == Paid::Refunded { Door::Staff } else { at };
        let body = (step != "complete").then(|| json!({ "reason": "It was a slip" }));
        let shop = self.street.judge().reference.payments.get(&id).map(|payment| payment.shop);
        let answer = self.at_door(at, shop, &format!("/{id}/{step}"), body).await?;
        let mut judge = self.street.judge();
        let before = judge.reference.payments.get(&id).copied();
        let allowed = at == Door::Staff || !of_operator;
        let expected = allowed && judge.reference.take_payment(id, to);
        let after = judge.reference.payments.get(&id).copied();
        judge.meet(if expected { "payment stepped" } else { "step of a payment refused" });
        judge.agree("payment", expected, &format!("{step} of payment {id}, {at:?}, {before:?}"), &answer);
        drop(judge);
        if let (Some(before), Some(after)) = (before, after)
            && before.charges
            && before.state != after.state
            && to != Paid::Failed
        {
            let kind = if to == Paid::Refunded { "purchase" } else { "debit" };
            self.note_charge(after.shop, kind, after.amount);
        }
        Ok(())
    }

    /// A payment moved a wallet as staff move it by hand.
    fn note_charge(&self, shop: usize, kind: &str, amount: i64) {
        let id = self.street.judge().shops[shop].id;
        let arguments = json!({ "reseller": id, "kind": kind, "amount": amount });
        let invoked = self.street.history.invoked();
        self.street.history.answered(invoked, "staff", "move_credits", &arguments, &json!("ok"));
    }

    async fn ask_payout(&mut self, shop: u8, again: bool) -> Result<()> {
        self.central.accrue().await;
        let last = self.asked.payouts.last().copied().filter(|_| again);
        let shops = self.street.judge().shops.len();
        let (id, shop) = last.unwrap_or_else(|| (PayoutId(self.id()), usize::from(shop) % shops));
        let owner = self.street.judge().shops[shop].id.0;
        let books = self.central.truth()?.books().await?;
        let own = books.iter().filter(|row| row.reseller_id == owner && row.kind == "commission_available");
        let available: i64 = own.map(|row| row.balance).sum();
        let body = json!({ "payout_id": id, "method": "bank_transfer", "destination": "DE00 0000 0000 0000 0000 00" });
        let answer = self.owner(shop, "POST", "/api/v1/reseller/payouts", Some(body)).await?;
        let mut judge = self.street.judge();
        let expected = judge.reference.ask_payout(id, shop, available, LEAST);
        judge.meet(if expected { "payout asked for" } else { "payout refused" });
        judge.agree("payout", expected, &format!("payout {id} of shop {shop}, {available} available"), &answer);
        let told = answer.json()["amount"]["value"].as_i64();
        let amount = judge.reference.payouts.get(&id).map(|payout| payout.amount);
        judge.expect("a payout is all that is available", !expected || told == amount, || {
            format!("payout {id} of shop {shop}: told {told:?}, reference {amount:?}")
        });
        drop(judge);
        if last.is_none() {
            self.asked.payouts.push((id, shop));
        }
        Ok(())
    }

    async fn step_of_payout(&mut self, pick: u8, what: u8) -> Result<()> {
        let known = &self.asked.payouts;
        let Some((id, _)) =
            known.len().checked_sub(1 + usize::from(pick) % known.len().clamp(1, 3)).map(|at| known[at])
        else {
            return Ok(());
        };
        let state = self.street.judge().reference.payouts.get(&id).map(|payout| payout.state);
        let step = match (state, what) {
            (_, 224..) => ["approve", "sent", "confirm", "fail"][usize::from(what) % 4],
            (_, 192..) => "fail",
            (Some(Sending::Requested), _) => "approve",
            (Some(Sending::Approved), _) => "sent",
            _ => "confirm",
        };
        let (to, body) = match step {
            "approve" => (Sending::Approved, None),
            "sent" => (Sending::Sent, Some(json!({ "reference": "T-77" }))),
            "confirm" => (Sending::Confirmed, None),
            _ => (Sending::Failed, Some(json!({ "reason": "The bank sent it back" }))),
        };
        let answer = self.staff("POST", &format!("/api/v1/admin/payouts/{id}/{step}"), body).await?;
        let mut judge = self.street.judge();
        let expected = judge.reference.take_payout(id, to);
        judge.meet(if expected { "payout stepped" } else { "step of a payout refused" });
        judge.agree("payout", expected, &format!("{step} of payout {id}, which is {state:?}"), &answer);
        Ok(())
    }
}
