//! 100,000 codes made, sold and durable on Central, against the same number of rows of one column.

use std::fmt::Write as _;
use std::process::Command;
use std::time::Instant;

use anyhow::{Result, ensure};

use crate::row::{About, Plan, Row, Target};
use crate::server;

pub(super) const CODES: u32 = 100_000;

struct CodesRaw;

#[expect(clippy::unnecessary_wraps, reason = "other rows prepare something that can fail")]
pub(super) fn row() -> Result<Box<dyn Row>> {
    Ok(Box::new(CodesRaw))
}

/// Seconds for a Central with so many codes, less those for one with none.
pub(super) fn ours() -> Result<f64> {
    Ok(timed(CODES)? - timed(0)?)
}

fn timed(codes: u32) -> Result<f64> {
    let folder = server::folder()?;
    let database = format!("sqlite:{}", folder.path().join("central.db").display());
    let started = Instant::now();
    server::fill(&database, &folder.path().join("central.keys"), codes)?;
    Ok(started.elapsed().as_secs_f64())
}

impl Row for CodesRaw {
    fn about(&self) -> About {
        About {
            ours: "100,000 codes on Central, in lots of 1,000: hashes, rows, postings and feed",
            anchor: "sqlite3 .import of 100,000 unique texts, durable",
            unit: "s",
            target: Target::AtMost(2.0),
        }
    }

    fn ours(&mut self, _plan: &Plan) -> Result<f64> {
        ours()
    }

    fn anchor(&mut self, _plan: &Plan) -> Result<f64> {
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
}
