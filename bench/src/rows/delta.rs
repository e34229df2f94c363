//! What changed elsewhere, fetched by a machine that was away: on a base of a million codes, and the same on one of
//! eleven thousand.
//!
//! The line between the machine and Central is down while staff change codes. Then it is mended, the machine is asked to
//! sync, and the time is that of its answer.

use std::rc::Rc;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use counterfoil_testkit::line::{Direction, Line};
use serde_json::{Value, json};
use tokio::runtime::{Handle, Runtime};

use crate::prepared::Prepared;
use crate::row::{About, Plan, Row, Target};
use crate::server::Server;
use crate::staff::Staff;
use crate::till::{Data, Till};

const LARGE: u32 = 1_000_000;
/// The sample data gives some codes a fate; ten thousand are left as sold.
const SMALL: u32 = 11_000;
const CHANGES: [usize; 3] = [1, 100, 10_000];
/// An answer that nothing changed may have so many bytes, all headers included.
const NOTHING: f64 = 300.0;

/// A machine that was away, and what it missed.
struct Away {
    till: Till,
    runtime: Handle,
    line: Line,
    staff: Staff,
    codes: Vec<String>,
    held: bool,
    _data: Data,
    _shop: Rc<Server>,
}

struct Delta {
    large: Away,
    small: Away,
    runtime: Runtime,
    /// Of the last turn: bytes of the ten thousand changed rows as JSON lines, compressed.
    compressed: f64,
    /// Requests, and bytes up and down, of the last sync with nothing new.
    nothing: (usize, u64, u64),
    /// Bytes down for one changed row and for a hundred.
    few: [u64; 2],
}

/// What one sync took.
struct Fetched {
    seconds: f64,
    down: u64,
    rows: Vec<u8>,
}

pub(super) fn row(prepared: &mut Prepared) -> Result<Box<dyn Row>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let large = Away::new(prepared, &runtime, LARGE)?;
    let small = Away::new(prepared, &runtime, SMALL)?;
    Ok(Box::new(Delta { large, small, runtime, compressed: 0.0, nothing: (0, 0, 0), few: [0; 2] }))
}

impl Away {
    fn new(prepared: &mut Prepared, runtime: &Runtime, codes: u32) -> Result<Self> {
        let (desk, shop, data) = (prepared.desk()?, prepared.shop(codes)?, Data::new()?);
        let line = runtime.block_on(Line::new())?;
        line.lead_to(shop.url.trim_start_matches("http://").parse()?);
        runtime.block_on(line.mend());
        let till = Till::open(&desk, data.path())?;
        till.sign_in(&line.url())?;
        let staff = Staff::sign_in(&shop.url)?;
        let codes = staff.sold_codes(CHANGES[2])?;
        let runtime = runtime.handle().clone();
        Ok(Self { runtime, till, line, staff, codes, held: false, _data: data, _shop: shop })
    }

    /// Changes so many codes while the machine is away, and brings it back.
    fn turn(&mut self, changes: usize) -> Result<Fetched> {
        self.runtime.block_on(self.line.take_down());
        self.till.call("sync_now", &Value::Null)?;
        let held = !self.held;
        self.staff.renew()?;
        let rows = self.staff.change(&self.codes[..changes], if held { "hold" } else { "approve" })?;
        self.runtime.block_on(self.line.mend());
        let started = Instant::now();
        let status = self.till.call("sync_now", &Value::Null)?;
        let seconds = started.elapsed().as_secs_f64();
        let down = self.line.carried().down;
        ensure!(status["connection"]["state"] == "online", "the sync did not reach Central: {status}");
        self.arrived(held, changes)?;
        if changes == CHANGES[2] {
            self.held = held;
        } else {
            // Back as they were, so that all are alike when all are changed.
            self.staff.change(&self.codes[..changes], if held { "approve" } else { "hold" })?;
            self.till.call("sync_now", &Value::Null)?;
        }
        Ok(Fetched { seconds, down, rows })
    }

    /// Whether the machine shows the changes.
    fn arrived(&self, held: bool, changes: usize) -> Result<()> {
        let counts = self.till.call("codes_counts", &json!({ "search": "", "states": ["held"] }))?;
        let seen = counts["total"].as_u64().context("a total")?;
        let base = if held { changes } else { CHANGES[2] - changes } as u64;
        // The sample data holds some codes itself.
        ensure!((base..base + 10).contains(&seen), "{seen} codes are held here, and {base} there");
        Ok(())
    }

    /// Requests, and bytes up and down, of a sync that finds nothing. The live stream comes back over the same line; it
    /// can only be in one of several.
    fn nothing(&self) -> Result<(usize, u64, u64)> {
        let mut least = None;
        for _ in 0..5 {
            let before = (self.requests(), self.line.carried());
            self.till.call("sync_now", &Value::Null)?;
            let now = self.line.carried();
            let seen = (self.requests() - before.0, now.up - before.1.up, now.down - before.1.down);
            least = Some(least.map_or(seen, |least: (usize, u64, u64)| if seen.2 < least.2 { seen } else { least }));
        }
        least.context("asked several times")
    }

    fn requests(&self) -> usize {
        self.line.pieces().iter().filter(|(direction, _)| *direction == Direction::Up).count()
    }
}

impl Row for Delta {
    fn about(&self) -> Vec<About> {
        let time = |part, target| About {
            part,
            ours: "fetched and applied on a base of 1,000,000 codes",
            anchor: "the same on a base of 11,000",
            unit: "s",
            target: Target::AtMost(target),
        };
        vec![
            time("1 row changed", 2.0),
            time("100 rows", 2.0),
            time("10,000 rows", 2.0),
            About {
                part: "bytes of 10,000 rows",
                ours: "all that came down the line, headers included",
                anchor: "the changed rows as JSON lines, zstd level 3",
                unit: "B",
                target: Target::AtMost(1.15),
            },
            About {
                part: "bytes of nothing new",
                ours: "the answer, headers included",
                anchor: "the bound",
                unit: "B",
                target: Target::AtMost(1.0),
            },
        ]
    }

    fn ours(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        let _inside = self.runtime.enter();
        let one = self.large.turn(CHANGES[0])?;
        let hundred = self.large.turn(CHANGES[1])?;
        let many = self.large.turn(CHANGES[2])?;
        self.few = [one.down, hundred.down];
        self.compressed = size(zstd::bulk::compress(&many.rows, 3)?.len() as u64);
        self.nothing = self.large.nothing()?;
        Ok(vec![one.seconds, hundred.seconds, many.seconds, size(many.down), size(self.nothing.2)])
    }

    fn anchor(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        let _inside = self.runtime.enter();
        let mut figures = Vec::new();
        for changes in CHANGES {
            figures.push(self.small.turn(changes)?.seconds);
        }
        figures.extend([self.compressed, NOTHING]);
        Ok(figures)
    }

    fn notes(&self) -> Vec<String> {
        let (requests, up, down) = self.nothing;
        vec![format!(
            "nothing new: {requests} request, {up} bytes up with its signature and {down} down; one changed row \
             brought {} bytes down, a hundred {}.",
            self.few[0], self.few[1]
        )]
    }
}

#[expect(clippy::cast_precision_loss, reason = "some megabytes")]
fn size(bytes: u64) -> f64 {
    bytes as f64
}
