//! 100,000 codes on Central, against drawing as many random numbers with a program for each.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Result, ensure};

use super::codes_raw::{self, CODES};
use crate::row::{About, Plan, Row, Target};

/// Drawn and counted up, because all of them would take a quarter of an hour.
const DRAWN: u32 = 200;

struct CodesOpenssl;

#[expect(clippy::unnecessary_wraps, reason = "other rows prepare something that can fail")]
pub(super) fn row() -> Result<Box<dyn Row>> {
    Ok(Box::new(CodesOpenssl))
}

impl Row for CodesOpenssl {
    fn about(&self) -> About {
        About {
            ours: "100,000 codes on Central, durable and sold",
            anchor: "`openssl rand -hex 8` 100,000 times, stored nowhere (200 measured)",
            unit: "s",
            target: Target::AtMost(0.001),
        }
    }

    fn ours(&mut self, _plan: &Plan) -> Result<f64> {
        codes_raw::ours()
    }

    fn anchor(&mut self, _plan: &Plan) -> Result<f64> {
        let started = Instant::now();
        for _ in 0..DRAWN {
            let drawn = Command::new("openssl").args(["rand", "-hex", "8"]).stdout(Stdio::null()).status()?;
            ensure!(drawn.success(), "openssl rand: {drawn}");
        }
        Ok(started.elapsed().as_secs_f64() * f64::from(CODES / DRAWN))
    }
}
