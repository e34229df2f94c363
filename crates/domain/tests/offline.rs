//! The offline rules against a reference model, over random stories of sales, crashes, restores, copies and pushes.
//!
//! `COUNTERFOIL_STEPS=1000000 cargo test -p counterfoil-domain --release --test offline` runs longer;
//! `COUNTERFOIL_SEED` picks other stories, `COUNTERFOIL_THREADS` plays one seed on each. A failure prints the seed and the
//! shortest story found.

mod model;

use std::cell::Cell;
use std::time::Instant;

use model::fault::Fault;
use model::step::{LONGEST, stories};
use model::{Met, play};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

const DEFAULT_STEPS: u64 = 60_000;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a whole number"))
}

fn config(seed: u64, cases: u32) -> Config {
    Config {
        cases,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..Config::default()
    }
}

/// Plays so many stories from a seed, and says what they met and what one of them came to.
fn run(seed: u64, cases: u32) -> (Met, Result<(), String>) {
    let met = Cell::new(Met::default());
    let outcome =
        TestRunner::new(config(seed, cases)).run(&stories(LONGEST), |story| match play(&story, Fault::None) {
            Ok(case) => {
                met.set(met.get() + case);
                Ok(())
            }
            Err(objection) => Err(TestCaseError::fail(objection.to_string())),
        });
    (met.get(), outcome.map_err(|error| format!("seed {seed}: {error}")))
}

#[test]
fn the_rules_agree_with_the_reference_model() {
    let seed = number("COUNTERFOIL_SEED").unwrap_or(1);
    let steps = number("COUNTERFOIL_STEPS").unwrap_or(DEFAULT_STEPS);
    let threads = number("COUNTERFOIL_THREADS").unwrap_or(1).max(1);
    let cases = u32::try_from(steps / threads / (LONGEST as u64 / 2) + 1).expect("fewer steps");
    let begun = Instant::now();
    let runs: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = (seed..seed + threads).map(|seed| scope.spawn(move || run(seed, cases))).collect();
        running.into_iter().map(|thread| thread.join().expect("a run ends")).collect()
    });
    let took = begun.elapsed();
    let met = runs.iter().fold(Met::default(), |sum, (met, _)| sum + *met);
    println!(
        "seeds {seed} to {}, {cases} stories each in {took:.1?}, {} steps a second: {met:?}",
        seed + threads - 1,
        u128::from(met.steps) * 1_000 / took.as_millis().max(1),
    );
    let failed: Vec<String> = runs.into_iter().filter_map(|(_, outcome)| outcome.err()).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    for (what, count) in met.counts() {
        assert!(count > 0, "no story met {what}");
    }
}
