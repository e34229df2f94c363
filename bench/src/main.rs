//! One table: each row something Counterfoil does and an anchor anyone can run, measured in turns on the same machine.
//!
//! `make bench` builds the programs and runs this. `counterfoil-bench [--write] [--seconds N] [row ...]`.
#![allow(clippy::print_stdout, reason = "a program for the terminal")]

mod host;
mod load;
mod prepared;
mod process_tree;
mod row;
mod rows;
mod screen;
mod server;
mod sqlite;
mod staff;
mod table;
mod till;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use prepared::{Missing, Prepared};
use row::Plan;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    // Requests speak plain HTTP, but their library wants a provider to exist.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (mut write, mut wanted, mut plan) = (false, Vec::new(), Plan { turns: 5, turn: Duration::from_secs(4) });
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--write" => write = true,
            "--seconds" => {
                let seconds = arguments.next().context("--seconds needs a number")?.parse()?;
                plan.turn = Duration::from_secs(seconds);
            }
            name if !name.starts_with('-') => wanted.push(name.to_owned()),
            other => bail!("unknown option {other}"),
        }
    }
    let known: Vec<&str> = rows::ALL.iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = wanted.iter().find(|name| !known.contains(&name.as_str())) {
        bail!("no row {unknown}; these are: {}", known.join(", "));
    }
    let (mut results, mut left_out, mut failed) = (Vec::new(), Vec::new(), 0);
    let mut prepared = Prepared::default();
    for (name, make) in rows::ALL {
        if !wanted.is_empty() && wanted.iter().all(|want| want != name) {
            continue;
        }
        println!("{name} …");
        let started = Instant::now();
        match make(&mut prepared).and_then(|mut row| row::measure(name, row.as_mut(), &plan)) {
            Ok(result) => {
                for line in table::lines(&result) {
                    println!("{line}");
                }
                results.push(result);
            }
            Err(error) => {
                failed += usize::from(error.downcast_ref::<Missing>().is_none());
                let why = format!("`{name}` was not measured: {error:#}.");
                println!("{why}");
                left_out.push(why);
            }
        }
        println!("  {:.0} s", started.elapsed().as_secs_f64());
    }
    let table = table::markdown(&results, &left_out, &host::describe());
    println!("\n{table}");
    ensure!(failed == 0, "{failed} rows failed");
    if write {
        table::keep(&table)?;
    }
    Ok(())
}
