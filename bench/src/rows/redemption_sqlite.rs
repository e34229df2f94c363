//! Redemption through HTTP on the embedded database, requests sharing commits, against the same program with a commit
//! for each request.

use anyhow::Result;

use crate::load::Customers;
use crate::prepared::Prepared;
use crate::row::{About, Plan, Row, Target};
use crate::server::Server;
use crate::sqlite::Plain;

pub(super) const CLIENTS: usize = 64;
pub(super) const CODES: u32 = 80_000;

struct RedemptionSqlite {
    grouped: (Customers, Server),
    alone: (Customers, Server),
    /// Milliseconds.
    commit: f64,
}

pub(super) fn row(_prepared: &mut Prepared) -> Result<Box<dyn Row>> {
    let (grouped, alone) = (Server::on_sqlite(CODES, 64)?, Server::on_sqlite(CODES, 1)?);
    let commit = 1_000.0 / Plain::new()?.inserts(std::time::Duration::from_secs(1))?;
    let grouped = (Customers::of(&grouped, CLIENTS)?, grouped);
    let alone = (Customers::of(&alone, CLIENTS)?, alone);
    Ok(Box::new(RedemptionSqlite { grouped, alone, commit }))
}

impl Row for RedemptionSqlite {
    fn about(&self) -> Vec<About> {
        vec![About {
            part: "",
            ours: "redemption through HTTP on SQLite, 64 clients, at most 64 requests a commit",
            anchor: "the same with one request a commit",
            unit: "/s",
            target: Target::AtLeast(10.0),
        }]
    }

    fn ours(&mut self, plan: &Plan) -> Result<Vec<f64>> {
        Ok(vec![self.grouped.0.redeem(&self.grouped.1, plan.turn)?])
    }

    fn anchor(&mut self, plan: &Plan) -> Result<Vec<f64>> {
        Ok(vec![self.alone.0.redeem(&self.alone.1, plan.turn)?])
    }

    fn notes(&self) -> Vec<String> {
        vec![format!(
            "p99 {:.1} ms grouped, {:.1} ms alone; a durable insert of one row takes {:.2} ms here.",
            self.grouped.0.p99(),
            self.alone.0.p99(),
            self.commit
        )]
    }
}
