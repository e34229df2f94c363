//! What each step does. Staff's lines never fail here; a job that was started is done at once.

use anyhow::{Context as _, Result, ensure};
use counterfoil_domain::ids::LotId;
use counterfoil_domain::reseller::SettlementMode;
use counterfoil_model::lots::{Card, Given, Printed as Cards};
use serde_json::json;

use super::story::LotStep;
use super::{Printed, Sent};
use crate::judge::Judge;
use crate::world::World;

const LOTS: &str = "/api/v1/admin/lots";

impl Judge {
    /// What a card of this lot costs a shop today. Days are those on the card.
    fn cost_of(&self, shop: usize, printed: &Printed) -> Option<i64> {
        let term = self.reference.lots.get(&printed.lot)?.term;
        let plan = self.plans.iter().find(|plan| plan.id == printed.plan)?;
        Some(if self.shops[shop].mode == SettlementMode::Wholesale { term } else { plan.price })
    }
}

impl World {
    pub(crate) async fn act_on_lots(&mut self, step: LotStep) -> Result<()> {
        match step {
            LotStep::Print { plan, count } => self.print(plan, 1 + u32::from(count) % 12).await,
            LotStep::Allocate { pick, shop, from, many } => self.allocate(pick, shop, (from, many)).await,
            LotStep::AllocateAgain => self.allocate_again().await,
            LotStep::Revoke { pick, from, many } => self.revoke_kept(pick, (from, many)).await,
            LotStep::Redeem { pick, seq, who } => self.redeem_card(pick, seq, usize::from(who % 7)).await,
        }
    }

    async fn print(&mut self, plan: u8, count: u32) -> Result<()> {
        let plan = {
            let judge = self.street.judge();
            judge.plans[usize::from(plan) % judge.plans.len()].clone()
        };
        let lot = LotId(self.id());
        let body = json!({ "lot_id": lot, "job_id": self.id(), "plan_id": plan.id, "count": count });
        let answer = self.staff("POST", LOTS, Some(body)).await?;
        ensure!(answer.status.is_success(), "a lot: {}", answer.json());
        self.central.work_on_lots().await;
        let (number, redeem_by) = (answer.json()["number"].as_u64(), answer.json()["redeem_by"].as_i64());
        let file = self.staff("GET", &format!("{LOTS}/{lot}/print-file"), None).await?;
        let codes = codes_of(&String::from_utf8_lossy(&file.bytes));
        let mut judge = self.street.judge();
        judge.meet("lot printed");
        judge.expect("kept codes", codes.len() == usize::try_from(count)?, || {
            format!("lot {lot} was to have {count} codes, and its file has {}", codes.len())
        });
        let cards = (1..=count).map(|seq| (seq, Card::Kept)).collect();
        let cards = Cards { term: i64::from(plan.term_days), redeem_by: redeem_by.context("its last day")?, cards };
        judge.reference.lots.insert(lot, cards);
        drop(judge);
        let number = u32::try_from(number.context("its number")?)?;
        self.album.printed.push(Printed { lot, number, plan: plan.id, codes });
        Ok(())
    }

    /// One of the latest lots that Central knows.
    fn pick_lot(&self, pick: u8) -> Option<Printed> {
        let judge = self.street.judge();
        let known = |printed: &&Printed| judge.reference.lots.contains_key(&printed.lot);
        let known: Vec<&Printed> = self.album.printed.iter().filter(known).collect();
        let latest = known.iter().rev().nth(usize::from(pick) % known.len().clamp(1, 3));
        latest.map(|printed| (*printed).clone())
    }

    async fn allocate(&mut self, pick: u8, shop: u8, range: (u8, u8)) -> Result<()> {
        let Some(printed) = self.pick_lot(pick) else { return Ok(()) };
        let (from, to) = range_of(&printed, range);
        let (shop, id, cost, kept) = {
            let judge = self.street.judge();
            let shop = usize::from(shop) % judge.shops.len();
            let cost = judge.cost_of(shop, &printed).context("a plan")?;
            let kept = judge.reference.lots[&printed.lot].kept(from, to).len();
            (shop, judge.shops[shop].id, cost, i64::try_from(kept)?)
        };
        let serial = |seq: u32| format!("{:06}-{seq:04}", printed.number);
        let asked = json!({ "reseller_id": id, "serial_from": serial(from), "serial_to": serial(to) });
        let preview = self.staff("POST", &format!("{LOTS}/allocations/preview"), Some(asked)).await?.json();
        let lot = LotId(self.id());
        let part = json!({
            "stock_id": printed.lot, "lot_id": lot, "job_id": self.id(), "seq_from": from, "seq_to": to, "codes": kept,
        });
        let body = json!({ "reseller_id": id, "parts": [part], "total": preview["total"] });
        let answer = self.staff("POST", &format!("{LOTS}/allocations"), Some(body.clone())).await?;
        self.central.work_on_lots().await;
        self.street.touch();
        let mut judge = self.street.judge();
        let done = judge.reference.allocate(printed.lot, (from, to), Given { shop, lot, cost });
        judge.meet(if done { "codes allocated" } else { "allocation refused" });
        let about = || format!("{from} to {to} of lot {} to shop {shop}, reference {done}", printed.lot);
        let shown = (preview["codes"].as_i64(), preview["total"]["value"].as_i64(), preview["refusal"].is_null());
        judge.expect("allocation", shown == (Some(kept), Some(kept * cost), done), || {
            format!("{}: shown {preview}, expected {kept} at {cost}", about())
        });
        judge.expect("allocation", answer.status.is_success() == done, || format!("{}: {}", about(), answer.json()));
        drop(judge);
        if done {
            self.album.sent = Some(Sent { lot, body });
        }
        Ok(())
    }

    /// What a restored Central forgot is not asked again: it would be another allocation.
    async fn allocate_again(&mut self) -> Result<()> {
        let Some(Sent { lot, body }) = self.album.sent.clone() else { return Ok(()) };
        let known = self.street.judge().reference.cards_of_shops().keys().any(|(of, _)| *of == lot);
        if !known {
            return Ok(());
        }
        let answer = self.staff("POST", &format!("{LOTS}/allocations"), Some(body)).await?;
        self.central.work_on_lots().await;
        self.street.touch();
        let mut judge = self.street.judge();
        judge.meet("allocation repeated");
        judge.expect("allocation", answer.status.is_success(), || format!("again: {}", answer.json()));
        Ok(())
    }

    async fn revoke_kept(&mut self, pick: u8, range: (u8, u8)) -> Result<()> {
        let Some(printed) = self.pick_lot(pick) else { return Ok(()) };
        let (from, to) = range_of(&printed, range);
        let kept = self.street.judge().reference.lots[&printed.lot].kept(from, to).len();
        let path = format!("{LOTS}/{}/changes", printed.lot);
        let mut body = json!({ "change": "revoke", "seq_from": from, "seq_to": to });
        let preview = self.staff("POST", &format!("{path}/preview"), Some(body.clone())).await?.json();
        body["job_id"] = json!(self.id());
        body["changed"] = json!(kept);
        body["reason"] = json!("The box is gone");
        let answer = self.staff("POST", &path, Some(body)).await?;
        self.central.work_on_lots().await;
        self.street.touch();
        let mut judge = self.street.judge();
        let done = judge.reference.revoke_kept(printed.lot, (from, to));
        judge.meet(if done { "kept codes revoked" } else { "nothing kept to revoke" });
        let shown = preview["changed"].as_u64() == Some(kept as u64) && preview["gives_back"]["value"] == 0;
        judge.expect("revocation of kept codes", shown && answer.status.is_success() == done, || {
            format!("{from} to {to} of lot {}, {kept} kept: shown {preview}, {}", printed.lot, answer.json())
        });
        Ok(())
    }

    async fn redeem_card(&mut self, pick: u8, seq: u8, who: usize) -> Result<()> {
        let Some(printed) = self.pick_lot(pick) else { return Ok(()) };
        let index = usize::from(seq) % printed.codes.len().max(1);
        let Some(code) = printed.codes.get(index) else { return Ok(()) };
        let invoked = self.street.history.invoked();
        let answer = self.redeem_call(code, who).await?;
        self.note_redemption(invoked, code, who, &answer);
        let (seq, now) = (u32::try_from(index + 1)?, self.now().0);
        self.street.judge().redeemed_card((printed.lot, seq), who, now, &answer);
        Ok(())
    }
}

/// Numbers of a lot, a few of them.
fn range_of(printed: &Printed, (from, many): (u8, u8)) -> (u32, u32) {
    let count = u32::try_from(printed.codes.len().max(1)).unwrap_or(1);
    let from = 1 + u32::from(from) % count;
    (from, count.min(from + u32::from(many) % 6))
}

/// The codes in a printer's file, in their order: the second of each line but the first.
fn codes_of(file: &str) -> Vec<String> {
    file.lines().skip(1).filter_map(|line| line.split(',').nth(1)).map(str::to_owned).collect()
}
