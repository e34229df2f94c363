//! A short run of the simulation on both engines; `make sim` runs longer ones.

use std::ops::RangeInclusive;

use counterfoil_sim::central::Engine;
use counterfoil_sim::history::History;
use counterfoil_sim::play::{Met, play};
use counterfoil_sim::story::{MarketStep, Step, Trouble, Weather, story};
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

/// The second shop takes an order and its money at the desk, and its last till delivers. Nothing else happens, so at the
/// end only the order still changes: in the first round of syncs, after the shop's other till had its turn.
#[tokio::test]
async fn a_delivery_told_after_the_other_till_synced_is_heard_there_before_a_story_rests() {
    let fair = Weather(0);
    let steps = [
        MarketStep::WriteOrder { shop: 211, offering: 47, quantity: 198, draft: false, weather: fair },
        MarketStep::Work { pick: 183, what: 148, weather: fair, cut: 0 },
        MarketStep::Deliver { machine: 108, pick: 145, units: 54, trouble: Trouble::None },
    ];
    let template = Template::build(Engine::Sqlite).await.expect("a world");
    let (met, failure, _) = play(&template, 1, &steps.map(Step::Market), History::default()).await.expect("played");
    for case in ["order placed", "order paid", "delivered in the field", "delivery settled by sync"] {
        assert!(met.cases.contains_key(case), "the story no longer meets: {case}");
    }
    if let Some(failure) = failure {
        panic!("after {} steps: {}", failure.after, failure.objection);
    }
}
