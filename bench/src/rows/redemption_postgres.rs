//! Redemption through HTTP on PostgreSQL, against pgbench's TPC-B-like script on the same server.
//!
//! Scale 1, because an operator's feed is what a branch is there: one row that every transaction of it changes, so that
//! one commits at a time.
//!
//! pgbench has its statistics taken when it fills its tables, and its tables cleaned before each run. A server that has been
//! running has both from autovacuum, so both databases get them here before each turn, and Central a turn before the first
//! that is not counted: of a table that is still empty no server has statistics.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use counterfoil_testkit::postgres::{Database, psql};

use crate::load::Customers;
use crate::prepared::Prepared;
use crate::row::{About, Plan, Row, Target};
use crate::server::Server;

const CLIENTS: usize = 16;
const CODES: u32 = 100_000;
const WARM_UP: Duration = Duration::from_secs(3);

struct RedemptionPostgres {
    customers: Customers,
    server: Server,
    tpcb: Database,
}

pub(super) fn row(_prepared: &mut Prepared) -> Result<Box<dyn Row>> {
    let tpcb = Database::create()?;
    pgbench(&tpcb, &["--initialize", "--scale", "1", "--quiet"])?;
    let server = Server::on_postgres(CODES)?;
    let mut customers = Customers::of(&server, CLIENTS)?;
    customers.redeem(&server, WARM_UP)?;
    customers.latencies.clear();
    Ok(Box::new(RedemptionPostgres { customers, server, tpcb }))
}

impl Row for RedemptionPostgres {
    fn about(&self) -> Vec<About> {
        vec![About {
            part: "",
            ours: "redemption through HTTP, one operator, 16 clients",
            anchor: "pgbench TPC-B-like, scale 1, 16 clients, prepared",
            unit: "/s",
            target: Target::AtLeast(0.8),
        }]
    }

    fn ours(&mut self, plan: &Plan) -> Result<Vec<f64>> {
        clean(&self.server.database()?.url())?;
        Ok(vec![self.customers.redeem(&self.server, plan.turn)?])
    }

    fn anchor(&mut self, plan: &Plan) -> Result<Vec<f64>> {
        clean(&self.tpcb.url())?;
        let (clients, seconds) = (CLIENTS.to_string(), plan.turn.as_secs().max(1).to_string());
        let said = pgbench(
            &self.tpcb,
            &["--client", &clients, "--jobs", "2", "--time", &seconds, "--protocol", "prepared", "--no-vacuum"],
        )?;
        let line = said.lines().find_map(|line| line.strip_prefix("tps = ")).context("pgbench says its tps")?;
        Ok(vec![line.split(' ').next().unwrap_or_default().parse()?])
    }

    fn notes(&self) -> Vec<String> {
        vec![format!("p99 {:.1} ms.", self.customers.p99())]
    }
}

fn clean(url: &str) -> Result<()> {
    psql(url, "VACUUM (ANALYZE)").map(drop)
}

fn pgbench(database: &Database, arguments: &[&str]) -> Result<String> {
    let newest = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let packaged = newest.map(|version| version.path().join("bin/pgbench")).filter(|path| path.is_file()).max();
    let program = packaged.unwrap_or_else(|| "pgbench".into());
    let output = Command::new(program).args(arguments).arg(database.url()).output();
    let output = output.context("cannot run pgbench: run scripts/setup.sh bench")?;
    ensure!(output.status.success(), "pgbench: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}
