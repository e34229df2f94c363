//! `counterfoil-central`: picks the engine by the database's URL and runs it.
#![allow(clippy::print_stdout, reason = "a program for the terminal")]

mod arguments;
mod backup;
mod central;
mod certificate;
mod figures;
mod mail;
mod open_files;
mod patience;
mod people;
mod sample_data;
mod serve;
mod workers;

use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::Parser as _;

use arguments::{Arguments, Command};
use central::Central;

fn main() -> ExitCode {
    // One provider of cryptography for the whole process, before the first use of TLS.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let arguments = Arguments::parse();
    if let Err(error) = begin_log(arguments.json_log) {
        eprintln!("counterfoil-central: {error:#}");
        return ExitCode::FAILURE;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(run(arguments)),
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("counterfoil-central: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// To standard error, so that what a command prints can be used. `RUST_LOG` chooses how much.
fn begin_log(json: bool) -> Result<()> {
    use tracing_subscriber::EnvFilter;
    let filter = match std::env::var("RUST_LOG") {
        Ok(directives) if !directives.is_empty() => EnvFilter::try_new(directives)?,
        _ => EnvFilter::new("info,sqlx=warn"),
    };
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if json {
        log.json().init();
    } else {
        log.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).init();
    }
    Ok(())
}

async fn run(arguments: Arguments) -> Result<()> {
    match arguments.command {
        Command::Serve(options) => serve::run(*options).await,
        Command::Admin { command } => people::run(command).await,
        Command::SampleData(options) => sample_data::run(options).await,
        Command::Migrate(database) => {
            Central::open(&database).await?.close().await;
            println!("The database has the schema of this version.");
            Ok(())
        }
        Command::Verify(database) => {
            let central = Central::open_existing(&database).await?;
            let report = central.verify().await?;
            central.close().await;
            println!("{} accounts with {} entries", report.accounts, report.entries);
            println!("{} lines of the audit", report.audit_lines);
            for fault in &report.faults {
                println!("WRONG: {fault}");
            }
            ensure!(report.faults.is_empty(), "this database does not prove: {} faults", report.faults.len());
            println!(
                "Every chain, balance, unit and equation holds, the feed and its sums are those of its rows, and every \
                 sealed line of the audit is as it was sealed."
            );
            Ok(())
        }
        Command::Backup(options) => backup::run(options).await,
        Command::Restored(database) => backup::restored(database).await,
        Command::Openapi => {
            println!("{}", serde_json::to_string_pretty(&counterfoil_central_sqlite::openapi())?);
            Ok(())
        }
    }
}
