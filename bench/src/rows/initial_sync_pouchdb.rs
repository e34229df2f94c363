//! The first sync of a shop with 100,000 codes, against PouchDB replicating as many documents between two databases on
//! the same disk.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use tempfile::TempDir;

use super::initial_sync::FirstSync;
use crate::prepared::{Missing, Prepared, needs};
use crate::row::{About, Plan, Row, Target};
use crate::server;

const CODES: u32 = 100_000;
const FOLDER: &str = "bench/pouchdb";

struct InitialSyncPouchdb {
    sync: FirstSync,
    /// PouchDB with the same rows.
    from: TempDir,
}

pub(super) fn row(prepared: &mut Prepared) -> Result<Box<dyn Row>> {
    needs(&["node"])?;
    if !Path::new(FOLDER).join("node_modules/pouchdb").is_dir() {
        return Err(Missing("PouchDB".to_owned()).into());
    }
    let sync = FirstSync::new(prepared, CODES)?;
    let from = server::folder()?;
    let rows = from.path().join("rows");
    export(&sync.cache()?, &rows)?;
    run(&["fill", &text(from.path().join("database"))?, &text(rows)?])?;
    Ok(Box::new(InitialSyncPouchdb { sync, from }))
}

impl Row for InitialSyncPouchdb {
    fn about(&self) -> Vec<About> {
        vec![About {
            part: "",
            ours: "first sync of a shop with 100,000 codes over loopback HTTP, as above",
            anchor: "PouchDB 9 replicates as many documents between two local databases (LevelDB)",
            unit: "s",
            target: Target::AtMost(1.0 / 150.0),
        }]
    }

    fn ours(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        Ok(vec![self.sync.turn()?])
    }

    fn anchor(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        let to = server::folder()?;
        let from = text(self.from.path().join("database"))?;
        let said: Value = serde_json::from_str(&run(&["replicate", &from, &text(to.path().join("database"))?])?)?;
        ensure!(said["documents"] == CODES, "PouchDB wrote {} documents", said["documents"]);
        Ok(vec![said["seconds"].as_f64().context("seconds")?])
    }
}

/// The codes as documents.
fn export(cache: &Path, rows: &Path) -> Result<()> {
    let query = "SELECT json_object('_id', lower(hex(code_id)), 'source_id', lower(hex(source_id)), 'seq', seq,
        'serial', serial, 'masked', masked, 'reseller_id', lower(hex(reseller_id)), 'plan_id', lower(hex(plan_id)),
        'plan_name', plan_name, 'term_days', term_days, 'price', price, 'currency', currency, 'cost', cost,
        'unit', unit, 'state', state, 'customer_email', customer_email, 'sold_at', sold_at, 'settled_at', settled_at,
        'redeem_by', redeem_by, 'version', version) FROM cached_code";
    let rows = std::fs::File::create(rows)?;
    let status = Command::new("sqlite3").args(["-list", "-readonly"]).arg(cache).arg(query).stdout(rows).status()?;
    ensure!(status.success(), "sqlite3: {status}");
    Ok(())
}

fn run(arguments: &[&str]) -> Result<String> {
    let output = Command::new("node").arg("replicate.mjs").args(arguments).current_dir(FOLDER).output()?;
    ensure!(output.status.success(), "replicate.mjs: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

fn text(path: PathBuf) -> Result<String> {
    path.into_os_string().into_string().ok().context("a path of plain letters")
}
