//! Accounts brought to a portal: claimed, written, read back, compared and noted durably, four at a time, against the same
//! calls with nobody behind them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use counterfoil_stalker_fake::{FakePortal, Setup};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::redemption_sqlite::{CLIENTS, CODES};
use crate::load::Customers;
use crate::prepared::Prepared;
use crate::row::{About, Plan, Row, Target};
use crate::server::Server;
use crate::staff::Staff;

/// Calls at one time that a portal takes without slowing down for its own customers.
const CONNECTIONS: usize = 4;
/// Customers come for this long before each turn, while the portal is paused.
const CUSTOMERS_COME: Duration = Duration::from_millis(500);
const LOOK: Duration = Duration::from_millis(10);
const PATIENCE: Duration = Duration::from_mins(2);

struct Provisioning {
    runtime: Runtime,
    portal: FakePortal,
    customers: Customers,
    server: Server,
    staff: Staff,
    settings: Value,
    /// Accounts of the last turn of ours.
    accounts: u32,
    made: Arc<AtomicU32>,
}

pub(super) fn row(_prepared: &mut Prepared) -> Result<Box<dyn Row>> {
    let server = Server::on_sqlite(CODES, 64)?;
    let customers = Customers::of(&server, CLIENTS)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let portal = runtime.block_on(FakePortal::start(Setup::ministra()));
    portal.generate(1, 1);
    let staff = Staff::sign_in(&server.url)?;
    let plans = staff.call("GET", "/api/v1/admin/plans", None)?;
    let plans: Vec<Value> = plans["items"].as_array().context("plans")?.clone();
    let settings = json!({
        "portal_id": Uuid::from_u128(1), "name": "Portal", "address": portal.origin(), "user": "stalker",
        "password": "secret", "time_zone": "Europe/Berlin", "status": "paused", "resellers": [],
        "plans": plans.iter().map(|plan| json!({ "plan_id": plan["plan_id"], "tariff": "T1" })).collect::<Vec<_>>(),
    });
    staff.call("POST", "/api/v1/admin/portals", Some(&settings))?;
    staff.call("POST", &format!("{}/probe", path()), Some(&json!({})))?;
    let made = Arc::default();
    Ok(Box::new(Provisioning { runtime, portal, customers, server, staff, settings, accounts: 0, made }))
}

fn path() -> String {
    format!("/api/v1/admin/portals/{}", Uuid::from_u128(1))
}

impl Provisioning {
    fn switch(&mut self, status: &str) -> Result<()> {
        let version = self.staff.call("GET", &path(), None)?["version"].clone();
        self.settings["version"] = version;
        self.settings["status"] = json!(status);
        self.staff.call("PUT", &path(), Some(&self.settings)).map(drop)
    }

    fn counts(&self) -> Result<(u64, u64)> {
        let portal = self.staff.call("GET", &path(), None)?;
        let count = |name: &str| portal["accounts"][name].as_u64().with_context(|| format!("{name} of {portal}"));
        ensure!(count("attention")? == 0, "somebody has to decide: {portal}");
        Ok((count("waiting")?, count("agreed")?))
    }
}

impl Row for Provisioning {
    fn about(&self) -> Vec<About> {
        vec![About {
            part: "",
            ours: "accounts created on a portal by Central on SQLite, read back and compared, 4 at a time",
            anchor: "the same three calls for each account, 4 at a time, by a bare HTTP client",
            unit: "/s",
            target: Target::Open,
        }]
    }

    fn ours(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        self.staff.renew()?;
        self.customers.redeem(&self.server, CUSTOMERS_COME)?;
        let (waiting, before) = self.counts()?;
        ensure!(waiting > 0, "nobody waits");
        let started = Instant::now();
        self.switch("active")?;
        while self.counts()?.0 > 0 {
            ensure!(started.elapsed() < PATIENCE, "not done after {} s", PATIENCE.as_secs());
            std::thread::sleep(LOOK);
        }
        let seconds = started.elapsed().as_secs_f64();
        self.switch("paused")?;
        let done = self.counts()?.1 - before;
        ensure!(done == waiting, "{done} of {waiting}");
        self.accounts = u32::try_from(waiting)?;
        Ok(vec![f64::from(self.accounts) / seconds])
    }

    fn anchor(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        let (api, accounts, made) = (self.portal.api(), self.accounts, Arc::clone(&self.made));
        let from = made.load(Ordering::SeqCst);
        let started = Instant::now();
        self.runtime.block_on(async {
            let mut hands = JoinSet::new();
            for _ in 0..CONNECTIONS {
                let (http, api, made) = (reqwest::Client::new(), api.clone(), Arc::clone(&made));
                hands.spawn(async move {
                    loop {
                        let number = made.fetch_add(1, Ordering::SeqCst);
                        if number >= from + accounts {
                            return Ok::<_, anyhow::Error>(());
                        }
                        let login = format!("plain-{number}");
                        let look = || http.get(format!("{api}users/{login}")).basic_auth("stalker", Some("secret"));
                        look().send().await?.bytes().await?;
                        let form = format!("login={login}&password=pw&tariff_plan=T1&status=1&end_date=2027-01-01");
                        let create = http.post(format!("{api}accounts/")).basic_auth("stalker", Some("secret"));
                        let create = create.header("content-type", "application/x-www-form-urlencoded").body(form);
                        create.send().await?.bytes().await?;
                        let shown = look().send().await?.text().await?;
                        ensure!(shown.contains(&login), "not there: {shown}");
                    }
                });
            }
            while let Some(hand) = hands.join_next().await {
                hand??;
            }
            Ok::<_, anyhow::Error>(())
        })?;
        made.store(from + accounts, Ordering::SeqCst);
        Ok(vec![f64::from(accounts) / started.elapsed().as_secs_f64()])
    }
}
