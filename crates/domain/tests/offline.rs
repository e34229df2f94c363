//! The offline rules against a reference model, over random stories of sales, crashes, restores, copies and pushes.
//!
//! `COUNTERFOIL_STEPS=1000000 cargo test -p counterfoil-domain --release --test offline` runs longer;
//! `COUNTERFOIL_SEED` picks other stories. A failure prints the seed and the shortest story found.

mod model;

use std::cell::Cell;

use model::fault::Fault;
use model::step::stories;
use model::{Met, play};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};

const LONGEST: usize = 120;
const DEFAULT_STEPS: u64 = 60_000;
/// Stories within which each fault must show.
const MUTANT_STORIES: u32 = 1_000;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a whole number"))
}

fn config(seed: u64, cases: u32) -> Config {
    Config { cases, rng_seed: RngSeed::Fixed(seed), failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() }
}

/// Plays stories with a fault built in until something objects: the rule that did, and the steps it took.
fn objection_to(fault: Fault) -> Option<(String, u64)> {
    let steps = Cell::new(0);
    let config = Config { max_shrink_iters: 0, ..config(7, MUTANT_STORIES) };
    let outcome = TestRunner::new(config).run(&stories(LONGEST), |story| {
        steps.set(steps.get() + story.len() as u64);
        play(&story, fault).map(|_| ()).map_err(|objection| TestCaseError::fail(objection.rule))
    });
    match outcome {
        Err(TestError::Fail(rule, _)) => Some((rule.to_string(), steps.get())),
        Err(error) => panic!("{fault:?}: {error}"),
        Ok(()) => None,
    }
}

#[test]
fn every_deliberate_fault_is_caught() {
    let mut survivors = Vec::new();
    for fault in Fault::ALL {
        match objection_to(fault) {
            Some((rule, steps)) => println!("{fault:?}: {rule}, after {steps} steps"),
            None => survivors.push(fault),
        }
    }
    assert!(survivors.is_empty(), "nothing objects to {survivors:?}");
}

#[test]
fn the_rules_agree_with_the_reference_model() {
    let seed = number("COUNTERFOIL_SEED").unwrap_or(1);
    let steps = number("COUNTERFOIL_STEPS").unwrap_or(DEFAULT_STEPS);
    let met = Cell::new(Met::default());
    let cases = u32::try_from(steps / (LONGEST as u64 / 2) + 1).expect("fewer steps");
    let outcome = TestRunner::new(config(seed, cases)).run(&stories(LONGEST), |story| match play(&story, Fault::None) {
        Ok(case) => {
            met.set(met.get() + case);
            Ok(())
        }
        Err(objection) => Err(TestCaseError::fail(objection.to_string())),
    });
    println!("seed {seed}, {cases} stories: {:?}", met.get());
    outcome.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    let met = met.get();
    for (what, count) in met.counts() {
        assert!(count > 0, "no story met {what}");
    }
}
