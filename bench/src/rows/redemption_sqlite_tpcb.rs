//! Redemption through HTTP on the embedded database, against TPC-B-like transactions on plain SQLite: the same driver,
//! disk and durability, without HTTP.

use anyhow::Result;

use super::redemption_sqlite::{CLIENTS, CODES};
use crate::load::Customers;
use crate::prepared::Prepared;
use crate::row::{About, Plan, Row, Target};
use crate::server::Server;
use crate::sqlite::Plain;

struct RedemptionSqliteTpcb {
    customers: Customers,
    server: Server,
    plain: Plain,
}

pub(super) fn row(_prepared: &mut Prepared) -> Result<Box<dyn Row>> {
    let server = Server::on_sqlite(CODES, 64)?;
    Ok(Box::new(RedemptionSqliteTpcb { customers: Customers::of(&server, CLIENTS)?, server, plain: Plain::new()? }))
}

impl Row for RedemptionSqliteTpcb {
    fn about(&self) -> Vec<About> {
        vec![About {
            part: "",
            ours: "redemption through HTTP on SQLite, 64 clients",
            anchor: "TPC-B-like on plain SQLite, a durable commit each",
            unit: "/s",
            target: Target::AtLeast(1.0),
        }]
    }

    fn ours(&mut self, plan: &Plan) -> Result<Vec<f64>> {
        Ok(vec![self.customers.redeem(&self.server, plan.turn)?])
    }

    fn anchor(&mut self, plan: &Plan) -> Result<Vec<f64>> {
        Ok(vec![self.plain.tpcb(plan.turn)?])
    }
}
