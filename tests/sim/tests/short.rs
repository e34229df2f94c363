//! A short run of the simulation on both engines; `make sim` runs longer ones.

use std::ops::RangeInclusive;

use counterfoil_sim::central::Engine;
use counterfoil_sim::history::History;
use counterfoil_sim::play::{Met, play};
use counterfoil_sim::story::story;
use counterfoil_sim::world::Template;

/// A story takes a few seconds, most of them on PostgreSQL for databases made and copied.
const ON_SQLITE: u64 = 4;
const ON_POSTGRES: u64 = 2;
const LENGTH: usize = 120;

async fn plays_to_the_end(engine: Engine, seeds: RangeInclusive<u64>) {
    let template = Template::build(engine).await.expect("a world");
    let mut met = Met::default();
    for seed in seeds {
        let steps = story(seed, LENGTH + usize::from(seed % 2 == 0));
        let (case, failure, _) = play(&template, seed, &steps, History::default()).await.expect("played");
        met.add(&case);
        if let Some(failure) = failure {
            panic!(
                "seed {seed}, after {} steps: {}; `make sim SEED={seed}` shortens it",
                failure.after, failure.objection
            );
        }
    }
    for case in [
        "sale",
        "push",
        "redeemed",
        "power cut",
        "request twice",
        "answer dropped",
        "lease granted",
        "provisioned",
        "portal trouble",
        "order placed",
        "order paid",
        "delivered in the field",
        "lot printed",
        "card brought that no shop has",
    ] {
        assert!(met.cases.contains_key(case), "no story met: {case}");
    }
}

#[tokio::test]
async fn the_real_code_agrees_with_the_reference_model_on_sqlite() {
    plays_to_the_end(Engine::Sqlite, 1..=ON_SQLITE).await;
}

#[tokio::test]
async fn the_real_code_agrees_with_the_reference_model_on_postgresql() {
    plays_to_the_end(Engine::Postgres, 1..=ON_POSTGRES).await;
}
