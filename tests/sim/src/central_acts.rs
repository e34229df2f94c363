//! What each step does at Central: staff, time, its disk and its backups.

use anyhow::Result;
use counterfoil_domain::ids::LeaseId;
use serde_json::{Value, json};

use crate::acts::DAY_MS;
use crate::central::Engine;
use crate::judge::PlanNow;
use crate::machine::fate;
use crate::network::DiskTrouble;
use crate::story::{Step, Trouble, Weather};
use crate::world::{Saved, World};

/// Central's time in a story: below the year after which codes expire.
const LONGEST_MS: i64 = 300 * DAY_MS;

impl World {
    pub(crate) async fn act_on_central(&mut self, step: Step) -> Result<()> {
        let shops = self.street.judge().shops.len();
        match step {
            Step::TopUp { shop, amount } => {
                let shop = usize::from(shop) % shops;
                self.move_credits(shop, "purchase", 10 + i64::from(amount) * 5).await?;
            }
            Step::Withdraw { shop, amount } => {
                let shop = usize::from(shop) % shops;
                let there = {
                    let judge = self.street.judge();
                    let of = &judge.reference.shops[shop];
                    of.wallet + of.limit
                };
                let amount = if amount < 230 { there * (i64::from(amount) / 58 + 1) / 4 } else { there + 1 };
                if amount > 0 {
                    self.move_credits(shop, "debit", amount).await?;
                }
            }
            Step::Reprice { plan, price } => {
                let known = {
                    let judge = self.street.judge();
                    judge.plans[usize::from(plan) % judge.plans.len()].clone()
                };
                self.save_plan(&PlanNow { price: 100 + i64::from(price) * 10, ..known }, false).await?;
            }
            Step::Revoke { lease, cut } => self.revoke(lease, cut).await?,
            Step::Approve { pick } => self.approve(pick).await?,
            Step::TimePasses { hours } => {
                let ms = i64::from(hours) * 3_600_000;
                if self.passed + ms < LONGEST_MS {
                    self.pass(ms);
                }
                // The daily look at the feed would mend what this finds.
                self.check_chains().await?;
                self.central.run_jobs().await;
                self.provision(0).await?;
                self.street.touch();
                let now = self.now().0;
                let mut judge = self.street.judge();
                judge.reference.expire(now);
                for shop in 0..shops {
                    judge.reference.settle_waiting(shop);
                }
            }
            Step::Provision { trouble } => self.provision(trouble).await?,
            Step::LookAtPortal { trouble } => self.look_at_portal(trouble).await?,
            Step::RestartCentral => self.restart_central().await?,
            Step::CentralPowerCut { event, machine } => {
                self.trouble_central(DiskTrouble::PowerCut { event: u64::from(event) }, machine).await?;
            }
            Step::CentralDiskFull { event, machine } => {
                self.trouble_central(DiskTrouble::Full { event: u64::from(event) }, machine).await?;
            }
            Step::BackupCentral => {
                let copy = self.central.back_up().await?;
                self.serve();
                let judge = self.street.judge().clone();
                self.saved = Some(Saved { copy, judge });
            }
            Step::RestoreCentral => self.restore_central().await?,
            Step::Market(step) => self.act_on_market(step).await?,
            Step::Money(step) => self.act_on_money(step).await?,
            Step::Lots(step) => self.act_on_lots(step).await?,
            _ => {}
        }
        Ok(())
    }

    async fn restart_central(&mut self) -> Result<()> {
        self.central.close().await;
        let processes = match self.central.engine() {
            Engine::Sqlite => 1,
            Engine::Postgres => 1 + self.chance.index(2),
        };
        self.central.open(processes).await?;
        self.serve();
        Ok(())
    }

    async fn revoke(&mut self, lease: u8, cut: u8) -> Result<()> {
        let picked = {
            let judge = self.street.judge();
            let leases: Vec<LeaseId> = judge.reference.stocks.keys().copied().collect();
            let Some(lease) = leases.get(usize::from(lease) % leases.len().max(1)).copied() else { return Ok(()) };
            (lease, u32::from(cut) % (judge.reference.stocks[&lease].limit.min(12) + 1))
        };
        let (lease, cut) = picked;
        let body = if cut == 0 { json!({ "reason": "stolen" }) } else { json!({ "reason": "stolen", "cut": cut }) };
        let answer = self.staff("POST", &format!("/api/v1/admin/leases/{lease}/revoke"), Some(body)).await?;
        let mut judge = self.street.judge();
        let before = judge.reference.stocks[&lease].cut;
        let done = judge.reference.revoke(lease, cut);
        let fits = answer.status.is_success() == (done || before == Some(cut));
        if !fits {
            let detail = format!("{lease} with cut {cut}: {}, reference {done}, before {before:?}", answer.json());
            judge.object("revocation", detail);
        }
        judge.meet("lease revoked");
        Ok(())
    }

    async fn approve(&mut self, pick: u8) -> Result<()> {
        let waiting = self.street.judge().after_cut();
        let Some((lease, seq)) = waiting.get(usize::from(pick) % waiting.len().max(1)).copied() else { return Ok(()) };
        let codes = self.central.truth()?.codes().await?;
        let Some(row) = codes.iter().find(|row| row.source_id == lease.0 && row.seq == i64::from(seq)) else {
            self.street.judge().object("settlement", format!("number {seq} of {lease} waits, and Central has no code"));
            return Ok(());
        };
        let path = format!("/api/v1/admin/codes/{}/approve", row.id);
        let answer = self.staff("POST", &path, Some(json!({ "reason": "shown the receipt" }))).await?;
        let mut judge = self.street.judge();
        judge.reference.approve(lease, seq);
        judge.meet("code approved");
        if !answer.status.is_success() {
            judge.object("approval", format!("number {seq} of {lease}: {}", answer.json()));
        }
        Ok(())
    }

    /// Central's power goes, or its disk fills up, in the middle of a push.
    async fn trouble_central(&mut self, trouble: DiskTrouble, machine: u8) -> Result<()> {
        let Some(disk) = self.central.disk().cloned() else { return Ok(()) };
        disk.settle();
        self.street.trouble_central(Some((trouble, disk)));
        let m = self.machine(machine);
        self.command(m, "sync", Value::Null, Trouble::None, Weather(0)).await?;
        self.street.trouble_central(None);
        Ok(())
    }

    /// Starts a Central that lost its power, and finds out what became of what it was doing.
    pub(crate) async fn after_central_lost_power(&mut self) -> Result<()> {
        if !self.central.disk().is_some_and(counterfoil_faulty_disk::Disk::is_dead) {
            return Ok(());
        }
        let mut chance = self.chance.clone();
        self.chance.number();
        self.central.power_on(|sectors| fate(&mut chance, sectors)).await?;
        self.serve();
        let Some(before) = self.street.unsure() else { return Ok(()) };
        let happened = self.differences().await?.is_none();
        let mut judge = self.street.judge();
        judge.meet("central lost power");
        if happened {
            judge.meet("central lost power after the commit");
        } else {
            let met = judge.met.clone();
            *judge = before;
            judge.met = met;
        }
        Ok(())
    }

    async fn restore_central(&mut self) -> Result<()> {
        let Some(saved) = self.saved.take() else { return Ok(()) };
        self.central.restore(&saved.copy).await?;
        self.serve();
        self.street.touch();
        let epoch = self.central.truth()?.epoch().await?;
        // What Central forgot, a machine may list only after it has told it again.
        for machine in &mut self.machines {
            machine.listed.values_mut().for_each(|certain| *certain = false);
        }
        {
            let mut judge = self.street.judge();
            let now = std::mem::replace(&mut *judge, saved.judge.clone());
            judge.met = now.met;
            judge.objection = now.objection;
            judge.cloned = now.cloned;
            judge.market = now.market;
            judge.now = now.now;
            judge.epoch = Some(epoch);
            // What devices hold is not forgotten because Central forgot it.
            for (lease, terms) in now.terms {
                judge.terms.entry(lease).or_insert(terms);
            }
            judge.numbers.extend(now.numbers);
            judge.meet("central restored");
        }
        let invoked = self.street.history.invoked();
        self.street.history.answered(invoked, "central", "restored", &Value::Null, &json!("ok"));
        self.saved = Some(saved);
        Ok(())
    }
}
