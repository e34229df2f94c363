//! Deliberate faults in the real code, and whether a test objects to each.
//!
//! A fault is an anchored replacement: a text that stands once in a file, and another one with the word `FAULT` where it
//! depends on whether the fault is switched on. All of them are built at once into a copy of the tree; a variable then
//! switches on one at a time, and the tests named with it must fail. With none switched on the same tests must pass.
//! The shipped code holds no switch.

mod accounts;
mod api_keys;
mod audit;
mod books;
mod bulk;
mod central;
mod client;
mod commission;
mod copy;
mod dashboard;
mod direct;
mod drift;
mod look;
mod lots;
mod model;
mod notices;
mod orders;
mod people;
mod portals;
mod programs;
mod providers;
mod sendings;
mod stalker;

use std::ops::Range;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use crate::postgres::{Cluster, Fsync};
use crate::workspace::root;
use programs::{Programs, Verdict};

/// The variable that switches a fault on, in the copy only.
const SWITCH: &str = "COUNTERFOIL_FAULT";

/// Two hands may miss each other; a fault that needs them to meet gets as many tries.
const TRIES: u32 = 5;

/// One fault.
pub(crate) struct Mutant {
    pub(crate) name: &'static str,
    /// What a user of the program would suffer.
    pub(crate) breaks: &'static str,
    pub(crate) file: &'static str,
    /// Stands exactly once in the file.
    pub(crate) old: &'static str,
    /// Stands in its place in the copy; `FAULT` is true while this fault is switched on.
    pub(crate) new: &'static str,
    pub(crate) package: Package,
    /// One of them must fail.
    pub(crate) tests: &'static [&'static str],
}

/// Whose tests look for a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Package {
    Client,
    Sqlite,
    Postgres,
    /// A client and a Central with a line between them.
    Cuts,
    Stalker,
}

impl Package {
    const ALL: [Self; 5] = [Self::Client, Self::Sqlite, Self::Postgres, Self::Cuts, Self::Stalker];

    const fn name(self) -> &'static str {
        match self {
            Self::Client => "counterfoil-client",
            Self::Sqlite => "counterfoil-central-sqlite",
            Self::Postgres => "counterfoil-central-postgres",
            Self::Cuts => "counterfoil-cuts",
            Self::Stalker => "counterfoil-stalker",
        }
    }
}

fn all() -> impl Iterator<Item = &'static Mutant> {
    let central =
        [central::LEDGER, central::SETTLEMENT, central::LEASES, central::LOG, central::FEED, central::REDEMPTION];
    let client = [client::SELLING, client::STORE, client::SYNC];
    let stalker = [stalker::WRITES, stalker::ANSWERS];
    central
        .into_iter()
        .chain([central::DOORS, portals::PROVISIONING, drift::DRIFT, accounts::ACCOUNTS, bulk::BULK])
        .chain([sendings::SENDINGS, people::PEOPLE, audit::AUDIT, commission::COMMISSION, dashboard::DASHBOARD])
        .chain([notices::NOTICES, books::BOOKS, providers::PROVIDERS, orders::ORDERS, direct::DIRECT])
        .chain([lots::LOTS, look::LOOK, api_keys::API_KEYS])
        .chain(client)
        .chain(stalker)
        .flatten()
}

/// Whether every fault still has its place. Cheap, so that whoever moves a line hears of it at once.
pub(crate) fn check() -> Result<()> {
    let mut stale = Vec::new();
    let mut taken: Vec<(&str, Range<usize>, &str)> = Vec::new();
    for mutant in all() {
        let Ok(text) = std::fs::read_to_string(root().join(mutant.file)) else {
            stale.push(format!("{}: there is no {}", mutant.name, mutant.file));
            continue;
        };
        match place(&text, mutant.old) {
            Err(found) => stale.push(format!("{}: its text stands {found} times in {}", mutant.name, mutant.file)),
            Ok(range) => {
                let clash = |(file, other, _): &&(&str, Range<usize>, &str)| {
                    *file == mutant.file && other.start < range.end && range.start < other.end
                };
                if let Some((.., name)) = taken.iter().find(clash) {
                    stale.push(format!("{} and {name} replace the same text", mutant.name));
                }
                taken.push((mutant.file, range, mutant.name));
            }
        }
        if !mutant.new.contains("FAULT") || mutant.tests.is_empty() {
            stale.push(format!("{}: it changes nothing, or no test looks for it", mutant.name));
        }
        if all().filter(|other| other.name == mutant.name).count() > 1 {
            stale.push(format!("{}: two mutants have this name", mutant.name));
        }
    }
    ensure!(stale.is_empty(), "stale mutants, see crates/xtask/src/mutants:\n  {}", stale.join("\n  "));
    Ok(())
}

/// Where the text stands, or how often.
fn place(text: &str, wanted: &str) -> Result<Range<usize>, usize> {
    match text.matches(wanted).count() {
        1 => text.find(wanted).map(|start| start..start + wanted.len()).ok_or(0),
        found => Err(found),
    }
}

/// `cargo xtask mutants [name ...]`: builds, runs and prints the table; fails when a fault survives.
pub(crate) fn run(only: &[String]) -> Result<()> {
    let started = Instant::now();
    check()?;
    let chosen: Vec<&Mutant> = all().filter(|m| only.is_empty() || only.iter().any(|name| name == m.name)).collect();
    ensure!(!chosen.is_empty() || !only.is_empty(), "there are no mutants");
    copy::write(all())?;
    println!("building {} faults into a copy of the tree", all().count());
    let programs = Programs::build()?;
    let built = started.elapsed();
    let cluster = Cluster::start(Fsync::Off)?;
    // Without a fault everything passes, or a failure would prove nothing.
    for package in Package::ALL {
        let tests: Vec<&str> = chosen.iter().filter(|m| m.package == package).flat_map(|m| m.tests).copied().collect();
        if let Verdict::Caught(by) = programs.run(package, &tests, None, &cluster.url())? {
            bail!("without any fault these fail in {}: {}", package.name(), by.join(", "));
        }
    }
    let mut rows = Vec::new();
    for mutant in &chosen {
        let row = Row::of(mutant, &programs, &cluster.url())?;
        row.print();
        rows.push(row);
    }
    if only.is_empty() {
        for row in model::rows(&programs)? {
            row.print();
            rows.push(row);
        }
    }
    let survived = rows.iter().filter(|row| row.by.is_none()).count();
    println!("\n{}", summary(&rows, built, started.elapsed()));
    if only.is_empty() {
        keep(&rows)?;
    }
    ensure!(survived == 0, "{survived} faults survived");
    Ok(())
}

/// A line of the table.
pub(crate) struct Row {
    name: String,
    breaks: String,
    /// The tests that objected; none when the fault survived.
    by: Option<String>,
    took: Duration,
}

impl Row {
    fn of(mutant: &Mutant, programs: &Programs, postgres: &str) -> Result<Self> {
        let started = Instant::now();
        let tries = if mutant.package == Package::Postgres { TRIES } else { 1 };
        let mut by = None;
        for _ in 0..tries {
            if let Verdict::Caught(tests) = programs.run(mutant.package, mutant.tests, Some(mutant.name), postgres)? {
                by = Some(tests.join(", "));
                break;
            }
        }
        Ok(Self { name: mutant.name.to_owned(), breaks: mutant.breaks.to_owned(), by, took: started.elapsed() })
    }

    fn print(&self) {
        let verdict = if self.by.is_some() { "caught" } else { "SURVIVED" };
        let (took, by) = (self.took.as_secs_f64(), self.by.as_deref().unwrap_or("nothing"));
        println!("{:<42} {verdict:<9} {took:>5.1} s  {:<70} {by}", self.name, self.breaks);
    }
}

fn summary(rows: &[Row], built: Duration, all: Duration) -> String {
    let caught = rows.iter().filter(|row| row.by.is_some()).count();
    format!("{} faults, {caught} caught; built in {} s, all in {} s", rows.len(), built.as_secs(), all.as_secs())
}

const DOCUMENT: &str = "docs/MUTANTS.md";
const HEADING: &str = "## The table\n";

/// Puts the result into the documentation, in place of the one before.
fn keep(rows: &[Row]) -> Result<()> {
    let path = root().join(DOCUMENT);
    let text = std::fs::read_to_string(&path)?;
    let (above, _) = text.split_once(HEADING).with_context(|| format!("{DOCUMENT} has no heading for the table"))?;
    let caught = rows.iter().filter(|row| row.by.is_some()).count();
    let below = format!("{above}{HEADING}\n{} faults, {caught} caught.\n\n{}", rows.len(), table(rows));
    Ok(std::fs::write(path, below)?)
}

fn table(rows: &[Row]) -> String {
    let mut text = String::from("| Fault | What it breaks | Caught by |\n|---|---|---|\n");
    for row in rows {
        let by = row.by.as_deref().unwrap_or("**survived**");
        text.extend(["| `", &row.name, "` | ", &row.breaks, " | `", by, "` |\n"]);
    }
    text
}
