//! Plays stories, and makes a failing one short.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::history::History;
use crate::judge::Objection;
use crate::story::Step;
use crate::world::{Template, World};

/// What playing met.
#[derive(Debug, Clone, Default)]
pub struct Met {
    pub steps: BTreeMap<&'static str, u64>,
    pub cases: BTreeMap<&'static str, u64>,
    pub exchanges: u64,
}

impl Met {
    pub fn total(&self) -> u64 {
        self.steps.values().sum()
    }

    pub fn add(&mut self, other: &Self) {
        for (kind, count) in &other.steps {
            *self.steps.entry(kind).or_default() += count;
        }
        for (case, count) in &other.cases {
            *self.cases.entry(case).or_default() += count;
        }
        self.exchanges += other.exchanges;
    }
}

/// A story that came to an objection, and where.
#[derive(Debug, Clone)]
pub struct Failure {
    pub objection: Objection,
    /// Steps taken; more than the story has when the objection came at rest.
    pub after: usize,
}

/// Steps between two looks at every entry of the books.
const CHAIN_EVERY: usize = 40;

/// Plays one story to its end, or to the first objection.
pub async fn play(
    template: &Template,
    seed: u64,
    story: &[Step],
    history: History,
) -> Result<(Met, Option<Failure>, History)> {
    let mut world = World::begin(template, seed, history).await?;
    let mut met = Met::default();
    let mut after = 0;
    let outcome = run(&mut world, story, &mut met, &mut after).await;
    let objection = {
        let mut judge = world.street.judge();
        met.cases = judge.met.clone();
        judge.objection.take()
    };
    met.exchanges = u64::try_from(world.street.exchanges()).unwrap_or(0);
    for machine in &mut world.machines {
        machine.stop().await;
    }
    world.central.close().await;
    // An operation that could not even be tried is a failure of the same story.
    let objection =
        objection.or_else(|| outcome.err().map(|error| Objection { rule: "runs", detail: format!("{error:#}") }));
    let failure = objection.map(|objection| Failure { objection, after });
    let history = World::end(world);
    Ok((met, failure, history))
}

async fn run(world: &mut World, story: &[Step], met: &mut Met, after: &mut usize) -> Result<()> {
    for step in story {
        // A step that cannot even be tried belongs to the story it ends.
        *after += 1;
        world.act(*step).await?;
        *met.steps.entry(step.kind()).or_default() += 1;
        world.check().await?;
        if after.is_multiple_of(CHAIN_EVERY) {
            world.check_chains().await?;
        }
        if let Step::Sell { .. } | Step::Sync { .. } = step {
            let m = *after % world.machines.len();
            world.check_lists(m).await?;
        }
        if world.street.judge().objection.is_some() {
            return Ok(());
        }
    }
    *after = story.len() + 1;
    // On half of the stories the customers come before the sync.
    if story.len().is_multiple_of(2) {
        world.redeem_all().await?;
    }
    world.drain().await?;
    world.compare_caches().await?;
    for m in 0..world.machines.len() {
        world.check_lists(m).await?;
        world.check_orders_shown(m).await?;
    }
    world.redeem_all().await?;
    world.drain().await?;
    world.compare_caches().await?;
    world.check_chains().await?;
    world.portal_rests().await?;
    world.note_rest().await
}

/// Leaves out steps for as long as the same rule is still broken, or until the time is over.
pub async fn shrink(
    template: &Template,
    seed: u64,
    story: &[Step],
    failure: Failure,
    limit: Duration,
) -> Result<(Vec<Step>, Failure)> {
    let end = Instant::now() + limit;
    let mut shortest = (story[..failure.after.min(story.len())].to_vec(), failure);
    let mut size = shortest.0.len() / 2;
    while size > 0 {
        let mut from = 0;
        let mut shorter = false;
        while from < shortest.0.len() {
            if Instant::now() > end {
                return Ok(shortest);
            }
            let to = (from + size).min(shortest.0.len());
            let candidate: Vec<Step> = shortest.0[..from].iter().chain(&shortest.0[to..]).copied().collect();
            let (_, failed, _) = play(template, seed, &candidate, History::default()).await?;
            match failed {
                Some(failed) if failed.objection.rule == shortest.1.objection.rule => {
                    let kept = candidate[..failed.after.min(candidate.len())].to_vec();
                    shortest = (kept, failed);
                    shorter = true;
                }
                _ => from = to,
            }
        }
        if !shorter || size > 1 {
            size /= 2;
        }
    }
    Ok(shortest)
}
