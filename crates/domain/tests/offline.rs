//! The offline rules against a reference model, over random stories of sales, crashes, restores, copies and pushes.
//!
//! `COUNTERFOIL_STEPS=1000000 cargo test -p counterfoil-domain --release --test offline` runs longer;
//! `COUNTERFOIL_SEED` picks other stories. A failure prints the seed and the shortest story found.

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

#[test]
fn the_rules_agree_with_the_reference_model() {
    let seed = number("COUNTERFOIL_SEED").unwrap_or(1);
    let steps = number("COUNTERFOIL_STEPS").unwrap_or(DEFAULT_STEPS);
    let (met, begun) = (Cell::new(Met::default()), Instant::now());
    let cases = u32::try_from(steps / (LONGEST as u64 / 2) + 1).expect("fewer steps");
    let outcome =
        TestRunner::new(config(seed, cases)).run(&stories(LONGEST), |story| match play(&story, Fault::None) {
            Ok(case) => {
                met.set(met.get() + case);
                Ok(())
            }
            Err(objection) => Err(TestCaseError::fail(objection.to_string())),
        });
    let took = begun.elapsed();
    println!(
        "seed {seed}, {cases} stories in {took:.1?}, {} steps a second: {:?}",
        u128::from(met.get().steps) * 1_000 / took.as_millis().max(1),
        met.get()
    );
    outcome.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    let met = met.get();
    for (what, count) in met.counts() {
        assert!(count > 0, "no story met {what}");
    }
}
