//! 100,000 codes made online and sold, in lots of 1,000: what a code costs with all that stands behind it.

use std::time::Instant;

use anyhow::Result;

use super::codes_raw::{CODES, import};
use crate::prepared::Prepared;
use crate::row::{About, Plan, Row, Target};
use crate::server;

struct CodesSold;

#[expect(clippy::unnecessary_wraps, reason = "other rows prepare something that can fail")]
pub(super) fn row(_prepared: &mut Prepared) -> Result<Box<dyn Row>> {
    Ok(Box::new(CodesSold))
}

fn timed(codes: u32) -> Result<f64> {
    let folder = server::folder()?;
    let database = format!("sqlite:{}", folder.path().join("central.db").display());
    let started = Instant::now();
    server::fill(&database, &folder.path().join("central.keys"), codes, server::ALL_SHOPS)?;
    Ok(started.elapsed().as_secs_f64())
}

impl Row for CodesSold {
    fn about(&self) -> Vec<About> {
        vec![About {
            part: "",
            ours: "100,000 codes on Central, in lots of 1,000: hashes, rows with their indexes, postings and feed",
            anchor: "sqlite3 .import of 100,000 unique texts, durable",
            unit: "s",
            target: Target::Open,
        }]
    }

    /// A Central with so many codes, less one with none.
    fn ours(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        Ok(vec![timed(CODES)? - timed(0)?])
    }

    fn anchor(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        Ok(vec![import()?])
    }
}
