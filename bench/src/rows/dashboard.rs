//! The dashboards of a shop and of the operator, over a million accounts: each read as the screens do, against the bound.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use counterfoil_testkit::central::SHOP;

use crate::prepared::Prepared;
use crate::row::{About, Plan, Row, Target, percentile};
use crate::server::Server;
use crate::staff::Staff;

const ACCOUNTS: u32 = 1_000_000;
const CODES: u32 = 10_000;
/// Reads of a turn, of each of the two.
const READS: usize = 100;
const BOUND_MS: f64 = 100.0;
/// What was before is counted while Central serves.
const PATIENCE: Duration = Duration::from_mins(15);

struct Dashboard {
    _server: Server,
    shop: Staff,
    operator: Staff,
    counted: Duration,
}

pub(super) fn row(_prepared: &mut Prepared) -> Result<Box<dyn Row>> {
    let server = Server::with_accounts(ACCOUNTS, CODES)?;
    let (shop, mut operator) = (Staff::of_shop(&server.url, SHOP)?, Staff::sign_in(&server.url)?);
    let started = Instant::now();
    loop {
        operator.renew()?;
        let shown = operator.call("GET", "/api/v1/admin/reports/overview", None)?;
        if shown["figures"]["waiting"] == 0 {
            let accounts = shown["figures"]["accounts"]["total"].as_u64().context("a count")?;
            ensure!(accounts > u64::from(ACCOUNTS) * 9 / 10, "{accounts} accounts");
            break;
        }
        ensure!(started.elapsed() < PATIENCE, "not counted after {} s", PATIENCE.as_secs());
        std::thread::sleep(Duration::from_millis(500));
    }
    Ok(Box::new(Dashboard { _server: server, shop, operator, counted: started.elapsed() }))
}

fn reads(hand: &mut Staff, path: &str) -> Result<f64> {
    hand.renew()?;
    let mut taken = Vec::with_capacity(READS);
    for _ in 0..READS {
        let started = Instant::now();
        hand.call("GET", path, None)?;
        taken.push(started.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(percentile(&taken, 99))
}

impl Row for Dashboard {
    fn about(&self) -> Vec<About> {
        let about = |part, ours| About { part, ours, anchor: "the bound", unit: "ms", target: Target::AtMost(1.0) };
        vec![
            about("of a shop", "p99 of reading a shop's dashboard through HTTP, 1,000,000 accounts in all"),
            about("of the operator", "p99 of reading the overview of all resellers, as above"),
        ]
    }

    fn ours(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        let shop = reads(&mut self.shop, "/api/v1/reseller/dashboard")?;
        Ok(vec![shop, reads(&mut self.operator, "/api/v1/admin/reports/overview")?])
    }

    fn anchor(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        Ok(vec![BOUND_MS; 2])
    }

    fn notes(&self) -> Vec<String> {
        let seconds = self.counted.as_secs_f64();
        vec![format!("two notes for each account were counted within {seconds:.0} s of Central's start")]
    }
}
