//! What each step does in the world.

use anyhow::{Context as _, Result};
use counterfoil_domain::ids::LeaseId;
use counterfoil_model::reference::Verdict;
use serde_json::{Value, json};

use crate::central::Answer;
use crate::judge::Typed;
use crate::machine::{Machine, Outcome};
use crate::story::{Step, Trouble, Weather};
use crate::world::{Shown, World};

pub(crate) const DAY_MS: i64 = 86_400_000;
/// Machines at most, copies included.
const MOST_MACHINES: usize = 6;

impl World {
    /// The machine a byte stands for. Half of what happens is on the first, so that stories get deep.
    pub(crate) fn machine(&self, byte: u8) -> usize {
        if byte < 100 { 0 } else { usize::from(byte) % self.machines.len() }
    }

    pub async fn act(&mut self, step: Step) -> Result<()> {
        self.pass(1_000);
        match step {
            Step::Sell { machine, plan, quantity, trouble } => self.sell(machine, plan, quantity, trouble).await?,
            Step::SellAgain { machine, trouble } => {
                let m = self.machine(machine);
                if let Some(request) = self.machines[m].last_sale.clone() {
                    self.order(m, request, trouble).await?;
                }
            }
            Step::Void { machine, pick, trouble } => self.void(machine, pick, trouble).await?,
            Step::TakeLease { machine, amount, trouble, weather } => {
                let amount = (amount % 3 > 0).then(|| 30 + i64::from(amount % 900));
                let arguments = json!({ "amount": amount, "max_codes": 40 });
                let arguments = if amount.is_none() { json!({ "max_codes": 40 }) } else { arguments };
                self.command(self.machine(machine), "take_lease", arguments, trouble, weather).await?;
            }
            Step::CloseLease { machine, pick, trouble } => self.close(machine, pick, trouble).await?,
            Step::Sync { machine, trouble, weather } => {
                self.command(self.machine(machine), "sync", Value::Null, trouble, weather).await?;
            }
            Step::Restart { machine } => {
                let m = self.machine(machine);
                self.machines[m].stop().await;
            }
            Step::Backup { machine } => {
                let m = self.machine(machine);
                self.machines[m].backup().await?;
            }
            Step::RestoreBackup { machine, pick } => {
                let m = self.machine(machine);
                if self.machines[m].restore(usize::from(pick)).await? {
                    self.street.judge().meet("older database restored");
                }
            }
            Step::Clone { machine } => self.clone_machine(machine).await?,
            Step::TurnClock { machine, days } => {
                let m = self.machine(machine);
                self.machines[m].turn_clock(i64::from(days) * DAY_MS);
            }
            Step::ArrivesLate { pick } => {
                if let Some(parcel) = self.street.take_held(usize::from(pick)) {
                    self.street.judge().meet("request arrived late");
                    self.street.deliver(&parcel).await;
                }
            }
            Step::Redeem { pick, who } => {
                if let Some(shown) = self.pick_shown(pick) {
                    self.redeem(&shown.code, shown.typed, usize::from(who % 7)).await?;
                }
            }
            Step::RedeemTogether { pick, who, other } => self.redeem_together(pick, who, other).await?,
            Step::RedeemUnsold { lease, slot, seq, who } => self.redeem_unsold(lease, slot, seq, who).await?,
            other => self.act_on_central(other).await?,
        }
        self.after_central_lost_power().await
    }

    /// Runs a command of a machine, with what went wrong counted.
    pub(crate) async fn command(
        &mut self,
        m: usize,
        command: &str,
        arguments: Value,
        trouble: Trouble,
        weather: Weather,
    ) -> Result<Outcome> {
        let outcome = self.machines[m].call(command, arguments, trouble, weather, &mut self.chance).await?;
        let mut judge = self.street.judge();
        match (trouble, &outcome) {
            (_, Outcome::Unknown) => judge.meet("power cut"),
            (Trouble::DiskFull { .. }, Outcome::Refused(_)) => judge.meet("disk full"),
            (Trouble::SyncFails { .. }, Outcome::Refused(_)) => judge.meet("sync failed"),
            (Trouble::KeyringLocked, Outcome::Refused(_)) => judge.meet("keyring locked"),
            _ => {}
        }
        Ok(outcome)
    }

    async fn sell(&mut self, machine: u8, plan: u8, quantity: u8, trouble: Trouble) -> Result<()> {
        let m = self.machine(machine);
        let plan = {
            let judge = self.street.judge();
            judge.plans[usize::from(plan) % judge.plans.len()].id
        };
        let request = json!({ "sale_id": self.id(), "plan_id": plan, "quantity": quantity });
        self.machines[m].last_sale = Some(request.clone());
        self.order(m, request, trouble).await
    }

    async fn order(&mut self, m: usize, request: Value, trouble: Trouble) -> Result<()> {
        let invoked = self.street.history.invoked();
        let outcome = self.command(m, "sell", request.clone(), trouble, Weather(0)).await?;
        let result = match &outcome {
            Outcome::Done(sale) => sale["codes"].clone(),
            Outcome::Refused(code) => json!({ "refused": code }),
            Outcome::Unknown => json!("unknown"),
        };
        let history = &self.street.history;
        history.answered(invoked, &format!("machine-{m}"), "sell", &request, &result);
        match outcome {
            Outcome::Done(sale) => {
                self.street.judge().meet("sale");
                for code in sale["codes"].as_array().into_iter().flatten() {
                    self.show(m, code, &request)?;
                }
            }
            Outcome::Refused(code) => {
                let known = ["insufficient_lease", "internal"].contains(&code.as_str());
                self.street.judge().meet(if known { "sale refused" } else { "sale refused for another reason" });
            }
            Outcome::Unknown => {}
        }
        Ok(())
    }

    /// A code is on a screen: from now on it is owed to a customer.
    fn show(&mut self, m: usize, code: &Value, request: &Value) -> Result<()> {
        let text = |name: &str| code[name].as_str().unwrap_or_default().to_owned();
        let (serial, code_id, code) = (text("serial"), text("code_id"), text("code"));
        let (number, seq) = serial.split_once('-').context("a serial")?;
        let (number, seq): (u32, u32) = (number.parse()?, seq.parse()?);
        let device = self.machines[m].device;
        let mut judge = self.street.judge();
        let mut numbered = judge.numbers.iter().filter(|(_, granted)| **granted == number);
        let (lease, _) = numbered.next().with_context(|| format!("lease {number} was granted"))?;
        anyhow::ensure!(numbered.next().is_none(), "lease {number} was granted twice");
        let lease = *lease;
        let terms = judge.terms[&lease].clone();
        let slot = terms.slots.iter().find(|slot| request["plan_id"] == slot.plan_id.to_string());
        let slot = slot.map_or(0, |slot| slot.slot);
        let typed = Typed { lease, slot, seq };
        self.machines[m].listed.insert(code_id.clone(), true);
        let before = self.shown.iter().find(|shown| shown.typed == typed);
        if let Some(before) = before {
            // The same sale asked for again shows its codes again; nothing else may.
            let again = before.code == code && before.code_id == code_id;
            if !again || (before.device != device) {
                judge.object("I5", format!("{serial} was shown twice"));
            }
            return Ok(());
        }
        let last = self.shown.iter().filter(|shown| shown.typed.lease == lease).map(|shown| shown.typed.seq).max();
        if !judge.cloned[device] {
            if last.is_some_and(|last| last >= seq) {
                judge.object("I5", format!("{serial} was sold after number {last:?}"));
            }
            let cost = |slot: u8| terms.slot(slot).map_or(0, |slot| slot.cost);
            let of_lease = self.shown.iter().filter(|shown| shown.typed.lease == lease);
            let sum: i64 = of_lease.map(|shown| cost(shown.typed.slot)).sum::<i64>() + cost(slot);
            let amount = terms.amount;
            if sum > amount {
                judge.object("I5", format!("{serial} brings lease {number} to {sum} of {amount}"));
            }
        }
        drop(judge);
        self.shown.push(Shown { typed, code, device, code_id, voided: false });
        Ok(())
    }

    async fn void(&mut self, machine: u8, pick: u16, trouble: Trouble) -> Result<()> {
        let m = self.machine(machine);
        let device = self.machines[m].device;
        let own: Vec<usize> = (0..self.shown.len()).filter(|i| self.shown[*i].device == device).collect();
        let Some(index) = own.get(usize::from(pick) % own.len().max(1)).copied() else { return Ok(()) };
        let arguments = json!({ "code_ids": [self.shown[index].code_id] });
        // Whatever comes of it, a void that may be on its way ends the promise made to the customer.
        let outcome = self.command(m, "void_codes", arguments, trouble, Weather(0)).await?;
        if matches!(outcome, Outcome::Done(_) | Outcome::Unknown) || trouble != Trouble::None {
            self.shown[index].voided = true;
        }
        Ok(())
    }

    async fn close(&mut self, machine: u8, pick: u8, trouble: Trouble) -> Result<()> {
        let m = self.machine(machine);
        let device = self.machines[m].device;
        let leases: Vec<LeaseId> = {
            let judge = self.street.judge();
            let open = judge.reference.stocks.iter().filter(|(_, stock)| stock.device == device && stock.open);
            open.map(|(lease, _)| *lease).collect()
        };
        if let Some(lease) = leases.get(usize::from(pick) % leases.len().max(1)) {
            let arguments = json!({ "lease_id": lease });
            self.command(m, "close_lease", arguments, trouble, Weather(0)).await?;
        }
        Ok(())
    }

    async fn clone_machine(&mut self, machine: u8) -> Result<()> {
        let m = self.machine(machine);
        if self.machines.len() >= MOST_MACHINES {
            return Ok(());
        }
        let image = self.machines[m].image().await?;
        let copy = Machine::new(format!("machine-{}", self.machines.len()), &image, &self.street, self.now())?;
        self.street.judge().cloned[image.device] = true;
        self.machines.push(copy);
        self.street.judge().meet("machine copied with its keyring");
        Ok(())
    }

    fn pick_shown(&self, pick: u16) -> Option<Shown> {
        // Mostly one of the latest: those are the ones Central has not heard of.
        let len = self.shown.len();
        let index = if pick.is_multiple_of(3) {
            usize::from(pick) % len.max(1)
        } else {
            len.saturating_sub(1 + usize::from(pick) % 8)
        };
        self.shown.get(index).cloned()
    }

    /// Whether the reference knows this lease: a Central restored from a backup may have forgotten it.
    fn is_known(&self, lease: LeaseId) -> bool {
        self.street.judge().reference.stocks.contains_key(&lease)
    }

    pub async fn redeem(&mut self, code: &str, typed: Typed, who: usize) -> Result<Option<Verdict>> {
        if !self.is_known(typed.lease) {
            return Ok(None);
        }
        let invoked = self.street.history.invoked();
        let answer = self.redeem_call(code, who).await?;
        self.note_redemption(invoked, code, who, &answer);
        let now = self.now().0;
        Ok(self.street.judge().redeemed(typed, who, now, Some(&answer)))
    }

    pub(crate) fn note_redemption(&self, invoked: crate::history::Invoked, code: &str, who: usize, answer: &Answer) {
        let body = answer.json();
        let result = if answer.status.is_success() {
            json!({ "activated": true, "repeated": body["repeated"], "last_day": body["last_day"] })
        } else {
            json!({ "refused": answer.code() })
        };
        let who = format!("customer-{who}");
        self.street.history.answered(invoked, &who, "redeem", &json!({ "code": code }), &result);
    }

    /// Both ask at once; whoever was first, the pair of answers must fit one of the two orders.
    async fn redeem_together(&mut self, pick: u16, who: u8, other: u8) -> Result<()> {
        let Some(shown) = self.pick_shown(pick).filter(|shown| self.is_known(shown.typed.lease)) else {
            return Ok(());
        };
        let (one, two) = (usize::from(who % 7), 7 + usize::from(other % 7));
        let invoked = self.street.history.invoked();
        let (first, second) = tokio::join!(self.redeem_call(&shown.code, one), self.redeem_call(&shown.code, two));
        let (first, second) = (first?, second?);
        self.note_redemption(invoked, &shown.code, one, &first);
        self.note_redemption(invoked, &shown.code, two, &second);
        let now = self.now().0;
        let mut judge = self.street.judge();
        let mut swapped = judge.clone();
        let mut straight = judge.clone();
        straight.redeemed(shown.typed, one, now, Some(&first));
        straight.redeemed(shown.typed, two, now, Some(&second));
        swapped.redeemed(shown.typed, two, now, Some(&second));
        swapped.redeemed(shown.typed, one, now, Some(&first));
        *judge = if straight.objection.is_some() && swapped.objection.is_none() { swapped } else { straight };
        judge.meet("two redeemed at once");
        Ok(())
    }

    async fn redeem_unsold(&mut self, lease: u8, slot: u8, seq: u8, who: u8) -> Result<()> {
        let picked = {
            let judge = self.street.judge();
            let leases: Vec<LeaseId> = judge.reference.stocks.keys().copied().collect();
            let Some(lease) = leases.get(usize::from(lease) % leases.len().max(1)).copied() else { return Ok(()) };
            let terms = judge.terms[&lease].clone();
            let slot = terms.slots[usize::from(slot) % terms.slots.len()].slot;
            let typed = Typed { lease, slot, seq: 1 + u32::from(seq) % u32::from(terms.max_codes) };
            (typed, crate::codes::code(&terms, typed))
        };
        let (typed, code) = picked;
        // Only whoever has the unlocked machine can know such a code: its device is honest no longer.
        if !self.shown.iter().any(|shown| shown.typed == typed) {
            let device = self.street.judge().reference.stocks[&typed.lease].device;
            if !self.street.judge().cloned[device] {
                return Ok(());
            }
        }
        self.redeem(&code, typed, usize::from(who % 7)).await?;
        Ok(())
    }
}
