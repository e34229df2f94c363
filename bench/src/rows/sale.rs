//! One sale with no network, from the call to the code that may be shown, against the least that a durable sale can
//! cost: one row, inserted and committed.

use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use counterfoil_testkit::line::Line;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::host::SEED;
use crate::prepared::Prepared;
use crate::row::{About, Plan, Row, Target, median, percentile};
use crate::sqlite::Plain;
use crate::till::{Data, Till};

/// Of the sample data, where the shop has the fewest.
const CODES: u32 = 11_000;
const SALES: u32 = 60;
/// Credits and codes of the lease that all turns sell from.
const LEASE: (u32, u32) = (3_000, 1_000);

struct Sale {
    till: Till,
    plan: String,
    plain: Plain,
    sold: u32,
    /// Milliseconds.
    took: Vec<f64>,
    _data: Data,
}

pub(super) fn row(prepared: &mut Prepared) -> Result<Box<dyn Row>> {
    let (desk, shop, data) = (prepared.desk()?, prepared.shop(CODES)?, Data::new()?);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let line = runtime.block_on(Line::new())?;
    line.lead_to(shop.url.trim_start_matches("http://").parse()?);
    runtime.block_on(line.mend());
    let till = Till::open(&desk, data.path())?;
    till.sign_in(&line.url())?;
    till.call("take_lease", &json!({ "amount": LEASE.0, "max_codes": LEASE.1 }))?;
    // From here on there is no network.
    runtime.block_on(line.take_down());
    let page = till.call("sell_page", &Value::Null)?;
    let cheapest = page["plans"].as_array().context("plans")?.iter().min_by_key(|plan| plan["cost"]["value"].as_i64());
    let plan = cheapest.and_then(|plan| plan["plan_id"].as_str()).context("a plan to sell")?.to_owned();
    Ok(Box::new(Sale { till, plan, plain: Plain::new()?, sold: 0, took: Vec::new(), _data: data }))
}

impl Row for Sale {
    fn about(&self) -> Vec<About> {
        vec![About {
            part: "",
            ours: "one sale offline in the client: mark in the keyring, then code, entry and operation durable",
            anchor: "one row inserted and committed durably in plain SQLite on the same disk",
            unit: "ms",
            target: Target::Open,
        }]
    }

    fn ours(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        let mut took = Vec::new();
        for _ in 0..SALES {
            self.sold += 1;
            let sale = Uuid::from_u128(SEED + u128::from(self.sold));
            let order = json!({ "sale_id": sale, "plan_id": self.plan, "quantity": 1 });
            let started = Instant::now();
            let sold = self.till.call("sell", &order)?;
            took.push(started.elapsed().as_secs_f64() * 1_000.0);
            ensure!(sold["codes"].as_array().is_some_and(|codes| codes.len() == 1), "sold {sold}");
        }
        self.took.extend(&took);
        Ok(vec![median(&took)])
    }

    fn anchor(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        let rate = self.plain.inserts(std::time::Duration::from_secs(1))?;
        Ok(vec![1_000.0 / rate])
    }

    fn notes(&self) -> Vec<String> {
        vec![format!(
            "{} sales, p50 {:.1} ms, p99 {:.1} ms.",
            self.took.len(),
            median(&self.took),
            percentile(&self.took, 99)
        )]
    }
}
