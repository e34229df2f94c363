//! The faults of the model in `crates/domain/tests/model`: each has a test there that passes when the fault is caught.

use std::time::Duration;

use anyhow::{Result, ensure};

use super::Row;
use super::programs::Programs;

const PREFIX: &str = "model::mutants::";

pub(super) fn rows(programs: &Programs) -> Result<Vec<Row>> {
    let outcomes = programs.run_all("counterfoil-domain", PREFIX)?;
    ensure!(!outcomes.is_empty(), "no test of the domain begins with {PREFIX}");
    Ok(outcomes
        .into_iter()
        .map(|(test, passed)| {
            let name = test.trim_start_matches(PREFIX).to_owned();
            let breaks = format!("the rules around it: {}", name.replace('_', " "));
            Row {
                name,
                breaks,
                took: Duration::ZERO,
                by: passed.then(|| "offline: the reference model and its invariants".to_owned()),
            }
        })
        .collect())
}
