//! A look at all accounts of a portal: without changes against one raw fetch of the cheap list, and the first one against
//! the same calls by a bare client that keeps nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use counterfoil_stalker_fake::{FakePortal, Setup};
use serde_json::json;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::redemption_sqlite::CODES;
use crate::prepared::Prepared;
use crate::row::{About, Plan, Row, Target};
use crate::server::Server;
use crate::staff::Staff;

/// What a real portal takes for a row of its dear list, as it was recorded: 9.2 s for 10,000 accounts, and a twentieth of
/// it for the cheap one.
const REAL_ROW: Duration = Duration::from_micros(920);
const LOOK: Duration = Duration::from_millis(1);
const PATIENCE: Duration = Duration::from_mins(5);
/// Ids in a call, calls at a time: as Central asks.
const CALL: usize = 100;
const AT_ONCE: usize = 4;

/// A Central that has nothing but a portal, and the portal.
struct Looked {
    runtime: Runtime,
    portal: FakePortal,
    server: Server,
    staff: Staff,
    accounts: u32,
    portals: u128,
    looks: u128,
}

impl Looked {
    fn at(accounts: u32, a_row: Duration) -> Result<Self> {
        let server = Server::on_sqlite(CODES / 100, 64)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let portal = runtime.block_on(FakePortal::start(Setup { row_delay: a_row, ..Setup::ministra() }));
        portal.generate(1, accounts);
        let staff = Staff::sign_in(&server.url)?;
        Ok(Self { runtime, portal, server, staff, accounts, portals: 0, looks: 0 })
    }

    /// Central learns of the portal under another name: to it, every account is new.
    fn another_portal(&mut self) -> Result<()> {
        self.portals += 1;
        let settings = json!({
            "portal_id": self.portal_id(), "name": format!("Portal {}", self.portals), "address": self.portal.origin(),
            "user": "stalker", "password": "secret", "time_zone": "Europe/Berlin", "status": "active", "plans": [],
            "resellers": [],
        });
        self.staff.renew()?;
        self.staff.call("POST", "/api/v1/admin/portals", Some(&settings))?;
        self.staff.call("POST", &format!("/api/v1/admin/portals/{}/probe", self.portal_id()), Some(&json!({})))?;
        Ok(())
    }

    fn portal_id(&self) -> Uuid {
        Uuid::from_u128(self.portals)
    }

    /// From the call that starts it until Central says that it is done.
    fn look(&mut self) -> Result<f64> {
        self.looks += 1;
        let id = Uuid::from_u128(1 << 64 | self.looks);
        let body = json!({ "job_id": id, "everything": false });
        let started = Instant::now();
        self.staff.call("POST", &format!("/api/v1/admin/portals/{}/sync", self.portal_id()), Some(&body))?;
        loop {
            let job = self.staff.call("GET", &format!("/api/v1/admin/jobs/{id}"), None)?;
            if job["state"] == "done" {
                break;
            }
            ensure!(job["state"] == "running", "the look stopped: {job}");
            ensure!(started.elapsed() < PATIENCE, "not done after {} s", PATIENCE.as_secs());
            std::thread::sleep(LOOK);
        }
        let seconds = started.elapsed().as_secs_f64();
        let report = self.staff.call("GET", &format!("/api/v1/admin/portals/{}/drift", self.portal_id()), None)?;
        let listed = report["accounts"].as_u64().context("a count")?;
        ensure!(listed == u64::from(self.accounts), "{listed} accounts");
        Ok(seconds)
    }
}

/// At a portal as slow as a real one, and at one that answers at once.
struct Unchanged([Looked; 2]);

pub(super) fn unchanged(_prepared: &mut Prepared) -> Result<Box<dyn Row>> {
    let mut both = [Looked::at(10_000, REAL_ROW)?, Looked::at(10_000, Duration::ZERO)?];
    for looked in &mut both {
        looked.another_portal()?;
        looked.look()?;
    }
    Ok(Box::new(Unchanged(both)))
}

impl Row for Unchanged {
    fn about(&self) -> Vec<About> {
        let ours = "a look at 10,000 accounts of which none changed, as a job of Central, from the call to the result";
        let anchor = "one raw fetch of the portal's cheap list";
        let about = |part, target| About { part, ours, anchor, unit: "s", target };
        vec![
            about("a portal of a real one's speed", Target::AtMost(1.5)),
            about("one that answers at once", Target::Open),
        ]
    }

    fn ours(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        self.0.iter_mut().map(|looked| looked.staff.renew().and_then(|()| looked.look())).collect()
    }

    fn anchor(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        let fetch = |looked: &Looked| {
            let started = Instant::now();
            let bytes = looked.runtime.block_on(raw(&looked.portal.api(), "stb/"))?;
            ensure!(bytes > 1_000_000, "{bytes} bytes are no list of 10,000");
            Ok(started.elapsed().as_secs_f64())
        };
        self.0.iter().map(fetch).collect()
    }
}

struct First {
    small: Looked,
    large: Looked,
    bytes: usize,
    peak: Vec<f64>,
}

pub(super) fn first(_prepared: &mut Prepared) -> Result<Box<dyn Row>> {
    Ok(Box::new(First {
        small: Looked::at(10_000, Duration::ZERO)?,
        large: Looked::at(50_000, Duration::ZERO)?,
        bytes: 0,
        peak: Vec::new(),
    }))
}

impl Row for First {
    fn about(&self) -> Vec<About> {
        let ours = "the first look: cheap list, details of every account, compared, all of it durable";
        let anchor = "the same calls, as many at a time, by a bare client that keeps nothing";
        let about = |part| About { part, ours, anchor, unit: "s", target: Target::Open };
        let memory = About {
            part: "memory at 50,000",
            ours: "the most memory of Central during it, above what it has idle",
            anchor: "the bound",
            unit: "MB",
            target: Target::AtMost(1.0),
        };
        vec![about("10,000"), about("50,000"), memory]
    }

    fn ours(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        let mut figures = Vec::new();
        for looked in [&mut self.small, &mut self.large] {
            looked.another_portal()?;
            let idle = looked.server.memory_now()?;
            looked.server.forget_peak()?;
            figures.push(looked.look()?);
            let above = looked.server.memory_peak()?.saturating_sub(idle);
            self.peak.push(f64::from(u32::try_from(above / 1_000)?) / 1_000.0);
        }
        figures.push(*self.peak.last().context("measured")?);
        Ok(figures)
    }

    fn anchor(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        let mut figures = Vec::new();
        for looked in [&self.small, &self.large] {
            let started = Instant::now();
            self.bytes = looked.runtime.block_on(all(looked))?;
            figures.push(started.elapsed().as_secs_f64());
        }
        figures.push(150.0);
        Ok(figures)
    }

    fn notes(&self) -> Vec<String> {
        let (bytes, peaks) = (self.bytes, &self.peak);
        vec![format!(
            "50,000 accounts are {bytes} bytes on the line; most memory above idle in each turn, in MB: {peaks:?}"
        )]
    }
}

/// The cheap list, then every account by its MAC.
async fn all(looked: &Looked) -> Result<usize> {
    let mut bytes = raw(&looked.portal.api(), "stb/").await?;
    let macs: Vec<String> = looked.portal.state().tables.users().map(|user| user.mac.clone()).collect();
    let macs: Vec<String> = macs.into_iter().filter(|mac| mac.starts_with("00:")).collect();
    let calls: Vec<String> = macs.chunks(CALL).map(|some| format!("accounts/{}", some.join(","))).collect();
    let (next, calls) = (Arc::new(AtomicUsize::new(0)), Arc::new(calls));
    let mut hands = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (next, calls, api) = (Arc::clone(&next), Arc::clone(&calls), looked.portal.api());
        hands.spawn(async move {
            let mut bytes = 0;
            while let Some(path) = calls.get(next.fetch_add(1, Ordering::Relaxed)) {
                bytes += raw(&api, path).await?;
            }
            Ok::<_, anyhow::Error>(bytes)
        });
    }
    while let Some(hand) = hands.join_next().await {
        bytes += hand??;
    }
    Ok(bytes)
}

async fn raw(api: &str, path: &str) -> Result<usize> {
    let request = reqwest::Client::new().get(format!("{api}{path}")).basic_auth("stalker", Some("secret"));
    Ok(request.send().await?.bytes().await?.len())
}
