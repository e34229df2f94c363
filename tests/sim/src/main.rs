//! `make sim SEED=n STEPS=m`: plays stories until that many steps are taken, and stops at the first objection.
#![allow(clippy::print_stdout, reason = "a program for the terminal")]

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::Parser;
use counterfoil_sim::central::Engine;
use counterfoil_sim::history::History;
use counterfoil_sim::play::{Met, play, shrink};
use counterfoil_sim::story::story;
use counterfoil_sim::world::Template;

#[derive(Debug, Parser)]
struct Arguments {
    /// Of the first story; the next ones follow.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Steps to take, in stories of `--length` each.
    #[arg(long, default_value_t = 10_000)]
    steps: u64,
    /// One engine instead of both in turn.
    #[arg(long)]
    engine: Option<Engine>,
    #[arg(long, default_value_t = 200)]
    length: usize,
    /// Writes one JSON object a line (docs/CHECKING.md).
    #[arg(long)]
    history: Option<PathBuf>,
    /// Seconds spent on making a failing story short.
    #[arg(long, default_value_t = 120)]
    shrink: u64,
}

fn main() -> Result<ExitCode> {
    // Faults are what a story is made of: what they make the programs say is shown when asked for.
    let filter = std::env::var("RUST_LOG").unwrap_or_else(|_| "off".into());
    tracing_subscriber::fmt().with_env_filter(tracing_subscriber::EnvFilter::new(filter)).init();
    let arguments = Arguments::parse();
    // One thread, so that chance is drawn in one order.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(run(&arguments))
}

async fn run(arguments: &Arguments) -> Result<ExitCode> {
    let engines = arguments.engine.map_or_else(|| vec![Engine::Sqlite, Engine::Postgres], |engine| vec![engine]);
    let mut history = match &arguments.history {
        Some(file) => History::to(file)?,
        None => History::default(),
    };
    let each = arguments.steps.div_ceil(engines.len() as u64);
    for engine in engines {
        let template = Template::build(engine).await?;
        let (mut met, begun) = (Met::default(), Instant::now());
        let mut seed = arguments.seed;
        while met.total() < each {
            let steps = story(seed, arguments.length + usize::from(seed.is_multiple_of(2)));
            history.begin(seed, if engine == Engine::Sqlite { "sqlite" } else { "postgres" });
            let (case, failure, back) = play(&template, seed, &steps, history).await?;
            history = back;
            met.add(&case);
            if let Some(failure) = failure {
                history.flush();
                println!("seed {seed} on {engine:?}, after {} steps: {}", failure.after, failure.objection);
                let limit = Duration::from_secs(arguments.shrink);
                let (shortest, failure) = shrink(&template, seed, &steps, failure, limit).await?;
                println!("the shortest story found, seed {seed}: {}", failure.objection);
                for (number, step) in (1..).zip(&shortest) {
                    println!("  {number:3}  {step:?}");
                }
                return Ok(ExitCode::FAILURE);
            }
            seed += 1;
        }
        report(engine, arguments.seed, seed, &met, begun.elapsed());
    }
    history.flush();
    Ok(ExitCode::SUCCESS)
}

fn report(engine: Engine, first: u64, next: u64, met: &Met, took: Duration) {
    let rate = met.total() as u128 * 1_000 / took.as_millis().max(1);
    println!(
        "{engine:?}: seeds {first} to {}, {} steps of real code in {:.1} s, {rate} a second, {} exchanges; no objection",
        next - 1,
        met.total(),
        took.as_secs_f64(),
        met.exchanges
    );
    let line = |counts: &std::collections::BTreeMap<&str, u64>| {
        counts.iter().map(|(what, count)| format!("{what} {count}")).collect::<Vec<_>>().join(", ")
    };
    println!("  steps: {}", line(&met.steps));
    println!("  met: {}", line(&met.cases));
}
