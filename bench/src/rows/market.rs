//! The public market and a shop's queue of orders, over 100,000 offerings and a million orders: each read as a browser or
//! the screens do, against the bound.

use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use counterfoil_testkit::central::SHOP;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::prepared::Prepared;
use crate::row::{About, Plan, Row, Target, percentile};
use crate::server::Server;
use crate::staff::Staff;

const OFFERINGS: usize = 100_000;
const ORDERS: u32 = 1_000_000;
/// Lines of one call of the import.
const CHUNK: usize = 500;
/// Pages into the market before the deep one is measured.
const DEEP: usize = 200;
/// Reads of a turn, of each.
const READS: usize = 100;
const BOUND_MS: f64 = 100.0;
const COLOURS: [&str; 8] = ["amber", "azure", "coral", "ebony", "ivory", "jade", "lilac", "ochre"];

struct Market {
    _server: Server,
    shop: Staff,
    /// A page deep in the market, and one deep in the queue.
    deep: [String; 2],
    imported: f64,
}

pub(super) fn row(_prepared: &mut Prepared) -> Result<Box<dyn Row>> {
    let server = Server::with_accounts(0, 100)?;
    let (mut shop, mut operator) = (Staff::of_shop(&server.url, SHOP)?, Staff::sign_in(&server.url)?);
    let provider = Uuid::from_u128(0xbe0c_0001);
    let new = json!({ "provider_id": provider, "name": "Bench Supplies", "currency": "EUR", "status": "active" });
    operator.call("POST", "/api/v1/admin/providers", Some(&new))?;
    let opened = json!({ "relationship_id": Uuid::from_u128(0xbe0c_0002), "provider_id": provider, "markup": 12 });
    shop.call("POST", "/api/v1/reseller/relationships", Some(&opened))?;
    let started = Instant::now();
    for first in (0..OFFERINGS).step_by(CHUNK) {
        // A session ends after a quarter of an hour.
        if (first / CHUNK).is_multiple_of(50) {
            operator.renew()?;
        }
        let lines: Vec<Value> = (first..first + CHUNK).map(line).collect();
        let path = format!("/api/v1/admin/providers/{provider}/offerings/import");
        let done = operator.call("POST", &path, Some(&json!({ "dry_run": false, "lines": lines })))?;
        ensure!(done["written"] == true, "the import refuses: {done}");
    }
    let imported = started.elapsed().as_secs_f64();
    server.add_orders(provider, ORDERS)?;
    shop.renew()?;
    let deep = [
        deep(&shop, "/api/v1/public/offerings?limit=100")?,
        deep(&shop, "/api/v1/reseller/orders?status=paid&limit=50")?,
    ];
    Ok(Box::new(Market { _server: server, shop, deep, imported }))
}

fn line(number: usize) -> Value {
    let colour = COLOURS[number % COLOURS.len()];
    json!({ "line": number + 1, "article": format!("BS-{number:06}"), "name": format!("Parcel {number:06} {colour}"),
        "base_price": format!("{}.{:09}", 1 + number % 90, number * 7 + 1), "term_days": "30" })
}

/// The address of a page that many others are before.
fn deep(shop: &Staff, path: &str) -> Result<String> {
    let mut address = path.to_owned();
    for _ in 0..DEEP {
        let page = shop.call("GET", &address, None)?;
        address = format!("{path}&after={}", page["next"].as_str().context("a further page")?);
    }
    Ok(address)
}

impl Market {
    /// The 99th percentile of reading these addresses in turn, in milliseconds.
    fn reads(&self, addresses: &[String]) -> Result<f64> {
        let mut taken = Vec::with_capacity(READS);
        for address in addresses.iter().cycle().take(READS) {
            let started = Instant::now();
            let bytes = self.shop.fetch(address)?;
            taken.push(started.elapsed().as_secs_f64() * 1_000.0);
            ensure!(bytes > 100, "{address} shows nothing");
        }
        Ok(percentile(&taken, 99))
    }
}

impl Row for Market {
    fn about(&self) -> Vec<About> {
        let about = |part, ours| About { part, ours, anchor: "the bound", unit: "ms", target: Target::AtMost(1.0) };
        vec![
            about("the page", "p99 of the market's first page as HTML, 100,000 offerings"),
            about("a search", "p99 of searching it by one word and by two, as HTML"),
            about("deep in it", "p99 of its 201st page of 100 through the API"),
            about("the queue", "p99 of a shop's orders by state, oldest first, 1,000,000 orders"),
            about("deep in the queue", "p99 of the 201st page of 50 of it"),
            about("latest orders", "p99 of all of them, the latest first, and of one by its contract id"),
        ]
    }

    fn ours(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        self.shop.renew()?;
        let words = ["ochre", "parcel", "0421", "parcel+0421", "jade+0009", "bs"];
        let searches = words.map(|words| format!("/market?search={words}"));
        let states = ["placed", "paid", "pending", "partial", "failed"];
        let queue = states.map(|state| format!("/api/v1/reseller/orders?status={state}"));
        let latest = ["", "?search=CF-BN000421"].map(|query| format!("/api/v1/reseller/orders{query}"));
        let [market, orders] = self.deep.clone();
        [&["/market".to_owned()][..], &searches, &[market], &queue, &[orders], &latest]
            .into_iter()
            .map(|addresses| self.reads(addresses))
            .collect()
    }

    fn anchor(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        Ok(vec![BOUND_MS; 6])
    }

    fn notes(&self) -> Vec<String> {
        vec![format!("100,000 offerings were imported in {:.0} s, 500 lines a call", self.imported)]
    }
}
