//! 100,000 codes as leases make them: twenty leases of 1,000 codes of each of five plans, derived and hashed by Central
//! and durable, each from the call of the client to the lease in its hands. Against as many rows of one column.

use std::fmt::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::prepared::Prepared;
use crate::row::{About, Plan, Row, Target};
use crate::server;
use crate::till::{Data, Till};

pub(super) const CODES: u32 = 100_000;
/// A lease has as many codes of every plan, and the sample shop sells five.
const PLANS: u32 = 5;
/// Of each plan; Central cuts no larger leases.
const LEASE_CODES: u32 = 1_000;
/// Of the sample data, where the shop has the fewest.
const SHOP_CODES: u32 = 11_000;
/// Credits set aside: any.
const AMOUNT: u32 = 400;

/// A shop that takes leases and gives them back.
pub(super) struct Leases {
    till: Till,
    _data: Data,
}

struct CodesRaw(Leases);

pub(super) fn row(prepared: &mut Prepared) -> Result<Box<dyn Row>> {
    Ok(Box::new(CodesRaw(Leases::new(prepared)?)))
}

impl Leases {
    pub(super) fn new(prepared: &mut Prepared) -> Result<Self> {
        let (desk, shop, data) = (prepared.desk()?, prepared.shop(SHOP_CODES)?, Data::new()?);
        let till = Till::open(&desk, data.path())?;
        till.sign_in(&shop.url)?;
        let page = till.call("sell_page", &Value::Null)?;
        let plans = page["plans"].as_array().map_or(0, Vec::len);
        ensure!(plans == PLANS as usize, "the shop sells {plans} plans");
        Ok(Self { till, _data: data })
    }

    /// Seconds of all leases. One is given back before the next, because a machine holds two at most.
    pub(super) fn turn(&self) -> Result<f64> {
        let mut all = Duration::ZERO;
        for _ in 0..CODES / PLANS / LEASE_CODES {
            all += self.lease()?;
        }
        Ok(all.as_secs_f64())
    }

    fn lease(&self) -> Result<Duration> {
        let codes = LEASE_CODES;
        let started = Instant::now();
        let credit = self.till.call("take_lease", &json!({ "amount": AMOUNT, "max_codes": codes }))?;
        let took = started.elapsed();
        let leases = credit["leases"].as_array().with_context(|| format!("leases in {credit}"))?;
        let ours = leases.iter().find(|lease| lease["state"] == "open" && lease["max_codes"] == codes);
        let ours = ours.with_context(|| format!("the new lease in {credit}"))?;
        self.till.call("close_lease", &json!({ "lease_id": ours["lease_id"] }))?;
        self.till.call("sync_now", &Value::Null)?;
        Ok(took)
    }
}

impl Row for CodesRaw {
    fn about(&self) -> Vec<About> {
        vec![About {
            part: "",
            ours: "20 leases of 1,000 codes of five plans: 100,000 derived, hashed and durable on Central, and the \
                   leases in the client's hands",
            anchor: "sqlite3 .import of 100,000 unique texts, durable",
            unit: "s",
            target: Target::AtMost(2.0),
        }]
    }

    fn ours(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        Ok(vec![self.0.turn()?])
    }

    fn anchor(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        Ok(vec![import()?])
    }
}

/// Seconds for as many unique texts in a table of one column.
pub(super) fn import() -> Result<f64> {
    let folder = server::folder()?;
    let (mut texts, file) = (String::new(), folder.path().join("texts"));
    for number in 0..CODES {
        // In no order, like codes.
        let _ = writeln!(texts, "PM2D-{:012X}", u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16);
    }
    std::fs::write(&file, texts)?;
    let started = Instant::now();
    let output = Command::new("sqlite3")
        .arg(folder.path().join("raw.db"))
        .args(["PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL"])
        .arg("CREATE TABLE code (text TEXT PRIMARY KEY) WITHOUT ROWID")
        .arg(format!(".import {} code", file.display()))
        .output()?;
    ensure!(output.status.success(), "sqlite3: {}", String::from_utf8_lossy(&output.stderr));
    Ok(started.elapsed().as_secs_f64())
}
