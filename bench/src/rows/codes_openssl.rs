//! 100,000 codes on Central, against drawing as many random numbers with a program for each.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Result, ensure};

use super::codes_raw::{CODES, Leases};
use crate::prepared::Prepared;
use crate::row::{About, Plan, Row, Target};

/// Drawn and counted up, because all of them would take a quarter of an hour.
const DRAWN: u32 = 200;

struct CodesOpenssl(Leases);

pub(super) fn row(prepared: &mut Prepared) -> Result<Box<dyn Row>> {
    Ok(Box::new(CodesOpenssl(Leases::new(prepared)?)))
}

impl Row for CodesOpenssl {
    fn about(&self) -> Vec<About> {
        vec![About {
            part: "",
            ours: "100,000 codes of leases, as above",
            anchor: "`openssl rand -hex 8` 100,000 times, stored nowhere (200 measured)",
            unit: "s",
            target: Target::AtMost(0.001),
        }]
    }

    fn ours(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        Ok(vec![self.0.turn()?])
    }

    fn anchor(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        let started = Instant::now();
        for _ in 0..DRAWN {
            let drawn = Command::new("openssl").args(["rand", "-hex", "8"]).stdout(Stdio::null()).status()?;
            ensure!(drawn.success(), "openssl rand: {drawn}");
        }
        Ok(vec![started.elapsed().as_secs_f64() * f64::from(CODES / DRAWN)])
    }
}
