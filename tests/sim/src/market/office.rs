//! What changes while orders are open: markups, prices and stocks. And the provider is paid.

use anyhow::{Context as _, Result};
use counterfoil_domain::ids::SettlementId;
use counterfoil_model::market::{Offer, Ruling, Seller};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::acts::result_of;
use super::furnish::saved;
use super::{OFFERINGS, euros, offering, provider, relationship};
use crate::world::World;

/// What staff recorded: of one shop, or of all that owe.
#[derive(Debug, Clone)]
pub(super) struct Settled {
    only: Option<usize>,
    body: Value,
}

impl World {
    pub(super) async fn change_markup(&mut self, shop: u8, markup: u8, status: u8) -> Result<()> {
        let shop = usize::from(shop) % self.street.judge().shops.len();
        let (markup, sells) = (i64::from(markup % 51), status < 224);
        let path = format!("/api/v1/reseller/relationships/{}", provider());
        let revision = self.owner(shop, "GET", &path, None).await?.json()["revision"].clone();
        let status = if sells { "active" } else { "suspended" };
        let body = json!({ "markup": markup, "status": status, "revision": revision });
        let answer = self.owner(shop, "PUT", &path, Some(body)).await?;
        let mut judge = self.street.judge();
        judge.meet(if sells { "markup changed" } else { "shop stops selling for a while" });
        if !answer.status.is_success() {
            judge.object("relationship", format!("shop {shop} at {markup} %: {}", answer.json()));
        }
        let seller = &mut judge.reference.market.sellers[shop];
        *seller = Seller { markup, sells, ..*seller };
        Ok(())
    }

    /// Another price, more units, and sometimes it is withdrawn until the next change.
    pub(super) async fn change_offer(&mut self, number: u8, price: u8, more: u8) -> Result<()> {
        let number = usize::from(number) % OFFERINGS;
        let id = offering(number);
        // Exact to the billionth, so that rounding has something to do.
        let price = 1_000_000_000 + i64::from(price) * 123_456_789;
        let (more, offered) = (i64::from(more % 8), more < 192);
        let rows = self.central.truth()?.offerings().await?;
        let row = rows.iter().find(|row| row.id == id.0).context("the offering")?;
        let stocked = self.street.judge().reference.market.offers[&id].stocked.map(|stocked| stocked + more);
        let offer = Offer { price, stocked, offered };
        let body = saved(number, offer, row.stock.map(|left| left + more), row.revision);
        let path = format!("/api/v1/admin/providers/{}/offerings/{id}", provider());
        let answer = self.staff("PUT", &path, Some(body)).await?;
        let mut judge = self.street.judge();
        judge.meet(if offered { "offering changed" } else { "offering withdrawn" });
        if !answer.status.is_success() {
            judge.object("offering", format!("offering {number} at {price}: {}", answer.json()));
        }
        judge.reference.market.offers.insert(id, offer);
        Ok(())
    }

    /// All that is owed is settled, or what one shop owes; now and then the last settlement is sent again, or one of a sum
    /// that is not owed.
    pub(super) async fn settle(&mut self, shop: u8, sum: u8) -> Result<()> {
        let again = self.last.settlement.clone().filter(|_| sum >= 208);
        if let Some(settled) = again {
            return self.send_settlement(settled).await;
        }
        let only = (shop >= 128).then(|| usize::from(shop) % self.street.judge().shops.len());
        let owed = self.street.judge().reference.market.owed(only) + i64::from(sum < 48);
        if owed == 0 {
            return Ok(());
        }
        let today = jiff::Timestamp::from_millisecond(self.now().0)?.to_zoned(TimeZone::UTC).date();
        let body = json!({
            "settlement_id": self.id(), "relationship_id": only.map(relationship), "amount": euros(owed),
            "paid_on": today.to_string(), "reference": "T-1",
        });
        self.send_settlement(Settled { only, body }).await
    }

    async fn send_settlement(&mut self, settled: Settled) -> Result<()> {
        let path = format!("/api/v1/admin/providers/{}/settlements", provider());
        let Settled { only, body } = &settled;
        let invoked = self.street.history.invoked();
        let answer = self.staff("POST", &path, Some(body.clone())).await?;
        let result = result_of(Some(&answer), |told| json!({ "amount": told["amount"]["value"] }));
        self.street.history.answered(invoked, "staff", "settle", body, &result);
        let id: SettlementId = serde_json::from_value(body["settlement_id"].clone())?;
        let amount = body["amount"]["value"].as_i64().unwrap_or(0);
        let mut judge = self.street.judge();
        let ruling = judge.reference.market.settle(id, *only, amount);
        let (case, fits) = match ruling {
            Ruling::Done => ("provider settled", answer.status.is_success()),
            Ruling::Again => ("settlement repeated", answer.status.is_success()),
            Ruling::Reused => ("settlement id reused", answer.code() == "id_reused"),
            Ruling::Unknown | Ruling::Wrong | Ruling::Moved => {
                ("settlement of another sum refused", answer.code() == "conflict")
            }
        };
        judge.meet(case);
        let told = answer.json()["amount"]["value"].as_i64();
        if !fits || (answer.status.is_success() && told != Some(amount)) {
            judge.object("settlement with the provider", format!("{amount}: {}, reference {ruling:?}", answer.json()));
        }
        drop(judge);
        self.last.settlement = Some(settled);
        Ok(())
    }
}
