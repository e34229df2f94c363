//! The market before anything was ordered.

use anyhow::{Result, ensure};
use counterfoil_model::market::{Offer, Seller};
use serde_json::{Value, json};

use super::{offering, provider, relationship};
use crate::world::{SHOPS, World};

/// Article, price of a unit in billionths, and units there are: few of the first, so that it sells out.
const OFFERS: [(&str, i64, Option<i64>); super::OFFERINGS] =
    [("CINEMA-4K", 12_345_678_901, Some(24)), ("RADIO", 3_999_999_999, None)];
/// Of each shop, percent.
const MARKUPS: [i64; SHOPS.len()] = [12, 0, 35];

/// A price as it is written.
pub(super) fn in_words(billionths: i64) -> String {
    format!("{}.{:09}", billionths / 1_000_000_000, billionths % 1_000_000_000)
}

/// An offering as staff save it.
pub(super) fn saved(number: usize, offer: Offer, stock: Option<i64>, revision: i64) -> Value {
    let article = OFFERS[number % OFFERS.len()].0;
    let status = if offer.offered { "active" } else { "withdrawn" };
    json!({
        "offering_id": offering(number), "article": article, "name": article, "base_price": in_words(offer.price),
        "term_days": 30, "stock": stock, "status": status, "revision": revision,
    })
}

impl World {
    /// A provider, what it offers, and all shops that sell it.
    pub(crate) async fn furnish_market(&mut self) -> Result<()> {
        let body =
            json!({ "provider_id": provider(), "name": "Northlight Media", "currency": "EUR", "status": "active" });
        let answer = self.staff("POST", "/api/v1/admin/providers", Some(body)).await?;
        ensure!(answer.status.is_success(), "a provider: {}", answer.json());
        let path = format!("/api/v1/admin/providers/{}/offerings", provider());
        for (number, (_, price, stocked)) in OFFERS.into_iter().enumerate() {
            let offer = Offer { price, stocked, offered: true };
            let answer = self.staff("POST", &path, Some(saved(number, offer, stocked, 0))).await?;
            ensure!(answer.status.is_success(), "an offering: {}", answer.json());
            self.street.judge().reference.market.offers.insert(offering(number), offer);
        }
        for (shop, markup) in MARKUPS.into_iter().enumerate() {
            let body = json!({ "relationship_id": relationship(shop), "provider_id": provider(), "markup": markup });
            let answer = self.owner(shop, "POST", "/api/v1/reseller/relationships", Some(body)).await?;
            ensure!(answer.status.is_success(), "a relationship: {}", answer.json());
            self.street.judge().reference.market.sellers.push(Seller { markup, sells: true, settled: 0 });
        }
        Ok(())
    }
}
