//! One table: each row something Counterfoil does and an anchor anyone can run, measured in turns on the same machine.
//!
//! `make bench` builds the programs and runs this. `counterfoil-bench [--write] [--seconds N] [row ...]`.
#![allow(clippy::print_stdout, reason = "a program for the terminal")]

mod host;
mod load;
mod row;
mod rows;
mod server;
mod sqlite;
mod table;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

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
    let mut results = Vec::new();
    for (name, make) in rows::ALL {
        if wanted.is_empty() || wanted.iter().any(|want| want == name) {
            println!("{name} …");
            let result = row::measure(name, make()?, &plan).with_context(|| format!("row {name}"))?;
            println!("{}", table::line(&result));
            results.push(result);
        }
    }
    let host = host::describe();
    println!("\n{}", table::markdown(&results, &host));
    if write {
        table::keep(&results, &host)?;
    }
    Ok(())
}
