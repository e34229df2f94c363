//! The first sync of a shop with a million codes, against the same rows from text into plain tables of SQLite.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;

use super::initial_sync::FirstSync;
use crate::prepared::Prepared;
use crate::row::{About, Plan, Row, Target};
use crate::server;

const CODES: u32 = 1_000_000;

struct InitialSyncImport {
    sync: FirstSync,
    /// The rows as text, one file for each table.
    texts: TempDir,
    /// What the anchor is told.
    script: String,
}

pub(super) fn row(prepared: &mut Prepared) -> Result<Box<dyn Row>> {
    let sync = FirstSync::new(prepared, CODES)?;
    let texts = server::folder()?;
    let script = export(&sync.cache()?, texts.path())?;
    Ok(Box::new(InitialSyncImport { sync, texts, script }))
}

impl Row for InitialSyncImport {
    fn about(&self) -> Vec<About> {
        vec![About {
            part: "",
            ours: "first sync of a shop with 1,000,000 codes over loopback HTTP: sign in, enrol, fetch, check, install, follow to the head, first lease",
            anchor: "`sqlite3 .import` of the same rows, then CREATE INDEX",
            unit: "s",
            target: Target::AtMost(0.1),
        }]
    }

    fn ours(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        Ok(vec![self.sync.turn()?])
    }

    fn anchor(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        let folder = server::folder()?;
        let started = Instant::now();
        let output = Command::new("sqlite3")
            .arg(folder.path().join("imported.db"))
            .arg(".read script")
            .current_dir(self.texts.path())
            .output()?;
        ensure!(output.status.success(), "sqlite3: {}", String::from_utf8_lossy(&output.stderr));
        ensure!(!self.script.is_empty(), "nothing was imported");
        Ok(vec![started.elapsed().as_secs_f64()])
    }

    fn notes(&self) -> Vec<String> {
        vec![format!(
            "the first machine of the shop took {:.0} s, because Central made the file for it; all later ones get the \
             same file.",
            self.sync.with_making
        )]
    }
}

/// Writes each table as text, and the script that reads them: tables without constraints first, indexes last, which is
/// the quickest way in.
fn export(cache: &Path, texts: &Path) -> Result<String> {
    let mut script = String::from(".mode csv\n");
    let mut indexes = String::new();
    for table in lines(cache, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'cached_%'")? {
        let columns = lines(cache, &format!("SELECT name || ' ' || type FROM pragma_table_info('{table}')"))?;
        let shown: Vec<String> = columns
            .iter()
            .map(|column| match column.split_once(' ') {
                Some((name, "BLOB")) => format!("lower(hex({name}))"),
                Some((name, _)) => name.to_owned(),
                None => column.clone(),
            })
            .collect();
        let text = texts.join(&table);
        let query = format!("SELECT {} FROM {table}", shown.join(", "));
        let output = std::fs::File::create(text)?;
        let status =
            Command::new("sqlite3").args(["-csv", "-readonly"]).arg(cache).arg(query).stdout(output).status()?;
        ensure!(status.success(), "sqlite3: {status}");
        // Ids are text here.
        let columns: Vec<String> = columns.iter().map(|column| column.replace(" BLOB", " TEXT")).collect();
        writeln!(script, "CREATE TABLE {table} ({});\n.import {table} {table}", columns.join(", "))?;
        for index in lines(cache, &format!("SELECT name FROM pragma_index_list('{table}') WHERE origin <> 'c'"))? {
            let columns = lines(cache, &format!("SELECT name FROM pragma_index_info('{index}')"))?.join(", ");
            let name = index.trim_start_matches("sqlite_");
            writeln!(indexes, "CREATE UNIQUE INDEX {name} ON {table} ({columns});")?;
        }
    }
    for index in
        lines(cache, "SELECT replace(sql, char(10), ' ') FROM sqlite_schema WHERE type = 'index' AND sql <> ''")?
    {
        writeln!(indexes, "{index};")?;
    }
    script.push_str(&indexes);
    std::fs::write(texts.join("script"), &script)?;
    Ok(script)
}

fn lines(file: &Path, query: &str) -> Result<Vec<String>> {
    let output =
        Command::new("sqlite3").arg("-readonly").arg(file).arg(query).output().context("cannot run sqlite3")?;
    ensure!(output.status.success(), "sqlite3: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.lines().map(str::to_owned).collect())
}
